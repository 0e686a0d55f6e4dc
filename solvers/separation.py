"""Find the separators that a fractional point violates, by maximum flow.

A unit's value is also its capacity: how much of the part passes through it. Where less can flow
from a unit to the roots than the unit claims for itself, the units of the minimum cut separate it
from every root and together hold less of the part than it does. That cut is a violated row
``x[unit] <= sum(x[separator])``.

Two things make this quick and its rows good:

- *Creep flow* [1]_: every unit gets a little extra capacity, so that among cuts of about equal
  capacity the flow prefers the one with the fewest units. Sparse rows cut deeper: with 0.05 the
  relaxation of the United States converges in 180 rounds of 40 ms, with 1e-9 it does not in 500.
- The extra capacity also bounds the search: a layer of units around the target that is wide
  enough to carry the whole flow by its extra capacity alone can hold no interesting cut, so the
  search treats whatever lies beyond it as a root.

References
----------
.. [1] T. Koch, A. Martin, "Solving Steiner tree problems in graphs to optimality", Networks 32
   (1998) 207-232, doi:10.1002/(SICI)1097-0037(199810)32:3<207::AID-NET5>3.0.CO;2-O
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.graph import Graph
from solvers.kernel import kernel

TINY = 1e-12
"""Residual capacities below this count as used up."""


class Separators(NamedTuple):
    """Violated separator rows ``x[unit] <= sum(x[separator])``, one after the other."""

    units: npt.NDArray[np.int32]
    start: npt.NDArray[np.int64]
    members: npt.NDArray[np.int32]


def find_separators(
    graph: Graph,
    values: npt.NDArray[np.float64],
    roots: npt.NDArray[np.int32],
    gains: npt.NDArray[np.int64],
    *,
    creep: float,
    violation: float = 0.02,
    n_nested: int = 5,
    n_more: int = 5,
) -> Separators:
    """Find separators that `values` violates.

    Parameters
    ----------
    graph
        Graph of the units.
    values
        Share of each unit in the part, from 0 to 1, shape ``(n_units,)``.
    roots
        Units of which at least one belongs to the part.
    gains
        What each unit gains in the part; only units that gain are worth a row of their own.
    creep
        Extra capacity of every unit, above 0.
    violation
        Least violation of a row worth having.
    n_nested
        Further cuts sought for one target, each beyond the one before.
    n_more
        Further units behind one cut that get a row of their own.

    Returns
    -------
    Separators
        Rows violated by at least `violation`.
    """
    is_core = np.zeros(graph.n_units, np.bool_)
    is_core[roots] = True
    grow_core(graph.start, graph.neighbours, values, is_core)
    worthy = np.flatnonzero(~is_core & (values > violation) & (gains > 0))
    targets: npt.NDArray[np.int32] = worthy[np.argsort(-values[worthy], kind="stable")].astype(
        np.int32
    )
    is_root = np.zeros(graph.n_units, np.bool_)
    is_root[roots] = True
    return Separators(
        *cut_targets(
            graph.start,
            graph.neighbours,
            graph.reverse,
            values,
            is_root,
            is_core,
            targets,
            gains,
            creep,
            violation,
            n_nested,
            n_more,
        )
    )


@kernel
def grow_core(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    values: npt.NDArray[np.float64],
    is_core: npt.NDArray[np.bool_],
) -> None:
    """Extend the core by every unit that reaches it through units of value 1.

    No violated cut has such a unit on its far side or in it, for it carries a whole flow.
    """
    n_units = len(start) - 1
    stack = np.empty(n_units, np.int32)
    height = 0
    for unit in range(n_units):
        if is_core[unit]:
            stack[height] = unit
            height += 1
    while height > 0:
        height -= 1
        unit = stack[height]
        for arc in range(start[unit], start[unit + 1]):
            other = neighbours[arc]
            if not is_core[other] and values[other] >= 1.0 - 1e-6:
                is_core[other] = True
                stack[height] = other
                height += 1


@kernel
def mark_ball(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    is_core: npt.NDArray[np.bool_],
    centre: int,
    width: float,
    ball: npt.NDArray[np.int32],
    stamp: int,
    queue: npt.NDArray[np.int32],
) -> None:
    """Stamp the layers of units around `centre` up to the first with `width` units or more."""
    ball[centre] = stamp
    queue[0] = centre
    first, last = 0, 1
    while first < last:
        layer = last
        while first < layer:
            unit = queue[first]
            first += 1
            for arc in range(start[unit], start[unit + 1]):
                other = neighbours[arc]
                if ball[other] != stamp and not is_core[other]:
                    ball[other] = stamp
                    queue[last] = other
                    last += 1
        if last - layer >= width:
            break


@kernel
def find_path(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    reverse: npt.NDArray[np.int32],
    is_core: npt.NDArray[np.bool_],
    ball: npt.NDArray[np.int32],
    stamp: int,
    target: int,
    capacity: npt.NDArray[np.float64],
    through: npt.NDArray[np.float64],
    along: npt.NDArray[np.float64],
    into: npt.NDArray[np.int32],
    out_of: npt.NDArray[np.int32],
    queue: npt.NDArray[np.int32],
) -> tuple[int, int]:
    """Search breadth first for a path with residual capacity from `target` out of the ball.

    Every unit is split into an entrance and an exit. ``into`` and ``out_of`` hold the arc that
    reached each of them, -3 for the step between the two, -1 for the source, -2 for unreached.

    Returns
    -------
    tuple
        The arc that leaves (-1 without a path) and the length of the queue, whose entries are
        ``2 * unit`` for entrances and ``2 * unit + 1`` for exits.
    """
    into[:] = -2
    out_of[:] = -2
    out_of[target] = -1
    queue[0] = 2 * target + 1
    first, last = 0, 1
    while first < last:
        state = queue[first]
        first += 1
        unit = state >> 1
        if state & 1:
            for arc in range(start[unit], start[unit + 1]):
                other = neighbours[arc]
                if is_core[other] or ball[other] != stamp:
                    return arc, last
                if other != target and into[other] == -2:
                    into[other] = arc
                    queue[last] = 2 * other
                    last += 1
            if unit != target and through[unit] > TINY and into[unit] == -2:
                into[unit] = -3
                queue[last] = 2 * unit
                last += 1
        else:
            if out_of[unit] == -2 and capacity[unit] - through[unit] > TINY:
                out_of[unit] = -3
                queue[last] = 2 * unit + 1
                last += 1
            for arc in range(start[unit], start[unit + 1]):
                other = neighbours[arc]
                if along[reverse[arc]] > TINY and out_of[other] == -2:
                    out_of[other] = arc
                    queue[last] = 2 * other + 1
                    last += 1
    return -1, last


@kernel
def push(
    neighbours: npt.NDArray[np.int32],
    reverse: npt.NDArray[np.int32],
    final: int,
    capacity: npt.NDArray[np.float64],
    through: npt.NDArray[np.float64],
    along: npt.NDArray[np.float64],
    into: npt.NDArray[np.int32],
    out_of: npt.NDArray[np.int32],
    most: float,
) -> float:
    """Push as much flow as the path found last can carry, at most `most`, and return it."""
    amount = most
    for is_pushing in (False, True):
        unit = neighbours[reverse[final]]
        at_exit = True
        if is_pushing:
            along[final] += amount
        while not (at_exit and out_of[unit] == -1):
            arc = out_of[unit] if at_exit else into[unit]
            if at_exit and arc == -3:
                if is_pushing:
                    through[unit] += amount
                else:
                    amount = min(amount, capacity[unit] - through[unit])
            elif at_exit:
                if is_pushing:
                    along[reverse[arc]] -= amount
                else:
                    amount = min(amount, along[reverse[arc]])
                unit = neighbours[reverse[arc]]
            elif arc == -3:
                if is_pushing:
                    through[unit] -= amount
                else:
                    amount = min(amount, through[unit])
            else:
                if is_pushing:
                    along[arc] += amount
                unit = neighbours[reverse[arc]]
            at_exit = not at_exit
    return amount


@kernel
def mark_root_side(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    is_root: npt.NDArray[np.bool_],
    wall: npt.NDArray[np.int32],
    stamp: int,
    side: npt.NDArray[np.bool_],
    stack: npt.NDArray[np.int32],
) -> None:
    """Mark what the roots reach without the units that `wall` stamps."""
    side[:] = False
    height = 0
    for unit in range(len(start) - 1):
        if is_root[unit] and wall[unit] != stamp:
            side[unit] = True
            stack[height] = unit
            height += 1
    while height > 0:
        height -= 1
        unit = stack[height]
        for arc in range(start[unit], start[unit + 1]):
            other = neighbours[arc]
            if not side[other] and wall[other] != stamp:
                side[other] = True
                stack[height] = other
                height += 1


@kernel
def cut_targets(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    reverse: npt.NDArray[np.int32],
    values: npt.NDArray[np.float64],
    is_root: npt.NDArray[np.bool_],
    is_core: npt.NDArray[np.bool_],
    targets: npt.NDArray[np.int32],
    gains: npt.NDArray[np.int64],
    creep: float,
    violation: float,
    n_nested: int,
    n_more: int,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Cut each target off where that violates a row; see :func:`find_separators`."""
    n_units = len(start) - 1
    units = [np.int32(0) for _ in range(0)]
    ends = [0]
    members = [np.int32(0) for _ in range(0)]
    through, along = np.empty(n_units), np.empty(len(neighbours))
    into, out_of = np.empty(n_units, np.int32), np.empty(n_units, np.int32)
    queue = np.empty(2 * n_units, np.int32)
    ball, wall = np.full(n_units, -1, np.int32), np.full(n_units, -1, np.int32)
    side, stack = np.empty(n_units, np.bool_), np.empty(n_units, np.int32)
    is_covered = np.zeros(n_units, np.bool_)
    is_supplied = is_core.copy()
    behind = np.empty(n_units, np.int32)
    n_walls = 0
    for stamp in range(len(targets)):
        target = targets[stamp]
        if is_covered[target]:
            continue
        # Targets come in falling order of value, so a neighbour that receives its whole flow
        # passes on at least what this one claims.
        for arc in range(start[target], start[target + 1]):
            if is_supplied[neighbours[arc]]:
                is_supplied[target] = True
                break
        if is_supplied[target]:
            continue
        mark_ball(start, neighbours, is_core, target, 1.0 / creep, ball, stamp, queue)
        through[:] = 0.0
        along[:] = 0.0
        capacity = values + creep
        needed = values[target] - violation
        flow = 0.0
        n_cuts = 0
        while flow < needed and n_cuts < n_nested:
            final, last = find_path(
                start, neighbours, reverse, is_core, ball, stamp, target,
                capacity, through, along, into, out_of, queue,
            )  # fmt: skip
            if final >= 0:
                flow += push(
                    neighbours, reverse, final, capacity, through, along, into, out_of,
                    needed + 2 * violation - flow,
                )  # fmt: skip
                if flow >= needed and n_cuts == 0:
                    is_supplied[target] = True
                continue
            # The wall: units whose entrance was reached and whose exit was not.
            n_walls += 1
            held = 0.0
            n_behind = 0
            for position in range(last):
                unit = queue[position] >> 1
                if queue[position] & 1:
                    if n_cuts == 0:
                        is_covered[unit] = True
                    if unit != target and gains[unit] > 0:
                        behind[n_behind] = unit
                        n_behind += 1
                elif out_of[unit] == -2:
                    wall[unit] = n_walls
                    held += values[unit]
                    capacity[unit] += 2.0  # the next cut lies beyond
            if values[target] - held < violation:
                break
            mark_root_side(start, neighbours, is_root, wall, n_walls, side, stack)
            first_member = len(members)
            for position in range(last):
                unit = queue[position] >> 1
                if queue[position] & 1 or out_of[unit] != -2:
                    continue
                touches = False  # without a neighbour on the roots' side it separates nothing
                for arc in range(start[unit], start[unit + 1]):
                    touches = touches or side[neighbours[arc]]
                if touches:
                    members.append(unit)
            units.append(target)
            ends.append(len(members))
            n_cuts += 1
            # Others behind the same wall, those that gain most first.
            order = np.argsort(-gains[behind[:n_behind]])
            n_added = 0
            last_member = ends[-1]
            for position in order:
                if n_added >= n_more:
                    break
                unit = behind[position]
                if values[unit] - held >= violation:
                    for index in range(first_member, last_member):
                        members.append(members[index])
                    units.append(unit)
                    ends.append(len(members))
                    n_added += 1
    return (
        np.array(units, dtype=np.int32),
        np.array(ends, dtype=np.int64),
        np.array(members, dtype=np.int32),
    )
