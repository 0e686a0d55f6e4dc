"""From Python: frames and graphs in place of files, and values of a scenario as arguments."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

import partition
from partition.errors import BundleError, InputError, PartitionError, ScenarioError
from partition.land.dataset import Dataset
from partition.scenario import Scenario
from partition.verify import verify
from shapefiles.arguments import as_arguments

SIDES = {"id": "GEOID", "blue": "yes", "red": "no"}
QUICK = {"iterations": 2}


@pytest.fixture
def frame() -> gpd.GeoDataFrame:
    """Twelve squares with votes, two of which touch neither nation's heartland."""
    x, y = np.arange(12) % 4, np.arange(12) // 4
    random = np.random.default_rng(3)
    return gpd.GeoDataFrame(
        {
            "GEOID": [f"{one:03}" for one in range(12)],
            "yes": random.integers(10, 90, 12),
            "no": random.integers(10, 90, 12),
            "people": 100,
        },
        geometry=shapely.box(x * 1e4, y * 1e4, (x + 1) * 1e4, (y + 1) * 1e4),
        crs="EPSG:5070",
    )


def votes_of(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(frame[["GEOID", "yes", "no"]]).sample(frac=1, random_state=2)


def test_a_frame_is_divided_as_the_file_that_holds_it(
    frame: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    frame.to_file(tmp_path / "map.gpkg")
    votes_of(frame).to_csv(tmp_path / "votes.csv", index=False)
    land = frame[["GEOID", "geometry"]]
    ways: list[dict[str, Any]] = [
        {"data": frame},
        {"data": frame.set_index("GEOID"), "id": None},
        {"data": land, "votes": votes_of(frame)},
        {"data": land, "votes": tmp_path / "votes.csv"},
        {"data": tmp_path / "map.gpkg"},
        {"data": str(tmp_path / "map.gpkg"), "votes": votes_of(frame)},
        {"data": partition.MapFiles(str(tmp_path / "map.gpkg"), "GEOID", ("yes",), ("no",))},
    ]
    runs = []
    for way in ways:
        sides = {} if isinstance(way["data"], partition.MapFiles) else SIDES
        runs.append(partition.solve(**QUICK, **(sides | way)))
    votes = frame[["yes", "no"]].to_numpy()
    for run in runs:
        assert run.dataset.units.votes["votes"].tolist() == votes.tolist()
        assert run.plan == runs[0].plan
        assert run.result.objective == int(votes[np.arange(12), 1 - run.plan.assignment].sum())
        assert run.report == runs[0].report


def test_a_graph_of_networkx_is_divided() -> None:
    graph = nx.grid_2d_graph(3, 3)
    random = np.random.default_rng(5)
    for number, node in enumerate(graph):
        votes = random.integers(1, 9, 2)
        graph.nodes[node].update(GEOID=f"u{number}", yes=votes[0], no=votes[1])
    run = partition.solve(data=graph, gap=0, **SIDES, **QUICK)
    pairs = {tuple(sorted(pair)) for pair in run.dataset.units.edges.pairs.tolist()}
    order = {node: number for number, node in enumerate(graph)}
    assert pairs == {tuple(sorted((order[a], order[b]))) for a, b in graph.edges}
    blue = [node for node, part in zip(graph, run.plan.assignment, strict=True) if part]
    for nation in (set(blue), set(graph) - set(blue)):
        assert not nation or nx.is_connected(graph.subgraph(nation))


REMEDIES: dict[str, tuple[Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame], int]] = {
    "no system": (lambda one: one.set_crs(None, allow_override=True), 1),
    "no votes": (lambda one: one.assign(yes=[None, *one["yes"][1:]]), 2),
    "two rows": (lambda one: one.assign(GEOID=["001", *one["GEOID"][1:]]), 1),
    "points": (lambda one: one.assign(yes=[f"{n}.000" for n in one["yes"]]), 2),
    "shares": (lambda one: one.assign(yes=40, no=60), 1),
    "a bow": (
        lambda one: one.set_geometry(
            [shapely.from_wkt("POLYGON((0 0, 2 2, 2 0, 0 2, 0 0))"), *one.geometry[1:]], crs=one.crs
        ),
        1,
    ),
    "nothing there": (lambda one: one.set_geometry([None, *one.geometry[1:]], crs=one.crs), 1),
    "degrees": (
        lambda one: one.set_geometry(
            gpd.GeoSeries(
                [shapely.affinity.scale(g, 1e-5, 1e-5, origin=(0, 0)) for g in one.geometry]
            ),
            crs="EPSG:3857",
        ),
        2,
    ),
    "no names of the sides": (lambda one: one.rename(columns={"yes": "ja"}), 0),
}


@pytest.mark.parametrize("fault", REMEDIES)
def test_every_argument_that_a_message_proposes_settles_what_it_is_about(
    frame: gpd.GeoDataFrame, fault: str
) -> None:
    change, at_least = REMEDIES[fault]
    wrong = change(frame)
    with pytest.raises(InputError) as caught:
        partition.solve(data=wrong, **SIDES, **QUICK)
    message = str(caught.value)
    assert "\n" not in message
    assert "--" not in message
    proposed = re.findall(r"\b([a-z_]+)=(\"[^\"]*\"|True|\d+)", message)
    if fault == "no system":  # which no program can know
        proposed = [("crs", '"EPSG:5070"')]
    if fault == "two rows":  # whose votes add up nowhere unless there is a table of them
        wrong, proposed = wrong.dissolve("GEOID", as_index=False), [("id", '"GEOID"')]
    assert len(proposed) >= at_least, message
    for key, text in proposed:
        partition.solve(data=wrong, **(SIDES | {key: ast.literal_eval(text)}), **QUICK)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"id": None}, r"id is missing.*data\.set_index"),
        ({"blue": "Yes"}, "Did you mean 'yes'"),
        ({"blue": None}, r"blue votes \(blue\)"),
        ({"data": [1]}, "data is of the type list: give a GeoDataFrame"),
        ({"votes": 3}, "votes is of the type int: give a DataFrame"),
        ({"votes": np.zeros(3)}, "votes is of the type ndarray"),
        ({"data": None}, r"about a map of your own: give that as well \(data\)"),
        ({"without_votes": "keep"}, r"choose from refuse, zero, drop \(without_votes\)"),
        ({"layer": "x"}, "layer is about a file"),
        ({"bleu": "yes"}, "bleu is not a known key: did you mean blue"),
        ({"time_limt": 3}, "did you mean time_limit"),
    ],
)
def test_what_is_wrong_with_arguments_is_said_in_a_line(
    frame: gpd.GeoDataFrame, options: dict[str, Any], message: str
) -> None:
    given: dict[str, Any] = {"data": frame, **SIDES, **QUICK, **options}
    with pytest.raises(InputError, match=message) as caught:
        partition.solve(**given)
    assert "\n" not in str(caught.value)
    assert "--" not in str(caught.value)


