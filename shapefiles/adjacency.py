"""Which polygons share a border, and how long it is.

Two units are neighbours (rook contiguity) when their common border has a length; a common corner
is not enough. :func:`rook_contacts` finds them in two ways and picks the right one per polygon:

1. Where neighbouring polygons repeat the same vertices (a valid coverage, as every boundary file
   cut from one set of lines is), a border is a set of segments that two polygons both contain.
   Hashing the segments finds them all in one sort.
2. Polygons that GEOS reports as not matching their neighbours (a vertex that the other side lacks,
   a narrow gap, an overlap) are intersected with what lies next to them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

TOLERANCE = 0.01
"""Metres below which two borders that should match count as the same line."""


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """The borders between units.

    Parameters
    ----------
    pairs
        Units that share a border, smaller first, in lexicographic order, shape ``(n_pairs, 2)``.
    border
        Length of the shared border in the units of the coordinates, shape ``(n_pairs,)``.
    is_detached
        Whether no part of the border lies between the largest polygons of both units, so that
        they meet only through an island or a cut-off river bend; shape ``(n_pairs,)``.
    """

    pairs: npt.NDArray[np.int32]
    border: npt.NDArray[np.float64]
    is_detached: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Lengths:
    """Border lengths between single polygons: what `first` and `second` share, row by row."""

    first: npt.NDArray[np.intp]
    second: npt.NDArray[np.intp]
    length: npt.NDArray[np.float64]


def rook_contacts(
    polygons: npt.NDArray[np.object_], tolerance: float = TOLERANCE, *, is_coverage: bool = False
) -> Contacts:
    """Find the units that share a border, with its length.

    Parameters
    ----------
    polygons
        Valid polygons or multipolygons in a projected system, shape ``(n_units,)``.
    tolerance
        Where vertices do not match: how far apart, in units of the coordinates, two lines may be
        and still count as one border.
    is_coverage
        Promise that all vertices match, which saves the check (half of the time).

    Raises
    ------
    ValueError
        When a polygon is missing, empty, of another type or invalid.

    Examples
    --------
    Two unit squares side by side and a third that touches the second at a corner only:

    >>> squares = shapely.box([0, 1, 2], [0, 0, 1], [1, 2, 3], [1, 1, 2])
    >>> contacts = rook_contacts(squares)
    >>> contacts.pairs.tolist(), contacts.border.tolist()
    ([[0, 1]], [1.0])
    """
    _check_polygons(polygons)
    parts, unit = shapely.get_parts(polygons, return_index=True)
    lengths = hashed_borders(parts)
    if not is_coverage:
        suspect = ~shapely.is_empty(shapely.coverage_invalid_edges(polygons, tolerance))[unit]
        if suspect.any():
            trusted = ~(suspect[lengths.first] | suspect[lengths.second])
            exact = intersected_borders(parts, np.flatnonzero(suspect), tolerance)
            lengths = _Lengths(
                np.concatenate([lengths.first[trusted], exact.first]),
                np.concatenate([lengths.second[trusted], exact.second]),
                np.concatenate([lengths.length[trusted], exact.length]),
            )
    return _by_unit(lengths, parts, unit, len(polygons))


def hashed_borders(parts: npt.NDArray[np.object_]) -> _Lengths:
    """Match the boundary segments that two polygons repeat exactly, one row a segment."""
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    owner = part[ring[starts]]
    key = _vertex_hash(xy)
    key = key[starts] + key[starts + 1]  # the same in both directions
    order = np.argsort(key)
    if not _is_same_segment(xy, starts[order], key[order]).all():
        # Two different segments with one 64-bit hash: rank the vertices exactly instead.
        _, rank = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)
        ends = np.sort(np.stack([rank[starts], rank[starts + 1]]), axis=0)
        key = ends[0] * len(xy) + ends[1]
        order = np.argsort(key)
    repeated = key[order][1:] == key[order][:-1]
    one, other = order[:-1][repeated], order[1:][repeated]
    length = np.hypot(*(xy[starts[one] + 1] - xy[starts[one]]).T)
    return _Lengths(owner[one], owner[other], length)


def intersected_borders(
    parts: npt.NDArray[np.object_], suspects: npt.NDArray[np.intp], tolerance: float
) -> _Lengths:
    """Intersect some polygons with all that touch them, one row a pair.

    Lines count in full. Where two polygons overlap, half the perimeter of the overlap counts: the
    limit of the border as the overlap gets thin.
    """
    tree = shapely.STRtree(parts)
    source, second = tree.query(parts[suspects], predicate="dwithin", distance=tolerance)
    first = suspects[source]
    key = np.minimum(first, second) * len(parts) + np.maximum(first, second)
    first, second = np.divmod(np.unique(key[first != second]), len(parts))
    # Snap rounding makes lines that almost coincide coincide; plain overlay would miss them.
    common = shapely.intersection(parts[first], parts[second], grid_size=tolerance)
    pieces, row = shapely.get_parts(common, return_index=True)
    weight = np.where(shapely.get_dimensions(pieces) == 2, 0.5, 1.0)
    length = _sum_by_row(row, shapely.length(pieces) * weight, len(first))
    kept = length > 0
    return _Lengths(first[kept], second[kept], length[kept])


def _check_polygons(polygons: npt.NDArray[np.object_]) -> None:
    is_polygon = np.isin(shapely.get_type_id(polygons), (3, 6)) & ~shapely.is_empty(polygons)
    if not is_polygon.all():
        row = int(np.flatnonzero(~is_polygon)[0])
        found = "nothing" if polygons[row] is None else f"{polygons[row]!r:.80}"
        raise ValueError(
            f"polygons[{row}] is {found}, expected a polygon with an area. Remove or mend the row."
        )
    is_valid = shapely.is_valid(polygons)
    if not is_valid.all():
        row = int(np.flatnonzero(~is_valid)[0])
        raise ValueError(
            f"polygons[{row}] is invalid: {shapely.is_valid_reason(polygons[row])}. "
            "Mend it with shapely.make_valid and look at the result."
        )


def _vertex_hash(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.uint64]:
    """Mix the bits of both coordinates of each point (the finaliser of splitmix64)."""
    bits = np.ascontiguousarray(xy + 0.0).view(np.uint64)  # + 0.0 turns -0.0 into 0.0
    mixed = bits[:, 0] * np.uint64(0x9E3779B97F4A7C15) + bits[:, 1]
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def _is_same_segment(
    xy: npt.NDArray[np.float64], starts: npt.NDArray[np.intp], key: npt.NDArray[np.uint64]
) -> npt.NDArray[np.bool_]:
    """Check that neighbours in hash order with one hash are one segment."""
    equal = np.flatnonzero(key[1:] == key[:-1])
    one, other = starts[equal], starts[equal + 1]
    same = (xy[one] == xy[other]) & (xy[one + 1] == xy[other + 1])
    reverse = (xy[one] == xy[other + 1]) & (xy[one + 1] == xy[other])
    is_same: npt.NDArray[np.bool_] = same.all(axis=1) | reverse.all(axis=1)
    return is_same


def _sum_by_row(
    row: npt.NDArray[np.intp], values: npt.NDArray[np.generic], n_rows: int
) -> npt.NDArray[np.float64]:
    return np.bincount(row, values, n_rows).astype(np.float64)


def _by_unit(
    lengths: _Lengths,
    parts: npt.NDArray[np.object_],
    unit: npt.NDArray[np.intp],
    n_units: int,
) -> Contacts:
    """Add the borders between polygons up to borders between units."""
    first, second = unit[lengths.first], unit[lengths.second]
    between = first != second
    key = (np.minimum(first, second) * n_units + np.maximum(first, second))[between]
    pair, row = np.unique(key, return_inverse=True)
    is_main = _is_largest(parts, unit, n_units)
    main_border = (is_main[lengths.first] & is_main[lengths.second])[between]
    return Contacts(
        pairs=np.column_stack(np.divmod(pair, n_units)).astype(np.int32),
        border=_sum_by_row(row, lengths.length[between], len(pair)),
        is_detached=_sum_by_row(row, main_border, len(pair)) == 0,
    )


def _is_largest(
    parts: npt.NDArray[np.object_], unit: npt.NDArray[np.intp], n_units: int
) -> npt.NDArray[np.bool_]:
    """Mark the largest polygon of each unit, the first of equals."""
    order = np.lexsort((np.arange(len(parts)), -shapely.area(parts), unit))
    is_largest = np.zeros(len(parts), bool)
    is_largest[order[np.searchsorted(unit[order], np.arange(n_units))]] = True
    return is_largest
