"""Merging units that must stay together changes nothing but the size of the problem."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partition.verify.instance import contract, read_instance
from solvers import solve as solve_module
from solvers.exact.stated import state_problem
from solvers.problem import ALONE, FREE, Budget, Problem
from solvers.reduction import Reduction, find_domains, find_ties, reduce
from solvers.result import Status
from solvers.solve import solve
from tests.solvers.conftest import (
    Census,
    as_networkx,
    costly_pairs,
    objective,
    problems,
)

MERGED = problems(min_units=2, max_units=9, max_fixed=6)


def is_contradictory(problem: Problem) -> bool:
    """Whether two units of one group are fixed to different parts."""
    parts_of = {}
    for label, part in zip(problem.groups.tolist(), problem.fixed.tolist(), strict=True):
        if label != ALONE and part != FREE:
            parts_of.setdefault(label, set()).add(part)
    return any(len(parts) > 1 for parts in parts_of.values())


@given(problem=MERGED)
@settings(max_examples=400)
def test_a_reduced_problem_has_the_same_plans_and_they_are_worth_the_same(problem) -> None:
    census, reduced = Census(problem), reduce(problem)
    assert (reduced is None) == is_contradictory(problem)
    if reduced is None:
        assert census.optimum is None
        return
    small = Census(reduced.problem)
    expanded = {reduced.expand(plan).tobytes(): plan for plan in small.plans}
    assert set(expanded) == {plan.tobytes() for plan in census.plans}
    assert small.optimum == census.optimum
    for plan, value in zip(census.plans, census.values, strict=True):
        assert np.array_equal(reduced.restrict(plan), expanded[plan.tobytes()])
        assert objective(reduced.problem, reduced.restrict(plan)) == value


@given(problem=problems(max_units=16, max_fixed=8))
@settings(max_examples=300)
def test_blocks_are_what_the_verifier_contracts(problem) -> None:
    """Connected, numbered by their smallest unit, and as large as can be."""
    reduced = reduce(problem)
    if reduced is None:
        return
    blocks = contract(read_instance(state_problem(problem)))
    small = reduced.problem
    assert reduced.block.tolist() == list(blocks.block_of)
    assert [tuple(edge) for edge in small.edges.tolist()] == list(blocks.edges)
    assert small.edge_costs.tolist() == list(blocks.costs)
    assert [
        (*pair, cost)
        for pair, cost in zip(
            map(tuple, small.links.tolist()), small.link_costs.tolist(), strict=True
        )
    ] == [(a, b, cost) for (a, b), cost in zip(blocks.links, blocks.link_costs, strict=True)]
    assert small.weights.tolist() == list(blocks.weights)
    assert small.fixed.tolist() == list(blocks.fixed)
    assert [tuple(tie) for tie in find_ties(small).tolist()] == list(blocks.ties)
    graph = as_networkx(problem)
    firsts = []
    for block in range(small.n_units):
        members = np.flatnonzero(reduced.block == block).tolist()
        assert nx.is_connected(graph.subgraph(members))
        firsts.append(members[0])
    assert firsts == sorted(firsts)
    for a, b in small.edges.tolist():
        assert small.fixed[a] != small.fixed[b] or small.fixed[a] == FREE
        assert small.groups[a] != small.groups[b] or small.groups[a] == ALONE


@given(problem=problems(max_units=8, max_fixed=4))
@settings(max_examples=150)
def test_the_optimum_is_the_same_without_merging(problem) -> None:
    """The search itself keeps groups together, by rows."""
    whole = np.arange(problem.n_units, dtype=np.int32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solve_module, "reduce", lambda given: Reduction(given, whole))
        result = solve(problem)
    optimum = Census(problem).optimum
    assert result.status is (Status.INFEASIBLE if optimum is None else Status.OPTIMAL)
    assert result.objective == result.bound == optimum


@given(problem=problems(max_units=12))
@settings(max_examples=300)
def test_ties_chain_the_units_of_each_group(problem) -> None:
    ties = find_ties(problem)
    graph = nx.empty_graph(problem.n_units)
    graph.add_edges_from(ties.tolist())
    groups = {}
    for unit, label in enumerate(problem.groups.tolist()):
        groups.setdefault((label, unit if label == ALONE else 0), set()).add(unit)
    assert sorted(map(sorted, nx.connected_components(graph))) == sorted(
        map(sorted, groups.values())
    )
    assert len(ties) == problem.n_units - len(groups)
    labels = problem.groups[ties]
    assert (labels[:, 0] == labels[:, 1]).all()
    assert labels[:, 0].tolist() == sorted(labels[:, 0].tolist())
    assert (ties[:, 0] < ties[:, 1]).all()


@given(problem=problems(["islands", "islands", "tree", "planar"], max_units=10))
@settings(max_examples=300)
def test_domains_depend_on_nothing_outside_them(problem) -> None:
    domains = find_domains(problem)
    assert sorted(np.concatenate(domains).tolist()) == list(range(problem.n_units))
    for domain in domains:
        assert domain.tolist() == sorted(set(domain.tolist()))
    if problem.budgets:
        assert len(domains) == 1
        return
    home = {unit: number for number, domain in enumerate(domains) for unit in domain.tolist()}
    for a, b in find_ties(problem).tolist():
        assert home[a] == home[b]
    for a, b, cost in costly_pairs(problem):
        assert home[a] == home[b] or not cost
    if any(problem.pieces):
        assert all(home[a] == home[b] for a, b in problem.edges.tolist())
    if any(problem.pieces):  # with any number of pieces a subproblem would miss its edges
        optima = [Census(problem.subproblem(domain)).optimum for domain in domains]
        optimum = Census(problem).optimum
        assert optimum == (None if None in optima else sum(optima))


def test_landmasses_tied_by_a_group_or_a_link_are_one_domain_and_by_a_budget_all_are() -> None:
    edges = np.array([[0, 1], [2, 3], [4, 5]])
    gains = np.ones((6, 2), int)
    assert [d.tolist() for d in find_domains(Problem(gains, edges))] == [[0, 1], [2, 3], [4, 5]]
    tied = Problem(gains, edges, groups=np.array([-1, 7, -1, -1, -1, 7]))
    assert [domain.tolist() for domain in find_domains(tied)] == [[0, 1, 4, 5], [2, 3]]
    linked = Problem(gains, edges, links=np.array([[3, 4]]), link_costs=np.array([1]))
    assert [domain.tolist() for domain in find_domains(linked)] == [[0, 1], [2, 3, 4, 5]]
    limited = Problem(gains, edges, budgets=(Budget(np.ones(6, int), lower=2),))
    assert [domain.tolist() for domain in find_domains(limited)] == [[0, 1, 2, 3, 4, 5]]


def test_units_of_one_group_that_do_not_touch_stay_two_and_are_tied() -> None:
    path = np.array(list(pairwise(range(5))))
    groups = np.array([3, 3, ALONE, 3, ALONE])
    reduced = reduce(Problem(np.ones((5, 2), int), path, groups=groups))
    assert reduced.block.tolist() == [0, 0, 1, 2, 3]
    assert reduced.problem.gains.tolist() == [[2, 2], [1, 1], [1, 1], [1, 1]]
    assert find_ties(reduced.problem).tolist() == [[0, 2]]


def test_merging_across_what_is_not_an_edge_would_change_the_plans() -> None:
    """Two ends of a path fixed to part 1 are no one unit: what lies between must join them."""
    path = np.array([[0, 1], [1, 2]])
    problem = Problem(np.array([[0, 1], [9, 0], [0, 1]]), path, np.array([1, FREE, 1]))
    assert reduce(problem).problem.n_units == 3
    assert Census(problem).optimum == 2
    merged = Problem(np.array([[0, 2], [9, 0]]), np.array([[0, 1]]), np.array([1, FREE]))
    assert Census(merged).optimum == 11


@given(seed=st.integers(0, 2**32 - 1), n_units=st.integers(2, 8))
@settings(max_examples=50)
def test_edges_between_two_blocks_become_one_whose_cost_is_their_sum(seed, n_units) -> None:
    """A complete graph of two groups has one edge left."""
    rng = np.random.default_rng(seed)
    edges = np.array([(i, j) for i in range(n_units) for j in range(i + 1, n_units)])
    costs, groups = rng.integers(0, 9, len(edges)), rng.integers(0, 2, n_units)
    reduced = reduce(
        Problem(np.ones((n_units, 2), int), edges, edge_costs=costs, groups=groups)
    ).problem
    between = groups[edges[:, 0]] != groups[edges[:, 1]]
    assert reduced.n_units == len(set(groups.tolist()))
    assert reduced.edge_costs.tolist() == ([costs[between].sum()] if between.any() else [])
