"""The examples on real data, from their files to a proven plan."""

from __future__ import annotations

import importlib.util
from fractions import Fraction
from itertools import chain, combinations
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

import partition
from partition.land.inspecting import inspect_map
from partition.runs.bundle import CERTIFICATE, FILES, KNOWLEDGE
from partition.runs.reading import read
from partition.runs.run import Run
from partition.verify import verify
from shapefiles import load_states, suggest_links
from shapefiles.units import Units

FOLDER = Path(__file__).parents[2] / "examples"
SPEC = importlib.util.spec_from_file_location("prepare", FOLDER / "prepare.py")
prepare = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(prepare)


def run_example(name: str, folder: Path) -> Run:
    """Solve a scenario as it stands in the folder of examples, on data written beside a copy."""
    prepare.prepare(name.removesuffix("-communes"), folder / "data")
    path = folder / f"{name}.toml"
    path.write_bytes((FOLDER / path.name).read_bytes())
    return partition.solve(path)


@pytest.fixture(scope="module")
def montreal(tmp_path_factory: pytest.TempPathFactory) -> Run:
    pytest.importorskip("plotly")
    return run_example("montreal", tmp_path_factory.mktemp("montreal"))


@pytest.fixture(scope="module")
def michigan(tmp_path_factory: pytest.TempPathFactory) -> Run:
    pytest.importorskip("_plotly_geo")
    return run_example("michigan", tmp_path_factory.mktemp("michigan"))


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_example("states", tmp_path_factory.mktemp("states"))


def landmasses(units: Units) -> tuple[nx.Graph, list[list[int]]]:
    graph = nx.Graph(units.edges.pairs[units.edges.is_default].tolist())
    graph.add_nodes_from(range(units.n_units))
    return graph, [sorted(one) for one in nx.connected_components(graph)]


def check_by_networkx(run: Run) -> float:
    """Check that the plan is in one piece a nation and landmass, and what it is worth."""
    units, assignment = run.dataset.units, run.plan.assignment
    (votes,) = units.votes.values()
    graph, masses = landmasses(units)
    for mass in masses:
        for part in (0, 1):
            members = [row for row in mass if assignment[row] == part]
            assert not members or nx.is_connected(graph.subgraph(members))
    matched = np.where(assignment == 1, votes[:, 0], votes[:, 1]).sum()
    assert run.result.objective == matched
    assert run.result.status.value == "OPTIMAL"
    assert matched == run.result.bound <= votes.max(axis=1).sum()
    return matched / votes.sum()


def test_montreal_has_58_districts_on_two_islands(montreal: Run) -> None:
    units = montreal.dataset.units
    assert units.n_units == 58
    assert montreal.dataset.repairs == ()
    assert units.votes["Mayor, 2013"].sum(axis=0).tolist() == [123_062, 149_467]
    _, masses = landmasses(units)
    assert sorted(len(one) for one in masses) == [3, 55]
    # Official land area of the city is 364.7 square km; the districts reach into the river.
    assert 360e6 < units.attributes["area"].sum() < 380e6


def test_montreal_is_divided_provably_best(montreal: Run) -> None:
    assert check_by_networkx(montreal) == pytest.approx(0.5977, abs=1e-4)


def test_montreals_smaller_island_is_a_hundred_metres_away(montreal: Run) -> None:
    ((first, second, metres),) = suggest_links(montreal.dataset.units)
    assert {first, second} == {"61", "102"}
    assert 90 < metres < 110


def test_montreals_run_is_written_verified_and_restored(montreal: Run, tmp_path: Path) -> None:
    folder = montreal.write(tmp_path / "run")
    assert {path.name for path in folder.iterdir()} == {*FILES, CERTIFICATE, KNOWLEDGE}
    assert verify(folder).status == "OPTIMAL"
    again = read(folder)
    assert again.report.to_dict() == montreal.report.to_dict()
    page = (folder / "report.md").read_text(encoding="utf-8")
    assert "*Mayor, 2013, 58 units.*" in page
    assert "Coderre voters" in page
    assert ", (" not in page  # names without a state end without a comma
    assert "Data: districts.geojson and votes.csv." in page.replace("\\", "")


def test_michigan_is_one_landmass_by_its_bridge(michigan: Run) -> None:
    units = michigan.dataset.units
    assert units.n_units == 83
    assert units.edges.kind[units.edges.border == 0].tolist() == ["bridge", "bridge"]
    _, masses = landmasses(units)
    assert len(masses) == 1
    # The Census Bureau's estimate for 2016 is 9.95 million people.
    assert units.attributes["population"].sum() == pytest.approx(9.95e6, rel=0.003)
    # The state's certified result, to a thousandth.
    votes = units.votes["President, 2024"].sum(axis=0)
    assert votes == pytest.approx([2_736_533, 2_816_636], rel=1e-3)
    assert check_by_networkx(michigan) > 0.59


