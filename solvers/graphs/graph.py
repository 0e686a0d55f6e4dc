"""A graph as plain arrays: the neighbours of every unit, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from solvers.graphs.kernel import kernel


class Arcs(NamedTuple):
    """The arrays of a :class:`Graph`, as compiled loops take them."""

    start: npt.NDArray[np.int32]
    neighbours: npt.NDArray[np.int32]
    reverse: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Neighbours in compressed rows.

    Parameters
    ----------
    start
        Neighbours of unit *i* are ``neighbours[start[i]:start[i + 1]]``, shape ``(n_units + 1,)``.
    neighbours
        Ascending within a unit, shape ``(2 * n_edges,)``.
    reverse
        Position of the arc that leads back, shape ``(2 * n_edges,)``.
    """

    start: npt.NDArray[np.int32]
    neighbours: npt.NDArray[np.int32]
    reverse: npt.NDArray[np.int32]

    @classmethod
    def from_edges(cls, n_units: int, edges: npt.NDArray[np.integer]) -> Self:
        """Build from pairs of units, each pair once, shape ``(n_edges, 2)``.

        Examples
        --------
        >>> Graph.from_edges(3, np.array([[0, 1], [1, 2]])).of(1).tolist()
        [0, 2]
        """
        tail = np.concatenate([edges[:, 0], edges[:, 1]]).astype(np.int64)
        head = np.concatenate([edges[:, 1], edges[:, 0]]).astype(np.int64)
        order = np.lexsort((head, tail))
        start = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=n_units))])
        position = np.empty_like(order)
        position[order] = np.arange(len(order))
        reverse = np.roll(position, len(edges))[order]  # the pair's other arc
        return cls(start.astype(np.int32), head[order].astype(np.int32), reverse.astype(np.int32))

    @property
    def arcs(self) -> Arcs:
        """The arrays for compiled loops."""
        return Arcs(self.start, self.neighbours, self.reverse)

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.start) - 1

    @property
    def degrees(self) -> npt.NDArray[np.int32]:
        """Number of neighbours of each unit, shape ``(n_units,)``."""
        return np.diff(self.start)

    def of(self, unit: int) -> npt.NDArray[np.int32]:
        """Neighbours of one unit."""
        return self.neighbours[self.start[unit] : self.start[unit + 1]]

    def neighbour_sums(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Add up `values` over the neighbours of each unit, shape ``(n_units,)``."""
        cumulated = np.concatenate([[0.0], np.cumsum(values[self.neighbours])])
        sums: npt.NDArray[np.float64] = cumulated[self.start[1:]] - cumulated[self.start[:-1]]
        return sums

    def label(self, colours: npt.NDArray[np.int8]) -> npt.NDArray[np.int32]:
        """Label the pieces: units joined by edges between equal colours, shape ``(n_units,)``.

        Examples
        --------
        >>> path = Graph.from_edges(4, np.array([[0, 1], [1, 2], [2, 3]]))
        >>> path.label(np.array([1, 1, 0, 1], np.int8)).tolist()
        [0, 0, 1, 2]
        """
        labels = np.empty(self.n_units, np.int32)
        label_pieces(self.start, self.neighbours, colours, labels)
        return labels

    def landmasses(self) -> npt.NDArray[np.int32]:
        """Label the connected components, shape ``(n_units,)``."""
        return self.label(np.zeros(self.n_units, np.int8))


@kernel
def label_pieces(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    colours: npt.NDArray[np.int8],
    labels: npt.NDArray[np.int32],
) -> int:
    """Write the piece of each unit to `labels` and return how many pieces there are."""
    n_units = len(start) - 1
    stack = np.empty(n_units, np.int32)
    labels[:] = -1
    n_pieces = 0
    for seed in range(n_units):
        if labels[seed] >= 0:
            continue
        labels[seed] = n_pieces
        stack[0] = seed
        height = 1
        while height > 0:
            height -= 1
            unit = stack[height]
            for arc in range(start[unit], start[unit + 1]):
                other = neighbours[arc]
                if labels[other] < 0 and colours[other] == colours[unit]:
                    labels[other] = n_pieces
                    stack[height] = other
                    height += 1
        n_pieces += 1
    return n_pieces
