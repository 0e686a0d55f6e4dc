"""The line of 180 degrees: polygons joined across it on the way in, cut at it on the way out.

A file may write a unit beyond the line in three ways: cut in two at 180 and -180, as GeoJSON asks
[1]_; with longitudes beyond 180, such as 181 or all of 0 to 360; or with longitudes that jump from
179 to -179 within a ring. They all say the same, and :func:`gather` reads the same from them:
longitudes without a jump, all parts of the map on one side. :func:`cut` is the way back.

References
----------
.. [1] H. Butler et al., "The GeoJSON Format", RFC 7946, section 3.1.9, 2016.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.globe.longitudes import AROUND, NEAR, is_area, moved_east, unroll

_STRAIGHT = 1e-7
"""Degrees, a centimetre, by which rounding moves the corner that a cut makes in a side."""


class Gathered(NamedTuple):
    """Polygons on one side of the globe."""

    polygons: npt.NDArray[np.object_]
    """Longitudes without a jump, perhaps beyond 180 degrees."""
    jumping: npt.NDArray[np.intp]
    """Rows with a ring whose longitudes jumped."""
    is_ring: bool
    """Whether the map goes all around the globe, so that its western end meets its eastern."""


def gather(polygons: npt.NDArray[np.object_], seam: float = AROUND / 2) -> Gathered:
    """Bring the parts of a map to one side of the globe, and join units that were cut in two.

    Parameters
    ----------
    polygons
        Geometries in degrees of longitude and latitude, shape ``(n_units,)``; what is no polygon
        stays as it is.
    seam
        Degrees of longitude where units were cut: 180, 0 where longitudes go from 0 to 360, or
        where a world map ends.

    Returns
    -------
    Gathered
        Where nothing needs to be moved, the array that was given.

    Examples
    --------
    >>> fiji = shapely.box([179, -180], -18, [180, -179], -17)
    >>> gather(np.array([shapely.multipolygons(fiji)])).polygons[0].bounds
    (179.0, -18.0, 181.0, -17.0)
    """
    smooth, jumping = unroll(polygons)
    rows = np.flatnonzero(is_area(smooth))
    parts, index = shapely.get_parts(smooth[rows], return_index=True)
    if not len(parts):
        return Gathered(polygons, jumping, False)
    bounds = shapely.bounds(parts)
    west, width = bounds[:, 0], bounds[:, 2] - bounds[:, 0]
    if not len(jumping) and bounds[:, 2].max() - west.min() <= AROUND / 2:
        return Gathered(polygons, jumping, False)
    gap = _widest_gap(west, width)
    start = seam - AROUND if gap is None else gap
    turns = np.floor((west - start + (NEAR if gap is None else 0)) / AROUND)
    if gap is not None:
        east = (bounds[:, 2] - turns * AROUND).max()
        turns += np.round(((west - turns * AROUND).min() + east) / 2 / AROUND)
    moved = _turned(parts, -turns)
    placed = smooth.copy()
    for number in np.unique(index[turns != 0]).tolist():
        placed[rows[number]] = _together(moved[index == number], smooth[rows[number]])
    return Gathered(_joined(placed, seam, is_ring=gap is None), jumping, gap is None)


def cut(polygons: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Cut polygons at 180 degrees, so that longitudes lie between -180 and 180 (RFC 7946, 3.1.9).

    Parameters
    ----------
    polygons
        Geometries in degrees of longitude and latitude, shape ``(n_units,)``; longitudes may jump
        or go beyond 180. A part that goes around a pole has it among its corners afterwards.

    Returns
    -------
    numpy.ndarray
        The geometries; those that need no cut are the same objects.

    Examples
    --------
    >>> cut(np.array([shapely.box(179, -18, 181, -17)]))[0].bounds
    (-180.0, -18.0, 180.0, -17.0)
    """
    smooth, _ = unroll(polygons)
    bounds = shapely.bounds(smooth)
    half = AROUND / 2
    with np.errstate(invalid="ignore"):
        crosses = (bounds[:, 0] < -half) | (bounds[:, 2] > half)
    for row in np.flatnonzero(crosses).tolist():
        pieces = [_cut_part(part) for part in shapely.get_parts(smooth[row])]
        smooth[row] = shapely.multipolygons(np.concatenate(pieces))
    return smooth


def _together(parts: npt.NDArray[np.object_], before: shapely.Geometry) -> shapely.Geometry:
    """Make one geometry of moved parts, of the type that it had."""
    return parts[0] if before.geom_type == "Polygon" else shapely.multipolygons(parts)


def _turned(
    parts: npt.NDArray[np.object_], turns: npt.NDArray[np.float64]
) -> npt.NDArray[np.object_]:
    """Move polygons around the globe by whole turns."""
    moved = parts.copy()
    for number in np.unique(turns[turns != 0]).tolist():
        chosen = turns == number
        moved[chosen] = moved_east(parts[chosen], number * AROUND)
    return moved


def _widest_gap(west: npt.NDArray[np.float64], width: npt.NDArray[np.float64]) -> float | None:
    """Find the middle of the widest band of longitudes without land, if there is any."""
    start = np.mod(west, AROUND)
    order = np.argsort(start, kind="stable")
    start, end = start[order], (start + width)[order]
    reach = np.maximum.accumulate(np.concatenate([[end.max() - AROUND], end]))[:-1]
    gaps = start - reach
    widest = int(np.argmax(gaps))
    if gaps[widest] <= NEAR:
        return None
    return float(start[widest] - gaps[widest] / 2)


