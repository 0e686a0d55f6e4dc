r"""Find violated chains: a wall that whoever passes it must cut in two places.

Take a unit *a* and a wall, units that separate it from every root, and string the wall on chains:
walks along edges that cost something to cut. A part that holds *a* holds a unit of the wall, on
some chain. If it holds both ends of that chain, these are two units; for each end that it does not
hold, the chain is cut on the way there. Therefore

.. math:: 2 x_a \le \sum_{\text{chains}} \Bigl( x_{\text{first}} + x_{\text{last}}
          + \sum_{e \in \text{chain}} y_e \Bigr) .

A chain of one unit counts it twice, so that with such chains alone this is the node separator. A
ring around *a*, from any unit of it back to the same unit, says that whoever joins *a* to the rest
has two borders there. Without such rows a city is joined to the rest by a band of many units, a
little of each, and the border of the band costs no more than a little.

They are sought on planar graphs, where a closed walk separates *a* from a root if it crosses a
curve between the two an odd number of times. From a unit beside the band, the shortest odd walk
consists of two shortest ways and an edge between their ends [1]_.

References
----------
.. [1] C. Thomassen, "Embeddings of graphs with no short noncontractible cycles", Journal of
   Combinatorial Theory, Series B 48 (1990) 155-177, doi:10.1016/0095-8956(90)90115-G
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.errors import InternalError
from solvers.graphs.faces import Plane
from solvers.graphs.graph import Arcs, Graph
from solvers.graphs.kernel import inner, kernel
from solvers.stop import Stop

PRESENT = 1e-3
"""Least value of a unit that counts as partly in the part."""
MOST_SOURCES = 3
"""Most places beside the band where walks around a unit begin."""

Values = npt.NDArray[np.float64]
Chains = tuple[tuple[int, ...], ...]


class Tree(NamedTuple):
    """Shortest ways from a unit to units and, numbered after them, to wide faces."""

    reach: npt.NDArray[np.float64]
    """How far each vertex is, shape ``(n_vertices,)``."""
    before: npt.NDArray[np.int64]
    """The vertex before it on its way, -1 at the start."""
    is_odd: npt.NDArray[np.bool_]
    """Whether its way crosses the curve an odd number of times."""
    settled: npt.NDArray[np.int64]
    """The vertices reached for good, in their order."""


def find_chains(
    graph: Graph,
    plane: Plane,
    values: Values,
    cuts: Values,
    roots: npt.NDArray[np.int32],
    targets: npt.NDArray[np.int32],
    *,
    creep: float,
    violation: float,
    stop: Stop | None = None,
) -> Iterator[tuple[int, Chains]]:
    """Yield targets, each with the chains of a wall around it that `values` violates.

    Parameters
    ----------
    graph, plane
        What is divided, and its faces.
    values
        Share of each unit in the part, shape ``(n_units,)``.
    cuts
        Share to which each arc is cut, shape ``(n_arcs,)``; infinite where it costs nothing.
    roots
        Units of which the part holds one at least.
    targets
        Units to be separated from them.
    creep
        What every edge and every end of a chain costs besides, so that short walls are preferred.
    violation
        Least violation of a row, in units of its right side.
    stop
        What ends the search.

    Raises
    ------
    Halted
        Between two targets, when the search is to end.
    """
    stop = stop or Stop()
    n_units, n_vertices = graph.n_units, graph.n_units + len(plane.wide_start) - 1
    is_barred = np.zeros(n_units, np.bool_)
    is_barred[roots] = True
    sea = graph.label((values <= PRESENT).astype(np.int8))
    sea[values > PRESENT] = -1
    via, depth = find_curves(
        graph.reverse, plane.side, plane.start, plane.arcs, is_barred[plane.tail]
    )
    ends, arc_costs = values + creep, cuts + creep
    crossed = np.full(len(plane.side), -1, np.int64)
    seen, queue = np.full(n_units, -1, np.int64), np.empty(n_units, np.int64)
    tree = Tree(
        np.empty(n_vertices),
        np.empty(n_vertices, np.int64),
        np.empty(n_vertices, np.bool_),
        np.empty(n_vertices, np.int64),
    )
    shores = np.empty(MOST_SOURCES, np.int64)
    for target in targets.tolist():
        stop.check()
        if not mark_curve(graph.arcs, plane, via, depth, target, crossed):
            continue
        n_shores = find_shores(graph.arcs, sea, target, seen, queue, shores)
        was_barred, is_barred[target] = is_barred[target], True
        limit = 2.0 * values[target] - violation
        for shore in shores[:n_shores].tolist():
            if is_barred[shore]:
                continue
            one, two = find_walk(
                graph.arcs,
                plane,
                ends,
                arc_costs,
                is_barred,
                crossed,
                target,
                shore,
                limit,
                tree,
            )
            if one >= 0:
                yield target, _chains(_closed(tree.before, int(one), int(two)), values)
        is_barred[target] = was_barred


def _closed(before: npt.NDArray[np.int64], one: int, two: int) -> list[int]:
    """Join the ways to two vertices into a closed walk, without what both have in common."""
    ways = []
    for vertex in (one, two):
        way = [vertex]
        while before[way[-1]] >= 0:
            way.append(int(before[way[-1]]))
            if len(way) > len(before):
                raise InternalError(f"The way to {vertex} goes round in a circle: {way[-9:]}.")
        ways.append(way[::-1])
    n_common = 0
    while n_common < min(map(len, ways)) and ways[0][n_common] == ways[1][n_common]:
        n_common += 1
    return ways[0][n_common - 1 :] + ways[1][n_common:][::-1]


def _chains(walk: list[int], values: Values) -> Chains:
    """Part a closed walk at the faces that it crosses, or else at its least present unit."""
    n_units = len(values)
    faces = [place for place, vertex in enumerate(walk) if vertex >= n_units]
    if not faces:
        least = min(range(len(walk)), key=lambda place: (values[walk[place]], walk[place]))
        return ((*walk[least:], *walk[: least + 1]),)
    turned = walk[faces[0] :] + walk[: faces[0]]
    ends = [place - faces[0] for place in faces] + [len(walk)]
    chains = (tuple(turned[first + 1 : last]) for first, last in pairwise(ends))
    return tuple(sorted(chain for chain in chains if chain))


@kernel
def find_curves(
    reverse: npt.NDArray[np.int32],
    side: npt.NDArray[np.int32],
    start: npt.NDArray[np.int64],
    arcs: npt.NDArray[np.int32],
    is_source: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Find curves from the faces at the roots to every other face, crossing edges.

    Returns
    -------
    tuple
        For each face the arc of its own beyond which the curve goes on towards a root, -1 at a
        root and -2 where there is no way; and how far it is. Wide faces are far: walks leap across
        them, and a curve that passes there would not notice.
    """
    n_faces = len(start) - 1
    via, depth = np.full(n_faces, -2, np.int64), np.zeros(n_faces, np.int64)
    queue, waiting = np.empty(n_faces, np.int64), np.empty(n_faces, np.int64)
    first, last, n_waiting, next_waiting = 0, 0, 0, 0
    for arc in range(len(side)):
        face = side[arc]
        if is_source[arc] and via[face] == -2:
            via[face] = -1
            if start[face + 1] - start[face] > 3:
                depth[face] = 1_000_000
                waiting[n_waiting] = face
                n_waiting += 1
            else:
                queue[last] = face
                last += 1
    while first < last or next_waiting < n_waiting:
        if first < last:
            face = queue[first]
            first += 1
        else:
            face = waiting[next_waiting]
            next_waiting += 1
        for position in range(start[face], start[face + 1]):
            beyond = reverse[arcs[position]]
            other = side[beyond]
            if via[other] != -2:
                continue
            via[other] = beyond
            if start[other + 1] - start[other] > 3:
                depth[other] = depth[face] + 1_000_000
                waiting[n_waiting] = other
                n_waiting += 1
            else:
                depth[other] = depth[face] + 1
                queue[last] = other
                last += 1
    return via, depth


