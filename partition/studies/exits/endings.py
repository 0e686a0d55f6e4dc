"""How the end of a cascade depends on the threshold: every threshold at which it changes, exactly.

A threshold matters only through which shares reach it, so that nothing changes between two shares
that follow each other. Where all that may follow does, and nobody returns, a mover joins exactly
where a way leads to it on which every mover reaches the threshold: the best way to each of them,
that whose least share is largest, gives all ends at once (a maximum spanning tree, found as by
Prim). In all other cases the cascade is followed for one threshold after the other; since only
comparisons decide, it stays the same up to the least share that was found to reach the threshold.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from partition.studies.exits.course import Marks, follow
from partition.studies.exits.ground import NEVER, Ground
from partition.studies.exits.rules import ExitRules

WHOLE_RANGE = (Fraction(0), Fraction(1))
"""All thresholds."""


@dataclass(frozen=True, slots=True, eq=False)
class Ending:
    """The end of a cascade for all thresholds of a stretch.

    Parameters
    ----------
    above
        The stretch begins above this threshold; None where it begins with the lowest one.
    up_to
        It ends with this threshold.
    leaves
        Whether each row belongs to the leaving nation, shape ``(n_rows,)``.
    """

    above: Fraction | None
    up_to: Fraction
    leaves: Marks

    def holds_for(self, threshold: Fraction) -> bool:
        """Whether a threshold lies in the stretch."""
        return (self.above is None or self.above < threshold) and threshold <= self.up_to


def endings(
    ground: Ground, rules: ExitRules, between: tuple[Fraction, Fraction] = WHOLE_RANGE
) -> Iterator[Ending]:
    """Find the end for every threshold of a range, from the lowest one upwards.

    Parameters
    ----------
    ground
        The land.
    rules
        Which moves there are; the threshold in them is not looked at.
    between
        The lowest and the highest threshold.

    Yields
    ------
    Ending
        Stretches that follow each other, the ends of two neighbours different.
    """
    low, high = between
    found = _free_ends if rules.is_free else _followed_ends
    above: Fraction | None = None
    up_to, end = low, None
    for level, leaves in found(ground, rules, ground.cut(low)):
        if end is not None and not np.array_equal(end, leaves):
            yield Ending(above, up_to, end)
            above, end = up_to, None
        end = leaves if end is None else end
        up_to = high if level is None else min(ground.shares[level], high)
        if up_to == high:
            break
    if end is not None:
        yield Ending(above, up_to, end)


def _followed_ends(
    ground: Ground, rules: ExitRules, cut: int
) -> Iterator[tuple[int | None, Marks]]:
    """Follow the cascade for one threshold after the other: up to which level, and its end."""
    course = follow(ground, rules, cut)
    while (level := course.least_level) is not None:
        yield level, course.end
        course = follow(ground, rules, level + 1, course)
    yield None, course.end


def _free_ends(ground: Ground, _: ExitRules, cut: int) -> Iterator[tuple[int | None, Marks]]:
    """Say for each level up to which movers join, and who does."""
    reach = widest(ground)
    rows = reach[ground.mover_of]
    for level in np.unique(reach[reach >= cut]).tolist():
        yield level, ground.starts | (rows >= level)
    yield None, ground.starts


def widest(ground: Ground) -> npt.NDArray[np.int64]:
    """Find the largest least level on any way from the leaving nation to each mover.

    Returns
    -------
    numpy.ndarray
        Level up to which a mover joins, :data:`~partition.studies.exits.ground.NEVER` where it
        never does or has left from the beginning, shape ``(n_movers,)``.
    """
    reach = np.full(len(ground.members), NEVER, np.int64)
    is_done = np.zeros(len(ground.members), np.bool_)
    top = len(ground.shares)
    heap = [(-top, mover) for mover, rows in enumerate(ground.members) if ground.starts[rows[0]]]
    heapq.heapify(heap)
    while heap:
        width, mover = heapq.heappop(heap)
        if is_done[mover]:
            continue
        is_done[mover] = True
        if -width < top:
            reach[mover] = -width
        for row in ground.members[mover]:
            for near in ground.neighbours[row]:
                other = int(ground.mover_of[near])
                level = int(ground.level[other])
                if not is_done[other] and level != NEVER:
                    heapq.heappush(heap, (max(width, -level), other))
    return reach
