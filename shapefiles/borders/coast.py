"""Which units have a shore, on the sea or on the Great Lakes, and how long it is.

Boundaries that are cut at the shoreline show the coast as what no other unit shares: the outline
of the country. Some of the outline is the border with another country instead. Both alternate
along each coastline, so a few landmarks, where a border meets the water, cut the outline into
stretches of one kind each; an island takes the kind of the nearest stretch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

WATERS = ("sea", "lake")
"""Kinds of shore."""

ABROAD = "abroad"
"""Kind of a stretch of outline that is the border with another country."""

TOLERANCE = 2_000.0
"""Metres within which a landmark must find the outline."""


class Landmark(NamedTuple):
    """A place where one kind of outline ends and another begins."""

    name: str
    longitude: float
    latitude: float
    """In degrees, EPSG:4269 (NAD83)."""
    then: str
    """Kind of the outline that follows clockwise, with the land on the right hand."""


LANDMARKS = (
    Landmark("mouth of the Rio Grande", -97.1455, 25.9570, ABROAD),
    Landmark("border with Mexico at the Pacific Ocean", -117.1241, 32.5343, "sea"),
    Landmark("border with Canada at Boundary Bay", -122.7578, 49.0021, ABROAD),
    Landmark("mouth of the Pigeon River in Lake Superior", -89.5697, 47.9997, "lake"),
    Landmark("Tibbetts Point, where Lake Ontario ends", -76.3700, 44.1000, ABROAD),
    Landmark("tidewater of the Saint Croix River at Calais", -67.2800, 45.1900, "sea"),
    Landmark("Demarcation Point on the Arctic Ocean", -141.0000, 69.6450, ABROAD),
    Landmark("head of the Portland Canal at Hyder", -130.0200, 55.9100, "sea"),
)
"""The ends of the land borders of the United States. Of the rivers on the border with Canada, those
that join the Great Lakes count as lakes, as the measurements of their shoreline have it [1]_, and
the Saint Lawrence as a border.

References
----------
.. [1] Coordinating Committee on Great Lakes Basic Hydraulic and Hydrologic Data, "Coordinated
   Great Lakes Physical Data", 1977.
