"""Which texts may name a unit: they are written to tables that spreadsheets open."""

from __future__ import annotations

from collections.abc import Iterable

from shapefiles.table_writing import is_formula

MAX_LENGTH = 100
"""Characters that an id may have."""


def what_is_wrong(identifier: str) -> str | None:
    """Say why a text cannot be the id of a unit; None where it can.

    What a spreadsheet would run as a formula cannot be one, so that ids stand in every table as
    they are, for any program. Control characters would break lines, in tables and in messages.

    Examples
    --------
    >>> what_is_wrong("01001"), what_is_wrong("-7"), what_is_wrong("Bois-de-Liesse")
    (None, None, None)
    >>> what_is_wrong("=cmd|' /C calc'!A0")
    'would be run as a formula by a spreadsheet'
    """
    if not identifier:
        return "is empty"
    if len(identifier) > MAX_LENGTH:
        return f"has {len(identifier):,} characters, above {MAX_LENGTH}"
    if not identifier.isprintable():
        return "has characters that cannot be printed"
    if is_formula(identifier):
        return "would be run as a formula by a spreadsheet"
    return None


def first_wrong(identifiers: Iterable[str]) -> tuple[int, str] | None:
    """Find the first text that cannot be an id, and say why."""
    for row, identifier in enumerate(identifiers):
        reason = what_is_wrong(identifier)
        if reason is not None:
            return row, reason
    return None
