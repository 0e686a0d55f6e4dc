"""Which units all good plans put into the same part, and which they do not.

A plan is good when its objective reaches a threshold. For each unit and part there are three
answers: some good plan has the unit there, and was found; none has, and that is proven; or neither
is known. Good plans are sought by leading corridors from one part to units of the other. Proofs
come from the exact search, told of a plan just below the threshold that does not exist: whatever it
fixes or excludes then, no good plan has. It must do without the rows that hold for optimal plans
only, and it must not stop at the best plan.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from solvers.contiguity import broken_constraint
from solvers.contrasts import contrasting
from solvers.errors import InternalError
from solvers.exact.branch_and_cut import BranchAndCut
from solvers.exact.plans import EveryPlan
from solvers.graphs.paths import UNREACHED, cheapest_ways
from solvers.knowledge import Knowledge
from solvers.loops import compile_loops
from solvers.model import Model
from solvers.params import DEFAULT, SearchParams
from solvers.problem import FREE, Problem
from solvers.reduction import Reduction, find_domains, reduce
from solvers.stop import Halted, Stop

POLL = 0.1
"""Seconds between two looks at the clock and at the caller's wish to stop."""

Assignment = npt.NDArray[np.int8]
Sides = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """What is known of each unit among all good plans.

    Parameters
    ----------
    threshold
        Least objective of a good plan.
    is_found
        Whether a good plan was found that has the unit in part 0, and in part 1, shape
        ``(n_units, 2)``.
    is_excluded
        Whether it is proven that no good plan has, same shape.
    n_plans
        Good plans found that divide the units in different ways.
    share_of_1
        Share of these that have the unit in part 1, shape ``(n_units,)``.
    runtime
        Wall-clock seconds.
    plans
        Some of the good plans found: the best one, and those that show the most important units in
        a part in which those before do not have them, shape ``(n_kept, n_units)``.
    """

    threshold: int
    is_found: Sides
    is_excluded: Sides
    n_plans: int
    share_of_1: npt.NDArray[np.float64]
    runtime: float
    plans: npt.NDArray[np.int8]


@dataclass(slots=True, eq=False)
class _Census:
    """The exact search for all plans from a threshold on, of which none ends it."""

    plans: EveryPlan
    exact: BranchAndCut

    @classmethod
    def of(
        cls,
        model: Model,
        threshold: int,
        witness: Callable[[Assignment], bool],
        knowledge: Knowledge | None,
    ) -> Self:
        """Begin the search, with what is known of the graph."""
        plans = EveryPlan(threshold, model.n_units, witness)
        if knowledge is None:
            return cls(plans, BranchAndCut(model, plans))
        return cls(plans, BranchAndCut(model, plans, knowledge.rows(model), knowledge.basis(model)))

    def possible(self) -> Sides:
        """Whether any case not closed by proof leaves each unit to part 0, and to part 1."""
        sides = self.plans.sides.copy()
        for node in self.exact.open_cases():
            sides[:, 0] |= node.lower == 0
            sides[:, 1] |= node.upper == 1
        return sides


@dataclass(slots=True, eq=False)
class _Domain:
    """Units that do not depend on the rest, and what is known of them."""

    members: npt.NDArray[np.intp]
    model: Model
    best: Assignment
    """Part of the best plan known."""
    census: _Census | None = None

    @property
    def value(self) -> int:
        return self.model.value(self.best)

    @property
    def opened(self) -> _Census:
        if self.census is None:
            raise InternalError(f"No proof was begun for a domain of {len(self.members)} units.")
        return self.census


