"""Outlines, pieces and the units that hold them together, against shapely and networkx."""

from __future__ import annotations

import math
from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from partition import metrics
from partition.land.dataset import Dataset
from shapefiles.units import Units

Grid = Callable[[int, int, list[int], list[int]], Units]


def picture(*rows: str) -> np.ndarray:
    """Read a plan from a drawing, the southern row last: B is blue, anything else red."""
    return np.array([[one == "B" for one in row] for row in reversed(rows)], np.int8).ravel()


def country(grid: Grid, *rows: str) -> tuple[Units, np.ndarray, np.ndarray]:
    """Build a grid with a plan, and label its pieces."""
    assignment = picture(*rows)
    units = grid(len(rows[0]), len(rows), [0] * len(assignment), [0] * len(assignment))
    uncut = units.edges.pairs[~metrics.is_cut(units.edges.pairs, assignment)]
    return units, assignment, metrics.components(uncut, units.n_units)


def enclaves(units: Units, assignment: np.ndarray, piece: np.ndarray) -> np.ndarray:
    edges, perimeter = units.edges, shapely.length(units.polygons)
    return metrics.is_enclave(edges.pairs, edges.border, perimeter, assignment, piece)


def test_an_enclave_is_surrounded_by_the_other_nation_alone(grid: Grid) -> None:
    units, assignment, piece = country(
        grid,
        "RRRRRRR",
        "RBBBBBR",
        "RBRRRBR",
        "RBRBRBR",
        "RBRRRBR",
        "RBBBBBR",
        "RRRRRRR",
    )
    found = enclaves(units, assignment, piece).reshape(7, 7)
    # The outer ring has a coast; the blue ring, the red ring and the blue heart are surrounded.
    expected = np.zeros((7, 7), bool)
    expected[1:6, 1:6] = True
    assert (found == expected).all()
    everywhere = np.zeros(49, np.int64)
    exclave = metrics.is_exclave(piece, everywhere, assignment, np.ones(49, np.int64))
    assert exclave.reshape(7, 7)[2:5, 2:5].all()
    assert exclave.sum() == 9  # the rings are the main pieces of their nations


def test_a_piece_on_the_coast_is_an_exclave_but_no_enclave(grid: Grid) -> None:
    units, assignment, piece = country(grid, "BRRRB", "BRRRR")
    assert not enclaves(units, assignment, piece).any()
    everywhere = np.zeros(10, np.int64)
    exclave = metrics.is_exclave(piece, everywhere, assignment, np.ones(10, np.int64))
    assert np.flatnonzero(exclave).tolist() == [9]  # the north-east; the west has two units
    # On a landmass of its own it is the main piece.
    landmass = (np.arange(10) == 9).astype(np.int64)
    assert not metrics.is_exclave(piece, landmass, assignment, np.ones(10, np.int64)).any()


def test_the_whole_of_a_nation_can_be_an_enclave(grid: Grid) -> None:
    units, assignment, piece = country(grid, "RRR", "RBR", "RRR")
    assert np.flatnonzero(enclaves(units, assignment, piece)).tolist() == [4]
    assert not enclaves(units, np.ones(9, np.int8), np.zeros(9, np.int64)).any()


@settings(max_examples=60)
@given(width=st.integers(1, 6), height=st.integers(1, 6), data=st.data())
def test_outlines_compactness_and_enclaves_agree_with_shapely(
    grid: Grid, width: int, height: int, data: st.DataObject
) -> None:
    n_units = width * height
    drawn = data.draw(st.lists(st.integers(0, 1), min_size=n_units, max_size=n_units))
    assignment = np.array(drawn, np.int8)
    units = grid(width, height, [0] * n_units, [0] * n_units)
    edges, perimeter = units.edges, shapely.length(units.polygons)
    uncut = edges.pairs[~metrics.is_cut(edges.pairs, assignment)]
    piece = metrics.components(uncut, n_units)
    found = metrics.outlines(edges.pairs, edges.border, perimeter, piece, int(piece.max()) + 1)
    surrounded = enclaves(units, assignment, piece)
    for label, length in enumerate(found):
        shape = shapely.union_all(units.polygons[piece == label])
        other = shapely.union_all(units.polygons[assignment != assignment[piece == label][0]])
        assert length == pytest.approx(shape.length)
        square = metrics.polsby_popper(shape.area, length)
        assert square == pytest.approx(4 * math.pi * shape.area / shape.length**2)
        line = shapely.MultiLineString() if other.is_empty else other.boundary
        open_km = shape.boundary.difference(line).length / 1000
        assert surrounded[piece == label].tolist() == [open_km < 1] * (piece == label).sum()


def test_a_circle_is_the_most_compact_and_a_point_has_no_compactness() -> None:
    circle = shapely.Point(0, 0).buffer(1, quad_segs=10_000)
    assert metrics.polsby_popper(circle.area, circle.length) == pytest.approx(1)
    assert metrics.polsby_popper(0.0, 0.0) is None


def check_articulation(pairs: np.ndarray, weight: np.ndarray) -> None:
    found, cut_off = metrics.articulation(pairs, weight)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(weight)))
    graph.add_edges_from(pairs.tolist())
    assert set(np.flatnonzero(found).tolist()) == set(nx.articulation_points(graph))
    for unit in np.flatnonzero(found).tolist():
        home = nx.node_connected_component(graph, unit) - {unit}
        parts = [
            int(weight[list(part)].sum()) for part in nx.connected_components(graph.subgraph(home))
        ]
        assert cut_off[unit] == sum(parts) - max(parts)
    assert (cut_off[~found] == 0).all()


@given(st.integers(1, 25), st.data())
def test_articulation_units_and_what_they_cut_off_agree_with_networkx(
    n_units: int, data: st.DataObject
) -> None:
    unit = st.integers(0, n_units - 1)
    drawn = data.draw(st.lists(st.tuples(unit, unit), max_size=40))
    pairs = sorted({(min(pair), max(pair)) for pair in drawn if pair[0] != pair[1]})
    weight = data.draw(st.lists(st.integers(0, 1000), min_size=n_units, max_size=n_units))
    check_articulation(np.array(pairs, np.int32).reshape(-1, 2), np.array(weight, np.int64))


def test_keystones_of_the_country_agree_with_networkx(dataset: Dataset) -> None:
    units = dataset.units
    votes = units.votes["2020"]
    assignment = (votes[:, 0] > votes[:, 1]).astype(np.int8)
    pairs = units.edges.pairs[units.edges.is_default]
    people = units.attributes["population"]
    check_articulation(pairs[~metrics.is_cut(pairs, assignment)], people)


def test_roanoke_county_cuts_its_city_off(dataset: Dataset) -> None:
    units = dataset.units
    pairs = units.edges.pairs[units.edges.is_default]
    people = units.attributes["population"].astype(np.int64)
    found, cut_off = metrics.articulation(pairs, people)
    row = {unit: index for index, unit in enumerate(units.ids.tolist())}
    # Roanoke and Salem, independent cities of Virginia, lie within the county.
    inside = int(people[[row["51770"], row["51775"]]].sum())
    assert found[row["51161"]]
    assert cut_off[row["51161"]] == inside


def test_a_path_of_the_length_of_the_country_is_searched_without_recursion() -> None:
    path = np.column_stack([np.arange(9_999), np.arange(1, 10_000)]).astype(np.int32)
    found, cut_off = metrics.articulation(path, np.ones(10_000, np.int64))
    assert found.sum() == 9_998
    assert cut_off.max() == 4_999
