"""What can be weighed: each goal counts something of units, of edges, or of states.

======================  ==========================================================  ===============
goal                    what it counts                                              w is in votes
======================  ==========================================================  ===============
``self_determination``  + voters who live in the nation of their vote               per voter
``intensity``           + the same voters, each times the margin of the unit        per voter
``border``              - kilometres of frontier                                    per km
``cut_edges``           - pairs of adjacent units in different nations              per pair
``state_splits``        - voters cut off from the larger part of their state        per voter
``status_quo``          - people whose nation is not that of their state today      per person
``population_balance``  - people who would have to move to make the nations equal   per person
``gdp_balance``         - million dollars of GDP that would have to move            per million
``area_balance``        - square kilometres of land that would have to move         per km²
``blue_at_home``        + blue voters who live in the blue nation                   per voter
``red_at_home``         + red voters who live in the red nation                     per voter
``worse_off``           + voters at home if both sides had the smaller share        per voter
======================  ==========================================================  ===============

:mod:`partition.question.objectives` adds them up.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from partition.errors import ScenarioError
from partition.metrics import BLUE, RED
from partition.question.quantities import Ints, amounts, column, total_of
from partition.scenario import ALL, Scenario
from shapefiles.units import Units

Column = npt.NDArray[np.float64] | Ints | npt.NDArray[np.object_]
"""Lengths in floats, counts in whole numbers, shares of counts in fractions."""


class Goal(NamedTuple):
    """One goal: what it counts and how."""

    key: str
    measured_in: str
    """Unit of measure of the amounts."""
    form: Literal["units", "edges", "states", "balance", "smaller"]
    """Whose amounts they are: of units in part 0 and part 1; of edges, which count when they are
    cut; of units, which count when they are in the smaller part of their state; of units whose
    sum should be the same in both parts; or of units in part 0 and part 1, of which the part with
    the smaller sum counts."""
    is_cost: bool
    amounts: Callable[[Units, Scenario], Column]
    """What units or edges bring; edges are those that the scenario leaves on."""

    @property
    def sign(self) -> int:
        """1 where an objective grows with the goal, -1 where it shrinks."""
        return -1 if self.is_cost else 1


def active_edges(units: Units, scenario: Scenario) -> npt.NDArray[np.bool_]:
    """Mark the edges that the scenario leaves on, shape ``(n_edges,)``."""
    return units.edges.select(scenario.edges.on, scenario.edges.off)


def matched_voters(units: Units, scenario: Scenario) -> Ints:
    """Count, for each unit and part, the voters who get the nation of their vote.

    ``a[i, blue] = blue votes of i``, ``a[i, red] = red votes of i``; shape ``(n_units, 2)``.
    """
    votes = units.votes[scenario.election]  # columns: blue, red
    matched = np.empty_like(votes)
    matched[:, BLUE] = votes[:, 0]
    matched[:, RED] = votes[:, 1]
    return matched


def _of_one_side(part: int) -> Callable[[Units, Scenario], Ints]:
    def count(units: Units, scenario: Scenario) -> Ints:
        """Count the voters of one side who get the nation of their vote."""
        matched = matched_voters(units, scenario)
        matched[:, 1 - part] = 0
        return matched

    return count


def shares_at_home(units: Units, scenario: Scenario) -> npt.NDArray[np.object_]:
    """Count the same voters of each side as if both sides were equally many, in fractions.

    With ``V`` voters, ``V_p`` of them of the side of part ``p``: ``a[i, p] = matched voters of i in
    p * V / V_p``. So the sum of ``a[:, p]`` over part ``p`` is ``V`` times the share of that side
    who live at home; shape ``(n_units, 2)``.

    Raises
    ------
    ScenarioError
        When nobody voted for one of the sides.
    """
    matched = matched_voters(units, scenario)
    sides = [sum(one) for one in matched.T.tolist()]
    for part, name in ((BLUE, "blue"), (RED, "red")):
        if not sides[part]:
            raise ScenarioError(
                f"weights.worse_off compares the shares of both sides who live at home, and nobody "
                f"voted {name} in election {scenario.election!r}."
            )
    share = [Fraction(sum(sides), side) for side in sides]
    scaled = np.empty(matched.shape, np.object_)
    for unit, voters in enumerate(matched.tolist()):
        scaled[unit] = [voters[part] * share[part] for part in (RED, BLUE)]
    return scaled


def weighted_voters(units: Units, scenario: Scenario) -> npt.NDArray[np.object_]:
    """Count the same voters, each times the margin of the unit, in fractions.

    ``a[i, p] = |B_i - R_i| / (B_i + R_i) * matched voters of i in p``: a county of 90 to 10 counts
    eight tenths, one of 50 to 50 nothing; shape ``(n_units, 2)``. The product of votes and margin
    leaves 64 bits from three thousand million votes a unit on, so it is formed in Python's own
    integers.
    """
    matched = matched_voters(units, scenario)
    weighted = np.empty(matched.shape, np.object_)
    for unit, voters in enumerate(matched.tolist()):
        margin, total = abs(voters[0] - voters[1]), max(1, sum(voters))
        weighted[unit] = [Fraction(voters[part] * margin, total) for part in (RED, BLUE)]
    return weighted


def border_km(units: Units, scenario: Scenario) -> npt.NDArray[np.float64]:
    """Measure the common border of each edge in kilometres, shape ``(n_edges,)``.

    Lengths are those of the unsimplified polygons; links over water have none.

    Raises
    ------
    ScenarioError
        When no border has a length.
    """
    if not units.has_lengths:
        raise ScenarioError(
            "weights.border needs the lengths of borders (shared_perim), which the graph does not "
            "have. weights.cut_edges counts borders without them."
        )
    return units.edges.border[active_edges(units, scenario)] / 1000


def one_each(units: Units, scenario: Scenario) -> Ints:
    """Count each edge as one, shape ``(n_edges,)``."""
    return np.ones(int(active_edges(units, scenario).sum()), np.int64)


def voters(units: Units, scenario: Scenario) -> Ints:
    """Count the two-party voters of each unit, shape ``(n_units,)``.

    Those of a state who live in the nation with fewer of them are cut off:
    ``sum over states of min(voters in blue, voters in red)``.
    """
    if not (units.states != "").any():
        raise ScenarioError(
            "weights.state_splits needs the state of every unit, which the data do not have."
        )
    total: Ints = units.votes[scenario.election].sum(axis=1)
    return total


def moved_people(units: Units, scenario: Scenario) -> Ints:
    """Count, for each unit and part, the people whose nation is not that of their state today.

    The nation of a state today is the one that most of its two-party voters chose in the
    scenario's election; a tie is no nation, and nobody there moves. Where only some places may
    leave (``units.only``), everybody belongs today to the nation that the others stay in. Shape
    ``(n_units, 2)``.
    """
    people = np.rint(column(units, "population", "weights.status_quo")).astype(np.int64)
    total_of(people, "population", "weights.status_quo", units.ids)
    if ALL in scenario.units.only:
        _, state = np.unique(units.states, return_inverse=True)
        blue, red = units.votes[scenario.election].T
        lead = np.zeros(int(state.max()) + 1, np.int64)
        np.add.at(lead, state, blue - red)
        lead = lead[state]
    else:
        lead = np.full(units.n_units, 1 if scenario.units.rest == "blue" else -1)
    moved = np.zeros((units.n_units, 2), np.int64)
    moved[lead < 0, BLUE] = people[lead < 0]
    moved[lead > 0, RED] = people[lead > 0]
    return moved


def _balance(quantity: str) -> Callable[[Units, Scenario], Ints]:
    def count(units: Units, scenario: Scenario) -> Ints:
        """Count what each unit holds; out of balance is half the difference, rounded down."""
        key = f"weights.{quantity}_balance"
        return amounts(units, quantity, scenario.election, key, "coarse")

    return count


GOALS = (
    Goal("self_determination", "voters", "units", False, matched_voters),
    Goal("intensity", "voters", "units", False, weighted_voters),
    Goal("border", "km", "edges", True, border_km),
    Goal("cut_edges", "pairs", "edges", True, one_each),
    Goal("state_splits", "voters", "states", True, voters),
    Goal("status_quo", "people", "units", True, moved_people),
    Goal("population_balance", "people", "balance", True, _balance("population")),
    Goal("gdp_balance", "million dollars", "balance", True, _balance("gdp")),
    Goal("area_balance", "km²", "balance", True, _balance("area")),
    Goal("blue_at_home", "voters", "units", False, _of_one_side(BLUE)),
    Goal("red_at_home", "voters", "units", False, _of_one_side(RED)),
    Goal("worse_off", "voters", "smaller", False, shares_at_home),
)
"""Every goal, in the order of :class:`partition.scenario.Weights`."""
