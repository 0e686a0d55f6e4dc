r"""Find violated joint separators: several units, one connection each, no unit connecting twice.

Take units :math:`a_1, \dots, a_k` and sets :math:`W_i \ni a_i` without a root. In a connected part
with a root, look at a tree that spans it from the root. Whenever :math:`a_i` belongs to the part,
some unit of the part lies in :math:`W_i` while its parent in the tree does not. A unit has one
parent, so it does this for at most

.. math:: u_v = \max_{t \in N(v)} |\{i : v \in W_i,\ t \notin W_i\}|

of the sets, and therefore

.. math:: \sum_i x_{a_i} \le \sum_v u_v x_v .

With one set this is the node separator that consists of the inner boundary of :math:`W_1`. With
several it can be stronger than their sum: where two sets share a unit of their boundaries, and no
neighbour of it lies outside both, that unit counts once instead of twice. It excludes what
separators allow: two cities, joined to the rest and to each other by three ways of half a
nation each.

The inequalities are the projection onto the units of the in-degree constraints of the directed
(arborescence) model, which is known to be stronger than node separators alone [1]_.

They are sought greedily around every unit that hangs on fractional ways: its own minimum cut is
the first wall; then, one after the other, the unit nearby joins whose minimum cut costs least when
units of the walls so far are free.

References
----------
.. [1] D. Rehfeldt, T. Koch, "Combining NP-hard reduction techniques and strong heuristics in an
   exact algorithm for the maximum-weight connected subgraph problem", SIAM Journal on Optimization
   29 (2019) 369-398, doi:10.1137/17M1145963
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.graph import Graph
from solvers.kernel import kernel
from solvers.separation import find_path, grow_core, mark_ball, push

MOST_SETS = 8
"""Most sets joined in one row."""
MOST_CANDIDATES = 6
"""Most units tried as the next target."""
PRESENT = 1e-6
"""Least value of a unit that counts as partly in the part."""


class JointSeparators(NamedTuple):
    """Rows ``sum(x[targets]) <= sum(factors * x[columns])``, one after the other."""

    target_start: npt.NDArray[np.int64]
    targets: npt.NDArray[np.int32]
    start: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int32]
    factors: npt.NDArray[np.int64]
    zone_start: npt.NDArray[np.int64]
    zones: npt.NDArray[np.int32]
    """Units that belong to one of the sets at least; no root may be among them."""


def find_joint_separators(
    graph: Graph,
    values: npt.NDArray[np.float64],
    roots: npt.NDArray[np.int32],
    gains: npt.NDArray[np.int64],
    *,
    creep: float,
    violation: float = 0.1,
) -> JointSeparators:
    """Find joint separators that `values` violates; parameters as in `find_separators`."""
    is_root = np.zeros(graph.n_units, np.bool_)
    is_root[roots] = True
    is_core = is_root.copy()
    grow_core(graph.start, graph.neighbours, values, is_core)
    terminal, owner = _terminals(graph, values, is_core, gains)
    return JointSeparators(
        *join_cuts(
            graph.start,
            graph.neighbours,
            graph.reverse,
            values,
            is_root,
            is_core,
            terminal,
            owner,
            creep,
            violation,
        )
    )


def _terminals(
    graph: Graph,
    values: npt.NDArray[np.float64],
    is_core: npt.NDArray[np.bool_],
    gains: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Choose what to connect: a unit of every piece that is all in, and every fractional peak.

    Returns
    -------
    tuple
        The chosen units, and for every unit the number of the choice that speaks for it, or -1.
    """
    is_whole = (values >= 1.0 - 1e-3) & ~is_core
    pieces = graph.label(is_whole.astype(np.int8))
    owner = np.full(graph.n_units, -1, np.int32)
    chosen: list[int] = []
    for piece in np.unique(pieces[is_whole]).tolist():
        members = np.flatnonzero((pieces == piece) & is_whole)
        owner[members] = len(chosen)
        chosen.append(int(members[np.argmax(gains[members])]))
    for unit in np.flatnonzero((values > 0.2) & ~is_whole & ~is_core & (gains > 0)).tolist():
        if values[unit] >= values[graph.of(unit)].max():
            owner[unit] = len(chosen)
            chosen.append(unit)
    return np.array(chosen, np.int32), owner


