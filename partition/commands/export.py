"""``partition export``: a finished run, a comparison or a sweep in other formats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from partition.commands.console import say
from partition.commands.side_options import takes_sides


@takes_sides
def export(
    bundle: Annotated[
        Path,
        typer.Argument(help="A folder written by partition solve, compare or sweep."),
    ],
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Files to write: .png, .svg, .pdf, .gpkg, .geojson, .zip (shapefiles), .csv, "
            ".html, or .json (dual graph for GerryChain); of a comparison or a sweep a picture. "
            "Without any, those that the folder lacks."
        ),
    ] = None,
    size: Annotated[
        str, typer.Option(help="Of a picture: slide, column, page or social.", metavar="SIZE")
    ] = "slide",
    view: Annotated[
        str | None,
        typer.Option(
            help="Of a picture: agreement, nations or margin; agreement for a run, nations for "
            "several plans unless given.",
            metavar="VIEW",
        ),
    ] = None,
    theme: Annotated[
        str, typer.Option(help="Of a picture: light or dark.", metavar="THEME")
    ] = "light",
    form: Annotated[
        str | None,
        typer.Option(
            help="Of a picture of several plans: pair (two maps), maps (small ones) or table.",
            metavar="FORM",
        ),
    ] = None,
    plans: Annotated[
        str | None,
        typer.Option(
            help="Of several plans: which, by number, in this order, such as 1,4.", metavar="LIST"
        ),
    ] = None,
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
    """Write a run as pictures or for a geographic information system, or a study as pictures."""
    from partition.errors import InputError
    from partition.runs.bundle import complete
    from partition.runs.exporting import check_suffix, check_tiles
    from partition.runs.reading import read
    from partition.studies.running.places import is_drawn_study

    files = files or []
    if is_drawn_study(bundle):
        if tiles is not None or districts:
            raise InputError("--tiles and --districts are for the folder of a run, not of a study.")
        return _export_study(bundle, files, form, plans, (size, view or "nations", theme), sides)
    if form is not None or plans is not None:
        raise InputError("--form and --plans are for the folder of a comparison or a sweep.")
    for file in files:
        check_suffix(file)
    check_tiles(tiles, files)
    run = read(bundle)
    if not files:
        # What the folder holds already calls the sides as its run does, and so does what joins it.
        written = complete(run, bundle)
        for name in written:
            say(f"wrote {bundle / name}")
        if not written:
            say(f"{bundle} lacks nothing that export writes; name a file, such as map.png")
    look: dict[str, Any] = {"size": size, "view": view or "agreement", "theme": theme}
    look |= {"districts": districts, "tiles": tiles}
    shown = run.shown_as(sides)
    for file in files:
        say(f"wrote {shown.export(file, **look)}")
    return None


def _export_study(
    folder: Path,
    files: list[Path],
    form: str | None,
    plans: str | None,
    look: tuple[str, str, str],
    sides: Any,
) -> None:
    """Draw some plans of a comparison or a sweep into files."""
    from partition.errors import InputError
    from partition.studies.stills import check_picture, read_study

    if not files:
        raise InputError(f"{folder} is a study: name a picture to write, such as still.png.")
    for file in files:
        check_picture(file)
    study = read_study(folder, sides)
    if plans is not None:
        study = study.choose([one.strip() for one in plans.split(",") if one.strip()])
    size, view, theme = look
    for file in files:
        say(f"wrote {study.export(file, form or '', size=size, view=view, theme=theme)}")
