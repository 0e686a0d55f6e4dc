"""In other people's programs: copies travel, threads and forks solve, nothing is left behind."""

from __future__ import annotations

import asyncio
import copy
import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import partition
from partition.land.dataset import Dataset
from partition.runs.bundle import ALL_FILES, DOCUMENT
from partition.runs.run import Run
from partition.scenario import Scenario
from shapefiles.units import Units
from solvers.problem import Budget, Problem
from tests.partition.conftest import build_grid


def _through_a_file(one: Any) -> Any:
    import io  # noqa: PLC0415

    import joblib  # noqa: PLC0415

    stream = io.BytesIO()
    joblib.dump(one, stream)
    stream.seek(0)
    return joblib.load(stream)


COPIES: dict[str, Callable[[Any], Any]] = {
    "pickle": lambda one: pickle.loads(pickle.dumps(one)),
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
    "joblib": _through_a_file,
}
ROUNDS = 6


@pytest.fixture(scope="module")
def town() -> Units:
    """A grid on which the search has something to do in each of its rounds."""
    rng = np.random.default_rng(4)
    votes = rng.integers(1, 1000, (2, 144)).tolist()
    return build_grid(12, 12, *votes)


def ask(units: Units, seed: int = 3) -> Run:
    return partition.solve("counties", data=units, iterations=ROUNDS, gap=0.0, seed=seed)


def said(run: Run) -> tuple[Any, ...]:
    """What two runs of one seed have in common: all but times."""
    result = run.result
    trace = [(point.incumbent, point.bound) for point in result.trace]
    return (
        run.plan.assignment.tolist(),
        result.objective,
        result.bound,
        result.status,
        trace,
        run.report,
    )


@pytest.fixture(scope="module")
def run(town: Units) -> Run:
    return ask(town)


def arrays(value: Any) -> list[np.ndarray[Any, Any]]:
    """Every array in a value, at any depth."""
    if isinstance(value, np.ndarray):
        return [value]
    if is_dataclass(value):
        return [one for field in fields(value) for one in arrays(getattr(value, field.name))]
    if isinstance(value, dict) or hasattr(value, "items"):
        return [one for _, held in value.items() for one in arrays(held)]
    if isinstance(value, list | tuple):
        return [one for held in value for one in arrays(held)]
    return []


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("data", ["own", "embedded"])
def test_whatever_a_run_consists_of_can_be_copied(
    way: str, data: str, run: Run, dataset: Dataset, tmp_path: Path
) -> None:
    given = run if data == "own" else partition.solve("states", data=dataset)
    twin = COPIES[way](given)
    assert (twin.scenario, twin.plan, twin.result, twin.report) == (
        given.scenario,
        given.plan,
        given.result,
        given.report,
    )
    for one in (given.scenario, given.plan, given.result, given.report):
        assert COPIES[way](one) == one
    theirs, ours = arrays(given), arrays(twin)
    assert len(theirs) == len(ours) > 10
    for one, other in zip(theirs, ours, strict=True):
        assert not other.flags.writeable
        assert one.dtype == other.dtype
        if one.dtype != object:
            np.testing.assert_array_equal(one, other)
    assert repr(twin) == repr(given)
    if data == "own":
        first, second = given.write(tmp_path / "a"), twin.write(tmp_path / "b")
        for name in ALL_FILES & {one.name for one in first.iterdir()}:
            assert (first / name).read_bytes() == (second / name).read_bytes()


@pytest.mark.parametrize("way", COPIES)
def test_a_problem_and_its_budgets_can_be_copied(way: str) -> None:
    budget = Budget(np.array([1, 2, 3]), lower=1, name="people")
    problem = Problem(
        np.array([[1, 2], [3, 4], [5, 6]]), np.array([[0, 1], [1, 2]]), budgets=(budget,)
    )
    twin = COPIES[way](problem)
    assert twin.budgets[0].name == "people"
    assert all(not one.flags.writeable for one in arrays(twin))
    assert twin.objective(np.array([0, 1, 1])) == problem.objective(np.array([0, 1, 1]))


