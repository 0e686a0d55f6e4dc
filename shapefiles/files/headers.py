"""Which line of a table is its header: official ones begin with titles, sources and blank lines."""

from __future__ import annotations

import csv
import statistics
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from shapefiles.errors import DataError, OptionError, shown

DELIMITERS = ",;\t|"
"""Separators of cells, the usual one first."""

SAMPLE = 200
"""Rows looked at."""

_FULL = 0.2
"""Share of the usual number of filled cells from which a row may be the header: official tables
name only the first of several columns that belong together."""


class Record(NamedTuple):
    """One row of a table as it stands in its file."""

    line: int
    """Number of its first line, from 1."""
    cells: Sequence[str]

    @property
    def n_filled(self) -> int:
        """How many cells are not empty."""
        return sum(bool(cell.strip()) for cell in self.cells)

    @property
    def is_wordy(self) -> bool:
        """Whether at least half of the filled cells are no numbers."""
        filled = [cell for cell in self.cells if cell.strip()]
        return 2 * sum(not _is_number(cell) for cell in filled) >= len(filled)


def guess_delimiter(lines: Sequence[str]) -> str:
    """Choose the separator that gives the most rows the same number of cells.

    Examples
    --------
    >>> guess_delimiter(["(c) Office, Land", "id;yes;no", "1;1,5;2,5", "2;1,5;3,5"])
    ';'
    """

    def score(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(one.cells) for one in split(lines, delimiter) if len(one.cells) > 1)
        return max(((n, width) for width, n in widths.items()), default=(0, 0))

    return max(DELIMITERS, key=score)


def split(lines: Sequence[str], delimiter: str, first_line: int = 1) -> list[Record]:
    """Split lines of text into rows of cells."""
    reader = csv.reader(lines, delimiter=delimiter)
    records: list[Record] = []
    before = 0
    try:
        for cells in islice(reader, SAMPLE):
            records.append(Record(first_line + before, cells))
            before = reader.line_num
    except csv.Error:  # a field too long, or the sample ends within one
        pass
    return records


def check_header(records: Sequence[Record], source: str, skip_rows: int = 0) -> None:
    """Refuse a first row that is a title, where a later one is the header.

    Parameters
    ----------
    records
        The first rows, beginning with the one that would be the header.
    source
        Name of the table, for messages.
    skip_rows
        Lines above them that were left out.

    Raises
    ------
    OptionError
        With the line that looks like the header, and the option that names it.
    DataError
        When there is no row at all.

    Examples
    --------
    >>> rows = split(["Results", "", "id;yes;no", "1;5;6", "2;7;8"], ";")
    >>> check_header(rows, "'a.csv'")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    shapefiles.errors.OptionError: 'a.csv': line 1 is no header: it has 1 cell, those below ...
    """
    if not records:
        raise DataError(f"{source} has no line {skip_rows + 1} (--skip-rows).")
    widths = [one.n_filled for one in records if one.n_filled > 1]
    if not widths:
        return
    usual = int(statistics.median_low(widths))
    first = records[0]
    for one in records:
        if one.n_filled >= max(2, _FULL * usual) and one.is_wordy:
            break
    else:
        return
    if one is first or (skip_rows and first.n_filled > 1):
        return
    cells = "1 cell" if first.n_filled == 1 else f"{first.n_filled} cells"
    quoted = ", ".join(shown(cell, 20) for cell in one.cells[:3])
    raise OptionError(
        f"{source}: line {first.line} is no header: it has {cells}, those below have {usual}. "
        f"Line {one.line} looks like the header ({quoted}).",
        f"--skip-rows {one.line - 1}",
    )


def _is_number(cell: str) -> bool:
    return not any(one.isalpha() for one in cell)
