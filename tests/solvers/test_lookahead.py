"""The plan that is there without any search: it is one, and worth what was counted."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from solvers.lookahead import main_pieces
from solvers.model import Model
from solvers.problem import Problem
from tests.solvers.conftest import PLAIN, count_torn, problems


@given(problem=problems(extras=PLAIN))
def test_main_pieces_are_as_many_as_allowed(problem: Problem) -> None:
    model = Model(problem)
    plan = main_pieces(model)
    assert count_torn(problem, plan) == 0
    if not any(problem.pieces):
        assert problem.objective(plan) == problem.most


def test_the_piece_that_is_kept_is_the_heaviest_of_its_landmass() -> None:
    """Two paths: on one the single blue unit outweighs the two others, on the other it does not."""
    gains = np.array([[0, 9], [5, 0], [0, 2], [0, 2], [0, 3], [5, 0], [0, 2], [0, 2]])
    edges = np.array([[0, 1], [1, 2], [2, 3], [4, 5], [5, 6], [6, 7]])
    plan = main_pieces(Model(Problem(gains, edges)))
    assert plan.tolist() == [1, 0, 0, 0, 0, 0, 1, 1]
