"""Which borders a repair gains or loses: each by name, for it changes what plans there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.borders.adjacency import Contacts
from shapefiles.errors import shown
from shapefiles.globe.longitudes import is_area
from shapefiles.own.drawn import Drawn
from shapefiles.own.repair import BORDER_KINDS, Repair

Pairs = npt.NDArray[np.integer]


def border_repairs(
    drawn: Drawn, mended: npt.NDArray[np.object_], after: Contacts, ids: Sequence[str]
) -> list[Repair]:
    """Name the borders that a repair made or took away.

    Parameters
    ----------
    drawn
        The polygons as they were; of invalid ones only the outlines tell whom they touch.
    mended
        Units after the repair, in the equal-area system; what was left alone is the same
        object.
    after
        Their borders now.
    ids
        Id of each unit.
    """
    if all(one is other for one, other in zip(drawn.polygons, mended, strict=True)):
        return []
    is_whole = is_area(drawn.polygons) & shapely.is_valid(drawn.polygons)
    rows = np.flatnonzero(is_whole)
    firm = drawn.keep(rows).contacts().of(rows).pairs
    loose = touching_lines(drawn.polygons, np.flatnonzero(~is_whole))
    before = np.unique(np.concatenate([firm, loose]), axis=0)
    return changed_borders(before, after.pairs, after.border, ids)


def touching_lines(polygons: npt.NDArray[np.object_], rows: npt.NDArray[np.intp]) -> Pairs:
    """Find the units whose outlines run along those of some units, valid or not.

    Parameters
    ----------
    polygons
        Polygons or collections with polygons, shape ``(n_units,)``.
    rows
        Units that are invalid, so that only their outlines can be looked at.

    Returns
    -------
    numpy.ndarray
        Pairs of units, smaller first, shape ``(n_pairs, 2)``.
    """
    parts, unit = shapely.get_parts(polygons, return_index=True)
    inner, part = shapely.get_parts(parts, return_index=True)
    is_polygon = shapely.get_type_id(inner) == 3
    rings, owner = shapely.get_rings(inner[is_polygon], return_index=True)
    unit = unit[part[is_polygon]][owner]
    outlines = np.array([shapely.MultiLineString()] * len(polygons), dtype=object)
    shapely.multilinestrings(rings, indices=unit, out=outlines)
    source, other = shapely.STRtree(outlines).query(outlines[rows], predicate="intersects")
    one = rows[source]
    common = shapely.length(shapely.intersection(outlines[one], outlines[other])) > 0
    pairs = np.sort(np.column_stack([one, other])[common & (one != other)], axis=1)
    return np.unique(pairs, axis=0)


def changed_borders(
    before: Pairs, after: Pairs, border: npt.NDArray[np.float64], ids: Sequence[str]
) -> list[Repair]:
    """Name every border that there is after a repair and was not before, or the other way round.

    Parameters
    ----------
    before, after
        Pairs of units with a common border, smaller first, shape ``(n_pairs, 2)``.
    border
        Metres of those after, shape ``(n_pairs,)``.
    ids
        Id of each unit.

    Examples
    --------
    >>> gained = changed_borders(np.array([[0, 1]]), np.array([[0, 2]]), np.array([7.0]), "abc")
    >>> [(one.kind, one.units) for one in gained]
    [('border gained', ('a', 'c')), ('border lost', ('a', 'b'))]
    """
    metres = {tuple(pair): one for pair, one in zip(after.tolist(), border.tolist(), strict=True)}
    known = {tuple(pair) for pair in before.tolist()}
    changed = []
    for a, b in sorted(metres.keys() - known):
        what = f"makes neighbours of {shown(ids[a])} and {shown(ids[b])}"
        said = f"The repair {what}: {metres[a, b]:,.1f} m of border."
        changed.append(Repair(BORDER_KINDS[0], (ids[a], ids[b]), said))
    for a, b in sorted(known - metres.keys()):
        said = f"The repair leaves no border between {shown(ids[a])} and {shown(ids[b])}."
        changed.append(Repair(BORDER_KINDS[1], (ids[a], ids[b]), said))
    return changed
