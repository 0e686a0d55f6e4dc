"""What the relaxation claims is proven, held against every whole point and every plan."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.math_opt.python import mathopt

from solvers.exact.basis import Basis
from solvers.exact.proof import Proof
from solvers.exact.relaxation import Point, Relaxation, RelaxationError, Underway
from solvers.integers import MAX_TOTAL_GAIN
from solvers.model import Model
from solvers.params import DEFAULT, RelaxationParams, SearchParams
from solvers.problem import Budget, Problem
from solvers.rows.alternations import alternation_rows
from solvers.rows.budgets import budget_rows
from solvers.rows.cut_edges import cut_rows
from solvers.rows.founders import founder_rows
from solvers.rows.joints import joint_rows
from solvers.rows.peaks import peak_rows
from solvers.rows.row import Row
from solvers.rows.seeds import seeds_row
from solvers.rows.separators import separator_rows
from solvers.rows.ties import tie_rows
from solvers.rows.turns import turn_rows
from tests.solvers.columns import columns_of
from tests.solvers.conftest import Census, base, problems

SEEDS = st.integers(0, 2**32 - 1)
SCALES = st.sampled_from([1, 10, 10**6, 2**30, 2**49])
TOLERANCE = 1e-6


def whole_points(n_units: int) -> npt.NDArray[np.int64]:
    return (np.arange(1 << n_units)[:, None] >> np.arange(n_units)) & 1


def any_row(columns: tuple[int, ...], coefficients: tuple[int, ...], limit: int) -> Row:
    """Write a row that claims nothing but itself."""
    return Row(("any", columns, coefficients, limit), columns, coefficients, limit)


def draw_rows(n_units: int, rng: np.random.Generator) -> list[Row]:
    """Draw rows as the families write them: small coefficients, small limits."""
    rows = []
    for _ in range(rng.integers(0, 8)):
        columns = rng.permutation(n_units)[: rng.integers(1, min(n_units, 5) + 1)]
        coefficients = rng.choice([-3, -2, -1, 1, 2], len(columns))
        limit = int(rng.integers(-1, 3))
        rows.append(any_row(tuple(columns.tolist()), tuple(coefficients.tolist()), limit))
    return rows


def draw_limits(
    n_units: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    fixed = rng.choice([-1, -1, -1, -1, 0, 1], n_units)
    return (fixed == 1).astype(np.int8), (fixed != 0).astype(np.int8)


def draw_weights(n_units: int, scale: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw weights up to a scale, or some a few units away from it."""
    if rng.random() < 0.5:
        return rng.integers(-scale, scale + 1, n_units)
    return rng.choice([-1, 1], n_units) * (scale + rng.integers(-1, 2, n_units))


def bare(weights: npt.NDArray[np.int64] | list[int], params: SearchParams = DEFAULT) -> Model:
    """Build a model of weights alone: no edges, any number of pieces."""
    gains = np.stack([np.zeros(len(weights), np.int64), np.asarray(weights, np.int64)], axis=1)
    return Model(Problem(gains, np.empty((0, 2), int), pieces=(0, 0)), params=params)


def build(
    weights: npt.NDArray[np.int64] | list[int],
    rows: Iterable[Row],
    lower: npt.NDArray[np.int8],
    upper: npt.NDArray[np.int8],
) -> Relaxation:
    built = Relaxation(bare(weights))
    built.limit(lower, upper)
    for row in rows:
        built.add(row)
    return built


def survivors(
    n_units: int, rows: Iterable[Row], lower: npt.NDArray[np.int8], upper: npt.NDArray[np.int8]
) -> npt.NDArray[np.int64]:
    """Every whole point within limits and rows."""
    points = whole_points(n_units)
    is_in = ((points >= lower) & (points <= upper)).all(axis=1)
    for row in rows:
        is_in &= points[:, list(row.columns)] @ np.array(row.coefficients) <= row.limit
    return points[is_in]


