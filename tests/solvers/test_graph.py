"""Graphs, pieces and faces, held against networkx; and the tests' own yardstick."""

from __future__ import annotations

import re
from itertools import pairwise

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.contiguity import broken_constraint, count_pieces
from solvers.graphs.faces import find_faces
from solvers.graphs.graph import Graph
from solvers.model import Model
from solvers.problem import ALONE, FREE, Problem
from tests.solvers.conftest import (
    CONNECTED,
    FAMILIES,
    PIECES,
    PLAIN,
    PLANAR,
    Census,
    as_networkx,
    base,
    costly_pairs,
    draw_problem,
    excess,
    is_feasible,
    objective,
    problems,
)

SEEDS = st.integers(0, 2**32 - 1)


def graph_of(problem: Problem) -> Graph:
    return Graph.from_edges(problem.n_units, problem.edges)


def draw_assignment(problem: Problem, seed: int) -> npt.NDArray[np.int8]:
    return np.random.default_rng(seed).integers(0, 2, problem.n_units).astype(np.int8)


def pieces_by_networkx(
    problem: Problem, assignment: npt.NDArray[np.int8]
) -> list[tuple[int, frozenset[int]]]:
    """List the pieces of both parts as sets of units."""
    graph = as_networkx(problem)
    return [
        (part, frozenset(piece))
        for part in (0, 1)
        for piece in nx.connected_components(
            graph.subgraph(np.flatnonzero(assignment == part).tolist())
        )
    ]


@given(problem=problems(max_units=6))
@settings(max_examples=150)
def test_the_census_by_bit_masks_agrees_with_networkx(problem) -> None:
    census = Census(problem)
    values = iter(census.values)
    for mask, is_plan in zip(census.masks.tolist(), census.is_plan.tolist(), strict=True):
        assignment = [(mask >> unit) & 1 for unit in census.units]
        assert is_plan == is_feasible(problem, assignment)
        if is_plan:
            assert next(values) == objective(problem, assignment)
    assert next(values, None) is None


def test_combinations_of_constraints_are_drawn_that_leave_many_plans_few_or_none() -> None:
    drawn = []

    @given(problem=problems(min_units=5, max_units=7))
    @settings(max_examples=200, database=None)
    def draw(problem) -> None:
        kinds = (
            problem.edge_costs.any(),
            problem.link_costs.any(),
            (problem.groups != ALONE).any(),
            any(budget.price is None for budget in problem.budgets),
            any(budget.price is not None for budget in problem.budgets),
            max(problem.pieces) > 1,
        )
        drawn.append((sum(kinds), len(Census(problem).plans), problem.n_units))

    draw()
    n_kinds = [n_kinds for n_kinds, _, _ in drawn]
    assert {0, 1, 2, 3} <= set(n_kinds)
    assert any(n_kinds >= 4 for n_kinds, _, _ in drawn)
    assert any(n_kinds >= 2 and n_plans == 0 for n_kinds, n_plans, _ in drawn)
    assert any(n_kinds >= 2 and n_plans > 2 ** (n - 2) for n_kinds, n_plans, n in drawn)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_families_are_what_they_are_called(family) -> None:
    n_planar = 0
    for seed in range(30):
        graph = as_networkx(draw_problem(seed, 9, family))
        if family in CONNECTED:
            assert nx.is_connected(graph)
        if family in PLANAR:
            assert nx.check_planarity(graph)[0]
        n_planar += nx.check_planarity(graph)[0]
    if family in ("complete", "crossed", "dense"):
        assert n_planar < 20


