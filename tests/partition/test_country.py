"""The promise of the first page: two connected nations, nearly the best, the same every time."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

import partition
from partition.runs.run import Run
from shapefiles import load_united_states
from solvers.result import Status

ELSEWHERE = {"AK", "HI"}


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    # The gap ends the search, not the clock: that is what makes two runs alike.
    return [
        partition.solve("counties", gap=0.004, time_limit=3600, seed=3, cold=True) for _ in range(2)
    ]


def test_each_nation_is_connected_and_holds_63_percent_of_its_voters_at_a_proven_gap(
    runs: list[Run],
) -> None:
    run = runs[0]
    units = load_united_states()
    assert run.result.status is Status.GAP_REACHED
    rows = np.flatnonzero([state not in ELSEWHERE for state in units.states])
    graph = nx.Graph(units.edges.pairs[units.edges.select()].tolist()).subgraph(rows.tolist())
    assert graph.number_of_nodes() == 3108
    for part in (0, 1):
        nation = [row for row in rows.tolist() if run.plan.assignment[row] == part]
        assert nx.is_connected(graph.subgraph(nation))
    blue = run.plan.assignment[rows] == 1
    votes = units.votes["2016"][rows]
    matched = int(votes[blue, 0].sum() + votes[~blue, 1].sum())
    assert matched >= 0.63 * votes.sum()


def test_the_bound_holds_for_what_longer_searches_found(runs: list[Run]) -> None:
    # 81,568,877 votes: a plan of an earlier search, checked like every other.
    assert runs[0].result.bound >= 81_568_877
    assert runs[0].result.gap <= 0.004


def test_one_seed_gives_one_plan(runs: list[Run]) -> None:
    first, second = runs
    assert first.plan == second.plan
    assert first.result.bound == second.result.bound
