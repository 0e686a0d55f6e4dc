"""The families of rows: they hold where they claim to, and would not hold elsewhere."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solvers.model import (
    Model,
    alternation_row,
    face_rows,
    joint_rows,
    leaf_row,
    leaf_rows,
    separator_row,
    separator_rows,
)
from solvers.problem import FREE, Problem
from tests.solvers.conftest import CONNECTED, PIECES, PLANAR, Census, as_networkx, problems

SEEDS = st.integers(0, 2**32 - 1)
VIOLATION = 0.02
ROUNDING = 1e-9


def draw_point(n_units, rng):
    """Draw a fractional point: anything, a blend of whole points, or cities on weak ways."""
    kind = rng.integers(3)
    if kind == 0:
        return rng.random(n_units)
    if kind == 1:
        return rng.dirichlet(np.ones(3)) @ rng.integers(0, 2, (3, n_units))
    values = rng.choice([0.0, 0.1, 0.3, 0.5, 1.0], n_units, p=[0.1, 0.2, 0.3, 0.2, 0.2])
    return 1.0 - values if rng.random() < 0.5 else values


def draw_points(n_units, seed):
    """Draw a few points, each with the generator to draw more from."""
    rng = np.random.default_rng(seed)
    return [(draw_point(n_units, rng), rng) for _ in range(6)]


def excess(row, points):
    """How far each point lies beyond a row; 0 or less where it satisfies it."""
    points = np.atleast_2d(points)[:, list(row.columns)]
    return points @ np.array(row.coefficients) - row.limit


def assert_minimal_wall(graph, target, wall, roots):
    """Check by networkx that a wall parts a target from all roots and no smaller one in it does."""
    for left_out in (None, *wall):
        rest = graph.subgraph(set(graph) - (set(wall) - {left_out}))
        reached = nx.node_connected_component(rest, target)
        assert (not reached & roots) == (left_out is None)


@given(
    problem=problems(CONNECTED, pieces_of_both=PIECES[:3], min_units=3, max_units=10),
    part=st.sampled_from([0, 1]),
    creep=st.sampled_from([1e-9, 0.005, 0.05, 0.3]),
    seed=SEEDS,
)
@settings(max_examples=300, deadline=None)
def test_separators_hold_for_every_rooted_plan(problem, part, creep, seed):
    assume(problem.pieces[part])
    model, plans = Model.from_problem(problem), Census(problem).plans
    for values, rng in draw_points(problem.n_units, seed):
        roots = rng.permutation(problem.n_units)[: rng.integers(1, 4)].astype(np.int32)
        rooted = plans[(plans[:, roots] == part).any(axis=1)]
        for row in separator_rows(model, values, part, roots, creep, VIOLATION):
            wall = row.columns[1:]
            assert row == separator_row(part, row.target, wall)
            assert len({row.target, *wall}) == len(row.columns)
            assert problem.weights[row.target] * (1 if part == 1 else -1) > 0
            assert excess(row, values) >= VIOLATION - ROUNDING
            assert (excess(row, rooted) <= 0).all()
            assert_minimal_wall(as_networkx(problem), row.target, wall, set(roots.tolist()))


def test_a_separator_does_not_hold_for_a_part_without_its_root():
    path = Problem(np.array([[0, 1]] * 3), np.array([[0, 1], [1, 2]]))
    row = separator_row(1, 2, (1,))  # rooted at unit 0
    plan = [0, 0, 1]
    assert plan in Census(path).plans.tolist()
    assert excess(row, plan) == 1


def test_a_separator_does_not_hold_for_a_part_that_may_be_torn():
    path = Problem(np.array([[0, 1]] * 3), np.array([[0, 1], [1, 2]]), pieces=(1, 0))
    row = separator_row(1, 2, (1,))
    plan = [1, 0, 1]
    assert plan in Census(path).plans.tolist()
    assert excess(row, plan) == 1


@given(
    problem=problems(
        ["grid", "holed", "crossed"], ["small"], PIECES[:3], min_units=11, max_units=13
    ),
    part=st.sampled_from([0, 1]),
    creep=st.sampled_from([0.005, 0.05]),
    seed=SEEDS,
)
@settings(max_examples=400, deadline=None)
def test_joint_separators_hold_for_every_rooted_plan(problem, part, creep, seed):
    assume(problem.pieces[part])
    model, plans = Model.from_problem(problem), Census(problem).plans
    for values, rng in draw_points(problem.n_units, seed):
        roots = rng.permutation(problem.n_units)[: rng.integers(1, 3)].astype(np.int32)
        for row in joint_rows(model, values, part, roots, creep, 0.1):
            assert row.part == part
            assert excess(row, values) >= 0.1 - ROUNDING
            assert row.zone.isdisjoint(roots.tolist())
            # It holds for every root outside its sets, not for these alone.
            outside = [unit for unit in range(problem.n_units) if unit not in row.zone]
            rooted = plans[(plans[:, outside] == part).any(axis=1)]
            assert (excess(row, rooted) <= 0).all()


@pytest.mark.parametrize("part", [0, 1])
def test_a_joint_separator_sees_what_separators_do_not(part):
    """Two cities, 1 and 2, a root, 0, and between each two of them a way, of half a nation each."""
    ways = [(0, 3), (3, 1), (0, 4), (4, 2), (1, 5), (5, 2)]
    gains = np.full((6, 2), 2)
    gains[1:3, part] = 9
    problem = Problem(gains, np.array(ways))
    model, roots = Model.from_problem(problem), np.array([0], np.int32)
    share = np.array([1, 1, 1, 0.5, 0.5, 0.5])
    values = share if part == 1 else 1 - share
    assert list(separator_rows(model, values, part, roots, 1e-6, VIOLATION)) == []
    rows = list(joint_rows(model, values, part, roots, 0.05, 0.1))
    assert rows
    assert max(excess(row, values)[0] for row in rows) == pytest.approx(0.5)
    plans = Census(problem).plans
    for row in rows:
        assert (excess(row, plans[plans[:, 0] == part]) <= 0).all()
        assert (excess(row, plans[plans[:, 0] != part]) > 0).any(), "needs the root"


@given(problem=problems(PLANAR, pieces_of_both=[(1, 1)], max_units=11), seed=SEEDS)
@settings(max_examples=150, deadline=None)
def test_face_rows_hold_for_every_plan_and_take_the_widest_alternation(problem, seed):
    model, plans = Model.from_problem(problem), Census(problem).plans
    walks = [model.faces.corners[a:b] for a, b in pairwise(model.faces.start)]
    for values, _ in draw_points(problem.n_units, seed):
        rows = list(face_rows(model, values, VIOLATION))
        # Ups and downs around a closed walk are equal: highs exceed lows by half of both.
        ups = [np.abs(values[walk] - np.roll(values[walk], 1)).sum() / 2 for walk in walks]
        expected = [up - 1 for up in ups if up - 1 > VIOLATION]
        assert [excess(row, values)[0] for row in rows] == pytest.approx(expected)
        for row in rows:
            assert (excess(row, plans) <= 0).all()


@given(heights=st.lists(st.integers(0, 4), min_size=4, max_size=8))
def test_no_alternation_around_a_walk_exceeds_the_one_taken(heights):
    walk, values = np.arange(len(heights), dtype=np.int32), np.array(heights) / 4
    row = alternation_row(walk, values)
    widest = 1.0  # by dynamic programming over alternating choices, the first of them a high
    for first in range(len(heights)):
        turned = np.roll(values, -first)
        after_high, after_low = turned[0], -np.inf
        for value in turned[1:]:
            after_high, after_low = (
                max(after_high, after_low + value),
                max(after_low, after_high - value),
            )
        widest = max(widest, after_low)
    assert widest - 1 == (0 if row is None else max(0, excess(row, values)[0]))


def wheel(pieces=(1, 1)):
    """A hub, unit 4, inside a square: planar, the square is a face."""
    square = [[0, 1], [1, 2], [2, 3], [0, 3]]
    spokes = [[unit, 4] for unit in range(4)]
    return Problem(np.ones((5, 2), int), np.array(square + spokes), pieces=pieces)


CROSSING = np.array([1, 0, 1, 0, 1])
"""Alternates around the square 0, 1, 2, 3."""


@pytest.mark.parametrize("pieces", [(0, 1), (0, 0)])
def test_a_face_row_would_cut_off_a_plan_with_a_part_that_may_be_torn(pieces):
    problem = wheel(pieces)
    row = alternation_row(np.arange(4, dtype=np.int32), CROSSING.astype(float))
    assert CROSSING.tolist() in Census(problem).plans.tolist()
    assert excess(row, CROSSING) == 1
    assert list(face_rows(Model.from_problem(problem), CROSSING.astype(float), VIOLATION)) == []


def test_the_same_face_row_holds_where_both_parts_are_contiguous():
    row = alternation_row(np.arange(4, dtype=np.int32), CROSSING.astype(float))
    assert CROSSING.tolist() not in Census(wheel()).plans.tolist()
    assert (excess(row, Census(wheel()).plans) <= 0).all()
    assert list(face_rows(Model.from_problem(wheel()), CROSSING.astype(float), VIOLATION)) == [row]


@pytest.mark.parametrize(
    ("graph", "walk"),
    [
        (nx.complete_graph(5), [0, 1, 2, 3]),
        (nx.complete_bipartite_graph(3, 3), [0, 3, 1, 4]),  # 0, 1 meet at 5 and 3, 4 meet at 2
    ],
)
def test_a_face_row_would_cut_off_a_plan_of_a_graph_that_is_not_planar(graph, walk):
    problem = Problem(np.ones((len(graph), 2), int), np.array(graph.edges))
    crossing = np.zeros(len(graph))
    crossing[walk[::2]] = 1.0
    row = alternation_row(np.array(walk, np.int32), crossing)
    plans = Census(problem).plans
    crossed = plans[excess(row, plans) > 0]
    assert len(crossed) > 0
    for plan in crossed:
        assert list(face_rows(Model.from_problem(problem), plan.astype(float), VIOLATION)) == []


@given(problem=problems(CONNECTED, max_units=10), seed=SEEDS)
@settings(max_examples=300, deadline=None)
def test_leaf_rows_hold_for_every_optimal_plan(problem, seed):
    model, best = Model.from_problem(problem), Census(problem).optimal_plans
    for values, _ in draw_points(problem.n_units, seed):
        for row in leaf_rows(model, values, VIOLATION):
            assert row == leaf_row(model, row.target, 1 if problem.weights[row.target] < 0 else 0)
            assert all(problem.pieces)
            assert excess(row, values) > VIOLATION - ROUNDING
            assert (excess(row, best) <= 0).all()


@given(problem=problems(PLANAR, pieces_of_both=[(1, 1)], max_units=9), seed=SEEDS)
@settings(max_examples=200, deadline=None)
def test_no_violated_leaf_row_is_missed(problem, seed):
    model = Model.from_problem(problem)
    values = draw_point(problem.n_units, np.random.default_rng(seed))
    graph, expected = as_networkx(problem), set()
    for unit, weight in enumerate(problem.weights.tolist()):
        if problem.fixed[unit] != FREE or graph.degree[unit] < 2 or weight == 0:
            continue
        share = values if weight < 0 else 1 - values  # of the part in which the unit loses
        if 2 * share[unit] - sum(share[near] for near in graph[unit]) > VIOLATION + ROUNDING:
            expected.add(unit)
    assert expected <= {row.target for row in leaf_rows(model, values, VIOLATION)}


PATH = np.array([[0, 1], [1, 2]])


@pytest.mark.parametrize(
    ("weights", "fixed", "unit", "why"),
    [
        ([-1, 5, -9], [FREE, FREE, FREE], 0, "one neighbour: no way to its own part but through"),
        ([5, -1, -9], [FREE, 1, FREE], 1, "fixed: it may not change sides"),
    ],
)
def test_a_leaf_row_would_cut_off_every_optimal_plan(weights, fixed, unit, why):
    problem = Problem(np.array([[0, weight] for weight in weights]), PATH, np.array(fixed))
    model, best = Model.from_problem(problem), Census(problem).optimal_plans
    assert (excess(leaf_row(model, unit, 1), best) > 0).all(), why
    for plan in best:
        assert unit not in {row.target for row in leaf_rows(model, plan.astype(float), VIOLATION)}


def test_a_leaf_row_cuts_off_plans_that_are_not_optimal():
    problem = Problem(np.array([[0, 5], [1, 0], [9, 0]]), PATH)
    row = leaf_row(Model.from_problem(problem), 1, 1)
    plan = [1, 1, 0]
    assert plan in Census(problem).plans.tolist()
    assert excess(row, plan) > 0


def test_a_unit_that_gains_nothing_has_no_leaf_row():
    problem = Problem(np.array([[0, 5], [0, 0], [9, 0]]), PATH)
    model = Model.from_problem(problem)
    for values in ([1, 1, 0], [1, 0, 0]):
        rows = leaf_rows(model, np.array(values, float), VIOLATION)
        assert 1 not in {row.target for row in rows}
