"""The data that a run divides, as they are counted again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from partition.verify.instance import Edge

CANDIDATES = {
    "2016": ("Clinton", "Trump"),
    "2020": ("Biden", "Trump"),
    "2024": ("Harris", "Trump"),
}
"""Candidates of the blue and of the red side in the elections of the program's data."""


class Counted(NamedTuple):
    """The data: columns by name, and who borders whom."""

    columns: dict[str, list[Any]]
    """``geoid``, ``name``, ``state``, votes, and whatever else is known of every unit."""
    borders: dict[Edge, float]
    """Length of the border of every edge that is on, in metres."""
    shared: dict[Edge, float]
    """The same of every edge, on or off."""
    left_out: list[dict[str, Any]]
    """Borders on land that are off, in ascending order, as ``run.json`` lists them."""
    election: str
    electors: dict[str, int] | None = None
    """Electoral votes of each state."""
    title: str = ""
    """What the election is called."""
    sides: tuple[str, str] = ("Blue", "Red")
    """What the votes of the blue and of the red side are called."""
    nations: tuple[str, str] | None = None
    """What a person calls both sides and their nations; None where nobody did."""
    years: dict[str, str] = {}  # noqa: RUF012 - nobody changes it
    """Year that people and GDP are of, where it is known."""
    repairs: Sequence[Any] = ()
    """What was mended in the files."""
    source: str | None = None
    """Names of the files; None where the data come with the program."""
    has_polygons: bool = False
    """Whether borders were found in polygons, another way than the readers do."""

    @property
    def nation_names(self) -> tuple[str, str]:
        """Blue and red nation, as a label begins with them."""
        return self.nations or ("Blue", "Red")

    @property
    def nations_in_text(self) -> tuple[str, str]:
        """Blue and red nation, as a sentence names them."""
        return self.nations or ("blue", "red")

    @property
    def edges(self) -> list[Edge]:
        """Edges that are on, in ascending order."""
        return sorted(self.borders)

    @property
    def has_lengths(self) -> bool:
        """Whether lengths are known: of polygons they are, of a graph where it gives any."""
        return "perimeter" in self.columns or any(self.shared.values())

    @property
    def ids(self) -> list[Any]:
        """Of the units."""
        return self.columns["geoid"]

    @property
    def states(self) -> list[Any]:
        """Code of the state of each unit, empty for none."""
        return self.columns["state"]

    @property
    def votes(self) -> list[list[int]]:
        """Red and blue votes of every unit."""
        sides = (self.columns[f"{side}_{self.election}"] for side in ("rep", "dem"))
        return [list(pair) for pair in zip(*sides, strict=True)]

    @property
    def voters(self) -> list[int]:
        """Two-party voters of every unit."""
        return [sum(votes) for votes in self.votes]

    def known(self, name: str) -> list[Any] | None:
        """Look up a column of numbers; None where it is missing or incomplete."""
        column = self.columns.get(name)
        if column is None or not all(
            isinstance(value, int | float) and math.isfinite(value) for value in column
        ):
            return None
        return column

    def amounts(self, name: str) -> list[Any]:
        """Look up a column of numbers; nothing where it is not known."""
        column = self.known(name)
        return [0] * len(self.ids) if column is None else column

    @property
    def people(self) -> list[int] | None:
        """Inhabitants of each unit in whole numbers, where they are known."""
        column = self.known("population")
        return None if column is None else [round(value) for value in column]


def listed(rows: list[tuple[Edge, str, float]], ids: list[Any]) -> list[dict[str, Any]]:
    """List borders on land, of edges with their kinds and lengths, as ``run.json`` does."""
    return [
        {"units": [ids[a], ids[b]], "kind": kind, "km": border / 1000}
        for (a, b), kind, border in sorted(rows)
        if kind in {"land", "crumb"}
    ]
