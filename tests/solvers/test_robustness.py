"""What all good plans agree on, held against all good plans."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations, product
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from solvers.contrasts import contrasting
from solvers.problem import Problem
from solvers.robustness import survey
from tests.solvers.conftest import ONE_OR_ANY, is_feasible, objective, problems

SHARES = st.sampled_from([0.0, 0.01, 0.1, 0.5])


def good_plans(problem: Problem, share: float) -> tuple[int, int, list[tuple[int, ...]]]:
    """Best objective, threshold, and every plan that reaches it, by looking at all of them."""
    every = [
        (objective(problem, plan), plan)
        for plan in product((0, 1), repeat=problem.n_units)
        if is_feasible(problem, plan)
    ]
    if not every:
        reject()
    best = max(value for value, _ in every)
    threshold = best - int(share * abs(best))
    return best, threshold, [plan for value, plan in every if value >= threshold]


@contextmanager
def corridors(has_corridors: bool) -> Iterator[None]:
    """Leave the proofs alone with the plans, where corridors would find them all before."""
    with pytest.MonkeyPatch.context() as patch:
        if not has_corridors:
            patch.setattr("solvers.robustness._Search._lead_corridors", lambda *_: None)
        yield


def sides_of(plans: list[tuple[int, ...]]) -> np.ndarray:
    return np.stack([(np.array(plans) == part).any(axis=0) for part in (0, 1)], axis=1)


@given(problems(max_units=8), SHARES, st.booleans())
@settings(max_examples=100)
def test_with_time_enough_every_unit_is_decided_rightly(
    problem: Problem, share: float, has_corridors: bool
) -> None:
    best, threshold, good = good_plans(problem, share)
    start = next(plan for plan in good if objective(problem, plan) == best)
    with corridors(has_corridors):
        found = survey(problem, [np.array(start, np.int8)], best, threshold)
    truth = sides_of(good)
    # Ends of spans follow from other units.
    asked = np.setdiff1d(np.arange(problem.n_units), problem.spans[:, 1:])
    assert np.array_equal(found.is_found[asked], truth[asked])
    assert np.array_equal(found.is_excluded[asked], ~truth[asked])
    assert not (found.is_found & ~truth).any()
    assert not (found.is_excluded & truth).any()


@given(problems(max_units=8), SHARES, st.integers(0, 20), st.integers(1, 4), st.booleans())
@settings(max_examples=60)
def test_whatever_is_claimed_early_is_true(
    problem: Problem, share: float, slack: int, n_looks: int, has_corridors: bool
) -> None:
    best, threshold, good = good_plans(problem, share)
    looks = iter([False] * n_looks)
    plans = [np.array(plan, np.int8) for plan in good[:2]]
    with corridors(has_corridors), mock.patch("solvers.robustness.POLL", 1e-4):
        found = survey(
            problem, plans, best + slack, threshold, should_stop=lambda: next(looks, True)
        )
    truth = sides_of(good)
    assert not (found.is_found & ~truth).any()
    assert not (found.is_excluded & truth).any()
    assert 1 <= found.n_plans <= len(good)
    kept = [tuple(plan) for plan in found.plans.tolist()]
    assert set(kept) <= set(good)
    assert objective(problem, kept[0]) == max(objective(problem, plan) for plan in kept)


@pytest.mark.parametrize("pieces", ONE_OR_ANY)
def test_a_plan_that_is_only_nearly_best_is_not_cut_off(pieces: tuple[int, int]) -> None:
    # The leaf of a star loses where it is, so no best plan has it there; a good one has.
    star = Problem(
        gains=np.array([[0, 100], [2, 0], [0, 30], [0, 30]]),
        edges=np.array([[0, 1], [0, 2], [0, 3], [1, 2]]),
        pieces=pieces,
    )
    best, threshold, good = good_plans(star, 0.02)
    with corridors(False):
        found = survey(star, [np.array([1, 0, 1, 1], np.int8)], best, threshold)
    assert np.array_equal(found.is_found, sides_of(good))
    assert found.is_found[1].all()
    assert not found.is_excluded[1].any()
    assert 0 < found.share_of_1[1] < 1


@st.composite
def plans_and_weights(draw: st.DrawFn) -> tuple[list[tuple[int, ...]], list[int]]:
    n_units = draw(st.integers(1, 5))
    parts, weights = st.integers(0, 1), st.integers(0, 9)
    return (
        draw(st.lists(st.tuples(*[parts] * n_units), min_size=1, max_size=7)),
        draw(st.lists(weights, min_size=n_units, max_size=n_units)),
    )


@given(plans_and_weights(), st.integers(1, 4))
@settings(max_examples=60)
def test_the_plans_that_are_kept_show_what_all_plans_disagree_on(
    drawn: tuple[list[tuple[int, ...]], list[int]], most: int
) -> None:
    plans, weights = drawn
    arrays = [np.array(plan, np.int8) for plan in plans]
    kept = contrasting(arrays, arrays[0], np.array(weights), most).tolist()
    shown = [set(enumerate(plan)) for plan in kept]
    every = [set(enumerate(plan)) for plan in plans]
    assert shown[0] == every[0]
    assert all(one in every for one in shown)
    assert len(shown) <= most

    def weight(some: list[set[tuple[int, int]]]) -> int:
        return sum(weights[unit] for unit, _ in set().union(*some) - shown[0])

    news = [weight(shown[: k + 1]) - weight(shown[:k]) for k in range(1, len(shown))]
    assert news == sorted(news, reverse=True)
    assert all(news)
    choices = combinations(every, min(most - 1, len(every)))
    assert weight(shown) >= (1 - 1 / np.e) * max(map(weight, map(list, choices)))
    if len(shown) < most:
        assert weight(shown) == weight(every)


def test_a_survey_needs_a_good_plan() -> None:
    pair = Problem(np.array([[0, 9], [1, 0]]), edges=np.array([[0, 1]]), fixed=np.array([1, -1]))
    with pytest.raises(ValueError, match=r"plans\[0\] is none: unit 0 is fixed"):
        survey(pair, [np.array([0, 0], np.int8)], 10, 9)
    with pytest.raises(ValueError, match="None of 1 plans reaches the threshold of 11"):
        survey(pair, [np.array([1, 0], np.int8)], 12, 11)
    with pytest.raises(ValueError, match="None of 0 plans"):
        survey(pair, [], 12, 11)


def test_plans_that_differ_in_rows_that_follow_are_counted_once() -> None:
    # Two units and a seat, which gains nothing: where it sits costs less than plans may lose.
    problem = Problem(
        np.array([[0, 90], [90, 0], [0, 0]]),
        edges=np.array([[0, 1]]),
        links=np.array([[0, 2], [1, 2]]),
        link_costs=np.array([2, 1]),
    )
    best = [np.array([1, 0, seat], np.int8) for seat in (0, 1)]
    worth = [problem.objective(plan) for plan in best]
    assert worth == [178, 179]
    for known in (best, best[::-1]):
        found = survey(problem, known, 179, 170, n_units=2)
        assert found.n_plans == 1
        assert found.share_of_1[:2].tolist() == [1, 0]
        assert found.plans.tolist() == [[1, 0, 1]]  # the better of the two
