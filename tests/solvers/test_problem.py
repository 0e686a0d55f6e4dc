"""Inputs that mean nothing are refused, and the message names the value."""

import math
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.integers import MAX_TOTAL_GAIN
from solvers.plan import Plan
from solvers.problem import FREE, Budget, Problem
from solvers.result import Limits, Progress, Result, Status, relative_gap
from tests.solvers.conftest import BUDGETS, as_networkx, excess, problems

GAINS = np.array([[0, 5], [3, 0], [0, 4]])
EDGES = np.array([[0, 1], [1, 2]])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gains": np.array([1, 2, 3])}, r"gains has shape \(3,\), expected \(n_units, 2\)"),
        ({"gains": np.ones((3, 3), int)}, r"gains has shape \(3, 3\)"),
        ({"gains": np.empty((0, 2), int)}, r"gains has shape \(0, 2\).*at least one unit"),
        ({"gains": np.array([[0.5, 1.0]] * 3)}, "gains holds float64 values.*whole numbers"),
        ({"gains": np.array([["1", "2"]] * 3)}, "gains holds <U1 values"),
        ({"gains": np.array([[2**64 - 1, 0]] * 3, np.uint64)}, "gains holds 18446744073709551615"),
        (
            {"gains": np.array([[MAX_TOTAL_GAIN, 0], [0, -1], [0, 0]])},
            f"prices add up to {MAX_TOTAL_GAIN + 1}, above the limit of {MAX_TOTAL_GAIN}",
        ),
        ({"edges": np.array([[0, 1], [1, 3]])}, r"edges\[1\] = \(1, 3\).*outside 0\.\.2"),
        ({"edges": np.array([[0, 1], [-1, 2]])}, r"edges\[1\] = \(-1, 2\).*outside 0\.\.2"),
        ({"edges": np.array([[0, 1], [2, 2]])}, r"edges\[1\] joins unit 2 to itself"),
        ({"edges": np.array([[0, 1], [1, 2], [1, 0]])}, r"pair \(0, 1\) of edges is given twice"),
        ({"edges": np.array([[0.0, 1.0]])}, "edges holds float64 values"),
        ({"edges": np.array([[0, 2**40]])}, "edges holds 1099511627776"),
        ({"fixed": np.array([0, 1])}, r"fixed has shape \(2,\), expected \(3,\)"),
        ({"fixed": np.array([0, 2, -1])}, r"fixed\[1\] = 2, expected 0, 1 or -1"),
        ({"fixed": np.array([0, 1, -2])}, r"fixed\[2\] = -2"),
        ({"fixed": np.array([0, 1, 300])}, "fixed holds 300"),
        ({"pieces": (1, -1)}, r"pieces = \(1, -1\), expected two whole numbers.*0 for any number"),
        ({"pieces": (1, 1, 1)}, r"pieces = \(1, 1, 1\), expected two"),
        ({"edge_costs": np.array([1, 2, 3])}, r"edge_costs has shape \(3,\), expected \(2,\)"),
        ({"edge_costs": np.array([1, -2])}, r"edge_costs\[1\] = -2, expected 0 or more"),
        ({"edge_costs": np.array([0.5, 1.0])}, "edge_costs holds float64 values"),
        ({"links": np.array([[0, 3]])}, r"links\[0\] = \(0, 3\).*outside 0\.\.2"),
        ({"links": np.array([[2, 2]])}, r"links\[0\] joins unit 2 to itself"),
        ({"links": np.array([[0, 2], [2, 0]])}, r"pair \(0, 2\) of links is given twice"),
        ({"spans": np.array([[0, 1]])}, r"spans has shape \(1, 2\), expected \(n_spans, 3\)"),
        ({"spans": np.array([[0, 1, 9]])}, r"spans\[0\] = \(0, 1, 9\) names a unit outside"),
        ({"spans": np.array([[0, 2, 2]])}, "expected three different units"),
        ({"spans": np.array([[0, 1, 2]])}, "ends in 1 and 2, and one of them has an edge"),
        ({"links": np.array([0, 2])}, r"links has shape \(2,\), expected \(n_links, 2\)"),
        ({"link_costs": np.array([1])}, r"link_costs has shape \(1,\), expected \(0,\)"),
        (
            {"links": np.array([[0, 2]]), "link_costs": np.array([-1])},
            r"link_costs\[0\] = -1, expected 0 or more",
        ),
        ({"groups": np.array([1, 2])}, r"groups has shape \(2,\), expected \(3,\)"),
        ({"groups": np.array([0.0, 1.0, 2.0])}, "groups holds float64 values"),
        (
            {"budgets": (Budget(np.array([1, 2]), name="people"),)},
            "people has 2 amounts, expected 3",
        ),
        (
            {"gains": GAINS - GAINS, "edge_costs": np.array([MAX_TOTAL_GAIN, 1])},
            f"prices add up to {MAX_TOTAL_GAIN + 1}, above the limit",
        ),
        (
            {"budgets": (Budget(np.array([2, 0, 0]), upper=1, price=MAX_TOTAL_GAIN // 3),)},
            f"prices add up to {12 + 3 * (MAX_TOTAL_GAIN // 3)}, above the limit",
        ),
        ({"gains": np.array([[10**30, 0], [0, 0], [0, 0]])}, f"gains holds {10**30}, too large"),
        (
            {"edges": np.array([[0, 1], [1, 2]]), "edge_costs": np.array([2**62, 2**62])},
            rf"{2**63 + 12}.* most of it is edge_costs, .* {2**62} in edge_costs\[0\]",
        ),
    ],
)
def test_a_problem_that_is_none_is_refused(change, message) -> None:
    with pytest.raises(ValueError, match=message):
        Problem(**{"gains": GAINS, "edges": EDGES, **change})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"amounts": np.array([[1, 2]])}, r"people has shape \(1, 2\), expected \(n_units,\)"),
        ({"amounts": np.array([0.5, 1.0])}, "amounts of people holds float64 values"),
        ({"lower": 5, "upper": 4}, "people: the lower limit 5 is above the upper limit 4"),
        ({"price": -1}, "people: price = -1, expected 0 or more"),
        (
            {"amounts": np.array([1, MAX_TOTAL_GAIN])},
            rf"{MAX_TOTAL_GAIN + 1}, above the limit of {MAX_TOTAL_GAIN}; .* people\[1\] = {2**53}",
        ),
        ({"amounts": np.array([2**62, 2**62])}, f"add up to {2**63}, above the limit"),
        ({"upper": 2**53 + 1}, f"the upper limit {2**53 + 1} is beyond {2**53}"),
        ({"lower": -(2**64)}, f"the lower limit {-(2**64)} is beyond {2**53}"),
    ],
)
def test_a_budget_that_is_none_is_refused(change, message) -> None:
    with pytest.raises(ValueError, match=message):
        Budget(**{"amounts": np.array([3, 4]), "name": "people", **change})


