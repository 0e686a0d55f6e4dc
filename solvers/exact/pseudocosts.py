"""What splits on each unit have brought so far, to choose the next unit by."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from solvers.params import TreeParams


@dataclass(slots=True, eq=False)
class PseudoCosts:
    """Average drop of the bound for each unit and side, per distance that the value had to move.

    A unit never tried is taken for an average one of its size: drops grow about with the square
    root of the weight.

    Parameters
    ----------
    weights
        Weight of each unit, shape ``(n_units,)``.
    n_reliable
        Trials of both sides after which a unit's average is trusted [1]_.

    References
    ----------
    .. [1] T. Achterberg, T. Koch, A. Martin, "Branching rules revisited", Operations Research
       Letters 33 (2005) 42-54, doi:10.1016/j.orl.2004.04.002
    """

    weights: npt.NDArray[np.int64]
    n_reliable: int = TreeParams().n_reliable
    _size: npt.NDArray[np.float64] = field(init=False)
    _sums: npt.NDArray[np.float64] = field(init=False)
    _counts: npt.NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self._size = np.sqrt(1.0 + np.abs(self.weights))
        self._sums = np.zeros((len(self.weights), 2))
        self._counts = np.zeros((len(self.weights), 2), np.int64)

    def learn(self, unit: int, side: int, drop: float, distance: float) -> None:
        """Add what fixing a unit to a side, `distance` away, has brought."""
        self._sums[unit, side] += drop / max(distance, 0.05)
        self._counts[unit, side] += 1

    def is_reliable(self, unit: int) -> bool:
        """Whether the averages of a unit can do without a trial."""
        return bool(self._counts[unit].min() >= self.n_reliable)

    def scores(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Expect the product of both drops for each unit, shape ``(n_units,)``; 0 where whole."""
        tried = self._counts > 0
        typical = 1.0
        if tried.any():
            sizes = np.broadcast_to(self._size[:, None], self._counts.shape)
            typical = float(self._sums.sum() / (sizes * self._counts).sum())
        unknown = np.broadcast_to(typical * self._size[:, None], self._sums.shape)
        rates = np.divide(self._sums, self._counts, out=unknown.copy(), where=tried)
        distances = np.stack([values, 1.0 - values], axis=1)
        product: npt.NDArray[np.float64] = np.prod(np.maximum(rates * distances, 1e-6), axis=1)
        return np.where(distances.min(axis=1) > 1e-9, product, 0.0)