def test_columns_are_refused_where_the_units_are_read_already(frame: gpd.GeoDataFrame) -> None:
    run = partition.solve(data=frame, **SIDES, **QUICK)
    with pytest.raises(InputError, match="id says how a map is read"):
        partition.solve(data=run.dataset.units, id="GEOID")
    with pytest.raises(InputError, match=r"units_blue=\[...\]"):
        partition.solve("counties", blue=["VT"])


@pytest.mark.parametrize("crs", [5070, CRS.from_epsg(5070), "EPSG:5070"])
def test_a_reference_system_is_given_as_geopandas_takes_it(
    frame: gpd.GeoDataFrame, crs: Any
) -> None:
    bare = frame.set_crs(None, allow_override=True)
    run = partition.solve(data=bare, crs=crs, **SIDES, **QUICK)
    assert run.scenario.data is not None
    assert run.scenario.data.crs == "EPSG:5070"


def test_a_run_on_a_frame_says_so_and_is_read_back_and_verified_with_it(
    frame: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    land, votes = frame[["GEOID", "geometry"]], votes_of(frame)
    run = partition.solve(data=land, votes=votes, certify=True, gap=0, **SIDES, time_limit=20)
    folder = run.write(tmp_path / "run")
    document = json.loads((folder / "run.json").read_text())
    assert document["scenario"]["data"]["units"] == "data (GeoDataFrame)"
    assert document["scenario"]["data"]["votes"] == "votes (DataFrame)"
    assert not document["data"].get("files")
    assert set(document["data"]["sha256"]) == {"units", "votes"}
    again = partition.read(folder, land, votes=votes)
    assert (again.plan, again.report) == (run.plan, run.report)
    other = votes.assign(yes=votes["yes"] + 1)
    with pytest.raises(BundleError, match="divides other data than these"):
        partition.read(folder, land, votes=other)
    with pytest.raises(InputError, match="was held in memory and is in no file"):
        partition.read(folder)
    assert run.verify().is_confirmed
    assert again.verify().is_confirmed
    assert verify(folder, land, votes).is_confirmed
    for given in ((), (land,), (land, other)):
        verdict = verify(folder, *given)
        assert not verdict.is_confirmed
        assert "held in memory" in str(verdict.source)


def test_studies_take_frames_and_values_as_a_search_does(
    frame: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    own: dict[str, Any] = {"data": frame, **SIDES, **QUICK, "runs": tmp_path}
    plans = partition.compare("counties", **own)
    assert len(plans.table) == 1
    varied = partition.compare(["counties", "archipelago"], weights={"border": 2}, **own)
    assert list(varied.outcomes) == ["map@border=2", "map-archipelago@border=2"]
    curve = partition.sweep("counties", "border=0:2:3", blue_pieces=2, **own)
    assert len(curve.table) == 3
    assert curve.scenario.nations.blue.pieces == 2
    sure = partition.robust("counties", seeds=1, survey_time=5, cut_edges=1, **own)
    assert sure.best.scenario.weights.cut_edges == 1
    assert len(sure.table) == 12


def test_one_name_is_as_good_as_a_list_of_one(tmp_path: Path) -> None:
    quick: dict[str, Any] = {"iterations": 1, "runs": tmp_path}
    one = partition.compare("states", elections="2020", **quick)
    many = partition.compare(["states"], elections=["2020"], **quick)
    assert one.rows == many.rows
    assert partition.compare("states", elections=2020, **quick).rows == many.rows
    curve = partition.sweep("archipelago", "border=0:1:2", runs=tmp_path)
    assert curve.rows == partition.sweep("archipelago", ["border=0:1:2"], runs=tmp_path).rows


@pytest.mark.parametrize(
    "changes",
    [
        {"border": 50, "blue_pieces": 4},
        {"weights": {"border": 50}, "blue_pieces": 4},
        {"weights": {"border": 50}, "nations": {"blue": {"pieces": 4}}},
        {"weights_border": 50, "blue": {"pieces": 4}},
    ],
)
def test_values_of_a_scenario_are_given_by_name_or_by_table(changes: dict[str, Any]) -> None:
    expected = Scenario.load("counties@border=50,blue.pieces=4")
    assert Scenario.shipped("counties").but(**changes) == expected


def test_a_search_takes_the_values_that_a_scenario_is_varied_by() -> None:
    data = Dataset.embedded()
    varied = {"weights": {"border": 50}, "pieces": "any"}
    run = partition.solve("counties", data=data, iterations=1, **varied)
    assert run.scenario.name == "counties@border=50,blue.pieces=any,red.pieces=any"
    same = Scenario.load("counties@border=50,pieces=any").override(iterations=1)
    assert run.scenario == same


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weights": 3}, "weights is a table"),
        ({"weights": {"bordr": 3}}, r"did you mean border \(votes a km\)"),
        ({"border": 3, "weights": {"border": 4}}, "given twice"),
        ({"pieces": 3, "blue_pieces": 4}, "given twice"),
        ({"border": "much"}, "border"),
    ],
)
def test_a_value_that_no_scenario_has_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        partition.solve("counties", **changes)


