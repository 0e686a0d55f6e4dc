"""What the program finds wrong with itself is an error with both values, under ``-O`` as well."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from solvers import domain, parametric
from solvers import solve as solve_module
from solvers.errors import InternalError
from solvers.exact.branch_and_cut import BranchAndCut
from solvers.graphs import faces
from solvers.model import Model
from solvers.parametric import trace_frontier
from solvers.params import RefineParams, SearchParams
from solvers.plan import Plan
from solvers.primal.neighbourhood import neighbourhood
from solvers.primal.refine import Refiner
from solvers.problem import Problem
from solvers.result import Limits
from solvers.solve import solve

PATH = Problem(np.array([[0, 5], [9, 0], [0, 4]]), np.array([[0, 1], [1, 2]]))
SQUARE = np.array([[0, 1], [1, 2], [2, 3], [0, 3]])


def test_a_bound_below_a_plan_is_never_returned(monkeypatch) -> None:
    monkeypatch.setattr(domain.Domain, "bound", property(lambda self: self.objective - 1))
    with pytest.raises(InternalError, match=r"bound lies below a plan: 8 is .* worth 9"):
        solve(PATH, Limits(rounds=1), start=Plan(np.zeros(3, np.int8)))


def test_a_plan_worth_something_else_is_never_returned(monkeypatch) -> None:
    monkeypatch.setattr(solve_module._Search, "_totals", lambda self: (8, 20))
    with pytest.raises(InternalError, match="claims 8 for a plan that is worth 14"):
        solve(PATH, Limits(rounds=1))


class Flow(parametric.SimpleMaxFlow):
    """A maximum flow that lies about what it sends."""

    lie = 0

    def flows(self, arcs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.asarray(super().flows(arcs)) + self.lie


@pytest.mark.parametrize(
    ("lie", "said"), [(-1, "arcs .* carry less than 0"), (2**40, "carry less than 0 or more")]
)
def test_a_flow_that_is_none_proves_nothing(monkeypatch, lie, said) -> None:
    monkeypatch.setattr(parametric, "SimpleMaxFlow", Flow)
    monkeypatch.setattr(Flow, "lie", lie)
    free = Problem(PATH.gains, PATH.edges, pieces=(0, 0))
    with pytest.raises(InternalError, match=said):
        trace_frontier(free, np.zeros((3, 2), int), np.array([1, 1]), 0, 5)


def test_a_cut_that_is_not_minimal_proves_nothing(monkeypatch) -> None:
    class Wider(parametric.SimpleMaxFlow):
        def get_source_side_min_cut(self) -> npt.NDArray[np.int64]:
            return np.array([3, 0])

    monkeypatch.setattr(parametric, "SimpleMaxFlow", Wider)
    free = Problem(PATH.gains, PATH.edges, pieces=(0, 0))
    with pytest.raises(InternalError, match=r"not minimal: it is \d+, and the flow \d+"):
        trace_frontier(free, np.zeros((3, 2), int), np.array([1, 1]), 0, 5)


def test_faces_that_break_eulers_formula_are_none(monkeypatch) -> None:
    monkeypatch.setattr(faces.nx, "number_connected_components", lambda _: 2)
    with pytest.raises(InternalError, match=r"4 units - 4 edges \+ 2 faces is not twice 2"):
        faces.find_faces(4, SQUARE)


def test_a_part_of_one_piece_has_no_founders() -> None:
    with pytest.raises(InternalError, match="Part 1 may have 1 pieces"):
        Model(PATH).seed(1, 0)


def test_a_plan_refused_in_its_own_neighbourhood_is_an_error(monkeypatch) -> None:
    monkeypatch.setattr(BranchAndCut, "offer", lambda *_: False)
    params = SearchParams(refine=RefineParams(n_steps=1))
    plan = np.zeros(3, np.int8)
    with pytest.raises(InternalError, match=r"A plan worth 0 is refused .* whose bound is 9"):
        Refiner(Model(PATH, params=params), 0).where_relaxed(plan, np.full(3, 0.5))


def test_a_plan_that_tears_a_group_has_no_neighbourhood() -> None:
    pair = Problem(PATH.gains, PATH.edges, groups=np.array([4, -1, 4]))
    with pytest.raises(InternalError, match=r"\[0 0 1\], puts two units .* \[ 4 -1  4\]"):
        neighbourhood(pair, np.array([0, 0, 1], np.int8), np.zeros(3, np.bool_))
