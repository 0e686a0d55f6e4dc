"""Names of places on a map of one's own: which, where, and in what order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from shapefiles import DataError, MapFiles, inspect_map, read_map

SIDE = 5


def write_map(
    folder: Path, towns: Sequence[str], votes: Sequence[int], crs: str = "EPSG:5070"
) -> gpd.GeoDataFrame:
    """A row of squares, the town of each in a column."""
    n_units = len(towns)
    squares = shapely.box(np.arange(n_units), 0, np.arange(n_units) + 1, 1)
    squares = shapely.transform(squares, lambda xy: xy * 1000)
    frame = gpd.GeoDataFrame(
        {
            "id": [f"u{row}" for row in range(n_units)],
            "blue": votes,
            "red": [1] * n_units,
            "town": towns,
        },
        geometry=squares,
        crs="EPSG:5070",
    ).to_crs(crs)
    frame.to_file(folder / "map.gpkg")
    return frame


def files_of(folder: Path, **more: str) -> MapFiles:
    return MapFiles(units=str(folder / "map.gpkg"), id="id", blue=("blue",), red=("red",), **more)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "Aa", "Bé", "Cc"]), st.integers(0, 50)), min_size=2))
def test_a_town_is_named_in_its_unit_with_most_votes_the_largest_town_first(
    tmp_path_factory: pytest.TempPathFactory, rows
) -> None:
    folder = tmp_path_factory.mktemp("towns")
    towns, votes = [town for town, _ in rows], [count for _, count in rows]
    frame = write_map(folder, towns, votes).to_crs("EPSG:4326")
    places = read_map(files_of(folder, place="town")).units.places
    table = pd.DataFrame({"town": towns, "votes": np.array(votes) + 1})
    named = table[table["town"] != ""]
    totals = named.groupby("town")["votes"].sum()
    assert [totals[place.name] for place in places] == sorted(totals, reverse=True)
    for place in places:
        at = shapely.Point(place.longitude, place.latitude)
        inside = np.flatnonzero(shapely.intersects(frame.geometry.to_numpy(), at.buffer(1e-6)))
        most = named.loc[named["town"] == place.name, "votes"].max()
        assert any(towns[row] == place.name and votes[row] + 1 == most for row in inside)


def write_table(folder: Path, text: str) -> str:
    (folder / "places.csv").write_text(text, encoding="utf-8")
    return str(folder / "places.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_map(tmp_path, ["Aa", "Bb", "Bb"], [1, 2, 3], crs="EPSG:4326")
    return tmp_path


@pytest.fixture
def near(folder: Path) -> shapely.Point:
    """A point on the map, in degrees."""
    return gpd.read_file(folder / "map.gpkg").geometry[1].centroid


def test_a_table_of_places_keeps_its_order_or_is_sorted_by_population(folder, near) -> None:
    rows = [("Small", 10), ("Large", 2000), ("Middle", 300)]
    lines = [f"{name},{near.x},{near.y}" for name, _ in rows]
    table = write_table(folder, "\n".join(["name,longitude,latitude", *lines]))
    places = read_map(files_of(folder, places=table)).units.places
    assert [place.name for place in places] == ["Small", "Large", "Middle"]
    lines = [f"{name},{people},{near.y},{near.x}" for name, people in rows]
    table = write_table(folder, "\n".join(["name,population,latitude,longitude", *lines]))
    places = read_map(files_of(folder, places=table)).units.places
    assert [place.name for place in places] == ["Large", "Middle", "Small"]
    assert places[0][1:3] == pytest.approx((near.x, near.y))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,longitude\nA,1", "no column 'latitude'"),
        ("name,longitude,latitude\nA,east,45", "'east' is no number of degrees for longitude"),
        ("name,longitude,latitude\nA,10,95", "'95' is no number of degrees for latitude"),
        ("name,longitude,latitude\nA,nan,1", "'nan' is no number of degrees"),
        ("name,longitude,latitude\nA,2,48", "has no place on this map"),
        ("name,longitude,latitude,population\nA,2,48,many", "'many' is no number for population"),
    ],
)
def test_a_wrong_table_of_places_is_refused_by_reading_and_by_inspecting(
    folder, text, told
) -> None:
    files = files_of(folder, places=write_table(folder, text))
    with pytest.raises(DataError, match=told) as caught:
        read_map(files)
    assert "\n" not in str(caught.value)
    errors = [one.text for one in inspect_map(files).findings if one.severity == "error"]
    assert errors == [str(caught.value)]


def test_a_column_of_towns_that_is_not_there_is_refused(folder) -> None:
    files = files_of(folder, place="city")
    with pytest.raises(DataError, match="no column 'city'"):
        read_map(files)
    assert any(one.severity == "error" for one in inspect_map(files).findings)


def test_places_are_named_by_a_column_or_by_a_table(folder) -> None:
    with pytest.raises(DataError, match="not by both"):
        files_of(folder, place="town", places="places.csv")


def test_a_map_without_named_places_has_none(folder) -> None:
    assert read_map(files_of(folder)).units.places == ()
