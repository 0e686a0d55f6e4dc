"""From Python: units, data sets and files of one's own, and what they are asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import partition
from partition.errors import InputError, ScenarioError
from partition.land.dataset import Dataset
from partition.land.exchange import read_plan
from partition.land.own_map import with_map
from partition.question.asking import ask
from partition.runs.run import default_folder
from partition.scenario import Overrides, Scenario
from shapefiles import MapFiles, write_assignment
from shapefiles.units import Units

FILES = MapFiles(units="map.gpkg", id="id", blue=("yes",), red=("no",), election="a referendum")


@pytest.fixture
def referendum(squares: Units) -> Units:
    return replace(squares, votes={"a referendum": squares.votes["2016"]})


def test_the_only_election_of_ones_own_units_is_the_one_meant(referendum: Units) -> None:
    run = partition.solve(data=referendum)
    assert run.scenario.election == "a referendum"
    assert run.report.ballot.sides == ("Blue", "Red")
    assert partition.solve(data=Dataset.of(referendum)).result.objective == run.result.objective
    with pytest.raises(ScenarioError, match=r"election = '2016'.*a referendum"):
        partition.solve(data=referendum, election=2016)
    # What a scenario of one's own names is not replaced.
    mine = replace(Scenario.shipped("counties"), name="mine")
    with pytest.raises(ScenarioError, match="election = '2016'"):
        partition.solve(mine, data=referendum)


def test_a_question_is_asked_about_other_files() -> None:
    asked = with_map(Scenario.shipped("counties"), FILES)
    assert (asked.name, asked.election, asked.data) == ("map", "a referendum", FILES)
    assert "county" not in asked.description.lower()
    assert asked.nations == Scenario.shipped("counties").nations
    elsewhere = with_map(Scenario.shipped("archipelago"), FILES)
    assert (elsewhere.name, elsewhere.nations.blue.pieces) == ("map-archipelago", "any")
    changed = with_map(asked, {"repair": True, "blue": ("maybe",)})
    assert changed.data == replace(FILES, repair=True, blue=("maybe",))
    assert changed.name == "map"
    assert with_map(asked, {}) == asked
    renamed = asked.override(election="another")
    assert renamed.data is not None
    assert renamed.data.election == "another"
    with pytest.raises(InputError, match="--units"):
        with_map(Scenario.shipped("counties"), {"blue": ("yes",)})
    with pytest.raises(ScenarioError, match=r"\[data\]: id is missing"):
        with_map(Scenario.shipped("counties"), {"units": "map.gpkg"})


def test_files_that_are_missing_are_an_error_of_input(tmp_path: Path) -> None:
    missing = replace(FILES, units=str(tmp_path / "map.gpkg"))
    with pytest.raises(InputError, match=r"map\.gpkg") as caught:
        partition.solve(data=missing)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["a/b: c?", "..", "/etc", "~", "été 2024", "-"])
def test_the_folder_of_a_run_stays_below_runs(name: str) -> None:
    counties = Scenario.shipped("counties")
    assert default_folder(replace(counties, name="x", election="y")) == Path("runs/x-y")
    for odd in (replace(counties, name=name, election=name), replace(counties, election=name)):
        folder = default_folder(odd)
        assert folder.parent == Path("runs")
        assert folder.name.strip(".")


def test_long_and_odd_columns_name_their_sides_within_a_line(
    referendum: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Found:
        units, repairs, hashes = referendum, (), {}

    monkeypatch.setattr("shapefiles.own.reading.read_map", lambda *_: Found)
    columns = tuple(f"party number {number}" for number in "abcdefghi")
    ballot = Dataset.read(replace(FILES, blue=columns, red=("a\nb",))).ballot("a referendum")
    assert len(ballot.blue) <= 30
    assert ballot.red == "A b"
    assert Dataset.read(FILES).ballot("2016").blue == "Clinton"


def test_a_plan_is_read_by_the_names_of_its_districts(
    squares: Units, tmp_path: Path, grid: Callable[..., Units]
) -> None:
    parts = np.array([1, 0, 0, 1, 1, 0], np.int8)
    write_assignment(squares, parts, tmp_path / "plan.csv")
    assert read_plan(tmp_path / "plan.csv", squares).assignment.tolist() == parts.tolist()
    swapped = read_plan(tmp_path / "plan.csv", squares, blue="2")
    assert swapped.assignment.tolist() == (1 - parts).tolist()
    with pytest.raises(InputError, match="is not a unit"):
        read_plan(tmp_path / "plan.csv", grid(1, 1, [1], [1]))


def test_without_anything_named_the_embedded_data_are_divided(dataset: Dataset) -> None:
    question = ask(Scenario.shipped("archipelago"), None, Overrides(election=2020))
    asked, data = question.scenario, question.dataset
    assert asked.election == "2020"
    assert data.hashes == dataset.hashes
