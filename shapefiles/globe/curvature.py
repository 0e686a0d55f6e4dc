"""Straight lines of a file, which a projection makes curves: enough vertices to follow them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.globe.worldwide import Transform
from shapefiles.lines.boundaries import Boundaries
from shapefiles.lines.segments import repeated_segments

_SHORTEST = 500.0
"""Metres below which a segment is as good as straight in any projection of a part of the world."""

_CLOSEST = 0.1
"""Metres between a line and its curve that are let be, or :data:`_SHARE` of the extent if more."""

_SHARE = 1e-6
_N_ROUNDS = 4


def follow_curves(
    given: npt.NDArray[np.object_], moved: npt.NDArray[np.object_], to_plane: Transform
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Insert vertices into long segments, so that the projected ones follow the lines of the file.

    A side of 10 km along a parallel at 45 degrees is 2 m away from its chord in the middle. Both
    sides of a border get the same vertices. Where a narrow polygon would be invalid after the
    projection although it is valid in its file, its sides get more, up to a limit: sides that touch
    but for the last digits need mending.

    Parameters
    ----------
    given
        Polygons in the system of the file, shape ``(n_units,)``.
    moved
        Polygons of the same vertices, projected; if not so, nothing is inserted.
    to_plane
        The projection, of coordinates of shape ``(n, 2)``.

    Returns
    -------
    tuple
        Both with the vertices inserted.
    """
    lines, plane = Boundaries.of(given), Boundaries.of(moved)
    if len(lines.xy) != len(plane.xy):
        return given, moved
    starts = plane.starts
    ends = plane.xy[starts], plane.xy[starts + 1]
    long = np.flatnonzero(np.hypot(*(ends[1] - ends[0]).T) > _SHORTEST)
    if not len(long):
        return given, moved
    middle = to_plane((lines.xy[starts[long]] + lines.xy[starts[long] + 1]) / 2)
    bend = np.zeros(len(starts))
    bend[long] = np.hypot(*(middle - (ends[0][long] + ends[1][long]) / 2).T)
    bend[~np.isfinite(bend)] = 0.0
    extent = float(np.ptp(plane.xy, axis=0).max())
    near = np.full(len(starts), max(_CLOSEST, _SHARE * extent))
    is_valid = shapely.is_valid(given)
    for _ in range(_N_ROUNDS):
        denser, projected = _densified(given, moved, lines, plane, bend / near, to_plane)
        spoilt = np.flatnonzero(is_valid & ~shapely.is_valid(projected))
        if not len(spoilt):
            break
        near[_sides(lines, starts, spoilt)] /= 10
    return denser, projected


def _densified(
    given: npt.NDArray[np.object_],
    moved: npt.NDArray[np.object_],
    lines: Boundaries,
    plane: Boundaries,
    excess: npt.NDArray[np.float64],
    to_plane: Transform,
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Cut each segment into so many that a curve of so many times the distance is near enough."""
    n_cuts = np.ceil(np.sqrt(np.maximum(excess, 1.0))).astype(np.intp) - 1
    cut = np.flatnonzero(n_cuts)
    if not len(cut):
        return given, moved
    segment = np.repeat(cut, n_cuts[cut])
    number = np.arange(len(segment)) - np.repeat(np.cumsum(n_cuts[cut]) - n_cuts[cut], n_cuts[cut])
    start = lines.starts[segment]
    begin, end = lines.xy[start], lines.xy[start + 1]
    # Computed from the same end by both neighbours, so that both get the same bits.
    is_reverse = (begin[:, 0] > end[:, 0]) | (
        (begin[:, 0] == end[:, 0]) & (begin[:, 1] > end[:, 1])
    )
    total = n_cuts[segment] + 1
    share = np.where(is_reverse, total - 1 - number, number + 1) / total
    low = np.where(is_reverse[:, None], end, begin)
    high = np.where(is_reverse[:, None], begin, end)
    points = low + (high - low) * share[:, None]
    units = np.unique(lines.owner[start])
    denser = lines.insert(start, points).rebuild(given, units)
    return denser, plane.insert(start, to_plane(points)).rebuild(moved, units)


def _sides(
    lines: Boundaries, starts: npt.NDArray[np.intp], units: npt.NDArray[np.intp]
) -> npt.NDArray[np.bool_]:
    """Mark the segments of some units, and those of others that are the same lines."""
    is_theirs = np.isin(lines.owner[starts], units)
    one, other = repeated_segments(lines.xy, starts)
    is_side = is_theirs.copy()
    is_side[one] |= is_theirs[other]
    is_side[other] |= is_theirs[one]
    return is_side
