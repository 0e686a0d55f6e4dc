"""What the states must have: the table ``[states]``."""

from __future__ import annotations

from dataclasses import dataclass

from partition.errors import ScenarioError

MOST = 1_000_000
"""More states than a map has; a larger number is a slip."""


@dataclass(frozen=True, slots=True)
class StateRules:
    """How states may be divided.

    Parameters
    ----------
    split_most
        Most states that may be split between the nations; None for no limit.

    Raises
    ------
    ScenarioError
        When the number is negative or absurd.
    """

    split_most: int | None = None

    def __post_init__(self) -> None:
        if self.split_most is not None and not 0 <= self.split_most <= MOST:
            raise ScenarioError(
                f"split_most = {self.split_most}: give a whole number of states from 0 to {MOST}."
            )
