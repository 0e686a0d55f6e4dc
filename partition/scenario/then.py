"""Goals that come one after another: the tables ``[[then]]``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from partition.errors import ScenarioError
from partition.scenario.keys import suggest_weight
from partition.scenario.weights import GOALS


@dataclass(frozen=True, slots=True)
class Step:
    """A goal that comes after another one.

    Parameters
    ----------
    goal
        Name of a weight: ``border``.
    within
        Share of its best that each goal before may give up for it: 0.005 is 0.5 %.

    Raises
    ------
    ScenarioError
        When nothing is called so, or the share is none.
    """

    goal: str
    within: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "goal", self.goal.removeprefix("weights."))
        if self.goal not in GOALS:
            raise ScenarioError(f"then {self.goal}: it is no goal: {suggest_weight(self.goal)}")
        if isinstance(self.within, bool) or not isinstance(self.within, int | float):
            raise ScenarioError(f"then {self.goal}: within = {self.within!r}: {_SHARE}")
        if not 0 <= self.within <= 1:  # false for nan as well
            raise ScenarioError(f"then {self.goal}: within = {self.within}: {_SHARE}")

    @property
    def share(self) -> Fraction:
        """The share as the decimal that was written."""
        return Fraction(repr(float(self.within)))


Then = Sequence[Any] | Mapping[str, Any] | Step
"""Steps as a person gives them: one or several pairs, tables, or :class:`Step`."""

_SHARE = "give a share from 0 to 1 (0.005 is 0.5 %)."


def read_steps(then: Then) -> tuple[Step, ...]:
    """Read goals and shares as a person gives them in Python.

    Examples
    --------
    >>> read_steps(("border", 0.005))
    (Step(goal='border', within=0.005),)
    >>> [one.goal for one in read_steps([("border", 0.005), {"goal": "cut_edges", "within": 0}])]
    ['border', 'cut_edges']
    """
    if isinstance(then, Step | Mapping | str) or (len(then) == 2 and isinstance(then[0], str)):
        return (_step(then),)
    return tuple(_step(one) for one in then)


def _step(one: Any) -> Step:
    if isinstance(one, Step):
        return one
    if isinstance(one, Mapping) and set(one) == {"goal", "within"}:
        one = (one["goal"], one["within"])
    is_pair = isinstance(one, Sequence) and not isinstance(one, str) and len(one) == 2
    if not is_pair or not isinstance(one[0], str):
        raise ScenarioError(
            f'then = {one!r}: give each goal with its share, as in [("border", 0.005)].'
        )
    return Step(one[0], one[1])


def refuse_several(name: str, then: Sequence[Step]) -> None:
    """Refuse goals that come one after another where one question is asked.

    Raises
    ------
    ScenarioError
        With the name of the scenario.
    """
    if then:
        raise ScenarioError(
            f"then {then[0].goal}: {name} asks for one goal after another, which partition solve "
            "and partition compare do; leave [[then]] out here."
        )


def refuse_repeated(goals: Sequence[str]) -> None:
    """Refuse a goal that comes twice.

    Raises
    ------
    ScenarioError
        When it does, with its name.
    """
    for place, goal in enumerate(goals):
        if goal in goals[:place]:
            raise ScenarioError(f"then {goal}: it comes first, or earlier; name each goal once.")
