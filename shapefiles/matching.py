"""Which polygons have votes and which votes have polygons; what would bring the others together."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from shapefiles.crosswalk import CROSSWALKS, Crossing, cross, load_crosswalk
from shapefiles.errors import DataError, counted, listed, shown

MAX_COMPARED = 20
"""Ids for which the nearest other id is looked for: more would take long and help nobody."""


@dataclass(frozen=True, slots=True)
class Match:
    """How the ids of polygons and votes fit together.

    Parameters
    ----------
    without_votes
        Ids of polygons that no row of votes has.
    without_polygon
        Ids of votes that no polygon has.
    padded
        Width to which zeros before the ids on one side would bring them together, 0 where they
        would not. Spreadsheets lose such zeros.
    crossing
        What the crosswalk for counties of the United States makes of them. It is a suggestion:
        the municipalities of another country may have the same codes.
    """

    without_votes: tuple[str, ...]
    without_polygon: tuple[str, ...]
    padded: int
    crossing: Crossing

    @property
    def is_whole(self) -> bool:
        """Whether every id is on both sides."""
        return not self.without_votes and not self.without_polygon

    def explain(self) -> str:
        """Say in a sentence what would bring the ids together; empty where nothing is known."""
        if self.padded:
            return f"Zeros before the ids, to {self.padded} digits, would bring them together."
        rules = (*self.crossing.refused, *self.crossing.applied)
        if not rules:
            return ""
        known = "; ".join(rule.reason for rule in rules[:3])
        remedy = f" The crosswalk {CROSSWALKS[0]} helps." if self.crossing.applied else ""
        return f"If these are counties of the United States: {known}.{remedy}"


def match_ids(polygons: Sequence[str], votes: Sequence[str]) -> Match:
    """Compare the ids of polygons and votes.

    Examples
    --------
    >>> match = match_ids(["01001", "01003"], ["1001", "1003", "1005"])
    >>> match.padded, match.without_polygon
    (5, ('1001', '1003', '1005'))
    """
    have_polygon, have_votes = set(polygons), set(votes)
    without_votes = tuple(one for one in polygons if one not in have_votes)
    without_polygon = tuple(dict.fromkeys(one for one in votes if one not in have_polygon))
    padded = _padding(set(polygons), set(votes)) if without_votes and without_polygon else 0
    return Match(
        without_votes,
        without_polygon,
        padded,
        cross(polygons, votes, load_crosswalk(CROSSWALKS[0])),
    )


def check_match(match: Match, source: str, *, missing: str, extra: str) -> None:
    """Refuse ids that are on one side only.

    Parameters
    ----------
    match
        How the ids fit.
    source
        Name of the table of votes, for messages.
    missing, extra
        ``refuse``, or anything else to let units without votes, or votes without units, pass.

    Raises
    ------
    DataError
        With the first ids, the nearest ones on the other side, and what would help.
    """
    hint = match.explain() + (" Repair does that." if match.padded else "")
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


def _padding(polygons: set[str], votes: set[str]) -> int:
    """Find the width to which zeros would bring more ids together than they are now."""
    widths = sorted({len(one) for one in polygons | votes if one.isdecimal()}, reverse=True)
    common = len(polygons & votes)
    for width in widths[:3]:
        together = set(pad(list(polygons), width)) & set(pad(list(votes), width))
        if len(together) > common and len(together) >= min(len(polygons), len(votes)) / 2:
            return width
    return 0
