"""Contiguity by a spanning tree whose complement is a spanning tree of the faces."""

from __future__ import annotations

import networkx as nx
import numpy as np

from peers.linear_model import LinearModel, Whole
from solvers.problem import Problem


class NotPlanarError(Exception):
    """The graph cannot be drawn in the plane, so it has no faces to make a tree of."""


def primal_dual_tree(problem: Problem) -> LinearModel:
    """State two contiguous parts as a spanning tree that loses at most one edge.

    Every unit but a root points along one edge, every face but a root face points across one, and
    no edge is used twice: then the first make a spanning tree, the second one of the dual graph
    [1]_. (A cycle of the first would part the root from the root face, which lies next to it.)
    Units joined by a tree edge are in the same part, except across one edge that may be cut.

    Parameters
    ----------
    problem
        What to divide: a connected planar graph, both parts contiguous.

    Raises
    ------
    NotPlanarError
        When the graph is not planar.

    References
    ----------
    .. [1] J. C. Williams, "A zero-one programming model for contiguous land acquisition",
       Geographical Analysis 34 (2002), doi:10.1111/j.1538-4632.2002.tb01093.x
    """
    assert problem.pieces == (1, 1), "the tree keeps both parts in one piece"
    edges = problem.edges.astype(np.int64)
    n_edges = len(edges)
    left, right = _faces(problem)
    n_faces = int(max(left.max(initial=0), right.max(initial=0))) + 1
    root, root_face = (int(edges[0, 0]), int(left[0])) if n_edges else (0, 0)
    model = LinearModel(problem)
    rows = np.arange(n_edges)
    # Two directions of every edge, between units and between faces.
    tail = np.concatenate([edges[:, 0], edges[:, 1]])
    points = model.add_columns(2 * n_edges, (tail != root).astype(np.int64))
    behind = np.concatenate([left, right])
    is_bridge = np.concatenate([left == right, left == right])
    crosses = model.add_columns(2 * n_edges, ((behind != root_face) & ~is_bridge).astype(np.int64))
    cut = model.add_columns(n_edges, 1)
    twice = np.concatenate([rows, rows])
    _point_once(model, tail, points, problem.n_units, root)
    _point_once(model, behind, crosses, n_faces, root_face)
    model.add_rows(n_edges, (twice, points, 1), (twice, crosses, 1), least=1, most=1)
    model.add_rows(1, (np.zeros_like(rows), cut, 1), most=1)
    model.add_rows(n_edges, (rows, cut, 1), (twice, points, -1), most=0)
    for a, b in ((0, 1), (1, 0)):
        model.add_rows(
            n_edges,
            (rows, edges[:, a], 1),
            (rows, edges[:, b], -1),
            (twice, points, 1),
            (rows, cut, -1),
            most=1,
        )
    return model


def _point_once(model: LinearModel, tail: Whole, arcs: Whole, number: int, root: int) -> None:
    """Let every node but the root use one of the arcs that leave it."""
    wanted = (np.arange(number) != root).astype(float)
    model.add_rows(number, (tail, arcs, 1), least=wanted, most=wanted)


def _faces(problem: Problem) -> tuple[Whole, Whole]:
    """Face on either side of each edge in one planar embedding, shape ``(n_edges,)`` each."""
    graph = nx.Graph()
    graph.add_nodes_from(range(problem.n_units))
    graph.add_edges_from(problem.edges.tolist())
    is_planar, embedding = nx.check_planarity(graph)
    if not is_planar:
        raise NotPlanarError("the graph is not planar")
    face: dict[tuple[int, int], int] = {}
    n_faces = 0
    for arc in embedding.edges():
        if arc in face:
            continue
        walk = embedding.traverse_face(*arc)
        for tail, head in zip(walk, walk[1:] + walk[:1], strict=True):
            face[tail, head] = n_faces
        n_faces += 1
    sides = [(face[a, b], face[b, a]) for a, b in problem.edges.tolist()]
    both = np.array(sides, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]
