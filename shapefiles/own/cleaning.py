"""Close gaps and overlaps between polygons, each where it is: nothing else is touched."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.borders.coverage import (
    Overlap,
    find_holes,
    find_open_gaps,
    find_overlaps,
    gap_width,
    is_narrow,
)
from shapefiles.errors import DataError, listed, shown
from shapefiles.own.repair import Repair

_LOST = 1e-6
"""Share of the land around a fault that its repair may gain or lose through rounding."""

_ROUNDING = 1e-9
"""Share of the width of some units, micrometres, within which their corners are one."""

_SIDE = 0.25
"""Share of the boundary of a triangle, less than its longest side, that is a long side."""


def clean_coverage(
    polygons: npt.NDArray[np.object_], ids: Sequence[str]
) -> tuple[npt.NDArray[np.object_], list[Repair]]:
    """Give each overlap to the smaller of its units, and share narrow gaps between neighbours.

    Units that overlap are cleaned together with those that touch them, which may get corners of
    their neighbours but change in no other way; GEOS' coverage cleaner [1]_ gives what overlaps to
    the smaller unit, so that a town drawn upon the district around it stays. Nothing is snapped: a
    corridor of a few metres is land like any other. Gaps that are nowhere wider than
    :func:`~shapefiles.borders.coverage.gap_width`, enclosed or between two units that face each
    other, are cut into triangles between their own corners, and each goes to the unit with which it
    shares the longest side: given to one neighbour as a whole, a gap with several arms would keep
    the others from touching.

    Parameters
    ----------
    polygons
        Valid polygons in metres, shape ``(n_units,)``.
    ids
        Id of each unit.

    Returns
    -------
    tuple
        The geometries, the same objects wherever there is no fault, and a repair for each group of
        units whose faults hang together.

    Raises
    ------
    DataError
        When the installed Shapely or its GEOS is too old, a unit would vanish, or a fault cannot
        be mended where it is.

    References
    ----------
    .. [1] M. Davis, "Coverage Cleaning", GEOS 3.14, 2025, https://libgeos.org.

    Examples
    --------
    >>> polygons, repairs = clean_coverage(shapely.box([0, 90], 0, [100, 200], 50), ["a", "b"])
    >>> float(shapely.area(polygons).sum()), [repair.kind for repair in repairs]
    (10000.0, ['coverage'])
    """
    width = gap_width(polygons)
    overlaps = [] if shapely.coverage_is_valid(polygons) else find_overlaps(polygons)
    try:
        cleaned = _without_overlaps(polygons, overlaps, ids)
        cleaned, gaps = _without_gaps(cleaned, width)
    except shapely.errors.GEOSException as error:
        where = str(error).partition("This can occur")[0].strip()
        raise DataError(
            f"The overlaps and gaps of this map are too tangled to be closed ({where}) Mend the "
            "polygons by hand, or leave --repair out: overlaps are no obstacle to a search."
        ) from None
    _check_left(cleaned, ids)
    faults = [(one.first, one.second) for one in overlaps] + gaps
    return cleaned, _repairs(polygons, cleaned, faults, ids, width)


def _without_overlaps(
    polygons: npt.NDArray[np.object_], overlaps: Sequence[Overlap], ids: Sequence[str]
) -> npt.NDArray[np.object_]:
    """Clean each group of units that overlap, with those around it."""
    cleaned = polygons.copy()
    pairs = [(one.first, one.second) for one in overlaps]
    for row, smaller in _smaller(pairs, shapely.area(polygons)).items():
        # As they are in the file, so that the order does not matter.
        taken = shapely.union_all(polygons[smaller])
        cleaned[row] = _areas(shapely.difference(polygons[row], taken))
    for group in _groups(pairs):
        around = shapely.STRtree(polygons).query(polygons[group], predicate="intersects")[1]
        near = np.union1d(around, group)
        inside = np.isin(near, group)
        after = _coverage(cleaned[near])
        _check_local(polygons[near], after, inside, [ids[row] for row in near.tolist()])
        _replace_changed(cleaned, near, after)
    return cleaned


def _smaller(
    pairs: Sequence[tuple[int, int]], areas: npt.NDArray[np.float64]
) -> dict[int, list[int]]:
    """List, for each unit that overlaps smaller ones, which those are; the first of equals is."""
    smaller: dict[int, list[int]] = {}
    for a, b in pairs:
        low, high = (a, b) if areas[a] <= areas[b] else (b, a)
        smaller.setdefault(high, []).append(low)
    return smaller


def _areas(geometry: shapely.Geometry) -> shapely.Geometry:
    """Keep what has an area, of the lines and points that a difference may leave beside it."""
    parts = shapely.get_parts(geometry)
    whole = parts[shapely.get_type_id(parts) == 3]
    return whole[0] if len(whole) == 1 else shapely.multipolygons(whole)


def _coverage(polygons: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Make a coverage of a few polygons, moving no corner further than rounding does."""
    reach = _ROUNDING * float(
        np.ptp(shapely.total_bounds(polygons)[[[0, 1], [2, 3]]], axis=0).max()
    )
    for distance in (reach, 10 * reach, 100 * reach):
        try:
            # Where nothing is left of a unit GEOS may raise this flag; the result is checked.
            with np.errstate(invalid="ignore"):
                cleaned: npt.NDArray[np.object_] = shapely.coverage_clean(
                    polygons, snapping_distance=distance, merge_strategy="min_area"
                )
        except shapely.errors.UnsupportedGEOSVersionError as error:
            raise DataError(f"Closing gaps and overlaps: {error}") from None
        except shapely.errors.GEOSException:
            continue
        if shapely.coverage_is_valid(cleaned) and _is_kept(polygons, cleaned):
            break
    else:
        return polygons
    return cleaned


