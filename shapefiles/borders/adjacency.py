"""Which polygons share a border, and how long it is.

Two units are neighbours (rook contiguity) when their common border has a length; a common corner
is not enough. :func:`rook_contacts` finds them in three steps:

1. Neighbours that lack each other's vertices, or differ from them by rounding, are noded (see
   :mod:`shapefiles.lines.noding`); a boundary file cut from one set of lines is left as it is.
2. A border is then a set of segments that two polygons both contain. Hashing the segments finds
   them all in one sort.
3. Polygons that GEOS reports as overlapping are intersected with what lies next to them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.globe.lengths import Ruler, flat, lengths_of
from shapefiles.lines.noding import node
from shapefiles.lines.segments import repeated_segments
from shapefiles.lines.tolerance import TOLERANCE

_SMALLEST = 4.0
"""Tolerances that half the perimeter of an overlap must exceed."""


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """The borders between units.

    Parameters
    ----------
    pairs
        Units that share a border, smaller first, in lexicographic order, shape ``(n_pairs, 2)``.
    border
        Length of the shared border as the ruler has it, in metres or in the units of the
        coordinates, shape ``(n_pairs,)``.
    is_detached
        Whether no part of the border lies between the largest polygons of both units, so that
        they meet only through an island or a cut-off river bend; shape ``(n_pairs,)``.
    """

    pairs: npt.NDArray[np.int32]
    border: npt.NDArray[np.float64]
    is_detached: npt.NDArray[np.bool_]

    def where(self, is_kept: npt.NDArray[np.bool_]) -> Contacts:
        """Keep some of the borders."""
        return Contacts(self.pairs[is_kept], self.border[is_kept], self.is_detached[is_kept])

    def of(self, rows: npt.NDArray[np.intp]) -> Contacts:
        """Say the same of units that have other numbers, shape ``(n_units,)``."""
        return Contacts(rows[self.pairs].astype(np.int32), self.border, self.is_detached)


@dataclass(frozen=True, slots=True, eq=False)
class _Lengths:
    """Border lengths between single polygons: what `first` and `second` share, row by row."""

    first: npt.NDArray[np.intp]
    second: npt.NDArray[np.intp]
    length: npt.NDArray[np.float64]


def rook_contacts(
    polygons: npt.NDArray[np.object_],
    tolerance: float = TOLERANCE,
    *,
    is_coverage: bool = False,
    ruler: Ruler = flat,
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
    ruler
        What measures their segments (:mod:`shapefiles.globe.lengths`): in the plane by default.

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
    noded = polygons if is_coverage else node(polygons, tolerance)
    given = (noded, noded, tolerance, lambda xy: xy, ruler)
    return noded_contacts(*given, is_coverage=is_coverage)


def noded_contacts(
    polygons: npt.NDArray[np.object_],
    measured: npt.NDArray[np.object_],
    tolerance: float,
    to_plane: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]],
    ruler: Ruler,
    *,
    is_coverage: bool = False,
) -> Contacts:
    """Find the borders between polygons that repeat their neighbours' vertices.

    Who borders whom is decided where the polygons were drawn, how long it is where lengths mean
    something.

    Parameters
    ----------
    polygons
        What :func:`shapefiles.lines.noding.node` gives, in the system of the file, shape
        ``(n_units,)``.
    measured
        Polygons of the same vertices, in the plane where areas are measured.
    tolerance
        Overlaps with a perimeter of a few times this are none, in the units of `polygons`.
    to_plane
        From coordinates of `polygons` to coordinates of `measured`, shape ``(n, 2)`` each.
    ruler
        What measures segments of that plane.
    is_coverage
        Promise that no polygons overlap, which saves the check.
    """
    parts, unit = shapely.get_parts(polygons, return_index=True)
    plane = shapely.get_parts(measured)
    lengths = hashed_borders(parts, plane, ruler)
    if not is_coverage:
        suspect = ~shapely.is_empty(shapely.coverage_invalid_edges(polygons))[unit]
        if suspect.any():
            given = (np.flatnonzero(suspect), tolerance, to_plane, ruler)
            crossed = overlapping_borders(parts, *given)
            lengths = _together(lengths, crossed, len(parts))
    return _by_unit(lengths, shapely.area(plane), unit, len(polygons))


def joined_contacts(found: Sequence[Contacts]) -> Contacts:
    """Put borders together that were found in several places; lengths of the same pair add up."""
    if len(found) == 1:
        return found[0]
    ends = np.sort(np.concatenate([one.pairs for one in found]), axis=1)
    pairs, row = np.unique(ends, axis=0, return_inverse=True)
    row = row.ravel()
    main = np.concatenate([~one.is_detached for one in found])
    border = np.concatenate([one.border for one in found])
    is_main = _sum_by_row(row, main, len(pairs)) > 0
    return Contacts(pairs.astype(np.int32), _sum_by_row(row, border, len(pairs)), ~is_main)


def hashed_borders(
    parts: npt.NDArray[np.object_], plane: npt.NDArray[np.object_], ruler: Ruler
) -> _Lengths:
    """Match the boundary segments that two polygons repeat exactly, one row a segment."""
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    owner = part[ring[starts]]
    one, other = repeated_segments(xy, starts)
    # A polygon's rings have the order of its coordinates.
    metres = shapely.get_coordinates(plane)
    length = ruler(metres[starts[one]], metres[starts[one] + 1])
    return _Lengths(owner[one], owner[other], length)


def overlapping_borders(
    parts: npt.NDArray[np.object_],
    suspects: npt.NDArray[np.intp],
    tolerance: float,
    to_plane: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]],
    ruler: Ruler,
) -> _Lengths:
    """Intersect some polygons with all that touch them, one row a pair.

    Lines count in full. Where two polygons overlap, half the perimeter of the overlap counts: the
    limit of the border as the overlap gets thin.
    """
    tree = shapely.STRtree(parts)
    source, second = tree.query(parts[suspects], predicate="intersects")
    first = suspects[source]
    key = np.minimum(first, second) * len(parts) + np.maximum(first, second)
    first, second = np.divmod(np.unique(key[first != second]), len(parts))
    pieces, row = shapely.get_parts(
        shapely.intersection(parts[first], parts[second]), return_index=True
    )
    weight = np.where(shapely.get_dimensions(pieces) == 2, 0.5, 1.0)
    drawn = _sum_by_row(row, shapely.length(pieces) * weight, len(first))
    metres = lengths_of(shapely.transform(pieces, to_plane), ruler) * weight
    length = _sum_by_row(row, metres, len(first))
    kept = drawn > _SMALLEST * tolerance
    return _Lengths(first[kept], second[kept], length[kept])


def _together(matched: _Lengths, crossed: _Lengths, n_parts: int) -> _Lengths:
    """Add what overlaps to what matches; an intersection has the matched lines in it."""
    key = _pair_key(crossed, n_parts)
    left = ~np.isin(_pair_key(matched, n_parts), key)
    return _Lengths(
        np.concatenate([matched.first[left], crossed.first]),
        np.concatenate([matched.second[left], crossed.second]),
        np.concatenate([matched.length[left], crossed.length]),
    )


def _pair_key(lengths: _Lengths, n_parts: int) -> npt.NDArray[np.intp]:
    low, high = np.sort(np.stack([lengths.first, lengths.second]), axis=0)
    key: npt.NDArray[np.intp] = low * n_parts + high
    return key


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


def _sum_by_row(
    row: npt.NDArray[np.intp], values: npt.NDArray[np.generic], n_rows: int
) -> npt.NDArray[np.float64]:
    return np.bincount(row, values, n_rows).astype(np.float64)


def _by_unit(
    lengths: _Lengths,
    area: npt.NDArray[np.float64],
    unit: npt.NDArray[np.intp],
    n_units: int,
) -> Contacts:
    """Add the borders between polygons up to borders between units."""
    first, second = unit[lengths.first], unit[lengths.second]
    between = first != second
    key = (np.minimum(first, second) * n_units + np.maximum(first, second))[between]
    pair, row = np.unique(key, return_inverse=True)
    is_main = _is_largest(area, unit, n_units)
    main_border = (is_main[lengths.first] & is_main[lengths.second])[between]
    return Contacts(
        pairs=np.column_stack(np.divmod(pair, n_units)).astype(np.int32),
        border=_sum_by_row(row, lengths.length[between], len(pair)),
        is_detached=_sum_by_row(row, main_border, len(pair)) == 0,
    )


def _is_largest(
    area: npt.NDArray[np.float64], unit: npt.NDArray[np.intp], n_units: int
) -> npt.NDArray[np.bool_]:
    """Mark the largest polygon of each unit, the first of equals."""
    order = np.lexsort((np.arange(len(area)), -area, unit))
    is_largest = np.zeros(len(area), bool)
    is_largest[order[np.searchsorted(unit[order], np.arange(n_units))]] = True
    return is_largest
