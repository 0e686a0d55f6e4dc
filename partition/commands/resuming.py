"""``partition solve --resume``: go on where a run ended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import typer

from partition.commands.console import ctrl_c_ends_the_search, output
from partition.commands.ending import complain_of, show_run, write
from partition.commands.steps import watching_question
from partition.errors import InputError


def go_on(
    context: typer.Context,
    resume: Path,
    limits: tuple[float | None, float | None, int | None, int | None],
    out: Path | None,
    certificate: bool,
    workers: tuple[int | None, str | None],
    *,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Go on where a run ended, and replace it once as much is proven."""
    _refuse_beside_resume(context)
    with ctrl_c_ends_the_search() as is_interrupted:
        from rich.console import Console

        from partition.runs import resuming
        from partition.runs.bundle import check_folder
        from partition.runs.known import KnownPlan, KnownPlans
        from partition.runs.learned import Learned
        from partition.runs.lending import check_lending, lent
        from partition.runs.solving import solve_question
        from partition.runs.steps import restated
        from partition.scenario import Overrides

        resume = resume if resume.name not in {"", ".."} else resume.resolve()
        ended = resuming.resume(resume, Overrides(None, *limits))
        check_folder(resume if out is None else out, force=out is None or force)
        question = ended.question
        check_lending(question, *workers)
        log = Console(stderr=True)
        if not quiet:
            tree = " and the cases that it was split into" if ended.knowledge.has_tree else ""
            n_rows = ended.knowledge.n_rows
            text = f"Goes on from {resume}: {n_rows:,} inequalities{tree}, checked here."
            log.print(text, markup=False, highlight=False, soft_wrap=True)
        with (
            lent(*workers) as those,
            watching_question(log, question, quiet=quiet) as watch,
        ):
            run = solve_question(
                question,
                start=KnownPlans([KnownPlan(ended.before.plan, resume.name)]),
                learned=[Learned(ended.knowledge, resume.name)],
                cold=True,  # it goes on with what it has learned itself
                certify=certificate,
                on_progress=watch,
                should_stop=is_interrupted,
                workers=those,
            )
        before = ended.before
        # Who would want to switch is known of a plan, however it was found.
        known = before.stability if before.plan == run.plan else None
        run = restated(replace(run, steps=before.steps, stability=known))
        folder = ended.target(run, resume) if out is None else out
        if out is None and folder != resume and not quiet:
            text = f"It ended before it had proven as much as {resume}, which stays as it is."
            log.print(text, markup=False, highlight=False, soft_wrap=True)
        lost = write(run, folder, force=folder == resume or force)
    with output(f"The run is in {folder}."):
        show_run(run, folder, log, lost, {}, quiet=quiet, as_json=as_json)
    complain_of([lost])


def _refuse_beside_resume(context: typer.Context) -> None:
    """Refuse what says anew what is asked, where a run is to go on that says it."""
    free = {"resume", "time_limit", "gap", "seed", "iterations", "certificate", "out", "force"}
    free |= {"jobs", "cluster"}
    given = [
        max(parameter.opts, key=len)
        for parameter in context.command.params
        if (name := parameter.name) is not None
        and name not in free | {"quiet", "as_json"}
        and getattr(context.get_parameter_source(name), "name", "") == "COMMANDLINE"
    ]
    if given:
        raise InputError(
            f"--resume goes on with the scenario and the map of the run: leave out "
            f"{', '.join(given)}."
        )
