"""``partition solve``: find the best plan of a scenario and write it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partition.commands.console import complain, ctrl_c_ends_the_search, output
from partition.commands.ending import complain_of, show_answer, show_run, tell
from partition.commands.options import (
    AsJson,
    Cold,
    Election,
    Fresh,
    Gap,
    Iterations,
    ProvingCluster,
    ProvingJobs,
    Quiet,
    ScenarioName,
    Seed,
    Settings,
    Then,
    TimeLimit,
    Within,
    read_folder,
)
from partition.commands.own_files import takes_files
from partition.commands.resuming import go_on
from partition.commands.side_options import takes_sides
from partition.commands.steps import (
    Asking,
    ask_steps,
    read_then,
    refuse_unasked,
    state_steps,
    tell_prices,
)
from partition.commands.switchers import ask_who_switches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from partition.question.question import Question
    from partition.runs.known import KnownPlans
    from partition.scenario import Scenario
    from partition.scenario.then import Step


@takes_sides
@takes_files()
def solve(
    scenario: ScenarioName = "counties",
    election: Election = None,
    time_limit: TimeLimit = None,
    gap: Gap = None,
    seed: Seed = None,
    iterations: Iterations = None,
    settings: Settings = None,
    then: Then = None,
    within: Within = None,
    start: Annotated[
        Path | None,
        typer.Option(
            help="Begin with this plan: GEOID,District, or the plan.csv of a run.", metavar="FILE"
        ),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(
            help="Go on where this run ended, with its scenario, plan, inequalities and cases; its "
            "folder is replaced once as much is proven.",
            metavar="RUN",
        ),
    ] = None,
    certificate: Annotated[
        bool,
        typer.Option(
            "--certificate", help="Write the proof of the bound, for partition verify, as well."
        ),
    ] = False,
    stable: Annotated[
        bool,
        typer.Option(
            "--stable",
            help="Ask at the end who would want to switch, as partition stable does, and tell it "
            "in the report and on the map.",
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            parser=read_folder,
            help="Folder to write; runs/SCENARIO-ELECTION by default, with a number behind it "
            "where a run that asks something else is there.",
            metavar="DIR",
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Search although the answer is there, and replace it."),
    ] = False,
    jobs: ProvingJobs = None,
    cluster: ProvingCluster = None,
    fresh: Fresh = False,
    cold: Cold = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
    sides: Any = None,
    files: Any = None,
    context: typer.Context = None,  # type: ignore[assignment] # Typer hands it over
) -> None:
    """Find the best plan of a scenario and write it, its figures and its map to a folder."""
    if resume is not None:
        limits = (time_limit, gap, seed, iterations)
        go_on(
            context,
            resume,
            limits,
            out,
            certificate,
            (jobs, cluster),
            force=force,
            quiet=quiet,
            as_json=as_json,
        )
        return
    with ctrl_c_ends_the_search() as is_interrupted:
        from rich.console import Console

        from partition.answer import wording
        from partition.land.own_map import with_map
        from partition.runs.bundle import check_folder
        from partition.runs.lending import check_lending
        from partition.runs.run import default_folder
        from partition.scenario import Overrides, Scenario
        from partition.scenario.settings import read_settings

        given = Scenario.load(scenario).varied(read_settings(settings or ()))
        overrides = Overrides(election, time_limit, gap, seed, iterations, sides)
        asked = overrides.apply(with_map(given, files))
        goals = read_then(then or (), within or ()) or asked.then
        target = default_folder(asked) if out is None or goals else out
        check_folder(target if out is None else out, force=True)
        question, steps = _read(asked, goals)
        check_lending(question, jobs, cluster)
        known = _begin_with(start, question)
        log = Console(stderr=True)
        for warning in () if quiet else wording.doubts(question.dataset.repairs):
            log.print(warning, markup=False, highlight=False, soft_wrap=True)
        asking = Asking(
            out,
            certificate=certificate,
            force=force,
            fresh=fresh,
            cold=cold or fresh,
            quiet=quiet,
            is_searched=fresh or start is not None,
            jobs=jobs,
            cluster=cluster,
        )
        made = ask_steps(question, steps, known, log, is_interrupted, asking)
        run, folder, lost, is_answer = made[-1]
        found = None
        if stable:
            line = partial(tell, log) if not quiet else (lambda _: None)
            found = ask_who_switches(run, folder, is_interrupted, line)
            run = run if found is None else found.stability.told
    told = {} if not steps else {"steps": state_steps(made)}
    if is_answer:
        show_answer(run, folder, log, told, quiet=quiet, as_json=as_json)
    else:
        with output(f"The run is in {folder}."):
            show_run(run, folder, log, lost, told, quiet=quiet, as_json=as_json)
        if certificate and run.result.certificate is None:
            complain(
                "There is no certificate, since the search ended before it had a proof to write: "
                "give it more time with --time-limit."
            )
    if run.steps and not quiet:
        with output(f"The run is in {folder}."):
            tell_prices(log if as_json else Console(), run.steps)
    if found is not None and not quiet:
        with output(f"The run is in {folder}."):
            (log if as_json else Console()).print(found.stability)
    complain_of([*(one.lost for one in made), found and found.lost])
    refuse_unasked(made, steps)


def _read(asked: Scenario, goals: Sequence[Step]) -> tuple[Question, tuple[Step, ...]]:
    """Read the map, while the search is compiled where that is still to do."""
    from partition.land.dataset import Dataset
    from partition.question.question import Question
    from partition.runs.steps import take_steps
    from solvers.loops import compile_early

    compile_early()
    return take_steps(Question(asked, Dataset.asked_for(asked.data)), goals)


def _begin_with(start: Path | None, question: Question) -> KnownPlans:
    """Read the plan to begin with, where one is given."""
    from partition.land.exchange import read_plan
    from partition.runs.known import KnownPlan, KnownPlans

    if start is None:
        return KnownPlans([])
    return KnownPlans([KnownPlan(read_plan(start, question.units), str(start))])
