from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from shapefiles import Link, join_edges, load_united_states, suggest_links, write_suggestions
from shapefiles.borders.adjacency import rook_contacts
from shapefiles.borders.suggest import landmasses, shortest_crossings
from shapefiles.own.reading import read_links

islands = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=12, unique=True
)


@given(islands)
def test_crossings_are_a_minimum_spanning_tree_of_the_landmasses(corners) -> None:
    x, y = np.array(corners, float).T * 2
    squares = shapely.box(x, y, x + 1, y + 1)
    # Some squares are joined beforehand: every second with its successor.
    joined = (
        np.array([[i, i + 1] for i in range(0, len(squares) - 1, 4)]).reshape(-1, 2).astype(int)
    )
    label = landmasses(joined, len(squares))
    full = nx.Graph()
    full.add_nodes_from(label.tolist())
    for i in range(len(squares)):
        for j in range(i):
            ends, metres = (label[i], label[j]), shapely.distance(squares[i], squares[j])
            if ends[0] != ends[1] and metres < full.get_edge_data(*ends, {"weight": 1e9})["weight"]:
                full.add_edge(*ends, weight=metres)
    tree = nx.minimum_spanning_tree(full)
    found = shortest_crossings(squares, joined)
    assert len(found) == len(set(label.tolist())) - 1
    assert sum(one.metres for one in found) == pytest.approx(tree.size(weight="weight"))
    assert all(
        one.metres == pytest.approx(shapely.distance(squares[one.first], squares[one.second]))
        for one in found
    )
    everything = np.array([*joined.tolist(), *([one.first, one.second] for one in found)])
    assert landmasses(everything.reshape(-1, 2), len(squares)).max() == 0


@given(st.integers(1, 12), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=15))
def test_landmasses_are_the_components_the_largest_first(n_units, pairs) -> None:
    pairs = [pair for pair in pairs if max(pair) < n_units]
    graph = nx.Graph(pairs)
    graph.add_nodes_from(range(n_units))
    label = landmasses(np.array(pairs, int).reshape(-1, 2), n_units)
    groups = {frozenset(np.flatnonzero(label == one).tolist()) for one in np.unique(label)}
    assert groups == {frozenset(one) for one in nx.connected_components(graph)}
    assert (np.diff(np.bincount(label)) <= 0).all()


def test_suggestions_accepted_as_they_are_make_one_landmass(tmp_path: Path) -> None:
    units = load_united_states()
    state = units.subset(np.flatnonzero(units.states == "HI"))
    found = suggest_links(state)
    write_suggestions(found, tmp_path / "links.csv")
    links = read_links(tmp_path / "links.csv")
    assert links == [Link(a, b, "ferry") for a, b, _ in found]
    edges = join_edges(rook_contacts(state.polygons), links, state.ids)
    graph = nx.Graph(edges.pairs[edges.is_default].tolist())
    assert len(graph) == state.n_units
    assert nx.is_connected(graph)


def test_nothing_is_suggested_for_one_landmass() -> None:
    assert shortest_crossings(shapely.box([0, 1], 0, [1, 2], 1), np.array([[0, 1]])) == []
