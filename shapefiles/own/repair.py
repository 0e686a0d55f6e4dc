"""Repairs of polygons and ids: only when asked for, each one listed, and no vote ever changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.errors import DataError, shown


@dataclass(frozen=True, slots=True, repr=False)
class Repair:
    """One thing that was mended.

    Parameters
    ----------
    kind
        ``zeros``, ``ids``, ``crosswalk``, ``merged``, ``invalid``, ``type`` or ``coverage``;
        ``border gained`` and ``border lost`` are what the last three did to one border;
        ``zero votes``, ``blank``, ``repeated``, ``nameless``, ``undrawn``, ``dropped`` and ``crs``
        are wishes carried out rather than repairs; ``doubt`` and ``seam`` say what is doubtful
        about where the units are or what was joined, and how it was read all the same.
    units
        Ids concerned; for a repair of many units the first hundred.
    message
        One sentence on what was done.
    """

    kind: str
    units: tuple[str, ...]
    message: str

    def __repr__(self) -> str:
        return f"<Repair {self.kind!r}: {shown(self.message, 300)}>"

    def to_dict(self) -> dict[str, Any]:
        """State the repair as plain values."""
        return {**asdict(self), "units": list(self.units)}


MAX_CROSSINGS = 100_000
"""Crossings of its own lines that a map may have to be mended: some ten seconds."""

_SAMPLES = (8, 1000)
"""Lines of a polygon of which crossings are counted, at first and at most."""

BORDER_KINDS = ("border gained", "border lost")
"""Kinds of repair that name the two units of a border."""

POLYGON_REMEDIES = {
    "invalid": "--repair mends it.",
    "type": "--repair takes the polygons out of it.",
    "missing": "Mend it, or leave such units and their votes out: --without-polygon drop.",
    "empty": "Mend it, or leave such units and their votes out: --without-polygon drop.",
}
"""What to do about each kind of problem."""

PAST_REPAIR = (
    "It encloses nothing that --repair could keep: draw it anew, or take it out of the file and "
    "leave its votes out: --without-polygon drop."
)
"""What to do about a polygon that a repair could not mend."""


class PolygonProblem(NamedTuple):
    """Something wrong with one polygon."""

    kind: str
    """``missing``, ``empty``, ``type``, ``invalid`` or ``duplicate``."""
    row: int
    message: str


def has_polygon(polygons: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Mark geometries that are a polygon or have one among their parts, shape ``(n_units,)``.

    Examples
    --------
    >>> point, square = shapely.Point(0, 0), shapely.box(0, 0, 1, 1)
    >>> both = shapely.GeometryCollection([point, square])
    >>> has_polygon(np.array([point, square, both, None, shapely.Polygon()])).tolist()
    [False, True, True, False, False]
    """
    parts, row = shapely.get_parts(polygons, return_index=True)
    inner, outer = shapely.get_parts(parts, return_index=True)
    is_land = (shapely.get_type_id(inner) == 3) & ~shapely.is_empty(inner)
    marks: npt.NDArray[np.bool_] = np.bincount(row[outer], is_land, len(polygons)) > 0
    return marks


def find_polygon_problems(polygons: npt.NDArray[np.object_]) -> list[PolygonProblem]:
    """List polygons that are missing, empty, no polygons, invalid, or given twice.

    Parameters
    ----------
    polygons
        Geometries, shape ``(n_units,)``.

    Examples
    --------
    >>> bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    >>> [problem.kind for problem in find_polygon_problems(np.array([bow_tie, None]))]
    ['invalid', 'missing']
    """
    kinds = shapely.get_type_id(polygons)
    is_missing = kinds == -1
    is_empty = shapely.is_empty(polygons) & ~is_missing
    is_other = ~np.isin(kinds, (3, 6)) & ~is_missing & ~is_empty
    is_whole = ~(is_missing | is_empty | is_other)
    is_invalid = is_whole & ~shapely.is_valid(polygons)
    problems = [PolygonProblem("missing", row, "has no polygon") for row in _rows(is_missing)]
    problems += [PolygonProblem("empty", row, "has an empty polygon") for row in _rows(is_empty)]
    has_some = has_polygon(polygons)
    problems += [
        PolygonProblem(
            "type" if has_some[row] else "missing",
            row,
            f"is a {polygons[row].geom_type}, not a polygon",
        )
        for row in _rows(is_other)
    ]
    problems += [
        PolygonProblem(
            "invalid", row, f"has an invalid polygon: {shapely.is_valid_reason(polygons[row])}"
        )
        for row in _rows(is_invalid)
    ]
    problems += _duplicates(polygons, is_whole)
    return sorted(problems, key=lambda problem: problem.row)


