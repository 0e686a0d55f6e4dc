"""What a scenario binds, recounted from the data: pieces, places, shares, the sea, neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any, NamedTuple

from partition.verify.fields import entries, fail, fields, show, text, whole
from partition.verify.instance import Edge, Instance, components, neighbours

NATIONS = ("red", "blue")
"""Names of part 0 and part 1."""

HELD = {"population": ("population", 1), "gdp": ("gdp", 1), "area": ("area", 10_000)}
"""Column of each quantity, and the size of what is counted: people, thousand dollars, hectares."""

QUANTITIES = ("population", "gdp", "votes", "area")
COUNTRIES = ("canada", "mexico")


class Counted(NamedTuple):
    """The data: columns by name, and the edges that are on."""

    columns: dict[str, list[Any]]
    borders: dict[Edge, float]
    """Length of the border of every edge that is on, in metres."""

    @property
    def edges(self) -> set[Edge]:
        """Edges that are on."""
        return set(self.borders)

    def votes(self, election: str) -> list[list[int]]:
        """List the red and blue votes of every unit."""
        sides = (self.columns[f"{side}_{election}"] for side in ("rep", "dem"))
        return [list(pair) for pair in zip(*sides, strict=True)]

    @property
    def ids(self) -> list[Any]:
        """Of the units."""
        return self.columns["geoid"]


def compare_rules(
    scenario: dict[str, Any], data: Counted, instance: Instance, n_seats: int
) -> None:
    """Refuse an instance whose constraints are not those of the scenario.

    Parameters
    ----------
    scenario
        The table of ``run.json``.
    data
        Units and edges of the data.
    instance
        Of the certificate. Its units are those of the data, followed by neighbours and seats.
    n_seats
        How many seats of states follow, which are free and touch nothing.

    Raises
    ------
    CertificateError
        At the first difference.
    """
    where = "run.json: scenario"
    n_units = len(data.ids)
    fixed = [-1] * n_units
    for rows, part in _pinned(scenario["units"], data, f"{where}.units"):
        for row in rows:
            fixed[row] = part
    beyond = list(_beyond(scenario["neighbours"], data, f"{where}.neighbours"))
    fixed += [*(part for part, _ in beyond), *[-1] * n_seats]
    if len(instance.ids) != len(fixed):
        fail("instance.ids", f"{len(instance.ids)} units, expected {len(fixed)}.")
    for unit, part in enumerate(fixed):
        if instance.fixed[unit] != part:
            fail(
                f"instance.fixed[{unit}]",
                f"{instance.fixed[unit]}, but the scenario has {part} for {instance.ids[unit]}.",
            )
    together = _together(scenario["units"], data, f"{where}.units.whole")
    _compare_groups(instance, [*together, *range(n_units, len(fixed))])
    rules = fields(scenario["nations"], f"{where}.nations", NATIONS)
    keys = ("pieces", "sea_access", "least", "most")
    for part, (name, given) in enumerate(zip(NATIONS, rules, strict=True)):
        place = f"{where}.nations.{name}"
        most = fields(given, place, keys)[0]
        pieces = 0 if most == "any" else whole(most, f"{place}.pieces", 1)
        if instance.pieces[part] != pieces:
            fail(
                f"{place}.pieces",
                f"{show(most)}, but instance.pieces[{part}] is {instance.pieces[part]}.",
            )
    edges = set(data.edges)
    for number, (_, rows) in enumerate(beyond):
        edges |= {(row, n_units + number) for row in rows}
    _compare_edges(instance, edges)
    _compare_limits(instance, scenario, data)


def expected_limits(scenario: dict[str, Any], data: Counted) -> Iterator[tuple[Any, ...]]:
    """State what the blue nation may hold: amounts of the units, lower and upper limit."""
    where = "run.json: scenario.nations"
    keys = ("pieces", "sea_access", "least", "most")
    tables = dict(zip(NATIONS, fields(scenario["nations"], where, NATIONS), strict=True))
    nations = {
        name: dict(zip(keys, fields(table, f"{where}.{name}", keys), strict=True))
        for name, table in tables.items()
    }
    for quantity in QUANTITIES:
        share = {
            (name, side): _share(nations[name][side], quantity, f"{where}.{name}.{side}")
            for name in NATIONS
            for side in ("least", "most")
        }
        if all(value is None for value in share.values()):
            continue
        amounts = _amounts(data, quantity, scenario["election"])
        total = sum(amounts)
        low, high = [], []
        if (value := share["blue", "least"]) is not None:
            low.append(ceil(value * total))
        if (value := share["red", "most"]) is not None:
            low.append(total - floor(value * total))
        if (value := share["blue", "most"]) is not None:
            high.append(floor(value * total))
        if (value := share["red", "least"]) is not None:
            high.append(total - ceil(value * total))
        # A limit that limits nothing may be left out.
        lower, upper = max(low, default=0), min(high, default=total)
        yield amounts, lower, upper
    wants = {name: nations[name]["sea_access"] for name in NATIONS}
    for name, value in wants.items():
        if type(value) is not bool:
            fail(f"{where}.{name}.sea_access", f"{show(value)}, expected true or false.")
    if any(wants.values()):
        coastal = [int(length > 0) for length in data.columns["sea_coast"]]
        yield coastal, int(wants["blue"]), sum(coastal) - int(wants["red"])


def _compare_limits(instance: Instance, scenario: dict[str, Any], data: Counted) -> None:
    n_more = len(instance.ids) - len(data.ids)
    wanted = [
        ([*amounts, *[0] * n_more], lower, upper)
        for amounts, lower, upper in expected_limits(scenario, data)
    ]
    hard = [budget for budget in instance.budgets if budget.price is None]
    found = [
        (
            budget.amounts,
            max(0, budget.lower or 0),
            sum(budget.amounts) if budget.upper is None else budget.upper,
        )
        for budget in hard
    ]
    if found != wanted:
        fail("instance.budgets", "these are not the shares and coasts that the scenario asks for.")


def _compare_groups(instance: Instance, expected: list[int]) -> None:
    """Compare who stays together, whatever the labels."""
    first: dict[int, int] = {}
    given = [
        unit if label < 0 else first.setdefault(label, unit)
        for unit, label in enumerate(instance.groups)
    ]
    for unit, (found, wanted) in enumerate(zip(given, expected, strict=True)):
        if found != wanted:
            fail(
                f"instance.groups[{unit}]",
                f"{instance.ids[unit]} goes with {instance.ids[found]}, "
                f"but in the scenario with {instance.ids[wanted]}.",
            )


def _compare_edges(instance: Instance, expected: set[Edge]) -> None:
    for number, edge in enumerate(instance.edges):
        if edge not in expected:
            fail(f"instance.edges[{number}]", f"{list(edge)} is not an edge that the scenario has.")
    missing = sorted(expected - set(instance.edges))
    if missing:
        fail("instance.edges", f"the edge {list(missing[0])} of the data is missing.")


def _named(name: str, data: Counted, place: str) -> list[int]:
    """Find the units that a name stands for."""
    ids, states = data.ids, data.columns["state"]
    if name == "all":
        return list(range(len(ids)))
    for rows in (
        [row for row, unit in enumerate(ids) if unit == name],
        [row for row, state in enumerate(states) if state == name],
        [row for row, unit in enumerate(ids) if len(name) == 2 and unit.startswith(name)],
    ):
        if rows:
            return rows
    return fail(place, f"{show(name)} is no unit and no state.")


def _names(value: Any, place: str) -> list[str]:
    return [text(name, f"{place}[{number}]") for number, name in enumerate(entries(value, place))]


def _pinned(table: Any, data: Counted, place: str) -> Iterator[tuple[list[int], int]]:
    """List units and the part that each of them must join."""
    keys = ("blue", "red", "whole", "only", "rest")
    blue, red, _, only, rest = fields(table, place, keys)
    for part, key, names in ((1, "blue", blue), (0, "red", red)):
        for name in _names(names, f"{place}.{key}"):
            yield _named(name, data, f"{place}.{key}"), part
    choosing: set[int] = set()
    for name in _names(only, f"{place}.only"):
        choosing.update(_named(name, data, f"{place}.only"))
    if text(rest, f"{place}.rest") not in NATIONS:
        fail(f"{place}.rest", f"{show(rest)}, expected red or blue.")
    yield [row for row in range(len(data.ids)) if row not in choosing], NATIONS.index(rest)


def _together(table: Any, data: Counted, place: str) -> list[int]:
    """Give every unit the first one that it stays together with."""
    wholes: list[list[int]] = []
    for name in _names(table["whole"], place):
        if name == "states":
            by_state = defaultdict(list)
            for row, state in enumerate(data.columns["state"]):
                by_state[state].append(row)
            wholes += by_state.values()
        else:
            wholes.append(_named(name, data, place))
    chains = [pair for rows in wholes for pair in pairwise(rows)]
    label = components(neighbours(len(data.ids), chains))
    return [label.index(one) for one in label]


def _beyond(table: Any, data: Counted, place: str) -> Iterator[tuple[int, list[int]]]:
    """List the neighbours: their part, and the units that border on them, by landmass."""
    for country, nation in zip(COUNTRIES, fields(table, place, COUNTRIES), strict=True):
        if nation is None:
            continue
        if nation not in NATIONS:
            fail(f"{place}.{country}", f"{show(nation)}, expected red or blue.")
        landmass = components(neighbours(len(data.ids), sorted(data.edges)))
        by_mass = defaultdict(list)
        for row, borders in enumerate(data.columns[f"borders_{country}"]):
            if borders and landmass.count(landmass[row]) > 1:
                by_mass[landmass[row]].append(row)
        for _, rows in sorted(by_mass.items()):
            yield NATIONS.index(nation), rows


def _amounts(data: Counted, quantity: str, election: str) -> list[int]:
    """Count a quantity in whole numbers."""
    if quantity == "votes":
        return [sum(votes) for votes in data.votes(election)]
    name, size = HELD[quantity]
    return [round(value / size) for value in data.columns[name]]


def _share(table: Any, quantity: str, place: str) -> Fraction | None:
    """Read a share as the decimal that was written."""
    value = dict(zip(QUANTITIES, fields(table, place, QUANTITIES), strict=True))[quantity]
    if value is None:
        return None
    if type(value) not in {int, float} or not 0 <= value <= 1:
        fail(f"{place}.{quantity}", f"{show(value)}, expected a share from 0 to 1.")
    return Fraction(repr(value))
