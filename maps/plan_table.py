"""A plan as a table, ``GEOID,nation``, that no spreadsheet takes for formulas.

A spreadsheet runs a cell that starts with ``=``, ``+``, ``-`` or ``@``, also in a CSV file that
came by mail. Such a cell gets an apostrophe in front, and then it is text; so does a cell that
starts with an apostrophe and then one of these, which would otherwise read back as something else.
:func:`read_rows` takes one apostrophe off again, so every text comes back as it was. Plain numbers
(``-5``) stay as they are, and so does every GEOID: its table is the plainest CSV.

A line with anything but letters, figures and ``_ . -`` in it is quoted, so that its cells stay
whole in spreadsheets that part columns at semicolons or tabs.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

NATIONS = ("red", "blue")
"""What part 0 and part 1 are called outside the program."""

HEADER = ("GEOID", "nation")

# The wide forms count as the narrow ones.
_SIGNS = (
    *"=+-@",
    "\N{FULLWIDTH EQUALS SIGN}",
    "\N{FULLWIDTH PLUS SIGN}",
    "\N{FULLWIDTH HYPHEN-MINUS}",
    "\N{FULLWIDTH COMMERCIAL AT}",
)
_NUMBER = re.compile(r"[+-]?[0-9.]+")
_PLAIN = re.compile(r"[\w.-]+")


def as_text(cell: str) -> str:
    """Keep a spreadsheet from running a cell.

    Examples
    --------
    >>> as_text("01001"), as_text("-5"), as_text("=cmd|' /C calc'!A0")
    ('01001', '-5', "'=cmd|' /C calc'!A0")
    """
    return f"'{cell}" if _is_risky(cell) and not _NUMBER.fullmatch(cell) else cell


def from_text(cell: str) -> str:
    """Undo :func:`as_text`.

    Examples
    --------
    >>> from_text("'=1+1"), from_text("'Aiea")
    ('=1+1', "'Aiea")
    """
    return cell[1:] if cell.startswith("'") and _is_risky(cell) else cell


def _is_risky(cell: str) -> bool:
    # Some programs drop white space first.
    return cell.lstrip("'").lstrip().startswith(_SIGNS)


def write_rows(path: str | os.PathLike[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table of text, UTF-8, each line ended by a line feed.

    Parameters
    ----------
    path
        CSV file to write.
    rows
        Cells as they are; this function makes them safe.
    """
    with Path(path).open("w", encoding="utf-8", newline="") as stream:
        plain = csv.writer(stream, lineterminator="\n")
        quoted = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for row in rows:
            cells = [as_text(cell) for cell in row]
            is_plain = all(_PLAIN.fullmatch(cell) for cell in cells)
            (plain if is_plain else quoted).writerow(cells)


def read_rows(path: str | os.PathLike[str]) -> list[list[str]]:
    """Read what :func:`write_rows` wrote.

    Raises
    ------
    csv.Error
        When the quotes do not match.
    """
    with Path(path).open(encoding="utf-8", newline="") as stream:
        return [[from_text(cell) for cell in row] for row in csv.reader(stream, strict=True)]


def write_plan(
    path: str | os.PathLike[str],
    ids: npt.NDArray[np.str_],
    assignment: npt.NDArray[np.int8],
) -> None:
    """Write the nation of every unit.

    Parameters
    ----------
    path
        CSV file to write.
    ids, assignment
        Identifier and part of each unit, shape ``(n_units,)``.
    """
    nations = (NATIONS[part] for part in assignment.tolist())
    write_rows(path, [HEADER, *zip(ids.tolist(), nations, strict=True)])
