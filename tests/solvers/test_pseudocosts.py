"""What splits have brought, averaged by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.exact.pseudocosts import PseudoCosts

TRIALS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 1), st.floats(0, 1e6), st.floats(0.05, 1)),
    max_size=40,
)


@given(trials=TRIALS, seed=st.integers(0, 2**32 - 1))
@settings(max_examples=200)
def test_a_score_is_the_product_of_what_both_sides_have_brought_on_average(trials, seed) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.integers(-(10**6), 10**6, 5)
    costs = PseudoCosts(weights)
    for trial in trials:
        costs.learn(*trial)
    values = rng.random(5)
    values[rng.integers(5)] = rng.integers(2)
    scores = costs.scores(values)
    sizes = [(1 + abs(weight)) ** 0.5 for weight in weights.tolist()]
    typical = 1.0
    if trials:
        brought = sum(drop / distance for _, _, drop, distance in trials)
        typical = brought / sum(sizes[unit] for unit, *_ in trials)
    for unit, value in enumerate(values.tolist()):
        expected = 1.0
        for side, distance in ((0, value), (1, 1 - value)):
            mine = [drop / step for one, on, drop, step in trials if (one, on) == (unit, side)]
            rate = sum(mine) / len(mine) if mine else typical * sizes[unit]
            expected *= max(rate * distance, 1e-6)
        assert scores[unit] == pytest.approx(0.0 if value in {0, 1} else expected, rel=1e-9)


@given(trials=TRIALS)
def test_a_unit_is_reliable_once_both_sides_have_been_tried_often(trials) -> None:
    costs = PseudoCosts(np.ones(5, np.int64), n_reliable=3)
    for trial in trials:
        costs.learn(*trial)
    for unit in range(5):
        counts = [sum((one, on) == (unit, side) for one, on, *_ in trials) for side in (0, 1)]
        assert costs.is_reliable(unit) == (min(counts) >= 3)


def test_a_tiny_step_does_not_make_a_huge_average() -> None:
    costs = PseudoCosts(np.zeros(1, np.int64))
    for side in (0, 1):
        costs.learn(0, side, 1.0, 1e-12)
    assert costs.scores(np.array([0.5]))[0] == pytest.approx((0.5 / 0.05) ** 2)


def test_of_units_never_tried_the_heavier_one_promises_more() -> None:
    scores = PseudoCosts(np.array([3, -100, 10_000])).scores(np.array([0.5, 0.5, 0.5]))
    assert scores[0] < scores[1] < scores[2]
