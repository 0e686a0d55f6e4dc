"""Wherever the line of 180 degrees falls, the map is the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from shapefiles import MapFiles, OwnMap, Units, dissolve, read_map, to_lonlat
from shapefiles.globe.longitudes import unroll
from shapefiles.globe.seam import cut, gather

GLOBE = pyproj.Geod(ellps="WGS84")


def tiles(
    rng: np.random.Generator, west: float
) -> tuple[npt.NDArray[np.object_], set[frozenset[str]], npt.NDArray[np.int64]]:
    """Cover a region from `west` on with units of a few cells, whose names tell who touches."""
    columns, rows = (int(rng.integers(2, 6)) for _ in range(2))
    x = west + np.concatenate([[0.0], np.cumsum(np.round(rng.uniform(0.3, 3, columns), 2))])
    y = rng.uniform(-60, 55) + np.concatenate([[0.0], np.cumsum(rng.uniform(0.3, 2, rows))])
    labels = rng.integers(0, 1 + columns * rows // 2, (rows, columns))
    row, column = np.indices(labels.shape)
    cells = shapely.box(x[column], y[row], x[column + 1], y[row + 1])
    names = np.unique(labels)
    units = np.array([shapely.coverage_union_all(cells[labels == one]) for one in names], object)
    pairs = {
        frozenset(pair)
        for one, other in ((labels[1:], labels[:-1]), (labels[:, 1:], labels[:, :-1]))
        for pair in zip(one.ravel().tolist(), other.ravel().tolist(), strict=True)
        if len(set(pair)) == 2
    }
    return units, {frozenset(f"u{name}" for name in pair) for pair in pairs}, names


def beyond(units: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    return units


def jumping(units: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    return shapely.transform(units, lambda xy: np.column_stack([wrapped(xy[:, 0]), xy[:, 1]]))


def cut_at_180(units: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Cut as the standard for GeoJSON asks, one half at a time."""
    east = shapely.intersection(units, shapely.box(-180, -90, 180, 90))
    west = shapely.intersection(units, shapely.box(180, -90, 540, 90))
    return areas_of(east, moved(west, -360))


def moved(units: npt.NDArray[np.object_], by: float) -> npt.NDArray[np.object_]:
    return shapely.transform(units, lambda xy: xy + np.array([by, 0.0]))


def areas_of(*sides: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Put the pieces of each unit together, but not the lines that only touch a cut."""
    units = []
    for pieces in zip(*sides, strict=True):
        parts = shapely.get_parts(shapely.get_parts(np.array(pieces, object)))
        units.append(shapely.union_all(parts[shapely.get_type_id(parts) == 3]))
    return np.array(units, object)


def eastward(units: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Write longitudes from 0 to 360, cut at Greenwich where they cross it."""
    windows = {turn: shapely.box(turn, -90, turn + 360, 90) for turn in (-360, 0, 360)}
    return areas_of(
        *(moved(shapely.intersection(units, one), -turn) for turn, one in windows.items())
    )


def wrapped(longitude: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return (longitude + 180) % 360 - 180


def read(
    units: npt.NDArray[np.object_],
    names: Sequence[int] | npt.NDArray[np.int64],
    folder: Path,
    crs: str = "EPSG:4326",
    **options: str,
) -> OwnMap:
    path = folder / "map.gpkg"
    columns = {"id": [f"u{one}" for one in names], "blue": 1, "red": 2}
    gpd.GeoDataFrame(columns, geometry=units, crs=crs).to_file(path)
    return read_map(MapFiles(str(path), "id", ("blue",), ("red",), **options))


def named_edges(units: Units) -> set[frozenset[str]]:
    ids = units.ids.tolist()
    return {frozenset((ids[a], ids[b])) for a, b in units.edges.pairs.tolist()}


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from([beyond, jumping, cut_at_180, eastward]))
def test_edges_and_areas_are_those_of_the_same_map_at_greenwich(
    tmp_path_factory: pytest.TempPathFactory, seed, write
) -> None:
    rng = np.random.default_rng(seed)
    home, pairs, names = tiles(rng, 0.0)
    width = shapely.total_bounds(home)[2]
    shift = float(np.round(rng.uniform(180 - width, 180), int(rng.integers(0, 3))))
    shift = 0.0 if write is eastward and rng.integers(2) else shift
    away = moved(home, shift or -width / 2)
    folder = tmp_path_factory.mktemp("seam")
    plain = read(home, names, folder).units
    found = read(write(away), names, folder).units
    assert named_edges(found) == named_edges(plain) == pairs
    assert found.attributes["area"] == pytest.approx(plain.attributes["area"], rel=1e-5)
    expected = [abs(GLOBE.geometry_area_perimeter(fine(one))[0]) for one in home]
    assert found.attributes["area"] == pytest.approx(expected, rel=5e-3)
    assert (shapely.get_num_geometries(found.polygons) == shapely.get_num_geometries(home)).all()


def fine(polygon: shapely.Geometry) -> shapely.Geometry:
    return shapely.segmentize(polygon, 0.05)


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.sampled_from([beyond, jumping, cut_at_180]))
def test_what_is_written_is_valid_cut_at_180_and_as_large(
    tmp_path_factory: pytest.TempPathFactory, seed, write
) -> None:
    rng = np.random.default_rng(seed)
    units, _, names = tiles(rng, 0.0)
    width = shapely.total_bounds(units)[2]
    units = moved(units, 180 - width * rng.uniform())
    found = read(write(units), names, tmp_path_factory.mktemp("seam")).units
    nations = dissolve(found, rng.integers(0, 2, found.n_units))
    written = to_lonlat(nations, found.crs)
    assert shapely.is_valid(written).all()
    bounds = shapely.bounds(shapely.get_parts(written))
    assert (np.abs(bounds[:, [0, 2]]) <= 180).all()
    assert (bounds[:, 2] - bounds[:, 0] <= width + 1e-6).all()
    # What is cut is cut nowhere else: without the line, there are as many parts as before.
    back = pyproj.Transformer.from_crs("EPSG:4326", found.crs, always_xy=True)
    again = shapely.transform(written, back.transform, interleaved=False)
    # A side that is cut is straight in degrees on both sides of the cut, not in the projection.
    assert shapely.area(again) == pytest.approx(shapely.area(nations), rel=2e-4)
    rejoined = gather(written).polygons
    assert (shapely.get_num_geometries(rejoined) == shapely.get_num_geometries(nations)).all()


