"""Whatever the walk does to a plan, it stays a plan, and the best one never gets worse."""

from __future__ import annotations

import heapq

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solvers.graphs.graph import Graph
from solvers.graphs.heap import heap_pop, heap_push
from solvers.model import Model
from solvers.primal.hanging import weigh_hanging
from solvers.primal.repair import (
    absorb_pockets,
    is_loose,
    join_pieces,
    polish,
    repair,
)
from solvers.primal.ruin_recreate import draw_ball, walk
from solvers.primal.task import Task, flip_gain, hold, miss, total
from solvers.primal.walker import Walker, _task
from solvers.problem import Budget, Problem
from tests.solvers.conftest import (
    BUDGETS,
    PIECES,
    PLAIN,
    Census,
    as_networkx,
    base,
    count_torn,
    draw_problem,
    excess,
    is_feasible,
    objective,
    problems,
)

SEEDS = st.integers(0, 2**32 - 1)
PARTS = st.sampled_from([0, 1])
PRICED = [kind for kind in BUDGETS if kind[1]]
"""Budgets that may be missed: what the loops price is then what the objective loses."""
UNFIXED = problems(
    min_units=2, max_units=20, max_fixed=0, extras={"costs", "links", "budgets"}, budgets=PRICED
)
"""Problems in which every plan without too many pieces is one."""
BARE = problems(min_units=2, max_units=20, max_fixed=0, extras=PLAIN)


def draw_assignment(problem: Problem, rng: np.random.Generator) -> npt.NDArray[np.int8]:
    return rng.integers(0, 2, problem.n_units).astype(np.int8)


def task_of(problem: Problem) -> Task:
    return _task(Model(problem))


def pieces_on(
    problem: Problem, plan: npt.NDArray[np.int8], part: int
) -> list[list[frozenset[int]]]:
    """List by networkx the pieces of a part, landmass by landmass."""
    graph = as_networkx(problem)
    return [
        [
            frozenset(piece)
            for piece in nx.connected_components(
                graph.subgraph([unit for unit in land if plan[unit] == part])
            )
        ]
        for land in nx.connected_components(graph)
    ]


def arrays(problem: Problem) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    graph = Graph.from_edges(problem.n_units, problem.edges)
    return graph.start, graph.neighbours


def loose_units(problem: Problem, plan: npt.NDArray[np.int8]) -> list[int]:
    mark, stack = np.zeros(problem.n_units, np.int64), np.empty(problem.n_units, np.int32)
    return [
        unit
        for unit in range(problem.n_units)
        if is_loose(*arrays(problem), plan, unit, mark, unit + 1, stack)
    ]


def flipped(plan: npt.NDArray[np.int8], unit: int) -> npt.NDArray[np.int8]:
    other = plan.copy()
    other[unit] = 1 - plan[unit]
    return other


@given(keys=st.lists(st.floats(0, 10)))
def test_the_heap_yields_its_entries_in_order(keys) -> None:
    heap, units, size = np.empty(len(keys) + 1), np.empty(len(keys) + 1, np.int32), 0
    for unit, key in enumerate(keys):
        size = heap_push(heap, units, size, key, unit)
    found = []
    while size:
        assert keys[units[0]] == heap[0]
        found.append(float(heap[0]))
        size = heap_pop(heap, units, size)
    assert found == heapq.nsmallest(len(keys), keys)


@given(problem=BARE, seed=SEEDS)
@settings(max_examples=200)
def test_a_loose_unit_changes_sides_without_tearing_anything(problem, seed) -> None:
    plan = draw_assignment(problem, np.random.default_rng(seed))
    degrees = Graph.from_edges(problem.n_units, problem.edges).degrees
    alone = set(np.flatnonzero(degrees == 0).tolist())
    assert alone <= set(loose_units(problem, plan)), "nobody hangs on a unit alone"
    for unit in set(loose_units(problem, plan)) - alone:
        for part in (0, 1):
            before = pieces_on(problem, plan, part)
            after = pieces_on(problem, flipped(plan, unit), part)
            for old, new in zip(before, after, strict=True):
                assert len(new) <= len(old)
                assert bool(old) == bool(new)


