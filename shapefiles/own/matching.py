"""Which polygons have votes and which votes have polygons; what would bring the others together."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shapefiles.errors import DataError, counted, listed, shown
from shapefiles.own.crosswalk import CROSSWALKS, Crossing, cross, load_crosswalk

MAX_COMPARED = 20
"""Ids for which the nearest other id is looked for: more would take long and help nobody."""

_CHANGED = re.compile(r"""^'(.*)$|^([0-9]+)\.0+$|^="(.*)"$""")
"""What keeps spreadsheets from reading a number (an apostrophe, a formula), or becomes of one."""


class Restoration(NamedTuple):
    """What is done to ids that two programs write differently; empty where nothing is."""

    width: int = 0
    """Width to which zeros are put before numbers, 0 for none."""
    is_stripped: bool = False
    """Whether the ``.0`` behind whole numbers, and an apostrophe or ``=""`` around ids, go."""
    is_composed: bool = False
    """Whether a letter and the accent behind it become one character, as Unicode's NFC has it:
    macOS writes them apart, most else does not, and nobody sees the difference."""

    def __bool__(self) -> bool:
        return bool(self.width or self.is_stripped or self.is_composed)

    def explain(self) -> str:
        """Say what is done, as the beginning of a sentence.

        Examples
        --------
        >>> Restoration(5, True).explain()
        "Ids without '.0' behind or an apostrophe before, and zeros before them, to 5 digits,"
        >>> Restoration(is_composed=True).explain()
        'Ids with letters and their accents as one character (Unicode NFC)'
        """
        without = ["'.0' behind or an apostrophe before"] if self.is_stripped else []
        accents = "letters and their accents as one character (Unicode NFC)"
        ways = [f"without {one}" for one in without]
        ways += [f"with {accents}"] * self.is_composed
        if not ways:
            return f"Zeros before the ids, to {self.width} digits,"
        text = f"Ids {' and '.join(ways)}"
        return f"{text}, and zeros before them, to {self.width} digits," if self.width else text

    def apply(self, identifiers: Sequence[str]) -> list[str]:
        """Restore ids.

        Examples
        --------
        >>> Restoration(5, True).apply(["6101.0", "'06103", "6.5", "a"])
        ['06101', '06103', '6.5', 'a']
        """
        found = list(identifiers)
        if self.is_composed:
            found = [unicodedata.normalize("NFC", one) for one in found]
        if self.is_stripped:
            found = [_CHANGED.sub(r"\1\2\3", one) for one in found]
        return pad(found, self.width) if self.width else found


