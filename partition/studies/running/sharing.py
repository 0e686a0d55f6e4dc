"""Plans that the runs of a study have from each other, and from runs before them.

The bound of a run is one of its question, whatever plan the search had found: where another run has
a plan that answers the question better, the answer takes that plan and keeps the bound. So the
points of a frontier never lie below what a neighbour's plan is worth there.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from partition.errors import (
    BundleError,
    IncompleteError,
    IncompleteRunWarning,
    InternalError,
)
from partition.question.question import Question
from partition.runs.bundle import write_bundle
from partition.runs.known import KnownPlan, KnownPlans
from partition.runs.learned import read_knowledge
from partition.runs.locks import claim
from partition.runs.run import Run
from partition.runs.steps import restated
from partition.studies.running.finished import choose_folder, left_behind
from solvers.result import Status, TracePoint

Label = TypeVar("Label")

PATIENCE = 60.0
"""Seconds to wait for another study that writes the same run."""


def plans_to_share(questions: Sequence[Question], runs: Path, *, fresh: bool) -> KnownPlans | None:
    """Gather the plans that the runs of a study may begin with.

    Parameters
    ----------
    questions
        What the study asks, at least one.
    runs
        Folder of the bundles.
    fresh
        Whether every search is to begin with nothing.

    Returns
    -------
    KnownPlans or None
        None where nothing is shared. Searches that end after a number of rounds are to be the same
        wherever they run, and so know nothing of the folder.
    """
    if fresh:
        return None
    if any(one.scenario.limits.iterations is not None for one in questions):
        return KnownPlans()
    return KnownPlans.of_runs(questions[0].units, runs)


def adopt(run: Run, known: KnownPlan) -> Run:
    """Answer the question of a run with a better plan; what is proven of the question stays.

    Raises
    ------
    InternalError
        When the plan is worth more than the bound allows.
    """
    result, objective = run.result, run.question.objective(known.plan)
    bound = result.bound
    if bound is not None and objective > bound:
        raise InternalError(
            f"The plan of {known.source} has the objective {objective} for "
            f"{run.scenario.name!r}, and the search had proven that none exceeds {bound}."
        )
    better = replace(
        result,
        plan=known.plan,
        objective=objective,
        trace=(*result.trace, TracePoint(round(result.runtime, 3), objective, bound)),
        certificate=result.certificate and {**result.certificate, "objective": objective},
    )
    gap = better.gap
    if gap == 0:
        better = replace(better, status=Status.OPTIMAL)
    elif gap is not None and gap <= run.scenario.limits.gap:
        better = replace(better, status=Status.GAP_REACHED)
    report = run.question.measure(known.plan)
    return restated(replace(run, result=better, report=report, start=known.source, stability=None))


def share(found: Mapping[Label, Run], plans: KnownPlans | None, runs: Path) -> dict[Label, Run]:
    """Give every run the best plan that is known for its question, and write those that gain.

    Parameters
    ----------
    found
        Runs of the study, by what the study calls them.
    plans
        All plans that are known, these runs' among them; None where nothing is shared.
    runs
        Folder of the bundles. What gains is written to its own place there, never over a run that
        somebody has put elsewhere.

    Returns
    -------
    dict
        The runs under the same names. Those that cannot be written stay as they were, and a warning
        says so.
    """
    shared = dict(found)
    if plans is None:
        return shared
    for label, run in found.items():
        if run.scenario.limits.iterations is not None:
            continue  # it is to be the same wherever it runs
        question = run.question.asking(run.scenario)  # whose formulation is not kept
        known = plans.best(question, above=run.result.objective)
        if known is not None:
            better = _written(run, adopt(run.answering(question), known), runs)
            shared[label] = better.answering(run.question)
    return shared


def _with_knowledge(run: Run) -> Run:
    """Bring back what the search of a run has learned, which its folder is not to lose."""
    if run.folder is None or run.result.knowledge is not None:
        return run
    try:
        known = read_knowledge(run.folder)
    except BundleError:
        return run  # it has learned nothing
    return replace(run, result=replace(run.result, knowledge=known))


def _worth(run: Run) -> int:
    return run.question.objective(run.plan)


def _written(before: Run, run: Run, runs: Path) -> Run:
    folder = choose_folder(runs, run.question)
    note = ""
    try:
        with claim(folder, PATIENCE):
            there = left_behind(folder, run.question)
            if there is not None and _worth(there) >= _worth(run):
                return there  # another study has had the same thought, or a better one
            write_bundle(_with_knowledge(run), folder, force=True)
    except IncompleteError as error:
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise KeyboardInterrupt from None
        note = str(error)
    except (OSError, BundleError) as error:
        note = f"A better plan, of {run.start}, could not be written to {folder}: {error}"
        run, folder = before, before.folder or folder
    if note:
        warnings.warn(f"{run.scenario.name}: {note}", IncompleteRunWarning, stacklevel=3)
    return replace(run, folder=folder)