def test_states_as_units_have_the_published_totals_of_one_year(states: Run) -> None:
    units = states.dataset.units
    assert units.ids.tolist() == list(load_states())
    table = pd.read_csv(states.scenario.data.votes)
    whole = table[table["year"] == 2024].groupby("party")["votes"].sum()
    assert units.votes["President, 2024"].sum(axis=0).tolist() == whole.tolist()
    graph, masses = landmasses(units)
    assert sorted(len(one) for one in masses) == [1, 1, 49]
    number = {code: row for row, code in enumerate(units.ids.tolist())}
    assert {units.ids[row] for row in graph[number["ME"]]} == {"NH"}
    assert {units.ids[row] for row in graph[number["TN"]]} == {
        "KY", "VA", "NC", "GA", "AL", "MS", "AR", "MO",
    }  # fmt: skip


def test_states_as_units_are_divided_provably_best(states: Run) -> None:
    share = check_by_networkx(states)
    ids = states.dataset.units.ids.tolist()
    part = dict(zip(ids, states.plan.assignment.tolist(), strict=True))
    assert (part["CA"], part["HI"], part["AK"], part["TX"]) == (1, 1, 0, 0)
    assert 0.5 < share < 0.6


@pytest.mark.parametrize("name", ["montreal", "michigan", "states"])
def test_inspection_finds_nothing_in_the_way(name: str, request: pytest.FixtureRequest) -> None:
    files = request.getfixturevalue(name).scenario.data
    folder = Path(files.units).parents[2]
    found = inspect_map([str(folder / f"{name}.toml")], {})
    assert not found.has_errors
    assert found.figures["planar"] is True


@pytest.mark.parametrize("name", ["montreal", "michigan", "states"])
def test_every_example_is_told_of(name: str) -> None:
    for page in (FOLDER / "README.md", FOLDER.parent / "docs" / "own-maps.md"):
        assert f"{name}.toml" in page.read_text(encoding="utf-8")


VOTED = {
    ("greater-idaho", "voted"): (1_993_930, 93_146),
    ("illinois", "voted"): (3_477_700, 258_708),
    ("illinois", "without-cook"): (3_477_700, 164_652),
    ("carinthia", "drawn"): (22_586, 561),
    ("jura", "drawn"): (43_301, 0),
    ("jura-communes", "before"): (2_309, 137),
    ("jura-communes", "since-2026"): (2_309, 0),
}
"""Voters at home with the best line, and how many fewer with a voted or drawn one, as written."""


@pytest.fixture(scope="module")
def border_runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    names = dict.fromkeys(name for name, _ in VOTED)
    return {name: run_example(name, tmp_path_factory.mktemp(name)) for name in names}


@pytest.mark.parametrize(("name", "line"), VOTED)
def test_a_voted_border_is_as_far_from_the_best_one_as_is_written(
    name: str, line: str, border_runs: dict[str, Run]
) -> None:
    """The line is read by pandas, and the best one checked by networkx, or unit by unit."""
    run = border_runs[name]
    units = run.dataset.units
    best, short = VOTED[name, line]
    if len(units.edges.pairs) and name != "jura-communes":  # there every line is tried below
        check_by_networkx(run)
    elif name == "carinthia":
        (votes,) = units.votes.values()
        assert run.result.bound == votes.max(axis=1).sum()
    assert run.result.objective == run.result.bound == best
    (votes,) = (pd.DataFrame(one, units.ids) for one in units.votes.values())
    given = pd.read_csv(
        Path(run.scenario.data.units).parent / f"{line}.csv", dtype={"GEOID": str}, index_col=0
    )
    stays = given["District"].reindex(votes.index) == 1
    assert best - int(votes[0].where(stays, votes[1]).sum()) == short
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"| {short:,} |" in text
    assert f"{100 * best / votes.to_numpy().sum():.2f} % |" in text
    assert f"{100 * (best - short) / votes.to_numpy().sum():.2f} % |" in text


