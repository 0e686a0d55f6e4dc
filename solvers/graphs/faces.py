"""Faces of a planar graph: the walks along which both nations can change hands only twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import networkx as nx
import numpy as np
import numpy.typing as npt

from solvers.errors import InternalError
from solvers.graphs.graph import Graph


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Closed walks around the faces with four corners or more, one after the other.

    Triangles are left out: two colours change at most twice around three corners anyway.

    Parameters
    ----------
    start
        Walk *f* is ``corners[start[f]:start[f + 1]]``, shape ``(n_faces + 1,)``.
    corners
        Units in the order of the walk, shape ``(sum of lengths,)``.
    rotation
        The neighbours of each unit in their order around it: the walk that comes from *u* to *v*
        goes on to the neighbour that follows *u* around *v*.
    """

    start: npt.NDArray[np.int64]
    corners: npt.NDArray[np.int32]
    rotation: tuple[tuple[int, ...], ...]

    @property
    def n_faces(self) -> int:
        """Number of walks."""
        return len(self.start) - 1


class Plane(NamedTuple):
    """What lies beside every arc of a graph that is drawn in the plane.

    Parameters
    ----------
    side
        Face on one side of each arc, that on its other side beside the arc that leads back, shape
        ``(n_arcs,)``.
    tail
        Unit that each arc leaves, shape ``(n_arcs,)``.
    start, arcs
        The arcs around face *f* are ``arcs[start[f]:start[f + 1]]``.
    wide_start, wide_corners
        The faces with four corners or more: `Faces.start` and `Faces.corners`.
    corner_start, corner_faces
        Those of them that unit *u* is a corner of, by their number, are
        ``corner_faces[corner_start[u]:corner_start[u + 1]]``.
    """

    side: npt.NDArray[np.int32]
    tail: npt.NDArray[np.int32]
    start: npt.NDArray[np.int64]
    arcs: npt.NDArray[np.int32]
    wide_start: npt.NDArray[np.int64]
    wide_corners: npt.NDArray[np.int32]
    corner_start: npt.NDArray[np.int64]
    corner_faces: npt.NDArray[np.int32]


def draw(graph: Graph, faces: Faces) -> Plane:
    """List what lies beside every arc of a graph with the given faces."""
    tail = np.repeat(np.arange(graph.n_units, dtype=np.int32), graph.degrees)
    ends = zip(tail.tolist(), graph.neighbours.tolist(), strict=True)
    arc_of = {arc: number for number, arc in enumerate(ends)}
    following = np.empty(len(tail), np.int64)
    for unit, turn in enumerate(faces.rotation):
        for other, after in zip(turn, (*turn[1:], *turn[:1]), strict=True):
            following[arc_of[other, unit]] = arc_of[unit, after]
    side = np.full(len(tail), -1, np.int32)
    n_faces = 0
    for first in range(len(tail)):
        arc = first
        while side[arc] < 0:
            side[arc] = n_faces
            arc = following[arc]
        n_faces += int(arc == first and side[first] == n_faces)
    corners = np.argsort(faces.corners, kind="stable")
    wide = np.repeat(np.arange(faces.n_faces, dtype=np.int32), np.diff(faces.start))
    units = np.arange(graph.n_units + 1)
    return Plane(
        side=side,
        tail=tail,
        start=np.concatenate([[0], np.cumsum(np.bincount(side, minlength=n_faces))]),
        arcs=np.argsort(side, kind="stable").astype(np.int32),
        wide_start=faces.start,
        wide_corners=faces.corners,
        corner_start=np.searchsorted(faces.corners[corners], units).astype(np.int64),
        corner_faces=wide[corners],
    )


def find_faces(n_units: int, edges: npt.NDArray[np.integer]) -> Faces | None:
    """List the faces of a graph, or None where it is not planar.

    Parameters
    ----------
    n_units
        Number of units.
    edges
        Pairs of adjacent units, shape ``(n_edges, 2)``.

    Raises
    ------
    InternalError
        When the walks do not satisfy Euler's formula, which would be an internal error.

    Notes
    -----
    Any planar embedding will do: the rows built on the faces hold for each of them. It comes from
    networkx's left-right planarity test [1]_.

    References
    ----------
    .. [1] U. Brandes, "The left-right planarity test", 2009.

    Examples
    --------
    >>> square = find_faces(4, np.array([[0, 1], [1, 2], [2, 3], [0, 3]]))
    >>> square.n_faces, sorted(square.corners[:4].tolist())
    (2, [0, 1, 2, 3])
    """
    graph = nx.Graph()
    graph.add_nodes_from(range(n_units))
    graph.add_edges_from(edges.tolist())
    is_planar, embedding = nx.check_planarity(graph)
    if not is_planar:
        return None
    seen: set[tuple[int, int]] = set()
    walks = [
        embedding.traverse_face(tail, head, mark_half_edges=seen)
        for tail, head in embedding.edges()
        if (tail, head) not in seen
    ]
    # Each landmass lies on a sphere of its own; a unit alone has one face, which nothing walks.
    n_landmasses = nx.number_connected_components(graph)
    n_faces = len(walks) + nx.number_of_isolates(graph)
    if n_units - len(edges) + n_faces != 2 * n_landmasses:
        raise InternalError(
            f"Euler's formula fails for a graph called planar: {n_units} units - {len(edges)} "
            f"edges + {n_faces} faces is not twice {n_landmasses} landmasses."
        )
    walks = [walk for walk in walks if len(walk) >= 4]
    start = np.cumsum([0, *map(len, walks)]).astype(np.int64)
    corners = np.array([unit for walk in walks for unit in walk], np.int32)
    rotation = tuple(
        tuple(reversed(list(embedding.neighbors_cw_order(unit)))) for unit in range(n_units)
    )
    return Faces(start, corners, rotation)
