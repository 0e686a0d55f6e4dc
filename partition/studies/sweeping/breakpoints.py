"""All best plans along a weight, where no nation need be contiguous."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from partition.question.goal_limits import limited_goals
from partition.question.goals import GOALS
from partition.question.objectives import exact, weigh
from partition.question.question import Question
from partition.scenario import STRANDED, Scenario
from partition.studies.figures import figures
from partition.studies.running.under_way import Tracing
from partition.studies.sweeping.axis import Axis
from partition.studies.table import Row
from solvers.parametric import Stretch, times, trace_frontier
from solvers.plan import Plan


def is_traceable(scenario: Scenario, axes: Sequence[Axis]) -> bool:
    """Whether a sweep is a series of minimum cuts: one weight, no pieces, no budgets."""
    if len(axes) != 1 or not axes[0].is_weight or axes[0].values[0] < 0:
        return False
    goals = {goal.key: goal for goal in GOALS}
    swept = axes[0].key.split(".")[1]
    weighed = [key for key in goals if getattr(scenario.weights, key)]
    if goals[swept].form not in {"units", "edges"}:
        return False
    if any(goals[key].form in {"balance", "smaller"} for key in weighed):
        return False
    rules = (scenario.voters.at_home, scenario.states.split_most)
    if any(limit is not None for limit in rules) or limited_goals(scenario):
        return False
    nations = (scenario.nations.blue, scenario.nations.red)
    is_free = all(
        nation.pieces == "any"
        and not nation.sea_access
        and not any(_values(nation.least) + _values(nation.most))
        and all(getattr(nation, limit) is None for limit in STRANDED)
        for nation in nations
    )
    # The objective at weight 0 must be one.
    return is_free and any(key != swept for key in weighed)


def _values(shares: Any) -> list[bool]:
    return [getattr(shares, key) is not None for key in type(shares).__slots__]


def breakpoint_rows(
    question: Question, axis: Axis, on_progress: Tracing | None = None
) -> tuple[tuple[Row, ...], tuple[Plan, ...]]:
    """Measure every best plan over the range of an axis.

    Parameters
    ----------
    question
        What is asked but for the weight.
    axis
        The weight and its range; values between its ends do not matter.
    on_progress
        Told while the plans are sought, which takes nearly all the time.

    Returns
    -------
    rows
        From the smallest weight on: the stretch of weights over which a plan is best, its figures,
        and what it counts of the goal. Amounts of the goal are rounded to steps of a vote at weight
        1, as :mod:`partition.question.objectives` has it, and nothing else is.
    plans
        The plan of each row.
    """
    scenario, units = question.scenario, question.units
    at_zero = question.asking(scenario.override(settings={axis.key: 0.0})).formulation
    at_one = weigh(units, scenario.override(settings={axis.key: 1.0}))
    term = next(one for one in at_one.terms if one.goal.key == axis.key.split(".")[1])
    scale = lcm(at_zero.scale, at_one.scale)
    problem = at_zero.problem
    coarse, fine = scale // at_zero.scale, scale // at_one.scale
    gains, costs = np.zeros_like(problem.gains), np.zeros_like(problem.edge_costs)
    if term.goal.form == "units":
        gains[: units.n_units] = times(fine, term.coefficients)
    else:
        costs[: len(term.coefficients)] = times(fine, term.coefficients)
    low, high = exact(axis.values[0]), exact(axis.values[-1])

    def tell(number: int, weight: Fraction) -> None:
        if on_progress is not None:
            on_progress(number, float((weight - low) / (high - low)))

    stretches = trace_frontier(
        replace(
            problem,
            gains=times(coarse, problem.gains),
            edge_costs=times(coarse, problem.edge_costs),
            link_costs=times(coarse, problem.link_costs),
        ),
        gains,
        costs,
        low,
        high,
        tell,
    )
    plans = tuple(Plan(one.plan.assignment[: units.n_units]) for one in stretches)
    rows = tuple(
        _row(one, plan, question, axis, scale) for one, plan in zip(stretches, plans, strict=True)
    )
    return rows, plans


def _row(stretch: Stretch, plan: Plan, question: Question, axis: Axis, scale: int) -> Row:
    objective = stretch.objective(stretch.low) / scale
    return {
        axis.key: float(stretch.low),
        f"{axis.key}_until": float(stretch.high),
        "scenario": question.scenario.name,
        "election": question.election,
        **figures(question.measure(plan)),
        f"goal_{axis.key.split('.')[1]}": float(Fraction(abs(stretch.slope), scale)),
        "status": "OPTIMAL",
        "objective_votes": float(objective),
        "bound_votes": float(objective),
        "gap": 0.0,
    }