def test_thirteen_counties_voted_to_move_and_twelve_more_gain(border_runs: dict[str, Run]) -> None:
    measures = pd.read_csv(FOLDER / "borders" / "greater-idaho.csv", dtype={"fips": str})
    last = measures.sort_values("date", kind="stable").groupby("fips").last()
    moved = set(last.index[last["outcome"] == "passed"])
    assert (len(measures), len(last), len(moved)) == (17, 15, 13)
    run = border_runs["greater-idaho"]
    units = run.dataset.units
    (votes,) = units.votes.values()
    leaves = {one for one, part in zip(units.ids, run.plan.assignment, strict=True) if part == 0}
    more = sorted(set(leaves) - moved - set(units.ids[units.states == "ID"]))
    assert len(more) == 12
    assert moved < leaves
    assert all((votes[:, 1] > votes[:, 0])[np.isin(units.ids, more)])
    names = units.names[np.isin(units.ids, more)].tolist()
    text = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())
    assert f"({', '.join(names[:-1])} and {names[-1]})" in text


ASKED = {"700": "Moutier", "681": "Belprahon", "711": "Sorvilier"}
"""Communes that voted in 2017 on joining the canton of Jura."""


def test_belprahon_could_go_only_where_moutier_went(border_runs: dict[str, Run]) -> None:
    """Every line between the three communes, with borders that shapely finds."""
    run = border_runs["jura-communes"]
    land = gpd.read_file(run.scenario.data.units).set_index("id")
    assert shapely.coverage_is_valid(land.geometry.values)
    pairs = combinations(land.index, 2)
    touching = (
        (one, two)
        for one, two in pairs
        if land.geometry[one].intersection(land.geometry[two]).length > 0
    )
    graph = nx.Graph(touching)
    graph.add_nodes_from(land.index)
    assert set(graph["681"]) == {"700", "692", "694", "704"}  # Moutier and no part of the canton
    assert "JU" in graph["700"]
    assert not {"JU", "700"} & set(graph["711"])
    assert not set(graph["708"]) - {"JU"}  # Schelten, for which Bern has a piece more
    worth = {}
    for gone in chain.from_iterable(combinations(ASKED, size) for size in range(4)):
        moved = {"JU", *gone}
        stay = graph.subgraph(set(land.index) - moved)
        is_whole = nx.is_connected(graph.subgraph(moved))
        if is_whole and nx.number_connected_components(stay) <= 2:
            home = land["no"].sum() + (land["yes"] - land["no"])[list(gone)].sum()
            worth[frozenset(gone)] = int(home)
    assert all("700" in gone for gone in worth if "681" in gone)
    assert {gone for gone in worth if "681" in gone} == {frozenset({"700", "681"})}
    assert not any("711" in gone for gone in worth)
    assert max(worth.values()) == run.result.objective == run.result.bound
    blue = run.dataset.units.ids[run.plan.assignment == 1]
    assert set(blue) - {"JU"} == {"700"}


def test_belprahon_follows_moutier_a_round_later_where_as_many_as_voted_yes_suffice(
    border_runs: dict[str, Run], tmp_path: Path
) -> None:
    asked = border_runs["jura-communes"].scenario
    below, half = (
        partition.cascade(asked, "JU", threshold=one, runs=tmp_path) for one in (0.485, 0.5)
    )
    assert below.moves["name"].tolist() == ["Moutier", "Belprahon"]
    assert below.moves["round"].tolist() == [1, 2]
    assert half.moves["name"].tolist() == ["Moutier"]
    # The end changes where one of the two has exactly as many voters, and nowhere else.
    table = pd.read_csv(FOLDER / "borders" / "jura.csv", dtype={"bfs_id": str})
    votes = table[table["date"].str.startswith("2017")].set_index("bfs_id").loc[["681", "700"]]
    shares = [
        Fraction(int(yes), int(yes + no)) for yes, no in votes[["yes", "no"]].to_numpy().tolist()
    ]
    found = below.thresholds["up_to_exact"].tolist()
    assert list(map(Fraction, found[:-1])) == shares == [Fraction(114, 235), Fraction(2067, 3997)]
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "114 of 235" in text


def test_a_border_is_proven_with_a_certificate_that_is_confirmed(
    border_runs: dict[str, Run], tmp_path: Path
) -> None:
    run = partition.solve(border_runs["greater-idaho"].scenario, certify=True)
    assert verify(run.write(tmp_path / "run")).status == "OPTIMAL"


def test_the_sums_of_the_border_tables_are_those_that_were_published() -> None:
    carinthia = pd.read_csv(FOLDER / "borders" / "carinthia-1920.csv")
    districts = carinthia[~carinthia["unit"].str.contains("total")]
    assert districts[["austria", "yugoslavia"]].sum().tolist() == [22_025, 15_278]
    jura = pd.read_csv(FOLDER / "borders" / "jura.csv")
    of_2013 = jura[(jura["date"] == "2013-11-24") & (jura["level"] == "district")].dropna(
        subset=["yes"]
    )
    yes, no = of_2013["yes"].sum(), of_2013["no"].sum()
    assert round(100 * yes / (yes + no), 1) == 76.6
