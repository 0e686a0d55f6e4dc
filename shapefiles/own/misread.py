"""Ids that do not fit because their file was read in the wrong encoding."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from shapefiles.mapfiles import MapFiles
from shapefiles.own.matching import Match
from shapefiles.screening.gzipped import plain_name

ENCODINGS = (
    *("utf-8", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "koi8-r", "iso8859-2"),
    *("iso8859-15", "cp850", "cp852", "cp866", "cp437", "mac-roman", "gb18030", "shift_jis"),
    *("big5", "euc-kr"),
)
"""What tables and shapefiles are written in, the usual ones first."""

BY_DEFAULT = ("iso8859-1", "cp1252", "utf-8")
"""What a shapefile that says nothing, or the wrong thing, is read in."""

MAX_TRIED = 100
"""Ids that are read again."""

_NAMED = frozenset({".shp", ".zip", ".tab", ".mif"})
"""Endings of polygons whose encoding can be named."""


def encoding_hint(match: Match, files: MapFiles) -> str:
    """Say which encoding would bring the ids together; empty where none would.

    Parameters
    ----------
    match
        Ids that only one side has.
    files
        What was asked for.
    """
    units, votes = match.without_votes, match.without_polygon
    if not files.votes or not units or not votes:
        return ""
    # A table that was read as UTF-8 is in UTF-8: no other text of such letters passes for it.
    asked = files.votes_encoding or files.encoding
    if asked and (now := reread(votes, units, (asked,))):
        return f"Read as {now} the ids of the votes would match: --votes-encoding {now}."
    if plain_name(PurePath(files.units)).suffix.lower() in _NAMED and (
        now := reread(units, votes, (files.encoding,) if files.encoding else BY_DEFAULT)
    ):
        others = asked or "utf-8"
        return (
            f"Read as {now} the ids of the units would match: --encoding {now} "
            f"--votes-encoding {others}."
        )
    return ""


def reread(
    identifiers: Sequence[str], others: Sequence[str], read_as: Sequence[str] = BY_DEFAULT
) -> str:
    """Find the encoding in which most of these ids are among the others; empty where none is.

    Examples
    --------
    >>> reread(["WÃ¤rd", "SÃ¼d"], ["Wärd", "Süd"]), reread(["a"], ["b"])
    ('utf-8', '')
    """
    odd = [one for one in identifiers[:MAX_TRIED] if not one.isascii()]
    known = set(others)
    for was in read_as:
        for now in ENCODINGS:
            n_found = sum(_converted(one, was, now) in known for one in odd)
            if 2 * n_found > len(odd):
                return now
    return ""


def _converted(text: str, was: str, now: str) -> str:
    try:
        return text.encode(was).decode(now)
    except (UnicodeError, LookupError):
        return ""
