"""Markdown, as a report is written: links to its headings."""

from __future__ import annotations

import re

from shapefiles.table_writing import Markdown, markdown_text

TableRow = tuple[str, ...]


def link(text: str, heading: str | None = None) -> Markdown:
    """Link to a heading of the same page; to the one of this text unless another is given.

    Examples
    --------
    >>> link("worth", "Break-even")
    '[worth](#break-even)'
    """
    anchor = re.sub(r"[^a-z0-9 -]", "", (heading or text).lower()).replace(" ", "-")
    return Markdown(f"[{markdown_text(text)}](#{anchor})")
