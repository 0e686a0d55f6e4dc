"""Solve a problem: landmass by landmass, bounds on one core and plans on the other.

All work is done in two threads. The calling thread looks at the clock, at the caller's wish to
stop, and at progress, and tells the others when to end (:mod:`solvers.stop`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.contiguity import broken_constraint
from solvers.domain import Domain
from solvers.errors import InternalError
from solvers.exact.certificate import certificate
from solvers.knowledge import Knowledge
from solvers.lookahead import look_ahead, looking_ahead
from solvers.loops import Compilation, compile_first
from solvers.params import DEFAULT, SearchParams
from solvers.plan import Plan
from solvers.problem import Problem
from solvers.reduction import Reduction, find_domains, reduce
from solvers.result import (
    COMPILING,
    Limits,
    Progress,
    Result,
    Status,
    TracePoint,
    relative_gap,
)
from solvers.stop import Halted, Stop
from solvers.workers.calls import Workers

POLL = 0.1
"""Seconds between two looks at the clock, at the caller's wish to stop, and at progress."""


def solve(
    problem: Problem,
    limits: Limits | None = None,
    *,
    seed: int = 0,
    start: Plan | None = None,
    knowledge: Knowledge | None = None,
    certify: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    params: SearchParams = DEFAULT,
    workers: Workers | None = None,
) -> Result:
    """Find a good plan and prove how good any plan could be.

    Parameters
    ----------
    problem
        What to divide.
    limits
        When to stop; 60 s by default. Seconds count from this call, or from the end of the
        compilation of the inner loops, which takes some seconds once after an installation.
    seed
        Seed of every random choice. Runs that no clock ends are identical for one seed.
    start
        A plan to improve on; ignored where it breaks a constraint.
    knowledge
        What another search on this graph has learned: its plans and rows are used where they hold
        for this problem, each checked here, and left aside where they do not.
    certify
        Whether to state the proof of the bound as a certificate; where the plan is optimal, it is
        stated in any case.
    on_progress
        Called several times a second, from the calling thread.
    should_stop
        Asked several times a second; once it says yes, the best plan so far is returned.
    params
        What tunes the search.
    workers
        Processes that take over the search for bounds once it branches, and of a map that is too
        large to be walked at once search regions before that; this process alone unless given.
        Which of them is when done with what is chance, and of several best plans another one may
        be found.

    Returns
    -------
    Result
        Its objective is recomputed from the plan and its constraints are checked by code that the
        search does not use.

    Raises
    ------
    ValueError
        When `start` does not have one entry a unit, `knowledge` is of another graph, or `workers`
        are given to a search for some rounds, which is to be the same twice.
    InternalError
        When the plan found breaks a constraint, or is worth more than what is proven.

    Examples
    --------
    >>> path = Problem(gains=np.array([[0, 5], [3, 0], [0, 4]]), edges=np.array([[0, 1], [1, 2]]))
    >>> result = solve(path)
    >>> result.status.value, result.objective, result.bound, result.plan.assignment.tolist()
    ('OPTIMAL', 9, 9, [1, 1, 1])
    """
    if start is not None and start.n_units != problem.n_units:
        raise ValueError(f"start has {start.n_units} units, the problem has {problem.n_units}.")
    if knowledge is not None:
        knowledge.check(problem)
    if workers is not None and limits is not None and limits.rounds is not None:
        raise ValueError(f"rounds = {limits.rounds}: with workers no two searches are the same.")
    search = _Search(problem, limits or Limits(), seed, certify, on_progress, should_stop, params)
    search.knowledge, search.workers = knowledge, workers
    starts = [] if knowledge is None else [knowledge.best_plan(problem)]
    if start is not None and broken_constraint(problem, start.assignment) is None:
        starts.append(start.assignment)
    search.start = max(
        (plan for plan in starts if plan is not None), key=problem.objective, default=None
    )
    return search.run()


class _Known(NamedTuple):
    """Domains that were searched, and the reduced problem that they are of."""

    reduction: Reduction
    domains: list[Domain]


