"""What one run has learned serves the next, and nothing false comes in with it."""

from __future__ import annotations

import gzip
import json
import lzma
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.domain import Domain
from solvers.exact.basis import Basis
from solvers.exact.relaxation import Relaxation
from solvers.knowledge import Knowledge, KnowledgeError
from solvers.lessons import Lesson, graph_hash
from solvers.model import Model
from solvers.params import RelaxationParams, RoundParams, SearchParams
from solvers.plan import Plan
from solvers.problem import Problem
from solvers.reduction import find_domains, reduce
from solvers.result import Limits, Result, Status
from solvers.rows.family import nested
from solvers.solve import solve
from tests.solvers.claims import drawn, find_rows, forged, written
from tests.solvers.columns import draw_roots
from tests.solvers.conftest import Census, confirm, draw_problem, is_feasible, problems

SEEDS = st.integers(0, 2**32 - 1)
SHORT = Limits(rounds=1)
SLOW = SearchParams(rounds=RoundParams(n_iterations=1))


def assert_right(problem: Problem, result: Result) -> None:
    """Hold a finished run against every plan, and its certificate against the verifier."""
    optimum = Census(problem).optimum
    assert result.status is (Status.INFEASIBLE if optimum is None else Status.OPTIMAL)
    assert result.objective == result.bound == optimum
    if optimum is not None:
        assert confirm(problem, result) == optimum


@given(problem=problems(min_units=4, max_units=10), seed=SEEDS)
@settings(max_examples=50, deadline=None)
def test_a_run_goes_on_with_what_another_one_has_learned(problem: Problem, seed: int) -> None:
    first = solve(problem, SHORT, seed=seed % 7, params=SLOW)
    assert first.knowledge is not None
    known = Knowledge.unpacked(first.knowledge.packed(densely=seed % 2 == 0))
    assert known == first.knowledge
    assert_right(problem, solve(problem, knowledge=known))


@given(problem=problems(min_units=4, max_units=9), other=problems(min_units=4, max_units=9),
       seed=SEEDS)  # fmt: skip
@settings(max_examples=50, deadline=None)
def test_what_was_learned_under_other_rules_and_votes_does_no_harm(
    problem: Problem, other: Problem, seed: int
) -> None:
    """One graph; votes, pieces, costs, budgets, groups and what is fixed are those of another."""
    rng = np.random.default_rng(seed)
    costs = rng.integers(0, 5, len(problem.edges)) * int(rng.random() < 0.5)
    fixed = np.where(rng.random(problem.n_units) < 0.1, 1, -1).astype(np.int8)
    gains = rng.integers(0, 20, problem.gains.shape)
    teacher = Problem(gains, problem.edges, pieces=other.pieces, edge_costs=costs, fixed=fixed)
    learned = solve(teacher, params=SLOW).knowledge
    assert_right(problem, solve(problem, knowledge=learned))


@given(problem=problems(min_units=4, max_units=8), seed=SEEDS)
@settings(max_examples=50, deadline=None)
def test_forged_knowledge_changes_no_answer(problem: Problem, seed: int) -> None:
    """Some 60 claims a problem, drawn at random or found and forged; plans and bases are none."""
    rng, reduced = np.random.default_rng(seed), reduce(problem)
    lessons = []
    if reduced is not None:
        for members in find_domains(reduced.problem):
            model = Model(reduced.problem.subproblem(members))
            claims = [drawn(model, rng) for _ in range(40)]
            found = find_rows(model, draw_roots(model, rng), rng)[:20]
            claims += [forged(written(row), model.n_units, rng) for row in found]
            claims = [claim for claim in claims if isinstance(claim, list)]
            graph = graph_hash(model.n_units, model.edges)
            claims = tuple(nested(claim) for claim in claims)
            letters = "".join(rng.choice(list("lubz"), model.n_columns).tolist())
            tight = frozenset(claim for claim in claims if rng.random() < 0.5)
            lessons.append(Lesson(graph, claims, (Basis(letters, tight),)))
    plans = [Plan(rng.integers(0, 2, problem.n_units).astype(np.int8)) for _ in range(3)]
    graph = graph_hash(problem.n_units, problem.edges)
    known = Knowledge(graph, tuple(plans), tuple(lessons))
    assert_right(problem, solve(problem, knowledge=Knowledge.unpacked(known.packed())))


