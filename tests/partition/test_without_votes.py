"""Questions that weigh no votes need none, and lengths that nobody gave are not shown."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import pytest
import shapely

import partition
from partition.errors import InputError
from shapefiles import MapFiles

Invoke = Callable[..., tuple[int, str, str]]

PEOPLE = [5, 1, 1, 5, 9, 1, 1, 1]
PLACES = [(x, y) for y in range(2) for x in range(4)]
HALF = [f"--set=nations.{side}.least.population=0.4" for side in ("blue", "red")]
CUTS = ["--set=weights.self_determination=0", "--set=weights.cut_edges=1"]
MAP = ["--units", "map.gpkg", "--id", "id", "--attributes", "population=people"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ids = [f"u{unit}" for unit in range(8)]
    squares = [shapely.box(x, y, x + 1, y + 1) for x, y in PLACES]
    frame = gpd.GeoDataFrame({"id": ids, "people": PEOPLE}, geometry=squares, crs="EPSG:4326")
    frame.to_file(tmp_path / "map.gpkg")
    return tmp_path


def fewest_cut_edges() -> int:
    """Try every plan of two nations in one piece each with at least 40 % of the people."""
    graph = nx.grid_2d_graph(4, 2)
    best = len(graph.edges)
    for size in range(1, 8):
        for chosen in itertools.combinations(range(8), size):
            blue = [PLACES[unit] for unit in chosen]
            red = [place for place in PLACES if place not in blue]
            people = sum(PEOPLE[unit] for unit in chosen)
            is_large = min(people, sum(PEOPLE) - people) >= 0.4 * sum(PEOPLE)
            if is_large and all(nx.is_connected(graph.subgraph(one)) for one in (blue, red)):
                best = min(best, nx.cut_size(graph, blue))
    return best


def document(name: str = "out") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(name, "run.json").read_text(encoding="utf-8"))
    return found


def test_a_question_of_cut_edges_is_solved_measured_drawn_and_verified_without_votes(
    folder: Path, invoke: Invoke
) -> None:
    code, stdout, stderr = invoke("solve", *MAP, *CUTS, *HALF, "--gap", "0", "--out", "out")
    assert code == 0, stderr
    assert "Nobody's vote is counted" in stdout
    for word in ("votes  ", "Stranded", "Self-determined"):
        assert word not in stdout
    run = document()
    assert (run["status"], run["objective"]) == ("OPTIMAL", -fewest_cut_edges())
    report = (folder / "out" / "report.md").read_text(encoding="utf-8")
    assert "Nobody's vote is counted." in report
    for word in ("Who is stranded", "Two-party voters", "second state"):
        assert word not in report.split("## Formulas")[0]
    assert "cut edges between the two nations" in (folder / "out" / "map.html").read_text("utf-8")
    assert "it is OPTIMAL" in invoke("verify", "out")[1]


def test_a_scenario_and_python_ask_without_votes_as_well(folder: Path, invoke: Invoke) -> None:
    (folder / "question.toml").write_text(
        'title = "T"\ndescription = "D."\n[weights]\nself_determination = 0\n'
        "population_balance = 1\n[data]\n"
        'units = "map.gpkg"\nid = "id"\nattributes = ["population=people"]\n',
        encoding="utf-8",
    )
    code, _, stderr = invoke("solve", "question.toml", "--gap", "0", "--out", "out", "--quiet")
    assert code == 0, stderr
    assert document()["objective"] == 0  # 12 people each
    files = MapFiles(str(folder / "map.gpkg"), "id", attributes=("population=people",))
    asked = partition.Scenario.load(folder / "question.toml")
    assert partition.solve(asked, data=files, gap=0).result.objective == 0


@pytest.mark.parametrize(
    "settings",
    [
        [],
        ["--set=weights.self_determination=0", "--set=weights.intensity=1"],
        [*CUTS, "--set=nations.blue.least.votes=0.1"],
    ],
)
def test_a_question_that_counts_votes_asks_for_their_columns(
    folder: Path, invoke: Invoke, settings: list[str]
) -> None:
    code, _, stderr = invoke("solve", *MAP, *settings)
    assert code == 2
    assert "counts votes, and the map names none" in stderr
    assert "(--blue, --red)" in stderr
    if not settings:
        assert "--set weights.self_determination=0 --set weights.cut_edges=1" in stderr
        assert invoke("solve", *MAP, *CUTS, "--quiet")[0] == 0


def test_a_graph_without_lengths_shows_none_and_cannot_weigh_them(
    folder: Path, invoke: Invoke
) -> None:
    graph = nx.path_graph(4)
    nx.set_node_attributes(graph, {unit: (7, 1, 1, 7)[unit] for unit in graph}, "D")
    nx.set_node_attributes(graph, {unit: (1, 7, 7, 1)[unit] for unit in graph}, "R")
    Path("graph.json").write_text(json.dumps(nx.adjacency_data(graph)), encoding="utf-8")
    asked = ["--units", "graph.json", "--id", "id", "--blue", "D", "--red", "R"]
    code, stdout, stderr = invoke("solve", *asked, "--out", "out")
    assert code == 0, stderr
    assert " km" not in stdout
    assert " km" not in (folder / "out" / "report.md").read_text("utf-8").split("## Formulas")[0]
    assert document()["metrics"]["whole"]["border_km"] is None
    assert "it is OPTIMAL" in invoke("verify", "out")[1]
    assert " km" not in invoke("inspect", *asked[1:])[1]
    with pytest.raises(InputError, match="needs the lengths of borders"):
        partition.solve(
            partition.Scenario.shipped("counties").override(settings={"weights.border": 1}),
            data=MapFiles("graph.json", "id", ("D",), ("R",)),
        )
    nx.set_edge_attributes(graph, 2000.0, "shared_perim")
    Path("graph.json").write_text(json.dumps(nx.adjacency_data(graph)), encoding="utf-8")
    stdout = invoke("solve", *asked, "--out", "out", "--force")[1]
    assert f"Frontier: {2 * document()['metrics']['whole']['cut_edges']} km" in stdout
