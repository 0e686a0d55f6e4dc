"""Chains of goals as runs of a study: the first goals of all chains, then all second ones, ..."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from partition.errors import InputError
from partition.question.question import Question
from partition.runs.run import Run
from partition.runs.steps import history, next_question, with_steps
from partition.scenario import Step
from partition.studies.running.jobs import Solved, Workers, solve_all
from partition.studies.running.missing import Failure
from partition.studies.running.worker import Job

Kept = TypeVar("Kept")


class Chain(NamedTuple):
    """A question, and the goals that come after its own."""

    label: str
    question: Question
    steps: tuple[Step, ...]

    def called(self, n_steps: int) -> str:
        """Name the plan after so many of the steps."""
        return ", then ".join([self.label, *(step.goal for step in self.steps[:n_steps])])


def solve_chains(chains: Sequence[Chain], workers: Workers) -> Solved:
    """Make the runs of all chains, or find them where they are finished.

    Parameters
    ----------
    chains
        What is asked, at least one chain: every label once, all of the same land.
    workers
        Who makes the runs, and where they are kept.

    Returns
    -------
    Solved
        The runs of each chain after one another. A goal that cannot be asked for, since too little
        is proven of the one before, is a failure in it.
    """
    solved = solve_all([Job(one.label, one.question) for one in chains], workers)
    runs, folders = dict(solved.runs), dict(solved.folders)
    failures = list(solved.failures)
    for n_steps in range(1, 1 + max(len(one.steps) for one in chains)):
        jobs = []
        for one in chains:
            before = [runs.get(one.called(place)) for place in range(n_steps)]
            known = [run for run in before if run is not None]
            if n_steps > len(one.steps) or len(known) < n_steps:
                continue
            label, step = one.called(n_steps), one.steps[n_steps - 1]
            try:
                asked = next_question(known[-1], step)
            except InputError as error:
                failures.append(Failure(label, str(error), error.exit_code))
                continue
            told = history(known, one.steps[:n_steps])
            jobs.append(Job(label, asked, told, one.steps))
        if jobs:
            found = solve_all(jobs, workers)
            runs |= found.runs
            folders |= found.folders
            failures += found.failures
    return Solved(_told(chains, runs), _in_order(chains, folders), tuple(failures))


def _in_order(chains: Sequence[Chain], found: Mapping[str, Kept]) -> dict[str, Kept]:
    """Sort what belongs to plans by chains, and by their steps."""
    labels = [one.called(place) for one in chains for place in range(len(one.steps) + 1)]
    return {label: found[label] for label in labels if label in found}


def _told(chains: Sequence[Chain], runs: dict[str, Run]) -> dict[str, Run]:
    """Tell every run what the plans before it have now: one may have taken a better plan since."""
    told = dict(runs)
    for one in chains:
        before: list[Run] = []
        for place in range(len(one.steps) + 1):
            run = runs.get(one.called(place))
            if run is None:
                break
            told[one.called(place)] = with_steps(run, before, one.steps)
            before.append(run)
    return _in_order(chains, told)
