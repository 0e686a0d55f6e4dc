"""Roots: units that may join, of one region, the hardest to reach for the other part first."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.model import Model
from solvers.problem import Problem
from solvers.roots import rank_roots
from tests.solvers.conftest import CONNECTED, as_networkx, problems


def reach_by_networkx(problem, costs):
    """Measure the cheapest way from any unit that costs nothing to each unit."""
    graph = as_networkx(problem).to_directed()
    for _, head, data in graph.edges(data=True):
        data["cost"] = int(costs[head])
    free = set(np.flatnonzero(costs == 0).tolist())
    return nx.multi_source_dijkstra_path_length(graph, free, weight="cost") if free else costs


@given(
    problem=problems(CONNECTED, max_units=14),
    part=st.sampled_from([0, 1]),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=400, deadline=None)
def test_a_ranking_holds_units_of_one_region_that_may_join(problem, part, seed):
    rng = np.random.default_rng(seed)
    fixed = rng.choice([-1, -1, -1, 1 - part, part if rng.random() < 0.3 else -1], problem.n_units)
    lower, upper = (fixed == 1).astype(np.int8), (fixed != 0).astype(np.int8)
    gains = problem.weights if part == 1 else -problem.weights
    units, ranked_gains = rank_roots(Model.from_problem(problem), part, lower, upper)
    may_join, must_join = fixed != 1 - part, fixed == part
    assert ranked_gains.tolist() == gains[units].tolist()
    assert (len(units) > 0) == may_join.any()
    assert may_join[units].all()
    assert len(set(units.tolist())) == len(units)
    if must_join.any():
        assert len(units) == 1
        assert must_join[units[0]]
        assert gains[units[0]] == gains[must_join].max()
    elif len(units):
        reach = reach_by_networkx(problem, np.where(may_join, np.maximum(gains, 0), 0))
        depths = [int(reach[unit]) for unit in units.tolist()]
        assert depths == sorted(depths, reverse=True)
        assert depths[0] == max(int(reach[unit]) for unit in np.flatnonzero(may_join).tolist())
        if gains[units[0]] > 0:
            region = as_networkx(problem).subgraph(np.flatnonzero(may_join & (gains > 0)).tolist())
            assert set(units.tolist()) == nx.node_connected_component(region, int(units[0]))


@pytest.mark.parametrize("part", [0, 1])
def test_the_city_behind_a_belt_of_its_own_colour_comes_first(part):
    """A path: foreign land, suburbs that gain 3 and 2, a city that gains 50, one lone unit of 9."""
    gains = np.zeros((6, 2), int)
    gains[[0, 5], 1 - part] = 7, 1
    gains[1:5, part] = 3, 50, 2, 9
    model = Model.from_problem(Problem(gains, np.array([[i, i + 1] for i in range(5)])))
    units, gained = rank_roots(model, part, np.zeros(6, np.int8), np.ones(6, np.int8))
    assert units.tolist() == [2, 3, 4, 1]  # 53 from the left, 11 and 9 from the right, 3
    assert gained.tolist() == [50, 2, 9, 3]
