"""Solve a problem: landmass by landmass, bounds on one core and plans on the other.

The search goes in rounds. In a round the exact search takes a number of steps while the walker
walks a number of chunks, side by side; then they exchange what they found. Both numbers are fixed,
so a run that no clock cuts short is the same on every machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Event

import numpy as np
import numpy.typing as npt

from solvers.branch_and_cut import BranchAndCut
from solvers.certificate import certificate
from solvers.contiguity import broken_constraint
from solvers.model import Model
from solvers.plan import Plan
from solvers.problem import FREE, Problem
from solvers.reduction import Reduction, find_domains, reduce
from solvers.refine import Refiner
from solvers.result import Limits, Progress, Result, Status, TracePoint, relative_gap
from solvers.walker import Walker
from solvers.windows import LARGEST_WHOLE, Windows

STEPS_PER_ROUND = 8
"""Steps of the exact search in a round: half a second on the United States at first..."""
LATE_STEPS_PER_ROUND = 3
"""... and about as long once the rows get denser and each step takes longer."""
LATE_WORK = 9_000
"""A small domain takes so many steps more that steps times units reach this in a round: its steps
are short, and would wait for the search for plans."""
CHUNKS_PER_ROUND = 8
"""Chunks of the walker in a round: about as long."""
MANY_ROWS = 15_000
"""A large domain's exact search takes one step a round above twice as many rows, and the windows
as many more runs as the square of the rows in this measure: so much longer does a step take."""
N_TURNS, RELAXED_TURN, BALLS_TURN = 4, 0, 2
"""Late in a search, of so many rounds one searches where the relaxation disagrees with the best
plan, another one some balls; in the others, and early, the walker walks. Exact searches keep Python
busy, which holds up the bound: four balls a round left the United States a gap of 0.042 % after two
minutes, these a gap of 0.030 %."""
N_BALLS = 2
"""Balls in such a round."""
POLL = 0.1
"""Seconds between two looks at the clock, at the caller's wish to stop, and at progress."""


@dataclass(slots=True, eq=False)
class Domain:
    """The search on units that do not depend on the rest: one landmass as a rule.

    Parameters
    ----------
    members
        Units of the reduced problem that belong to it.
    model
        They alone.
    """

    members: npt.NDArray[np.intp]
    model: Model
    exact: BranchAndCut
    walker: Walker | None = None
    windows: Windows | None = None
    refiner: Refiner | None = None
    n_rounds: int = 0

    @property
    def objective(self) -> int | None:
        """Objective of the best plan on it."""
        return None if self.exact.value is None else self.model.base + self.exact.value

    @property
    def bound(self) -> int | None:
        """Proven bound on the objective; None where no plan exists."""
        return None if self.exact.proven is None else self.model.base + self.exact.proven

    @property
    def distance(self) -> int:
        """How far bound and objective are apart."""
        if self.exact.is_finished or self.bound is None:
            return 0
        if self.objective is None:
            return int(np.abs(self.model.weights).sum()) + 1
        return self.bound - self.objective

    def exchange(self) -> None:
        """Let the exact search and the walker learn from each other."""
        if self.walker is None:
            return
        if self.walker.best is not None:
            self.exact.offer(self.walker.best)
        if self.exact.incumbent is not None:
            self.walker.offer(self.exact.incumbent)
        self.walker.advice = self.exact.advice


