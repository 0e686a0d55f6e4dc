"""Markdown, as a report is written: links to headings, tables, and text that does nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

Row = tuple[str, ...]


def escaped(text: str) -> str:
    r"""Keep a text from anybody's file from acting as Markdown or HTML.

    Examples
    --------
    >>> print(escaped("a|b\n<c>"))
    a\|b \<c\>
    """
    flat = "".join(one if one.isprintable() else " " for one in text)
    return re.sub(r"([\\`*_{}\[\]<>#|~$&])", r"\\\1", flat)


def link(text: str, heading: str | None = None) -> str:
    """Link to a heading of the same page; to the one of this text unless another is given.

    Examples
    --------
    >>> link("worth", "Break-even")
    '[worth](#break-even)'
    """
    anchor = re.sub(r"[^a-z0-9 -]", "", (heading or text).lower()).replace(" ", "-")
    return f"[{text}](#{anchor})"


def table(head: Row, rows: Iterable[Row]) -> str:
    """Lay out a table, words to the left and numbers to the right.

    Examples
    --------
    >>> print(table(("", "Votes"), [("Blue", "5"), ("Red", "3")]))
    |  | Votes |
    | :-- | --: |
    | Blue | 5 |
    | Red | 3 |
    """
    lines = [head, (":--", *["--:"] * (len(head) - 1)), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
