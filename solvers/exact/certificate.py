"""Certificates: what a search has proven, written so that others can check it.

A certificate names the problem and, for each search, the tree of cases, the rows used as claims,
and for each proof its multipliers in whole numbers (:mod:`solvers.exact.stated`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.exact.branch_and_cut import BranchAndCut
from solvers.exact.stated import state_problem, state_tree
from solvers.problem import Problem
from solvers.rows.families import family_of
from solvers.rows.family import Needs

FORMAT, VERSION = "two-nations certificate", 1


def certificate(
    problem: Problem,
    searches: Sequence[tuple[npt.NDArray[np.intp], BranchAndCut]],
    objective: int,
    bound: int,
) -> dict[str, Any]:
    """State a finished search as plain values, ready for JSON.

    Parameters
    ----------
    problem
        What was divided.
    searches
        The units of the reduced problem that each exact search divided, and the search.
    objective, bound
        What the plan reaches, and what no plan exceeds.
    """
    return {
        "format": FORMAT,
        "version": VERSION,
        "instance": state_problem(problem),
        "objective": objective,
        "bound": bound,
        "searches": [_search(members, exact) for members, exact in searches],
    }


def _search(members: npt.NDArray[np.intp], exact: BranchAndCut) -> dict[str, Any]:
    tree = state_tree(exact.record)
    # Where no row rests on faces, they may not have been found before the search was to end.
    has_faces = any(Needs.PLANE in family_of(row[0]).needs for row in tree["rows"])
    faces = exact.model.faces if has_faces else None
    rotation = [list(order) for order in faces.rotation] if faces else None
    return {"members": members.tolist(), "rotation": rotation, **tree}
