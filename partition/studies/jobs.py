"""Runs of a study: solved once each, wherever that is, and recognised when they are finished."""

from __future__ import annotations

import time
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from partition.answer.outcome import Outcome
from partition.errors import (
    BundleError,
    IncompleteRunWarning,
    InputError,
    WriteError,
)
from partition.land.dataset import Dataset
from partition.runs.bundle import ALL_FILES, DOCUMENT
from partition.runs.folder import check_target
from partition.runs.run import Run
from partition.runs.workshop import sweep_leftovers
from partition.studies.finished import choose_folder, find_all, identify, left_behind, recall
from partition.studies.missing import Failure
from partition.studies.spread import LostTaskError, spread
from partition.studies.worker import Answer, Job, Task, pack, perform

RUNS = Path("runs")
"""Where runs are kept and looked for."""

VISIBLE = 10.0
"""Seconds after which what a worker has written should be seen from everywhere."""


class Done(NamedTuple):
    """What tells whoever watches a study that a run has ended."""

    label: str
    outcome: Outcome | Failure
    is_reused: bool


Watch = Callable[[Done], None]


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
    found, folders, tasks = _find(jobs, dataset, runs, watch)
    waiting = list(tasks.values())
    answers: dict[str, Outcome | Failure] = {}
    data = pack(dataset) if waiting else None
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


def _find(
    jobs: Sequence[Job], dataset: Dataset, runs: Path, watch: Watch | None
) -> tuple[dict[str, Outcome | Failure], dict[str, Path], dict[str, Task]]:
    """Tell finished runs, and their folders, from tasks that are to be done, by their hash."""
    found: dict[str, Outcome | Failure] = {}
    folders: dict[str, Path] = {}
    tasks: dict[str, Task] = {}
    finished, refusals = find_all(runs), list[BundleError]()
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
        try:
            check_target(folder, ALL_FILES, force=True)
        except BundleError as error:
            refusals.append(error)
            found[job.label] = Failure(job.label, str(error), 1)
            continue
        folders[job.label] = folder
        # Two jobs that ask the same are one run.
        tasks.setdefault(sha256, Task(job, str(folder.absolute()), sha256))
    if refusals and not any(isinstance(one, Outcome) for one in found.values()):
        raise refusals[0]
    return found, folders, tasks


def _outcome(
    answer: Answer | Failure | LostTaskError, task: Task, dataset: Dataset, *, is_first: bool
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
    if answer.note:
        warnings.warn(f"{task.job.label}: {answer.note}", IncompleteRunWarning, stacklevel=2)
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


def _check_labels(jobs: Sequence[Job]) -> None:
    """Refuse a study in which two runs would be called the same."""
    for label, times in Counter(job.label for job in jobs).items():
        if times > 1:
            raise InputError(f"{label!r} is asked for twice; give each scenario once.")
