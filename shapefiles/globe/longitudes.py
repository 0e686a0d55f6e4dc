"""Longitudes without jumps: rings that go on beyond 180 degrees, or around a pole."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

AROUND = 360.0
"""Degrees around the globe."""

NEAR = 1e-6
"""Degrees, a decimetre, within which two longitudes are one."""

_POLE = 90.0 - 1e-7
"""Degrees of latitude from which on a point is the pole: a centimetre."""

_FLAT = 1e-7
"""Square degrees, less than any unit has, below which a ring is a line drawn twice."""


def unroll(
    polygons: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.intp]]:
    """Take the jumps out of the longitudes of rings, each going on beyond 180 degrees instead.

    Parameters
    ----------
    polygons
        Geometries in degrees of longitude and latitude, shape ``(n_units,)``.

    Returns
    -------
    tuple
        A new array with the geometries, those without a jump the same objects, and the rows of
        the others. A side longer than half of the globe is taken for a jump unless nothing would
        be left of its polygon; a side along the pole is none.

    Examples
    --------
    >>> jumping = shapely.Polygon([(179, 0), (-179, 0), (-179, 1), (179, 1)])
    >>> unroll(np.array([jumping]))[0][0].bounds
    (179.0, 0.0, 181.0, 1.0)
    """
    smooth = np.array(polygons, dtype=object)
    rows = np.flatnonzero(is_area(smooth))
    xy, row = shapely.get_coordinates(smooth[rows], return_index=True)
    if not len(xy):
        return smooth, rows[:0]
    changed = []
    for number in np.flatnonzero(_is_suspect(xy, row, len(rows))).tolist():
        before = smooth[rows[number]]
        parts = _unrolled_parts(shapely.get_parts(before))
        after = parts[0] if before.geom_type == "Polygon" else shapely.multipolygons(parts)
        if not shapely.equals_exact(after, before, normalize=True):
            smooth[rows[number]] = after
            changed.append(int(rows[number]))
    return smooth, np.array(changed, np.intp)


def is_area(geometries: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Tell which geometries are polygons that are not empty."""
    kinds = np.isin(shapely.get_type_id(geometries), (3, 6))
    whole: npt.NDArray[np.bool_] = kinds & ~shapely.is_empty(geometries)
    return whole


def moved_east(geometries: npt.NDArray[np.object_], degrees: float) -> npt.NDArray[np.object_]:
    """Move geometries along their parallels."""
    moved: npt.NDArray[np.object_] = shapely.transform(
        geometries, lambda xy: xy + np.array([degrees, 0.0])
    )
    return moved


def _is_suspect(
    xy: npt.NDArray[np.float64], row: npt.NDArray[np.intp], n_rows: int
) -> npt.NDArray[np.bool_]:
    """Tell which rows have a side longer than half of the globe, or a corner at a pole."""
    is_long = (np.abs(np.diff(xy[:, 0])) > AROUND / 2) & (np.diff(row) == 0)
    suspect = np.zeros(n_rows, bool)
    suspect[row[:-1][is_long]] = True
    suspect[row[np.abs(xy[:, 1]) >= _POLE]] = True
    return suspect


def _unrolled_parts(parts: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Unroll polygons; most islands of an archipelago are as they should be."""
    unrolled = parts.copy()
    xy, row = shapely.get_coordinates(parts, return_index=True)
    # A hole may lie a turn away from its shell, which no side of either shows.
    doubtful = _is_suspect(xy, row, len(parts)) | (shapely.get_num_interior_rings(parts) > 0)
    for number in np.flatnonzero(doubtful).tolist():
        unrolled[number] = _unrolled_part(parts[number])
    return unrolled


def _unrolled_part(part: shapely.Polygon) -> shapely.Polygon:
    """Unroll the rings of one polygon, and bring its holes into its shell."""
    ring, _ = _unrolled_ring(shapely.get_coordinates(part.exterior))
    shell = shapely.polygons(ring)
    if shell.area <= _FLAT < shapely.polygons(part.exterior).area:
        return part
    west, _, east, _ = shell.bounds
    holes, rings = [], []
    for interior in part.interiors:
        xy, is_around = _unrolled_ring(shapely.get_coordinates(interior))
        middle = (xy[:, 0].min() + xy[:, 0].max() - west - east) / 2
        xy = xy - np.array([AROUND * np.round(middle / AROUND), 0])
        if is_around:
            rings += [shapely.polygons(xy + np.array([AROUND * turn, 0])) for turn in (-1, 0, 1)]
        else:
            holes.append(shapely.linearrings(xy))
    whole = shapely.polygons(shell.exterior, holes) if holes else shell
    if not rings:
        return whole
    around = shapely.difference(whole, shapely.union_all(rings))
    return around if around.geom_type == "Polygon" else part


def _unrolled_ring(xy: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], bool]:
    """Let the longitudes of a closed ring go on where they jump, and tell if it goes around."""
    is_pole = np.abs(xy[:-1, 1]) >= _POLE
    # Begin with the corner after a pole, so that the way over the pole closes the ring.
    starts = np.flatnonzero(~is_pole & np.roll(is_pole, 1))
    begin = int(starts[0]) if len(starts) else 0
    corners, is_pole = np.roll(xy[:-1], -begin, axis=0), np.roll(is_pole, -begin)
    away = np.flatnonzero(~is_pole)
    if len(away) < 2 or (_is_straight(corners, is_pole) and not _has_jump(corners, is_pole)):
        return xy, False
    x, y = corners[away].T
    step = np.diff(x, append=x[0])
    turn = np.where(np.abs(step) > AROUND / 2, -np.round(step / AROUND), 0.0)
    x = x + AROUND * np.concatenate([[0.0], np.cumsum(turn)[:-1]])
    around = 0.0 if is_pole.any() else float(turn.sum())
    if abs(around) > 1:
        return xy, False
    rolled: list[tuple[float, float]] = []
    following = np.roll(away, -1)
    for number, (here, there) in enumerate(zip(away.tolist(), following.tolist(), strict=True)):
        rolled.append((x[number], y[number]))
        if (there - here) % len(corners) != 1:
            pole = float(corners[(here + 1) % len(corners), 1])
            rolled += [(x[number], pole), (x[(number + 1) % len(x)], pole)]
    if around:
        pole = np.copysign(AROUND / 4, y.mean())
        end = x[0] + AROUND * around
        rolled += [(end, y[0]), (end, pole), (x[0], pole)]
    return np.array([*rolled, rolled[0]]), bool(around)


def _has_jump(corners: npt.NDArray[np.float64], is_pole: npt.NDArray[np.bool_]) -> bool:
    """Tell whether two corners that follow each other are more than half of the globe apart."""
    step = np.abs(np.diff(corners[:, 0], append=corners[0, 0]))
    is_away = ~(is_pole | np.roll(is_pole, -1))
    return bool((step[is_away] > AROUND / 2).any())


def _is_straight(corners: npt.NDArray[np.float64], is_pole: npt.NDArray[np.bool_]) -> bool:
    """Tell whether each way to a pole and from it keeps to its meridian."""
    step = np.abs(np.diff(corners[:, 0], append=corners[0, 0]))
    to_or_from = is_pole != np.roll(is_pole, -1)
    return bool((step[to_or_from] <= NEAR).all())
