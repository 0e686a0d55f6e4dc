"""Plans that the plan must differ from: the table ``[apart]``."""

from __future__ import annotations

from dataclasses import dataclass

from partition.errors import ScenarioError

MOST = 2**51
"""More people or voters than a map may have; a larger number is a slip."""


@dataclass(frozen=True, slots=True)
class ApartRules:
    """How far a plan must be from each of some others.

    Parameters
    ----------
    people
        Least people who live in units that are in another nation than in each of the other plans;
        None for no limit.
    voters
        The same of two-party voters.
    plans
        The other plans, each by the places that are blue in it, as in ``units.blue``.

    Raises
    ------
    ScenarioError
        When a number is not positive, or there is one without a plan or a plan without one.
    """

    people: int | None = None
    voters: int | None = None
    plans: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        given = {"people": self.people, "voters": self.voters}
        for key, value in given.items():
            if value is not None and not 1 <= value <= MOST:
                raise ScenarioError(f"{key} = {value}: give a whole number from 1 to {MOST}.")
        if (self.people is None and self.voters is None) == bool(self.plans):
            raise ScenarioError(
                "people or voters say how far the plan is from each of plans: give both."
            )
        if any(not place for plan in self.plans for place in plan):
            raise ScenarioError("plans holds an empty text: name a unit or a state.")
