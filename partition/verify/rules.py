"""What a scenario binds, recounted from the data: pieces, places, shares, the sea, neighbours."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, fsum
from typing import Any

from partition.verify.counted import Counted
from partition.verify.fields import entries, fail, fields, fields_of, show, text, whole
from partition.verify.instance import Budget, components, neighbours

NATIONS = ("red", "blue")
"""Names of part 0 and part 1."""

HELD = {"population": ("population", 1), "gdp": ("gdp", 1), "area": ("area", 10_000)}
"""Column of each quantity, and the size of what is counted: people, thousand dollars, hectares."""

SMALL = 1e10
"""Square metres of land below which each of them is counted."""

QUANTITIES = ("population", "gdp", "votes", "area")
COUNTRIES = ("canada", "mexico")
WHERE = "run.json: scenario"

RULES = ("pieces", "sea_access", "least", "most")
"""Keys of what a nation must meet."""

STRANDED = ("stranded_most", "stranded_most_by_state")
"""Keys of what a nation may leave behind, where that is limited: of its side's voters, and of those
in every state."""


def fixed_parts(scenario: dict[str, Any], data: Counted) -> list[int]:
    """State the part that each unit must join, or -1."""
    fixed = [-1] * len(data.ids)
    for rows, part in _pinned(scenario["units"], data, f"{WHERE}.units"):
        for row in rows:
            fixed[row] = part
    return fixed


def groups(scenario: dict[str, Any], data: Counted) -> list[int]:
    """Give every unit the first one that it stays together with."""
    more = _several(data) if _split_most(scenario) == 0 else []
    return _together(scenario["units"], more, data, f"{WHERE}.units.whole")


def divisible(scenario: dict[str, Any], data: Counted) -> list[list[int]]:
    """List the units of each state whose split counts, in the order of the states' codes.

    Those of several units do, where not all of them may be split and some may.
    """
    states = _several(data)
    most = _split_most(scenario)
    return states if most is not None and 0 < most < len(states) else []


def _split_most(scenario: dict[str, Any]) -> int | None:
    """Read how many states may be split."""
    place = f"{WHERE}.states"
    (most,) = fields(scenario.get("states", {"split_most": None}), place, ("split_most",))
    return None if most is None else whole(most, f"{place}.split_most", 0)


def _several(data: Counted) -> list[list[int]]:
    """List the units of each state that has several."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, state in enumerate(data.states):
        rows[state].append(row)
    return [rows[state] for state in sorted(rows) if state and len(rows[state]) > 1]


def splits(scenario: dict[str, Any], ends: list[tuple[int, int]], n_rows: int) -> Iterator[Budget]:
    """State how many states may be split: those whose upper end is blue and whose lower is not."""
    if ends:
        amounts = [0] * n_rows
        for below, above in ends:
            amounts[below], amounts[above] = -1, 1
        yield Budget("split states", amounts, None, _split_most(scenario), None)


def pieces(scenario: dict[str, Any]) -> list[int]:
    """State the most pieces of each part, 0 for any number."""
    given = []
    for name, rules in _rules(scenario).items():
        most = rules["pieces"]
        given.append(0 if most == "any" else whole(most, f"{WHERE}.nations.{name}.pieces", 1))
    return given


