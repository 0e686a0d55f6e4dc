"""Whatever the walk does to a plan, it stays a plan, and the best one never gets worse."""

import heapq

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solvers.graph import Graph
from solvers.model import Model
from solvers.problem import Problem
from solvers.ruin_recreate import (
    absorb_pockets,
    draw_ball,
    heap_pop,
    heap_push,
    is_loose,
    join_pieces,
    polish,
    repair,
    total,
    walk,
)
from solvers.walker import N_CHUNK, N_CYCLE, Walker
from tests.solvers.conftest import CONNECTED, Census, as_networkx, is_feasible, problems

SEEDS = st.integers(0, 2**32 - 1)
UNFIXED = problems(CONNECTED, min_units=2, max_units=24, max_fixed=0)


def draw_assignment(problem, rng):
    return rng.integers(0, 2, problem.n_units).astype(np.int8)


def pieces(problem, plan, part):
    """Count the pieces of a part by networkx."""
    members = np.flatnonzero(plan == part).tolist()
    return nx.number_connected_components(as_networkx(problem).subgraph(members))


def arrays(problem):
    graph = Graph.from_edges(problem.n_units, problem.edges)
    return graph.start, graph.neighbours


@given(keys=st.lists(st.floats(0, 10)))
@settings(deadline=None)
def test_the_heap_yields_its_entries_in_order(keys):
    heap, units, size = np.empty(len(keys) + 1), np.empty(len(keys) + 1, np.int32), 0
    for unit, key in enumerate(keys):
        size = heap_push(heap, units, size, key, unit)
    found = []
    while size:
        assert keys[units[0]] == heap[0]
        found.append(float(heap[0]))
        size = heap_pop(heap, units, size)
    assert found == heapq.nsmallest(len(keys), keys)


@given(problem=UNFIXED, seed=SEEDS)
@settings(max_examples=200, deadline=None)
def test_a_loose_unit_changes_sides_without_tearing_anything(problem, seed):
    plan = draw_assignment(problem, np.random.default_rng(seed))
    mark, stack = np.zeros(problem.n_units, np.int64), np.empty(problem.n_units, np.int32)
    for unit in range(problem.n_units):
        if is_loose(*arrays(problem), plan, unit, mark, unit + 1, stack):
            flipped = plan.copy()
            flipped[unit] = 1 - plan[unit]
            for part in (0, 1):
                assert 0 < pieces(problem, flipped, part) <= pieces(problem, plan, part)


def test_a_unit_whose_neighbours_hang_together_is_loose():
    """A hub, unit 4, inside a square; every corner but one is on the hub's side."""
    edges = np.array([[0, 1], [1, 2], [2, 3], [0, 3], [0, 4], [1, 4], [2, 4], [3, 4]])
    graph = Graph.from_edges(5, edges)
    mark, stack = np.zeros(5, np.int64), np.empty(5, np.int32)

    def loose_units(plan):
        plan = np.array(plan, np.int8)
        return [
            unit
            for unit in range(5)
            if is_loose(graph.start, graph.neighbours, plan, unit, mark, 10 + unit, stack)
        ]

    assert loose_units([0, 1, 1, 1, 1]) == [1, 3, 4]  # unit 2 has no other side near
    mark[:] = 0
    assert loose_units([0, 1, 0, 1, 1]) == [1, 3]


@given(problem=UNFIXED, seed=SEEDS, part=st.sampled_from([0, 1]))
@settings(max_examples=150, deadline=None)
def test_pockets_of_a_part_change_sides_and_its_main_piece_stays(problem, seed, part):
    plan = draw_assignment(problem, np.random.default_rng(seed))
    before = plan.copy()
    labels = np.empty(problem.n_units, np.int32)
    absorb_pockets(*arrays(problem), problem.weights, plan, part, labels)
    assert pieces(problem, plan, part) == min(1, pieces(problem, before, part))
    assert pieces(problem, plan, 1 - part) <= max(1, pieces(problem, before, 1 - part))
    assert (before[plan == part] == part).all()
    mass = [
        sum(abs(int(problem.weights[unit])) + 1 for unit in piece)
        for piece in nx.connected_components(
            as_networkx(problem).subgraph(np.flatnonzero(before == part).tolist())
        )
    ]
    kept = sum(abs(int(weight)) + 1 for weight in problem.weights[plan == part])
    assert kept == max(mass, default=0)


@given(problem=UNFIXED, seed=SEEDS, part=st.sampled_from([0, 1]))
@settings(max_examples=150, deadline=None)
def test_joining_leaves_one_piece_worth_no_less_than_the_main_piece_alone(problem, seed, part):
    rng = np.random.default_rng(seed)
    plan = draw_assignment(problem, rng)
    alone = plan.copy()
    labels = np.empty(problem.n_units, np.int32)
    graph, weights = arrays(problem), problem.weights
    join_pieces(*graph, weights, np.ones(problem.n_units), plan, part, labels)
    absorb_pockets(*graph, weights, alone, part, labels)
    assert pieces(problem, plan, part) == min(1, pieces(problem, alone, part))
    assert (plan[alone == part] == part).all()
    # Pieces that lose may stay with a part, on the way to others or beside it.
    assume(((weights > 0) == (part == 1))[(plan == part) & (alone != part)].all())
    assert problem.objective(plan) >= problem.objective(alone)


def test_a_piece_is_joined_exactly_where_it_is_worth_the_way():
    """A path: the main piece, a gap that costs 5, and a piece that gains 4 or 6."""
    path = Graph.from_edges(3, np.array([[0, 1], [1, 2]]))
    for gain, joined in ((4, [1, 0, 0]), (6, [1, 1, 1])):
        plan, labels = np.array([1, 0, 1], np.int8), np.empty(3, np.int32)
        weights = np.array([10, -5, gain])
        join_pieces(path.start, path.neighbours, weights, np.ones(3), plan, 1, labels)
        assert plan.tolist() == joined


