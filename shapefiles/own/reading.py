"""A map of one's own: polygons and votes from files, joined to units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.borders.adjacency import Contacts
from shapefiles.borders.links import Link, join_edges
from shapefiles.counts.percentages import refuse_percentages
from shapefiles.counts.votes import Votes, extract_votes, only_ids
from shapefiles.errors import DataError, counted, listed, shown
from shapefiles.files.dualgraph import GraphFile
from shapefiles.files.polygons import Layer, digest
from shapefiles.files.tables import Table, as_text, column, read_table
from shapefiles.globe.lengths import lengths_of
from shapefiles.mapfiles import MapFiles, several
from shapefiles.own.changed_borders import border_repairs
from shapefiles.own.cleaning import clean_coverage
from shapefiles.own.crosswalk import CROSSWALKS
from shapefiles.own.draft import Draft, draft_units, read_figures
from shapefiles.own.drawn import Outlines, draw, outlines_of
from shapefiles.own.given import NOTHING, Held, read_base, read_votes_table
from shapefiles.own.ground import find_ground
from shapefiles.own.id_columns import check_votes_id, doubt_join, refuse_doubtful
from shapefiles.own.joining import bring_together, join_votes, units_meant
from shapefiles.own.placenames import read_places, towns
from shapefiles.own.repair import (
    PAST_REPAIR,
    POLYGON_REMEDIES,
    Repair,
    find_polygon_problems,
    has_polygon,
    mend_polygons,
    mend_projected,
)
from shapefiles.units import Edges, Units


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OwnMap:
    """Units that somebody brought, and what was done to them.

    Parameters
    ----------
    units
        The units, with one election.
    repairs
        What was mended, in order; empty unless it was asked for.
    hashes
        SHA-256 of every file read, by what it holds: ``units``, ``votes``, ``links``,
        ``crosswalk``, ``places``.
    outlines
        The polygons in which borders were sought; None for a graph.
    """

    units: Units
    repairs: tuple[Repair, ...]
    hashes: Mapping[str, str]
    outlines: Outlines | None = None

    def __repr__(self) -> str:
        return f"<OwnMap: {self.units!r}, {counted(len(self.repairs), 'repair')}>"


def read_units(
    polygons: str | Path,
    votes: str | Path | None = None,
    *,
    id: str,  # noqa: A002 - the name of the column, as on the command line
    blue: str | Sequence[str] = (),
    red: str | Sequence[str] = (),
    attributes: Sequence[str] = (),
    links: str | Path | None = None,
    **options: Any,
) -> Units:
    """Read polygons and votes and join them to units.

    Parameters
    ----------
    polygons
        A file of polygons, or a GerryChain dual graph.
    votes
        A table of votes; the columns of `polygons` unless given.
    id
        Column of the ids.
    blue, red
        Columns of the votes of each side, one or several; in a long table its choices. Without
        them nobody votes.
    attributes
        Further columns of numbers, each as ``column`` or ``attribute=column``.
    links
        Table of crossings over water.
    **options
        Any other field of :class:`~shapefiles.mapfiles.MapFiles`: ``crs``, ``layer``, ``repair``...

    Returns
    -------
    Units
        In the order of the file of polygons. Areas are measured in an equal-area projection, and
        lengths along the ellipsoid. :func:`read_map` also says what was repaired.

    Raises
    ------
    DataError
        When a file, a column or a value is wrong: one line with the place and what to do.
    TypeError
        When there is no such option.
    """
    others: dict[str, Any] = {
        key: several(value) if key == "where" else value for key, value in options.items()
    }
    files = MapFiles(
        units=str(polygons),
        votes=str(votes or ""),
        id=id,
        blue=several(blue),
        red=several(red),
        attributes=several(attributes),
        links=str(links or ""),
        **others,
    )
    return read_map(files).units


def read_map(files: MapFiles, held: Held = NOTHING) -> OwnMap:
    """Read the files of a map, repair what was asked for, and join them to units.

    Parameters
    ----------
    files
        Which files and columns.
    held
        What stands for files that there are not.

    Raises
    ------
    DataError
        When a file, a column or a value is wrong: one line with the place and what to do.
    """
    base = read_base(files, held.units)
    table = read_votes_table(files, held.votes)
    rows = None if table is None else table.rows
    check_votes_id(base.table, rows, files, shown(files.votes, 200))
    doubt = doubt_join(base.table, rows, files)
    refuse_doubtful(doubt)
    draft = draft_units(base, files)
    votes = read_votes(base, table, files)
    wanted = {
        name: key for name, key in files.attribute_columns().items() if name not in draft.attributes
    }
    votes = read_figures(votes, base, table, files, wanted)
    repairs = [Repair("doubt", (), doubt.text)] if doubt is not None else []
    draft, votes = bring_together(draft, votes, files, repairs)
    left = votes.only_of(set(draft.ids)) if files.without_polygon == "drop" else votes
    if left.problems:
        left.check(units_meant(draft, votes, files))
    draft, counts = join_votes(draft, votes, files, repairs)
    is_kept = (counts >= 0).all(axis=1)
    refuse_percentages(counts[is_kept], files)
    if isinstance(base, GraphFile):
        units, outlines = _graph_units(draft, counts, base, files), None
        kept = units if is_kept.all() else units.subset(np.flatnonzero(is_kept))
    else:
        is_kept &= drawn_rows(draft, counts, files, repairs)
        kept, outlines = _mapped_units(
            draft.keep(np.flatnonzero(is_kept).tolist()), counts[is_kept], base, files, repairs
        )
    hashes = MappingProxyType(_hashes(base, table, files))
    return OwnMap(kept, tuple(repairs), hashes, outlines)


def read_votes(base: Layer | GraphFile, table: Table | None, files: MapFiles) -> Votes:
    """Take the votes from their table or the columns of the units; zeros if none are named."""
    rows = base.table if table is None else table.rows
    place = base.place if table is None else table.place
    source = shown((table or base).path, 200)
    if not files.names_votes:
        name = (files.votes_id if table is not None else "") or files.id
        return only_ids(as_text(column(rows, name, source)))
    return extract_votes(rows, files.vote_columns(), source, place)


def drawn_rows(
    draft: Draft, counts: npt.NDArray[np.int64], files: MapFiles, repairs: list[Repair]
) -> npt.NDArray[np.bool_]:
    """Mark the units to keep: those with a polygon, where the others are to be left out.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_units,)``; all of them where nothing was said of units without a polygon.
    """
    is_drawn = has_polygon(draft.polygons)
    is_lost = ~is_drawn & (counts >= 0).all(axis=1)
    if files.without_polygon != "drop" or not is_drawn.any():
        return np.ones(len(is_drawn), bool)
    if is_lost.any():
        ids = tuple(np.array(draft.ids, object)[is_lost].tolist())
        lost = counted(int(counts[is_lost].sum()), "vote")
        message = (
            f"{counted(len(ids), 'unit')} without a polygon left out with {lost}: {listed(ids)}."
        )
        repairs.append(Repair("undrawn", ids[:100], message))
    return is_drawn


def read_links(path: str | Path) -> list[Link]:
    """Read a table of crossings over water with the columns ``id_a``, ``id_b`` and ``kind``.

    It may have no rows, as where nothing was to be suggested.

    Raises
    ------
    DataError
        When it cannot be read or lacks a column.
    """
    table = read_table(path, may_be_empty=True)
    source = shown(table.path, 200)
    columns = [as_text(column(table.rows, name, source)).tolist() for name in Link._fields]
    return [Link(*row) for row in zip(*columns, strict=True)]


def linked_edges(contacts: Contacts, links: str, ids: npt.NDArray[np.str_]) -> Edges:
    """Make the edges of a map from its borders and the table of links, if one is named.

    Raises
    ------
    DataError
        When the table cannot be read, or a link is none between these units.
    """
    if not links:
        return join_edges(contacts, [], ids)
    given = read_links(links)
    try:
        return join_edges(contacts, given, ids)
    except ValueError as error:
        raise DataError(f"{shown(links, 200)}: {error}") from None


def _hashes(base: Layer | GraphFile, table: Table | None, files: MapFiles) -> dict[str, str]:
    hashes = {"units": base.sha256}
    if table is not None:
        hashes["votes"] = table.sha256
    if files.links:
        hashes["links"] = digest(Path(files.links))
    if files.places:
        hashes["places"] = digest(Path(files.places))
    if files.crosswalk and files.crosswalk not in CROSSWALKS:
        hashes["crosswalk"] = digest(Path(files.crosswalk))
    return hashes


def check_graph(draft: Draft, base: GraphFile, files: MapFiles) -> None:
    """Refuse what can be done to polygons only.

    Raises
    ------
    DataError
        When nodes would have to be put together, or links are given.
    """
    if len(draft.ids) != len(base.table):
        raise DataError(
            f"{shown(base.path, 200)}: nodes of a graph cannot be put together; give a graph of "
            "the units that have votes."
        )
    if files.links:
        raise DataError(
            "links are for maps with polygons; a graph has all its edges already. Add what is to "
            "join its units as an edge in its file."
        )
    for key in ("place", "places"):
        if getattr(files, key):
            raise DataError(f"{key} names places on a map; a graph has no polygons to draw one.")


def _graph_units(
    draft: Draft, counts: npt.NDArray[np.int64], base: GraphFile, files: MapFiles
) -> Units:
    check_graph(draft, base, files)
    return Units(
        ids=np.array(draft.ids, np.str_),
        names=np.array(draft.names, np.str_),
        states=np.array(draft.states, np.str_),
        polygons=base.polygons,
        crs="",
        votes={files.election: np.maximum(counts, 0)},
        attributes=draft.attributes,
        edges=base.edges,
    )


def _mapped_units(
    draft: Draft,
    counts: npt.NDArray[np.int64],
    layer: Layer,
    files: MapFiles,
    repairs: list[Repair],
) -> tuple[Units, Outlines | None]:
    """Project, check and perhaps mend the polygons, and find who borders whom."""
    source = shown(layer.path, 200)
    ground = find_ground(draft.polygons, layer, draft.ids, is_asked=bool(files.crs))
    repairs += ground.notes
    drawn = draw(ground, source)
    polygons, projected = mend_projected(drawn.polygons, draft.ids, np.flatnonzero(drawn.is_spoilt))
    repairs += projected
    if files.repair:
        polygons, mended = mend_polygons(polygons, draft.ids)
        repairs += mended
    for problem in find_polygon_problems(polygons):
        remedy = POLYGON_REMEDIES.get(problem.kind, "Mend or remove it.")
        if files.repair and problem.kind in {"invalid", "type"}:
            remedy = PAST_REPAIR
        raise DataError(
            f"{source}: unit {shown(draft.ids[problem.row])} {problem.message}. {remedy}"
        )
    if files.repair:
        polygons, cleaned = clean_coverage(polygons, draft.ids)
        repairs += cleaned
    contacts = drawn.contacts(polygons)
    repairs += border_repairs(drawn, polygons, contacts, draft.ids)
    ids = np.array(draft.ids, np.str_)
    units = Units(
        ids=ids,
        names=np.array(draft.names, np.str_),
        states=np.array(draft.states, np.str_),
        polygons=polygons,
        crs=drawn.crs,
        votes={files.election: counts},
        attributes={
            **draft.attributes,
            "area": shapely.area(polygons),
            "perimeter": lengths_of(polygons, drawn.ruler),
        },
        edges=linked_edges(contacts, files.links, ids),
        places=(
            read_places(files.places, polygons, drawn.crs)
            if files.places
            else towns(draft.places, counts, polygons, drawn.crs)
        ),
    )
    return units, outlines_of(ground, drawn, polygons)
