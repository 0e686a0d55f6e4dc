"""The examples on real data, from their files to a proven plan."""

import importlib.util
import tomllib
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from shapefiles import MapFiles, inspect_files, load_states, read_map, suggest_links
from solvers.problem import Problem
from solvers.result import Limits
from solvers.solve import solve

FOLDER = Path(__file__).parents[2] / "examples"
SPEC = importlib.util.spec_from_file_location("prepare", FOLDER / "prepare.py")
prepare = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(prepare)


def read_example(name, folder):
    prepare.prepare(name, folder / "data")
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["data"]
    given = {key: tuple(one) if isinstance(one, list) else one for key, one in data.items()}
    files = MapFiles(**given).relative_to(folder)
    return files, read_map(files)


@pytest.fixture(scope="module")
def montreal(tmp_path_factory):
    pytest.importorskip("plotly")
    return read_example("montreal", tmp_path_factory.mktemp("montreal"))


@pytest.fixture(scope="module")
def michigan(tmp_path_factory):
    pytest.importorskip("_plotly_geo")
    return read_example("michigan", tmp_path_factory.mktemp("michigan"))


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    return read_example("states", tmp_path_factory.mktemp("states"))


def landmasses(units):
    graph = nx.Graph(units.edges.pairs[units.edges.is_default].tolist())
    graph.add_nodes_from(range(units.n_units))
    return graph, [sorted(one) for one in nx.connected_components(graph)]


def solve_and_check(units):
    """Solve to optimality and check the plan by networkx: one piece a nation and landmass."""
    (votes,) = units.votes.values()
    active = units.edges.is_default
    problem = Problem(gains=votes[:, ::-1], edges=units.edges.pairs[active])
    result = solve(problem, Limits(time_limit=120, gap=0.0), seed=0)
    assignment = result.plan.assignment
    graph, masses = landmasses(units)
    for mass in masses:
        for part in (0, 1):
            members = [row for row in mass if assignment[row] == part]
            assert not members or nx.is_connected(graph.subgraph(members))
    matched = np.where(assignment == 1, votes[:, 0], votes[:, 1]).sum()
    assert result.objective == matched
    assert result.status.value == "OPTIMAL"
    assert matched == result.bound <= votes.max(axis=1).sum()
    return assignment, matched / votes.sum()


def test_montreal_has_58_districts_on_two_islands(montreal):
    _, found = montreal
    assert found.units.n_units == 58
    assert found.repairs == ()
    assert found.units.votes["votes"].sum(axis=0).tolist() == [123_062, 149_467]
    _, masses = landmasses(found.units)
    assert sorted(len(one) for one in masses) == [3, 55]
    # Official land area of the city is 364.7 square km; the districts reach into the river.
    assert 360e6 < found.units.attributes["area"].sum() < 380e6


def test_montreal_is_divided_provably_best(montreal):
    _, share = solve_and_check(montreal[1].units)
    assert share > 0.58


def test_montreals_smaller_island_is_a_hundred_metres_away(montreal):
    ((first, second, metres),) = suggest_links(montreal[1].units)
    assert {first, second} == {"61", "102"}
    assert 90 < metres < 110


def test_michigan_is_one_landmass_by_its_bridge(michigan):
    _, found = michigan
    units = found.units
    assert units.n_units == 83
    assert units.edges.kind[units.edges.border == 0].tolist() == ["bridge", "bridge"]
    _, masses = landmasses(units)
    assert len(masses) == 1
    # The Census Bureau's estimate for 2016 is 9.95 million people.
    assert units.attributes["population"].sum() == pytest.approx(9.95e6, rel=0.003)
    # The state's certified result, to a thousandth.
    assert units.votes["votes"].sum(axis=0) == pytest.approx([2_736_533, 2_816_636], rel=1e-3)
    _, share = solve_and_check(units)
    assert share > 0.59


def test_states_as_units_have_the_published_totals_of_one_year(states):
    files, found = states
    units = found.units
    assert units.ids.tolist() == list(load_states())
    table = pd.read_csv(files.votes)
    whole = table[table["year"] == 2024].groupby("party")["votes"].sum()
    assert units.votes["votes"].sum(axis=0).tolist() == whole.tolist()
    graph, masses = landmasses(units)
    assert sorted(len(one) for one in masses) == [1, 1, 49]
    number = {code: row for row, code in enumerate(units.ids.tolist())}
    assert {units.ids[row] for row in graph[number["ME"]]} == {"NH"}
    assert {units.ids[row] for row in graph[number["TN"]]} == {
        "KY", "VA", "NC", "GA", "AL", "MS", "AR", "MO",
    }  # fmt: skip


def test_states_as_units_are_divided_provably_best(states):
    assignment, share = solve_and_check(states[1].units)
    part = dict(zip(states[1].units.ids.tolist(), assignment.tolist(), strict=True))
    assert (part["CA"], part["HI"], part["AK"], part["TX"]) == (1, 1, 0, 0)
    assert 0.5 < share < 0.6


@pytest.mark.parametrize("name", ["montreal", "michigan", "states"])
def test_inspection_finds_nothing_in_the_way(name, request):
    files, _ = request.getfixturevalue(name)
    found = inspect_files(
        [files.units, files.votes],
        columns=files.vote_columns(),
        id=files.id,
        votes_id=files.votes_id,
        crs=files.crs,
    )
    assert not found.has_errors
    assert found.figures["planar"] is True
