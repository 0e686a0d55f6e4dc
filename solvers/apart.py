"""Plans to begin a search with that must be far from others: regions that grow over the border.

A region of one part that borders on the other changes sides, unit by unit, the next one always that
which loses least for what it adds to the distance, until the plan is far enough; what it cuts off
from the rest of its part goes along. That such a plan is good is not claimed: it is where a search
begins.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from solvers.contiguity import broken_constraint
from solvers.graphs.graph import Graph
from solvers.problem import FREE, Problem

Assignment = npt.NDArray[np.int8]
Ints = npt.NDArray[np.int64]


def grown_apart(
    problem: Problem,
    plans: Sequence[Assignment],
    held: npt.NDArray[np.int64],
    least: int,
    *,
    seconds: float = 10.0,
) -> Assignment | None:
    """Find a plan that meets a problem by changing the side of one region of a known plan.

    Parameters
    ----------
    problem
        What the plan must meet.
    plans
        Plans to grow regions in, shape ``(n_units,)`` each.
    held
        What each unit adds to the distance, at least 0, shape ``(n_units,)``.
    least
        Least distance from the plan that a region grows in.
    seconds
        After which no other region is begun.

    Returns
    -------
    numpy.ndarray or None
        The best of the plans that were found, None where none was.

    Examples
    --------
    >>> gains = np.array([[0, 9], [0, 1], [2, 0], [9, 0]])
    >>> path = Problem(gains, np.array([[0, 1], [1, 2], [2, 3]]))
    >>> best, held = np.array([1, 1, 0, 0], np.int8), np.array([1, 1, 1, 1])
    >>> grown_apart(path, [best], held, 1).tolist()
    [1, 0, 0, 0]
    """
    graph = Graph.from_edges(problem.n_units, problem.edges)
    started = time.monotonic()
    best: Assignment | None = None
    for plan in plans:
        for start in _starts(problem, plan):
            if time.monotonic() - started > seconds:
                return best
            region = _region(problem, graph, plan, held, least, start)
            found = problem.tight(_mended(graph, plan, region))
            if best is not None and problem.objective(found) <= problem.objective(best):
                continue
            if broken_constraint(problem, found) is None:
                best = found
    return best


def _losses(problem: Problem, plan: Assignment) -> Ints:
    """Say what each unit loses on the other side; what cut edges cost is left aside."""
    losses: Ints = np.where(plan == 1, problem.weights, -problem.weights)
    return losses


def _starts(problem: Problem, plan: Assignment) -> Iterator[int]:
    """List the free units on the border, those that lose least first."""
    pairs = problem.edges[plan[problem.edges[:, 0]] != plan[problem.edges[:, 1]]]
    units = np.unique(pairs)
    units = units[problem.fixed[units] == FREE]
    yield from units[np.argsort(_losses(problem, plan)[units], kind="stable")].tolist()


def _region(
    problem: Problem, graph: Graph, plan: Assignment, held: Ints, least: int, start: int
) -> list[int]:
    """Grow a region from a unit until it holds enough, or there is nothing left to grow into."""
    losses = _losses(problem, plan)
    region, total, seen = list[int](), 0, {start}
    ahead = [(0.0, start)]
    while ahead and total < least:
        _, unit = heapq.heappop(ahead)
        region.append(unit)
        total += int(held[unit])
        for other in graph.of(unit).tolist():
            if other in seen or plan[other] != plan[start] or problem.fixed[other] != FREE:
                continue
            seen.add(other)
            heapq.heappush(ahead, (float(losses[other]) / max(1.0, float(held[other])), other))
    return region


def _mended(graph: Graph, plan: Assignment, region: list[int]) -> Assignment:
    """Change the side of a region, and of what it cuts off from the largest part of its piece."""
    found, side = plan.copy(), plan[region[0]]
    piece = graph.label(plan)
    whole = piece == piece[region[0]]
    found[region] = 1 - side
    labels = graph.label(found)
    pieces, sizes = np.unique(labels[whole & (found == side)], return_counts=True)
    for one in pieces[np.argsort(-sizes, kind="stable")][1:].tolist():
        found[labels == one] = 1 - side
    return found