"""


def shore_lengths(
    polygons: npt.NDArray[np.object_], shores: Mapping[str, shapely.MultiLineString]
) -> dict[str, npt.NDArray[np.float64]]:
    """Measure how much of the boundary of every unit is shore, by kind of water.

    Parameters
    ----------
    polygons
        Polygons of the units, shape ``(n_units,)``.
    shores
        Lines of each kind of water, made of segments of the polygons' boundaries.

    Returns
    -------
    dict
        For each kind, lengths in units of the coordinates, shape ``(n_units,)``.

    Examples
    --------
    Two squares side by side, the sea to the south:

    >>> squares = shapely.box([0, 1], [0, 0], [1, 2], [1, 1])
    >>> sea = shapely.MultiLineString([[(0, 0), (1, 0)], [(1, 0), (2, 0)]])
    >>> shore_lengths(squares, {"sea": sea})
    {'sea': array([1., 1.])}
    """
    starts, ends, owner = _segments(polygons)
    length = np.abs(ends - starts)
    lengths = {}
    for kind, lines in shores.items():
        is_shore = _is_among(starts, ends, *_segments(np.array([lines], dtype=object))[:2])
        shore = np.bincount(owner[is_shore], length[is_shore], len(polygons))
        lengths[kind] = shore.astype(np.float64)
    return lengths


def find_shores(
    land: shapely.MultiPolygon, crs: str, landmarks: Sequence[Landmark] = LANDMARKS
) -> dict[str, shapely.MultiLineString]:
    """Cut the outline of a country at its landmarks, and keep the shores.

    Parameters
    ----------
    land
        All units together, in `crs`.
    crs
        Reference system of the land, in metres.
    landmarks
        Where borders meet the water.

    Returns
    -------
    dict
        The shore of each of :data:`WATERS`.

    Raises
    ------
    ValueError
        When a landmark is not on the outline.

    Examples
    --------
    The square around 0 N, 0 E has its southern half by the sea:

    >>> square = shapely.multipolygons([shapely.box(-4e4, -4e4, 4e4, 4e4).segmentize(1e4)])
    >>> east = Landmark("eastern end", 0.359, 0.0, "sea")
    >>> west = Landmark("western end", -0.359, 0.0, "abroad")
    >>> find_shores(square, "EPSG:3857", [east, west])["sea"].length
    160000.0
    """
    rings = shapely.get_rings(shapely.get_parts(land))
    points = _project(landmarks, crs)
    nearest = shapely.STRtree(rings).nearest(points)
    distance = shapely.distance(points, rings[nearest])
    far = np.flatnonzero(distance > TOLERANCE)
    if len(far):
        raise ValueError(
            f"The {landmarks[int(far[0])].name} is {distance[far[0]]:,.0f} m from the outline, "
            f"expected at most {TOLERANCE:,.0f} m. Give landmarks of the land that is there."
        )
    lines: list[shapely.LineString] = []
    kinds: list[str] = []
    for ring in np.unique(nearest).tolist():
        marks = np.flatnonzero(nearest == ring)
        lines += _cut(rings[ring], points[marks])
        kinds += _in_order(
            rings[ring], points[marks], [landmarks[mark].then for mark in marks.tolist()]
        )
    islands = np.delete(rings, np.unique(nearest))
    if lines and len(islands):
        lines, kinds = lines + islands.tolist(), kinds + _nearest_kinds(islands, lines, kinds)
    return {
        water: shapely.MultiLineString(
            [
                shapely.LineString(line)
                for line, kind in zip(lines, kinds, strict=True)
                if kind == water
            ]
        )
        for water in WATERS
    }


def _nearest_kinds(
    islands: npt.NDArray[np.object_], lines: list[shapely.LineString], kinds: list[str]
) -> list[str]:
    """Name the kind of the line that comes closest to each island, vertex by vertex."""
    vertices, line = shapely.get_coordinates(np.array(lines, dtype=object), return_index=True)
    closest = shapely.STRtree(shapely.points(vertices)).nearest(islands)
    return [kinds[one] for one in line[closest].tolist()]


def _project(landmarks: Sequence[Landmark], crs: str) -> npt.NDArray[np.object_]:
    transformer = Transformer.from_crs("EPSG:4269", crs, always_xy=True)
    places = [transformer.transform(one.longitude, one.latitude) for one in landmarks]
    points: npt.NDArray[np.object_] = shapely.points(np.array(places).reshape(-1, 2))
    return points


def _positions(ring: shapely.LinearRing, points: npt.NDArray[np.object_]) -> npt.NDArray[np.intp]:
    """Find, along a clockwise ring, the vertices that are nearest to some points."""
    xy = shapely.get_coordinates(_clockwise(ring))[:-1]
    offset = xy[None] - shapely.get_coordinates(points)[:, None]
    positions: npt.NDArray[np.intp] = np.hypot(offset[..., 0], offset[..., 1]).argmin(axis=1)
    return positions


def _clockwise(ring: shapely.LinearRing) -> shapely.LinearRing:
    return shapely.reverse(ring) if shapely.is_ccw(ring) else ring


def _cut(ring: shapely.LinearRing, points: npt.NDArray[np.object_]) -> list[shapely.LineString]:
    """Cut a ring near some points into as many lines, clockwise from the first point met."""
    cuts = np.sort(_positions(ring, points))
    xy = shapely.get_coordinates(_clockwise(ring))[:-1]
    around = np.concatenate([xy, xy[: cuts[0] + 1]])
    ends = [*cuts[1:], len(xy) + cuts[0]]
    return [
        shapely.LineString(around[start : end + 1]) for start, end in zip(cuts, ends, strict=True)
    ]


def _in_order(
    ring: shapely.LinearRing, points: npt.NDArray[np.object_], kinds: list[str]
) -> list[str]:
    return [kinds[mark] for mark in np.argsort(_positions(ring, points), kind="stable")]


def _segments(
    shapes: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.complex128], npt.NDArray[np.complex128], npt.NDArray[np.intp]]:
    """List both ends of every segment as complex numbers, and the shape it belongs to."""
    parts, shape = shapely.get_parts(shapes, return_index=True)
    is_line = shapely.get_dimensions(parts) == 1
    lines, part = shapely.get_rings(parts[~is_line], return_index=True)
    lines = np.concatenate([parts[is_line], lines])
    owner = np.concatenate([shape[is_line], shape[~is_line][part]])
    xy, line = shapely.get_coordinates(lines, return_index=True)
    points = xy[:, 0] + 1j * xy[:, 1]
    starts = np.flatnonzero(line[1:] == line[:-1])
    return points[starts], points[starts + 1], owner[line[starts]]


def _is_among(
    starts: npt.NDArray[np.complex128],
    ends: npt.NDArray[np.complex128],
    other_starts: npt.NDArray[np.complex128],
    other_ends: npt.NDArray[np.complex128],
) -> npt.NDArray[np.bool_]:
    """Mark the segments that are among the others, in either direction."""
    points, rank = np.unique(
        np.concatenate([starts, ends, other_starts, other_ends]), return_inverse=True
    )
    n_own, n_other = len(starts), len(other_starts)
    own = np.sort(rank[: 2 * n_own].reshape(2, -1), axis=0)
    other = np.sort(rank[2 * n_own :].reshape(2, n_other), axis=0)
    found: npt.NDArray[np.bool_] = np.isin(
        own[0] * len(points) + own[1], other[0] * len(points) + other[1]
    )
    return found
