"""Scenarios that nobody can meet: what is said before the search, and after it."""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import partition
from partition.errors import InfeasibleError, NoPlanError, ScenarioError
from partition.land.dataset import Dataset
from partition.question.diagnosis import TRIES, Answer, Trials, advise, clashing_group, relaxations
from partition.question.formulate import formulate
from partition.question.question import Question
from partition.runs.solving import LAST_SECONDS
from partition.scenario import Scenario
from shapefiles.units import Units
from solvers.contiguity import broken_constraint
from solvers.problem import Problem
from solvers.result import Limits, Result, Status
from tests.partition.conftest import build_grid

COUNTIES = Scenario.shipped("counties")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"units.blue": ["CA"], "units.red": ["06037"]},
            ['units.blue = "CA"', 'units.red = "06037"', "Los Angeles, CA (06037)", "drop one"],
        ),
        ({"units.blue": ["06"], "units.red": ["CA"]}, ["over California: drop"]),
        (
            {"units.only": ["TX"], "units.blue": ["CA", "OR"]},
            ['units.blue = "CA" and units.rest = "red"', "California"],
        ),
        (
            {"units.whole": ["CA"], "units.blue": ["06037"], "units.red": ["06029"]},
            ["keeps California whole", "Los Angeles, CA (06037)", "Kern, CA (06029)"],
        ),
        (
            {"units.blue": ["17031", "11001"], "units.only": ["17031", "11001"]},
            ["nations.blue.pieces = 1", 'units.rest = "red"', "District of Columbia", "Cook, IL"],
        ),
        (
            {"units.red": ["53", "16", "30", "38", "27", "26", "36", "50", "33", "23"],
             "neighbours.canada": "blue", "units.blue": ["06037"]},
            ["keep apart Los Angeles, CA (06037); Canada", "(units.red)"],
        ),
        (
            {"nations.blue.least.population": 0.6, "nations.red.least.population": 0.5},
            ["nations.blue.least.population and nations.red.least.population", "more", "people"],
        ),
        (
            {"units.only": ["CA"], "nations.blue.least.population": 0.3},
            ["would need 30.00% of the people", 'units.rest = "red" leaves it 12.13%'],
        ),
        (
            {"units.only": [], "units.rest": "blue", "nations.red.sea_access": True},
            ["nations.red.sea_access", "a unit on the sea", "leaves it none"],
        ),
        ({"units.blue": ["ZZ"]}, ["units.blue holds 'ZZ'", "a state (AK to WY)", "(01001)"]),
        ({"units.only": ["6037"]}, ["units.only holds '6037'"]),
        ({"units.whole": ["state"]}, ["units.whole holds 'state'"]),
    ],
)  # fmt: skip
def test_constraints_that_clash_are_named_with_counties_and_states(
    dataset: Any, settings: dict[str, Any], said: list[str]
) -> None:
    with pytest.raises(ScenarioError) as caught:
        formulate(dataset.units, COUNTIES.override(settings=settings))
    for words in said:
        assert words in str(caught.value)


def on(units: Units, scenario: Scenario) -> Question:
    return Question(scenario, Dataset.of(units))


UNITS = build_grid(3, 2, blue=[90, 60, 20, 80, 30, 10], red=[10, 40, 80, 20, 70, 90])
NAMES = st.lists(st.sampled_from(["00000", "00002", "00003", "00004", "00005", "B"]), max_size=2)


@given(
    blue=NAMES,
    red=NAMES,
    whole=NAMES,
    pieces=st.tuples(st.sampled_from([1, 2]), st.sampled_from([1, 2])),
    share=st.sampled_from([None, 0.3, 0.9]),
)
def test_nothing_is_called_contradictory_that_has_a_plan(
    blue: list[str],
    red: list[str],
    whole: list[str],
    pieces: tuple[int, int],
    share: float | None,
) -> None:
    free = COUNTIES.override(
        settings={"nations.blue.pieces": pieces[0], "nations.red.pieces": pieces[1]}
    )
    bound = {"units.blue": blue, "units.red": red, "units.whole": whole}
    is_refused = False
    try:
        formulate(UNITS, free.override(settings=bound | {"nations.blue.least.votes": share}))
    except ScenarioError:
        is_refused = True
    assert not (is_refused and _has_plan(free, bound, share))


