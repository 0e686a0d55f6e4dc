"""The objective: goals, weighed against each other in whole numbers.

The objective of a plan is the sum of its goals (:mod:`partition.question.goals`), each times its
weight in votes. The solvers add up whole numbers, so that a bound is a proof: the objective is
counted in steps of ``1 / scale`` votes. `scale` is the smallest power of ten that makes every
weight whole (weights have at most six decimals), at least 1,000 where a goal is measured rather
than counted (`border`, `intensity`), and at least 100,000 with `worse_off`. What each unit or edge
brings is rounded to the nearest step, and to an even one in the middle. With whole weights on
counted goals, `scale` is 1 and nothing is rounded. What a report says of the objective is the sum
of the same whole numbers.

Most goals are gains of units or costs of edges. Three need more:

- A balance is a soft limit: the blue nation should hold half, and each missing or superfluous
  amount of 1 costs its weight.
- Splits of states cost ``min(voters in blue, voters in red)`` for each state, which is concave. So
  each state gets a row of its own, its seat, in either part, and each unit pays its voters where
  it is not with the seat: the best place of the seat is the larger part.
- The side that is worse off has ``min(b, r)``, with ``b`` what blue units bring the blue side and
  ``r`` what red units bring the red one. That is half of ``b + r - abs(b - r)``: gains of units,
  and another soft limit, since ``r - b`` is a total less what the blue nation holds of both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from partition.errors import ScenarioError
from partition.metrics import BLUE, RED
from partition.question.goals import GOALS, Column, Goal, active_edges
from partition.question.quantities import Ints
from partition.question.rounding import rounded_each
from partition.scenario import Scenario, Weights
from shapefiles.units import Units
from solvers.integers import MAX_TOTAL_GAIN
from solvers.problem import Budget

MILLION = 1_000_000
"""Weights are counted in millionths."""

MEASURED = {"intensity": 1_000, "border": 1_000, "worse_off": 100_000}
"""Goals whose amounts are not whole, and least steps of a vote where they count."""

MOST_STEPS = MAX_TOTAL_GAIN // len(GOALS)
"""Most steps that one goal may add up to, some 7 * 10**14: so all of them stay within what the
solvers add up exactly."""

Parts = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One goal with its weight, in the whole numbers that the solvers see.

    Parameters
    ----------
    goal
        What is counted.
    weight
        Votes per unit of measure.
    amounts
        What each unit or edge brings, in the unit of measure.
    coefficients
        Weight times amount in steps, rounded: what is gained, shape ``(n_units, 2)``, or what is
        lost by edges or units, shape ``(n_edges,)`` or ``(n_units,)``. For a balance, the amounts;
        half of it where the smaller of two sums counts.
    scope
        The edges, shape ``(n_edges, 2)``, or the state of each unit, shape ``(n_units,)``, -1 for
        none. Empty for other goals.
    price
        What an amount of 1 out of balance costs, in steps; 0 for other goals.
    """

    goal: Goal
    weight: Fraction
    amounts: Column
    coefficients: Ints
    scope: npt.NDArray[np.integer]
    price: int = 0

    @property
    def budget(self) -> Budget | None:
        """The limits that a balance sets, half of the total for each nation, or a worse-off side.

        The blue nation should hold as much of both sides' amounts as makes the sides equal; what is
        missing, or superfluous, is what the smaller sum is smaller by.
        """
        if self.goal.form == "smaller":
            equal = int(self.coefficients[:, RED].sum())
            amounts = self.coefficients.sum(axis=1)
            return Budget(amounts, equal, equal, price=1, name=self.goal.key)
        if self.goal.form != "balance":
            return None
        total = int(self.coefficients.sum())
        return Budget(
            self.coefficients,
            lower=total // 2,
            upper=total - total // 2,
            price=self.price,
            name=self.goal.key,
        )

    def amount(self, assignment: Parts) -> float:
        """Measure a plan, in the unit of measure."""
        if self.budget is not None and self.goal.form == "balance":
            return self.budget.excess(assignment)
        return self._count(self.amounts, assignment)

    def steps(self, assignment: Parts) -> int:
        """Say what the goal adds to the objective of a plan, in steps; costs are negative."""
        if self.budget is not None and self.goal.form == "balance":
            return -self.price * self.budget.excess(assignment)
        value = int(self._count(self.coefficients, assignment))
        if self.goal.form == "smaller":
            return 2 * value
        return value if self.goal.form == "units" else -value

    def _count(self, values: Column, assignment: Parts) -> float:
        """Add up what counts: units in their part, cut edges, or the smaller parts of states."""
        if self.goal.form == "units":
            counted = values[np.arange(len(assignment)), assignment]
        elif self.goal.form == "smaller":
            sides = [values[assignment == part, part] for part in (RED, BLUE)]
            counted = min(sides, key=lambda one: one.sum())
        elif self.goal.form == "edges":
            counted = values[assignment[self.scope[:, 0]] != assignment[self.scope[:, 1]]]
        else:
            is_in = self.scope >= 0
            parts = np.zeros((int(self.scope.max()) + 1, 2), values.dtype)
            np.add.at(parts, (self.scope[is_in], assignment[is_in]), values[is_in])
            counted = parts.min(axis=1)
        total = counted.sum()
        return float(total) if values.dtype.kind in "fO" else int(total)


