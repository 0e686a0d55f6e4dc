"""What the bounds of a sweep prove of all plans, said in figures of the report.

The run of a point proves that no plan that keeps the rules has an objective above its bound:

    sum over goals of ``sign * weight * amount <= bound``

with the weights of the point and the amounts of the plan. That is an inequality between figures,
whatever the weights of other points are: the plans that can be lie in the intersection of the half
spaces of all points. Where the weights of all goals but two are 0 it is a half plane, and one can
draw it.

The solvers count each unit and edge in whole steps, so the left side may differ from the bound's by
what was rounded. The most that this can be, over all plans, is added to the bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

import maps
from partition.question.goals import GOALS
from partition.question.objectives import Term, weigh
from partition.scenario import Scenario
from partition.studies.sweeping.axis import Axis
from shapefiles.units import Units

if TYPE_CHECKING:
    from partition.studies.sweeping.sweep import Sweep

SAME_AS = {
    "self_determination": "self_determined_share",
    "border": "border_km",
    "cut_edges": "cut_edges",
    "blue_at_home": "blue_at_home_share",
    "red_at_home": "red_at_home_share",
}
"""Figures of the report that count what a goal counts; those of voters as a share."""

FLOATS = 1e-12
"""What is added to a bound, as a share of it, for sums in floats."""


def measure_of(goal: str) -> str:
    """Name the measure that counts a goal."""
    return SAME_AS.get(goal, f"goal_{goal}")


def bounds_of(sweep: Sweep, keys: set[str]) -> Iterator[maps.Bound]:
    """State the bound of each point as an inequality that holds for every plan.

    Parameters
    ----------
    sweep
        Points with their bounds. Where limits change, the bounds of the points with the loosest
        limits count: every plan that keeps another point's limits keeps those.
    keys
        Keys of the measures there are; a bound that needs another one is left out.
    """
    blue, red = sweep.question.units.votes[sweep.question.election].sum(axis=0).tolist()
    # Shares of all of them, or of those of one side.
    per_unit = {"self_determination": blue + red, "blue_at_home": blue, "red_at_home": red}
    loosest = {axis.key: loosest_limit(axis) for axis in sweep.axes if not axis.is_weight}
    rounded = rounding(sweep)
    for row in sweep.rows:
        if row["bound_votes"] is None or any(row[key] != one for key, one in loosest.items()):
            continue
        settings = {axis.key: row[axis.key] for axis in sweep.axes if axis.is_weight}
        weights = sweep.scenario.override(settings=settings).weights
        coefficients = {
            measure_of(goal.key): goal.sign * weight * per_unit.get(goal.key, 1)
            for goal in GOALS
            if (weight := getattr(weights, goal.key))
        }
        if not coefficients or not set(coefficients) <= keys:
            continue
        # What all points together prove at a weight may be more than its own run does.
        most = min(row["bound_votes"], row.get("proven_votes", row["bound_votes"]))
        most += rounded(settings)
        yield maps.Bound(coefficients, most + FLOATS * abs(most))


def loosest_limit(axis: Axis) -> float:
    """Choose the value of a limit that allows all plans which the others allow."""
    is_least = "least" in axis.key.split(".") or axis.key == "voters.at_home"
    return axis.values[0] if is_least else axis.values[-1]


def rounding(sweep: Sweep) -> Callable[[Mapping[str, float]], float]:
    """Say how far the objective of any plan may be from what the solvers count, in votes.

    Returns
    -------
    callable
        Of the weights of a point. Where all weights were looked at the swept goal is counted at
        weight 1, and what it counts is multiplied by the weight.
    """
    units, base = sweep.question.units, sweep.scenario
    if not sweep.is_exact:
        return lambda settings: _rounding(units, base.override(settings=settings))
    (key,) = (axis.key for axis in sweep.axes)
    of_others = _rounding(units, base.override(settings={key: 0.0}))
    of_swept = _rounding(units, base.override(settings={key: 1.0}), only=key.split(".")[1])
    return lambda settings: of_others + settings[key] * of_swept


def _rounding(units: Units, scenario: Scenario, only: str = "") -> float:
    objective = weigh(units, scenario)
    terms = [one for one in objective.terms if only in {"", one.goal.key}]
    return sum(_most_rounded(one, objective.scale) for one in terms)


def _most_rounded(term: Term, scale: int) -> float:
    """Add up what was rounded of each unit or edge; a balance is counted in whole amounts."""
    if term.goal.form == "balance":
        return 0.0
    exact = float(term.weight) * np.abs(np.asarray(term.amounts, np.float64))
    rounded = np.abs(np.abs(term.coefficients) / scale - exact)
    if term.goal.form == "smaller":  # half of two sums, and each unit is in one of them
        doubled = np.abs(2 * term.coefficients / scale - exact)
        return float(doubled.sum(axis=0).max())
    return float((rounded.max(axis=1) if rounded.ndim > 1 else rounded).sum())