def solve(
    problem: Problem,
    limits: Limits | None = None,
    *,
    seed: int = 0,
    start: Plan | None = None,
    certify: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Result:
    """Find a good plan and prove how good any plan could be.

    Parameters
    ----------
    problem
        What to divide.
    limits
        When to stop; 60 s by default.
    seed
        Seed of every random choice. Runs that no clock ends are identical for one seed.
    start
        A plan to improve on; ignored where it breaks a constraint.
    certify
        Whether to state the proof of the bound as a certificate; where the plan is optimal, it is
        stated in any case.
    on_progress
        Called several times a second, from the calling thread.
    should_stop
        Asked several times a second; once it says yes, the best plan so far is returned.

    Returns
    -------
    Result
        Its objective is recomputed from the plan and its constraints are checked by code that the
        search does not use.

    Raises
    ------
    ValueError
        When `start` does not have one entry a unit.
    AssertionError
        When the plan found breaks a constraint, which would be an internal error.

    Examples
    --------
    >>> path = Problem(gains=np.array([[0, 5], [3, 0], [0, 4]]), edges=np.array([[0, 1], [1, 2]]))
    >>> result = solve(path)
    >>> result.status.value, result.objective, result.bound, result.plan.assignment.tolist()
    ('OPTIMAL', 9, 9, [1, 1, 1])
    """
    if start is not None and start.n_units != problem.n_units:
        raise ValueError(f"start has {start.n_units} units, the problem has {problem.n_units}.")
    search = _Search(problem, limits or Limits(), seed, certify, on_progress, should_stop)
    if start is not None:
        search.offer(start.assignment)
    return search.run()


@dataclass(slots=True, eq=False)
class _Search:
    """One call of :func:`solve`."""

    problem: Problem
    limits: Limits
    seed: int
    certify: bool
    on_progress: Callable[[Progress], None] | None
    should_stop: Callable[[], bool] | None
    started: float = field(default_factory=time.perf_counter)
    reduction: Reduction | None = field(init=False)
    domains: list[Domain] = field(init=False)
    trace: list[TracePoint] = field(default_factory=list)
    status: Status | None = None
    halt: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.reduction = reduce(self.problem)
        if self.reduction is None:  # two units that must lie together are fixed apart
            self.domains, self.status = [], Status.INFEASIBLE
            return
        reduced = self.reduction.problem
        self.domains = [
            _domain(reduced.subproblem(members), members) for members in find_domains(reduced)
        ]

    def offer(self, assignment: npt.NDArray[np.int8]) -> None:
        """Start from a plan."""
        if self.reduction is None or broken_constraint(self.problem, assignment) is not None:
            return
        assignment = self.reduction.restrict(assignment)
        for domain in self.domains:
            domain.exact.offer(assignment[domain.members])

    def run(self) -> Result:
        """Search until a limit, the caller or a proof ends it."""
        with ThreadPoolExecutor(max_workers=2) as pool:
            try:
                n_rounds = 0
                while not self._is_over(n_rounds):
                    self._round(pool)
                    n_rounds += 1
            finally:
                self.halt.set()
        return self._result()

    def _round(self, pool: ThreadPoolExecutor) -> None:
        """Work on the domain where bound and objective are furthest apart."""
        domain = max(self.domains, key=lambda candidate: candidate.distance)
        if domain.walker is None and domain.model.n_units > 1:
            domain.walker = Walker(domain.model, self.seed)
            if domain.model.n_units > LARGEST_WHOLE:
                domain.windows = Windows(domain.walker)
            else:
                domain.refiner = Refiner(domain.model, self.seed)
            domain.exchange()
        domain.n_rounds += 1
        # Counted before the exact search goes on, so that a run is the same twice.
        n_runs = 1 + (domain.exact.n_rows // MANY_ROWS) ** 2
        tasks: set[Future[None]] = {pool.submit(self._prove, domain)}
        if domain.windows is not None:
            tasks.add(pool.submit(self._window, domain.windows, n_runs))
        elif domain.walker is not None and domain.refiner is not None:
            # Early advice disagrees everywhere: its neighbourhood is no smaller than the whole.
            turn = domain.n_rounds % N_TURNS if domain.exact.is_late else 1
            tasks.add(pool.submit(self._improve, domain.walker, domain.refiner, turn))
        while tasks:
            done, tasks = wait(tasks, timeout=POLL)
            for task in done:
                task.result()  # an error in a thread is an error of the search
            self._watch()
        domain.exchange()
        self._watch()

    def _prove(self, domain: Domain) -> None:
        exact = domain.exact
        n_steps = STEPS_PER_ROUND
        if exact.is_late:
            n_steps = max(LATE_STEPS_PER_ROUND, LATE_WORK // domain.model.n_units)
        if domain.windows is not None:
            n_steps = LATE_STEPS_PER_ROUND if exact.n_rows < 2 * MANY_ROWS else 1
        for _ in range(n_steps):
            if exact.is_finished or self.halt.is_set():
                return
            exact.step()

    def _improve(self, walker: Walker, refiner: Refiner, turn: int) -> None:
        """Look for better plans, in one way or another."""
        stop = self.halt.is_set
        if walker.best is None or walker.advice is None:
            self._walk(walker)
        elif turn == RELAXED_TURN:
            walker.offer(refiner.where_relaxed(walker.best, walker.advice, stop))
        elif turn == BALLS_TURN and refiner.has_balls:
            for _ in range(N_BALLS):
                walker.offer(refiner.in_a_ball(walker.best, stop))
        else:
            self._walk(walker)

    def _walk(self, walker: Walker) -> None:
        for _ in range(CHUNKS_PER_ROUND if walker.model.n_units > 30 else 1):
            if self.halt.is_set():
                return
            walker.run()

    def _window(self, windows: Windows, n_runs: int) -> None:
        for _ in range(n_runs):
            if self.halt.is_set():
                return
            windows.run(self.halt.is_set)

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.started

    def _totals(self) -> tuple[int | None, int | None]:
        """Objective and bound of the whole problem."""
        objectives = [domain.objective for domain in self.domains]
        bounds = [domain.bound for domain in self.domains]
        objective = None if None in objectives else sum(filter(None, objectives))
        bound = None if None in bounds else sum(filter(None, bounds))
        return objective, bound

    def _watch(self) -> None:
        """Record and report progress; see whether the clock or the caller ends the search."""
        objective, bound = self._totals()
        self._record(objective, bound)
        if self.on_progress is not None:
            searches = [domain.exact for domain in self.domains]
            n_rows, n_nodes = (
                sum(exact.n_rows for exact in searches),
                sum(exact.n_nodes for exact in searches),
            )
            self.on_progress(
                Progress(self.seconds, self._phase(), objective, bound, n_rows, n_nodes)
            )
        if self.halt.is_set():
            return
        if self.should_stop is not None and self.should_stop():
            self.status = Status.INTERRUPTED
        elif self.seconds >= self.limits.time_limit:
            self.status = Status.TIME_LIMIT
        if self.status is not None:
            self.halt.set()
            for domain in self.domains:
                domain.exact.halt()

    def _record(self, objective: int | None, bound: int | None) -> None:
        """Add a point to the trace where incumbent or bound changed."""
        if not self.trace or self.trace[-1][1:] != (objective, bound):
            self.trace.append(TracePoint(round(self.seconds, 3), objective, bound))

    def _phase(self) -> str:
        is_branching = any(domain.exact.is_branching for domain in self.domains)
        phase = "branching" if is_branching else "bounding"
        return f"{phase}, window {self._n_windows():,}" if self._n_windows() else phase

    def _n_windows(self) -> int:
        """Count the windows searched, where a domain is too large to walk at once."""
        return sum(domain.windows.n_windows for domain in self.domains if domain.windows)

    def _is_over(self, n_rounds: int) -> bool:
        """Whether the search ends before the next round, and why."""
        if self.status is Status.INFEASIBLE:
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
        assert self.status is not None
        objective, bound = self._totals() if self.domains else (None, None)
        plan = None
        if objective is not None and self.reduction is not None:
            assignment = np.zeros(self.reduction.problem.n_units, np.int8)
            for domain in self.domains:
                incumbent = domain.exact.incumbent
                assert incumbent is not None
                assignment[domain.members] = incumbent
            assignment = self.reduction.expand(assignment)
            broken = broken_constraint(self.problem, assignment)
            assert broken is None, f"the search returned a plan in which {broken}"
            plan, objective = Plan(assignment), self.problem.objective(assignment)
            assert bound is None or objective <= bound, "the bound lies below a plan"
        elif self.status is Status.TIME_LIMIT:
            self.status = Status.UNKNOWN
        if self.status is Status.INFEASIBLE:
            bound = None
        self._record(objective, bound)
        proof = None
        is_wanted = self.certify or self.status is Status.OPTIMAL
        if is_wanted and objective is not None and bound is not None:
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
        )


def _domain(problem: Problem, members: npt.NDArray[np.intp]) -> Domain:
    model = Model(problem)
    exact = BranchAndCut(model)
    # Where nothing ties the units together, each joins where it gains.
    best = np.where(model.fixed == FREE, model.weights > 0, model.fixed)
    exact.offer(best.astype(np.int8))
    return Domain(members, model, exact)
