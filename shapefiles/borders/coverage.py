"""Whether polygons fit together: overlaps, gaps, and whether the graph of borders is planar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.borders.adjacency import Contacts
from shapefiles.borders.crumbs import is_planar
from shapefiles.lines.tolerance import TOLERANCE

MAX_TESTED = 100_000
"""Edges up to which planarity is tested on the graph where the polygons do not tell: seconds."""

_GAP_WIDTH = 10.0
"""Metres: gaps up to this width are slips of the pen, wider ones may be lakes."""

_SLIVER = 1.0
"""Square metres above which an overlap is one."""

_NARROW = 0.1
"""Share of the side of a unit of median size above which no gap is narrow."""

_THIN = 1e-4
"""Share of the area of such a unit above which an overlap is one, whatever it measures."""

_FACING = 4.0
"""Widths of a gap over which two units must face each other for it to be one."""

_GRID = 1e-6
"""Share of the width of a gap, some micrometres, to which places may be rounded."""


class Overlap(NamedTuple):
    """Two polygons that share an area."""

    first: int
    second: int
    square_metres: float


class Gap(NamedTuple):
    """An area that units surround and none of them covers."""

    neighbours: tuple[int, ...]
    square_metres: float
    is_narrow: bool
    """Whether it is nowhere wider than :func:`gap_width`: no lake, a slip."""


class Planarity(NamedTuple):
    """Whether a graph can be drawn without crossings, and how that is known."""

    verdict: bool | None
    """None where it was not tested."""
    reason: str


def gap_width(polygons: npt.NDArray[np.object_]) -> float:
    """Say up to which width a gap is a slip of the pen: 10 m, or less where units are tiny.

    Parameters
    ----------
    polygons
        Polygons in metres, shape ``(n_units,)``.

    Examples
    --------
    >>> gap_width(shapely.box([0, 1000], 0, [1000, 2000], 1000))
    10.0
    >>> round(gap_width(shapely.box([0, 0.01], 0, [0.01, 0.02], 0.01)), 9)  # a centimetre each
    0.001
    """
    return min(_GAP_WIDTH, _NARROW * float(np.sqrt(_typical_area(polygons))))


def _typical_area(polygons: npt.NDArray[np.object_]) -> float:
    areas = shapely.area(polygons)
    areas = areas[areas > 0]
    return float(np.median(areas)) if len(areas) else 0.0


def find_overlaps(polygons: npt.NDArray[np.object_]) -> list[Overlap]:
    """List the pairs of polygons that share more than a sliver, the largest first.

    That is a square metre, or a ten thousandth of a unit of median size where that is less.

    Parameters
    ----------
    polygons
        Valid polygons in metres, shape ``(n_units,)``.

    Examples
    --------
    >>> find_overlaps(shapely.box([0, 9, 30], 0, [10, 20, 40], 10))
    [Overlap(first=0, second=1, square_metres=10.0)]
    """
    suspects = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(polygons)))
    # A polygon around another is no suspect itself, so all polygons are in the tree.
    source, other = shapely.STRtree(polygons).query(polygons[suspects], predicate="intersects")
    pairs = np.sort(np.column_stack([suspects[source], other]), axis=1)
    first, second = np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0).T
    area = shapely.area(shapely.intersection(polygons[first], polygons[second]))
    order = np.argsort(-area, kind="stable")
    order = order[area[order] > min(_SLIVER, _THIN * _typical_area(polygons))]
    rows = zip(first[order].tolist(), second[order].tolist(), area[order].tolist(), strict=True)
    return [Overlap(*row) for row in rows]


def find_gaps(polygons: npt.NDArray[np.object_], *, is_coverage: bool) -> list[Gap]:
    """List the areas that the polygons surround without covering them, the largest first.

    Parameters
    ----------
    polygons
        Valid polygons in metres, shape ``(n_units,)``.
    is_coverage
        Whether no polygons overlap and neighbours repeat the same vertices, which is faster.

    Examples
    --------
    >>> around = shapely.box(-500, -500, 1500, 1500) - shapely.box(0, 0, 1000, 1000)
    >>> find_gaps(np.array([around, shapely.box(0, 0, 1000, 997)]), is_coverage=False)
    [Gap(neighbours=(0, 1), square_metres=3000.0, is_narrow=True)]
    """
    found, hole, unit = find_holes(polygons, is_coverage=is_coverage)
    around: list[list[int]] = [[] for _ in found]
    for number, row in zip(hole.tolist(), unit.tolist(), strict=True):
        around[number].append(row)
    areas = shapely.area(found).tolist()
    narrow = is_narrow(found, gap_width(polygons)).tolist()
    figures = zip(around, areas, narrow, strict=True)
    return [Gap(tuple(rows), area, is_slip) for rows, area, is_slip in figures]


def find_holes(
    polygons: npt.NDArray[np.object_], *, is_coverage: bool
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Cut out the areas that polygons surround, the largest first, and who is next to them.

    Parameters
    ----------
    polygons
        Valid polygons in metres, shape ``(n_units,)``.
    is_coverage
        As in :func:`find_gaps`.

    Returns
    -------
    tuple
        The holes as polygons, and rows of holes and units that touch, in order.
    """
    union = shapely.coverage_union_all(polygons) if is_coverage else shapely.union_all(polygons)
    rings = shapely.get_rings(shapely.get_parts(union))
    exterior = shapely.get_exterior_ring(shapely.get_parts(union))
    holes = shapely.polygons(rings[~np.isin(shapely.to_wkb(rings), shapely.to_wkb(exterior))])
    holes = holes[np.argsort(-shapely.area(holes), kind="stable")]
    hole, unit = shapely.STRtree(polygons).query(holes, predicate="dwithin", distance=TOLERANCE)
    order = np.lexsort((unit, hole))
    return holes, hole[order], unit[order]


