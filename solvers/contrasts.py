"""Few of many plans that show what all of them disagree on.

Each plan that is chosen shows units that weigh as much as possible in a part in which no plan
before has them: the greedy way to cover a set. What it shows weighs at least 63 % of what as many
plans could show at all, the first plan being given [1]_. Plans are looked at again only where they
may be the next one [2]_.

References
----------
.. [1] G. L. Nemhauser, L. A. Wolsey, M. L. Fisher, "An analysis of approximations for maximizing
   submodular set functions I", Mathematical Programming 14 (1978) 265-294,
   doi:10.1007/BF01588971
.. [2] M. Minoux, "Accelerated greedy algorithms for maximizing submodular set functions",
   Optimization Techniques, Lecture Notes in Control and Information Sciences 7 (1978) 234-243,
   doi:10.1007/BFb0006528
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heapreplace

import numpy as np
import numpy.typing as npt


def contrasting(
    plans: Sequence[npt.NDArray[np.int8]],
    first: npt.NDArray[np.int8],
    weights: npt.NDArray[np.int64],
    most: int,
) -> npt.NDArray[np.int8]:
    """Choose plans that show units in both parts.

    Parameters
    ----------
    plans
        Part of each unit, shape ``(n_units,)`` each; of those that show as much, the earlier one is
        chosen.
    first
        Plan to begin with, same shape.
    weights
        Weight of each unit, none below 0, shape ``(n_units,)``.
    most
        How many are chosen at most, at least 1.

    Returns
    -------
    numpy.ndarray
        `first`, then plans of which each shows a unit with a weight in a part in which none before
        has it, the one of which such units weigh most first; shape ``(n_chosen, n_units)``.

    Examples
    --------
    >>> plans = [np.array(one, np.int8) for one in ([1, 0, 0], [1, 1, 1], [0, 1, 0])]
    >>> contrasting(plans, plans[0], np.ones(3, np.int64), 3).tolist()
    [[1, 0, 0], [1, 1, 1], [0, 1, 0]]
    """
    chosen = [first]
    units = np.arange(len(first))
    is_shown = np.zeros((len(first), 2), np.bool_)
    is_shown[units, first] = True

    def news(plan: npt.NDArray[np.int8]) -> int:
        return int(weights[~is_shown[units, plan]].sum())

    # What is new in a plan never grows: one that is still worth what it was is the best.
    heap = [(-news(plan), number) for number, plan in enumerate(plans)]
    heapify(heap)
    while heap and heap[0][0] and len(chosen) < most:
        before, number = heap[0]
        now = -news(plans[number])
        if now != before:
            heapreplace(heap, (now, number))
            continue
        heappop(heap)
        chosen.append(plans[number])
        is_shown[units, plans[number]] = True
    return np.array(chosen, np.int8)
