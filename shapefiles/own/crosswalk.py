"""Crosswalks: how the ids of one year's units become those of another."""

from __future__ import annotations

import csv
import fnmatch
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from shapefiles.errors import DataError, listed, shown
from shapefiles.files.tables import column, read_table

CROSSWALKS = ("us-counties",)
"""Crosswalks that come with the package."""


KINDS = ("rename", "merge", "refuse")
"""Kinds of rule."""


class Rule(NamedTuple):
    """What becomes of some ids."""

    old: str
    """The old id, or a pattern of them: ``[0-9]`` stands for any digit."""
    new: str
    """The unit they are part of; empty where there is none."""
    kind: str
    """One of :data:`KINDS`; ``refuse`` where no crosswalk can be right."""
    reason: str

    def is_about(self, identifier: str) -> bool:
        """Tell whether an id is one of the old ones."""
        return re.fullmatch(fnmatch.translate(self.old), identifier) is not None


@dataclass(frozen=True, slots=True)
class Crossing:
    """The way to bring two sets of ids together.

    Parameters
    ----------
    polygons, votes
        New id of every id that changes, on either side.
    applied
        Rules that apply.
    refused
        Rules that say why some ids can never be matched.
    """

    polygons: Mapping[str, str]
    votes: Mapping[str, str]
    applied: tuple[Rule, ...]
    refused: tuple[Rule, ...]


def load_crosswalk(name: str) -> tuple[Rule, ...]:
    """Load a crosswalk: one that comes with the package, or a CSV file of one's own.

    Parameters
    ----------
    name
        One of :data:`CROSSWALKS`, or the path of a file with the columns ``old``, ``new``,
        ``kind`` and ``reason``.

    Raises
    ------
    DataError
        When there is none of that name, or the file is no crosswalk.

    Examples
    --------
    >>> load_crosswalk("us-counties")[0][:3]
    ('46113', '46102', 'rename')
    """
    if name in CROSSWALKS:
        text = (files("shapefiles") / "crosswalks" / f"{name}.csv").read_text(encoding="utf-8")
        return tuple(Rule(**row) for row in csv.DictReader(text.splitlines()))
    if "." not in name and "/" not in name:
        raise DataError(f"There is no crosswalk {shown(name)}, only {listed(CROSSWALKS)}.")
    table = read_table(name)
    columns = [column(table.rows, field, shown(name, 200)).tolist() for field in Rule._fields]
    rules = tuple(Rule(*row) for row in zip(*columns, strict=True))
    for number, rule in enumerate(rules):
        if rule.kind not in KINDS or (rule.kind != "refuse" and not rule.new):
            raise DataError(
                f"{table.place(number)} is no rule: give a kind of {', '.join(KINDS)}, and the "
                "new id unless it refuses."
            )
    return rules


def cross(polygons: Iterable[str], votes: Iterable[str], rules: Iterable[Rule]) -> Crossing:
    """Find the rules that bring the ids of polygons and votes together.

    A rule applies where it is about an id that only one side has. It then changes *every* id it is
    about, on both sides, because old codes may be used anew: Alaska's house district 13 and its
    Aleutians East Borough are both ``02013``. Rules apply in order, each to what the ones before
    have left, and one that brings no more ids together is not applied.

    Parameters
    ----------
    polygons, votes
        Ids on either side.
    rules
        Rules to try, in order.

    Examples
    --------
    >>> rules = load_crosswalk("us-counties")
    >>> crossing = cross(["46102", "51019"], ["46113", "51019", "51515"], rules)
    >>> dict(crossing.votes)
    {'46113': '46102', '51515': '51019'}
    """
    sides = [{one: one for one in polygons}, {one: one for one in votes}]
    applied, refused = [], []
    for rule in rules:
        have = [set(side.values()) for side in sides]
        alone = have[0] ^ have[1]
        if not any(rule.is_about(one) for one in alone):
            continue
        if rule.kind == "refuse":
            refused.append(rule)
            continue
        changed = [
            {one: rule.new if rule.is_about(now) else now for one, now in side.items()}
            for side in sides
        ]
        after = [set(side.values()) for side in changed]
        if rule.new in after[0] & after[1]:
            sides = changed
            applied.append(rule)
    moved = [{one: now for one, now in side.items() if one != now} for side in sides]
    return Crossing(
        MappingProxyType(moved[0]), MappingProxyType(moved[1]), tuple(applied), tuple(refused)
    )
