"""When the search may stop: the table ``[limits]``."""

from __future__ import annotations

from dataclasses import dataclass

from partition.errors import ScenarioError
from solvers.result import Limits

MAX_SEED = 2**32 - 1
"""Largest seed that every random generator in use accepts."""

LONGEST = 604_800.0
"""Seconds in a week, the longest time limit."""


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """Limits at which the search may stop, and the seed of its random choices.

    Parameters
    ----------
    time_limit
        Wall-clock seconds, above 0 and at most a week.
    gap
        Relative gap that is good enough, as a share.
    seed
        Seed of the random choices, 0 to 4294967295.
    iterations
        Rounds of the search after which it stops, whatever the clock says, so that two runs are
        identical; no limit by default.

    Raises
    ------
    ScenarioError
        When a value is negative, not a number or absurd.
    """

    time_limit: float = 60.0
    gap: float = 0.0
    seed: int = 0
    iterations: int | None = None

    def __post_init__(self) -> None:
        try:
            self.for_solver()
        except ValueError as error:
            raise ScenarioError(str(error)) from None
        if not 0 <= self.seed <= MAX_SEED:
            raise ScenarioError(f"seed = {self.seed}: give a whole number from 0 to {MAX_SEED}.")

    def for_solver(self) -> Limits:
        """State the limits in the solver's terms."""
        return Limits(time_limit=self.time_limit, gap=self.gap, rounds=self.iterations)
