"""First this, then that: what each goal of a chain has come to, and what it has cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from partition.answer import wording

GOAL_WORDS = {
    "self_determination": "self-determination",
    "intensity": "self-determination by margins",
    "border": "the frontier",
    "cut_edges": "cut edges",
    "state_splits": "states torn apart",
    "status_quo": "people who change nation",
    "population_balance": "balance of people",
    "gdp_balance": "balance of GDP",
    "area_balance": "balance of land",
    "blue_at_home": "blue voters at home",
    "red_at_home": "red voters at home",
    "worse_off": "the worse-off side",
}
"""What a sentence calls each goal."""


GAINS = ("self_determination", "intensity", "blue_at_home", "red_at_home", "worse_off")
"""Goals of which more is better."""


class StepTaken(NamedTuple):
    """What one goal of a chain has come to."""

    goal: str
    unit: str
    """Unit of measure."""
    within: float | None
    """Share that the goals before may give up for it; None for the first one."""
    status: str
    objective: int
    """What its plan is worth by this goal, in steps; a goal that costs counts below 0."""
    bound: int | None
    """What no plan exceeds, in steps."""
    steps_per_unit: int
    """Steps that one of the unit of measure is counted in."""
    amounts: Mapping[str, float]
    """What the plan of this step has of every goal, up to the one that comes after it at least."""

    def to_dict(self) -> dict[str, Any]:
        """State it as plain values."""
        return self._asdict() | {"amounts": dict(self.amounts)}


class Cost(NamedTuple):
    """What a step gives up of a goal before it; below 0 where it gains."""

    goal: str
    unit: str
    amount: float
    share: float | None
    """Of what the plan before has; None where that is nothing."""


class Price(NamedTuple):
    """What a step brings, and what it costs."""

    goal: str
    unit: str
    before: float
    after: float
    saved: float
    """What its goal is better by."""
    costs: tuple[Cost, ...]

    def to_dict(self) -> dict[str, Any]:
        """State it as plain values."""
        return self._asdict() | {"costs": [one._asdict() for one in self.costs]}


def prices(steps: Sequence[StepTaken]) -> tuple[Price, ...]:
    """Say of every step but the first what it brings and costs against the plan before it.

    Examples
    --------
    >>> home = {"self_determination": 1000, "border": 90.0}
    >>> short = {"self_determination": 990, "border": 60.0}
    >>> first = StepTaken("self_determination", "voters", None, "OPTIMAL", 1000, 1000, 1, home)
    >>> then = StepTaken("border", "km", 0.01, "OPTIMAL", -60000, -60000, 1000, short)
    >>> (price,) = prices([first, then])
    >>> price.saved, price.costs
    (30.0, (Cost(goal='self_determination', unit='voters', amount=10, share=0.01),))
    """
    found = []
    for place, step in enumerate(steps[1:], start=1):
        had, has = steps[place - 1].amounts, step.amounts
        costs = []
        for one in steps[:place]:
            lost = _lost(one, had[one.goal], has[one.goal])
            share = lost / had[one.goal] if had[one.goal] else None
            costs.append(Cost(one.goal, one.unit, lost, share))
        before, after = had[step.goal], has[step.goal]
        saved = -_lost(step, before, after)
        found.append(Price(step.goal, step.unit, before, after, saved, tuple(costs)))
    return tuple(found)


def price_text(price: Price) -> str:
    """Say in words what a step brings and costs.

    Examples
    --------
    >>> cost = Cost("self_determination", "voters", 350_000, 0.0043)
    >>> price_text(Price("border", "km", 10112.0, 8012.0, 2100.0, (cost,)))
    '8,012 km instead of 10,112. It costs 0.43 % of self-determination: 350,000 voters.'
    """
    after, before = f"{price.after:,.0f}", f"{price.before:,.0f}"
    text = f"{after} {price.unit}"
    text += "" if price.saved == 0 else f" instead of {before}"
    return f"{text}. It costs {costs_text(price)}."


def costs_text(price: Price) -> str:
    """Say in words what a step costs.

    Examples
    --------
    >>> costs_text(Price("border", "km", 9.0, 8.0, 1.0, (Cost("cut_edges", "pairs", 0, 0.0),)))
    'nothing'
    """
    texts = [_cost(one) for one in price.costs if one.amount > 0]
    return " and ".join(texts) or "nothing"


def _cost(one: Cost) -> str:
    amount = f"{one.amount:,.0f} {one.unit}"
    words = GOAL_WORDS[one.goal]
    if one.share is None:
        return f"{amount} of {words}"
    return f"{wording.percent(one.share, 2)} of {words}: {amount}"


def _lost(step: StepTaken, before: float, after: float) -> float:
    return before - after if step.goal in GAINS else after - before
