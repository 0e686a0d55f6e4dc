"""``partition alternatives``: other plans nearly as good as the best one."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from partition.commands.options import ScenarioName
from partition.commands.side_options import takes_sides
from partition.commands.study import load, show_study, study_under_way, write_study
from partition.commands.study_options import StudyOptions, takes_study


@takes_sides
@takes_study("jobs")
def alternatives(
    scenario: ScenarioName = "counties",
    within: Annotated[
        float,
        typer.Option(help="Plans are within this share of the best possible.", metavar="GAP"),
    ] = 0.002,
    apart: Annotated[
        int,
        typer.Option(
            help="Least people in units that are in another nation, of every two plans; voters "
            "where the map knows no people.",
            metavar="PEOPLE",
        ),
    ] = 5_000_000,
    count: Annotated[
        int, typer.Option(help="Most alternatives to find, beside the best plan.", metavar="N")
    ] = 5,
    *,
    given: StudyOptions,
    sides: Any = None,
) -> None:
    """Find other plans nearly as good as the best one that differ from it and from each other."""
    from rich.console import Console

    from partition.errors import InputError
    from partition.studies.nearby.alternative import alternatives as find_alternatives
    from partition.studies.running.progress import watching_study

    if count < 1:
        raise InputError(f"count = {count}: give at least 1 alternative to find.")
    asked = load(scenario, given, sides)
    log = Console(stderr=True)
    with (
        study_under_way(given.runs, given.out) as notes,
        watching_study(log, "Solving", count + 1, quiet=given.quiet, at_most=True) as watch,
    ):
        found = find_alternatives(
            asked,
            within=within,
            apart=apart,
            plans=count,
            watch=watch,
            **given.solving,
        )
        files = write_study(found, given.out, notes)
    show_study(found, files, notes, quiet=given.quiet, as_json=given.as_json)
