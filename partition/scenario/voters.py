"""What voters must have: the table ``[voters]``."""

from __future__ import annotations

from dataclasses import dataclass

from partition.errors import ScenarioError


@dataclass(frozen=True, slots=True)
class VoterRules:
    """What a plan must do for voters, whatever it is best at.

    Parameters
    ----------
    at_home
        Least number of two-party voters who live in the nation of their vote; None for no limit.

    Raises
    ------
    ScenarioError
        When the number is negative.
    """

    at_home: int | None = None

    def __post_init__(self) -> None:
        if self.at_home is not None and self.at_home < 0:
            raise ScenarioError(f"at_home = {self.at_home}: give a number of voters, 0 or more.")