def _rules(scenario: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Read what each nation must meet."""
    where = f"{WHERE}.nations"
    tables = dict(zip(NATIONS, fields(scenario["nations"], where, NATIONS), strict=True))
    return {
        name: fields_of(table, (*RULES, *STRANDED), f"{where}.{name}", needed=RULES)
        for name, table in tables.items()
    }


def stranded(scenario: dict[str, Any], data: Counted) -> Iterator[Budget]:
    """State how many voters may be stranded, as what the blue nation holds of them, of blue first.

    So many of its own that no more than the share of them is left to the red nation, and no more
    red ones than their share.
    """
    for name, rules in reversed(_rules(scenario).items()):
        part = NATIONS.index(name)
        own = [votes[part] for votes in data.votes]
        for key in STRANDED:
            place = f"{WHERE}.nations.{name}.{key}"
            if (value := rules.get(key)) is None:
                continue
            share = _decimal(value, place)
            for held in [own] if key == STRANDED[0] else _by_state(own, data, place):
                most = floor(share * sum(held))
                low, high = (sum(held) - most, None) if name == "blue" else (None, most)
                yield Budget(f"{name} voters", held, low, high, None)


def _by_state(own: list[int], data: Counted, place: str) -> Iterator[list[int]]:
    """List the amounts of each state, and nothing of the others."""
    if "" in data.states:
        fail(place, "the data do not say which state every unit is in.")
    for state in sorted(set(data.states)):
        yield [value if one == state else 0 for value, one in zip(own, data.states, strict=True)]


def at_home(scenario: dict[str, Any], data: Counted) -> Iterator[Budget]:
    """State how many voters must live in the nation of their vote, as what the blue one has more.

    With everybody in the red nation, the red votes are at home; a unit that joins the blue one adds
    its blue votes and takes away its red ones.
    """
    place = f"{WHERE}.voters.at_home"
    (least,) = fields(scenario.get("voters", {"at_home": None}), f"{WHERE}.voters", ("at_home",))
    if least is not None:
        lower = whole(least, place, 0) - sum(red for red, _ in data.votes)
        yield Budget("voters at home", [blue - red for red, blue in data.votes], lower, None, None)


def apart(scenario: dict[str, Any], data: Counted) -> Iterator[Budget]:
    """State how many must live where the nation is not that of each of some other plans.

    Whoever is blue and was red counts, and whoever was blue and is not.
    """
    place = f"{WHERE}.apart"
    given = scenario.get("apart", {})
    keys = tuple(key for key in ("people", "voters", "plans") if key in given)
    rules = dict(zip(keys, fields(given, place, keys), strict=True))
    others = entries(rules.pop("plans", []), f"{place}.plans")
    for key, value in rules.items():
        least = whole(value, f"{place}.{key}", 1)
        held = _amounts(data, {"people": "population", "voters": "votes"}[key])
        for number, names in enumerate(others):
            where = f"{place}.plans[{number}]"
            blue = {row for name in _names(names, where) for row in _named(name, data, where)}
            signed = [-one if row in blue else one for row, one in enumerate(held)]
            lower = least - sum(held[row] for row in blue)
            yield Budget(f"{key} apart from plan {number + 1}", signed, lower, None, None)


def limits(scenario: dict[str, Any], data: Counted) -> Iterator[Budget]:
    """State what the blue nation may hold; a limit that limits nothing is written as well."""
    where, nations = f"{WHERE}.nations", _rules(scenario)
    for quantity in QUANTITIES:
        share = {
            (name, side): _share(nations[name][side], quantity, f"{where}.{name}.{side}")
            for name in NATIONS
            for side in ("least", "most")
        }
        if all(value is None for value in share.values()):
            continue
        amounts = _amounts(data, quantity)
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
        lower, upper = max(low, default=0), min(high, default=total)
        yield Budget(quantity, amounts, max(0, lower), upper, None)
    wants = {name: nations[name]["sea_access"] for name in NATIONS}
    for name, value in wants.items():
        if type(value) is not bool:
            fail(f"{where}.{name}.sea_access", f"{show(value)}, expected true or false.")
    if any(wants.values()):
        coastal = [int(length > 0) for length in data.amounts("sea_coast")]
        upper = sum(coastal) - int(wants["red"])
        yield Budget("sea access", coastal, int(wants["blue"]), upper, None)


def _named(name: str, data: Counted, place: str) -> list[int]:
    """Find the units that a name stands for."""
    ids, states = data.ids, data.states
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


def _together(table: Any, more: list[list[int]], data: Counted, place: str) -> list[int]:
    """Give every unit the first one that it stays together with, by its place or by `more`."""
    wholes = list(more)
    for name in _names(table["whole"], place):
        if name == "states":
            by_state = defaultdict(list)
            for row, state in enumerate(data.states):
                if state:  # units without a state are no state together
                    by_state[state].append(row)
            wholes += by_state.values()
        else:
            wholes.append(_named(name, data, place))
    chains = [pair for rows in wholes for pair in pairwise(rows)]
    label = components(neighbours(len(data.ids), chains))
    first: dict[int, int] = {}
    return [first.setdefault(one, row) for row, one in enumerate(label)]


def beyond(table: Any, data: Counted, place: str) -> Iterator[tuple[int, list[int]]]:
    """List the neighbours: their part, and the units that border on them, by landmass."""
    for country, nation in zip(COUNTRIES, fields(table, place, COUNTRIES), strict=True):
        if nation is None:
            continue
        if nation not in NATIONS:
            fail(f"{place}.{country}", f"{show(nation)}, expected red or blue.")
        landmass = components(neighbours(len(data.ids), data.edges))
        size = Counter(landmass)
        by_mass = defaultdict(list)
        for row, borders in enumerate(data.amounts(f"borders_{country}")):
            if borders and size[landmass[row]] > 1:
                by_mass[landmass[row]].append(row)
        for _, rows in sorted(by_mass.items()):
            yield NATIONS.index(nation), rows


def _amounts(data: Counted, quantity: str) -> list[int]:
    """Count a quantity in whole numbers."""
    if quantity == "votes":
        return data.voters
    name, size = HELD[quantity]
    values = data.amounts(name)
    if name == "area" and fsum(values) < SMALL:
        size = 1
    return [round(value / size) for value in values]


def _share(table: Any, quantity: str, place: str) -> Fraction | None:
    """Read a share as the decimal that was written."""
    value = dict(zip(QUANTITIES, fields(table, place, QUANTITIES), strict=True))[quantity]
    return None if value is None else _decimal(value, f"{place}.{quantity}")


def _decimal(value: Any, place: str) -> Fraction:
    """Read a number from 0 to 1 as the decimal that was written."""
    if type(value) not in {int, float} or not 0 <= value <= 1:
        fail(place, f"{show(value)}, expected a share from 0 to 1.")
    return Fraction(repr(float(value)))
