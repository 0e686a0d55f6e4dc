"""The exact search alone, without the walker that could find what it wrongly cuts off."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers import branch_and_cut
from solvers.branch_and_cut import BranchAndCut
from solvers.model import Model
from tests.solvers.conftest import CONNECTED, CONTIGUITIES, Census, draw_problem, problems


def run(problem):
    """Step to the end and return the search and the bounds and values on the way."""
    exact = BranchAndCut(Model.from_problem(problem))
    steps = [(exact.value, exact.proven)]
    while not exact.is_finished:
        exact.step()
        steps.append((exact.value, exact.proven))
        assert len(steps) < 5000, "the search does not end"
    return exact, steps


@given(problem=problems(CONNECTED, contiguities=CONTIGUITIES[:3], max_units=11))
@settings(max_examples=600, deadline=None)
def test_the_exact_search_alone_finds_the_optimum_and_proves_it(problem):
    census = Census(problem)
    exact, steps = run(problem)
    base = int(problem.gains[:, 0].sum())
    if census.optimum is None:
        assert exact.value is None
        assert exact.proven is None
        return
    assert exact.value == exact.proven == census.optimum - base
    for (value, bound), (later_value, later_bound) in pairwise(steps):
        assert value is None or value <= later_value
        assert census.optimum - base <= later_bound <= bound


@given(problem=problems(CONNECTED, ["close"], [(True, True)], min_units=8, max_units=12))
@settings(max_examples=200, deadline=None)
def test_large_weights_a_few_units_apart_are_told_apart(problem):
    exact, _ = run(problem)
    optimum = Census(problem).optimum
    assert exact.value == (None if optimum is None else optimum - int(problem.gains[:, 0].sum()))


@given(problem=problems(CONNECTED, max_units=9, max_fixed=0), data=st.data())
@settings(max_examples=100, deadline=None)
def test_an_offer_is_taken_exactly_when_it_is_a_better_plan(problem, data):
    census = Census(problem)
    exact = BranchAndCut(Model.from_problem(problem))
    feasible = {plan.tobytes() for plan in census.plans}
    best = None
    for mask in data.draw(st.lists(st.integers(0, 2**problem.n_units - 1), max_size=8)):
        plan = ((mask >> census.units) & 1).astype("int8")
        value = int(problem.weights[plan == 1].sum())
        is_better = plan.tobytes() in feasible and (best is None or value > best)
        assert exact.offer(plan) == is_better
        best = value if is_better else best
        assert exact.value == best
        assert exact.proven >= census.optimum - int(problem.gains[:, 0].sum())


@given(
    problem=problems(CONNECTED, contiguities=CONTIGUITIES[:3], max_units=9),
    missing=st.sets(st.sampled_from(["face_rows", "leaf_rows", "separator_rows", "joint_rows"])),
)
@settings(max_examples=400, deadline=None)
def test_branching_makes_up_for_any_family_of_rows(problem, missing):
    """Without rows that tighten it, the search splits nodes, on roots above all."""
    with pytest.MonkeyPatch.context() as patch:
        for family in sorted(missing):
            patch.setattr(branch_and_cut, family, lambda *_: iter(()))
        exact, _ = run(problem)
    optimum = Census(problem).optimum
    base = int(problem.gains[:, 0].sum())
    assert exact.value == exact.proven == (None if optimum is None else optimum - base)


def test_a_search_without_rows_splits_on_units():
    problem = draw_problem(1, 9, "grid")
    exact = BranchAndCut(Model.from_problem(problem))
    assert not exact.is_branching
    with pytest.MonkeyPatch.context() as patch:
        for family in ("face_rows", "leaf_rows", "separator_rows", "joint_rows"):
            patch.setattr(branch_and_cut, family, lambda *_: iter(()))
        while not exact.is_finished:
            exact.step()
    assert exact.is_branching
    assert exact.n_nodes > 2
