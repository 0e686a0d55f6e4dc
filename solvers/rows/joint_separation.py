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

import math
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.graphs.flow import Flow, new_flow, open_ball, raise_flow
from solvers.graphs.graph import Arcs, Graph
from solvers.graphs.kernel import inner, kernel
from solvers.rows.separation import MOST_MEMBERS, grow_core
from solvers.stop import Stop

MOST_SETS = 8
"""Most sets joined in one row."""
MOST_CANDIDATES = 3
"""Most units tried as the next target."""
N_SHARES = 2
"""Shares of the terminals, each of which may have a thread of its own."""
PRESENT = 1e-6
"""Least value of a unit that counts as partly in the part."""


class Room(NamedTuple):
    """Where the compiled loop writes the rows of a share, one after the other."""

    targets: npt.NDArray[np.int32]
    columns: npt.NDArray[np.int32]
    factors: npt.NDArray[np.int64]
    zones: npt.NDArray[np.int32]
    masks: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    """Where the targets, the columns and the zones of each row end, shape ``(n_rows + 1, 3)``."""


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
    masks: npt.NDArray[np.int64]
    """The sets that each of them belongs to, bit *i* for the set of target *i*."""


def find_joint_separators(
    graph: Graph,
    values: npt.NDArray[np.float64],
    roots: npt.NDArray[np.int32],
    gains: npt.NDArray[np.int64],
    *,
    creep: float | npt.NDArray[np.float64],
    violation: float = 0.1,
    worth_threads: int = 10,
    stop: Stop | None = None,
) -> list[JointSeparators]:
    """Find joint separators that `values` violates; parameters as in `find_separators`.

    The terminals are shared out, an item of the list returned for each share; where there are
    `worth_threads` or more, each share has a thread of its own.
    """
    stop = stop or Stop()
    is_root, is_core = _core(graph, values, roots)
    terminal, owner = _terminals(graph, values, is_core, gains)
    full = values + creep

    def grow(share: int) -> JointSeparators:
        """Grow a row around each terminal of a share."""
        n_most = len(terminal)
        size = max(MOST_MEMBERS, 4 * graph.n_units)
        room = Room(
            np.empty(n_most * MOST_SETS, np.int32),
            np.empty(size, np.int32),
            np.empty(size, np.int64),
            np.empty(size, np.int32),
            np.empty(size, np.int64),
            np.zeros((n_most + 1, 3), np.int64),
        )
        n_rows = join_cuts(
            graph.arcs,
            values,
            full,
            is_root,
            is_core,
            terminal,
            owner,
            share,
            float(np.max(creep)),
            violation,
            new_flow(graph, stop),
            room,
        )
        n_targets, n_columns, n_zones = room.ends[n_rows].tolist()
        target_start, start, zone_start = room.ends[: n_rows + 1].T
        return JointSeparators(
            target_start,
            room.targets[:n_targets],
            start,
            room.columns[:n_columns],
            room.factors[:n_columns],
            zone_start,
            room.zones[:n_zones],
            room.masks[:n_zones],
        )

    if len(terminal) < worth_threads:
        found = [grow(share) for share in range(N_SHARES)]
    else:
        with ThreadPoolExecutor(N_SHARES) as pool:
            found = list(pool.map(grow, range(N_SHARES)))
    stop.check()
    return found


def find_targets(
    graph: Graph,
    values: npt.NDArray[np.float64],
    roots: npt.NDArray[np.int32],
    gains: npt.NDArray[np.int64],
) -> npt.NDArray[np.int32]:
    """Choose the units to connect to the roots, as for joint separators."""
    return _terminals(graph, values, _core(graph, values, roots)[1], gains)[0]