def _has_plan(free: Scenario, bound: dict[str, list[str]], share: float | None) -> bool:
    """Look at every plan, with places and shares read once more."""
    problem = formulate(UNITS, free).problem
    votes, ids = UNITS.votes["2016"].sum(axis=1), UNITS.ids.tolist()
    rows = {
        key: [[ids.index(one)] if one in ids else [2, 5] for one in names]
        for key, names in bound.items()
    }
    for plan in itertools.product([0, 1], repeat=6):
        held = np.array(plan, np.int8)
        if (
            all(plan[row] == 1 for place in rows["units.blue"] for row in place)
            and all(plan[row] == 0 for place in rows["units.red"] for row in place)
            and all(len({plan[row] for row in place}) == 1 for place in rows["units.whole"])
            and (share is None or votes[held == 1].sum() >= share * votes.sum())
            and broken_constraint(problem, held) is None
        ):
            return True
    return False


def test_an_infeasible_scenario_is_told_which_constraint_to_relax(squares: Units) -> None:
    # Both ends of the upper row are blue, the middle column red: no clash of two keys alone.
    asked = COUNTIES.override(
        settings={"units.blue": ["00000", "00002"], "nations.red.least.votes": 0.9}
    )
    with pytest.raises(ScenarioError, match="leaves it 66"):
        partition.solve(asked, data=squares)
    asked = COUNTIES.override(
        settings={"units.blue": ["00000", "00002"], "nations.red.least.votes": 0.5}
    )
    with pytest.raises(InfeasibleError) as caught:  # the third blue one makes it 50 to 50 at best
        partition.solve(asked.override(settings={"units.whole": ["00001", "A"]}), data=squares)
    for words in (
        "units.whole",
        "nations.red.least.votes = 0.5",
        "units.blue",
        "relax one of them",
    ):
        assert words in str(caught.value)
    assert "nations.blue.pieces" not in str(caught.value)


def test_advice_names_constraints_that_clash_where_no_single_one_is_the_reason(
    squares: Units,
) -> None:
    # Squares come in sixths of the area; nobody has 18 of the 1,800 people.
    settings = {
        "nations.blue.least.area": 0.4,
        "nations.blue.most.area": 0.45,
        "nations.blue.least.population": 0.01,
        "nations.blue.most.population": 0.0101,
    }
    asked = COUNTIES.override(settings=settings)
    with pytest.raises(InfeasibleError) as caught:
        partition.solve(asked, data=squares)
    assert str(caught.value).endswith(
        "No plan meets nations.blue.least.area = 0.4 and nations.blue.most.area = 0.45 together: "
        "relax one of them. Others may clash as well, and are named then."
    )
    advice = advise(on(squares, asked), should_stop=lambda: True)
    assert advice == "Which constraint to relax was not found out."


