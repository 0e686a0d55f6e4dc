"""What an election and its two sides are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

CANDIDATES = {
    "2016": ("Clinton", "Trump"),
    "2020": ("Biden", "Trump"),
    "2024": ("Harris", "Trump"),
}
"""Candidates of the blue and of the red side in each election of the embedded data."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """Names of an election and of its sides.

    Parameters
    ----------
    title
        What the election is called.
    blue, red
        What the votes of each side are called: a candidate, a party, an answer.

    Examples
    --------
    >>> Ballot.known("2016").title, Ballot.known("2016").sides
    ('Presidential election of 2016', ('Clinton', 'Trump'))
    >>> Ballot.known("a referendum").sides
    ('Blue', 'Red')
    """

    title: str
    blue: str = "Blue"
    red: str = "Red"

    @classmethod
    def known(cls, election: str) -> Self:
        """Name an election of the embedded data by its year, and any other as it is called."""
        if election in CANDIDATES:
            return cls(f"Presidential election of {election}", *CANDIDATES[election])
        return cls(election)

    @property
    def sides(self) -> tuple[str, str]:
        """Names of the blue and of the red side."""
        return self.blue, self.red
