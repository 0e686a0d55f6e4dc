"""``partition stable``: who would want to switch to the other nation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from partition.commands.console import ctrl_c_ends_the_search
from partition.commands.own_files import takes_files
from partition.commands.side_options import takes_sides
from partition.commands.study import load, show_study, study_under_way, write_study
from partition.commands.study_options import StudyOptions, takes_study
from partition.commands.switchers import check_reportable, retell


@takes_sides
@takes_files()
@takes_study("seed", "iterations", "jobs")
def stable(
    plan: Annotated[
        str,
        typer.Argument(
            help="Folder of a run; a table GEOID,District or the plan.csv of a run; or a scenario, "
            "which is solved first."
        ),
    ] = "counties",
    scenario: Annotated[
        str | None,
        typer.Argument(help="What a table divides, and how many pieces it may have: counties."),
    ] = None,
    groups: Annotated[int, typer.Option(help="Most groups to find.", metavar="N")] = 5,
    most_units: Annotated[
        int | None, typer.Option(help="Most units of a group; no limit by default.", metavar="N")
    ] = None,
    search_time: Annotated[
        float, typer.Option(help="Seconds for each search.", metavar="S")
    ] = 60.0,
    in_report: Annotated[
        bool,
        typer.Option(
            "--in-report",
            help="Tell it in the run's own report.md, report.json, run.json and map.html as well, "
            "where partition verify recounts it.",
        ),
    ] = False,
    *,
    given: StudyOptions,
    sides: Any = None,
    files: Any = None,
) -> None:
    """Tell which groups would gain by switching to the other nation, the strongest first."""
    from rich.console import Console
    from rich.text import Text

    from partition.errors import InputError
    from partition.land.own_map import with_map
    from partition.runs.reading import read
    from partition.scenario import Overrides, Scenario
    from partition.studies.nearby.stable import check_values, find_plan, held_against, is_table
    from partition.studies.nearby.stable import stable as find_groups
    from partition.studies.running.jobs import Workers
    from partition.studies.running.progress import watching_study

    check_values(groups, most_units, search_time)
    overrides = Overrides(given.election, given.time_limit, given.gap)
    target: Any = plan
    asked: Scenario | str = "counties"
    if Path(plan).is_dir():
        if files or scenario:
            what = scenario or f"--{next(iter(files)).replace('_', '-')}"
            raise InputError(f"{what}: the run in {plan} says which map and scenario it has.")
        run = read(plan)
        varied = run.scenario.varied(given.set_values)
        target = held_against(run, replace(overrides, sides=sides).apply(varied))
    elif is_table(plan):
        loaded = load(scenario or "counties", given, sides)
        asked = with_map(loaded, files)
    elif scenario:
        raise InputError(
            f"{plan} is no table of a plan (.csv, .tsv), so that {scenario} says nothing: "
            "leave it out."
        )
    else:
        target = with_map(load(plan, given, sides), files)
    log = Console(stderr=True)

    def tell(line: str) -> None:
        if not given.quiet:
            log.print(Text(line), soft_wrap=True)

    with (
        study_under_way(given.runs, given.out) as notes,
        watching_study(log, "Solving", 1, quiet=given.quiet) as watch,
    ):
        run = find_plan(
            target,
            asked,
            None,
            overrides,
            {},
            Workers(given.runs, 1, given.cluster, watch, given.fresh, given.cold),
        )
    if in_report:
        check_reportable(run)
    # From here on Ctrl-C ends the search with what is known.
    with ctrl_c_ends_the_search() as is_interrupted:
        found = find_groups(
            run,
            groups=groups,
            most_units=most_units,
            search_time=search_time,
            fresh=given.fresh,
            should_stop=is_interrupted,
            on_search=tell,
        )
        files_written = write_study(found, given.out, notes)
        if in_report:
            files_written += retell(found, notes)
    show_study(found, files_written, notes, quiet=given.quiet, as_json=given.as_json)