@dataclass(slots=True, eq=False)
class _Search:
    """One call of :func:`solve`."""

    problem: Problem
    limits: Limits
    seed: int
    certify: bool
    on_progress: Callable[[Progress], None] | None
    should_stop: Callable[[], bool] | None
    params: SearchParams
    started: float = field(default_factory=time.perf_counter)
    reduction: Reduction | None = None
    domains: list[Domain] = field(default_factory=list)
    """Those of the reduced problem; none before all are prepared."""
    start: npt.NDArray[np.int8] | None = None
    """A plan to start from that meets the constraints."""
    knowledge: Knowledge | None = None
    """What was learned before."""
    workers: Workers | None = None
    trace: list[TracePoint] = field(default_factory=list)
    status: Status | None = None
    stop: Stop = field(default_factory=Stop)
    is_compiling: bool = False
    """Whether the search waits for its loops, with its clock at rest."""
    foreseen: _Known | None = None
    """What was found while it did, as long as it is better."""

    def run(self) -> Result:
        """Search until a limit, the caller or a proof ends it."""
        with ThreadPoolExecutor(max_workers=2) as pool:
            try:
                self._compile(pool)
                if self.status is None:
                    self._await({pool.submit(self._prepare, self.params, self.workers)})
                if self.domains and not self._is_over(0):
                    taught = [domain for domain in self.domains if domain.is_taught]
                    self._await({pool.submit(domain.recall) for domain in taught})
                n_rounds = 0
                while not self._is_over(n_rounds):
                    self._round(pool)
                    n_rounds += 1
            finally:
                self.stop.set()
        for domain in self.domains:
            domain.finish()
        return self._result()

    def _compile(self, pool: ThreadPoolExecutor) -> None:
        """Have the loops compiled, and say meanwhile what can be said without them."""
        with Compilation.begin() as compilation:
            if not compilation.is_under_way:
                compilation.finish()
                self.started = time.perf_counter()
                return
            self.is_compiling = True
            task = pool.submit(self._look_ahead)
            while compilation.is_under_way and self.status is None:
                time.sleep(POLL)
                self._watch(is_between_rounds=False)
                if task.done():
                    task.result()
            self.stop.set()
            task.result()
            self.is_compiling = False
            if self.status is not None:  # what is known by now is the answer
                return
            compilation.finish()
        if self.reduction is not None and self.domains:
            self.foreseen = _Known(self.reduction, self.domains)
        self.reduction, self.domains, self.stop = None, [], Stop()
        self.trace.clear()
        self.started = time.perf_counter()

    def _look_ahead(self) -> None:
        compile_first(self.problem.n_units)
        self._prepare(looking_ahead(self.params))
        # What needs no round need not wait for what a round takes.
        if self.domains and not self._is_over(0):
            look_ahead(self.domains, self.seed, self.stop)

    def _prepare(self, params: SearchParams, workers: Workers | None = None) -> None:
        """Reduce the problem, divide it into domains, and offer them the plan to start from."""
        self.reduction = reduce(self.problem)
        if self.reduction is None:  # two units that must lie together are fixed apart
            self.status = Status.INFEASIBLE
            return
        reduced, stop = self.reduction.problem, self.stop
        try:
            stop.check()
            domains = [
                Domain.of(reduced, members, stop, params, self.knowledge, workers)
                for members in stop.checking(find_domains(reduced))
            ]
        except Halted:
            return
        if self.start is not None:
            start = self.reduction.restrict(self.start)
            for domain in domains:
                domain.exact.offer(start[domain.members])
        self.domains = domains

    def _await(self, tasks: set[Future[None]]) -> None:
        """Let some threads do their work, and tell them when the search is to end."""
        while tasks:
            done, tasks = wait(tasks, timeout=POLL)
            for task in done:
                task.result()  # an error in a thread is an error of the search
            self._watch(is_between_rounds=False)

    def _round(self, pool: ThreadPoolExecutor) -> None:
        """Work on the domain where bound and objective are furthest apart."""
        domain = max(self.domains, key=lambda candidate: candidate.distance)
        self._await({pool.submit(domain.begin, self.seed)})
        self._await({pool.submit(task) for task in domain.tasks()})
        domain.exchange()
        self._watch()

    @property
    def seconds(self) -> float:
        """Seconds since the start of the clock."""
        return 0.0 if self.is_compiling else time.perf_counter() - self.started

    def _totals(self) -> tuple[int | None, int | None]:
        """Objective and bound of the whole problem."""
        if not self.domains:
            if self.status is Status.INFEASIBLE:
                return None, None
            objective = None if self.start is None else self.problem.objective(self.start)
            return objective, self.problem.most
        return _sums(self.domains)

    def _shown(self) -> tuple[int | None, int | None]:
        """Objective and bound that are told: the best of what was foreseen, and what is found."""
        objective, bound = self._totals()
        if self.foreseen is None or bound is None:
            return objective, bound
        found, proven = _sums(self.foreseen.domains)
        best = objective if found is None or (objective or found) > found else found
        least = bound if proven is None else min(bound, proven)
        if (best, least) == (objective, bound):
            self.foreseen = None  # the search has caught up
        return best, least

    def _watch(self, *, is_between_rounds: bool = True) -> None:
        """Record and report progress; see whether the clock or the caller ends the search."""
        objective, bound = self._totals()
        # What is found within a round at a time is chance; a search by rounds has none in it.
        if is_between_rounds or self.limits.rounds is None:
            self._record(objective, bound)
        shown = self._shown()
        if self.on_progress is not None:
            searches = [domain.exact for domain in self.domains]
            n_rows, n_nodes = (
                sum(exact.n_rows for exact in searches),
                sum(exact.n_nodes for exact in searches),
            )
            self.on_progress(Progress(self.seconds, self._phase(), *shown, n_rows, n_nodes))
        if self.status is not None:
            return
        if self.should_stop is not None and self.should_stop():
            self.status = Status.INTERRUPTED
        elif self.seconds >= self.limits.time_limit:
            self.status = Status.TIME_LIMIT
        if self.status is not None:
            self.stop.set()

    def _record(self, objective: int | None, bound: int | None) -> None:
        """Add a point to the trace where incumbent or bound changed."""
        if not self.trace or self.trace[-1][1:] != (objective, bound):
            self.trace.append(TracePoint(round(self.seconds, 3), objective, bound))

    def _phase(self) -> str:
        if self.is_compiling:
            return COMPILING
        is_branching = any(domain.exact.is_branching for domain in self.domains)
        phase = "branching" if is_branching else "bounding"
        return f"{phase}, window {self._n_windows():,}" if self._n_windows() else phase

    def _n_windows(self) -> int:
        return sum(domain.n_windows for domain in self.domains)

    def _is_over(self, n_rounds: int) -> bool:
        """Whether the search ends before the next round, and why."""
        if not self.domains:  # none is needed, or there was no time for any
            return True
        finished = [domain.exact.is_finished for domain in self.domains]
        objective, bound = self._totals()
        gap = relative_gap(objective, bound)
        if any(
            is_finished and domain.objective is None
            for is_finished, domain in zip(finished, self.domains, strict=True)
        ):
            self.status = Status.INFEASIBLE
        elif all(finished):
            self.status = Status.OPTIMAL
        elif self.status is None and gap is not None and gap <= self.limits.gap:
            self.status = Status.GAP_REACHED
        elif self.status is None and n_rounds == self.limits.rounds:
            self.status = Status.TIME_LIMIT
        return self.status is not None

    def _result(self) -> Result:
        if self.status is None:
            raise InternalError("The search ends without a reason.")
        objective, bound = self._totals()
        is_cut_short = self.status in (Status.INTERRUPTED, Status.TIME_LIMIT)
        if self.foreseen is not None and is_cut_short and self.limits.rounds is None:
            self._recall(self.foreseen)
            objective, bound = self._totals()
        plan = None if objective is None else self._plan(objective, bound)
        if plan is None and self.status is Status.TIME_LIMIT:
            self.status = Status.UNKNOWN
        if self.status is Status.INFEASIBLE:
            bound = None
        self._record(objective, bound)
        proof = None
        is_wanted = self.certify or self.status is Status.OPTIMAL
        if is_wanted and self.domains and objective is not None and bound is not None:
            searches = [(domain.members, domain.exact) for domain in self.domains]
            proof = certificate(self.problem, searches, objective, bound)
        return Result(
            plan,
            self.status,
            objective,
            bound,
            self.seconds,
            self.seed,
            tuple(self.trace),
            proof,
            self._n_windows(),
            self._learned(plan),
            sum(domain.n_taught for domain in self.domains),
        )

    def _recall(self, foreseen: _Known) -> None:
        """Go back to what was told before the search, where that had no time to come as far."""
        if not self.domains:
            self.reduction, self.domains = foreseen
        for number, (found, before) in enumerate(zip(self.domains, foreseen.domains, strict=True)):
            for one, other in ((found, before), (before, found)):
                if one.exact.incumbent is not None:
                    other.exact.offer(one.exact.incumbent)
            if found.bound is not None and before.bound is not None and before.bound < found.bound:
                self.domains[number] = before
        if all(domain.exact.is_finished for domain in self.domains):
            self.status = Status.OPTIMAL

    def _learned(self, plan: Plan | None) -> Knowledge:
        """Collect what is known now; where nothing was begun, that is what was known before."""
        learned = Knowledge.of(
            self.problem,
            None if plan is None else plan.assignment,
            [domain.exact for domain in self.domains],
        )
        if self.domains or self.knowledge is None:
            return learned
        return replace(learned, lessons=self.knowledge.lessons)

    def _plan(self, objective: int, bound: int | None) -> Plan:
        """Put the plans of all domains together, and check what comes out."""
        plan = self.start
        if self.domains and self.reduction is not None:
            small = np.zeros(self.reduction.problem.n_units, np.int8)
            for domain in self.domains:
                incumbent = domain.exact.incumbent
                if incumbent is None:
                    raise InternalError(f"The search claims {objective} and lacks a plan.")
                small[domain.members] = incumbent
            plan = self.reduction.expand(small)
        if plan is None:
            raise InternalError(f"The search claims {objective} and has no plan.")
        broken = broken_constraint(self.problem, plan)
        if broken is not None:
            raise InternalError(f"The search returned a plan in which {broken}.")
        found = self.problem.objective(plan)
        if found != objective:
            raise InternalError(f"The search claims {objective} for a plan that is worth {found}.")
        if bound is not None and objective > bound:
            raise InternalError(
                f"The bound lies below a plan: {bound} is called proven, the plan is worth "
                f"{objective}."
            )
        return Plan(plan)


def _sums(domains: list[Domain]) -> tuple[int | None, int | None]:
    """Objective and bound of some domains together; None where one of them has none."""
    objectives = [domain.objective for domain in domains]
    bounds = [domain.bound for domain in domains]
    objective = None if None in objectives else sum(filter(None, objectives))
    bound = None if None in bounds else sum(filter(None, bounds))
    return objective, bound
