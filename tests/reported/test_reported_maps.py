"""Maps of kinds that people reported elsewhere, each with the answer that is right for it.

The files in ``maps.zip`` are made up: small maps with the faults that public reports describe. The
best value of each was found by hand or by trying every plan.
"""

from __future__ import annotations

import itertools
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

import partition
from shapefiles import DataError, MapFiles, Units, inspect_map, read_map

D_R = {"blue": ("d",), "red": ("r",)}
BLUE_RED = {"id": "id", "blue": ("blue",), "red": ("red",)}
METRES = "EPSG:25832"
GERMAN = {"units": "de.gpkg", "id": "geoid", "votes_id": "Gebietsnummer"} | {
    "blue": ("Ja",),
    "red": ("Nein",),
}
FIPS = {"units": "ca.gpkg", "votes": "medsl.csv", "id": "GEOID", "votes_id": "county_fips"} | {
    "choice": "party",
    "count": "candidatevotes",
    "blue": ("DEMOCRAT",),
    "red": ("REPUBLICAN",),
}
NULL = {"units": "null.json", "layer": "units", "crs": "EPSG:4326", "id": "id", **D_R}
GZIP = {"id": "GEOID", "blue": ("votes_dem",), "red": ("votes_rep",)}

RIGHT = [
    ("antimeridian", {"units": "am_none.geojson", **BLUE_RED}, (2_900, 2_350), 3_500),
    ("antimeridian", {"units": "am_360.geojson", **BLUE_RED}, (2_900, 2_350), 3_500),
    ("antimeridian", {"units": "am_cut.geojson", **BLUE_RED}, None, 3_350),
    (
        "undefined_system",
        {"units": "srs_minus1.gpkg", "id": "id", "crs": METRES, **D_R},
        (64, 20),
        68,
    ),
    ("undefined_system", {"units": "srs_0.gpkg", "id": "id", "crs": METRES, **D_R}, (64, 20), 68),
    (
        "mislabelled",
        {"units": "mis25832.gpkg", "id": "geoid", "blue": ("yes",), "red": ("no",)}
        | {"crs": "EPSG:4326"},
        (2_646, 2_589),
        3_220,
    ),
    ("float_noise", {"units": "noise.gpkg", "id": "GEOID", **D_R}, (30, 17), 31),
    (
        "two_encodings",
        {"units": "u.shp", "votes": "votes.csv", "id": "geoid", "encoding": "cp1251", **D_R}
        | {"votes_encoding": "utf-8"},
        (30, 17),
        31,
    ),
    ("float_ids", {**FIPS, "repair": True}, (460, 480), None),
    ("null_geometry", {**NULL, "without_polygon": "drop"}, (64, 20), 68),
    ("integer_ids", {"units": "ids.geojson", "id": "id", **D_R}, (64, 20), 68),
    ("integer_ids", {"units": "text_ids.geojson", "id": "id", **D_R}, (64, 20), 68),
    (
        "duplicate_columns",
        {"units": "u.shp", "id": "geoid", "blue": ("yes",), "red": ("no",)},
        None,
        None,
    ),
    ("title_lines", {**GERMAN, "votes": "de.csv", "skip_rows": 4}, None, None),
    (
        "graph_island",
        {"units": "island.json", "id": "GEOID", "blue": ("D",), "red": ("R",)},
        (34, 23),
        37,
    ),
    ("corner", {"units": "corner.gpkg", "links": "corner_links.csv", **BLUE_RED}, (30, 17), 30),
    ("compressed", {"units": "nyt.geojson.gz", **GZIP, "without_votes": "zero"}, (230, 140), None),
    ("thousands", {**GERMAN, "votes": "de_mixed.csv", "thousands": "."}, (5_695, 5_350), None),
    ("thousands", {**GERMAN, "votes": "de_thou.csv", "thousands": "."}, None, None),
]