@given(problem=problems(max_units=8, budgets=BUDGETS), seed=st.integers(0, 2**32 - 1))
def test_what_a_budget_is_missed_by_never_exceeds_the_most_that_is_stated(problem, seed) -> None:
    assignment = np.random.default_rng(seed).integers(0, 2, problem.n_units).astype(np.int8)
    for budget in problem.budgets:
        assert budget.excess(assignment) == excess(budget, assignment.tolist())
        assert 0 <= budget.excess(assignment) <= budget.most_excess


def test_the_largest_total_gain_is_accepted() -> None:
    gains = np.array([[MAX_TOTAL_GAIN // 2, 0], [0, -MAX_TOTAL_GAIN // 2], [0, 0]])
    problem = Problem(gains, EDGES)
    assert problem.weights.tolist() == [-MAX_TOTAL_GAIN // 2, -MAX_TOTAL_GAIN // 2, 0]


def test_a_problem_keeps_its_own_copies() -> None:
    gains, edges, fixed = GAINS.copy(), EDGES.copy(), np.array([FREE, 0, 1])
    problem = Problem(gains, edges, fixed)
    gains[:], edges[:], fixed[:] = 9, 0, 0
    assert problem.gains.tolist() == GAINS.tolist()
    assert problem.edges.tolist() == EDGES.tolist()
    assert problem.fixed.tolist() == [FREE, 0, 1]
    for array in (
        problem.gains,
        problem.edges,
        problem.fixed,
        problem.edge_costs,
        problem.groups,
        problem.links,
        problem.link_costs,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(FrozenInstanceError):
        problem.gains = gains
    amounts = np.array([1, 2, 3])
    budget = Budget(amounts)
    amounts[:] = 9
    assert budget.amounts.tolist() == [1, 2, 3]
    with pytest.raises(ValueError, match="read-only"):
        budget.amounts[0] = 1


def test_by_default_nothing_is_fixed_grouped_costly_or_limited_and_parts_are_in_one_piece() -> None:
    problem = Problem(GAINS, EDGES)
    assert problem.fixed.tolist() == problem.groups.tolist() == [-1, -1, -1]
    assert problem.edge_costs.tolist() == [0, 0]
    assert len(problem.links) == len(problem.link_costs) == 0
    assert problem.budgets == ()
    assert problem.pieces == (1, 1)


@given(problem=problems(max_units=12), seed=st.integers(0, 2**32 - 1))
def test_a_subproblem_is_the_subgraph_of_its_members(problem, seed) -> None:
    rng = np.random.default_rng(seed)
    members = rng.permutation(problem.n_units)[: rng.integers(1, problem.n_units + 1)]
    part = problem.subproblem(members)
    assert part.gains.tolist() == problem.gains[members].tolist()
    assert part.fixed.tolist() == problem.fixed[members].tolist()
    assert part.pieces == problem.pieces
    assert part.groups.tolist() == problem.groups[members].tolist()
    edges = [frozenset(members[edge].tolist()) for edge in part.edges]
    assert set(edges) == set(map(frozenset, as_networkx(problem).subgraph(members.tolist()).edges))
    cost_of = dict(zip(map(frozenset, problem.edges.tolist()), problem.edge_costs, strict=True))
    assert part.edge_costs.tolist() == [cost_of[edge] for edge in edges]
    cost_of = dict(zip(map(frozenset, problem.links.tolist()), problem.link_costs, strict=True))
    links = [frozenset(members[link].tolist()) for link in part.links]
    assert set(links) == {link for link in cost_of if link <= set(members.tolist())}
    assert part.link_costs.tolist() == [cost_of[link] for link in links]
    for small, large in zip(part.budgets, problem.budgets, strict=True):
        assert small.amounts.tolist() == large.amounts[members].tolist()
        assert (small.lower, small.upper, small.price) == (large.lower, large.upper, large.price)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"time_limit": 0}, "time_limit = 0: give seconds above 0"),
        ({"time_limit": -1.5}, r"time_limit = -1\.5"),
        ({"time_limit": math.nan}, "time_limit = nan"),
        ({"time_limit": math.inf}, "time_limit = inf.*604800"),
        ({"time_limit": 604801}, "time_limit = 604801.*a week"),
        ({"gap": -0.1}, r"gap = -0\.1: give a share from 0 to 1"),
        ({"gap": 1.5}, r"gap = 1\.5"),
        ({"gap": math.nan}, "gap = nan"),
        ({"rounds": 0}, "= 0: give at least 1"),
        ({"rounds": -4}, "= -4: give at least 1"),
    ],
)
def test_limits_that_mean_nothing_are_refused(given, message) -> None:
    with pytest.raises(ValueError, match=message):
        Limits(**given)


def test_limits_at_the_edge_are_accepted() -> None:
    assert Limits(time_limit=604800, gap=1, rounds=1).rounds == 1
    assert Limits() == Limits(time_limit=60.0, gap=0.0, rounds=None)


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ([0, 1, 2], r"assignment\[2\] = 2, expected 0 or 1"),
        ([0, -1], r"assignment\[1\] = -1"),
        ([0.5], r"assignment\[0\] = 0\.5"),
        ([math.nan], r"assignment\[0\] = nan"),
        ([[0, 1]], r"assignment has shape \(1, 2\)"),
    ],
)
def test_a_plan_that_is_none_is_refused(assignment, message) -> None:
    with pytest.raises(ValueError, match=message):
        Plan(np.array(assignment))


