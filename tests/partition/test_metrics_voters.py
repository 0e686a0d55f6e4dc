"""What the line gains whom: against each voter written out one by one."""

from __future__ import annotations

import itertools
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partition import metrics


@st.composite
def plans(draw: st.DrawFn, most: int = 60) -> tuple[np.ndarray, np.ndarray]:
    count = draw(st.integers(1, 6))
    column = st.lists(st.integers(0, most), min_size=count, max_size=count)
    votes = np.array([draw(column), draw(column)], np.int64).T
    parts = draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))
    return votes, np.array(parts, np.int8)


def electorate(votes: np.ndarray, assignment: np.ndarray) -> list[tuple[int, int]]:
    """Write out every voter: which side they chose, which nation they live in."""
    return [
        (side, nation)
        for (blue, red), nation in zip(votes.tolist(), assignment.tolist(), strict=True)
        for side in [1] * blue + [0] * red
    ]


def satisfied(voters: list[tuple[int, int]]) -> int:
    return sum(side == nation for side, nation in voters)


@given(plans())
def test_stranded_shares_are_those_of_the_voters_one_by_one(
    plan: tuple[np.ndarray, np.ndarray],
) -> None:
    voters = electorate(*plan)
    for side, found in zip((1, 0), metrics.stranded_shares(*plan), strict=True):
        nations = [nation for own, nation in voters if own == side]
        if nations:
            assert found == pytest.approx(sum(one != side for one in nations) / len(nations))
        else:
            assert found is None


@given(plans())
def test_gain_and_price_agree_with_all_plans_of_a_small_country(
    plan: tuple[np.ndarray, np.ndarray],
) -> None:
    votes, assignment = plan
    every = [
        satisfied(electorate(votes, np.array(parts)))
        for parts in itertools.product([0, 1], repeat=len(votes))
    ]
    together = max(every[0], every[-1])  # all units in one nation, whichever is better
    own, most = satisfied(electorate(votes, assignment)), max(every)
    assert metrics.status_quo(votes) == together
    assert metrics.best_without_contiguity(votes) == most
    assert metrics.price_of_contiguity(votes, assignment) == most - own
    assert metrics.freed_voters(votes, assignment) == own - together
    gain = metrics.gain_over_status_quo(votes, assignment)
    if most == together:
        assert gain is None
    else:
        assert gain == pytest.approx((own - together) / (most - together))
        assert gain <= 1


@given(plans())
def test_variance_between_is_that_of_the_voters_one_by_one(
    plan: tuple[np.ndarray, np.ndarray],
) -> None:
    voters = electorate(*plan)
    found = metrics.variance_between(*plan)
    if len({side for side, _ in voters}) < 2:
        assert found is None
        return
    # Replace each vote by the mean of its nation: what variance is left lies between them.
    means = {
        nation: statistics.fmean(side for side, own in voters if own == nation)
        for nation in {own for _, own in voters}
    }
    between = statistics.pvariance([means[nation] for _, nation in voters])
    assert found == pytest.approx(between / statistics.pvariance([s for s, _ in voters]))


@given(plans())
def test_dissimilarity_is_the_share_that_would_have_to_move(
    plan: tuple[np.ndarray, np.ndarray],
) -> None:
    votes, assignment = plan
    found = metrics.dissimilarity_index(votes, assignment)
    blue, red = votes.sum(axis=0).tolist()
    if not blue or not red:
        assert found is None
        return
    inside = votes[assignment == 1].sum(axis=0).tolist()
    # Blue voters to move until the blue nation holds as large a share of them as of the red ones.
    moving = abs(inside[0] - blue * inside[1] / red)
    assert found == pytest.approx(moving / blue)
    shares = metrics.stranded_shares(votes, assignment)
    assert found == pytest.approx(abs(1 - sum(shares)))


def test_a_country_of_two_valleys_worked_out_by_hand() -> None:
    votes, assignment = np.array([[70, 30], [40, 60], [10, 90]]), np.array([1, 1, 0], np.int8)
    assert metrics.stranded_shares(votes, assignment) == (10 / 120, 90 / 180)
    # 70 + 40 + 90 = 200 against 180 together and 70 + 60 + 90 = 220 at best.
    assert metrics.gain_over_status_quo(votes, assignment) == 0.5
    assert metrics.price_of_contiguity(votes, assignment) == 20
    assert metrics.freed_voters(votes, assignment) == 20
    assert metrics.dissimilarity_index(votes, assignment) == pytest.approx(110 / 120 - 90 / 180)
    assert metrics.break_even_value(1_000.0, 20) == 50.0
    assert metrics.break_even_value(1_000.0, 0) is None
    assert metrics.break_even_value(1_000.0, -3) is None


def test_totals_of_a_large_country_stay_exact() -> None:
    votes = np.full((3_000, 2), 10**9, np.int64)
    votes[0, 0] += 1
    assignment = np.ones(3_000, np.int8)
    assert metrics.status_quo(votes) == 3 * 10**12 + 1
    assert metrics.freed_voters(votes, assignment) == 0
    assert metrics.variance_between(votes, assignment) == 0
