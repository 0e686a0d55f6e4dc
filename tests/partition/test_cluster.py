"""A study on a real cluster: scheduler and workers are processes of this machine."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import partition
from partition.errors import IncompleteStudyWarning, InputError
from partition.runs import cluster as cluster_of_dask
from partition.runs.lending import lent
from partition.studies.running import spread
from partition.studies.running.finished import find_finished
from partition.studies.running.jobs import Done
from partition.studies.running.spread import LostTaskError
from partition.studies.sweeping.sweep import sweep
from shapefiles.units import Units
from solvers.model import Model
from solvers.result import Status
from solvers.solve import solve
from solvers.workers.messages import Task, pack_problem, packed
from solvers.workers.worker import work
from tests.partition.conftest import build_grid
from tests.solvers.conftest import confirm, draw_problem
from tests.solvers.test_workers import BUSHY

dask = pytest.importorskip("dask")
pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


# Schedulers and workers are forked from a process that has loaded all they need, which would take
# each of them longer than what most tests have them do.
FORKS = multiprocessing.get_context("forkserver")
LOADED = ["distributed.cli.dask_scheduler", "distributed.cli.dask_worker"]
LOADED += ["tests.partition.test_cluster", "tests.partition.ready"]


class Cluster(NamedTuple):
    """Processes of this machine, and where to reach them."""

    address: str
    scheduler: ForkServerProcess
    workers: list[ForkServerProcess]


def serve(kind: str, arguments: list[str], settings: dict[str, Any], log: Path) -> None:
    """Be a scheduler or a worker as the command line starts it."""
    os.chdir(log.parent)
    with log.open("wb") as stream:
        for output in (1, 2):
            os.dup2(stream.fileno(), output)
    command = importlib.import_module(f"distributed.cli.dask_{kind}").main
    with dask.config.set(settings):
        command([*arguments, "--no-dashboard"])


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "nothing happened for a minute"
        time.sleep(0.05)


@pytest.fixture
def settings() -> dict[str, Any]:
    """What Dask is told besides."""
    return {}


@pytest.fixture
def cluster(
    request: pytest.FixtureRequest, settings: dict[str, Any], tmp_path: Path
) -> Iterator[Cluster]:
    folder = tmp_path / "dask"
    folder.mkdir()
    FORKS.set_forkserver_preload(LOADED)
    processes: list[ForkServerProcess] = []

    def run(kind: str, *arguments: str) -> Path:
        log = folder / f"{len(processes)}.log"
        log.touch()
        processes.append(FORKS.Process(target=serve, args=(kind, arguments, settings, log)))
        processes[-1].start()
        return log

    try:
        log = run("scheduler", "--host", "127.0.0.1", "--port", "0")
        wait_for(lambda: "Scheduler at:" in log.read_text())
        found = re.search(r"Scheduler at:\s+(tcp://[\d.:]+)", log.read_text())
        assert found is not None
        address = found[1]
        for _ in range(getattr(request, "param", 2)):
            run("worker", address, "--nthreads", "1", "--no-nanny")
        yield Cluster(address, processes[0], processes[1:])
    finally:
        for process in processes:
            process.kill()
            process.join()


def was_killed(process: ForkServerProcess) -> bool:
    process.join(10)
    return process.exitcode == -signal.SIGKILL


def test_a_study_survives_a_worker_killed_in_its_midst(
    cluster: Cluster, squares: Units, tmp_path: Path
) -> None:
    base = partition.Scenario.load("archipelago")
    scenarios = [
        replace(base.override(seed=number), name=f"run-{number:02}") for number in range(12)
    ]
    seen: list[Done] = []

    def watch(done: Done) -> None:
        if not seen:
            # It is busy: twelve runs wait for two workers.
            cluster.workers[0].kill()
        seen.append(done)

    comparison = partition.compare(
        scenarios, data=squares, runs=tmp_path / "runs", cluster=cluster.address, watch=watch
    )
    assert was_killed(cluster.workers[0])
    assert sorted(one.label for one in seen) == [one.name for one in scenarios]
    assert list(comparison.outcomes) == [one.name for one in scenarios]
    alone = partition.solve(base, data=squares)
    assert {one.result.objective for one in comparison.outcomes.values()} == {
        alone.result.objective
    }
    assert [one.result.seed for one in comparison.outcomes.values()] == list(range(12))
    found = [one.folder for one in find_finished(tmp_path / "runs")]
    assert sorted(found) == sorted(comparison.folders.values())
    assert len(list((tmp_path / "runs").iterdir())) == 12
    # Whatever the workers were, everything is finished now: no cluster is asked.
    again = partition.compare(
        scenarios, data=squares, runs=tmp_path / "runs", cluster="tcp://127.0.0.1:1"
    )
    assert again.folders == comparison.folders


@pytest.mark.parametrize("kind", ["adaptive", "then"])
def test_a_study_in_rounds_ends_with_the_same_answer_although_a_worker_is_killed(
    cluster: Cluster, tmp_path: Path, kind: str
) -> None:
    """What the rounds hand on lies in files, which no worker takes with it."""
    rng = np.random.default_rng(31)
    blue, red = rng.integers(0, 100, (2, 9)).tolist()
    units = build_grid(3, 3, blue=blue, red=red)
    ended: list[Done] = []

    def watch(done: Done) -> None:
        if not ended:
            cluster.workers[0].kill()
        ended.append(done)

    def study(runs: Path, **where: Any) -> list[Any]:
        limits = {"data": units, "runs": runs, "gap": 0, "time_limit": 20, **where}
        if kind == "adaptive":
            region = sweep("counties", ["border=0:8"], **limits).region
            assert region is not None
            return [(one.low, one.high) for one in region.best]
        asked = ["counties", "counties@blue.pieces=2", "counties@red.pieces=2"]
        found = partition.compare(asked, then=[("cut_edges", 0.2)], **limits)
        assert not found.missing
        return [(label, one.result.objective) for label, one in found.runs.items()]

    answer = study(tmp_path / "runs", cluster=cluster.address, watch=watch)
    assert was_killed(cluster.workers[0])
    assert len(ended) > 3
    assert answer == study(tmp_path / "alone", n_jobs=1)
    left = [one.name for one in (tmp_path / "runs").iterdir() if one.name.startswith(".")]
    assert not [name for name in left if name.endswith(".progress")]


def kill_if_negative(number: int, _: None) -> int:
    if number < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def what_is_lost(answers: list[tuple[int, object]]) -> dict[int, str]:
    return {number: str(one) for number, one in answers if isinstance(one, LostTaskError)}


def test_a_cluster_that_loses_all_its_workers_says_which_tasks_are_lost(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_of_dask, "DESERTED", 1.0)
    tasks = [1, 2, -1, -2, 3]
    answers = list(spread.spread(kill_if_negative, tasks, None, cluster=cluster.address))
    assert sorted(number for number, _ in answers) == list(range(5))
    lost = what_is_lost(answers)
    assert {2, 3} <= set(lost)
    assert set(lost.values()) == {"The cluster has no worker left."}
    assert all(one == tasks[number] for number, one in answers if number not in lost)


# A scheduler that gives a task up after it has killed two workers, and not four, needs fewer.
@pytest.mark.parametrize("settings", [{"distributed.scheduler.allowed-failures": 1}], ids=["two"])
@pytest.mark.parametrize("cluster", [3], indirect=True)
def test_a_task_that_kills_its_workers_is_lost_and_ends_nothing(cluster: Cluster) -> None:
    tasks = [-1, 1, 2, 3, 4, 5]
    answers = list(spread.spread(kill_if_negative, tasks, None, cluster=cluster.address))
    assert sorted(number for number, _ in answers) == list(range(6))
    lost = what_is_lost(answers)
    assert lost[0] == "Every worker that began it was killed; memory may be short."
    kept = {number: one for number, one in answers if number not in lost}
    assert kept  # one worker is left, and does what is left
    assert all(tasks[number] == one for number, one in kept.items())


def kill_parent(number: int, scheduler: int) -> int:
    if number == 3:
        os.kill(scheduler, signal.SIGKILL)
        time.sleep(60)
    return number


def test_a_scheduler_that_dies_loses_what_is_not_finished_and_nothing_else(
    cluster: Cluster,
) -> None:
    start = time.monotonic()
    pid = cluster.scheduler.pid
    answers = list(spread.spread(kill_parent, [1, 2, 3, 4, 5], pid, cluster=cluster.address))
    assert time.monotonic() - start < 15
    assert sorted(number for number, _ in answers) == list(range(5))
    lost = what_is_lost(answers)
    assert 2 in lost
    assert set(lost.values()) == {"The scheduler of the cluster went away."}


def test_a_study_whose_scheduler_dies_keeps_what_is_finished_and_says_what_is_missing(
    cluster: Cluster, squares: Units, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    base = partition.Scenario.load("archipelago").override(
        settings={"nations.blue.least.population": 0.1}
    )
    ended: list[Done] = []

    def watch(done: Done) -> None:
        ended.append(done)
        cluster.scheduler.kill()

    # Two rounds of points: in the second one, there is no cluster to begin with.
    with pytest.warns(IncompleteStudyWarning, match="plans? (is|are) missing"):
        found = sweep(
            base,
            ["border=0:1:3"],
            data=squares,
            runs=tmp_path,
            cluster=cluster.address,
            watch=watch,
        )
    assert 1 <= len(found.rows) <= 2
    assert len(found.rows) + len(found.failures) == len(ended) == 3
    assert "border 0.5: No Dask scheduler answers" in found.missing
    assert "Traceback" not in capfd.readouterr().err
    kept = {one.folder for one in find_finished(tmp_path)}
    assert len(kept) >= len(found.rows)
    again = sweep(base, ["border=0:1:3"], data=squares, runs=tmp_path, n_jobs=1)
    assert not again.missing
    assert kept <= {one.folder for one in find_finished(tmp_path)}


class Unreadable:
    """What this process can send and no other can read."""

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return int, ("no number",)


def spell(task: object, _: None) -> str:
    return repr(task)


def test_a_task_that_no_worker_can_read_is_lost_and_no_other(cluster: Cluster) -> None:
    answers = list(spread.spread(spell, [7, Unreadable(), 8], None, cluster=cluster.address))
    assert sorted(one for one in answers if one[0] != 1) == [(0, "7"), (2, "8")]
    assert "The cluster gave it up." in what_is_lost(answers)[1]


def whereabouts(_: int, __: None) -> int:
    return os.getpid()


def test_a_single_worker_does_all_the_work(cluster: Cluster) -> None:
    """Of a search whose first worker is killed in its midst, and of tasks that come after."""
    problem = draw_problem(13, 30, "holed", "ties")
    greeting = packed(Task(*pack_problem(Model(problem, params=BUSHY))))
    with lent(cluster=cluster.address) as workers:
        assert workers is not None
        for call in [workers.submit(work, greeting) for _ in range(workers.n_workers)]:
            wait_for(call.done)  # they are there before the search is over
        seen = count()

        def kill_once() -> bool:
            if next(seen) == 1:
                cluster.workers[0].kill()
            return False

        result = solve(problem, params=BUSHY, workers=workers, certify=True, should_stop=kill_once)
    assert (result.status, result.objective) == (Status.OPTIMAL, solve(problem).objective)
    assert confirm(problem, result) == result.bound
    assert was_killed(cluster.workers[0])
    tasks = [1, 2, 3]
    answers = dict(spread.spread(whereabouts, tasks, None, cluster=cluster.address))
    assert answers == dict.fromkeys(range(3), cluster.workers[1].pid)


def test_a_cluster_that_cannot_be_used_is_named(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_of_dask, "PATIENCE", 1.0)
    with pytest.raises(InputError, match=r"No Dask scheduler answers at 'tcp://127.0.0.1:1'"):
        list(spread.spread(spell, [1], None, cluster="tcp://127.0.0.1:1"))
    with pytest.raises(InputError, match=r"No Dask scheduler answers at 'nowhere'"):
        list(spread.spread(spell, [1], None, cluster="nowhere"))
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"two-nations\[cluster\]"):
        list(spread.spread(spell, [1], None, cluster="tcp://127.0.0.1:1"))
