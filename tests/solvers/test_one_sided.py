"""Problems with one connected part: bounds by ascent and over arcs, against every plan."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from solvers.exact.arborescence import Arborescence
from solvers.exact.ascent import bound_by_ascent, connected_part, grown_plans
from solvers.exact.branch_and_cut import BranchAndCut
from solvers.exact.node import Node, sum_of_best
from solvers.model import Model
from solvers.problem import FREE, Problem
from solvers.result import Limits, Status
from solvers.rows.row import Row
from solvers.solve import solve
from tests.solvers.conftest import FAMILIES, Census, confirm, draw_problem

SIDES = [(0, 1), (1, 0)]


def drawn(seed: int, n_units: int) -> tuple[Model, Node, int]:
    """Draw a model in one piece, and a node with one or two roots of its connected part."""
    rng = np.random.default_rng(seed)
    family = FAMILIES[seed % len(FAMILIES)]
    pieces = SIDES[seed % 2]
    problem = draw_problem(seed, n_units, family, pieces=pieces, n_fixed=int(rng.integers(3)))
    main = sorted(max(nx.connected_components(graph_of(problem)), key=len))
    problem = problem.subproblem(np.array(main))
    model = Model(problem)
    part = pieces.index(1)
    lower, upper = (problem.fixed == 1).astype(np.int8), (problem.fixed != 0).astype(np.int8)
    may = np.flatnonzero(problem.fixed != 1 - part)
    roots = [np.empty(0, np.int32), np.empty(0, np.int32)]
    roots[part] = np.sort(rng.permutation(may)[: rng.integers(1, 3)]).astype(np.int32)
    node = Node(sum_of_best(model, lower, upper), lower, upper, (roots[0], roots[1]))
    return model, node, part


def graph_of(problem: Problem) -> nx.Graph:
    graph = nx.empty_graph(problem.n_units)
    graph.add_edges_from(problem.edges.tolist())
    return graph


def values_with(model: Model, node: Node, part: int) -> dict[bytes, int]:
    """Value of every plan that holds one of the roots."""
    roots = node.roots[part]
    plans = Census(model.problem).plans
    return {plan.tobytes(): model.value(plan) for plan in plans if (plan[roots] == part).any()}


def check_row(model: Model, node: Node, part: int, row: Row) -> None:
    """Derive the row by networkx: what potentials climb by, and that their sets hold no root."""
    graph = graph_of(model.problem)
    _, of_part, targets, zones, depths = row.claim
    height = [dict(zip(*pair, strict=True)) for pair in zip(zones, depths, strict=True)]
    owed = dict.fromkeys(graph, 0)
    for target, own in zip(targets, height, strict=True):
        owed[target] += own[target]
        for level in {*own.values()}:  # each a set around which there are separators
            zone = {unit for unit, depth in own.items() if depth >= level}
            assert zone.isdisjoint(node.roots[part].tolist())
            inner = {v for v in zone if {*graph[v]} - zone}
            rest = graph.subgraph({*graph} - inner)
            if target in rest:
                reached = nx.node_connected_component(rest, target)
                assert reached.isdisjoint(node.roots[part].tolist())
    for v in graph:
        steps = [sum(max(0, own.get(v, 0) - own.get(t, 0)) for own in height) for t in graph[v]]
        owed[v] -= max(steps, default=0)
    sign = 1 if part == 1 else -1
    assert of_part == part
    assert dict(zip(row.columns, row.coefficients, strict=True)) == {
        unit: sign * factor for unit, factor in owed.items() if factor
    }
    assert row.limit == (0 if part == 1 else -sum(owed.values()))


def test_an_ascent_bounds_every_plan_with_a_root_and_its_row_holds_for_each() -> None:
    n_rows = n_tight = 0
    for seed in range(400):
        model, node, part = drawn(seed, 4 + seed % 6)
        assert connected_part(model) == part
        values = values_with(model, node, part)
        best = max(values.values(), default=None)
        ascent = bound_by_ascent(model, part, node, None, seed % 3)
        if ascent is None:
            continue
        (row,) = ascent.proof.rows
        check_row(model, node, part, row)
        n_rows += 1
        for plan in values:
            held = np.frombuffer(plan, np.int8)[list(row.columns)]
            assert int(held @ np.array(row.coefficients)) <= row.limit
        if best is not None:
            assert ascent.proof.bound >= best
            n_tight += ascent.proof.bound == best
        for grown in grown_plans(model, part, node, ascent, None):
            assert (
                nx.number_connected_components(
                    graph_of(model.problem).subgraph(np.flatnonzero(grown == part).tolist())
                )
                == 1
            )
    assert n_rows > 60
    assert n_tight > 20


def test_the_relaxation_over_arcs_bounds_every_plan_and_no_worse_than_the_ascent() -> None:
    n_exact = 0
    for seed in range(150):
        model, node, part = drawn(seed, 9)
        best = max(values_with(model, node, part).values(), default=None)
        ascent = bound_by_ascent(model, part, node, None)
        if ascent is None or best is None:
            continue
        tree = Arborescence(model, part, node)
        tree.begin_with(ascent)
        relaxed = tree.solve(None)
        assert relaxed is not None
        if relaxed.proof is None:
            continue
        check_row(model, node, part, relaxed.proof.rows[0])
        assert best <= relaxed.proof.bound
        assert relaxed.proof.bound <= max(ascent.proof.bound, best) + 1
        n_exact += relaxed.proof.bound == best
    assert n_exact > 10


@pytest.mark.parametrize("pieces", SIDES)
def test_the_best_plan_of_one_connected_part_is_found_and_the_verifier_confirms_it(
    pieces: tuple[int, int],
) -> None:
    for seed in range(25):
        n_units = 5 + seed % 6
        problem = draw_problem(
            seed, n_units, FAMILIES[seed % len(FAMILIES)], pieces=pieces, n_fixed=seed % 3
        )
        result = solve(problem, Limits(time_limit=60.0), certify=True)
        optimum = Census(problem).optimum
        if optimum is None:
            assert result.status is Status.INFEASIBLE
        else:
            assert (result.status, result.objective) == (Status.OPTIMAL, optimum)
            assert confirm(problem, result) == optimum


def test_a_proof_by_one_row_may_be_all_there_is_in_a_certificate() -> None:
    """Most units gain on either side of a few that lose: the first ascent is the proof."""
    rng = np.random.default_rng(5)
    graph = nx.gnm_random_graph(60, 150, seed=5)
    weights = rng.integers(-9, 6, 60)
    problem = Problem(
        np.stack([np.zeros_like(weights), weights], axis=1), np.array(graph.edges), pieces=(0, 1)
    )
    result = solve(problem, Limits(time_limit=60.0), certify=True)
    assert result.status is Status.OPTIMAL
    assert confirm(problem, result) == result.objective
    kinds = {row[0] for search in result.certificate["searches"] for row in search["rows"]}
    assert kinds == {"potential"}


def test_problems_that_ask_for_more_are_not_taken_for_one_sided() -> None:
    path = Problem(np.array([[0, 3], [4, 0], [0, 5]]), np.array([[0, 1], [1, 2]]), pieces=(0, 1))
    others = [
        replace(path, pieces=(1, 1)),
        replace(path, pieces=(0, 2)),
        replace(path, edge_costs=np.array([1, 0])),
        replace(path, groups=np.array([7, -1, 7])),
        Problem(path.gains, path.edges[:1], pieces=(0, 1)),
    ]
    assert connected_part(Model(path)) == 1
    assert [connected_part(Model(other)) for other in others] == [None] * len(others)
    fixed = BranchAndCut(Model(replace(path, fixed=np.array([0, FREE, 0], np.int8))))
    while not fixed.is_finished:
        fixed.step()
    assert fixed.value == 0
