"""Inspect the files of a map before any solve: one page, or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from shapefiles.archive import is_archive, read_head
from shapefiles.dualgraph import GraphFile, is_dual_graph, read_dual_graph
from shapefiles.errors import DataError, shown
from shapefiles.findings import Finding, Inspection
from shapefiles.inspect_columns import (
    IdColumns,
    guess_ids,
    inspect_ids,
    inspect_match,
    inspect_votes,
)
from shapefiles.inspect_polygons import inspect_graph, inspect_polygons
from shapefiles.mapfiles import VoteColumns
from shapefiles.matching import match_ids
from shapefiles.polygons import Layer, read_layer
from shapefiles.projection import project
from shapefiles.tables import SUFFIXES, Table, as_text, column, read_table
from shapefiles.votes import extract_votes


def inspect_files(
    files: Sequence[str | Path],
    *,
    columns: VoteColumns | None = None,
    id: str = "",  # noqa: A002 - the name of the column, as on the command line
    votes_id: str = "",
    layer: str = "",
    sheet: str = "",
    crs: str = "",
    encoding: str = "",
) -> Inspection:
    """Tell what the files of a map hold and what is wrong with them.

    Parameters
    ----------
    files
        A file of polygons or a dual graph, a table of votes, or both, in any order.
    columns
        Where the votes are; they are not looked at unless given.
    id, votes_id
        Columns of the ids in the units and in the votes; guessed unless given, and said so.
    layer, sheet, crs, encoding
        As in :class:`~shapefiles.mapfiles.MapFiles`.

    Raises
    ------
    DataError
        When a file cannot be read at all, or there are not one or two of them.
    """
    base, table = _sorted_files(files, layer, sheet, crs, encoding)
    findings: list[Finding] = []
    figures: dict[str, Any] = {}
    chosen = _id_columns(base, table, id, votes_id, findings)
    unit_ids: list[str] | None = None
    if base is not None:
        unit_ids = _unit_ids(base, chosen)
        if chosen is not None:
            findings += inspect_ids(unit_ids, shown(base.path.name))
        more, others = _inspect_base(base, unit_ids)
        figures |= more
        findings += others
    vote_ids = None
    if columns is not None:
        figures |= _inspect_votes(base, table, columns, chosen, findings)
    if table is not None and chosen is not None and chosen.votes:
        vote_ids = as_text(column(table.rows, chosen.votes, shown(table.path, 200))).tolist()
        if unit_ids is not None:
            match = match_ids(unit_ids, [one for one in vote_ids if one])
            figures["units_with_votes"] = len(unit_ids) - len(match.without_votes)
            findings += inspect_match(match)
    described = tuple(_describe(one) for one in (base, table) if one is not None)
    return Inspection(described, figures, tuple(findings))


def _sorted_files(
    files: Sequence[str | Path], layer: str, sheet: str, crs: str, encoding: str
) -> tuple[Layer | GraphFile | None, Table | None]:
    """Tell units from votes, by what can be read as which."""
    base: Layer | GraphFile | None = None
    table: Table | None = None
    if not 1 <= len(files) <= 2:
        raise DataError(f"{len(files)} files given; give units, votes, or one of each.")
    for file in files:
        path = Path(file)
        head = read_head(path)
        is_table = path.suffix.lower() in SUFFIXES and path.suffix.lower() != ".tab"
        if is_table and not (head.startswith(b"PAR1") and base is None and _has_geometry(path)):
            found: Layer | GraphFile | Table = read_table(
                path, sheet=sheet or None, encoding=encoding or None
            )
        elif is_dual_graph(path):
            found = read_dual_graph(path)
        else:
            found = _layer_or_table(path, layer, sheet, crs, encoding, is_zip=is_archive(head))
        is_second = table is not None if isinstance(found, Table) else base is not None
        if is_second:
            kind = "tables" if isinstance(found, Table) else "files of units"
            raise DataError(f"{shown(path, 200)} is the second of two {kind}; give one of each.")
        if isinstance(found, Table):
            table = found
        else:
            base = found
    return base, table


def _layer_or_table(
    path: Path, layer: str, sheet: str, crs: str, encoding: str, *, is_zip: bool
) -> Layer | Table:
    try:
        return read_layer(path, layer=layer or None, crs=crs or None, encoding=encoding or None)
    except DataError as error:
        if not is_zip:
            raise
        try:
            return read_table(path, sheet=sheet or None, encoding=encoding or None)
        except DataError:
            raise error from None


def _has_geometry(path: Path) -> bool:
    try:
        read_layer(path)
    except DataError:
        return False
    return True


def _id_columns(
    base: Layer | GraphFile | None,
    table: Table | None,
    id: str,  # noqa: A002
    votes_id: str,
    findings: list[Finding],
) -> IdColumns | None:
    """Take the columns that were named, or guess them and say so."""
    if id or base is None:
        return IdColumns(id, votes_id or id, were_guessed=False) if id or votes_id else None
    found = guess_ids(base.table, table.rows if table is not None else None)
    if found is None:
        text = "No column of the units looks like ids: name it (--id)."
        findings.append(Finding("warning", "id column", 1, text))
        return None
    both = f" and {shown(found.votes)} of the votes" if found.votes else ""
    text = f"Ids are probably the column {shown(found.units)} of the units{both}."
    findings.append(Finding("note", "id column", 1, text))
    return found if not votes_id else found._replace(votes=votes_id)


def _unit_ids(base: Layer | GraphFile, chosen: IdColumns | None) -> list[str]:
    if chosen is None:
        return [f"row {row + 1}" for row in range(len(base.table))]
    texts: list[str] = as_text(column(base.table, chosen.units, shown(base.path, 200))).tolist()
    return texts


def _inspect_base(base: Layer | GraphFile, ids: list[str]) -> tuple[dict[str, Any], list[Finding]]:
    if isinstance(base, GraphFile):
        return inspect_graph(base.edges, len(ids), ids)
    if base.crs is None:
        text = f"{shown(base.path.name)} does not say which reference system it is in."
        remedy = "Find out where it was published, and give it (--crs): EPSG:4326 is degrees."
        bounds = [round(float(one), 3) for one in shapely.total_bounds(base.polygons)]
        finding = Finding("error", "crs", 1, text, (f"coordinates from {bounds}",), remedy)
        return {"units": len(ids)}, [finding]
    polygons, crs = project(base.polygons, base.crs, shown(base.path, 200))
    figures, findings = inspect_polygons(polygons, ids)
    return {**figures, "measured_in": crs}, findings


def _inspect_votes(
    base: Layer | GraphFile | None,
    table: Table | None,
    columns: VoteColumns,
    chosen: IdColumns | None,
    findings: list[Finding],
) -> dict[str, Any]:
    """Add up the votes and report what is wrong with them; returns figures."""
    source = table if table is not None else base
    assert source is not None, "there is at least one file"
    rows = table.rows if table is not None else base.table if base is not None else None
    if chosen is not None:
        columns = replace(columns, id=chosen.votes if table is not None else chosen.units)
    votes = extract_votes(rows, columns, shown(source.path, 200), source.spot)
    findings += inspect_votes(votes)
    blue, red = (int(one) for one in votes.counts.sum(axis=0))
    figures: dict[str, Any] = {"blue_votes": blue, "red_votes": red}
    if blue + red:
        joined = int(np.max(votes.counts, axis=1).sum())
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
