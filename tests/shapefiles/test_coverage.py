from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from shapefiles import Contacts, rook_contacts
from shapefiles.coverage import find_gaps, find_overlaps, planarity
from shapefiles.crumbs import is_planar

corners = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(2, 9)), min_size=1, max_size=8
)


@settings(deadline=None)
@given(corners)
def test_overlaps_are_those_of_every_pair(squares):
    x, y, size = np.array(squares, float).T
    polygons = shapely.box(x, y, x + size, y + size)
    expected = {}
    for a, b in combinations(range(len(polygons)), 2):
        area = shapely.area(shapely.intersection(polygons[a], polygons[b]))
        if area > 1:
            expected[a, b] = area
    found = {(one.first, one.second): one.square_metres for one in find_overlaps(polygons)}
    assert found == pytest.approx(expected)


def test_gap_is_narrow_where_it_is_no_lake():
    frame = shapely.box(-50, -50, 250, 150) - shapely.box(0, 0, 200, 100)
    for width, is_narrow in ((3, True), (30, False)):
        inner = shapely.box([0, 100 + width], 0, [100, 200], 100)
        (gap,) = find_gaps(np.array([*inner, frame]), is_coverage=False)
        assert gap == ((0, 1, 2), pytest.approx(100 * width), is_narrow)


def test_open_water_and_islands_in_lakes_are_no_gaps():
    ring = shapely.box(0, 0, 90, 90) - shapely.box(20, 20, 70, 70)
    island, outside = shapely.box(40, 40, 50, 50), shapely.box(200, 0, 210, 10)
    (lake,) = find_gaps(np.array([ring, island, outside]), is_coverage=True)
    assert lake.neighbours == (0, 1)
    assert find_gaps(np.array([island, outside]), is_coverage=True) == []


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 40))
def test_what_the_map_says_of_planarity_is_what_the_graph_says(seed, n_cells):
    random = np.random.default_rng(seed)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(random.uniform(0, 100, (n_cells, 2))))
    )
    label = random.integers(0, max(2, n_cells // 2), n_cells)
    units = np.array([shapely.coverage_union_all(cells[label == one]) for one in np.unique(label)])
    is_coverage = bool(shapely.coverage_is_valid(units))
    contacts = rook_contacts(units)
    drawn = planarity(contacts, len(units), is_coverage=is_coverage)
    assert drawn.verdict == is_planar(contacts.pairs, len(units))


def test_too_many_borders_are_refused_by_eulers_formula_and_large_graphs_left_open(monkeypatch):
    complete = np.column_stack(np.triu_indices(6, 1)).astype(np.int32)
    contacts = Contacts(complete, np.ones(15), np.ones(15, bool))
    assert planarity(contacts, 6, is_coverage=False).verdict is False
    monkeypatch.setattr("shapefiles.coverage.MAX_TESTED", 3)
    five = Contacts(complete[:4], np.ones(4), np.ones(4, bool))
    assert planarity(five, 6, is_coverage=True).verdict is None