def test_a_unit_whose_neighbours_hang_together_is_loose() -> None:
    """A hub, unit 4, inside a square; every corner but one is on the hub's side."""
    edges = np.array([[0, 1], [1, 2], [2, 3], [0, 3], [0, 4], [1, 4], [2, 4], [3, 4]])
    graph = Graph.from_edges(5, edges)
    mark, stack = np.zeros(5, np.int64), np.empty(5, np.int32)

    def loose(plan: npt.ArrayLike) -> list[int]:
        plan = np.array(plan, np.int8)
        return [
            unit
            for unit in range(5)
            if is_loose(graph.start, graph.neighbours, plan, unit, mark, 10 + unit, stack)
        ]

    assert loose([0, 1, 1, 1, 1]) == [1, 3, 4]  # unit 2 has no other side near
    mark[:] = 0
    assert loose([0, 1, 0, 1, 1]) == [1, 3]


@given(problem=UNFIXED, seed=SEEDS)
@settings(max_examples=200)
def test_the_loops_value_a_plan_as_the_objective_does(problem, seed) -> None:
    rng, task = np.random.default_rng(seed), task_of(problem)
    for _ in range(4):
        plan = draw_assignment(problem, rng)
        value = objective(problem, plan) - base(problem)
        assert total(task, plan) == value
        held = hold(task, plan)
        for number, budget in enumerate(problem.budgets):
            assert held[number] == sum(budget.amounts[plan == 1].tolist())
        missed = sum(budget.price * excess(budget, plan.tolist()) for budget in problem.budgets)
        assert miss(task, held) == missed
        for unit in range(problem.n_units):
            gain = objective(problem, flipped(plan, unit)) - base(problem) - value
            assert flip_gain(task, plan, unit, held) == gain
        assert held.tolist() == hold(task, plan).tolist(), "what is tried is taken back"


@given(problem=BARE, seed=SEEDS, part=PARTS)
@settings(max_examples=200)
def test_pockets_of_a_part_change_sides_and_its_main_pieces_stay(problem, seed, part) -> None:
    most = problem.pieces[part]
    assume(most)
    plan = draw_assignment(problem, np.random.default_rng(seed))
    before = plan.copy()
    absorb_pockets(task_of(problem), plan, part, np.empty(problem.n_units, np.int32))
    assert (before[plan == part] == part).all()
    gain = problem.weights * (1 if part == 1 else -1)

    def worth(piece: frozenset[int]) -> int:
        return sum(int(gain[unit]) for unit in piece)

    def mass(piece: frozenset[int]) -> int:
        return sum(abs(int(gain[unit])) + 1 for unit in piece)

    def n_gaining(pieces: list[frozenset[int]], main: frozenset[int]) -> int:
        return sum(worth(piece) > 0 for piece in pieces if piece != main)

    old, new = pieces_on(problem, before, part), pieces_on(problem, plan, part)
    for pieces, kept in zip(old, new, strict=True):
        assert set(kept) <= set(pieces)
        assert len(kept) <= most
        if not pieces:
            continue
        # The heaviest stays, and of the others as many as may be of those that gain most.
        assert any(
            sorted(worth(piece) for piece in kept if piece != main)
            == sorted(worth(piece) for piece in pieces if piece != main and worth(piece) > 0)[
                max(0, n_gaining(pieces, main) - most + 1) :
            ]
            for main in kept
            if mass(main) == max(map(mass, pieces))
        )
    others = zip(
        pieces_on(problem, before, 1 - part), pieces_on(problem, plan, 1 - part), strict=True
    )
    for pieces, after in others:
        assert len(after) <= max(1, len(pieces))


@given(problem=BARE, seed=SEEDS, part=PARTS)
@settings(max_examples=200)
def test_joining_leaves_no_more_pieces_than_allowed(problem, seed, part) -> None:
    assume(problem.pieces[part])
    rng = np.random.default_rng(seed)
    plan = draw_assignment(problem, rng)
    before, labels = plan.copy(), np.empty(problem.n_units, np.int32)
    join_pieces(task_of(problem), np.ones(problem.n_units), plan, part, labels)
    old, new = pieces_on(problem, before, part), pieces_on(problem, plan, part)
    for pieces, after in zip(old, new, strict=True):
        assert len(after) <= min(problem.pieces[part], len(pieces))
        assert bool(pieces) == bool(after)


