"""What a run says of the goals before its own: limits, amounts and prices, counted anew.

What the plans before had is a statement, since they lie elsewhere. That this run keeps the limits
which follow from their bounds, what its own plan has of every goal, and what follows from both, is
counted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

from partition.verify.agreement import agree
from partition.verify.counted import Counted
from partition.verify.fields import entries, fail, fields, show, text, whole
from partition.verify.goals import LEAST_STEPS, WEIGHTS, Goals
from partition.verify.writing import percent

NAME = "run.json: steps"

FIELDS = (
    "goal",
    "unit",
    "within",
    "status",
    "objective",
    "bound",
    "steps_per_unit",
    "amounts",
)

GAINS = ("self_determination", "intensity", "blue_at_home", "red_at_home", "worse_off")
"""Goals of which more is better."""

WORDS = {
    "self_determination": "self-determination",
    "intensity": "self-determination by margins",
    "border": "the frontier",
    "cut_edges": "cut edges",
    "state_splits": "states torn apart",
    "status_quo": "people who change nation",
    "population_balance": "balance of people",
    "gdp_balance": "balance of GDP",
    "area_balance": "balance of land",
    "blue_at_home": "blue voters at home",
    "red_at_home": "red voters at home",
    "worse_off": "the worse-off side",
}
"""What the page calls each goal."""


def read_steps(value: Any, place: str) -> None:
    """Read what each goal has come to: two goals or more, each once."""
    steps = entries(value, place)
    if len(steps) < 2:
        fail(place, f"{len(steps)} steps, expected two or more.")
    known: list[str] = []
    for number, step in enumerate(steps):
        spot = f"{place}[{number}]"
        goal, unit, within, status, objective, bound, scale, amounts = fields(step, spot, FIELDS)
        if text(goal, f"{spot}.goal") not in WEIGHTS or goal in known:
            fail(f"{spot}.goal", f"{show(goal)}, expected a goal, each once.")
        known.append(goal)
        agree(unit, WEIGHTS[goal], f"{spot}.unit")
        agree(scale, LEAST_STEPS.get(goal, 1), f"{spot}.steps_per_unit")
        whole(objective, f"{spot}.objective")
        if bound is not None:
            whole(bound, f"{spot}.bound", objective)
        text(status, f"{spot}.status")
        if (within is None) != (number == 0):
            fail(f"{spot}.within", f"{show(within)}, expected a share, and none for the first.")
        if within is not None:
            _number(within, f"{spot}.within")
        goals = [text(one.get("goal"), place) for one in steps if type(one) is dict]
        for key, given in zip(goals, fields(amounts, f"{spot}.amounts", goals), strict=True):
            _number(given, f"{spot}.amounts.{key}")


def _number(value: Any, place: str) -> None:
    if type(value) is not float or not 0 <= value < float("inf"):
        whole(value, place, 0)


def check_steps(document: dict[str, Any], data: Counted, plan: list[int]) -> None:
    """Refuse steps that are not those of the plan, or whose limits it was not asked to keep.

    Raises
    ------
    CertificateError
        With the place and both values.
    """
    steps = document.get("steps")
    if steps is None:
        return
    place = f"{NAME}[{len(steps) - 1}]"
    own = steps[-1]
    weighed = [key for key, weight in document["scenario"]["weights"].items() if weight]
    agree([own["goal"]], weighed, f"{place}.goal")
    for name, other in (
        ("status", "status"),
        ("objective", "objective"),
        ("bound", "bound"),
        ("steps_per_unit", "steps_per_vote"),
    ):
        agree(own[name], document[other], f"{place}.{name}")
    for key, amount in own["amounts"].items():
        none = dict.fromkeys(document["scenario"]["weights"], 0)
        goals = Goals(document["scenario"] | {"weights": none | {key: 1}}, data)
        (account,), _ = goals.account(plan)
        agree(amount, account["amount"], f"{place}.amounts.{key}")
    for number, (before, after) in enumerate(pairwise(steps)):
        _check_limit(document["scenario"], before, after, len(plan), f"{NAME}[{number}].bound")


def _check_limit(
    scenario: dict[str, Any],
    before: dict[str, Any],
    after: dict[str, Any],
    n_units: int,
    place: str,
) -> None:
    """Refuse a limit that is looser than what a bound and a share say."""
    goal, scale, bound = (before[name] for name in ("goal", "steps_per_unit", "bound"))
    if bound is None:
        fail(place, "nothing is proven, and a goal after it rests on that.")
    is_gain = goal in GAINS
    share = Fraction(repr(float(after["within"])))
    if goal == "self_determination":
        given = scenario.get("voters", {}).get("at_home")
    else:
        given = scenario.get("least" if is_gain else "most", {}).get(goal)
    kept = None if given is None else Fraction(repr(given)) * scale
    limit = ceil((1 - share) * bound) if is_gain else floor((1 + share) * max(0, -bound))
    if goal == "worse_off":  # each unit was counted in whole steps
        limit = max(0, limit - n_units)
    if kept is None or (kept < limit if is_gain else kept > limit):
        wanted = float(Fraction(limit, scale))
        fail(place, f"it asks for a limit of {wanted:g} on {goal}, and the scenario has {given}.")


def prices(steps: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say of every step but the first what it brings and costs against the plan before it."""
    found = []
    for number, step in enumerate(steps[1:], start=1):
        had, has = steps[number - 1]["amounts"], step["amounts"]
        costs = []
        for one in steps[:number]:
            lost = _lost(one, had[one["goal"]], has[one["goal"]])
            share = lost / had[one["goal"]] if had[one["goal"]] else None
            costs.append({"goal": one["goal"], "unit": one["unit"], "amount": lost, "share": share})
        goal = step["goal"]
        found.append(
            {
                "goal": goal,
                "unit": step["unit"],
                "before": had[goal],
                "after": has[goal],
                "saved": -_lost(step, had[goal], has[goal]),
                "costs": costs,
            }
        )
    return found


def _lost(step: dict[str, Any], before: float, after: float) -> float:
    return before - after if step["goal"] in GAINS else after - before


def price_rows(steps: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Write the rows of the table of prices."""
    first = steps[0]
    rows: list[tuple[str, ...]] = [
        (_named(first["goal"]), _amount(first["amounts"], first), "-", "-", "-")
    ]
    for step, price in zip(steps[1:], prices(steps), strict=True):
        costs = [_cost(one) for one in price["costs"] if one["amount"] > 0]
        rows.append(
            (
                _named(step["goal"]),
                _amount(step["amounts"], step),
                f"{price['before']:,.0f} {price['unit']}",
                " and ".join(costs) or "nothing",
                f"{100 * step['within']:.6g} %",
            )
        )
    return rows


def _named(goal: str) -> str:
    return WORDS[goal][:1].upper() + WORDS[goal][1:]


def _amount(amounts: dict[str, float], step: dict[str, Any]) -> str:
    return f"{amounts[step['goal']]:,.0f} {step['unit']}"


def _cost(one: dict[str, Any]) -> str:
    amount = f"{one['amount']:,.0f} {one['unit']}"
    words = WORDS[one["goal"]]
    if one["share"] is None:
        return f"{amount} of {words}"
    return f"{percent(one['share'], 2)} of {words}: {amount}"
