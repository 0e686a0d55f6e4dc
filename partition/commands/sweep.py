"""``partition sweep``: what a weight or a limit costs."""

from __future__ import annotations

from contextlib import ExitStack
from math import prod
from pathlib import Path
from typing import Annotated, Any

import typer

from partition.commands.options import (
    AsJson,
    Cluster,
    Election,
    Fresh,
    Gap,
    Jobs,
    Out,
    Quiet,
    Runs,
    ScenarioName,
    Seed,
    Settings,
    TimeLimit,
)
from partition.commands.side_options import takes_sides
from partition.commands.study import load, show_study, study_under_way, write_study


@takes_sides
def sweep(
    scenario: ScenarioName = "counties",
    weight: Annotated[
        list[str] | None,
        typer.Option(
            help="What to change: a weight or a limit, from one value to another in so many "
            "steps, such as border=0:2:9 or blue.least.population=0.3:0.5:5. Give it twice for "
            "two axes.",
            metavar="KEY=FROM:TO:N",
        ),
    ] = None,
    election: Election = None,
    time_limit: TimeLimit = None,
    gap: Gap = None,
    seed: Seed = None,
    settings: Settings = None,
    out: Out = None,
    runs: Runs = Path("runs"),
    jobs: Jobs = None,
    cluster: Cluster = None,
    fresh: Fresh = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
    sides: Any = None,
) -> None:
    """Solve a scenario while a weight or a limit changes: the frontier, with a bound at each point.

    Where nations may be in any number of pieces, every weight at which the best plan changes is
    found, and nothing is sampled. sweep.html goes from plan to plan: open it in a browser.
    """
    from rich.console import Console

    from partition.errors import InputError
    from partition.studies.axis import parse_axis
    from partition.studies.breakpoints import is_traceable
    from partition.studies.progress import tracing, watching_study
    from partition.studies.sweep import sweep as sweep_scenario

    if not weight:
        raise InputError("Say what to change: --weight border=0:2:9, for instance.")
    asked = load(scenario, settings, sides=sides)
    axes = [parse_axis(one) for one in weight]
    for axis in axes:
        if axis.key in {one.partition("=")[0].strip() for one in settings or ()}:
            raise InputError(f"{axis.key} is what changes (--weight): do not --set it as well.")
    n_runs = prod(len(axis.values) for axis in axes)
    log = Console(stderr=True)
    with study_under_way(runs) as notes, ExitStack() as shown:
        watch, on_progress = None, None
        if is_traceable(asked, axes):
            on_progress = shown.enter_context(tracing(log, quiet=quiet))
        else:
            watch = shown.enter_context(watching_study(log, "Sweeping", n_runs, quiet=quiet))
        found = sweep_scenario(
            asked,
            axes,
            election=election,
            time_limit=time_limit,
            gap=gap,
            seed=seed,
            runs=runs,
            n_jobs=jobs,
            cluster=cluster,
            watch=watch,
            fresh=fresh,
            on_progress=on_progress,
        )
        files = write_study(found, out, notes)
    show_study(found, files, notes, quiet=quiet, as_json=as_json)