@given(problem=BARE, seed=SEEDS, part=PARTS)
@settings(max_examples=150)
def test_joining_to_one_piece_is_worth_no_less_than_the_main_piece_alone(
    problem, seed, part
) -> None:
    assume(problem.pieces[part] == 1)
    rng = np.random.default_rng(seed)
    plan = draw_assignment(problem, rng)
    alone = plan.copy()
    labels = np.empty(problem.n_units, np.int32)
    task = task_of(problem)
    join_pieces(task, np.ones(problem.n_units), plan, part, labels)
    absorb_pockets(task, alone, part, labels)
    assert (plan[alone == part] == part).all()
    # Pieces that lose may stay with a part, on the way to others or beside it.
    assume(((problem.weights > 0) == (part == 1))[(plan == part) & (alone != part)].all())
    assert objective(problem, plan) >= objective(problem, alone)


@pytest.mark.parametrize("pieces", [(1, 1), (1, 2)])
def test_a_piece_is_joined_exactly_where_it_is_worth_the_way(pieces) -> None:
    """A path: the main piece, a gap that costs 5, and a piece that gains 4 or 6."""
    for gain, joined in ((4, [1, 0, 0]), (6, [1, 1, 1])):
        gains = np.array([[0, 10], [5, 0], [0, gain]])
        path = Problem(gains, np.array([[0, 1], [1, 2]]), pieces=pieces)
        plan, labels = np.array([1, 0, 1], np.int8), np.empty(3, np.int32)
        join_pieces(task_of(path), np.ones(3), plan, 1, labels)
        # A part that may have two pieces keeps both and pays for no way.
        assert plan.tolist() == ([1, 0, 1] if pieces == (1, 2) else joined)


@given(problem=UNFIXED, seed=SEEDS)
@settings(max_examples=200)
def test_repair_makes_a_plan_of_anything(problem, seed) -> None:
    rng, task = np.random.default_rng(seed), task_of(problem)
    for first_part in (0, 1):
        for is_joining_both in (False, True):
            plan = draw_assignment(problem, rng)
            noise = np.exp(rng.normal(size=problem.n_units))
            repair(task, noise, plan, first_part, is_joining_both)
            assert is_feasible(problem, plan)


@given(
    problem=problems(
        min_units=2, max_units=9, max_fixed=0, extras={"costs", "links", "budgets"}, budgets=PRICED
    ),
    seed=SEEDS,
)
@settings(max_examples=200)
def test_polish_raises_a_plan_to_where_no_loose_unit_gains(problem, seed) -> None:
    plans = Census(problem).plans
    before = plans[seed % len(plans)]
    plan = before.copy()
    polish(task_of(problem), plan)
    assert is_feasible(problem, plan)
    value = objective(problem, plan)
    assert value >= objective(problem, before)
    if not problem.budgets:  # a budget draws units far away, where nobody looks again
        for unit in loose_units(problem, plan):
            assert objective(problem, flipped(plan, unit)) <= value


def test_polish_looks_again_at_what_a_link_draws_along() -> None:
    """Two paths far apart: once unit 1 has changed sides, its partner, unit 4, gains by it."""
    gains = np.array([[0, 1], [0, 10], [10, 0], [0, 1], [3, 0], [10, 0]])
    edges = np.array([[0, 1], [1, 2], [3, 4], [4, 5]])
    problem = Problem(gains, edges, links=np.array([[1, 4]]), link_costs=np.array([5]))
    plan = np.array([1, 0, 0, 1, 0, 0], np.int8)
    polish(task_of(problem), plan)
    assert plan.tolist() == Census(problem).optimal_plans[0].tolist() == [1, 1, 0, 1, 1, 0]


@given(problem=UNFIXED, seed=SEEDS, largest=st.integers(1, 40), is_around_stranded=st.booleans())
@settings(max_examples=100)
def test_a_ball_is_connected_and_starts_on_the_frontier_or_at_a_stranded_unit(
    problem, seed, largest, is_around_stranded
) -> None:
    plan = draw_assignment(problem, np.random.default_rng(seed))
    ball = np.full(problem.n_units, -1, np.int32)
    size = draw_ball(task_of(problem), plan, is_around_stranded, largest, ball)
    members = ball[:size].tolist()
    assert len(set(members)) == size == min(size, max(9, largest))
    graph = as_networkx(problem)
    assert nx.is_connected(graph.subgraph(members))
    wanted = {unit for edge in graph.edges if plan[edge[0]] != plan[edge[1]] for unit in edge}
    if is_around_stranded:
        wanted = set(np.flatnonzero((problem.weights > 0) != (plan == 1)).tolist())
    if wanted and problem.n_units < 10:  # 200 draws find it
        assert members[0] in wanted


