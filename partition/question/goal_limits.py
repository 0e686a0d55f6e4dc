"""What a plan must have of each goal, as budgets: the tables ``[most]`` and ``[least]``.

Amounts are counted as objectives count them with a weight of 1: measured ones (kilometres, and
voters times margins) in thousandths, each unit's or edge's rounded to the nearest. Limits are taken
as the decimals that were written.

A goal of units is linear in who is blue: with everybody in the red nation the sum is that of all
red amounts, and a unit that joins the blue one changes it by the difference. What lies between
nations counts pairs, and of a state each unit that is apart from its seat, which joins the larger
part. A balance is the distance of the blue nation from half of the whole.
"""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from partition.errors import ScenarioError
from partition.question.goals import GOALS, Column, Goal
from partition.question.objectives import MEASURED
from partition.question.quantities import Ints
from partition.question.rounding import rounded_each
from partition.scenario import Scenario
from shapefiles.units import Units
from solvers.problem import Budget

Pairs = npt.NDArray[np.int32]


def limited_goals(scenario: Scenario) -> dict[str, float]:
    """List the keys of both tables that are given, with their amounts.

    Examples
    --------
    >>> limited_goals(Scenario.load("counties@most.border=9000"))
    {'most.border': 9000.0}
    """
    tables = {"most": asdict(scenario.most), "least": asdict(scenario.least)}
    return {
        f"{table}.{key}": value
        for table, values in tables.items()
        for key, value in values.items()
        if value is not None
    }


def goal_budgets(
    units: Units, scenario: Scenario, pairs: Pairs, seated: Pairs, n_rows: int
) -> tuple[Budget, ...]:
    """State the limits on goals.

    Parameters
    ----------
    units
        Units of land with votes.
    scenario
        What is asked.
    pairs
        The edges that are on, shape ``(n_edges, 2)``.
    seated
        Units and the rows of their states' seats, shape ``(n_links, 2)``.
    n_rows
        Rows of the problem: units, then what is no unit.

    Raises
    ------
    ScenarioError
        When the data lack what a goal counts.
    """
    budgets = []
    for name, limit in limited_goals(scenario).items():
        table, _, key = name.partition(".")
        goal = next(one for one in GOALS if one.key == key)
        try:
            amounts = goal_steps(goal, goal.amounts(units, scenario))
        except ScenarioError as error:
            raise ScenarioError(str(error).replace(f"weights.{key}", name)) from None
        if goal.form == "smaller":
            budgets += _of_both_sides(units.votes[scenario.election], name, limit, n_rows)
            continue
        steps = Fraction(repr(limit)) * steps_of(key)
        whole = ceil(steps) if table == "least" else floor(steps)
        budgets.append(_budget(goal, name, amounts, whole, pairs, seated, n_rows))
    return tuple(budgets)


def steps_of(key: str) -> int:
    """Say in how many steps one of a goal's unit of measure is counted."""
    return MEASURED.get(key, 1)


def goal_steps(goal: Goal, given: Column) -> Ints:
    """Count amounts in steps, each rounded; in the same shape."""
    scale = steps_of(goal.key)
    if scale == 1:
        return np.asarray(given).astype(np.int64)
    steps = rounded_each(given, Fraction(scale))
    return np.array(steps, np.int64).reshape(given.shape)


def _of_both_sides(votes: Ints, name: str, limit: float, n_rows: int) -> list[Budget]:
    """State that both sides have a share at home: of so many if both were equally many.

    With ``V`` voters, ``V_p`` of them of one side, that is ``limit * V_p / V`` of its voters.
    """
    both = np.zeros((n_rows, 2), np.int64)
    both[: len(votes)] = votes
    blue, red = (sum(side) for side in votes.T.tolist())
    share = Fraction(repr(float(limit))) / (blue + red)
    return [
        Budget(both[:, 0], lower=ceil(share * blue), name=f"{name} (blue)"),
        Budget(both[:, 1], upper=red - ceil(share * red), name=f"{name} (red)"),
    ]


def _budget(
    goal: Goal, name: str, amounts: Ints, limit: int, pairs: Pairs, seated: Pairs, n_rows: int
) -> Budget:
    none = np.zeros(n_rows, np.int64)
    if goal.form == "edges":
        return Budget(none, upper=limit, name=name, pairs=pairs, pair_amounts=amounts)
    if goal.form == "states":
        away = amounts[seated[:, 0]]
        return Budget(none, upper=limit, name=name, pairs=seated, pair_amounts=away)
    held = none.copy()
    if goal.form == "balance":
        held[: len(amounts)] = amounts
        total = int(amounts.sum())
        return Budget(held, total // 2 - limit, total - total // 2 + limit, name=name)
    held[: len(amounts)] = amounts[:, 1] - amounts[:, 0]
    rest = limit - int(amounts[:, 0].sum())
    if goal.is_cost:
        return Budget(held, upper=rest, name=name)
    return Budget(held, lower=rest, name=name)
