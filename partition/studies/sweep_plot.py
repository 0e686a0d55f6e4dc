"""The plot of a sweep: which figures go where, and what the bounds prove."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from partition.question.goals import GOALS
from partition.scenario import Scenario, Weights
from partition.studies.axis import Axis, plain
from partition.studies.table import Row

N_PLACES = 400
"""Places at which a ceiling is drawn."""


def draw_sweep(
    scenario: Scenario,
    axes: Sequence[Axis],
    rows: Sequence[Row],
    *,
    election: str,
    is_exact: bool,
    note: str = "",
) -> Any:
    """Draw self-determination against what the first axis buys, a curve for each value of a second.

    Parameters
    ----------
    scenario, axes, rows, election, is_exact
        As of a :class:`partition.studies.sweep.Sweep`.
    note
        A sentence after the others under the title.

    Returns
    -------
    matplotlib.figure.Figure
        With the ground shaded that no plan reaches, where the bounds prove that.
    """
    from maps.frontier import Ceiling, Curve, draw_frontier  # noqa: PLC0415 - loads matplotlib

    goal = next((one for one in GOALS if axes[0].key == f"weights.{one.key}"), None)
    name = axes[0].key if goal is None else f"goal_{goal.key}"
    shown = [one for one in rows if name in one]
    others = sorted({one[axes[1].key] for one in shown}) if len(axes) > 1 else [None]
    curves = []
    for other in others:
        line = [one for one in shown if other is None or one[axes[1].key] == other]
        label = "" if other is None else f"{axes[1].short} {plain(other)}"
        curves.append(
            Curve(
                label,
                _column(line, name),
                _column(line, "self_determined_share"),
                # Only where the objective is that share, the bound is one on it.
                _bounds(line) if scenario.weights == Weights() and goal is None else _nothing(line),
            )
        )
    ceiling = None
    if goal is not None and len(axes) == 1 and _is_simple(scenario, goal.key):
        across, up = proven_ceiling(shown, axes[0].key, name)
        ceiling = Ceiling(across, up)
    unit = axes[0].short if goal is None else f"{goal.key.replace('_', ' ')} ({goal.measured_in})"
    how = "every best plan" if is_exact else f"{len(shown)} plans"
    return draw_frontier(
        curves,
        title=scenario.title,
        subtitle=f"Self-determination against {axes[0].short}: {how}. {election}. {note}".rstrip(),
        across=unit[:1].upper() + unit[1:],
        up="Self-determined two-party voters",
        ceiling=ceiling,
    )


def proven_ceiling(
    rows: Sequence[Row], key: str, name: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Combine the bounds of all points into what no plan exceeds.

    At weight ``w``, no plan has more than ``bound`` votes: ``voters - w * amount <= bound``. So
    a plan with a given amount of the goal has at most ``min over w of (bound + w * amount)``
    self-determined voters.

    Parameters
    ----------
    rows
        Points with their weight, bound and amount of the goal.
    key, name
        Columns of the weight and of the amount.

    Returns
    -------
    tuple of numpy.ndarray
        Amounts of the goal, and shares of the voters, shape ``(n_places,)`` each.

    Examples
    --------
    >>> rows = [
    ...     {"w": 0.0, "km": 10.0, "bound_votes": 90, "self_determined_voters": 90,
    ...      "self_determined_share": 0.9},
    ...     {"w": 2.0, "km": 0.0, "bound_votes": 75, "self_determined_voters": 75,
    ...      "self_determined_share": 0.75},
    ... ]
    >>> across, up = proven_ceiling(rows, "w", "km")
    >>> float(up[0]), float(up[-1])
    (0.75, 0.9)
    """
    amounts = _column(rows, name)
    across = np.linspace(amounts.min(), amounts.max(), N_PLACES)
    voters = next(
        one["self_determined_voters"] / one["self_determined_share"]
        for one in rows
        if one["self_determined_share"]
    )
    lines = [
        (one["bound_votes"] + one[key] * across) / voters
        for one in rows
        if one["bound_votes"] is not None
    ]
    return across, np.min(np.array(lines), axis=0)


def _is_simple(scenario: Scenario, swept: str) -> bool:
    """Whether the objective is the self-determined voters, less the price of the goal."""
    weights = {goal.key: getattr(scenario.weights, goal.key) for goal in GOALS}
    weights.pop(swept)
    goal = next(one for one in GOALS if one.key == swept)
    is_cost = goal.is_cost or goal.form == "balance"
    return is_cost and weights.pop("self_determination", 0) == 1 and not any(weights.values())


def _column(rows: Sequence[Row], name: str) -> npt.NDArray[np.float64]:
    return np.array([one[name] for one in rows], np.float64)


def _nothing(rows: Sequence[Row]) -> npt.NDArray[np.float64]:
    return np.full(len(rows), np.nan)


def _bounds(rows: Sequence[Row]) -> npt.NDArray[np.float64]:
    return np.array(
        [
            np.nan
            if one["bound_votes"] is None
            else one["self_determined_share"] * one["bound_votes"] / one["self_determined_voters"]
            for one in rows
        ]
    )
