"""``partition inspect``: what the files of a map hold, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from partition.commands.console import print_json, say
from partition.commands.options import AsJson
from partition.commands.own_files import takes_files
from partition.errors import InputError


@takes_files(but=("units", "votes"))
def inspect(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Units, votes, or one of each; or a scenario (.toml) that names them.",
        ),
    ],
    suggest_links: Annotated[
        Path | None,
        typer.Option(
            help="Write the shortest crossings between landmasses to this table, to look through.",
            metavar="FILE",
        ),
    ] = None,
    suggest_places: Annotated[
        Path | None,
        typer.Option(
            help="Write the towns on the map, of GeoNames, to this table, to look through.",
            metavar="FILE",
        ),
    ] = None,
    as_json: AsJson = False,
    files: Any = None,
) -> None:
    """Tell what the files of a map hold and what is wrong with them, before any solve.

    The exit code is 2 where something stands in the way of reading them.
    """
    from partition.land.inspecting import (
        inspect_map,
        write_suggested_links,
        write_suggested_places,
    )

    for table in (suggest_links, suggest_places):
        if table is not None and table.exists():
            raise InputError(
                f"{table} is there already, and somebody may have looked through it: choose "
                "another name."
            )
    if suggest_links is not None and suggest_links == suggest_places:
        raise InputError(f"Links and places cannot both be written to {suggest_links}: name two.")
    inspection = inspect_map(paths, files)
    if as_json:
        print_json(inspection.to_dict())
    else:
        say(inspection.text(), end="")
    # Wrong votes do not keep land from being looked at.
    if suggest_links is not None:
        number = write_suggested_links(paths, files, suggest_links, inspection)
        rows = "1 crossing" if number == 1 else f"{number:,} crossings"
        advice = (
            "Delete those that nobody can take, correct the kinds, and give the table back with "
            "--links."
            if number
            else "The units form one landmass already."
        )
        typer.echo(f"wrote {suggest_links}: {rows}. {advice}", err=as_json)
    if suggest_places is not None:
        number = write_suggested_places(suggest_places, inspection)
        rows = "1 town" if number == 1 else f"{number:,} towns"
        advice = (
            "Delete those that the map is not to name, and give the table back with --places."
            if number
            else "GeoNames has none there."
        )
        typer.echo(f"wrote {suggest_places}: {rows}. {advice}", err=as_json)
    if inspection.has_errors:
        raise typer.Exit(2)
