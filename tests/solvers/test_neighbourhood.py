"""A neighbourhood is the same problem, with less of it left to decide."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solvers.model import Model
from solvers.primal.neighbourhood import neighbourhood
from solvers.rows.alternations import alternation_rows
from solvers.rows.leaves import leaf_rows
from tests.solvers.columns import columns_of
from tests.solvers.conftest import ONE_OR_ANY, Census, objective, problems


@given(problem=problems(min_units=2, max_units=9, max_fixed=2), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=300)
def test_its_plans_are_the_plans_that_differ_in_free_units_only(problem, seed) -> None:
    rng = np.random.default_rng(seed)
    plans = Census(problem).plans
    assume(len(plans) > 0)
    plan = plans[rng.integers(len(plans))]
    is_free = rng.random(problem.n_units) < 0.5
    around = neighbourhood(problem, plan, is_free)
    is_free[[end for unit, *ends in problem.spans.tolist() if is_free[unit] for end in ends]] = True
    small = Census(around.problem)

    expanded = {around.expand(point).tobytes() for point in small.plans}
    is_near = (plans == plan)[:, ~is_free].all(axis=1)
    expected = plans[is_near]
    assert expanded == {other.tobytes() for other in expected}
    for other in expected:
        restricted = around.restrict(other)
        assert np.array_equal(around.expand(restricted), other)
        assert objective(around.problem, restricted) == objective(problem, other)


@given(
    problem=problems(pieces_of_both=[(1, 1), (2, 1), *ONE_OR_ANY], min_units=4, max_units=11),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=200)
def test_face_and_leaf_rows_hold_in_it_as_they_do_outside(problem, seed) -> None:
    rng = np.random.default_rng(seed)
    plans = Census(problem).plans
    assume(len(plans) > 0)
    plan = plans[rng.integers(len(plans))]
    small = neighbourhood(problem, plan, rng.random(problem.n_units) < 0.7).problem
    census, model = Census(small), Model(small)
    values = rng.random(model.n_columns).round()
    for rows, those in ((alternation_rows, census.plans), (leaf_rows, census.optimal_plans)):
        for row in rows(model, values, 0.02):
            for one in those:
                point = columns_of(model, one)
                assert point[list(row.columns)] @ np.array(row.coefficients) <= row.limit
