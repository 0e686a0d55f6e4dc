"""Neighbourhoods: a smaller problem of the same kind around a plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solvers.faces import find_faces
from solvers.graph import Graph
from solvers.model import Model
from solvers.problem import FREE


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhood:
    """A model in which the units that keep their part are merged into blocks.

    Merging is exact: a set of units that is connected and stays in one part acts as one unit, so
    a plan of the small model is a plan of the large one, with the same value.

    Parameters
    ----------
    model
        The small model; blocks are fixed, free units stay themselves.
    block
        Unit of the small model for each unit of the large one, shape ``(n_units,)``.
    """

    model: Model
    block: npt.NDArray[np.int32]

    def restrict(self, plan: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
        """Express a plan that keeps the blocks whole in the small model."""
        small = np.empty(self.model.n_units, np.int8)
        small[self.block] = plan
        return small

    def expand(self, plan: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
        """Express a plan of the small model in the large one."""
        return plan[self.block]


def neighbourhood(
    model: Model, plan: npt.NDArray[np.int8], is_free: npt.NDArray[np.bool_]
) -> Neighbourhood:
    """Keep every unit in its part of `plan` but the free ones.

    Parameters
    ----------
    model
        The large model.
    plan
        A plan of it, shape ``(n_units,)``.
    is_free
        Units that may change sides; those the model fixes stay fixed, shape ``(n_units,)``.
    """
    is_free = is_free & (model.fixed == FREE)
    tails = np.repeat(np.arange(model.n_units), model.graph.degrees)
    heads = model.graph.neighbours
    edges = np.stack([tails, heads], axis=1)[tails < heads].astype(np.int64)
    first, second = edges[:, 0], edges[:, 1]
    inside = ~is_free[first] & ~is_free[second] & (plan[first] == plan[second])
    block = Graph.from_edges(model.n_units, edges[inside]).landmasses()
    n_blocks = int(block.max()) + 1
    weights = np.zeros(n_blocks, np.int64)
    np.add.at(weights, block, model.weights)
    fixed = np.full(n_blocks, FREE, np.int8)
    fixed[block[~is_free]] = plan[~is_free]
    between = np.sort(block[edges[~inside]], axis=1)
    between = np.unique(between[between[:, 0] != between[:, 1]], axis=0)
    small = Model(
        weights=weights,
        graph=Graph.from_edges(n_blocks, between),
        faces=None if model.faces is None else find_faces(n_blocks, between),
        fixed=fixed,
        is_contiguous=model.is_contiguous,
    )
    return Neighbourhood(small, block)
