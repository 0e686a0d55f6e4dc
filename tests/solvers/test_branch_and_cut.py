"""The exact search alone, without the walker that could find what it wrongly cuts off."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from solvers.exact.branch_and_cut import BranchAndCut
from solvers.exact.cuts import broken_rows, holds, violated_rows
from solvers.exact.node import Node, sum_of_best
from solvers.exact.proof import Proof
from solvers.exact.relaxation import Point, Relaxation
from solvers.exact.rooted import MOST_ASIDE, Relaxations
from solvers.model import Model
from solvers.params import DEFAULT, CutParams, RelaxationParams, SearchParams
from solvers.primal.walker import Walker
from solvers.problem import FREE, Problem
from solvers.rows import families
from tests.solvers.columns import columns_of
from tests.solvers.conftest import (
    CONNECTED,
    COSTLY,
    FAMILIES,
    PIECES,
    PLAIN,
    Census,
    base,
    count_torn,
    draw_problem,
    is_feasible,
    objective,
    problems,
)
from tests.solvers.splitting import splitting

SEEDS = st.integers(0, 2**32 - 1)
LIMITED = [pieces for pieces in PIECES if any(pieces)]


FEW_ROWS = SearchParams(cuts=CutParams(violation=0.3))
"""Fewer rows a round, so that there are more rounds."""


def run(
    problem: Problem, params: SearchParams = DEFAULT
) -> tuple[BranchAndCut, list[tuple[int | None, int | None]]]:
    """Step to the end and return the search and the bounds and values on the way."""
    exact = BranchAndCut(Model(problem, params=params))
    steps = [(exact.value, exact.proven)]
    while not exact.is_finished:
        exact.step()
        steps.append((exact.value, exact.proven))
        assert len(steps) < 5000, "the search does not end"
    return exact, steps


def value_of(problem: Problem, optimum: int | None) -> int | None:
    """Count an objective as the searches do."""
    return None if optimum is None else optimum - base(problem)


@given(problem=problems(max_units=10))
@settings(max_examples=300)
def test_the_exact_search_alone_finds_the_optimum_and_proves_it(problem) -> None:
    optimum = value_of(problem, Census(problem).optimum)
    exact, steps = run(problem)
    if optimum is None:
        assert exact.value is None
        assert exact.proven is None
        return
    assert exact.value == exact.proven == optimum
    assert is_feasible(problem, exact.incumbent)
    for (value, bound), (later_value, later_bound) in pairwise(steps):
        assert value is None or value <= later_value
        assert optimum <= later_bound <= bound


def test_a_node_that_is_taken_up_again_proves_its_bound_at_once(monkeypatch) -> None:
    """Whatever rows the nodes in between have dropped, it brings those that its bound rests on."""
    problem = draw_problem(1, 80, "holed", "millions")
    walker = Walker(Model(problem), seed=0)
    exact = BranchAndCut(Model(problem))
    exact.offer(walker.best)
    solve, outcomes = Relaxation.advance, []

    def solve_and_tell(self: Relaxation) -> Point | Proof:
        outcomes.append(solve(self))
        return outcomes[-1]

    monkeypatch.setattr(Relaxation, "advance", solve_and_tell)
    n_again = 0
    while not exact.is_finished and n_again < 10:
        is_again = exact._current is None and bool(exact._open.first.rows)
        before = exact.bound
        if is_again:
            relaxation = exact._relaxations.latest
            relaxation.drop(list(relaxation.rows))
        outcomes.clear()
        exact.step()
        if is_again:
            n_again += 1
            found = outcomes[0]
            proof = found if isinstance(found, Proof) else found.proof
            assert proof.is_exclusion or proof.bound <= before + 1
    assert n_again == 10


@pytest.mark.parametrize("seed", [4, 7])
def test_the_way_from_another_basis_lowers_the_bound_before_it_ends(seed) -> None:
    """For other votes, where it is long; whoever is stopped on it has what was proven."""
    problem = draw_problem(seed, 150, "planar", "millions")
    first = BranchAndCut(Model(problem))
    while not first.is_branching and not first.is_finished:
        first.step()
    known, basis = first.rows_in_use(), first.basis_in_use()
    assert basis is not None
    rng = np.random.default_rng(seed)
    gains = np.rint(problem.gains * rng.uniform(0.8, 1.2, problem.gains.shape)).astype(np.int64)
    other = replace(problem, gains=gains)
    few = SearchParams(relaxation=RelaxationParams(n_pivots_told=5))
    exact, bounds = BranchAndCut(Model(other, params=few), known=known, basis=basis), []
    while exact.advice is None:
        exact.step()
        bounds.append(exact.proven)
    assert len(set(bounds[:-1])) > 2
    at_once = BranchAndCut(Model(other), known=known, basis=basis)
    while at_once.advice is None:
        at_once.step()
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[-1] == pytest.approx(at_once.proven, rel=1e-6)


@pytest.mark.parametrize("seed", [2, 7])
def test_a_search_that_has_split_hands_on_first_what_the_first_node_rested_on(seed) -> None:
    """A file has room for some rows, and a search that begins has one node."""
    model = Model(draw_problem(seed, 150, "planar", "millions"))
    exact, before = BranchAndCut(model), 0
    while not exact.is_branching:
        before = exact.proven
        exact.step()
    for _ in range(30):
        exact.step()
    again = BranchAndCut(model, known=exact.rows_in_use()[:35])
    while again.advice is None:
        again.step()
    assert again.proven <= before


@given(problem=problems(FAMILIES, ["close"], [(1, 1), (2, 1)], min_units=8, max_units=11))
@settings(max_examples=150)
def test_large_weights_a_few_units_apart_are_told_apart(problem) -> None:
    exact, _ = run(problem)
    assert exact.value == value_of(problem, Census(problem).optimum)


@given(problem=problems(max_units=9), data=st.data())
@settings(max_examples=100)
def test_an_offer_is_taken_exactly_when_it_is_a_better_plan(problem, data) -> None:
    census = Census(problem)
    exact = BranchAndCut(Model(problem))
    feasible = {plan.tobytes() for plan in census.plans}
    best = exact.value  # where everything is fixed, the one plan is known from the start
    assert best is None or census.optimum == best + base(problem)
    for mask in data.draw(st.lists(st.integers(0, 2**problem.n_units - 1), max_size=8)):
        plan = census.bits[mask]
        value = objective(problem, plan) - base(problem)
        is_better = plan.tobytes() in feasible and (best is None or value > best)
        assert exact.offer(plan) == is_better
        best = value if is_better else best
        assert exact.value == best
        assert census.optimum is None or exact.proven >= census.optimum - base(problem)


FAMILIES_OF_ROWS = ["face", "leaf", "separator", "joint"]
"""Those that a search can do without: whole points that break a constraint get rows anyway."""


@given(
    problem=problems(pieces_of_both=LIMITED, max_units=9),
    missing=st.sets(st.sampled_from(FAMILIES_OF_ROWS)),
)
@settings(max_examples=250)
def test_the_answer_is_the_same_without_any_family_of_rows(problem, missing) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for family in families.FAMILIES:
            if family.kind in missing:
                for found in ("violated", "violated_by"):
                    patch.setattr(type(family), found, lambda *_: ())
        exact, _ = run(problem)
    assert exact.value == exact.proven == value_of(problem, Census(problem).optimum)


@given(problem=problems(min_units=5, max_units=9), seed=SEEDS)
@example(problem=draw_problem(9, 9, "whiskers", "close"), seed=0)  # what is fixed leaves one plan
@settings(max_examples=300)
def test_the_answer_is_the_same_whichever_units_are_split_on(problem, seed) -> None:
    """Small problems seldom split of themselves; here they do at random, on roots above all."""
    with splitting(np.random.default_rng(seed), 0.5):
        exact, _ = run(problem, FEW_ROWS)
    assert exact.value == exact.proven == value_of(problem, Census(problem).optimum)


@given(problem=problems(min_units=10, max_units=25, max_fixed=0, extras=COSTLY))
@example(problem=draw_problem(8063, 24, "tree", "millions", (2, 1), has_costs=True))
@settings(max_examples=150)
def test_whatever_the_relaxation_holds_holds_under_the_roots_it_is_kept_for(problem) -> None:
    """Also right after one root has been found to stand for its part, and rows because of that."""
    exact = BranchAndCut(Model(problem, params=FEW_ROWS))
    exact.offer(Walker(exact.model, seed=0).best)
    for _ in range(60):
        exact.step()
        for one in exact._relaxations._kept():
            assert all(holds(exact.model, row, one.roots) for row in one.relaxation.rows)


def fill(relaxation: Relaxation, roots: tuple[np.ndarray, np.ndarray]) -> None:
    """Add the rows that some points violate."""
    model = relaxation.model
    for values in np.random.default_rng(0).random((20, model.n_columns)):
        for row in violated_rows(model, roots, values, values, 0.01):
            relaxation.add(row)


def test_a_large_relaxation_waits_while_the_search_is_elsewhere() -> None:
    """A small one is taken along, and of what is put aside no more is kept than is of use."""
    grid = nx.convert_node_labels_to_integers(nx.grid_2d_graph(5, 6))
    gains = np.random.default_rng(1).integers(0, 9, (30, 2))
    model = Model(Problem(gains, np.array(grid.edges)))
    here, part = ((np.array(units), np.array([15])) for units in ([0, 1, 2], [0]))
    small, large = (
        Relaxations(replace(model, params=SearchParams(relaxation=RelaxationParams(many=many))))
        for many in (100_000, 1)
    )
    for kept in (small, large):
        first = kept.under(here)
        fill(first, here)
        first.solve()
        assert kept.under(part) is first
        assert kept.under(here) is first
        held = set(first.rows)
        elsewhere = next(
            roots
            for unit in range(3, 30)
            if not all(holds(kept.model, row, roots := (np.array([unit]), here[1])) for row in held)
        )
        away = kept.under(elsewhere)
        assert (away is first) is (kept is small)
        assert all(holds(kept.model, row, elsewhere) for row in away.rows)
        assert kept.under(here) is first
        assert (held <= set(first.rows)) is (kept is large)
        efforts = [kept.effort]
        for unit in range(20, 30):
            roots = (np.array([unit]), here[1])
            relaxation = kept.under(roots)
            assert all(holds(kept.model, row, roots) for row in relaxation.rows)
            fill(relaxation, roots)
            relaxation.solve()
            efforts.append(kept.effort)
        assert efforts == sorted(set(efforts))
        assert len(kept._kept()) == (1 if kept is small else MOST_ASIDE + 1)


def draw_node(problem: Problem, rng: np.random.Generator) -> Node:
    """Draw limits and one set of roots on one landmass for each part that is limited."""
    fixed = np.where(rng.random(problem.n_units) < 0.2, rng.integers(0, 2, problem.n_units), FREE)
    fixed = np.where(problem.fixed != FREE, problem.fixed, fixed)
    landmass = Model(problem).landmass
    roots = []
    for most in problem.pieces:
        near = np.flatnonzero(landmass == rng.choice(landmass))
        roots.append(rng.permutation(near)[: rng.integers(1, 4) if most else 0].astype(np.int32))
    lower, upper = (fixed == 1).astype(np.int8), (fixed != 0).astype(np.int8)
    return Node(0, lower, upper, (roots[0], roots[1]))


def within(problem: Problem, node: Node, plans: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """Mark the plans of a node: within its limits, with a root of either part."""
    inside = ((plans >= node.lower) & (plans <= node.upper)).all(axis=1)
    for part, roots in enumerate(node.roots):
        if problem.pieces[part]:
            inside &= (plans[:, roots] == part).any(axis=1)
    return inside


@given(problem=problems(min_units=2, max_units=9), seed=SEEDS)
@settings(max_examples=500)
def test_what_is_fixed_cuts_off_no_plan_better_than_the_incumbent(problem, seed) -> None:
    """The proof is the plainest: every unit where it gains, nothing costs, nothing is torn."""
    rng = np.random.default_rng(seed)
    census, node, exact = Census(problem), draw_node(problem, rng), BranchAndCut(Model(problem))
    assume(len(census.plans) > 1)
    ranking = sorted(range(len(census.plans)), key=lambda number: -census.values[number])
    exact.offer(census.plans[ranking[rng.integers(1, min(len(ranking), 6))]])
    scale = int(rng.choice([1, 2, 1024])) if np.abs(problem.weights).max() < 2**40 else 1
    rest = problem.weights * scale
    total = sum_of_best(exact.model, node.lower, node.upper) * scale
    fixed = exact._fix(node, Proof([], [], scale, False, total, rest))

    better = np.array([value - base(problem) > exact.value for value in census.values])
    inside = within(problem, node, census.plans) & better
    if fixed is None:
        assert not inside.any()
        return
    is_free = node.lower != node.upper
    assert np.array_equal(fixed.lower[~is_free], node.lower[~is_free])
    assert np.array_equal(fixed.upper[~is_free], node.upper[~is_free])
    assert np.array_equal(within(problem, fixed, census.plans) & better, inside)
    step = exact.record.cases[0].steps[-1]
    newly = is_free & (fixed.lower == fixed.upper)
    assert sorted([*step.zero.tolist(), *step.one.tolist()]) == np.flatnonzero(newly).tolist()
    for part, (before, after) in enumerate(zip(node.roots, fixed.roots, strict=True)):
        held = before[newly[before] & (fixed.lower[before] == part)]
        assert len(after) == 1 if len(held) else set(after) <= set(before)
        assert np.isin(after, held).all() or not len(held)


def test_nothing_hangs_on_a_root_once_another_one_stands_for_the_part() -> None:
    """A path: a root of part 0, a city, a root that the city takes, and a unit beyond it."""
    gains = np.array([[9, 0], [0, 90], [8, 0], [7, 0]])
    model = Model(Problem(gains, np.array([[0, 1], [1, 2], [2, 3]])))
    roots = (np.array([0, 2], np.int32), np.array([1], np.int32))
    node = Node(106, np.zeros(4, np.int8), np.ones(4, np.int8), roots)
    torn = np.array([0.0, 1.0, 1.0, 0.0])
    settled = node.settled(np.array([0]), np.array([1]))
    before = violated_rows(model, node.roots, torn, torn, 0.05)
    after = violated_rows(model, settled.roots, torn, torn, 0.05)
    assert {row.claim for row in after} - {row.claim for row in before} == {
        ("separator", 0, 3, (1,)),
        ("separator", 0, 3, (2,)),
    }


def torn_city(pieces: tuple[int, int]) -> Problem:
    """A path: a city of part 1, a belt of part 0, and a lone unit of part 1."""
    gains = np.array([[0, 10], [100, 0], [0, 5]])
    return Problem(gains, np.array([[0, 1], [1, 2]]), pieces=pieces)


def fix_by_ways(problem: Problem) -> tuple[list[int], list[int]]:
    exact = BranchAndCut(Model(problem))
    exact.offer(np.array([1, 0, 0], np.int8))
    roots = np.array([0], np.int32)
    nobody = np.empty(0, np.int32)
    node = Node(15, np.array([1, 0, 0], np.int8), np.ones(3, np.int8), (nobody, roots))
    fixed = exact._fix(node, Proof([], [], 1, False, 15, problem.weights.copy()))
    return fixed.lower.tolist(), fixed.upper.tolist()


def test_a_unit_too_costly_to_reach_is_fixed_where_the_part_is_in_one_piece() -> None:
    problem = torn_city((0, 1))
    assert fix_by_ways(problem) == ([1, 0, 0], [1, 0, 0])
    assert Census(problem).optimal_plans.tolist() == [[1, 0, 0]]


def test_fixing_by_ways_would_cut_off_the_optimum_of_a_part_in_two_pieces() -> None:
    """The very same proof and roots; but the lone unit needs no way to the city."""
    problem = torn_city((0, 2))
    assert Census(problem).optimal_plans.tolist() == [[1, 0, 1]]
    assert fix_by_ways(problem) == ([1, 0, 1], [1, 0, 1])  # staying away would lose too much


def test_fixing_by_ways_would_cut_off_the_optimum_of_another_landmass() -> None:
    gains = np.array([[0, 10], [100, 0], [0, 5]])
    problem = Problem(gains, np.array([[0, 1]]), pieces=(0, 1))
    assert Census(problem).optimal_plans.tolist() == [[1, 0, 1]]
    assert fix_by_ways(problem) == ([1, 0, 1], [1, 0, 1])  # staying away would lose too much


@given(problem=problems(pieces_of_both=LIMITED, min_units=3, max_units=9), seed=SEEDS)
@settings(max_examples=300)
def test_rows_for_a_torn_whole_point_exclude_it_and_hold_for_every_rooted_plan(
    problem, seed
) -> None:
    rng = np.random.default_rng(seed)
    census, model = Census(problem), Model(problem)
    node = draw_node(problem, rng)
    assignment = rng.integers(0, 2, problem.n_units).astype(np.int8)
    values = columns_of(model, assignment, node.roots).astype(float)
    rows = broken_rows(model, node.roots, assignment, values)
    rooted = census.plans[within(problem, node, census.plans)]
    for row in rows:
        for plan in rooted:
            columns = columns_of(model, plan, node.roots)
            assert columns[list(row.columns)] @ np.array(row.coefficients) <= row.limit
    broken = [
        row for row in rows if values[list(row.columns)] @ np.array(row.coefficients) > row.limit
    ]
    assert broken or not count_torn(problem, assignment)


@given(problem=problems(CONNECTED, pieces_of_both=LIMITED, max_units=9, extras=PLAIN))
@settings(max_examples=100)
def test_roots_split_a_node_into_cases_that_hold_every_plan(problem) -> None:
    """Until both parts have roots, each plan that is better lies in a case that is open."""
    census = Census(problem)
    exact = BranchAndCut(Model(problem))
    values = np.array([value - base(problem) for value in census.values], object)
    while exact._open and any(roots is None for node in exact._open for roots in node.roots):
        held = np.zeros(len(census.plans), bool)
        for node in exact._open:
            inside = ((census.plans >= node.lower) & (census.plans <= node.upper)).all(axis=1)
            for part, roots in enumerate(node.roots):
                if roots is not None and problem.pieces[part]:
                    must = (census.plans[:, roots] == part).any(axis=1)
                    nobody = (census.plans != part).all(axis=1)
                    inside &= must if len(roots) else nobody
            held |= inside
        better = np.array([exact.value is None or value > exact.value for value in values], bool)
        assert held[better].all()
        before = exact.n_nodes
        if all(roots is not None for roots in exact._open.first.roots):
            break
        exact.step()
        assert exact.n_nodes == before + 1
