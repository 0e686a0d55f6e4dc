"""Maximum flow through units with capacities, from one target outwards.

The separations cut a target off from whatever lies beyond a ball around it. They compute many small
flows on one graph, so memory is allocated once, and a flow can go on where the last one stopped
after capacities have grown. Flow goes along shortest ways [1]_, many of them after one search [2]_.

References
----------
.. [1] J. Edmonds, R. M. Karp, "Theoretical improvements in algorithmic efficiency for network flow
   problems", Journal of the ACM 19 (1972) 248-264, doi:10.1145/321694.321699
.. [2] E. A. Dinic, "Algorithm for solution of a problem of maximum flow in networks with power
   estimation", Soviet Mathematics Doklady 11 (1970) 1277-1280
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.graphs.graph import Arcs, Graph
from solvers.graphs.kernel import inner
from solvers.stop import Flag, Stop

TINY = 1e-12
"""Residual capacities below this count as used up."""


class Flow(NamedTuple):
    """Memory of a flow computation, reused from target to target.

    Every unit is split into an entrance and an exit, with its capacity between the two.
    """

    through: npt.NDArray[np.float64]
    """Flow from entrance to exit, shape ``(n_units,)``."""
    along: npt.NDArray[np.float64]
    """Flow along each arc, shape ``(2 * n_edges,)``."""
    into: npt.NDArray[np.int32]
    """Arc that reached the entrance; -3 for the step from the exit, -2 for none."""
    out_of: npt.NDArray[np.int32]
    """Arc that reached the exit; -3 for the step from the entrance, -2 for none, -1 the source."""
    queue: npt.NDArray[np.int32]
    """States reached: ``2 * unit`` for entrances, ``2 * unit + 1`` for exits."""
    ball: npt.NDArray[np.int32]
    """Stamp of the last ball around a target that held the unit, shape ``(n_units,)``."""
    inside: npt.NDArray[np.int32]
    """Units of the ball, the target first, from its middle outwards."""
    stop: Flag
    """True in its one place once the search is to end."""


def new_flow(graph: Graph, stop: Stop) -> Flow:
    """Allocate the memory of a flow computation, which ends early once the search is to end."""
    n_units = graph.n_units
    return Flow(
        np.empty(n_units),
        np.empty(len(graph.neighbours)),
        np.empty(n_units, np.int32),
        np.empty(n_units, np.int32),
        np.empty(2 * n_units, np.int32),
        np.full(n_units, -1, np.int32),
        np.empty(n_units, np.int32),
        stop.flag,
    )


@inner
def open_ball(
    arcs: Arcs,
    is_core: npt.NDArray[np.bool_],
    centre: int,
    width: float,
    stamp: int,
    flow: Flow,
) -> int:
    """Begin a flow in the layers of units around `centre` up to the first with `width` or more.

    Returns
    -------
    int
        How many units the ball has. Nothing outside it is looked at, so that the whole costs
        what the ball does, however large the graph.
    """
    start, neighbours, reverse = arcs.start, arcs.neighbours, arcs.reverse
    ball, inside = flow.ball, flow.inside
    ball[centre] = stamp
    inside[0] = centre
    first, last = 0, 1
    while first < last:
        layer = last
        while first < layer:
            unit = inside[first]
            first += 1
            for arc in range(start[unit], start[unit + 1]):
                other = neighbours[arc]
                if ball[other] != stamp and not is_core[other]:
                    ball[other] = stamp
                    inside[last] = other
                    last += 1
        if last - layer >= width:
            break
    for index in range(last):
        unit = inside[index]
        flow.through[unit] = 0.0
        for arc in range(start[unit], start[unit + 1]):
            flow.along[arc] = 0.0
            flow.along[reverse[arc]] = 0.0  # of units just outside as well
    return last


@inner
def push(
    arcs: Arcs,
    final: int,
    capacity: npt.NDArray[np.float64],
    most: float,
    flow: Flow,
) -> float:
    """Push as much flow as the way to an exit can carry, at most `most`, and return it."""
    neighbours, reverse = arcs.neighbours, arcs.reverse
    amount = most
    for is_pushing in (False, True):
        if amount <= TINY:
            return 0.0
        unit = neighbours[reverse[final]]
        at_exit = True
        if is_pushing:
            flow.along[final] += amount
        while not (at_exit and flow.out_of[unit] == -1):
            arc = flow.out_of[unit] if at_exit else flow.into[unit]
            if at_exit and arc == -3:
                if is_pushing:
                    flow.through[unit] += amount
                else:
                    amount = min(amount, capacity[unit] - flow.through[unit])
            elif at_exit:
                if is_pushing:
                    flow.along[reverse[arc]] -= amount
                else:
                    amount = min(amount, flow.along[reverse[arc]])
                unit = neighbours[reverse[arc]]
            elif arc == -3:
                if is_pushing:
                    flow.through[unit] -= amount
                else:
                    amount = min(amount, flow.through[unit])
            else:
                if is_pushing:
                    flow.along[arc] += amount
                unit = neighbours[reverse[arc]]
            at_exit = not at_exit
    return amount


@inner
def send(
    arcs: Arcs,
    is_core: npt.NDArray[np.bool_],
    stamp: int,
    target: int,
    n_inside: int,
    capacity: npt.NDArray[np.float64],
    lacking: float,
    flow: Flow,
) -> tuple[float, int]:
    """Search breadth first for ways from `target` out of the ball, and send flow along them.

    One search serves all exits that are as near as the first one it finds, each by its one way in
    the tree of the search: a ball has most of its exits in its last layer.

    Returns
    -------
    tuple
        What has been sent, until nothing is lacking (0 without a way), and the length of the queue.
    """
    start, neighbours, reverse = arcs.start, arcs.neighbours, arcs.reverse
    into, out_of, queue = flow.into, flow.out_of, flow.queue
    for index in range(n_inside):
        into[flow.inside[index]] = -2
        out_of[flow.inside[index]] = -2
    out_of[target] = -1
    queue[0] = 2 * target + 1
    first, last = 0, 1
    sent, is_found = 0.0, False
    while first < last and sent < lacking:
        state = queue[first]
        first += 1
        unit = state >> 1
        if state & 1:
            leaving = -1
            for arc in range(start[unit], start[unit + 1]):
                other = neighbours[arc]
                if is_core[other] or flow.ball[other] != stamp:
                    leaving = arc
                    break
                if not is_found and other != target and into[other] == -2:
                    into[other] = arc
                    queue[last] = 2 * other
                    last += 1
            if leaving >= 0:
                # Ways that share a unit with one before may have nothing left.
                sent += push(arcs, leaving, capacity, lacking + 0.1 - sent, flow)
                is_found = True
            elif not is_found and unit != target and into[unit] == -2 and flow.through[unit] > TINY:
                into[unit] = -3
                queue[last] = 2 * unit
                last += 1
        elif not is_found:
            if out_of[unit] == -2 and capacity[unit] - flow.through[unit] > TINY:
                out_of[unit] = -3
                queue[last] = 2 * unit + 1
                last += 1
            for arc in range(start[unit], start[unit + 1]):
                other = neighbours[arc]
                if flow.along[reverse[arc]] > TINY and out_of[other] == -2:
                    out_of[other] = arc
                    queue[last] = 2 * other + 1
                    last += 1
    return sent, last


@inner
def raise_flow(
    arcs: Arcs,
    is_core: npt.NDArray[np.bool_],
    stamp: int,
    target: int,
    n_inside: int,
    capacity: npt.NDArray[np.float64],
    sent: float,
    needed: float,
    flow: Flow,
) -> tuple[float, int]:
    """Send flow from `target` out of the ball until `needed` has been sent.

    Returns
    -------
    tuple
        What has been sent, and the length of the queue of the search that found no way on: its
        exits are the near side of a minimum cut, its entrances without exit the cut. -1 where
        all that was needed could be sent, or the search is to end.
    """
    while sent < needed and not flow.stop[0]:
        more, last = send(arcs, is_core, stamp, target, n_inside, capacity, needed - sent, flow)
        if more == 0.0:
            return sent, last
        sent += more
    return sent, -1
