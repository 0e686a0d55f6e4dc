"""``partition swing``: the best plans of votes that swing."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from partition.commands.options import ScenarioName
from partition.commands.side_options import takes_sides
from partition.commands.study import load, show_study, study_under_way, write_study
from partition.commands.study_options import StudyOptions, takes_study


@takes_sides
@takes_study("seed", "iterations")
def swing(
    scenario: ScenarioName = "counties",
    points: Annotated[
        str | None,
        typer.Option(
            help="Swings in points of the two-party vote, to the blue side where positive: -5:5:11 "
            "for eleven of them, the default, or a list, -2,0,2.",
            metavar="FROM:TO:N",
        ),
    ] = None,
    elections: Annotated[
        str | None,
        typer.Option(
            help="Elections that were held, in place of swings: 2016,2020,2024. The plan of the "
            "first is held against the others.",
            metavar="YEARS",
        ),
    ] = None,
    proportional: Annotated[
        bool,
        typer.Option(
            "--proportional",
            help="The side that loses keeps the same share of its voters everywhere; otherwise "
            "every unit swings by as many points.",
        ),
    ] = False,
    error: Annotated[
        float,
        typer.Option(
            "--sd",
            help="Standard deviation, in points, of an error of the polls that each unit has for "
            "itself.",
            metavar="POINTS",
        ),
    ] = 0.0,
    draws: Annotated[
        int, typer.Option(help="Times that errors are drawn for each swing.", metavar="N")
    ] = 1,
    seed: Annotated[int, typer.Option(help="Number of the first draw of errors.", metavar="N")] = 0,
    *,
    given: StudyOptions,
    sides: Any = None,
) -> None:
    """Swing the vote, or go from election to election, and see which counties decide.

    Each swing is a run of its own, with whole voters and as many in every county; no swing is the
    run itself, and so is an election that was held. Told is for every county in which share of the
    best plans it is blue, which of them decide, and what the plan without a swing, or of the first
    election, gives up. swing.html goes from one to the next, and shares.html colours the counties
    by their share: open them in a browser.
    """
    from rich.console import Console

    from partition.studies.running.progress import watching_study
    from partition.studies.swings.swing import POINTS, read_points
    from partition.studies.swings.swing import swing as swing_scenario

    asked = load(scenario, given, sides)
    if elections is None:
        n_runs = len(read_points(points or POINTS)) * max(draws, 1)
    else:
        n_runs = elections.count(",") + 1
    log = Console(stderr=True)
    with (
        study_under_way(given.runs, given.out) as notes,
        watching_study(log, "Swinging", n_runs, quiet=given.quiet) as watch,
    ):
        found = swing_scenario(
            asked,
            points=points,
            elections=elections,
            in_proportion=proportional,
            error=error,
            draws=draws,
            first_draw=seed,
            watch=watch,
            **given.solving,
        )
        files = write_study(found, given.out, notes)
    show_study(found, files, notes, quiet=given.quiet, as_json=given.as_json)