def find_open_gaps(
    polygons: npt.NDArray[np.object_], width: float
) -> tuple[npt.NDArray[np.object_], list[tuple[int, ...]]]:
    """Cut out the narrow gaps between units that face each other without touching.

    A gap that begins at the edge of the map is no hole. Two units face each other where their
    sides run along each other, no further apart than the width, for several times that width: more
    than they do around a common corner.

    Parameters
    ----------
    polygons
        Valid polygons in metres that do not overlap, shape ``(n_units,)``.
    width
        Metres up to which a gap is narrow.

    Returns
    -------
    tuple
        The gaps as polygons, and the units beside each.

    Examples
    --------
    >>> gaps, sides = find_open_gaps(shapely.box([0, 103], 0, [100, 200], 100), 10.0)
    >>> shapely.area(gaps).round().tolist(), sides
    ([300.0], [(0, 1)])
    """
    free = _free_sides(polygons)
    tree = shapely.STRtree(free)
    one, other = tree.query(free, predicate="dwithin", distance=width)
    one, other = one[one < other], other[one < other]
    facing = [
        shapely.intersection(free[a], shapely.buffer(free[b], width, quad_segs=2))
        for a, b in ((one, other), (other, one))
    ]
    is_long = np.minimum(*map(shapely.length, facing)) > _FACING * width
    between = [_between(facing[0][row], facing[1][row]) for row in np.flatnonzero(is_long).tolist()]
    # What winds around itself is no gap between two sides.
    between = [one for one in between if one.is_valid and one.area > 0]
    if not between:
        return np.empty(0, dtype=object), []
    # Where three units face each other, what lies between two pairs may overlap.
    ground = shapely.get_parts(_union(between, width))
    hole, unit = shapely.STRtree(polygons).query(ground, predicate="intersects")
    gaps, sides = [], []
    for number, one_ground in enumerate(ground):
        near = unit[hole == number]
        land = _union(polygons[near], width)
        left = shapely.get_parts(_difference(one_ground, land, width))
        for part in left[(shapely.get_type_id(left) == 3) & is_narrow(left, width)]:
            rim = shapely.intersection(shapely.boundary(part), polygons[near])
            beside = near[shapely.length(rim) > width]
            if len(beside) > 1:
                gaps.append(part)
                sides.append(tuple(sorted(beside.tolist())))
    return np.array(gaps, dtype=object), sides


