"""Runs of a study: solved once each, wherever that is, and recognised when they are finished."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from partition.bundle import ALL_FILES, DOCUMENT, write_bundle
from partition.dataset import Dataset
from partition.errors import (
    BundleError,
    ClashError,
    InfeasibleError,
    InputError,
    InterruptedSearchError,
    NoPlanError,
    PartitionError,
    WriteError,
)
from partition.folder import check_target
from partition.locks import claim
from partition.outcome import Outcome
from partition.report import Report
from partition.run import Run, solve
from partition.scenario import Scenario
from partition.studies.finished import choose_folder, find_all, identify, left_behind, recall
from partition.studies.spread import LostTaskError, spread
from partition.workshop import sweep_leftovers
from solvers.plan import Plan
from solvers.result import Result

log = logging.getLogger(__name__)

RUNS = Path("runs")
"""Where runs are kept and looked for."""

GRACE = 60.0
"""Seconds that a run may take on top of its time limit, to be measured, drawn and written."""

VISIBLE = 10.0
"""Seconds after which what a worker has written should be seen from everywhere."""


@dataclass(frozen=True, slots=True)
class Job:
    """A run to make.

    Parameters
    ----------
    label
        What it is called in the study.
    scenario
        What is asked.
    start
        A plan to begin with, or None. It changes how soon a good plan is found, not what a good
        plan is, and so is no part of what identifies a run.
    """

    label: str
    scenario: Scenario
    start: Plan | None = None


class Failure(NamedTuple):
    """A run that ended without a plan."""

    label: str
    message: str
    exit_code: int
    """Of the command line, had the run been made alone."""
    is_answer: bool = False
    """Whether it is known that there is no plan; otherwise the study lacks one."""


class Done(NamedTuple):
    """What tells whoever watches a study that a run has ended."""

    label: str
    outcome: Outcome | Failure
    is_reused: bool


Watch = Callable[[Done], None]


class _Task(NamedTuple):
    """A job with all that a worker needs."""

    job: Job
    folder: str
    sha256: str


class _Solved(NamedTuple):
    """A run without its data and its proof, which stay where it was made."""

    result: Result
    plan: Plan
    report: Report


@dataclass(frozen=True, slots=True)
class Solved:
    """Outcomes of the jobs of a study.

    Parameters
    ----------
    outcomes, folders
        Of every run with a plan: the run, and the folder of its bundle, by label, in the order of
        the jobs.
    failures
        The others.
    """

    outcomes: Mapping[str, Outcome]
    folders: Mapping[str, Path]
    failures: tuple[Failure, ...]


def solve_all(
    jobs: Sequence[Job],
    dataset: Dataset,
    *,
    runs: Path = RUNS,
    n_jobs: int | None = None,
    cluster: str | None = None,
    watch: Watch | None = None,
) -> Solved:
    """Make the runs of a study, or find them where they are finished.

    Parameters
    ----------
    jobs
        What to run; every label once.
    dataset
        What to divide.
    runs
        Folder of the bundles. Any bundle in it with the same inputs is a finished run, if its plan
        has the objective that it says and meets the constraints; others are made anew and
        written to ``SCENARIO-ELECTION-HASH`` as soon as they end, whole or not at all. The workers
        of a cluster must see it as well.
    n_jobs, cluster
        As for :func:`partition.studies.spread.spread`.
    watch
        Told of every run that has ended.

    Returns
    -------
    Solved
        A run without a plan is a failure in it, and no error.

    Raises
    ------
    InputError
        When two jobs have one label, the folder cannot be written to, or the cluster cannot be
        used.
    WriteError
        When a bundle cannot be written, or cannot be seen from here.
    """
    _check_labels(jobs)
    finished = find_all(runs)
    found: dict[str, Outcome | Failure] = {}
    folders: dict[str, Path] = {}
    tasks: dict[str, _Task] = {}
    for job in jobs:
        sha256 = identify(job.scenario, dataset)
        folder = choose_folder(runs, job.scenario, sha256)
        is_asked = sha256 in tasks
        places = finished.get(sha256, [])
        known = None if is_asked else recall(places, folder, job.scenario, dataset)
        if known is not None:
            folders[job.label], found[job.label] = known[0], _as_run(known[1])
            if watch is not None:
                watch(Done(job.label, found[job.label], is_reused=True))
            continue
        check_target(folder, ALL_FILES, force=True)
        folders[job.label] = folder
        # Two jobs that ask the same are one run.
        tasks.setdefault(sha256, _Task(job, str(folder.absolute()), sha256))
    waiting = list(tasks.values())
    answers: dict[str, Outcome | Failure] = {}
    data = _luggage(dataset) if waiting else None
    for number, answer in spread(perform, waiting, data, n_jobs=n_jobs, cluster=cluster):
        task = waiting[number]
        answers[task.sha256] = _outcome(answer, task, dataset, is_first=not answers)
        if watch is not None:
            watch(Done(task.job.label, answers[task.sha256], is_reused=False))
    for job in jobs:
        if job.label not in found:
            found[job.label] = _called(answers[identify(job.scenario, dataset)], job)
    sweep_leftovers(runs, ALL_FILES)
    outcomes = {job.label: found[job.label] for job in jobs}
    plans = {label: one for label, one in outcomes.items() if isinstance(one, Outcome)}
    return Solved(
        plans,
        {label: folders[label] for label in plans},
        tuple(one for one in outcomes.values() if isinstance(one, Failure)),
    )


def require_plans(solved: Solved) -> None:
    """Raise the first failure of a study in which nothing was found.

    Raises
    ------
    PartitionError
        What became of the first run.
    """
    if not solved.outcomes:
        first = solved.failures[0]
        kinds = (InputError, InfeasibleError, InterruptedSearchError)
        kind = next((one for one in kinds if one.exit_code == first.exit_code), NoPlanError)
        raise kind(f"{first.label}: {first.message}")


def perform(task: _Task, data: dict[str, Any] | None) -> _Solved | Failure:
    """Make one run and write its bundle, in whatever process; errors are handed back.

    Parameters
    ----------
    task
        What to run.
    data
        Fields of the data; None for those of the package, which every worker has.
    """
    folder, scenario = Path(task.folder), task.job.scenario
    dataset = _unpacked(data)

    def tell() -> None:
        log.warning("%s: another study makes the same run; waiting for it.", task.job.label)

    # The same run of another study may take as long as this one, but no longer: it may be asleep.
    patience = None if scenario.limits.iterations else scenario.limits.time_limit + GRACE
    try:
        with claim(folder, patience, tell):
            # Another study may have made it, or a worker that died after it had written.
            run = left_behind(folder, task.sha256, scenario, dataset)
            if run is None:
                run = solve(scenario, data=dataset, start=task.job.start)
                _write(run, folder)
    except PartitionError as error:
        is_answer = isinstance(error, (InfeasibleError, ClashError))
        return Failure(task.job.label, str(error), error.exit_code, is_answer)
    except MemoryError:
        return Failure(task.job.label, "There was too little memory.", 1)
    return _Solved(replace(run.result, certificate=None), run.plan, run.report)


def _write(run: Run, folder: Path) -> None:
    try:
        write_bundle(run, folder, force=True)
    except (OSError, BundleError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LostTaskError(f"It could not be written to {folder.parent}: {reason}.") from None


def _outcome(
    answer: _Solved | Failure | LostTaskError, task: _Task, dataset: Dataset, *, is_first: bool
) -> Outcome | Failure:
    folder, scenario = Path(task.folder), task.job.scenario
    if isinstance(answer, LostTaskError):
        # Its worker may have written it before it died, or another study.
        found = left_behind(folder, task.sha256, scenario, dataset)
        lost = Failure(task.job.label, str(answer), answer.exit_code)
        return lost if found is None else _as_run(found)
    if isinstance(answer, Failure):
        return answer
    if not _is_visible(folder / DOCUMENT):
        hidden = (
            f"A worker has written {task.folder}, which cannot be seen from here. Choose a folder "
            "that all machines share (--runs)."
        )
        if is_first:  # and then no other will be seen either
            raise WriteError(hidden)
        return Failure(task.job.label, hidden, 1)
    return Run(scenario, dataset, answer.result, answer.plan, answer.report)


def _is_visible(path: Path) -> bool:
    """Whether a file can be seen, which takes a while where a network lies between."""
    deadline = time.monotonic() + VISIBLE
    while not path.exists():
        if time.monotonic() > deadline:
            return False
        with suppress(OSError):  # looking at what is around it makes the system ask the server
            list(path.parent.parent.iterdir())
        time.sleep(0.1)
    return True


def _called(answer: Outcome | Failure, job: Job) -> Outcome | Failure:
    """Give the answer to a job in its own words, where another one has asked the same."""
    if isinstance(answer, Failure):
        return answer._replace(label=job.label)
    return replace(answer, scenario=job.scenario)


def _as_run(outcome: Outcome) -> Run:
    return Run(outcome.scenario, outcome.dataset, outcome.result, outcome.plan, outcome.report)


def _luggage(dataset: Dataset) -> dict[str, Any] | None:
    """Pack the data for another process; those that come with the package stay at home."""
    if dataset.hashes == _embedded_hashes():
        return None
    packed = {one.name: getattr(dataset, one.name) for one in fields(dataset)}
    # Read-only views of mappings cannot travel.
    return {name: dict(one) if isinstance(one, Mapping) else one for name, one in packed.items()}


def _unpacked(luggage: dict[str, Any] | None) -> Dataset:
    return _embedded() if luggage is None else Dataset(**luggage)


def _embedded_hashes() -> Mapping[str, str]:
    from shapefiles.read import data_hashes  # noqa: PLC0415

    return data_hashes()


@cache
def _embedded() -> Dataset:
    return Dataset.embedded()


def _check_labels(jobs: Sequence[Job]) -> None:
    """Refuse a study in which two runs would be called the same."""
    for label, times in Counter(job.label for job in jobs).items():
        if times > 1:
            raise InputError(f"{label!r} is asked for twice; give each scenario once.")