def test_the_reason_is_sought_no_longer_than_the_limit_and_a_second(
    squares: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_searches = 0

    def search(
        _problem: Problem, _limits: Limits, *, should_stop: Callable[[], bool] | None, **_: object
    ) -> Result:
        nonlocal n_searches
        n_searches += 1
        while n_searches > 1 and should_stop is not None and not should_stop():
            time.sleep(0.01)
        return Result(None, Status.UNKNOWN, None, None, 6.0, 0)

    monkeypatch.setattr("solvers.solve.solve", search)
    began = time.monotonic()
    with pytest.raises(NoPlanError, match=r"No plan was found in 6.0 s.* was not found out"):
        partition.solve(COUNTIES, time_limit=6.0, data=squares)
    assert n_searches > 1
    assert time.monotonic() - began < LAST_SECONDS + 5.0


def test_a_constraint_that_no_plan_meets_is_named_alone(squares: Units) -> None:
    inland = replace(squares, attributes={**squares.attributes, "sea_coast": np.zeros(6)})
    settings = {"nations.blue.sea_access": True, "nations.red.sea_access": True}
    assert advise(on(inland, COUNTIES.override(settings=settings))) == (
        "No plan meets nations.red.sea_access, whatever else is asked: relax that. Others may "
        "clash as well, and are named then."
    )


def test_what_is_not_proven_is_not_called_a_clash(
    squares: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = COUNTIES.override(settings={"nations.blue.least.area": 0.4, "units.blue": ["00000"]})
    said: dict[frozenset[str], Answer] = {}
    names = list(dict(relaxations(asked)))
    assert len(names) == 4

    def answer(trials: Trials, dropped: Collection[str]) -> Answer:
        return said.get(frozenset(dropped), Answer.UNKNOWN)

    monkeypatch.setattr(Trials, "without", answer)
    assert advise(on(squares, asked)).startswith(
        "Relax two or more of its constraints: without any"
    )
    said[frozenset(names[:1])] = Answer.NO_PLAN
    assert advise(on(squares, asked)) == (
        f"No plan meets {names[1]}, {names[2]} and {names[3]} together: relax one of them, though "
        "some of them may not matter."
    )


def test_a_clash_that_is_proven_only_without_contiguity_is_found(
    squares: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"nations.blue.least.area": 0.4, "nations.red.least.votes": 0.7}
    asked = COUNTIES.override(settings=settings)
    names = dict(relaxations(asked))
    pieces = {name for name in names if "pieces" in name}
    limits = [name for name in names if name not in pieces]
    assert (len(pieces), len(limits)) == (2, 2)

    def answer(_: Trials, dropped: Collection[str]) -> Answer:
        if not pieces <= set(dropped):  # too hard to tell, with a nation in one piece
            return Answer.UNKNOWN
        return Answer.NO_PLAN if pieces == set(dropped) else Answer.PLAN

    monkeypatch.setattr(Trials, "without", answer)
    assert clashing_group(Trials(on(squares, asked))) == (limits, True)


MENU: list[dict[str, Any]] = [
    *({f"nations.{side}.pieces": "any"} for side in ("blue", "red")),
    *(
        {f"nations.{side}.{limit}.{quantity}": share}
        for side in ("blue", "red")
        for limit, shares in (("least", (0.3, 0.55, 0.9)), ("most", (0.1, 0.45, 0.7)))
        for quantity in ("population", "area", "votes")
        for share in shares
    ),
    *(
        {f"units.{key}": places}
        for key in ("blue", "red", "whole", "only")
        for places in (["00000", "00002"], ["00004"], ["A"], ["B", "00000"])
    ),
]


def meets(plan: tuple[int, ...], key: str, value: Any) -> bool:
    """Whether a plan of the six squares meets one constraint, read once more."""
    table, name, *rest = key.split(".")
    held, ids = np.array(plan), UNITS.ids.tolist()
    if table == "units":
        rows = [[ids.index(one)] if one in ids else
                [row for row in range(6) if UNITS.states[row] == one] for one in value]  # fmt: skip
        if name == "whole":
            return all(len(set(held[place].tolist())) == 1 for place in rows)
        named = [row for place in rows for row in place]
        if name == "only":
            return all(plan[row] == 0 for row in range(6) if row not in named)
        return all(plan[row] == (name == "blue") for row in named)
    mine = held == (name == "blue")
    if rest == ["pieces"]:
        graph = nx.Graph(UNITS.edges.pairs.tolist()).subgraph(np.flatnonzero(mine).tolist())
        return value == "any" or nx.number_connected_components(graph) <= value
    side, quantity = rest
    amounts = UNITS.votes["2016"].sum(axis=1) if quantity == "votes" else UNITS.attributes[quantity]
    share = amounts[mine].sum() / amounts.sum()
    return bool(share >= value) if side == "least" else bool(share <= value)


PLANS = list(itertools.product([0, 1], repeat=6))


def met_by(scenario: Scenario) -> dict[str, np.ndarray]:
    """For each constraint of a scenario the plans of the six squares that meet it."""
    table = scenario.to_table()
    found = {}
    for name, settings in relaxations(scenario):
        (key,) = settings
        value = functools.reduce(lambda one, part: one[part], key.split("."), table)
        found[name] = np.array([meets(plan, key, value) for plan in PLANS])
    return found


def is_met(met: dict[str, np.ndarray], names: Collection[str]) -> bool:
    """Whether any plan meets some constraints together."""
    return bool(np.all([np.ones(len(PLANS), bool), *(met[name] for name in names)], axis=0).any())


def without_a_plan(n_wanted: int, *, is_one_enough: bool) -> list[Scenario]:
    """Draw scenarios that no plan meets, where dropping one constraint is enough, or is not."""
    rng = np.random.default_rng(7)
    found: list[Scenario] = []
    while len(found) < n_wanted:
        drawn = [MENU[place] for place in rng.choice(len(MENU), 7, replace=False)]
        try:
            asked = COUNTIES.override(settings={key: one[key] for one in drawn for key in one})
        except ScenarioError:  # a limit above its own counterpart
            continue
        met = met_by(asked)
        names = set(met)
        if not is_met(met, names) and is_one_enough == any(
            is_met(met, names - {name}) for name in names
        ):
            found.append(asked)
    return found


def test_constraints_that_are_enough_to_drop_are_all_named() -> None:
    for asked in without_a_plan(8, is_one_enough=True):
        met = met_by(asked)
        names = list(met)
        enough = [name for name in names if is_met(met, set(names) - {name})]
        advice = advise(on(UNITS, asked))
        assert advice.startswith(f"There are plans without {enough[0]}")
        for name in names:
            assert (name in advice) == (name in enough)


def test_a_group_that_is_named_clashes_and_none_of_it_can_be_spared() -> None:
    sizes = set()
    for asked in without_a_plan(25, is_one_enough=False):
        group, is_least = clashing_group(Trials(on(UNITS, asked)))
        assert is_least
        met = met_by(asked)
        assert not is_met(met, group)
        for name in group:
            assert is_met(met, set(group) - {name})
        sizes.add(len(group))
    assert sizes >= {2, 3}


def test_there_are_few_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, *_ = without_a_plan(1, is_one_enough=False)
    calls: list[Question] = []

    def count(question: Question, _: object) -> Answer:
        calls.append(question)
        return Answer.NO_PLAN if len(calls) % 2 else Answer.PLAN

    monkeypatch.setattr("partition.question.diagnosis._try", count)
    trials = Trials(on(UNITS, asked))
    names = list(trials.constraints)
    for some in itertools.combinations(names, 2):
        trials.without(some)
        trials.without(some[::-1])  # asked twice, searched once
    n_pairs = len(names) * (len(names) - 1) // 2
    assert len(calls) == min(n_pairs, TRIES * len(names))
    clashing_group(trials)
    assert len(calls) <= TRIES * len(names)


def test_dropping_each_constraint_leaves_a_scenario_that_asks_for_less() -> None:
    everything = COUNTIES.override(
        settings={
            "nations.blue.least.gdp": 0.1,
            "nations.red.most.area": 0.9,
            "nations.red.sea_access": True,
            "units.blue": ["VT"],
            "units.red": ["TX"],
            "units.whole": ["states"],
            "units.only": ["VT", "TX"],
            "neighbours.mexico": "red",
            "edges.off": ["ferry"],
        }
    )
    dropped = dict(relaxations(everything))
    assert len(dropped) == 11
    for settings in dropped.values():
        remaining = dict(relaxations(everything.override(settings=settings)))
        assert len(remaining) == 10
        assert remaining.keys() < dropped.keys()
