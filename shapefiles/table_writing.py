"""The one writer of tables: CSV that no spreadsheet runs, Markdown that does nothing, JSON.

A spreadsheet runs a cell that starts with ``=``, ``+``, ``-`` or ``@`` as a formula [1]_, which may
start programs, also in a CSV file that came by mail; and it may part cells at semicolons, tabs and
ends of lines, as the language of its user has it. In CSV whatever would then be run gets an
apostrophe in front, and is text; so does what starts with an apostrophe and then one of these, or
it would read back as something else. :func:`read_csv` takes one apostrophe off again, so every text
comes back as it was. Numbers (``-5``) stay as they are, and so does every id of a unit: a text that
would be changed cannot be one (:mod:`shapefiles.identifiers`), so that plans are the plainest CSV
for any program.

References
----------
.. [1] OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

_SIGNS = (
    *"=+-@",
    "\N{FULLWIDTH EQUALS SIGN}",  # the wide forms count as the narrow ones
    "\N{FULLWIDTH PLUS SIGN}",
    "\N{FULLWIDTH HYPHEN-MINUS}",
    "\N{FULLWIDTH COMMERCIAL AT}",
)
_NUMBER = re.compile(r"[+-]?[0-9.]+([eE][+-]?[0-9]+)?", re.ASCII)
_PART = re.compile("([;\t\n\v\f\r\x85\u2028\u2029])")
_PLAIN = re.compile(r"[\w.+-]*")
_LIST = re.compile(
    r"^(\s*|\s*[0-9]+)((?<![0-9])[-+](?=\s)|(?<![0-9])[-=]{2,}|(?<=[0-9])[.)](?=\s))"
)
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~$&])")


def is_formula(cell: str) -> bool:
    """Tell whether a spreadsheet might run a text.

    Examples
    --------
    >>> is_formula("=cmd|' /C calc'!A0"), is_formula("-7"), is_formula("Bois-de-Liesse")
    (True, False, False)
    """
    return any(map(_is_run, _PART.split(cell)))


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""Write a table as CSV, each line ended by a line feed; nothing for None.

    A cell with anything but letters, figures and ``_ . + -`` in it is quoted.

    Examples
    --------
    >>> csv_text(("GEOID", "name"), [("01001", "=1+1"), ("01003", "a; b"), ("01005", None)])
    'GEOID,name\n01001,"\'=1+1"\n01003,"a; b"\n01005,\n'
    """
    return "".join(f"{','.join(map(_csv_cell, line))}\n" for line in (header, *rows))


def read_csv(text: str) -> list[list[str]]:
    """Read what :func:`csv_text` wrote, its header first.

    Raises
    ------
    csv.Error
        When the quotes do not match.
    """
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    return [[_from_csv_cell(cell) for cell in line] for line in lines]


class Markdown(str):
    """A text that is Markdown already, and stays as it is in a table."""

    __slots__ = ()


def markdown_text(text: str) -> Markdown:
    r"""Keep a text from anybody's file from acting as Markdown or HTML.

    Examples
    --------
    >>> print(markdown_text("a|b\n<c>"))
    a\|b \<c\>
    """
    flat = "".join(one if one.isprintable() else " " for one in text)
    return Markdown(_LIST.sub(r"\1\\\2", _ACTIVE.sub(r"\\\1", flat)))


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Lay out a table in Markdown, names to the left and figures to the right.

    Parameters
    ----------
    head
        Headings.
    rows
        Cells, which are kept from acting as Markdown unless they are :class:`Markdown`.

    Examples
    --------
    >>> print(markdown_table(("", "Votes"), [("a|b", "5"), (Markdown("[Red](#red)"), "3")]))
    |  | Votes |
    | :-- | --: |
    | a\|b | 5 |
    | [Red](#red) | 3 |
    """
    lines = [head, [Markdown(":--"), *[Markdown("--:")] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(_markdown_cell, line))} |" for line in lines)


def json_text(document: Any, *, is_ascii: bool = False) -> str:
    """Write plain values as JSON, to be read by people as well."""
    return json.dumps(document, indent=2, ensure_ascii=is_ascii, allow_nan=False) + "\n"


def _is_run(part: str) -> bool:
    # Some programs drop what cannot be seen, or quotes, before they look.
    seen = next((at for at, one in enumerate(part) if not _is_dropped(one)), len(part))
    return part.startswith(_SIGNS, seen) and not _NUMBER.fullmatch(part)


def _is_dropped(character: str) -> bool:
    return character in "\"'" or character.isspace() or not character.isprintable()


def _csv_cell(value: object) -> str:
    cell = "" if value is None else str(value)
    if isinstance(value, str) and not cell.isalnum():  # letters and figures alone do nothing
        cell = "".join(f"'{part}" if _is_run(part) else part for part in _PART.split(cell))
    return cell if _PLAIN.fullmatch(cell) else '"' + cell.replace('"', '""') + '"'


def _from_csv_cell(cell: str) -> str:
    if "'" not in cell:  # as nearly all of them
        return cell
    parts = _PART.split(cell)
    return "".join(part[1:] if part.startswith("'") and _is_run(part) else part for part in parts)


def _markdown_cell(cell: str) -> str:
    return cell if isinstance(cell, Markdown) else markdown_text(cell)
