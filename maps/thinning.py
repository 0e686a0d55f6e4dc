"""Fewer vertices for maps that would be too large to mail, without tearing a border."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely

from maps.topology import Topology

MOST_POINTS = 400_000
"""Vertices that a page holds in about 1.5 MB."""


def thin(topology: Topology, most_points: int = MOST_POINTS) -> Topology:
    """Simplify the arcs of a topology until it has few enough vertices.

    Every border is one arc, which both of its units share, so simplifying arcs one by one (by
    Ramer, Douglas and Peucker) leaves no gap between neighbours. The ends of arcs, where borders
    meet, stay; so does an island that would collapse.

    Parameters
    ----------
    topology
        Polygons as shared arcs.
    most_points
        How many vertices are few enough. More remain where the ends of arcs alone are more.

    Returns
    -------
    Topology
        The topology itself where it is small already.

    Examples
    --------
    >>> from maps.topology import build_topology
    >>> circle = build_topology(np.array([shapely.Point(0, 0).buffer(1000, 64)]), 1)
    >>> len(circle.points), len(thin(circle, 50).points)
    (257, 41)
    """
    tolerance = 1.0
    thinned = topology
    while len(thinned.points) > max(most_points, 2 * topology.n_arcs) and tolerance < 1e6:
        thinned = _simplify(topology, tolerance)
        tolerance *= 1.5
    return thinned


def _simplify(topology: Topology, tolerance: float) -> Topology:
    arc = np.repeat(np.arange(topology.n_arcs), topology.arc_sizes)
    # An arc that was rounded to a single vertex is no line; it stays as it is.
    is_line = topology.arc_sizes > 1
    lines = np.full(topology.n_arcs, None, dtype=object)
    in_line = is_line[arc]
    lines[is_line] = shapely.linestrings(
        topology.points[in_line].astype(np.float64),
        indices=np.unique(arc[in_line], return_inverse=True)[1],
    )
    simple = shapely.simplify(lines, tolerance, preserve_topology=False)
    has_collapsed = shapely.is_closed(lines) & (shapely.get_num_coordinates(simple) < 4)
    simple[has_collapsed] = lines[has_collapsed]
    coords, line = shapely.get_coordinates(simple[is_line], return_index=True)
    sizes = topology.arc_sizes.copy()
    sizes[is_line] = np.bincount(line, minlength=int(is_line.sum()))
    points: npt.NDArray[np.int64] = np.empty((sizes.sum(), 2), np.int64)
    is_from_line = np.repeat(is_line, sizes)
    points[is_from_line] = np.rint(coords).astype(np.int64)
    points[~is_from_line] = topology.points[~in_line]
    return replace(topology, points=points, arc_sizes=sizes)
