"""Constraints of scenarios, against every plan of small countries and figures of the large one."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import partition
from partition.errors import ScenarioError
from partition.question.formulate import formulate
from partition.scenario import Scenario
from shapefiles.units import Units
from solvers.contiguity import broken_constraint
from solvers.plan import Plan
from solvers.result import Status
from tests.partition.conftest import build_grid

COUNTIES = Scenario.shipped("counties")
FREE = {"nations.blue.pieces": "any", "nations.red.pieces": "any"}


def build_squares() -> Units:
    """Two rows of three squares: 00000 to 00002 above, states A, A, B from left to right."""
    units = build_grid(3, 2, blue=[90, 60, 20, 80, 30, 10], red=[10, 40, 80, 20, 70, 90])
    sea = np.array([1.0, 0, 0, 0, 0, 5])
    canada = np.array([True, False, True, False, False, False])
    return replace(
        units, attributes={**units.attributes, "sea_coast": sea, "borders_canada": canada}
    )


def allowed(units: Units, settings: dict[str, Any]) -> set[tuple[int, ...]]:
    """List the plans that meet the constraints of a scenario, by the solver's referee."""
    formulation = formulate(units, COUNTIES.override(settings=settings))
    fixed = tuple(formulation.problem.fixed[units.n_units :].tolist())
    return {
        plan
        for plan in itertools.product([0, 1], repeat=units.n_units)
        if broken_constraint(formulation.problem, np.array(plan + fixed, np.int8)) is None
    }


def plans(units: Units, is_allowed: Callable[[tuple[int, ...]], bool]) -> set[tuple[int, ...]]:
    return set(filter(is_allowed, itertools.product([0, 1], repeat=units.n_units)))


def test_places_are_fixed_by_the_name_of_a_unit_a_state_or_everything() -> None:
    units = build_squares()
    states = units.states.tolist()
    assert allowed(units, FREE | {"units.blue": ["00004"]}) == plans(units, lambda p: p[4] == 1)
    assert allowed(units, FREE | {"units.red": ["B", "00000"]}) == plans(
        units, lambda p: p[0] == 0 and all(p[i] == 0 for i in range(6) if states[i] == "B")
    )
    assert allowed(units, FREE | {"units.blue": ["all"]}) == {(1,) * 6}
    assert allowed(units, FREE | {"units.blue": ["00"]}) == {(1,) * 6}  # as a state's FIPS code


def test_only_some_may_choose_and_the_rest_stays_where_it_is_put() -> None:
    units = build_squares()
    assert allowed(units, FREE | {"units.only": ["A"]}) == plans(units, lambda p: p[2] + p[5] == 0)
    stays = {"units.only": ["00001"], "units.rest": "blue"}
    assert allowed(units, FREE | stays) == plans(units, lambda p: sum(p) - p[1] == 5)
    assert allowed(units, FREE | {"units.only": []}) == {(0,) * 6}


def test_places_stay_whole_and_merge_where_they_share_a_unit() -> None:
    units = build_squares()
    assert allowed(units, FREE | {"units.whole": ["states"]}) == plans(
        units, lambda p: p[0] == p[1] == p[3] == p[4] and p[2] == p[5]
    )
    assert allowed(units, FREE | {"units.whole": ["B", "00000"]}) == plans(
        units, lambda p: p[2] == p[5]
    )
    assert len(allowed(units, FREE | {"units.whole": ["all", "A"]})) == 2


SHARES = st.sampled_from([None, 0.0, 0.1, 0.25, 0.3, 1 / 3, 0.5, 0.65, 1.0])


@given(least=st.tuples(SHARES, SHARES), most=st.tuples(SHARES, SHARES), key=st.integers(0, 3))
def test_shares_are_kept_by_each_nation(
    least: tuple[float | None, ...], most: tuple[float | None, ...], key: int
) -> None:
    units = build_squares()
    quantity = ("population", "gdp", "votes", "area")[key]
    held = {
        "votes": units.votes["2016"].sum(axis=1),
        **{name: units.attributes[name] for name in ("population", "gdp", "area")},
    }[quantity]
    total = int(held.sum())

    def is_kept(plan: tuple[int, ...]) -> bool:
        for nation in (0, 1):
            share = Fraction(int(held[np.array(plan) == 1 - nation].sum()), total)
            low, high = least[nation], most[nation]
            # Shares are decimals: 0.3333333333333333 is less than a third.
            if low is not None and share < Fraction(repr(low)):
                return False
            if high is not None and share > Fraction(repr(high)):
                return False
        return True

    settings = dict(FREE)
    for nation, name in enumerate(("blue", "red")):
        settings[f"nations.{name}.least.{quantity}"] = least[nation]
        settings[f"nations.{name}.most.{quantity}"] = most[nation]
    wanted = plans(units, is_kept)
    try:
        found = allowed(units, settings)
    except ScenarioError:  # the shares contradict each other, which only such may that leave none
        found = set()
    assert found == wanted


def test_each_nation_that_must_reach_the_sea_does() -> None:
    units = build_squares()
    blue, red = {"nations.blue.sea_access": True}, {"nations.red.sea_access": True}
    assert allowed(units, FREE | blue) == plans(units, lambda p: p[0] + p[5] > 0)
    assert allowed(units, FREE | red) == plans(units, lambda p: p[0] + p[5] < 2)
    assert allowed(units, FREE | blue | red) == plans(units, lambda p: p[0] + p[5] == 1)
    with pytest.raises(ScenarioError, match=r"nations\.red\.sea_access needs the sea coast"):
        allowed(build_grid(2, 1, [1, 2], [2, 1]), red)


