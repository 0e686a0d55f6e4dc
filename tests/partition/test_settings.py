"""Values of a scenario that are given one by one on the command line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from partition.errors import ScenarioError
from partition.scenario import Scenario
from partition.scenario.settings import read_settings

Command = Callable[..., subprocess.CompletedProcess[str]]
COUNTIES = Scenario.shipped("counties")


def test_any_key_can_be_set_as_in_a_file(tmp_path: Path) -> None:
    given = [
        "weights.border=0.5",
        "nations.blue.pieces = 4",
        'nations.red.pieces="any"',
        "nations.blue.least.gdp=0.25",
        'units.only=["CA", "OR"]',
        'neighbours.canada = "blue"',
        'title="Mine"',
    ]
    path = tmp_path / "counties.toml"
    lines = ['description = "As in a file."', 'title = "Mine"', *given[:-1]]
    path.write_text("\n".join(lines), encoding="utf-8")
    from_file = Scenario.load(path)
    set_here = COUNTIES.override(
        gap=0, settings=read_settings(given) | {"description": "As in a file."}
    )
    assert set_here == from_file


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["nations.blue.pieces=any"], "--set nations.blue.pieces=any: give KEY=VALUE"),
        (["border"], "--set border: give KEY=VALUE"),
        (["limits.gap=0.1"], "limits.gap has an option of its own, --gap"),
        (["limits.seed =1"], "--seed"),
        (["election=2020"], "--election"),
    ],
)
def test_a_setting_that_is_not_one_is_refused(given: list[str], said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_settings(given)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"weights.borders": 1}, "weights.borders is not a known key: did you mean border?"),
        ({"title.x": 1}, "title.x: title is no table"),
        ({"nations": 3}, "nations = 3: give a table"),
        ({"nations.blue.pieces.x": 3}, "nations.blue.pieces.x: nations.blue.pieces is no table"),
        ({"name": "x"}, "name: the name of a scenario is that of its file"),
    ],
)
def test_a_setting_of_nothing_known_is_refused(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        COUNTIES.override(settings=settings)
    assert said in str(caught.value)


def test_the_command_line_sets_values_and_records_them(command: Command, tmp_path: Path) -> None:
    done = command(
        *("solve", "calexit", "--quiet", "--out", "x"),
        *("--set", "weights.border=2", "--set", "units.blue=[]", "--set", "weights.status_quo=0.1"),
    )
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "x" / "run.json").read_text(encoding="utf-8"))
    assert document["scenario"]["weights"]["border"] == 2
    assert document["scenario"]["units"]["blue"] == []
    assert document["steps_per_vote"] == 1000
    total = sum(one["votes"] for one in document["goals"])
    assert total == pytest.approx(document["objective"] / 1000)
    report = (tmp_path / "x" / "report.md").read_text(encoding="utf-8")
    assert "Only California may choose; the rest stays in the red nation." in report
    assert "Length of the frontier" in report
    confirmed = command("verify", "x", "--json")
    assert json.loads(confirmed.stdout)["is_recounted"] is True
    wrong = command("solve", "calexit", "--set", "weights.border=-1")
    assert (wrong.returncode, len(wrong.stderr.splitlines())) == (2, 1)
    assert "weights.border = -1" in wrong.stderr
