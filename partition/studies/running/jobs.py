"""Runs of a study: solved once each, wherever that is, and recognised when they are finished."""

from __future__ import annotations

import time
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

from partition.errors import (
    BundleError,
    IncompleteRunWarning,
    InputError,
    WriteError,
)
from partition.pages.notebook import counting_in_notebook
from partition.runs.bundle import ALL_FILES, DOCUMENT
from partition.runs.folder import check_target
from partition.runs.known import KnownPlan, KnownPlans
from partition.runs.run import Run
from partition.runs.workshop import sweep_leftovers
from partition.studies.running.finished import (
    FinishedRun,
    choose_folder,
    find_finished,
    left_behind,
    recall,
)
from partition.studies.running.missing import Failure
from partition.studies.running.sharing import plans_to_share, share
from partition.studies.running.spread import LostTaskError, default_n_jobs, spread
from partition.studies.running.stopping import current, searching
from partition.studies.running.under_way import following, forget
from partition.studies.running.worker import INTERRUPTED, Job, Reply, Request, pack, perform

RUNS = Path("runs")
"""Where runs are kept and looked for."""

VISIBLE = 10.0
"""Seconds after which what a worker has written should be seen from everywhere."""


class Done(NamedTuple):
    """What tells whoever watches a study that a run has ended."""

    label: str
    outcome: Run | Failure
    is_reused: bool


Watch = Callable[[Done], None]


@runtime_checkable
class Foreteller(Protocol):
    """A watch that is told before the runs begin how long they may take."""

    def foretell(self, limits: Sequence[float], width: int | None) -> None:
        """Take note of the time limits of the runs to be made, and how many go on at a time.

        The number is None where that is the matter of a cluster.
        """


@dataclass(frozen=True, slots=True)
class Workers:
    """Who makes the runs of a study, and where they are kept.

    Parameters
    ----------
    runs
        Folder of the bundles. Any bundle in it with the same inputs is a finished run, if its plan
        has the objective that it says and meets the constraints; others are made anew and
        written to ``SCENARIO-ELECTION-HASH`` as soon as they end, whole or not at all. The workers
        of a cluster must see it as well.
    n_jobs, cluster
        Runs at a time on this machine, or the scheduler of a cluster; see
        :func:`partition.studies.running.spread.spread`.
    watch
        Told of every run that has ended, and of those under way where it is a
        :class:`partition.studies.running.under_way.Follower`.
    fresh
        Whether all runs are made anew, and every search begins with nothing.
    cold
        Whether plans and inequalities that come with the package are left aside; `fresh` leaves
        them aside as well.
    """

    runs: str | Path = RUNS
    n_jobs: int | None = None
    cluster: str | None = None
    watch: Watch | None = None
    fresh: bool = False
    cold: bool = False

    def width(self, most: int) -> int:
        """Say how many runs go on at a time; `most` where that is the cluster's matter."""
        return most if self.cluster else self.n_jobs or default_n_jobs()

    def foretell(self, limits: Sequence[float]) -> None:
        """Tell whoever watches how long runs that are about to begin may take, in seconds each."""
        if isinstance(self.watch, Foreteller):
            self.watch.foretell(limits, None if self.cluster else self.n_jobs or default_n_jobs())

    def tell(self, done: Done) -> None:
        """Tell whoever watches that a run has ended."""
        if self.watch is not None:
            self.watch(done)


@dataclass(frozen=True, slots=True)
class Solved:
    """Runs of the jobs of a study.

    Parameters
    ----------
    runs, folders
        Every run with a plan, and the folder of its bundle, by label, in the order of the jobs.
    failures
        What became of the jobs that ended without a plan.
    """

    runs: Mapping[str, Run]
    folders: Mapping[str, Path]
    failures: tuple[Failure, ...]


