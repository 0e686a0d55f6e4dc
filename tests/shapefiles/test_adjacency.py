from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from shapefiles import Contacts, load_united_states, rook_contacts
from shapefiles.borders import adjacency
from shapefiles.borders.crumbs import is_planar
from shapefiles.globe.lengths import flat
from shapefiles.lines import segments

label_grids = st.integers(2, 5).flatmap(
    lambda side: arrays(np.int64, (side, side + 1), elements=st.integers(0, 6))
)


def merge_cells(labels: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """Make one polygon a label out of unit squares; detached cells and holes are welcome."""
    rows, columns = np.indices(labels.shape)
    cells = shapely.box(columns, rows, columns + 1, rows + 1)
    merged = [shapely.coverage_union_all(cells[labels == label]) for label in np.unique(labels)]
    return np.array(merged, dtype=object)


def count_sides(labels: npt.NDArray[np.int64]) -> dict[tuple[int, int], int]:
    """Count the cell sides between each two labels, by looking at every side."""
    _, numbers = np.unique(labels, return_inverse=True)
    numbers = numbers.reshape(labels.shape)
    sides = {}
    for one, other in ((numbers[1:], numbers[:-1]), (numbers[:, 1:], numbers[:, :-1])):
        for a, b in zip(one.ravel().tolist(), other.ravel().tolist(), strict=True):
            if a != b:
                pair = (min(a, b), max(a, b))
                sides[pair] = sides.get(pair, 0) + 1
    return sides


def as_dict(contacts: Contacts) -> dict[tuple[int, int], float]:
    pairs = (tuple(pair) for pair in contacts.pairs.tolist())
    return dict(zip(pairs, contacts.border.tolist(), strict=True))


def intersect_all(polygons: npt.NDArray[np.object_]) -> dict[tuple[int, int], float]:
    """Intersect every pair of polygons, the slow and obvious way."""
    lengths = {
        (a, b): shapely.length(shapely.intersection(polygons[a], polygons[b]))
        for a, b in combinations(range(len(polygons)), 2)
    }
    return {pair: length for pair, length in lengths.items() if length > 1e-6}


@given(label_grids)
def test_borders_equal_the_cell_sides_between_labels(labels) -> None:
    contacts = rook_contacts(merge_cells(labels))
    assert as_dict(contacts) == pytest.approx(count_sides(labels))
    assert contacts.pairs.tolist() == sorted(contacts.pairs.tolist())


@given(label_grids)
def test_borders_are_found_where_the_other_side_lacks_vertices(labels) -> None:
    # Without the vertices on straight lines, neighbours no longer repeat the same segments.
    polygons = shapely.simplify(merge_cells(labels), 0)
    assert as_dict(rook_contacts(polygons, tolerance=1e-6)) == pytest.approx(
        count_sides(labels), abs=1e-4
    )


@given(label_grids)
def test_hashing_equals_intersection_on_a_coverage(labels) -> None:
    polygons = merge_cells(labels)
    parts, unit = shapely.get_parts(polygons, return_index=True)
    everything = np.arange(len(parts))
    crossed = adjacency.overlapping_borders(parts, everything, 1e-9, lambda xy: xy, flat)
    slow = adjacency._by_unit(crossed, shapely.area(parts), unit, len(polygons))
    fast = rook_contacts(polygons, is_coverage=True)
    assert as_dict(fast) == pytest.approx(as_dict(slow), abs=1e-4)
    assert np.array_equal(fast.is_detached, slow.is_detached)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(4, 30))
def test_borders_of_voronoi_cells_equal_pairwise_intersections(seed, n_cells) -> None:
    points = np.random.default_rng(seed).uniform(0, 100, (n_cells, 2))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
    expected = intersect_all(cells)
    found = {k: v for k, v in as_dict(rook_contacts(cells, 1e-9)).items() if v > 1e-6}
    assert found == pytest.approx(expected, abs=1e-5)


@given(label_grids)
def test_borders_and_outer_boundary_add_up_to_the_perimeters(labels) -> None:
    polygons = merge_cells(labels)
    outer = shapely.length(shapely.coverage_union_all(polygons))
    borders = rook_contacts(polygons).border.sum()
    assert shapely.length(polygons).sum() == pytest.approx(outer + 2 * borders)


@given(label_grids)
def test_contacts_between_largest_polygons_are_planar(labels) -> None:
    contacts = rook_contacts(merge_cells(labels))
    assert is_planar(contacts.pairs[~contacts.is_detached], labels.max() + 1)


def test_contact_through_an_island_only_is_detached() -> None:
    mainland, island = shapely.box(0, 0, 4, 4), shapely.box(10, 0, 11, 1)
    polygons = np.array(
        [shapely.multipolygons([mainland, island]), shapely.box(11, 0, 15, 4)], dtype=object
    )
    contacts = rook_contacts(polygons)
    assert (contacts.pairs.tolist(), contacts.border.tolist()) == ([[0, 1]], [1.0])
    assert contacts.is_detached.tolist() == [True]


def test_overlap_counts_as_a_border_of_half_its_perimeter() -> None:
    contacts = rook_contacts(shapely.box([0, 9], 0, [10, 20], 10))
    assert contacts.border.tolist() == [pytest.approx((10 + 10 + 1 + 1) / 2)]


def test_polygon_inside_another_is_its_neighbour() -> None:
    contacts = rook_contacts(shapely.box([0, 4], [0, 4], [10, 5], [10, 5]))
    assert contacts.pairs.tolist() == [[0, 1]]


def test_gap_below_the_tolerance_is_closed_and_one_above_is_not() -> None:
    near = shapely.box([0, 10.004], 0, [10, 20], 10)
    assert rook_contacts(near).border.tolist() == [pytest.approx(10, abs=0.02)]
    assert len(rook_contacts(near, tolerance=0.001).pairs) == 0


def test_colliding_hashes_do_not_invent_a_border(monkeypatch: pytest.MonkeyPatch) -> None:
    polygons = shapely.box([0, 1, 5], 0, [1, 2, 6], 1)
    expected = as_dict(rook_contacts(polygons))
    monkeypatch.setattr(segments, "_vertex_hash", lambda xy: np.full(len(xy), 7, np.uint64))
    assert as_dict(rook_contacts(polygons)) == expected == {(0, 1): 1.0}


@pytest.mark.parametrize(
    ("geometry", "message"),
    [
        (None, r"polygons\[1\] is nothing"),
        (shapely.Point(0, 0), r"polygons\[1\] is <POINT \(0 0\)>"),
        (shapely.Polygon(), r"polygons\[1\] is <POLYGON EMPTY>"),
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), r"polygons\[1\] is invalid: Self"),
    ],
)
def test_unusable_polygon_is_refused_with_its_row(geometry, message) -> None:
    with pytest.raises(ValueError, match=message):
        rook_contacts(np.array([shapely.box(0, 0, 1, 1), geometry], dtype=object))


@pytest.mark.parametrize("state", ["LA", "RI"])
def test_borders_of_one_state_equal_pairwise_intersections(state) -> None:
    units = load_united_states()
    polygons = units.polygons[units.states == state]
    assert as_dict(rook_contacts(polygons)) == pytest.approx(intersect_all(polygons), rel=1e-6)
