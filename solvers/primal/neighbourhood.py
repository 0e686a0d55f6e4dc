"""Neighbourhoods: a smaller problem of the same kind around a plan."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from solvers.errors import InternalError
from solvers.model import Model
from solvers.problem import FREE, Problem
from solvers.reduction import Reduction, reduce


def neighbourhood(
    problem: Problem, plan: npt.NDArray[np.int8], is_free: npt.NDArray[np.bool_]
) -> Reduction:
    """Keep every unit in its part of `plan` but the free ones, and merge what touches.

    Parameters
    ----------
    problem
        The large problem.
    plan
        A plan of it, shape ``(n_units,)``.
    is_free
        Units that may change sides; those the problem fixes stay fixed, shape ``(n_units,)``.
    """
    is_free = is_free.copy()
    # What divides a set is up to those of its units that may change sides.
    is_free[problem.spans[is_free[problem.spans[:, 0]], 1:]] = True
    is_free &= problem.fixed == FREE
    fixed = np.where(is_free, FREE, plan).astype(np.int8)
    around = reduce(replace(problem, fixed=fixed))
    if around is None:
        raise InternalError(
            f"A plan, {plan}, puts two units into different parts that a group of the problem "
            f"keeps together, {problem.groups}."
        )
    return around


@dataclass(slots=True, eq=False)
class Balls:
    """Draws balls of units around the frontier of a plan, one region after the other.

    Parameters
    ----------
    model
        What is divided.
    random
        Draws among the units of the frontier that were in the fewest balls so far.
    """

    model: Model
    random: np.random.Generator
    _visits: npt.NDArray[np.int32] = field(init=False)

    def __post_init__(self) -> None:
        self._visits = np.zeros(self.model.n_units, np.int32)

    def draw(self, plan: npt.NDArray[np.int8], size: int) -> npt.NDArray[np.intp]:
        """List the free units of a ball of at most `size` units."""
        members = self._around(self._centre(plan), size)
        self._visits[members] += 1
        return members

    def _centre(self, plan: npt.NDArray[np.int8]) -> int:
        """Draw a free unit of the frontier among those in the fewest balls so far."""
        model = self.model
        first, second = model.edges.T
        is_cut = plan[first] != plan[second]
        free = np.flatnonzero(model.fixed == FREE)
        around = np.intersect1d(model.edges[is_cut], free)
        around = around if len(around) else free
        fewest = around[self._visits[around] == self._visits[around].min()]
        return int(self.random.choice(fewest))

    def _around(self, centre: int, size: int) -> npt.NDArray[np.intp]:
        """List the free units nearest to one, by steps between free neighbours."""
        model = self.model
        is_open = model.fixed == FREE
        is_open[centre] = False
        layer = np.array([centre])
        layers = [layer]
        while len(layer) and sum(map(len, layers)) < size:
            near = np.concatenate([model.graph.of(unit) for unit in layer.tolist()])
            layer = np.unique(near[is_open[near]])
            is_open[layer] = False
            layers.append(layer)
        return np.concatenate(layers)[:size]
