"""Search a large problem region by region: the walker in one window of it after another.

An iteration of the walker costs as much as the problem is large, and a cycle must visit every
region many times. A window keeps what lies outside it as it is, so that what touches there becomes
one unit: walking in it costs as much as the window is large, and a plan that is better in it is
better as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from solvers.effort import of_choice
from solvers.errors import InternalError
from solvers.primal.neighbourhood import Balls, neighbourhood
from solvers.primal.spans import SpanWalker, walker_of
from solvers.primal.walker import Walker
from solvers.problem import FREE
from solvers.reduction import Reduction


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

    def run(self) -> None:
        """Search some windows, where the frontier was visited least before elsewhere."""
        model = self.whole.model
        params = model.params.windows
        if self.whole.best is None or not np.any(model.fixed == FREE):
            # No plan yet: only the whole can say what is missing from which budget.
            before = self.whole.effort
            self.whole.run()
            self.effort += self.whole.effort - before
        elif model.n_units > 2 * params.region and not self.is_region:
            around, walker = self._inside(self.whole.best, params.region)
            region = Windows(walker, is_region=True)
            region.run()
            self.n_windows += region.n_windows
            self.effort += region.effort + of_choice(model.n_units)
            self._take(around, walker)
        else:
            for _ in range(params.n_windows):
                if model.stop.is_set():
                    return
                around, walker = self._inside(self.whole.best, params.size)
                for _ in range(params.n_cycle // model.params.walk.n_chunk):
                    if model.stop.is_set():
                        return
                    walker.run()
                self.n_windows += 1
                self.effort += walker.effort + of_choice(model.n_units)
                self._take(around, walker)

    def _inside(
        self, best: npt.NDArray[np.int8], size: int
    ) -> tuple[Reduction, Walker | SpanWalker]:
        """Let the units of one ball change sides, and nothing else."""
        model = self.whole.model
        is_inside = np.zeros(model.n_units, np.bool_)
        is_inside[self._balls.draw(best, size)] = True
        around = neighbourhood(model.problem, best, is_inside)
        walker = walker_of(
            model.smaller(around.problem),
            int(self._balls.random.integers(2**31)),
            start=around.restrict(best),
            n_cycle=model.params.windows.n_cycle,
        )
        if self.whole.advice is not None:
            walker.advice = np.empty(around.problem.n_units)
            walker.advice[around.block] = self.whole.advice
        return around, walker

    def _take(self, around: Reduction, walker: Walker | SpanWalker) -> None:
        if walker.best is None:
            raise InternalError(
                f"The best plan, worth {self.whole.model.value(self.whole.best)}, is refused in a "
                f"window of {around.problem.n_units} units around it."
                if self.whole.best is not None
                else "A window was searched without any plan."
            )
        self.whole.offer(around.expand(walker.best))
