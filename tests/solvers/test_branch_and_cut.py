"""The exact search alone, without the walker that could find what it wrongly cuts off."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers import branch_and_cut
from solvers.branch_and_cut import BranchAndCut
from solvers.model import Model
from tests.solvers.conftest import CONNECTED, PIECES, Census, problems


def run(problem):
    """Step to the end and return the search and the bounds and values on the way."""
    exact = BranchAndCut(Model.from_problem(problem))
    steps = [(exact.value, exact.proven)]
    while not exact.is_finished:
        exact.step()
        steps.append((exact.value, exact.proven))
        assert len(steps) < 5000, "the search does not end"
    return exact, steps


@given(problem=problems(CONNECTED, pieces_of_both=PIECES[:3], max_units=11))
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


@given(problem=problems(CONNECTED, ["close"], [(1, 1)], min_units=8, max_units=12))
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
    problem=problems(CONNECTED, pieces_of_both=PIECES[:3], max_units=10),
    missing=st.sets(st.sampled_from(["face_rows", "leaf_rows", "separator_rows", "joint_rows"])),
)
@settings(max_examples=300, deadline=None)
def test_the_answer_is_the_same_without_any_family_of_rows(problem, missing):
    with pytest.MonkeyPatch.context() as patch:
        for family in sorted(missing):
            patch.setattr(branch_and_cut, family, lambda *_: iter(()))
        exact, _ = run(problem)
    optimum = Census(problem).optimum
    base = int(problem.gains[:, 0].sum())
    assert exact.value == exact.proven == (None if optimum is None else optimum - base)


@given(
    problem=problems(CONNECTED, pieces_of_both=PIECES[:3], min_units=5, max_units=10),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=400, deadline=None)
def test_the_answer_is_the_same_whichever_units_are_split_on(problem, seed):
    """Small problems seldom split of themselves; here they do at random, on roots above all."""
    rng = np.random.default_rng(seed)
    advance = BranchAndCut._advance

    def split_or_advance(self):
        node = self._current
        if node is None or any(roots is None for roots in node.roots) or rng.random() < 0.5:
            return advance(self)
        free = np.flatnonzero(node.lower != node.upper)
        roots = np.intersect1d(np.concatenate(node.roots), free)
        units = roots if len(roots) and rng.random() < 0.7 else free
        if not len(units):
            return advance(self)
        self._current = None
        return self._split_on_unit(node, int(rng.choice(units)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BranchAndCut, "_advance", split_or_advance)
        patch.setattr(branch_and_cut, "VIOLATION", 0.3)  # fewer rows a round: more rounds
        exact, _ = run(problem)
    optimum = Census(problem).optimum
    base = int(problem.gains[:, 0].sum())
    assert exact.value == exact.proven == (None if optimum is None else optimum - base)
