"""One search on several processes: real ones, which are killed in its midst."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from joblib import Parallel, delayed

import partition
from partition.errors import InputError
from partition.runs.lending import Here, lent
from shapefiles.units import Units
from solvers.model import Model
from solvers.result import Status
from solvers.solve import solve
from solvers.workers.messages import Task, pack_problem, packed
from solvers.workers.worker import work
from tests.solvers.conftest import confirm, draw_problem
from tests.solvers.test_workers import BUSHY, ENDLESS

BUSY = draw_problem(13, 30, "holed", "ties")


def kill_and_work(message: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return message


@dataclass
class Murdered:
    """Processes of this machine, one of which is killed by its task."""

    inner: Here
    fatal: int
    calls: list[Any] = field(default_factory=list)

    @property
    def n_workers(self) -> int:
        return self.inner.n_workers

    def submit(self, call: Callable[[bytes], bytes], message: bytes) -> Any:
        is_fatal = len(self.calls) == self.fatal
        self.calls.append(self.inner.submit(kill_and_work if is_fatal else call, message))
        return self.calls[-1]


@pytest.mark.filterwarnings("ignore::UserWarning")  # joblib's, of a process that was killed
def test_a_worker_killed_in_the_middle_costs_time_and_not_the_proof() -> None:
    here = Here(2)
    greeting = packed(Task(*pack_problem(Model(BUSY, params=BUSHY))))
    for call in [here.submit(work, greeting) for _ in range(2)]:
        call.result()  # they are there before the search is over
    workers = Murdered(here, fatal=5)
    result = solve(BUSY, ENDLESS, params=BUSHY, workers=workers, certify=True)
    assert (result.status, result.objective) == (Status.OPTIMAL, solve(BUSY).objective)
    assert confirm(BUSY, result) == result.bound
    assert len(workers.calls) > workers.fatal
    here.close()


def test_a_study_after_a_search_on_processes_has_processes_of_its_own() -> None:
    with lent(2) as here:
        assert here is not None
        assert here.submit(bytes.upper, b"search").result() == b"SEARCH"
        assert Parallel(n_jobs=2)(delayed(abs)(number) for number in (-1, -2)) == [1, 2]
        assert here.submit(bytes.upper, b"again").result() == b"AGAIN"


def test_jobs_of_a_search_answer_like_the_search_alone(squares: Units) -> None:
    alone, shared = (partition.solve("counties", data=squares, n_jobs=n_jobs) for n_jobs in (1, 2))
    assert shared.result.objective == alone.result.objective
    assert shared.result.status is alone.result.status is Status.OPTIMAL


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"n_jobs": 0}, "jobs = 0: give at least 1."),
        ({"n_jobs": 2, "iterations": 3}, "iterations = 3, and jobs = 2"),
        ({"cluster": "tcp://127.0.0.1:1", "iterations": 3}, "iterations = 3, and a cluster"),
    ],
)
def test_workers_that_make_no_sense_are_refused(
    squares: Units, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        partition.solve("counties", data=squares, **given)
    assert partition.solve("counties", data=squares, n_jobs=1, iterations=3).plan
