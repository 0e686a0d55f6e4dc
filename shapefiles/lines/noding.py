"""Noding: give neighbours the same vertices along the lines that they share.

Two files may draw one border with different vertices: a street between two blocks that ends at the
middle of the next block's side (a T-junction), or corners that differ in the last bit. Such a
border is one in the plane of the file, but no longer after a projection, which moves vertices and
leaves the lines between them straight. Noding in the file's own coordinates, as overlay does it
[1]_, makes the border a matter of equal vertices, which no projection can change.

Only segments that no other polygon repeats are touched, so polygons that fit together stay as they
are, bit by bit.

References
----------
.. [1] J. D. Hobby, "Practical segment intersection with finite precision output", Computational
   Geometry 13, 1999, doi:10.1016/S0925-7721(99)00021-8.
"""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.lines.boundaries import Boundaries
from shapefiles.lines.segments import is_repeated

NOISE = 64 * float(np.finfo(np.float64).eps)
"""Share of the largest coordinate by which two vertices that ought to be one may differ."""


def noise(polygons: npt.NDArray[np.object_]) -> float:
    """Tell how far apart vertices may be by rounding alone, in the units of the coordinates."""
    xy = shapely.get_coordinates(polygons)
    return NOISE * float(np.abs(xy).max(initial=0.0))


def node(polygons: npt.NDArray[np.object_], tolerance: float) -> npt.NDArray[np.object_]:
    """Make neighbours repeat each other's vertices.

    First within what rounding alone explains, then within the tolerance, each time along the
    segments that are not matched yet:

    1. vertices that are nearer make one, the nearest pairs first, unless two of one unit would;
    2. a vertex that is nearer to a segment of another unit is inserted there.

    Parameters
    ----------
    polygons
        Geometries in any system, shape ``(n_units,)``. What is no polygon stays.
    tolerance
        Distance up to which two lines count as one, in the units of the coordinates.

    Returns
    -------
    numpy.ndarray
        The geometries; those that fit their neighbours already are the same objects, and so are
        valid ones that would not be valid any more.

    Examples
    --------
    >>> blocks = shapely.box([0, 0, 1], [0, 1, 1], [2, 1, 2], [1, 2, 2])
    >>> shapely.get_num_coordinates(blocks).tolist()
    [5, 5, 5]
    >>> shapely.get_num_coordinates(node(blocks, 0.01)).tolist()
    [6, 5, 5]
    """
    lines = Boundaries.of(polygons)
    if not (len(lines.xy) and np.isfinite(lines.xy).all()):
        return polygons
    before, lone = lines, _lone(lines)
    smallest = NOISE * float(np.abs(lines.xy).max())
    for reach in sorted({smallest, max(tolerance, smallest)}):
        for change in (_merged, _inserted):
            changed = change(lines, lone, reach) if len(lone) else lines
            if changed is not lines:
                lines, lone = changed, _lone(changed)
    if lines is before:
        return polygons
    units = _changed(before, lines)
    noded = lines.rebuild(polygons, units)
    spoilt = units[shapely.is_valid(polygons[units]) & ~shapely.is_valid(noded[units])]
    noded[spoilt] = polygons[spoilt]
    return noded


def _changed(before: Boundaries, after: Boundaries) -> npt.NDArray[np.intp]:
    """List the units of which any vertex is new or has moved."""
    n_units = int(before.unit[-1]) + 1
    sizes = [np.bincount(lines.owner, minlength=n_units) for lines in (before, after)]
    is_same = sizes[0] == sizes[1]
    one, other = (lines.xy[is_same[lines.owner]] for lines in (before, after))
    moved = before.owner[is_same[before.owner]][(one != other).any(axis=1)]
    is_same[moved] = False
    return np.flatnonzero(~is_same)


def _lone(lines: Boundaries) -> npt.NDArray[np.intp]:
    """List the first vertices of segments that no other polygon repeats."""
    starts = lines.starts
    return starts[~is_repeated(lines.xy, starts)]


