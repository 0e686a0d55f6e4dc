"""The report against figures known beforehand, networkx and fractions."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partition.answer import Division, Tally, measure
from partition.land.dataset import Dataset
from partition.metrics import components, kept_electors, matched_votes
from shapefiles.units import Units
from solvers.plan import Plan


def plan_of(is_blue: np.ndarray) -> Plan:
    return Plan(is_blue.astype(np.int8))


def test_status_quo_gives_51_1_percent(mainland: Units) -> None:
    report = measure(mainland, plan_of(np.ones(mainland.n_units, bool)), "2016")
    assert round(report.self_determination, 3) == 0.511
    assert (report.whole.blue.pieces, report.whole.red.pieces) == (1, 0)
    assert report.whole.red.self_determination is None


def test_california_leaving_gives_52_2_percent(mainland: Units) -> None:
    report = measure(mainland, plan_of(mainland.states == "CA"), "2016")
    assert round(report.self_determination, 3) == 0.522
    assert report.whole.blue.units == 58


def test_red_and_blue_states_give_57_6_percent(mainland: Units) -> None:
    votes = pd.DataFrame(mainland.votes["2016"], columns=["blue", "red"])
    totals = votes.groupby(mainland.states).transform("sum")
    report = measure(mainland, plan_of((totals.blue > totals.red).to_numpy()), "2016")
    assert round(report.self_determination, 3) == 0.576


def test_every_county_to_its_majority_gives_64_78_percent_in_146_pieces(mainland: Units) -> None:
    votes = mainland.votes["2016"]
    report = measure(mainland, plan_of(votes[:, 0] > votes[:, 1]), "2016")
    assert round(report.self_determination, 4) == 0.6478
    assert (report.whole.blue.pieces, report.whole.red.pieces) == (132, 14)


def test_electoral_votes_of_red_and_blue_states_are_those_of_the_election(
    dataset: Dataset,
) -> None:
    # 2016 by states, without faithless electors and with Maine undivided: 233 and 305.
    votes = pd.DataFrame(dataset.units.votes["2016"], columns=["blue", "red"])
    totals = votes.groupby(dataset.units.states).transform("sum")
    plan = plan_of((totals.blue > totals.red).to_numpy())
    report = measure(dataset.units, plan, "2016", electors=dataset.electors["2016"])
    assert (report.whole.blue.electoral_votes, report.whole.red.electoral_votes) == (233, 305)


def test_a_division_worked_out_by_hand(squares: Units) -> None:
    # Blue: 0, 1, 3; red: 2, 4, 5.
    report = measure(squares, Plan(np.array([1, 1, 0, 1, 0, 0])), "2016", electors={"A": 5, "B": 3})
    blue = Tally(
        units=3,
        blue_votes=230,
        red_votes=70,
        self_determined=230,
        pieces=1,
        people=50 + 150 + 350,
        land_km2=300.0,
        gdp_dollars=(1 + 8 + 22) * 1000,
        # A is 0, 1, 3, 4 with 50 + 150 + 350 people of 1,000 in blue: 5 x 0.55 = 2.75; B is red.
        electoral_votes=3,
    )
    assert report.whole.blue == blue
    assert report.whole.red.electoral_votes == 5
    assert report.whole.both.self_determined == 230 + 80 + 70 + 90
    assert report.whole.both.stranded == 600 - 470
    # 1-2, 1-4 and 3-4.
    assert (report.whole.cut_edges, report.whole.border_km) == (3, 30.0)


def test_landmasses_are_measured_one_by_one(squares: Units) -> None:
    active = np.isin(squares.edges.pairs, [0, 3]).all(axis=1)
    report = measure(squares, Plan(np.array([1, 0, 0, 0, 0, 0])), "2016", active)
    titles = [one.title for one in report.landmasses]
    assert titles[0] == "the landmass of Square 0, A (2 units)"
    assert len(titles) == 5
    first = report.landmasses[0]
    assert (first.cut_edges, first.border_km, first.both.pieces) == (1, 10.0, 2)
    assert sum(one.both.voters for one in report.landmasses) == report.whole.both.voters
    assert [one.both.electoral_votes for one in report.landmasses] == [None] * 5


def test_a_plan_of_other_units_is_refused(squares: Units) -> None:
    with pytest.raises(ValueError, match="assigns 2 units, the data have 6"):
        measure(squares, Plan(np.array([0, 1])), "2016")
    with pytest.raises(ValueError, match="no election '1789'"):
        measure(squares, Plan(np.zeros(6, int)), "1789")
    with pytest.raises(ValueError, match="same units"):
        matched_votes(squares.votes["2016"], np.array([0, 1], np.int8))
    with pytest.raises(ValueError, match="'B' has no electoral votes"):
        measure(squares, Plan(np.zeros(6, int)), "2016", electors={"A": 5})


def test_figures_that_the_data_lack_are_left_out(squares: Units) -> None:
    bare = Units(
        ids=squares.ids,
        names=squares.names,
        states=squares.states,
        polygons=squares.polygons,
        crs=squares.crs,
        votes=squares.votes,
        attributes={},
        edges=squares.edges,
    )
    both = measure(bare, Plan(np.zeros(6, int)), "2016", electors={"A": 5, "B": 3}).whole.both
    assert (both.people, both.land_km2, both.gdp_dollars, both.electoral_votes) == (None,) * 4
    assert both.voters == 600


@given(st.integers(1, 40), st.data())
def test_components_agree_with_networkx(n_units: int, data: st.DataObject) -> None:
    unit = st.integers(0, n_units - 1)
    pairs = data.draw(st.lists(st.tuples(unit, unit), max_size=60))
    label = components(np.array(pairs, np.int32).reshape(-1, 2), n_units)
    graph = nx.Graph(pairs)
    graph.add_nodes_from(range(n_units))
    found = {frozenset(np.flatnonzero(label == one).tolist()) for one in np.unique(label)}
    assert found == {frozenset(one) for one in nx.connected_components(graph)}
    first = [int(np.flatnonzero(label == one)[0]) for one in range(label.max() + 1)]
    assert first == sorted(first)


def test_components_of_a_long_path_are_one() -> None:
    order = np.random.default_rng(0).permutation(20_000)
    path = np.column_stack([order[:-1], order[1:]]).astype(np.int32)
    assert components(path, 20_000).max() == 0


@given(st.data())
def test_electoral_votes_always_add_up_and_stay_within_one_of_the_exact_share(
    data: st.DataObject,
) -> None:
    n_units = data.draw(st.integers(1, 8))
    per_unit = st.lists(st.integers(0, 10**7), min_size=n_units, max_size=n_units)
    people = np.array(data.draw(per_unit))
    part = np.array(data.draw(st.lists(st.integers(0, 1), min_size=n_units, max_size=n_units)))
    seats = data.draw(st.integers(3, 55))
    inside = [int(people[part == side].sum()) for side in (0, 1)]
    [[red, blue]] = kept_electors(np.array([inside]), np.array([seats])).tolist()
    assert red + blue == seats
    if people.sum():
        exact = Fraction(seats * int(people[part == 1].sum()), int(people.sum()))
        assert abs(blue - exact) <= Fraction(1, 2)
        assert math.floor(exact) <= blue <= math.ceil(exact)


@settings(max_examples=40)
@given(width=st.integers(1, 6), height=st.integers(1, 6), data=st.data())
def test_pieces_and_cut_edges_agree_with_networkx(
    grid: Callable[[int, int, list[int], list[int]], Units],
    width: int,
    height: int,
    data: st.DataObject,
) -> None:
    n_units = width * height
    whole = st.lists(st.integers(0, 1000), min_size=n_units, max_size=n_units)
    units = grid(width, height, data.draw(whole), data.draw(whole))
    is_blue = np.array(data.draw(st.lists(st.booleans(), min_size=n_units, max_size=n_units)))
    kept = data.draw(
        st.lists(st.booleans(), min_size=units.edges.n_edges, max_size=units.edges.n_edges)
    )
    active = np.array(kept, bool)
    report = measure(units, plan_of(is_blue), "2016", active)
    graph = nx.Graph(units.edges.pairs[active].tolist())
    graph.add_nodes_from(range(n_units))

    def check(division: Division, members: set[int]) -> None:
        blue = {unit for unit in members if is_blue[unit]}
        for tally, side in ((division.blue, blue), (division.red, members - blue)):
            assert tally.units == len(side)
            assert tally.pieces == nx.number_connected_components(graph.subgraph(side))
        cut = list(nx.edge_boundary(graph.subgraph(members), blue))
        assert division.cut_edges == len(cut)
        assert division.border_km == pytest.approx(10 * len(cut))

    check(report.whole, set(range(n_units)))
    by_name = {
        one.title.removeprefix("the landmass of ").split(",")[0]: one for one in report.landmasses
    }
    landmasses = list(nx.connected_components(graph))
    assert len(by_name) == len(landmasses)
    for members in landmasses:
        [division] = [by_name[f"Square {unit}"] for unit in members if f"Square {unit}" in by_name]
        check(division, members)
