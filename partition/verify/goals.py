"""What a scenario weighs, recounted from the data: gains, costs, balances, splits of states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

from partition.verify.agreement import total
from partition.verify.counted import Counted
from partition.verify.fields import fail, fields_of, show
from partition.verify.instance import Budget, Edge

WEIGHTS = {
    "self_determination": "voters",
    "intensity": "voters",
    "border": "km",
    "cut_edges": "pairs",
    "state_splits": "voters",
    "status_quo": "people",
    "population_balance": "people",
    "gdp_balance": "million dollars",
    "area_balance": "km²",
    "blue_at_home": "voters",
    "red_at_home": "voters",
    "worse_off": "voters",
}
"""Unit of measure of each goal."""

BALANCES = {
    "population_balance": ("population", 1),
    "gdp_balance": ("gdp", 1000.0),
    "area_balance": ("area", 1_000_000.0),
}
"""Column of each balance, and the size of what is counted: people, million dollars, km²."""

OF_SIDES = ("blue_at_home", "red_at_home", "worse_off")
"""Goals that a scenario leaves out unless they have a weight."""

LIMITED = {"most": tuple(WEIGHTS)[2:-3], "least": ("intensity", *OF_SIDES)}
"""Goals that may be limited, by table."""

PER_UNIT = ("self_determination", "intensity", "status_quo", "blue_at_home", "red_at_home")
"""Goals that count something of each unit in either part."""

LEAST_STEPS = {"intensity": 1000, "border": 1000, "worse_off": 100_000}
"""Least steps of a vote where goals count what is no whole number."""


class Goals:
    """The goals of a scenario on the data, weighed in steps.

    Parameters
    ----------
    scenario
        The table of ``run.json``.
    data
        Units and edges of the data.
    """

    def __init__(self, scenario: dict[str, Any], data: Counted) -> None:
        self.data = data
        self.weights = read_weights(scenario["weights"])
        self.limited = read_goal_limits(scenario)
        self.scale = scale(self.weights)
        self.factor = {key: weight * self.scale for key, weight in self.weights.items()}
        self.votes, self.voters = data.votes, data.voters
        self.per_unit: dict[str, list[Any]] = {
            "self_determination": self.votes,
            "intensity": [_weighted(votes) for votes in self.votes],
            "status_quo": _moved(scenario, data),
            "blue_at_home": [[0, blue] for _, blue in self.votes],
            "red_at_home": [[red, 0] for red, _ in self.votes],
        }
        factor = self.factor["worse_off"] / 2
        self.equal: list[list[int]] = [
            [round(amount * factor) for amount in both]
            for both in (_equally_many(self.votes) if factor else ())
        ]
        self.states: dict[str, list[int]] = defaultdict(list)
        for unit, state in enumerate(data.states):
            if state:  # units without a state are no state together
                self.states[state].append(unit)

    def steps(self, key: str, amount: float | Fraction) -> int:
        """Weigh an amount, rounded to a whole step."""
        factor = self.factor[key]
        return round(Fraction(amount) * factor) if factor else 0

    def gains(self, unit: int) -> list[int]:
        """Add up what a unit gains in the red and in the blue nation.

        Of the side that is worse off half of both sides' voters at home count here, and half of
        the difference in a limit that may be missed (:meth:`worse_off`).
        """
        return [
            self.steps("self_determination", self.votes[unit][part])
            + self.steps("intensity", self.per_unit["intensity"][unit][part])
            - self.steps("status_quo", self.per_unit["status_quo"][unit][part])
            + self.steps("blue_at_home", self.per_unit["blue_at_home"][unit][part])
            + self.steps("red_at_home", self.per_unit["red_at_home"][unit][part])
            + (self.equal[unit][part] if self.equal else 0)
            for part in (0, 1)
        ]

    def edge_cost(self, edge: Edge) -> int:
        """Say what an edge costs when it is cut; a border with a neighbour costs nothing."""
        if edge not in self.data.borders:
            return 0
        return self.steps("border", self.data.borders[edge] / 1000) + self.steps("cut_edges", 1)

    def balances(self) -> list[Budget]:
        """State the balances: amounts, half of them below and above, and the price."""
        budgets = []
        for key, (column, size) in BALANCES.items():
            if self.factor[key]:
                amounts = [round(value / size) for value in self.data.amounts(column)]
                half = sum(amounts) // 2
                price = int(self.factor[key])
                budgets.append(Budget(key, amounts, half, sum(amounts) - half, price))
        return budgets

    def limits(self, seats: Sequence[tuple[int, int]]) -> Iterator[Budget]:
        """State what a plan may have, or must have, of each goal; `seats` are the links to them."""
        none = [0] * len(self.data.ids)
        for (table, key), given in self.limited.items():
            name, size = f"{table}.{key}", LEAST_STEPS.get(key, 1)
            amount = Fraction(repr(given)) * size
            limit = ceil(amount) if table == "least" else floor(amount)
            if key == "worse_off":
                yield from self._both_sides(name, Fraction(repr(given)))
            elif key in PER_UNIT:
                both = [[round(Fraction(n) * size) for n in own] for own in self.per_unit[key]]
                held = [blue - red for red, blue in both]
                rest = limit - sum(red for red, _ in both)
                low, high = (rest, None) if table == "least" else (None, rest)
                yield Budget(name, held, low, high, None)
            elif key in BALANCES:
                column, unit = BALANCES[key]
                held = [round(value / unit) for value in self.data.amounts(column)]
                half = sum(held) // 2
                yield Budget(name, held, half - limit, sum(held) - half + limit, None)
            elif key == "state_splits":
                away = [self.voters[unit] for unit, _ in seats]
                yield Budget(name, none, None, limit, None, seats, away)
            else:
                lengths = [
                    1 if key == "cut_edges" else round(Fraction(length / 1000) * 1000)
                    for length in self.data.borders.values()
                ]
                yield Budget(name, none, None, limit, None, list(self.data.borders), lengths)

    def _both_sides(self, name: str, least: Fraction) -> Iterator[Budget]:
        """State that each side has its part of so many voters at home, by how many it is."""
        sides = [sum(both[part] for both in self.votes) for part in (0, 1)]
        red, blue = (ceil(least * side / max(1, sum(sides))) for side in sides)
        yield Budget(name, [both[1] for both in self.votes], blue, None, None)
        yield Budget(name, [both[0] for both in self.votes], None, sides[0] - red, None)

    def worse_off(self) -> Iterator[Budget]:
        """State where both sides are equally well off, and the price of any distance from it.

        With ``b`` what blue units bring the blue side, ``r`` what red ones bring the red one and
        ``R`` the sum of what all units would: ``r - b`` is ``R`` less what the blue nation holds of
        both, and ``2 * min(b, r) = b + r - abs(r - b)``.
        """
        if self.equal:
            equal = sum(red for red, _ in self.equal)
            yield Budget("worse_off", [sum(both) for both in self.equal], equal, equal, 1)

    def seated(self) -> list[list[int]]:
        """List the units of each state that has a seat: several units, where splits count."""
        if not self.weights["state_splits"] and ("most", "state_splits") not in self.limited:
            return []
        return [units for _, units in sorted(self.states.items()) if len(units) > 1]

    def account(self, plan: Sequence[int]) -> tuple[list[dict[str, Any]], int]:
        """Say what each goal adds to the objective of a plan, and what it is altogether."""
        goals, objective = [], 0
        for key, unit in WEIGHTS.items():
            if self.weights[key]:
                amount, steps = self._count(key, plan)
                objective += steps
                goals.append(
                    {
                        "key": key,
                        "unit": unit,
                        "weight": float(self.weights[key]),
                        "amount": amount,
                        "votes": float(Fraction(steps, self.scale)),
                    }
                )
        return goals, objective

    def _count(self, key: str, plan: Sequence[int]) -> tuple[Any, int]:
        """Measure what a goal counts, and weigh it in steps; costs are negative."""
        if key in PER_UNIT:
            counted = [own[part] for own, part in zip(self.per_unit[key], plan, strict=True)]
            steps = sum(self.steps(key, amount) for amount in counted)
            amount: Any = sum(counted)
            amount = float(amount) if key == "intensity" else amount
            return amount, -steps if key == "status_quo" else steps
        if key == "state_splits":
            apart = [
                [[unit for unit in units if plan[unit] == part] for part in (0, 1)]
                for units in self.states.values()
            ]
            lost = [min(sum(self.voters[u] for u in side) for side in both) for both in apart]
            price = [min(sum(self.split_cost(u) for u in side) for side in both) for both in apart]
            return sum(lost), -sum(price)
        if key == "worse_off":
            exact = _smaller(_equally_many(self.votes), plan)
            return float(exact), 2 * int(_smaller(self.equal, plan))
        if key in BALANCES:
            budget = next(one for one in self.balances() if one.name == key)
            excess = budget.excess(plan)
            return excess, -excess * (budget.price or 0)
        cut = [edge for edge in self.data.borders if plan[edge[0]] != plan[edge[1]]]
        if key == "cut_edges":
            return len(cut), -self.steps(key, 1) * len(cut)
        lengths = [self.data.borders[edge] / 1000 for edge in cut]
        return total(lengths), -sum(self.steps(key, length) for length in lengths)

    def split_cost(self, unit: int) -> int:
        """Say what a unit costs apart from the larger part of its state."""
        return self.steps("state_splits", self.voters[unit])


def read_goal_limits(scenario: dict[str, Any]) -> dict[tuple[str, str], float]:
    """Read what a plan may have, or must have, of each goal."""
    found = {}
    for table, keys in LIMITED.items():
        place = f"run.json: scenario.{table}"
        given = fields_of(scenario.get(table, {}), keys, place)
        for key, amount in given.items():
            kinds = {int, float} if key in LEAST_STEPS else {int}
            if type(amount) not in kinds or not 0 <= amount <= 1e12:
                fail(f"{place}.{key}", f"{show(amount)}, expected a number from 0 to 1e12.")
            found[table, key] = amount
    return found


def read_weights(table: Any) -> dict[str, Fraction]:
    """Read the weights, in millionths."""
    place = "run.json: scenario.weights"
    needed = [key for key in WEIGHTS if key not in OF_SIDES]
    weights = dict.fromkeys(WEIGHTS, 0) | fields_of(table, tuple(WEIGHTS), place, needed)
    for key, weight in weights.items():
        if type(weight) not in {int, float} or not 0 <= weight <= 1e12:
            fail(f"{place}.{key}", f"{show(weight)}, expected a number of at least 0.")
    return {
        key: Fraction(round(Fraction(weight) * 10**6), 10**6) for key, weight in weights.items()
    }


def scale(weights: dict[str, Fraction]) -> int:
    """Say how many steps a vote has."""
    steps = max(LEAST_STEPS.get(key, 1) if weight else 1 for key, weight in weights.items())
    while any((weight * steps).denominator > 1 for weight in weights.values()):
        steps *= 10
    return steps


def _smaller(amounts: Sequence[Sequence[Fraction | int]], plan: Sequence[int]) -> Fraction | int:
    """Add up what the units of each part bring it; the smaller one of the two sums."""
    return min(
        sum(one[part] for one, at in zip(amounts, plan, strict=True) if at == part)
        for part in (0, 1)
    )


def _equally_many(votes: Sequence[list[int]]) -> list[list[Fraction]]:
    """Count red and blue voters of every unit as if both sides were equally many."""
    sides = [sum(both[part] for both in votes) for part in (0, 1)]
    if not all(sides):
        fail("run.json: scenario.weights.worse_off", "nobody voted for one of the sides.")
    return [[Fraction(both[part] * sum(sides), sides[part]) for part in (0, 1)] for both in votes]


def _weighted(votes: list[int]) -> list[Fraction]:
    """Count the voters of a unit in either part, each times its margin."""
    margin = abs(votes[0] - votes[1])
    return [Fraction(matched * margin, max(1, sum(votes))) for matched in votes]


def _moved(scenario: dict[str, Any], data: Counted) -> list[list[int]]:
    """Count the people of each unit who are not in the nation of their state, in either part."""
    leads = _leads(scenario, data)
    people = data.people or [0] * len(data.ids)
    return [
        [number if leads[state] > 0 else 0, number if leads[state] < 0 else 0]
        for number, state in zip(people, data.states, strict=True)
    ]


def _leads(scenario: dict[str, Any], data: Counted) -> dict[Any, int]:
    """Say which nation each state belongs to today: above 0 for the blue one."""
    leads: dict[Any, int] = defaultdict(int)
    units = scenario["units"]
    for (red, blue), state in zip(data.votes, data.states, strict=True):
        leads[state] += blue - red
    if "all" not in units["only"]:
        return dict.fromkeys(leads, 1 if units["rest"] == "blue" else -1)
    return leads
