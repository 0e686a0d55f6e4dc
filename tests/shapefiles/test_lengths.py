"""Lengths of borders and outlines are those on the globe, whatever system a file is in."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from shapefiles import read_units
from shapefiles.globe.lengths import flat, lengths_of, ruler_for
from shapefiles.units import Units

GLOBE = pyproj.Geod(ellps="WGS84")

SYSTEMS = (
    "EPSG:4326", "EPSG:3035", "EPSG:3857", "EPSG:6933", "EPSG:8857", "ESRI:54009", "ESRI:102003",
    "EPSG:3995", "ESRI:54008", "EPSG:32632",
)  # fmt: skip


def grid(west: float, south: float, step: float, n_columns: int, n_rows: int) -> npt.NDArray:
    """Cells in degrees, with a vertex every hundredth of a side."""
    column, row = (
        np.arange(n_columns * n_rows) % n_columns,
        np.arange(n_columns * n_rows) // n_columns,
    )
    x, y = west + column * step, south + row * step
    cells = shapely.box(x, y, x + step, y + step)
    return shapely.segmentize(cells, step / 100)


def read(folder: Path, cells: npt.NDArray, crs: str) -> Units:
    columns = {"id": [f"u{row}" for row in range(len(cells))], "blue": 3, "red": 4}
    frame = gpd.GeoDataFrame(columns, geometry=list(cells), crs="EPSG:4326").to_crs(crs)
    frame.to_file(folder / "map.gpkg")
    return read_units(folder / "map.gpkg", id="id", blue="blue", red="red")


def around(cell: shapely.Geometry) -> float:
    return GLOBE.geometry_length(shapely.segmentize(cell, 0.01).exterior)


@pytest.mark.parametrize("crs", SYSTEMS)
def test_a_map_has_the_same_lengths_in_every_system(tmp_path: Path, crs: str) -> None:
    cells = grid(8.0, 58.0, 0.5, 4, 4)
    units = read(tmp_path, cells, crs)
    for (one, other), border in zip(units.edges.pairs, units.edges.border, strict=True):
        shared = shapely.line_merge(shapely.intersection(cells[one], cells[other]))
        assert border == pytest.approx(GLOBE.geometry_length(shared), rel=1e-4)
    perimeter = units.attributes["perimeter"]
    assert perimeter == pytest.approx([around(cell) for cell in cells], rel=1e-4)
    areas = [abs(GLOBE.geometry_area_perimeter(cell)[0]) for cell in cells]
    assert units.attributes["area"] == pytest.approx(areas, rel=3e-4)


@pytest.mark.parametrize(("west", "south", "rows"), [(-180, -70, 14), (-100, 0, 7), (0, 60, 2)])
def test_so_has_one_of_the_world(tmp_path: Path, west: int, south: int, rows: int) -> None:
    cells = grid(west, south, 10, 30, rows)
    units = read(tmp_path, cells, "EPSG:4326")
    shared = shapely.intersection(*cells[units.edges.pairs.T])
    for border, line in zip(units.edges.border, shared, strict=True):
        fine = shapely.segmentize(shapely.line_merge(line), 0.01)
        if not shapely.is_empty(fine):  # else around the back of the globe
            assert border == pytest.approx(GLOBE.geometry_length(fine), rel=2e-4)
    assert units.attributes["perimeter"] == pytest.approx([around(one) for one in cells], rel=2e-4)


@given(st.sampled_from(SYSTEMS[1:]), st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_a_line_is_as_long_in_both_directions_and_as_its_parts(crs: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    to_plane = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    west = rng.uniform(5, 12, 50), rng.uniform(55, 65, 50)
    begin, end = (
        np.column_stack(to_plane.transform(*lonlat))
        for lonlat in (west, (west[0] + rng.normal(0, 1, 50), west[1] + rng.normal(0, 1, 50)))
    )
    ruler, middle = ruler_for(crs), (begin + end) / 2
    whole = ruler(begin, end)
    assert np.array_equal(whole, ruler(end, begin)) or whole == pytest.approx(
        ruler(end, begin), rel=1e-12
    )
    assert ruler(begin, middle) + ruler(middle, end) == pytest.approx(whole, rel=1e-5)
    lines = shapely.linestrings(np.stack([begin, end], axis=1))
    assert lengths_of(lines, ruler) == pytest.approx(whole)
    assert lengths_of(lines, flat) == pytest.approx(shapely.length(lines))
