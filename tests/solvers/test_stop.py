"""Whatever a search is at, its limit and its caller end it, and what it has proven stands."""

from __future__ import annotations

import time
from unittest import mock

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ortools.math_opt.python import mathopt

from partition.verify import check
from solvers import model
from solvers.contiguity import broken_constraint
from solvers.exact.relaxation import Relaxation, RelaxationError
from solvers.graphs import faces
from solvers.model import Model
from solvers.params import CutParams, RelaxationParams, RoundParams, SearchParams
from solvers.plan import Plan
from solvers.primal.walker import Walker
from solvers.problem import Budget, Problem
from solvers.reduction import Reduction
from solvers.result import Limits, Status
from solvers.rows.chains import chain_rows
from solvers.rows.joints import joint_rows
from solvers.rows.separators import separator_rows
from solvers.solve import solve
from solvers.stop import Halted, Stop, abandoning
from tests.solvers.conftest import Census, confirm, draw_problem, is_feasible, objective, problems

ALLOWED = 2.0
PATIENCE = 10.0
"""Seconds added for a machine that is busy with other tests: benchmarks/limits.py has none."""


def country(kind: str, n_units: int, seed: int = 0, **change: bool) -> Problem:
    """Lay out a grid whose votes change slowly; with crossings it is not planar."""
    rng = np.random.default_rng(seed)
    width = int(n_units**0.5)
    number = np.arange(width * width).reshape(width, width)
    pairs = [
        np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1),
        np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1),
        np.stack([number[:-1, :-1].ravel(), number[1:, 1:].ravel()], axis=1),
    ]
    if kind == "crossed":
        pairs.append(np.stack([number[:-1, 1:].ravel(), number[1:, :-1].ravel()], axis=1)[::20])
        far = np.sort(rng.integers(0, width * width, (n_units // 20, 2)), axis=1)
        pairs.append(far[far[:, 0] < far[:, 1]])
    edges = np.unique(np.concatenate(pairs), axis=0)
    row, column = np.divmod(number.ravel(), width)
    lean = np.sin(9.0 * row / width) + np.cos(7.0 * column / width) + rng.normal(0, 1, width**2)
    gains = np.rint(1000 * np.stack([np.maximum(-lean, 0), np.maximum(lean, 0)], axis=1))
    options = {
        "costs": {"edge_costs": rng.integers(0, 300, len(edges))},
        "budget": {
            "budgets": (
                Budget(
                    np.ones(width**2, int), lower=width**2 * 45 // 100, upper=width**2 * 55 // 100
                ),
            )
        },
        "several": {"pieces": (2, 3)},
    }
    chosen = {key: one for name in change if change[name] for key, one in options[name].items()}
    return Problem(gains.astype(np.int64), edges, **chosen)


RULES = [{}, {"several": True}, {"costs": True}, {"several": True, "costs": True, "budget": True}]


@pytest.mark.parametrize("kind", ["planar", "crossed"])
@pytest.mark.parametrize(
    ("n_units", "rules"), [(2_000, RULES[0]), (2_000, RULES[3]), (20_000, RULES[2])]
)
def test_a_limit_is_a_limit(kind, n_units, rules) -> None:
    problem = country(kind, n_units, **rules)
    everything = np.ones(problem.n_units, np.int8)
    for start in (None, Plan(everything)):
        began = time.monotonic()
        result = solve(problem, Limits(time_limit=1.0), start=start)
        assert time.monotonic() - began < 1.0 + ALLOWED + PATIENCE
        assert result.status in {Status.TIME_LIMIT, Status.UNKNOWN, Status.OPTIMAL}
        if result.plan is not None:
            assert broken_constraint(problem, result.plan.assignment) is None
            assert result.bound >= result.objective


@given(problem=problems(min_units=2, max_units=9), n_looks=st.integers(0, 400))
@example(problem=draw_problem(0, 3, "planar", "huge", (1, 1), has_costs=True), n_looks=5)
@settings(max_examples=150)
def test_wherever_a_search_is_ended_its_plan_and_its_bound_stand(problem, n_looks) -> None:
    """The stop is set by one of the looks at it, so that each of them is the last one at times."""
    left = n_looks
    look = Stop.check

    def last_look(self) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            self.set()
        look(self)

    with mock.patch.object(Stop, "check", last_look):
        result = solve(problem, Limits(rounds=20), certify=True, should_stop=lambda: left < 0)
    optimum = Census(problem).optimum
    if result.plan is not None:
        assert is_feasible(problem, result.plan.assignment)
        assert result.objective == objective(problem, result.plan.assignment)
        assert result.objective <= optimum <= result.bound
        if result.certificate is not None:
            assert confirm(problem, result) == result.bound
    elif optimum is not None:
        assert result.bound is None or result.bound >= optimum
        assert result.status is not Status.INFEASIBLE


@pytest.mark.parametrize("n_rounds", [0, 1, 2])
def test_a_search_that_is_ended_before_it_began_has_the_plan_it_was_given(n_rounds) -> None:
    problem = country("planar", 400)
    start = Plan(np.ones(problem.n_units, np.int8))
    looks = iter([False] * n_rounds)
    result = solve(problem, start=start, certify=True, should_stop=lambda: next(looks, True))
    assert result.status is Status.INTERRUPTED
    assert result.objective >= problem.objective(start.assignment)
    assert result.objective <= result.bound <= problem.most
    if result.certificate is not None:
        found = check(result.certificate, result.plan.assignment.tolist())
        assert found.bound <= result.bound
    bare = solve(problem, should_stop=lambda: True)
    assert bare.status is Status.INTERRUPTED


def test_a_time_that_is_up_during_the_preparation_leaves_what_was_given(monkeypatch) -> None:
    problem = country("planar", 400)
    start = Plan(np.ones(problem.n_units, np.int8))
    reduce = solve.__globals__["reduce"]

    def late(given: Problem) -> Reduction | None:
        time.sleep(0.5)
        return reduce(given)

    monkeypatch.setitem(solve.__globals__, "reduce", late)
    given = solve(problem, Limits(time_limit=0.2), start=start, certify=True)
    assert (given.status, given.bound) == (Status.TIME_LIMIT, problem.most)
    assert np.array_equal(given.plan.assignment, start.assignment)
    assert given.certificate is None
    without = solve(problem, Limits(time_limit=0.2))
    assert (without.status, without.plan, without.bound) == (Status.UNKNOWN, None, problem.most)


def test_a_linear_program_that_never_ends_is_ended_by_the_limit(monkeypatch) -> None:
    """That of a neighbourhood as well as that of the whole: some went on for minutes."""
    solve_one = mathopt.IncrementalSolver.solve
    n_solves, stuck = 0, []

    def endless(self, *given, interrupter=None, **others) -> mathopt.SolveResult:
        nonlocal n_solves
        n_solves += 1
        if n_solves > 20:
            stuck.append(self)
            while not interrupter.is_interrupted():
                time.sleep(0.01)
        return solve_one(self, *given, interrupter=interrupter, **others)

    monkeypatch.setattr(mathopt.IncrementalSolver, "solve", endless)
    params = SearchParams(rounds=RoundParams(turns=("relaxed",)))
    began = time.monotonic()
    result = solve(country("crossed", 900), Limits(time_limit=4.0), params=params)
    assert time.monotonic() - began < 4.0 + ALLOWED + PATIENCE
    assert result.status is Status.TIME_LIMIT
    assert result.bound >= result.objective
    assert stuck


def test_a_linear_program_has_a_limit_of_its_own() -> None:
    built = Relaxation(Model(country("planar", 100)))
    values = built.solve().values
    for row in separator_rows(built.model, values, 1, np.array([0], np.int32), 0.05, 0.01):
        built.add(row)
    assert built.rows
    few = SearchParams(relaxation=RelaxationParams(n_pivots=1, n_pivots_each=1e-9))
    limited = Relaxation(Model(built.model.problem, params=few))
    limited.solve()
    for row in built.rows:
        limited.add(row)
    with pytest.raises(RelaxationError, match="GLOP ended with"):
        limited.solve()
    assert built.solve().proof.bound > 0


@pytest.mark.parametrize("rows", [separator_rows, joint_rows, chain_rows])
def test_the_search_for_rows_is_ended(rows) -> None:
    searched = Model(country("planar", 400, costs=True))
    values = np.zeros(searched.n_columns)
    values[:400] = np.where(np.arange(400) % 7 == 3, 0.9, 0.0)
    roots = np.array([0], np.int32)
    found = list(rows(searched, values, 1, roots, 0.05, 0.001))
    assert found or rows is joint_rows
    searched.stop.set()
    with pytest.raises(Halted):
        list(rows(searched, values, 1, roots, 0.05, 0.001))


def test_a_walk_is_ended_and_leaves_plans_whole() -> None:
    searched = Model(country("crossed", 900, costs=True))
    walker = Walker(searched, 0)
    best, value = walker.best.copy(), searched.value(walker.best)
    searched.stop.set()
    began = time.monotonic()
    for _ in range(200):
        walker.run()
    assert time.monotonic() - began < 5.0
    assert np.array_equal(walker.best, best)
    assert searched.value(walker.best) == value
    torn = walker.rebuild((searched.weights > 0).astype(np.int8))
    assert not walker.offer(torn) or searched.is_plan(torn)


def test_the_search_for_faces_is_ended(monkeypatch) -> None:
    def slow(*_) -> None:
        time.sleep(30)

    monkeypatch.setattr(model, "find_faces", slow)
    params = SearchParams(cuts=CutParams(quickly_faced=10))
    began = time.monotonic()
    result = solve(country("planar", 400), Limits(time_limit=0.5), params=params)
    assert time.monotonic() - began < 0.5 + ALLOWED + PATIENCE
    assert result.status is Status.TIME_LIMIT


def test_faces_are_the_same_from_a_thread_of_their_own() -> None:
    problem = country("planar", 100)
    at_once = Model(problem).faces
    apart = Model(problem, params=SearchParams(cuts=CutParams(quickly_faced=10))).faces
    assert apart.rotation == at_once.rotation
    assert np.array_equal(apart.corners, at_once.corners)
    assert faces.find_faces(problem.n_units, problem.edges).rotation == at_once.rotation


def test_a_call_that_is_not_awaited_any_more_is_left_to_itself() -> None:
    stop = Stop()
    assert abandoning(lambda: "done", stop) == "done"
    with pytest.raises(ZeroDivisionError):
        abandoning(lambda: 1 // 0, stop)
    began = time.monotonic()
    stop.set()
    with pytest.raises(Halted):
        abandoning(lambda: time.sleep(5), stop)
    assert time.monotonic() - began < 3.0