def test_plans_are_compared_by_what_they_say() -> None:
    given = np.array([0, 1, 1])
    plan = Plan(given)
    given[0] = 1
    assert plan.assignment.tolist() == [0, 1, 1]
    assert plan == Plan(np.array([0, 1, 1], bool))
    assert hash(plan) == hash(Plan(np.array([0.0, 1.0, 1.0])))
    assert plan != Plan(np.array([0, 1, 0]))
    assert plan != Plan(np.array([0, 1]))
    assert plan != [0, 1, 1]
    with pytest.raises(ValueError, match="read-only"):
        plan.assignment[0] = 1


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [
        (100, 101, 0.01),
        (100, 100, 0.0),
        (-100, -99, 0.01),
        (0, 0, 0.0),
        (0, 1, math.inf),
        (None, 5, None),
        (5, None, None),
    ],
)
def test_the_gap_is_the_share_of_the_objective_still_open(objective, bound, gap) -> None:
    assert relative_gap(objective, bound) == gap
    assert Progress(0.0, "bounding", objective, bound).gap == gap
    assert Result(None, Status.UNKNOWN, objective, bound, 0.0, 0).gap == gap


def test_shapes_that_are_not_pairs_or_lists_are_refused_with_the_shape() -> None:
    with pytest.raises(ValueError, match=r"edges has shape \(1, 4\), expected \(n_edges, 2\)"):
        Problem(np.zeros((4, 2), int), np.array([[0, 1, 2, 3]]))
    with pytest.raises(ValueError, match=r"edges has shape \(3,\)"):
        Problem(np.zeros((4, 2), int), np.array([0, 1, 2]))
    with pytest.raises(ValueError, match=r"assignment has shape \(1, 3\)"):
        Plan(np.array([[0, 0, 2]]))


def test_problems_can_be_compared_and_hashed() -> None:
    problem = Problem(np.zeros((2, 2), int), np.array([[0, 1]]))
    other = Problem(np.zeros((2, 2), int), np.array([[0, 1]]))
    assert problem == problem  # noqa: PLR0124
    assert problem != other
    assert len({problem, other}) == 2