def survey(
    problem: Problem,
    plans: Sequence[Assignment],
    bound: int,
    threshold: int,
    *,
    knowledge: Knowledge | None = None,
    importance: npt.NDArray[np.int64] | None = None,
    n_units: int | None = None,
    time_limit: float = 60.0,
    should_stop: Callable[[], bool] | None = None,
    on_progress: Callable[[int, float], None] | None = None,
    params: SearchParams = DEFAULT,
) -> Survey:
    """Find out which units all good plans put into the same part.

    Parameters
    ----------
    problem
        What is divided.
    plans
        Known plans that meet its constraints, the best one among them, shape ``(n_units,)`` each.
    bound
        Proven: no plan has a larger objective.
    threshold
        Least objective of a good plan; the best of `plans` must reach it.
    knowledge
        What searches on this graph have learned: its rows are used where they hold for every plan,
        each checked here.
    importance
        By what units are weighed where plans are chosen that show what is contested, none below 0,
        shape ``(n_units,)``; all the same unless given.
    n_units
        How many rows, the first ones, make plans different, as the others follow from them; all
        unless given.
    time_limit
        Wall-clock seconds, without the compilation of the inner loops.
    should_stop
        Asked several times a second; True ends the survey with what is known by then.
    on_progress
        Told how many units are not decided yet, and the seconds since the start.
    params
        What tunes the survey.

    Returns
    -------
    Survey
        What is found and what is proven; a unit of which neither is known has neither set. Ends of
        spans, which follow from other units, may be left undecided.

    Raises
    ------
    ValueError
        When a plan breaks a constraint, or none of them is good.

    Examples
    --------
    >>> path = Problem(np.array([[0, 9], [0, 1], [9, 0]]), edges=np.array([[0, 1], [1, 2]]))
    >>> found = survey(path, [np.array([1, 1, 0], np.int8)], bound=19, threshold=18)
    >>> found.is_found.tolist()
    [[False, True], [True, True], [True, False]]
    >>> found.is_excluded.tolist()
    [[True, False], [False, False], [False, True]]
    """
    for number, plan in enumerate(plans):
        broken = broken_constraint(problem, plan)
        if broken is not None:
            raise ValueError(f"plans[{number}] is none: {broken}.")
    best = max(plans, key=problem.objective, default=None)
    if best is None or problem.objective(best) < threshold:
        raise ValueError(f"None of {len(plans)} plans reaches the threshold of {threshold}.")
    should_stop = should_stop or (lambda: False)
    compile_loops(should_stop)
    reduction = reduce(problem)
    if reduction is None:
        raise InternalError(
            f"A problem is called contradictory that has a plan worth {problem.objective(best)}."
        )
    search = _Search(problem, reduction, best, bound, threshold, params, knowledge)
    if importance is not None:
        search.importance = importance
    if n_units is not None:
        search.n_counted = n_units
    for plan in plans:
        search.note(plan)
    search.run(time_limit, should_stop, on_progress or (lambda _, __: None))
    return search.result()


