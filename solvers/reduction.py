"""A smaller problem of the same kind: units that must stay together become one.

A set of units that is connected and stays in one part acts as one unit: whether a part hangs
together, what it gains, what its edges cost and what it holds, all stay the same. So units kept
together by a group, or fixed to one part, are merged where they touch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from solvers.graphs.graph import Graph
from solvers.problem import ALONE, ANY, FREE, Budget, Problem


@dataclass(frozen=True, slots=True, eq=False)
class Reduction:
    """A problem whose units are blocks of units of another one.

    Parameters
    ----------
    problem
        The small problem; blocks are numbered by their smallest unit.
    block
        Unit of the small problem for each unit of the large one, shape ``(n_units,)``.
    """

    problem: Problem
    block: npt.NDArray[np.int32]

    def restrict(self, assignment: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
        """Express an assignment in the small problem; its blocks must be whole."""
        small = np.empty(self.problem.n_units, np.int8)
        small[self.block] = assignment
        return small

    def expand(self, assignment: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
        """Express an assignment of the small problem in the large one."""
        return assignment[self.block]


def reduce(problem: Problem) -> Reduction | None:
    """Merge touching units that must lie in one part, or None where that is contradictory.

    Examples
    --------
    >>> path = np.array([[0, 1], [1, 2], [2, 3]])
    >>> reduced = reduce(Problem(np.ones((4, 2), int), path, groups=np.array([-1, 7, 7, 7])))
    >>> reduced.block.tolist(), reduced.problem.gains.tolist()
    ([0, 1, 1, 1], [[1, 1], [3, 3]])
    """
    fixed = spread_fixed(problem.fixed, problem.groups)
    if fixed is None:
        return None
    first, second = problem.edges.T
    groups = problem.groups
    is_inner = ((groups[first] == groups[second]) & (groups[first] != ALONE)) | (
        (fixed[first] == fixed[second]) & (fixed[first] != FREE)
    )
    # What is fixed needs no group any more.
    groups = np.where(fixed == FREE, groups, ALONE)
    return _contract(replace(problem, fixed=fixed, groups=groups), is_inner)


def _contract(problem: Problem, is_inner: npt.NDArray[np.bool_]) -> Reduction:
    """Merge the two units of every inner edge; they agree in `fixed` and in `groups`."""
    block = Graph.from_edges(problem.n_units, problem.edges[is_inner]).landmasses()
    n_blocks = int(block.max()) + 1
    fixed = np.full(n_blocks, FREE, np.int8)
    is_fixed = problem.fixed != FREE
    fixed[block[is_fixed]] = problem.fixed[is_fixed]
    groups = np.full(n_blocks, ALONE, np.int64)
    is_grouped = problem.groups != ALONE
    groups[block[is_grouped]] = problem.groups[is_grouped]
    edges, edge_costs = _between(block, problem.edges, problem.edge_costs)
    links, link_costs = _between(block, problem.links, problem.link_costs)
    small = replace(
        problem,
        gains=_sums(problem.gains, block, n_blocks),
        edges=edges,
        fixed=fixed,
        groups=groups,
        edge_costs=edge_costs,
        links=links,
        link_costs=link_costs,
        spans=block[problem.spans],
        budgets=tuple(_merged(budget, block, n_blocks) for budget in problem.budgets),
    )
    return Reduction(small, block)


def _merged(budget: Budget, block: npt.NDArray[np.int32], n_blocks: int) -> Budget:
    """Count the same of blocks, and between them."""
    pairs, pair_amounts = _between(block, budget.pairs, budget.pair_amounts)
    return replace(
        budget,
        amounts=_sums(budget.amounts, block, n_blocks),
        pairs=pairs,
        pair_amounts=pair_amounts,
    )


def _between(
    block: npt.NDArray[np.int32], pairs: npt.NDArray[np.int32], costs: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """List the pairs of different blocks, in ascending order, and add up their costs."""
    ends = np.sort(block[pairs], axis=1)
    is_between = ends[:, 0] != ends[:, 1]
    unique, number = _distinct(ends[is_between], int(block.max(initial=0)) + 1)
    return unique, _sums(costs[is_between], number, len(unique))


def _distinct(
    pairs: npt.NDArray[np.int32], n_units: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.intp]]:
    """List each pair once, in ascending order, and say which of them each given one is."""
    keys, number = np.unique(  # as single numbers, which are sorted ten times as fast as rows
        pairs[:, 0].astype(np.int64) * n_units + pairs[:, 1], return_inverse=True
    )
    return np.stack(np.divmod(keys, n_units), axis=1).astype(np.int32), number


def find_ties(problem: Problem) -> npt.NDArray[np.int32]:
    """List the pairs of units that a group keeps together, a chain for each group.

    Returns
    -------
    numpy.ndarray
        Pairs in order of the groups' labels and, within a group, of its units, shape
        ``(n_ties, 2)``.
    """
    units = np.argsort(problem.groups, kind="stable")
    first, second = units[:-1], units[1:]
    labels = problem.groups
    is_tie = (labels[first] == labels[second]) & (labels[first] != ALONE)
    return np.stack([first[is_tie], second[is_tie]], axis=1).astype(np.int32)


def find_domains(problem: Problem) -> list[npt.NDArray[np.intp]]:
    """Divide the units into sets that do not depend on one another, each in ascending order.

    Budgets tie everything together. Where nothing ties any two units, one set is as good as many.
    """
    has_costs = problem.edge_costs.any() or problem.link_costs.any()
    is_loose = problem.pieces == (ANY, ANY) and not has_costs and not len(problem.spans)
    if problem.budgets or is_loose:
        return [np.arange(problem.n_units)]
    spans = problem.spans[:, [0, 1, 0, 2]].reshape(-1, 2)
    links = np.concatenate([problem.edges, problem.links, find_ties(problem), spans])
    links, _ = _distinct(np.sort(links, axis=1), problem.n_units)
    labels = Graph.from_edges(problem.n_units, links).landmasses()
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.cumsum(np.bincount(labels))[:-1])


def spread_fixed(
    fixed: npt.NDArray[np.int8], groups: npt.NDArray[np.integer]
) -> npt.NDArray[np.int8] | None:
    """Fix the whole group of every fixed unit; None where two units of one group disagree.

    Parameters
    ----------
    fixed
        Part of each unit, or ``FREE``, shape ``(n_units,)``.
    groups
        Number of each unit's group, or ``ALONE``, shape ``(n_units,)``.

    Examples
    --------
    >>> spread_fixed(np.array([1, FREE, FREE], np.int8), np.array([4, ALONE, 4])).tolist()
    [1, -1, 1]
    """
    spread = fixed.copy()
    is_source = (fixed != FREE) & (groups != ALONE)
    part_of = dict(zip(groups[is_source].tolist(), fixed[is_source].tolist(), strict=True))
    for unit in np.flatnonzero(groups != ALONE).tolist():
        part = part_of.get(int(groups[unit]), FREE)
        if part != FREE:
            if spread[unit] not in (FREE, part):
                return None
            spread[unit] = part
    return spread


def _sums(
    values: npt.NDArray[np.int64], label: npt.NDArray[np.integer], n_labels: int
) -> npt.NDArray[np.int64]:
    """Add up the rows of `values` that share a label."""
    sums = np.zeros((n_labels, *values.shape[1:]), np.int64)
    np.add.at(sums, label, values)
    return sums
