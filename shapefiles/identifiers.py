"""Which texts may name a unit: they are written to tables that spreadsheets open."""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_LENGTH = 100
"""Characters that an id may have."""

_NUMBER = re.compile(r"[+-]?[0-9.]+")


def what_is_wrong(identifier: str) -> str | None:
    """Say why a text cannot be the id of a unit; None where it can.

    A spreadsheet runs a cell that starts with ``=``, ``+``, ``-`` or ``@`` as a formula [1]_, which
    may start programs. Control characters would break lines, in tables and in messages.

    References
    ----------
    .. [1] OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection.

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
    if identifier.lstrip()[:1] in set("=+-@＝＋－＠") and not _NUMBER.fullmatch(identifier):  # noqa: RUF001
        return "would be run as a formula by a spreadsheet"
    return None


def first_wrong(identifiers: Iterable[str]) -> tuple[int, str] | None:
    """Find the first text that cannot be an id, and say why."""
    for row, identifier in enumerate(identifiers):
        reason = what_is_wrong(identifier)
        if reason is not None:
            return row, reason
    return None
