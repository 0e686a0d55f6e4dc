"""Trees of earlier searches: what they prove is proven again, and whatever else they say is not."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from partition.verify import check
from solvers.exact import branch_and_cut
from solvers.exact.branch_and_cut import BranchAndCut
from solvers.exact.certificate import certificate
from solvers.exact.tree import Tree, TreeError
from solvers.knowledge import Knowledge
from solvers.model import Model
from solvers.params import CutParams, RoundParams, SearchParams
from solvers.problem import Problem
from solvers.reduction import find_domains, reduce
from solvers.result import Limits, Status
from solvers.rows.families import read_row
from solvers.rows.row import Claim
from solvers.solve import solve
from tests.solvers.conftest import Census, base, confirm, draw_problem, problems
from tests.solvers.forging import whole_numbers
from tests.solvers.splitting import splitting
from tests.solvers.test_certificate import without_a_walker

SEEDS = st.integers(0, 2**32 - 1)
FEW_ROWS = SearchParams(cuts=CutParams(violation=0.3), rounds=RoundParams(n_iterations=1))

FEW = [HealthCheck.filter_too_much]
"""Small problems are often done before anything is split."""


def model_of(problem: Problem) -> Model:
    """State a problem whose units depend on each other, so that nothing is to be reduced."""
    return Model(problem, params=FEW_ROWS)


class Begun(NamedTuple):
    """What an unfinished search knew."""

    tree: Tree
    proven: int
    incumbent: npt.NDArray[np.int8] | None
    n_cases: int
    claims: set[Claim]


def begun(problem: Problem, rng: np.random.Generator, n_steps: int) -> Begun:
    """Search for some steps, as long as it is not done, and split at random meanwhile."""
    exact, known = BranchAndCut(model_of(problem)), list[Begun]()
    with splitting(rng, share=0.8):
        for _ in range(n_steps):
            exact.step()
            tree = exact.tree_in_use()
            if tree is not None and exact.proven is not None:
                claims = {row.claim for row in exact.record.rows}
                n_cases = len(exact.record.cases)
                known.append(Begun(tree, exact.proven, exact.incumbent, n_cases, claims))
    assume(known)
    return known[-1]


def to_its_end(exact: BranchAndCut) -> int | None:
    for _ in range(5_000):
        if exact.is_finished:
            return exact.value
        exact.step()
    raise AssertionError("the search does not end")


def optimum_of(problem: Problem) -> int | None:
    optimum = Census(problem).optimum
    return None if optimum is None else optimum - base(problem)


def assert_confirmed(problem: Problem, exact: BranchAndCut) -> None:
    """Have the verifier, which shares nothing with the search, check what it states as proven."""
    reduction = reduce(problem)
    is_same = reduction is not None and reduction.problem.n_units == problem.n_units
    is_whole = is_same and not (problem.groups >= 0).any()
    if exact.incumbent is None or not is_whole or len(list(find_domains(problem))) > 1:
        return  # a certificate is of what is left once a problem is reduced and divided
    objective, bound = (one + base(problem) for one in (exact.value, exact.bound))
    stated = certificate(problem, [(np.arange(problem.n_units), exact)], objective, bound)
    told = json.loads(json.dumps(stated))
    assert check(told, exact.incumbent.tolist()).bound <= bound


@given(problem=problems(min_units=5, max_units=9), seed=SEEDS, n_steps=st.integers(3, 40))
@settings(max_examples=100, suppress_health_check=FEW)
def test_what_a_tree_proves_is_proven_again_at_once(problem, seed, n_steps) -> None:
    rng = np.random.default_rng(seed)
    before = begun(problem, rng, n_steps)
    model = model_of(problem)
    known = [read_row(model, claim) for claim in before.claims if rng.random() < 0.5]
    again = BranchAndCut(model_of(problem), known=known, tree=before.tree)
    if before.incumbent is not None:
        again.offer(before.incumbent)
    again.step()
    assert again.tree is None
    assert again.bound == again.proven == before.proven
    assert (
        len(again.record.cases) <= before.n_cases
    )  # fewer where a better plan closes some at once
    assert {row.claim for row in again.rows_in_use()} <= before.claims
    optimum = optimum_of(problem)
    assert optimum is None or again.proven >= optimum
    if seed % 4 == 0:
        assert_confirmed(problem, again)
    assert to_its_end(again) == optimum
    if seed % 4 == 1:
        assert_confirmed(problem, again)


@given(problem=problems(min_units=5, max_units=9), seed=SEEDS, n_steps=st.integers(3, 40))
@settings(max_examples=100, suppress_health_check=FEW)
def test_a_tree_grown_for_another_plan_holds_for_whatever_plan_there_is(
    problem, seed, n_steps
) -> None:
    """Cases that were closed for a better plan are open without it, and what it fixed is free."""
    rng = np.random.default_rng(seed)
    optimum, before = optimum_of(problem), begun(problem, rng, n_steps)
    again = BranchAndCut(model_of(problem), tree=before.tree)
    plan = rng.integers(0, 2, problem.n_units).astype(np.int8)
    again.offer(plan)
    again.step()
    assert optimum is None or again.proven >= optimum
    assert to_its_end(again) == optimum
    assert_confirmed(problem, again)


@given(problem=problems(min_units=4, max_units=8), seed=SEEDS)
@settings(max_examples=100, suppress_health_check=FEW)
def test_a_tree_with_anything_changed_cuts_off_no_plan(problem, seed) -> None:
    """Multipliers, scales, claims, splits, branches, what is fixed: one number or several."""
    rng = np.random.default_rng(seed)
    before = begun(problem, rng, 25)
    optimum, original = optimum_of(problem), json.loads(before.tree.text)
    for _ in range(6):
        forged = copy.deepcopy(original)
        spots = list(whole_numbers(forged))
        for _ in range(int(rng.integers(1, 4))):
            holder, key = spots[rng.integers(len(spots))]
            change = rng.choice([-(2**40), -2, -1, 1, 2, 1000, 2**40, 2**61])
            holder[key] = holder[key] + int(change)
        if rng.random() < 0.3:
            shuffled(forged, rng)
        if rng.random() < 0.5:
            fixed(forged, problem.n_units, rng)
        again = BranchAndCut(model_of(problem), tree=packed(forged))
        if before.incumbent is not None and rng.random() < 0.7:
            again.offer(before.incumbent)
        again.step()
        assert optimum is None or again.proven >= optimum
        assert to_its_end(again) == optimum
        if rng.random() < 0.2:
            assert_confirmed(problem, again)


def shuffled(document: dict[str, Any], rng: np.random.Generator) -> None:
    """Exchange what two cases say of themselves."""
    nodes = document["nodes"]
    one, other = rng.integers(len(nodes), size=2)
    key = rng.choice(["steps", "split", "branch"])
    nodes[one][key], nodes[other][key] = nodes[other][key], nodes[one][key]


def fixed(document: dict[str, Any], n_units: int, rng: np.random.Generator) -> None:
    """Have a proof fix a unit that it does not fix."""
    steps = [step for node in document["nodes"] for step in node["steps"]]
    if steps:
        step = steps[rng.integers(len(steps))]
        step[rng.choice(["zero", "one"])].append(int(rng.integers(n_units)))


def packed(document: Any) -> Tree:
    return Tree("", json.dumps(document))


GOOD = {
    "rows": [["leaf", 0, 0]],
    "nodes": [{"parent": -1, "branch": None, "steps": [], "split": None}],
}
STEP = {"rows": [0], "multipliers": [1], "scale": 1, "excludes": False, "zero": [], "one": []}


def with_case(**changes: Any) -> dict[str, Any]:
    return {**GOOD, "nodes": [{**GOOD["nodes"][0], **changes}]}


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {**GOOD, "rows": None},
        {**GOOD, "rows": [{"leaf": 0}]},
        {**GOOD, "nodes": []},
        with_case(parent=0),
        with_case(parent=True),
        with_case(branch="beside"),
        with_case(branch=True),
        with_case(split=["unit", -1]),
        with_case(split=["unit"]),
        with_case(split=["roots", 2, [1]]),
        with_case(split=["roots", 0, [0.5]]),
        with_case(steps=[{**STEP, "rows": [1]}]),
        with_case(steps=[{**STEP, "rows": [True]}]),
        with_case(steps=[{**STEP, "multipliers": [-1]}]),
        with_case(steps=[{**STEP, "multipliers": [2**64]}]),
        with_case(steps=[{**STEP, "multipliers": []}]),
        with_case(steps=[{**STEP, "scale": 0}]),
        with_case(steps=[{**STEP, "scale": 1.0}]),
        with_case(steps=[{**STEP, "excludes": 0}]),
        with_case(steps=[{**STEP, "zero": ["0"]}]),
        with_case(steps=[{**STEP, "one": None}]),
    ],
)
def test_a_document_that_is_no_tree_is_refused(document) -> None:
    assert packed(with_case(steps=[STEP])).read()[0] == [("leaf", 0, 0)]
    with pytest.raises(TreeError, match="It is damaged"):
        packed(document).read()


@pytest.mark.parametrize("text", ["", "x", "{", "null"])
def test_a_search_begins_without_a_damaged_tree(text, caplog) -> None:
    path = Problem(np.array([[0, 5], [3, 0], [0, 4]]), np.array([[0, 1], [1, 2]]))
    exact = BranchAndCut(Model(path), tree=Tree("", text))
    with caplog.at_level("INFO"):
        exact.step()
    assert "The tree of an earlier search is of no use: It is damaged" in caplog.text
    assert to_its_end(exact) == optimum_of(path)


@given(problem=problems(min_units=5, max_units=10), seed=SEEDS, rounds=st.integers(1, 4))
@settings(max_examples=40, suppress_health_check=FEW)
def test_a_search_hands_its_tree_to_the_next_one_by_file(problem, seed, rounds) -> None:
    rng = np.random.default_rng(seed)
    with splitting(rng), pytest.MonkeyPatch.context() as patch:
        without_a_walker(patch)
        before = solve(problem, Limits(rounds=rounds), params=FEW_ROWS)
    assume(before.status not in {Status.OPTIMAL, Status.INFEASIBLE})
    known = before.knowledge
    assert known is not None
    assert Knowledge.unpacked(known.packed()) == known
    again = solve(problem, Limits(rounds=1), knowledge=known, start=before.plan, certify=True)
    if again.plan is not None:
        assert again.bound <= before.bound
        confirm(problem, again)
    n_trees = sum(len(lesson.trees) for lesson in known.lessons)
    others = replace(problem, gains=problem.gains[::-1])
    if n_trees and not np.array_equal(others.gains, problem.gains):
        assert solve(others, knowledge=known).objective == Census(others).optimum


def test_a_tree_that_no_file_could_hold_is_not_handed_on(monkeypatch, caplog) -> None:
    problem = draw_problem(2, 150, "planar", "millions")
    exact = BranchAndCut(Model(problem))
    while not exact.is_branching:
        exact.step()
    tree = exact.tree_in_use()
    assert tree is not None
    monkeypatch.setattr(branch_and_cut, "MOST_LETTERS", len(tree.text) - 1)
    assert exact.tree_in_use() is None
    assert "too large to go on from" in caplog.text
