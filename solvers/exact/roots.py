"""Roots: units of which a part holds at least one, for separators to be rooted at.

A connected part has no unit that is known beforehand to belong to it. So the search splits in two:
either the part holds at least one unit of a set, and every unit of the part must then be connected
to the set, or it holds none of them. With a set of units that would cost too much to lose all
together, the second case is closed by adding up weights.

Every root is exempt from separators, and so is whatever hangs on it, whether the root itself ends
up in the part or not. So as soon as the search proves that one of them belongs to the part, that
one alone stands for the set (:meth:`solvers.exact.node.Node.settled`). In the United States (2016),
41 units were roots of one part, and one of them lay deep in the other: with all of them kept, 100 s
of computing left 45,500 votes between bound and plan; with the one that was proven on the way,
27,800.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.graphs.paths import UNREACHED, cheapest_ways
from solvers.model import Model

Limits = npt.NDArray[np.int8]


class Ranking(NamedTuple):
    """Units of one region, the hardest to lose first, and what each of them gains."""

    units: npt.NDArray[np.int32]
    gains: npt.NDArray[np.int64]


def rank_roots(model: Model, part: int, lower: Limits, upper: Limits) -> Ranking:
    """Rank the units of the region whose loss would cost a part most.

    Losing a unit costs at least the cheapest way from the other part's own territory to it: the
    gains of the units on the way, its own included.

    Parameters
    ----------
    model
        What to divide.
    part
        The part to be rooted.
    lower, upper
        Limits of the variables, shape ``(n_units,)``.

    Returns
    -------
    Ranking
        Empty where no unit may join the part.
    """
    gains = model.weights if part == 1 else -model.weights
    may_join = upper == 1 if part == 1 else lower == 0
    must_join = lower == 1 if part == 1 else upper == 0
    if may_join.any():
        # Other landmasses have no roots: they are few and small, and need none.
        mass = np.bincount(model.landmass, np.where(may_join, 1.0 + np.abs(gains), 0.0))
        on_main = model.landmass == int(np.argmax(mass))
        may_join, must_join = may_join & on_main, must_join & on_main
    if must_join.any():
        units = np.flatnonzero(must_join)
        best = units[np.argmax(gains[units])]
        return Ranking(np.array([best], np.int32), gains[[best]])
    if not may_join.any():
        return Ranking(np.empty(0, np.int32), np.empty(0, np.int64))
    depth = _depths(model, np.where(may_join, np.maximum(gains, 0), 0))
    hardest = int(np.argmax(np.where(may_join, depth, -1)))
    region = model.graph.label((may_join & (gains > 0)).astype(np.int8))
    units = np.flatnonzero(may_join & (region == region[hardest]))
    units = units[np.argsort(-depth[units], kind="stable")]
    return Ranking(units.astype(np.int32), gains[units])


def _depths(model: Model, costs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Measure the cheapest way from the units that cost nothing to each unit.

    Where none leads there, every way begins at its own price.
    """
    sources = np.flatnonzero(costs == 0)
    ways = cheapest_ways(model.graph.start, model.graph.neighbours, costs, sources)
    return np.where(ways == UNREACHED, costs, ways)
