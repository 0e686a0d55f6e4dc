"""Improve a plan by the exact search itself, on a part of the problem that it can take on."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from solvers.errors import InternalError
from solvers.exact.branch_and_cut import BranchAndCut
from solvers.model import Model
from solvers.primal.neighbourhood import Balls, neighbourhood


@dataclass(slots=True, eq=False)
class Refiner:
    """Searches the neighbourhoods of a model's best plan exactly; deterministic for a seed.

    Parameters
    ----------
    model
        What to divide; its stop ends a search, which then returns the best plan known.
    seed
        Seed of the balls' places.

    Attributes
    ----------
    size
        Units of the next ball.
    effort
        What the searches have taken so far (:mod:`solvers.effort`).
    """

    model: Model
    seed: int
    effort: float = 0.0
    size: float = field(init=False)
    _balls: Balls = field(init=False)

    def __post_init__(self) -> None:
        self.size = float(self.model.params.refine.first)
        self._balls = Balls(self.model, np.random.default_rng(self.seed))

    @property
    def has_balls(self) -> bool:
        """Whether the model is larger than the largest ball."""
        return self.model.n_units > self.model.params.refine.largest

    def where_relaxed(
        self,
        plan: npt.NDArray[np.int8],
        advice: npt.NDArray[np.float64],
    ) -> npt.NDArray[np.int8]:
        """Search the plans that differ from `plan` only where the relaxation disagrees with it.

        A large-neighbourhood search in the spirit of relaxation induced neighbourhoods [1]_.

        Parameters
        ----------
        plan
            A plan, shape ``(n_units,)``.
        advice
            A solution of the relaxation, shape ``(n_units,)``.

        Returns
        -------
        numpy.ndarray
            A plan at least as good, shape ``(n_units,)``.

        References
        ----------
        .. [1] E. Danna, E. Rothberg, C. Le Pape, "Exploring relaxation induced neighborhoods to
           improve MIP solutions", Mathematical Programming 102 (2005) 71-90,
           doi:10.1007/s10107-004-0518-7
        """
        better, _ = self._search(
            plan, np.abs(advice - plan) > self.model.params.refine.disagreement
        )
        return better

    def in_a_ball(self, plan: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
        """Search the plans that differ from `plan` only in a ball around a place of its frontier.

        Parameters and result are those of :meth:`where_relaxed`.
        """
        is_free = np.zeros(self.model.n_units, np.bool_)
        is_free[self._balls.draw(plan, int(self.size))] = True
        better, is_finished = self._search(plan, is_free)
        params = self.model.params.refine
        size = self.size * (params.growth if is_finished else params.shrinkage)
        self.size = min(max(size, params.smallest), params.largest)
        return better

    def _search(
        self,
        plan: npt.NDArray[np.int8],
        is_free: npt.NDArray[np.bool_],
    ) -> tuple[npt.NDArray[np.int8], bool]:
        """Search a neighbourhood; return its best plan and whether there is no better one."""
        around = neighbourhood(self.model.problem, plan, is_free)
        stop = self.model.stop
        search = BranchAndCut(self.model.smaller(around.problem))
        search.offer(around.restrict(plan))
        params = self.model.params.refine
        for _ in range(params.n_steps):
            if search.is_finished or search.effort >= params.most_effort or stop.is_set():
                break
            search.step()
        self.effort += search.effort
        if search.incumbent is None:
            raise InternalError(
                f"A plan worth {self.model.value(plan)} is refused in its own neighbourhood, whose "
                f"bound is {search.bound}."
            )
        return around.expand(search.incumbent), search.is_finished
