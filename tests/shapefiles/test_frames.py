"""Frames and graphs that are held in memory are read as the files that hold the same."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import shapefiles
from shapefiles import DataError, MapFiles, Units, inspect_map, read_map
from shapefiles.arguments import as_arguments
from shapefiles.errors import shown
from shapefiles.files.frames import index_as_id, layer_of, table_of
from shapefiles.files.held import FRAME, GRAPH, TABLE
from shapefiles.own.given import Held

SYSTEMS = ("EPSG:5070", "EPSG:4326", "EPSG:3857", "EPSG:32633", "EPSG:2263")
Frame = gpd.GeoDataFrame
Change = Callable[[Frame], Frame | None]


def random_map(random: np.random.Generator, crs: str) -> Frame:
    """Draw units of square cells, some of them in several parts, with votes and other columns."""
    shape = random.integers(2, 5, 2)
    labels = random.integers(0, 6, shape)
    x, y = np.indices(shape)
    size, left, low = (0.25, 11.0, 47.0) if crs == "EPSG:4326" else (1000.0, 5e5, 2e5)
    cells = shapely.box(left + x * size, low + y * size, left + (x + 1) * size, low + (y + 1) * size)
    names = np.unique(labels)
    return Frame(
        {
            "code": [f"{one:03d}" for one in names],
            "town": [f"Ward {one}" for one in names],
            "yes": random.integers(0, 1000, len(names)),
            "no": random.integers(0, 1000, len(names)),
            "people": random.integers(1000, 5000, len(names)),
        },
        geometry=[shapely.union_all(cells[labels == one]) for one in names],
        crs=crs,
    )


def having(column: str, value: Any, row: int = 0) -> Change:
    """Put another value into one cell."""

    def change(frame: Frame) -> Frame:
        cells = frame[column].astype(object).copy()
        cells.iloc[row] = value
        return frame.assign(**{column: cells})

    return change


def moved(frame: Frame, dx: float) -> Frame:
    return frame.set_geometry(frame.geometry.translate(dx))


def drawn(frame: Frame, shape: Any) -> Frame:
    shapes = frame.geometry.to_numpy().copy()
    shapes[0] = shape
    return frame.set_geometry(gpd.GeoSeries(shapes, frame.index, crs=frame.crs))


def crossing(frame: Frame) -> Frame | None:
    """Move a map across the line of 180 degrees, with longitudes from -180 to 180."""
    if frame.crs is None or frame.crs.to_string() != "EPSG:4326":
        return None

    def wrapped(xy: np.ndarray) -> np.ndarray:
        return np.column_stack([np.where(xy[:, 0] > 11.25, xy[:, 0] - 11.25 - 180, 179.75), xy[:, 1]])

    return frame.set_geometry(shapely.transform(frame.geometry.to_numpy(), wrapped), crs=frame.crs)


BOW = shapely.from_wkt("POLYGON((0 0, 2 2, 2 0, 0 2, 0 0))")
FAULTS: dict[str, Change] = {
    "nothing": lambda frame: frame,
    "an id is missing": having("code", None),
    "an id stands twice": lambda frame: having("code", frame["code"].iloc[-1])(frame),
    "ids without their zeros": lambda frame: frame.assign(code=frame["code"].astype(int)),
    "an id could do harm": having("code", "=1+1"),
    "votes are missing": having("yes", np.nan),
    "votes are negative": having("no", -3),
    "votes are fractions": lambda frame: frame.assign(yes=frame["yes"] + 0.25),
    "votes are percentages": lambda frame: frame.assign(yes=40.5, no=59.5),
    "votes are texts": lambda frame: frame.assign(yes=frame["yes"].map(lambda one: f"{one:,}")),
    "votes are words": having("yes", "many"),
    "people are missing": having("people", None),
    "no system": lambda frame: frame.set_crs(None, allow_override=True),
    "the wrong system": lambda frame: frame.set_crs("EPSG:4326", allow_override=True),
    "across 180 degrees": crossing,
    "no polygon": lambda frame: drawn(frame, None),
    "an empty polygon": lambda frame: drawn(frame, shapely.Polygon()),
    "a point": lambda frame: drawn(frame, shapely.Point(11, 47)),
    "a bow": lambda frame: drawn(frame, BOW),
    "heights": lambda frame: frame.set_geometry(shapely.force_3d(frame.geometry.to_numpy(), 7.0)),
    "nowhere": lambda frame: drawn(frame, shapely.box(0, 0, np.inf, 1)),
    "a column is called otherwise": lambda frame: frame.rename(columns={"yes": "Yes"}),
}
WISHES: tuple[dict[str, Any], ...] = (
    {},
    {"repair": True},
    {"without_votes": "zero"},
    {"without_votes": "drop", "without_polygon": "drop"},
    {"percentages": "count"},
    {"thousands": ","},
    {"crs": "EPSG:4326"},
    {"attributes": ("population=people",), "name": "town", "place": "town"},
)


def told(files: MapFiles, held: Held = Held()) -> Units | str:
    """Read a map, or say why not."""
    try:
        return read_map(files, held).units
    except DataError as error:
        return str(error)


def in_memory(message: str, files: MapFiles) -> str:
    """Say of what is held in memory what a message says of files."""
    for path, name in ((files.units, FRAME), (files.votes, TABLE)):
        for one in {path, Path(path).name} - {""}:
            message = message.replace(shown(one, 200), shown(name))
    return as_arguments(re.sub(r"\b(feature|line)\b(?! of 180)", "row", message))


def assert_same(one: Units | str, other: Units | str) -> None:
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
        return
    for key in ("ids", "names", "states"):
        assert getattr(one, key).tolist() == getattr(other, key).tolist()
    assert one.crs == other.crs
    for key in ("votes", "attributes"):
        mine, theirs = getattr(one, key), getattr(other, key)
        assert list(mine) == list(theirs)
        assert all((mine[name] == theirs[name]).all() for name in mine)
    for key in ("pairs", "border", "kind", "is_default"):
        assert getattr(one.edges, key).tolist() == getattr(other.edges, key).tolist()
    assert shapely.equals_identical(one.polygons, other.polygons).all()
    assert one.places == other.places


def writable(frame: pd.DataFrame) -> Any:
    """Turn columns of several kinds of values into text, as no file has such columns."""
    mixed = [
        name
        for name in frame.columns.drop("geometry", errors="ignore")
        if len({type(one) for one in frame[name] if one is not None}) > 1
    ]
    return frame.assign(
        **{name: [None if one is None else str(one) for one in frame[name]] for name in mixed}
    )


def check_both_ways(seed: int, fault: str, folder: Path, ending: str) -> None:
    """Read a map from files, and from the frames that geopandas and pandas read from them."""
    random = np.random.default_rng(seed)
    frame = FAULTS[fault](random_map(random, SYSTEMS[int(random.integers(len(SYSTEMS)))]))
    if frame is None:
        return
    path, votes = folder / f"map{ending}", ""
    has_table = bool(random.random() < 0.4)
    if has_table:
        votes = str(folder / "votes.parquet")
        table = pd.DataFrame(frame.drop(columns=["geometry", "town"])).sample(frac=1, random_state=1)
        table = writable(table)
        table.to_parquet(votes, index=False)
        frame = frame[["code", "town", "geometry"]]
    frame = writable(frame)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of writing without a system, and of points at infinity
        frame.to_file(path) if ending != ".parquet" else frame.to_parquet(path)
    again = gpd.read_parquet(path) if ending == ".parquet" else gpd.read_file(path)
    wish = WISHES[int(random.integers(len(WISHES)))]
    sides = {"id": "code", "blue": ("yes",), "red": ("no",)}
    files = MapFiles(str(path), votes=votes, **sides, **wish)
    held = Held(again, pd.read_parquet(votes) if votes else None)
    other = MapFiles(FRAME, votes=TABLE if votes else "", **sides, **wish)
    expected, found = told(files), told(other, held)
    if isinstance(expected, str):
        expected = in_memory(expected, files)
        found = as_arguments(found) if isinstance(found, str) else found
    assert_same(found, expected)
    if fault != "nowhere":  # which cannot be read at all, and so not inspected
        assert inspect_map(other, held).has_errors == isinstance(found, str)


@settings(max_examples=60)
@given(
    st.integers(0, 10_000), st.sampled_from(sorted(FAULTS)), st.sampled_from([".gpkg", ".parquet"])
)
def test_a_frame_is_read_refused_and_doubted_as_the_file_that_holds_it(
    tmp_path_factory: pytest.TempPathFactory, seed: int, fault: str, ending: str
) -> None:
    check_both_ways(seed, fault, tmp_path_factory.mktemp("map"), ending)


@pytest.mark.parametrize("ending", [".geojson", ".shp", ".fgb"])
@pytest.mark.parametrize("seed", range(4))
def test_every_format_gives_the_units_of_its_frame(
    tmp_path: Path, seed: int, ending: str
) -> None:
    check_both_ways(seed, "nothing", tmp_path, ending)
