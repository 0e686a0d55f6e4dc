"""Separators are minimum cuts, held against the maximum flow of OR-Tools on the split graph."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.graph.python import max_flow

from solvers.graphs.graph import Graph
from solvers.problem import Problem
from solvers.rows.separation import Separators, find_separators
from tests.solvers.conftest import CONNECTED, PLANAR, as_networkx, draw_edges, problems

STEP = 1 / 64
"""Values are multiples of this, so that flows are whole numbers."""
VIOLATION = 0.02
"""Above one step and below two."""
UNLIMITED = 10**9


def cut_value(graph: nx.Graph, steps: list[int], extra: int, target: int, roots: set[int]) -> int:
    """Capacity of the smallest wall between a target and the roots, none of them in it."""
    flow = max_flow.SimpleMaxFlow()
    for unit, step in enumerate(steps):
        is_end = unit == target or unit in roots
        flow.add_arc_with_capacity(2 * unit, 2 * unit + 1, UNLIMITED if is_end else step + extra)
        for near in graph[unit]:
            flow.add_arc_with_capacity(2 * unit + 1, 2 * near, UNLIMITED)
    sink = 2 * len(steps)
    for root in roots:
        flow.add_arc_with_capacity(2 * root + 1, sink, UNLIMITED)
    assert flow.solve(2 * target, sink) == flow.OPTIMAL
    return flow.optimal_flow()


def draw_case(problem: Problem, seed: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    rng = np.random.default_rng(seed)
    steps = rng.integers(0, 65, problem.n_units)
    steps[rng.random(problem.n_units) < 0.4] //= 8
    roots = rng.permutation(problem.n_units)[: rng.integers(1, 4)].astype(np.int32)
    return steps, roots


def as_rows(found: Separators) -> list[tuple[int, list[int]]]:
    walls = [found.members[a:b].tolist() for a, b in pairwise(found.start)]
    return list(zip(found.units.tolist(), walls, strict=True))


CASE = given(
    problem=problems(CONNECTED, ["small"], min_units=3, max_units=16, max_fixed=0),
    seed=st.integers(0, 2**32 - 1),
)


def hold_against_cuts(problem: Problem, steps, roots) -> None:
    """Rows are found where a smallest wall is violated, nowhere else, and the first is smallest."""
    graph, gains = as_networkx(problem), problem.weights
    cuts = {
        target: cut_value(graph, steps.tolist(), 0, target, set(roots.tolist()))
        for target in np.flatnonzero(gains > 0).tolist()
        if target not in roots
    }
    violated = {target for target, cut in cuts.items() if steps[target] - cut >= 2}
    rows = as_rows(
        find_separators(
            Graph.from_edges(problem.n_units, problem.edges),
            steps * STEP, roots, gains, creep=1e-9, violation=VIOLATION,
        )
    )  # fmt: skip
    assert bool(rows) == bool(violated)
    assert {target for target, _ in rows} <= violated
    for target, wall in rows:
        assert steps[target] - 2 >= steps[wall].sum() >= cuts[target]
    if rows:
        target, wall = rows[0]
        assert steps[wall].sum() == cuts[target]


@CASE
@settings(max_examples=400)
def test_a_row_is_found_exactly_when_a_minimum_cut_is_violated(problem, seed) -> None:
    hold_against_cuts(problem, *draw_case(problem, seed))


@pytest.mark.parametrize("seed", range(30))
def test_cuts_are_the_smallest_on_maps_with_many_ways_out(seed) -> None:
    """Sixty units, where one search from a target finds several exits at once."""
    rng = np.random.default_rng(seed)
    edges = np.array(draw_edges(PLANAR[seed % 3], 60, rng), np.int32)
    problem = Problem(gains=np.array([[0, 1]] * 60), edges=edges)
    steps, roots = draw_case(problem, seed)
    steps[rng.random(60) < 0.5] //= 8
    hold_against_cuts(problem, steps, roots)


@CASE
@settings(max_examples=200)
def test_creep_counts_the_units_of_a_cut(problem, seed) -> None:
    steps, roots = draw_case(problem, seed)
    rows = as_rows(
        find_separators(
            Graph.from_edges(problem.n_units, problem.edges),
            steps * STEP, roots, problem.weights, creep=4 * STEP, violation=VIOLATION,
        )
    )  # fmt: skip
    if rows:
        target, wall = rows[0]
        least = cut_value(
            as_networkx(problem), steps.tolist(), 4, target, set(roots.tolist())
        )  # fmt: skip
        assert steps[wall].sum() + 4 * len(wall) == least


def test_creep_prefers_one_unit_to_five() -> None:
    """A root, a neck of 0.3, a belt of five units of 0.05 each, and a target behind them."""
    belt = range(2, 7)
    graph = nx.Graph([(0, 1), *((1, unit) for unit in belt), *((unit, 7) for unit in belt)])
    values = np.array([1.0, 0.3, *[0.05] * 5, 1.0])
    arrays = Graph.from_edges(8, np.array(graph.edges))
    gains, roots = np.ones(8, np.int64), np.array([0], np.int32)
    walls = {
        creep: as_rows(find_separators(arrays, values, roots, gains, creep=creep, n_nested=1))[0][1]
        for creep in (1e-9, 0.05)
    }
    assert sorted(walls[1e-9]) == list(belt)
    assert walls[0.05] == [1]


@pytest.mark.parametrize("n_nested", [1, 2, 5])
def test_nested_cuts_lie_one_beyond_the_other(n_nested) -> None:
    """A path 0 - 1 - ... - 9 from the target at one end to the root at the other."""
    path = Graph.from_edges(10, np.array([[i, i + 1] for i in range(9)]))
    values = np.array([1.0, *[0.1] * 8, 1.0])
    gains = np.array([1, *[0] * 9])
    found = find_separators(
        path, values, np.array([9], np.int32), gains, creep=0.01, n_nested=n_nested
    )
    walls = [wall for _, wall in as_rows(found)]
    assert len(walls) == n_nested
    assert sorted(walls) == walls
    assert all(len(wall) == 1 for wall in walls)
    assert len({tuple(wall) for wall in walls}) == n_nested


def test_a_wall_leaves_out_what_leads_into_a_pocket() -> None:
    """A target, 0, between the root, 3, and a pocket too wide for the search to look through."""
    edges = [(0, 1), (1, 3), (0, 2), *((2, unit) for unit in (4, 5, 6, 7)), (4, 8)]
    graph = Graph.from_edges(9, np.array(edges))
    values, gains = np.array([1.0, *[0.0] * 8]), np.ones(9, np.int64)
    found = find_separators(graph, values, np.array([3], np.int32), gains, creep=0.3, n_nested=1)
    assert as_rows(found) == [(0, [1])]


def test_units_behind_one_wall_share_it_those_that_gain_most_first() -> None:
    """A root, a neck of value 0 and, behind it, a clique of five units of value 1."""
    clique = nx.complete_graph(range(2, 7))
    graph = nx.compose(clique, nx.Graph([(0, 1), (1, 2)]))
    values = np.array([1.0, 0.0, *[1.0] * 5])
    gains = np.array([1, 1, 10, 20, 30, 40, -50])
    found = find_separators(
        Graph.from_edges(7, np.array(graph.edges)),
        values, np.array([0], np.int32), gains, creep=0.01, n_nested=1, n_more=2,
    )  # fmt: skip
    assert [wall for _, wall in as_rows(found)] == [[1]] * 3
    first, *others = found.units.tolist()
    assert others == sorted({2, 3, 4, 5} - {first}, reverse=True)[:2]


def test_a_point_that_nothing_tears_has_no_separator() -> None:
    path = Graph.from_edges(4, np.array([[0, 1], [1, 2], [2, 3]]))
    gains, root = np.ones(4, np.int64), np.array([0], np.int32)
    for values in ([1, 1, 1, 1], [1, 0.5, 0.5, 0.5], [1, 0.9, 0.4, 0.0], [0, 1, 1, 1]):
        found = find_separators(path, np.array(values, float), root, gains, creep=0.01)
        assert as_rows(found) == []
