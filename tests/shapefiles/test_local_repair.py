"""A repair touches what is broken, and names every border that it makes or takes away."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shapefiles import DataError, MapFiles, inspect_map, read_map
from shapefiles.borders.coverage import find_gaps, find_overlaps
from shapefiles.own.cleaning import clean_coverage
from shapefiles.own.repair import BORDER_KINDS, MAX_CROSSINGS, count_crossings

METRES = "EPSG:6933"  # which is used everywhere


def voronoi(rng: np.random.Generator, n_cells: int) -> npt.NDArray[np.object_]:
    """Cover a square of 20 km with cells, one of them a corridor of 8 m far in the north."""
    points = shapely.multipoints(rng.uniform(0, 20_000, (n_cells, 2)))
    frame = shapely.box(0, 0, 20_000, 20_000)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame))
    cells = shapely.intersection(cells, frame)
    corridor = shapely.box(0, 19_000, 20_000, 19_008)
    whole = shapely.coverage_clean([*shapely.difference(cells, corridor), corridor])
    return np.array(whole[shapely.area(whole) > 100], object)


def plant(
    rng: np.random.Generator, polygons: npt.NDArray[np.object_], kind: str
) -> tuple[npt.NDArray[np.object_], int]:
    """Break one unit in the south, and say which."""
    south = np.flatnonzero(shapely.bounds(polygons)[:, 3] < 12_000)
    row = int(rng.choice(south))
    broken = polygons.copy()
    x, y = shapely.get_coordinates(polygons[row])[0]
    if kind == "overlap":
        broken[row] = shapely.union(polygons[row], shapely.box(x - 90, y - 3, x + 90, y + 3))
    elif kind == "gap":
        middle = shapely.get_coordinates(polygons[row].centroid)[0]
        slit = shapely.box(middle[0] - 200, middle[1] - 2, middle[0] + 200, middle[1] + 2)
        broken[row] = shapely.difference(polygons[row], slit)
    else:
        corners = shapely.get_coordinates(polygons[row])
        assume(len(corners) > 4)  # a triangle that is walked back encloses nothing, and is refused
        broken[row] = shapely.Polygon([*corners[:-1], corners[1], corners[0]])
    return broken, row


def lines_in_common(polygons: npt.NDArray[np.object_]) -> set[tuple[int, int]]:
    """Find the pairs whose outlines share a line, or that overlap, as shapely sees it."""
    one, other = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    one, other = one[one < other], other[one < other]
    rim = shapely.boundary(polygons)
    length = shapely.length(shapely.intersection(rim[one], rim[other], grid_size=1e-3))
    valid = shapely.is_valid(polygons)  # what an invalid one covers is not known
    is_over = np.zeros(len(one), bool)
    both = valid[one] & valid[other]
    is_over[both] = (
        shapely.area(shapely.intersection(polygons[one[both]], polygons[other[both]])) > 1
    )
    return {
        tuple(pair) for pair in np.column_stack([one, other])[(length > 0.01) | is_over].tolist()
    }


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["overlap", "gap"]))
def test_what_is_far_from_the_fault_stays_the_same_bit_for_bit(seed, kind) -> None:
    rng = np.random.default_rng(seed)
    whole = voronoi(rng, 40)
    broken, row = plant(rng, whole, kind)
    ids = [f"u{number}" for number in range(len(whole))]
    mended, repairs = clean_coverage(broken, ids)
    near = shapely.distance(broken, broken[row]) == 0
    assert all(mended[far] is broken[far] for far in np.flatnonzero(~near))
    is_broken = kind == "gap" or bool(find_overlaps(broken))
    assert [one.kind for one in repairs] == ["coverage"] * is_broken
    assert not is_broken or f"u{row}" in repairs[0].units
    land = shapely.area(shapely.union_all([*broken, *whole]))
    assert shapely.area(mended).sum() == pytest.approx(land, rel=1e-9)
    assert shapely.is_valid(mended).all()
    assert shapely.coverage_is_valid(mended)


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["overlap", "gap", "invalid"]))
def test_every_border_gained_or_lost_is_listed(
    tmp_path_factory: pytest.TempPathFactory, seed, kind
) -> None:
    rng = np.random.default_rng(seed)
    whole = voronoi(rng, 30)
    broken, _ = plant(rng, whole, kind)
    path = tmp_path_factory.mktemp("repair") / "map.gpkg"
    ids = [f"u{number}" for number in range(len(whole))]
    table = {"id": ids, "blue": 1, "red": 2}
    gpd.GeoDataFrame(table, geometry=broken, crs=METRES).to_file(path)
    files = MapFiles(str(path), "id", ("blue",), ("red",), repair=True)
    found = read_map(files)
    before, after = lines_in_common(broken), lines_in_common(found.units.polygons)
    assert {tuple(pair) for pair in found.units.edges.pairs.tolist()} == after
    changes = {kind: set() for kind in BORDER_KINDS}
    for one in found.repairs:
        if one.kind in changes:
            changes[one.kind].add(tuple(sorted(ids.index(name) for name in one.units)))
    assert changes == {"border gained": after - before, "border lost": before - after}
    corridor = len(whole) - 1
    assert found.units.attributes["area"][corridor] == pytest.approx(160_000)
    # An inspection names the same borders.
    told = [one for one in inspect_map(files).findings if one.is_whole]
    assert sum(one.count for one in told) == sum(map(len, changes.values()))


def test_a_corridor_survives_an_overlap_a_kilometre_away(tmp_path: Path) -> None:
    # West and east are kept apart by 8 m of another unit; an overlap of 3 m lies far from there.
    west, east = shapely.box(0, 0, 996, 2000), shapely.box(1004, 0, 2000, 2000)
    corridor = shapely.box(996, 0, 1004, 2000)
    south = shapely.box([0, 1000], -1000, [1003, 2000], 0)
    units = [west, corridor, east, *south]
    table = {"id": list("wcest"), "blue": 1, "red": 2}
    gpd.GeoDataFrame(table, geometry=units, crs=METRES).to_file(tmp_path / "map.gpkg")
    files = MapFiles(str(tmp_path / "map.gpkg"), "id", ("blue",), ("red",), repair=True)
    found = read_map(files)
    assert [one.kind for one in found.repairs] == ["coverage"]
    assert found.repairs[0].units == ("s", "t")
    assert [0, 2] not in found.units.edges.pairs.tolist()
    assert found.units.attributes["area"][1] == 16_000


def test_a_tiny_map_keeps_its_borders_under_repair(tmp_path: Path) -> None:
    # Three centimetres from end to end: no tolerance of metres may swallow a unit.
    cells = shapely.box([0, 1, 2, 0], [0, 0, 0, 1], [1, 2, 3, 3], [1, 1, 1, 2])
    tiny = shapely.transform(cells, lambda xy: xy * 0.01)
    table = {"id": list("abcd"), "blue": 1, "red": 2}
    gpd.GeoDataFrame(table, geometry=tiny, crs=METRES).to_file(tmp_path / "map.gpkg")
    for repair in (False, True):
        files = MapFiles(
            str(tmp_path / "map.gpkg"), "id", ("blue",), ("red",), crs=METRES, repair=repair
        )
        found = read_map(files)
        pairs = found.units.edges.pairs.tolist()
        assert pairs == [[0, 1], [0, 3], [1, 2], [1, 3], [2, 3]]
        assert [one.kind for one in found.repairs] == ["doubt"]


def test_a_scribble_is_refused_in_one_line_that_names_the_unit_and_a_remedy_that_works(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(1)
    scribble = shapely.Polygon(rng.uniform(0, 1000, (3000, 2)))
    assert count_crossings(scribble) > MAX_CROSSINGS
    cells = [scribble, *shapely.box([1000, 2000], 0, [2000, 3000], 1000)]
    table = {"id": list("abc"), "blue": 1, "red": 2}
    frame = gpd.GeoDataFrame(table, geometry=cells, crs=METRES)
    frame.to_file(tmp_path / "map.gpkg")
    files = MapFiles(str(tmp_path / "map.gpkg"), "id", ("blue",), ("red",), repair=True)
    with pytest.raises(DataError, match=r"outline of unit 'a' crosses itself .* times") as caught:
        read_map(files)
    assert "\n" not in str(caught.value)
    assert inspect_map(files).has_errors
    frame[1:].to_file(tmp_path / "map.gpkg")
    frame.drop(columns="geometry").to_csv(tmp_path / "votes.csv", index=False)
    votes = str(tmp_path / "votes.csv")
    remedy = MapFiles(
        files.units, "id", ("blue",), ("red",), votes=votes, without_polygon="drop", repair=True
    )
    assert read_map(remedy).units.ids.tolist() == ["b", "c"]


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_borders_digitized_twice_by_hand_are_all_mended(seed) -> None:
    # Every unit has its own idea of each border, up to 4 m off, with corners of its own.
    rng = np.random.default_rng(seed)
    points = shapely.multipoints(rng.uniform(0, 5_000, (25, 2)))
    frame = shapely.box(0, 0, 5_000, 5_000)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame))
    cells = shapely.segmentize(shapely.intersection(cells, frame), 120)
    corners = [shapely.get_coordinates(one)[:-1] for one in cells[shapely.area(cells) > 10_000]]
    sloppy = [shapely.polygons(xy + rng.uniform(-4, 4, xy.shape)) for xy in corners]
    polygons = shapely.make_valid(np.array(sloppy, object), method="structure")
    ids = [f"u{number}" for number in range(len(polygons))]
    mended, _ = clean_coverage(polygons, ids)
    assert find_overlaps(mended) == []
    assert shapely.is_valid(mended).all()
    assert not any(gap.is_narrow for gap in find_gaps(mended, is_coverage=False))
    before = shapely.area(shapely.union_all(polygons))
    assert shapely.area(mended).sum() == pytest.approx(before, rel=5e-3)
    moved = shapely.area(shapely.symmetric_difference(mended, polygons))
    assert (moved <= 12 * shapely.length(polygons)).all()


def test_a_polygon_that_encloses_nothing_is_not_said_to_be_mended_by_repair(tmp_path: Path) -> None:
    line = shapely.Polygon([(0, 0), (500, 500), (1000, 0), (500, 500)])
    cells = [line, *shapely.box([1000, 2000], 0, [2000, 3000], 1000)]
    table = {"id": list("abc"), "blue": 1, "red": 2}
    frame = gpd.GeoDataFrame(table, geometry=cells, crs=METRES)
    frame.to_file(tmp_path / "map.gpkg")
    files = MapFiles(str(tmp_path / "map.gpkg"), "id", ("blue",), ("red",), repair=True)
    with pytest.raises(DataError, match="encloses nothing that --repair could keep") as caught:
        read_map(files)
    assert "--repair mends" not in str(caught.value)
    told = [one.remedy for one in inspect_map(files).findings if one.severity == "error"]
    assert len(told) == 1
    assert "encloses nothing" in told[0]
    frame[1:].to_file(tmp_path / "map.gpkg")
    frame.drop(columns="geometry").to_csv(tmp_path / "votes.csv", index=False)
    votes = str(tmp_path / "votes.csv")
    remedy = MapFiles(
        files.units, "id", ("blue",), ("red",), votes=votes, without_polygon="drop", repair=True
    )
    assert read_map(remedy).units.ids.tolist() == ["b", "c"]