@kernel
def cut_off(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    reverse: npt.NDArray[np.int32],
    is_core: npt.NDArray[np.bool_],
    target: int,
    capacity: npt.NDArray[np.float64],
    needed: float,
    width: float,
    ball: npt.NDArray[np.int32],
    stamp: int,
    through: npt.NDArray[np.float64],
    along: npt.NDArray[np.float64],
    into: npt.NDArray[np.int32],
    out_of: npt.NDArray[np.int32],
    queue: npt.NDArray[np.int32],
) -> int:
    """Find the minimum cut around a target; -1 where `needed` can flow, else the queue's length."""
    mark_ball(start, neighbours, is_core, target, width, ball, stamp, queue)
    through[:] = 0.0
    along[:] = 0.0
    flow = 0.0
    while flow < needed:
        final, last = find_path(
            start, neighbours, reverse, is_core, ball, stamp, target,
            capacity, through, along, into, out_of, queue,
        )  # fmt: skip
        if final < 0:
            return last
        flow += push(
            neighbours, reverse, final, capacity, through, along, into, out_of, needed + 0.1 - flow
        )
    return -1


@kernel
def n_bits(mask: int) -> int:
    """Count the sets in a mask."""
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@kernel
def nearby(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    values: npt.NDArray[np.float64],
    is_core: npt.NDArray[np.bool_],
    owner: npt.NDArray[np.int32],
    mask: npt.NDArray[np.int64],
    zone: npt.NDArray[np.int32],
    n_zone: int,
    seen: npt.NDArray[np.int64],
    stamp: int,
    queue: npt.NDArray[np.int32],
    found: npt.NDArray[np.int32],
) -> int:
    """List the choices that the present units around the sets lead to; return how many."""
    last = 0
    n_found = 0
    for index in range(n_zone):
        unit = zone[index]
        if values[unit] > PRESENT:
            seen[unit] = stamp
            queue[last] = unit
            last += 1
    first = 0
    while first < last and n_found < len(found):
        unit = queue[first]
        first += 1
        for arc in range(start[unit], start[unit + 1]):
            other = neighbours[arc]
            if seen[other] == stamp or is_core[other] or values[other] <= PRESENT:
                continue
            seen[other] = stamp
            choice = owner[other]
            if choice < 0 or mask[other]:
                queue[last] = other
                last += 1
                continue
            is_new = True
            for index in range(n_found):
                is_new = is_new and found[index] != choice
            if is_new and n_found < len(found):
                found[n_found] = choice
                n_found += 1
    return n_found


@kernel
def close_zone(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    values: npt.NDArray[np.float64],
    is_root: npt.NDArray[np.bool_],
    mask: npt.NDArray[np.int64],
    closed: npt.NDArray[np.int64],
    zone: npt.NDArray[np.int32],
    n_zone: int,
) -> int:
    """Write to `closed` the sets widened by absent neighbours of present units; extend the zone.

    An absent unit costs nothing in a set, and inside it cannot be the way in.
    """
    for index in range(n_zone):
        closed[zone[index]] = mask[zone[index]]
    size = n_zone
    for index in range(n_zone):
        unit = zone[index]
        if values[unit] <= PRESENT:
            continue
        for arc in range(start[unit], start[unit + 1]):
            other = neighbours[arc]
            if values[other] <= PRESENT and not is_root[other]:
                if closed[other] == 0:
                    zone[size] = other
                    size += 1
                closed[other] |= mask[unit]
    return size


