"""``partition cascade``: who follows a nation that leaves."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from partition.commands.options import ScenarioName
from partition.commands.side_options import takes_sides
from partition.commands.study import load, show_study, study_under_way, write_study
from partition.commands.study_options import StudyOptions, takes_study


@takes_sides
@takes_study("iterations", "jobs")
def cascade(
    scenario: ScenarioName = "counties",
    leaving: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            help="Who leaves first: a state or a unit, by its code, id or name. Repeatable.",
            metavar="PLACE",
        ),
    ] = None,
    threshold: Annotated[
        str,
        typer.Option(
            help="Share of its voters on the side of the leaving nation with which a unit may "
            "follow, taken exactly: 0.5 or 1/3.",
            metavar="SHARE",
        ),
    ] = "0.5",
    side: Annotated[
        str, typer.Option(help="Side of the leaving nation: blue or red.", metavar="SIDE")
    ] = "blue",
    by: Annotated[
        str,
        typer.Option(help="What follows at a time: each unit, or a whole state.", metavar="KIND"),
    ] = "unit",
    in_one_piece: Annotated[
        bool,
        typer.Option("--in-one-piece", help="Who would tear the nation that it leaves waits."),
    ] = False,
    no_enclaves: Annotated[
        bool,
        typer.Option(
            "--no-enclaves",
            help="Who would leave a piece without a coast or foreign border waits.",
        ),
    ] = False,
    both_sides: Annotated[
        bool,
        typer.Option(
            "--both-sides",
            help="Units of the leaving nation return where they border on the rest and are below "
            "the threshold.",
        ),
    ] = False,
    quorum: Annotated[
        str | None,
        typer.Option(
            help="Share of its people who must have voted for a unit to move.", metavar="SHARE"
        ),
    ] = None,
    between: Annotated[
        str,
        typer.Option(help="Thresholds for which the end is looked at.", metavar="LOW:HIGH"),
    ] = "0:1",
    without_best: Annotated[
        bool,
        typer.Option(
            "--without-best", help="Do not hold the end against the best line of the scenario."
        ),
    ] = False,
    *,
    given: StudyOptions,
    sides: Any = None,
) -> None:
    """Let a state or a county leave, and see who follows, round after round.

    In each round everybody joins who borders on the leaving nation and has enough voters of its
    side; it ends when nobody else leaves. The line that comes about is held against the best one
    of the scenario, and every threshold is found at which the end would be another one.
    cascade.html goes from round to round: open it in a browser.
    """
    from rich.console import Console

    from partition.errors import InputError
    from partition.studies.exits.cascade import cascade as let_leave
    from partition.studies.running.progress import tracing, watching_study

    asked = load(scenario, given, sides)
    low, colon, high = between.partition(":")
    if not colon:
        raise InputError(f"between = {between}: give two thresholds, such as 0.3:0.7.")
    log = Console(stderr=True)
    with (
        study_under_way(given.runs, given.out) as notes,
        tracing(log, quiet=given.quiet, title="Following", found="ends") as on_progress,
        watching_study(log, "Solving", 1, quiet=given.quiet) as watch,
    ):
        found = let_leave(
            asked,
            leaving or (),
            threshold=threshold,
            side=side,
            by=by,
            in_one_piece=in_one_piece,
            no_enclaves=no_enclaves,
            both_sides=both_sides,
            quorum=quorum,
            between=(low, high),
            with_best=not without_best,
            watch=watch,
            **given.solving,
            on_progress=on_progress,
        )
        files = write_study(found, given.out, notes)
    show_study(found, files, notes, quiet=given.quiet, as_json=given.as_json)
