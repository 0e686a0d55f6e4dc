"""Certainty of each unit's nation among good plans: always the same one, or contested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from maps.topology import encode_numbers

LIMITS = (1e-9, 1 / 3, 2 / 3, 1 - 1e-9)
"""Share of good plans that put a unit into the blue nation: limits between the five classes."""

CATEGORIES = {
    "always red": 0.0,
    "red, undecided": 0.25,
    "contested": 0.5,
    "blue, undecided": 0.75,
    "always blue": 1.0,
}
"""What a unit can be called, and where that lies between the nations."""


def classes_in_words(
    nations: tuple[str, str] = ("Blue", "Red"), *, by_share: bool
) -> tuple[tuple[str, str], ...]:
    """Name the five classes, from never blue to always, for the legend and for the tooltip.

    Parameters
    ----------
    nations
        Names of the blue and of the red nation.
    by_share
        Whether shares of the good plans are known, or only categories: then there is no word for
        most of them.

    Examples
    --------
    >>> classes_in_words(by_share=True)[3], classes_in_words(("Stay", "Go"), by_share=False)[0]
    (('Mostly blue', 'Mostly blue in good plans'), ('Always Go', 'Always Go in good plans'))
    """
    first, second = nations
    blue, red = ("blue", "red") if nations == ("Blue", "Red") else nations
    always_red, always_blue = (
        (f"Always {one}", f"Always {one} in good plans") for one in (red, blue)
    )
    if by_share:
        mostly_red, mostly_blue = (
            (f"Mostly {one}", f"Mostly {one} in good plans") for one in (red, blue)
        )
    else:
        found = "in the good plans found, undecided in others"
        mostly_red, mostly_blue = (
            (f"{one}, undecided", f"{one} {found}") for one in (second, first)
        )
    contested = ("Contested", "Contested between good plans")
    return always_red, mostly_red, contested, mostly_blue, always_blue


@dataclass(frozen=True, slots=True, eq=False)
class Certainty:
    """How sure the nation of each unit is among good plans.

    Parameters
    ----------
    robustness
        For each unit the share of good plans that put it into the blue nation, 0 to 1; or one of
        :data:`CATEGORIES`. Shape ``(n_units,)``.
    rule
        Which plans are good, in a sentence or two.
    meanings
        Words of the legend, and what they mean.
    n_plans
        How many good plans are known; 0 where that is not said.
    n_blue
        How many of these put each unit into the blue nation, shape ``(n_units,)``.
    """

    robustness: npt.ArrayLike
    rule: str = ""
    meanings: tuple[tuple[str, str], ...] = ()
    n_plans: int = 0
    n_blue: npt.NDArray[np.int64] | None = None

    def words(self, nations: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """Name the five classes, as :func:`classes_in_words` does."""
        return classes_in_words(nations, by_share=not is_in_words(self.robustness))

    def ranks(self, n_units: int) -> npt.NDArray[np.int64]:
        """Put the units into five classes, from 0 (red) to 4 (blue).

        Raises
        ------
        ValueError
            When the array is for other units, or holds something else.
        """
        return np.searchsorted(LIMITS, blue_share(self.robustness, n_units), side="right")

    def data(self, n_units: int, nations: tuple[str, str]) -> dict[str, Any]:
        """State the class of each unit and what is said of it, ready for JSON."""
        return {
            "robustness": self.ranks(n_units).tolist(),
            "robustnessSaid": [said for _, said in self.words(nations)],
            "robustnessCalled": list(CATEGORIES)
            if is_in_words(self.robustness)
            else [name.lower() for name, _ in self.words(("Blue", "Red"))],
            "goodPlans": self.n_plans,
            "goodBlue": None if self.n_blue is None else encode_numbers(self.n_blue),
        }

    def legend(
        self, people: npt.NDArray[np.int64], people_are: str, nations: tuple[str, str]
    ) -> RobustLegend:
        """Count what is in each class, and say what the classes mean."""
        names = [name for name, _ in self.words(nations)]
        classes = count_classes(self.ranks(len(people)), names, people, people_are)
        return RobustLegend(classes, self.rule, self.meanings)


class RobustClass(NamedTuple):
    """A class of units on a map.

    Parameters
    ----------
    rank
        From 0 (red) to 4 (blue).
    name
        What the legend calls it.
    amount
        How many units it has, and people or voters.
    """

    rank: int
    name: str
    amount: str


class RobustLegend(NamedTuple):
    """What stands beside a map of robustness; `rule` and `meanings` as of :class:`Certainty`."""

    classes: list[RobustClass]
    rule: str
    meanings: tuple[tuple[str, str], ...]


def count_classes(
    ranks: npt.NDArray[np.int64],
    names: Sequence[str],
    people: npt.NDArray[np.int64],
    people_are: str,
) -> list[RobustClass]:
    """List the five classes, blue ones first, with what is in them.

    Parameters
    ----------
    ranks
        Class of each unit, shape ``(n_units,)``.
    names
        What the five classes are called.
    people, people_are
        How many there are in each unit, shape ``(n_units,)``, and what they are.

    Examples
    --------
    >>> names = [name for name, _ in classes_in_words(by_share=True)]
    >>> found = count_classes(np.array([4, 0, 4]), names, np.array([900, 70, 1_600_000]), "people")
    >>> found[0], found[1].amount
    (RobustClass(rank=4, name='Always blue', amount='2 units, 1.6 M people'), 'none')
    """
    return [
        RobustClass(rank, names[rank], _amount(ranks == rank, people, people_are))
        for rank in reversed(range(len(names)))
    ]


def _amount(is_in: npt.NDArray[np.bool_], people: npt.NDArray[np.int64], people_are: str) -> str:
    count, number = int(is_in.sum()), int(people[is_in].sum())
    if not count:
        return "none"
    many = f"{number / 1e6:,.1f} M" if number >= 1_000_000 else f"{number:,}"
    return f"{count:,} unit{'' if count == 1 else 's'}, {many} {people_are}"


def is_in_words(robustness: npt.ArrayLike) -> bool:
    """Tell categories from shares."""
    return np.asarray(robustness).dtype.kind in "UO"


def blue_share(robustness: npt.ArrayLike, n_units: int) -> npt.NDArray[np.float64]:
    """Read what is known of the units' robustness as shares.

    Parameters
    ----------
    robustness
        For each unit the share of good plans that put it into the blue nation, 0 to 1; or one of
        :data:`CATEGORIES`. Shape ``(n_units,)``.
    n_units
        Number of units of the map.

    Returns
    -------
    numpy.ndarray
        Shares from 0 (always red) to 1 (always blue), shape ``(n_units,)``.

    Raises
    ------
    ValueError
        When the array is for other units, or holds something else.

    Examples
    --------
    >>> blue_share(["always blue", "contested"], 2).tolist(), blue_share([0, 0.25], 2).tolist()
    ([1.0, 0.5], [0.0, 0.25])
    """
    given = np.asarray(robustness)
    if given.shape != (n_units,):
        raise ValueError(
            f"robustness has shape {given.shape}, expected ({n_units},), one value a unit."
        )
    if is_in_words(given):
        names = given.tolist()
        wrong = [i for i, name in enumerate(names) if name not in CATEGORIES]
        if wrong:
            raise ValueError(
                f"robustness[{wrong[0]}] = {names[wrong[0]]!r}; choose from "
                f"{', '.join(CATEGORIES)}, or give shares."
            )
        return np.array([CATEGORIES[name] for name in names], np.float64)
    shares = given.astype(np.float64)
    outside = np.flatnonzero(~((shares >= 0) & (shares <= 1)))
    if len(outside):
        raise ValueError(
            f"robustness[{outside[0]}] = {shares[outside[0]]}, expected a share from 0 to 1."
        )
    return shares
