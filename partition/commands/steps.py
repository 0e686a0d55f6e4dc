"""One question after another on the command line: each answered where it is, or searched for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from partition.commands.ending import tell, write
from partition.errors import IncompleteError, InputError, PartitionError

if TYPE_CHECKING:
    from rich.console import Console

    from partition.answer.steps import StepTaken
    from partition.pages.display import Watch
    from partition.question.question import Question
    from partition.runs.known import KnownPlans
    from partition.runs.learned import Learned
    from partition.runs.run import Run
    from partition.scenario import Step


class Asking(NamedTuple):
    """How runs are made and where they go."""

    out: Path | None
    """Folder of the last run; those that scenarios name where none is given."""
    certificate: bool
    force: bool
    fresh: bool
    cold: bool
    quiet: bool
    is_searched: bool
    """Whether an answer that is there will not do."""
    jobs: int | None = None
    cluster: str | None = None
    """Who shares the search."""


class Made(NamedTuple):
    """A run, where it is, which files it lacks, and whether it was there before."""

    run: Run
    folder: Path
    lost: IncompleteError | None
    is_answer: bool


def ask_steps(
    question: Question,
    steps: Sequence[Step],
    known: KnownPlans,
    log: Console,
    is_interrupted: Callable[[], bool],
    asking: Asking,
) -> list[Made]:
    """Ask one goal after another; those after an interruption are left out."""
    from partition.runs.run import default_folder
    from partition.runs.solving import learned_from
    from partition.runs.steps import solve_steps, with_steps

    made: list[Made] = []

    def answer(asked: Question, before: Sequence[Run]) -> Run:
        is_last = len(before) == len(steps)
        learned = learned_from(before[-1], asked) if before else []
        if before:
            known.add(before[-1].plan, str(made[-1].folder))
        out = asking.out if is_last else None
        target = default_folder(asked.scenario) if out is None else out
        done = _find_or_solve(
            asked,
            target,
            known,
            learned,
            log,
            is_interrupted,
            asking,
            is_named=out is not None,
            as_a_step=lambda run: with_steps(run, before, steps),
        )
        made.append(done)
        if not is_last and not asking.quiet:
            tell(log, _first_words(done, len(before)))
        return done.run

    solve_steps(question, steps, answer, is_interrupted)
    return made


def watching_question(
    log: Console, question: Question, *, quiet: bool
) -> AbstractContextManager[Watch | None]:
    """Show how the search for the answer to a question is doing, in what the question counts."""
    from partition.pages.display import watching
    from partition.runs.steps import first_goal

    scenario, goal = question.scenario, first_goal(question.scenario)
    return watching(
        log,
        question.dataset.n_voters(question.election) if scenario.weights.is_plain else None,
        quiet=quiet,
        scale=question.scale,
        time_limit=scenario.limits.time_limit,
        cost=goal.measured_in if goal is not None and goal.is_cost else "",
    )


def tell_prices(console: Console, steps: Sequence[StepTaken]) -> None:
    """Say what each goal after the first has brought and cost."""
    from partition.answer.steps import price_text, prices

    for one in prices(steps):
        tell(console, f"Then {one.goal.replace('_', ' ')}: {price_text(one)}")


def refuse_unasked(made: Sequence[Made], steps: Sequence[Step]) -> None:
    """End with an error where an interruption has left out goals.

    Raises
    ------
    PartitionError
        With the goals, and where to go on.
    """
    if len(made) <= len(steps):
        left = ", then ".join(step.goal for step in steps[len(made) - 1 :])
        raise PartitionError(
            f"Interrupted before then {left}: the plan so far is in {made[-1].folder}. The same "
            "command with --force goes on from it."
        )


def read_then(then: Sequence[str], within: Sequence[float]) -> tuple[Step, ...]:
    """Bring each goal together with its share, or with the one that is given for all.

    Raises
    ------
    InputError
        When there are not as many of both, or one makes no sense.
    """
    from partition.scenario.then import Step

    shares = [*within] * len(then) if len(within) == 1 else within
    if len(then) != len(shares) or (within and not then):
        raise InputError(
            f"--then is given {len(then)} times and --within {len(within)} times: give each goal "
            "its share, as in --then border --within 0.005, or one share for all of them."
        )
    return tuple(Step(*pair) for pair in zip(then, shares, strict=True))


def _first_words(made: Made, number: int) -> str:
    """Say what a goal that others follow has come to."""
    from partition.answer import wording

    run = made.run
    word, quality = "Then" if number else "First", wording.quality(run.result)
    text = f"{wording.percent(run.report.self_determination, 2)} self-determined"
    if number:
        own = run.steps[-1]
        text = f"{own.amounts[own.goal]:,.0f} {own.unit} of {own.goal.replace('_', ' ')}"
    return f"{word}: {text}. {quality} ({made.folder})."


def state_steps(made: Sequence[Made]) -> list[dict[str, Any]]:
    """State every step as plain values, and where its run is."""
    last = made[-1].run
    told = last.steps or [None]
    return [
        ({} if step is None else step.to_dict())
        | {
            "scenario": one.run.scenario.name,
            "at_home": one.run.scenario.voters.at_home,
            "folder": str(one.folder),
        }
        for one, step in zip(made, told, strict=True)
    ]


def _find_or_solve(
    question: Question,
    target: Path,
    known: KnownPlans,
    learned: Sequence[Learned],
    log: Console,
    is_interrupted: Callable[[], bool],
    asking: Asking,
    *,
    is_named: bool,
    as_a_step: Callable[[Run], Run],
) -> Made:
    """Find the answer to a question where it is, or search for it and write it."""
    from partition.runs.lending import lent
    from partition.runs.solving import solve_question
    from partition.studies.running.answered import begin_with, find_place
    from partition.studies.running.jobs import RUNS

    folder, answer = find_place(
        question,
        target,
        is_named=is_named,
        force=asking.force,
        fresh=asking.is_searched,
        certified=asking.certificate,
    )
    if answer is not None:
        return Made(as_a_step(answer), folder, None, is_answer=True)
    places = [] if asking.fresh else [folder.parent, RUNS]
    begin = begin_with(question, places, known, learned, cold=asking.cold)
    for text in () if asking.quiet else begin.told:
        tell(log, text)
    with (
        lent(asking.jobs, asking.cluster) as workers,
        watching_question(log, question, quiet=asking.quiet) as watch,
    ):
        run = as_a_step(
            solve_question(
                question,
                start=begin.plans,
                learned=begin.learned,
                cold=True,  # what comes with the package is among these already
                certify=asking.certificate,
                on_progress=watch,
                should_stop=is_interrupted,
                workers=workers,
            )
        )
    return Made(run, folder, write(run, folder, force=asking.force), is_answer=False)