class Contribution(NamedTuple):
    """What one goal adds to the objective of a plan."""

    key: str
    """Name of the goal among the weights of a scenario."""
    measured_in: str
    """Unit of measure of the amount."""
    weight: float
    """Votes for each unit of measure."""
    amount: float
    """What the plan has of the goal, in its unit of measure."""
    votes: float
    """Weight times amount as the solver counts it; a cost is negative."""

    def to_dict(self) -> dict[str, Any]:
        """State it as plain values, by the names that ``run.json`` has."""
        return {
            "key": self.key,
            "unit": self.measured_in,
            "weight": self.weight,
            "amount": self.amount,
            "votes": self.votes,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """The goals of a scenario, combined.

    Parameters
    ----------
    scale
        Steps of a vote: the solvers' objective is in ``1 / scale`` votes.
    terms
        Goals with a weight above 0.
    n_units
        Number of units.
    pairs
        The edges that are on, shape ``(n_edges, 2)``.
    """

    scale: int
    terms: tuple[Term, ...]
    n_units: int
    pairs: npt.NDArray[np.int32]

    @property
    def gains(self) -> Ints:
        """What each unit adds in part 0 and in part 1, in steps, shape ``(n_units, 2)``."""
        both = self._of("units") + self._of("smaller")
        return sum(both, start=np.zeros((self.n_units, 2), np.int64))

    @property
    def edge_costs(self) -> Ints:
        """What each edge costs when it is cut, in steps, shape ``(n_edges,)``."""
        return sum(self._of("edges"), start=np.zeros(len(self.pairs), np.int64))

    @property
    def seats(self) -> Term | None:
        """What each unit costs apart from the seat of its state, where that counts."""
        return next((term for term in self.terms if term.goal.form == "states"), None)

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """Limits that cost something to miss."""
        return tuple(budget for budget in (term.budget for term in self.terms) if budget)

    def account(self, assignment: Parts) -> tuple[Contribution, ...]:
        """Say what each goal adds to the objective of a plan.

        Parameters
        ----------
        assignment
            Part of each unit, shape ``(n_units,)``.
        """
        return tuple(
            Contribution(
                term.goal.key,
                term.goal.measured_in,
                float(term.weight),
                term.amount(assignment),
                term.steps(assignment) / self.scale,
            )
            for term in self.terms
        )

    def _of(self, form: str) -> list[Ints]:
        return [term.coefficients for term in self.terms if term.goal.form == form]


def weigh(units: Units, scenario: Scenario) -> Objective:
    """Turn the weights of a scenario into whole numbers.

    Raises
    ------
    ScenarioError
        When the data lack what a goal counts, or the numbers grow beyond what can be added up
        exactly.

    Examples
    --------
    >>> from shapefiles.embedded.read import load_united_states
    >>> scenario = Scenario.shipped("counties").override(settings={"weights.border": 0.25})
    >>> objective = weigh(load_united_states(), scenario)
    >>> objective.scale, [term.goal.key for term in objective.terms]
    (1000, ['self_determination', 'border'])
    """
    scale = scale_of(scenario.weights)
    pairs = units.edges.pairs[active_edges(units, scenario)]
    scopes: dict[str, npt.NDArray[np.integer]] = {"edges": pairs, "states": _states(units)}
    terms = tuple(
        _term(
            goal,
            weight,
            goal.amounts(units, scenario),
            scopes.get(goal.form, np.empty(0, np.int64)),
            scale,
            units.ids,
        )
        for goal in GOALS
        if (weight := exact(getattr(scenario.weights, goal.key)))
    )
    return Objective(scale, terms, units.n_units, pairs)


def exact(weight: float) -> Fraction:
    """Round a weight to millionths, exactly.

    Examples
    --------
    >>> exact(0.1), exact(1 / 3)
    (Fraction(1, 10), Fraction(333333, 1000000))
    """
    return Fraction(round(Fraction(weight) * MILLION), MILLION)


def scale_of(weights: Weights) -> int:
    """Say how many steps a vote has: the objective is in ``1 / scale`` votes.

    Examples
    --------
    >>> scale_of(Weights()), scale_of(Weights(cut_edges=0.25)), scale_of(Weights(border=2))
    (1, 100, 1000)
    """
    scale = 1
    for goal in GOALS:
        weight = exact(getattr(weights, goal.key))
        if weight:
            scale = max(scale, MEASURED.get(goal.key, 1))
        while (weight * scale).denominator != 1:
            scale *= 10
    return scale


def _states(units: Units) -> Ints:
    """Give each unit the number of its state, -1 for none, shape ``(n_units,)``."""
    codes, number = np.unique(units.states, return_inverse=True)
    return number.astype(np.int64) - int(codes[0] == "")


def _term(
    goal: Goal,
    weight: Fraction,
    given: Column,
    scope: npt.NDArray[np.integer],
    scale: int,
    ids: npt.NDArray[np.str_],
) -> Term:
    """Weigh what a goal counts."""
    factor = weight * scale
    if goal.form == "balance":
        price = int(factor)
        amounts: Ints = given.astype(np.int64)
        steps = [2 * price * amount for amount in amounts.tolist()]
        _check_size(goal, weight, steps, scale, lambda row: f"unit {ids[row]}")
        return Term(goal, weight, given, amounts, scope, price)
    # Of the smaller one of two sums, half: see above.
    factor /= 2 if goal.form == "smaller" else 1
    steps = rounded_each(given, factor)

    def named(place: int) -> str:
        if goal.form == "edges":
            return f"the edge from {ids[scope[place, 0]]} to {ids[scope[place, 1]]}"
        return f"unit {ids[place // (given.size // len(given))]}"

    # A soft limit counts them once more, with its two ends.
    sizes = [4 * one for one in steps] if goal.form == "smaller" else steps
    _check_size(goal, weight, sizes, scale, named)
    sign = -1 if goal.is_cost and goal.form == "units" else 1
    coefficients = sign * np.array(steps, np.int64).reshape(given.shape)
    return Term(goal, weight, given, coefficients, scope)


def _check_size(
    goal: Goal, weight: Fraction, steps: list[int], scale: int, named: Callable[[int], str]
) -> None:
    """Refuse a weight that makes the numbers too large to be added up exactly.

    Each goal may have an equal share of what the solvers allow in total. `steps` are Python's own
    integers, of 0 or more, and `named` says whose each of them is.
    """
    total, most = sum(steps), MOST_STEPS
    if total > most:
        largest = float(weight * most / total)
        digits = 10.0 ** np.floor(np.log10(largest) - 1)  # two significant digits, rounded down
        place = max(range(len(steps)), key=steps.__getitem__)
        raise ScenarioError(
            f"weights.{goal.key} = {float(weight):g}: what it weighs adds up to "
            f"{total / scale:.3g} votes, {steps[place] / scale:.3g} of them for {named(place)}, "
            f"and {most / scale:.3g} at most can be added up exactly. Give at most "
            f"{np.floor(largest / digits) * digits:g}, or fewer decimals in all weights."
        )
