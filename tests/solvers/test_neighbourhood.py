"""A neighbourhood is the same problem, with less of it left to decide."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solvers.model import Model, face_rows, leaf_rows
from solvers.neighbourhood import neighbourhood
from tests.solvers.conftest import CONNECTED, Census, problems


@given(
    problem=problems(CONNECTED, min_units=2, max_units=9, max_fixed=2),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=200, deadline=None)
def test_its_plans_are_the_plans_that_differ_in_free_units_only(problem, seed):
    rng = np.random.default_rng(seed)
    plans = Census(problem).plans
    assume(len(plans) > 0)
    plan, model = plans[rng.integers(len(plans))], Model.from_problem(problem)
    is_free = rng.random(problem.n_units) < 0.5
    around = neighbourhood(model, plan, is_free)
    small = around.model

    n_small = small.n_units
    points = ((np.arange(1 << n_small)[:, None] >> np.arange(n_small)) & 1).astype(np.int8)
    expanded = {around.expand(point).tobytes() for point in points if small.is_plan(point)}
    expected = plans[(plans == plan)[:, ~is_free].all(axis=1)]
    assert expanded == {other.tobytes() for other in expected}
    for other in expected:
        restricted = around.restrict(other)
        assert np.array_equal(around.expand(restricted), other)
        assert small.value(restricted) == model.value(other)


@given(
    problem=problems(CONNECTED, pieces_of_both=[(1, 1)], min_units=4, max_units=12),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=200, deadline=None)
def test_face_and_leaf_rows_hold_in_it_as_they_do_outside(problem, seed):
    rng = np.random.default_rng(seed)
    model = Model.from_problem(problem)
    plan = rng.integers(0, 2, problem.n_units).astype(np.int8)
    small = neighbourhood(model, plan, rng.random(problem.n_units) < 0.7).model
    assert (small.faces is None) == (model.faces is None)
    points = ((np.arange(1 << small.n_units)[:, None] >> np.arange(small.n_units)) & 1).astype(
        np.int8
    )
    plans = points[[small.is_plan(point) for point in points]]
    best = plans[plans @ small.weights == max(plans @ small.weights, default=0)]
    values = rng.random(small.n_units).round()
    for rows, those in ((face_rows, plans), (leaf_rows, best)):
        for row in rows(small, values, 0.02):
            sums = those[:, list(row.columns)] @ np.array(row.coefficients)
            assert (sums <= row.limit).all()
