"""What every plan has to meet, as rows and numbers: fixed units, whole places, shares, the sea."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

import networkx as nx
import numpy as np
import numpy.typing as npt

from partition.errors import ClashError, ScenarioError
from partition.metrics import NATION_NAMES
from partition.question.gazetteer import Gazetteer, Rows
from partition.question.quantities import NAMES, Ints, amounts, column
from partition.scenario import ALL, QUANTITIES, STATES, Scenario
from shapefiles.units import Units
from solvers.problem import ALONE, FREE, Budget

PARTS = {name: part for part, name in enumerate(NATION_NAMES)}
"""Part of each nation."""


AT_HOME = "voters at home"
"""Name of the budget on voters who live in the nation of their vote."""

SEA = "sea access"
"""Name of the budget on units that lie on the sea."""


class Place(NamedTuple):
    """Some units that a key of the scenario names."""

    source: str
    """The key and the name, for messages: ``units.blue = "CA"``."""
    rows: Rows


class Pin(NamedTuple):
    """Some units that must lie in one part."""

    place: Place
    part: int


class Limit(NamedTuple):
    """What the blue nation may hold, and the keys that say so."""

    budget: Budget
    lower_source: str
    """Key of the lower limit; empty where there is none."""
    upper_source: str


def pins(units: Units, scenario: Scenario) -> Iterator[Pin]:
    """List which units are fixed, and by what."""
    rules, gazetteer = scenario.units, Gazetteer(units)
    for name, places in (("blue", rules.blue), ("red", rules.red)):
        for place in dict.fromkeys(places):
            key = f"units.{name}"
            yield Pin(Place(f'{key} = "{place}"', gazetteer.find(place, key)), PARTS[name])
    if ALL not in rules.only:
        may_choose = np.zeros(units.n_units, np.bool_)
        for place in dict.fromkeys(rules.only):
            may_choose[gazetteer.find(place, "units.only")] = True
        rest = np.flatnonzero(~may_choose)
        if len(rest):
            yield Pin(Place(f'units.rest = "{rules.rest}"', rest), PARTS[rules.rest])


def fixed_parts(units: Units, given: list[Pin]) -> npt.NDArray[np.int8]:
    """Fix units to the parts that the pins say; the last one counts, shape ``(n_units,)``."""
    fixed = np.full(units.n_units, FREE, np.int8)
    for pin in given:
        fixed[pin.place.rows] = pin.part
    return fixed


def whole_places(units: Units, scenario: Scenario) -> Iterator[Place]:
    """List the places that stay whole."""
    gazetteer = Gazetteer(units)
    for place in dict.fromkeys(scenario.units.whole):
        source = f'units.whole = "{place}"'
        if place == STATES:
            codes = [code for code in gazetteer.states if code]
            if not codes:
                raise ScenarioError(f"{source}: the data do not say which state a unit is in.")
            for code in codes:
                yield Place(source, gazetteer.states[code])
        else:
            yield Place(source, gazetteer.find(place, "units.whole"))
    if scenario.states.split_most == 0:
        source = "states.split_most = 0"
        for rows in several_units(units, "states.split_most").values():
            yield Place(source, rows)


def several_units(units: Units, key: str) -> dict[str, Rows]:
    """List the states that could be split: those of two units or more, in order of their codes.

    Raises
    ------
    ScenarioError
        When the data do not say which state any unit is in.
    """
    states = {code: rows for code, rows in sorted(Gazetteer(units).states.items()) if code}
    if not states:
        raise ScenarioError(f"{key}: the data do not say which state a unit is in.")
    return {code: rows for code, rows in states.items() if len(rows) > 1}


def groups(units: Units, places: list[Place]) -> Ints:
    """Label the units that stay together; places that share a unit merge, shape ``(n_units,)``.

    A label is the first row of its units, so that it does not depend on the order of the places.
    """
    together = nx.utils.UnionFind(range(units.n_units))
    for place in places:
        together.union(*place.rows.tolist())
    label = np.arange(units.n_units)
    for members in together.to_sets():
        label[list(members)] = min(members)
    sizes = np.bincount(label, minlength=units.n_units)
    return np.where(sizes[label] > 1, label, ALONE)


def limits(units: Units, scenario: Scenario) -> Iterator[Limit]:
    """State the shares and the access to the sea as limits on what the blue nation holds.

    With ``T`` the total, the blue nation holds at least ``ceil(least.blue * T)`` and
    ``T - floor(most.red * T)``, and at most ``floor(most.blue * T)`` and
    ``T - ceil(least.red * T)``. Shares are taken as the decimals that were written.
    """
    blue, red = scenario.nations.blue, scenario.nations.red
    for quantity in QUANTITIES:
        named = {
            f"nations.{name}.{side}.{quantity}": getattr(getattr(rules, side), quantity)
            for name, rules in (("blue", blue), ("red", red))
            for side in ("least", "most")
        }
        given = {
            key: Fraction(repr(float(share))) for key, share in named.items() if share is not None
        }
        if not given:
            continue
        held = amounts(units, quantity, scenario.election, next(iter(given)))
        total = int(held.sum())
        lower, upper = [(0, "")], [(total, "")]
        for key, share in given.items():
            least = ".least." in key
            whole = ceil(share * total) if least else floor(share * total)
            if ".blue." in key:
                (lower if least else upper).append((whole, key))
            else:
                (upper if least else lower).append((total - whole, key))
        yield _limit(
            held, max(lower, key=lambda one: one[0]), min(upper, key=lambda one: one[0]), quantity
        )
    if blue.sea_access or red.sea_access:
        key = "nations.blue.sea_access" if blue.sea_access else "nations.red.sea_access"
        coastal = (column(units, "sea_coast", key) > 0).astype(np.int64)
        n_coastal = int(coastal.sum())
        yield _limit(
            coastal,
            (1, "nations.blue.sea_access") if blue.sea_access else (0, ""),
            (n_coastal - 1, "nations.red.sea_access") if red.sea_access else (n_coastal, ""),
            SEA,
        )


def home_budget(units: Units, scenario: Scenario) -> Budget | None:
    """State how many voters must live in the nation of their vote, as what the blue one has more.

    With everybody in the red nation the red votes are at home. A unit that joins the blue nation
    brings its blue votes home and takes its red ones away: ``sum over blue units of (B - R) >=
    at_home - sum of R``.

    Raises
    ------
    ClashError
        When there are not so many, if every unit joined its own majority.
    """
    least = scenario.voters.at_home
    if least is None:
        return None
    blue, red = units.votes[scenario.election].T
    most = int(np.maximum(blue, red).sum())
    if least > most:
        raise ClashError(
            f"voters.at_home = {least} cannot be met: no more than {most} voters live in the "
            "nation of their vote if every unit joins its own majority. Ask for fewer."
        )
    return Budget(blue - red, lower=least - int(red.sum()), name=AT_HOME)


def _limit(held: Ints, lower: tuple[int, str], upper: tuple[int, str], quantity: str) -> Limit:
    low, high = lower[0] if lower[1] else None, upper[0] if upper[1] else None
    if low is not None and high is not None and low > high:
        both = f"{lower[1]} and {upper[1]}"
        raise ClashError(
            f"{both} contradict each other: together they ask for more than there is of "
            f"{NAMES.get(quantity, 'sea coast')}."
        )
    return Limit(Budget(held, low, high, name=quantity), lower[1], upper[1])
