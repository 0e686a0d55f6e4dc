"""Options that name the files and columns of a map of one's own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from partition.commands.gathered import Command, gathers, option

PANEL = "A map of your own"
"""Heading of these options in the help."""

_ONE, _SEVERAL, _SWITCH = str | None, list[str] | None, bool
_WHOLE, _NUMBER = int | None, float | None

OPTIONS: tuple[tuple[str, Any, str, str], ...] = (
    ("units", _ONE, "FILE", "Polygons, or the JSON of a GerryChain dual graph."),
    ("votes", _ONE, "FILE", "Table of the votes, unless they are columns of the units."),
    ("id", _ONE, "COLUMN", "Column of the ids, kept as text."),
    ("votes_id", _ONE, "COLUMN", "The same in the table of votes, if it is called otherwise."),
    ("blue", _SEVERAL, "COLUMN", "Votes of the blue side; repeat it to add columns up."),
    ("red", _SEVERAL, "COLUMN", "Votes of the red side, likewise."),
    ("total", _ONE, "COLUMN", "All votes cast: two sides above it are an error."),
    (
        "choice",
        _ONE,
        "COLUMN",
        "Candidates, where each has a row: --blue and --red are then among its values.",
    ),
    ("count", _ONE, "COLUMN", "Votes, where each candidate has a row."),
    ("mode", _ONE, "COLUMN", "Ways of voting, where each has a row; TOTAL is not added to them."),
    ("mode_total", _ONE, "MODE|none", "Way of voting that sums up the others, if not TOTAL."),
    ("where", _SEVERAL, "COLUMN=VALUE", "Rows that count, such as year=2024."),
    ("attributes", _SEVERAL, "[NAME=]COLUMN", "More figures: population, gdp=GDP_2022, ..."),
    ("name", _ONE, "COLUMN", "What each unit is called."),
    ("state", _ONE, "COLUMN", "The state that each unit lies in."),
    ("place", _ONE, "COLUMN", "The town that each unit lies in, to be named on the map."),
    ("places", _ONE, "FILE", "Table name,longitude,latitude of places to name on the map."),
    ("layer", _ONE, "NAME", "Layer of --units, or file of an archive."),
    ("sheet", _ONE, "NAME", "Sheet of --votes, or file of an archive."),
    ("crs", _ONE, "CODE", "Reference system, EPSG:4326 say; goes before what the file declares."),
    ("encoding", _ONE, "NAME", "Of tables and shapefiles, if it is not UTF-8: latin-1."),
    ("votes_encoding", _ONE, "NAME", "The same of --votes alone."),
    ("skip_rows", _WHOLE, "N", "Lines above the header of --votes."),
    ("thousands", _ONE, "MARK", "Separator of thousands: . , space apostrophe or _"),
    ("decimal", _ONE, "MARK", "Decimal mark: . or ,"),
    ("percentages", _ONE, "refuse|count", "What becomes of votes that look like percentages."),
    ("links", _ONE, "FILE", "Table id_a,id_b,kind of crossings over water."),
    ("crosswalk", _ONE, "NAME|FILE", "us-counties, or a table of ids that changed."),
    ("without_votes", _ONE, "refuse|zero|drop", "Units without votes or with missing ones."),
    ("repeated_votes", _ONE, "refuse|once|add", "Votes of a unit that is in several rows."),
    ("without_polygon", _ONE, "refuse|drop", "Votes without a unit, units without a polygon."),
    ("max_size", _NUMBER, "GB", "Size that each file may have, unpacked; 2 by default."),
    ("repair", _SWITCH, "", "Mend polygons and ids, and list every repair."),
)
"""Name, type, placeholder and help of each option: the fields of a map's files."""


def takes_files(but: tuple[str, ...] = ()) -> Callable[[Command], Command]:
    """Give a command the options of a map of one's own, but for some of them.

    The command has a parameter ``files``: a mapping of those that were given, as fields of
    :class:`~shapefiles.mapfiles.MapFiles`.
    """
    return gathers("files", [_option(*one) for one in OPTIONS if one[0] not in but], _gather)


def _gather(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(one) if isinstance(one, list) else one
        for name, one in given.items()
        if one not in (None, False, [])
    }


def _option(name: str, kind: Any, metavar: str, text: str) -> inspect.Parameter:
    declared = typer.Option(
        f"--{name.replace('_', '-')}",
        help=text,
        metavar=metavar or None,
        rich_help_panel=PANEL,
    )
    return option(name, Annotated[kind, declared], False if kind is bool else None)