def test_a_map_far_from_the_line_stays_the_same_object() -> None:
    boxes = shapely.box([-120, 10], 30, [-100, 20], 40)
    assert gather(boxes).polygons is boxes
    assert (cut(boxes) == boxes).all()


def test_corners_a_whisker_from_the_line_are_on_it() -> None:
    sides = shapely.box([179, -179.9999999], -18, [179.9999999, -179], -17)
    (whole,) = gather(np.array([shapely.multipolygons(sides)], object)).polygons
    assert whole.geom_type == "Polygon"
    assert whole.bounds == (179, -18, 181, -17)


def test_a_side_along_the_pole_is_no_jump() -> None:
    antarctica = shapely.box(-180, -90, 180, -70)
    assert unroll(np.array([antarctica]))[0][0].equals_exact(antarctica)


@pytest.mark.parametrize("pole", [-90, 90])
def test_a_ring_around_a_pole_has_the_pole_inside(pole) -> None:
    x = np.arange(-180.0, 180, 20)
    ring = shapely.Polygon(np.column_stack([x, np.full(len(x), pole / 90 * 70)]))
    (around,) = cut(np.array([ring], object))
    assert around.is_valid
    assert abs(around.area) == pytest.approx(360 * 20)
    assert around.bounds[0::2] == (-180, 180)


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:8857", "EPSG:6933", "EPSG:3832", "ESRI:54030"])
def test_the_seam_of_a_world_projection_cuts_nothing(tmp_path: Path, crs) -> None:
    system = pyproj.CRS(crs)
    seam = {"EPSG:3832": -30.0}.get(crs, 180.0)
    cells = [shapely.box(seam + x, 10, seam + x + 1, 11) for x in (-2, -1, 0, 1)]
    middle = shapely.multipolygons([cells[1], moved(cells[2], -360)])
    last = moved(cells[3], -360)
    into = pyproj.Transformer.from_crs("EPSG:4326", system, always_xy=True)
    # A hair inside the ends, for PROJ would take the western end for the eastern one.
    units = [
        shapely.transform(
            one,
            lambda xy: np.column_stack(
                into.transform(np.clip(xy[:, 0], seam - 360 + 1e-9, seam - 1e-9), xy[:, 1])
            ),
        )
        for one in (cells[0], middle, last)
    ]
    found = read(np.array(units, object), [0, 1, 2], tmp_path, crs=crs).units
    assert named_edges(found) == {frozenset({"u0", "u1"}), frozenset({"u1", "u2"})}
    exact = [abs(GLOBE.geometry_area_perimeter(fine(one))[0]) for one in cells]
    assert found.attributes["area"] == pytest.approx(
        [exact[0], exact[1] + exact[2], exact[3]], rel=2e-3
    )


@pytest.mark.parametrize("shift", [0, 5, 17])
def test_a_map_around_the_globe_has_no_end(tmp_path: Path, shift) -> None:
    # Twelve columns of two cells; a shift lets the line fall inside those that it cuts.
    starts = np.arange(-180, 180, 30)
    cells = [shapely.box(x + shift, y, x + shift + 30, y + 30) for y in (-30, 0) for x in starts]
    names = list(range(24))
    found = read(cut_at_180(np.array(cells, object)), names, tmp_path).units
    expected = {
        frozenset(f"u{one}" for one in pair)
        for row in (0, 12)
        for pair in [(row + n, row + (n + 1) % 12) for n in range(12)]
        + [(n, n + 12) for n in range(12)]
    }
    assert named_edges(found) == expected
    exact = [abs(GLOBE.geometry_area_perimeter(fine(one))[0]) for one in cells]
    assert found.attributes["area"] == pytest.approx(exact, rel=1e-3)
    written = to_lonlat(dissolve(found, np.arange(24) % 2), found.crs)
    assert shapely.is_valid(written).all()
    areas = [abs(GLOBE.geometry_area_perimeter(fine(one))[0]) for one in written]
    assert areas == pytest.approx([sum(exact[::2]), sum(exact[1::2])], rel=1e-3)


