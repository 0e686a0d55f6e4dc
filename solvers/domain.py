"""The search on units that do not depend on the rest: one landmass as a rule.

It goes in rounds. In a round the exact search steps and the walker walks, side by side, until each
has done its share; then they exchange what they found. Shares are counted as effort
(:mod:`solvers.effort`) and not by the clock, so a run that no clock cuts short is the same on every
machine, and neither side waits long for the other.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from solvers.effort import of_walk
from solvers.exact.branch_and_cut import BranchAndCut
from solvers.knowledge import Knowledge
from solvers.model import Model
from solvers.params import SearchParams, Turn
from solvers.primal.refine import Refiner
from solvers.primal.spans import SpanWalker, walker_of
from solvers.primal.walker import Walker
from solvers.primal.windows import Windows
from solvers.problem import FREE, Problem
from solvers.rows.circuits import find_circuit
from solvers.stop import Halted, Stop
from solvers.workers.calls import Workers
from solvers.workers.lent_windows import LentWindows
from solvers.workers.supervisor import Supervisor


@dataclass(slots=True, eq=False)
class Domain:
    """The searches for bounds and for plans on some units, and what they know.

    Parameters
    ----------
    members
        Units of the reduced problem that belong to it.
    model
        The problem of these units alone.
    exact
        Search for bounds: it proves, and holds the best plan.
    walker
        Search for plans by walking; None until the search begins, and where there is no choice.
    windows
        Search for plans window by window; only where the model is too large to walk at once.
    refiner
        Search for plans around the best one; only where it is not.
    n_rounds
        Rounds begun so far.
    n_taught
        Rows known before that hold here, whatever the roots.
    longest
        Effort of the longest step of the exact search in the latest round.
    workers
        Who shares the search; None where nobody does.
    supervisor
        Has workers go on with the exact search once it branches; None where there are none.
    lent
        Has them search regions before that, where there are windows.
    """

    members: npt.NDArray[np.intp]
    model: Model
    exact: BranchAndCut
    walker: Walker | SpanWalker | None = None
    windows: Windows | None = None
    refiner: Refiner | None = None
    n_rounds: int = 0
    n_taught: int = 0
    longest: float = 0.0
    workers: Workers | None = None
    supervisor: Supervisor | None = None
    lent: LentWindows | None = None
    is_settled: bool = False
    """Whether no better plan is left; any thread may ask, unlike `exact.is_finished`."""

    @classmethod
    def of(
        cls,
        problem: Problem,
        members: npt.NDArray[np.intp],
        stop: Stop,
        params: SearchParams,
        knowledge: Knowledge | None = None,
        workers: Workers | None = None,
    ) -> Self:
        """Open the search on some units of a problem, with what is known of their graph."""
        model = Model(problem.subproblem(members), stop, params)
        known = [] if knowledge is None else knowledge.rows(model)
        basis, tree = (
            (None, None) if knowledge is None else (knowledge.basis(model), knowledge.tree(model))
        )
        exact = BranchAndCut(model, known=known, basis=basis, tree=tree)
        # Where nothing ties the units together, each joins where it gains.
        best = np.where(model.fixed == FREE, model.weights > 0, model.fixed)
        exact.offer(model.problem.tight(best.astype(np.int8)))
        supervisor = None if workers is None else Supervisor(exact, workers)
        return cls(
            members, model, exact, n_taught=len(known), workers=workers, supervisor=supervisor
        )

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

    @property
    def n_windows(self) -> int:
        """Number of windows searched, where the domain is too large to walk at once."""
        return self.windows.n_windows if self.windows else 0

    @property
    def share(self) -> float:
        """Effort of either search in a round, at least."""
        n_walked = min(self.model.n_units, self.model.params.windows.largest_whole)
        return of_walk(self.model.params.rounds.n_iterations, n_walked)

    @property
    def is_taught(self) -> bool:
        """Whether rows known before prove something within seconds.

        Not where no unit gains anything: there the bound of a circuit comes before the first step.
        """
        model = self.model
        is_walked_whole = model.n_units <= model.params.windows.largest_whole
        return self.n_taught > 0 and is_walked_whole and bool(model.weights.any())

    def recall(self) -> None:
        """See what rows known before prove of a plan known before; often no more is asked for."""
        self._prove()
        self.longest = 0.0  # no walk need make up for it

    def begin(self, seed: int) -> None:
        """Begin the search for plans, where there is any choice, unless it has begun."""
        if self.walker is not None or self.model.n_units == 1:
            return
        # Where no unit gains anything the wish of the units says nothing, and a plan does.
        start = None if self.model.weights.any() else self.exact.incumbent
        self.walker = walker_of(self.model, seed, start=start)
        if self.model.n_units > self.model.params.windows.largest_whole:
            self.windows = Windows(self.walker)
            if self.workers is not None:
                self.lent = LentWindows(self.windows, self.workers)
        else:
            self.refiner = Refiner(self.model, seed)
        self.exchange()
        self._circle()

    def _circle(self) -> None:
        """Look for the cheapest frontier, where that is all that counts, and for what it proves."""
        model, exact = self.model, self.exact
        if model.weights.any() or model.n_units > model.params.cuts.most_circled:
            return
        most = int(model.costs.sum()) if exact.value is None else -exact.value
        with suppress(Halted):
            found = find_circuit(model, most)
            if found is not None:
                row, plans = found
                for plan in plans:
                    exact.offer(plan)
                exact.bound_by(row)
                self.exchange()

    def tasks(self) -> list[Callable[[], None]]:
        """List what to do in the next round, side by side."""
        self.n_rounds += 1
        walker, windows, refiner = self.walker, self.windows, self.refiner
        params = self.model.params.rounds
        tasks: list[Callable[[], None]] = [self._prove]
        # Known before the exact search goes on, so that a run is the same twice.
        effort = max(self.share, self.longest)
        if self.lent is not None and not self.exact.is_branching:
            lent = self.lent  # from then on the workers have cases to work on
            tasks.append(lambda: lent.run(effort))
        elif windows is not None:
            tasks.append(lambda: self._window(windows, effort))
        elif walker is not None and refiner is not None:
            # Early advice disagrees everywhere: its neighbourhood is no smaller than the whole.
            turns = params.turns if self.exact.is_late else ("walk",)
            turn = turns[self.n_rounds % len(turns)]
            tasks.append(lambda: self._improve(walker, refiner, turn, effort))
        return tasks

    def finish(self) -> None:
        """End what workers are at, once no round follows."""
        if self.supervisor is not None:
            self.supervisor.finish()
        if self.lent is not None:
            self.lent.finish()
            self.exchange()

    def exchange(self) -> None:
        """Let the exact search and the walker learn from each other."""
        if self.walker is None:
            return
        if self.walker.best is not None:
            self.exact.offer(self.walker.best)
        if self.exact.incumbent is not None:
            self.walker.offer(self.exact.incumbent)
        self.walker.advice = self.exact.advice

    def _prove(self) -> None:
        exact, self.longest = self.exact, 0.0
        begun = exact.effort
        if self.supervisor is not None and exact.is_branching:
            self.supervisor.run(self.share)
        else:
            while exact.effort - begun < self.share:
                if exact.is_finished or self.model.stop.is_set():
                    break
                before = exact.effort
                exact.step()
                self.longest = max(self.longest, exact.effort - before)
        self.is_settled = exact.is_finished

    def _improve(
        self, walker: Walker | SpanWalker, refiner: Refiner, turn: Turn, effort: float
    ) -> None:
        """Look for better plans in one way or another, and walk for what is left of the round."""
        # Here and not between rounds, where nobody would look at the clock meanwhile.
        walker.follow()
        begun = walker.effort + refiner.effort
        if walker.best is not None and walker.advice is not None:
            if turn == "relaxed":
                walker.offer(refiner.where_relaxed(walker.best, walker.advice))
            elif turn == "balls" and refiner.has_balls:
                for _ in range(self.model.params.rounds.n_balls):
                    walker.offer(refiner.in_a_ball(walker.best))
        while walker.effort + refiner.effort - begun < effort and not self._is_over:
            walker.run()

    @property
    def _is_over(self) -> bool:
        """Whether looking for plans is of no use any more: there is no time, or no better plan."""
        return self.is_settled or self.model.stop.is_set()

    def _window(self, windows: Windows, effort: float) -> None:
        # The plan next to the advice has been of no use on so many units.
        begun = windows.effort
        while windows.effort - begun < effort and not self._is_over:
            windows.run()
