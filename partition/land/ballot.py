"""What an election, its two sides and their nations are called and coloured, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from partition.scenario.sides import LONGEST_NAME, Sides

CANDIDATES = {
    "2016": ("Clinton", "Trump"),
    "2020": ("Biden", "Trump"),
    "2024": ("Harris", "Trump"),
}
"""Candidates of the blue and of the red side in each election of the embedded data."""

COLOURS = ("blue", "red")
"""What the sides are called in files and in code, whatever people call them."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """Names of an election, of its sides and of their nations, and colours of these.

    Parameters
    ----------
    title
        What the election is called; empty where it has no name.
    blue, red
        What the votes of each side are called: a candidate, a party, an answer.
    nations
        Names of the blue and of the red nation; None where they are called by their colours.
    colours
        Of the blue and of the red side; None for those of the program.
    is_two_party
        Whether the sides are the two large parties, and votes for others do not count.

    Examples
    --------
    >>> Ballot.known("2016").title, Ballot.known("2016").sides
    ('Presidential election of 2016', ('Clinton', 'Trump'))
    >>> Ballot.known("a referendum").sides, Ballot.known("2016").nation_names
    (('Blue', 'Red'), ('Blue', 'Red'))
    """

    title: str
    blue: str = "Blue"
    red: str = "Red"
    nations: tuple[str, str] | None = None
    colours: tuple[str | None, str | None] = (None, None)
    is_two_party: bool = False

    @classmethod
    def known(cls, election: str) -> Self:
        """Name an election of the embedded data by its year, and any other as it is called."""
        if election in CANDIDATES:
            title = f"Presidential election of {election}"
            return cls(title, *CANDIDATES[election], is_two_party=True)
        return cls(election)

    def shown_as(self, sides: Sides) -> Self:
        """Call and colour the sides and their nations as a person wants them.

        Examples
        --------
        >>> from partition.scenario.sides import Side
        >>> ballot = Ballot("Brexit").shown_as(Sides(Side("Remain"), Side("Leave")))
        >>> ballot.sides, ballot.nation("red"), ballot.voters
        (('Remain', 'Leave'), 'Leave', 'Remain and Leave voters')
        """
        if sides.names is None:
            return replace(self, colours=sides.colours)
        blue, red = sides.names
        return replace(self, blue=blue, red=red, nations=sides.names, colours=sides.colours)

    def told(self, words: str) -> Self:
        """Say behind the title what has become of the votes; nothing where that is empty."""
        if not words:
            return self
        return replace(self, title=", ".join(filter(None, (self.title, words))))

    @property
    def sides(self) -> tuple[str, str]:
        """Names of the blue and of the red side."""
        return self.blue, self.red

    @property
    def nation_names(self) -> tuple[str, str]:
        """Names of the blue and of the red nation, as a label begins with them."""
        return self.nations or ("Blue", "Red")

    def nation(self, colour: str) -> str:
        """Name the nation of a colour within a sentence: ``the ... nation``."""
        return self.nations[COLOURS.index(colour)] if self.nations else colour

    @property
    def voters(self) -> str:
        """Whose votes count, in words."""
        if self.is_two_party:
            return "two-party voters"
        has_names = self.nations is not None or self.sides != ("Blue", "Red")
        return f"{self.blue} and {self.red} voters" if has_names else "voters"


def side_name(columns: Sequence[str], colour: str) -> str:
    """Call a side by the columns, or the choices, whose votes count for it.

    Parameters
    ----------
    columns
        Names of columns, or choices.
    colour
        What the side is called where they are no words for people: with digits or underscores.

    Examples
    --------
    >>> side_name(["yes"], "Blue"), side_name(["G20PRERTRU"], "Red"), side_name(["A", "B"], "Blue")
    ('Yes', 'Red', 'A + B')
    """
    text = "".join(one if one.isprintable() else " " for one in " + ".join(columns)).strip()
    if not text or any(one.isdigit() or one == "_" for one in text):
        return colour
    text = text[:1].upper() + text[1:]
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