@given(problem=BARE, seed=SEEDS, part=PARTS)
@settings(max_examples=200)
def test_what_hangs_on_a_unit_is_what_its_part_loses_when_it_leaves(problem, seed, part) -> None:
    """Take each unit out in turn, by networkx, and add up all but the best of what falls apart."""
    plan = draw_assignment(problem, np.random.default_rng(seed))
    hanging = weigh_hanging(task_of(problem), plan, part)
    gain = problem.weights.tolist() if part == 1 else (-problem.weights).tolist()
    graph = as_networkx(problem).subgraph(np.flatnonzero(plan == part).tolist())
    for unit in range(problem.n_units):
        lost = 0
        if unit in graph:
            around = graph.subgraph(nx.node_connected_component(graph, unit) - {unit})
            blocks = [sum(gain[one] for one in block) for block in nx.connected_components(around)]
            lost = max(0, sum(blocks) - max(blocks, default=0))
        assert hanging[unit] == pytest.approx(lost, rel=1e-9)


def strips() -> Problem:
    """Two cities of part 1 and a corridor between strips of part 0, which must meet somewhere.

    To cut the corridor costs part 0 nothing and part 1 the far city; to pass behind the near city
    costs the three units of its outskirts.
    """
    weights = np.array([[2, -5, -5, -5, 10], [2, 50, -1, -1, 10], [2, -5, -5, -5, 10]])
    number = np.arange(weights.size).reshape(weights.shape)
    across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    down = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    gains = np.stack([np.maximum(-weights, 0).ravel(), np.maximum(weights, 0).ravel()], axis=1)
    return Problem(gains, np.concatenate([across, down]))


def test_who_passes_through_a_part_does_not_cut_the_corridor_that_a_city_hangs_on() -> None:
    problem = strips()
    plan, labels = np.ones((3, 5), np.int8), np.empty(15, np.int32)
    plan[[0, 2], 1:4] = 0
    joined = plan.copy()
    joined[:, 0] = 0
    flat = plan.ravel()
    join_pieces(task_of(problem), np.ones(15), flat, 0, labels)
    assert flat.tolist() == joined.ravel().tolist(), "part 0 passes behind the near city"
    assert objective(problem, flat) == Census(problem).optimum


@given(problem=UNFIXED, seed=SEEDS)
@settings(max_examples=100)
def test_a_plan_rebuilt_is_no_worse_than_any_of_the_four_ways_to_mend_the_wish(
    problem, seed
) -> None:
    wish, task = draw_assignment(problem, np.random.default_rng(seed)), task_of(problem)
    plan = Walker(Model(problem), 0).rebuild(wish)
    assert is_feasible(problem, plan)
    for first_part in (0, 1):
        for is_joining_both in (False, True):
            mended = wish.copy()
            repair(task, np.ones(problem.n_units), mended, first_part, is_joining_both)
            assert objective(problem, plan) >= objective(problem, mended)


@given(problem=UNFIXED, seed=SEEDS)
@settings(max_examples=200)
def test_a_walk_keeps_both_plans_and_never_loses_the_best(problem, seed) -> None:
    rng, task = np.random.default_rng(seed), task_of(problem)
    current = Walker(Model(problem), 0).rebuild(draw_assignment(problem, rng))
    best = current.copy()
    scale = float(np.abs(problem.weights).sum()) + 1
    values = [objective(problem, best)]
    for _ in range(3):
        bias = rng.normal(size=problem.n_units) * scale * 0.1
        walk(
            task,
            bias,
            current,
            best,
            int(rng.integers(2**32)),
            10,
            scale * 0.1,
            scale * 0.001,
            12,
            0.5,
        )
        assert is_feasible(problem, current)
        assert is_feasible(problem, best)
        values.append(objective(problem, best))
        assert values[-1] >= max(values[-2], objective(problem, current))


@given(problem=problems(min_units=2, max_units=10, max_fixed=4), seed=SEEDS)
@settings(max_examples=250)
def test_what_a_walker_offers_is_a_plan_and_never_gets_worse(problem, seed) -> None:
    """Budgets that may not be missed, groups and fixed units: what breaks them is not offered."""
    census = Census(problem)
    model = Model(problem)
    walker, twin = Walker(model, seed), Walker(model, seed)
    value = None
    for chunk in range(3):
        for one in (walker, twin):
            one.advice = np.random.default_rng(chunk).random(problem.n_units)
            one.follow()
            one.run()
        assert count_torn(problem, walker._current) == 0
        if walker.best is None:
            assert value is None
            assert twin.best is None
            continue
        assert is_feasible(problem, walker.best)
        assert value is None or objective(problem, walker.best) >= value
        value = objective(problem, walker.best)
        assert value <= census.optimum
        assert np.array_equal(walker.best, twin.best)


