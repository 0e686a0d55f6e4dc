"""Electors, presidents and seats, against the record."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partition import metrics
from partition.answer import measure
from partition.land.dataset import Dataset
from shapefiles import load_states
from solvers.plan import Plan

# Apportionment population of 2010 and seats: Census Bureau, "Congressional Apportionment",
# 2010 Census Briefs C2010BR-08, 2011, table 1.
APPORTIONMENT_2010 = {
    "AL": (4_802_982, 7),
    "AK": (721_523, 1),
    "AZ": (6_412_700, 9),
    "AR": (2_926_229, 4),
    "CA": (37_341_989, 53),
    "CO": (5_044_930, 7),
    "CT": (3_581_628, 5),
    "DE": (900_877, 1),
    "FL": (18_900_773, 27),
    "GA": (9_727_566, 14),
    "HI": (1_366_862, 2),
    "ID": (1_573_499, 2),
    "IL": (12_864_380, 18),
    "IN": (6_501_582, 9),
    "IA": (3_053_787, 4),
    "KS": (2_863_813, 4),
    "KY": (4_350_606, 6),
    "LA": (4_553_962, 6),
    "ME": (1_333_074, 2),
    "MD": (5_789_929, 8),
    "MA": (6_559_644, 9),
    "MI": (9_911_626, 14),
    "MN": (5_314_879, 8),
    "MS": (2_978_240, 4),
    "MO": (6_011_478, 8),
    "MT": (994_416, 1),
    "NE": (1_831_825, 3),
    "NV": (2_709_432, 4),
    "NH": (1_321_445, 2),
    "NJ": (8_807_501, 12),
    "NM": (2_067_273, 3),
    "NY": (19_421_055, 27),
    "NC": (9_565_781, 13),
    "ND": (675_905, 1),
    "OH": (11_568_495, 16),
    "OK": (3_764_882, 5),
    "OR": (3_848_606, 5),
    "PA": (12_734_905, 18),
    "RI": (1_055_247, 2),
    "SC": (4_645_975, 7),
    "SD": (819_761, 1),
    "TN": (6_375_431, 9),
    "TX": (25_268_418, 36),
    "UT": (2_770_765, 4),
    "VT": (630_337, 1),
    "VA": (8_037_736, 11),
    "WA": (6_753_369, 10),
    "WV": (1_859_815, 3),
    "WI": (5_698_230, 8),
    "WY": (568_300, 1),
}


def test_huntington_hill_gives_the_house_of_2010() -> None:
    people, seats = np.array(list(APPORTIONMENT_2010.values())).T
    assert people.sum() == 309_183_463  # the published total
    assert metrics.huntington_hill(people).tolist() == seats.tolist()
    # And each state had two electors more than seats.
    electors = {code: state.electoral_votes("2016") for code, state in load_states().items()}
    assert {code: row[1] + 2 for code, row in APPORTIONMENT_2010.items()} == {
        code: given for code, given in electors.items() if code != "DC"
    }


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=6), st.integers(0, 20))
def test_no_transfer_of_a_seat_would_bring_two_states_closer(people: list[int], more: int) -> None:
    populated = sum(one > 0 for one in people)
    seats = populated + more
    given_seats = metrics.huntington_hill(np.array(people, np.int64), seats).tolist()
    assert sum(given_seats) == (seats if populated else 0)
    assert all((one > 0) == (own > 0) for one, own in zip(given_seats, people, strict=True))
    # Huntington's test: moving a seat never lowers the relative difference of people a seat.
    for gets, loses in itertools.permutations(range(len(people)), 2):
        if given_seats[loses] < 2 or not people[gets]:
            continue

        def ratio(more_for_gets: int, gets: int = gets, loses: int = loses) -> Fraction:
            one = Fraction(people[gets], given_seats[gets] + more_for_gets)
            other = Fraction(people[loses], given_seats[loses] - more_for_gets)
            return max(one, other) / min(one, other)

        assert ratio(0) <= ratio(1)


def test_more_states_than_seats_are_refused() -> None:
    with pytest.raises(ValueError, match="3 states cannot share 2 seats"):
        metrics.huntington_hill(np.array([5, 6, 7]), 2)


@pytest.mark.parametrize(
    ("election", "blue", "red"),
    [
        # As allotted to the statewide winners. Congress counted 227 to 304 in 2016, with seven
        # electors for others and one of Maine's for Trump; 306 to 232 in 2020 and 226 to 312 in
        # 2024, where Maine and Nebraska each gave one to the other side.
        ("2016", 232 + 1, 306 - 1),
        ("2020", 306, 232),
        ("2024", 226, 312),
    ],
)
def test_elections_of_the_whole_country_come_out_as_they_did(
    dataset: Dataset, election: str, blue: int, red: int
) -> None:
    plan = Plan(np.ones(dataset.units.n_units, int))
    report = measure(dataset.units, plan, election, electors=dataset.electors[election])
    together = report.presidency.together
    assert (together.blue_electoral_votes, together.red_electoral_votes) == (blue, red)
    assert together.winner == ("blue" if blue > red else "red")
    assert report.presidency.leaving is None
    assert report.presidency.rest == together == report.presidency.blue
    assert report.presidency.red.winner is None


def test_without_california_clinton_loses_the_popular_vote_of_the_rest(dataset: Dataset) -> None:
    plan = Plan(dataset.units.states == "CA")
    report = measure(dataset.units, plan, "2016", electors=dataset.electors["2016"])
    assert report.presidency.leaving == "blue"
    assert report.presidency.leaving_electoral_votes == 55
    rest = report.presidency.rest
    assert (rest.blue_electoral_votes, rest.red_electoral_votes) == (233 - 55, 305)
    assert (rest.winner, rest.margin_electoral_votes) == ("red", 127)
    assert rest.blue_lead_votes_share < 0 < report.presidency.together.blue_lead_votes_share
    # And in 2020 Biden would still have won the rest, by 251 to 232.
    later = measure(dataset.units, plan, "2020", electors=dataset.electors["2020"])
    assert later.presidency.rest.winner == "blue"
    assert later.presidency.rest.margin_electoral_votes == (306 - 55) - 232


def test_a_tie_elects_nobody() -> None:
    even = metrics.count_electors(np.array([[6, 5], [1, 4]]), np.array([3, 3]))
    assert (even.blue, even.red, even.winner) == (3, 3, None)
    tied = metrics.count_electors(np.array([[6, 5], [4, 4], [1, 4]]), np.array([5, 2, 4]))
    assert (tied.blue, tied.red, tied.tied, tied.winner) == (5, 4, 2, None)
    nobody = metrics.count_electors(np.zeros((0, 2), np.int64), np.zeros(0, np.int64))
    assert (nobody.total, nobody.winner) == (0, None)


def test_split_states_worked_out_by_hand() -> None:
    states = np.array(["A", "A", "A", "B", "B", "C"])
    people = np.array([10, 20, 40, 7, 7, 5])
    assignment = np.array([1, 1, 0, 0, 1, 0], np.int8)
    codes, inside = metrics.fragments(states, people, assignment)
    assert codes.tolist() == ["A", "B", "C"]
    assert inside.tolist() == [[40, 30], [7, 7], [5, 0]]
    units = metrics.fragments(states, np.ones(6, np.int64), assignment)[1]
    assert metrics.is_split(units).tolist() == [True, True, False]
    # A's smaller part is blue; B is even, so its part in the red nation is the minority.
    assert metrics.minority_fragments(inside).tolist() == [[0, 30], [7, 0], [0, 0]]
    # A has 7 electors: exactly 4 and 3; B has 3, one and a half each: the tie is the blue one's.
    assert metrics.kept_electors(inside, np.array([7, 3, 4])).tolist() == [[4, 3], [1, 2], [4, 0]]


def test_a_state_without_electors_is_named() -> None:
    with pytest.raises(ValueError, match="State 'B' has no electoral votes"):
        metrics.electors_of(np.array(["A", "B"]), {"A": 3})
