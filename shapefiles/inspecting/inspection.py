"""Inspect the files of a map before any solve: one page, or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.errors import DataError, shown
from shapefiles.files.dualgraph import GraphFile
from shapefiles.files.polygons import Layer, read_layer
from shapefiles.files.tables import SUFFIXES, Table
from shapefiles.inspecting.findings import Finding, Inspection, refusals
from shapefiles.inspecting.joining import Joined, inspect_sources, inspect_units
from shapefiles.inspecting.polygons import Land, inspect_graph, inspect_polygons
from shapefiles.mapfiles import MapFiles, SomeFiles, several
from shapefiles.own.drawn import draw
from shapefiles.own.given import NOTHING, Held, read_base, read_votes_table
from shapefiles.own.ground import WrongSystemError, find_ground
from shapefiles.own.id_columns import doubt_join, guess_ids
from shapefiles.own.placenames import read_places
from shapefiles.own.repair import Repair
from shapefiles.screening.archive import NoMemberError, is_archive
from shapefiles.screening.door import read_head
from shapefiles.screening.gzipped import plain_name, unpacked_head

_MAPINFO = b"!table"
"""First bytes of a MapInfo file, whose ending ``.tab`` tables of votes have as well."""


def inspect_files(files: Sequence[str | Path], **options: Any) -> Inspection:
    """Tell what the files of a map hold and what is wrong with them.

    Parameters
    ----------
    files
        A file of polygons or a dual graph, a table of votes, or both, in any order.
    **options
        Any field of :class:`~shapefiles.mapfiles.MapFiles` but `units` and `votes`. Without `blue`
        and `red` the votes are not looked at; without `id` the ids are guessed, and that is said.

    Raises
    ------
    DataError
        When a file cannot be read at all, or there are not one or two of them.
    TypeError
        When there is no such option.
    """
    lists = ("blue", "red", "where", "attributes")
    named: dict[str, Any] = {
        key: several(one) if key in lists else one for key, one in options.items()
    }
    wishes = SomeFiles(**named)
    base, table = _sorted_files(files, wishes)
    return _inspect(
        base,
        table,
        replace(
            wishes,
            units="" if base is None else str(base.path),
            votes="" if table is None else str(table.path),
        ),
    )


def inspect_map(files: MapFiles, held: Held = NOTHING) -> Inspection:
    """Tell what is wrong with the files of a map, each read as what it is named.

    There is an error among the findings exactly where :func:`~shapefiles.own.reading.read_map`
    would refuse the same files.

    Parameters
    ----------
    files
        Which files and columns, and what may be done to them.
    held
        What stands for files that there are not.

    Raises
    ------
    DataError
        When a file cannot be read at all.
    """
    return _inspect(read_base(files, held.units), read_votes_table(files, held.votes), files)


def _inspect(base: Layer | GraphFile | None, table: Table | None, files: MapFiles) -> Inspection:
    findings: list[Finding] = []
    files = _with_ids(base, table, files, findings)
    votes = inspect_sources(base, table, files, findings)
    figures: dict[str, Any] = {}
    crossings, drawn = None, None
    counts = None if votes is None else votes.counts
    if base is not None:
        findings += _doubt(base, table, files)
        joined = inspect_units(base, table, votes, files, findings)
        land = _inspect_base(base, joined, files)
        findings += land.findings
        figures |= land.figures
        drawn = land.drawn
        counts = counts if joined.counts is None else joined.counts
        if votes is not None:
            figures["units_with_votes"] = joined.with_votes
        if files.id and not any(one.kind in {"id", "duplicate id"} for one in findings):
            crossings = land.crossings
    is_counted = files.names_votes and not any(one.kind == "votes" for one in findings)
    if is_counted and counts is not None:
        figures |= _sums(counts)
    described = tuple(_describe(one) for one in (base, table) if one is not None)
    return Inspection(described, figures, tuple(findings), crossings, files, drawn=drawn)


def _sorted_files(
    files: Sequence[str | Path], wishes: MapFiles
) -> tuple[Layer | GraphFile | None, Table | None]:
    """Tell units from votes, by what can be read as which."""
    base: Layer | GraphFile | None = None
    table: Table | None = None
    if not 1 <= len(files) <= 2:
        raise DataError(f"{len(files)} files given; give units, votes, or one of each.")
    for file in files:
        path = Path(file)
        head = unpacked_head(path, read_head(path))
        suffix = plain_name(path).suffix.lower()
        is_table = suffix in SUFFIXES and not head.lower().startswith(_MAPINFO)
        if is_table and not (head.startswith(b"PAR1") and base is None and _has_geometry(path)):
            found: Layer | GraphFile | Table | None = read_votes_table(
                replace(wishes, votes=str(path))
            )
        else:
            found = _units_or_votes(replace(wishes, units=str(path)), is_zip=is_archive(head))
        is_second = table is not None if isinstance(found, Table) else base is not None
        if is_second:
            kind = "tables" if isinstance(found, Table) else "files of units"
            raise DataError(f"{shown(path, 200)} is the second of two {kind}; give one of each.")
        if isinstance(found, Table):
            table = found
        else:
            base = found
    return base, table


def _units_or_votes(files: MapFiles, *, is_zip: bool) -> Layer | GraphFile | Table | None:
    try:
        return read_base(files)
    except DataError as error:
        if not is_zip:
            raise
        try:
            return read_votes_table(replace(files, votes=files.units))
        except DataError as other:
            is_table = isinstance(error, NoMemberError) and not isinstance(other, NoMemberError)
            raise (other if is_table else error) from None


def _has_geometry(path: Path) -> bool:
    try:
        read_layer(path)
    except DataError:
        return False
    return True


def _with_ids(
    base: Layer | GraphFile | None, table: Table | None, files: MapFiles, findings: list[Finding]
) -> MapFiles:
    """Take the columns of ids that were named, or guess them and say so."""
    if files.id or (base is None and files.votes_id):
        return files
    units = table.rows if base is None and table is not None else base.table if base else None
    if units is None:
        raise ValueError("There is no file: the columns of ids are those of units or of votes.")
    whose = "votes" if base is None else "units"
    found = guess_ids(units, table.rows if base is not None and table is not None else None)
    if found is None:
        text = f"No column of the {whose} looks like ids: name it (--id)."
        findings.append(Finding("warning", "id column", 1, text))
        return replace(files, votes_id="")
    both = f" and {shown(found.votes)} of the votes" if found.votes else ""
    text = f"Ids are probably the column {shown(found.units)} of the {whose}{both}."
    others = tuple(
        f"{shown(ours)} and {shown(theirs)} have texts in common as well"
        for ours, theirs in found.others
    )
    findings.append(Finding("note", "id column", 1 + len(others), text, others[:20]))
    votes_id = files.votes_id or ("" if found.votes == found.units else found.votes)
    return replace(files, id=found.units, votes_id=votes_id)


def _doubt(units: Layer | GraphFile, table: Table | None, files: MapFiles) -> list[Finding]:
    """Report a join by numbers of rows."""
    doubt = doubt_join(units.table, None if table is None else table.rows, files)
    if doubt is None:
        return []
    return [Finding("error" if doubt.is_wrong else "warning", "row numbers", 1, doubt.text)]


def _inspect_base(base: Layer | GraphFile, joined: Joined, files: MapFiles) -> Land:
    """Look at the units as they would be read, and at who borders whom."""
    draft = joined.draft
    if isinstance(base, GraphFile):
        n_nodes = len(base.table)
        rows = np.arange(n_nodes) if joined.rows is None else joined.rows
        is_named = len(draft.ids) == len(rows)
        return inspect_graph(
            base.edges, rows, draft.ids if is_named else [f"node {row + 1}" for row in rows]
        )
    n_units = {"units": len(draft.ids)}
    if base.crs is None:
        text = f"{shown(base.path.name)} does not say which reference system it is in."
        remedy = "Find out where it was published, and give it (--crs): EPSG:4326 is degrees."
        bounds = [round(float(one), 3) for one in shapely.total_bounds(base.polygons)]
        examples = (f"coordinates from {bounds}",)
        return Land(n_units, [Finding("error", "crs", 1, text, examples, remedy)], None)
    try:
        ground = find_ground(draft.polygons, base, draft.ids, is_asked=bool(files.crs))
        drawn = draw(ground, shown(base.path, 200))
    except WrongSystemError as error:
        return Land(n_units, [Finding("error", "crs", 1, error.text, (), error.remedy)], None)
    except DataError as error:
        return Land(n_units, [Finding("error", "crs", 1, str(error))], None)
    links = files.links if files.id else ""
    land = inspect_polygons(drawn, draft.ids, links=links, repair=files.repair)
    findings = [*land.findings, *_ground_findings(ground.notes)]
    if files.places:
        with refusals(findings, "places"):
            read_places(files.places, drawn.polygons, drawn.crs)
    figures = {**land.figures, "measured_in": drawn.crs}
    if "vertices" in figures:
        figures["vertices"] = int(shapely.get_num_coordinates(draft.polygons).sum())
    return land._replace(figures=figures, findings=findings, drawn=drawn)


def _ground_findings(notes: Sequence[Repair]) -> list[Finding]:
    """Report what is doubtful about where the polygons are."""
    remedies = {
        "crs": "Leave it out (--crs) unless you know that the file is wrong.",
        "doubt": "Find out which system the coordinates are in, and give it (--crs).",
    }
    return [
        Finding(
            "warning", one.kind, max(1, len(one.units)), one.message, (), remedies.get(one.kind, "")
        )
        for one in notes
    ]


def _sums(counts: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Add up the votes."""
    blue, red = (int(one) for one in counts.sum(axis=0))
    figures: dict[str, Any] = {"blue_votes": blue, "red_votes": red}
    if blue + red:
        joined = int(np.max(counts, axis=1).sum())
        figures["blue_share_percent"] = round(100 * blue / (blue + red), 2)
        figures["best_without_contiguity_percent"] = round(100 * joined / (blue + red), 2)
    return figures


def _describe(one: Layer | GraphFile | Table) -> dict[str, Any]:
    rows = one.rows if isinstance(one, Table) else one.table
    kind = {"Table": "table", "GraphFile": "dual graph"}.get(type(one).__name__, "")
    return {
        "path": str(one.path),
        "format": one.driver if isinstance(one, Layer) else kind,
        "layer": one.name if isinstance(one, Layer) else "",
        "crs": (one.crs or "no reference system") if isinstance(one, Layer) else "",
        "rows": len(rows),
        "columns": [str(name) for name in rows.columns],
        "sha256": one.sha256,
    }
