"""Groups that would switch, held against every connected set of units there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.problem import FREE, Problem
from solvers.result import Limits
from solvers.switching import Switching, find_switching
from tests.solvers.conftest import FAMILIES, draw_edges

PIECES = [(1, 1), (1, 1), (2, 1), (1, 2), (0, 0), (3, 2)]


def draw(seed: int, family: str, n_units: int) -> tuple[Problem, np.ndarray, np.ndarray]:
    """A graph, a plan of which nothing is asked, and what each unit gains in the other part."""
    rng = np.random.default_rng(seed)
    edges = np.array(draw_edges(family, n_units, rng), int).reshape(-1, 2)
    problem = Problem(
        rng.integers(0, 9, (n_units, 2)),
        edges,
        pieces=PIECES[int(rng.integers(len(PIECES)))],
        fixed=np.where(rng.random(n_units) < 0.1, rng.integers(0, 2, n_units), FREE),
    )
    graph = nx.Graph(edges.tolist())
    graph.add_nodes_from(range(n_units))
    middle = int(rng.integers(n_units))
    near = nx.single_source_shortest_path_length(graph, middle, cutoff=int(rng.integers(3)))
    part = np.isin(np.arange(n_units), list(near)).astype(np.int8)
    flipped = rng.random(n_units) < rng.choice([0, 0.1, 0.4])
    gains = rng.integers(-9, int(rng.choice([2, 6, 12])), n_units)
    return problem, part ^ flipped.astype(np.int8), gains


def n_pieces(problem: Problem, part: np.ndarray) -> dict[tuple[int, int], int]:
    """Pieces of each part on each landmass, by networkx."""
    graph = nx.Graph(problem.edges.tolist())
    graph.add_nodes_from(range(problem.n_units))
    pieces = dict[tuple[int, int], int]()
    for number, land in enumerate(nx.connected_components(graph)):
        for side in (0, 1):
            there = graph.subgraph([unit for unit in land if part[unit] == side])
            pieces[number, side] = nx.number_connected_components(there)
    return pieces


def groups(
    problem: Problem, part: np.ndarray, gains: np.ndarray, most_units: int | None = None
) -> Iterator[tuple[int, frozenset[int]]]:
    """Every group that could switch, with what it gains."""
    graph = nx.Graph(problem.edges.tolist())
    graph.add_nodes_from(range(problem.n_units))
    before = n_pieces(problem, part)
    for side in (0, 1):
        own = [i for i in range(problem.n_units) if part[i] == side and problem.fixed[i] == FREE]
        for size in range(1, min(len(own), most_units or len(own)) + 1):
            for group in combinations(own, size):
                if not nx.is_connected(graph.subgraph(group)):
                    continue
                if all(part[other] == side for unit in group for other in graph[unit]):
                    continue
                after = part.copy()
                after[list(group)] = 1 - side
                if all(
                    not problem.pieces[of] or n <= max(problem.pieces[of], before[land, of])
                    for (land, of), n in n_pieces(problem, after).items()
                ):
                    yield int(gains[list(group)].sum()), frozenset(group)


def check_all(
    found: Switching, every: list[tuple[int, frozenset[int]]], gains: np.ndarray, count: int
) -> None:
    """Each group is one that could switch, and the strongest of those left."""
    taken = set[int]()
    could = {group for _, group in every}
    for one in found.groups:
        assert frozenset(one.rows.tolist()) in could
        assert one.gain == gains[one.rows].sum() > 0
        left = [gain for gain, group in every if not group & taken]
        assert one.gain == max(left) == one.bound
        taken |= set(one.rows.tolist())
    best = max((gain for gain, group in every if not group & taken), default=0)
    assert found.bound >= max(0, best)
    if len(found.groups) < count:
        assert found.bound == 0
        assert best <= 0


@given(st.integers(0, 2**32), st.sampled_from(FAMILIES), st.integers(2, 9), st.integers(1, 3))
@settings(max_examples=40)
def test_each_group_is_the_strongest_of_all_that_could_switch(
    seed: int, family: str, n_units: int, count: int
) -> None:
    problem, part, gains = draw(seed, family, n_units)
    found = find_switching(problem, part, gains, count=count)
    check_all(found, list(groups(problem, part, gains)), gains, count)


@given(st.integers(0, 2**32), st.sampled_from(FAMILIES), st.integers(2, 8), st.integers(1, 3))
@settings(max_examples=12)
def test_no_group_has_more_units_than_asked_for(
    seed: int, family: str, n_units: int, most_units: int
) -> None:
    problem, part, gains = draw(seed, family, n_units)
    found = find_switching(problem, part, gains, count=2, most_units=most_units)
    check_all(found, list(groups(problem, part, gains, most_units)), gains, 2)


@given(st.integers(0, 2**32), st.integers(4, 9), st.integers(0, 3))
@settings(max_examples=12)
def test_what_is_claimed_early_is_true(seed: int, n_units: int, n_looks: int) -> None:
    problem, part, gains = draw(seed, "planar", n_units)
    every = list(groups(problem, part, gains))
    looks = iter([False] * n_looks)
    found = find_switching(
        problem,
        part,
        gains,
        limits=Limits(rounds=1),
        should_stop=lambda: next(looks, True),
    )
    taken = set[int]()
    for one in found.groups:
        left = [gain for gain, group in every if not group & taken]
        assert frozenset(one.rows.tolist()) in {group for _, group in every}
        assert one.gain <= max(left) <= one.bound
        taken |= set(one.rows.tolist())
    assert found.bound >= max([gain for gain, group in every if not group & taken], default=0)


def test_where_nothing_borders_nobody_switches() -> None:
    path = Problem(np.zeros((3, 2), int), np.array([[0, 1], [1, 2]]))
    found = find_switching(path, np.zeros(3, np.int8), np.array([5, 5, 5]))
    assert (found.groups, found.bound, found.is_interrupted) == ((), 0, False)


def test_a_ceiling_of_nothing_spares_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solvers.switching.solve", None)
    pair = Problem(np.zeros((2, 2), int), np.array([[0, 1]]))
    found = find_switching(pair, np.array([0, 1], np.int8), np.array([5, 5]), ceiling=0)
    assert (found.groups, found.bound) == ((), 0)


@pytest.mark.parametrize(
    ("options", "said"),
    [({"count": 0}, "count = 0"), ({"most_units": 0}, "most_units = 0")],
)
def test_numbers_that_ask_for_nothing_are_refused(options: dict[str, int], said: str) -> None:
    pair = Problem(np.zeros((2, 2), int), np.array([[0, 1]]))
    with pytest.raises(ValueError, match=said):
        find_switching(pair, np.array([0, 1], np.int8), np.array([5, 5]), **options)
    with pytest.raises(ValueError, match="expected"):
        find_switching(pair, np.array([0], np.int8), np.array([5, 5]))


def test_prices_groups_and_budgets_of_the_problem_do_not_count() -> None:
    pair = Problem(np.zeros((2, 2), int), np.array([[0, 1]]), edge_costs=np.array([9]))
    tied = replace(pair, groups=np.array([3, 3]), gains=np.array([[7, 0], [0, 7]]))
    found = find_switching(tied, np.array([0, 1], np.int8), np.array([5, 0]))
    assert [(one.rows.tolist(), one.part, one.gain) for one in found.groups] == [([0], 0, 5)]
