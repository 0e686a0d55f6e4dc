"""A tree that workers share: the same answer, whatever becomes of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.errors import InternalError
from solvers.exact.branch_and_cut import BranchAndCut
from solvers.model import Model
from solvers.params import CutParams, RoundParams, SearchParams, TreeParams, WalkParams
from solvers.problem import Problem
from solvers.result import Limits, Status
from solvers.solve import solve
from solvers.workers import worker
from solvers.workers.calls import ATTEMPTS
from solvers.workers.messages import (
    Numbers,
    Reader,
    Reply,
    Task,
    pack_case,
    pack_problem,
    packed,
    unpack_case,
    unpacked,
)
from solvers.workers.supervisor import GRACE
from tests.solvers.conftest import FAMILIES, Census, confirm, draw_problem, problems
from tests.solvers.splitting import splitting
from tests.solvers.threads import Nobody, Threads

SHORT = SearchParams(
    rounds=RoundParams(n_iterations=1),
    walk=WalkParams(n_chunk=1),
    cuts=CutParams(violation=0.3),
    tree=TreeParams(task=1e-3),
)
"""Tasks of a few steps, and hardly any search for plans beside them."""

ENDLESS = Limits(time_limit=300.0)

BUSHY = replace(SHORT, cuts=CutParams(violation=1e6, joint_violation=1e6))
"""No rows besides but those that whole points break."""

BUSY = draw_problem(0, 30, "grid", "millions")
"""A problem whose tree then has dozens of cases, if they are split at random."""


@cache
def best_of_busy() -> int:
    return solve(BUSY).objective


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


def rooted(problem: Problem) -> BranchAndCut:
    """Begin a search, and step until the first case has all its roots."""
    exact = BranchAndCut(Model(problem, params=SHORT))
    while not exact.is_finished and any(roots is None for roots in exact.first_waiting.roots):
        exact.step()
    return exact


@given(
    problem=problems(FAMILIES, min_units=5, max_units=9),
    deaths=st.sets(st.integers(1, 12)),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=60, deadline=None)
def test_workers_prove_the_optimum_of_every_plan_whoever_of_them_dies(
    pool: ThreadPoolExecutor, problem: Problem, deaths: set[int], seed: int
) -> None:
    optimum = Census(problem).optimum
    workers = Threads(pool, is_deadly=lambda number, _: number in deaths)
    with splitting(np.random.default_rng(seed), 0.8):
        result = solve(problem, ENDLESS, params=SHORT, workers=workers, certify=True)
    if optimum is None:
        assert result.status is Status.INFEASIBLE
        return
    assert (result.status, result.objective, result.bound) == (Status.OPTIMAL, optimum, optimum)
    assert confirm(problem, result) == optimum


@given(problem=problems(min_units=6, max_units=9), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_what_workers_had_proven_stands_when_the_search_is_interrupted(
    pool: ThreadPoolExecutor, problem: Problem, seed: int
) -> None:
    optimum, rng = Census(problem).optimum, np.random.default_rng(seed)
    workers, n_cases = Threads(pool), int(rng.integers(1, 6))
    with splitting(rng, 0.8):
        result = solve(
            problem,
            ENDLESS,
            params=SHORT,
            workers=workers,
            certify=True,
            should_stop=lambda: workers.n_cases >= n_cases,
        )
    if result.plan is None:
        assert result.status in {Status.INTERRUPTED, Status.INFEASIBLE}
        return
    assert result.objective <= optimum <= result.bound
    assert confirm(problem, result) == result.bound


def any_tree(pool: ThreadPoolExecutor, **kinds: object) -> tuple[Threads, object]:
    """Solve one problem with a tree of dozens of cases."""
    workers = Threads(pool, **kinds)
    with splitting(np.random.default_rng(4), 0.9):
        result = solve(BUSY, ENDLESS, params=BUSHY, workers=workers, certify=True)
    assert (result.status, result.objective) == (Status.OPTIMAL, best_of_busy())
    assert confirm(BUSY, result) == result.bound
    return workers, result


def test_a_case_whose_workers_all_die_is_worked_on_by_the_search_itself(
    pool: ThreadPoolExecutor,
) -> None:
    workers, _ = any_tree(pool, is_deadly=lambda _, task: task.case is not None)
    assert workers.n_cases >= ATTEMPTS
    lent = [task.case.number for task in workers.tasks if task.case is not None]
    assert max(map(lent.count, lent)) == ATTEMPTS


def test_a_search_whose_workers_never_come_goes_on_alone(pool: ThreadPoolExecutor) -> None:
    workers = Nobody(pool)
    with splitting(np.random.default_rng(4), 0.9):
        result = solve(BUSY, ENDLESS, params=BUSHY, workers=workers)
    assert (result.status, result.objective) == (Status.OPTIMAL, best_of_busy())
    assert workers.tasks
    assert workers.n_cases == 0


def test_a_worker_that_comes_later_is_sent_the_problem(
    pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forget(number: int, _: Task) -> bool:
        if number in range(4, 12):
            worker._problems.clear()
            worker._idle.clear()
        return False

    workers, _ = any_tree(pool, is_deadly=forget)
    assert [task for task in workers.tasks[4:] if task.problem is not None]


def test_an_error_of_a_worker_is_an_error_of_the_search(
    pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "unpack_case", lambda *_: 1 // 0)
    with pytest.raises(InternalError, match=r"(?s)A worker has failed\. .*ZeroDivisionError"):
        any_tree(pool)


def torn_plan(reply: Reply) -> Reply:
    subtree = reply.subtree
    return reply._replace(subtree=subtree and subtree._replace(plan=None, value=2**60))


def false_row(reply: Reply) -> Reply:
    subtree = reply.subtree
    if subtree is None or not subtree.claims:
        return reply
    claims = (("separator", 1, 0, (0,)), *subtree.claims[1:])
    return reply._replace(subtree=subtree._replace(claims=claims))


@pytest.mark.parametrize(
    ("lie", "said"), [(torn_plan, "closed cases for a plan"), (false_row, "does not hold here")]
)
def test_what_a_worker_says_is_not_believed(
    pool: ThreadPoolExecutor, lie: Callable[[Reply], Reply], said: str
) -> None:
    class Liars(Threads):
        def submit(self, call: Callable[[bytes], bytes], message: bytes) -> Future[bytes]:
            answer = super().submit(call, message).result()
            lied = Future[bytes]()
            lied.set_result(packed(lie(unpacked(answer))))
            return lied

    with splitting(np.random.default_rng(4), 0.9), pytest.raises(InternalError, match=said):
        solve(BUSY, ENDLESS, params=BUSHY, workers=Liars(pool))


def test_workers_that_never_answer_do_not_keep_a_search_from_its_limit(
    pool: ThreadPoolExecutor,
) -> None:
    class Asleep(Threads):
        def submit(self, call: Callable[[bytes], bytes], message: bytes) -> Future[bytes]:
            super().submit(call, message)
            is_greeting = self.tasks[-1].case is None
            return pool.submit(call, message) if is_greeting else Future[bytes]()

    workers = Asleep(pool)
    begun = time.monotonic()
    with splitting(np.random.default_rng(4), 0.9):
        result = solve(BUSY, Limits(0.5), params=BUSHY, workers=workers, certify=True)
    assert workers.n_cases
    assert time.monotonic() - begun < 0.5 + GRACE + 2.0
    assert result.status is Status.TIME_LIMIT
    assert result.objective <= best_of_busy() <= result.bound == confirm(BUSY, result)


@given(problem=problems(min_units=4), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_a_case_is_the_same_when_it_arrives(problem: Problem, seed: int) -> None:
    with splitting(np.random.default_rng(seed), 0.5):
        exact = rooted(problem)
        for _ in range(6):
            exact.step()
    key, sent = pack_problem(exact.model)
    assert pack_problem(Model(*unpacked(sent)[:1], params=unpacked(sent)[1]))[0] == key
    there = Reader(Model(unpacked(sent)[0]))
    for node in exact.open_cases():
        numbers = Numbers()
        form = unpacked(packed(Task(key, None, pack_case(node, numbers)))).case
        arrived = unpack_case(form, exact.model.n_units, there.read(numbers.claims))
        assert arrived.rows == node.rows
        for one, other in zip(arrived.rows, node.rows, strict=True):
            assert one.columns == other.columns
            assert (one.coefficients, one.limit) == (other.coefficients, other.limit)
        assert np.array_equal(arrived.lower, node.lower)
        assert np.array_equal(arrived.upper, node.upper)
        assert str(arrived.roots) == str(node.roots)
        fields = ("bound", "stage", "depth", "case")
        assert [getattr(arrived, name) for name in fields] == [
            getattr(node, name) for name in fields
        ]


def test_a_search_for_some_rounds_takes_no_workers(pool: ThreadPoolExecutor) -> None:
    with pytest.raises(ValueError, match="rounds = 3"):
        solve(BUSY, Limits(rounds=3), workers=Threads(pool))
