"""Problems and trees of cases as plain values, ready for JSON.

Certificates consist of them (``docs/certificate.md`` describes the format), and a search hands its
tree to the next one as them. Coefficients are in neither: whoever reads them derives the rows from
their claims, and so believes nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solvers.exact.record import Case, Record, Step
from solvers.problem import Budget, Problem
from solvers.rows.family import plain


def state_problem(problem: Problem) -> dict[str, Any]:
    """State a problem."""
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


def state_tree(record: Record) -> dict[str, Any]:
    """State the claims of the rows that proofs still use, and the cases with their proofs."""
    numbers = [step.rows for case in record.cases for step in case.steps]
    used = np.unique(np.concatenate(numbers)).tolist() if numbers else []
    claims = [row.claim for row in record.rows]
    kept = {old: new for new, old in enumerate(used)}
    return {
        "rows": [plain(claims[old]) for old in used],
        "nodes": [_case(case, kept) for case in record.cases],
    }


def _case(case: Case, kept: dict[int, int]) -> dict[str, Any]:
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
