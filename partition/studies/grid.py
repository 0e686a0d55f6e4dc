"""The points of a sweep: which come first, what each begins with, and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from partition.answer.outcome import Outcome
from partition.land.dataset import Dataset
from partition.question.formulate import formulate
from partition.question.objectives import weigh
from partition.scenario import Scenario
from partition.studies.axis import Axis, plain
from partition.studies.missing import Failure
from partition.studies.table import Row, row
from partition.studies.worker import Job
from solvers.contiguity import broken_constraint
from solvers.plan import Plan

N_NEIGHBOURS = 4
"""Plans of so many finished points are looked at for a start."""

Place = tuple[int, ...]
"""Number of the value on each axis."""


def name_point(axes: Sequence[Axis], place: Place) -> str:
    """Name a point by its values; no two points have one name.

    Examples
    --------
    >>> name_point([Axis("weights.border", (0.0, 0.5))], (1,))
    'border 0.5'
    """
    pairs = zip(axes, place, strict=True)
    return ", ".join(f"{axis.short} {plain(axis.values[at])}" for axis, at in pairs)


class Grid:
    """The points of a sweep and what is known of them so far."""

    def __init__(self, base: Scenario, axes: tuple[Axis, ...], dataset: Dataset) -> None:
        self.axes = axes
        self.dataset = dataset
        self.outcomes: dict[Place, Outcome] = {}
        self.failures: list[Failure] = []
        self._scenarios = {
            place: base.varied(self._settings(place))
            for place in product(*(range(len(axis.values)) for axis in axes))
        }

    def _settings(self, place: Place) -> dict[str, float | int]:
        return {axis.key: axis.values[at] for axis, at in zip(self.axes, place, strict=True)}

    def waves(self) -> list[list[Place]]:
        """Group the points so that each lies between points of earlier groups."""
        levels = [halving_levels(len(axis.values)) for axis in self.axes]
        waves: dict[int, list[Place]] = {}
        for place in self._scenarios:
            level = max(ranks[at] for ranks, at in zip(levels, place, strict=True))
            waves.setdefault(level, []).append(place)
        return [waves[level] for level in sorted(waves)]

    def label(self, place: Place) -> str:
        """Name a point."""
        return name_point(self.axes, place)

    def job(self, place: Place) -> Job:
        """State the run of a point, which begins with the best plan around it."""
        return Job(self.label(place), self._scenarios[place], self._start(place))

    def _start(self, place: Place) -> Plan | None:
        def distance(other: Place) -> int:
            return sum(abs(one - two) for one, two in zip(place, other, strict=True))

        near = sorted(self.outcomes, key=distance)[:N_NEIGHBOURS]
        if not near:
            return None
        formulation = formulate(self.dataset.units, self._scenarios[place])
        plans = [self.outcomes[other].plan for other in near]
        extended = [formulation.start(plan).assignment for plan in plans]
        values = {
            number: formulation.problem.objective(assignment)
            for number, assignment in enumerate(extended)
            if broken_constraint(formulation.problem, assignment) is None
        }
        return plans[max(values, key=lambda number: values[number])] if values else None

    def take(
        self, wave: Sequence[Place], outcomes: Mapping[str, Outcome], failures: Sequence[Failure]
    ) -> None:
        """Note what has come of some points."""
        self.failures.extend(failures)
        for place in wave:
            if self.label(place) in outcomes:
                self.outcomes[place] = outcomes[self.label(place)]

    def rows(self) -> tuple[Row, ...]:
        """Measure the points, in order."""
        return tuple(
            self._settings(place)
            | row(self.label(place), self.outcomes[place])
            | goals(self.outcomes[place], self.axes)
            for place in sorted(self.outcomes)
        )


def goals(outcome: Outcome, axes: Sequence[Axis]) -> Row:
    """Say how much of each swept goal a plan has, in the goal's unit of measure."""
    swept = {axis.key: 1.0 for axis in axes if axis.is_weight}
    weighed = weigh(outcome.dataset.units, outcome.scenario.override(settings=swept))
    account = weighed.account(outcome.plan.assignment)
    return {
        f"goal_{one.key}": float(np.round(one.amount, 6))
        for one in account
        if f"weights.{one.key}" in swept
    }


def halving_levels(n_values: int) -> list[int]:
    """Say in which round each value is looked at when intervals are halved, ends first.

    Examples
    --------
    >>> halving_levels(9)
    [0, 3, 2, 3, 1, 3, 2, 3, 0]
    """
    levels = [0] * n_values
    spans = [(0, n_values - 1, 1)]
    while spans:
        low, high, level = spans.pop()
        if high - low > 1:
            middle = (low + high) // 2
            levels[middle] = level
            spans += [(low, middle, level + 1), (middle, high, level + 1)]
    return levels
