"""Who would want to switch, read back from ``run.json`` and held against the plan."""

from __future__ import annotations

from typing import Any

import numpy as np

from partition.answer.stability import GroupsFound
from partition.metrics import NATION_NAMES
from partition.pages.switchers import stability_document, unit_gains
from partition.question.question import Question
from solvers.plan import Plan
from solvers.switched import Group, Switching


def restored_stability(
    document: dict[str, Any], question: Question, plan: Plan
) -> GroupsFound | None:
    """Bring back who would want to switch; None where nobody has asked.

    Parameters
    ----------
    document
        Content of ``run.json``.
    question, plan
        Of the run.

    Raises
    ------
    KeyError, TypeError, ValueError
        When it is damaged, or not of this plan.
    """
    table = document.get("stability")
    if table is None:
        return None
    row_of = {unit: row for row, unit in enumerate(question.units.ids.tolist())}
    gains, groups = unit_gains(question, plan), []
    for one in table["groups"]:
        rows = np.array(sorted(row_of[unit] for unit in one["ids"]), np.intp)
        part = NATION_NAMES.index(one["leaves"])
        bound = int(one["no_stronger_than_voters"])
        gain = int(gains[rows].sum())
        groups.append(Group(rows, part, gain, bound))
        if (plan.assignment[rows] != part).any() or not 0 < gain <= bound:
            raise ValueError(f"stability: group {one['group']} is not one of this plan")
    found = GroupsFound(
        plan,
        Switching(
            tuple(groups),
            int(table["no_other_stronger_than_voters"]),
            bool(table["is_interrupted"]),
        ),
        int(table["most_groups"]),
        None if table["most_units"] is None else int(table["most_units"]),
    )
    if stability_document(question, found) != table:
        raise ValueError("stability: its figures are not those of this plan")
    return found
