"""What makes a plan good: goals, weighed against each other in whole numbers.

The objective of a plan ``x`` is a sum of goals, each with a weight ``w`` in votes:

======================  ==========================================================  ===============
goal                    what it counts                                              w is in votes
======================  ==========================================================  ===============
``self_determination``  + voters who live in the nation of their vote               per voter
``intensity``           + the same voters, each times the margin of the unit        per voter
``border``              - kilometres of frontier                                    per km
``cut_edges``           - pairs of adjacent units in different nations              per pair
``status_quo``          - people whose nation is not that of their state today      per person
``population_balance``  - people who would have to move to make the nations equal   per person
``gdp_balance``         - million dollars of GDP that would have to move            per million
``area_balance``        - square kilometres of land that would have to move         per km²
======================  ==========================================================  ===============

The solvers add up whole numbers, so that a bound is a proof. The objective is therefore counted in
steps of ``1 / scale`` votes: `scale` is the smallest power of ten that makes every weight whole
(weights have at most six decimals), and at least 1,000 where a goal is measured rather than
counted (`border`, `intensity`). What each unit or edge brings is rounded to the nearest step, and
an even one in the middle. With whole weights on counted goals, `scale` is 1 and nothing is
rounded. What a report says of the objective is the sum of the same whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from partition.errors import ScenarioError
from partition.metrics import BLUE, RED
from partition.quantities import Ints, amounts, column
from partition.scenario import ALL, Scenario, Weights
from shapefiles.units import Units
from solvers.problem import MAX_TOTAL_GAIN, Budget

MILLION = 1_000_000
"""Weights are counted in millionths."""

MEASURED = ("intensity", "border")
"""Goals whose amounts are not whole."""

MEASURED_SCALE = 1_000
"""Least steps of a vote where anything measured counts."""

Column = npt.NDArray[np.float64] | Ints


class Goal(NamedTuple):
    """One goal: what it counts and how."""

    key: str
    unit: str
    """Unit of measure of the amounts."""
    form: Literal["units", "edges", "balance"]
    """Whether amounts are those of units in part 0 and part 1, of edges that are cut, or of units
    whose sum should be the same in both parts."""
    is_cost: bool
    amounts: Callable[[Units, Scenario], Column]
    """What units or edges bring; edges are those that the scenario leaves on."""


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
        What units, shape ``(n_units, 2)`` or ``(n_units,)``, or edges, shape ``(n_edges,)``, bring.
    coefficients
        Weight times amount in steps, rounded: gains of shape ``(n_units, 2)`` or costs of shape
        ``(n_edges,)``. For a balance, the amounts.
    price
        What an amount of 1 out of balance costs, in steps; 0 for other goals.
    """

    goal: Goal
    weight: Fraction
    amounts: Column
    coefficients: Ints
    price: int = 0

    @property
    def budget(self) -> Budget | None:
        """The limits that a balance sets: half of the total for each nation."""
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

    def amount(self, assignment: npt.NDArray[np.int8], pairs: npt.NDArray[np.int32]) -> float:
        """Measure a plan; `pairs` are the edges that are on, shape ``(n_edges, 2)``."""
        if self.budget is not None:
            return self.budget.excess(assignment)
        return _chosen(self.amounts, self.goal, assignment, pairs)

    def steps(self, assignment: npt.NDArray[np.int8], pairs: npt.NDArray[np.int32]) -> int:
        """Say what the goal adds to the objective of a plan, in steps; costs are negative."""
        if self.budget is not None:
            return -self.price * self.budget.excess(assignment)
        value = int(_chosen(self.coefficients, self.goal, assignment, pairs))
        return -value if self.goal.form == "edges" else value


