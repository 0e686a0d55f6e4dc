"""Neighbourhoods: a smaller problem of the same kind around a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

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
    is_free = is_free & (problem.fixed == FREE)
    fixed = np.where(is_free, FREE, plan).astype(np.int8)
    around = reduce(replace(problem, fixed=fixed))
    assert around is not None, "a plan contradicts nothing"
    return around
