"""A search that waits for its loops: what is told meanwhile, and that nothing depends on it."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numba
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvers import loops
from solvers.errors import InternalError
from solvers.graphs.kernel import Inner, inner, kernel
from solvers.problem import Problem
from solvers.result import COMPILING, Limits, Progress, Result, Status
from solvers.robustness import survey
from solvers.solve import solve
from tests.solvers.conftest import confirm, problems

Waiting = Callable[[float], list[subprocess.Popen[bytes]]]


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Waiting]:
    """Have every search wait for a helper that takes so many seconds, and keeps nothing."""
    helpers: list[subprocess.Popen[bytes]] = []

    def wait(seconds: float) -> list[subprocess.Popen[bytes]]:
        def start() -> list[subprocess.Popen[bytes]]:
            loops._is_ready.clear()
            helper = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({seconds})"])
            helpers.append(helper)
            return [helper]

        loops._is_ready.clear()
        monkeypatch.setattr(loops, "_are_read", lambda: False)
        monkeypatch.setattr(loops, "_may_have_helpers", lambda: True)
        monkeypatch.setattr(loops, "_start_helpers", start)
        return helpers

    yield wait
    assert all(helper.poll() is not None for helper in helpers), "a helper is left behind"
    loops._is_ready.set()


def told(result: Result) -> tuple[object, ...]:
    """All that a search hands back but its seconds."""
    plan = None if result.plan is None else result.plan.assignment.tobytes()
    trace = [point[1:] for point in result.trace]
    return plan, result.status, result.objective, result.bound, trace, result.knowledge


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(problem=problems(), seed=st.integers(0, 9), n_rounds=st.integers(1, 3))
def test_a_search_that_waits_finds_what_one_finds_that_need_not(
    waiting: Waiting, problem: Problem, seed: int, n_rounds: int
) -> None:
    limits = Limits(600, rounds=n_rounds)
    loops._is_ready.set()
    knowledge = solve(problem, limits, seed=seed).knowledge
    expected = solve(problem, limits, seed=seed, knowledge=knowledge)
    waiting(0.1)
    assert told(solve(problem, limits, seed=seed, knowledge=knowledge)) == told(expected)


def test_what_is_known_and_what_it_proves_are_told_while_the_loops_are_compiled(
    waiting: Waiting, country: Callable[..., Problem]
) -> None:
    problem = country(150)
    known = solve(problem, Limits(600, rounds=3)).knowledge
    assert known is not None
    seen: list[Progress] = []

    def is_enough() -> bool:
        return seen[-1].bound is not None and seen[-1].bound < problem.most

    helpers = waiting(600)
    started = time.monotonic()
    result = solve(
        problem, knowledge=known, on_progress=seen.append, should_stop=is_enough, certify=True
    )
    assert time.monotonic() - started < 30
    assert len(helpers) == 1
    assert {one.phase for one in seen} == {COMPILING}
    assert {one.seconds for one in seen} == {0.0}
    assert result.status in (Status.INTERRUPTED, Status.OPTIMAL)
    assert (result.objective, result.bound) == (seen[-1].incumbent, seen[-1].bound)
    confirm(problem, result)


FRESH = """
import gc, pickle, subprocess, sys
from pathlib import Path
from numba.core.registry import CPUDispatcher
from solvers import loops
from solvers.result import COMPILING
from solvers.solve import solve

sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
loops._start_helpers = lambda: [subprocess.Popen(sleep)]
problem, knowledge = pickle.loads(Path(sys.argv[1]).read_bytes())
seen = []
enough = lambda: seen[-1].incumbent is not None and seen[-1].bound < problem.most
result = solve(problem, knowledge=knowledge, on_progress=seen.append, should_stop=enough)
compiled = [one.__name__ for one in gc.get_objects() if isinstance(one, CPUDispatcher)
            and one.__module__.startswith("solvers") and one.overloads]
