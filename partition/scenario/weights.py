"""What makes a plan good: the table ``[weights]``."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from partition.errors import ScenarioError

SMALLEST = 1e-6
"""Weights are counted in millionths; a smaller one would be none."""

LARGEST = 1e12
"""Far beyond what can be added up exactly."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each goal counts, in votes; :mod:`partition.question.goals` has the formulas.

    Parameters
    ----------
    self_determination
        Votes per voter who lives in the nation of their vote.
    intensity
        Votes per such voter, times the margin of the unit: voters of lopsided units count more.
    border
        Votes that a kilometre of frontier costs.
    cut_edges
        Votes that a pair of adjacent units in different nations costs.
    state_splits
        Votes per voter who is cut off from the larger part of their state.
    status_quo
        Votes per person whose nation is not that of their state today.
    population_balance
        Votes per person who would have to move to make the nations equally large.
    gdp_balance
        Votes per million dollars of GDP that would have to move likewise.
    area_balance
        Votes per square kilometre that would have to move likewise.
    blue_at_home, red_at_home
        Votes per voter of one side who lives in the nation of that side.
    worse_off
        Votes per voter who would be at home if both sides had the smaller of their two shares at
        home.

    Raises
    ------
    ScenarioError
        When a weight is negative, not a number, or too small or too large to count, or when all of
        them are 0.
    """

    self_determination: float = 1.0
    intensity: float = 0.0
    border: float = 0.0
    cut_edges: float = 0.0
    state_splits: float = 0.0
    status_quo: float = 0.0
    population_balance: float = 0.0
    gdp_balance: float = 0.0
    area_balance: float = 0.0
    blue_at_home: float = 0.0
    red_at_home: float = 0.0
    worse_off: float = 0.0

    def __post_init__(self) -> None:
        for key in GOALS:
            weight = getattr(self, key)
            if not (math.isfinite(weight) and weight >= 0):
                raise ScenarioError(f"{key} = {weight}: give a finite number, 0 or more.")
            if 0 < weight < SMALLEST:
                raise ScenarioError(
                    f"{key} = {weight} is too small to count: give 0, or at least {SMALLEST}."
                )
            if weight > LARGEST:
                raise ScenarioError(
                    f"{key} = {weight} is too large to count: give at most {LARGEST:.0f}."
                )
        if not any(getattr(self, key) for key in GOALS):
            raise ScenarioError(
                "self_determination = 0: all weights are 0, so that no plan is better; set one "
                "above 0."
            )

    @property
    def is_plain(self) -> bool:
        """Whether the objective is the number of voters who live in the nation of their vote."""
        return self == Weights()


UNITS = {
    "self_determination": "votes a voter",
    "intensity": "votes a voter",
    "border": "votes a km",
    "cut_edges": "votes a pair of neighbours",
    "state_splits": "votes a voter",
    "status_quo": "votes a person",
    "population_balance": "votes a person",
    "gdp_balance": "votes a million dollars",
    "area_balance": "votes a km²",
    "blue_at_home": "votes a voter",
    "red_at_home": "votes a voter",
    "worse_off": "votes a voter",
}
"""What each weight is counted in."""

GOALS = tuple(one.name for one in fields(Weights))
"""What can be weighed."""

OF_SIDES = ("blue_at_home", "red_at_home", "worse_off")
"""Goals that tell the two sides apart; a page that gives them no weight does not name them."""