@pytest.mark.parametrize("is_cut", [True, False])
def test_land_around_a_pole_has_its_area_and_its_neighbours(tmp_path: Path, is_cut) -> None:
    x = np.arange(-180.0, 180.5, 4)  # between two corners of a parallel it is curved
    coast = np.column_stack([x, np.full(len(x), -75.0)])
    inside = shapely.Polygon([(-180, -90), *coast.tolist(), (180, -90)])
    inside = inside if is_cut else shapely.Polygon(coast[:-1])
    cape = shapely.Polygon([*coast[45:56].tolist(), (40, -65), (0, -65)])
    found = read(np.array([inside, cape], object), [0, 1], tmp_path).units
    assert named_edges(found) == {frozenset({"u0", "u1"})}
    cap, _ = GLOBE.geometry_area_perimeter(shapely.box(0, -90, 1, -75))
    assert found.attributes["area"][0] == pytest.approx(360 * abs(cap), rel=1e-4)
    written = to_lonlat(dissolve(found, np.array([0, 1])), found.crs)
    assert shapely.is_valid(written).all()
    assert written[0].bounds[:3] == (-180, -90, 180)


@pytest.mark.parametrize("shift", [-180, -163, -5, 0])
def test_a_map_that_reaches_both_poles_is_written_with_its_areas(tmp_path: Path, shift) -> None:
    # A side along a pole has no corners between its ends, and is longer than half of the globe.
    sides = [(shift, shift + 200), (shift + 200, shift + 360)]
    cells = []
    for pole in (-90, 90):
        for west, east in sides:
            x = np.linspace(west, east, 41)
            parallel = np.column_stack([x, np.full(len(x), pole * 0.6)]).tolist()
            cells.append(shapely.Polygon([*parallel, (east, pole), (west, pole)]))
    cells.append(shapely.box(shift + 10, -20, shift + 60, 20))
    found = read(np.array(cells, object), range(5), tmp_path).units
    exact = [abs(GLOBE.geometry_area_perimeter(fine(one))[0]) for one in cells]
    for shapes, areas in (
        (found.polygons, exact),
        (dissolve(found, np.array([0, 1, 0, 1, 0])), [sum(exact[::2]), sum(exact[1::2][:2])]),
    ):
        written = to_lonlat(shapes, found.crs)
        assert shapely.is_valid(written).all()
        assert (np.abs(shapely.get_coordinates(written)) <= (180, 90)).all()
        found_areas = [abs(GLOBE.geometry_area_perimeter(fine(one))[0]) for one in written]
        assert found_areas == pytest.approx(areas, rel=1e-3)


@pytest.mark.parametrize("south", [-40, 5])
def test_a_spike_without_width_is_mended_where_only_the_projection_made_it_cross(
    tmp_path: Path, south
) -> None:
    far = [shapely.box(x, south, x + 1, south + 1) for x in (-170, -100, 100, 170)]
    high, low = np.array([33.96162, 9.58358]), np.array([33.97498, 8.68456])
    east = shapely.Polygon([high, (35, 10), (35, 8), low])
    n_mended = 0
    for share in np.linspace(0.1, 0.9, 12):
        # Next to the line from low to high, on either side of it or on it, by a few last digits.
        corners = [high, low + (high - low) * share, (33, 9), (33, 10)]
        west = shapely.Polygon([high, low, *corners[1:]])
        if not west.is_valid:
            continue
        own = read(np.array([west, east, *far], object), range(6), tmp_path)
        assert named_edges(own.units) == {frozenset({"u0", "u1"})}
        assert shapely.is_valid(own.units.polygons).all()
        shapes = shapely.Polygon(corners), east
        exact = [abs(GLOBE.geometry_area_perimeter(fine(one))[0]) for one in shapes]
        assert own.units.attributes["area"][:2] == pytest.approx(exact, rel=1e-3)
        n_mended += any(one.kind == "invalid" and one.units == ("u0",) for one in own.repairs)
    assert n_mended > 0


@pytest.mark.parametrize("seed", range(40))
def test_part_is_unrolled_as_if_it_were_alone(seed) -> None:
    rng = np.random.default_rng(seed)
    islands = [
        jumping(np.array([shapely.box(west, south, west + width, south + 1)]))[0]
        for south, west, width in zip(
            range(-80, 80, 4), rng.uniform(140, 200, 40), rng.uniform(1, 30, 40), strict=True
        )
    ]
    rng.shuffle(islands)
    together = unroll(np.array([shapely.multipolygons(islands)]))[0][0]
    alone = unroll(np.array(islands))[0]
    assert shapely.equals_exact(shapely.get_parts(together), alone).all()
    assert 0 < sum(one is not before for one, before in zip(alone, islands, strict=True)) < 40