def solve_all(jobs: Sequence[Job], workers: Workers, plans: KnownPlans | None = None) -> Solved:
    """Make the runs of a study, or find them where they are finished.

    Parameters
    ----------
    jobs
        Runs to make or to find, at least one: every label once, all of the same land.
    workers
        Who makes them, and where they are kept.
    plans
        Plans that are known beside those of the folder: each search begins with the best one, and
        what is found is added.

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
    if workers.watch is not None:
        return _solve_all(jobs, workers, plans)
    with counting_in_notebook(len(jobs)) as count:
        watch = None if count is None else lambda done: count(done.label)
        return _solve_all(jobs, replace(workers, watch=watch), plans)


def _solve_all(jobs: Sequence[Job], workers: Workers, plans: KnownPlans | None) -> Solved:
    """Find finished runs, make the others, and let all of them share their plans."""
    runs = Path(workers.runs)
    if plans is None:
        plans = plans_to_share([job.question for job in jobs], runs, fresh=workers.fresh)
    finished = [] if workers.fresh else find_finished(runs)
    found, folders, waiting = _find(jobs, finished, runs, workers)
    requests = [_request(job, folders[job.label], plans, workers) for job in waiting]
    workers.foretell([job.question.scenario.limits.time_limit for job in waiting])
    answers: dict[str, Run | Failure] = {}
    data = pack(jobs[0].question.dataset) if requests else None
    answered = spread(perform, requests, data, n_jobs=workers.n_jobs, cluster=workers.cluster)
    places = {job.label: folders[job.label] for job in waiting}
    with searching(), following(places, workers.watch):
        for number, answer in answered:
            job = waiting[number]
            ending = _ending(answer, job, folders[job.label], is_first=not answers)
            answers[job.question.identity] = ending
            forget(folders[job.label])
            if not (isinstance(ending, Failure) and ending.message == INTERRUPTED):
                workers.tell(Done(job.label, ending, is_reused=False))
    for job in jobs:
        if job.label not in found:
            found[job.label] = _called(answers[job.question.identity], job)
    sweep_leftovers(runs, ALL_FILES)
    endings = {job.label: found[job.label] for job in jobs}
    solved = {label: one for label, one in endings.items() if isinstance(one, Run)}
    if plans is not None:
        for label, run in solved.items():
            plans.add(run.plan, folders[label].name)
    shared = share(solved, plans, runs)
    return Solved(
        shared,
        {label: run.folder or folders[label] for label, run in shared.items()},
        tuple(one for one in endings.values() if isinstance(one, Failure)),
    )


def _find(
    jobs: Sequence[Job], finished: Sequence[FinishedRun], runs: Path, workers: Workers
) -> tuple[dict[str, Run | Failure], dict[str, Path], list[Job]]:
    """Tell finished runs from those that are to be made, and say where each of them lies."""
    found: dict[str, Run | Failure] = {}
    folders: dict[str, Path] = {}
    waiting: dict[str, Job] = {}
    refusals = list[BundleError]()
    for job in jobs:
        identity = job.question.identity
        folder = choose_folder(runs, job.question)
        known = None if identity in waiting else recall(finished, folder, job.question)
        if known is not None:
            folders[job.label], found[job.label] = known
            workers.tell(Done(job.label, found[job.label], is_reused=True))
            continue
        try:
            check_target(folder, ALL_FILES, force=True)
        except BundleError as error:
            refusals.append(error)
            found[job.label] = Failure(job.label, str(error), 1)
            continue
        folders[job.label] = folder
        waiting.setdefault(identity, job)  # two jobs that ask the same are one run
    if refusals and not any(isinstance(one, Run) for one in found.values()):
        raise refusals[0]
    return found, folders, list(waiting.values())


def _request(job: Job, folder: Path, plans: KnownPlans | None, workers: Workers) -> Request:
    start = None if plans is None else _start(job, plans)
    place, scenario = str(folder.absolute()), job.question.scenario
    fresh, cold = workers.fresh, workers.cold
    stop = current()
    until = "" if stop is None else str(stop.file.absolute())
    return Request(job.label, scenario, start, place, fresh, job.told, job.steps, cold, until)


def _start(job: Job, plans: KnownPlans) -> KnownPlan | None:
    """Find the plan to begin with; what contradicts itself is said where it is to be solved."""
    try:
        question = job.question
        return plans.best(question.asking(question.scenario))  # whose formulation is not kept
    except InputError:
        return None


def _ending(
    answer: Reply | Failure | LostTaskError, job: Job, folder: Path, *, is_first: bool
) -> Run | Failure:
    if isinstance(answer, LostTaskError):
        # Its worker may have written it before it died, or another study.
        found = left_behind(folder, job.question)
        lost = Failure(job.label, str(answer), answer.exit_code)
        return lost if found is None else found
    if isinstance(answer, Failure):
        return answer
    if not _is_visible(folder / DOCUMENT):
        hidden = (
            f"A worker has written {folder.absolute()}, which cannot be seen from here. Choose a "
            "folder that all machines share (--runs)."
        )
        if is_first:  # and then no other will be seen either
            raise WriteError(hidden)
        return Failure(job.label, hidden, 1)
    if answer.note:
        warnings.warn(f"{job.label}: {answer.note}", IncompleteRunWarning, stacklevel=2)
    return Run(
        job.question, answer.result, answer.report, folder, answer.start, taught_by=answer.taught_by
    )


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


def _called(answer: Run | Failure, job: Job) -> Run | Failure:
    """Give the answer to a job in its own words, where another one has asked the same."""
    if isinstance(answer, Failure):
        return answer._replace(label=job.label)
    return answer.answering(job.question)


def _check_labels(jobs: Sequence[Job]) -> None:
    """Refuse a study in which two runs would be called the same."""
    for label, times in Counter(job.label for job in jobs).items():
        if times > 1:
            raise InputError(f"{label!r} is asked for twice; give each scenario once.")
