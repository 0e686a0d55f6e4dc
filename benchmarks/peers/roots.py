"""Proven roots: one unit that some optimal plan gives to part 0, and one for part 1.

The flow models choose their roots themselves; their variants that are given roots have an easier
task. What they are given is proven here by this package's search: with the unit on the other side,
the bound falls below a plan that is known, so no optimal plan has it there.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from solvers.exact.roots import rank_roots
from solvers.model import Model
from solvers.plan import Plan
from solvers.problem import Problem
from solvers.result import Limits, Progress, Status
from solvers.solve import solve


def prove_roots(problem: Problem, start: np.ndarray, seconds: float) -> tuple[int, int] | None:
    """Find a root for each part, or None where that takes too long.

    Parameters
    ----------
    problem
        What to divide.
    start
        A plan to begin with, shape ``(n_units,)``.
    seconds
        Most seconds for each of three searches.
    """
    known = solve(problem, Limits(seconds), start=Plan(start)).objective
    assert known is not None, "a search that is given a plan has one"
    proven: dict[int, int] = {}
    for part in (1, 0):
        model = Model(problem)
        lower = np.where(problem.fixed == 1, 1, 0).astype(np.int8)
        upper = np.where(problem.fixed == 0, 0, 1).astype(np.int8)
        ranked = rank_roots(model, part, lower, upper).units
        if not len(ranked) or not _is_certain(problem, int(ranked[0]), part, known, seconds):
            return None
        proven[part] = int(ranked[0])
        problem = _with_fixed(problem, proven[part], part)
    return proven[0], proven[1]


def _is_certain(problem: Problem, unit: int, part: int, known: int, seconds: float) -> bool:
    """Whether every plan with the unit in the other part is worse than a known objective."""
    if problem.fixed[unit] == part:
        return True
    bounds: list[int] = []

    def watch(progress: Progress) -> None:
        if progress.bound is not None:
            bounds.append(progress.bound)

    result = solve(
        _with_fixed(problem, unit, 1 - part),
        Limits(seconds),
        on_progress=watch,
        should_stop=lambda: bool(bounds) and bounds[-1] < known,
    )
    return result.status is Status.INFEASIBLE or (result.bound is not None and result.bound < known)


def _with_fixed(problem: Problem, unit: int, part: int) -> Problem:
    fixed = np.where(np.arange(problem.n_units) == unit, part, problem.fixed)
    return dataclasses.replace(problem, fixed=fixed.astype(np.int8))
