"""Options that name the files and columns of a map of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

PANEL = "A map of your own"
"""Heading of these options in the help."""


def _option(name: str, text: str, metavar: str = "COLUMN") -> Any:
    return typer.Option(f"--{name}", help=text, metavar=metavar, rich_help_panel=PANEL)


Units = Annotated[
    str | None,
    _option("units", "Polygons, or the JSON of a GerryChain dual graph.", "FILE"),
]
Votes = Annotated[
    str | None,
    _option("votes", "Table of the votes, unless they are columns of the units.", "FILE"),
]
Id = Annotated[str | None, _option("id", "Column of the ids, kept as text.")]
VotesId = Annotated[
    str | None, _option("votes-id", "The same in the table of votes, if it is called otherwise.")
]
Blue = Annotated[
    list[str] | None,
    _option("blue", "Votes of the blue side; more than once to add columns up."),
]
Red = Annotated[list[str] | None, _option("red", "Votes of the red side, likewise.")]
Total = Annotated[str | None, _option("total", "All votes cast: two sides above it are an error.")]
Choice = Annotated[
    str | None,
    _option("choice", "Candidates of a long table, one row each; --blue and --red are its values."),
]
Count = Annotated[str | None, _option("count", "Votes of a long table.")]
Mode = Annotated[
    str | None,
    _option("mode", "Ways of voting in a long table; TOTAL is not added to its parts."),
]
Where = Annotated[
    list[str] | None, _option("where", "Rows that count, such as year=2024.", "COLUMN=VALUE")
]
Attributes = Annotated[
    list[str] | None,
    _option("attributes", "Further figures: population, gdp=GDP_2022, ...", "[NAME=]COLUMN"),
]
Name = Annotated[str | None, _option("name", "What each unit is called.")]
State = Annotated[str | None, _option("state", "The state each unit lies in.")]
Layer = Annotated[str | None, _option("layer", "Layer of --units, if it has several.", "NAME")]
Sheet = Annotated[str | None, _option("sheet", "Sheet of --votes, if it has several.", "NAME")]
Crs = Annotated[
    str | None,
    _option("crs", "Reference system, where the file does not say: EPSG:4326.", "CODE"),
]
Encoding = Annotated[str | None, _option("encoding", "Of texts, if not UTF-8: latin-1.", "NAME")]
Links = Annotated[
    str | None, _option("links", "Table id_a,id_b,kind of crossings over water.", "FILE")
]
Crosswalk = Annotated[
    str | None,
    _option("crosswalk", "us-counties, or a table of ids that changed.", "NAME|FILE"),
]
Repair = Annotated[
    bool,
    typer.Option(
        "--repair", help="Mend polygons and ids, and list every repair.", rich_help_panel=PANEL
    ),
]
WithoutVotes = Annotated[
    str | None,
    _option("without-votes", "What becomes of units without votes.", "refuse|zero|drop"),
]
WithoutPolygon = Annotated[
    str | None,
    _option("without-polygon", "What becomes of votes without a unit.", "refuse|drop"),
]


def given(**options: Any) -> Mapping[str, Any]:
    """List the options that were given, as fields of :class:`~shapefiles.mapfiles.MapFiles`."""
    return {
        key: tuple(one) if isinstance(one, list) else one
        for key, one in options.items()
        if one not in (None, False, [])
    }