def test_studies_can_be_copied(squares: Units, tmp_path: Path) -> None:
    found = partition.compare(["archipelago", "counties"], data=squares, runs=tmp_path)
    assert COPIES["pickle"](found).rows == found.rows
    assert copy.deepcopy(found).rows == found.rows


def test_a_thread_and_the_main_thread_find_the_same(town: Units, run: Run) -> None:
    with ThreadPoolExecutor(1) as pool:
        assert said(pool.submit(ask, town).result()) == said(run)


def test_two_threads_at_once_find_what_each_finds_alone(town: Units) -> None:
    seeds = [3, 4, 3]
    alone = {seed: said(ask(town, seed)) for seed in set(seeds)}
    with ThreadPoolExecutor(len(seeds)) as pool:
        runs = list(pool.map(lambda seed: ask(town, seed), seeds))
    assert [said(one) for one in runs] == [alone[seed] for seed in seeds]


def test_two_threads_may_draw_and_write_at_once(run: Run, tmp_path: Path) -> None:
    expected = (run.write(tmp_path / "alone") / "map.html").read_bytes()
    with ThreadPoolExecutor(3) as pool:
        folders = list(pool.map(lambda n: run.write(tmp_path / str(n)), range(6)))
    assert all((one / "map.html").read_bytes() == expected for one in folders)


def test_an_executor_of_asyncio_solves_while_the_loop_goes_on(town: Units, run: Run) -> None:
    async def main() -> tuple[Run, Run, int]:
        loop, ticks = asyncio.get_running_loop(), 0
        tasks = [loop.run_in_executor(None, ask, town) for _ in range(2)]
        while not all(one.done() for one in tasks):
            await asyncio.sleep(0.01)
            ticks += 1
        return await tasks[0], await tasks[1], ticks

    first, second, ticks = asyncio.run(main())
    assert said(first) == said(second) == said(run)
    assert ticks > 2


def test_no_handler_of_signals_changes_and_no_thread_is_left(town: Units) -> None:
    seen: list[Any] = []
    names = [one for one in signal.valid_signals() if one not in {signal.SIGKILL, signal.SIGSTOP}]
    before = {name: signal.getsignal(name) for name in names}
    threads = set(threading.enumerate())

    def watch(_progress: object) -> None:
        seen.append({name: signal.getsignal(name) for name in names})

    partition.solve("counties", data=town, iterations=ROUNDS, gap=0.0, on_progress=watch)
    assert seen
    assert all(one == before for one in seen)
    assert {name: signal.getsignal(name) for name in names} == before
    assert set(threading.enumerate()) <= threads


FORKED = """
import json, os, sys
from pathlib import Path
from tests.partition import test_embedding as here
import numpy as np
rng = np.random.default_rng(4)
town = here.build_grid(12, 12, *rng.integers(1, 1000, (2, 144)).tolist())
run = here.ask(town)
for _ in range(2):
    child = os.fork()
    if not child:
        assert here.said(here.ask(town)) == here.said(run)
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
assert here.said(here.ask(town)) == here.said(run)
print(json.dumps(run.plan.assignment.tolist()))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")
def test_a_fork_of_a_process_that_has_solved_solves(run: Run, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKED],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == run.plan.assignment.tolist()


def test_another_process_hands_its_run_back(town: Units, run: Run) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert said(pool.submit(ask, town).result()) == said(run)


def test_two_runs_of_one_seed_differ_in_times_only(town: Units, run: Run, tmp_path: Path) -> None:
    folders = [run.write(tmp_path / "a"), ask(town).write(tmp_path / "b")]
    documents = [json.loads((one / DOCUMENT).read_text(encoding="utf-8")) for one in folders]
    for document in documents:
        assert document.pop("runtime_seconds") >= 0
        for point in document["trace"]:
            assert point.pop("seconds") >= 0
    assert documents[0] == documents[1]
    for name in {one.name for one in folders[0].iterdir()} - {DOCUMENT}:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()


def test_nothing_is_warned_of_and_nothing_printed(
    town: Units, capfd: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = ask(town)
        found.map()
    assert capfd.readouterr() == ("", "")
    assert found.scenario == replace(found.scenario)
    assert isinstance(found.scenario, Scenario)