@pytest.mark.parametrize("pieces", PIECES)
def test_a_walker_finds_the_optimum_of_problems_that_one_ball_covers(pieces) -> None:
    """Not a promise, but what the exact search counts on: under any pieces, in most cases."""
    found = 0
    for seed in range(12):
        problem = draw_problem(seed, 10, ["planar", "grid", "islands"][seed % 3], "small", pieces)
        walker = Walker(Model(problem), seed)
        for _ in range(3):
            walker.run()
        found += objective(problem, walker.best) == Census(problem).optimum
    assert found >= 9


@pytest.mark.parametrize("seed", range(3))
def test_a_walk_comes_near_where_two_sums_are_equal(seed) -> None:
    """A price that outweighs every unit is no reason to go to either end, and to stay there."""
    rng = np.random.default_rng(seed)
    grid = nx.convert_node_labels_to_integers(nx.grid_2d_graph(20, 20))
    edges, gains = np.array(grid.edges), rng.integers(1, 1000, (400, 2))
    equal = int(gains[:, 0].sum())
    smaller = Budget(gains.sum(axis=1), equal, equal, price=1)  # twice the smaller sum is best
    values = []
    for budgets in ((), (smaller,)):
        problem = Problem(gains, edges, budgets=budgets)
        walker = Walker(Model(problem), 0)
        for _ in range(40):
            walker.run()
        values.append(objective(problem, walker.best))
    assert values[1] > 0.98 * values[0]


def test_a_walker_takes_an_offer_only_where_it_is_a_better_plan() -> None:
    problem = Problem(np.array([[0, 5], [9, 0], [0, 4]]), np.array([[0, 1], [1, 2]]))
    walker = Walker(Model(problem), 0)
    best = walker.best.copy()
    assert objective(problem, best) == Census(problem).optimum == 14
    assert not walker.offer(np.array([1, 0, 1], np.int8)), "worth 18, but torn"
    assert not walker.offer(np.array([1, 1, 1], np.int8)), "a plan, but worth 9"
    assert np.array_equal(walker.best, best)
    walker.best = np.array([1, 1, 1], np.int8)
    assert walker.offer(best)


def test_walkers_with_other_seeds_walk_elsewhere(country) -> None:
    model = Model(country(400))
    paths = set()
    for seed in range(4):
        walker = Walker(model, seed)
        walker.run()
        paths.add(walker._current.tobytes())
    assert len(paths) == 4


@given(problem=problems(min_units=4, extras={"costs", "links"}), seed=SEEDS)
@settings(max_examples=100, deadline=None)
def test_advice_that_lies_next_to_a_better_plan_is_where_the_walk_goes_on(problem, seed) -> None:
    """A relaxation may know at once what a walk would come upon after a cycle or two."""
    optima = Census(problem).optimal_plans
    walker = Walker(Model(problem), seed)
    before, current = walker.best, walker._current.copy()
    if not len(optima):
        walker.advice = np.full(problem.n_units, 0.5)
        walker.follow()
        assert walker.best is None
        return
    optimum = optima[seed % len(optima)]
    is_found = before is not None and objective(problem, before) == Census(problem).optimum
    walker.advice = np.abs(optimum - 0.4)
    walker.follow()
    if is_found:
        assert np.array_equal(walker.best, before)
        assert np.array_equal(walker._current, current)
    else:  # where several plans are the best, each is as near as the other
        assert any(np.array_equal(walker.best, one) for one in optima)
        assert np.array_equal(walker._current, walker.best)


@pytest.mark.parametrize("has_advice", [False, True])
def test_a_cycle_ends_and_the_next_starts_from_a_plan(country, has_advice) -> None:
    problem = country(25)
    walker = Walker(Model(problem), 1)
    if has_advice:
        walker.advice = np.random.default_rng(0).random(25)
        walker.follow()
    values = []
    params = walker.model.params.walk
    for _ in range(2 * params.n_cycle // params.n_chunk + 1):
        walker.run()
        assert walker.model.is_plan(walker._current)
        values.append(problem.objective(walker.best))
    assert values == sorted(values)
