"""Dual ascent: a bound on connected sets of units, from the units that gain outwards.

A set of units that holds a root and hangs together is spanned by a tree that grows from the root,
in which every other unit is entered once, from a neighbour. Whoever takes in a unit that gains, the
*target*, enters every set around it somewhere. So a target may be charged as much as all ways into
a set around it have left of what their units lose: what it pays is charged to each of them, and the
set grows by the units that have nothing left. The ascent ends where each target has paid all that
it gains, or has a way to a root on which nothing is left [1]_.

What a target has paid for sets that hold a unit is its *potential* there. All potentials together
prove a bound (:mod:`solvers.rows.potentials`).

References
----------
.. [1] R. T. Wong, "A dual ascent approach for Steiner tree problems on a directed graph",
   Mathematical Programming 28 (1984) 271-287, doi:10.1007/BF02612335
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solvers.graphs.heap import heap_pop, heap_push
from solvers.graphs.kernel import inner, kernel
from solvers.stop import Flag


@inner
def spread_back(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    may_join: npt.NDArray[np.bool_],
    is_root: npt.NDArray[np.bool_],
    left: npt.NDArray[np.int64],
    target: int,
    mark: npt.NDArray[np.int64],
    stamp: int,
    queue: npt.NDArray[np.int32],
) -> tuple[int, int, bool]:
    """List the units with a way to the target on which nothing is left.

    Returns
    -------
    tuple
        How many there are, how many arcs lead to them, and whether a root is among them.
    """
    mark[target] = stamp
    queue[0] = target
    first, last, n_arcs = 0, 1, 0
    while first < last:
        unit = queue[first]
        first += 1
        n_arcs += start[unit + 1] - start[unit]
        for arc in range(start[unit], start[unit + 1]):
            other = neighbours[arc]
            if left[arc] == 0 and may_join[other] and mark[other] != stamp:
                if is_root[other]:
                    return last, n_arcs, True
                mark[other] = stamp
                queue[last] = other
                last += 1
    return last, n_arcs, False


@kernel
def ascend(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    may_join: npt.NDArray[np.bool_],
    is_root: npt.NDArray[np.bool_],
    left: npt.NDArray[np.int64],
    targets: npt.NDArray[np.int32],
    purses: npt.NDArray[np.int64],
    patience: npt.NDArray[np.float64],
    wanted: int,
    stop: Flag,
) -> npt.NDArray[np.int64]:
    """Let targets pay until none can, or all together have paid what is wanted.

    Parameters
    ----------
    start, neighbours
        The graph, as in :class:`solvers.graphs.graph.Graph`.
    may_join
        Whether a unit may be in the set, shape ``(n_units,)``.
    is_root
        Whether it is a root; of all roots the set holds one at least, shape ``(n_units,)``.
    left
        What may be charged for entering a unit from a neighbour, by the arc from the unit to the
        neighbour, shape ``(2 * n_edges,)``; what is charged is taken off.
    targets
        Units that may join and are no roots.
    purses
        What each of them can pay; what it pays is taken off.
    patience
        By how much more than its own the sets of a target count, where those around which little
        is charged pay first, shape ``(n_targets,)``.
    wanted
        What is enough.
    stop
        What ends the search.

    Returns
    -------
    numpy.ndarray
        Potentials, shape ``(n_targets, n_units)``.
    """
    n_units, n_targets = len(start) - 1, len(targets)
    potential = np.zeros((n_targets, n_units), np.int64)
    mark = np.full(n_units, -1, np.int64)
    queue = np.empty(n_units, np.int32)
    keys, heap = np.empty(n_targets + 1), np.empty(n_targets + 1, np.int32)
    size = 0
    for number in range(n_targets):
        degree = start[targets[number] + 1] - start[targets[number]]
        size = heap_push(keys, heap, size, degree * patience[number], number)
    stamp = 0
    paid = np.int64(0)
    while size > 0 and not stop[0]:
        number = heap[0]
        size = heap_pop(keys, heap, size)
        target = targets[number]
        while purses[number] > 0 and paid < wanted:
            stamp += 1
            n_inside, n_arcs, is_reached = spread_back(
                start, neighbours, may_join, is_root, left, target, mark, stamp, queue
            )
            if is_reached:
                break
            key = n_arcs * patience[number]
            if size > 0 and key > 1.2 * keys[0]:
                size = heap_push(keys, heap, size, key, number)
                break
            price = purses[number]
            for position in range(n_inside):
                unit = queue[position]
                for arc in range(start[unit], start[unit + 1]):
                    other = neighbours[arc]
                    if may_join[other] and mark[other] != stamp:
                        price = min(price, left[arc])
            for position in range(n_inside):
                unit = queue[position]
                potential[number, unit] += price
                for arc in range(start[unit], start[unit + 1]):
                    other = neighbours[arc]
                    if may_join[other] and mark[other] != stamp:
                        left[arc] -= price
            purses[number] -= price
            paid += price
    return potential


@kernel
def reach_forward(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    reverse: npt.NDArray[np.int32],
    may_join: npt.NDArray[np.bool_],
    is_root: npt.NDArray[np.bool_],
    left: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """Mark the units with a way from a root on which nothing is left, shape ``(n_units,)``."""
    n_units = len(start) - 1
    is_reached = np.zeros(n_units, np.bool_)
    stack = np.empty(n_units, np.int32)
    height = 0
    for unit in range(n_units):
        if is_root[unit] and may_join[unit]:
            is_reached[unit] = True
            stack[height] = unit
            height += 1
    while height > 0:
        height -= 1
        unit = stack[height]
        for arc in range(start[unit], start[unit + 1]):
            other = neighbours[arc]
            if may_join[other] and not is_reached[other] and left[reverse[arc]] == 0:
                is_reached[other] = True
                stack[height] = other
                height += 1
    return is_reached


@kernel
def surround(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    may_join: npt.NDArray[np.bool_],
    potential: npt.NDArray[np.int64],
) -> None:
    """Give units that may not join the potential of their highest neighbour that may.

    Nothing enters a set from them then, and what it costs to enter them is no matter.
    """
    for number in range(len(potential)):
        for unit in range(len(may_join)):
            if not may_join[unit]:
                for arc in range(start[unit], start[unit + 1]):
                    other = neighbours[arc]
                    if may_join[other] and potential[number, other] > potential[number, unit]:
                        potential[number, unit] = potential[number, other]


@kernel
def charges(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    potential: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Add up for each unit what potentials rise by on entering it, from the worst neighbour.

    Parameters
    ----------
    start, neighbours
        The graph.
    potential
        At least 0, shape ``(n_targets, n_units)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_units,)``.
    """
    n_targets, n_units = potential.shape
    risen = np.zeros(len(neighbours), np.int64)
    for number in range(n_targets):
        for unit in range(n_units):
            depth = potential[number, unit]
            if depth > 0:
                for arc in range(start[unit], start[unit + 1]):
                    other = potential[number, neighbours[arc]]
                    if depth > other:
                        risen[arc] += depth - other
    most = np.zeros(n_units, np.int64)
    for unit in range(n_units):
        for arc in range(start[unit], start[unit + 1]):
            most[unit] = max(most[unit], risen[arc])
    return most
