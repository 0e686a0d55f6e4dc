"""Whose votes count for one of the plans of a study: those of an election, as they swing."""

from __future__ import annotations

from typing import NamedTuple


class Electorate(NamedTuple):
    """Whose votes count for one of the plans."""

    points: float = 0.0
    """Points of the two-party vote that swing, to the blue side where positive."""
    draw: int = 0
    """Which errors of the polls are drawn."""
    election: str = ""
    """Election that was held, where a study goes from one to another; empty where votes swing."""

    def label(self, error: float) -> str:
        """Call it by its value; no two electorates of a study are called the same."""
        if self.election:
            return self.election
        told = f"swing {self.points:+.6f}".rstrip("0").rstrip(".") if self.points else "swing 0"
        return f"{told}, draw {self.draw}" if error else told
