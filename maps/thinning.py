"""Fewer vertices for maps that would be too large to mail, without tearing a border."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely

from maps.topology import Topology

MOST_POINTS = 400_000
"""Vertices that a page holds in about 1.5 MB."""


MOST_TOLERANCE = 1e6
"""Steps of the coordinates by which a line may be moved."""


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
    most = max(most_points, 2 * topology.n_arcs)
    if len(topology.points) <= most:
        return topology
    # An arc that was rounded to a single vertex is no line; it stays as it is.
    is_line = topology.arc_sizes > 1
    lines = _lines(topology, is_line)
    is_closed = shapely.is_closed(lines)
    n_others = int(np.count_nonzero(~is_line))
    tolerance = 1.0
    while tolerance < MOST_TOLERANCE:
        simple = shapely.simplify(lines, tolerance, preserve_topology=False)
        sizes = shapely.get_num_coordinates(simple)
        has_collapsed = is_closed & (sizes < 4)
        simple[has_collapsed] = lines[has_collapsed]
        if shapely.get_num_coordinates(simple).sum() + n_others <= most:
            break
        tolerance *= 1.5
    return _with_lines(topology, is_line, simple)


def _lines(topology: Topology, is_line: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
    """Draw those arcs that are lines."""
    sizes = topology.arc_sizes[is_line]
    in_line = np.repeat(is_line, topology.arc_sizes)
    lines: npt.NDArray[np.object_] = shapely.linestrings(
        topology.points[in_line].astype(np.float64), indices=np.repeat(np.arange(len(sizes)), sizes)
    )
    return lines


def _with_lines(
    topology: Topology, is_line: npt.NDArray[np.bool_], lines: npt.NDArray[np.object_]
) -> Topology:
    """Put other lines in the place of the arcs that are some."""
    coords = shapely.get_coordinates(lines)
    sizes = topology.arc_sizes.copy()
    sizes[is_line] = shapely.get_num_coordinates(lines)
    points: npt.NDArray[np.int64] = np.empty((sizes.sum(), 2), np.int64)
    is_from_line = np.repeat(is_line, sizes)
    points[is_from_line] = np.rint(coords).astype(np.int64)
    points[~is_from_line] = topology.points[~np.repeat(is_line, topology.arc_sizes)]
    return replace(topology, points=points, arc_sizes=sizes)
