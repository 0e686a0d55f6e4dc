"""Who would switch, as the verifier judges it: held against every group that networkx finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import networkx as nx
import numpy as np

from partition.errors import CertificateError
from partition.verify.instance import Instance
from partition.verify.stability import _Land, check_stability, is_bound_proven


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


def strengths(
    graph: nx.Graph, plan: list[int], votes: list[list[int]], most: list[int]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every group of either part that may switch, and what it gains."""
    before = pieces(graph, plan)
    for size in range(1, len(plan) + 1):
        for group in combinations(graph, size):
            own, after = plan[group[0]], [*plan]
            for unit in group:
                after[unit] = 1 - own
            if (
                all(plan[unit] == own for unit in group)
                and nx.is_connected(graph.subgraph(group))
                and any(plan[other] != own for unit in group for other in graph[unit])
                and all(
                    not most[part] or count <= max(most[part], before[mass, part])
                    for (mass, part), count in pieces(graph, after).items()
                )
            ):
                yield sum(votes[unit][1 - own] - votes[unit][own] for unit in group), group


class Drawn:
    """A small country, a plan of it, and what a run might say of those who would switch."""

    def __init__(self, seed: int) -> None:
        rng = self.rng = np.random.default_rng(seed)
        n_units = int(rng.integers(2, 7))
        graph = nx.gnp_random_graph(n_units, rng.choice([0.4, 0.7]), seed=seed)
        self.plan = rng.integers(0, 2, n_units).tolist()
        votes = rng.integers(0, rng.choice([3, 9]), (n_units, 2)).tolist()
        most = rng.choice([0, 1, 2], 2).tolist()
        self.every = list(strengths(graph, self.plan, votes, most))
        ids, edges = [f"{unit}" for unit in graph], sorted(map(tuple, map(sorted, graph.edges)))
        none, free, apart = [0] * len(edges), [-1] * n_units, list(range(n_units))
        self.instance = Instance(ids, votes, edges, none, free, apart, most, [], [], [])
        self.data = SimpleNamespace(
            ids=ids, votes=votes, states=[""] * n_units, columns={"name": ids}, known=lambda _: None
        )
        self.worth = sum(both[part] for both, part in zip(votes, self.plan, strict=True))
        self.taken = set[int]()
        self.claims: list[tuple[int, int, int]] = []
        """What none is said to gain more than, what one does, and what a single unit does."""
        self.document = {
            "stability": self.stability(),
            "objective": self.worth,
            "scenario": {"weights": {"self_determination": 1}},
        }

    def strongest(self, size: int) -> int:
        """Say what the strongest group gains of those that share no unit with the ones named."""
        left = [gain for gain, one in self.every if len(one) <= size and not self.taken & {*one}]
        return max(0, *left, 0)

    def claim(self, least: int) -> int:
        """Draw a bound, which may be too low."""
        best = self.strongest(len(self.plan))
        said = max(least, best + int(self.rng.choice([0, 0, 3, -1, -4, -9])))
        self.claims.append((said, best, self.strongest(1)))
        return said

    def stability(self) -> dict[str, Any]:
        """Name up to two groups, which may not be the strongest, and state a bound of each."""
        land, groups = _Land(self.data, self.instance, self.plan), []
        for _ in range(int(self.rng.integers(0, 3))):
            free = [one for one in self.every if one[0] > 0 and not self.taken & {*one[1]}]
            if free:
                is_best = self.rng.random() < 0.5
                gain, group = max(free) if is_best else free[self.rng.integers(len(free))]
                groups.append(land.row(len(groups) + 1, list(group), self.claim(gain)))
                self.taken |= {*group}
        bound = self.claim(0)
        return {
            "is_stable": False if groups else (True if bound <= 0 else None),
            "most_groups": 5,
            "most_units": None,
            "is_interrupted": False,
            "no_other_stronger_than_voters": bound,
            "groups": groups,
        }


def test_of_groups_nothing_false_is_confirmed_and_nothing_true_is_refused() -> None:
    seen = Counter[str]()
    for seed in range(400):
        one = Drawn(seed)
        asked = (one.document, one.data, one.instance, one.plan)
        is_true = all(said >= best for said, best, _ in one.claims)
        try:
            check_stability(*asked)
        except CertificateError:
            assert not is_true
            seen["refused"] += 1
            continue
        assert all(said >= alone for said, _, alone in one.claims)
        best = one.worth + max((gain for gain, _ in one.every), default=0)
        for proven, how in ((None, "by adding up"), (best, "by the proof of the run")):
            is_proven = is_bound_proven(*asked, proven)
            assert is_true or not is_proven
            seen[how if is_proven else "stated"] += 1
    assert len(seen) == 4
    assert min(seen.values()) > 20
