"""What the finished runs of a sweep say of every weight: plans from below, bounds from above."""

from __future__ import annotations

from fractions import Fraction

from partition.question.objectives import exact
from partition.runs.run import Run
from partition.studies.sweeping.axis import Axis
from partition.studies.sweeping.lines import WeightLines
from partition.studies.sweeping.region import ProvenRegion, point_columns
from partition.studies.table import Row
from solvers.envelope import Line, Region, Stretch, region


class Bracket:
    """Plans and bounds of the points of a sweep so far.

    A plan meets the constraints at all weights, so that it counts at all of them.

    Parameters
    ----------
    lines
        How a plan of the sweep becomes a line over its weight.
    axis
        The weight; its first and its last value are the ends of the range.
    """

    def __init__(self, lines: WeightLines, axis: Axis) -> None:
        self.low, self.high = exact(axis.values[0]), exact(axis.values[-1])
        self.runs: dict[str, Run] = {}
        self._weights: dict[str, Fraction] = {}
        self._given = lines
        self._lines: dict[bytes, Line] = {}
        self._bounds: dict[Fraction, Fraction] = {}

    def add(self, label: str, weight: Fraction, run: Run) -> None:
        """Note what a run has found and proven; plans that a point had before go on counting."""
        self.runs[label], self._weights[label] = run, weight
        plan = run.plan.assignment
        if plan.tobytes() not in self._lines:
            self._lines[plan.tobytes()] = self._given.line(plan)
        bound = self._given.bound(run, weight)
        if bound is not None:
            self._bounds[weight] = min(bound, self._bounds.get(weight, bound))

    def region(self) -> Region | None:
        """Say what is known and proven over the range; None where nothing is proven."""
        if not self._lines:
            return None
        lines = list(self._lines.values())
        return region(lines, self._bounds, self._given.slopes, self.low, self.high)

    def steepness(self, found: Region, change: int) -> Fraction:
        """Say by how much the slopes of two neighbouring best plans differ.

        Parameters
        ----------
        found
            What is known and proven.
        change
            Number of the second of them among the stretches.
        """
        lines = list(self._lines.values())
        left, right = (lines[one.number] for one in found.stretches[change - 1 : change + 1])
        return right.slope - left.slope

    def proven(self, within: Fraction, ended: str = "") -> ProvenRegion | None:
        """State the region in plain values; None where nothing is proven."""
        found = self.region()
        if found is None:
            return None
        labels = [self._label(one) for one in found.stretches]
        return ProvenRegion.of(self._given.key, found, labels, within, ended)

    def columns(self) -> dict[str, Row]:
        """Say of each point, by its label, what is known and proven at its weight."""
        found = self.region()
        if found is None:
            return {}
        plans, key, columns = list(self._lines), self._given.key, {}
        for label, run in self.runs.items():
            number = plans.index(run.plan.assignment.tobytes())
            columns[label] = point_columns(found, number, key, self._weights[label])
        return columns

    def _label(self, stretch: Stretch) -> str:
        """Name a point whose plan is the best known over a stretch, if it can be one on it."""
        plan = list(self._lines)[stretch.number]
        own = [
            (not stretch.low <= self._weights[label] <= stretch.high, self._weights[label], label)
            for label, run in self.runs.items()
            if run.plan.assignment.tobytes() == plan
        ]
        return min(own)[2] if own else ""
