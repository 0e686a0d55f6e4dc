"""What a search states as proven is confirmed by code that shares nothing with it."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from partition.errors import CertificateError
from partition.verify import check
from solvers.domain import Domain
from solvers.exact.proof import Proof
from solvers.exact.relaxation import Point, Relaxation, RelaxationError
from solvers.params import CutParams, RoundParams, SearchParams
from solvers.problem import Budget, Problem
from solvers.result import Limits, Status
from solvers.solve import solve
from tests.solvers.conftest import PIECES, Census, confirm, draw_problem, problems
from tests.solvers.forging import whole_numbers
from tests.solvers.splitting import splitting

SEEDS = st.integers(0, 2**32 - 1)


@given(problem=problems(max_units=9, max_fixed=4))
@settings(max_examples=200)
def test_an_optimum_is_confirmed_and_nothing_less_than_it(problem) -> None:
    optimum = Census(problem).optimum
    result = solve(problem, certify=True)
    if optimum is None:
        assert result.certificate is None
        return
    assert confirm(problem, result) == result.bound == optimum
    forged = {**result.certificate, "bound": optimum - 1}
    with pytest.raises(CertificateError, match="bound"):
        check(forged, result.plan.assignment.tolist())


def without_a_walker(patch) -> None:
    """Leave all the finding to the exact search: its trees get larger."""
    patch.setattr(Domain, "exchange", lambda self: None)
    patch.setattr(Domain, "_improve", lambda self, *given: None)


@given(problem=problems(min_units=5, max_units=10), rounds=st.integers(1, 5))
@settings(max_examples=300)
def test_wherever_a_search_stops_its_bound_is_confirmed(problem, rounds) -> None:
    with pytest.MonkeyPatch.context() as patch:
        without_a_walker(patch)
        params = SearchParams(rounds=RoundParams(n_iterations=1))
        result = solve(problem, Limits(rounds=rounds), certify=True, params=params)
    optimum = Census(problem).optimum
    if result.plan is None:
        assert result.certificate is None
        assert result.status in {Status.UNKNOWN, Status.INFEASIBLE}
        return
    assert confirm(problem, result) == result.bound >= optimum


def test_a_unit_kept_out_of_one_part_stands_for_the_other_if_it_is_a_root_of_it() -> None:
    """A tree whose every unit may be a root of either part, searched for the roots of part 0."""
    gains = [[1, 1], [1, 1], [1, 0], [1, 0], [1, 0], [1, 0], [1, 1], [1, 0], [1, 1], [0, 0]]
    edges = [[0, 1], [0, 3], [0, 4], [1, 2], [1, 5], [1, 7], [1, 8], [1, 9], [2, 6]]
    costs = [179, 185, 104, 194, 135, 76, 185, 29, 1]
    budget = Budget([0, 3, 3, 3, 2, 2, 1, 2, 1, 3], lower=4, upper=18)
    problem = Problem(gains, edges, pieces=(3, 1), edge_costs=costs, budgets=(budget,))
    result = solve(problem, certify=True)
    assert confirm(problem, result) == result.bound == Census(problem).optimum


@given(problem=problems(min_units=5, max_units=9), seed=SEEDS)
@settings(max_examples=125)
def test_trees_grown_at_random_are_confirmed(problem, seed) -> None:
    """Splits on any unit, roots above all, and a float solver that fails now and then."""
    rng = np.random.default_rng(seed)
    solve_relaxation = Relaxation.advance

    def solve_or_give_up(self: Relaxation) -> Point | Proof:
        if rng.random() < 0.1:
            raise RelaxationError("ABNORMAL")
        return solve_relaxation(self)

    with splitting(rng), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Relaxation, "advance", solve_or_give_up)
        without_a_walker(patch)
        limits = Limits(rounds=int(rng.integers(1, 4))) if rng.random() < 0.3 else Limits()
        params = SearchParams(cuts=CutParams(violation=0.3))
        result = solve(problem, limits, certify=True, params=params)
    optimum = Census(problem).optimum
    if result.plan is None:
        assert result.status is Status.UNKNOWN or optimum is None
        return
    assert confirm(problem, result) == result.bound >= optimum
    if result.status is Status.OPTIMAL:
        assert result.bound == optimum


@pytest.mark.parametrize("pieces", [pair for pair in PIECES if any(pair)])
def test_an_interrupted_search_of_dozens_of_units_is_confirmed(pieces) -> None:
    problem = draw_problem(5, 40, "planar", "millions", pieces, has_costs=pieces[0] == 2)
    asked = []

    def should_stop() -> bool:
        asked.append(len(asked))
        return len(asked) > 2

    result = solve(problem, certify=True, should_stop=should_stop)
    assert result.status in {Status.INTERRUPTED, Status.OPTIMAL}
    assert confirm(problem, result) == result.bound >= result.objective


@pytest.mark.parametrize("seconds", [0.01, 0.05, 0.2, 0.4])
def test_a_search_that_ends_before_its_faces_are_found_is_certified_all_the_same(
    seconds: float,
) -> None:
    side = 40
    n_units = side * side
    pairs = [(unit, unit + 1) for unit in range(n_units) if unit % side < side - 1]
    pairs += [(unit, unit + side) for unit in range(n_units - side)]
    gains = np.random.default_rng(1).integers(0, 99, (n_units, 2))
    problem = Problem(gains, edges=np.array(sorted(pairs)), pieces=(1, 1))
    params = SearchParams(cuts=CutParams(quickly_faced=1))
    result = solve(problem, Limits(time_limit=seconds), certify=True, params=params)
    if result.status is not Status.UNKNOWN:
        assert confirm(problem, result) == result.bound >= result.objective


@given(problem=problems(min_units=4, max_units=8), seed=SEEDS)
@settings(max_examples=150)
def test_a_certificate_with_a_number_changed_confirms_no_bound_below_the_optimum(
    problem, seed
) -> None:
    """Multipliers, rows, splits, limits: whatever is forged, what is confirmed holds."""
    rng = np.random.default_rng(seed)
    with pytest.MonkeyPatch.context() as patch:
        without_a_walker(patch)
        result = solve(problem, certify=True)
    assume(result.plan is not None)
    optimum, plan = Census(problem).optimum, result.plan.assignment.tolist()
    original = json.loads(json.dumps(result.certificate))
    for _ in range(10):
        forged = copy.deepcopy(original)
        spots = list(whole_numbers(forged["searches"]))
        assume(spots)
        holder, key = spots[rng.integers(len(spots))]
        holder[key] = int(holder[key] + rng.choice([-2, -1, 1, 2, 1000]))
        try:
            confirmation = check(forged, plan)
        except CertificateError:
            continue
        assert confirmation.bound >= optimum


def test_a_certificate_speaks_of_the_problem_as_given_not_as_reduced() -> None:
    path = np.array([[0, 1], [1, 2], [2, 3]])
    budget = Budget(np.array([1, 2, 3, 4]), lower=2, upper=9, price=1, name="people")
    problem = Problem(
        np.array([[0, 5], [0, 2], [3, 0], [4, 0]]),
        path,
        np.array([-1, -1, -1, 0]),
        (1, 2),
        np.array([1, 0, 2]),
        np.array([7, 7, -1, -1]),
        (budget,),
        np.array([[3, 0]]),
        np.array([2]),
    )
    certificate = solve(problem, certify=True).certificate
    assert certificate["instance"] == {
        "ids": ["0", "1", "2", "3"],
        "gains": [[0, 5], [0, 2], [3, 0], [4, 0]],
        "edges": [[0, 1], [1, 2], [2, 3]],
        "edge_costs": [1, 0, 2],
        "links": [[0, 3]],
        "link_costs": [2],
        "fixed": [-1, -1, -1, 0],
        "groups": [7, 7, -1, -1],
        "pieces": [1, 2],
        "budgets": [
            {"name": "people", "amounts": [1, 2, 3, 4], "lower": 2, "upper": 9, "price": 1}
        ],
    }
    assert [search["members"] for search in certificate["searches"]] == [[0, 1, 2]]
    assert (certificate["objective"], certificate["bound"]) == (12, 12)


def test_each_landmass_has_a_search_of_its_own() -> None:
    problem = Problem(np.ones((5, 2), int), np.array([[0, 3], [1, 2], [2, 4]]))
    searches = solve(problem, certify=True).certificate["searches"]
    assert [search["members"] for search in searches] == [[0, 3], [1, 2, 4]]


def test_without_being_asked_only_an_optimum_is_certified(country) -> None:
    params = SearchParams(rounds=RoundParams(n_iterations=1))
    assert solve(country(400), Limits(rounds=1), params=params).certificate is None
    assert solve(country(400), Limits(rounds=1), certify=True).certificate is not None
    assert solve(country(40)).certificate is not None
