"""Windows on large problems: every plan is whole, none is worse than the one before."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.domain import Domain
from solvers.model import Model
from solvers.params import SearchParams, WindowParams
from solvers.primal.walker import Walker
from solvers.primal.windows import Windows
from solvers.problem import Problem
from solvers.result import Limits, Status
from solvers.solve import solve
from tests.solvers.conftest import Census, is_feasible, objective, problems


def windowed(**windows: int) -> SearchParams:
    """Search in windows of another kind."""
    return SearchParams(windows=WindowParams(**windows))


SMALL = windowed(largest_whole=4, size=4, region=4, n_windows=2, n_cycle=150)
"""Windows of four units, on everything with more than four."""


def grid(side: int, seed: int) -> Problem:
    """Votes in clusters on a square grid, two nations in one piece each."""
    random = np.random.default_rng(seed)
    number = np.arange(side * side).reshape(side, side)
    across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    down = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    lean = np.kron(random.normal(size=(side // 3 + 1, side // 3 + 1)), np.ones((3, 3)))
    lean = (lean[:side, :side] + random.normal(size=(side, side))).ravel()
    gains = np.stack([np.maximum(-lean, 0), np.maximum(lean, 0)], axis=1) * 1000
    return Problem(gains.astype(np.int64), np.concatenate([across, down]))


@given(problem=problems(min_units=6, max_units=9, max_fixed=3), seed=st.integers(0, 9))
@settings(max_examples=150)
def test_every_plan_out_of_windows_is_a_plan_and_no_worse(problem, seed) -> None:
    model = Model(problem, params=SMALL)
    walker = Walker(model, seed)
    windows = Windows(walker)
    for _ in range(4):
        before = walker.best
        windows.run()
        if before is None:
            continue
        assert model.value(walker.best) >= model.value(before)
        assert is_feasible(problem, walker.best)
        assert objective(problem, walker.best) <= Census(problem).optimum


@given(problem=problems(min_units=6, max_units=9, max_fixed=3))
@settings(max_examples=100)
def test_the_optimum_is_found_and_proven_with_windows_too(problem) -> None:
    result = solve(problem, params=SMALL)
    optimum = Census(problem).optimum
    assert result.objective == result.bound == optimum
    assert result.status is (Status.INFEASIBLE if optimum is None else Status.OPTIMAL)


def test_windows_find_what_the_first_mending_misses() -> None:
    problem = grid(30, 3)
    walker = Walker(Model(problem, params=windowed(size=120, n_windows=4)), 3)
    before = walker.model.value(walker.best)
    windows = Windows(walker)
    for _ in range(3):
        windows.run()
    assert windows.n_windows == 12
    assert walker.model.value(walker.best) > before
    assert is_feasible(problem, walker.best)


def test_windows_reach_the_whole_frontier() -> None:
    walker = Walker(Model(grid(18, 1), params=windowed(size=60, n_cycle=150)), 1)
    windows = Windows(walker)
    for _ in range(3):
        windows.run()
    model, plan = walker.model, walker.best
    cut = model.edges[plan[model.edges[:, 0]] != plan[model.edges[:, 1]]]
    assert windows._balls._visits[np.unique(cut)].min() >= 1


def test_a_search_in_windows_says_so_and_is_the_same_twice() -> None:
    problem, phases = grid(20, 5), []
    runs = [
        solve(
            problem,
            Limits(600, rounds=4),
            seed=2,
            on_progress=lambda progress: phases.append(progress.phase),
            params=windowed(largest_whole=200, size=100, n_windows=3),
        )
        for _ in range(2)
    ]
    first, second = (run.plan.assignment.tolist() for run in runs)
    assert first == second
    assert [run.n_windows for run in runs] == [12, 12]
    assert any(phase.endswith(", window 12") for phase in phases)


def test_a_very_large_problem_is_searched_region_by_region() -> None:
    problem, params = grid(30, 4), windowed(size=60, region=200)
    walker = Walker(Model(problem, params=params), 4)
    before, windows = walker.model.value(walker.best), Windows(walker)
    for _ in range(4):
        windows.run()
    assert windows.n_windows == 4 * params.windows.n_windows
    assert walker.model.value(walker.best) > before
    assert is_feasible(problem, walker.best)


def test_the_rows_of_a_round_under_way_do_not_change_its_windows(monkeypatch) -> None:
    """The exact search takes longer and longer steps: how long windows go on is settled before."""
    params = windowed(largest_whole=200, size=100, n_windows=1)
    window = Domain._window

    def late(self, *given) -> None:
        time.sleep(0.3)  # by now the exact search has added its rows
        window(self, *given)

    problem = grid(20, 5)
    on_time = solve(problem, Limits(600, rounds=4), params=params)
    monkeypatch.setattr(Domain, "_window", late)
    delayed = solve(problem, Limits(600, rounds=4), params=params)
    assert delayed.n_windows == on_time.n_windows


def test_a_window_stops_when_it_is_told_to() -> None:
    walker = Walker(Model(grid(20, 5), params=windowed(size=100)), 2)
    best = walker.best.copy()
    walker.model.stop.set()
    Windows(walker).run()
    assert np.array_equal(walker.best, best)


def test_a_small_problem_is_searched_as_a_whole() -> None:
    assert solve(grid(6, 2)).n_windows == 0
