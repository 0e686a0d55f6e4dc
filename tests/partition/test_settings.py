"""Values of a scenario that are given one by one on the command line."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partition.errors import ScenarioError
from partition.scenario import Scenario
from partition.scenario.keys import TABLES, find_keys, known_keys, short_name
from partition.scenario.settings import read_settings

Invoke = Callable[..., tuple[int, str, str]]
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
        (["border"], "--set border: give KEY=VALUE"),
        (["border=5 votes"], "--set border=5 votes: 5 votes is neither a number nor a word"),
        (["bordr=5"], "--set bordr=5: bordr is not a known key: did you mean border (votes a km)?"),
        (["weights.borders=5"], "did you mean border (votes a km)?"),
        (["population=0.4"], "population can be nations.blue.least.population, nations.blue.most"),
        (["limits.gap=0.1"], "limits.gap has an option of its own, --gap"),
        (["limits.seed =1"], "--seed"),
        (["election=2020"], "--election"),
    ],
)
def test_a_setting_that_is_not_one_is_refused(given: list[str], said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_settings(given)
    assert said in str(caught.value)


def test_a_file_of_notepad_is_read_and_a_key_set_twice_refused(tmp_path: Path) -> None:
    lines = 'base = "counties"\n[limits]\nseed = 3\n'
    (tmp_path / "mine.toml").write_text(lines, "utf-8-sig")
    assert Scenario.load(tmp_path / "mine.toml").limits.seed == 3
    for again in ("border=4", "weights.border=3"):
        with pytest.raises(ScenarioError, match=r"weights\.border is given twice; give it once"):
            read_settings(["border=3", again])


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


def test_the_command_line_sets_values_and_records_them(invoke: Invoke, tmp_path: Path) -> None:
    code, _, stderr = invoke(
        *("solve", "calexit", "--quiet", "--out", "x"),
        *("--set", "weights.border=2", "--set", "units.blue=[]", "--set", "weights.status_quo=0.1"),
    )
    assert code == 0, stderr
    document = json.loads((tmp_path / "x" / "run.json").read_text(encoding="utf-8"))
    assert document["scenario"]["weights"]["border"] == 2
    assert document["scenario"]["units"]["blue"] == []
    assert document["steps_per_vote"] == 1000
    total = sum(one["votes"] for one in document["goals"])
    assert total == pytest.approx(document["objective"] / 1000)
    report = (tmp_path / "x" / "report.md").read_text(encoding="utf-8")
    assert "Only California may choose; the rest stays in the red nation." in report
    assert "Length of the frontier" in report
    _, stdout, _ = invoke("verify", "x", "--json")
    assert json.loads(stdout)["is_recounted"] is True
    code, _, stderr = invoke("solve", "calexit", "--set", "weights.border=-1")
    assert (code, len(stderr.splitlines())) == (2, 1)
    assert "weights.border = -1" in stderr


# -- Scenarios varied in their name ---------------------------------------------------------------

LEAVES = sorted(known_keys(Scenario))
VALUES = {
    "weights.border": st.floats(1e-6, 1e9),
    "weights.cut_edges": st.integers(0, 10**9),
    "nations.blue.pieces": st.sampled_from([1, 7, "any"]),
    "nations.red.least.population": st.floats(0, 1),
    "units.blue": st.lists(st.sampled_from(["CA", "06037", "a,b", 'quo"te']), max_size=3),
    "units.rest": st.sampled_from(["red", "blue"]),
    "neighbours.canada": st.sampled_from(["red", "blue"]),
    "nations.red.sea_access": st.booleans(),
    "election": st.sampled_from(["2016", "2020", "2024"]),
    "limits.seed": st.integers(0, 99),
}
variations = st.dictionaries(st.sampled_from(sorted(VALUES)), st.none(), min_size=1).flatmap(
    lambda keys: st.fixed_dictionaries({key: VALUES[key] for key in keys})
)


@settings(max_examples=300, deadline=None)
@given(variations)
def test_the_name_of_a_variation_is_what_a_person_types_to_get_it_again(
    values: dict[str, Any],
) -> None:
    varied = COUNTIES.varied(values)
    again = Scenario.load(varied.name)
    assert again == varied
    set_here = COUNTIES.override(settings=values)
    assert dataclasses.replace(varied, name=set_here.name, title=set_here.title) == set_here
    assert varied.stem == "counties"


@settings(max_examples=100, deadline=None)
@given(variations, variations)
def test_a_variation_of_a_variation_is_one_variation(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    twice = COUNTIES.varied(first).varied(second)
    once = COUNTIES.varied({**first, **second})
    assert twice.name == once.name
    assert dataclasses.replace(twice, title=once.title) == once


@pytest.mark.parametrize("key", LEAVES)
def test_every_key_has_a_short_name_that_means_it_alone(key: str) -> None:
    short = short_name(key, LEAVES)
    assert find_keys(short, LEAVES) == (key,)
    others = [one for one in LEAVES if one.endswith(f".{short}") and one.split(".", 1)[0] in TABLES]
    assert short == key or others == [key]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("counties@", "counties@: say after the @ what is varied"),
        ("counties@border", "give KEY=VALUE"),
        ("counties@bordr=5", "did you mean border (votes a km)?"),
        ("counties@border=5,border=6", "weights.border is given twice"),
        ("counties@pieces=2,blue.pieces=3", "nations.blue.pieces is given twice"),
        ("counties@border=-1", "weights.border = -1"),
        ("countys@border=1", "did you mean counties?"),
    ],
)
def test_a_variation_that_is_none_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_python_varies_by_the_ends_of_keys() -> None:
    varied = COUNTIES.but(border=50, blue_pieces="any", **{"red.least.gdp": 0.25})
    assert varied.weights.border == 50
    assert (varied.nations.blue.pieces, varied.nations.red.pieces) == ("any", 1)
    assert varied.nations.red.least.gdp == 0.25
    assert varied.name == "counties@border=50,blue.pieces=any,red.least.gdp=0.25"
    assert COUNTIES.but(pieces=2).nations.red.pieces == 2
    assert COUNTIES.but() == COUNTIES
    with pytest.raises(ScenarioError, match="did you mean border"):
        COUNTIES.but(boarder=1)


def test_a_file_may_say_only_what_differs_from_its_base(tmp_path: Path) -> None:
    (tmp_path / "first.toml").write_text(
        'base = "counties@blue.pieces=2"\ntitle = "First"\n[weights]\nborder = 5\n'
    )
    (tmp_path / "second.toml").write_text('base = "first.toml"\n[limits]\nseed = 3\n')
    second = Scenario.load(tmp_path / "second.toml")
    assert (second.name, second.title, second.weights.border) == ("second", "First", 5)
    assert (second.nations.blue.pieces, second.limits.seed) == (2, 3)
    assert second.description == COUNTIES.description
    (tmp_path / "map.toml").write_text(
        'base = "counties"\n[data]\nunits = "a.gpkg"\nid = "id"\nblue = ["b"]\nred = ["r"]\n'
    )
    assert Scenario.load(tmp_path / "map.toml").election == "votes"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('base = "a.toml"', "leads back to a.toml"),
        ('base = "x/../a.toml"', "leads back to a.toml"),
        ('base = "countys"', "did you mean counties?"),
        ("base = 3", "base = 3: give the name of a scenario"),
        ('base = "none.toml"', "Cannot read the scenario"),
        ('base = "counties"\n[weights]\nborders = 3', "weights.borders is not a known key"),
    ],
)
def test_a_base_that_is_none_is_refused(tmp_path: Path, lines: str, said: str) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "a.toml").write_text(lines)
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(tmp_path / "a.toml")
    assert said in str(caught.value)


def test_two_weightings_of_one_scenario_are_compared(invoke: Invoke, tmp_path: Path) -> None:
    asked = ("archipelago", "archipelago@border=50")
    code, stdout, stderr = invoke("compare", *asked, "--json")
    assert code == 0, stderr
    plans = json.loads(stdout)["plans"]
    assert [one["label"] for one in plans] == list(asked)
    assert plans[0]["border_km"] > plans[1]["border_km"]
    folders = sorted(one.name for one in (tmp_path / "runs").iterdir() if one.name[0] != ".")
    assert folders[0].startswith("archipelago-2016-")
    assert folders[1].startswith("archipelago-2016-border50-")
