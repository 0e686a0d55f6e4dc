"""Which rows a relaxation gets: broken by its solution, wherever they were sought."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.exact.cuts import (
    are_among,
    first_rows,
    holds,
    violated_rows,
)
from solvers.model import Model
from solvers.params import DEFAULT, CutParams, SearchParams
from solvers.problem import Problem
from solvers.rows.families import family_of
from solvers.rows.family import Needs
from solvers.rows.joints import joint_rows
from tests.solvers.columns import columns_of, draw_roots
from tests.solvers.conftest import Census, problems

GRID = np.array(
    [(4 * r + c, 4 * r + c + 1) for r in range(3) for c in range(3)]
    + [(4 * r + c, 4 * r + c + 4) for r in range(2) for c in range(4)]
)
"""Three rows of four units."""


@pytest.mark.parametrize("creep", [0.05, 0.01])
def test_rows_sought_beside_a_solution_are_broken_by_it_and_hold_for_every_plan(creep) -> None:
    rng = np.random.default_rng(7)
    kinds = Counter()
    for _ in range(400):
        weights = rng.integers(-9, 10, 12)
        gains = np.stack([np.maximum(-weights, 0), np.maximum(weights, 0)], axis=1)
        model = Model(Problem(gains=gains, edges=GRID))
        first, second = rng.permutation(12)[:2].astype(np.int32)
        roots = (np.array([second]), np.array([first]))
        # Whole units on fractional ways, as relaxations leave them, and a point nearby.
        values = rng.choice([0.0, 0.3, 0.5, 0.7, 1.0], 12)
        values[first], values[second] = 1.0, 0.0
        beside = values + 0.6 * (rng.random(12) - values)
        rows = violated_rows(model, roots, values, beside, creep)
        plans = Census(model.problem).plans
        rooted = plans[(plans[:, first] == 1) & (plans[:, second] == 0)]
        best = plans[plans @ weights == (plans @ weights).max()]
        for row in rows:
            columns, coefficients = list(row.columns), np.array(row.coefficients)
            broken_by = float(values[columns] @ coefficients) - row.limit
            assert row.excess(values) == pytest.approx(broken_by)
            least = DEFAULT.cuts.joint_violation if row.kind == "joint" else DEFAULT.cuts.violation
            assert broken_by > least - 1e-9
            held_by = best if row.kind == "leaf" else rooted
            assert (held_by[:, columns] @ coefficients <= row.limit).all()
        kinds.update(row.kind for row in rows)
    assert set(kinds) == {"separator", "joint", "face", "leaf"}


def test_definitions_of_cut_edges_do_not_keep_joint_separators_out() -> None:
    """Where edges cost something, dozens of definitions are broken in every round."""
    rng = np.random.default_rng(3)
    n_seen = 0
    for _ in range(80):
        gains = rng.integers(0, 10, (12, 2))
        costs = np.full(len(GRID), 5)
        model = Model(Problem(gains=gains, edges=GRID, edge_costs=costs))
        first, second = rng.permutation(12)[:2].astype(np.int32)
        roots = (np.array([second]), np.array([first]))
        values = np.zeros(model.n_columns)
        values[:12] = rng.choice([0.0, 0.3, 0.5, 0.7, 1.0], 12)
        values[first], values[second] = 1.0, 0.0
        joint = {
            row
            for part in (0, 1)
            for row in joint_rows(model, values, part, roots[part], 0.01, 0.01)
        }
        rows = violated_rows(model, roots, values, values, 0.01)
        kinds = Counter(row.kind for row in rows)
        few = sum(n for kind, n in kinds.items() if kind not in ("cut", "joint"))
        if few <= DEFAULT.cuts.few < kinds["cut"] and joint:
            assert joint <= set(rows)
            n_seen += 1
    assert n_seen > 5


def test_threads_find_the_joint_separators_that_one_finds() -> None:
    rng = np.random.default_rng(11)
    side = 12
    cells = np.arange(side * side).reshape(side, side)
    edges = np.concatenate(
        [
            np.stack([cells[:, :-1].ravel(), cells[:, 1:].ravel()], axis=1),
            np.stack([cells[:-1].ravel(), cells[1:].ravel()], axis=1),
        ]
    )
    weights = rng.integers(-9, 10, side * side)
    gains = np.stack([np.maximum(-weights, 0), np.maximum(weights, 0)], axis=1)
    problem = Problem(gains=gains, edges=edges)
    values = np.where(weights > 4, 1.0, rng.choice([0.0, 0.2, 0.4], side * side))
    root = np.array([int(np.argmax(weights))], np.int32)
    found = []
    for least in (1, 10**9):
        model = Model(problem, params=SearchParams(cuts=CutParams(worth_threads=least)))
        found.append(list(joint_rows(model, values, 1, root, 0.02, 0.01)))
    assert found[0] == found[1]
    assert len(found[0]) > 10


@given(problem=problems(min_units=4, max_units=9), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=300)
def test_rows_found_under_some_roots_hold_under_others_where_they_say_so(problem, seed) -> None:
    """The search has one relaxation for all roots: what does not hold under others has to go."""
    rng = np.random.default_rng(seed)
    model, plans = Model(problem), Census(problem).plans
    before, after = (draw_roots(model, rng) for _ in range(2))
    if rng.random() < 0.3:
        after = (before[0][:1], before[1][-1:])
    rows = [*first_rows(model, before)]
    for _ in range(5):
        values = rng.choice([0.0, 0.3, 0.5, 0.7, 1.0], model.n_columns) * model.most
        rows += violated_rows(model, before, values, values, 0.05)
    rows = [row for row in rows if Needs.ROOTS in family_of(row.kind).needs]
    rooted = [
        plan
        for plan in plans
        if all(not len(own) or (plan[own] == part).any() for part, own in enumerate(after))
    ]
    points = [columns_of(model, plan, after) for plan in rooted]
    for row in rows:
        is_kept = holds(model, row, after)
        assert is_kept or not are_among(after, before)
        for point in points if is_kept else []:
            assert row.excess(point) <= 0
