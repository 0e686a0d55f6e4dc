"""What plans and bounds at some weights prove of all the weights between them.

The objective of a plan is ``value + weight * slope``: a line over the weight. The largest objective
of all plans is the upper envelope of such lines, and so convex. That holds it between two others:
from below the envelope of the plans that are known; from above, since a convex function lies below
its chords, the lower convex hull of the bounds at single weights, which are as good as values for
that. Where the two meet, the best plan is known. To look next where two neighbouring lines of the
known envelope cross is the dichotomic scheme of optimisation with two goals [1]_ [2]_.

Everything here is fractions: nothing is rounded.

References
----------
.. [1] J. L. Cohon, "Multiobjective Programming and Planning", Academic Press, 1978, chapter 6.
.. [2] Y. P. Aneja, K. P. K. Nair, "Bicriteria transportation problem", Management Science 25
   (1979) 73-78, doi:10.1287/mnsc.25.1.73
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from solvers.errors import InternalError


class Line(NamedTuple):
    """The objective of a plan over the weight."""

    value: Fraction
    slope: Fraction

    def at(self, weight: Fraction) -> Fraction:
        """Objective at a weight.

        Examples
        --------
        >>> Line(Fraction(9), Fraction(-2)).at(Fraction(3))
        Fraction(3, 1)
        """
        return self.value + weight * self.slope


class Stretch(NamedTuple):
    """Weights over which no other line that is known is higher."""

    number: int
    """Place of the line among those given."""
    low: Fraction
    high: Fraction


class Corner(NamedTuple):
    """A weight with what is known and what is proven there; between two corners both are linear."""

    weight: Fraction
    known: Fraction
    """Objective of the best plan known."""
    proven: Fraction
    """What no plan exceeds."""

    @property
    def unproven(self) -> Fraction:
        """How much better a plan could still be."""
        return self.proven - self.known


@dataclass(frozen=True, slots=True)
class Region:
    """Where the largest objective of all plans lies, from one weight to another.

    Parameters
    ----------
    corners
        From the lowest weight to the highest, at least two. What is known changes its sign at
        corners only.
    stretches
        Which line is the highest where; without a gap, from the lowest weight to the highest.
    """

    corners: tuple[Corner, ...]
    stretches: tuple[Stretch, ...]

    @property
    def worst(self) -> Corner:
        """Where most is unproven."""
        return max(self.corners, key=lambda one: one.unproven)

    @property
    def mean(self) -> Fraction:
        """What is unproven on average over the weights."""
        area = sum(
            (right.weight - left.weight) * (left.unproven + right.unproven) / 2
            for left, right in pairwise(self.corners)
        )
        return area / (self.corners[-1].weight - self.corners[0].weight)

    def at(self, weight: Fraction) -> Corner:
        """Say what is known and proven at a weight between the lowest and the highest."""
        place = bisect_right(self.corners[:-1], weight, key=lambda one: one.weight)
        left, right = self.corners[place - 1], self.corners[place]
        share = (weight - left.weight) / (right.weight - left.weight)
        return Corner(
            weight,
            left.known + share * (right.known - left.known),
            left.proven + share * (right.proven - left.proven),
        )

    def share_within(self, within: Fraction) -> Fraction:
        """Measure over which share of the weights a plan is known that is good enough.

        Parameters
        ----------
        within
            How much better than the known one a plan could still be, as a share of its objective.
        """
        total = Fraction(0)
        for left, right in pairwise(self.corners):
            excess = [one.unproven - within * abs(one.known) for one in (left, right)]
            total += (right.weight - left.weight) * _share_below(*excess)
        return total / (self.corners[-1].weight - self.corners[0].weight)


def _share_below(first: Fraction, last: Fraction) -> Fraction:
    """Say over which share of a way from one value to another it is 0 or less."""
    if max(first, last) <= 0:
        return Fraction(1)
    if min(first, last) > 0:
        return Fraction(0)
    return -min(first, last) / abs(last - first)


def region(
    lines: Sequence[Line],
    bounds: Mapping[Fraction, Fraction],
    slopes: tuple[Fraction, Fraction],
    low: Fraction,
    high: Fraction,
) -> Region | None:
    """Say what lines and bounds prove from one weight to another.

    Parameters
    ----------
    lines
        Of plans that meet the constraints at all weights, at least one.
    bounds
        What no plan exceeds at some of the weights.
    slopes
        Least and largest slope that the line of any plan may have.
    low, high
        The weights.

    Returns
    -------
    Region or None
        None where nothing is proven at all.

    Raises
    ------
    ValueError
        When there is no line, or the weights are not in order.
    InternalError
        When a plan is worth more than what is proven.

    Examples
    --------
    >>> lines = [Line(Fraction(22), Fraction(-2)), Line(Fraction(18), Fraction(0))]
    >>> bounds = {Fraction(0): Fraction(22), Fraction(4): Fraction(18)}
    >>> found = region(lines, bounds, (Fraction(-9), Fraction(0)), Fraction(0), Fraction(4))
    >>> found.worst
    Corner(weight=Fraction(2, 1), known=Fraction(18, 1), proven=Fraction(20, 1))
    """
    stretches = best_lines(lines, low, high)
    ceiling = lowest_ceiling(bounds, slopes, low, high)
    if not ceiling:
        return None
    zeros = (
        -line.value / line.slope for line in (lines[one.number] for one in stretches) if line.slope
    )
    weights = {low, high, *(one.low for one in stretches), *ceiling}
    weights |= {weight for weight in zeros if low < weight < high}
    tops, corners, place = sorted(ceiling.items()), [], 0
    for weight in sorted(weights):
        while place < len(stretches) - 1 and stretches[place].high <= weight:
            place += 1
        known = lines[stretches[place].number].at(weight)
        corner = Corner(weight, known, _between(tops, weight))
        if corner.unproven < 0:
            raise InternalError(
                f"At weight {float(weight):g} a plan is worth {float(corner.known)}, and no plan "
                f"is worth more than {float(corner.proven)}."
            )
        corners.append(corner)
    return Region(tuple(corners), stretches)


def best_lines(lines: Sequence[Line], low: Fraction, high: Fraction) -> tuple[Stretch, ...]:
    """Find the upper envelope of lines, without those that touch it in one point only.

    Raises
    ------
    ValueError
        When there is no line, or the weights are not in order.
    """
    if not lines or low >= high:
        raise ValueError(f"{len(lines)} lines from {low} to {high}; give one, and a range.")
    order = sorted(range(len(lines)), key=lambda number: lines[number][::-1])
    kept: list[Stretch] = []  # each from where it is higher than the one before
    for number in order:
        line = lines[number]
        while kept:
            before = lines[kept[-1].number]
            if line.slope > before.slope:
                start = (before.value - line.value) / (line.slope - before.slope)
                if start > kept[-1].low:
                    kept.append(Stretch(number, start, high))
                    break
            kept.pop()
        else:
            kept.append(Stretch(number, low, high))
    inside = [one for one in kept if one.low < high]
    ends = [*(one.low for one in inside[1:]), high]
    return tuple(one._replace(high=end) for one, end in zip(inside, ends, strict=True))


def lowest_ceiling(
    bounds: Mapping[Fraction, Fraction],
    slopes: tuple[Fraction, Fraction],
    low: Fraction,
    high: Fraction,
) -> dict[Fraction, Fraction]:
    """Find the largest convex function between two weights that bounds and slopes allow.

    Returns
    -------
    dict
        Its corners, among them both ends; nothing where there is no bound.
    """
    if not bounds:
        return {}
    weights = sorted({low, high, *bounds})
    least, most = slopes
    # The function rises by the largest slope at most to the right of a bound, and by the least
    # one, which is often below 0, at most falls: to the left it is no higher than that.
    tight: dict[Fraction, Fraction] = {}
    for order, slope in ((weights, most), (weights[::-1], least)):
        last: tuple[Fraction, Fraction] | None = None
        for weight in order:
            known = [tight[weight]] if weight in tight else []
            known += [bounds[weight]] if weight in bounds else []
            known += [last[1] + (weight - last[0]) * slope] if last else []
            if known:
                tight[weight] = min(known)
                last = weight, tight[weight]
    return dict(_lower_hull(sorted(tight.items())))


def _lower_hull(points: Sequence[tuple[Fraction, Fraction]]) -> list[tuple[Fraction, Fraction]]:
    """Find the lower convex hull of points in the order of their first coordinate [3]_.

    .. [3] A. M. Andrew, "Another efficient algorithm for convex hulls in two dimensions",
       Information Processing Letters 9 (1979) 216-219, doi:10.1016/0020-0190(79)90072-3
    """
    hull: list[tuple[Fraction, Fraction]] = []
    for x, y in points:
        while len(hull) > 1:
            (a, b), (c, d) = hull[-2:]
            if (d - b) * (x - a) < (y - b) * (c - a):
                break
            hull.pop()
        hull.append((x, y))
    return hull


def _between(corners: Sequence[tuple[Fraction, Fraction]], at: Fraction) -> Fraction:
    """Interpolate between corners."""
    place = bisect_right(corners[:-1], at, key=lambda one: one[0])
    (a, b), (c, d) = corners[place - 1], corners[place]
    return b + (at - a) * (d - b) / (c - a)
