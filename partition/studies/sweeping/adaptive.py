"""The weights at which the best plan changes, sought where the plans known so far cross.

A sweep that is given a weight from one value to another, and no number of values, begins with the
two ends. Then it looks where the objectives of two neighbouring plans of the best ones known are
equal: if any plan is better anywhere between, it is there that most of it could be
(:mod:`solvers.envelope`). It ends when everything between is proven to a tolerance, or with what it
has when runs or time are spent.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from partition.errors import InputError
from partition.question.question import Question
from partition.runs.run import Run
from partition.scenario import LONGEST, Scenario
from partition.studies.running.missing import Failure
from partition.studies.running.worker import Job
from partition.studies.sweeping.axis import MOST_STEPS, Axis, plain
from partition.studies.sweeping.bracket import Bracket
from partition.studies.sweeping.grid import goals, name_point
from partition.studies.sweeping.lines import WeightLines
from partition.studies.sweeping.region import ProvenRegion
from partition.studies.table import Row, row
from solvers.envelope import Corner, Region

POINTS = 17
"""Most points of a sweep that is given no number of values, unless another one is asked for."""

FINEST = Fraction(1, 10**6)
"""Tolerance where runs are to end at the best plan: rounding alone may leave less than that."""


@dataclass(frozen=True, slots=True)
class Effort:
    """When a sweep that chooses its own points ends.

    Parameters
    ----------
    within
        Tolerance: how much better than the best plan known any plan may still be at any weight, as
        a share of its objective; unless given, the gap that each run is asked for, and a millionth
        where that is 0.
    points
        Most points.
    total_time
        Seconds after which no more runs begin; None for no limit.

    Raises
    ------
    InputError
        When a value is not allowed.
    """

    within: float | None = None
    points: int = POINTS
    total_time: float | None = None

    def __post_init__(self) -> None:
        if self.within is not None and not 0 <= self.within <= 1:  # false for nan as well
            raise InputError(f"within = {self.within}: give a share from 0 to 1 (0.001 is 0.1 %).")
        if not 2 <= self.points <= MOST_STEPS:
            raise InputError(
                f"points = {self.points}: give a whole number from 2, for both ends, to "
                f"{MOST_STEPS}."
            )
        if self.total_time is not None and not 0 < self.total_time <= LONGEST:
            raise InputError(
                f"total time = {self.total_time}: give seconds above 0, at most {LONGEST:.0f} (a "
                "week)."
            )

    def tolerance(self, base: Scenario) -> Fraction:
        """State the tolerance of a sweep of a scenario."""
        if self.within is not None:
            return Fraction(repr(float(self.within)))
        return max(Fraction(repr(float(base.limits.gap))), FINEST)


def check_effort(effort: Effort, axes: Sequence[Axis]) -> None:
    """Refuse limits that say when to end where the values are given, and two axes without values.

    Raises
    ------
    InputError
        Which of them does not go with the axes.
    """
    is_adaptive = [axis.is_adaptive for axis in axes]
    if any(is_adaptive) and len(axes) > 1:
        open_axis = axes[is_adaptive.index(True)]
        low, high = map(plain, open_axis.values)
        raise InputError(
            f"{open_axis.key}: of two axes each needs its values; say how many, as in "
            f"{open_axis.key.split('.', 1)[1]}={low}:{high}:5."
        )
    if any(is_adaptive):
        return
    for name, given, nothing in (
        ("points", effort.points, POINTS),
        ("total time", effort.total_time, None),
    ):
        if given != nothing:
            raise InputError(
                f"{name} = {given}: the values of {axes[0].key} are given, and all of them are "
                "looked at; it goes with a range alone, such as border=0:200."
            )


class EnvelopeSearch:
    """Points of a sweep that are chosen one round after the other.

    Parameters
    ----------
    base
        What is asked but for the weight.
    axis
        The weight and both ends of its range.
    effort
        When to end.
    width
        Runs at a time.

    Raises
    ------
    InputError
        When the scenario cannot be asked at one of the ends, or time does not suffice for them.
    """

    def __init__(self, base: Question, axis: Axis, effort: Effort, width: int) -> None:
        self.failures: list[Failure] = []
        self._limits, self._axis = base.scenario.limits, axis
        self._effort, self._width = effort, width
        self._within = effort.tolerance(base.scenario)
        self._lines = WeightLines(base, axis)
        self.bracket = Bracket(self._lines, axis)
        for end in (self.bracket.low, self.bracket.high):
            self._lines.at(end)
        self.step = Fraction(1, 10 ** self._lines.decimals(self.bracket.high))
        self._asked: dict[Fraction, str] = {}
        self._began = time.monotonic()
        self._ended = ""
        self._check_time()

    @property
    def runs(self) -> Mapping[str, Run]:
        """Finished runs by the labels of their points, in the order of the weights."""
        found = self.bracket.runs
        labels = (label for _, label in sorted(self._asked.items()))
        return {label: found[label] for label in labels if label in found}

    @property
    def questions(self) -> list[Question]:
        """What both ends ask."""
        return [self._lines.at(one) for one in (self.bracket.low, self.bracket.high)]

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The weight and the values that were looked at."""
        return (Axis(self._axis.key, tuple(map(float, sorted(self._asked)))),)

    def next_jobs(self) -> list[Job]:
        """State the runs of the next round; nothing at the end."""
        jobs = []
        for weight in self._next_weights():
            self._asked[weight] = name_point((Axis(self._axis.key, (float(weight),)),), (0,))
            jobs.append(Job(self._asked[weight], self._lines.at(weight)))
        return jobs

    def take(self, runs: Mapping[str, Run], failures: Sequence[Failure]) -> None:
        """Note what has come of the runs of a round, by label."""
        self.failures.extend(failures)
        for weight, label in self._asked.items():
            if label in runs:
                self.bracket.add(label, weight, runs[label])

    def rows(self) -> tuple[Row, ...]:
        """Measure the points, in order."""
        columns, found = self.bracket.columns(), self.bracket.runs
        return tuple(
            {self._axis.key: float(weight)}
            | row(label, found[label])
            | goals(found[label], self.axes)
            | columns.get(label, {})
            for weight, label in sorted(self._asked.items())
            if label in found
        )

    def region(self, within: Fraction) -> ProvenRegion | None:
        """Say what is proven of the whole range; None where nothing is."""
        return self.bracket.proven(within, self._ended)

    def _next_weights(self) -> list[Fraction]:
        if not self._asked:
            return [self.bracket.low, self.bracket.high]
        found = self.bracket.region()
        if found is None:
            return []
        wanted = self._wanted(found)
        n_left = self._effort.points - len(self._asked)
        if wanted and not n_left:
            self._ended = (
                f"{self._effort.points:,} points were looked at, the most that was asked for; "
                "with more of them (--points) the same sweep goes on from there."
            )
        elif wanted and self._is_late():
            self._ended = (
                f"The {self._effort.total_time:,g} s of the study are over (--total-time); asked "
                "again, it goes on from there."
            )
        else:
            return wanted[: min(n_left, self._width)]
        return []

    def _wanted(self, found: Region) -> list[Fraction]:
        """List the weights at which a run may prove more, from where most is unproven."""
        steepness = {
            one.low: self.bracket.steepness(found, number)
            for number, one in enumerate(found.stretches)
            if number
        }
        # What is unproven is convex along a plan, and so most of it, as a share of the objective,
        # is where plans change, where the objective is 0, or at the ends.
        changes = [one for one in found.corners if one.weight in steepness or not one.known]
        changes.sort(key=lambda one: one.unproven, reverse=True)
        wanted = [
            self._near(corner, steepness.get(corner.weight, Fraction(1)))
            for corner in changes
            if self._is_open(corner)
            and corner.weight not in self._asked
            and self._is_worth_a_run(corner, found)
        ]
        given = list(dict.fromkeys(one for one in wanted if one is not None))
        if not given and any(map(self._is_open, found.corners)):
            self._ended = self._why_open()
        return given

    def _why_open(self) -> str:
        """Say why something is left unproven where no run would prove more."""
        if all(one.result.gap == 0 for one in self.bracket.runs.values()):
            return f"Weights were chosen in steps of {float(self.step):g}, and none finer."
        return (
            "What is left is what the runs leave unproven: allow each of them more (--time-limit), "
            "or ask for a smaller gap (--gap)."
        )

    def _tolerance(self, corner: Corner) -> Fraction:
        return self._within * abs(corner.known)

    def _is_open(self, corner: Corner) -> bool:
        return corner.unproven > self._tolerance(corner)

    def _around(self, weight: Fraction) -> tuple[Fraction, Fraction]:
        """Find the nearest points on both sides."""
        return (
            max(one for one in self._asked if one < weight),
            min(one for one in self._asked if one > weight),
        )

    def _is_worth_a_run(self, corner: Corner, found: Region) -> bool:
        """Whether more is unproven at a weight than a run like those beside it would leave."""
        left, right = map(found.at, self._around(corner.weight))
        share = (corner.weight - left.weight) / (right.weight - left.weight)
        likely = left.unproven + share * (right.unproven - left.unproven)
        return likely <= self._tolerance(corner) or corner.unproven > likely * 6 / 5

    def _near(self, corner: Corner, steepness: Fraction) -> Fraction | None:
        """Choose a short decimal so near that it does as well; None where all were looked at.

        Where neighbouring plans cross, no more than a quarter of the tolerance is lost by it.
        """
        weight = corner.weight
        left, right = self._around(weight)
        room = min(
            (weight - left) / 2, (right - weight) / 2, self._tolerance(corner) / 4 / steepness
        )
        step = Fraction(10 ** len(str(int(right))))
        while step >= self.step:
            near = round(weight / step) * step
            if abs(near - weight) <= room:
                return near
            step /= 10
        both = (floor(weight / self.step) * self.step, ceil(weight / self.step) * self.step)
        free = [one for one in both if left < one < right]
        return min(free, key=lambda one: abs(one - weight), default=None)

    def _is_late(self) -> bool:
        total = self._effort.total_time
        return total is not None and time.monotonic() - self._began + self._longest > total

    @property
    def _longest(self) -> float:
        """Seconds that a run takes at most; where rounds end it, as long as any has taken."""
        limits, found = self._limits, self.bracket.runs.values()
        if limits.iterations is None:
            return limits.time_limit
        return max((one.result.runtime for one in found), default=0.0)

    def _check_time(self) -> None:
        total, needed = self._effort.total_time, self._longest * (1 if self._width > 1 else 2)
        if total is not None and needed > total:
            raise InputError(
                f"total time = {total:g}: the runs at both ends may take {needed:g} s; "
                "give at least that, or each run less (--time-limit)."
            )
