"""What is exported reads back as it was, in the hands of other programs."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import unicodedata
import zipfile
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

import maps
from maps.exports import WRITERS, export
from maps.short_names import short_names
from maps.style import AGREEMENT_BREAKS, LIGHT
from shapefiles.identifiers import what_is_wrong
from shapefiles.table_writing import read_csv
from shapefiles.units import Units
from solvers.plan import Plan
from tests.maps.conftest import make_units

MAPS = [".gpkg", ".geojson", ".zip"]
GLOBE = Geod(ellps="WGS84")
KEPT = [
    "EPSG:8857",
    "EPSG:6933",
    "EPSG:3035",
    "ESRI:54009",
    "ESRI:102003",
    "+proj=laea +lat_0=-17 +lon_0=20 +datum=WGS84 +units=m",
    "+proj=aea +lat_1=28.6 +lat_2=45.2 +lat_0=37 +lon_0=-96 +datum=WGS84 +units=m",
]
SYSTEMS = [
    *KEPT,
    "+proj=eqearth +lon_0=5.1 +datum=WGS84 +units=m",
    "+proj=eqearth +lon_0=-150 +datum=NAD83 +units=m",
    "+proj=sinu +lon_0=3 +R=6371007 +units=m",
    "+proj=laea +lat_0=10 +lon_0=3 +ellps=intl +towgs84=-87,-98,-121 +units=m",
    "EPSG:9311",
    "EPSG:5070+5703",
]
WIDE = ("EQUALS SIGN", "PLUS SIGN", "HYPHEN-MINUS", "COMMERCIAL AT")
RISKY = ("=", "+", "-", "@", *(unicodedata.lookup(f"FULLWIDTH {name}") for name in WIDE))
NASTY = [
    "=cmd|' /C calc'!A0",
    "'=1+1",
    "''=1+1",
    "-2+3",
    "-5",
    "+1.5",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "two\nlines",
    "two\r\nlines",
    'say "no", twice',
    "a;=1+1",
    "<b>&amp;</b>",
    "🗺 日本 العربية",
    "'",
    "nation",
    "NULL",
    "\ufeff",
]

# What every format stores; half surrogates and NUL have a test of their own.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
nasty = (
    texts
    | st.sampled_from(NASTY)
    | st.sampled_from(RISKY).flatmap(lambda one: texts.map(one.__add__))
)


def country(ids: list[str], names: list[str] | None = None) -> tuple[Units, Plan]:
    """Squares of a kilometre side by side near 15 degrees east, every second one blue."""
    left = 1000.0 * np.arange(len(ids)) + 500_000
    shapes = shapely.box(left, 5_000_000, left + 1000, 5_001_000)
    units = replace(make_units(shapes, names), ids=np.array(ids))
    return units, Plan(np.arange(len(ids)) % 2)


def layers(path: Path) -> dict[str, gpd.GeoDataFrame]:
    names = [name for name, _ in pyogrio.list_layers(path) if name != "layer_styles"]
    return {name: gpd.read_file(path, layer=name) for name in names}


@pytest.fixture(scope="module")
def national(
    united_states: Units, state_plan: Plan, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("national")
    return {
        suffix: export(united_states, state_plan, "2016", folder / f"plan{suffix}")
        for suffix in WRITERS
    }


def column(table: gpd.GeoDataFrame, name: str) -> Any:
    """A column by its name in full, whether the format shortened it or not."""
    return table[name] if name in table else table[short_names([name])[name]]


@pytest.mark.parametrize("suffix", MAPS)
def test_the_country_reads_back_with_its_ids_nations_figures_and_areas(
    suffix: str, national: dict[str, Path], united_states: Units, state_plan: Plan
) -> None:
    found = layers(national[suffix])
    assert set(found) == ({"units"} if suffix == ".geojson" else {"units", "nations"})
    table = found["units"]
    assert column(table, "GEOID").tolist() == united_states.ids.tolist()
    assert column(table, "name").tolist() == united_states.names.tolist()
    is_blue = column(table, "nation") == "blue"
    assert is_blue.tolist() == (state_plan.assignment == 1).tolist()
    assert set(column(table, "nation")) == {"blue", "red"}
    for election in ("2016", "2020", "2024"):
        for side, votes in zip(("blue", "red"), united_states.votes[election].T, strict=True):
            assert column(table, f"{side}_{election}").tolist() == votes.tolist()
    blue, red = (column(table, f"{side}_2016") for side in ("blue", "red"))
    stranded = np.where(is_blue, red, blue)
    assert column(table, "stranded").tolist() == stranded.tolist()
    share = 1 - stranded / (blue + red)
    np.testing.assert_allclose(column(table, "agreement"), share, rtol=1e-9)
    for name in ("population", "gdp", "area", "perimeter"):
        np.testing.assert_allclose(column(table, name), united_states.attributes[name], rtol=1e-9)
    for name in ("borders_canada", "borders_mexico"):
        assert column(table, name).astype(bool).tolist() == united_states.attributes[name].tolist()
    at_home = table.to_crs("EPSG:5070").geometry
    np.testing.assert_allclose(at_home.area, shapely.area(united_states.polygons), rtol=1e-5)
    assert shapely.coverage_is_valid(table.geometry.values), "neighbours still fit together"


@pytest.mark.parametrize("suffix", [".gpkg", ".zip"])
def test_the_nations_are_their_units(
    suffix: str, national: dict[str, Path], united_states: Units, state_plan: Plan
) -> None:
    table = layers(national[suffix])["nations"]
    assert sorted(column(table, "nation")) == ["blue", "red"]
    assert CRS(table.crs).equals(CRS("EPSG:5070"), ignore_axis_order=True)
    for _, nation in table.iterrows():
        rows = state_plan.assignment == int(nation.get("nation", nation.get("NATION")) == "blue")
        figures = {str(key).casefold(): value for key, value in nation.items()}
        assert figures["units"] == rows.sum()
        assert figures["population"] == united_states.attributes["population"][rows].sum()
        blue, red = united_states.votes["2016"][rows].sum(axis=0)
        own, other = (blue, red) if figures["nation"] == "blue" else (red, blue)
        assert figures["stranded"] == other
        assert figures["agreement"] == pytest.approx(own / (own + other))
        area = shapely.area(united_states.polygons[rows]).sum()
        assert nation.geometry.area == pytest.approx(area, rel=1e-9)


def test_the_units_keep_their_system_and_every_vertex(
    national: dict[str, Path], united_states: Units
) -> None:
    for suffix in (".gpkg", ".zip"):
        table = layers(national[suffix])["units"]
        assert CRS(table.crs).equals(CRS(united_states.crs), ignore_axis_order=True)
        assert shapely.equals(
            shapely.normalize(table.geometry.values), shapely.normalize(united_states.polygons)
        ).all()


def test_geojson_is_what_rfc_7946_asks_for(national: dict[str, Path]) -> None:
    document = json.loads(national[".geojson"].read_text(encoding="utf-8"))
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    shapes = np.array(
        [shapely.from_geojson(json.dumps(one["geometry"])) for one in document["features"]]
    )
    west, south, east, north = shapely.total_bounds(shapes)
    assert (-180 <= west < -170, 18 < south < 20, 170 < east <= 180, 71 < north < 72) == (True,) * 4
    outer = shapely.get_exterior_ring(shapely.get_parts(shapes))
    assert shapely.is_ccw(outer).all()
    coordinates = shapely.get_coordinates(shapes)
    np.testing.assert_allclose(coordinates, np.round(coordinates, 7), rtol=0, atol=1e-12)


def test_geojson_is_cut_where_the_date_changes(tmp_path: Path) -> None:
    units = make_units(
        np.array([shapely.box(-50_000, -50_000, 50_000, 50_000)]),
        crs="+proj=laea +lat_0=-17 +lon_0=180",
    )
    path = export(units, Plan(np.array([1])), "2016", tmp_path / "fiji.geojson")
    (shape,) = gpd.read_file(path).geometry
    parts = shapely.get_parts(shape)
    assert len(parts) == 2
    assert {bool(part.bounds[0] > 0) for part in parts} == {True, False}
    assert max(part.bounds[2] - part.bounds[0] for part in parts) < 1


@pytest.mark.parametrize("pole", [-90, 90])
@pytest.mark.parametrize(("n_sectors", "turned"), [(8, 0), (8, 20), (3, 50), (2, 0), (2, 77)])
def test_geojson_has_the_sectors_around_a_pole_where_they_are(
    tmp_path: Path, pole: int, n_sectors: int, turned: int
) -> None:
    system = f"+proj=laea +lat_0={pole} +lon_0=0 +datum=WGS84 +units=m"
    ends = turned + np.linspace(0, 360, n_sectors + 1)
    arcs = [np.radians(np.linspace(*pair, 91)) for pair in pairwise(ends)]
    rings = [np.column_stack([np.cos(arc), np.sin(arc)]) * 1e6 for arc in arcs]
    sectors = np.array([shapely.Polygon([(0, 0), *ring]) for ring in rings])
    units = make_units(sectors, crs=system)
    plan = Plan(np.arange(n_sectors) % 2)
    table = gpd.read_file(export(units, plan, "2016", tmp_path / "pole.geojson"))
    assert table.GEOID.tolist() == units.ids.tolist()
    assert table.geometry.is_valid.all()
    assert shapely.coverage_is_valid(table.geometry.values)
    areas = [GLOBE.geometry_area_perimeter(one)[0] for one in table.geometry]
    assert areas == pytest.approx(shapely.area(sectors), rel=5e-4), "and counter-clockwise"
    home = Transformer.from_crs("EPSG:4326", system, always_xy=True)
    inner = shapely.point_on_surface(table.geometry.values)
    back = shapely.points(*home.transform(shapely.get_x(inner), shapely.get_y(inner)))
    assert shapely.contains(sectors, back).all()


@pytest.mark.parametrize("suffix", MAPS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_map_in_any_system_can_be_exported_and_lies_where_it_was(
    tmp_path: Path, suffix: str, system: str
) -> None:
    left = 1000.0 * np.arange(4) + 300_000
    units = make_units(shapely.box(left, 400_000, left + 1000, 401_000), crs=system)
    path = export(units, Plan(np.array([0, 1, 1, 0])), "2016", tmp_path / f"plan{suffix}")
    there = Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    for layer, table in layers(path).items():
        shapes = table.to_crs("EPSG:4326").geometry
        if layer == "units":
            expected = shapely.transform(units.polygons, there.transform, interleaved=False)
            assert shapely.hausdorff_distance(shapes.values, expected).max() < 2e-5
        total = sum(abs(GLOBE.geometry_area_perimeter(one)[0]) for one in shapes)
        assert total == pytest.approx(4e6, rel=0.02)
        if suffix != ".geojson" and system in KEPT:
            assert CRS(table.crs).equals(CRS(system), ignore_axis_order=True)


def styles(path: Path) -> pd.DataFrame:
    with closing(sqlite3.connect(path)) as connection:
        return pd.read_sql("SELECT * FROM layer_styles", connection)


def test_qgis_finds_a_style_for_each_layer_with_a_category_for_each_nation(
    national: dict[str, Path],
) -> None:
    path = national[".gpkg"]
    table = styles(path)
    assert sorted(table[table.useAsDefault == 1].f_table_name) == ["nations", "units"]
    with closing(sqlite3.connect(path)) as connection:
        geometry = dict(
            connection.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
        )
        contents = dict(connection.execute("SELECT table_name, data_type FROM gpkg_contents"))
    assert contents["layer_styles"] == "attributes"
    for row in table.itertuples():
        assert (row.f_table_catalog, row.f_table_schema) == ("", ""), "as QGIS asks for them"
        assert row.f_geometry_column == geometry[row.f_table_name]
        renderer = ElementTree.fromstring(row.styleQML).find("renderer-v2")
        assert renderer is not None
        assert renderer.get("type") == "categorizedSymbol"
        symbols = {
            symbol.get("name"): {
                option.get("name"): option.get("value") for option in symbol.iter("Option")
            }
            for symbol in renderer.iter("symbol")
        }
        colours = {
            category.get("value"): symbols[category.get("symbol")]["color"]
            for category in renderer.iter("category")
        }
        if row.styleName == "Nations":
            assert renderer.get("attr") == "nation"
            assert colours == {"red": rgba(LIGHT.nations[0]), "blue": rgba(LIGHT.nations[1])}
        else:
            assert len(colours) == 2 * (len(AGREEMENT_BREAKS) + 1) + 1
            assert colours["blue 0"] == rgba(LIGHT.blue[0])
            assert colours[f"red {len(AGREEMENT_BREAKS)}"] == rgba(LIGHT.red[-1])


def rgba(css: str) -> str:
    return ",".join(map(str, [*bytes.fromhex(css[1:]), 255]))


def test_the_expression_of_the_style_gives_each_unit_its_shade(tmp_path: Path) -> None:
    votes = np.array([[blue, 100 - blue] for blue in range(0, 101, 5)] + [[0, 0]])
    units, plan = country([f"{row:03}" for row in range(len(votes))])
    units = replace(units, votes={"2016": votes})
    path = export(units, plan, "2016", tmp_path / "plan.gpkg")
    agreement = styles(path).query("styleName == 'Agreement'").styleQML.item()
    expression = ElementTree.fromstring(agreement).find("renderer-v2").get("attr")  # type: ignore[union-attr]
    with closing(sqlite3.connect(path)) as connection:
        # The words of this expression mean the same in SQL.
        found = [row[0] for row in connection.execute(f"SELECT {expression} FROM units")]
    for (blue, red), part, shade in zip(votes.tolist(), plan.assignment, found, strict=True):
        if blue + red == 0:
            assert shade == "none"
            continue
        share = (blue if part else red) / (blue + red)
        step = sum(share >= limit for limit in AGREEMENT_BREAKS)
        assert shade == f"{'blue' if part else 'red'} {step}"


@pytest.mark.parametrize("suffix", MAPS)
@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nasty_ids_and_names_read_back_as_they_were(
    suffix: str, data: st.DataObject, tmp_path: Path
) -> None:
    # A shapefile holds no spaces at the ends; that it says so is a test of its own.
    storable = nasty.map(lambda one: one.strip(" ") or "x") if suffix == ".zip" else nasty
    possible = storable.map(
        lambda one: f"x{''.join(filter(str.isalnum, one))}y" if what_is_wrong(one) else one
    )
    unit_ids = data.draw(st.lists(possible, min_size=1, max_size=6, unique=True))
    names = data.draw(st.lists(storable, min_size=len(unit_ids), max_size=len(unit_ids)))
    units, plan = country(unit_ids, names)
    table = layers(export(units, plan, "2016", tmp_path / f"plan{suffix}"))["units"]
    assert column(table, "GEOID").tolist() == unit_ids
    assert column(table, "name").tolist() == names


def test_a_plan_of_the_country_is_the_plainest_table(
    national: dict[str, Path], united_states: Units
) -> None:
    content = national[".csv"].read_bytes()
    assert content.splitlines()[1] == b"01001,red,red,Autauga,AL,5936,18172,5936"
    assert b"\r" not in content
    assert pd.read_csv(national[".csv"], dtype=str).GEOID.tolist() == united_states.ids.tolist()


@given(st.lists(st.text(max_size=15), unique=True, max_size=30))
@example(["population", "population_1990", "population_2000", "POPULATION", "", "_", "1"])
def test_short_names_are_short_plain_and_each_given_once(columns: list[str]) -> None:
    fields = short_names(columns)
    assert list(fields) == columns
    assert len(set(fields.values())) == len(columns)
    for field in fields.values():
        assert 1 <= len(field) <= 10
        assert field.isascii()
        assert field[0].isalpha()
        assert field.replace("_", "a").isalnum()


def test_the_zip_says_what_its_fields_are(national: dict[str, Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(national[".zip"]) as archive:
        names = archive.namelist()
        archive.extract("fields.csv", tmp_path)
    for layer in ("units", "nations"):
        assert {f"{layer}.{end}" for end in ("shp", "shx", "dbf", "prj", "cpg")} <= set(names)
    header, *rows = read_csv((tmp_path / "fields.csv").read_text(encoding="utf-8"))
    assert header == ["layer", "field", "column", "meaning"]
    for layer, table in layers(national[".zip"]).items():
        said = [field for where, field, *_ in rows if where == layer]
        assert said == [name for name in table.columns if name != "geometry"]
    assert ["units", "BORDERS_CA", "borders_canada", ""] in rows


@pytest.mark.parametrize("suffix", MAPS)
def test_attributes_of_ones_own_keep_their_values_whatever_they_are_called(
    suffix: str, tmp_path: Path
) -> None:
    units, plan = country(["a", "b"])
    attributes = {
        "Nation": np.array(["x", "y"]),
        "fid": np.array([7, 9], np.uint8),
        "geom": np.array([1.5, np.nan], np.float32),
        "Größe in m²": np.array([True, False]),
    }
    table = layers(
        export(replace(units, attributes=attributes), plan, "2016", tmp_path / f"plan{suffix}")
    )["units"]
    if suffix == ".zip":
        names = ["NATION_1", "FID", "GEOM", "GR__E_IN_M"]
    else:
        names = ["Nation_", "fid_", "geom_", "Größe in m²"]
    assert column(table, "nation").tolist() == ["red", "blue"]
    assert table[names[0]].tolist() == ["x", "y"]
    assert table[names[1]].tolist() == [7, 9]
    assert table[names[2]].tolist()[0] == 1.5
    assert np.isnan(table[names[2]].tolist()[1])
    assert table[names[3]].astype(bool).tolist() == [True, False]


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_plan_of_one_nation_can_be_exported(suffix: str, tmp_path: Path) -> None:
    units, _ = country(["a", "b"])
    path = export(units, Plan(np.zeros(2)), "2016", tmp_path / f"PLAN{suffix.upper()}")
    assert [file.name for file in tmp_path.iterdir()] == [path.name], "nothing is left over"
    if suffix in {".gpkg", ".zip"}:
        path = path.rename(path.with_suffix(suffix))
        assert column(layers(path)["nations"], "nation").tolist() == ["red"]


@pytest.mark.parametrize("suffix", [".geojson", ".zip", ".csv"])
def test_the_same_plan_gives_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    units, plan = country(["a", "b", "c"])
    one, other = (
        export(units, plan, "2016", tmp_path / f"{name}{suffix}").read_bytes() for name in "xy"
    )
    assert one == other


def test_what_cannot_be_exported_is_refused_and_leaves_nothing_behind(tmp_path: Path) -> None:
    units, plan = country(["a", "b"])
    with pytest.raises(
        ValueError, match=r"'plan.shp'.*\.gpkg, \.geojson, \.zip, \.csv.*\.zip keeps"
    ):
        export(units, plan, "2016", tmp_path / "plan.shp")
    with pytest.raises(ValueError, match=r"'plan' ends in none of"):
        export(units, plan, "2016", tmp_path / "plan")
    with pytest.raises(ValueError, match="3 units and the map 2"):
        export(units, Plan(np.zeros(3)), "2016", tmp_path / "plan.csv")
    with pytest.raises(ValueError, match=r"'1860'.*2016"):
        export(units, plan, "1860", tmp_path / "plan.csv")
    for bad in ("x" * 255, "ends in a space ", " starts with one"):
        named = replace(units, names=np.array(["plain", bad]))
        with pytest.raises(ValueError, match=r"name\[1\] = .*\.gpkg"):
            export(named, plan, "2016", tmp_path / "plan.zip")
    for number in (1e18, -1e300, 10**18):
        named = replace(units, attributes={"debt": np.array([1, number])})
        with pytest.raises(ValueError, match=r"debt\[1\] = .*\.gpkg"):
            export(named, plan, "2016", tmp_path / "plan.zip")
    endless = replace(units, attributes={"debt": np.array([1, -np.inf])})
    with pytest.raises(ValueError, match=r"debt\[1\] = -inf"):
        export(endless, plan, "2016", tmp_path / "plan.geojson")
    for bad in ("a\0b", "\ud800"):
        named = replace(units, names=np.array(["plain", bad]))
        with pytest.raises(ValueError, match=r"name\[1\].*cannot be stored"):
            export(named, plan, "2016", tmp_path / "plan.gpkg")
    assert not list(tmp_path.iterdir())
    with pytest.raises(OSError, match="nowhere"):
        export(units, plan, "2016", tmp_path / "nowhere" / "plan.csv")


FULL = """
import resource, sys
from pathlib import Path
import numpy as np
import maps
from maps.exports import export
from tests.maps.test_export import country
units, plan = country([f"unit {row}" for row in range(2000)])
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    export(units, plan, "2016", Path(sys.argv[1]))
except OSError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files to set")
@pytest.mark.parametrize("suffix", WRITERS)
def test_a_full_disk_leaves_the_file_as_it_was(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"plan{suffix}"
    path.write_bytes(b"an older one")
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)],
        env={**os.environ, "PYTHONPATH": str(Path(maps.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "could not be written" in done.stdout or "File too large" in done.stdout
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"an older one"


def test_an_export_replaces_the_one_before(tmp_path: Path) -> None:
    units, plan = country(["a", "b"])
    path = export(units, plan, "2016", tmp_path / "plan.gpkg")
    other = replace(units, ids=np.array(["c", "d"]))
    export(other, plan, "2016", path)
    assert layers(path)["units"].GEOID.tolist() == ["c", "d"]