@kernel
def join_cuts(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    reverse: npt.NDArray[np.int32],
    values: npt.NDArray[np.float64],
    is_root: npt.NDArray[np.bool_],
    is_core: npt.NDArray[np.bool_],
    terminal: npt.NDArray[np.int32],
    owner: npt.NDArray[np.int32],
    creep: float,
    violation: float,
) -> tuple[
    npt.NDArray[np.int64],
    npt.NDArray[np.int32],
    npt.NDArray[np.int64],
    npt.NDArray[np.int32],
    npt.NDArray[np.int64],
    npt.NDArray[np.int64],
    npt.NDArray[np.int32],
]:
    """Grow a joint separator around each terminal; see :func:`find_joint_separators`."""
    n_units = len(start) - 1
    through, along = np.empty(n_units), np.empty(len(neighbours))
    into, out_of = np.empty(n_units, np.int32), np.empty(n_units, np.int32)
    queue = np.empty(2 * n_units, np.int32)
    ball = np.full(n_units, -1, np.int32)
    seen = np.full(n_units, -1, np.int64)
    mask, closed = np.zeros(n_units, np.int64), np.zeros(n_units, np.int64)
    is_wall = np.zeros(n_units, np.bool_)
    zone = np.empty(n_units, np.int32)
    factor = np.zeros(n_units, np.int64)
    targets = np.empty(MOST_SETS, np.int32)
    found = np.empty(MOST_CANDIDATES, np.int32)
    out_target_start, out_start, out_zone_start = [0], [0], [0]
    out_targets = [np.int32(0) for _ in range(0)]
    out_columns = [np.int32(0) for _ in range(0)]
    out_zones = [np.int32(0) for _ in range(0)]
    out_factors = [0 for _ in range(0)]
    stamp = 0
    for first in range(len(terminal)):
        n_sets, n_zone = 0, 0
        best_score = 0.0
        n_best = 0  # sizes of the row written last for this terminal
        capacity = values + creep
        following = terminal[first]
        while following >= 0 and n_sets < MOST_SETS:
            stamp += 1
            last = cut_off(
                start, neighbours, reverse, is_core, following, capacity,
                10.0, 1.0 / creep, ball, stamp, through, along, into, out_of, queue,
            )  # fmt: skip
            if last < 0:
                break
            bit = 1 << n_sets
            for position in range(last):
                unit = queue[position] >> 1
                is_near = queue[position] & 1
                if is_near or out_of[unit] == -2:
                    if mask[unit] == 0:
                        zone[n_zone] = unit
                        n_zone += 1
                    mask[unit] |= bit
                    if not is_near:
                        is_wall[unit] = True
                        capacity[unit] = 1e-9
            targets[n_sets] = following
            n_sets += 1
            if n_sets > 1:
                size = close_zone(start, neighbours, values, is_root, mask, closed, zone, n_zone)
                excess, norm = 0.0, 0.0
                for index in range(n_sets):
                    excess += values[targets[index]]
                for index in range(size):
                    unit = zone[index]
                    factor[unit] = 0
                    for arc in range(start[unit], start[unit + 1]):
                        entered = n_bits(closed[unit] & ~closed[neighbours[arc]])
                        factor[unit] = max(factor[unit], entered)
                    excess -= factor[unit] * values[unit]
                    norm += factor[unit] * factor[unit]
                score = excess / np.sqrt(norm + 1.0)
                if excess >= violation and score > best_score:
                    best_score = score
                    if n_best:  # the row before was worse: write over it
                        del out_targets[out_target_start[-2] :]
                        del out_columns[out_start[-2] :]
                        del out_factors[out_start[-2] :]
                        del out_zones[out_zone_start[-2] :]
                        out_target_start.pop()
                        out_start.pop()
                        out_zone_start.pop()
                    n_best = 1
                    for index in range(n_sets):
                        out_targets.append(targets[index])
                    for index in range(size):
                        out_zones.append(zone[index])
                        if factor[zone[index]]:
                            out_columns.append(zone[index])
                            out_factors.append(factor[zone[index]])
                    out_target_start.append(len(out_targets))
                    out_start.append(len(out_columns))
                    out_zone_start.append(len(out_zones))
                for index in range(size):
                    closed[zone[index]] = 0
            stamp += 1
            n_found = nearby(
                start, neighbours, values, is_core, owner, mask, zone, n_zone,
                seen, stamp, queue, found,
            )  # fmt: skip
            following = -1
            most = 0.05
            for index in range(n_found):
                candidate = terminal[found[index]]
                if mask[candidate]:
                    continue
                stamp += 1
                last = cut_off(
                    start, neighbours, reverse, is_core, candidate, capacity,
                    values[candidate] + 0.3, 1.0 / creep, ball, stamp,
                    through, along, into, out_of, queue,
                )  # fmt: skip
                if last < 0:
                    continue
                gain = values[candidate]
                for position in range(last):
                    unit = queue[position] >> 1
                    if not queue[position] & 1 and out_of[unit] == -2 and not is_wall[unit]:
                        gain -= values[unit]
                if gain > most:
                    most = gain
                    following = candidate
        for index in range(n_zone):
            mask[zone[index]] = 0
            is_wall[zone[index]] = False
    return (
        np.array(out_target_start, dtype=np.int64),
        np.array(out_targets, dtype=np.int32),
        np.array(out_start, dtype=np.int64),
        np.array(out_columns, dtype=np.int32),
        np.array(out_factors, dtype=np.int64),
        np.array(out_zone_start, dtype=np.int64),
        np.array(out_zones, dtype=np.int32),
    )
