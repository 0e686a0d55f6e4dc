"""Certificates: what a search has proven, written so that others can check it.

A certificate names the problem and, for each search, the tree of cases, the rows used as claims,
and for each proof its multipliers in whole numbers. Coefficients are not in it: whoever checks it
derives them from the claims, and so believes nothing. ``docs/certificate.md`` describes the format.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.exact.branch_and_cut import BranchAndCut
from solvers.exact.record import Case, Record, Step
from solvers.problem import Budget, Problem
from solvers.rows.families import family_of
from solvers.rows.family import Needs, plain

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
        "instance": _instance(problem),
        "objective": objective,
        "bound": bound,
        "searches": [_search(members, exact) for members, exact in searches],
    }


def _instance(problem: Problem) -> dict[str, Any]:
    return {
        "ids": [str(unit) for unit in range(problem.n_units)],
        "gains": problem.gains.tolist(),
        "edges": problem.edges.tolist(),
        "edge_costs": problem.edge_costs.tolist() if problem.edge_costs.any() else [],
        "fixed": problem.fixed.tolist(),
        "groups": problem.groups.tolist(),
        "pieces": list(problem.pieces),
        "links": problem.links.tolist(),
        "link_costs": problem.link_costs.tolist(),
        **({"spans": problem.spans.tolist()} if len(problem.spans) else {}),
        "budgets": [
            {
                "name": budget.name,
                "amounts": budget.amounts.tolist(),
                "lower": budget.lower,
                "upper": budget.upper,
                "price": budget.price,
                **_between(budget),
            }
            for budget in problem.budgets
        ],
    }


def _between(budget: Budget) -> dict[str, Any]:
    """State the pairs that a budget counts, if there are any."""
    if not len(budget.pairs):
        return {}
    return {"pairs": budget.pairs.tolist(), "pair_amounts": budget.pair_amounts.tolist()}


def _search(members: npt.NDArray[np.intp], exact: BranchAndCut) -> dict[str, Any]:
    kept, rows = _used(exact.record)
    # Where no row rests on faces, they may not have been found before the search was to end.
    has_faces = any(Needs.PLANE in family_of(row[0]).needs for row in rows)
    faces = exact.model.faces if has_faces else None
    return {
        "members": members.tolist(),
        "rotation": [list(order) for order in faces.rotation] if faces else None,
        "rows": rows,
        "nodes": [_node(case, kept) for case in exact.record.cases],
    }


def _used(record: Record) -> tuple[dict[int, int], list[list[Any]]]:
    """Keep the rows that any proof still uses, and number them anew."""
    numbers = [step.rows for case in record.cases for step in case.steps]
    used = np.unique(np.concatenate(numbers)).tolist() if numbers else []
    claims = [row.claim for row in record.rows]
    return {old: new for new, old in enumerate(used)}, [plain(claims[old]) for old in used]


def _node(case: Case, kept: dict[int, int]) -> dict[str, Any]:
    return {
        "parent": case.parent,
        "branch": case.branch,
        "steps": [_step(step, kept) for step in case.steps],
        "split": None if case.split is None else plain(case.split),
    }


def _step(step: Step, kept: dict[int, int]) -> dict[str, Any]:
    return {
        "rows": [kept[row] for row in step.rows.tolist()],
        "multipliers": step.multipliers.tolist(),
        "scale": step.scale,
        "excludes": step.is_exclusion,
        "zero": step.zero.tolist(),
        "one": step.one.tolist(),
    }
