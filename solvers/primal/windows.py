"""Search a large problem region by region: the walker in one window of it after another.

An iteration of the walker costs as much as the problem is large, and a cycle must visit every
region many times. A window keeps what lies outside it as it is, so that what touches there becomes
one unit: walking in it costs as much as the window is large, and a plan that is better in it is
better as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.effort import of_choice
from solvers.errors import InternalError
from solvers.model import Model
from solvers.primal.neighbourhood import Balls, neighbourhood
from solvers.primal.spans import SpanWalker, walker_of
from solvers.primal.walker import Walker
from solvers.problem import FREE, Problem
from solvers.reduction import Reduction

Plan = npt.NDArray[np.int8]


class Window(NamedTuple):
    """A smaller problem in which to look for a better plan, and where to begin.

    Parameters
    ----------
    problem
        What may change, and what lies around it as it is.
    start
        The plan to begin with, shape ``(n_units,)`` of the problem.
    advice
        Solution of the relaxation, of the same shape, or None.
    seed
        Seed of every random choice.
    """

    problem: Problem
    start: Plan
    advice: npt.NDArray[np.float64] | None
    seed: int

    def walker(self, model: Model) -> Walker | SpanWalker:
        """Begin to walk in it, in a model of its problem."""
        n_cycle = model.params.windows.n_cycle
        walker = walker_of(model, self.seed, start=self.start, n_cycle=n_cycle)
        walker.advice = self.advice
        return walker


class Drawn(NamedTuple):
    """A window, and where it was drawn.

    Parameters
    ----------
    window
        What may change.
    plan
        The best plan when it was drawn, shape ``(n_units,)`` of the whole.
    around
        How the window's problem comes from the whole; None where it is the whole.
    """

    window: Window
    plan: Plan
    around: Reduction | None

    def whole(self, found: Plan) -> Plan:
        """Give the plan of the whole that a plan of the window stands for."""
        return found if self.around is None else self.around.expand(found)


@dataclass(slots=True, eq=False)
class Windows:
    """Improves the best plan of a large model; deterministic for a seed and the plans offered.

    Parameters
    ----------
    whole
        The walker of the whole model, which holds the best plan and the relaxation's advice. The
        stop of the model ends a run.
    is_region
        Whether the model is a region of a larger one already.

    Attributes
    ----------
    n_windows
        Windows searched so far.
    effort
        What they have taken (:mod:`solvers.effort`).
    """

    whole: Walker | SpanWalker
    is_region: bool = False
    n_windows: int = 0
    effort: float = 0.0
    _balls: Balls = field(init=False)

    def __post_init__(self) -> None:
        self._balls = Balls(self.whole.model, np.random.default_rng(self.whole.seed))

    @property
    def has_choice(self) -> bool:
        """Whether there is a plan, and a unit that may change sides."""
        return self.whole.best is not None and bool(np.any(self.whole.model.fixed == FREE))

    @property
    def _has_regions(self) -> bool:
        model = self.whole.model
        return model.n_units > 2 * model.params.windows.region and not self.is_region

    def run(self) -> None:
        """Search some windows, where the frontier was visited least before elsewhere."""
        model = self.whole.model
        params = model.params.windows
        if not self.has_choice:
            # No plan yet: only the whole can say what is missing from which budget.
            before = self.whole.effort
            self.whole.run()
            self.effort += self.whole.effort - before
        elif self._has_regions:
            drawn = self._draw(params.region)
            region = search_region(drawn.window, model.smaller(drawn.window.problem))
            self.take(drawn, region.found, region.n_windows, region.effort)
        else:
            for _ in range(params.n_windows):
                if model.stop.is_set():
                    return
                drawn = self._draw(params.size)
                walker = drawn.window.walker(model.smaller(drawn.window.problem))
                for _ in range(params.n_cycle // model.params.walk.n_chunk):
                    if model.stop.is_set():
                        return
                    walker.run()
                self.take(drawn, _best_of(walker), 1, walker.effort)

    def draw(self) -> Drawn:
        """Draw a region of a very large model, or take all of another one.

        To be called where there is a choice (:attr:`has_choice`).
        """
        if self._has_regions:
            return self._draw(self.whole.model.params.windows.region)
        whole, seed = self.whole, int(self._balls.random.integers(2**31))
        plan = _best_of(whole)
        return Drawn(Window(whole.model.problem, plan, whole.advice, seed), plan, None)

    def take(self, drawn: Drawn, found: Plan, n_windows: int, effort: float) -> None:
        """Take over what was found in a window, into the best plan as it is by now.

        Parameters
        ----------
        drawn
            The window.
        found
            The best plan of its problem.
        n_windows, effort
            Windows that were searched for it, and what they took.
        """
        plan = drawn.whole(found)
        if self.whole.best is not drawn.plan and self.whole.best is not None:
            plan = np.where(plan != drawn.plan, plan, self.whole.best)
            # Each of two changes may go by ways that the other cuts: what is left is mended.
            if isinstance(self.whole, Walker) and not self.whole.model.is_plan(plan):
                plan = self.whole.rebuild(plan)
        self.whole.offer(plan)
        self.n_windows += n_windows
        self.effort += effort + of_choice(self.whole.model.n_units)

    def _draw(self, size: int) -> Drawn:
        """Let the units of one ball change sides, and nothing else."""
        model, best = self.whole.model, _best_of(self.whole)
        is_inside = np.zeros(model.n_units, np.bool_)
        is_inside[self._balls.draw(best, size)] = True
        around = neighbourhood(model.problem, best, is_inside)
        seed, advice = int(self._balls.random.integers(2**31)), None
        if self.whole.advice is not None:
            advice = np.empty(around.problem.n_units)
            advice[around.block] = self.whole.advice
        window = Window(around.problem, around.restrict(best), advice, seed)
        return Drawn(window, best, around)


class Searched(NamedTuple):
    """What came of a region."""

    found: Plan
    n_windows: int
    effort: float


def search_region(window: Window, model: Model) -> Searched:
    """Search a window that is large itself, window by window, in a model of its problem."""
    walker = window.walker(model)
    region = Windows(walker, is_region=True)
    region.run()
    return Searched(_best_of(walker), region.n_windows, region.effort)


def _best_of(walker: Walker | SpanWalker) -> Plan:
    if walker.best is None:
        raise InternalError(f"A window of {walker.model.n_units} units refuses the best plan.")
    return walker.best
