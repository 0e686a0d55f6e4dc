"""A study whose runs come in rounds, each of which begins with what earlier ones have found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from partition.errors import InputError, WriteError
from partition.question.question import Question
from partition.runs.run import Run
from partition.studies.running.jobs import Done, Workers, solve_all
from partition.studies.running.missing import Failure
from partition.studies.running.sharing import plans_to_share, share
from partition.studies.running.worker import Job


class Planner(Protocol):
    """What says which runs come next."""

    @property
    def questions(self) -> list[Question]:
        """Some of what is asked, at least one."""

    @property
    def runs(self) -> Mapping[str, Run]:
        """Finished runs by label."""

    def next_jobs(self) -> list[Job]:
        """State the runs of the next round; nothing at the end."""

    def take(self, runs: Mapping[str, Run], failures: Sequence[Failure]) -> None:
        """Note what has come of some runs, by label; a later answer replaces an earlier one."""


def solve_rounds(planner: Planner, workers: Workers) -> None:
    """Make the runs of a study, round after round.

    Parameters
    ----------
    planner
        Says which runs there are, and is told what comes of them.
    workers
        Who makes them, and where they are kept.

    Raises
    ------
    InputError, WriteError
        As of :func:`partition.studies.running.jobs.solve_all`, in the first round. In later ones
        the runs of a round are lost, and the study has the others.
    """
    runs, is_first = Path(workers.runs), True
    plans = plans_to_share(planner.questions, runs, fresh=workers.fresh)
    while jobs := planner.next_jobs():
        try:
            solved = solve_all(jobs, workers, plans)
            planner.take(solved.runs, solved.failures)
        except (InputError, WriteError) as error:
            # The cluster or the disk is gone, with which the study had begun.
            if is_first:
                raise
            lost = [Failure(job.label, str(error), 1) for job in jobs]
            for one in lost:
                workers.tell(Done(one.label, one, is_reused=False))
            planner.take({}, lost)
        is_first = False
    # What later points have found serves earlier ones.
    planner.take(share(planner.runs, plans, runs), ())