def test_a_row_that_would_hide_the_best_plan_is_refused() -> None:
    """The same claim holds where a wall stands, and not where the graph has a way around it."""
    gains = np.array([[0, 9], [5, 0], [0, 9], [0, 0]])
    around = Problem(gains, np.array([[0, 1], [1, 2], [2, 3], [0, 3]]))
    apart = ("apart", 1, (0, 2), (1,))
    lesson = Lesson(graph_hash(4, around.edges), (apart,))
    known = Knowledge(graph_hash(4, around.edges), (), (lesson,))
    assert known.rows(Model(around)) == []
    assert solve(around, knowledge=known).objective == Census(around).optimum == 23
    path = Problem(gains, np.array([[0, 1], [1, 2], [2, 3]]))
    graph = graph_hash(4, path.edges)
    known = Knowledge(graph, (), (Lesson(graph, (apart,)),))
    assert [row.claim for row in known.rows(Model(path))] == [apart]


@pytest.fixture(scope="module")
def country() -> Problem:
    return draw_problem(4, 150, "planar", "millions")


def test_the_first_program_begins_with_the_basis_that_is_handed_on(
    country: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By file, and where there are other variables not at all."""
    first = solve(country, Limits(600, rounds=20)).knowledge
    assert first is not None
    pivots: list[int] = []
    run = Relaxation._run

    def count(self: Relaxation) -> Any:
        result = run(self)
        pivots.append(result.solve_stats.simplex_iterations)
        return result

    monkeypatch.setattr(Relaxation, "_run", count)

    def begun(problem: Problem, known: Knowledge) -> int:
        pivots.clear()
        solve(problem, SHORT, knowledge=known)
        return pivots[0]

    known = Knowledge.unpacked(first.packed())
    bare = replace(known, lessons=tuple(replace(one, bases=()) for one in known.lessons))
    (basis,) = (one for lesson in known.lessons for one in lesson.bases)
    assert len(basis.columns) == country.n_units
    assert len(basis.tight) == basis.columns.count("b") + basis.columns.count("z") > 0
    assert begun(country, known) < begun(country, bare)
    priced = replace(country, edge_costs=np.ones(len(country.edges), int))
    assert known.basis(Model(priced)) is None


def test_a_bound_is_reached_again_in_a_fraction_of_the_rounds(country: Problem) -> None:
    short = SearchParams(rounds=RoundParams(n_iterations=100))
    cold = solve(country, Limits(600, rounds=12), params=short)
    assert cold.knowledge is not None
    warm = solve(country, Limits(600, rounds=4), knowledge=cold.knowledge, params=short)
    early = solve(country, Limits(600, rounds=4), params=short)
    assert cold.bound is not None
    assert warm.bound is not None
    assert early.bound is not None
    assert warm.bound <= cold.bound < early.bound
    assert warm.objective is not None
    assert cold.objective is not None
    assert warm.objective >= cold.objective


def test_what_is_known_is_enough_without_any_walk(
    country: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = solve(
        country, Limits(600, rounds=4), params=SearchParams(rounds=RoundParams(n_iterations=100))
    )
    assert before.gap is not None
    assert before.gap > 0
    monkeypatch.setattr(Domain, "begin", None)  # whoever walks fails
    again = solve(country, Limits(600, gap=before.gap), certify=True, knowledge=before.knowledge)
    assert again.status is Status.GAP_REACHED
    assert again.objective == before.objective
    assert before.bound is not None
    assert again.bound is not None
    assert again.bound <= before.bound
    assert confirm(country, again) == again.bound


@given(problem=problems(min_units=4, max_units=10), seed=SEEDS)
@settings(max_examples=50, deadline=None)
def test_answers_are_the_same_where_the_first_relaxation_is_solved_by_its_dual(
    problem: Problem, seed: int
) -> None:
    learned = solve(problem, SHORT, seed=seed % 7, params=SLOW).knowledge
    dual = SearchParams(relaxation=RelaxationParams(many=1))
    assert_right(problem, solve(problem, knowledge=learned, params=dual))


@pytest.mark.parametrize("n_looks", [0, 1, 3])
def test_a_run_that_is_ended_at_once_loses_nothing(country: Problem, n_looks: int) -> None:
    known = solve(country, Limits(600, rounds=6)).knowledge
    assert known is not None
    looks = iter([False] * n_looks)
    again = solve(country, knowledge=known, should_stop=lambda: next(looks, True))
    assert again.knowledge is not None
    assert country.objective(known.plans[0].assignment) <= (again.objective or 0)
    assert again.knowledge.n_rows >= known.n_rows if n_looks == 0 else again.knowledge.n_rows > 0


def test_knowledge_of_another_graph_is_refused() -> None:
    one, other = (draw_problem(seed, 9, "planar", "small") for seed in (1, 2))
    with pytest.raises(KnowledgeError, match="another graph than this one of 9 units"):
        solve(one, knowledge=solve(other).knowledge)


def test_edges_are_a_graph_in_any_order() -> None:
    edges = draw_problem(1, 9, "planar", "small").edges
    assert graph_hash(9, edges) == graph_hash(9, edges[::-1, ::-1]) != graph_hash(10, edges)


def written_as(document: Any) -> bytes:
    return gzip.compress(json.dumps(document).encode())


GOOD = {"format": "two-nations knowledge", "version": 1, "graph": "a", "plans": [], "lessons": []}


def lesson_with(**basis: Any) -> bytes:
    rows = [["leaf", 0, 0], ["leaf", 1, 0]]
    return written_as(GOOD | {"lessons": [{"graph": "", "rows": rows, "bases": [basis]}]})


def test_a_basis_is_read_and_a_file_without_one_as_well() -> None:
    (lesson,) = Knowledge.unpacked(lesson_with(columns="lu", tight="01")).lessons
    assert lesson.bases == (Basis("lu", frozenset({("leaf", 1, 0)})),)
    older = GOOD | {"lessons": [{"graph": "", "rows": [["leaf", 0, 0]]}]}
    assert Knowledge.unpacked(written_as(older)).lessons == (Lesson("", (("leaf", 0, 0),)),)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"plainly not gzip",
        gzip.compress(b""),
        gzip.compress(b"{"),
        gzip.compress(b"[" * 100_000),
        gzip.compress(b" " * (2**27 + 1)),
        written_as(GOOD)[:-9],
        lzma.compress(b""),
        lzma.compress(b" " * (2**27 + 1)),
        lzma.compress(json.dumps(GOOD).encode())[:-9],
        lzma.compress(json.dumps(GOOD).encode())[:6] + b"no such thing",
        written_as([]),
        written_as(3),
        written_as({}),
        written_as(GOOD | {"version": 2}),
        written_as(GOOD | {"plans": ["012"]}),
        written_as(GOOD | {"plans": [[0, 1]]}),
        written_as(GOOD | {"lessons": [{}]}),
        written_as(GOOD | {"lessons": [{"graph": 1, "rows": []}]}),
        written_as(GOOD | {"lessons": [{"graph": "", "rows": ["face"]}]}),
        written_as(GOOD | {"lessons": [{"graph": "", "rows": [], "bases": [{}]}]}),
        written_as(GOOD | {"lessons": [{"graph": "", "rows": [], "bases": "lu"}]}),
        lesson_with(columns="lu", tight="1"),
        lesson_with(columns="lu", tight="102"),
        lesson_with(columns="lx", tight="10"),
        lesson_with(columns=["l", "u"], tight="10"),
    ],
)
def test_a_damaged_file_is_refused_in_one_way(data: bytes) -> None:
    with pytest.raises(KnowledgeError):
        Knowledge.unpacked(data)


@given(seed=SEEDS)
@settings(max_examples=60)
def test_a_file_with_changed_bytes_is_refused_or_read_and_never_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = draw_problem(3, 8, "planar", "small")
    text = bytearray(gzip.decompress(solve(problem, SHORT).knowledge.packed()))  # type: ignore[union-attr]
    for place in rng.integers(0, len(text), rng.integers(1, 6)).tolist():
        text[place] = int(rng.choice(list(b'[]{}",:0123456789-.elubz')))
    try:
        known = Knowledge.unpacked(gzip.compress(bytes(text)))
    except KnowledgeError:
        return
    known = replace(known, graph=graph_hash(problem.n_units, problem.edges))
    result = solve(problem, SHORT, knowledge=known)
    assert result.plan is not None
    assert is_feasible(problem, result.plan.assignment)
    optimum = Census(problem).optimum
    assert result.objective <= optimum <= result.bound
