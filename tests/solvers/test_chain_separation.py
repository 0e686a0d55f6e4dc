"""The shortest walks around a unit, against Dijkstra on two copies of the graph."""

from __future__ import annotations

from typing import NamedTuple

import networkx as nx
import numpy as np
import pytest

from solvers.errors import InternalError
from solvers.graphs.faces import Plane, draw, find_faces
from solvers.graphs.graph import Graph
from solvers.rows.chain_separation import Tree, find_chains, find_curves, find_walk, mark_curve
from tests.solvers.conftest import PLANAR, draw_edges


def shortest_twofold(
    graph: Graph,
    plane: Plane,
    ends: np.ndarray,
    costs: np.ndarray,
    barred: np.ndarray,
    crossed: np.ndarray,
    target: int,
    source: int,
) -> float:
    """Length of the shortest closed walk by the source that crosses the curve an odd number of
    times: a shortest way from its one copy to the other, where crossing changes the copy."""
    double = nx.DiGraph()
    double.add_nodes_from([(source, 0), (source, 1)])
    arcs, n_units = graph.arcs, graph.n_units
    for unit in np.flatnonzero(~barred).tolist():
        for arc in range(arcs.start[unit], arcs.start[unit + 1]):
            other = int(arcs.neighbours[arc])
            for copy in (0, 1) if not barred[other] and np.isfinite(costs[arc]) else ():
                there = copy ^ int(crossed[arc] == target)
                double.add_edge((unit, copy), (other, there), weight=costs[arc])
        for place in range(plane.corner_start[unit], plane.corner_start[unit + 1]):
            hub = n_units + int(plane.corner_faces[place])
            for copy in (0, 1):
                double.add_edge((unit, copy), (hub, copy), weight=ends[unit])
                double.add_edge((hub, copy), (unit, copy), weight=ends[unit])
    try:
        return nx.dijkstra_path_length(double, (source, 0), (source, 1))
    except nx.NetworkXNoPath:
        return np.inf


class Case(NamedTuple):
    """A map, what walks on it cost, and the unit they are to wind around."""

    graph: Graph
    plane: Plane
    ends: np.ndarray
    costs: np.ndarray
    barred: np.ndarray
    crossed: np.ndarray
    target: int
    source: int


def draw_case(rng: np.random.Generator, family: str) -> Case | None:
    """Draw a planar map, with two units in the way; None where no curve joins these."""
    n_units = int(rng.integers(8, 40))
    edges = np.array(draw_edges(family, n_units, rng), np.int32)
    graph = Graph.from_edges(n_units, edges)
    plane = draw(graph, find_faces(n_units, edges))
    target, root, source = rng.choice(n_units, 3, replace=False).tolist()
    ends = rng.random(n_units) * (rng.random(n_units) < 0.6) + 0.01
    by_edge = rng.random(len(edges)) * (rng.random(len(edges)) < 0.6) + 0.01
    by_edge[rng.random(len(edges)) < 0.1] = np.inf
    of = {tuple(pair): cost for pair, cost in zip(edges.tolist(), by_edge, strict=True)}
    tails = np.repeat(np.arange(n_units), graph.degrees).tolist()
    pairs = zip(tails, graph.neighbours.tolist(), strict=True)
    costs = np.array([of[min(pair), max(pair)] for pair in pairs])
    barred = np.zeros(n_units, bool)
    barred[root] = True
    via, depth = find_curves(graph.reverse, plane.side, plane.start, plane.arcs, barred[plane.tail])
    crossed = np.full(len(plane.side), -1, np.int64)
    is_joined = mark_curve(graph.arcs, plane, via, depth, target, crossed)
    barred[target] = True
    return Case(graph, plane, ends, costs, barred, crossed, target, source) if is_joined else None


def found_length(case: Case, limit: float) -> float:
    """Length of the walk that is found; infinite where none is."""
    graph, plane, ends, costs, *rest = case
    n_vertices = graph.n_units + len(plane.wide_start) - 1
    tree = Tree(*(np.empty(n_vertices, kind) for kind in (float, np.int64, np.bool_, np.int64)))
    one, two = find_walk(graph.arcs, plane, ends, costs, *rest, limit, tree)
    if one < 0:
        return np.inf
    between = slice(*graph.arcs.start[one : one + 2])
    step = costs[between][graph.neighbours[between] == two].min(initial=np.inf)
    return tree.reach[one] + (ends[one] if two >= graph.n_units else step) + tree.reach[two]


def test_the_shortest_walk_around_a_unit_is_found_if_it_is_short_enough():
    """On 300 random planar maps: found when it is below the limit, and then as short as can be."""
    n_found = n_none = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        case = draw_case(rng, PLANAR[seed % 3])
        if case is None:
            continue
        limit = float(rng.choice([0.5, 1.0, 2.0]))
        found, shortest = found_length(case, limit), shortest_twofold(*case)
        if np.isinf(found):
            assert shortest >= limit - 1e-9
            n_none += 1
        else:
            assert found == pytest.approx(shortest)
            assert found < limit
            n_found += 1
    assert min(n_found, n_none) > 40


def test_shares_below_zero_are_an_error_and_no_search_without_an_end():
    """What no relaxation has, and would shorten a way each time that it goes round."""
    said = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        case = draw_case(rng, PLANAR[seed % 3])
        if case is None:
            continue
        graph, roots = case.graph, np.flatnonzero(case.barred).astype(np.int32)
        shares = rng.uniform(-0.5, 1.0, graph.n_units)
        shares[case.target], root = 1.0, roots[roots != case.target]
        targets = np.array([case.target], np.int32)
        cuts = rng.uniform(-0.5, 0.5, len(graph.neighbours))
        try:
            given = (graph, case.plane, shares, cuts, root, targets)
            list(find_chains(*given, creep=0.01, violation=0.01))
        except InternalError as error:
            said.append(str(error))
    assert len(said) > 10
    assert all("goes round in a circle" in one for one in said)
