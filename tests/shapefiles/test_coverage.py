from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from shapefiles import Contacts, DataError, rook_contacts
from shapefiles.borders.coverage import find_gaps, find_overlaps, planarity
from shapefiles.borders.crumbs import is_planar
from shapefiles.own.cleaning import clean_coverage

corners = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(2, 9)), min_size=1, max_size=8
)


@given(corners)
def test_overlaps_are_those_of_every_pair(squares) -> None:
    x, y, size = np.array(squares, float).T
    polygons = shapely.box(x, y, x + size, y + size)
    expected = {}
    least = min(1, 1e-4 * np.median(size**2))
    for a, b in combinations(range(len(polygons)), 2):
        area = shapely.area(shapely.intersection(polygons[a], polygons[b]))
        if area > least:
            expected[a, b] = area
    found = {(one.first, one.second): one.square_metres for one in find_overlaps(polygons)}
    assert found == pytest.approx(expected)


def test_gap_is_narrow_where_it_is_no_lake() -> None:
    frame = shapely.box(-50, -50, 250, 150) - shapely.box(0, 0, 200, 100)
    for width, is_narrow in ((3, True), (30, False)):
        inner = shapely.box([0, 100 + width], 0, [100, 200], 100)
        (gap,) = find_gaps(np.array([*inner, frame]), is_coverage=False)
        assert gap == ((0, 1, 2), pytest.approx(100 * width), is_narrow)


def test_cleaning_leaves_a_coverage_without_narrow_gaps_and_moves_little() -> None:
    random = np.random.default_rng(3)
    points = shapely.multipoints(random.uniform(0, 10_000, (60, 2)))
    exact = shapely.get_parts(shapely.voronoi_polygons(points))
    shaken = [shapely.transform(one, lambda xy: xy + random.uniform(-2, 2, 2)) for one in exact]
    polygons = np.array(shaken, object)
    ids = [str(row) for row in range(60)]
    cleaned, repairs = clean_coverage(polygons, ids)
    assert shapely.coverage_is_valid(cleaned)
    assert not any(gap.is_narrow for gap in find_gaps(cleaned, is_coverage=True))
    # Nothing moves further than a gap is wide and the shaking did: 10 m, and 2 m each way.
    moved = shapely.symmetric_difference(cleaned, polygons)
    assert shapely.is_empty(
        shapely.difference(moved, shapely.buffer(shapely.boundary(exact), 13))
    ).all()
    # Long borders survive: each is found again between the same units.
    before, after = rook_contacts(exact), rook_contacts(cleaned)
    lengths = dict(zip(map(tuple, after.pairs.tolist()), after.border.tolist(), strict=True))
    for pair, border in zip(map(tuple, before.pairs.tolist()), before.border, strict=True):
        if border > 50:
            assert lengths[pair] == pytest.approx(border, abs=25)
    assert [one.kind for one in repairs] == ["coverage"]
    again, none = clean_coverage(cleaned, ids)
    assert none == []
    assert again is cleaned or shapely.equals_exact(again, cleaned, normalize=True).all()


def test_town_drawn_upon_its_district_stays() -> None:
    nested = np.array([shapely.box(0, 0, 100, 100), shapely.box(40, 40, 60, 60)])
    cleaned, _ = clean_coverage(nested, ["a", "b"])
    assert shapely.area(cleaned).tolist() == [9600, 400]


def test_unit_of_which_nothing_would_be_left_is_refused() -> None:
    nested = [shapely.box(0, 0, 9, 9), shapely.box(0, 0, 5, 9), shapely.box(5, 0, 9, 9)]
    with pytest.raises(DataError, match="lies wholly within others"):
        clean_coverage(np.array(nested), ["a", "b", "c"])


def test_flag_that_geos_may_raise_on_the_way_warns_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    clean = shapely.coverage_clean

    def clean_and_flag(
        *given: npt.NDArray[np.object_], **options: float | str
    ) -> npt.NDArray[np.object_]:
        np.subtract(np.inf, np.inf)  # "invalid value", as GEOS leaves it behind now and then
        return clean(*given, **options)

    monkeypatch.setattr(shapely, "coverage_clean", clean_and_flag)
    overlapping = np.array([shapely.box(0, 0, 60, 90), shapely.box(50, 0, 90, 90)])
    cleaned, _ = clean_coverage(overlapping, ["a", "b"])
    assert shapely.area(cleaned).sum() == 8100


def test_open_water_and_islands_in_lakes_are_no_gaps() -> None:
    ring = shapely.box(0, 0, 90, 90) - shapely.box(20, 20, 70, 70)
    island, outside = shapely.box(40, 40, 50, 50), shapely.box(200, 0, 210, 10)
    (lake,) = find_gaps(np.array([ring, island, outside]), is_coverage=True)
    assert lake.neighbours == (0, 1)
    assert find_gaps(np.array([island, outside]), is_coverage=True) == []


@given(st.integers(0, 2**32 - 1), st.integers(3, 40))
def test_what_the_map_says_of_planarity_is_what_the_graph_says(seed, n_cells) -> None:
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


def test_too_many_borders_are_refused_by_eulers_formula_and_large_graphs_left_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    complete = np.column_stack(np.triu_indices(6, 1)).astype(np.int32)
    contacts = Contacts(complete, np.ones(15), np.ones(15, bool))
    assert planarity(contacts, 6, is_coverage=False).verdict is False
    monkeypatch.setattr("shapefiles.borders.coverage.MAX_TESTED", 3)
    five = Contacts(complete[:4], np.ones(4), np.ones(4, bool))
    assert planarity(five, 6, is_coverage=True).verdict is None
