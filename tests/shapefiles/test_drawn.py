from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import pytest
import shapely

from shapefiles import read_units
from shapefiles.lines.noding import node
from shapefiles.lines.tolerance import tolerance_in

FILE = Path(__file__).parents[2] / "fuzz" / "borders.py"
SPEC = importlib.util.spec_from_file_location("fuzz_borders", FILE)
borders = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(borders)

COLUMNS = {"id": "id", "blue": "blue", "red": "red"}


def pairs_of(
    polygons: Sequence[shapely.Geometry] | npt.NDArray[np.object_], crs: str
) -> list[list[int]]:
    return borders.read(np.array(polygons, object), crs).contacts().pairs.tolist()


def write(
    folder: Path, polygons: Sequence[shapely.Geometry] | npt.NDArray[np.object_], crs: str
) -> Path:
    frame = gpd.GeoDataFrame(
        {"id": [f"u{row}" for row in range(len(polygons))], "blue": 3, "red": 4},
        geometry=list(polygons),
        crs=crs,
    )
    frame.to_file(folder / "map.gpkg")
    return folder / "map.gpkg"


@pytest.mark.parametrize("seed", range(2))
def test_borders_are_those_drawn_in_every_system_with_noise_in_the_last_bits(seed) -> None:
    found = [borders.check(number, seed) for number in range(60)]
    assert [wrong for _, wrong in found if wrong] == []
    kinds = Counter(kind.split(" in ")[0] for kind, _ in found)
    assert min(kinds[one] for one in ("grid", "bricks", "cells")) > 12


@pytest.mark.parametrize(
    ("crs", "x", "y", "metre"),
    [
        ("EPSG:4326", -100, 40, 1 / 111_320),
        ("EPSG:4326", 24, -33, 1 / 111_320),
        ("EPSG:3857", 1e6, 6e6, 1.0),
        ("EPSG:25832", 5e5, 5.5e6, 1.0),
        ("EPSG:2263", 1e6, 2e5, 3937 / 1200),
    ],
)
@pytest.mark.parametrize("length", [30, 3_000, 300_000])
def test_a_border_that_ends_in_the_middle_of_a_side_is_one(
    tmp_path: Path, crs, x, y, metre, length
) -> None:
    # Two blocks above one: a T-junction on a side from east to west.
    size = length * metre
    blocks = shapely.box(
        [x, x, x + size / 3], [y, y + size, y + size],
        [x + size, x + size / 3, x + size], [y + size, y + 2 * size, y + 2 * size],
    )  # fmt: skip
    units = read_units(write(tmp_path, blocks, crs), **COLUMNS)
    assert units.edges.pairs.tolist() == [[0, 1], [0, 2], [1, 2]]
    assert units.edges.border[:2].sum() == pytest.approx(length, rel=0.4)
    assert shapely.coverage_is_valid(units.polygons)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:25832"])
@pytest.mark.parametrize("width", [1.0, 0.3])
def test_a_street_between_two_blocks_stays_a_gap(crs, width) -> None:
    x, y, metre = (10, 50, 1 / 111_320) if crs == "EPSG:4326" else (1e6, 6e6, 1.0)
    for length in (100, 10_000):
        side, gap = length * metre, width * metre
        blocks = shapely.box(
            [x, x, x + side / 2], [y, y + side + gap, y + side + gap],
            [x + side, x + side / 2, x + side], [y + side, y + 2 * side, y + 2 * side],
        )  # fmt: skip
        assert pairs_of(blocks, crs) == [[1, 2]]


@pytest.mark.parametrize("factor", [1e-6, 1e-3, 1.0, 1e3])
@pytest.mark.parametrize("mirror", [(1, 1), (-1, 1), (-1, -1)])
def test_scaled_and_mirrored_maps_have_the_same_borders(factor, mirror) -> None:
    random = np.random.default_rng(7)
    drawings = [borders.bricks(random), borders.grid(random), borders.cells(random)]
    for drawing in drawings:
        moved = shapely.transform(
            drawing.polygons, lambda xy: xy * factor * np.array(mirror, float)
        )
        assert {tuple(pair) for pair in pairs_of(moved, "EPSG:5070")} == drawing.pairs


def test_corners_that_differ_in_the_last_bits_are_one_corner() -> None:
    x, y = -121.3, 38.7
    up = np.nextafter(y, 90), np.nextafter(np.nextafter(x, 0), 0)
    blocks = [
        shapely.box(x - 0.1, y - 0.1, x, y),
        shapely.box(up[1], y - 0.1, x + 0.1, up[0]),
        shapely.box(x - 0.1, up[0], x, y + 0.1),
        shapely.box(x, y, x + 0.1, y + 0.1),
    ]
    assert pairs_of(blocks, "EPSG:4269") == [[0, 1], [0, 2], [1, 3], [2, 3]]