def _check_local(
    before: npt.NDArray[np.object_],
    after: npt.NDArray[np.object_],
    inside: npt.NDArray[np.bool_],
    ids: Sequence[str],
) -> None:
    """Refuse a repair that reaches beyond its fault, or loses land."""
    is_gone = shapely.is_empty(after) | (shapely.area(after) == 0)
    if is_gone.any():
        row = int(np.flatnonzero(is_gone)[0])
        raise DataError(
            f"Unit {shown(ids[row])} lies wholly within others, so that closing overlaps would "
            "leave nothing of it. Mend the polygons by hand."
        )
    moved = shapely.area(shapely.symmetric_difference(before[~inside], after[~inside]))
    if moved.max(initial=0.0) > _LOST * shapely.area(before).max() or not _is_kept(before, after):
        raise _stubborn([ids[row] for row in np.flatnonzero(inside).tolist()])


def _is_kept(before: npt.NDArray[np.object_], after: npt.NDArray[np.object_]) -> bool:
    """Tell whether the land of all units together is what it was."""
    land = [shapely.union_all(one) for one in (before, after)]
    lost = float(shapely.area(shapely.symmetric_difference(*land)))
    return lost <= _LOST * float(shapely.area(before).max())


def _replace_changed(
    polygons: npt.NDArray[np.object_], rows: npt.NDArray[np.intp], after: npt.NDArray[np.object_]
) -> None:
    """Put in what is another polygon now, and leave the others the objects that they were."""
    is_same = shapely.equals_exact(polygons[rows], after, normalize=True)
    polygons[rows[~is_same]] = after[~is_same]


def _without_gaps(
    polygons: npt.NDArray[np.object_], width: float
) -> tuple[npt.NDArray[np.object_], list[tuple[int, ...]]]:
    """Share the narrow gaps between their neighbours, and list who lies around each."""
    filled, around = _without_holes(polygons, width)
    gaps, sides = find_open_gaps(filled, width)
    if not len(gaps):
        return filled, around
    # Sides of a gap that begins somewhere in a side of a unit: their corners become its own.
    together = _matched(
        np.concatenate([filled, gaps]), np.arange(len(filled), len(filled) + len(gaps))
    )
    # What closes a gap at its ends may enclose the rest of it.
    filled, rest = _without_holes(_shared(together[: len(filled)], together[len(filled) :]), width)
    return filled, [*around, *sides, *rest]


def _without_holes(
    polygons: npt.NDArray[np.object_], width: float
) -> tuple[npt.NDArray[np.object_], list[tuple[int, ...]]]:
    """Share the narrow gaps that units enclose."""
    if not shapely.coverage_is_valid(polygons):
        ragged = ~shapely.is_empty(shapely.coverage_invalid_edges(polygons))
        polygons = _matched(polygons, np.flatnonzero(ragged))
    is_coverage = bool(shapely.coverage_is_valid(polygons))
    holes, hole, unit = find_holes(polygons, is_coverage=is_coverage)
    narrow = np.flatnonzero(is_narrow(holes, width))
    around = [tuple(unit[hole == number].tolist()) for number in narrow.tolist()]
    return _shared(polygons, holes[narrow]), around


