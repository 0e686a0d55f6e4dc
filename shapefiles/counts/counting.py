"""Whole numbers of votes from cells, and everything that is wrong with them, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from shapefiles.errors import shown
from shapefiles.files.numerals import DoubtError, Notation, settled_by
from shapefiles.files.tables import MISSING, as_text
from shapefiles.units import MAX_VOTES

_PLAIN = r"[0-9]{1,15}(?:\.0*)?"
_DOUBTFUL = r"[1-9][0-9]{0,2}\.000"
"""Plain digits that are a thousand, or one: a point and three zeros."""

_FRACTION = r"[0-9]*[.,](?![0-9]{3}$)[0-9]*[1-9][0-9]*|0?[.,][0-9]*[1-9][0-9]*"
"""A part of one, whichever the decimal mark is: not three digits after it, or none before it."""

_TYPED = Notation(decimal=".")
"""Notation of numbers that the file holds as numbers."""

Places = Callable[[int], str]
"""Says where a row stands, for messages."""

REMEDIES = {
    "missing": "Find the figures, or say what becomes of such units: --without-votes zero counts "
    "nobody there, --without-votes drop leaves the units out.",
    "fractional": "Votes spread over units by a model: round them so that their sum stays. "
    "Percentages do not say how many people voted: give the columns of the counts. Where thousands "
    "were meant, a program took their separator for a decimal mark: take the figures from the "
    "source, as text.",
    "number": "Write plain digits.",
    "doubt": "Its marks are not those that were named: write plain digits.",
    "id": "Votes that belong to no unit (a total, votes from abroad, a footnote) are left out by "
    "--without-polygon drop.",
    "duplicate": "If each row has a part of the votes, --repeated-votes add adds them up; if not, "
    "take the wrong rows out of the file.",
    "repeated": "Remove one of them: their votes would count twice.",
    "rounded": "A spreadsheet has rounded it: show the column as plain numbers and save it again.",
    "percent": "Percentages do not say how many people voted: give the columns of the counts.",
}
"""What to do about each kind of problem."""

_SAME = (
    "Their votes are the same: --repeated-votes once counts them once; if each row has a part of "
    "the votes all the same, --repeated-votes add adds them up."
)
"""What to do about rows of units that are given twice, where all of them say the same."""


class VoteProblem(NamedTuple):
    """Something wrong with the votes of one row."""

    kind: str
    """``missing``, ``negative``, ``fractional``, ``doubt``, ``number``, ``rounded``, ``percent``,
    ``impossible``, ``id``, ``duplicate`` or ``repeated``."""
    unit: str
    message: str
    """One sentence with the place and the value."""
    settled: str = ""
    """What settles a doubt, if anything does."""

    @property
    def remedy(self) -> str:
        """What to do about it."""
        if self.settled:
            return self.settled
        return REMEDIES.get(self.kind, "Look it up at the source.")


class Collector:
    """Gathers what is wrong with some rows of a table."""

    def __init__(
        self, ids: npt.NDArray[np.object_], row: npt.NDArray[np.intp], place: Places
    ) -> None:
        self.ids = ids
        self.row = row
        self.place = place
        self.problems: list[VoteProblem] = []
        self.blank: list[int] = []

    def add(self, kind: str, index: int, message: str, settled: str = "") -> None:
        """Report what is wrong with one row."""
        unit = str(self.ids[index])
        place = self.place(int(self.row[index]))
        self.problems.append(
            VoteProblem(kind, unit, f"{place}: unit {shown(unit)} {message}", settled)
        )

    def numbers(
        self, values: pd.Series, name: str, notation: Notation, *, missing: str = "refuse"
    ) -> npt.NDArray[np.int64]:
        """Parse whole numbers; 0 where there is none.

        Parameters
        ----------
        values
            Cells: texts, or numbers where the file holds numbers.
        name
            Name of the column, for messages.
        notation
            Notation of texts. It says nothing about cells that are numbers already.
        missing
            ``refuse`` cells without a figure; otherwise they count zero and their rows are noted
            in `blank`.
        """
        texts = as_text(values)
        series = pd.Series(texts, dtype=object)
        is_plain = series.str.fullmatch(_PLAIN).to_numpy(bool)
        is_digits = series.str.fullmatch("[0-9]+").to_numpy(bool)
        if notation.thousands or notation.decimal:
            is_plain = is_plain & is_digits
        else:
            is_plain = is_plain & ~series.str.fullmatch(_DOUBTFUL).to_numpy(bool)
        counts = np.zeros(len(texts), np.int64)
        counts[is_plain] = [int(text.partition(".")[0]) for text in texts[is_plain].tolist()]
        odd = np.flatnonzero(~is_plain).tolist()
        cells = values.iloc[odd].tolist()
        # What is clear as it stands need not be so under other marks: 0.0 where points group.
        marked = zip(texts[~is_digits].tolist(), values[~is_digits].tolist(), strict=True)
        written = {str(text) for text, cell in marked if _is_text(cell)} if odd else set()
        for index, cell in zip(odd, cells, strict=True):
            found = _read(str(texts[index]), notation if _is_text(cell) else _TYPED)
            if isinstance(found, int):
                counts[index] = found
            elif found.kind == "missing" and missing != "refuse":
                self.blank.append(index)
            else:
                settled = settled_by(_reading(found.settling, written), notation)
                self.add(found.kind, index, f"has {found.message} in {shown(name)}.", settled)
        for index in np.flatnonzero(counts > MAX_VOTES).tolist():
            self.add(
                "impossible", index, f"has {counts[index]:,} votes in {shown(name)}: impossible."
            )
            counts[index] = 0
        return counts

    def totals(
        self, values: pd.Series, name: str, notation: Notation, *, missing: str
    ) -> npt.NDArray[np.int64]:
        """Parse all votes cast; what is no figure limits nothing, and is no second fault."""
        before, known = len(self.blank), len(self.problems)
        total = self.numbers(values, name, notation, missing=missing)
        wrong = {one.unit for one in self.problems[known:]}
        total[[unit in wrong for unit in self.ids.tolist()]] = np.iinfo(np.int64).max
        total[self.blank[before:]] = np.iinfo(np.int64).max
        del self.blank[before:]
        return total

    def impossible_sums(self, votes: npt.NDArray[np.int64]) -> None:
        """Report units of which one side adds up to more votes than there can be."""
        for index in np.flatnonzero((votes > MAX_VOTES).any(axis=1)).tolist():
            most = int(votes[index].max())
            self.add("impossible", index, f"has {most:,} votes for one side together: impossible.")

    def above_total(self, votes: npt.NDArray[np.int64], total: npt.NDArray[np.int64]) -> None:
        """Report two sides that together have more votes than were cast."""
        for index in np.flatnonzero(votes > total).tolist():
            self.add(
                "impossible",
                index,
                f"has {votes[index]:,} votes for both sides, above its total of {total[index]:,}.",
            )

    def empty_ids(self) -> None:
        """Report rows without an id."""
        for index in np.flatnonzero(self.ids == "").tolist():
            self.add("id", index, "has no id.")

    def a_row_a_unit(
        self, counts: npt.NDArray[np.int64], repeated: str
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]:
        """List the rows with an id the first time it occurs, and what their units count.

        Parameters
        ----------
        counts
            Votes of each row, shape ``(n_rows, n_sides)``.
        repeated
            What becomes of further rows of a unit: ``refuse``, count equal ones ``once`` or ``add``
            them up. They are reported unless they are settled so.
        """
        self.empty_ids()
        _, first, which = np.unique(self.ids, return_index=True, return_inverse=True)
        is_again = (first[which] != np.arange(len(self.ids))) & (self.ids != "")
        is_other = (counts != counts[first[which]]).any(axis=1) & is_again
        if repeated == "add":
            total = np.zeros((len(first), counts.shape[1]), np.int64)
            np.add.at(total, which, counts)
            counts = total[which]
            self.impossible_sums(counts)
        else:
            reported = is_other if repeated == "once" else is_again
            settled = "" if is_other.any() else _SAME
            for index in np.flatnonzero(reported).tolist():
                before = self.place(int(self.row[first[which[index]]])).rsplit(", ", 1)[-1]
                again = "with other votes, " if repeated == "once" else ""
                self.add("duplicate", index, f"was given before, {again}in {before}.", settled)
        kept = np.sort(first)
        named: npt.NDArray[np.intp] = kept[self.ids[kept] != ""]
        return named, counts[named]

    def repeated(self, rows: pd.DataFrame) -> None:
        """Report rows that repeat another in every column: their votes would count twice."""
        for index in np.flatnonzero(rows.duplicated().to_numpy()).tolist():
            self.add("repeated", index, "has the same row twice: drop one of them.")

    def sorted_problems(self) -> tuple[VoteProblem, ...]:
        """List the first problem of each kind and unit."""
        return once_a_unit(tuple(self.problems))


def once_a_unit(problems: tuple[VoteProblem, ...]) -> tuple[VoteProblem, ...]:
    """Keep the first problem of each kind and unit; a long table says most things several times."""
    first: dict[tuple[str, str], VoteProblem] = {}
    for problem in problems:
        first.setdefault((problem.kind, problem.unit), problem)
    return tuple(first.values())


class _Wrong(NamedTuple):
    """Why a cell is no count."""

    kind: str
    message: str
    settling: tuple[Notation, ...] = ()


def _is_text(cell: object) -> bool:
    """Tell a text from a number that the file holds as such."""
    return isinstance(cell, str)


def _reading(ways: tuple[Notation, ...], texts: Collection[str]) -> list[Notation]:
    """Keep the notations in which all texts of a column are counts, or are missing."""
    return [
        way
        for way in ways
        if all(
            isinstance(found := _read(text, way), int) or found.kind == "missing" for text in texts
        )
    ]


def _read(text: str, notation: Notation) -> int | _Wrong:
    """Read a count, or classify what it is and say that in words."""
    quoted = shown(text, 30)
    if text.lower() in MISSING:
        return _Wrong("missing", "no votes")
    if text.endswith("%"):
        return _Wrong("percent", f"{quoted}, which is a percentage,")
    if notation is not _TYPED and re.fullmatch(_FRACTION, text):
        return _Wrong("fractional", f"a fraction of a vote, {quoted},")
    try:
        plain = notation.plain(text)
    except DoubtError as doubt:
        return _Wrong("doubt", f"{doubt},", doubt.settling)
    found = re.fullmatch(r"([0-9]{1,15})(?:\.0*)?", plain)
    return int(found[1]) if found else _classified(plain, quoted)


def _classified(plain: str, quoted: str) -> _Wrong:
    try:
        number = float(plain)
    except ValueError:
        return _Wrong("number", f"{quoted}, which is not a whole number,")
    if not np.isfinite(number):
        found = _Wrong("missing", "no votes")
    elif number < 0:
        found = _Wrong("negative", f"{quoted} votes")
    elif number > MAX_VOTES:
        found = _Wrong("impossible", f"{quoted} votes")
    elif number != int(number):
        found = _Wrong("fractional", f"a fraction of a vote, {quoted},")
    elif "e" in plain.lower():
        found = _Wrong("rounded", f"{quoted}, which is not written in full,")
    else:
        found = _Wrong("number", f"{quoted}, which is not written as a whole number,")
    return found
