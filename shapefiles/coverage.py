"""Whether polygons fit together: overlaps, gaps, and whether the graph of borders is planar."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.adjacency import Contacts
from shapefiles.crumbs import is_planar
from shapefiles.tolerance import TOLERANCE

MAX_TESTED = 100_000
"""Edges up to which planarity is tested on the graph where the polygons do not tell: seconds."""

GAP_WIDTH = 10.0
"""Metres: gaps up to this width are slips of the pen, wider ones may be lakes."""

SLIVER = 1.0
"""Square metres above which an overlap is one."""


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
    """Whether it is nowhere wider than :data:`GAP_WIDTH`: no lake, a slip."""


class Planarity(NamedTuple):
    """Whether a graph can be drawn without crossings, and how that is known."""

    verdict: bool | None
    """None where it was not tested."""
    reason: str


def find_overlaps(polygons: npt.NDArray[np.object_]) -> list[Overlap]:
    """List the pairs of polygons that share more than :data:`SLIVER`, the largest first.

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
    order = order[area[order] > SLIVER]
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
    >>> around = shapely.box(-5, -5, 15, 15) - shapely.box(0, 0, 10, 10)
    >>> find_gaps(np.array([around, shapely.box(0, 0, 10, 7)]), is_coverage=False)
    [Gap(neighbours=(0, 1), square_metres=30.0, is_narrow=True)]
    """
    found, hole, unit = find_holes(polygons, is_coverage=is_coverage)
    around: list[list[int]] = [[] for _ in found]
    for number, row in zip(hole.tolist(), unit.tolist(), strict=True):
        around[number].append(row)
    areas, narrow = shapely.area(found).tolist(), is_narrow(found).tolist()
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


def is_narrow(holes: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Tell which polygons are nowhere wider than :data:`GAP_WIDTH`.

    Examples
    --------
    >>> is_narrow(shapely.box(0, 0, [9, 11], 100)).tolist()
    [True, False]
    """
    narrow: npt.NDArray[np.bool_] = shapely.is_empty(shapely.buffer(holes, -GAP_WIDTH / 2))
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
