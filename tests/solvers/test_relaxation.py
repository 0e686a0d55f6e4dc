"""What the relaxation claims is proven, held against every whole point."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers import relaxation
from solvers.model import Row
from solvers.problem import MAX_TOTAL_GAIN
from solvers.relaxation import MAX_AGE, Relaxation

SEEDS = st.integers(0, 2**32 - 1)
SCALES = st.sampled_from([1, 10, 10**6, 2**30, 2**50])
TOLERANCE = 1e-6


def whole_points(n_units):
    return (np.arange(1 << n_units)[:, None] >> np.arange(n_units)) & 1


def draw_rows(n_units, rng):
    """Draw rows as the families write them: small coefficients, small limits."""
    rows = []
    for _ in range(rng.integers(0, 8)):
        columns = rng.permutation(n_units)[: rng.integers(1, min(n_units, 5) + 1)]
        coefficients = rng.choice([-3, -2, -1, 1, 2], len(columns))
        limit = int(rng.integers(-1, 3))
        rows.append(Row("any", tuple(columns.tolist()), tuple(coefficients.tolist()), limit))
    return rows


def draw_limits(n_units, rng):
    fixed = rng.choice([-1, -1, -1, -1, 0, 1], n_units)
    return (fixed == 1).astype(np.int8), (fixed != 0).astype(np.int8)


def draw_weights(n_units, scale, rng):
    """Draw weights up to a scale, or some a few units away from it."""
    if rng.random() < 0.5:
        return rng.integers(-scale, scale + 1, n_units)
    return rng.choice([-1, 1], n_units) * (scale + rng.integers(-1, 2, n_units))


def build(weights, rows, lower, upper):
    built = Relaxation(weights)
    built.limit(lower, upper)
    for row in rows:
        built.add(row)
    return built


def survivors(n_units, rows, lower, upper):
    """Every whole point within limits and rows."""
    points = whole_points(n_units)
    is_in = ((points >= lower) & (points <= upper)).all(axis=1)
    for row in rows:
        is_in &= points[:, list(row.columns)] @ np.array(row.coefficients) <= row.limit
    return points[is_in]


def total(weights, point):
    """Add up in Python's own integers."""
    return sum(w * int(x) for w, x in zip(weights.tolist(), point, strict=True))


def assert_proven(bound, reduced, weights, points):
    """No point beats the bound, and none on a unit's worse side beats what is claimed there."""
    values = [total(weights, point) for point in points]
    assert max(values, default=bound) <= bound
    for unit, claim in enumerate(reduced.tolist()):
        worse = 0 if claim > 0 else 1
        those = [v for v, point in zip(values, points, strict=True) if point[unit] == worse]
        assert not claim or max(those, default=bound - abs(claim)) <= bound - abs(claim)


@given(seed=SEEDS, n_units=st.integers(1, 7), scale=SCALES)
@settings(max_examples=300, deadline=None)
def test_any_multipliers_prove_a_bound(seed, n_units, scale):
    rng = np.random.default_rng(seed)
    weights, rows = draw_weights(n_units, scale, rng), draw_rows(n_units, rng)
    lower, upper = draw_limits(n_units, rng)
    built = build(weights, rows, lower, upper)
    points = survivors(n_units, rows, lower, upper)
    for size in (0.0, 1e-3, 0.3 * scale, 3.0 * scale):
        duals = rng.exponential(size, len(built.rows)) if size else np.zeros(len(built.rows))
        duals[rng.random(len(duals)) < 0.2] *= -1e-9  # GLOP's zeros may be slightly negative
        assert_proven(*built._prove(duals, weights), weights, points)


@given(seed=SEEDS, n_units=st.integers(1, 9), scale=SCALES)
@settings(max_examples=300, deadline=None)
def test_a_solution_is_optimal_and_its_bound_is_proven(seed, n_units, scale):
    rng = np.random.default_rng(seed)
    weights, rows = draw_weights(n_units, scale, rng), draw_rows(n_units, rng)
    lower, upper = draw_limits(n_units, rng)
    point = build(weights, rows, lower, upper).solve()
    points = survivors(n_units, rows, lower, upper)
    if point is None:
        assert len(points) == 0
        return
    assert_proven(point.bound, point.reduced, weights, points)
    # Feasible within GLOP's tolerance and, by weak duality, as large as any: optimal.
    assert (point.values >= lower - TOLERANCE).all()
    assert (point.values <= upper + TOLERANCE).all()
    for row in rows:
        assert point.values[list(row.columns)] @ np.array(row.coefficients) <= row.limit + 1e-5
    value = float(weights @ point.values)
    assert point.bound == pytest.approx(value, abs=1 + 1e-5 * float(np.abs(weights).sum()))


