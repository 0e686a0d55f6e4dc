"""The primal side of a search: annealed ruin and recreate in cycles, guided by the relaxation."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from solvers.model import Model
from solvers.problem import FREE
from solvers.ruin_recreate import repair, walk

N_CYCLE = 6000
"""Iterations from hot to cold."""
N_CHUNK = 150
"""Iterations of one compiled call; the caller can stop between two."""
HOT, COLD = 5e-4, 1e-5
"""Temperatures, as shares of the sum of absolute weights."""
LARGEST_BALL = 120
"""Most units freed at once."""
TRUST = 1.5e-3
"""How much the relaxation's opinion weighs, as a share of the sum of absolute weights."""


@dataclass(slots=True, eq=False)
class Walker:
    """Looks for plans of one model; deterministic for a seed and the advice it is given.

    Parameters
    ----------
    model
        What to divide.
    seed
        Seed of every random choice.
    """

    model: Model
    seed: int
    best: npt.NDArray[np.int8] | None = None
    advice: npt.NDArray[np.float64] | None = None
    _current: npt.NDArray[np.int8] = field(init=False)
    _weights: npt.NDArray[np.int64] = field(init=False)
    _scale: float = field(init=False)
    _n_walked: int = 0

    def __post_init__(self) -> None:
        fixed = self.model.fixed
        self._scale = float(np.abs(self.model.weights).sum()) + 1.0
        # A fixed unit is one that loses more than everything when it changes sides; where many are
        # fixed and the weights are huge, as much as 64-bit sums leave room for.
        loss = min(int(2 * self._scale), 2**61 // max(1, int((fixed != FREE).sum())))
        pull = np.where(fixed == FREE, 0, 2 * fixed.astype(np.int64) - 1)
        self._weights = np.where(fixed == FREE, self.model.weights, pull * loss)
        self._current = self.rebuild((self._weights > 0).astype(np.int8))
        self.offer(self._current)

    def rebuild(self, wish: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
        """Turn any assignment into one whose parts are connected, shape ``(n_units,)``."""
        plan = wish.copy()
        graph = self.model.graph
        repair(
            graph.start,
            graph.neighbours,
            self._weights,
            np.ones(self.model.n_units),
            np.array(self.model.is_contiguous),
            plan,
            1,
            False,
        )
        return plan

    def offer(self, plan: npt.NDArray[np.int8]) -> bool:
        """Take over a plan where it is feasible and better than the best."""
        if self.best is not None and self.model.value(plan) <= self.model.value(self.best):
            return False
        if not self.model.is_plan(plan):
            return False
        self.best = plan.copy()
        return True

    def run(self) -> None:
        """Walk one chunk further."""
        position = self._n_walked % N_CYCLE
        if position == 0 and self._n_walked:
            self._restart()
        bias = np.zeros(self.model.n_units)
        if self.advice is not None:
            bias = (self.advice - 0.5) * (TRUST * self._scale)
        cooling = COLD / HOT
        found = self._current.copy()
        walk(
            self.model.graph.start,
            self.model.graph.neighbours,
            self._weights,
            bias,
            np.array(self.model.is_contiguous),
            self._current,
            found,
            (self.seed * 1_000_003 + self._n_walked) % 2**32,
            N_CHUNK,
            self._scale * HOT * cooling ** (position / N_CYCLE),
            self._scale * HOT * cooling ** ((position + N_CHUNK) / N_CYCLE),
            LARGEST_BALL,
        )
        self._n_walked += N_CHUNK
        self.offer(found)

    def _restart(self) -> None:
        """Start the next cycle from the relaxation's wish, or from the best plan, in turn."""
        if self.advice is not None and (self._n_walked // N_CYCLE) % 2:
            self._current = self.rebuild((self.advice > 0.5).astype(np.int8))
            self.offer(self._current)
        elif self.best is not None:
            self._current = self.best.copy()
