"""The units that hold a nation together: without one of them, it falls apart."""

from __future__ import annotations

import numpy as np

from partition.metrics.nations import Ints, Marks, Pairs


def articulation(pairs: Pairs, weight: Ints) -> tuple[Marks, Ints]:
    r"""Find the units whose loss would break a piece, and how much each would cut off.

    .. math:: c_v = w(P) - w_v - \max_{K \in P - v} w(K)

    with the weight *w* (people, or voters) of the piece *P* that holds unit *v*, and the connected
    components *K* that are left of it without *v*: all but the largest are cut off. One
    depth-first search finds every articulation point in time linear in the edges [1]_ [2]_: the
    subtree of a child that reaches no higher than *v* is a component of its own.

    Parameters
    ----------
    pairs
        Edges inside the nations, shape ``(n_edges, 2)``.
    weight
        What a unit counts, not negative, shape ``(n_units,)``.

    Returns
    -------
    tuple of numpy.ndarray
        Whether each unit is an articulation point, and the weight that it would cut off (0 for the
        others), both of shape ``(n_units,)``.

    References
    ----------
    .. [1] R. Tarjan, "Depth-First Search and Linear Graph Algorithms", SIAM Journal on Computing
       1(2), 1972, doi:10.1137/0201010.
    .. [2] J. Hopcroft, R. Tarjan, "Algorithm 447: Efficient Algorithms for Graph Manipulation",
       Communications of the ACM 16(6), 1973, doi:10.1145/362248.362272.

    Examples
    --------
    A path of four units; each inner one cuts off its shorter side:

    >>> found, cut_off = articulation(np.array([[0, 1], [1, 2], [2, 3]]), np.array([5, 1, 1, 3]))
    >>> found.tolist(), cut_off.tolist()
    ([False, True, True, False], [0, 4, 3, 0])
    """
    n_units = len(weight)
    neighbours = _neighbours(pairs, n_units)
    search = _Search(n_units, weight.tolist())
    for root in range(n_units):
        if search.entered[root] < 0:
            search.run(root, neighbours)
    return np.array(search.found, np.bool_), np.array(search.cut_off, np.int64)


def _neighbours(pairs: Pairs, n_units: int) -> list[list[int]]:
    tail, head = np.concatenate([pairs, pairs[:, ::-1]]).T
    order = np.argsort(tail, kind="stable")
    bounds = np.searchsorted(tail[order], np.arange(n_units + 1)).tolist()
    heads = head[order].tolist()
    return [heads[bounds[unit] : bounds[unit + 1]] for unit in range(n_units)]


class _Search:
    """One depth-first search: when a unit was entered, how high its subtree reaches, its weight."""

    def __init__(self, n_units: int, weight: list[int]) -> None:
        self.entered = [-1] * n_units
        self.low = [0] * n_units
        self.weight = weight
        self.below = list(weight)
        self.split: list[list[int]] = [[] for _ in range(n_units)]
        self.found = [False] * n_units
        self.cut_off = [0] * n_units
        self.clock = 0

    def run(self, root: int, neighbours: list[list[int]]) -> None:
        """Search the piece of `root`, then judge each of its units."""
        members = self._walk(root, neighbours)
        total = self.below[root]
        for unit in members:
            parts = self.split[unit]
            if unit != root:
                # What is left above: everything but the unit and the subtrees that come loose.
                parts = [*parts, total - self.weight[unit] - sum(parts)] if parts else []
            if len(parts) > 1:
                self.found[unit] = True
                self.cut_off[unit] = sum(parts) - max(parts)

    def _walk(self, root: int, neighbours: list[list[int]]) -> list[int]:
        entered, low = self.entered, self.low
        members, stack = [root], [(root, -1, iter(neighbours[root]))]
        entered[root] = low[root] = self.clock
        self.clock += 1
        while stack:
            unit, parent, rest = stack[-1]
            for other in rest:
                if entered[other] < 0:
                    entered[other] = low[other] = self.clock
                    self.clock += 1
                    members.append(other)
                    stack.append((other, unit, iter(neighbours[other])))
                    break
                if other != parent:
                    low[unit] = min(low[unit], entered[other])
            else:
                stack.pop()
                if parent >= 0:
                    self._close(unit, parent)
        return members

    def _close(self, unit: int, parent: int) -> None:
        self.low[parent] = min(self.low[parent], self.low[unit])
        self.below[parent] += self.below[unit]
        if self.low[unit] >= self.entered[parent]:
            self.split[parent].append(self.below[unit])
