"""The exact search when the float solver fails, and as another thread sees it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.exact.branch_and_cut import BranchAndCut
from solvers.exact.proof import Proof
from solvers.exact.relaxation import Point, Relaxation, RelaxationError
from solvers.model import Model
from solvers.problem import Problem
from tests.solvers.conftest import Census, base, problems


def run(problem: Problem) -> BranchAndCut:
    exact = BranchAndCut(Model(problem))
    for _ in range(20_000):
        if exact.is_finished:
            return exact
        exact.step()
    raise AssertionError("the search does not end")


@given(problem=problems(max_units=7), data=st.data())
@settings(max_examples=150)
def test_a_relaxation_that_fails_costs_time_but_no_plan(problem, data) -> None:
    """Whenever the float solver gives up, the node splits under the bound it had."""
    gives_up = data.draw(st.randoms(use_true_random=False))
    solve_relaxation = Relaxation.advance

    def solve_or_give_up(self: Relaxation) -> Point | Proof:
        if gives_up.random() < 0.5:
            raise RelaxationError("ABNORMAL")
        return solve_relaxation(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Relaxation, "advance", solve_or_give_up)
        exact = run(problem)
    optimum = Census(problem).optimum
    assert exact.value == (None if optimum is None else optimum - base(problem))


@given(problem=problems(min_units=6, max_units=10))
@settings(max_examples=150)
def test_the_bound_that_another_thread_reads_during_a_step_is_proven(problem) -> None:
    optimum = Census(problem).optimum
    if optimum is None:
        return
    exact = BranchAndCut(Model(problem))
    seen = []
    finish, solve_relaxation = BranchAndCut._take, Relaxation.advance

    def take(self: BranchAndCut, plan: npt.NDArray[np.int8]) -> bool:
        is_better = finish(self, plan)
        seen.append(self.proven)
        return is_better

    def solve_and_look(self: Relaxation) -> Point | Proof:
        seen.append(exact.proven)
        return solve_relaxation(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BranchAndCut, "_take", take)
        patch.setattr(Relaxation, "advance", solve_and_look)
        while not exact.is_finished:
            exact.step()
    assert all(bound >= optimum - base(problem) for bound in seen)
