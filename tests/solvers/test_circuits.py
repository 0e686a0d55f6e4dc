"""Circuits: the cheapest frontier of balanced parts, held against every plan of small maps."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partition.errors import CertificateError
from partition.verify import check
from solvers.model import Model
from solvers.params import CutParams, RoundParams, SearchParams
from solvers.problem import FREE, Budget, Problem
from solvers.result import Limits, Status
from solvers.rows.circuits import find_circuit
from solvers.rows.claims import ClaimError
from solvers.rows.families import read_row
from solvers.solve import solve
from tests.solvers.claims import written
from tests.solvers.conftest import Census, confirm, draw_problem, objective

SEEDS = st.integers(0, 2**32 - 1)


def grid(width: int, height: int) -> Problem:
    """Ask for the fewest cut edges between the halves of a grid of equal units."""
    units = np.arange(width * height).reshape(height, width)
    edges = np.concatenate(
        [np.stack([a.ravel(), b.ravel()], axis=1)
         for a, b in ((units[:, :-1], units[:, 1:]), (units[:-1], units[1:]))]
    )  # fmt: skip
    half = width * height // 2
    return Problem(
        np.zeros((width * height, 2), int),
        edges,
        edge_costs=np.ones(len(edges), int),
        budgets=(Budget(np.ones(width * height, int), half, half, name="units"),),
    )


def balanced(seed: int, n_units: int) -> Problem:
    """Draw a map without votes, costs that are alike or not, and limits on both parts or on one."""
    rng = np.random.default_rng(seed)
    family = ("planar", "tree", "grid", "planar")[seed % 4]
    problem = draw_problem(seed, n_units, family, "none", (1, 1), n_fixed=int(rng.integers(2)))
    amounts = rng.integers(0, 9, problem.n_units) * int(rng.choice([1, 1, 1000]))
    amounts[rng.integers(problem.n_units)] *= int(rng.choice([1, 3]))
    total = int(amounts.sum())
    lower = int(rng.integers(0, total // 2 + 1))
    upper = total - lower if rng.random() < 0.7 else int(rng.integers(lower, total + 1))
    costs = rng.integers(1, 1 + int(rng.choice([1, 1, 3])), len(problem.edges)) * 2
    return replace(
        problem,
        gains=np.zeros((problem.n_units, 2), int),
        edge_costs=costs,
        budgets=(Budget(amounts, lower, upper, name="people"),),
    )


@given(seed=SEEDS, n_units=st.integers(4, 10))
@settings(max_examples=60)
def test_the_cheapest_frontier_of_balanced_parts_is_that_of_all_plans(
    seed: int, n_units: int
) -> None:
    problem = balanced(seed, n_units)
    plans = Census(problem).plans
    result = solve(problem, certify=True)
    if not len(plans):
        assert result.status.value == "INFEASIBLE"
        return
    assert result.objective == result.bound == max(objective(problem, plan) for plan in plans)
    assert confirm(problem, result) == result.bound


@given(seed=SEEDS, n_units=st.integers(4, 10))
@settings(max_examples=100)
def test_a_circuit_that_is_claimed_costs_no_more_than_any_plan(seed: int, n_units: int) -> None:
    """Found or forged: whatever is let pass holds."""
    problem = balanced(seed, n_units)
    rng, model = np.random.default_rng(seed), Model(problem)
    found = find_circuit(model, int(model.costs.sum()))
    if found is None:
        return
    row, best = found
    free = replace(problem, fixed=np.full(problem.n_units, FREE, np.int8))
    costs = [-objective(problem, plan) for plan in Census(free).plans]
    least = min(costs, default=int(model.costs.sum()))
    assert row.claim[-1] <= least
    assert all(-model.value(plan) <= row.claim[-1] for plan in best)
    assert read_row(Model(problem), written(row)) == row
    for _ in range(12):
        kind, number, root, gates, cost = written(row)
        gates = [gate for gate in gates if rng.random() < 0.9]
        for gate in gates:
            gate[2] = int(rng.integers(1, 4)) if rng.random() < 0.5 else gate[2]
            gate[3] = int(rng.integers(1, 99)) if rng.random() < 0.3 else gate[3]
        root = int(rng.integers(problem.n_units)) if rng.random() < 0.5 else root
        claim = [kind, number, root, gates, cost + int(rng.integers(0, 3))]
        try:
            read_row(model, claim)
        except ClaimError:
            continue
        assert claim[-1] <= least, claim


@pytest.mark.parametrize(("width", "height"), [(6, 5), (8, 8), (10, 6)])
def test_a_grid_is_halved_along_its_shorter_side(width: int, height: int) -> None:
    problem = grid(width, height)
    result = solve(problem, certify=True)
    assert (result.objective, result.bound) == (-min(width, height), -min(width, height))
    assert confirm(problem, result) == result.bound
    rows = result.certificate["searches"][0]["rows"]
    assert [row[-1] for row in rows if row[0] == "circuit"] == [min(width, height)]


def test_a_search_that_knows_rows_has_the_bound_of_a_circuit_as_well() -> None:
    """It looks first what these prove, and a circuit bounds what no step has been made of."""
    problem = grid(8, 8)
    without = SearchParams(cuts=CutParams(most_circled=1), rounds=RoundParams(n_iterations=1))
    first = solve(problem, Limits(rounds=3), params=without)
    assert first.status is Status.TIME_LIMIT
    assert first.knowledge is not None
    assert first.knowledge.n_rows > 0
    again = solve(problem, certify=True, knowledge=first.knowledge)
    assert (again.objective, again.bound) == (-8, -8)
    rows = again.certificate["searches"][0]["rows"]
    assert [row[-1] for row in rows if row[0] == "circuit"] == [8]


def forgeries(claim: list[Any]) -> list[list[Any]]:
    """Change what a claim of a circuit says, so that it is not so or cannot be told."""
    kind, number, root, gates, least = claim
    (tail, head, width, modulus), *others = gates
    return [
        [kind, number, root, gates, least + 1],
        [kind, number, root, others, least],
        [kind, number, root, [], least],
        [kind, number + 1, root, gates, least],
        [kind, number, 10**6, gates, least],
        [kind, number, root, [[tail, head, 0, modulus], *others], least],
        [kind, number, root, [[tail, head, width, 0], *others], least],
        [kind, number, root, [[tail, head, width, 1], *others], least],
        [kind, number, root, [[tail, tail, width, modulus], *others], least],
        [kind, number, root, [[tail, head, width, 10**9], *others], least],
        [kind, number, root, [[tail, head, width], *others], least],
        [kind, number, root, gates],
    ]


@pytest.mark.parametrize("number", range(12))
def test_search_and_verifier_refuse_what_is_no_circuit(number: int) -> None:
    problem = grid(6, 5)
    result = solve(problem, certify=True)
    honest = json.loads(json.dumps(result.certificate))
    rows = honest["searches"][0]["rows"]
    place = next(place for place, row in enumerate(rows) if row[0] == "circuit")
    forged = copy.deepcopy(honest)
    claim = forgeries(rows[place])[number]
    forged["searches"][0]["rows"][place] = claim
    plan = result.plan.assignment.tolist()
    assert check(honest, plan).bound == result.bound
    with pytest.raises(CertificateError):
        check(forged, plan)
    with pytest.raises(ClaimError):
        read_row(Model(problem), claim)


@pytest.mark.parametrize(
    "changes",
    [
        {"pieces": (2, 1)},
        {"edge_costs": "one is 0"},
        {"edge_costs": "far apart"},
        {"budgets": "priced"},
        {"budgets": "one-sided"},
        {"budgets": "an empty part"},
        {"edges": "two landmasses"},
    ],
    ids=str,
)
def test_no_circuit_is_claimed_where_parts_need_not_be_apart_by_one(
    changes: dict[str, Any],
) -> None:
    problem = grid(4, 4)
    [(key, value)] = changes.items()
    budget, costs = problem.budgets[0], problem.edge_costs.copy()
    if value == "one is 0":
        costs[3] = 0
    elif value == "far apart":
        costs[3] = 10_000
    made = {
        "priced": (replace(budget, price=1),),
        "one-sided": (replace(budget, upper=None),),
        "an empty part": (replace(budget, lower=0),),
    }
    if key == "edge_costs":
        problem = replace(problem, edge_costs=costs)
    elif key == "budgets":
        problem = replace(problem, budgets=made[value])
    elif key == "pieces":
        problem = replace(problem, pieces=value)
    else:
        is_kept = (problem.edges < 8).all(axis=1) | (problem.edges >= 8).all(axis=1)
        problem = replace(problem, edges=problem.edges[is_kept], edge_costs=costs[is_kept])
    assert find_circuit(Model(problem), 100) is None
