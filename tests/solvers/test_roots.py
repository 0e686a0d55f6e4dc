"""Roots: units that may join, of one region, the hardest to reach for the other part first."""

from __future__ import annotations

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.exact.roots import rank_roots
from solvers.model import Model
from solvers.problem import Problem
from tests.solvers.conftest import PLAIN, as_networkx, problems


def reach_by_networkx(problem: Problem, costs: npt.NDArray[np.int64]) -> list[int]:
    """Measure the cheapest way from any unit that costs nothing; else what a unit costs itself."""
    graph = as_networkx(problem).to_directed()
    for _, head, data in graph.edges(data=True):
        data["cost"] = int(costs[head])
    free = set(np.flatnonzero(costs == 0).tolist())
    reach = nx.multi_source_dijkstra_path_length(graph, free, weight="cost") if free else {}
    return [reach.get(unit, int(cost)) for unit, cost in enumerate(costs)]


@given(
    problem=problems(max_units=14, extras=PLAIN),
    part=st.sampled_from([0, 1]),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=400)
def test_a_ranking_holds_units_of_one_region_of_the_main_landmass(problem, part, seed) -> None:
    rng = np.random.default_rng(seed)
    fixed = rng.choice([-1, -1, -1, 1 - part, part if rng.random() < 0.3 else -1], problem.n_units)
    lower, upper = (fixed == 1).astype(np.int8), (fixed != 0).astype(np.int8)
    gains = problem.weights if part == 1 else -problem.weights
    units, ranked_gains = rank_roots(Model(problem), part, lower, upper)
    may_join, must_join = fixed != 1 - part, fixed == part
    assert ranked_gains.tolist() == gains[units].tolist()
    assert (len(units) > 0) == may_join.any()
    if may_join.any():
        masses = list(nx.connected_components(as_networkx(problem)))
        sizes = [
            sum(1 + abs(int(gains[unit])) for unit in mass if may_join[unit]) for mass in masses
        ]
        main = next(mass for mass in masses if int(units[0]) in mass)
        assert sizes[masses.index(main)] == pytest.approx(max(sizes), rel=1e-12)
        is_main = np.isin(np.arange(problem.n_units), list(main))
        may_join, must_join = may_join & is_main, must_join & is_main
    assert may_join[units].all()
    assert len(set(units.tolist())) == len(units)
    if must_join.any():
        assert len(units) == 1
        assert must_join[units[0]]
        assert gains[units[0]] == gains[must_join].max()
    elif len(units):
        reach = reach_by_networkx(problem, np.where(may_join, np.maximum(gains, 0), 0))
        depths = [reach[unit] for unit in units.tolist()]
        assert depths == sorted(depths, reverse=True)
        assert depths[0] == max(reach[unit] for unit in np.flatnonzero(may_join).tolist())
        if gains[units[0]] > 0:
            region = as_networkx(problem).subgraph(np.flatnonzero(may_join & (gains > 0)).tolist())
            assert set(units.tolist()) == nx.node_connected_component(region, int(units[0]))


@pytest.mark.parametrize("part", [0, 1])
def test_the_city_behind_a_belt_of_its_own_colour_comes_first(part) -> None:
    """A path: foreign land, suburbs that gain 3 and 2, a city that gains 50, one lone unit of 9."""
    gains = np.zeros((6, 2), int)
    gains[[0, 5], 1 - part] = 7, 1
    gains[1:5, part] = 3, 50, 2, 9
    model = Model(Problem(gains, np.array([[i, i + 1] for i in range(5)])))
    units, gained = rank_roots(model, part, np.zeros(6, np.int8), np.ones(6, np.int8))
    assert units.tolist() == [2, 3, 4, 1]  # 53 from the left, 11 and 9 from the right, 3
    assert gained.tolist() == [50, 2, 9, 3]
