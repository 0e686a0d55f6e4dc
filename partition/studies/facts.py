"""What a page says of a plan beside its figures: the president of the rest, and its origin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from partition.answer import wording
from partition.studies.distinctions import written
from partition.studies.table import Column, Row

Facts = tuple[tuple[str, str], ...]
"""Names and finished texts."""


def _president(one: Row) -> str:
    name, margin = one.get("rest_winner_name"), one.get("rest_margin_electoral_votes")
    return "-" if name is None or margin is None else wording.won_by(name, margin)


def _folder(one: Row) -> str:
    """Name the folder of a run, without where it is: pages are given away."""
    folder = one.get("folder")
    return Path(folder).name if folder else "-"


PRESIDENT: Column = ("President of the rest", _president)
"""Who would have won the rest of the country, and by how many electoral votes."""

ORIGIN: tuple[Column, ...] = (
    ("Begun with", lambda one: written(one.get("start"))),
    ("Inequalities of", lambda one: written(one.get("inequalities_from"))),
    ("Run", _folder),
)
"""What a search began with, and where its run is."""


def facts_of(
    rows: Sequence[Row], columns: Sequence[Column] = (PRESIDENT, *ORIGIN)
) -> tuple[Facts, ...]:
    """State the same facts of each row; what no row knows is left out.

    Examples
    --------
    >>> rows = [{"folder": "runs/counties-2016", "start": None}, {"folder": None, "start": None}]
    >>> facts_of(rows)
    ((('Run', 'counties-2016'),), (('Run', '-'),))
    """
    known = [one for one in columns if any(one[1](row) != "-" for row in rows)]
    return tuple(tuple((name, write(row)) for name, write in known) for row in rows)