class Contribution(NamedTuple):
    """What one goal adds to the objective of a plan."""

    key: str
    unit: str
    weight: float
    amount: float
    """In the unit of measure."""
    votes: float
    """Weight times amount as the solver counts it; a cost is negative."""


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """The goals of a scenario, combined.

    Parameters
    ----------
    scale
        Steps of a vote: the solvers' objective is in ``1 / scale`` votes.
    terms
        Goals with a weight above 0.
    pairs
        The edges that are on, shape ``(n_edges, 2)``.
    n_units
        Number of units.
    """

    scale: int
    terms: tuple[Term, ...]
    pairs: npt.NDArray[np.int32]
    n_units: int

    @property
    def gains(self) -> Ints:
        """What each unit adds in part 0 and in part 1, in steps, shape ``(n_units, 2)``."""
        return sum(
            (term.coefficients for term in self.terms if term.goal.form == "units"),
            start=np.zeros((self.n_units, 2), np.int64),
        )

    @property
    def edge_costs(self) -> Ints:
        """What each edge costs when it is cut, in steps, shape ``(n_edges,)``."""
        return sum(
            (term.coefficients for term in self.terms if term.goal.form == "edges"),
            start=np.zeros(len(self.pairs), np.int64),
        )

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """Limits that cost something to miss."""
        return tuple(budget for budget in (term.budget for term in self.terms) if budget)

    def account(self, assignment: npt.NDArray[np.int8]) -> tuple[Contribution, ...]:
        """Say what each goal adds to the objective of a plan.

        Parameters
        ----------
        assignment
            Part of each unit, shape ``(n_units,)``.
        """
        return tuple(
            Contribution(
                term.goal.key,
                term.goal.unit,
                float(term.weight),
                term.amount(assignment, self.pairs),
                term.steps(assignment, self.pairs) / self.scale,
            )
            for term in self.terms
        )


def weigh(units: Units, scenario: Scenario) -> Objective:
    """Turn the weights of a scenario into whole numbers.

    Raises
    ------
    ScenarioError
        When the data lack what a goal counts, or the numbers grow beyond what can be added up
        exactly.

    Examples
    --------
    >>> from shapefiles.read import load_united_states
    >>> scenario = Scenario.shipped("counties").override(settings={"weights.border": 0.25})
    >>> objective = weigh(load_united_states(), scenario)
    >>> objective.scale, [term.goal.key for term in objective.terms]
    (1000, ['self_determination', 'border'])
    """
    scale = scale_of(scenario.weights)
    terms = tuple(
        _term(goal, weight, goal.amounts(units, scenario), scale)
        for goal in GOALS
        if (weight := exact(getattr(scenario.weights, goal.key)))
    )
    pairs = units.edges.pairs[active_edges(units, scenario)]
    return Objective(scale, terms, pairs, units.n_units)


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
        if weight and goal.key in MEASURED:
            scale = max(scale, MEASURED_SCALE)
        while (weight * scale).denominator != 1:
            scale *= 10
    return scale


def active_edges(units: Units, scenario: Scenario) -> npt.NDArray[np.bool_]:
    """Mark the edges that the scenario leaves on, shape ``(n_edges,)``."""
    return units.edges.select(scenario.edges.on, scenario.edges.off)


def matched_voters(units: Units, scenario: Scenario) -> Ints:
    """Count, for each unit and part, the voters who get the nation of their vote.

    ``a[i, blue] = blue votes of i``, ``a[i, red] = red votes of i``; shape ``(n_units, 2)``.
    """
    votes = units.votes[scenario.election]  # columns: blue, red
    matched = np.empty_like(votes)
    matched[:, BLUE] = votes[:, 0]
    matched[:, RED] = votes[:, 1]
    return matched


def weighted_voters(units: Units, scenario: Scenario) -> npt.NDArray[np.float64]:
    """Count the same voters, each times the margin of the unit.

    ``a[i, p] = |B_i - R_i| / (B_i + R_i) * matched voters of i in p``: a county of 90 to 10 counts
    eight tenths, one of 50 to 50 nothing; shape ``(n_units, 2)``.
    """
    matched = matched_voters(units, scenario)
    margin = np.abs(matched[:, 0] - matched[:, 1])
    weighted: npt.NDArray[np.float64] = (
        matched * margin[:, None] / np.maximum(1, matched.sum(axis=1))[:, None]
    )
    return weighted


def border_km(units: Units, scenario: Scenario) -> npt.NDArray[np.float64]:
    """Measure the common border of each edge in kilometres, shape ``(n_edges,)``.

    Lengths are those of the unsimplified polygons; links over water have none.
    """
    return units.edges.border[active_edges(units, scenario)] / 1000