class _Search:
    """One call of :func:`survey`."""

    def __init__(
        self,
        problem: Problem,
        reduction: Reduction,
        best: Assignment,
        bound: int,
        threshold: int,
        params: SearchParams,
        knowledge: Knowledge | None,
    ) -> None:
        self.params, self.knowledge = params, knowledge
        self.problem, self.reduction, self.threshold = problem, reduction, threshold
        self.started = time.monotonic()
        self.stop = Stop()
        self.best = best.astype(np.int8)
        self.found = np.zeros((problem.n_units, 2), np.bool_)
        self.excluded = np.zeros((problem.n_units, 2), np.bool_)
        self.is_asked = np.ones(problem.n_units, np.bool_)
        self.is_asked[problem.spans[:, 1:]] = False
        self.seen: dict[bytes, Assignment] = {}
        self.importance = np.ones(problem.n_units, np.int64)
        self.n_counted = problem.n_units
        small = reduction.problem
        start = reduction.restrict(self.best)
        self.room = problem.objective(best) - threshold
        self.slack = bound - problem.objective(best)
        self.domains = []
        for members in find_domains(small):
            # What a plain objective allows is said of its optimal plans only.
            model = Model(small.subproblem(members), self.stop, params, for_every_plan=True)
            self.domains.append(_Domain(members, model, start[members]))

    def note(self, plan: Assignment) -> bool:
        """Keep a plan that is good; says whether it is."""
        worth = self.problem.objective(plan)
        if worth < self.threshold:
            return False
        key = plan[: self.n_counted].astype(np.int8).tobytes()
        before = self.seen.get(key)
        if before is None or self.problem.objective(before) < worth:
            self.seen[key] = plan.astype(np.int8)
        self.found[np.arange(len(plan)), plan] = True
        return True

    def whole(self, domain: _Domain, part: Assignment) -> Assignment:
        """Complete a plan of a domain by the best one elsewhere."""
        small = self.reduction.restrict(self.best)
        small[domain.members] = part
        return self.reduction.expand(small)

    def run(
        self,
        time_limit: float,
        should_stop: Callable[[], bool],
        on_progress: Callable[[int, float], None],
    ) -> None:
        """Seek plans, then proofs, until all is decided or the time is up."""
        if should_stop():  # perhaps before a loop was compiled
            return
        with ThreadPoolExecutor(max_workers=1) as pool:
            try:
                work = pool.submit(self._work)
                while not work.done():
                    wait([work], timeout=POLL)
                    seconds = time.monotonic() - self.started
                    on_progress(self.n_open, seconds)
                    if seconds >= time_limit or should_stop():
                        self.stop.set()
            finally:
                self.stop.set()
            work.result()

    def _work(self) -> None:
        with suppress(Halted):  # what is known by then stands
            self._seek()

    def _seek(self) -> None:
        for domain in self.domains:
            self._lead_corridors(domain)
        largest = max(self.domains, key=lambda one: one.model.n_units)
        slacks = [self.slack if one is largest else self._slack(one) for one in self.domains]
        for domain, slack in zip(self.domains, slacks, strict=True):
            # The others gain no more than each of them may, nor than the whole may.
            self._start_census(domain, min(self.slack, sum(slacks) - slack))
        while self.n_open and not self.stop.is_set():
            open_domains = [one for one in self.domains if self._undecided(one)]
            for domain in open_domains:
                for _ in range(self.params.survey.n_steps):
                    domain.opened.exact.step()
                    self.stop.check()
                self._exclude(domain)

    @property
    def n_open(self) -> int:
        """Units of which nothing is known for one of the parts."""
        return int(self._is_open().sum())

    def _is_open(self) -> npt.NDArray[np.bool_]:
        """Mark the units of which nothing is known for a part; ends of spans follow from others."""
        is_open: npt.NDArray[np.bool_] = ~(self.found | self.excluded).all(axis=1) & self.is_asked
        return is_open

    def result(self) -> Survey:
        """State what is known."""
        seen = list(self.seen.values())
        plans = np.array(seen)
        best = max([self.best, *seen], key=self.problem.objective)  # a better one may be found
        return Survey(
            self.threshold,
            self.found,
            self.excluded,
            len(plans),
            plans.mean(axis=0),
            time.monotonic() - self.started,
            contrasting(seen, best, self.importance, self.params.survey.most_kept),
        )

    def _slack(self, domain: _Domain) -> int:
        """Bound by how much any plan of a small domain is better than the best one known."""
        exact = BranchAndCut(domain.model)
        exact.offer(domain.best)
        for _ in range(self.params.survey.most_steps):
            if exact.is_finished:
                break
            exact.step()
            self.stop.check()
        bound = exact.bound
        if bound is None:
            raise InternalError(
                f"A domain with a plan worth {domain.value} is proven to have no plan."
            )
        return min(self.slack, bound - domain.value)

    def _start_census(self, domain: _Domain, others: int) -> None:
        """Begin the search for what no good plan has in a domain; the others may gain `others`."""
        domain.census = _Census.of(
            domain.model,
            domain.value - self.room - others,
            lambda part: self._try(domain, part),
            self.knowledge,
        )
        self._exclude(domain)

    def _exclude(self, domain: _Domain) -> None:
        possible = np.ones((self.reduction.problem.n_units, 2), np.bool_)
        possible[domain.members] = domain.opened.possible()
        self.excluded |= ~possible[self.reduction.block] & ~self.found

    def _undecided(self, domain: _Domain) -> bool:
        rows = np.isin(self.reduction.block, domain.members)
        return bool(self._is_open()[rows].any())

    def _try(self, domain: _Domain, part: Assignment) -> bool:
        """Note a plan of a domain where it is one."""
        model = domain.model
        both = (part, model.problem.tight(part))
        good = [model.is_plan(one) and self.note(self.whole(domain, one)) for one in both]
        return any(good)

    def _lead_corridors(self, domain: _Domain) -> None:
        """Give each unit to its other part, with the cheapest way that connects it."""
        model, best = domain.model, domain.best
        row_of = {block: row for row, block in enumerate(self.reduction.block.tolist())}
        for side in (0, 1):
            losses = np.maximum(0, model.weights if side == 0 else -model.weights)
            costs = np.where(best == side, 0, losses).astype(np.int64)
            sources = np.flatnonzero(best == side).astype(np.int64)
            if model.pieces[side] == 0 or not len(sources):
                reach = losses
            else:
                reach = cheapest_ways(model.graph.start, model.graph.neighbours, costs, sources)
            for unit in np.argsort(reach, kind="stable").tolist():
                row = row_of[int(domain.members[unit])]
                is_known = self.found[row, side] or not self.is_asked[row]
                if best[unit] == side or is_known or model.fixed[unit] != FREE:
                    continue
                self.stop.check()
                if reach[unit] == UNREACHED:
                    break
                corridor = _corridor(model, costs, reach, unit, bool(model.pieces[side]))
                self._try(domain, _mended(model, best, corridor, side))


def _corridor(
    model: Model,
    costs: npt.NDArray[np.int64],
    reach: npt.NDArray[np.int64],
    unit: int,
    has_way: bool,
) -> list[int]:
    """List the units on the cheapest way to a unit, itself first."""
    way = [unit]
    while has_way and reach[way[-1]] > costs[way[-1]]:
        before = reach[way[-1]] - costs[way[-1]]
        near = [int(one) for one in model.graph.of(way[-1]) if reach[one] == before]
        ahead = [one for one in near if one not in way]
        if not ahead:
            break
        way.append(ahead[0])
    return way


def _mended(model: Model, best: Assignment, corridor: list[int], side: int) -> Assignment:
    """Change the side of a corridor, and of what it cuts off from the rest of the other part."""
    plan = best.copy()
    plan[corridor] = side
    if model.pieces[1 - side] != 1:
        return plan
    labels = model.graph.label(plan)
    landmass = model.landmass[corridor[0]]
    there = (plan == 1 - side) & (model.landmass == landmass)
    pieces, sizes = np.unique(labels[there], return_counts=True)
    for piece in pieces[np.argsort(sizes, kind="stable")][:-1]:
        plan[labels == piece] = side
    return plan
