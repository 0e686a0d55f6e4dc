"""``partition solve``: find the best plan of a scenario and write it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from partition.commands.console import ctrl_c_ends_the_search, output
from partition.commands.ending import complain_of, show_answer, show_run, tell, write
from partition.commands.options import (
    AsJson,
    Election,
    Fresh,
    Gap,
    Iterations,
    Quiet,
    ScenarioName,
    Seed,
    Settings,
    TimeLimit,
)
from partition.commands.own_files import takes_files
from partition.commands.resuming import go_on
from partition.commands.side_options import takes_sides
from partition.errors import IncompleteError, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from partition.question.question import Question
    from partition.runs.known import KnownPlans
    from partition.runs.run import Run
    from partition.runs.steps import Step


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
    then: Annotated[
        list[str] | None,
        typer.Option(
            help="A goal that comes after self-determination: the best plan in it, among those "
            "within --within of the most voters at home. border, cut_edges, state_splits, "
            "status_quo and the others that can be weighed.",
            metavar="GOAL",
        ),
    ] = None,
    within: Annotated[
        list[float] | None,
        typer.Option(
            help="Share of the best that --then may give up: 0.005 is 0.5 %.", metavar="SHARE"
        ),
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option(
            help="Begin with this plan: GEOID,District, or the plan.csv of a run.", metavar="FILE"
        ),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(
            help="Go on where this run ended, with its scenario, plan and inequalities; its folder "
            "is replaced once as much is proven.",
            metavar="RUN",
        ),
    ] = None,
    certificate: Annotated[
        bool,
        typer.Option(
            "--certificate", help="Write the proof of the bound, for partition verify, as well."
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder to write; runs/SCENARIO-ELECTION by default, with a number behind it "
            "where a run that asks something else is there.",
            metavar="DIR",
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Search although the answer is there, and replace it."),
    ] = False,
    fresh: Fresh = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
    sides: Any = None,
    files: Any = None,
    context: typer.Context = None,  # type: ignore[assignment] # Typer hands it over
) -> None:
    """Find the best plan of a scenario and write it, its figures and its map to a folder."""
    if resume is not None:
        limits = (time_limit, gap, seed, iterations)
        go_on(context, resume, limits, out, certificate, force=force, quiet=quiet, as_json=as_json)
        return
    with ctrl_c_ends_the_search() as is_interrupted:
        from rich.console import Console

        from partition.answer import wording
        from partition.land.dataset import Dataset
        from partition.land.exchange import read_plan
        from partition.land.own_map import with_map
        from partition.question.question import Question
        from partition.runs.bundle import check_folder
        from partition.runs.known import KnownPlan, KnownPlans
        from partition.runs.run import default_folder
        from partition.runs.steps import check_steps, next_question, price
        from partition.scenario import Overrides, Scenario
        from partition.scenario.settings import read_settings

        given = Scenario.load(scenario).varied(read_settings(settings or ()))
        overrides = Overrides(election, time_limit, gap, seed, iterations, sides)
        asked = overrides.apply(with_map(given, files))
        steps = _read_steps(then or (), within or ())
        check_steps(asked, steps)
        target = default_folder(asked) if out is None or steps else out
        check_folder(target if out is None else out, force=True)
        question = Question(asked, Dataset.asked_for(asked.data))
        begin = None if start is None else read_plan(start, question.units)
        log = Console(stderr=True)
        for warning in () if quiet else wording.doubts(question.dataset.repairs):
            log.print(warning, markup=False, highlight=False, soft_wrap=True)
        known = KnownPlans([] if begin is None else [KnownPlan(begin, str(start))])
        made: list[_Made] = []
        for number in range(len(steps) + 1):
            if number:
                question = next_question(made[-1].run, steps[number - 1])
                known.add(made[-1].run.plan, str(made[-1].folder))
                target = default_folder(question.scenario) if out is None else out
            made.append(
                _find_or_solve(
                    question,
                    target,
                    known,
                    log,
                    is_interrupted,
                    is_named=out is not None and number == len(steps),
                    force=force,
                    fresh=fresh,
                    is_searched=fresh or start is not None,
                    certificate=certificate,
                    quiet=quiet,
                )
            )
            if number < len(steps) and not quiet:
                result, share = made[-1].run.result, made[-1].run.report.self_determination
                text = f"{wording.percent(share, 2)} self-determined. {wording.quality(result)}"
                tell(log, f"First: {text} ({made[-1].folder}).")
    run, folder, lost, is_answer = made[-1]
    told = {} if not steps else {"steps": _stated(made, steps)}
    if is_answer:
        show_answer(run, folder, log, told, quiet=quiet, as_json=as_json)
    else:
        with output(f"The run is in {folder}."):
            show_run(run, folder, log, lost, told, quiet=quiet, as_json=as_json)
    if steps and not quiet:
        with output(f"The run is in {folder}."):
            tell(log if as_json else Console(), price(made[-2].run, run))
    complain_of([one.lost for one in made])


class _Made(NamedTuple):
    """A run, where it is, which files it lacks, and whether it was there before."""

    run: Run
    folder: Path
    lost: IncompleteError | None
    is_answer: bool


def _read_steps(then: Sequence[str], within: Sequence[float]) -> list[Step]:
    """Bring each goal together with its share.

    Raises
    ------
    InputError
        When there are not as many of both, or the shares make no sense.
    """
    from partition.runs.steps import Step

    if len(then) != len(within):
        raise InputError(
            f"--then is given {len(then)} times and --within {len(within)} times: give each goal "
            "its share, as in --then border --within 0.005."
        )
    return [Step(*pair) for pair in zip(then, within, strict=True)]


def _stated(made: Sequence[_Made], steps: Sequence[Step]) -> list[dict[str, Any]]:
    from partition.runs.steps import stated

    pairs = zip(made, [None, *steps], strict=True)
    return [stated(one.run, step) | {"folder": str(one.folder)} for one, step in pairs]


def _find_or_solve(
    question: Question,
    target: Path,
    known: KnownPlans,
    log: Console,
    is_interrupted: Callable[[], bool],
    *,
    is_named: bool,
    force: bool,
    fresh: bool,
    is_searched: bool,
    certificate: bool,
    quiet: bool,
) -> _Made:
    """Find the answer to a question where it is, or search for it and write it."""
    from partition.pages.display import watching
    from partition.runs.known import KnownPlans
    from partition.runs.solving import solve_question
    from partition.studies.answered import find_place, plans_around
    from partition.studies.jobs import RUNS

    folder, answer = find_place(
        question,
        target,
        is_named=is_named,
        force=force,
        fresh=is_searched,
        certified=certificate,
    )
    if answer is not None:
        return _Made(answer, folder, None, is_answer=True)
    plans = KnownPlans() if fresh else plans_around(question, folder.parent, RUNS)
    for one in known:
        plans.add(one.plan, one.source)
    best = plans.best(question)
    if best is not None and not quiet:
        tell(log, f"Begins with the plan of {best.source}.")
    is_plain = question.scenario.weights.is_plain
    voters = question.dataset.n_voters(question.election) if is_plain else None
    with watching(
        log,
        voters,
        quiet=quiet,
        scale=question.scale,
        time_limit=question.scenario.limits.time_limit,
    ) as watch:
        run = solve_question(
            question,
            start=KnownPlans([] if best is None else [best]),
            certify=certificate,
            on_progress=watch,
            should_stop=is_interrupted,
        )
    return _Made(run, folder, write(run, folder, force=force), is_answer=False)