@pytest.mark.parametrize("decimals", [5, 6, 7])
def test_a_corner_rounded_off_the_side_it_lies_on_still_ends_two_borders(decimals) -> None:
    # GeoJSON keeps a few decimals: the corner in the middle of a slanted side is then beside it.
    random = np.random.default_rng(decimals)
    for _ in range(20):
        west, east = np.round(
            random.uniform([[8, 50], [8.02, 50]], [[8.01, 50.03], [8.03, 50.03]]), decimals
        )
        middle = np.round(west + (east - west) * random.uniform(0.2, 0.8), decimals)
        south, north = np.array([0, -0.1]), np.array([0, 0.1])
        shapes = [
            shapely.Polygon([west, west + south, east + south, east]),
            shapely.Polygon([west, middle, middle + north, west + north]),
            shapely.Polygon([middle, east, east + north, middle + north]),
        ]
        blocks = shapely.transform(np.array(shapes), lambda xy: np.round(xy, decimals))
        assert {(0, 1), (0, 2), (1, 2)} >= {tuple(pair) for pair in pairs_of(blocks, "EPSG:4326")}
        if decimals > 5:
            assert pairs_of(blocks, "EPSG:4326") == [[0, 1], [0, 2], [1, 2]]


def test_a_tolerance_is_a_centimetre_a_decimetre_at_most_and_small_where_units_are() -> None:
    degrees, metres, feet = (pyproj.CRS(one) for one in ("EPSG:4326", "EPSG:25832", "EPSG:2263"))
    rough = np.array([shapely.box(0.123456789123, 0, 1000, 1000)], object)
    whole = np.array([shapely.box(0, 0, 1000, 1000)], object)
    assert tolerance_in(rough, metres) == pytest.approx(0.01)
    assert tolerance_in(whole, metres) == pytest.approx(0.1)
    assert tolerance_in(rough, feet) == pytest.approx(0.01 / 0.3048, rel=1e-4)
    tiny = shapely.transform(rough, lambda xy: xy / 1e6)
    assert tolerance_in(tiny, metres) == pytest.approx(1e-7, rel=1e-3)
    block = np.array([shapely.box(10.0123456, 50, 10.1, 50.1)], object)
    assert tolerance_in(block, degrees) * 111_195 == pytest.approx(0.01, rel=1e-3)


def test_polygons_that_fit_together_are_left_as_they_are() -> None:
    drawing = borders.cells(np.random.default_rng(3))
    fitting = node(drawing.polygons, 1e-6)
    again = node(fitting, 1e-6)
    assert all(one is other for one, other in zip(fitting, again, strict=True))


def test_a_long_narrow_unit_that_is_valid_in_degrees_stays_valid_and_fits() -> None:
    # 100 km along a parallel and 2 m wide: the chords of its sides lie 200 m from their curves.
    strip = shapely.box(10, 50, 11.4, 50.00002)
    below = shapely.box([10, 10.3, 10.31], 49.9, [10.3, 10.31, 11.4], 50)
    above = shapely.box(10, 50.00002, 11.4, 50.1)
    drawn = borders.read(np.array([strip, *below, above], object), "EPSG:4326")
    assert shapely.is_valid(drawn.polygons).all()
    assert shapely.coverage_is_valid(drawn.polygons)
    assert drawn.contacts().pairs.tolist() == [[0, 1], [0, 2], [0, 3], [0, 4], [1, 2], [2, 3]]
    ellipsoid = pyproj.Geod(ellps="WGS84")
    area = abs(ellipsoid.geometry_area_perimeter(shapely.segmentize(strip, 1e-3))[0])
    assert shapely.area(drawn.polygons)[0] == pytest.approx(area, rel=1e-3)


@pytest.mark.parametrize("offset", [0.0, 0.1])
def test_a_map_around_the_globe_ends_where_it_begins(tmp_path: Path, offset) -> None:
    # Two rows of units all around, the upper ones beginning elsewhere: T-junctions on the seam too.
    west = np.linspace(-180, 180, 13)
    south = shapely.box(west[:-1], -30, west[1:], 0)
    halves = [(one, one + offset * 100) for one in west[:-1].tolist()]
    north = [shapely.box(low, 0, high, 30) for low, high in halves if high > low]
    units = read_units(write(tmp_path, [*south, *north], "EPSG:4326"), **COLUMNS)
    found = {tuple(pair) for pair in units.edges.pairs.tolist()}
    around = {tuple(sorted((one, (one + 1) % 12))) for one in range(12)}
    assert found == around | {(one, one + 12) for one in range(len(north))}
    seam = units.edges.border[units.edges.pairs.tolist().index([0, 11])]
    assert seam == pytest.approx(units.edges.border[0], rel=0.2)
