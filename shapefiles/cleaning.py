"""Close gaps and overlaps between polygons that were not drawn from one set of lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.coverage import GAP_WIDTH, find_holes, is_narrow
from shapefiles.errors import DataError, listed, shown
from shapefiles.repair import Repair


def clean_coverage(
    polygons: npt.NDArray[np.object_], ids: Sequence[str]
) -> tuple[npt.NDArray[np.object_], list[Repair]]:
    """Give each overlap to the smaller of its units, and share narrow gaps between neighbours.

    Where polygons do not fit together, GEOS' coverage cleaner [1]_ makes one of corners that lie
    closer than :data:`~shapefiles.coverage.GAP_WIDTH`, or a tenth of the width of the smallest
    unit, and gives what still overlaps to the smaller unit, so that a town drawn upon the district
    around it stays. Gaps that are left and nowhere wider are cut into triangles between their own
    corners, and each goes to the unit with which it shares the longest side: given to one
    neighbour as a whole, a gap with several arms would keep the others from touching.

    Parameters
    ----------
    polygons
        Valid polygons in metres, shape ``(n_units,)``.
    ids
        Id of each unit.

    Returns
    -------
    tuple
        The geometries, and a repair if any changed.

    Raises
    ------
    DataError
        When the installed Shapely or its GEOS is too old, or a unit would vanish.

    References
    ----------
    .. [1] M. Davis, "Coverage Cleaning", GEOS 3.14, 2025, https://libgeos.org.

    Examples
    --------
    >>> polygons, repairs = clean_coverage(shapely.box([0, 90], 0, [100, 200], 50), ["a", "b"])
    >>> float(shapely.area(polygons).sum()), [repair.kind for repair in repairs]
    (10000.0, ['coverage'])
    """
    cleaned = polygons if shapely.coverage_is_valid(polygons) else _without_overlaps(polygons)
    cleaned = _without_gaps(cleaned)
    is_gone = shapely.is_empty(cleaned) | (shapely.area(cleaned) == 0)
    if is_gone.any():
        row = int(np.flatnonzero(is_gone)[0])
        raise DataError(
            f"Unit {shown(ids[row])} lies wholly within others, so that closing overlaps would "
            "leave nothing of it. Mend the polygons by hand."
        )
    changed = np.flatnonzero(~shapely.equals_exact(cleaned, polygons, normalize=True))
    if not len(changed):
        return polygons, []
    moved = np.abs(shapely.area(cleaned) - shapely.area(polygons))
    names = tuple(ids[row] for row in changed[:100].tolist())
    message = (
        f"Overlaps, and gaps up to {GAP_WIDTH:g} m, between {len(changed):,} units were closed: "
        f"{listed(names)}. Areas changed by {moved.sum() / 1e6:.6g} km² in all, no unit's by more "
        f"than {moved.max() / 1e6:.6g} km²."
    )
    return cleaned, [Repair("coverage", names, message)]


def _without_overlaps(polygons: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    if not hasattr(shapely, "coverage_clean"):
        raise DataError("Closing gaps and overlaps needs Shapely 2.2 or later.")
    near = min(GAP_WIDTH, 0.1 * float(np.sqrt(shapely.area(polygons).min())))
    covered = float(shapely.area(shapely.union_all(polygons)))
    length = float(shapely.length(polygons).sum())
    cleaned = polygons
    # Where a hole and what fills it are closer than the distance, snapping can lose what lies
    # around them; gaps are closed afterwards in any case.
    for distance in (near, near / 10, near / 100, 0.0):
        try:
            # Where nothing is left of a unit GEOS may raise this flag; the result is checked.
            with np.errstate(invalid="ignore"):
                cleaned = shapely.coverage_clean(
                    polygons, snapping_distance=distance, merge_strategy="min_area"
                )
        except shapely.errors.UnsupportedGEOSVersionError as error:
            raise DataError(f"Closing gaps and overlaps: {error}") from None
        if covered - float(shapely.area(cleaned).sum()) <= length * distance:
            break
    return cleaned


def _without_gaps(polygons: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Share the narrow gaps of a coverage between their neighbours."""
    holes, _, _ = find_holes(polygons, is_coverage=True)
    narrow = holes[is_narrow(holes)]
    left = shapely.get_parts(shapely.constrained_delaunay_triangles(narrow))
    filled = polygons.copy()
    while len(left):
        # A triangle inside a junction touches no unit before its neighbours have joined theirs.
        piece, unit = _longest_sides(left, filled)
        if not len(piece):
            break
        order = np.argsort(unit, kind="stable")
        starts = np.flatnonzero(np.diff(unit[order], prepend=-1))
        for rows in np.split(order, starts[1:]):
            row = unit[rows[0]]
            filled[row] = shapely.coverage_union_all([filled[row], *left[piece[rows]]])
        left = np.delete(left, piece)
    return filled


def _longest_sides(
    pieces: npt.NDArray[np.object_], polygons: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Find, for each piece that touches one, the unit with the longest common border."""
    piece, unit = shapely.STRtree(polygons).query(pieces, predicate="intersects")
    border = shapely.boundary(pieces[piece])
    length = shapely.length(shapely.intersection(border, shapely.boundary(polygons[unit])))
    touching = np.flatnonzero(length > 0)
    order = touching[np.lexsort((unit[touching], -length[touching], piece[touching]))]
    _, first = np.unique(piece[order], return_index=True)
    return piece[order[first]], unit[order[first]]