@given(problem=problems(max_units=14), seed=SEEDS)
def test_neighbours_arcs_and_sums_are_those_of_networkx(problem, seed) -> None:
    graph, other = graph_of(problem), as_networkx(problem)
    values = np.random.default_rng(seed).random(problem.n_units)
    sums = graph.neighbour_sums(values)
    assert graph.n_units == problem.n_units
    for unit in range(problem.n_units):
        assert graph.of(unit).tolist() == sorted(other[unit])
        assert graph.degrees[unit] == other.degree[unit]
        assert sums[unit] == pytest.approx(sum(values[near] for near in other[unit]), abs=1e-12)
    tails = np.repeat(np.arange(problem.n_units), graph.degrees)
    assert np.array_equal(graph.neighbours[graph.reverse], tails)
    assert np.array_equal(graph.reverse[graph.reverse], np.arange(len(tails)))


@given(problem=problems(max_units=14), seed=SEEDS)
@settings(max_examples=200)
def test_pieces_are_those_of_networkx(problem, seed) -> None:
    assignment = draw_assignment(problem, seed)
    pieces = pieces_by_networkx(problem, assignment)
    labels = graph_of(problem).label(assignment)
    assert {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels)} == {
        piece for _, piece in pieces
    }
    assert labels.tolist() == [np.unique(labels).tolist().index(label) for label in labels]

    landmasses = sorted(nx.connected_components(as_networkx(problem)), key=min)
    expected = [
        [sum(owner == part and piece <= land for owner, piece in pieces) for part in (0, 1)]
        for land in landmasses
    ]
    assert count_pieces(graph_of(problem), assignment).tolist() == expected


@given(problem=problems(max_units=10), seed=SEEDS)
@settings(max_examples=300)
def test_a_plan_breaks_nothing_and_anything_else_is_told_what_it_breaks(problem, seed) -> None:
    assignment = draw_assignment(problem, seed)
    broken = broken_constraint(problem, assignment)
    assert (broken is None) == is_feasible(problem, assignment)
    wrong = [
        unit for unit, part in enumerate(problem.fixed) if part not in (FREE, assignment[unit])
    ]
    parts_of = {}
    for label, part in zip(problem.groups.tolist(), assignment.tolist(), strict=True):
        parts_of.setdefault(label, set()).add(part)
    split = sorted(label for label, parts in parts_of.items() if len(parts) > 1 and label != ALONE)
    missed = [
        budget
        for budget in problem.budgets
        if budget.price is None and excess(budget, assignment.tolist())
    ]
    if wrong:
        unit = wrong[0]
        assert broken == (
            f"unit {unit} is fixed to part {problem.fixed[unit]}, not part {assignment[unit]}"
        )
    elif split:
        assert broken == f"group {split[0]} is split"
    elif strays := [
        unit
        for unit, below, above in problem.spans.tolist()
        if not assignment[below] <= assignment[unit] <= assignment[above]
    ]:
        assert broken == f"unit {strays[0]} is outside its span"
    elif missed:
        number = next(n for n, one in enumerate(problem.budgets) if one is missed[0])
        assert broken.startswith(f"budget {number}: ")
        outside = excess(missed[0], assignment.tolist())
        many = f" {missed[0].name}, {outside} too many"
        told = f" of {missed[0].name}, {outside} outside its limits"
        is_of_sets = missed[0].name == "split" and len(problem.spans)
        assert broken.endswith(many if is_of_sets else told)
    elif broken:
        found = re.fullmatch(
            r"part (.) has (.+) pieces on landmass (.+), at most (.) allowed", broken
        )
        part, n_pieces, landmass, most = map(int, found.groups())
        assert problem.pieces[part] == most > 0
        assert count_pieces(graph_of(problem), assignment)[landmass, part] == n_pieces > most


@given(problem=problems(), seed=SEEDS)
@settings(max_examples=300)
def test_a_model_calls_plans_what_networkx_calls_plans_and_values_them_alike(problem, seed) -> None:
    assignment = draw_assignment(problem, seed)
    model = Model(problem)
    assert model.is_plan(assignment) == is_feasible(problem, assignment)
    value = objective(problem, assignment)
    assert base(problem) + model.value(assignment) == problem.objective(assignment) == value
    # The variables beside the units' add up to the same: one a costly pair, one a budget.
    columns = np.zeros(model.n_columns, np.int64)
    columns[: problem.n_units] = assignment
    if model.has_cuts:
        for pair, (a, b, _) in enumerate(costly_pairs(problem)):
            columns[model.cut(pair)] = assignment[a] != assignment[b]
    for number, budget in enumerate(problem.budgets):
        assert (model.over(number) >= 0) == (budget.price is not None)
        if budget.price is not None:
            columns[model.over(number)] = excess(budget, assignment.tolist())
    assert int(model.gains @ columns) == model.value(assignment)
    assert (columns <= model.most).all()