@given(seed=SEEDS, n_units=st.integers(1, 40))
@settings(max_examples=100, deadline=None)
def test_weights_up_to_the_limit_are_added_up_like_pythons_own_integers(seed, n_units):
    rng = np.random.default_rng(seed)
    weights = rng.choice([-1, 1], n_units) * (MAX_TOTAL_GAIN // n_units)
    rows = draw_rows(n_units, rng)
    built = build(weights, rows, *draw_limits(n_units, rng))
    duals = rng.exponential(MAX_TOTAL_GAIN / n_units, len(built.rows))
    bound, reduced = built._prove(duals, weights)

    norms = np.array([built._norms[row] for row in built.rows])
    scale, multipliers = relaxation._scaled(duals, norms, weights)
    rest = [scale * weight for weight in weights.tolist()]
    exact = 0
    for row, multiplier in zip(built.rows, multipliers.tolist(), strict=True):
        exact += multiplier * row.limit
        for column, coefficient in zip(row.columns, row.coefficients, strict=True):
            rest[column] -= multiplier * coefficient
    lower, upper = built._lower.tolist(), built._upper.tolist()
    exact += sum(max(r * low, r * up) for r, low, up in zip(rest, lower, upper, strict=True))
    assert bound == exact // scale
    for claim, r, low, up in zip(reduced.tolist(), rest, lower, upper, strict=True):
        assert abs(claim) == abs(r) * (up - low) // scale
        assert claim == 0 or (claim > 0) == (r > 0)


@given(seed=SEEDS, n_units=st.integers(2, 8), scale=SCALES)
@settings(max_examples=150, deadline=None)
def test_limits_that_no_point_meets_are_proven_to_exclude_all(seed, n_units, scale):
    """A chain x0 <= x1 <= ... with its first unit at 1 and its last at 0, among other rows."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(n_units).tolist()
    chain = [Row("any", pair, (1, -1), 0) for pair in pairwise(order)]
    lower, upper = np.zeros(n_units, np.int8), np.ones(n_units, np.int8)
    built = build(draw_weights(n_units, scale, rng), chain, lower, upper)
    assert built.solve() is not None
    lower[order[0]], upper[order[-1]] = 1, 0
    built.limit(lower, upper)
    assert built.solve() is None
    assert len(survivors(n_units, chain, lower, upper)) == 0
    lower[order[0]] = 0
    built.limit(lower, upper)
    assert built.solve() is not None


@given(seed=SEEDS, n_units=st.integers(1, 8))
@settings(max_examples=150, deadline=None)
def test_nothing_proves_that_limits_with_a_point_exclude_all(seed, n_units):
    rng = np.random.default_rng(seed)
    rows, limits = draw_rows(n_units, rng), draw_limits(n_units, rng)
    if len(survivors(n_units, rows, *limits)):
        assert not build(np.zeros(n_units, np.int64), rows, *limits)._is_excluded()


def test_glops_word_alone_excludes_nothing(monkeypatch):
    built = Relaxation(np.ones(2, np.int64))
    built.add(Row("any", (0, 1), (-1, -1), -3))
    assert built.solve() is None
    monkeypatch.setattr(Relaxation, "_is_excluded", lambda self: False)
    with pytest.raises(RuntimeError, match="no multipliers prove it"):
        built.solve()


@given(seed=SEEDS, n_units=st.integers(2, 9), scale=SCALES)
@settings(max_examples=100, deadline=None)
def test_rows_come_and_go_and_the_answer_is_that_of_the_rows_there(seed, n_units, scale):
    rng = np.random.default_rng(seed)
    weights, rows = draw_weights(n_units, scale, rng), list(dict.fromkeys(draw_rows(n_units, rng)))
    limits = np.zeros(n_units, np.int8), np.ones(n_units, np.int8)
    warm = build(weights, [], *limits)
    for _ in range(6):
        for row in rows:
            if row not in warm.rows and rng.random() < 0.6:
                assert warm.add(row)
                assert not warm.add(row)
        some = [row for row in warm.rows if rng.random() < 0.3]
        warm.drop(some)
        assert not set(some) & set(warm.rows)
        cold = build(weights, warm.rows, *limits).solve()
        point = warm.solve()
        assert (point is None) == (cold is None)
        if point is not None:
            slack = 1 + 1e-5 * float(np.abs(weights).sum())
            assert point.bound == pytest.approx(cold.bound, abs=slack)


def test_rows_long_slack_are_dropped_and_the_bound_stays():
    weights = np.array([5, 4, 3, -2])
    built = Relaxation(weights)
    tight = Row("any", (0, 1, 2), (1, 1, 1), 2)
    slack = Row("any", (0, 3), (1, 1), 2)
    built.add(tight)
    built.add(slack)
    for _ in range(MAX_AGE):
        assert built.solve().bound == 9
        built.purge()
        assert set(built.rows) == {tight, slack}
    built.solve()
    built.purge()
    assert set(built.rows) == {tight}
    assert built.solve().bound == 9


def test_reduced_costs_say_what_the_other_side_costs():
    built = Relaxation(np.array([5, -7, 0]))
    assert built.solve().reduced.tolist() == [5, -7, 0]


def test_a_fixed_unit_has_no_other_side():
    built = Relaxation(np.array([5, -7]))
    built.limit(np.array([0, 1], np.int8), np.array([0, 1], np.int8))
    point = built.solve()
    assert point.bound == -7
    assert point.reduced.tolist() == [0, 0]


def test_glop_gets_a_fresh_start_where_it_gives_up(monkeypatch):
    """The old solver is thrown away, rows and limits are kept, and the answer is the same."""
    built = Relaxation(np.array([5, 4, 3]))
    built.add(Row("any", (0, 1, 2), (1, 1, 1), 2))

    class Broken:
        def solve(self, **_):
            raise RuntimeError("ABNORMAL")

    assert built.solve().bound == 9
    built._solver = Broken()
    assert built.solve().bound == 9
    assert not isinstance(built._solver, Broken)


@pytest.mark.parametrize("multiplier", [2.0**20, 2.0**50, 2.0**57, 2.0**70])
def test_long_rows_with_huge_multipliers_do_not_overflow(multiplier):
    """Three thousand columns of factor eight: the sums in a proof pass 2**63 unless scaled."""
    n_units = 3000
    relaxation = Relaxation(np.full(n_units, 2**40, np.int64))
    row = Row("joint", tuple(range(n_units)), (-8,) * n_units, -8 * n_units)
    relaxation.add(row)
    bound, reduced = relaxation._prove(np.array([multiplier]), relaxation.weights)
    # The row asks for every unit, so this is the value of the only whole point it allows.
    assert bound >= n_units * 2**40
    assert np.all(np.abs(reduced) <= 2**40 + 8 * int(multiplier))