def _union(polygons: Sequence[shapely.Geometry], width: float) -> shapely.Geometry:
    """Unite polygons, on a fine grid where plain rounding would contradict itself."""
    try:
        return shapely.union_all(polygons)
    except shapely.errors.GEOSException:
        return shapely.union_all(polygons, grid_size=_GRID * width)


def _difference(one: shapely.Geometry, other: shapely.Geometry, width: float) -> shapely.Geometry:
    """Take one geometry from another, on a fine grid where need be."""
    try:
        return shapely.difference(one, other)
    except shapely.errors.GEOSException:
        return shapely.difference(one, other, grid_size=_GRID * width)


def _free_sides(polygons: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Gather the sides of each polygon that no other polygon repeats."""
    parts, unit = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    ends = np.stack([xy[starts], xy[starts + 1]], axis=1)
    points = np.sort(ends[:, :, 0] + 1j * ends[:, :, 1], axis=1)  # the same in both directions
    _, group, count = np.unique(points, axis=0, return_inverse=True, return_counts=True)
    is_free = count[group.ravel()] == 1
    owner = unit[part[ring[starts]]]
    free = np.array([shapely.MultiLineString()] * len(polygons), dtype=object)
    lines = shapely.linestrings(ends[is_free])
    merged = shapely.multilinestrings(lines, indices=owner[is_free], out=free)
    return np.array(shapely.line_merge(merged), dtype=object)


def _between(one: shapely.Geometry, other: shapely.Geometry) -> shapely.Geometry:
    """Cut out what lies between two lines that face each other."""
    lines = []
    for side in (one, other):
        parts = shapely.get_parts(shapely.line_merge(side))
        lines.append(shapely.get_coordinates(parts[np.argmax(shapely.length(parts))]))
    first, second = lines
    across = np.hypot(*(first[-1] - second[0])) + np.hypot(*(second[-1] - first[0]))
    along = np.hypot(*(first[-1] - second[-1])) + np.hypot(*(second[0] - first[0]))
    ring = np.concatenate([first, second if across <= along else second[::-1]])
    return shapely.make_valid(shapely.polygons(ring), method="structure", keep_collapsed=False)


def is_narrow(holes: npt.NDArray[np.object_], width: float) -> npt.NDArray[np.bool_]:
    """Tell which polygons are nowhere wider than some metres.

    Examples
    --------
    >>> is_narrow(shapely.box(0, 0, [9, 11], 100), 10.0).tolist()
    [True, False]
    """
    narrow: npt.NDArray[np.bool_] = shapely.is_empty(shapely.buffer(holes, -width / 2))
    return narrow


def planarity(contacts: Contacts, n_units: int, *, is_coverage: bool) -> Planarity:
    """Tell whether the graph of borders can be drawn without crossings.

    Where no polygons overlap and no contact runs through a detached part only, the map itself is
    the drawing: a point inside the largest polygon of each unit, a line over each border. Euler's
    formula rules out more than ``3 n - 6`` edges. Only where neither answers, the graph is tested.

    Parameters
    ----------
    contacts
        Borders between units.
    n_units
        Number of units.
    is_coverage
        Whether no polygons overlap.
    """
    n_edges = len(contacts.pairs)
    if n_units > 2 and n_edges > 3 * n_units - 6:
        return Planarity(False, f"{n_edges:,} borders are more than a planar graph can have")
    n_detached = int(contacts.is_detached.sum())
    if is_coverage and not n_detached:
        return Planarity(
            True, "no polygons overlap and no border runs through a detached part only"
        )
    if n_edges > MAX_TESTED:
        why = f"{n_detached:,} borders run through detached parts" if is_coverage else "overlaps"
        return Planarity(None, f"not tested: {why}, and {n_edges:,} borders take minutes")
    verdict = is_planar(contacts.pairs, n_units)
    return Planarity(verdict, "tested on the graph")
