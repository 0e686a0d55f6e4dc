"""Regions that workers search: every plan is whole, and none is lost, whatever becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.errors import InternalError
from solvers.model import Model
from solvers.primal.walker import Walker
from solvers.primal.windows import Windows, search_region
from solvers.problem import Problem
from solvers.result import Limits, Status
from solvers.solve import solve
from solvers.workers import lent_windows
from solvers.workers.calls import ATTEMPTS
from solvers.workers.lent_windows import LentWindows
from tests.solvers.conftest import Census, confirm, is_feasible, objective, problems
from tests.solvers.test_windows import SMALL, grid, windowed
from tests.solvers.threads import Nobody, Threads

REGIONS = windowed(size=60, region=200, n_windows=4, n_cycle=150)
"""Regions of 200 units, and windows of 60 in them."""


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


def large(seed: int = 4) -> Windows:
    """Open windows on 900 units, which are several regions."""
    return Windows(Walker(Model(grid(30, seed), params=REGIONS), seed))


@given(
    problem=problems(min_units=6, max_units=9, max_fixed=3),
    deaths=st.sets(st.integers(1, 12)),
)
@settings(max_examples=40, deadline=None)
def test_the_optimum_is_found_and_proven_whoever_dies(
    pool: ThreadPoolExecutor, problem: Problem, deaths: set[int]
) -> None:
    workers = Threads(pool, is_deadly=lambda number, _: number in deaths)
    result = solve(problem, Limits(300.0), params=SMALL, workers=workers, certify=True)
    optimum = Census(problem).optimum
    assert result.objective == result.bound == optimum
    assert result.status is (Status.INFEASIBLE if optimum is None else Status.OPTIMAL)
    if optimum is not None:
        assert confirm(problem, result) == optimum


@pytest.mark.parametrize("seed", range(4))
def test_workers_search_regions_and_all_that_they_find_is_a_plan(
    pool: ThreadPoolExecutor, seed: int
) -> None:
    windows = large(seed)
    whole, workers = windows.whole, Threads(pool)
    lent, values = LentWindows(windows, workers), [whole.model.value(whole.best)]
    while windows.n_windows < 40 or not any(task.window for task in workers.tasks):
        lent.run(windows.effort / 4 + 0.01)
        values.append(whole.model.value(whole.best))
        assert is_feasible(whole.model.problem, whole.best)
    lent.finish()
    assert values == sorted(values)
    assert values[-1] > values[0]
    assert {task.window.problem.n_units < 900 for task in workers.tasks if task.window} == {True}


def test_what_is_found_beside_other_changes_is_taken_together_with_them() -> None:
    """All regions are drawn of one plan, and answered one after the other."""
    n_together = 0
    for seed in range(12):
        windows = large(seed)
        whole, first = windows.whole, windows.whole.best
        model, gains = whole.model, list[int]()
        for one in [windows.draw() for _ in range(4)]:
            searched = search_region(one.window, Model(one.window.problem, params=REGIONS))
            alone, before = one.whole(searched.found), model.value(whole.best)
            assert is_feasible(model.problem, alone)
            gains.append(model.value(alone) - model.value(first))
            windows.take(one, searched.found, searched.n_windows, searched.effort)
            assert model.value(whole.best) >= before
            assert is_feasible(model.problem, whole.best)
            assert objective(model.problem, whole.best) == model.base + model.value(whole.best)
        n_together += model.value(whole.best) - model.value(first) > max(gains)
        assert windows.n_windows == 4 * REGIONS.windows.n_windows
    assert n_together >= 9


def test_a_search_goes_on_alone_where_nobody_can_be_reached(pool: ThreadPoolExecutor) -> None:
    windows = large()
    workers = Nobody(pool)
    LentWindows(windows, workers).run(1e-3)
    assert len(workers.tasks) == 2
    assert windows.n_windows > 0


def test_regions_whose_workers_all_die_are_searched_here(pool: ThreadPoolExecutor) -> None:
    windows = large()
    workers = Threads(pool, is_deadly=lambda _, task: task.window is not None)
    lent = LentWindows(windows, workers)
    while not lent.n_lost:
        lent.run(0.01)
    lent.run(0.1)
    n_windows, n_tasks = windows.n_windows, len(workers.tasks)
    lent.run(0.01)
    assert windows.n_windows > n_windows
    assert len(workers.tasks) == n_tasks
    assert lent.n_lost >= ATTEMPTS
    assert is_feasible(windows.whole.model.problem, windows.whole.best)


def test_single_deaths_cost_a_region_each(pool: ThreadPoolExecutor) -> None:
    windows = large()
    workers = Threads(pool, is_deadly=lambda number, _: number % 3 == 0)
    lent = LentWindows(windows, workers)
    while lent.n_lost < 3 * ATTEMPTS:
        lent.run(0.01)
    assert is_feasible(windows.whole.model.problem, windows.whole.best)


def test_an_error_of_a_worker_is_an_error_of_the_search(
    pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lent_windows, "search_region", lambda *_: 1 // 0)
    lent = LentWindows(large(), Threads(pool))
    with pytest.raises(InternalError, match=r"(?s)A worker has failed\. .*ZeroDivisionError"):
        lent.run(1e9)


def test_a_search_that_is_to_end_waits_for_nobody(pool: ThreadPoolExecutor) -> None:
    windows = large()
    best = windows.whole.best.copy()
    windows.whole.model.stop.set()
    LentWindows(windows, Threads(pool)).run(1e9)
    assert np.array_equal(windows.whole.best, best)
