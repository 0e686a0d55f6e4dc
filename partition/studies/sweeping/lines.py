"""Plans and bounds as functions of one weight, exactly.

What a plan is worth is a line over a weight of the objective: its other goals, and the amount of
the goal times the weight. A run counts in whole steps of a vote, rounded anew for each weight where
a goal is measured (:mod:`partition.question.objectives`). So that runs at several weights can be
held against each other, plans are counted here in one measure, amounts of measured goals in
billionths, and a bound is raised by the most that the rounding of its run may have taken from any
plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from partition.errors import ScenarioError
from partition.question.goals import GOALS, Goal
from partition.question.objectives import MEASURED, Parts, Term, exact, weigh
from partition.question.question import Question
from partition.question.rounding import rounded_each
from partition.runs.run import Run
from partition.studies.sweeping.axis import Axis
from solvers.envelope import Line

FINE = 1_000_000_000
"""Amounts of measured goals are counted in billionths."""

MOST_DECIMALS = 6
"""Decimals of a weight, which is counted in millionths."""


class _Count(NamedTuple):
    """What a goal counts, in whole numbers of ``1 / measure`` of its unit of measure."""

    goal: Goal
    weight: Fraction
    measure: int
    values: npt.NDArray[np.object_]
    """Python's own integers, shaped as the amounts of the goal."""
    scope: npt.NDArray[np.integer]

    @property
    def sign(self) -> int:
        """Whether more of it is better."""
        return self.goal.sign

    def amount(self, assignment: Parts) -> Fraction:
        """Measure a plan, in the unit of measure."""
        if self.goal.form == "units":
            counted = self.values[np.arange(len(assignment)), assignment]
        elif self.goal.form == "edges":
            first, second = self.scope.T
            counted = self.values[assignment[first] != assignment[second]]
        elif self.goal.form == "smaller":
            held = [sum(self.values[assignment == part, part].tolist()) for part in (0, 1)]
            return Fraction(min(held), self.measure)
        elif self.goal.form == "states":
            sides = [[0, 0] for _ in range(int(self.scope.max()) + 1)]
            for state, part, value in zip(
                self.scope.tolist(), assignment.tolist(), self.values.tolist(), strict=True
            ):
                if state >= 0:
                    sides[state][part] += value
            return Fraction(sum(map(min, sides)), self.measure)
        else:
            own, total = sum(self.values[assignment == 1].tolist()), sum(self.values.tolist())
            excess = max(0, total // 2 - own, own - (total - total // 2))
            return Fraction(excess, self.measure)
        return Fraction(sum(counted.tolist()), self.measure)

    @property
    def limits(self) -> tuple[Fraction, Fraction]:
        """Least and largest that a plan may have, as it counts in the objective, at weight 1."""
        if self.goal.form == "units":
            ends = sum(self.values.min(axis=1).tolist()), sum(self.values.max(axis=1).tolist())
        elif self.goal.form == "smaller":
            ends = 0, min(map(sum, self.values.T.tolist()))
        else:
            ends = 0, sum(self.values.tolist())
        low, high = sorted(self.sign * Fraction(end, self.measure) for end in ends)
        return low, high


class WeightLines:
    """Plans of one scenario as lines over one of its weights.

    Parameters
    ----------
    question
        What is asked but for the weight.
    axis
        The weight.
    """

    def __init__(self, question: Question, axis: Axis) -> None:
        self.key, self.question = axis.key, question
        self.units, self.scenario = question.units, question.scenario
        swept = axis.key.removeprefix("weights.")
        counts = [self._count(goal, swept) for goal in GOALS if self._is_weighed(goal, swept)]
        self._swept = next(one for one in counts if one.goal.key == swept)
        self._others = [one for one in counts if one.goal.key != swept]

    @cached_property
    def slopes(self) -> tuple[Fraction, Fraction]:
        """Least and largest slope that the line of any plan has."""
        return self._swept.limits

    def at(self, weight: Fraction) -> Question:
        """State what is asked at a weight."""
        return self.question.asking(self.scenario.varied({self.key: float(weight)}))

    def line(self, assignment: Parts) -> Line:
        """State what a plan is worth over the weight, in votes.

        Parameters
        ----------
        assignment
            Part of each unit, shape ``(n_units,)``.
        """
        value = sum(
            (one.sign * one.weight * one.amount(assignment) for one in self._others), Fraction()
        )
        return Line(value, self._swept.sign * self._swept.amount(assignment))

    def bound(self, run: Run, weight: Fraction) -> Fraction | None:
        """State what no plan exceeds at a weight, in votes, as a run there has proven it."""
        if run.result.bound is None:
            return None
        weighed = weigh(self.units, run.scenario)
        terms = {term.goal.key: term for term in weighed.terms}
        lost = Fraction()
        for one in (self._swept, *self._others):
            if one.goal.key in MEASURED and one.goal.key in terms:
                own = one._replace(weight=weight) if one is self._swept else one
                lost += _most_lost(own, terms[one.goal.key], weighed.scale)
        return Fraction(run.result.bound, weighed.scale) + lost

    def decimals(self, high: Fraction) -> int:
        """Say how many decimals a weight up to `high` may have: the solvers add up so much.

        Raises
        ------
        ScenarioError
            When even whole weights are too large.
        """
        for decimals in range(MOST_DECIMALS, 0, -1):
            try:
                weigh(self.units, self.at(high + Fraction(1, 10**decimals)).scenario)
            except ScenarioError:
                continue
            return decimals
        weigh(self.units, self.at(high).scenario)
        return 0

    def _is_weighed(self, goal: Goal, swept: str) -> bool:
        return goal.key == swept or bool(exact(getattr(self.scenario.weights, goal.key)))

    def _count(self, goal: Goal, swept: str) -> _Count:
        given = goal.amounts(self.units, self.scenario)
        measure = FINE if goal.key in MEASURED else 1
        flat = rounded_each(given, Fraction(measure))
        values = np.empty(len(flat), np.object_)
        values[:] = flat
        weight = exact(getattr(self.scenario.weights, goal.key))
        return _Count(goal, weight, measure, values.reshape(given.shape), self._scope(goal))

    def _scope(self, goal: Goal) -> npt.NDArray[np.integer]:
        if goal.form == "edges":
            return self.units.edges.pairs[self.question.edges]
        _, number = np.unique(self.units.states, return_inverse=True)
        return np.where(self.units.states == "", -1, number)


def _most_lost(count: _Count, term: Term, scale: int) -> Fraction:
    """Say how much more a plan can be worth by exact amounts than in the steps of a run, in votes.

    Each unit and each edge may have been rounded against it.
    """
    # In steps of 1 / (scale * denominator * measure) of a vote, all of them whole.
    per_amount = count.sign * count.weight.numerator * scale
    per_step = count.weight.denominator * count.measure
    pairs = zip(_numbers(count.values), _steps(term), strict=True)
    lost = [
        [per_amount * value - per_step * step for value, step in zip(*row, strict=True)]
        for row in pairs
    ]
    # A unit is in one of two parts; an edge may also be uncut, and then nothing is lost. Of two
    # sums the smaller one counts, whichever units are in it.
    if count.goal.form == "smaller":
        most = max(sum(max(0, one) for one in side) for side in zip(*lost, strict=True))
    else:
        most = sum(max(one) if count.goal.form == "units" else max(0, *one) for one in lost)
    return Fraction(most, scale * per_step)


def _numbers(values: npt.NDArray[Any]) -> Iterator[list[int]]:
    yield from values.reshape(len(values), -1).tolist()


def _steps(term: Term) -> Iterator[list[int]]:
    """List what the objective has for each unit or edge, in steps; costs of edges are negative."""
    sign = {"units": 1, "smaller": 2}.get(term.goal.form, -1)  # half of two sums are counted
    yield from (sign * term.coefficients).reshape(len(term.coefficients), -1).tolist()