print(result.objective, result.bound, {one.phase for one in seen} == {COMPILING}, *compiled)
"""


def test_a_known_plan_and_its_bound_need_one_loop_alone(
    country: Callable[..., Problem], tmp_path: Path
) -> None:
    problem = country(150)
    known = solve(problem, Limits(600, rounds=3))
    file = tmp_path / "known"
    file.write_bytes(pickle.dumps((problem, known.knowledge)))
    done = subprocess.run(
        [sys.executable, "-c", FRESH, str(file)],
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")},
        check=True,
        capture_output=True,
        text=True,
    )
    objective, bound, is_compiling, *compiled = done.stdout.split()
    assert int(objective) == known.objective
    assert known.bound is not None
    assert known.bound <= int(bound) < problem.most
    assert is_compiling == "True"
    assert compiled == ["label_pieces"]


def test_a_search_that_needs_no_loops_does_not_wait_for_them(
    waiting: Waiting, country: Callable[..., Problem]
) -> None:
    problem = replace(country(150), pieces=(0, 0))
    helpers = waiting(600)
    result = solve(problem)
    assert len(helpers) == 1
    assert result.status is Status.OPTIMAL
    assert result.objective == problem.gains.max(axis=1).sum()


def test_the_clock_rests_while_the_loops_are_compiled(
    waiting: Waiting, country: Callable[..., Problem]
) -> None:
    waiting(1.2)
    seen: list[Progress] = []
    result = solve(country(150), Limits(1.0), on_progress=seen.append)
    is_compiling = [one.phase == COMPILING for one in seen]
    assert is_compiling == sorted(is_compiling, reverse=True)
    assert 2 <= sum(is_compiling) < len(seen)
    assert result.status is not Status.TIME_LIMIT or result.runtime >= 1.0
    assert all(point.seconds <= result.runtime for point in result.trace)


def test_a_bound_that_was_told_is_not_taken_back_where_time_is_short(
    waiting: Waiting, country: Callable[..., Problem]
) -> None:
    problem = country(150)
    known = solve(problem, Limits(600, rounds=3)).knowledge
    waiting(2.0)
    seen: list[Progress] = []
    result = solve(problem, Limits(1e-9), knowledge=known, on_progress=seen.append, certify=True)
    assert result.bound is not None
    bounds = [one.bound for one in seen if one.bound is not None]
    assert bounds == sorted(bounds, reverse=True)
    assert result.bound == bounds[-1] < problem.most
    confirm(problem, result)


def test_an_error_while_the_loops_are_compiled_is_one_of_the_search(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch, country: Callable[..., Problem]
) -> None:
    def fail(*_: object) -> None:
        raise InternalError("wrong")

    monkeypatch.setattr("solvers.solve.look_ahead", fail)
    waiting(600)
    with pytest.raises(InternalError, match="wrong"):
        solve(country(150))


def test_what_helpers_have_not_kept_is_compiled_here(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = []
    monkeypatch.setattr(loops, "GROUPS", {"one": called.append, "two": called.append})
    waiting(0.0)
    loops.compile_loops()
    assert len(called) == 2
    loops.compile_loops()
    assert len(called) == 2


def test_a_survey_is_stopped_while_the_loops_are_compiled(
    waiting: Waiting, country: Callable[..., Problem]
) -> None:
    problem = country(50)
    found = solve(problem)
    assert found.plan is not None
    assert found.objective is not None
    assert found.bound is not None
    waiting(600)
    looks = iter([False, False])
    known = survey(
        problem,
        [found.plan.assignment],
        bound=found.bound,
        threshold=found.objective - 1,
        should_stop=lambda: next(looks, True),
    )
    assert known.n_plans == 1


def no_process(*_: object, **__: object) -> None:
    raise PermissionError("no process for you")


@pytest.mark.parametrize("reason", ["none can be started", "another program", "nothing is kept"])
def test_where_helpers_are_of_no_use_this_process_compiles(
    monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    called = []
    monkeypatch.setattr(loops, "GROUPS", {"one": called.append})
    monkeypatch.setattr(loops, "_is_ready", threading.Event())
    monkeypatch.setattr(loops, "_are_read", lambda: False)
    if reason == "none can be started":
        monkeypatch.setattr(subprocess, "Popen", no_process)
    elif reason == "another program":
        monkeypatch.setattr(sys, "executable", "/usr/bin/qgis")
    else:
        monkeypatch.setattr(loops, "is_kept", lambda _: False)
    with loops.Compilation.begin() as compilation:
        assert not compilation.is_under_way
        assert len(called) == 1


def test_one_of_many_workers_starts_no_helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    thread = threading.Thread(target=lambda: found.append(loops._may_have_helpers()))
    thread.start()
    thread.join()
    monkeypatch.setattr(multiprocessing, "parent_process", object)
    assert found == [False]
    assert not loops._may_have_helpers()


def test_a_helper_fills_the_cache_of_this_process_wherever_somebody_works(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shadow = tmp_path / "work" / "solvers"
    shadow.mkdir(parents=True)
    (shadow / "__init__.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(shadow.parent)
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(loops, "GROUPS", {})  # what stating the grid takes, and nothing else
    monkeypatch.setattr(loops, "_n_cores", lambda: 1)
    (helper,) = loops._start_helpers()
    assert helper.wait(300) == 0
    kept = {one.name.partition("-")[0] for one in (tmp_path / "cache").rglob("*.nbc")}
    assert kept == {"graph.label_pieces"}


def test_helpers_that_no_search_waited_for_end_with_the_program() -> None:
    program = """
import subprocess, sys
from solvers import loops
loops._is_ready.clear()
loops._are_read = lambda: False
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
loops._start_helpers = lambda: [subprocess.Popen(sleep)]
loops.compile_early()
loops.compile_early()
print(*[helper.pid for helper in loops._begun])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=120
    )
    (pid,) = done.stdout.split()
    assert not Path("/proc", pid).exists()


def test_a_loop_within_loops_refuses_python() -> None:
    @inner
    def add_one(number: int) -> int:
        return number + 1

    @kernel
    def add_two(number: int) -> int:
        return add_one(add_one(number))

    assert add_two(1) == 3
    if isinstance(add_one, Inner):
        with pytest.raises(TypeError, match="add_one is called by compiled loops alone"):
            add_one(1)
