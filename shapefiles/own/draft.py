"""Units in the making: ids, names and figures of the rows of a file, before votes and edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from shapefiles.counts.counting import Places
from shapefiles.counts.votes import Votes
from shapefiles.errors import DataError, listed, shown
from shapefiles.files.numerals import DoubtError, Notation, settled_by
from shapefiles.files.tables import Table, as_text, column
from shapefiles.identifiers import first_wrong
from shapefiles.mapfiles import MapFiles
from shapefiles.own.matching import match_ids

NAME_LENGTH = 100
"""Characters of a name that are kept."""


class Rows(Protocol):
    """A file with one row a unit: a layer of polygons or a graph."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def table(self) -> pd.DataFrame:
        """Columns of the units."""

    @property
    def polygons(self) -> npt.NDArray[np.object_]:
        """Geometries, all None in a graph."""

    def place(self, row: int) -> str:
        """Say where a row stands."""


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """Units without votes and edges; row *i* is the same unit in every list.

    Parameters
    ----------
    ids, names, states
        Text, one each.
    places
        The town or quarter that each unit lies in, empty where that was not asked for.
    polygons
        Geometries in whatever system, shape ``(n_units,)``.
    attributes
        Numbers by name, shape ``(n_units,)`` each.
    """

    ids: list[str]
    names: list[str]
    states: list[str]
    places: list[str]
    polygons: npt.NDArray[np.object_]
    attributes: Mapping[str, npt.NDArray[Any]]

    def keep(self, rows: Sequence[int]) -> Draft:
        """Keep some of the units, in the order given."""
        chosen = np.asarray(rows, np.intp)
        return Draft(
            ids=[self.ids[row] for row in rows],
            names=[self.names[row] for row in rows],
            states=[self.states[row] for row in rows],
            places=[self.places[row] for row in rows],
            polygons=self.polygons[chosen],
            attributes={name: array[chosen] for name, array in self.attributes.items()},
        )


def draft_units(rows: Rows, files: MapFiles) -> Draft:
    """Take ids, names, states and attributes from the rows of a file.

    Raises
    ------
    DataError
        When a column is missing, an id cannot be one, or an attribute is no number.
    """
    source = shown(rows.path, 200)
    ids = as_text(column(rows.table, files.id, source)).tolist()
    wrong = first_wrong(ids)
    if wrong is not None:
        row, reason = wrong
        raise DataError(f"{rows.place(row)}: the id {shown(ids[row])} {reason}.")
    return Draft(
        ids=ids,
        names=_labels(rows.table, files.name, source) if files.name else ids,
        states=_labels(rows.table, files.state, source) if files.state else [""] * len(ids),
        places=_labels(rows.table, files.place, source) if files.place else [""] * len(ids),
        polygons=rows.polygons,
        attributes={
            name: numbers(column(rows.table, key, source), name, rows.place, files.notation())
            for name, key in files.attribute_columns().items()
            if key in rows.table.columns
        },
    )


def numbers(cells: pd.Series, name: str, place: Places, notation: Notation) -> npt.NDArray[Any]:
    """Parse the figures of an attribute: whole numbers where all of them are.

    Parameters
    ----------
    cells
        Texts, or numbers where the file holds numbers.
    name
        Name of the attribute.
    place
        Says where a row stands.
    notation
        Notation of texts.

    Raises
    ------
    DataError
        When one is missing, doubtful, no number, infinite, or a negative number of people or
        dollars.
    """
    texts = as_text(cells)
    for row, cell in enumerate(cells.tolist()):
        if isinstance(cell, str) and not (cell.isascii() and cell.isdecimal()):
            try:
                texts[row] = notation.plain(texts[row])
            except DoubtError as doubt:
                remedy = settled_by(doubt.settling, notation)
                message = f"{place(row)}: {shown(name)} is {doubt}. {remedy}"
                raise DataError(message.rstrip()) from None
    values = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").to_numpy(np.float64)
    is_wrong = ~np.isfinite(values)
    if name in {"population", "gdp"}:
        is_wrong |= values < 0
    if is_wrong.any():
        row = int(np.flatnonzero(is_wrong)[0])
        raise DataError(f"{place(row)}: {shown(texts[row])} is no figure for {shown(name)}.")
    is_whole = bool((values == np.round(values)).all() and (np.abs(values) < 2**53).all())
    figures: npt.NDArray[Any] = values.astype(np.int64) if is_whole else values
    return figures


def read_figures(
    votes: Votes,
    base: Rows,
    table: Table | None,
    files: MapFiles,
    wanted: Mapping[str, str],
) -> Votes:
    """Read the attributes that are columns of the table of votes.

    Parameters
    ----------
    votes
        Votes of which row *i* is the table's row ``votes.rows[i]``.
    base, table
        Units and votes as they stand in their files.
    files
        What was asked for.
    wanted
        Column of each attribute that the units lack.

    Raises
    ------
    DataError
        When there is no such column, or a cell is no number.
    """
    if wanted and (table is None or files.choice):
        column(base.table, next(iter(wanted.values())), shown(base.path, 200))
    figures = dict(votes.figures)
    for name, key in wanted.items():
        if table is None:
            raise ValueError("A missing column was reported above.")
        cells = column(table.rows, key, shown(table.path, 200))
        _refuse_contradiction(cells, votes, table, files, key)
        cells = cells.iloc[votes.rows]
        cells = cells.mask(_homeless(votes, base, files), "0")
        figures[name] = numbers(
            cells, name, lambda row: table.place(int(votes.rows[row])), files.notation()
        )
    return votes._replace(figures=figures)