def _shared(
    polygons: npt.NDArray[np.object_], gaps: npt.NDArray[np.object_]
) -> npt.NDArray[np.object_]:
    """Cut gaps into triangles and give each to the unit beside its longest side."""
    filled = polygons.copy()
    left = shapely.get_parts(shapely.constrained_delaunay_triangles(gaps))
    changed: set[int] = set()
    while len(left):
        # A triangle inside a junction touches no unit before its neighbours have joined theirs,
        # or only with its short side: then it waits.
        piece, owner = _longest_sides(left, filled)
        if not len(piece):
            break
        order = np.argsort(owner, kind="stable")
        starts = np.flatnonzero(np.diff(owner[order], prepend=-1))
        for rows in np.split(order, starts[1:]):
            row = int(owner[rows[0]])
            filled[row] = shapely.union_all([filled[row], *left[piece[rows]]])
            changed.add(row)
        left = np.delete(left, piece)
    return _matched(filled, np.array(sorted(changed), np.intp))


def _matched(
    polygons: npt.NDArray[np.object_], rows: npt.NDArray[np.intp]
) -> npt.NDArray[np.object_]:
    """Let some units and their neighbours repeat each other's corners."""
    if not len(rows):
        return polygons
    near = np.union1d(rows, shapely.STRtree(polygons).query(polygons[rows], "intersects")[1])
    matched = polygons.copy()
    if not shapely.coverage_is_valid(polygons[near]):
        after = _coverage(polygons[near])
        moved = shapely.area(shapely.symmetric_difference(polygons[near], after))
        if moved.max() > _LOST * shapely.area(polygons[near]).max():
            return polygons
        _replace_changed(matched, near, after)
    return matched


def _longest_sides(
    pieces: npt.NDArray[np.object_], polygons: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Find, for pieces that touch units with a long side, the one they share most of it with."""
    piece, unit = shapely.STRtree(polygons).query(pieces, predicate="intersects")
    border = shapely.boundary(pieces[piece])
    length = shapely.length(shapely.intersection(border, shapely.boundary(polygons[unit])))
    touching = np.flatnonzero(length > 0)
    order = touching[np.lexsort((unit[touching], -length[touching], piece[touching]))]
    _, first = np.unique(piece[order], return_index=True)
    chosen = order[first]
    share = length[chosen] / shapely.length(border[chosen])
    chosen = chosen[share >= min(_SIDE, share.max(initial=0.0))]
    return piece[chosen], unit[chosen]


def _check_left(polygons: npt.NDArray[np.object_], ids: Sequence[str]) -> None:
    """Refuse what overlaps after its repair."""
    if shapely.coverage_is_valid(polygons):
        return
    left = find_overlaps(polygons)
    if left:
        raise _stubborn([ids[left[0].first], ids[left[0].second]])


def _stubborn(ids: Sequence[str]) -> DataError:
    return DataError(
        f"The overlaps between {listed(ids)} cannot be closed without moving what lies around "
        "them. Mend these polygons by hand, or leave --repair out: overlaps are no obstacle to a "
        "search."
    )


def _groups(faults: Sequence[tuple[int, ...]]) -> list[npt.NDArray[np.intp]]:
    """Put together the units whose faults hang together, those of the first fault first."""
    graph = nx.Graph()
    for rows in faults:
        nx.add_path(graph, rows)
    return [np.array(sorted(one), np.intp) for one in nx.connected_components(graph)]


def _repairs(
    before: npt.NDArray[np.object_],
    after: npt.NDArray[np.object_],
    faults: Sequence[tuple[int, ...]],
    ids: Sequence[str],
    width: float,
) -> list[Repair]:
    """Say what was closed between whom, and how far areas moved."""
    moved = np.abs(shapely.area(after) - shapely.area(before))
    repairs = []
    for group in _groups(faults):
        names = [ids[row] for row in group.tolist()]
        message = (
            f"Overlaps, and gaps up to {width:.2g} m wide, between {len(names):,} units "
            f"were closed: {listed(names)}. Areas changed by {moved[group].sum() / 1e6:.6g} km² in "
            f"all, no unit's by more than {moved[group].max() / 1e6:.6g} km²."
        )
        repairs.append(Repair("coverage", tuple(names[:100]), message))
    return repairs
