"""Budgets on what lies between the parts, held against every plan of small problems."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from solvers.problem import Budget, Problem
from solvers.reduction import reduce
from solvers.solve import solve
from tests.solvers.conftest import (
    EXTRAS,
    Census,
    confirm,
    draw_problem,
    excess,
    objective,
    problems,
)


@given(problem=problems(budgets=[("cut", False)], max_units=8, extras=EXTRAS - {"sets"}))
@settings(max_examples=150)
def test_the_best_plan_under_limits_on_what_is_cut_is_the_best_of_all_that_keep_them(
    problem: Problem,
) -> None:
    plans = Census(problem).plans
    result = solve(problem, certify=True)
    if not len(plans):
        assert result.status.value == "INFEASIBLE"
        return
    assert result.objective == result.bound == max(objective(problem, plan) for plan in plans)
    assert not any(excess(one, result.plan.assignment.tolist()) for one in problem.budgets)
    assert confirm(problem, result) == result.bound


@given(problem=problems(budgets=[("cut", False)], max_units=9))
@settings(max_examples=100)
def test_merged_units_hold_what_lay_between_them(problem: Problem) -> None:
    reduced = reduce(problem)
    if reduced is None:
        return
    for plan in Census(problem).plans[:50]:
        small = reduced.restrict(plan)
        for merged, budget in zip(reduced.problem.budgets, problem.budgets, strict=True):
            assert merged.held(small) == budget.held(plan)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pair_amounts": [-1]}, "-1 to -1"),
        ({"pair_amounts": [2**54]}, "at most together"),
        ({"pair_amounts": [1, 2]}, r"expected \(1,\)"),
        ({"lower": 0}, "an upper limit alone"),
        ({"price": 1}, "an upper limit alone"),
        ({"upper": None}, "an upper limit alone"),
        ({"amounts": np.array([0, 1, 0])}, "no amounts of units"),
    ],
)
def test_what_a_budget_of_pairs_cannot_be_is_refused(
    changes: dict[str, object], message: str
) -> None:
    given = {"amounts": np.zeros(3, int), "upper": 1, "pairs": [[0, 1]], "pair_amounts": [1]}
    with pytest.raises(ValueError, match=message):
        Budget(**given | changes)


def test_pairs_that_are_neither_edge_nor_link_are_refused() -> None:
    budget = Budget(np.zeros(3, int), upper=1, pairs=[[0, 2]], pair_amounts=[1])
    with pytest.raises(ValueError, match=r"counts \(0, 2\), which is no edge and no link"):
        Problem(np.zeros((3, 2), int), [[0, 1], [1, 2]], budgets=(budget,))
    Problem(np.zeros((3, 2), int), [[0, 1], [1, 2]], budgets=(budget,), links=[[0, 2]])


def test_a_limit_on_what_is_cut_is_met_on_a_larger_map() -> None:
    """Forty units: the search keeps the limit, and its bound holds without it as well."""
    free = draw_problem(3, 40, "planar", "small")
    edges, rng = free.edges, np.random.default_rng(3)
    amounts = rng.integers(1, 9, len(edges))
    best = solve(free)
    counted = Budget(np.zeros(40, int), upper=10**6, pairs=edges, pair_amounts=amounts)
    most = counted.held(best.plan.assignment) // 2
    limited = Budget(np.zeros(40, int), upper=most, pairs=edges, pair_amounts=amounts)
    result = solve(Problem(free.gains, edges, budgets=(limited,)))
    assert limited.held(result.plan.assignment) <= most
    assert result.objective == result.bound < best.objective
