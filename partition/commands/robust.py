"""``partition robust``: what all good plans agree on."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from partition.commands.options import ScenarioName
from partition.commands.side_options import takes_sides
from partition.commands.study import load, show_study, study_under_way, write_study
from partition.commands.study_options import StudyOptions, takes_study


@takes_sides
@takes_study("seed", "iterations")
def robust(
    scenario: ScenarioName = "counties",
    within: Annotated[
        float,
        typer.Option(help="Good plans are within this share of the best.", metavar="GAP"),
    ] = 0.001,
    seeds: Annotated[
        int, typer.Option(help="Runs to begin with, each with a seed of its own.", metavar="N")
    ] = 2,
    survey_time: Annotated[
        float,
        typer.Option(
            help="Seconds for seeking other good plans, and proofs, after the runs, each of which "
            "takes up to --time-limit.",
            metavar="S",
        ),
    ] = 120.0,
    *,
    given: StudyOptions,
    sides: Any = None,
) -> None:
    """Tell which counties are in the same nation in every plan near the best one."""
    from rich.console import Console

    from partition.errors import InputError
    from partition.studies.nearby.robust import robust as survey_scenario
    from partition.studies.running.progress import surveying, watching_study

    if seeds < 1:
        raise InputError(f"seeds = {seeds}: give at least 1.")
    # The seeds begin with that of the scenario, which has no option here.
    asked = load(scenario, given, sides)
    first = asked.limits.seed
    log = Console(stderr=True)
    with (
        study_under_way(given.runs, given.out) as notes,
        watching_study(log, "Solving", seeds, quiet=given.quiet, survey_time=survey_time) as watch,
        surveying(log, quiet=given.quiet) as on_progress,
    ):
        found = survey_scenario(
            asked,
            within=within,
            seeds=range(first, first + seeds),
            survey_time=survey_time,
            watch=watch,
            **given.solving,
            on_progress=on_progress,
        )
        files = write_study(found, given.out, notes)
    show_study(found, files, notes, quiet=given.quiet, as_json=given.as_json)
