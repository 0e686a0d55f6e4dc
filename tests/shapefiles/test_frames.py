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
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

import shapefiles
from shapefiles import DataError, MapFiles, Units, inspect_map, read_map
from shapefiles.arguments import as_arguments
from shapefiles.errors import shown
from shapefiles.files.frames import index_as_id, layer_of, table_of
from shapefiles.files.held import FRAME, GRAPH, TABLE
from shapefiles.own.given import NOTHING, Held

SYSTEMS = ("EPSG:5070", "EPSG:4326", "EPSG:3857", "EPSG:32633", "EPSG:2263")
Frame = gpd.GeoDataFrame
Change = Callable[[Frame], Frame | None]


def random_map(random: np.random.Generator, crs: str) -> Frame:
    """Draw units of square cells, some of them in several parts, with votes and other columns."""
    shape = random.integers(2, 5, 2)
    labels = random.integers(0, 6, shape)
    x, y = np.indices(shape)
    size, left, low = (0.25, 11.0, 47.0) if crs == "EPSG:4326" else (1000.0, 5e5, 2e5)
    cells = shapely.box(
        left + x * size, low + y * size, left + (x + 1) * size, low + (y + 1) * size
    )
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
        return np.column_stack(
            [np.where(xy[:, 0] > 11.25, xy[:, 0] - 11.25 - 180, 179.75), xy[:, 1]]
        )

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


def told(files: MapFiles, held: Held = NOTHING) -> Units | str:
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
        table = pd.DataFrame(frame.drop(columns=["geometry", "town"])).sample(
            frac=1, random_state=1
        )
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


@settings(max_examples=40)
@given(
    st.integers(0, 10_000), st.sampled_from(sorted(FAULTS)), st.sampled_from([".gpkg", ".parquet"])
)
def test_a_frame_is_read_refused_and_doubted_as_the_file_that_holds_it(
    tmp_path_factory: pytest.TempPathFactory, seed: int, fault: str, ending: str
) -> None:
    check_both_ways(seed, fault, tmp_path_factory.mktemp("map"), ending)


@pytest.mark.parametrize("ending", [".geojson", ".shp", ".fgb"])
@pytest.mark.parametrize("seed", range(4))
def test_every_format_gives_the_units_of_its_frame(tmp_path: Path, seed: int, ending: str) -> None:
    check_both_ways(seed, "nothing", tmp_path, ending)


def squares() -> Frame:
    """Three squares in a row."""
    return Frame(
        {"GEOID": ["a", "b", "c"], "yes": [1, 2, 3], "no": [3, 2, 2]},
        geometry=shapely.box([0, 1000, 2000], 0, [1000, 2000, 3000], 1000),
        crs="EPSG:5070",
    )


def read(frame: Any, votes: Any = None, **options: Any) -> Units:
    asked = {"units": FRAME, "id": "GEOID", "blue": ("yes",), "red": ("no",)} | options
    return read_map(
        MapFiles(**asked, votes="" if votes is None else TABLE), Held(frame, votes)
    ).units


def test_a_frame_is_left_as_it_is_and_its_order_kept() -> None:
    frame = squares().iloc[[2, 0, 1]]
    before = frame.copy(deep=True)
    units = read(frame)
    assert_geodataframe_equal(frame, before)
    assert units.ids.tolist() == ["c", "a", "b"]
    assert units.votes["votes"].tolist() == [[3, 2], [1, 3], [2, 2]]


def test_a_named_index_counts_as_a_column_of_its_name() -> None:
    expected = read(squares())
    assert_same(read(squares().set_index("GEOID")), expected)
    assert_same(read(squares().set_index("GEOID", drop=False)), expected)
    levels = squares().assign(state="S").set_index(["state", "GEOID"])
    assert read(levels, state="state").states.tolist() == ["S", "S", "S"]
    votes = pd.DataFrame(squares()[["GEOID", "yes", "no"]]).set_index("GEOID")
    assert_same(read(squares()[["GEOID", "geometry"]].set_index("GEOID"), votes), expected)
    torn = squares().set_index("GEOID").assign(GEOID=["x", "y", "z"])
    with pytest.raises(DataError, match="has two columns called 'GEOID'"):
        read(torn)


