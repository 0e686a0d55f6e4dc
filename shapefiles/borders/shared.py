"""The lines that pairs of units share: the border between two nations, piece by piece."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.lines.noding import node
from shapefiles.lines.segments import repeated_segments
from shapefiles.lines.tolerance import TOLERANCE


def shared_lines(
    polygons: npt.NDArray[np.object_], pairs: npt.NDArray[np.integer], tolerance: float = TOLERANCE
) -> npt.NDArray[np.object_]:
    """Draw the border that each pair of units shares.

    Parameters
    ----------
    polygons
        Valid polygons or multipolygons in a projected system, shape ``(n_units,)``.
    pairs
        Rows of two units each, shape ``(n_pairs, 2)``.
    tolerance
        Distance between lines that are one, in units of the coordinates.

    Returns
    -------
    numpy.ndarray
        A multiline a pair, empty where the two do not meet in a line, shape ``(n_pairs,)``. Where
        two overlap, it is the part of the first one's boundary that lies in the second.

    Examples
    --------
    >>> squares = shapely.box([0, 1, 5], [0, 0, 0], [1, 2, 6], [1, 1, 1])
    >>> [line.length for line in shared_lines(squares, np.array([[0, 1], [0, 2]]))]
    [1.0, 0.0]
    """
    pairs = np.asarray(pairs, np.intp).reshape(-1, 2)
    used, row = np.unique(pairs, return_inverse=True)
    noded = node(polygons[used], tolerance)
    lines = _repeated(noded, row.reshape(-1, 2))
    alone = np.flatnonzero(shapely.is_empty(lines))
    first, second = noded[row.reshape(-1, 2)[alone]].T
    crossed = shapely.intersection(shapely.boundary(first), second)
    for place, found in zip(alone.tolist(), crossed.tolist(), strict=True):
        parts = shapely.get_parts(found)
        lines[place] = shapely.multilinestrings(parts[shapely.get_dimensions(parts) == 1])
    return lines


def _repeated(
    polygons: npt.NDArray[np.object_], pairs: npt.NDArray[np.intp]
) -> npt.NDArray[np.object_]:
    """Put together the segments that both units of a pair repeat exactly."""
    rings, part = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    one, other = repeated_segments(xy, starts)
    owner = part[ring[starts]]
    ends = np.sort(np.stack([owner[one], owner[other]], axis=1), axis=1)
    key = ends[:, 0] * len(polygons) + ends[:, 1]
    order = np.argsort(key, kind="stable")
    wanted = np.sort(pairs, axis=1) @ np.array([len(polygons), 1])
    begin, stop = (np.searchsorted(key[order], wanted, side) for side in ("left", "right"))
    segments = shapely.linestrings(np.stack([xy[starts[one]], xy[starts[one] + 1]], axis=1))
    lines = np.empty(len(pairs), np.object_)
    for place, (low, high) in enumerate(zip(begin.tolist(), stop.tolist(), strict=True)):
        merged = shapely.line_merge(shapely.multilinestrings(segments[order[low:high]]))
        lines[place] = shapely.multilinestrings(shapely.get_parts(merged))
    return lines
