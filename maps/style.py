"""Colours and classes, in one place for the map, its legend and whatever is drawn beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

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
        Units in which nobody voted. They are hatched with `page` as well: in grey every colour is
        some shade.
    nations
        Flat colours of the red and of the blue nation (part 0, part 1).
    red, blue
        Shades from stranded (least agreement) to full agreement, one more than
        :data:`AGREEMENT_BREAKS`. In each theme the blue shade of a rank is lighter than the red
        one, so that the nations differ in grey as well.
    land
        Ground under the circles of the view of people.
    contested
        Units that good plans give now to one nation, now to the other.
    steps
        One hue that is neither nation's, from least to most: a weight, or a figure over two of
        them.
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
    land: str
    contested: str
    steps: tuple[str, ...]


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
    no_votes="#77777a",
    nations=("#b94d48", "#669ace"),
    red=("#f3d8ce", "#e8b9ab", "#da9587", "#cc6a5e", "#b3423f", "#90262c"),
    blue=("#dbe8f6", "#bfd5ec", "#a2bede", "#79a4d4", "#4d87c3", "#1d68ab"),
    land="#e8e6e1",
    contested="#ebc871",
    steps=("#f6ead0", "#ecd6a2", "#dfbd6d", "#caa045", "#aa8029", "#85611b", "#5e4313"),
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
    no_votes="#77777a",
    nations=("#a94e48", "#5b90c6"),
    red=("#382523", "#54322e", "#6b3c39", "#8b4440", "#ae504a", "#cd5f57"),
    blue=("#212f3e", "#2a4560", "#365d7e", "#3e76a5", "#5593c9", "#79b3e9"),
    land="#26292d",
    contested="#cea54e",
    steps=("#3b301c", "#554322", "#735a28", "#947430", "#b6923f", "#d4b25f", "#f0d795"),
)


class Palettes(NamedTuple):
    """The palettes of both themes."""

    light: Palette
    dark: Palette


BUILT_IN = Palettes(LIGHT, DARK)
"""Palettes that come with the program, of a blue and a red side."""
