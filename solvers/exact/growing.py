"""Plans of a one-sided problem, grown from a root along the ways that an ascent has paid for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solvers.exact.node import Node
from solvers.graphs.graph import Graph
from solvers.graphs.paths import BARRED, UNREACHED, cheapest_ways
from solvers.model import Model


def grow(
    graph: Graph,
    gains: npt.NDArray[np.int64],
    may_join: npt.NDArray[np.bool_],
    root: int,
) -> npt.NDArray[np.bool_]:
    """Join the units that gain to a root, the cheapest to join first, and prune what does not pay.

    The shortest-path heuristic [1]_, on units instead of edges.

    Parameters
    ----------
    graph
        The graph.
    gains
        What each unit gains in the set, shape ``(n_units,)``.
    may_join
        Units that may be in the set, the root among them, shape ``(n_units,)``.
    root
        A unit of the set.

    Returns
    -------
    numpy.ndarray
        Marks of a connected set that holds the root, shape ``(n_units,)``.

    References
    ----------
    .. [1] H. Takahashi, A. Matsuyama, "An approximate solution for the Steiner problem in graphs",
       Mathematica Japonica 24 (1980) 573-577
    """
    parent = np.full(graph.n_units, -1, np.int64)
    order = [root]
    is_in = np.zeros(graph.n_units, np.bool_)
    is_in[root] = True
    wanted = may_join & (gains > 0)
    # Every step costs something, so that no way back goes round in a circle.
    fine = 1_000 if float(np.abs(gains).sum(dtype=float)) < 2.0**50 else 1
    losses = np.where(may_join, np.maximum(-gains, 0) * fine + 1, BARRED)
    while True:
        costs = np.where(is_in, 0, losses)
        ways = cheapest_ways(graph.start, graph.neighbours, costs, np.flatnonzero(is_in))
        away = np.flatnonzero(wanted & ~is_in & (ways != UNREACHED))
        if not len(away):
            return _pruned(order, parent, gains)
        unit = int(away[np.argmin(ways[away])])
        way = []
        while not is_in[unit]:
            way.append(unit)
            near = graph.of(unit)
            before = near[(costs[near] >= 0) & (ways[near] == ways[unit] - costs[unit])]
            parent[unit] = int(before[0])
            unit = int(before[0])
        order += way[::-1]
        is_in[way] = True


def _pruned(
    order: list[int], parent: npt.NDArray[np.int64], gains: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Leave out whatever hangs on a unit and loses more than it gains."""
    total = gains.copy()
    is_kept = np.zeros(len(gains), np.bool_)
    for unit in reversed(order[1:]):
        if total[unit] > 0:
            total[parent[unit]] += total[unit]
    for unit in order:
        is_kept[unit] = parent[unit] < 0 or (bool(is_kept[parent[unit]]) and total[unit] > 0)
    return is_kept


def rooted_piece(
    model: Model, node: Node, part: int, shares: npt.NDArray[np.float64]
) -> npt.NDArray[np.int8]:
    """Give a part the units that are mostly in it, as far as they hang on one of its roots.

    Parameters
    ----------
    model, node
        What is divided, and the case whose roots are chosen.
    part
        The part that is in one piece.
    shares
        Share of each unit in it, shape ``(n_units,)``.

    Returns
    -------
    numpy.ndarray
        A plan, shape ``(n_units,)``.
    """
    is_in = (shares > 0.5).astype(np.int8)
    piece, roots = model.graph.label(is_in), node.roots[part]
    held = [] if roots is None else [int(piece[one]) for one in roots.tolist() if is_in[one]]
    joined: npt.NDArray[np.int8] = ((is_in == 1) & np.isin(piece, held[:1])).astype(np.int8)
    return joined if part == 1 else (1 - joined).astype(np.int8)
