"""``partition sweep``: what a weight or a limit costs."""

from __future__ import annotations

from contextlib import ExitStack
from math import prod
from typing import Annotated, Any

import typer

from partition.commands.options import ScenarioName
from partition.commands.side_options import takes_sides
from partition.commands.study import load, show_study, study_under_way, write_study
from partition.commands.study_options import StudyOptions, takes_study


@takes_sides
@takes_study("iterations")
def sweep(
    scenario: ScenarioName = "counties",
    weight: Annotated[
        list[str] | None,
        typer.Option(
            help="What to change. A weight from one value to another, border=0:200, is looked at "
            "where the best plan may change. Or give the values of a weight or a limit: "
            "border=0:200:9 for nine of them, border=1:1000:log:10 by equal factors, "
            "border=0,5,50. Give it twice for two axes. sides: the frontier between the shares of "
            "both sides at home.",
            metavar="KEY=VALUES",
        ),
    ] = None,
    within: Annotated[
        float | None,
        typer.Option(
            help="End when the best plan is known within this share at every weight; --gap by "
            "default.",
            metavar="GAP",
        ),
    ] = None,
    points: Annotated[
        int,
        typer.Option(help="Most points where no number of values is given.", metavar="N"),
    ] = 17,
    total_time: Annotated[
        float | None,
        typer.Option(
            help="Seconds of the study, where no number of values is given: no run begins that "
            "may take longer.",
            metavar="S",
        ),
    ] = None,
    *,
    given: StudyOptions,
    sides: Any = None,
) -> None:
    """Solve a scenario while a weight or a limit changes: the frontier, with a bound at each point.

    What the points of a weight prove of all weights between them is said as well. Where nations
    may be in any number of pieces, every weight at which the best plan changes is found, and
    nothing is sampled. sweep.html goes from plan to plan: open it in a browser.
    """
    from rich.console import Console

    from partition.errors import InputError
    from partition.studies.running.progress import tracing, watching_study
    from partition.studies.sweeping.breakpoints import is_traceable
    from partition.studies.sweeping.sides import between_sides
    from partition.studies.sweeping.sweep import sweep as sweep_scenario

    if not weight:
        raise InputError("Say what to change: --weight border=0:200, for instance.")
    asked, axes = between_sides(load(scenario, given, sides), weight)
    for axis in axes:
        if axis.key in given.set_values:
            raise InputError(f"{axis.key} is what changes (--weight): do not --set it as well.")
    is_adaptive = any(axis.is_adaptive for axis in axes)
    n_runs = points if is_adaptive else prod(len(axis.values) for axis in axes)
    log = Console(stderr=True)
    with study_under_way(given.runs, given.out) as notes, ExitStack() as shown:
        watch, on_progress = None, None
        if is_traceable(asked, axes):
            on_progress = shown.enter_context(tracing(log, quiet=given.quiet))
        else:
            watching = watching_study(
                log, "Sweeping", n_runs, quiet=given.quiet, at_most=is_adaptive
            )
            watch = shown.enter_context(watching)
        found = sweep_scenario(
            asked,
            axes,
            within=within,
            points=points,
            total_time=total_time,
            watch=watch,
            **given.solving,
            on_progress=on_progress,
        )
        files = write_study(found, given.out, notes)
    show_study(found, files, notes, quiet=given.quiet, as_json=given.as_json)
