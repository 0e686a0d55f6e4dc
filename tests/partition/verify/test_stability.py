"""Who could switch alone, as the verifier finds it: what networkx finds by switching each unit."""

from __future__ import annotations

from types import SimpleNamespace

import networkx as nx
import numpy as np

from partition.verify.instance import Instance
from partition.verify.stability import _Land


def pieces(graph: nx.Graph, plan: list[int]) -> dict[tuple[int, int], int]:
    """Count the pieces of each part on each landmass, by the first unit of it."""
    return {
        (min(land), part): nx.number_connected_components(
            graph.subgraph([unit for unit in land if plan[unit] == part])
        )
        for land in nx.connected_components(graph)
        for part in (0, 1)
    }


def test_each_unit_that_gains_borders_and_tears_nothing_is_found_and_no_other() -> None:
    found = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        n_units, share = int(rng.integers(2, 9)), rng.choice([0.3, 0.6])
        graph = nx.gnp_random_graph(n_units, share, seed=seed)
        plan = rng.integers(0, 2, n_units).tolist()
        votes = rng.integers(0, 9, (n_units, 2)).tolist()
        most, bound = rng.choice([0, 1, 2], 2).tolist(), int(rng.integers(0, 4))
        ids, edges = [f"{unit}" for unit in graph], sorted(map(tuple, map(sorted, graph.edges)))
        free, none = [-1] * n_units, [0] * len(edges)
        instance = Instance(ids, votes, edges, none, free, free, most, [], [], [])
        land = _Land(SimpleNamespace(ids=ids, votes=votes), instance, plan)
        before, expected = pieces(graph, plan), []
        for unit in graph:
            own = plan[unit]
            after = [*plan[:unit], 1 - own, *plan[unit + 1 :]]
            if (
                votes[unit][1 - own] - votes[unit][own] > bound
                and any(plan[other] != own for other in graph[unit])
                and all(
                    not most[part] or count <= max(most[part], before[mass, part])
                    for (mass, part), count in pieces(graph, after).items()
                )
            ):
                expected.append(unit)
        assert list(land.could_switch_alone(bound)) == expected
        found += len(expected)
    assert found > 100