@given(problem=UNFIXED, seed=SEEDS)
@settings(max_examples=200, deadline=None)
def test_repair_makes_a_plan_of_anything(problem, seed):
    rng = np.random.default_rng(seed)
    for first_part in (0, 1):
        for is_joining_both in (0, 1):
            plan = draw_assignment(problem, rng)
            noise = np.exp(rng.normal(size=problem.n_units))
            pieces = np.array(problem.pieces)
            repair(
                *arrays(problem), problem.weights, noise, pieces, plan, first_part,
                is_joining_both,
            )  # fmt: skip
            assert is_feasible(problem, plan)


@given(problem=problems(CONNECTED, min_units=2, max_units=9, max_fixed=0), seed=SEEDS)
@settings(max_examples=100, deadline=None)
def test_polish_raises_a_plan_to_where_no_loose_unit_gains(problem, seed):
    plans = Census(problem).plans
    before = plans[seed % len(plans)]
    plan = before.copy()
    polish(*arrays(problem), problem.weights, plan)
    assert is_feasible(problem, plan)
    assert problem.objective(plan) >= problem.objective(before)
    mark, stack = np.zeros(problem.n_units, np.int64), np.empty(problem.n_units, np.int32)
    for unit in range(problem.n_units):
        if is_loose(*arrays(problem), plan, unit, mark, unit + 1, stack):
            assert problem.weights[unit] * (1 - 2 * int(plan[unit])) <= 0


@given(problem=UNFIXED, seed=SEEDS, largest=st.integers(1, 40))
@settings(max_examples=100, deadline=None)
def test_a_ball_is_connected_and_starts_on_the_frontier(problem, seed, largest):
    plan = draw_assignment(problem, np.random.default_rng(seed))
    ball = np.full(problem.n_units, -1, np.int32)
    size = draw_ball(*arrays(problem), plan, largest, ball)
    members = ball[:size].tolist()
    assert len(set(members)) == size == min(size, max(9, largest))
    graph = as_networkx(problem)
    assert nx.is_connected(graph.subgraph(members))
    if 0 < plan.sum() < problem.n_units and problem.n_units < 10:  # 200 draws find the frontier
        assert any(plan[near] != plan[members[0]] for near in graph[members[0]])


@given(problem=UNFIXED, seed=SEEDS)
@settings(max_examples=200, deadline=None)
def test_a_walk_keeps_both_plans_and_never_loses_the_best(problem, seed):
    rng = np.random.default_rng(seed)
    current = Walker(Model.from_problem(problem), 0).rebuild(draw_assignment(problem, rng))
    best = current.copy()
    scale = float(np.abs(problem.weights).sum()) + 1
    values = [problem.objective(best)]
    for _ in range(3):
        bias = rng.normal(size=problem.n_units) * scale * 0.1
        walk(
            *arrays(problem), problem.weights, bias, np.array(problem.pieces), current, best,
            int(rng.integers(2**32)), 10, scale * 0.1, scale * 0.001, 12,
        )  # fmt: skip
        assert is_feasible(problem, current)
        assert is_feasible(problem, best)
        assert total(problem.weights, best) == problem.weights[best == 1].sum()
        values.append(problem.objective(best))
        assert values[-1] >= max(values[-2], problem.objective(current))


@given(problem=problems(CONNECTED, min_units=2, max_units=11, max_fixed=4), seed=SEEDS)
@settings(max_examples=150, deadline=None)
def test_what_a_walker_offers_is_a_plan_and_never_gets_worse(problem, seed):
    census = Census(problem)
    model = Model.from_problem(problem)
    walker, twin = Walker(model, seed), Walker(model, seed)
    value = None
    for chunk in range(3):
        for one in (walker, twin):
            one.advice = np.random.default_rng(chunk).random(problem.n_units)
            one.run()
        if walker.best is None:
            assert value is None
            continue
        assert is_feasible(problem, walker.best)
        assert value is None or problem.objective(walker.best) >= value
        value = problem.objective(walker.best)
        assert value <= census.optimum
        assert np.array_equal(walker.best, twin.best)


def test_a_walker_takes_an_offer_only_where_it_is_a_better_plan():
    problem = Problem(np.array([[0, 5], [9, 0], [0, 4]]), np.array([[0, 1], [1, 2]]))
    walker = Walker(Model.from_problem(problem), 0)
    best = walker.best.copy()
    assert problem.objective(best) == Census(problem).optimum == 14
    assert not walker.offer(np.array([1, 0, 1], np.int8)), "worth 18, but torn"
    assert not walker.offer(np.array([1, 1, 1], np.int8)), "a plan, but worth 9"
    assert np.array_equal(walker.best, best)
    walker.best = np.array([1, 1, 1], np.int8)
    assert walker.offer(best)


def test_walkers_with_other_seeds_walk_elsewhere(country):
    model = Model.from_problem(country(400))
    paths = set()
    for seed in range(4):
        walker = Walker(model, seed)
        walker.run()
        paths.add(walker._current.tobytes())
    assert len(paths) == 4


@pytest.mark.parametrize("has_advice", [False, True])
def test_a_cycle_ends_and_the_next_starts_from_a_plan(country, has_advice):
    problem = country(25)
    walker = Walker(Model.from_problem(problem), 1)
    if has_advice:
        walker.advice = np.random.default_rng(0).random(25)
    values = []
    for _ in range(2 * N_CYCLE // N_CHUNK + 1):
        walker.run()
        assert walker.model.is_plan(walker._current)
        values.append(problem.objective(walker.best))
    assert values == sorted(values)
