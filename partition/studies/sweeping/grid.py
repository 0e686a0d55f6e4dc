"""The points of a sweep: which come first, what each begins with, and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product

import numpy as np

from partition.question.objectives import exact
from partition.question.question import Question
from partition.runs.run import Run
from partition.studies.running.missing import Failure
from partition.studies.running.worker import Job
from partition.studies.sweeping.axis import Axis, plain
from partition.studies.sweeping.bracket import Bracket
from partition.studies.sweeping.lines import WeightLines
from partition.studies.sweeping.region import ProvenRegion
from partition.studies.table import Row, row

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

    def __init__(self, base: Question, axes: tuple[Axis, ...]) -> None:
        self.axes = axes
        self._base = base
        self._found: dict[Place, Run] = {}
        self.failures: list[Failure] = []
        self._scenarios = {
            place: base.scenario.varied(self._settings(place))
            for place in product(*(range(len(axis.values)) for axis in axes))
        }
        self._places = {self.label(place): place for place in self._scenarios}
        self._waves = self.waves()[::-1]
        has_line = len(axes) == 1 and axes[0].is_weight and len(axes[0].values) > 1
        self._bracket = Bracket(WeightLines(base, axes[0]), axes[0]) if has_line else None

    @property
    def runs(self) -> Mapping[str, Run]:
        """Finished runs by the labels of their points, in order."""
        return {self.label(place): self._found[place] for place in sorted(self._found)}

    def _settings(self, place: Place) -> dict[str, float | int]:
        return {axis.key: axis.values[at] for axis, at in zip(self.axes, place, strict=True)}

    @property
    def questions(self) -> list[Question]:
        """What the points ask."""
        return [self._question(place) for place in self._scenarios]

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
        """State the run of a point."""
        return Job(self.label(place), self._question(place))

    def _question(self, place: Place) -> Question:
        """State what a point asks, anew each time: formulations of all points would not fit."""
        return self._base.asking(self._scenarios[place])

    def next_jobs(self) -> list[Job]:
        """State the runs of the next round; nothing at the end."""
        return [self.job(place) for place in self._waves.pop()] if self._waves else []

    def take(self, runs: Mapping[str, Run], failures: Sequence[Failure]) -> None:
        """Note what has come of some points, by their labels."""
        self.failures.extend(failures)
        for label, run in runs.items():
            place = self._places[label]
            self._found[place] = run
            if self._bracket is not None:
                self._bracket.add(label, exact(self.axes[0].values[place[0]]), run)

    def region(self, within: Fraction) -> ProvenRegion | None:
        """Say what is proven between the points of a weight; None where nothing is."""
        return None if self._bracket is None else self._bracket.proven(within)

    def rows(self) -> tuple[Row, ...]:
        """Measure the points, in order."""
        columns = {} if self._bracket is None else self._bracket.columns()
        return tuple(
            self._settings(place)
            | row(self.label(place), self._found[place])
            | goals(self._found[place], self.axes)
            | columns.get(self.label(place), {})
            for place in sorted(self._found)
        )


def goals(run: Run, axes: Sequence[Axis]) -> Row:
    """Say how much of each swept goal a plan has, in the goal's unit of measure."""
    swept = {axis.key: 1.0 for axis in axes if axis.is_weight}
    asked = run.question.asking(run.scenario.override(settings=swept))
    return {
        f"goal_{one.key}": float(np.round(one.amount, 6))
        for one in asked.account(run.plan)
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