def total(
    weights: npt.NDArray[np.int64] | list[int], point: npt.NDArray[np.int64] | list[int]
) -> int:
    """Add up in Python's own integers."""
    return sum(int(w) * int(x) for w, x in zip(weights, point, strict=True))


def assert_proven(proof, gains, points, lower, upper) -> None:
    """No point is worth more than the total, less what each unit on its worse side loses.

    The sum of what all of them lose at once is what fixing by ways relies on.
    """
    rest = proof.rest.tolist()
    free = [low != high for low, high in zip(lower.tolist(), upper.tolist(), strict=True)]
    for point in points.tolist():
        units = zip(rest, point[: len(rest)], free, strict=True)
        lost = sum(abs(r) for r, x, is_free in units if is_free and (r > 0) != (x == 1))
        assert proof.scale * total(gains, point) <= proof.total - lost


@given(seed=SEEDS, n_units=st.integers(1, 7), scale=SCALES)
@settings(max_examples=200)
def test_any_multipliers_prove_a_bound(seed, n_units, scale) -> None:
    rng = np.random.default_rng(seed)
    weights, rows = draw_weights(n_units, scale, rng), draw_rows(n_units, rng)
    lower, upper = draw_limits(n_units, rng)
    built = build(weights, rows, lower, upper)
    points = survivors(n_units, rows, lower, upper)
    for size in (0.0, 1e-3, 0.3 * scale, 3.0 * scale):
        duals = rng.exponential(size, len(built.rows)) if size else np.zeros(len(built.rows))
        duals[rng.random(len(duals)) < 0.2] *= -1e-9  # GLOP's zeros may be slightly negative
        proof = built._prove(duals)
        assert_proven(proof, weights.tolist(), points, lower, upper)
        assert proof.bound == proof.total // proof.scale


@given(problem=problems(max_units=8), seed=SEEDS)
@settings(max_examples=250)
def test_any_multipliers_of_any_rows_prove_a_bound_on_every_rooted_plan(problem, seed) -> None:
    """Founders, cut edges and missed budgets are variables like any other."""
    rng = np.random.default_rng(seed)
    model, census = Model(problem), Census(problem)
    lower, upper = draw_limits(problem.n_units, rng)
    built = Relaxation(model)
    built.limit(lower, upper)
    near = np.flatnonzero(model.landmass == rng.choice(model.landmass))
    roots = [rng.permutation(near)[: rng.integers(1, 3)].astype(np.int32) for _ in (0, 1)]
    rows = [*tie_rows(model), *budget_rows(model)]
    for _ in range(3):
        values = rng.random(model.n_columns)
        units = values[: model.n_units]
        rows += [*cut_rows(model, values, 0.0), *alternation_rows(model, units, 0.0)]
        rows += turn_rows(model, units, 0.0)
        for part, most in enumerate(problem.pieces):
            rows += founder_rows(model, values, part, 0.0)
            rows += peak_rows(model, values, part, 0.0)
            rows += [seeds_row(model, part)] if most > 1 else []
            if most:
                rows += separator_rows(model, values, part, roots[part], 0.01, 0.01)
                rows += joint_rows(model, values, part, roots[part], 0.01, 0.01)
    for row in rows:
        built.add(row)
    is_in = ((census.plans >= lower) & (census.plans <= upper)).all(axis=1)
    for part, most in enumerate(problem.pieces):
        if most:
            is_in &= (census.plans[:, roots[part]] == part).any(axis=1)
    points = [columns_of(model, plan, roots) for plan in census.plans[is_in]]
    values = [value for value, inside in zip(census.values, is_in, strict=True) if inside]
    for point, value in zip(points, values, strict=True):
        assert total(model.gains, point) == value - base(problem)
    points = np.array(points).reshape(-1, model.n_columns)
    scale = float(np.abs(problem.weights).mean()) + 1
    for size in (0.1 * scale, 2.0 * scale):
        duals = rng.exponential(size, len(built.rows)) * (rng.random(len(built.rows)) < 0.5)
        proof = built._prove(duals)
        assert_proven(proof, model.gains.tolist(), points, lower, upper)
    outcome = built.solve()
    if isinstance(outcome, Proof):
        assert outcome.is_exclusion
        assert outcome.total < 0
        assert not len(points)
    else:
        assert_proven(outcome.proof, model.gains.tolist(), points, lower, upper)


