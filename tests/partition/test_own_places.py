"""Maps across the line of 180 degrees, and in doubtful systems, from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

Invoke = Callable[..., tuple[int, str, str]]
COLUMNS = ("--id", "id", "--blue", "blue", "--red", "red")
VOTES = {
    "A1": (500, 100),
    "A2": (100, 700),
    "A3": (600, 100),
    "A4": (300, 200),
    "B1": (400, 300),
    "B2": (300, 350),
    "B3": (100, 500),
    "B4": (600, 100),
}


def write_fiji(path: Path, way: str) -> None:
    """Write two rows of four cells from 178 to 182 degrees, in one of three ways."""
    corners = [(178 + column, south) for south in (-18, -19) for column in range(4)]
    cells = {
        name: shapely.box(x, y, x + 1, y + 1) for name, (x, y) in zip(VOTES, corners, strict=True)
    }
    votes = dict(VOTES)
    if way != "beyond":
        cells = {
            name: shapely.transform(one, lambda xy: xy - np.array([360, 0]))
            if one.bounds[0] >= 180
            else one
            for name, one in cells.items()
        }
    if way == "cut":
        cells["M"] = shapely.multipolygons([cells.pop("A2"), cells.pop("A3")])
        votes["M"] = (700, 800)
    blue, red = zip(*(votes[name] for name in cells), strict=True)
    table = {"id": list(cells), "blue": blue, "red": red}
    gpd.GeoDataFrame(table, geometry=list(cells.values()), crs="EPSG:4326").to_file(path)


@pytest.mark.parametrize(("way", "objective"), [("beyond", 3500), ("wrapped", 3500), ("cut", 3350)])
def test_fiji_is_solved_written_and_verified(
    invoke: Invoke, tmp_path: Path, way: str, objective: int
) -> None:
    write_fiji(tmp_path / "fiji.geojson", way)
    code, said, _ = invoke("inspect", str(tmp_path / "fiji.geojson"), *COLUMNS)
    assert (code, "✗" in said) == (0, False)
    out = tmp_path / "run"
    solve = ("solve", "--units", str(tmp_path / "fiji.geojson"), *COLUMNS, "--gap", "0")
    assert invoke(*solve, "--out", str(out))[0] == 0
    document = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert (document["status"], document["objective"]) == ("OPTIMAL", objective)
    for feature in json.loads((out / "nations.geojson").read_text(encoding="utf-8"))["features"]:
        nation = shapely.geometry.shape(feature["geometry"])
        assert nation.is_valid
        west, _, east, _ = shapely.bounds(shapely.get_parts(nation)).T
        assert ((east - west) <= 2).all()
        assert (np.abs([west, east]) <= 180).all()
    assert invoke("verify", str(out))[0] == 0
    assert invoke("export", str(out), str(tmp_path / "units.geojson"))[0] == 0
    parts = shapely.get_parts(gpd.read_file(tmp_path / "units.geojson").geometry.values)
    west, _, east, _ = shapely.bounds(parts).T
    assert ((east - west) <= 1 + 1e-6).all()


def test_degrees_called_metres_are_refused_and_what_is_proposed_works(
    invoke: Invoke, tmp_path: Path
) -> None:
    cells = shapely.box([9, 9.02], 50.5, [9.02, 9.04], 50.52)
    table = {"id": ["a", "b"], "blue": [1, 2], "red": [2, 1]}
    path = str(tmp_path / "map.gpkg")
    gpd.GeoDataFrame(table, geometry=cells, crs="EPSG:25832").to_file(path)
    solve = ("solve", "--units", path, *COLUMNS, "--out", str(tmp_path / "run"))
    code, _, stderr = invoke(*solve)
    assert (code, stderr.count("\n")) == (2, 1)
    assert "--crs EPSG:4326 if they are degrees" in stderr
    assert "--crs EPSG:25832 insists" in stderr
    code, _, stderr = invoke(*solve, "--crs", "EPSG:4326")
    assert (code, "Doubtful" in stderr) == (0, False)
    code, _, stderr = invoke(*solve, "--crs", "EPSG:25832", "--force")
    assert code == 0
    assert "Doubtful: The coordinates of 'map.gpkg' can hardly be in EPSG:25832" in stderr
    assert invoke("verify", str(tmp_path / "run"))[0] == 0
