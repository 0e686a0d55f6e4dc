"""The best plans along a weight, held against every plan and against the other engine."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.parametric import Stretch, trace_frontier
from solvers.problem import ALONE, FREE, Budget, Problem
from solvers.solve import solve

LOW, HIGH = Fraction(0), Fraction(7, 2)


def lines_by_enumeration(
    problem: Problem, gains: np.ndarray, costs: np.ndarray
) -> set[tuple[int, int]]:
    """Value and slope of every plan that meets the constraints, in Python's own integers."""
    lines = set()
    for sides in product((0, 1), repeat=problem.n_units):
        groups: dict[int, set[int]] = {}
        for label, side in zip(problem.groups.tolist(), sides, strict=True):
            groups.setdefault(label, set()).add(side)
        groups.pop(ALONE, None)
        is_allowed = all(
            fixed in (FREE, side) for fixed, side in zip(problem.fixed.tolist(), sides, strict=True)
        )
        if not is_allowed or any(len(group) > 1 for group in groups.values()):
            continue
        cut = [e for e, (a, b) in enumerate(problem.edges.tolist()) if sides[a] != sides[b]]
        torn = [e for e, (a, b) in enumerate(problem.links.tolist()) if sides[a] != sides[b]]
        value, slope = (
            sum(int(table[unit, side]) for unit, side in enumerate(sides))
            - sum(int(price[edge]) for edge in cut)
            for table, price in ((problem.gains, problem.edge_costs), (gains, costs))
        )
        lines.add((value - sum(int(problem.link_costs[link]) for link in torn), slope))
    return lines


def kinks_by_enumeration(lines: set[tuple[int, int]]) -> list[Fraction]:
    """Weights between LOW and HIGH where two lines of different slope are both best."""
    kinks = set()
    for (value, slope), (other, steeper) in combinations(sorted(lines), 2):
        if slope != steeper:
            at = Fraction(value - other, steeper - slope)
            is_best = value + at * slope == max(v + at * s for v, s in lines)
            if LOW < at < HIGH and is_best:
                kinks.add(at)
    return sorted(kinks)


@st.composite
def problems(draw: st.DrawFn) -> tuple[Problem, np.ndarray, np.ndarray]:
    n_units = draw(st.integers(1, 7))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    pairs = [pair for pair in combinations(range(n_units), 2) if rng.random() < 0.5]
    size = draw(st.sampled_from([3, 1000]))
    fixed = rng.choice([FREE, FREE, FREE, 0, 1], n_units)
    groups = rng.choice([ALONE, ALONE, 5], n_units)
    fixed[groups == 5] = FREE
    links = [pair for pair in combinations(range(n_units), 2) if rng.random() < 0.2]
    problem = Problem(
        gains=rng.integers(-size, size, (n_units, 2)),
        links=np.array(links, np.int32).reshape(-1, 2),
        link_costs=rng.integers(0, size, len(links)),
        edges=np.array(pairs, np.int32).reshape(-1, 2),
        fixed=fixed,
        groups=groups,
        edge_costs=rng.integers(0, size, len(pairs)),
        pieces=(0, 0),
    )
    gains = rng.integers(-size, size, (n_units, 2)) * draw(st.integers(0, 1))
    return problem, gains, rng.integers(0, size, len(pairs))


@given(problems())
@settings(max_examples=150)
def test_the_frontier_is_that_of_all_plans(
    drawn: tuple[Problem, np.ndarray, np.ndarray],
) -> None:
    problem, gains, costs = drawn
    found = trace_frontier(problem, gains, costs, LOW, HIGH)
    lines = lines_by_enumeration(problem, gains, costs)
    assert [one.low for one in found[1:]] == kinks_by_enumeration(lines)
    for one in found:
        for weight in (one.low, (one.low + one.high) / 2, one.high):
            assert one.objective(weight) == max(v + weight * s for v, s in lines)
        assert one.value == problem.objective(one.plan.assignment)