def one_each(units: Units, scenario: Scenario) -> Ints:
    """Count each edge as one, shape ``(n_edges,)``."""
    return np.ones(int(active_edges(units, scenario).sum()), np.int64)


def moved_people(units: Units, scenario: Scenario) -> Ints:
    """Count, for each unit and part, the people whose nation is not that of their state today.

    The nation of a state today is the one that most of its two-party voters chose in the
    scenario's election; a tie is no nation, and nobody there moves. Where only some places may
    leave (``units.only``), everybody belongs today to the nation that the others stay in. Shape
    ``(n_units, 2)``.
    """
    people = np.rint(column(units, "population", "weights.status_quo")).astype(np.int64)
    if ALL in scenario.units.only:
        _, state = np.unique(units.states, return_inverse=True)
        blue, red = units.votes[scenario.election].T
        lead = np.zeros(int(state.max()) + 1, np.int64)
        np.add.at(lead, state, blue - red)
        lead = lead[state]
    else:
        lead = np.full(units.n_units, 1 if scenario.units.rest == "blue" else -1)
    moved = np.zeros((units.n_units, 2), np.int64)
    moved[lead < 0, BLUE] = people[lead < 0]
    moved[lead > 0, RED] = people[lead > 0]
    return moved


def _balance(quantity: str) -> Callable[[Units, Scenario], Ints]:
    def count(units: Units, scenario: Scenario) -> Ints:
        """Count what each unit holds; out of balance is half the difference, rounded down."""
        key = f"weights.{quantity}_balance"
        return amounts(units, quantity, scenario.election, key, "coarse")

    return count


GOALS = (
    Goal("self_determination", "voters", "units", False, matched_voters),
    Goal("intensity", "voters", "units", False, weighted_voters),
    Goal("border", "km", "edges", True, border_km),
    Goal("cut_edges", "pairs", "edges", True, one_each),
    Goal("status_quo", "people", "units", True, moved_people),
    Goal("population_balance", "people", "balance", True, _balance("population")),
    Goal("gdp_balance", "million dollars", "balance", True, _balance("gdp")),
    Goal("area_balance", "km²", "balance", True, _balance("area")),
)
"""Every goal, in the order of :class:`partition.scenario.Weights`."""


def _term(goal: Goal, weight: Fraction, given: Column, scale: int) -> Term:
    """Weigh what a goal counts."""
    factor = weight * scale
    if goal.form == "balance":
        price = int(factor)
        _check_size(goal, weight, 2 * price * int(given.sum()), scale)
        return Term(goal, weight, given, given.astype(np.int64), price)
    steps = [round(Fraction(value) * factor) for value in given.ravel().tolist()]
    _check_size(goal, weight, sum(steps), scale)
    sign = -1 if goal.is_cost and goal.form == "units" else 1
    coefficients = sign * np.array(steps, np.int64).reshape(given.shape)
    return Term(goal, weight, given, coefficients)


def _check_size(goal: Goal, weight: Fraction, total: int, scale: int) -> None:
    """Refuse a weight that makes the numbers too large to be added up exactly.

    An eighth of what the solvers allow is left to each of the eight goals.
    """
    most = MAX_TOTAL_GAIN // len(GOALS)
    if total > most:
        largest = float(weight * most / total)
        digits = 10.0 ** np.floor(np.log10(largest) - 1)  # two significant digits, rounded down
        raise ScenarioError(
            f"weights.{goal.key} = {float(weight):g}: what it weighs adds up to "
            f"{total / scale:.3g} votes, and {most / scale:.3g} at most can be added up "
            f"exactly. Give at most {np.floor(largest / digits) * digits:g}, or fewer decimals "
            "in all weights."
        )


def _chosen(
    values: Column,
    goal: Goal,
    assignment: npt.NDArray[np.int8],
    pairs: npt.NDArray[np.int32],
) -> float:
    """Add up what counts for a plan: each unit in its part, or the edges it cuts."""
    if goal.form == "units":
        chosen = values[np.arange(len(assignment)), assignment]
    else:
        chosen = values[assignment[pairs[:, 0]] != assignment[pairs[:, 1]]]
    total: float = chosen.sum().item()
    return total
