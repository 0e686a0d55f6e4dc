"""Improve a plan where the relaxation disagrees with it, by the exact search itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from solvers.branch_and_cut import BranchAndCut
from solvers.model import Model
from solvers.neighbourhood import neighbourhood

DISAGREEMENT = 0.01
"""A unit is free when the relaxation puts it this far from the part it has in the plan."""


def refine(
    model: Model,
    plan: npt.NDArray[np.int8],
    advice: npt.NDArray[np.float64],
    n_steps: int,
    should_stop: Callable[[], bool],
) -> npt.NDArray[np.int8]:
    """Search the plans that differ from `plan` only where the relaxation disagrees with it.

    This is a large-neighbourhood search in the spirit of relaxation induced neighbourhoods [1]_.

    Parameters
    ----------
    model
        What to divide.
    plan
        A plan of it, shape ``(n_units,)``.
    advice
        A solution of the relaxation, shape ``(n_units,)``.
    n_steps
        Most steps of the exact search.
    should_stop
        Asked between two steps.

    Returns
    -------
    numpy.ndarray
        A plan at least as good, shape ``(n_units,)``.

    References
    ----------
    .. [1] E. Danna, E. Rothberg, C. Le Pape, "Exploring relaxation induced neighborhoods to improve
       MIP solutions", Mathematical Programming 102 (2005) 71-90, doi:10.1007/s10107-004-0518-7
    """
    around = neighbourhood(model.problem, plan, np.abs(advice - plan) > DISAGREEMENT)
    search = BranchAndCut(Model(around.problem))
    search.offer(around.restrict(plan))
    for _ in range(n_steps):
        if search.is_finished or should_stop():
            break
        search.step()
    assert search.incumbent is not None, "the plan itself is a plan of its neighbourhood"
    return around.expand(search.incumbent)