def test_inspecting_says_what_reading_would_and_proposes_a_call_that_works(
    frame: gpd.GeoDataFrame, tmp_path: Path, invoke: Callable[..., tuple[int, str, str]]
) -> None:
    frame.to_file(tmp_path / "map.gpkg")
    columns = {"id": "GEOID", "blue": "yes", "red": "no"}
    code, printed, _ = invoke(
        "inspect", str(tmp_path / "map.gpkg"), *["--id", "GEOID", "--blue", "yes", "--red", "no"]
    )
    assert code == 0
    page, command = as_arguments(printed).split("To solve it:")[0], printed.split()[-2:]
    said = str(partition.inspect(tmp_path / "map.gpkg", **columns))
    assert (said.split("To solve it:", maxsplit=1)[0], said.split()[-2:]) == (page, command)
    for given, votes in ((frame, None), (frame[["GEOID", "geometry"]], votes_of(frame))):
        found = partition.inspect(given, votes, **columns)
        assert not found.has_errors
        assert found.figures["borders"] == 17
        run = eval(found.command, {"partition": partition, "data": given, "votes": votes})
        assert run.dataset.units.n_units == 12
    wrong = partition.inspect(frame.assign(yes=[None, *frame["yes"][1:]]), **columns)
    assert wrong.has_errors
    assert wrong.command == ""
    assert 'without_votes="zero"' in str(wrong)
    assert len(repr(wrong)) < 200
    guessed = partition.inspect(frame, blue="yes", red="no")
    assert "Ids are probably the column 'GEOID'" in str(guessed)


def test_whatever_a_search_complains_of_it_names_arguments(frame: gpd.GeoDataFrame) -> None:
    with pytest.raises(ScenarioError, match=r"\(blue, red\)") as caught:
        partition.solve(data=frame, id="GEOID")
    proposed = dict(re.findall(r"\b(weights_\w+)=(\d+)", str(caught.value)))
    assert len(proposed) == 2
    values = {key: int(value) for key, value in proposed.items()}
    run = partition.solve(data=frame, id="GEOID", blue_least_area=0.3, **values, **QUICK)
    assert run.scenario.weights.self_determination == 0
    with pytest.raises(PartitionError) as caught_too:
        partition.solve(data=frame, blue_least_area=0.9, red_least_area=0.9, **SIDES, **QUICK)
    assert "--" not in str(caught.value) + str(caught_too.value)
