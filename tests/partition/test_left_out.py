from __future__ import annotations

import io
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from rich.console import Console
from typer.testing import CliRunner

from partition import Scenario, solve
from partition.cli import app
from partition.errors import CertificateError
from partition.question.left_out import left_out, sentences
from partition.runs.measured import describe_measured, measure_plan
from partition.verify import verify
from shapefiles import MapFiles, load_united_states, read_map

FILES = {"id": "id", "blue": ("blue",), "red": ("red",)}


@pytest.fixture
def five(tmp_path: Path) -> MapFiles:
    """Five mutual neighbours, which no drawing without crossings has: one contact is an islet's.

    Four districts around a square meet each other, a and c through the middle; b has a piece of
    land beyond c that touches d's outer side.
    """
    shapes = {
        "a": shapely.box(0, 0, 4, 2),
        "b": shapely.box(0, 2, 2, 4),
        "c": shapely.box(2, 2, 4, 4),
        "d": shapely.union_all(
            [shapely.box(-1, -1, 5, 0), shapely.box(-1, -1, 0, 5), shapely.box(-1, 4, 5, 5)]
        ),
        "e": shapely.union_all([shapely.box(4, 0, 5, 4), shapely.box(5, -1, 6, 5)]),
    }
    # b and e meet on an islet far away only.
    shapes["b"] = shapely.multipolygons([shapes["b"], shapely.box(10, 0, 11, 1)])
    shapes["e"] = shapely.multipolygons([shapes["e"], shapely.box(11, 0, 12, 1)])
    polygons = shapely.transform(np.array(list(shapes.values())), lambda xy: xy * 1000)
    frame = gpd.GeoDataFrame(
        {"id": list(shapes), "blue": [9, 1, 8, 2, 9], "red": [1, 9, 2, 8, 1]},
        geometry=polygons,
        crs="EPSG:5070",
    )
    frame.to_file(tmp_path / "five.gpkg")
    return MapFiles(units=str(tmp_path / "five.gpkg"), **FILES)


def test_every_border_of_a_map_of_ones_own_counts_by_default(five: MapFiles) -> None:
    edges = read_map(five).units.edges
    assert edges.n_edges == 10
    assert edges.kind.tolist().count("crumb") == 1
    assert edges.is_default.all()


def test_borders_left_out_are_said_everywhere_and_verified(five: MapFiles, tmp_path: Path) -> None:
    whole = solve(data=five)
    asked = whole.scenario.override(settings={"edges.off": ["crumb"]})
    run = solve(asked, certify=True)
    assert left_out(whole.dataset.units, whole.scenario) == ()
    (one,) = left_out(run.dataset.units, run.scenario)
    assert one.units == ("b", "e")
    to_degrees = pyproj.Transformer.from_crs("EPSG:5070", "EPSG:4269", always_xy=True)
    (west, east), (south, north) = to_degrees.transform([11_000, 11_000], [0, 1000])
    metres = pyproj.Geod(ellps="GRS80").inv(west, south, east, north)[2]
    assert one.km == pytest.approx(metres / 1000)
    (sentence,) = sentences(run.dataset.units, run.scenario)
    assert "1 border through detached parts of units does not count" in sentence
    folder = run.write(tmp_path / "run")
    written = json.loads((folder / "run.json").read_text("utf-8"))
    assert written["borders_left_out"] == [{"units": ["b", "e"], "kind": "crumb", "km": one.km}]
    assert "does not count" in (folder / "report.md").read_text("utf-8")
    assert "does not count" in (folder / "map.html").read_text("utf-8")
    assert verify(folder).is_recounted
    written["borders_left_out"] = []
    (folder / "run.json").write_text(json.dumps(written), "utf-8")
    with pytest.raises(CertificateError, match="borders_left_out"):
        verify(folder)
    measured = measure_plan(run.scenario, folder / "plan.csv")
    console = Console(width=200, file=io.StringIO())
    console.print(measured)
    assert sentence[:60] in console.file.getvalue()
    assert describe_measured(measured)["borders_left_out"] == [one.to_dict()]


def test_measure_allows_a_plan_that_hangs_together_by_a_border_that_counts(
    five: MapFiles, tmp_path: Path
) -> None:
    whole = Scenario.shipped("counties").override(settings={"data": _table(five)}, election="votes")
    (tmp_path / "plan.csv").write_text("GEOID,nation\na,red\nb,blue\nc,red\nd,red\ne,blue\n")
    assert measure_plan(whole, tmp_path / "plan.csv").broken_constraint is None
    without = whole.override(settings={"edges.off": ["crumb"]})
    assert "blue" in measure_plan(without, tmp_path / "plan.csv").broken_constraint


def test_inspect_counts_the_borders_that_may_cross(five: MapFiles) -> None:
    found = CliRunner().invoke(app, ["inspect", five.units, "--id", "id", "--json"])
    findings = {one["kind"]: one for one in json.loads(found.stdout)["findings"]}
    assert findings["crumb"]["count"] == 1
    assert findings["crumb"]["examples"] == ["b and e: 1.0 km"]


def test_the_embedded_map_says_which_five_borders_do_not_count() -> None:
    units = load_united_states()
    (sentence,) = sentences(units, Scenario.shipped("counties"))
    assert sentence.startswith("5 borders through detached parts of units do not count")
    on = Scenario.shipped("counties").override(settings={"edges.on": ["crumb"]})
    assert sentences(units, on) == ()


def _table(files: MapFiles) -> dict[str, str | list[str]]:
    return {"units": files.units, "id": "id", "blue": ["blue"], "red": ["red"]}
