"""What hangs on each unit alone: what its part would lose with it.

A city at the end of a corridor hangs on every unit of the corridor. To pass there seems to cost the
other part nothing, since it gains in the corridor's units; it costs the city. Whoever looks for the
cheapest way through a part has to count that, or each corridor is cut where it is first met.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solvers.graphs.kernel import kernel
from solvers.primal.task import Assignment, Task


@kernel
def weigh_hanging(task: Task, plan: Assignment, part: int) -> npt.NDArray[np.float64]:
    """Add up what each unit of a part alone joins to the rest of its piece, in weights.

    A depth-first search finds, in one pass, the blocks that part when a unit leaves [1]_. Of these
    the one that gains most stays with the part; the others are what hangs on the unit.

    Parameters
    ----------
    task
        The problem.
    plan
        Part of each unit, shape ``(n_units,)``.
    part
        The part whose units are weighed.

    Returns
    -------
    numpy.ndarray
        What the part gains in all that hangs on a unit, without the unit itself; 0 where nothing
        does or what does loses, and in the other part, shape ``(n_units,)``.

    References
    ----------
    .. [1] J. Hopcroft, R. Tarjan, "Algorithm 447: efficient algorithms for graph manipulation",
       Communications of the ACM 16 (1973) 372-378, doi:10.1145/362248.362272
    """
    start, neighbours = task.start, task.neighbours
    n_units = len(plan)
    sign = 1.0 if part == 1 else -1.0
    entry = np.full(n_units, -1, np.int32)
    low = np.empty(n_units, np.int32)  # the earliest unit that a subtree touches
    above = np.full(n_units, -1, np.int32)
    place = start[:-1].copy()
    held = np.zeros(n_units)  # what the subtree of a unit gains
    severed = np.zeros(n_units)  # what those subtrees gain that touch nothing above the unit
    largest = np.full(n_units, -np.inf)  # what the best of them gains
    order = np.empty(n_units, np.int32)
    hanging = np.zeros(n_units)
    for root in range(n_units):
        if plan[root] != part or entry[root] >= 0:
            continue
        entry[root] = low[root] = 0
        order[0], n_seen, unit = root, 1, root
        held[root] = sign * task.weights[root]
        while unit >= 0:
            if place[unit] < start[unit + 1]:
                other = neighbours[place[unit]]
                place[unit] += 1
                if plan[other] != part:
                    continue
                if entry[other] < 0:
                    entry[other] = low[other] = n_seen
                    order[n_seen] = other
                    n_seen += 1
                    above[other] = unit
                    held[other] = sign * task.weights[other]
                    unit = other
                else:
                    low[unit] = min(low[unit], entry[other])
                continue
            parent = above[unit]
            if parent >= 0:
                held[parent] += held[unit]
                low[parent] = min(low[parent], low[unit])
                if low[unit] >= entry[parent]:
                    severed[parent] += held[unit]
                    largest[parent] = max(largest[parent], held[unit])
            unit = parent
        for index in range(n_seen):
            unit = order[index]
            if largest[unit] > -np.inf:
                parted, best = severed[unit], largest[unit]
                if unit != root:  # what is above it falls apart from it as well
                    rest = held[root] - severed[unit] - sign * task.weights[unit]
                    parted, best = parted + rest, max(best, rest)
                hanging[unit] = max(0.0, parted - best)
    return hanging