def _merged(lines: Boundaries, lone: npt.NDArray[np.intp], reach: float) -> Boundaries:
    """Make one of vertices that are within reach of each other, in whatever polygons they are."""
    place = _unique(lines.xy[np.concatenate([lone, lone + 1])])
    one, other = shapely.STRtree(shapely.points(place)).query(
        shapely.points(place), predicate="dwithin", distance=reach
    )
    near = one < other
    if not near.any():
        return lines
    one, other = one[near], other[near]
    distance = np.hypot(*(place[one] - place[other]).T)
    order = np.lexsort((other, one, distance))
    close = _unique(place[np.concatenate([one, other])])
    row = _row_in(close, lines.xy)
    homes: list[set[int]] = [set() for _ in close]
    known = np.flatnonzero(row >= 0)
    for number, unit in zip(row[known].tolist(), lines.owner[known].tolist(), strict=True):
        homes[number].add(unit)
    head = _grouped(_row_in(close, place[one[order]]), _row_in(close, place[other[order]]), homes)
    xy = lines.xy.copy()
    xy[known] = close[head[row[known]]]
    return replace(lines, xy=xy)


def _grouped(
    one: npt.NDArray[np.intp], other: npt.NDArray[np.intp], homes: list[set[int]]
) -> npt.NDArray[np.intp]:
    """Unite pairs in order unless a unit would have two vertices in a group; give each its head."""
    group = nx.utils.UnionFind(range(len(homes)))
    members = dict(enumerate(homes))
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        first, second = group[a], group[b]
        if first != second and not members[first] & members[second]:
            together = members[first] | members[second]
            group.union(first, second)
            members[group[first]] = together
    return np.array([group[number] for number in range(len(homes))], np.intp)


def _inserted(lines: Boundaries, lone: npt.NDArray[np.intp], reach: float) -> Boundaries:
    """Insert the vertices that lie on a segment of another unit, within reach."""
    ends = np.concatenate([lone, lone + 1])
    place = _unique(lines.xy[ends])
    segments = shapely.linestrings(np.stack([lines.xy[lone], lines.xy[lone + 1]], axis=1))
    segment, point = shapely.STRtree(shapely.points(place)).query(
        segments, predicate="dwithin", distance=reach
    )
    begin, end, between = lines.xy[lone[segment]], lines.xy[lone[segment] + 1], place[point]
    along = end - begin
    share = ((between - begin) * along).sum(axis=1) / np.maximum(
        (along * along).sum(axis=1), np.finfo(np.float64).tiny
    )
    is_inside = (share > 0) & (share < 1) & _is_foreign(lines, ends, place, lone[segment], point)
    is_inside &= (between != begin).any(axis=1) & (between != end).any(axis=1)
    if not is_inside.any():
        return lines
    segment, point, share = segment[is_inside], point[is_inside], share[is_inside]
    order = np.lexsort((share, segment))
    return lines.insert(lone[segment[order]], place[point[order]])


def _is_foreign(
    lines: Boundaries,
    ends: npt.NDArray[np.intp],
    place: npt.NDArray[np.float64],
    start: npt.NDArray[np.intp],
    point: npt.NDArray[np.intp],
) -> npt.NDArray[np.bool_]:
    """Tell whether a point is a vertex of another unit than that of the segment it lies on."""
    row, owner = _row_in(place, lines.xy[ends]), lines.owner[ends]
    lowest = np.full(len(place), np.iinfo(np.intp).max)
    highest = np.full(len(place), -1)
    np.minimum.at(lowest, row, owner)
    np.maximum.at(highest, row, owner)
    here = lines.owner[start]
    is_foreign: npt.NDArray[np.bool_] = (lowest[point] != here) | (highest[point] != here)
    return is_foreign


def _unique(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """List different points, in lexicographic order."""
    points = np.unique(xy[:, 0] + 1j * xy[:, 1])
    return np.column_stack([points.real, points.imag])


def _row_in(places: npt.NDArray[np.float64], xy: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Find points in a list that :func:`_unique` made; -1 where they are not in it."""
    known = places[:, 0] + 1j * places[:, 1]
    wanted = xy[:, 0] + 1j * xy[:, 1]
    row = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[row] == wanted, row, -1)
