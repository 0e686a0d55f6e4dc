"""``partition export``: a finished run in other formats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from partition.commands.console import say
from partition.commands.options import Bundle
from partition.commands.side_options import takes_sides


@takes_sides
def export(
    bundle: Bundle,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Files to write: .png, .svg, .pdf, .gpkg, .geojson, .zip (shapefiles), .csv, "
            ".html, or .json (dual graph for GerryChain). Without any, those that the folder lacks."
        ),
    ] = None,
    size: Annotated[
        str, typer.Option(help="Of a picture: slide, column or page.", metavar="SIZE")
    ] = "slide",
    view: Annotated[
        str, typer.Option(help="Of a picture: agreement, nations or margin.", metavar="VIEW")
    ] = "agreement",
    theme: Annotated[
        str, typer.Option(help="Of a picture: light or dark.", metavar="THEME")
    ] = "light",
    tiles: Annotated[
        str | None,
        typer.Option(
            help="Lay a .html over this background, such as 'Esri WorldGrayCanvas'. Off by "
            "default: the page then asks a server for what is looked at, and so tells it.",
            metavar="NAME",
        ),
    ] = None,
    districts: Annotated[
        bool,
        typer.Option(
            "--districts",
            help="Write GEOID,District and nothing else into a .csv, for tools of redistricting.",
        ),
    ] = False,
    sides: Any = None,
) -> None:
    """Write a finished run as pictures, or for a geographic information system."""
    from partition.runs.bundle import complete
    from partition.runs.exporting import check_suffix, check_tiles
    from partition.runs.reading import read

    files = files or []
    for file in files:
        check_suffix(file)
    check_tiles(tiles, files)
    run = read(bundle).shown_as(sides)
    if not files:
        written = complete(run, bundle)
        for name in written:
            say(f"wrote {bundle / name}")
        if not written:
            say(f"{bundle} lacks nothing that export writes; name a file, such as map.png")
    look: dict[str, Any] = {"size": size, "view": view, "theme": theme}
    look |= {"districts": districts, "tiles": tiles}
    for file in files:
        say(f"wrote {run.export(file, **look)}")
