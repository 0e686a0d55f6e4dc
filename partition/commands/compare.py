"""``partition compare``: plans side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from partition.commands.options import (
    AsJson,
    Cluster,
    Cold,
    Fresh,
    Gap,
    Jobs,
    Out,
    Quiet,
    Runs,
    Seed,
    Settings,
    Then,
    TimeLimit,
    Within,
)
from partition.commands.side_options import takes_sides
from partition.commands.steps import read_then
from partition.commands.study import load, show_study, study_under_way, write_study


@takes_sides
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
    time_limit: TimeLimit = None,
    gap: Gap = None,
    seed: Seed = None,
    settings: Settings = None,
    then: Then = None,
    within: Within = None,
    out: Out = None,
    runs: Runs = Path("runs"),
    jobs: Jobs = None,
    cluster: Cluster = None,
    fresh: Fresh = False,
    cold: Cold = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
    sides: Any = None,
) -> None:
    """Solve scenarios, or find their finished runs, and set their plans side by side."""
    from rich.console import Console

    from partition.errors import InputError
    from partition.studies.comparing.compare import compare as compare_scenarios
    from partition.studies.running.progress import watching_study

    if election is not None and elections is not None:
        raise InputError("Give --election or --elections, not both.")
    given = elections if elections is not None else election
    years = None if given is None else [one.strip() for one in given.split(",") if one.strip()]
    asked = [load(one, settings, sides=sides) for one in scenarios or ["counties"]]
    goals = read_then(then or (), within or ())
    n_plans = sum(1 + len(goals or one.then) for one in asked)
    n_runs = n_plans * len(years or (None,))
    log = Console(stderr=True)
    with (
        study_under_way(runs) as notes,
        watching_study(log, "Comparing", n_runs, quiet=quiet) as watch,
    ):
        comparison = compare_scenarios(
            asked,
            elections=years,
            time_limit=time_limit,
            gap=gap,
            seed=seed,
            runs=runs,
            n_jobs=jobs,
            cluster=cluster,
            watch=watch,
            fresh=fresh,
            then=goals,
            cold=cold,
        )
        files = write_study(comparison, out, notes)
    show_study(comparison, files, notes, quiet=quiet, as_json=as_json)
