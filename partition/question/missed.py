"""Which limit a plan misses, and by how much, in the words and units of measure of the scenario.

The solvers count in steps, and what the blue nation has more than if all were red. What a plan has
of something follows from the limit and from how far it is outside.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from partition.land.ballot import Ballot
from partition.metrics import NATION_NAMES
from partition.question.apart import QUANTITY
from partition.question.constraints import AT_HOME, SEA, Limit, limits
from partition.question.goal_limits import limited_goals, steps_of
from partition.question.goals import GOALS
from partition.question.objectives import Parts
from partition.question.quantities import NAMES, is_small
from partition.question.splits import SPLIT
from partition.question.stranded import stranded_limits
from partition.scenario import QUANTITIES, Scenario
from shapefiles.units import Units
from solvers.problem import Budget

_MEASURES = {
    "population": "people",
    "gdp": "thousand dollars",
    "votes": "votes",
    "area": "hectares",
}
"""Units of measure of hard limits (:data:`partition.question.quantities.FINE`)."""


class _Asked(NamedTuple):
    """A limit of the scenario, as its key states it."""

    key: str
    amount: float
    measure: str
    """What is counted, with its unit of measure."""
    steps: int = 1
    """Steps of a unit of measure."""
    is_least: bool = True


def missed(
    units: Units,
    scenario: Scenario,
    ballot: Ballot,
    budgets: tuple[Budget, ...],
    number: int,
    parts: Parts,
) -> str:
    """Say which limit of the scenario a plan misses, and by how much.

    Parameters
    ----------
    units
        Units of land with votes.
    scenario
        What is asked.
    ballot
        What the sides are called.
    budgets
        Those of its problem, in their order.
    number
        The one that is missed.
    parts
        Part of each row of the problem.
    """
    budget = budgets[number]
    held = [*limits(units, scenario), *stranded_limits(units, scenario)]
    if number < len(held):
        return _share(units, scenario, ballot, held[number], budget, parts)
    excess = budget.excess(parts)
    key, _, colour = budget.name.rstrip(")").partition(" (")
    if key == "least.worse_off":
        side = ballot.sides[NATION_NAMES[::-1].index(colour)]
        return f"{excess:,} {side} voters too few are at home for {key}"
    asked = _asked(scenario, budget.name)
    steps = Fraction(repr(float(asked.amount))) * asked.steps
    has = ceil(steps) - excess if asked.is_least else floor(steps) + excess
    by = f"{_text(excess, asked.steps)} {'fewer than' if asked.is_least else 'more than'}"
    verb = "asks for" if asked.is_least else "allows"
    return (
        f"the plan has {_text(has, asked.steps)} {asked.measure}, {by} {asked.key} = "
        f"{asked.amount:g} {verb}"
    )


def _share(
    units: Units, scenario: Scenario, ballot: Ballot, limit: Limit, budget: Budget, parts: Parts
) -> str:
    """Say it of a share of a nation, of the sea, or of the stranded."""
    excess, held = budget.excess(parts), budget.held(parts)
    is_short = budget.lower is not None and held < budget.lower
    key = limit.lower_source if is_short else limit.upper_source
    if budget.name == SEA:
        nation = ballot.nation(key.split(".")[1])
        return f"no unit of the {nation} nation lies on the sea, as {key} asks for"
    if budget.name not in QUANTITIES:
        colour, _, rest = budget.name.partition(" ")
        side = ballot.sides[NATION_NAMES[::-1].index(colour)]
        return f"{excess:,} more {side} {rest} are stranded than {key} allows"
    _, nation, bound, quantity = key.split(".")
    total = int(budget.amounts.sum())
    own = held if nation == "blue" else total - held
    more = "fewer than" if bound == "least" else "more than"
    verb = "asks for" if bound == "least" else "allows"
    share = getattr(getattr(getattr(scenario.nations, nation), bound), quantity)
    is_fine = quantity == "area" and is_small(units.attributes["area"])
    measure = "square metres" if is_fine else _MEASURES[quantity]
    return (
        f"the {ballot.nation(nation)} nation holds {100 * own / total:.2f} % of the "
        f"{NAMES[quantity]}, {excess:,} {measure} {more} {key} = {share:g} {verb}"
    )


def _asked(scenario: Scenario, name: str) -> _Asked:
    """Find the limit that a budget of this name states."""
    if name == AT_HOME:
        return _Asked("voters.at_home", scenario.voters.at_home or 0, AT_HOME)
    if name == SPLIT:
        most = scenario.states.split_most or 0
        return _Asked("states.split_most", most, name, is_least=False)
    counted, _, _ = name.partition(" ")
    if counted in QUANTITY:
        return _Asked(f"apart.{counted}", getattr(scenario.apart, counted), name)
    table, _, key = name.partition(".")
    goal = next(one for one in GOALS if one.key == key)
    measure = f"{goal.measured_in} of {key.replace('_', ' ')}"
    amount = limited_goals(scenario)[name]
    return _Asked(name, amount, measure, steps_of(key), table == "least")


def _text(amount: int, steps: int) -> str:
    """Write an amount with as many decimals as its steps are counted in."""
    return f"{amount / steps:,.{len(str(steps)) - 1}f}"