def _joined(
    polygons: npt.NDArray[np.object_], seam: float, *, is_ring: bool
) -> npt.NDArray[np.object_]:
    """Make one polygon of the parts of a unit that end and begin at the seam."""
    west, _, east, _ = shapely.total_bounds(polygons).tolist()
    turns = np.arange(np.floor((west - seam) / AROUND), np.ceil((east - seam) / AROUND) + 1)
    lines = seam + AROUND * turns
    joined = polygons.copy()
    for line in lines.tolist():
        joined = _joined_at(joined, line, line)
    if is_ring:
        joined = _joined_at(joined, seam, seam - AROUND)
        rows = np.flatnonzero(shapely.get_num_geometries(joined) > 1)
        for row in rows[is_area(joined[rows])].tolist():
            joined[row] = _nearby(joined[row])
    return joined


def _joined_at(
    polygons: npt.NDArray[np.object_], end: float, begin: float
) -> npt.NDArray[np.object_]:
    """Join parts that end at one meridian with parts of the same unit that begin at another."""
    rows = np.flatnonzero(is_area(polygons))
    parts, index = shapely.get_parts(polygons[rows], return_index=True)
    bounds = shapely.bounds(parts)
    ends, begins = np.abs(bounds[:, 2] - end) <= NEAR, np.abs(bounds[:, 0] - begin) <= NEAR
    ends, begins = ends & ~begins, begins & ~ends
    if not (ends.any() and begins.any()):
        return polygons
    for chosen, line in ((ends, end), (begins, begin)):
        parts[chosen] = shapely.transform(parts[chosen], _onto(line))
    joined = polygons.copy()
    for number in np.unique(index[ends | begins]).tolist():
        mine = index == number
        before = polygons[rows[number]]
        pieces = parts[mine]
        if (mine & ends).any() and (mine & begins).any() and shapely.is_valid(pieces).all():
            pieces = _across(pieces, ends[mine], begins[mine], end - begin)
        if len(pieces) > 1 or before.geom_type == "Polygon":
            joined[rows[number]] = _together(pieces, before)
        else:
            joined[rows[number]] = pieces[0]
    return joined


def _across(
    parts: npt.NDArray[np.object_],
    ends: npt.NDArray[np.bool_],
    begins: npt.NDArray[np.bool_],
    turn: float,
) -> npt.NDArray[np.object_]:
    """Join those parts of one unit that meet at the line, the smaller side moving to the larger."""
    areas = shapely.area(parts)
    is_east = areas[ends].sum() >= areas[begins].sum()
    moving, by = (begins, turn) if is_east else (ends, -turn)
    placed = parts.copy()
    if by:
        placed[moving] = moved_east(parts[moving], by)
    whole = shapely.get_parts(shapely.union_all(placed[ends | begins]))
    if len(whole) == (ends | begins).sum():
        return parts
    meeting = float(shapely.total_bounds(placed[ends])[2])
    smooth = [_without_cut(one, meeting) for one in whole]
    return np.array([*smooth, *placed[~(ends | begins)]], dtype=object)


def _without_cut(part: shapely.Polygon, line: float) -> shapely.Polygon:
    """Drop the corners that only the cut made: on the line, and straight on."""

    def kept(ring: shapely.LinearRing) -> npt.NDArray[np.float64]:
        xy = shapely.get_coordinates(ring)[:-1]
        before, after = xy - np.roll(xy, 1, axis=0), np.roll(xy, -1, axis=0) - xy
        bend = np.abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0])
        along = np.hypot(*(before + after).T)
        is_onward = (before * after).sum(axis=1) > 0
        is_cut = (xy[:, 0] == line) & is_onward & (bend <= _STRAIGHT * along)
        is_cut &= before[:, 0] * after[:, 0] > 0
        corners: npt.NDArray[np.float64] = xy[~is_cut]
        return corners

    rings = [kept(part.exterior), *map(kept, part.interiors)]
    smooth = shapely.polygons(
        shapely.linearrings(rings[0]), [shapely.linearrings(one) for one in rings[1:]] or None
    )
    return smooth if smooth.is_valid else part


def _nearby(geometry: shapely.MultiPolygon) -> shapely.MultiPolygon:
    """Move the parts of a unit to the side of the globe on which its largest part is."""
    parts = shapely.get_parts(geometry)
    bounds = shapely.bounds(parts)
    middle = (bounds[:, 0] + bounds[:, 2]) / 2
    turns = np.round((middle - middle[np.argmax(shapely.area(parts))]) / AROUND)
    return shapely.multipolygons(_turned(parts, -turns)) if turns.any() else geometry


def _onto(line: float) -> Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]:
    """Put the corners that are next to a meridian on it."""

    def put(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        is_near = np.abs(xy[:, :1] - line) <= NEAR
        return np.where(is_near & [[True, False]], line, xy)

    return put


def _cut_part(part: shapely.Polygon) -> npt.NDArray[np.object_]:
    """Cut one polygon at every line of 180 degrees, and bring the pieces between them."""
    west, south, east, north = part.bounds
    half = AROUND / 2
    pieces = []
    for turn in range(math.floor((west + half) / AROUND), math.ceil((east + half) / AROUND)):
        window = shapely.box(turn * AROUND - half, south - 1, turn * AROUND + half, north + 1)
        inside = part if window.contains(part) else shapely.intersection(part, window)
        pieces.append(moved_east(inside, -turn * AROUND))
    flat = shapely.get_parts(np.array(pieces, dtype=object))
    areas: npt.NDArray[np.object_] = flat[
        (shapely.get_type_id(flat) == 3) & (shapely.area(flat) > 0)
    ]
    return areas
