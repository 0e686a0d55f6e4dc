"""What each nation must meet: the table ``[nations]``."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Literal

from partition.errors import ScenarioError

ANY: Literal["any"] = "any"
"""Any number of pieces."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of the whole, from 0 to 1; None for no limit.

    Parameters
    ----------
    population
        Share of the people.
    gdp
        Share of the gross domestic product.
    votes
        Share of the two-party votes of the scenario's election.
    area
        Share of the land.

    Raises
    ------
    ScenarioError
        When a share is not a number from 0 to 1.
    """

    population: float | None = None
    gdp: float | None = None
    votes: float | None = None
    area: float | None = None

    def __post_init__(self) -> None:
        for key in QUANTITIES:
            share = getattr(self, key)
            if share is not None and not 0 <= share <= 1:  # false for nan as well
                raise ScenarioError(
                    f"{key} = {share}: give a share of the whole, from 0 to 1 (0.4 is 40 %)."
                )


QUANTITIES = tuple(one.name for one in fields(Shares))
"""What a share can be of."""


@dataclass(frozen=True, slots=True)
class NationRules:
    """What one nation must meet.

    Parameters
    ----------
    pieces
        Most connected pieces that the nation may have on every landmass, or ``"any"``.
    sea_access
        Whether at least one unit of the nation must lie on the sea.
    least, most
        Limits on what the nation holds of the whole.
    stranded_most
        Largest share of all voters of the nation's side who may be stranded in the other one; None
        for no limit.
    stranded_most_by_state
        The same within every state: of the voters of the side in that state.

    Raises
    ------
    ScenarioError
        When there may be no piece at all, a least share is above the largest, or a share of the
        stranded is not a number from 0 to 1.
    """

    pieces: int | Literal["any"] = 1
    sea_access: bool = False
    least: Shares = field(default_factory=Shares)
    most: Shares = field(default_factory=Shares)
    stranded_most: float | None = None
    stranded_most_by_state: float | None = None

    def __post_init__(self) -> None:
        for key in STRANDED:
            share = getattr(self, key)
            if share is not None and not 0 <= share <= 1:  # false for nan as well
                raise ScenarioError(
                    f"{key} = {share}: give a share of the side's voters, from 0 to 1 (0.3 is "
                    "30 %)."
                )
        if self.pieces != ANY and not 1 <= self.pieces <= MAX_PIECES:
            raise ScenarioError(
                f"pieces = {self.pieces}: give a whole number from 1 to {MAX_PIECES}, or "
                '"any" for no limit.'
            )
        for key in QUANTITIES:
            low, high = getattr(self.least, key), getattr(self.most, key)
            if low is not None and high is not None and low > high:
                raise ScenarioError(
                    f"least.{key} = {low} is above most.{key} = {high}: nothing lies between them."
                )


STRANDED = ("stranded_most", "stranded_most_by_state")
"""Limits on how many voters of a side may be stranded, of all of them and of those in a state."""

MAX_PIECES = 1_000_000
"""More than there are units; a larger number is a slip."""


@dataclass(frozen=True, slots=True)
class Nations:
    """The rules of both nations."""

    blue: NationRules = field(default_factory=NationRules)
    red: NationRules = field(default_factory=NationRules)
