"""Votes as they might have been: the table ``[swing]``."""

from __future__ import annotations

from dataclasses import dataclass

from partition.errors import ScenarioError

MOST_POINTS = 100
"""Points that a swing or an error may have either way."""


@dataclass(frozen=True, slots=True)
class Swing:
    """How many voters change their side before anything is asked.

    Parameters
    ----------
    points
        Points of the two-party vote that go to the blue side; to the red one where negative.
    in_proportion
        Whether the side that loses keeps the same share of its voters everywhere, so that all
        units together swing by `points`; otherwise each unit swings by `points`.
    error
        Standard deviation, in points, of an error of the polls that each unit has for itself.
    draw
        Which errors are drawn; the same number always draws the same.

    Raises
    ------
    ScenarioError
        When a value is not allowed.
    """

    points: float = 0.0
    in_proportion: bool = False
    error: float = 0.0
    draw: int = 0

    def __post_init__(self) -> None:
        if not -MOST_POINTS <= self.points <= MOST_POINTS:  # false for nan as well
            raise ScenarioError(
                f"points = {self.points}: give points of the two-party vote, from "
                f"-{MOST_POINTS} to {MOST_POINTS}."
            )
        if not 0 <= self.error <= MOST_POINTS:
            raise ScenarioError(
                f"error = {self.error}: give a standard deviation in points, from 0 to "
                f"{MOST_POINTS}."
            )
        if not 0 <= self.draw < 2**63:
            raise ScenarioError(f"draw = {self.draw}: give a whole number, 0 or more.")
        # What moves nobody is one question, however it is written.
        if not self.points:
            object.__setattr__(self, "points", 0.0)  # of -0 as well
            object.__setattr__(self, "in_proportion", False)
        if not self.error:
            object.__setattr__(self, "error", 0.0)
            object.__setattr__(self, "draw", 0)

    def words(self, sides: tuple[str, str]) -> str:
        """Say what has moved; empty where nothing has.

        Examples
        --------
        >>> Swing(points=-2.5, error=3, draw=4).words(("Clinton", "Trump"))
        '2.5 points to Trump, errors of 3 points (draw 4)'
        """
        side = sides[0] if self.points > 0 else sides[1]
        how = " in proportion" if self.in_proportion else ""
        told = [f"{said_points(self.points)} to {side}{how}"] if self.points else []
        errors = f"errors of {said_points(self.error)} (draw {self.draw})"
        return ", ".join([*told, errors] if self.error else told)


def said_points(points: float) -> str:
    """Say how many points, whichever way.

    Examples
    --------
    >>> said_points(-1.0), said_points(2.5)
    ('1 point', '2.5 points')
    """
    return f"{abs(points):g} point{'' if abs(points) == 1 else 's'}"
