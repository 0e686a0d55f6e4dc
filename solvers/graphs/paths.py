"""Cheapest ways through a graph whose units cost something to pass."""

from __future__ import annotations

import heapq

import numpy as np
import numpy.typing as npt

from solvers.graphs.kernel import interpreted, kernel
from solvers.graphs.kernel_cache import NotCompiled

UNREACHED = np.iinfo(np.int64).max
"""What a way costs where there is none."""

BARRED = -1
"""Cost of a unit that cannot be passed."""


def cheapest_ways(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    costs: npt.NDArray[np.int64],
    sources: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Measure the cheapest way from any source to each unit, both ends included (Dijkstra).

    Parameters
    ----------
    start, neighbours
        The graph, as in :class:`solvers.graphs.graph.Graph`.
    costs
        Cost of each unit, at least 0, or :data:`BARRED`; their sum must fit 64 bits.
    sources
        Where ways begin.

    Returns
    -------
    numpy.ndarray
        Costs of ways, :data:`UNREACHED` where there is none, shape ``(n_units,)``.
    """
    try:
        return spread_ways(start, neighbours, costs, sources)
    except NotCompiled:  # a tenth of a second on a country, once or twice before all is compiled
        return interpreted(spread_ways)(start, neighbours, costs, sources)


@kernel
def spread_ways(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    costs: npt.NDArray[np.int64],
    sources: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Do the work of :func:`cheapest_ways`."""
    reach = np.full(len(start) - 1, UNREACHED)
    queue = [(np.int64(0), np.int64(0)) for _ in range(0)]
    for source in sources:
        if costs[source] >= 0 and costs[source] < reach[source]:
            reach[source] = costs[source]
            heapq.heappush(queue, (reach[source], np.int64(source)))
    while len(queue) > 0:
        distance, unit = heapq.heappop(queue)
        if distance > reach[unit]:
            continue
        for arc in range(start[unit], start[unit + 1]):
            other = neighbours[arc]
            if costs[other] >= 0 and distance + costs[other] < reach[other]:
                reach[other] = distance + costs[other]
                heapq.heappush(queue, (reach[other], np.int64(other)))
    return reach
