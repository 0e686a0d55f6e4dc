"""``partition fetch``: data of others, with their checksums."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from partition.commands.console import print_json, say
from partition.commands.options import AsJson
from partition.errors import InputError


class Remote(StrEnum):
    """What can be fetched."""

    BOUNDARIES = "boundaries"
    RETURNS = "returns"
    GDP = "gdp"


def fetch(
    what: Annotated[
        Remote,
        typer.Argument(
            help="boundaries of the Census Bureau, returns by county of the MIT Election Lab, or "
            "gdp by county of the Bureau of Economic Analysis."
        ),
    ],
    year: Annotated[
        int,
        typer.Option(
            help="Vintage of the boundaries. Counties (500k) of 2018 and 2021 have pinned "
            "checksums; those of other files are remembered when they are first fetched.",
            metavar="YEAR",
        ),
    ] = 2021,
    level: Annotated[
        str, typer.Option(help="Level of the boundaries: county, state, ...", metavar="LEVEL")
    ] = "county",
    resolution: Annotated[
        str, typer.Option(help="Of the boundaries: 500k, 5m or 20m.", metavar="SCALE")
    ] = "500k",
    folder: Annotated[
        Path | None, typer.Option(help="Where to keep it; a cache by default.", metavar="DIR")
    ] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Fetch it again and remember its new checksum.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fetch a public file, check it against its checksum, and print where it is."""
    from shapefiles.errors import DataError
    from shapefiles.files import sources
    from shapefiles.files.polygons import digest

    try:
        source = {
            Remote.BOUNDARIES: lambda: sources.census_boundaries(year, level, resolution),
            Remote.RETURNS: lambda: sources.COUNTY_RETURNS,
            Remote.GDP: lambda: sources.COUNTY_GDP,
        }[what]()
        path = sources.fetch(source, folder=folder, refresh=refresh)
    except DataError as error:
        raise InputError(str(error)) from None
    if as_json:
        print_json({"path": str(path), "url": source.url, "sha256": digest(path)})
    else:
        say(path)
