"""Numbers near every limit: a problem is refused, or its optimum is exactly right."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.integers import MAX_TOTAL_GAIN, place_of_largest, total_size
from solvers.parametric import CapacityError, times, trace_frontier
from solvers.problem import Budget, Problem
from solvers.result import Limits, Status
from solvers.solve import solve
from tests.solvers.conftest import Census, confirm, draw_edges

INT64 = st.integers(-(2**63), 2**63 - 1)


@given(values=st.lists(INT64, max_size=9))
def test_absolute_values_are_added_up_as_python_adds_them(values) -> None:
    array = np.array(values, np.int64)
    assert total_size(array) == sum(map(abs, values))
    if values:
        row, value = place_of_largest(array)
        assert value == values[row]
        assert abs(value) == max(map(abs, values))


def spread_out(total: int, n_parts: int, rng: np.random.Generator) -> list[int]:
    """Part a total at random, with nothing left over."""
    ends = sorted(int(rng.integers(0, total + 1)) for _ in range(n_parts - 1))
    return [b - a for a, b in zip([0, *ends], [*ends, total], strict=True)]


@given(
    seed=st.integers(0, 2**32 - 1),
    bits=st.lists(st.integers(0, 53), min_size=5, max_size=5),
    beside=st.integers(-2, 2),
    kinds=st.sets(st.sampled_from(["costs", "links", "soft", "hard"])),
)
@settings(max_examples=60)
def test_huge_numbers_are_refused_or_solved_exactly(seed, bits, beside, kinds) -> None:
    rng = np.random.default_rng(seed)
    n_units = int(rng.integers(2, 8))
    edges = np.array(draw_edges("planar", n_units, rng))
    gains = [[-one, two] for one, two in zip(
        spread_out(2 ** bits[0] // 2, n_units, rng), spread_out(2 ** bits[1] // 2, n_units, rng),
        strict=True,
    )]  # fmt: skip
    gains[0][0] += beside
    amounts = np.array(spread_out(2 ** bits[2], n_units, rng))
    budgets = []
    if "soft" in kinds:
        half = 2 ** bits[2] // 2
        budgets.append(Budget(amounts, lower=half, upper=half, price=np.int64(2 ** bits[3])))
    if "hard" in kinds:
        held = int(amounts[rng.random(n_units) < 0.5].sum())  # some assignment holds just that
        budgets.append(Budget(amounts, lower=held - 1, upper=held + 1))
    change = {}
    if "costs" in kinds:
        change["edge_costs"] = np.array(spread_out(2 ** bits[4], len(edges), rng))
    if "links" in kinds:
        change |= {"links": [[0, n_units - 1]], "link_costs": [2 ** bits[4]]}
    try:
        problem = Problem(np.array(gains), edges, budgets=tuple(budgets), pieces=(1, 0), **change)
    except ValueError as error:
        assert "above the limit of 9007199254740992" in str(error)  # noqa: PT017
        return
    result = solve(problem, Limits(time_limit=60))
    census = Census(problem)
    if len(census.plans) == 0:
        assert result.status is Status.INFEASIBLE
        return
    assert result.status is Status.OPTIMAL
    assert result.objective == result.bound == census.optimum
    assert confirm(problem, result) == census.optimum


@given(
    seed=st.integers(0, 2**32 - 1),
    bits=st.integers(0, 62),
    low=st.fractions(0, 3, max_denominator=9),
)
def test_a_huge_weight_is_traced_exactly_or_refused(seed, bits, low) -> None:
    rng = np.random.default_rng(seed)
    edges = np.array(draw_edges("planar", 5, rng))
    problem = Problem(rng.integers(0, 2**20, (5, 2)), edges, pieces=(0, 0))
    gains = np.array([spread_out(2**bits, 2, rng) for _ in range(5)])
    costs = np.array(spread_out(2**bits, len(edges), rng))
    try:
        stretches = trace_frontier(problem, gains, costs, low, low + 1)
    except CapacityError:
        assert sum(map(sum, gains.tolist())) + 2**bits > 2**30
        return
    for stretch in stretches:
        for weight in (stretch.low, stretch.high):
            best = max(
                sum(
                    int(problem.gains[unit, part]) + weight * int(gains[unit, part])
                    for unit, part in enumerate(plan)
                )
                - sum(
                    weight * int(cost)
                    for (a, b), cost in zip(edges.tolist(), costs.tolist(), strict=True)
                    if plan[a] != plan[b]
                )
                for plan in np.ndindex(*(2,) * 5)
            )
            assert stretch.objective(weight) == Fraction(best)


def test_products_that_leave_the_limit_are_refused() -> None:
    assert times(2**49, np.array([3, -1])).tolist() == [3 * 2**49, -(2**49)]
    with pytest.raises(CapacityError, match=f"add up to {2**70}, above the limit of {2**51}"):
        times(2**20, np.array([2**50, 0]))
    path = Problem(np.zeros((2, 2), int), [[0, 1]], pieces=(0, 0))
    with pytest.raises(ValueError, match="gains holds float64 values"):
        trace_frontier(path, np.full((2, 2), 0.5), np.array([1]), 0, 1)
    with pytest.raises(CapacityError, match=f"comes to {2**63}, above the limit"):
        trace_frontier(path, np.full((2, 2), 2**61), np.array([0]), 0, 1)
    assert MAX_TOTAL_GAIN == 2**53
