"""What a plan must have of each goal, whatever is best: the tables ``[most]`` and ``[least]``."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from partition.errors import ScenarioError
from partition.scenario.weights import LARGEST


@dataclass(frozen=True, slots=True)
class MostRules:
    """Most that a plan may have of the goals that cost; None for no limit.

    Parameters
    ----------
    border
        Kilometres of frontier.
    cut_edges
        Pairs of adjacent units in different nations.
    state_splits
        Voters cut off from the larger part of their state.
    status_quo
        People whose nation is not that of their state today.
    population_balance
        People who would have to move to make the nations equally large.
    gdp_balance
        Million dollars of GDP that would have to move likewise.
    area_balance
        Square kilometres of land that would have to move likewise.

    Raises
    ------
    ScenarioError
        When an amount is negative, not a number, or too large to count.
    """

    border: float | None = None
    cut_edges: int | None = None
    state_splits: int | None = None
    status_quo: int | None = None
    population_balance: int | None = None
    gdp_balance: int | None = None
    area_balance: int | None = None

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True, slots=True)
class LeastRules:
    """Least that a plan must have of the goals that gain; ``voters.at_home`` is the other one.

    Parameters
    ----------
    intensity
        Voters who live in the nation of their vote, each times the margin of the unit.
    blue_at_home, red_at_home
        Voters of one side who live in its nation.
    worse_off
        Voters at home if both sides had the smaller of their two shares at home.

    Raises
    ------
    ScenarioError
        As of :class:`MostRules`.
    """

    intensity: float | None = None
    blue_at_home: int | None = None
    red_at_home: int | None = None
    worse_off: float | None = None

    def __post_init__(self) -> None:
        _check(self)


def _check(rules: MostRules | LeastRules) -> None:
    for key, value in asdict(rules).items():
        if value is not None and not (math.isfinite(value) and 0 <= value <= LARGEST):
            raise ScenarioError(f"{key} = {value}: give a number from 0 to {LARGEST:.0f}.")
