"""Two-way votes from the rows of a table, wide or long, with everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from shapefiles.errors import DataError, listed, shown
from shapefiles.mapfiles import VoteColumns
from shapefiles.tables import MISSING, as_text, column
from shapefiles.units import MAX_VOTES

TOTALS = frozenset({"total", "totals", "total votes", "all"})
"""How the mode of a row that sums up the others is called, in lower case."""

CONTESTS = frozenset({"year", "election", "office", "race", "contest", "stage", "round"})
"""Names of columns, in lower case, that tell one election from another."""

Places = Callable[[int], str]
"""Says where a row stands, for messages."""


class VoteProblem(NamedTuple):
    """Something wrong with the votes of one row."""

    kind: str
    """``missing``, ``negative``, ``fractional``, ``number``, ``impossible``, ``id``,
    ``duplicate`` or ``repeated``."""
    unit: str
    message: str
    """One sentence with the place and the value."""


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

    def check(self) -> None:
        """Raise the first problem, if there is one.

        Raises
        ------
        DataError
            With the number of further problems.
        """
        if self.problems:
            more = len(self.problems) - 1
            tail = f" ({more:,} more such faults; inspect lists them.)" if more else ""
            raise DataError(self.problems[0].message + tail)


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
    collect = _Collector(ids, chosen, place)
    sides = []
    for names in (columns.blue, columns.red):
        parsed = [
            collect.numbers(as_text(column(rows, name, source))[chosen], name) for name in names
        ]
        sides.append(np.sum(parsed, axis=0))
    counts = np.column_stack(sides)
    collect.impossible_sums(counts)
    if columns.total is not None:
        total = collect.numbers(as_text(column(rows, columns.total, source))[chosen], columns.total)
        collect.above_total(counts.sum(axis=1), total)
    is_first = collect.first_rows()
    return Votes(ids[is_first], counts[is_first], chosen[is_first], collect.sorted_problems())


def _long(
    rows: pd.DataFrame,
    chosen: npt.NDArray[np.intp],
    columns: VoteColumns,
    source: str,
    place: Places,
) -> Votes:
    assert columns.choice is not None, "only called for long tables"
    assert columns.count is not None, "choice and count come together"
    choices = as_text(column(rows, columns.choice, source))[chosen]
    for label in (*columns.blue, *columns.red):
        if label not in choices:
            common = pd.Series(choices).value_counts().index
            raise DataError(
                f"{source}: no row has {shown(columns.choice)} = {shown(label)}; that column "
                f"holds {listed(common, 8)}."
            )
    _refuse_mixture(rows.iloc[chosen], columns, source)
    ids = as_text(column(rows, columns.id, source))[chosen]
    side = np.where(
        pd.Series(choices).isin(columns.blue),
        0,
        np.where(pd.Series(choices).isin(columns.red), 1, -1),
    )
    everything = _Collector(ids, chosen, place)
    everything.empty_ids()
    counted = np.flatnonzero(side >= 0)
    collect = _Collector(ids[counted], chosen[counted], place)
    numbers = collect.numbers(
        as_text(column(rows, columns.count, source))[chosen[counted]], columns.count
    )
    collect.repeated(rows.iloc[chosen[counted]])
    modes = _modes(rows, columns, source)
    if modes is not None:
        groups = pd.MultiIndex.from_arrays([ids[counted], choices[counted]])
        is_total = (
            pd.Series(modes[chosen[counted]], dtype=object).str.lower().isin(TOTALS).to_numpy()
        )
        group, _ = pd.factorize(groups)
        has_total = np.bincount(group, is_total, minlength=1) > 0
        numbers = np.where(has_total[group] & ~is_total, 0, numbers)
    unit, names = pd.factorize(pd.Series(ids), sort=False)
    counts = np.zeros((len(names), 2), np.int64)
    np.add.at(counts, (unit[counted], side[counted]), numbers)
    everything.impossible_sums(counts[unit])
    if columns.total is not None:
        total = everything.numbers(
            as_text(column(rows, columns.total, source))[chosen], columns.total
        )
        everything.above_total(counts.sum(axis=1)[unit], total)
    problems = _once_a_unit((*everything.problems, *collect.problems))
    named = np.asarray(names, np.object_)
    first = chosen[np.unique(unit, return_index=True)[1]]
    return Votes(named[named != ""], counts[named != ""], first[named != ""], problems)


def _modes(rows: pd.DataFrame, columns: VoteColumns, source: str) -> npt.NDArray[np.object_] | None:
    if columns.mode is not None:
        return as_text(column(rows, columns.mode, source))
    found = [name for name in rows.columns if str(name).lower() == "mode"]
    return as_text(rows[found[0]]) if found else None


def _refuse_mixture(rows: pd.DataFrame, columns: VoteColumns, source: str) -> None:
    """Refuse to add up the votes of several years or offices."""
    for name in rows.columns:
        used = {columns.id, columns.choice, columns.count, *columns.where}
        if str(name).lower() in CONTESTS and name not in used:
            values = pd.unique(rows[name])
            if len(values) > 1:
                raise DataError(
                    f"{source} has rows of {len(values)} values of {shown(name)}: "
                    f"{listed(values, 6)}. Choose one of them (where)."
                )


class _Collector:
    """Gathers what is wrong with some rows of a table."""

    def __init__(
        self, ids: npt.NDArray[np.object_], row: npt.NDArray[np.intp], place: Places
    ) -> None:
        self.ids = ids
        self.row = row
        self.place = place
        self.problems: list[VoteProblem] = []

    def add(self, kind: str, index: int, message: str) -> None:
        unit = str(self.ids[index])
        self.problems.append(
            VoteProblem(
                kind, unit, f"{self.place(int(self.row[index]))}: unit {shown(unit)} {message}"
            )
        )

    def numbers(self, texts: npt.NDArray[np.object_], name: str) -> npt.NDArray[np.int64]:
        """Parse whole numbers; 0 where there is none."""
        series = pd.Series(texts, dtype=object)
        is_whole = series.str.fullmatch(r"[0-9]{1,15}(\.0*)?").to_numpy(bool)
        values = np.zeros(len(texts), np.int64)
        values[is_whole] = [int(text.partition(".")[0]) for text in texts[is_whole].tolist()]
        for index in np.flatnonzero(~is_whole).tolist():
            kind, message = _what_is_wrong(str(texts[index]))
            self.add(kind, index, f"has {message} in {shown(name)}.")
        for index in np.flatnonzero(values > MAX_VOTES).tolist():
            self.add(
                "impossible", index, f"has {values[index]:,} votes in {shown(name)}: impossible."
            )
            values[index] = 0
        return values

    def impossible_sums(self, votes: npt.NDArray[np.int64]) -> None:
        """Report units of which one side adds up to more votes than there can be."""
        for index in np.flatnonzero((votes > MAX_VOTES).any(axis=1)).tolist():
            most = int(votes[index].max())
            self.add("impossible", index, f"has {most:,} votes for one side together: impossible.")

    def above_total(self, votes: npt.NDArray[np.int64], total: npt.NDArray[np.int64]) -> None:
        for index in np.flatnonzero(votes > total).tolist():
            self.add(
                "impossible",
                index,
                f"has {votes[index]:,} votes for both sides, above its total of {total[index]:,}.",
            )

    def empty_ids(self) -> None:
        for index in np.flatnonzero(self.ids == "").tolist():
            self.add("id", index, "has no id.")

    def first_rows(self) -> npt.NDArray[np.intp]:
        """List the rows with an id the first time it occurs, and report the others."""
        self.empty_ids()
        _, first, which = np.unique(self.ids, return_index=True, return_inverse=True)
        for index in np.flatnonzero(first[which] != np.arange(len(self.ids))).tolist():
            if self.ids[index]:
                before = self.place(int(self.row[first[which[index]]])).rsplit(", ", 1)[-1]
                self.add("duplicate", index, f"was given before, in {before}.")
        kept = np.sort(first)
        named: npt.NDArray[np.intp] = kept[self.ids[kept] != ""]
        return named

    def repeated(self, rows: pd.DataFrame) -> None:
        """Report rows that repeat another in every column: their votes would count twice."""
        for index in np.flatnonzero(rows.duplicated().to_numpy()).tolist():
            self.add("repeated", index, "has the same row twice: drop one of them.")

    def sorted_problems(self) -> tuple[VoteProblem, ...]:
        return _once_a_unit(tuple(self.problems))


def _once_a_unit(problems: tuple[VoteProblem, ...]) -> tuple[VoteProblem, ...]:
    """Keep the first problem of each kind and unit; a long table says most things several times."""
    first: dict[tuple[str, str], VoteProblem] = {}
    for problem in problems:
        first.setdefault((problem.kind, problem.unit), problem)
    return tuple(first.values())


def _what_is_wrong(text: str) -> tuple[str, str]:
    """Classify a figure that is no whole number, and say it in words."""
    quoted = shown(text, 30)
    try:
        number = float(text)
    except ValueError:
        number = None
    if text.lower() in MISSING or (number is not None and not np.isfinite(number)):
        found = ("missing", "no votes")
    elif number is None:
        found = ("number", f"{quoted}, which is not a whole number,")
    elif number < 0:
        found = ("negative", f"{quoted} votes")
    elif number > MAX_VOTES:
        found = ("impossible", f"{quoted} votes")
    elif number != int(number):
        found = ("fractional", f"a fraction of a vote, {quoted},")
    else:
        found = ("number", f"{quoted}, which is not written as a whole number,")
    return found
