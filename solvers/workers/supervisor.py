"""A tree of cases on many processes: who is at work on which case, and what comes of it.

The supervisor has the tree. It lends open cases to workers, the one with the largest bound first,
each for some effort; a worker grows a tree of its own below the case and sends back what it has
proven, what is still open, and the best plan. All that is grafted where the case was, so that there
is one tree in the end, one certificate, and one best plan, as if one process had done it all: the
scheme of a supervisor with workers [1]_. A case stays open until its answer is there, so that
whatever becomes of a worker, its case waits again, and the bound is proven at any time.

References
----------
.. [1] T. Ralphs, Y. Shinano, T. Berthold, T. Koch, "Parallel solvers for mixed integer linear
   optimization", in: Handbook of Parallel Constraint Reasoning (2018) 283-336,
   doi:10.1007/978-3-319-63516-3_8
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from solvers.errors import InternalError
from solvers.exact.branch_and_cut import BranchAndCut
from solvers.exact.node import Node
from solvers.rows.claims import ClaimError
from solvers.stop import Halted
from solvers.workers.calls import ATTEMPTS, POLL, Calls, Workers
from solvers.workers.messages import (
    Numbers,
    Reader,
    Reply,
    Task,
    pack_case,
    pack_problem,
    packed,
    unpack_subtree,
)
from solvers.workers.worker import work

GRACE = 0.5
"""Seconds in which workers may end what they are at when the search is to end."""

RAMP = 8
"""By how much shorter tasks are as long as there are fewer open cases than workers."""


@dataclass(slots=True, eq=False)
class Supervisor:
    """Has workers work on the open cases of a search.

    Parameters
    ----------
    exact
        The search, which has the tree.
    workers
        Who works on its cases.

    Attributes
    ----------
    n_lost
        Cases that came back because a worker died.
    """

    exact: BranchAndCut
    workers: Workers
    n_lost: int = 0
    _key: str = ""
    _problem: bytes = b""
    _calls: Calls[Node] = field(init=False)
    _losses: Counter[int] = field(default_factory=Counter)
    """By number of the case."""
    _is_greeted: bool = False
    _n_lacking: int = 0
    """Workers that are known not to have the problem."""
    _rows: Reader = field(init=False)

    def __post_init__(self) -> None:
        self._rows, self._calls = Reader(self.exact.model), Calls(self.workers)

    def run(self, effort: float) -> None:
        """Go on until all of them together have made an effort, or the search is to end.

        Raises
        ------
        InternalError
            When a worker fails, or says what is not so.
        """
        exact, stop = self.exact, self.exact.model.stop
        begun = exact.effort
        self._greet()
        while exact.effort - begun < effort and not (exact.is_finished or stop.is_set()):
            has_answer = self._collect()
            self._lend()
            if self._is_own_turn:
                exact.step()
            elif not has_answer:
                time.sleep(POLL)

    def finish(self) -> None:
        """Take what workers have ended by now or end soon; their other cases wait again."""
        deadline = time.monotonic() + GRACE
        while not self.exact.is_finished and self._calls.n_lent:
            if not self._collect():
                if time.monotonic() > deadline:
                    break
                time.sleep(POLL)
        for node in self._calls.forget():
            self.exact.take_back(node)

    def _greet(self) -> None:
        """Send the problem ahead, once: whoever answers is there, and is lent cases from then."""
        if self._is_greeted:
            return
        self._is_greeted = True
        self._key, self._problem = pack_problem(self.exact.model)
        for _ in range(self.workers.n_workers):
            self._submit(Task(self._key, self._problem), None)

    @property
    def _is_own_turn(self) -> bool:
        """Whether there is a case that nobody else will work on."""
        first = self.exact.first_waiting
        if self.exact.is_within_a_case:
            return True
        if first is None:
            return False
        return self._losses[first.case] >= ATTEMPTS or not self._calls.n_lent

    def _lend(self) -> None:
        """Lend cases until every worker has one, and another one waits for the first to be done."""
        calls = self._calls
        n_workers = self.workers.n_workers if calls.is_heard and not calls.is_deserted else 0
        n_lent = calls.n_lent
        while n_workers and n_lent <= n_workers and not calls.is_deserted:
            first = self.exact.first_waiting
            if first is None or self._losses[first.case] >= ATTEMPTS:
                return
            node, numbers = self.exact.lend(), Numbers()
            form = pack_case(node, numbers)
            self._rows.remember(node.rows)
            effort = self.exact.model.params.tree.task
            is_scarce = self.exact.n_waiting < n_workers
            self._submit(
                Task(
                    self._key,
                    None,
                    form,
                    numbers.claims,
                    self.exact.value,
                    effort / RAMP if is_scarce else effort,
                ),
                node,
            )
            n_lent += 1

    def _submit(self, task: Task, node: Node | None) -> None:
        if self._n_lacking and task.problem is None:
            self._n_lacking -= 1
            task = task._replace(problem=self._problem)
        if not self._calls.submit(work, packed(task), node):
            self._lose(node)

    def _collect(self) -> bool:
        """Take over what has been answered; say whether anything was."""
        ended = self._calls.collect()
        for node, reply in ended:
            if reply is None:
                self._lose(node)
            else:
                self._hear(reply, node)
        return bool(ended)

    def _lose(self, node: Node | None) -> None:
        """Let the case of a worker that has died wait again."""
        if node is not None:
            self.n_lost += 1
            self._losses[node.case] += 1
            self.exact.take_back(node)

    def _hear(self, reply: Reply, node: Node | None) -> None:
        if reply.lacks_problem:  # it has begun after the others, and is free for the next task
            self._n_lacking += 1
        if node is None:
            return
        if reply.subtree is None:
            self.exact.take_back(node)
            return
        try:
            self.exact.graft(node, unpack_subtree(reply.subtree, self._rows))
        except Halted:
            self.exact.take_back(node)
        except ClaimError as error:
            raise InternalError(
                f"A worker sent a row that does not hold here: {error} Both must run the same "
                "versions of two-nations and of what it rests on."
            ) from error
