"""The whole search: right on every small problem, honest wherever it stops, the same twice."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from itertools import pairwise

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from solvers.domain import Domain
from solvers.errors import InternalError
from solvers.exact.branch_and_cut import BranchAndCut
from solvers.model import Model
from solvers.params import RoundParams, SearchParams
from solvers.plan import Plan
from solvers.primal.walker import Walker
from solvers.problem import ALONE, FREE, Budget, Problem
from solvers.result import Limits, Status
from solvers.solve import solve
from tests.solvers.conftest import (
    FAMILIES,
    PIECES,
    Census,
    as_networkx,
    confirm,
    costly_pairs,
    draw_problem,
    is_feasible,
    objective,
    problems,
)


def assert_honest(problem, result, optimum) -> None:
    """Check a result and its whole trace against the optimum."""
    points = [*result.trace]
    if points:
        assert points[-1][1:] == (result.objective, result.bound)
    for point in points:
        assert point.bound is None or optimum is None or point.bound >= optimum
        assert point.incumbent is None or point.incumbent <= optimum
    for earlier, later in pairwise(points):
        assert earlier.seconds <= later.seconds
        if earlier.incumbent is not None:
            assert later.incumbent >= earlier.incumbent
        if None not in (earlier.bound, later.bound):
            assert later.bound <= earlier.bound
    if result.plan is None:
        assert result.objective is None
        return
    assert is_feasible(problem, result.plan.assignment)
    recount = objective(problem, result.plan.assignment)
    assert result.objective == recount <= optimum <= result.bound


def assert_solved(problem, result, optimum) -> None:
    assert_honest(problem, result, optimum)
    if optimum is None:
        assert result.status is Status.INFEASIBLE
        assert (result.plan, result.objective, result.bound) == (None, None, None)
    else:
        assert result.status is Status.OPTIMAL
        assert result.objective == result.bound == optimum
        assert result.gap == 0


@given(problem=problems(max_units=9, max_fixed=4), seed=st.integers(0, 9))
@settings(max_examples=500)
def test_the_optimum_over_all_plans_is_found_and_proven(problem, seed) -> None:
    assert_solved(problem, solve(problem, seed=seed), Census(problem).optimum)


@given(problem=problems(min_units=10, max_units=12, max_fixed=4))
@settings(max_examples=100)
def test_the_optimum_is_found_among_thousands_of_plans(problem) -> None:
    assert_solved(problem, solve(problem), Census(problem).optimum)


@pytest.mark.parametrize("pieces", PIECES)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_of_graphs_is_solved_under_any_pieces(family, pieces) -> None:
    for seed in range(2):
        problem = draw_problem(seed, 8, family, "millions", pieces, n_fixed=seed)
        assert_solved(problem, solve(problem), Census(problem).optimum)


@given(problem=problems(["islands"], min_units=6, max_units=10, max_fixed=5, extras={"costs"}))
@settings(max_examples=100)
def test_landmasses_are_independent(problem) -> None:
    masses = [sorted(mass) for mass in nx.connected_components(as_networkx(problem))]
    optima = [Census(problem.subproblem(np.array(mass))).optimum for mass in masses]
    assert_solved(problem, solve(problem), None if None in optima else sum(optima))


def crossed_fixes() -> Problem:
    """A square whose opposite corners are fixed to one part, the others to the other."""
    edges = np.array([[0, 1], [1, 2], [2, 3], [0, 3]])
    return Problem(np.ones((4, 2), int), edges, np.array([0, 1, 0, 1]))


def test_fixes_that_cross_are_infeasible_unless_a_part_may_be_torn() -> None:
    square = crossed_fixes()
    assert solve(square).status is Status.INFEASIBLE
    torn = Problem(square.gains, square.edges, square.fixed, (1, 0))
    assert solve(torn).status is Status.INFEASIBLE
    both = Problem(square.gains, square.edges, square.fixed, (0, 0))
    assert solve(both).status is Status.OPTIMAL


def test_one_landmass_without_a_plan_leaves_none_for_the_whole() -> None:
    square = crossed_fixes()
    edges = np.concatenate([square.edges, [[4, 5]]])
    problem = Problem(np.ones((6, 2), int), edges, np.append(square.fixed, [FREE, FREE]))
    assert_solved(problem, solve(problem), None)


def test_landmasses_that_a_group_a_link_or_a_budget_ties_are_not() -> None:
    """Two pairs of units; each pair gains most in a part of its own."""
    edges, gains = np.array([[0, 1], [2, 3]]), np.array([[0, 5], [0, 5], [3, 0], [3, 0]])
    free = Problem(gains, edges)
    assert_solved(free, solve(free), 16)
    tied = Problem(gains, edges, groups=np.array([4, -1, 4, -1]))
    assert_solved(tied, solve(tied), 13)
    linked = Problem(gains, edges, links=np.array([[1, 2]]), link_costs=np.array([2]))
    assert_solved(linked, solve(linked), 14)
    limited = Problem(gains, edges, budgets=(Budget(np.array([1, 1, 1, 1]), lower=3),))
    assert_solved(limited, solve(limited), 13)
    priced = Problem(gains, edges, budgets=(Budget(np.array([1, 1, 1, 1]), lower=3, price=2),))
    assert_solved(priced, solve(priced), 14)


@pytest.mark.parametrize(
    "change",
    [
        {"fixed": np.array([0, -1, 1]), "groups": np.array([5, -1, 5])},
        {"budgets": (Budget(np.array([1, 1, 1]), lower=4),)},
        {"budgets": (Budget(np.array([2, 2, 2]), lower=3, upper=3),)},
        {"fixed": np.array([1, 0, 1])},
        {
            "budgets": (
                Budget(np.array([1, 1, 1]), lower=2),
                Budget(np.array([1, 1, 1]), upper=1, price=None),
            )
        },
    ],
)
def test_constraints_that_exclude_each_other_leave_no_plan(change) -> None:
    path = Problem(np.ones((3, 2), int), np.array([[0, 1], [1, 2]]), **change)
    assert Census(path).optimum is None
    assert_solved(path, solve(path), None)


def test_a_cost_of_the_border_moves_it_where_it_is_cheap() -> None:
    """A path of five: the gains alone part it in the middle, where the border costs 4."""
    gains = np.array([[0, 3], [0, 3], [0, 1], [2, 0], [3, 0]])
    path = np.array([[0, 1], [1, 2], [2, 3], [3, 4]])
    for costs, best, value in (
        ([0, 0, 0, 0], [1, 1, 1, 0, 0], 12),
        ([0, 0, 4, 0], [1, 1, 0, 0, 0], 11),
        ([9, 9, 9, 9], [1, 1, 1, 1, 1], 7),
    ):
        problem = Problem(gains, path, edge_costs=np.array(costs))
        result = solve(problem)
        assert_solved(problem, result, value)
        assert result.plan.assignment.tolist() == best


@pytest.mark.parametrize("pieces", PIECES)
@pytest.mark.parametrize("gain", [(0, 0), (7, 0), (0, 7), (5, 5), (-3, -8)])
def test_one_unit_joins_where_it_gains(gain, pieces) -> None:
    problem = Problem(np.array([gain]), np.empty((0, 2), int), pieces=pieces)
    result = solve(problem)
    assert_solved(problem, result, max(gain))
    for part in (0, 1):
        fixed = Problem(problem.gains, problem.edges, np.array([part]), pieces)
        assert_solved(fixed, solve(fixed), gain[part])


@pytest.mark.parametrize("part", [0, 1])
def test_a_graph_of_one_colour_becomes_one_part(part, country) -> None:
    gains = np.zeros((60, 2), int)
    gains[:, part] = np.arange(1, 61)
    result = solve(Problem(gains, country(60).edges))
    assert result.status is Status.OPTIMAL
    assert result.plan.assignment.tolist() == [part] * 60


def test_gains_below_zero_are_gains_like_any_other() -> None:
    for seed in range(40):
        drawn = draw_problem(seed, 8, FAMILIES[seed % len(FAMILIES)], "small", n_fixed=seed % 3)
        problem = Problem(drawn.gains - 12, drawn.edges, drawn.fixed)
        assert_solved(problem, solve(problem), Census(problem).optimum)


def write_cp_model(problem: Problem) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """Write everything but the pieces as a model of CP-SAT."""
    model = cp_model.CpModel()
    units = [model.new_bool_var("") for _ in range(problem.n_units)]
    for unit, part in enumerate(problem.fixed.tolist()):
        if part != FREE:
            model.add(units[unit] == part)
    first = {}
    for unit, label in enumerate(problem.groups.tolist()):
        if label != ALONE:
            model.add(units[unit] == units[first.setdefault(label, unit)])
    value = sum(w * x for w, x in zip(problem.weights.tolist(), units, strict=True))
    for a, b, cost in costly_pairs(problem):
        if cost:
            cut = model.new_bool_var("")
            model.add_bool_or([~units[a], units[b], cut])
            model.add_bool_or([units[a], ~units[b], cut])
            value -= cost * cut
    for budget in problem.budgets:
        held = sum(a * x for a, x in zip(budget.amounts.tolist(), units, strict=True))
        counted = zip(budget.pairs.tolist(), budget.pair_amounts.tolist(), strict=True)
        for (a, b), amount in counted:
            apart = model.new_bool_var("")
            model.add_bool_or([~units[a], units[b], apart])
            model.add_bool_or([units[a], ~units[b], apart])
            held += amount * apart
        missed = model.new_int_var(0, 10**9 if budget.price is not None else 0, "")
        value -= (budget.price or 0) * missed
        if budget.lower is not None:
            model.add(held + missed >= budget.lower)
        if budget.upper is not None:
            model.add(held - missed <= budget.upper)
    model.maximize(value)
    return model, units


def torn_pieces(
    problem: Problem, plan: npt.NDArray[np.int64]
) -> Iterator[tuple[int, list[list[int]]]]:
    """List, wherever a part has a piece too many, that part and one set of *k* + 1 pieces."""
    graph = as_networkx(problem)
    for part, most in enumerate(problem.pieces):
        for landmass in nx.connected_components(graph) if most else []:
            members = graph.subgraph([unit for unit in landmass if plan[unit] == part])
            pieces = sorted(map(sorted, nx.connected_components(members)), key=len)
            for place in range(len(pieces) - most):
                yield part, [*pieces[place : place + most], pieces[-1]]


def solve_by_cp_sat(problem: Problem) -> int | None:
    """Find the optimum with CP-SAT, adding a clause wherever a part has a piece too many.

    One unit of each of *k* + 1 pieces, all in one part, need a unit of the same part next to one
    of these pieces: that holds whatever the graph, and needs no roots.
    """
    graph = as_networkx(problem)
    model, units = write_cp_model(problem)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    while True:
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return None
        assert status == cp_model.OPTIMAL
        plan = np.array([solver.value(x) for x in units])
        if is_feasible(problem, plan):
            return objective(problem, plan)
        for part, pieces in torn_pieces(problem, plan):
            small = set().union(*pieces[:-1])  # what is next to these parts them all
            around = {near for unit in small for near in graph[unit]} - small
            holds = {unit: units[unit] if part else ~units[unit] for unit in range(len(units))}
            model.add_bool_or(
                [~holds[piece[0]] for piece in pieces] + [holds[unit] for unit in sorted(around)]
            )


HALF = ("both", False)
PAID = ("upper", True)
MIDDLE = [
    *(
        (family, n_units, seed, {"pieces": pieces, "n_fixed": seed % 3})
        for seed, (family, n_units) in enumerate(
            [("planar", 60), ("holed", 45), ("grid", 30), ("whiskers", 30), ("islands", 45)]
        )
        for pieces in [(1, 1), (2, 1), (0, 1)]
    ),
    ("crossed", 45, 6, {}),
    ("crossed", 30, 7, {"pieces": (1, 3)}),
    ("whiskers", 60, 3, {"pieces": (1, 0)}),
    ("planar", 80, 8, {"pieces": (2, 2)}),
    ("planar", 40, 9, {"has_costs": True}),
    ("planar", 40, 18, {"n_links": 12}),
    ("islands", 30, 19, {"n_links": 12, "pieces": (0, 2)}),
    ("grid", 36, 10, {"has_costs": True, "pieces": (0, 0)}),
    ("holed", 40, 11, {"n_groups": 3}),
    ("islands", 40, 12, {"n_groups": 3, "pieces": (1, 2)}),
    ("planar", 30, 13, {"budgets": [HALF]}),
    ("islands", 30, 14, {"budgets": [PAID]}),
    ("grid", 30, 15, {"budgets": [PAID, HALF], "pieces": (0, 2)}),
    ("whiskers", 30, 16, {"has_costs": True, "n_links": 5, "budgets": [PAID], "pieces": (2, 1)}),
    ("crossed", 30, 17, {"has_costs": True, "n_groups": 1, "budgets": [HALF], "n_fixed": 2}),
]


SLOW = SearchParams(rounds=RoundParams(n_iterations=1))
"""Rounds of a single step."""


@pytest.mark.parametrize(("family", "n_units", "seed", "extras"), MIDDLE)
def test_cp_sat_agrees_on_dozens_of_units_and_early_stops_are_honest(
    family, n_units, seed, extras
) -> None:
    problem = draw_problem(seed, n_units, family, "millions", **extras)
    optimum = solve_by_cp_sat(problem)
    result = solve(problem)
    assert_solved(problem, result, optimum)
    if optimum is not None:
        assert confirm(problem, result) == optimum
    for rounds in (1, 3, 8):
        result = solve(problem, Limits(rounds=rounds), seed=rounds, certify=True, params=SLOW)
        assert_honest(problem, result, optimum)
        if result.plan is not None:
            assert confirm(problem, result) == result.bound


@given(problem=problems(min_units=6, max_units=10), rounds=st.integers(1, 4))
@settings(max_examples=200)
def test_a_bound_is_valid_wherever_the_search_stops(problem, rounds) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Domain, "_improve", lambda self, *given: None)
        result = solve(problem, Limits(rounds=rounds), params=SLOW)
    optimum = Census(problem).optimum
    assert_honest(problem, result, optimum)
    if result.status is Status.OPTIMAL:
        assert result.objective == optimum
    elif result.status is Status.INFEASIBLE:
        assert optimum is None
    else:
        assert result.status is (Status.UNKNOWN if result.plan is None else Status.TIME_LIMIT)
        assert optimum is None or result.bound >= optimum


def test_two_runs_with_one_seed_and_a_number_of_rounds_are_identical(country) -> None:
    problem = country(400, n_holes=150)
    for seed in (0, 7):
        limits = Limits(rounds=5, time_limit=3600)
        runs = [solve(problem, limits, seed=seed, certify=True, params=SLOW) for _ in range(2)]
        assert runs[0].status is runs[1].status is Status.TIME_LIMIT
        assert_identical(*runs)
        assert [run.seed for run in runs] == [seed] * 2


def assert_identical(first, second) -> None:
    assert first.status is second.status
    assert first.plan == second.plan
    assert (first.objective, first.bound) == (second.objective, second.bound)
    assert [point[1:] for point in first.trace][-1] == [point[1:] for point in second.trace][-1]
    assert json.dumps(first.certificate) == json.dumps(second.certificate)


@pytest.mark.parametrize("rounds", [2, 6])
@pytest.mark.parametrize(
    "extras",
    [
        {"pieces": (2, 1)},
        {"has_costs": True, "pieces": (1, 0)},
        {"n_groups": 4, "budgets": [HALF]},
        {"n_links": 9, "n_groups": 2, "budgets": [PAID, HALF], "pieces": (1, 3)},
    ],
)
def test_two_runs_are_identical_under_any_constraints(extras, rounds) -> None:
    problem = draw_problem(2, 60, "planar", "millions", **extras)
    limits = Limits(rounds=rounds, time_limit=3600)
    assert_identical(*(solve(problem, limits, seed=3, certify=True) for _ in range(2)))


def test_the_order_of_the_edges_and_of_their_ends_is_of_no_account(country) -> None:
    problem = country(80, n_holes=20)
    turned = Problem(problem.gains, problem.edges[::-1, ::-1])
    assert solve(problem).objective == solve(turned).objective


def test_a_search_stops_soon_after_the_caller_says_so_and_keeps_its_plan(country) -> None:
    problem = country(2500)
    asked = []

    def should_stop() -> bool:
        asked.append(time.perf_counter())
        return len(asked) > 5

    result = solve(problem, should_stop=should_stop)
    ended = time.perf_counter()
    assert result.status is Status.INTERRUPTED
    assert len(asked) == 6
    assert ended - asked[-1] < 5.0
    assert is_feasible(problem, result.plan.assignment)
    assert result.objective == problem.objective(result.plan.assignment) < result.bound


@settings(max_examples=10)
@given(problem=problems(max_units=8), seed=st.integers(0, 2**31))
def test_nobody_looks_for_plans_once_the_best_one_is_proven(problem, seed) -> None:
    params = SearchParams(rounds=RoundParams(n_iterations=10**12))  # years, were it all walked
    result = solve(problem, Limits(time_limit=60), seed=seed, params=params)
    assert result.status in {Status.OPTIMAL, Status.INFEASIBLE}


def test_the_clock_ends_a_search(country) -> None:
    result = solve(country(2500), Limits(time_limit=0.5))
    assert result.status is Status.TIME_LIMIT
    assert 0.5 <= result.runtime < 5.0
    assert result.plan is not None


def test_a_search_stops_at_the_gap_asked_for(country) -> None:
    result = solve(country(400), Limits(gap=0.2), params=SLOW)
    assert result.status is Status.GAP_REACHED
    assert 0 < result.gap <= 0.2


def test_progress_is_told_in_order_and_on_the_callers_thread(country) -> None:
    seen, threads = [], set()

    def watch(progress) -> None:
        seen.append(progress)
        threads.add(threading.get_ident())

    result = solve(country(400), on_progress=watch)
    assert threads == {threading.get_ident()}
    assert {progress.phase for progress in seen} <= {"bounding", "branching"}
    for earlier, later in pairwise(seen):
        assert earlier.seconds <= later.seconds
        assert earlier.bound >= later.bound
    assert (seen[-1].incumbent, seen[-1].bound) == (result.objective, result.bound)
    assert seen[-1].gap == 0


@given(problem=problems(min_units=4, max_units=9), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=100)
def test_a_start_is_never_made_worse(problem, seed) -> None:
    census = Census(problem)
    if not len(census.plans):
        return
    start = Plan(census.plans[seed % len(census.plans)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Domain, "_improve", lambda self, *given: None)
        patch.setattr(Walker, "offer", lambda self, plan: False)
        result = solve(problem, Limits(rounds=1), start=start)
    assert_honest(problem, result, census.optimum)
    assert result.objective >= problem.objective(start.assignment)


def test_a_start_is_where_a_long_search_begins(country) -> None:
    problem = country(400)
    best = solve(problem).plan
    first = []
    again = solve(
        problem, Limits(rounds=1), start=best, on_progress=lambda at: first.append(at.incumbent)
    )
    assert first[0] == again.objective == problem.objective(best.assignment)


def test_a_start_that_is_no_plan_is_ignored() -> None:
    path = Problem(np.array([[0, 5], [9, 0], [0, 4]]), np.array([[0, 1], [1, 2]]))
    torn = Plan(np.array([1, 0, 1]))
    assert path.objective(torn.assignment) == 18
    result = solve(path, start=torn)
    assert_solved(path, result, 14)


def test_a_start_of_another_length_is_refused() -> None:
    path = Problem(np.array([[0, 5], [9, 0]]), np.array([[0, 1]]))
    with pytest.raises(ValueError, match=r"start has 3 units, the problem has 2\."):
        solve(path, start=Plan(np.array([0, 1, 1])))


@pytest.mark.parametrize("worker", [(BranchAndCut, "step"), (Walker, "run")])
def test_an_error_in_a_thread_is_an_error_of_the_search(worker, monkeypatch, country) -> None:
    def fail(self) -> None:
        raise RuntimeError("something broke in a thread")

    monkeypatch.setattr(*worker, fail)
    with pytest.raises(RuntimeError, match="something broke in a thread"):
        solve(country(60))


@pytest.mark.parametrize("callback", ["on_progress", "should_stop"])
def test_an_error_of_the_caller_ends_the_search(callback, country) -> None:
    def fail(*_) -> None:
        raise KeyError("the caller's own")

    with pytest.raises(KeyError, match="the caller's own"):
        solve(country(400), **{callback: fail})
    names = [thread.name for thread in threading.enumerate()]
    assert not any("ThreadPoolExecutor" in name for name in names)


def test_a_plan_that_breaks_a_constraint_is_never_returned(monkeypatch) -> None:
    monkeypatch.setattr(Model, "is_plan", lambda self, plan: True)
    path = Problem(np.array([[0, 5], [9, 0], [0, 4]]), np.array([[0, 1], [1, 2]]))
    with pytest.raises(InternalError, match="part 1 has 2 pieces"):
        solve(path, start=Plan(np.array([1, 0, 1])))
