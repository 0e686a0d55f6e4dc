"""The partition problem as integers: what the solvers see, and all they see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

FREE = -1
"""Marks, in :attr:`Problem.fixed`, a unit that may join either part."""

MAX_TOTAL_GAIN = 2**53
"""Largest sum of absolute gains: every partial sum stays exact in a float as well."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Divide the units of a graph into part 0 and part 1 so that the total gain is largest.

    Within every landmass (a connected component of the graph) each part may be limited to one
    connected piece. An empty part is allowed: it has no piece at all.

    Parameters
    ----------
    gains
        What unit *i* adds to the objective in part 0 and in part 1, whole numbers (votes, say),
        shape ``(n_units, 2)``.
    edges
        Pairs of adjacent units, each pair once, shape ``(n_edges, 2)``.
    fixed
        Part that a unit must join, or :data:`FREE`; shape ``(n_units,)``. All free by default.
    is_contiguous
        Whether part 0, and whether part 1, must be connected within every landmass.

    Raises
    ------
    ValueError
        When the arrays do not describe one graph, with the offending values.

    Examples
    --------
    >>> gains = np.array([[0, 5], [3, 1], [0, 4]])
    >>> problem = Problem(gains, edges=np.array([[0, 1], [1, 2]]))
    >>> problem.n_units, problem.weights.tolist()
    (3, [5, -2, 4])
    """

    gains: npt.NDArray[np.int64]
    edges: npt.NDArray[np.int32]
    fixed: npt.NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))
    is_contiguous: tuple[bool, bool] = (True, True)

    def __post_init__(self) -> None:
        gains = _whole(self.gains, "gains", np.int64)
        if gains.ndim != 2 or gains.shape[1] != 2 or not len(gains):
            raise ValueError(
                f"gains has shape {gains.shape}, expected (n_units, 2) with at least one unit."
            )
        n_units = len(gains)
        total = sum(abs(int(gain)) for gain in gains.ravel())
        if total > MAX_TOTAL_GAIN:
            raise ValueError(
                f"The absolute gains add up to {total}, above the limit of {MAX_TOTAL_GAIN}. "
                "Use a coarser unit for the weights."
            )
        given = np.asarray(self.edges)
        if given.size and (given.ndim != 2 or given.shape[1] != 2):
            raise ValueError(f"edges has shape {given.shape}, expected (n_edges, 2).")
        edges = np.sort(_whole(given, "edges", np.int32).reshape(-1, 2), axis=1)
        _check_edges(edges, n_units)
        fixed = _whole(self.fixed, "fixed", np.int8)
        if not len(fixed):
            fixed = np.full(n_units, FREE, np.int8)
        if fixed.shape != (n_units,):
            raise ValueError(f"fixed has shape {fixed.shape}, expected ({n_units},).")
        wrong = np.flatnonzero((fixed < FREE) | (fixed > 1))
        if len(wrong):
            raise ValueError(f"fixed[{wrong[0]}] = {fixed[wrong[0]]}, expected 0, 1 or -1 (free).")
        for name, array in (("gains", gains), ("edges", edges), ("fixed", fixed)):
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.gains)

    @property
    def weights(self) -> npt.NDArray[np.int64]:
        """What each unit adds when it moves from part 0 to part 1, shape ``(n_units,)``."""
        return self.gains[:, 1] - self.gains[:, 0]

    def objective(self, assignment: npt.NDArray[np.int8]) -> int:
        """Add up the gains of an assignment, shape ``(n_units,)``.

        Examples
        --------
        >>> problem = Problem(gains=np.array([[0, 5], [3, 1]]), edges=np.array([[0, 1]]))
        >>> problem.objective(np.array([1, 0], np.int8))
        8
        """
        return int(self.gains[np.arange(self.n_units), assignment].sum())

    def subproblem(self, members: npt.NDArray[np.intp]) -> Self:
        """Restrict the problem to some units, in the order given, and the edges between them."""
        row = np.full(self.n_units, -1, np.int64)
        row[members] = np.arange(len(members))
        edges = row[self.edges]
        return type(self)(
            gains=self.gains[members],
            edges=edges[(edges >= 0).all(axis=1)].astype(np.int32),
            fixed=self.fixed[members],
            is_contiguous=self.is_contiguous,
        )


def _whole(values: npt.ArrayLike, name: str, dtype: type[np.integer]) -> npt.NDArray[np.integer]:
    """Copy to an integer array, refusing fractions and values that do not fit."""
    given = np.asarray(values)
    if not given.size:
        return given.astype(dtype)
    if given.dtype.kind not in "iub":
        raise ValueError(f"{name} holds {given.dtype} values; the solvers take whole numbers only.")
    limits = np.iinfo(dtype)
    low, high = int(given.min()), int(given.max())
    if low < limits.min or high > limits.max:
        raise ValueError(f"{name} holds {low if low < limits.min else high}, too large to solve.")
    return given.astype(dtype)


def _check_edges(edges: npt.NDArray[np.integer], n_units: int) -> None:
    outside = np.flatnonzero((edges < 0).any(axis=1) | (edges >= n_units).any(axis=1))
    if len(outside):
        a, b = edges[outside[0]].tolist()
        raise ValueError(
            f"edges[{outside[0]}] = ({a}, {b}) names a unit outside 0..{n_units - 1}. "
            "Build edges and gains from the same units."
        )
    loops = np.flatnonzero(edges[:, 0] == edges[:, 1])
    if len(loops):
        raise ValueError(f"edges[{loops[0]}] joins unit {edges[loops[0], 0]} to itself.")
    keys = edges[:, 0].astype(np.int64) * n_units + edges[:, 1]
    unique, counts = np.unique(keys, return_counts=True)
    if len(unique) < len(keys):
        a, b = divmod(int(unique[counts > 1][0]), n_units)
        raise ValueError(f"The edge ({a}, {b}) is given twice; give each pair once.")