def _core(
    graph: Graph, values: npt.NDArray[np.float64], roots: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Mark the roots, and what is connected to them without any doubt."""
    is_root = np.zeros(graph.n_units, np.bool_)
    is_root[roots] = True
    is_core = is_root.copy()
    grow_core(graph.arcs, values, is_core)
    return is_root, is_core


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
    owner = np.full(graph.n_units, -1, np.int32)
    whole = np.flatnonzero(is_whole)
    pieces, owner[whole] = np.unique(
        graph.label(is_whole.astype(np.int8))[whole], return_inverse=True
    )
    # Of each piece the unit that gains most, the first among equals.
    order = whole[np.lexsort((whole, -gains[whole], owner[whole]))]
    best = order[np.searchsorted(owner[order], np.arange(len(pieces)))]
    highest = np.zeros(graph.n_units)
    np.maximum.at(
        highest, np.repeat(np.arange(graph.n_units), graph.degrees), values[graph.neighbours]
    )
    is_peak = (values > 0.2) & (values >= highest) & ~is_whole & ~is_core & (gains > 0)
    peaks = np.flatnonzero(is_peak)
    owner[peaks] = len(best) + np.arange(len(peaks))
    return np.concatenate([best, peaks]).astype(np.int32), owner


@inner
def cut_off(
    arcs: Arcs,
    is_core: npt.NDArray[np.bool_],
    target: int,
    capacity: npt.NDArray[np.float64],
    needed: float,
    width: float,
    stamp: int,
    flow: Flow,
) -> int:
    """Find the minimum cut around a target; -1 where `needed` can flow, else the queue's length."""
    n_inside = open_ball(arcs, is_core, target, width, stamp, flow)
    _, last = raise_flow(arcs, is_core, stamp, target, n_inside, capacity, 0.0, needed, flow)
    return last


@inner
def keep_cut(last: int, flow: Flow, kept: npt.NDArray[np.int32]) -> int:
    """Copy the near side of a cut and its wall from the queue; return how many they are.

    Entries are twice the unit, and one more where it is on the near side.
    """
    n_kept = 0
    for position in range(last):
        entry = flow.queue[position]
        if entry & 1 or flow.out_of[entry >> 1] == -2:
            kept[n_kept] = entry
            n_kept += 1
    return n_kept


@inner
def n_bits(mask: int) -> int:
    """Count the sets in a mask."""
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@inner
def nearby(
    arcs: Arcs,
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
    start, neighbours = arcs.start, arcs.neighbours
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


@inner
def close_zone(
    arcs: Arcs,
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
    start, neighbours = arcs.start, arcs.neighbours
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


@inner
def weigh_row(
    arcs: Arcs,
    closed: npt.NDArray[np.int64],
    zone: npt.NDArray[np.int32],
    size: int,
    values: npt.NDArray[np.float64],
    factor: npt.NDArray[np.int64],
) -> tuple[float, float]:
    """Write the factor of every unit of the zone; return their weighted sum and sum of squares."""
    start, neighbours = arcs.start, arcs.neighbours
    held, norm = 0.0, 0.0
    for index in range(size):
        unit = zone[index]
        factor[unit] = 0
        for arc in range(start[unit], start[unit + 1]):
            entered = n_bits(closed[unit] & ~closed[neighbours[arc]])
            factor[unit] = max(factor[unit], entered)
        held += factor[unit] * values[unit]
        norm += factor[unit] * factor[unit]
    return held, norm


@kernel
def join_cuts(
    arcs: Arcs,
    values: npt.NDArray[np.float64],
    full: npt.NDArray[np.float64],
    is_root: npt.NDArray[np.bool_],
    is_core: npt.NDArray[np.bool_],
    terminal: npt.NDArray[np.int32],
    owner: npt.NDArray[np.int32],
    share: int,
    creep: float,
    violation: float,
    flow: Flow,
    room: Room,
) -> int:
    """Grow joint separators around a share of the terminals, keep the best of each; count them."""
    start = arcs.start
    targets, columns, factors = room.targets, room.columns, room.factors
    zones, masks, ends = room.zones, room.masks, room.ends
    capacity = full.copy()
    n_units = len(start) - 1
    seen = np.zeros(n_units, np.int64)
    mask, closed = np.zeros(n_units, np.int64), np.zeros(n_units, np.int64)
    is_wall = np.zeros(n_units, np.bool_)
    zone = np.empty(n_units, np.int32)
    factor = np.zeros(n_units, np.int64)
    kept = np.empty(2 * n_units, np.int32)
    chosen, found = np.empty(MOST_SETS, np.int32), np.empty(MOST_CANDIDATES, np.int32)
    n_rows = 0
    stamp = 0
    for first in range(share, len(terminal), N_SHARES):
        if ends[n_rows, 2] + n_units > len(zones) or flow.stop[0]:
            break
        n_sets, n_zone = 0, 0
        best_score = 0.0
        following = terminal[first]
        stamp += 1
        last = cut_off(
            arcs, is_core, following, capacity, 10.0, 1.0 / creep,
            stamp, flow,
        )  # fmt: skip
        if last < 0:
            continue
        n_kept = keep_cut(last, flow, kept)
        while following >= 0 and n_sets < MOST_SETS and not flow.stop[0]:
            for index in range(n_kept):
                unit = kept[index] >> 1
                if mask[unit] == 0:
                    zone[n_zone] = unit
                    n_zone += 1
                mask[unit] |= 1 << n_sets
                if not kept[index] & 1:
                    is_wall[unit] = True
                    capacity[unit] = 1e-9
            chosen[n_sets] = following
            n_sets += 1
            if n_sets > 1:
                size = close_zone(arcs, values, is_root, mask, closed, zone, n_zone)
                held, norm = weigh_row(arcs, closed, zone, size, values, factor)
                excess = -held
                for index in range(n_sets):
                    excess += values[chosen[index]]
                score = excess / math.sqrt(norm + 1.0)
                if excess >= violation and score > best_score:
                    best_score = score
                    # Written where the row after the last one goes: the best one stays there.
                    n_columns, n_zones = ends[n_rows, 1], ends[n_rows, 2]
                    for index in range(n_sets):
                        targets[ends[n_rows, 0] + index] = chosen[index]
                    for index in range(size):
                        unit = zone[index]
                        zones[n_zones] = unit
                        masks[n_zones] = closed[unit]
                        n_zones += 1
                        if factor[unit]:
                            columns[n_columns] = unit
                            factors[n_columns] = factor[unit]
                            n_columns += 1
                    ends[n_rows + 1, 0] = ends[n_rows, 0] + n_sets
                    ends[n_rows + 1, 1] = n_columns
                    ends[n_rows + 1, 2] = n_zones
                for index in range(size):
                    closed[zone[index]] = 0
            stamp += 1
            n_found = nearby(
                arcs, values, is_core, owner, mask, zone, n_zone,
                seen, stamp, flow.queue, found,
            )  # fmt: skip
            following = -1
            most = 0.05
            for index in range(n_found):
                candidate = terminal[found[index]]
                if mask[candidate]:
                    continue
                stamp += 1
                last = cut_off(
                    arcs, is_core, candidate, capacity,
                    values[candidate] + 0.3, 1.0 / creep, stamp, flow,
                )  # fmt: skip
                if last < 0:
                    continue
                gain = values[candidate]
                for position in range(last):
                    unit = flow.queue[position] >> 1
                    if not flow.queue[position] & 1 and flow.out_of[unit] == -2:
                        if not is_wall[unit]:
                            gain -= values[unit]
                if gain > most:
                    most = gain
                    following = candidate
                    n_kept = keep_cut(last, flow, kept)
        if best_score > 0.0:
            n_rows += 1
        for index in range(n_zone):
            unit = zone[index]
            mask[unit] = 0
            is_wall[unit] = False
            capacity[unit] = full[unit]
    return n_rows
