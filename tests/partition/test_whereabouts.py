"""A run on a map of one's own finds its files again, from any folder and after any move."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from shapefiles.mapfiles import MapFiles
from shapefiles.own.whereabouts import MissingFileError, located, whereabouts

Invoke = Callable[..., tuple[int, str, str]]

QUESTION = """
title = "A vote"
description = "A village."

[data]
units = "data/map.gpkg"
votes = "data/votes.csv"
id = "id"
blue = ["yes"]
red = ["no"]
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with a map, votes and a scenario, and a place to work in."""
    top = tmp_path / "tree"
    (top / "data").mkdir(parents=True)
    (top / "work").mkdir()
    squares = gpd.GeoDataFrame(
        {"id": ["a", "b", "c", "d"]},
        geometry=list(
            shapely.box([0, 900, 0, 900], [0, 0, 900, 900], [900, 1800] * 2, [900, 900, 1800, 1800])
        ),
        crs="EPSG:5070",
    )
    squares.to_file(top / "data" / "map.gpkg")
    (top / "data" / "votes.csv").write_text("id,yes,no\na,9,1\nb,2,8\nc,7,3\nd,4,6\n")
    (top / "question.toml").write_text(QUESTION)
    return top


@pytest.fixture
def solved(tree: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run that was asked for with paths from the folder of work."""
    monkeypatch.chdir(tree / "work")
    files = ("--units", "../data/map.gpkg", "--votes", "../data/votes.csv")
    columns = ("--id", "id", "--blue", "yes", "--red", "no")
    code, _, stderr = invoke("solve", *files, *columns, "--out", "runs/one", "--certificate", "-q")
    assert code == 0, stderr
    return tree / "work" / "runs" / "one"


def works(invoke: Invoke, folder: Path, target: Path) -> None:
    code, _, stderr = invoke("export", str(folder), str(target / "plan.geojson"))
    assert code == 0, stderr
    assert set(gpd.read_file(target / "plan.geojson").nation) == {"blue", "red"}
    code, stdout, stderr = invoke("verify", str(folder), "--json")
    assert code == 0, stderr
    assert json.loads(stdout)["is_recounted"]


def test_a_run_is_exported_and_verified_from_any_folder(
    solved: Path, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (solved.parents[1], solved, solved.parent, tmp_path, Path("/")):
        monkeypatch.chdir(place)
        works(invoke, solved, tmp_path)
    monkeypatch.chdir(solved.parent)
    works(invoke, Path("one"), tmp_path)
    monkeypatch.chdir(solved)
    works(invoke, Path(), tmp_path)


def test_a_run_whose_map_is_missing_is_drawn_anew_from_anywhere(
    solved: Path, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (solved / "map.html").read_bytes()
    (solved / "map.html").unlink()
    monkeypatch.chdir(tmp_path)
    assert invoke("export", str(solved))[0] == 0
    assert (solved / "map.html").read_bytes() == whole


def test_the_whole_tree_moves(
    solved: Path, tree: Path, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    moved = tree.rename(tmp_path / "elsewhere")
    works(invoke, moved / solved.relative_to(tree), tmp_path)


def test_only_the_run_moves(
    solved: Path, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    works(invoke, solved.rename(tmp_path / "mailed"), tmp_path)


def test_another_file_in_the_same_place_is_passed_over(
    solved: Path, tree: Path, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run goes to a tree with other votes; those it was made with are still where they were."""
    other = tmp_path / "other"
    shutil.copytree(tree, other)
    (other / "data" / "votes.csv").write_text("id,yes,no\na,1,9\nb,2,8\nc,7,3\nd,4,6\n")
    monkeypatch.chdir(tmp_path)
    folder = other / solved.relative_to(tree)
    works(invoke, folder, tmp_path)
    shutil.rmtree(tree)
    code, _, stderr = invoke("export", str(folder), "plan.csv")
    assert (code, stderr.count("\n")) == (2, 1)
    assert "votes.csv' has changed: its SHA-256 is not" in stderr
    (other / "data" / "votes.csv").unlink()
    code, _, stderr = invoke("export", str(folder), "plan.csv")
    assert (code, stderr.count("\n")) == (2, 1)
    assert "The file of the votes is not found: looked for" in stderr
    for place in (other, tree):
        assert str(place / "data" / "votes.csv") in stderr


def test_a_scenario_names_files_from_its_own_folder(
    tree: Path, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (tree, tree / "work", tmp_path):
        monkeypatch.chdir(place)
        options = ("--runs", str(tree / "runs"), "--out", str(tmp_path / "study"), "--json")
        code, stdout, stderr = invoke("compare", str(tree / "question.toml"), *options)
        assert code == 0, stderr
    folders = list((tree / "runs").glob("question-*"))
    assert len(folders) == 1  # found again each time
    moved = tree.rename(tmp_path / "elsewhere")
    works(invoke, moved / "runs" / folders[0].name, tmp_path)
    plan = moved / "runs" / folders[0].name / "plan.csv"
    code, stdout, stderr = invoke("measure", str(plan), str(moved / "question.toml"), "--json")
    assert code == 0, stderr
    assert json.loads(stdout)["is_allowed"]
    code, _, stderr = invoke("compare", str(moved / "question.toml"), "--runs", str(moved / "runs"))
    assert code == 0, stderr
    assert len(list((moved / "runs").glob("question-*"))) == 1


def test_links_between_folders_are_followed_as_the_system_does(
    solved: Path, tree: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(solved.parent)
    given = MapFiles(units=str(tree / "data" / "map.gpkg"), id="id", blue=("yes",), red=("no",))
    places = whereabouts(given, tmp_path / "link" / "one")
    assert places["units"]["relative"] == "../../../data/map.gpkg"
    sha256 = json.loads((solved / "run.json").read_text())["data"]["sha256"]
    places["units"].pop("absolute")
    found = located(MapFiles(**vars_of(given, units="gone")), places, sha256, tmp_path / "link/one")
    assert Path(found.units).samefile(given.units)


def vars_of(files: MapFiles, **changes: str) -> dict[str, object]:
    return {name: getattr(files, name) for name in files.__slots__} | changes


@pytest.mark.parametrize(
    "places", [None, 3, "x", [], {"units": 7}, {"units": {"relative": 5, "absolute": None}}, {}]
)
def test_places_that_make_no_sense_are_passed_over(places: object, tree: Path) -> None:
    files = MapFiles(units=str(tree / "data/map.gpkg"), id="id", blue=("yes",), red=("no",))
    with pytest.raises(MissingFileError, match="has changed"):
        located(files, places, {"units": "0" * 64}, tree)
    with pytest.raises(MissingFileError, match="is not found"):
        located(files.at({"units": "nowhere.gpkg"}), places, {}, tree)