@given(problem=problems(PLANAR, max_units=16, extras=PLAIN))
@settings(max_examples=200)
def test_every_edge_has_a_face_on_either_side(problem) -> None:
    faces = find_faces(problem.n_units, problem.edges)
    graph = as_networkx(problem)
    lengths = np.diff(faces.start)
    arcs = []
    for face in range(faces.n_faces):
        walk = faces.corners[faces.start[face] : faces.start[face + 1]].tolist()
        arcs += zip(walk, walk[1:] + walk[:1], strict=True)
    assert all(graph.has_edge(*arc) for arc in arcs)
    assert len(set(arcs)) == len(arcs), "a walk passes each side of an edge once"
    assert (lengths >= 4).all()
    # Euler's formula says how many faces there are; those left out take the sides left over.
    n_edges = graph.number_of_edges()
    if n_edges > 1:
        n_triangles = n_edges - problem.n_units + 2 - faces.n_faces
        assert lengths.sum() + 3 * n_triangles == 2 * n_edges


@pytest.mark.parametrize(
    "graph",
    [
        nx.complete_graph(5),
        nx.complete_bipartite_graph(3, 3),
        nx.petersen_graph(),
        nx.convert_node_labels_to_integers(nx.grid_graph([3, 3, 3])),
    ],
)
def test_graphs_that_are_not_planar_have_no_faces(graph) -> None:
    edges = np.array(graph.edges)
    assert find_faces(len(graph), edges) is None
    problem = Problem(np.zeros((len(graph), 2), int), edges)
    assert Model(problem).faces is None


@given(problem=problems(["islands", "dense", *PLANAR], max_units=12, extras=PLAIN))
@settings(max_examples=200)
def test_the_stored_rotation_walks_the_same_faces_and_satisfies_eulers_formula(problem) -> None:
    faces, graph = find_faces(problem.n_units, problem.edges), as_networkx(problem)
    if faces is None:
        assert not nx.check_planarity(graph)[0]
        return
    assert [sorted(order) for order in faces.rotation] == [
        sorted(graph[unit]) for unit in range(problem.n_units)
    ]
    following = {
        (tail, head): (head, order[(place + 1) % len(order)])
        for head, order in enumerate(faces.rotation)
        for place, tail in enumerate(order)
    }
    walks, left = [], set(following)
    while left:
        dart = min(left)
        walk = []
        while dart in left:
            left.remove(dart)
            walk.append(dart[0])
            dart = following[dart]
        walks.append(walk)
    n_faces = len(walks) + nx.number_of_isolates(graph)
    n_masses = nx.number_connected_components(graph)
    assert problem.n_units - len(problem.edges) + n_faces == 2 * n_masses
    stored = [faces.corners[a:b].tolist() for a, b in pairwise(faces.start)]
    assert sorted(map(turned, stored)) == sorted(turned(walk) for walk in walks if len(walk) >= 4)


def turned(walk: list[int]) -> list[int]:
    """Begin a closed walk where it reads smallest."""
    return min(walk[place:] + walk[:place] for place in range(len(walk)))


def test_faces_are_kept_only_where_both_parts_are_limited() -> None:
    square = np.array([[0, 1], [1, 2], [2, 3], [0, 3]])
    gains = np.zeros((4, 2), int)
    for pieces in PIECES:
        faces = Model(Problem(gains, square, pieces=pieces)).faces
        if 0 in pieces:
            assert faces is None
        else:
            assert faces.n_faces == 2