ASKED = [
    ("undefined_system", {"units": "srs_minus1.gpkg", "id": "id", **D_R}, "--crs"),
    ("undefined_system", {"units": "srs_0.gpkg", "id": "id", **D_R}, "--crs"),
    (
        "mislabelled",
        {"units": "mis25832.gpkg", "id": "geoid", "blue": ("yes",), "red": ("no",)},
        "--crs",
    ),
    ("two_encodings", {"units": "u.shp", "votes": "votes.csv", "id": "geoid", **D_R}, "encoding"),
    ("float_ids", FIPS, "--repair"),
    ("null_geometry", NULL, "--without-polygon"),
    (
        "duplicate_columns",
        {"units": "u.shp", "id": "geoid", "blue": ("HOUSE94",), "red": ("no",)},
        "HOUSE94",
    ),
    ("title_lines", {**GERMAN, "votes": "de.csv"}, "--skip-rows 4"),
    (
        "graph_island",
        {
            "units": "island.json",
            "id": "GEOID",
            "blue": ("D",),
            "red": ("R",),
            "links": "links.csv",
        },
        "graph",
    ),
    ("compressed", {"units": "nyt.geojson.gz", **GZIP}, "--without-votes"),
    ("thousands", {**GERMAN, "votes": "de_mixed.csv"}, "--thousands ."),
    ("thousands", {**GERMAN, "votes": "de_thou.csv"}, "--thousands ."),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("reported")
    with zipfile.ZipFile(Path(__file__).parent / "maps.zip") as archive:
        archive.extractall(place)
    return place


def files_of(place: Path, options: dict[str, Any]) -> MapFiles:
    paths = {
        key: str(place / options[key]) for key in ("units", "votes", "links") if key in options
    }
    return MapFiles(**{**options, **paths})


def best_by_trying_all(units: Units) -> int:
    """The best plan in which each nation has one piece on every landmass at most."""
    graph = nx.Graph(units.edges.pairs[units.edges.is_default].tolist())
    graph.add_nodes_from(range(units.n_units))
    masses = list(nx.connected_components(graph))
    (votes,) = units.votes.values()
    best = 0
    for parts in itertools.product([0, 1], repeat=units.n_units):
        sides = [{row for row, part in enumerate(parts) if part == side} for side in (0, 1)]
        if all(
            nx.number_connected_components(graph.subgraph(side & mass)) <= 1
            for side in sides
            for mass in masses
        ):
            best = max(best, sum(int(votes[row, 1 - part]) for row, part in enumerate(parts)))
    return best


@pytest.mark.parametrize(("kind", "options", "votes", "best"), RIGHT)
def test_the_map_is_read_as_meant_and_solved_to_the_best_plan_there_is(
    folder: Path,
    kind: str,
    options: dict[str, Any],
    votes: tuple[int, int] | None,
    best: int | None,
) -> None:
    files = files_of(folder / kind, options)
    run = partition.solve(data=files, gap=0.0, time_limit=20)
    units = run.dataset.units
    (counts,) = units.votes.values()
    assert votes is None or tuple(counts.sum(axis=0).tolist()) == votes
    assert best is None or run.result.objective == best
    assert run.result.objective == run.result.bound == best_by_trying_all(units)


@pytest.mark.parametrize(("kind", "options", "said"), ASKED)
def test_what_is_doubtful_is_asked_and_the_option_named(
    folder: Path, kind: str, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(DataError) as caught:
        read_map(files_of(folder / kind, options))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nations_on_both_sides_of_180_degrees_are_no_wider_than_their_land(
    folder: Path, tmp_path: Path
) -> None:
    for name in ("am_none.geojson", "am_360.geojson", "am_cut.geojson"):
        files = files_of(folder / "antimeridian", {"units": name, **BLUE_RED})
        run = partition.solve(data=files, gap=0.0, time_limit=20)
        nations = gpd.read_file(run.write(tmp_path / name) / "nations.geojson")
        assert nations.is_valid.all()
        bounds = shapely.bounds(shapely.get_parts(nations.geometry.to_numpy()))
        assert (bounds[:, 2] - bounds[:, 0]).max() < 5
        assert np.abs(bounds[:, [0, 2]]).max() <= 180
        area = nations.to_crs("+proj=laea +lat_0=-18 +lon_0=180").area.sum()
        assert area == pytest.approx(units_area(run.dataset.units), rel=1e-3)


def units_area(units: Units) -> float:
    return float(units.attributes["area"].sum())


def test_noise_in_the_last_digit_is_no_gap_to_inspection_either(folder: Path) -> None:
    files = files_of(folder / "float_noise", {"units": "noise.gpkg", "id": "GEOID", **D_R})
    found = inspect_map(files)
    assert (found.figures["borders"], found.figures["landmasses"]) == (3, 1)
    assert not found.crossings
