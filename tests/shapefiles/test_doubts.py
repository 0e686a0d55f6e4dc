"""A reference system is doubted where the map would be too small, or nowhere near its place."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from shapefiles import DataError, MapFiles, inspect_files, read_map

VOTES = {"id": "id", "blue": ("blue",), "red": ("red",)}


def write(path: Path, boxes: npt.NDArray[np.object_], crs: str) -> MapFiles:
    table = {"id": [f"u{row}" for row in range(len(boxes))], "blue": 1, "red": 2}
    gpd.GeoDataFrame(table, geometry=boxes).set_crs(crs).to_file(path)
    return MapFiles(str(path), **VOTES)


def degrees(west: float = 9.0, south: float = 50.5) -> npt.NDArray[np.object_]:
    return shapely.box([west, west + 0.02], south, [west + 0.02, west + 0.04], south + 0.02)


def kinds(path: Path, **options: str) -> set[tuple[str, str]]:
    return {(one.severity, one.kind) for one in inspect_files([path], **VOTES, **options).findings}


@pytest.mark.parametrize("crs", ["EPSG:25832", "EPSG:3035", "EPSG:3857", "EPSG:2261", "EPSG:5070"])
def test_degrees_under_the_name_of_a_projection_are_refused_and_both_remedies_work(
    tmp_path: Path, crs
) -> None:
    files = write(tmp_path / "map.gpkg", degrees(), crs)
    with pytest.raises(DataError, match="look like degrees") as refused:
        read_map(files)
    assert "--crs EPSG:4326" in str(refused.value)
    assert f"--crs {crs} insists" in str(refused.value)
    assert ("error", "crs") in kinds(tmp_path / "map.gpkg")
    right = read_map(MapFiles(files.units, **VOTES, crs="EPSG:4326"))
    assert [one.kind for one in right.repairs] == ["crs"]
    exact = abs(pyproj.Geod(ellps="WGS84").geometry_area_perimeter(degrees()[0])[0])
    assert right.units.attributes["area"] == pytest.approx([exact, exact], rel=1e-3)
    insisted = read_map(MapFiles(files.units, **VOTES, crs=crs))
    assert [one.kind for one in insisted.repairs] == ["doubt"]
    assert ("warning", "doubt") in kinds(tmp_path / "map.gpkg", crs=crs)


def test_feet_under_the_name_of_metres_are_doubted(tmp_path: Path) -> None:
    # Oswego County, New York, in feet of its state plane, declared as UTM.
    feet = shapely.box([811_000, 900_000], 1_166_000, [900_000, 1_011_000], 1_341_000)
    files = write(tmp_path / "map.shp", feet, "EPSG:3748")
    (doubt,) = read_map(files).repairs
    assert doubt.kind == "doubt"
    assert "outside the area where that system is used" in doubt.message
    assert ("warning", "doubt") in kinds(tmp_path / "map.shp")
    right = read_map(MapFiles(files.units, **VOTES, crs="EPSG:2261"))
    assert [one.kind for one in right.repairs] == ["crs"]


@given(st.sampled_from(["EPSG:25832", "EPSG:3035", "EPSG:2154", "EPSG:4258", "EPSG:3395"]))
def test_a_map_where_its_system_is_used_is_not_doubted(
    tmp_path_factory: pytest.TempPathFactory, crs
) -> None:
    into = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    drawn = shapely.transform(degrees(7.0, 49.0), into.transform, interleaved=False)
    files = write(tmp_path_factory.mktemp("doubt") / "map.gpkg", drawn, crs)
    assert read_map(files).repairs == ()


def test_numbers_that_cannot_be_degrees_name_the_option(tmp_path: Path) -> None:
    files = write(tmp_path / "map.gpkg", shapely.box([5e5, 6e5], 5e6, [6e5, 7e5], 6e6), "EPSG:4326")
    with pytest.raises(DataError, match=r"said to be in degrees .*\(--crs\)"):
        read_map(files)
    assert read_map(MapFiles(files.units, **VOTES, crs="EPSG:25832")).units.n_units == 2


@pytest.mark.parametrize("number", [-1, 0])
def test_a_geopackage_that_knows_no_system_is_asked_for_one(tmp_path: Path, number) -> None:
    boxes = shapely.box([500_000, 501_000], 5_600_000, [501_000, 502_000], 5_601_000)
    files = write(tmp_path / "map.gpkg", boxes, "EPSG:25832")
    with sqlite3.connect(tmp_path / "map.gpkg") as file:
        for table in ("gpkg_contents", "gpkg_geometry_columns"):
            file.execute(f"UPDATE {table} SET srs_id = {number}")
    file.close()
    with pytest.raises(DataError, match=r"does not say which reference system .*\(--crs\)"):
        read_map(files)
    found = read_map(MapFiles(files.units, **VOTES, crs="EPSG:25832"))
    assert found.repairs == ()
    assert found.units.attributes["area"] == pytest.approx([1e6, 1e6], rel=1e-2)


def test_a_system_that_nobody_understands_can_be_taken_out(tmp_path: Path) -> None:
    boxes = shapely.box([500_000, 501_000], 5_600_000, [501_000, 502_000], 5_601_000)
    files = write(tmp_path / "map.shp", boxes, "EPSG:25832")
    (tmp_path / "map.prj").write_text('PROJCS["nonsense",GEOGCS["x"]]', encoding="ascii")
    with pytest.raises(DataError, match=r"not understood .*\.prj can be deleted.* --crs"):
        read_map(files)
    (tmp_path / "map.prj").unlink()
    found = read_map(MapFiles(files.units, **VOTES, crs="EPSG:25832"))
    assert found.repairs == ()
    assert found.units.votes["votes"].tolist() == [[1, 2], [1, 2]]