@given(problems())
@settings(max_examples=50)
def test_stretches_follow_one_another_without_a_gap(
    drawn: tuple[Problem, np.ndarray, np.ndarray],
) -> None:
    found = trace_frontier(*drawn, LOW, HIGH)
    assert (found[0].low, found[-1].high) == (LOW, HIGH)
    for one, two in pairwise(found):
        assert one.low < one.high == two.low < two.high
        assert one.slope < two.slope
        assert one.objective(one.high) == two.objective(one.high)


def grid_problem(side: int, seed: int) -> tuple[Problem, np.ndarray]:
    rng = np.random.default_rng(seed)
    units = np.arange(side * side).reshape(side, side)
    edges = [
        *zip(units[:, :-1].ravel().tolist(), units[:, 1:].ravel().tolist(), strict=True),
        *zip(units[:-1].ravel().tolist(), units[1:].ravel().tolist(), strict=True),
    ]
    gains = rng.integers(0, 1000, (side * side, 2))
    return Problem(gains=gains, edges=np.array(edges), pieces=(0, 0)), rng.integers(
        1, 100, len(edges)
    )


def test_the_generic_engine_finds_the_same_optimum_at_whole_weights() -> None:
    problem, costs = grid_problem(6, 1)
    found = trace_frontier(problem, np.zeros((36, 2), np.int64), costs, 0, 12)
    assert len(found) > 5

    def best(weight: int) -> Stretch:
        return next(one for one in found if one.low <= weight <= one.high)

    for weight in (0, 1, 4, 9):
        charged = Problem(
            gains=problem.gains, edges=problem.edges, pieces=(0, 0), edge_costs=weight * costs
        )
        result = solve(charged)
        assert result.bound == result.objective == best(weight).objective(weight)


def test_a_common_factor_of_all_gains_does_not_reach_the_limit_of_64_bits() -> None:
    problem, costs = grid_problem(4, 2)
    zeros = np.zeros((16, 2), np.int64)
    coarse = trace_frontier(problem, zeros, costs, 0, 20)
    factor = 10**9
    fine = Problem(gains=factor * problem.gains, edges=problem.edges, pieces=(0, 0))
    scaled = trace_frontier(fine, zeros, factor * costs, 0, 20)
    assert [one.high for one in scaled] == [one.high for one in coarse]
    assert [one.value for one in scaled] == [factor * one.value for one in coarse]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pieces": (1, 0)}, "knows no contiguity"),
        ({"budgets": (Budget(np.ones(2, int), lower=1),)}, "knows no contiguity and no budgets"),
        ({"gains": np.zeros((4, 2), int), "spans": [[0, 2, 3]]}, "knows no spans"),
        ({"groups": np.array([3, 3]), "fixed": np.array([0, 1])}, "No plan meets the constraints"),
        ({"gains": np.array([[2**50, 0], [3, 0]])}, "above the limit"),
    ],
)
def test_what_no_minimum_cut_can_tell_is_refused(changes: dict[str, object], message: str) -> None:
    given = {"gains": np.array([[1, 0], [0, 1]]), "edges": np.array([[0, 1]]), "pieces": (0, 0)}
    with pytest.raises(ValueError, match=message):
        trace_frontier(
            Problem(**{**given, **changes}),
            np.array([[0, 0], [0, 1]]),
            np.array([1]),
            0,
            Fraction(9, 2**12),
        )


def test_weights_that_make_no_sense_are_refused() -> None:
    pair = Problem(np.array([[1, 0], [0, 1]]), np.array([[0, 1]]), pieces=(0, 0))
    zeros = np.zeros((2, 2), np.int64)
    with pytest.raises(ValueError, match="from 3 to 3"):
        trace_frontier(pair, zeros, np.array([1]), 3, 3)
    with pytest.raises(ValueError, match="At weight -1 edge 0 costs -1"):
        trace_frontier(pair, zeros, np.array([1]), -1, 3)
    with pytest.raises(ValueError, match="edge_costs has shape"):
        trace_frontier(pair, zeros, np.array([1, 2]), 0, 3)