@kernel
def mark_curve(
    arcs: Arcs,
    plane: Plane,
    via: npt.NDArray[np.int64],
    depth: npt.NDArray[np.int64],
    target: int,
    crossed: npt.NDArray[np.int64],
) -> bool:
    """Mark by the target the arcs that its curve to a root crosses; say whether there is one."""
    start, reverse, side = arcs.start, arcs.reverse, plane.side
    nearest = -1
    for arc in range(start[target], start[target + 1]):
        face = side[arc]
        if via[face] != -2 and (nearest < 0 or depth[face] < depth[nearest]):
            nearest = face
    if nearest < 0:
        return False
    while via[nearest] >= 0:
        crossed[via[nearest]] = target
        crossed[reverse[via[nearest]]] = target
        nearest = side[reverse[via[nearest]]]
    return True


@kernel
def find_shores(
    arcs: Arcs,
    sea: npt.NDArray[np.int32],
    target: int,
    seen: npt.NDArray[np.int64],
    queue: npt.NDArray[np.int64],
    shores: npt.NDArray[np.int64],
) -> int:
    """List the nearest absent units around a target, one of each sea; return how many."""
    start, neighbours = arcs.start, arcs.neighbours
    n_found = 0
    seen[target] = target
    queue[0] = target
    first, last = 0, 1
    while first < last and n_found < len(shores):
        unit = queue[first]
        first += 1
        for arc in range(start[unit], start[unit + 1]):
            other = neighbours[arc]
            if seen[other] == target:
                continue
            seen[other] = target
            if sea[other] < 0:
                queue[last] = other
                last += 1
                continue
            is_new = n_found < len(shores)
            for place in range(n_found):
                is_new = is_new and sea[shores[place]] != sea[other]
            if is_new:
                shores[n_found] = other
                n_found += 1
    return n_found