def in_pieces(units: Units, plan: tuple[int, ...], beyond: set[int]) -> list[int]:
    """Count the pieces of red and blue by networkx, blue ones joined through some units."""
    graph = nx.Graph(units.edges.pairs.tolist())
    graph.add_edges_from((row, "beyond") for row in beyond)
    nodes = [[i for i in range(units.n_units) if plan[i] == part] for part in (0, 1)]
    if beyond:
        nodes[1].append("beyond")
    return [nx.number_connected_components(graph.subgraph(one)) for one in nodes]


@pytest.mark.parametrize("most", [(1, 1), (1, 2), (2, 1), (2, 2)])
def test_a_nation_has_no_more_pieces_than_it_may(most: tuple[int, int]) -> None:
    units = build_squares()
    settings = {"nations.red.pieces": most[0], "nations.blue.pieces": most[1]}
    assert allowed(units, settings) == plans(
        units, lambda p: all(n <= m for n, m in zip(in_pieces(units, p, set()), most, strict=True))
    )


def test_a_neighbour_connects_the_units_of_its_nation_and_is_cut_off_again() -> None:
    units = build_squares()
    settings = {"neighbours.canada": "blue"}
    assert allowed(units, settings) == plans(units, lambda p: max(in_pieces(units, p, {0, 2})) <= 1)
    formulation = formulate(units, COUNTIES.override(settings=settings))
    assert formulation.ids[-1] == "CANADA"
    assert formulation.problem.n_units == 7
    run = partition.solve(COUNTIES.override(settings=settings), data=units)
    assert run.plan.n_units == 6
    assert run.result.status is Status.OPTIMAL
    best = max(
        sum(votes[1 - part] for votes, part in zip(units.votes["2016"].tolist(), plan, strict=True))
        for plan in allowed(units, settings)
    )
    assert run.result.objective == best


def test_a_neighbour_connects_landmass_by_landmass(mainland: Units, dataset: Any) -> None:
    canada = COUNTIES.override(settings={"neighbours.canada": "blue"})
    for units in (mainland, dataset.units):  # Alaska has nothing to be connected with
        formulation = formulate(units, canada)
        problem = formulation.problem
        beyond = problem.edges[(problem.edges >= units.n_units).any(axis=1)]
        assert formulation.ids[units.n_units :] == ("CANADA",)
        assert len(beyond) == 51  # neighbours.csv names 51 counties, and Alaska
        assert set(units.states[beyond.min(axis=1)]) == {
            *("ID", "ME", "MI", "MN", "MT", "NH", "NY", "ND", "VT", "WA")
        }
    mexico = formulate(mainland, COUNTIES.override(settings={"neighbours.mexico": "red"}))
    assert mexico.problem.fixed[-1] == 0
    assert (mexico.problem.edges == mainland.n_units).sum() == 23


def test_data_that_do_not_know_a_neighbour_are_refused(squares: Units) -> None:
    with pytest.raises(ScenarioError, match="do not say which units border on Mexico"):
        formulate(squares, COUNTIES.override(settings={"neighbours.mexico": "blue"}))
    none = np.zeros(6, np.bool_)
    inland = replace(squares, attributes={"borders_canada": none})
    with pytest.raises(ScenarioError, match="no unit with any neighbour borders on Canada"):
        formulate(inland, COUNTIES.override(settings={"neighbours.canada": "blue"}))


@pytest.mark.parametrize(
    "settings",
    [
        {"units.whole": ["A"], "nations.blue.least.votes": 0.2},
        {"weights.state_splits": 0.5, "weights.border": 2.5, "nations.red.pieces": 2},
        {"weights.population_balance": 0.3, "units.red": ["00000"]},
        {"neighbours.canada": "red", "nations.blue.sea_access": True},
    ],
)
def test_solving_finds_the_best_plan_that_is_allowed(settings: dict[str, Any]) -> None:
    units = build_squares()
    scenario = COUNTIES.override(settings=settings)
    run = partition.solve(scenario, data=units)
    formulation = formulate(units, scenario)
    rows = [
        formulation.expand(Plan(np.array(plan))).assignment
        for plan in itertools.product([0, 1], repeat=6)
    ]
    values = [
        formulation.problem.objective(one)
        for one in rows
        if broken_constraint(formulation.problem, one) is None
    ]
    assert run.result.status is Status.OPTIMAL
    assert run.result.objective == max(values)


def test_a_hundred_thousand_places_are_bound_in_seconds() -> None:
    n_units = 40_000
    units = build_grid(n_units, 1, blue=[1] * n_units, red=[2] * n_units)
    ids = units.ids.tolist()
    settings = FREE | {"units.blue": ids[::2], "units.red": ids[1::2], "units.whole": ids * 2}
    started = time.monotonic()
    fixed = formulate(units, COUNTIES.override(settings=settings)).problem.fixed
    assert time.monotonic() - started < 30
    assert fixed[:4].tolist() == [1, 0, 1, 0]
    assert (fixed[:n_units].reshape(-1, 2) == [1, 0]).all()
    with pytest.raises(ScenarioError, match=r'units\.blue = "00007" and units\.red = "00007"'):
        formulate(units, COUNTIES.override(settings=settings | {"units.blue": [ids[7]]}))