def mend_polygons(
    polygons: npt.NDArray[np.object_], ids: Sequence[str]
) -> tuple[npt.NDArray[np.object_], list[Repair]]:
    """Make invalid polygons valid, keeping the area that their rings enclose.

    Parameters
    ----------
    polygons
        Geometries, shape ``(n_units,)``.
    ids
        Id of each unit.

    Returns
    -------
    tuple
        The geometries, and one repair for each that changed.

    Raises
    ------
    DataError
        When a polygon crosses itself so often that no memory would hold what it encloses.
    """
    mended = polygons.copy()
    repairs = []
    left = MAX_CROSSINGS
    for problem in find_polygon_problems(polygons):
        if problem.kind not in {"invalid", "type"}:
            continue
        before = polygons[problem.row]
        crossings = count_crossings(before)
        left -= crossings
        if left < 0:
            raise DataError(
                f"The outline of unit {shown(ids[problem.row])} crosses itself or others of its "
                f"lines about {crossings:,} times, and --repair mends some {MAX_CROSSINGS:,} in a "
                "map. Draw such units anew, or take them out of the file and count without them: "
                "--without-polygon drop."
            )
        valid = shapely.make_valid(before, method="structure", keep_collapsed=False)
        parts = shapely.get_parts(shapely.get_parts(valid))
        areas = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 0)]
        if not len(areas):
            continue
        mended[problem.row] = areas[0] if len(areas) == 1 else shapely.multipolygons(areas)
        change = shapely.area(mended[problem.row]) - shapely.area(before)
        repairs.append(
            Repair(
                problem.kind,
                (ids[problem.row],),
                f"Unit {shown(ids[problem.row])} {problem.message}: mended, its area changed by "
                f"{change / 1e6:+.6g} km².",
            )
        )
    return mended, repairs


def mend_projected(
    polygons: npt.NDArray[np.object_], ids: Sequence[str], rows: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.object_], list[Repair]]:
    """Mend polygons that only the projection made invalid, which nobody has to ask for.

    A file may have a corner so near to another side that they touch within the digits of a number,
    and no projection keeps which of them is inside.

    Parameters
    ----------
    polygons
        Geometries, shape ``(n_units,)``.
    ids
        Id of each unit.
    rows
        Those to be mended.

    Returns
    -------
    tuple
        The geometries, and one repair for each that changed.
    """
    if not len(rows):
        return polygons, []
    mended = polygons.copy()
    mended[rows], found = mend_polygons(polygons[rows], [ids[row] for row in rows.tolist()])
    change = {
        ids[row]: shapely.area(mended[row]) - shapely.area(polygons[row]) for row in rows.tolist()
    }
    return mended, [
        Repair(
            one.kind,
            one.units,
            f"Unit {shown(one.units[0])} touches itself in its file but for the last digits, and "
            "crosses itself where areas are measured: mended, its area changed by "
            f"{change[one.units[0]] / 1e6:+.6g} km².",
        )
        for one in found
    ]


def count_crossings(geometry: shapely.Geometry) -> int:
    """Count how often the lines of a geometry meet elsewhere than at their ends, about.

    Parameters
    ----------
    geometry
        A polygon, perhaps invalid; of many lines a sample is looked at.

    Examples
    --------
    >>> count_crossings(shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]))
    1
    """
    rings = shapely.get_rings(shapely.get_parts(shapely.get_parts(geometry)))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    lines = shapely.linestrings(np.stack([xy[starts], xy[starts + 1]], axis=1))
    tree = shapely.STRtree(lines)
    count = 0
    for size in _SAMPLES:
        step = max(1, len(lines) // size)
        one, other = tree.query(lines[::step], predicate="intersects")
        begin, end = xy[starts], xy[starts + 1]
        is_next = one * step == other
        is_next |= (begin[one * step] == end[other]).all(axis=1)
        is_next |= (end[one * step] == begin[other]).all(axis=1)
        count = int((~is_next).sum() * len(lines) / len(lines[::step]) / 2)
        if count > MAX_CROSSINGS:
            break  # A larger sample would only take longer.
    return count


def _rows(mask: npt.NDArray[np.bool_]) -> list[int]:
    rows: list[int] = np.flatnonzero(mask).tolist()
    return rows


def _duplicates(
    polygons: npt.NDArray[np.object_], is_whole: npt.NDArray[np.bool_]
) -> list[PolygonProblem]:
    """Find polygons that repeat an earlier one, whatever their first vertex and direction."""
    rows = np.flatnonzero(is_whole)
    sizes = np.column_stack([shapely.bounds(polygons[rows]), shapely.area(polygons[rows])])
    _, group, n_alike = np.unique(sizes, axis=0, return_inverse=True, return_counts=True)
    first: dict[tuple[int, bytes], int] = {}
    problems = []
    for row, number in zip(rows.tolist(), group.ravel().tolist(), strict=True):
        if n_alike[number] > 1:
            key = (number, shapely.to_wkb(shapely.normalize(polygons[row])))
            before = first.setdefault(key, row)
            if before != row:
                message = f"has the same polygon as feature {before + 1}"
                problems.append(PolygonProblem("duplicate", row, message))
    return problems
