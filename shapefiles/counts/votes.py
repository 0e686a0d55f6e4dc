"""Two-way votes from the rows of a table, wide or long, with everything that is wrong with them."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from shapefiles.counts.counting import REMEDIES, Collector, Places, VoteProblem, once_a_unit
from shapefiles.counts.sums import Counted, without_parts
from shapefiles.errors import DataError, listed, shown, typed
from shapefiles.files.tables import as_text, column
from shapefiles.mapfiles import VoteColumns

CONTESTS = frozenset({"year", "election", "office", "race", "contest", "stage", "round"})
"""Names of columns, in lower case, that tell one election from another."""


class Votes(NamedTuple):
    """Votes by unit, and what is wrong with them."""

    ids: npt.NDArray[np.object_]
    """Each once, in the order of the table; without the empty ones, shape ``(n,)``."""
    counts: npt.NDArray[np.int64]
    """Blue and red; 0 where there is a problem, shape ``(n, 2)``."""
    rows: npt.NDArray[np.intp]
    """The first row of each unit in the table, shape ``(n,)``."""
    problems: tuple[VoteProblem, ...]
    figures: Mapping[str, npt.NDArray[Any]] = MappingProxyType({})
    """Attributes that stand beside the votes, shape ``(n,)`` each."""
    blank: tuple[str, ...] = ()
    """Ids with a missing figure that was let pass: it counts zero, or the unit is not in `ids`."""
    again: tuple[str, ...] = ()
    """Ids in several rows, which were counted once or added up as was asked for."""
    n_nameless: int = 0
    """Rows without an id, whose votes are not counted."""

    def only_of(self, ids: Collection[str]) -> Votes:
        """Leave out what is wrong with votes that no unit of these has, and rows without an id."""
        kept = tuple(one for one in self.problems if one.unit in ids and one.kind != "id")
        return self._replace(problems=kept)

    def check(self, ids: Collection[str] | None = None) -> None:
        """Raise the first problem, if there is one.

        Parameters
        ----------
        ids
            Ids of the units, whose problems go before those of other rows; all unless given.

        Raises
        ------
        DataError
            With the number of further problems, and what to do.
        """
        if not self.problems:
            return
        own = self.problems if ids is None else self.only_of(ids).problems
        first = (own or self.problems)[0]
        more = len(self.problems) - 1
        tail = f" ({more:,} more such faults; inspect lists them.)" if more else ""
        remedy = first.remedy if own else REMEDIES["id"]
        raise DataError(f"{first.message}{tail} {remedy}")


def only_ids(ids: npt.NDArray[np.object_]) -> Votes:
    """Make votes of nothing but ids: nobody voted, or nothing is known of votes yet."""
    names, first = np.unique(ids, return_index=True)
    kept = np.sort(first[names != ""])
    return Votes(ids[kept], np.zeros((len(kept), 2), np.int64), kept, ())


def extract_votes(rows: pd.DataFrame, columns: VoteColumns, source: str, place: Places) -> Votes:
    """Add up the votes of both sides for every unit.

    Parameters
    ----------
    rows
        A table of text.
    columns
        Where the votes are.
    source
        Name of the table, for messages.
    place
        Says where row *i* stands.

    Raises
    ------
    DataError
        When a column or a choice is not there, or rows of several elections would be added.

    Examples
    --------
    A long table, in which TOTAL must not be added to its parts:

    >>> rows = pd.DataFrame(
    ...     [["01", "D", "3", "EARLY"], ["01", "D", "4", "DAY"], ["01", "D", "7", "TOTAL"],
    ...      ["01", "R", "5", "TOTAL"], ["02", "D", "1", "DAY"], ["02", "R", "2", "DAY"]],
    ...     columns=["fips", "party", "votes", "mode"],
    ... )
    >>> long = VoteColumns("fips", ("D",), ("R",), choice="party", count="votes")
    >>> votes = extract_votes(rows, long, "t.csv", str)
    >>> votes.ids.tolist(), votes.counts.tolist()
    (['01', '02'], [[7, 5], [1, 2]])
    """
    chosen = _chosen(rows, columns, source)
    if columns.choice is None:
        return _wide(rows, chosen, columns, source, place)
    return _long(rows, chosen, columns, source, place)


def _chosen(rows: pd.DataFrame, columns: VoteColumns, source: str) -> npt.NDArray[np.intp]:
    """List the rows that meet `where`."""
    keep = np.ones(len(rows), bool)
    for name, wanted in columns.where.items():
        texts = as_text(column(rows, name, source))
        keep &= texts == wanted
        if not keep.any():
            raise DataError(
                f"{source} has no row with {shown(name)} = {shown(wanted)}; that column holds "
                f"{listed(pd.unique(pd.Series(texts)), 8)}."
            )
    return np.flatnonzero(keep)


def _wide(
    rows: pd.DataFrame,
    chosen: npt.NDArray[np.intp],
    columns: VoteColumns,
    source: str,
    place: Places,
) -> Votes:
    ids = as_text(column(rows, columns.id, source))[chosen]
    collect = Collector(ids, chosen, place)

    def figures(name: str) -> npt.NDArray[np.int64]:
        cells = column(rows, name, source).iloc[chosen]
        return collect.numbers(cells, name, columns.notation, missing=columns.without_votes)

    sides = [
        np.sum([figures(name) for name in names], axis=0) for names in (columns.blue, columns.red)
    ]
    counts = np.column_stack(sides)
    collect.impossible_sums(counts)
    if columns.total is not None:
        cells = column(rows, columns.total, source).iloc[chosen]
        total = collect.totals(
            cells, columns.total, columns.notation, missing=columns.without_votes
        )
        collect.above_total(counts.sum(axis=1), total)
    is_first, counts_once = collect.a_row_a_unit(counts, columns.repeated_votes)
    found = Votes(ids[is_first], counts_once, chosen[is_first], collect.sorted_problems())
    if columns.repeated_votes != "refuse":
        named = pd.Series(ids[ids != ""], dtype=object)
        found = found._replace(again=tuple(pd.unique(named[named.duplicated()])))
    return _settled(found, columns, ids[collect.blank].tolist(), int((ids == "").sum()))


def _long(
    rows: pd.DataFrame,
    chosen: npt.NDArray[np.intp],
    columns: VoteColumns,
    source: str,
    place: Places,
) -> Votes:
    if columns.choice is None or columns.count is None:
        raise ValueError("A long table has a column of choices and one of their votes.")
    choices = as_text(column(rows, columns.choice, source))[chosen]
    for label in (*columns.blue, *columns.red):
        if label not in choices:
            common = pd.Series(choices).value_counts().index
            raise DataError(
                f"{source}: no row has {shown(columns.choice)} = {shown(label)}; that column "
                f"holds {listed(common, 8)}."
            )
    _refuse_other_spellings(choices, columns, source)
    _refuse_mixture(rows.iloc[chosen], columns, source)
    ids = as_text(column(rows, columns.id, source))[chosen]
    side = np.where(
        pd.Series(choices).isin(columns.blue),
        0,
        np.where(pd.Series(choices).isin(columns.red), 1, -1),
    )
    everything = Collector(ids, chosen, place)
    everything.empty_ids()
    counted = np.flatnonzero(side >= 0)
    collect = Collector(ids[counted], chosen[counted], place)
    numbers = collect.numbers(
        column(rows, columns.count, source).iloc[chosen[counted]],
        columns.count,
        columns.notation,
        missing=columns.without_votes,
    )
    collect.repeated(rows.iloc[chosen[counted]])
    rows_counted = Counted(rows.iloc[chosen[counted]], ids[counted], choices[counted], numbers)
    numbers = without_parts(rows_counted, columns, list(rows.columns), source)
    unit, names = pd.factorize(pd.Series(ids), sort=False)
    counts = np.zeros((len(names), 2), np.int64)
    np.add.at(counts, (unit[counted], side[counted]), numbers)
    everything.impossible_sums(counts[unit])
    if columns.total is not None:
        total = everything.totals(
            column(rows, columns.total, source).iloc[chosen],
            columns.total,
            columns.notation,
            missing=columns.without_votes,
        )
        everything.above_total(counts.sum(axis=1)[unit], total)
    problems = once_a_unit((*everything.problems, *collect.problems))
    named = np.asarray(names, np.object_)
    first = chosen[np.unique(unit, return_index=True)[1]]
    is_named = named != ""
    found = Votes(named[is_named], counts[is_named], first[is_named], problems)
    return _settled(found, columns, ids[counted][collect.blank].tolist(), int((ids == "").sum()))


def _settled(votes: Votes, columns: VoteColumns, blank: list[str], n_nameless: int) -> Votes:
    """Carry out what was said of units with a missing figure."""
    ids = tuple(dict.fromkeys(one for one in blank if one))
    votes = votes._replace(blank=ids, n_nameless=n_nameless)
    if columns.without_votes == "drop" and ids:
        kept = np.flatnonzero(~pd.Series(votes.ids, dtype=object).isin(ids).to_numpy(bool))
        votes = votes._replace(
            ids=votes.ids[kept], counts=votes.counts[kept], rows=votes.rows[kept]
        )
    return votes


def _refuse_other_spellings(
    choices: npt.NDArray[np.object_], columns: VoteColumns, source: str
) -> None:
    """Ask about choices that differ from one that counts in nothing but case, spaces or accents."""
    sides = {
        _spelling(label): (side, label)
        for side, labels in (("blue", columns.blue), ("red", columns.red))
        for label in labels
    }
    others = [one for one in pd.unique(pd.Series(choices, dtype=object)) if one]
    for other in others:
        side, label = sides.get(_spelling(other), ("", ""))
        if side and other not in (*columns.blue, *columns.red):
            raise DataError(
                f"{source}: {shown(columns.choice)} holds {shown(other)} beside {shown(label)}, "
                "which is written otherwise and would not count. If they are one, name it as well: "
                f"--{side} {typed(other, 'CHOICE')}. If not, call one of them another in the file."
            )


def _spelling(text: str) -> str:
    """Reduce a text to what tells it from others whatever its case, spaces and accents' form."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _refuse_mixture(rows: pd.DataFrame, columns: VoteColumns, source: str) -> None:
    """Refuse to add up the votes of several years or offices."""
    used = {columns.id, columns.choice, columns.count, *columns.where}
    for position, name in enumerate(rows.columns):
        if str(name).lower() in CONTESTS and name not in used:
            values = pd.unique(pd.Series(as_text(rows.iloc[:, position]), dtype=object))
            if len(values) > 1:
                raise DataError(
                    f"{source} has rows of {len(values)} values of {shown(name)}: "
                    f"{listed(values, 6)}. Choose one of them: "
                    f"--where {typed(f'{name}={values[0]}', 'COLUMN=VALUE')}, say."
                )
