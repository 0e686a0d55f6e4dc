from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

import partition
from partition.errors import ScenarioError
from partition.land.dataset import Dataset
from partition.question.formulate import formulate
from partition.scenario import Scenario, shipped_names
from solvers.result import Status
from tests.partition.conftest import CODE

ELEVEN = {
    "counties",
    "archipelago",
    "confederation",
    "states",
    "calexit",
    "cascadia",
    "cascadia-counties",
    "canada",
    "compact",
    "balanced",
    "status-quo",
}

PIECES = 'blue.pieces = "any"'

WHOLE = """
title = "Mine"
description = "A scenario of my own."
election = 2020

[nations]
blue.pieces = "any"

[edges]
on = ["ferry", "sea"]
off = ["bridge"]

[limits]
time_limit = 5
gap = 0.01
seed = 7
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_shipped_scenario_loads_and_says_what_it_is_in_one_sentence() -> None:
    assert shipped_names()[0] == "counties"
    assert set(shipped_names()) == ELEVEN
    for name in shipped_names():
        scenario = Scenario.shipped(name)
        assert scenario.name == name
        assert scenario.description.endswith(".")
        assert "\n" not in scenario.description


def test_counties_asks_for_contiguous_nations_and_archipelago_for_none() -> None:
    counties, archipelago = Scenario.shipped("counties"), Scenario.shipped("archipelago")
    assert (counties.nations.blue.pieces, counties.nations.red.pieces) == (1, 1)
    assert (archipelago.nations.blue.pieces, archipelago.nations.red.pieces) == ("any", "any")


def test_every_key_of_a_file_arrives(tmp_path: Path) -> None:
    scenario = Scenario.load(write(tmp_path, WHOLE))
    assert (scenario.name, scenario.title, scenario.election) == ("mine", "Mine", "2020")
    assert (scenario.nations.blue.pieces, scenario.nations.red.pieces) == ("any", 1)
    assert (scenario.edges.on, scenario.edges.off) == (("ferry", "sea"), ("bridge",))
    limits = scenario.limits
    assert (limits.time_limit, limits.gap, limits.seed) == (5.0, 0.01, 7)


def test_a_scenario_written_out_as_a_table_reads_back_the_same(tmp_path: Path) -> None:
    scenario = Scenario.load(write(tmp_path, WHOLE))
    table = scenario.to_table()
    assert Scenario.from_table(table, table.pop("name")) == scenario


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("election = 2020", "elections = 2020", ["elections", "did you mean election"]),
        ("election = 2020", "name = 'x'", ["name"]),
        ('title = "Mine"', "", ["title is missing"]),
        ('title = "Mine"', 'title = "a\\nb"', ["title", "printable"]),
        (PIECES, "blue.peices = 2", ["nations.blue.peices", "did you mean pieces"]),
        (PIECES, "blue.pieces = 0", ["nations.blue.pieces = 0", "from 1", '"any"']),
        (PIECES, "blue.pieces = true", ["nations.blue.pieces = True", "whole number", '"any"']),
        (PIECES, "blue.pieces = 'all'", ["nations.blue.pieces = 'all'", '"any"']),
        (PIECES, "blue.sea_access = 1", ["nations.blue.sea_access = 1", "true or false"]),
        (PIECES, "blue.least.people = 0.4", ["nations.blue.least.people", "population, gdp"]),
        (PIECES, "blue.least.gdp = 40", ["nations.blue.least.gdp = 40", "from 0 to 1"]),
        (PIECES, "blue.most.area = nan", ["nations.blue.most.area = nan", "from 0 to 1"]),
        (PIECES, "blue.most.area = 'x'", ["nations.blue.most.area = 'x'", "a number"]),
        (
            PIECES,
            "blue.most.votes = 0.4\nblue.least.votes = 0.5",
            ["nations.blue.least.votes = 0.5", "most.votes = 0.4"],
        ),
        (PIECES, "blue = 3", ["nations.blue = 3", "table"]),
        ("[edges]", "[units]\nonly = ['']\n[edges]", ["units.only", "empty"]),
        ("[edges]", "[units]\nblue = 6\n[edges]", ["units.blue = 6", "list of texts"]),
        ("[edges]", "[units]\nrest = 'green'\n[edges]", ["units.rest = 'green'", '"blue"']),
        ("[edges]", "[neighbours]\ncuba = 'red'\n[edges]", ["neighbours.cuba", "canada, mexico"]),
        ("[edges]", "[neighbours]\ncanada = true\n[edges]", ["neighbours.canada", '"red"']),
        ("[edges]", "[weights]\nborder = -1\n[edges]", ["weights.border = -1", "0 or more"]),
        ("[edges]", "[weights]\nborder = nan\n[edges]", ["weights.border = nan", "finite"]),
        ("[edges]", "[weights]\nborder = inf\n[edges]", ["weights.border = inf", "finite"]),
        ("[edges]", "[weights]\nborder = 1e-9\n[edges]", ["weights.border = 1e-09", "1e-06"]),
        ("[edges]", "[weights]\nborder = 1e13\n[edges]", ["weights.border = 1", "1000000000000"]),
        (
            "[edges]",
            "[weights]\nself_determination = 0\n[edges]",
            ["weights.self_determination = 0: all", "above 0"],
        ),
        ('["ferry", "sea"]', '["fery"]', ["edges.on", "'fery'", "did you mean ferry"]),
        ('["ferry", "sea"]', '["bridge"]', ["edges.off", "edges.on", "'bridge'"]),
        ('["ferry", "sea"]', '"fery"', ["edges.on", "'fery'", "did you mean ferry"]),
        ('["ferry", "sea"]', "[1]", ["edges.on = 1", "text"]),
        ("time_limit = 5", "time_limit = -5", ["limits.time_limit = -5"]),
        ("time_limit = 5", "time_limit = nan", ["limits.time_limit = nan"]),
        ("time_limit = 5", "time_limit = inf", ["limits.time_limit = inf"]),
        ("time_limit = 5", "time_limit = true", ["limits.time_limit = True", "a number"]),
        ("time_limit = 5", f"time_limit = 1{'0' * 400}", ["limits.time_limit", "too large"]),
        ("gap = 0.01", "gap = 1.5", ["limits.gap = 1.5", "0 to 1"]),
        ("gap = 0.01", "gap = nan", ["limits.gap = nan"]),
        ("seed = 7", "seed = -1", ["limits.seed = -1"]),
        ("seed = 7", "seed = 4294967296", ["limits.seed = 4294967296", "4294967295"]),
        ("seed = 7", "seed = 1.5", ["limits.seed = 1.5", "whole number"]),
        ("seed = 7", "seed = ", ["not a TOML file"]),
        ("title", "\0title", ["not a TOML file"]),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_the_key_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, said: list[str]
) -> None:
    assert old in WHOLE
    path = write(tmp_path, WHOLE.replace(old, new, 1))
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(path)
    assert str(path) in str(caught.value)
    for words in said:
        assert words in str(caught.value)


def test_an_unknown_scenario_names_the_nearest_one() -> None:
    with pytest.raises(ScenarioError, match="did you mean counties"):
        Scenario.load("county")


def test_a_file_that_is_missing_huge_or_binary_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="Cannot read"):
        Scenario.load(tmp_path / "missing.toml")
    with pytest.raises(ScenarioError, match="Cannot read"):
        Scenario.load(tmp_path)
    with pytest.raises(ScenarioError, match="larger than"):
        Scenario.load(write(tmp_path, "#" * 2_000_000))
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="not a TOML file"):
        Scenario.load(tmp_path / "binary.toml")


def test_overriding_keeps_what_is_not_given_and_checks_what_is() -> None:
    counties = Scenario.shipped("counties")
    changed = counties.override(election=2024, seed=3)
    assert (changed.election, changed.limits.seed) == ("2024", 3)
    assert changed.limits.time_limit == counties.limits.time_limit
    assert counties.override() == counties
    with pytest.raises(ScenarioError, match="gap"):
        counties.override(gap=float("nan"))


def test_the_page_on_scenarios_shows_every_key_with_its_default(tmp_path: Path) -> None:
    page = (CODE / "docs" / "scenarios.md").read_text(encoding="utf-8")
    shown = page.split("```toml\n")[1].split("```")[0]
    path = write(tmp_path, shown)
    defaults = Scenario(name="mine", title="Two contiguous nations", description="One sentence.")
    assert Scenario.load(path) == defaults
    table = defaults.to_table()
    for key in [*table["units"], *table["weights"], *table["neighbours"], *table["limits"]]:
        assert key in shown or key == "iterations"


def test_the_scenario_of_the_readme_can_be_asked(tmp_path: Path) -> None:
    page = (CODE / "README.md").read_text(encoding="utf-8")
    shown = next(one for one in page.split("```toml\n")[1:] if "[nations]" in one).split("```")[0]
    formulation = formulate(Dataset.embedded().units, Scenario.load(write(tmp_path, shown)))
    assert formulation.scale == 1000
    assert formulation.problem.pieces == (1, 2)


REFERENCE = {"status-quo": 51.11, "calexit": 52.20, "states": 57.60, "archipelago": 64.78}
"""Shares of the votes of 2016 that are known without any search."""


@pytest.mark.parametrize(("name", "share"), REFERENCE.items())
def test_scenarios_with_a_known_answer_give_it(name: str, share: float, dataset: Dataset) -> None:
    run = partition.solve(name, data=dataset)
    assert run.result.status is Status.OPTIMAL
    assert round(100 * (run.report.self_determination or 0), 2) == share


def test_every_shipped_scenario_can_be_asked_of_every_election(dataset: Dataset) -> None:
    for name in shipped_names():
        for election in dataset.units.votes:
            scenario = Scenario.shipped(name).override(election=election)
            assert formulate(dataset.units, scenario).n_units == 3113
            assert scenario.limits.time_limit <= 60


def test_cascadia_by_counties_is_at_least_as_good_as_by_states(dataset: Dataset) -> None:
    whole = partition.solve("cascadia", data=dataset)
    parts = partition.solve("cascadia-counties", data=dataset)
    assert whole.result.status is parts.result.status is Status.OPTIMAL
    assert (parts.result.objective or 0) >= (whole.result.objective or 0)
    inside = np.isin(dataset.units.states, ["CA", "OR", "WA"])
    assert not parts.plan.assignment[~inside].any()
    assert (whole.plan.assignment == inside).all()


PAGE = 'title = "a"\ndescription = "b"\n'


@pytest.mark.parametrize(
    "line",
    [
        f"{'x' * 200_000} = 1",
        f"[weights]\n{'x' * 200_000} = 1",
        f"{'a.' * 50_000}a = 1",
        f"[{'a.' * 50_000}a]",
        '"a=" . ' * 50_000 + '"a" = 1',
        f"a = {{ {'b.' * 50_000}c = 1 }}",
        f"a = {'[' * 100_000}",
        f"a = {'9' * 100_000}",
    ],
)
def test_page_that_asks_too_much_is_refused_at_once_in_one_line(tmp_path: Path, line: str) -> None:
    started = time.monotonic()
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(write(tmp_path, f"{PAGE}{line}\n"))
    assert len(str(caught.value)) < 1000
    assert str(caught.value).isprintable()
    assert time.monotonic() - started < 10


def test_texts_may_have_as_many_dots_as_they_like(tmp_path: Path) -> None:
    dots = "." * 500
    text = f'title = "{dots}"\ndescription = \'a{dots}b\' # {dots}\n[units]\nblue = ["{dots}"]\n'
    assert Scenario.load(write(tmp_path, text)).title == dots
    numbers = PAGE + "[units]\nblue = [" + '"1.5", ' * 300 + "]\n"
    assert len(Scenario.load(write(tmp_path, numbers)).units.blue) == 300


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes that have names")
def test_pipe_is_no_scenario(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(ScenarioError, match="is a device or a pipe"):
        Scenario.load(tmp_path / "pipe.toml")


@pytest.mark.parametrize("key", ["base", "title", "description", "election"])
@pytest.mark.parametrize("table", ["weights", "limits", "nations", "data"])
def test_a_line_that_slipped_below_a_table_is_named_and_helped_by_moving_it(
    tmp_path: Path, key: str, table: str
) -> None:
    head = {"title": "A", "description": "B"} if key != "base" else {}
    value = {"base": "counties", "election": "2016"}.get(key, "A line")
    above = [f'{name} = "{text}"' for name, text in head.items() if name != key]
    tables = {"weights": "border = 2", "limits": "seed = 1", "nations": "blue.pieces = 2"}
    lines = [*above, f"[{table}]", tables.get(table, 'units = "map.gpkg"'), f'{key} = "{value}"']
    file = tmp_path / "mine.toml"
    file.write_text("\n".join(lines))
    with pytest.raises(ScenarioError, match=rf"{key} stands below \[{table}\].*write it above"):
        Scenario.load(str(file))
    if table != "data":
        file.write_text("\n".join([lines[-1], *lines[:-1]]))
        assert Scenario.load(str(file)).name == "mine"
