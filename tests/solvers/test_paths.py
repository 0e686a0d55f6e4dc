"""Cheapest ways, held against networkx on the graph whose arcs cost what their heads cost."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.graphs import paths
from solvers.graphs.graph import Graph
from solvers.graphs.kernel import interpreted
from solvers.graphs.kernel_cache import NotCompiled
from solvers.graphs.paths import BARRED, UNREACHED, cheapest_ways, spread_ways
from tests.solvers.conftest import PLAIN, as_networkx, problems


def ways_by_networkx(graph: nx.Graph, costs: list[int], sources: list[int]) -> list[int]:
    """Enter each source from one more node, and each unit at its own cost."""
    passable = graph.subgraph([unit for unit in graph if costs[unit] != BARRED])
    directed = nx.DiGraph()
    directed.add_node("start")
    for tail, head in (*passable.edges, *((head, tail) for tail, head in passable.edges)):
        directed.add_edge(tail, head, cost=costs[head])
    for source in sources:
        if costs[source] != BARRED:
            directed.add_edge("start", source, cost=costs[source])
    reach = nx.single_source_dijkstra_path_length(directed, "start", weight="cost")
    return [reach.get(unit, UNREACHED) for unit in range(len(costs))]


@given(
    problem=problems(max_units=16, extras=PLAIN),
    seed=st.integers(0, 2**32 - 1),
    largest=st.sampled_from([1, 3, 100, 2**55]),
)
@settings(max_examples=400)
def test_ways_cost_what_networkx_says(problem, seed, largest) -> None:
    rng = np.random.default_rng(seed)
    costs = rng.integers(0, largest, problem.n_units)
    costs[rng.random(problem.n_units) < 0.2] = BARRED
    sources = rng.permutation(problem.n_units)[: rng.integers(0, 4)]
    graph = Graph.from_edges(problem.n_units, problem.edges)
    asked = graph.start, graph.neighbours, costs, sources.astype(np.int64)
    found = cheapest_ways(*asked)
    assert interpreted(spread_ways)(*asked).tolist() == found.tolist()
    expected = ways_by_networkx(as_networkx(problem), costs.tolist(), sources.tolist())
    assert found.tolist() == expected


def test_ways_are_found_before_any_loop_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        py_func = staticmethod(interpreted(spread_ways))

        def __call__(self, *_: object) -> None:
            raise NotCompiled

    monkeypatch.setattr(paths, "spread_ways", Missing())
    test_both_ends_count_and_what_is_barred_is_passed_by()


def test_both_ends_count_and_what_is_barred_is_passed_by() -> None:
    """A square with a costly corner and a barred one, and a unit that nothing reaches."""
    graph = Graph.from_edges(5, np.array([[0, 1], [1, 2], [2, 3], [0, 3]]))
    costs = np.array([3, BARRED, 5, 20, 0])
    found = cheapest_ways(graph.start, graph.neighbours, costs, np.array([0]))
    assert found.tolist() == [3, UNREACHED, 28, 23, UNREACHED]
