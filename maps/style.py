"""Colours and classes, in one place for the map, its legend and whatever is drawn beside it."""

from __future__ import annotations

from dataclasses import dataclass

AGREEMENT_BREAKS = (0.4, 0.5, 0.6, 0.7, 0.8)
"""Share of a unit's voters whose side is the nation they live in: limits between the shades."""

MARGIN_BREAKS = (0.1, 0.2, 0.4, 0.6)
"""Lead of the stronger side as a share of the votes: limits between the shades."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme, as CSS writes them.

    Parameters
    ----------
    page, ink, muted, rule
        The sheet, text, secondary text, hairlines.
    frontier, casing
        The line between the nations and the band that sets it off.
    county_line, state_line, coast_line
        Borders within a nation, and the shore.
    no_votes
        Units in which nobody voted.
    nations
        Flat colours of the red and of the blue nation (part 0, part 1).
    red, blue
        Shades from stranded (least agreement) to full agreement, one more than
        :data:`AGREEMENT_BREAKS`.
    """

    page: str
    ink: str
    muted: str
    rule: str
    frontier: str
    casing: str
    county_line: str
    state_line: str
    coast_line: str
    no_votes: str
    nations: tuple[str, str]
    red: tuple[str, ...]
    blue: tuple[str, ...]


LIGHT = Palette(
    page="#fbfaf8",
    ink="#1b1c1e",
    muted="#6a6d72",
    rule="#dcdad5",
    frontier="#141517",
    casing="#fffefc",
    county_line="rgba(255, 254, 252, 0.42)",
    state_line="#fffefc",
    coast_line="#a9a8a4",
    no_votes="#d9d8d5",
    nations=("#c4524a", "#4a7fb5"),
    red=("#f0dcd7", "#e5c8bf", "#dca497", "#cd7a6e", "#ba504a", "#992a2d"),
    blue=("#d5dde5", "#bdcddd", "#98b6d4", "#6999c7", "#3f7cb3", "#1d5a93"),
)

DARK = Palette(
    page="#141618",
    ink="#eceae6",
    muted="#9a9da2",
    rule="#303337",
    frontier="#f6f4ef",
    casing="#0d0e10",
    county_line="rgba(15, 16, 18, 0.45)",
    state_line="#101214",
    coast_line="#55585d",
    no_votes="#3a3c40",
    nations=("#c25a50", "#4b86bf"),
    red=("#33292a", "#4b3231", "#6c3d3a", "#934741", "#ba544c", "#e06e62"),
    blue=("#262d35", "#2d3e50", "#345674", "#3d719e", "#4b8fc6", "#76b4e6"),
)
