"""Inspect polygons and their graph: validity, coverage, landmasses, contacts, planarity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.borders.adjacency import Contacts
from shapefiles.borders.coverage import (
    Gap,
    Planarity,
    find_gaps,
    find_overlaps,
    gap_width,
    planarity,
)
from shapefiles.borders.crumbs import is_planar
from shapefiles.borders.suggest import landmasses, shortest_crossings
from shapefiles.globe.lengths import Ruler, lengths_of
from shapefiles.inspecting.columns import inspect_repairs
from shapefiles.inspecting.findings import Finding, refusals
from shapefiles.lines.tolerance import TOLERANCE
from shapefiles.own.changed_borders import border_repairs
from shapefiles.own.cleaning import clean_coverage
from shapefiles.own.drawn import Drawn
from shapefiles.own.reading import linked_edges
from shapefiles.own.repair import (
    PAST_REPAIR,
    POLYGON_REMEDIES,
    PolygonProblem,
    find_polygon_problems,
    mend_polygons,
    mend_projected,
)
from shapefiles.units import Edges

SHORT_CONTACT = 0.002
"""Share of the smaller perimeter below which a border is short, perhaps by a slip of the pen."""

_LINKS = "A table of links (id_a,id_b,kind) joins them; --suggest-links proposes the shortest."
_GRAPH_LINKS = (
    "A graph has all its edges already: what is to join them is one more edge in its file."
)

_TEXTS = {
    "missing": "Units without a polygon",
    "empty": "Empty polygons",
    "type": "Geometries that are no polygons",
    "invalid": "Invalid polygons",
    "duplicate": "Polygons given twice under different ids",
}
_REMEDIES = {**POLYGON_REMEDIES, "invalid": "--repair mends them and says how their areas change."}


class Land(NamedTuple):
    """What was found out about polygons and their graph."""

    figures: dict[str, Any]
    findings: list[Finding]
    crossings: tuple[tuple[str, str, float], ...] | None
    """Shortest crossings, as in :class:`~shapefiles.inspecting.findings.Inspection`."""
    drawn: Drawn | None = None
    """The polygons in the system that they are measured in, where they are known."""


def inspect_polygons(
    drawn: Drawn, ids: Sequence[str], *, links: str = "", repair: bool = False
) -> Land:
    """Look at polygons one by one, then at how they fit together.

    Parameters
    ----------
    drawn
        Geometries, shape ``(n_units,)``.
    ids
        Id of each unit, for messages.
    links
        Table of crossings over water; none if empty.
    repair
        Whether to mend the polygons first, as reading would.

    Returns
    -------
    Land
        Where some polygons are unusable, the rest is looked at.
    """
    findings: list[Finding] = []
    polygons, repairs = mend_projected(drawn.polygons, ids, np.flatnonzero(drawn.is_spoilt))
    if repair:
        with refusals(findings, "polygon: invalid"):
            polygons, mended = mend_polygons(polygons, ids)
            repairs += mended
    problems = find_polygon_problems(polygons)
    if repair and not problems:
        with refusals(findings, "coverage"):
            polygons, cleaned = clean_coverage(polygons, ids)
            repairs += cleaned
    bad = {problem.row for problem in problems if problem.kind != "duplicate"}
    is_good = np.array([row not in bad for row in range(len(polygons))], bool)
    figures: dict[str, Any] = {"units": len(polygons)}
    findings += _problems(problems, ids, is_mended=repair)
    if not is_good.any():
        return Land(figures, [*findings, *inspect_repairs(repairs)], None)
    contacts = drawn.keep(np.flatnonzero(is_good)).contacts(polygons[is_good])
    if not problems:
        repairs += border_repairs(drawn, polygons, contacts, ids)
    findings += inspect_repairs(repairs)
    whole = _inspect_whole(contacts, polygons, is_good, ids, links, drawn.ruler)
    crossings = None if problems else whole.crossings
    return Land({**figures, **whole.figures}, [*findings, *whole.findings], crossings)


def inspect_graph(edges: Edges, rows: npt.NDArray[np.intp], ids: Sequence[str]) -> Land:
    """Look at a graph that came without polygons.

    Parameters
    ----------
    edges
        Edges between all nodes.
    rows
        Nodes to look at.
    ids
        Id of each of them.
    """
    number = np.full(max(edges.pairs.max(initial=-1), rows.max(initial=-1)) + 1, -1, np.int64)
    number[rows] = np.arange(len(rows))
    pairs = number[edges.pairs[edges.is_default]]
    pairs = pairs[(pairs >= 0).all(axis=1)]
    verdict = is_planar(pairs, len(rows))
    figures, findings = _components(landmasses(pairs, len(rows)), ids, {}, _GRAPH_LINKS)
    return Land(
        {"units": len(rows), "edges": len(pairs), **figures, "planar": verdict},
        [*findings, *_planarity(Planarity(verdict, "tested on the graph"))],
        None,
    )


def _problems(
    problems: Sequence[PolygonProblem], ids: Sequence[str], *, is_mended: bool
) -> list[Finding]:
    """Report what is wrong with single polygons, one finding a kind."""
    findings = []
    for kind, text in _TEXTS.items():
        rows = [problem for problem in problems if problem.kind == kind]
        if rows:
            examples = tuple(f"{ids[one.row]} {one.message}" for one in rows[:20])
            remedy = _REMEDIES.get(kind, "Mend or remove them.")
            if is_mended and kind in {"invalid", "type"}:
                remedy = PAST_REPAIR
            said = f"{text}: {len(rows):,}."
            findings.append(Finding("error", f"polygon: {kind}", len(rows), said, examples, remedy))
    return findings


def _inspect_whole(
    contacts: Contacts,
    all_polygons: npt.NDArray[np.object_],
    is_good: npt.NDArray[np.bool_],
    all_ids: Sequence[str],
    links: str,
    ruler: Ruler,
) -> Land:
    polygons = all_polygons[is_good]
    ids = [one for one, good in zip(all_ids, is_good.tolist(), strict=True) if good]
    is_coverage = bool(shapely.coverage_is_valid(polygons))
    findings: list[Finding] = []
    edges = _edges(contacts, is_good, all_ids, links, findings)
    pairs = edges.pairs[edges.is_default]
    label = landmasses(pairs, len(polygons))
    flat = planarity(contacts, len(polygons), is_coverage=is_coverage)
    areas = shapely.area(polygons)
    figures: dict[str, Any] = {
        "area_km2": float(areas.sum() / 1e6),
        "smallest_unit_km2": float(areas.min() / 1e6),
        "largest_unit_km2": float(areas.max() / 1e6),
        "multipart_units": int((shapely.get_num_geometries(polygons) > 1).sum()),
        "vertices": int(shapely.get_num_coordinates(polygons).sum()),
        "borders": len(contacts.pairs),
    }
    crossings = shortest_crossings(polygons, pairs) if label.max() else []
    nearest: dict[int, tuple[str, float]] = {}
    for one in crossings:
        nearest.setdefault(one.first, (ids[one.second], one.metres))
        nearest.setdefault(one.second, (ids[one.first], one.metres))
    more, torn = _components(label, ids, nearest, _LINKS)
    findings += [
        *torn,
        *_coverage(polygons, ids, is_coverage=is_coverage),
        *_short(contacts, lengths_of(polygons, ruler), ids),
        *_crumbs(edges, ids),
        *_planarity(flat),
    ]
    named = tuple((ids[one.first], ids[one.second], one.metres) for one in crossings)
    return Land({**figures, **more, "planar": flat.verdict}, findings, named)


def _edges(
    contacts: Contacts,
    is_good: npt.NDArray[np.bool_],
    ids: Sequence[str],
    links: str,
    findings: list[Finding],
) -> Edges:
    """Make the edges between the good units, as a solve has them."""
    row = np.flatnonzero(is_good)
    names = np.array(ids, np.str_)
    edges = None
    with refusals(findings, "links"):
        edges = linked_edges(contacts.of(row), links, names)
    if edges is None:
        edges = linked_edges(contacts.of(row), "", names)
    number = (np.cumsum(is_good) - 1).astype(np.int32)
    kept = is_good[edges.pairs].all(axis=1)
    return Edges(
        number[edges.pairs[kept]], edges.border[kept], edges.kind[kept], edges.is_default[kept]
    )


def _coverage(
    polygons: npt.NDArray[np.object_], ids: Sequence[str], *, is_coverage: bool
) -> list[Finding]:
    findings = []
    overlaps = [] if is_coverage else find_overlaps(polygons)
    if overlaps:
        total = sum(one.square_metres for one in overlaps) / 1e6
        examples = tuple(
            f"{ids[one.first]} and {ids[one.second]}: {one.square_metres / 1e6:.6g} km²"
            for one in overlaps[:20]
        )
        findings.append(
            Finding(
                "warning",
                "overlap",
                len(overlaps),
                f"Pairs of units that overlap: {len(overlaps):,}, {total:.6g} km² in all.",
                examples,
                "--repair gives each overlap to one of them.",
            )
        )
    gaps = find_gaps(polygons, is_coverage=is_coverage)
    narrow = [one for one in gaps if one.is_narrow]
    if narrow:
        text = (
            f"Gaps between units, nowhere wider than {gap_width(polygons):.2g} m: {len(narrow):,}."
        )
        findings.append(
            Finding(
                "warning",
                "gap",
                len(narrow),
                text,
                _gap_examples(narrow, ids),
                "Neighbours across a gap do not touch. --repair closes such gaps.",
            )
        )
    wide = [one for one in gaps if not one.is_narrow]
    if wide:
        text = f"Holes between units, lakes or missing units: {len(wide):,}."
        findings.append(Finding("note", "hole", len(wide), text, _gap_examples(wide, ids)))
    if not (is_coverage or overlaps or narrow):
        text = (
            "Some neighbours do not repeat the same vertices; their borders are found all the same."
        )
        findings.append(Finding("note", "vertices", 1, text))
    return findings


def _gap_examples(gaps: Sequence[Gap], ids: Sequence[str]) -> tuple[str, ...]:
    around = (", ".join(ids[row] for row in one.neighbours[:4]) for one in gaps[:20])
    areas = (f"{one.square_metres / 1e6:.6g} km²" for one in gaps[:20])
    return tuple(f"{area} between {names}" for area, names in zip(areas, around, strict=True))


def _components(
    label: npt.NDArray[np.int64],
    ids: Sequence[str],
    nearest: dict[int, tuple[str, float]],
    remedy: str,
) -> tuple[dict[str, Any], list[Finding]]:
    sizes = np.bincount(label)
    alone = [row for row in np.flatnonzero(sizes[label] == 1).tolist() if len(ids) > 1]
    figures = {"landmasses": len(sizes), "units_on_each": sizes[:20].tolist()}
    if len(sizes) == 1:
        return figures, []
    findings = []

    def where(row: int) -> str:
        if row not in nearest:
            return ids[row]
        other, metres = nearest[row]
        if metres <= TOLERANCE:
            return f"{ids[row]}: meets {other} in a point only"
        far = f"{metres:.2g} m" if metres < 100 else f"{metres / 1000:,.1f} km"
        return f"{ids[row]}: nearest unit {other}, {far} away"

    if alone:
        text = f"Units without any neighbour: {len(alone):,}."
        examples = tuple(where(row) for row in alone[:20])
        findings.append(Finding("warning", "isolated", len(alone), text, examples))
    heads = [row for row in nearest if sizes[label[row]] > 1]
    touching = any(metres <= TOLERANCE for _, metres in nearest.values())
    also = "Units that meet in a point only are no neighbours. " if touching else ""
    findings.append(
        Finding(
            "warning",
            "landmasses",
            len(sizes),
            f"The units form {len(sizes):,} landmasses; each nation may have one piece on each.",
            tuple(where(row) for row in heads[:20]),
            f"{also}{remedy}",
        )
    )
    return figures, findings


def _crumbs(edges: Edges, ids: Sequence[str]) -> list[Finding]:
    rows = np.flatnonzero(edges.kind == "crumb")
    if not len(rows):
        return []
    order = rows[np.argsort(-edges.border[rows], kind="stable")]
    examples = tuple(
        f"{ids[a]} and {ids[b]}: {edges.border[row] / 1000:,.1f} km"
        for row in order[:20].tolist()
        for a, b in [edges.pairs[row].tolist()]
    )
    text = (
        f"Borders through detached parts of units, by which two nations could cross each other: "
        f"{len(rows):,}. They count by default, and bounds may be weaker."
    )
    remedy = 'edges.off = ["crumb"] in a scenario leaves them out; bounds hold without them then.'
    return [Finding("note", "crumb", len(rows), text, examples, remedy)]


def _short(
    contacts: Contacts, perimeters: npt.NDArray[np.float64], ids: Sequence[str]
) -> list[Finding]:
    smaller = perimeters[contacts.pairs].min(axis=1)
    short = np.flatnonzero(contacts.border < SHORT_CONTACT * smaller)
    if not len(short):
        return []
    order = short[np.argsort(contacts.border[short], kind="stable")]
    examples = tuple(
        f"{ids[a]} and {ids[b]}: {contacts.border[row]:,.1f} m"
        for row in order[:20].tolist()
        for a, b in [contacts.pairs[row].tolist()]
    )
    text = (
        f"Borders shorter than {SHORT_CONTACT:.1%} of the smaller perimeter: {len(short):,}. "
        "A nation may hang together by them."
    )
    return [Finding("note", "short contact", len(short), text, examples)]


def _planarity(drawn: Planarity) -> list[Finding]:
    if drawn.verdict:
        return []
    what = "is not known to be planar" if drawn.verdict is None else "is not planar"
    text = f"The graph of borders {what} ({drawn.reason}); bounds may be weaker."
    return [Finding("note", "planarity", 1, text)]
