"""What a scenario weighs, recounted from the data: gains, costs, balances, splits of states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from partition.verify.fields import fail, fields, show
from partition.verify.instance import Edge, Instance
from partition.verify.rules import Counted

WEIGHTS = (
    "self_determination",
    "intensity",
    "border",
    "cut_edges",
    "state_splits",
    "status_quo",
    "population_balance",
    "gdp_balance",
    "area_balance",
)
BALANCES = {"population_balance": ("population", 1), "gdp_balance": ("gdp", 1000.0),
            "area_balance": ("area", 1_000_000.0)}  # fmt: skip
"""Column of each balance, and the size of what is counted: people, million dollars, km²."""


def compare_goals(scenario: dict[str, Any], data: Counted, instance: Instance) -> None:
    """Refuse an instance that gains or costs anything else than the scenario says.

    Parameters
    ----------
    scenario
        The table of ``run.json``, whose constraints the instance has.
    data
        Units and edges of the data.
    instance
        Of the certificate.

    Raises
    ------
    CertificateError
        At the first difference.
    """
    weights = read_weights(scenario["weights"])
    steps = scale(weights)
    factor = {key: weight * steps for key, weight in weights.items()}
    n_more = len(instance.ids) - len(data.ids)
    wanted = [*_gains(scenario, data, factor), *[[0, 0]] * n_more]
    for unit, (found, gains) in enumerate(zip(instance.gains, wanted, strict=True)):
        if found != gains:
            fail(
                f"instance.gains[{unit}]",
                f"{found}, but by the data {gains} for unit {instance.ids[unit]}, red and blue.",
            )
    for number, (edge, cost) in enumerate(zip(instance.edges, instance.edge_costs, strict=True)):
        metres = data.borders.get(edge)  # none for a border with a neighbour
        price = 0 if metres is None else round(Fraction(metres / 1000) * factor["border"])
        price += 0 if metres is None else round(factor["cut_edges"])
        if cost != price:
            fail(f"instance.edge_costs[{number}]", f"{cost}, but by the data {price}.")
    soft = [budget for budget in instance.budgets if budget.price is not None]
    if [budget[1:] for budget in soft] != list(_balances(data, factor, n_more)):
        fail("instance.budgets", "these are not the balances that the scenario weighs.")
    splits = dict(_splits(scenario, data, factor["state_splits"], len(instance.ids)))
    if dict(zip(instance.links, instance.link_costs, strict=True)) != splits:
        fail("instance.links", "these are not the splits of states that the scenario weighs.")


def read_weights(table: Any) -> dict[str, Fraction]:
    """Read the weights, in millionths."""
    place = "run.json: scenario.weights"
    weights = dict(zip(WEIGHTS, fields(table, place, WEIGHTS), strict=True))
    for key, weight in weights.items():
        if type(weight) not in {int, float} or not 0 <= weight <= 1e12:
            fail(f"{place}.{key}", f"{show(weight)}, expected a number of at least 0.")
    return {
        key: Fraction(round(Fraction(weight) * 10**6), 10**6) for key, weight in weights.items()
    }


def scale(weights: dict[str, Fraction]) -> int:
    """Say how many steps a vote has."""
    steps = 1000 if weights["intensity"] or weights["border"] else 1
    while any((weight * steps).denominator > 1 for weight in weights.values()):
        steps *= 10
    return steps


def state_seats(weights: Any, states: list[Any]) -> int:
    """Count the seats that an instance has beside its units: one a state of several units."""
    if not read_weights(weights)["state_splits"]:
        return 0
    return sum(states.count(state) > 1 for state in set(states))


def _gains(
    scenario: dict[str, Any], data: Counted, factor: dict[str, Fraction]
) -> Iterator[list[int]]:
    """Add up, for each unit, what it gains in the red and in the blue nation."""
    leads = _leads(scenario, data)
    for votes, people, state in zip(
        data.votes(scenario["election"]),
        data.columns["population"],
        data.columns["state"],
        strict=True,
    ):
        total, margin = sum(votes), abs(votes[0] - votes[1])
        gains = []
        for part, matched in enumerate(votes):
            value = round(matched * factor["self_determination"])
            value += round(Fraction(matched * margin, max(1, total)) * factor["intensity"])
            if leads[state] * (1 if part else -1) < 0:
                value -= round(people * factor["status_quo"])
            gains.append(value)
        yield gains


def _leads(scenario: dict[str, Any], data: Counted) -> dict[Any, int]:
    """Say which nation each state belongs to today: above 0 for the blue one."""
    leads: dict[Any, int] = defaultdict(int)
    units = scenario["units"]
    for (red, blue), state in zip(
        data.votes(scenario["election"]), data.columns["state"], strict=True
    ):
        leads[state] += blue - red
    if "all" not in units["only"]:
        return dict.fromkeys(leads, 1 if units["rest"] == "blue" else -1)
    return leads


def _balances(
    data: Counted, factor: dict[str, Fraction], n_more: int
) -> Iterator[tuple[list[int], int, int, int]]:
    """State the balances: amounts, half of them below and above, and the price."""
    for key, (column, size) in BALANCES.items():
        if factor[key]:
            amounts = [round(value / size) for value in data.columns[column]] + [0] * n_more
            half = sum(amounts) // 2
            yield amounts, half, sum(amounts) - half, int(factor[key])


def _splits(
    scenario: dict[str, Any], data: Counted, factor: Fraction, n_rows: int
) -> Iterator[tuple[Edge, int]]:
    """State what each unit costs apart from the seat of its state; seats come last."""
    if not factor:
        return
    voters = [sum(votes) for votes in data.votes(scenario["election"])]
    members = defaultdict(list)
    for unit, state in enumerate(data.columns["state"]):
        members[state].append(unit)
    seated = [units for _, units in sorted(members.items()) if len(units) > 1]
    for seat, units in enumerate(seated, start=n_rows - len(seated)):
        for unit in units:
            yield (unit, seat), round(voters[unit] * factor)
