"""What a caller gives in place of a scenario's own values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from partition.scenario.page import Scenario
from partition.scenario.sides import Sides


@dataclass(frozen=True, slots=True)
class Overrides:
    """Values in place of a scenario's own; None keeps what the scenario says.

    Parameters
    ----------
    election
        Election whose votes count.
    time_limit
        Seconds of each search.
    gap
        Relative gap that is good enough, as a share.
    seed
        Seed of the random choices.
    iterations
        Rounds of the search after which it stops; without a time limit beside them, they alone
        stop it.
    sides
        What both sides are called and coloured; of a mapping what is named. It changes no answer.

    Examples
    --------
    >>> Overrides(seed=7, iterations=40).apply(Scenario.shipped("states")).limits
    SearchLimits(time_limit=604800.0, gap=0.0, seed=7, iterations=40)
    """

    election: str | int | None = None
    time_limit: float | None = None
    gap: float | None = None
    seed: int | None = None
    iterations: int | None = None
    sides: Sides | Mapping[str, Any] | None = None

    def apply(self, scenario: Scenario) -> Scenario:
        """Ask what a scenario asks, with these values.

        Raises
        ------
        ScenarioError
            When a value is not allowed.
        """
        return scenario.override(**asdict(self))


NO_OVERRIDES = Overrides()
"""What a scenario says, as it says it."""