def test_an_index_is_the_ids_where_it_has_a_name_and_every_label_once() -> None:
    frame = squares()
    assert index_as_id(frame.set_index("GEOID")) == "GEOID"
    for other in (
        frame,
        frame.set_index(["GEOID", "yes"]),
        frame.set_index(pd.Index(["a", "a", "b"], name="GEOID")),
        frame.set_index(pd.Index(["a", None, "b"], name="GEOID")),
    ):
        assert index_as_id(other) == ""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (pd.DataFrame, "data is a DataFrame without active geometries"),
        (lambda frame: frame.geometry, "data is a GeoSeries without active geometries"),
        (lambda frame: Frame(frame.drop(columns="geometry")), "without active geometries"),
        (lambda frame: frame.iloc[:0], "has no rows"),
        (lambda frame: pd.concat({"x": frame}, axis=1).set_geometry(("x", "geometry")), "2 levels"),
        (
            lambda frame: frame.rename(columns={"no": "yes"}),
            "two columns called 'yes': rename one of them",
        ),
        (lambda frame: frame.rename(columns={"yes": 1, "no": 2}), "has no column 'yes'"),
        (lambda frame: None, "was held in memory and is in no file"),
    ],
)
def test_what_is_no_map_is_refused_in_a_line(change: Callable[[Frame], Any], message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read(change(squares()))
    assert "\n" not in str(caught.value)


def test_columns_may_be_called_by_numbers() -> None:
    units = read(squares().rename(columns={"yes": 1, "no": 2}), blue=("1",), red=("2",))
    assert_same(units, read(squares()))


@pytest.mark.parametrize("key", ["layer", "sheet", "skip_rows", "votes_encoding"])
def test_what_is_said_of_a_file_is_refused_where_there_is_none(key: str) -> None:
    votes = pd.DataFrame(squares()[["GEOID", "yes", "no"]])
    value: Any = 2 if key == "skip_rows" else "x"
    with pytest.raises(DataError, match=f"{key} is about a file, and '.*Frame.' is none"):
        read(squares()[["GEOID", "geometry"]], votes, **{key: value})


def test_whatever_changes_in_a_frame_changes_its_hash() -> None:
    frame = squares()
    changed = [
        frame,
        frame.assign(yes=[1, 2, 4]),
        frame.assign(yes=["1", "2", "3"]),
        frame.rename(columns={"yes": "Yes"}),
        frame.set_crs("EPSG:6933", allow_override=True),
        frame.iloc[[1, 0, 2]],
        frame.set_geometry(frame.geometry.translate(1e-9)),
        frame.assign(note=None),
        frame.assign(note=""),
    ]
    assert len({layer_of(one).sha256 for one in changed}) == len(changed)
    assert layer_of(frame.copy()).sha256 == layer_of(frame).sha256
    tables = [pd.DataFrame(one.drop(columns="geometry")) for one in changed[:4]]
    assert len({table_of(one).sha256 for one in tables}) == len(tables)


@settings(max_examples=40)
@given(st.integers(1, 9), st.integers(0, 10_000), st.booleans())
def test_a_graph_is_read_as_the_file_that_holds_it(
    tmp_path_factory: pytest.TempPathFactory, n_nodes: int, seed: int, is_link: bool
) -> None:
    random = np.random.default_rng(seed)
    graph = nx.gnp_random_graph(n_nodes, 0.4, seed=seed)
    graph = nx.relabel_nodes(graph, {node: f"n{node}" if seed % 2 else node * 7 for node in graph})
    for number, node in enumerate(graph):
        graph.nodes[node].update(code=f"{number:03}", yes=int(random.integers(9)), no=4, list=[1])
    for pair in graph.edges:
        if random.random() < 0.97:
            graph.edges[pair]["shared_perim"] = float(
                random.choice([1.5, 0.0, 100.0, -1.0], p=[0.5, 0.2, 0.29, 0.01])
            )
    document = nx.node_link_data(graph, edges="links") if is_link else nx.adjacency_data(graph)
    path = tmp_path_factory.mktemp("graph") / "graph.json"
    path.write_text(json.dumps(document))
    for node in graph:  # as tables of pandas hand them over
        yes = np.int64(graph.nodes[node]["yes"])
        graph.nodes[node].update(yes=yes, place=shapely.Point(0, 0))
    names = {"id": "code", "blue": ("yes",), "red": ("no",)}
    expected = told(MapFiles(str(path), **names))
    found = told(MapFiles(GRAPH, **names), Held(graph))
    if isinstance(expected, str):
        expected = expected.replace(shown(path, 200), shown(GRAPH))
        assert found == expected
        return
    assert isinstance(found, Units)
    for key in ("ids", "polygons"):
        assert getattr(found, key).tolist() == getattr(expected, key).tolist()
    assert found.votes["votes"].tolist() == expected.votes["votes"].tolist()
    for key in ("pairs", "border", "kind", "is_default"):
        assert getattr(found.edges, key).tolist() == getattr(expected.edges, key).tolist()


def test_nodes_may_have_any_name_and_graphs_of_gerrychain_are_unwrapped() -> None:
    class Wrapped:
        """As GerryChain wraps a graph since its version 1."""

        def to_networkx_graph(self) -> nx.Graph:
            return nx.grid_2d_graph(2, 2)

    names = {"id": "id", "blue": ("yes",), "red": ("no",)}
    graph = Wrapped().to_networkx_graph()
    nx.set_node_attributes(graph, {node: {"yes": 1, "no": 2} for node in graph})
    units = read_map(MapFiles(GRAPH, **names), Held(graph)).units
    assert units.ids.tolist() == ["(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"]
    assert units.edges.n_edges == 4
    with pytest.raises(DataError, match="has no column 'yes'"):
        read_map(MapFiles(GRAPH, **names), Held(Wrapped()))
    for other, message in (
        (nx.DiGraph(graph), "directed"),
        (nx.MultiGraph(graph), "parallel edges"),
        (nx.Graph(), "has no nodes"),
    ):
        with pytest.raises(DataError, match=message):
            read_map(MapFiles(GRAPH, **names), Held(other))


def texts_with_options() -> list[str]:
    """Collect every text of the package that names an option of the command line."""
    found = []
    for file in sorted(Path(shapefiles.__file__).parent.rglob("*.py")):
        if file.name == "build.py":  # which is a program of its own
            continue
        tree = ast.parse(file.read_text())
        inside = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            for part in node.values
        }
        docs = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                found.append(
                    "".join(
                        one.value if isinstance(one, ast.Constant) else "X1" for one in node.values
                    )
                )
            elif (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in inside | docs
            ):
                found.append(node.value)
    return [one for one in found if re.search("--[a-z]", one)]


def test_every_option_in_a_message_becomes_an_argument_of_python() -> None:
    texts = texts_with_options()
    assert len(texts) > 40
    for text in texts:
        said = as_arguments(text)
        assert "--" not in said, said
        for key, value in re.findall(r"\b([a-z_]+)=(\S+)", said):
            if "_" in key or hasattr(MapFiles, key):
                assert key in MapFiles.__dataclass_fields__ or key == "year", said
                assert re.match(r'"[^"]*"|True|\d+|X1', value), said