@inner
def grow_tree(
    arcs: Arcs,
    plane: Plane,
    ends: npt.NDArray[np.float64],
    arc_costs: npt.NDArray[np.float64],
    is_barred: npt.NDArray[np.bool_],
    crossed: npt.NDArray[np.int64],
    target: int,
    source: int,
    limit: float,
    tree: Tree,
) -> int:
    """Grow the shortest ways from a unit (Dijkstra), along edges and across wide faces.

    Writes how far each vertex is, the vertex before it, and whether the way crosses the curve an
    odd number of times; lists the vertices that are reached for good and returns how many.
    """
    start, neighbours = arcs.start, arcs.neighbours
    wide_start, wide_corners = plane.wide_start, plane.wide_corners
    corner_start, corner_faces = plane.corner_start, plane.corner_faces
    reach, before, is_odd, settled = tree.reach, tree.before, tree.is_odd, tree.settled
    n_units = len(start) - 1
    reach[:] = np.inf
    reach[source] = 0.0
    before[source] = -1
    is_odd[source] = False
    is_done = np.zeros(len(reach), np.bool_)
    queue = [(0.0, np.int64(source))]
    n_settled = 0
    while len(queue) > 0:
        distance, vertex = heapq.heappop(queue)
        if is_done[vertex]:
            continue
        is_done[vertex] = True
        settled[n_settled] = vertex
        n_settled += 1
        if vertex >= n_units:
            face = vertex - n_units
            for place in range(wide_start[face], wide_start[face + 1]):
                other = wide_corners[place]
                far = distance + ends[other]
                if far < reach[other] and far <= limit and not is_barred[other]:
                    reach[other] = far
                    before[other] = vertex
                    is_odd[other] = is_odd[vertex]
                    heapq.heappush(queue, (far, np.int64(other)))
            continue
        for arc in range(start[vertex], start[vertex + 1]):
            other = neighbours[arc]
            far = distance + arc_costs[arc]
            if far < reach[other] and far <= limit and not is_barred[other]:
                reach[other] = far
                before[other] = vertex
                is_odd[other] = is_odd[vertex] != (crossed[arc] == target)
                heapq.heappush(queue, (far, np.int64(other)))
        for place in range(corner_start[vertex], corner_start[vertex + 1]):
            hub = n_units + corner_faces[place]
            far = distance + ends[vertex]
            if far < reach[hub] and far <= limit:
                reach[hub] = far
                before[hub] = vertex
                is_odd[hub] = is_odd[vertex]
                heapq.heappush(queue, (far, np.int64(hub)))
    return n_settled


@kernel
def find_walk(
    arcs: Arcs,
    plane: Plane,
    ends: npt.NDArray[np.float64],
    arc_costs: npt.NDArray[np.float64],
    is_barred: npt.NDArray[np.bool_],
    crossed: npt.NDArray[np.int64],
    target: int,
    source: int,
    limit: float,
    tree: Tree,
) -> tuple[np.int64, np.int64]:
    """Find the shortest odd closed walk by a unit: the ends of two ways in its tree, or -1."""
    # Of the shortest walk, both ends of the edge in its middle are at most half of it away.
    half = 0.5 * limit
    n_settled = grow_tree(
        arcs, plane, ends, arc_costs, is_barred, crossed, target, source, half, tree
    )
    return shortest_odd(arcs, plane, ends, arc_costs, crossed, target, limit, tree, n_settled)


@inner
def shortest_odd(
    arcs: Arcs,
    plane: Plane,
    ends: npt.NDArray[np.float64],
    arc_costs: npt.NDArray[np.float64],
    crossed: npt.NDArray[np.int64],
    target: int,
    limit: float,
    tree: Tree,
    n_settled: int,
) -> tuple[np.int64, np.int64]:
    """Find the two vertices between which the shortest odd closed walk leaves the tree, or -1."""
    start, neighbours = arcs.start, arcs.neighbours
    corner_start, corner_faces = plane.corner_start, plane.corner_faces
    reach, is_odd, settled = tree.reach, tree.is_odd, tree.settled
    n_units = len(start) - 1
    best, one, two = limit, np.int64(-1), np.int64(-1)
    for place in range(n_settled):
        unit = settled[place]
        if unit >= n_units:
            continue
        for arc in range(start[unit], start[unit + 1]):
            other = neighbours[arc]
            length = reach[unit] + arc_costs[arc] + reach[other]
            if length < best and is_odd[unit] != (is_odd[other] != (crossed[arc] == target)):
                best, one, two = length, unit, np.int64(other)
        for corner in range(corner_start[unit], corner_start[unit + 1]):
            hub = n_units + corner_faces[corner]
            length = reach[unit] + ends[unit] + reach[hub]
            if length < best and is_odd[unit] != is_odd[hub]:
                best, one, two = length, unit, np.int64(hub)
    return one, two