def _refuse_contradiction(
    cells: pd.Series, votes: Votes, table: Table, files: MapFiles, key: str
) -> None:
    """Refuse a figure of which the rows of one unit say different things."""
    if not votes.again:
        return
    columns, source = files.vote_columns(), shown(table.path, 200)
    ids = as_text(column(table.rows, columns.id, source))
    said = pd.DataFrame({"id": ids, "cell": as_text(cells)})
    for name, value in columns.where.items():
        said = said[as_text(column(table.rows, name, source))[said.index] == value]
    said = said.drop_duplicates()
    both = said[said["id"].isin(votes.again) & said["id"].duplicated(keep=False)]
    if len(both):
        unit = both["id"].iloc[0]
        raise DataError(
            f"{source}: unit {shown(unit)} has several rows with different values "
            f"of {shown(key)}: {listed(both['cell'][both['id'] == unit])}. Say in the file which "
            "one is right."
        )


def _homeless(votes: Votes, base: Rows, files: MapFiles) -> npt.NDArray[np.bool_]:
    """Mark rows of votes that are left out, whose figures need not be any: sums and footnotes."""
    if files.without_polygon != "drop" or files.crosswalk:
        return np.zeros(len(votes.ids), bool)
    ids = as_text(column(base.table, files.id, shown(base.path, 200))).tolist()
    others = votes.ids.tolist()
    if files.repair:
        way = match_ids(ids, others).restored
        ids, others = way.apply(ids), way.apply(others)
    known = set(ids)
    return np.array([one not in known for one in others], bool)


def merge_rows(draft: Draft, new_ids: Sequence[str]) -> Draft:
    """Give the units other ids, and make one unit of those that get the same.

    Attributes of different units add up; those of one unit in several rows must agree.

    Parameters
    ----------
    draft
        Units, perhaps with an id in several rows.
    new_ids
        New id of each row.

    Raises
    ------
    DataError
        When the rows of one unit contradict each other.
    """
    groups: dict[str, list[int]] = {}
    for row, identifier in enumerate(new_ids):
        groups.setdefault(identifier, []).append(row)
    lead = [_lead(draft, identifier, rows) for identifier, rows in groups.items()]
    merged = replace(draft.keep(lead), ids=list(groups))
    for place, rows in enumerate(groups.values()):
        if len(rows) > 1:
            merged.polygons[place] = _together(draft.polygons[rows])
            for name, array in draft.attributes.items():
                merged.attributes[name][place] = _merged_value(draft, name, array[rows], rows)
    return merged


def group_votes(votes: Votes, new_ids: Sequence[str]) -> Votes:
    """Give the votes other ids, and add up those of units that become one; the sum stays."""
    renamed = dict(zip(votes.ids.tolist(), new_ids, strict=True))
    number, names = pd.factorize(pd.Series(list(new_ids), dtype=object))

    def add_up(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        total = np.zeros((len(names), *values.shape[1:]), values.dtype)
        np.add.at(total, number, values)
        return total

    return votes._replace(
        ids=np.asarray(names, np.object_),
        counts=add_up(votes.counts),
        problems=tuple(
            one._replace(unit=renamed.get(one.unit, one.unit)) for one in votes.problems
        ),
        blank=tuple(renamed.get(one, one) for one in votes.blank),
        again=tuple(renamed.get(one, one) for one in votes.again),
        figures={name: add_up(values) for name, values in votes.figures.items()},
    )


def _lead(draft: Draft, identifier: str, rows: list[int]) -> int:
    """Choose the row whose name the merged unit gets: the one that had its id before."""
    return next((row for row in rows if draft.ids[row] == identifier), rows[0])


def _together(polygons: npt.NDArray[np.object_]) -> Any:
    """Unite the polygons of one unit; leave them side by side where one of them is invalid.

    GEOS cannot unite what is invalid, and the unit is then found to be so, and refused or mended.
    """
    if shapely.is_valid(polygons[~shapely.is_missing(polygons)]).all():
        return shapely.union_all(polygons)
    parts = shapely.get_parts(polygons)
    are_polygons = bool((shapely.get_type_id(parts) == 3).all())
    return shapely.multipolygons(parts) if are_polygons else shapely.geometrycollections(parts)


def _merged_value(draft: Draft, name: str, values: npt.NDArray[Any], rows: list[int]) -> Any:
    unit = {draft.ids[row] for row in rows}
    if len(unit) > 1:
        return values.sum()
    if (values != values[0]).any():
        raise DataError(
            f"Unit {shown(draft.ids[rows[0]])} has {len(rows)} rows with different values of "
            f"{shown(name)}: {listed(values.tolist())}. Say in the file which one is right."
        )
    return values[0]


def _labels(table: pd.DataFrame, name: str, source: str) -> list[str]:
    """Take names from a column: printable and not too long, for labels and tables."""
    texts = as_text(column(table, name, source)).tolist()
    clean = ("".join(one if one.isprintable() else " " for one in text).strip() for text in texts)
    return [text if len(text) <= NAME_LENGTH else f"{text[: NAME_LENGTH - 1]}…" for text in clean]
