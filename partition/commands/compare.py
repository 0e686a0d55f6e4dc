"""``partition compare``: plans side by side."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from partition.commands.options import Then, Within
from partition.commands.side_options import takes_sides
from partition.commands.steps import read_then
from partition.commands.study import load, show_study, study_under_way, write_study
from partition.commands.study_options import StudyOptions, takes_study


@takes_sides
@takes_study("election", "iterations")
def compare(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            help="Shipped scenarios, or paths of TOML files of your own, each perhaps varied: "
            "counties@border=50,blue.pieces=4; counties by default."
        ),
    ] = None,
    election: Annotated[
        str | None, typer.Option(help="Whose votes count in all of them.", metavar="YEAR")
    ] = None,
    elections: Annotated[
        str | None,
        typer.Option(
            help="Several, with commas, to see how plans age: 2016,2020,2024.", metavar="YEARS"
        ),
    ] = None,
    then: Then = None,
    within: Within = None,
    *,
    given: StudyOptions,
    sides: Any = None,
) -> None:
    """Solve scenarios, or find their finished runs, and set their plans side by side."""
    from rich.console import Console

    from partition.errors import InputError
    from partition.studies.comparing.compare import compare as compare_scenarios
    from partition.studies.running.progress import watching_study

    if election is not None and elections is not None:
        raise InputError("Give --election or --elections, not both.")
    named = elections if elections is not None else election
    years = None if named is None else [one.strip() for one in named.split(",") if one.strip()]
    asked = [load(one, given, sides) for one in scenarios or ["counties"]]
    goals = read_then(then or (), within or ())
    n_plans = sum(1 + len(goals or one.then) for one in asked)
    n_runs = n_plans * len(years or (None,))
    log = Console(stderr=True)
    with (
        study_under_way(given.runs, given.out) as notes,
        watching_study(log, "Comparing", n_runs, quiet=given.quiet) as watch,
    ):
        comparison = compare_scenarios(
            asked,
            elections=years,
            watch=watch,
            then=goals,
            **given.solving,
        )
        files = write_study(comparison, given.out, notes)
    show_study(comparison, files, notes, quiet=given.quiet, as_json=given.as_json)