@dataclass(frozen=True, slots=True)
class Match:
    """The ids of polygons and votes, side by side.

    Parameters
    ----------
    without_votes
        Ids of polygons that no row of votes has.
    without_polygon
        Ids of votes that no polygon has.
    restored
        What would bring the ids together that a spreadsheet has changed.
    crossing
        What the crosswalk for counties of the United States makes of them. It is a suggestion:
        the municipalities of another country may have the same codes.
    n_common
        How many ids are on both sides.
    """

    without_votes: tuple[str, ...]
    without_polygon: tuple[str, ...]
    restored: Restoration
    crossing: Crossing

    n_common: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every id is on both sides."""
        return not self.without_votes and not self.without_polygon

    def explain(self) -> str:
        """Say in a sentence what would bring the ids together; empty where nothing is known."""
        if self.restored:
            return f"{self.restored.explain()} would bring them together: --repair does that."
        rules = (*self.crossing.refused, *self.crossing.applied)
        if not rules:
            return ""
        known = "; ".join(rule.reason for rule in rules[:3])
        remedy = f" --crosswalk {CROSSWALKS[0]} helps." if self.crossing.applied else ""
        return f"If these are counties of the United States: {known}.{remedy}"


def match_ids(polygons: Sequence[str], votes: Sequence[str]) -> Match:
    """Compare the ids of polygons and votes.

    Examples
    --------
    >>> match = match_ids(["01001", "01003"], ["1001", "1003", "1005"])
    >>> match.restored.width, match.without_polygon
    (5, ('1001', '1003', '1005'))
    """
    have_polygon, have_votes = set(polygons), set(votes)
    without_votes = tuple(one for one in polygons if one not in have_votes)
    without_polygon = tuple(dict.fromkeys(one for one in votes if one not in have_polygon))
    restored = Restoration()
    if without_votes and without_polygon:
        restored = _restoration(have_polygon, have_votes)
    return Match(
        without_votes,
        without_polygon,
        restored,
        cross(polygons, votes, load_crosswalk(CROSSWALKS[0])),
        len(have_polygon & have_votes),
    )


def check_match(match: Match, source: str, *, missing: str, extra: str, encoding: str = "") -> None:
    """Refuse ids that are on one side only.

    Parameters
    ----------
    match
        Ids that both sides have, and those of one side.
    source
        Name of the table of votes, for messages.
    missing, extra
        ``refuse``, or anything else to let units without votes, or votes without units, pass.
    encoding
        What is known of encodings that would bring the ids together.

    Raises
    ------
    DataError
        With the first ids, the nearest ones on the other side, and what would help.
    """
    hint = " ".join(
        filter(
            None, (match.explain(), encoding or leaving_out(match, missing=missing, extra=extra))
        )
    )
    if match.without_votes and missing == "refuse":
        near = nearest_id(match.without_votes[0], match.without_polygon)
        raise DataError(
            f"{source} has no votes for {counted(len(match.without_votes), 'unit')}: "
            f"{listed(match.without_votes)}{near}. {hint}".rstrip()
        )
    if match.without_polygon and extra == "refuse":
        near = nearest_id(match.without_polygon[0], match.without_votes)
        raise DataError(
            f"{source} has votes for {counted(len(match.without_polygon), 'unit')} without "
            f"polygon: {listed(match.without_polygon)}{near}. {hint}".rstrip()
        )


def nearest_id(identifier: str, others: Sequence[str]) -> str:
    """Name the id on the other side that looks most like this one, in brackets.

    Examples
    --------
    >>> nearest_id("46102", ["01001", "46113"])
    " (nearest: '46113')"
    """
    close = difflib.get_close_matches(identifier, others[:2000], n=1, cutoff=0.5)
    return f" (nearest: {shown(close[0])})" if close else ""


def pad(identifiers: Sequence[str], width: int) -> list[str]:
    """Put zeros before ids that are numbers, up to a width."""
    return [one.zfill(width) if one.isdecimal() and one.isascii() else one for one in identifiers]


def leaving_out(match: Match, *, missing: str = "refuse", extra: str = "refuse") -> str:
    """Name the options that leave out what only one side has; empty where nothing would be left.

    Where restored ids or a crosswalk bring the most together, that comes first.
    """
    if match.restored or match.crossing.applied or not match.n_common:
        return ""
    votes = "--without-votes zero (nobody voted there) or drop" if match.without_votes else ""
    polygon = "--without-polygon drop" if match.without_polygon else ""
    wishes = [
        wish for wish, wanted in ((votes, missing), (polygon, extra)) if wish and wanted == "refuse"
    ]
    return f"To go on without: {' and '.join(wishes)}." if wishes else ""


def _restoration(polygons: set[str], votes: set[str]) -> Restoration:
    """Find what would bring more ids together than are now, and makes no two of a side one."""
    common = len(polygons & votes)
    is_loose = any(not unicodedata.is_normalized("NFC", one) for one in (*polygons, *votes))
    # To compose letters loses nothing, so that it need not bring half of the ids together.
    best, most = Restoration(), max(common, min(len(polygons), len(votes)) / 2 - 0.5)
    composed = Restoration(is_composed=is_loose)
    if composed and (together := _together(composed, polygons, votes)) > common:
        best, most = composed, together
    for is_stripped in (False, True):
        plain = Restoration(0, is_stripped, is_loose)
        texts = (*plain.apply(list(polygons)), *plain.apply(list(votes)))
        widths = sorted({len(one) for one in texts if one.isdecimal()}, reverse=True)
        for width in (0, *widths[:3]):
            way = Restoration(width, is_stripped, is_loose)
            together = _together(way, polygons, votes) if way else 0
            if together > most:
                best, most = way, together
    return best


def _together(way: Restoration, polygons: set[str], votes: set[str]) -> int:
    """Count the ids that both sides have after it; 0 where two of a side would become one."""
    ours, theirs = set(way.apply(list(polygons))), set(way.apply(list(votes)))
    is_kept = len(ours) == len(polygons) and len(theirs) == len(votes)
    return len(ours & theirs) if is_kept else 0
