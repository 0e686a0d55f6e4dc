"""Places by their names: what each stands for, and what is asked where several have it."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from partition.errors import ScenarioError
from partition.question.asking import ask
from partition.question.gazetteer import Gazetteer, spelled
from partition.scenario import Scenario
from shapefiles.embedded.read import load_states, load_united_states
from tests.partition.conftest import Invoke, build_grid

UNITS = load_united_states()
GAZETTEER = Gazetteer(UNITS)
FRAME = pd.DataFrame({"id": UNITS.ids, "name": UNITS.names, "state": UNITS.states})
COUNTIES = Scenario.shipped("counties")


def spell(name: str) -> str:
    return GAZETTEER.spell(name, "units.blue")


def test_every_name_means_what_pandas_finds_or_is_asked() -> None:
    """All 3,113 units and 51 states by their names: the one place that has it, or a question."""
    states = {
        state.name.casefold(): code
        for code, state in load_states().items()
        if (FRAME["state"] == code).sum() > 1
    }
    units = FRAME.groupby(FRAME["name"].str.casefold())["id"].agg(set).to_dict()
    for name in units | states:
        meant = units.get(name, set()) | ({states[name]} if name in states else set())
        if len(meant) == 1:
            assert {GAZETTEER.spell(name.upper(), "x")} == meant
        else:
            with pytest.raises(
                ScenarioError, match=f"which {len(meant)} places are called"
            ) as told:
                GAZETTEER.spell(name, "x")
            if name in states:  # a state is always among those that are listed
                assert f" {states[name]} (" in str(told.value)
    in_full = FRAME.groupby(FRAME["name"].str.casefold() + ", " + FRAME["state"])["id"].agg(list)
    for name, ids in in_full.items():
        if len(ids) == 1:
            assert GAZETTEER.spell(str(name), "x") == ids[0]


def test_every_remedy_of_a_name_that_several_places_have_works() -> None:
    with pytest.raises(ScenarioError) as told:
        spell("Orange")
    offered = re.findall(r"(\w+) \((\w+), (\w+)\)", str(told.value))
    assert len(offered) == 5
    for unit, name, state in offered:
        assert spell(unit) == spell(f"{name}, {state}") == unit


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CA", "CA"),
        ("california", "CA"),
        ("06", "06"),
        ("06037", "06037"),
        ("all", "all"),
        ("states", "states"),
        ("Los  Angeles County", "06037"),
        ("Orange,California", "06059"),
        ("District of Columbia", "11001"),
    ],
)
def test_a_place_is_known_by_its_name_in_any_spelling(name: str, meant: str) -> None:
    assert spell(name) == meant


def test_a_name_nearly_right_is_answered_with_the_right_one() -> None:
    asked = COUNTIES.but(**{"units.blue": ["Californa"]})
    with pytest.raises(ScenarioError, match=r"Did you mean CA \(California\)\?$"):
        _ = ask(asked).formulation


def test_of_names_as_nearly_right_a_states_is_the_one_that_is_meant() -> None:
    """All 50 states of several units, each with letters that were mistyped."""
    rng, codes = np.random.default_rng(20261127), load_states()
    typed = [("OR", "oregan")]  # as like Oregon as Reagan, a county of Texas
    for code in [one for one in codes if (FRAME["state"] == one).sum() > 1]:
        name = codes[code].name.casefold()
        at, letter = int(rng.integers(len(name))), chr(ord("a") + int(rng.integers(26)))
        typed.append((code, name[:at] + letter + name[at + 1 :]))
    suggestions = 0
    for code, name in typed:
        try:
            found = GAZETTEER.find(spell(name), "units.blue").tolist()
        except ScenarioError as error:
            if "Did you mean" not in str(error):
                continue
            suggestions += 1
            meant = str(error).split("Did you mean ")[1]
            if meant.startswith(f"{code} ("):
                continue
            suggested = re.match(r"\w+ \((.*?)[,)]", meant)
            assert suggested is not None
            nearer, state = (
                difflib.SequenceMatcher(None, one.casefold(), name).ratio()
                for one in (suggested[1], codes[code].name)
            )
            assert nearer > state
        else:  # a letter in its own place, or the name of another county
            assert len(found)
    assert suggestions > 40


def test_two_spellings_of_a_question_are_one_question() -> None:
    by_name = COUNTIES.but(**{"units.blue": ["California", "Travis"], "units.only": ["Vermont"]})
    by_code = COUNTIES.but(**{"units.blue": ["CA", "48453"], "units.only": ["VT"]})
    assert ask(by_name).identity == ask(by_code).identity
    assert ask(by_name).scenario.units == by_code.units
    assert ask(by_name).scenario.units != by_name.units


def test_an_id_is_never_taken_for_another_units_name() -> None:
    """On a map of one's own a unit may be called what another one has for an id."""
    grid = build_grid(2, 1, blue=[1, 2], red=[2, 1])
    units = replace(grid, names=np.array([grid.ids[1], grid.ids[0]]))
    asked = COUNTIES.but(**{"units.blue": [str(grid.ids[0])]})
    assert spelled(asked, units).units.blue == (str(grid.ids[0]),)


def test_names_reach_the_command_line(invoke: Invoke) -> None:
    code, _, stderr = invoke("solve", "--set", "units.blue=Orange", "--quiet")
    assert code == 2
    assert "units.blue holds 'Orange', which 8 places are called: give one of 06059" in stderr
