"""Inspect how units and votes come together, by the very steps that reading takes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from shapefiles.counts.percentages import refuse_percentages
from shapefiles.counts.votes import Votes, extract_votes, only_ids
from shapefiles.errors import shown
from shapefiles.files.dualgraph import GraphFile
from shapefiles.files.polygons import Layer
from shapefiles.files.tables import Table, as_text, column
from shapefiles.inspecting.columns import inspect_ids, inspect_match, inspect_repairs, inspect_votes
from shapefiles.inspecting.findings import Finding, refusals
from shapefiles.mapfiles import MapFiles
from shapefiles.own.draft import Draft, numbers, read_figures
from shapefiles.own.id_columns import check_votes_id
from shapefiles.own.joining import bring_together, join_votes, units_meant
from shapefiles.own.matching import match_ids
from shapefiles.own.misread import encoding_hint
from shapefiles.own.reading import check_graph, drawn_rows
from shapefiles.own.repair import Repair


class Joined(NamedTuple):
    """Units and votes as far as they can be joined."""

    draft: Draft
    """The units as reading would have them; all rows of their file where it would not."""
    counts: npt.NDArray[np.int64] | None
    """Their votes, None where there are none or they cannot be joined."""
    with_votes: int = 0
    """How many units have a row of votes."""
    rows: npt.NDArray[np.intp] | None = None
    """Rows of the file that the units are, None where rows were put together or nothing joined."""


def inspect_sources(
    base: Layer | GraphFile | None, table: Table | None, files: MapFiles, findings: list[Finding]
) -> Votes | None:
    """Take the votes and report what is wrong with them.

    Parameters
    ----------
    base, table
        Units and votes as they stand in their files, at least one of them.
    files
        What is known of the columns.
    findings
        List to report to.

    Returns
    -------
    Votes or None
        The votes; the ids of their table with zeros where votes are not known or cannot be taken;
        None where there are no ids of votes either.
    """
    source = table if table is not None else base
    if source is None:
        raise ValueError("There is no file: the votes are those of a table or of the units.")
    rows = source.rows if isinstance(source, Table) else source.table
    name = shown(source.path, 200)
    identifier = files.votes_id or files.id
    if files.names_votes and identifier:
        with refusals(findings, "votes"):
            if base is not None and table is not None:
                check_votes_id(base.table, table.rows, files, name)
            votes = extract_votes(rows, files.vote_columns(), name, source.spot)
            if base is None:
                findings += inspect_votes(votes)
                with refusals(findings, "votes: percentages"):
                    refuse_percentages(votes.counts, files)
            return votes
        if identifier not in rows.columns:
            return None
    if table is not None and identifier:
        with refusals(findings, "id column"):
            return only_ids(as_text(column(table.rows, identifier, name)))
    return None


def inspect_units(
    base: Layer | GraphFile,
    table: Table | None,
    votes: Votes | None,
    files: MapFiles,
    findings: list[Finding],
) -> Joined:
    """Join units and votes as reading does, and report what stands in the way.

    Parameters
    ----------
    base, table
        Units and votes as they stand in their files.
    votes
        The votes, None where there are none yet.
    files
        What was asked for.
    findings
        List to report to.
    """
    draft = _draft(base, files, findings)
    if not files.id:
        return Joined(draft, None)
    findings += inspect_ids(draft.ids, shown(base.path.name), can_merge=_can_merge(draft, files))
    given = only_ids(np.array(draft.ids, np.object_)) if votes is None else votes
    for name, key in files.attribute_columns().items():
        if key not in base.table.columns:
            with refusals(findings, "attribute"):
                if votes is None and table is not None and not files.choice:
                    # Which row is whose is not known, only whether there is such a column.
                    column(table.rows, key, shown(table.path, 200))
                else:
                    given = read_figures(given, base, table, files, {name: key})
    repairs: list[Repair] = []
    joined = _join(draft, given, files, repairs, findings)
    if isinstance(base, GraphFile):
        with refusals(findings, "graph"):
            check_graph(joined.draft, base, files)
    if joined.counts is None:
        findings += inspect_repairs(repairs)
        return joined
    is_kept = (joined.counts >= 0).all(axis=1)
    if isinstance(base, Layer):
        is_kept &= drawn_rows(joined.draft, joined.counts, files, repairs)
    kept = np.flatnonzero(is_kept)
    if files.names_votes and not any(one.kind.startswith("votes") for one in findings):
        with refusals(findings, "votes: percentages"):
            refuse_percentages(joined.counts[kept], files)
    findings += inspect_repairs(repairs)
    counts = None if votes is None else joined.counts[kept]
    rows = kept if len(joined.draft.ids) == len(base.table) else None
    return Joined(joined.draft.keep(kept.tolist()), counts, joined.with_votes, rows)


def _draft(base: Layer | GraphFile, files: MapFiles, findings: list[Finding]) -> Draft:
    """Take what the file of the units has, and report columns that are not there or not right."""
    source = shown(base.path, 200)
    n_rows = len(base.table)
    ids = [f"row {row + 1}" for row in range(n_rows)]
    if files.id:
        ids = as_text(column(base.table, files.id, source)).tolist()
    for name in filter(None, (files.name, files.state, files.place)):
        with refusals(findings, "column"):
            column(base.table, name, source)
    attributes: dict[str, npt.NDArray[Any]] = {}
    for name, key in files.attribute_columns().items():
        if key in base.table.columns:
            with refusals(findings, "attribute"):
                attributes[name] = numbers(
                    column(base.table, key, source), name, base.place, files.notation()
                )
    return Draft(ids, ids, [""] * n_rows, [""] * n_rows, base.polygons, attributes)


def _join(
    draft: Draft, votes: Votes, files: MapFiles, repairs: list[Repair], findings: list[Finding]
) -> Joined:
    """Follow the steps of reading as far as they go."""
    first = np.sort(np.unique(np.array(draft.ids, np.object_), return_index=True)[1])
    is_torn = len(first) < len(draft.ids) and not _can_merge(draft, files)
    once = draft.keep(first.tolist()) if is_torn else draft  # the others have been reported
    together: Draft | None = None
    with refusals(findings, "joining"):
        together, votes = bring_together(once, votes, files, repairs)
    ids = (together or once).ids
    if files.names_votes:
        wrong = votes.only_of(set(ids)) if files.without_polygon == "drop" else votes
        findings += inspect_votes(wrong, units_meant(together or once, votes, files))
    match = match_ids(ids, votes.ids.tolist())
    with_votes = len(ids) - len(match.without_votes)
    findings += inspect_match(
        match,
        missing=files.without_votes,
        extra=files.without_polygon,
        encoding=encoding_hint(match, files),
    )
    if together is None or is_torn:
        return Joined(draft, None, with_votes)
    is_refused = (match.without_votes and files.without_votes == "refuse") or (
        match.without_polygon and files.without_polygon == "refuse"
    )
    if not is_refused:
        with refusals(findings, "joining"):
            joined, counts = join_votes(together, votes, files, repairs)
            return Joined(joined, counts, with_votes)
    return Joined(together, None, with_votes)


def _can_merge(draft: Draft, files: MapFiles) -> bool:
    """Tell whether rows of one unit would be put together."""
    is_repeated = pd.Series(draft.ids, dtype=object).duplicated().to_numpy()
    return files.repair and all(one is not None for one in draft.polygons[is_repeated])