@given(seed=SEEDS, n_units=st.integers(1, 9), scale=SCALES)
@settings(max_examples=300)
def test_a_solution_is_optimal_and_its_bound_is_proven(seed, n_units, scale) -> None:
    rng = np.random.default_rng(seed)
    weights, rows = draw_weights(n_units, scale, rng), draw_rows(n_units, rng)
    lower, upper = draw_limits(n_units, rng)
    point = build(weights, rows, lower, upper).solve()
    points = survivors(n_units, rows, lower, upper)
    if isinstance(point, Proof):
        assert len(points) == 0
        return
    assert_proven(point.proof, weights.tolist(), points, lower, upper)
    # Feasible within GLOP's tolerance and, by weak duality, as large as any: optimal.
    assert (point.values >= lower - TOLERANCE).all()
    assert (point.values <= upper + TOLERANCE).all()
    for row in rows:
        assert point.values[list(row.columns)] @ np.array(row.coefficients) <= row.limit + 1e-5
    value = float(weights @ point.values)
    slack = 1 + 1e-5 * float(np.abs(weights).sum())
    assert point.proof.bound == pytest.approx(value, abs=slack)


@given(seed=SEEDS, n_units=st.integers(1, 40))
@settings(max_examples=100)
def test_weights_up_to_the_limit_are_added_up_like_pythons_own_integers(seed, n_units) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.choice([-1, 1], n_units) * (MAX_TOTAL_GAIN // n_units)
    rows = draw_rows(n_units, rng)
    built = build(weights, rows, *draw_limits(n_units, rng))
    duals = rng.exponential(MAX_TOTAL_GAIN / n_units, len(built.rows))
    proof = built._prove(duals)

    rest = [proof.scale * weight for weight in weights.tolist()]
    exact = 0
    for row, multiplier in zip(proof.rows, proof.multipliers, strict=True):
        assert multiplier > 0
        exact += multiplier * row.limit
        for column, coefficient in zip(row.columns, row.coefficients, strict=True):
            rest[column] -= multiplier * coefficient
    lower, upper = built._lower.tolist(), built._upper.tolist()
    exact += sum(max(r * low, r * up) for r, low, up in zip(rest, lower, upper, strict=True))
    assert proof.total == exact
    assert proof.rest.tolist() == rest
    assert proof.bound == exact // proof.scale
    # The multipliers are those given, rounded down to what the scale can tell apart.
    used = dict(zip(proof.rows, proof.multipliers, strict=True))
    for row, dual in zip(built.rows, duals.tolist(), strict=True):
        share = dual * proof.scale / built._sizes[row]
        assert used.get(row, 0) == pytest.approx(share, abs=1, rel=1e-12)


@given(seed=SEEDS, n_units=st.integers(2, 8), scale=SCALES)
@settings(max_examples=150)
def test_limits_that_no_point_meets_are_proven_to_exclude_all(seed, n_units, scale) -> None:
    """A chain x0 <= x1 <= ... with its first unit at 1 and its last at 0, among other rows."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(n_units).tolist()
    chain = [any_row(pair, (1, -1), 0) for pair in pairwise(order)]
    lower, upper = np.zeros(n_units, np.int8), np.ones(n_units, np.int8)
    built = build(draw_weights(n_units, scale, rng), chain, lower, upper)
    assert isinstance(built.solve(), Point)
    lower[order[0]], upper[order[-1]] = 1, 0
    built.limit(lower, upper)
    proof = built.solve()
    assert proof.is_exclusion
    assert len(survivors(n_units, chain, lower, upper)) == 0
    # Without any gains the rows add up to less than nothing, whatever the units do.
    rest, left = [0] * n_units, 0
    for row, multiplier in zip(proof.rows, proof.multipliers, strict=True):
        left += multiplier * row.limit
        for column, coefficient in zip(row.columns, row.coefficients, strict=True):
            rest[column] -= multiplier * coefficient
    pairs = zip(rest, lower.tolist(), upper.tolist(), strict=True)
    assert left + sum(max(r * low, r * up) for r, low, up in pairs) == proof.total < 0
    lower[order[0]] = 0
    built.limit(lower, upper)
    assert isinstance(built.solve(), Point)


@given(seed=SEEDS, n_units=st.integers(1, 8))
@settings(max_examples=150)
def test_nothing_proves_that_limits_with_a_point_exclude_all(seed, n_units) -> None:
    rng = np.random.default_rng(seed)
    rows, limits = draw_rows(n_units, rng), draw_limits(n_units, rng)
    if len(survivors(n_units, rows, *limits)):
        assert build(np.zeros(n_units, np.int64), rows, *limits)._exclude() is None


def test_glops_word_alone_excludes_nothing(monkeypatch) -> None:
    built = Relaxation(bare([1, 1]))
    built.add(any_row((0, 1), (-1, -1), -3))
    assert built.solve().is_exclusion
    monkeypatch.setattr(Relaxation, "_exclude", lambda self: None)
    with pytest.raises(RuntimeError, match="no multipliers prove it"):
        built.solve()


@given(seed=SEEDS, n_units=st.integers(2, 9), scale=SCALES)
@settings(max_examples=100)
def test_rows_come_and_go_and_the_answer_is_that_of_the_rows_there(seed, n_units, scale) -> None:
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
        assert isinstance(point, Proof) == isinstance(cold, Proof)
        if isinstance(point, Point):
            slack = 1 + 1e-5 * float(np.abs(weights).sum())
            assert point.proof.bound == pytest.approx(cold.proof.bound, abs=slack)


@given(seed=SEEDS, n_units=st.integers(4, 14), scale=SCALES)
@settings(max_examples=150, deadline=None)
def test_glop_takes_every_basis_that_it_is_told(seed, n_units, scale) -> None:
    """Rows that are tight are dropped as well, which leaves a basis of too many variables."""
    rng = np.random.default_rng(seed)
    weights = draw_weights(n_units, scale, rng)
    refused = list[Exception]()
    solve = mathopt.IncrementalSolver.solve

    def listen(self: mathopt.IncrementalSolver, *given, **named) -> mathopt.SolveResult:
        try:
            return solve(self, *given, **named)
        except Exception as error:
            refused.append(error)
            raise

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mathopt.IncrementalSolver, "solve", listen)
        relaxation = Relaxation(bare(weights))
        for _ in range(5):
            rows = list(relaxation.rows)
            relaxation.drop([row for row in rows if rng.random() < 0.4])
            for row in draw_rows(n_units, rng) + draw_rows(n_units, rng):
                relaxation.add(row)
            limits = draw_limits(n_units, rng)
            relaxation.limit(*limits)
            found = relaxation.solve()
            anew = build(weights, relaxation.rows, *limits).solve()
            assert type(found) is type(anew)
            if isinstance(found, Point):
                assert found.values @ weights == pytest.approx(
                    anew.values @ weights, abs=1e-6 * scale
                )
    assert not refused


@given(seed=SEEDS, n_units=st.integers(1, 9), scale=SCALES)
@settings(max_examples=80, deadline=None)
def test_the_optimum_is_the_same_from_whatever_basis(seed, n_units, scale) -> None:
    """From its own, from one of other gains or of more rows, and from what is no basis at all."""
    rng = np.random.default_rng(seed)
    weights = draw_weights(n_units, scale, rng)
    rows, more = draw_rows(n_units, rng), draw_rows(n_units, rng)
    limits = draw_limits(n_units, rng)
    anew = build(weights, rows, *limits)
    wanted = anew.solve()
    other = build(draw_weights(n_units, scale, rng), rows + more, *draw_limits(n_units, rng))
    other.solve()
    letters = "".join(rng.choice(list("lubz"), n_units).tolist())
    forged = Basis(letters, frozenset(row.claim for row in rows if rng.random() < 0.5))
    for basis in (anew.basis(), other.basis(), forged):
        if basis is not None:
            told = build(weights, rows, *limits)
            told.begin_from(basis, more)
            found = told.solve()
            assert type(found) is type(wanted)
            if isinstance(found, Point):
                assert found.values @ weights == pytest.approx(
                    wanted.values @ weights, abs=1e-6 * scale
                )


PIVOT_BY_PIVOT = SearchParams(relaxation=RelaxationParams(n_pivots_told=1))


@given(seed=SEEDS, n_units=st.integers(1, 9), scale=SCALES)
@settings(max_examples=150, deadline=None)
def test_whatever_is_proven_on_the_way_from_a_basis_holds(seed, n_units, scale) -> None:
    """Also where limits change on the way, as they do when units are fixed."""
    rng = np.random.default_rng(seed)
    weights, rows = draw_weights(n_units, scale, rng), draw_rows(n_units, rng)
    lower, upper = draw_limits(n_units, rng)
    told = Relaxation(bare(weights, PIVOT_BY_PIVOT))
    for row in rows:
        told.add(row)
    letters = "".join(rng.choice(list("lubz"), n_units).tolist())
    told.begin_from(Basis(letters, frozenset(row.claim for row in rows if rng.random() < 0.5)))
    told.limit(lower, upper)
    points = survivors(n_units, rows, lower, upper)
    free = np.flatnonzero(lower != upper)
    while isinstance(outcome := told.advance(), Underway):
        assert told.basis() is None
        assert_proven(outcome.proof, weights.tolist(), points, lower, upper)
        if len(free) and rng.random() < 0.3:
            unit, side = rng.choice(free), rng.integers(2)
            lower[unit] = upper[unit] = side
            points = points[points[:, unit] == side]
            free = free[free != unit]
            told.limit(lower, upper)
    wanted = build(weights, rows, lower, upper).solve()
    assert type(outcome) is type(wanted)
    if isinstance(outcome, Point):
        assert outcome.values @ weights == pytest.approx(wanted.values @ weights, abs=1e-6 * scale)


def long_way(params: SearchParams) -> tuple[Relaxation, int]:
    """Begin at a basis of nothing with rows that ask for a dozen pivots, and say the optimum."""
    n_units = 12
    built = Relaxation(bare(np.arange(1, n_units + 1), params))
    rows = [any_row((unit, unit + 1), (1, 1), 1) for unit in range(n_units - 1)]
    for row in rows:
        built.add(row)
    built.begin_from(Basis("u" * n_units, frozenset()))
    return built, 12 + 10 + 8 + 6 + 4 + 2


def test_a_long_way_from_a_basis_is_gone_in_parts_each_with_its_bound() -> None:
    built, optimum = long_way(PIVOT_BY_PIVOT)
    bounds = []
    while isinstance(outcome := built.advance(), Underway):
        bounds.append(outcome.proof.bound)
    assert len(bounds) > 2
    assert bounds == sorted(bounds, reverse=True)
    assert sum(range(13)) > bounds[-1] >= outcome.proof.bound == optimum
    whole, _ = long_way(DEFAULT)
    assert whole.advance().proof.bound == optimum


def test_parts_have_a_limit_together() -> None:
    few = RelaxationParams(n_pivots=2, n_pivots_each=1e-9, n_pivots_told=1)
    built, _ = long_way(SearchParams(relaxation=few))
    with pytest.raises(RelaxationError, match="GLOP ended with"):
        built.solve()


def test_a_basis_is_of_as_many_variables() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Relaxation(bare([1, 2, 3])).begin_from(Basis("lu", frozenset()))
    with pytest.raises(ValueError, match="letters other than l, u, z, b"):
        Basis("lx", frozenset())


def test_rows_long_slack_are_dropped_and_the_bound_stays() -> None:
    built = Relaxation(bare([5, 4, 3, -2]))
    tight = any_row((0, 1, 2), (1, 1, 1), 2)
    slack = any_row((0, 3), (1, 1), 2)
    built.add(tight)
    built.add(slack)
    for _ in range(DEFAULT.relaxation.most_age):
        assert built.solve().proof.bound == 9
        built.purge()
        assert set(built.rows) == {tight, slack}
    built.solve()
    built.purge()
    assert set(built.rows) == {tight}
    assert built.solve().proof.bound == 9


def test_what_is_left_of_the_gains_says_what_the_other_side_costs() -> None:
    proof = Relaxation(bare([5, -7, 0])).solve().proof
    assert (proof.rest / proof.scale).tolist() == [5, -7, 0]


def test_rows_take_from_the_gains_of_what_they_speak_of() -> None:
    built = Relaxation(bare([5, 4]))
    built.add(any_row((0, 1), (1, 1), 1))
    proof = built.solve().proof
    assert proof.bound == 5
    assert proof.total - proof.rest[0] <= 4 * proof.scale  # without the first unit, 4 is left


def test_glop_gets_a_fresh_start_where_it_gives_up() -> None:
    """The old solver is thrown away, rows and limits are kept, and the answer is the same."""
    built = Relaxation(bare([5, 4, 3]))
    built.add(any_row((0, 1, 2), (1, 1, 1), 2))

    class Broken:
        def solve(self, **_) -> None:
            raise RuntimeError("ABNORMAL")

    assert built.solve().proof.bound == 9
    built._solver = Broken()
    assert built.solve().proof.bound == 9
    assert not isinstance(built._solver, Broken)


@pytest.mark.parametrize("multiplier", [2.0**20, 2.0**50, 2.0**57, 2.0**70])
def test_long_rows_with_huge_multipliers_do_not_overflow(multiplier) -> None:
    """Three thousand columns of factor eight: the sums in a proof pass 2**63 unless scaled."""
    n_units = 3000
    relaxation = Relaxation(bare(np.full(n_units, 2**40)))
    relaxation.add(any_row(tuple(range(n_units)), (-8,) * n_units, -8 * n_units))
    proof = relaxation._prove(np.array([multiplier]))
    # The row asks for every unit, so this is the value of the only whole point it allows.
    assert proof.bound >= n_units * 2**40
    used = proof.multipliers[0] if proof.multipliers else 0
    assert proof.rest.tolist() == [proof.scale * 2**40 + 8 * used] * n_units
    assert proof.total == n_units * proof.rest[0].item() - used * 8 * n_units


def test_a_budget_in_billions_beside_votes_is_bounded_as_sharply_as_one_in_ones() -> None:
    """Rounding multipliers of large amounts costs less than one vote."""
    bounds = []
    for size in (1, 10**4, 10**9):
        budget = Budget(np.array([3, 2, 2]) * size, upper=4 * size)
        gains = np.array([[0, 30], [0, 22], [0, 20]])
        model = Model(Problem(gains, np.array([[0, 1], [1, 2]]), pieces=(0, 0), budgets=(budget,)))
        built = Relaxation(model)
        for row in budget_rows(model):
            built.add(row)
        bounds.append(built.solve().proof.bound)
    assert bounds == [42, 42, 42]  # units 1 and 2 fill it


def test_the_trailing_point_goes_part_of_the_way_to_each_solution() -> None:
    model = Model(Problem(gains=np.array([[0, 1], [1, 0]]), edges=np.array([[0, 1]])))
    relaxation = Relaxation(model)
    first, second = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert relaxation.trail(first).tolist() == [1.0, 0.0]
    pace = DEFAULT.relaxation.pace
    assert relaxation.trail(second) == pytest.approx([1 - pace, pace])
    for _ in range(50):
        last = relaxation.trail(second)
    assert last == pytest.approx(second, abs=1e-9)
    assert first.tolist() == [1.0, 0.0]
