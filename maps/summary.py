"""The words and figures that stand beside a map."""

from __future__ import annotations

from dataclasses import dataclass

from maps.style import BUILT_IN, Palettes

CREDIT = "Made with Two nations, free software (MIT licence)."
"""What made a page or a picture, and on what terms it may be used."""


@dataclass(frozen=True, slots=True)
class MapSummary:
    """What the panel of a map says, as finished text.

    The map draws no conclusion of its own: whoever measures a plan writes the figures here. Every
    text is escaped when it is drawn, so names may come from anybody's file.

    Parameters
    ----------
    title
        Headline, such as ``"Two nations"``.
    headline, headline_text
        The one figure to remember, and the words that follow it, such as ``"63.4 %"`` and
        ``"of two-party voters live in the nation they voted for"``.
    subtitle
        One sentence under the title.
    election
        What the votes are, such as ``"Presidential election of 2016"``.
    table
        Rows of (measure, blue nation, red nation), such as ``("People", "170 M", "153 M")``.
    status
        Quality of the plan, with its bound where one is proven.
    source
        Where the data come from.
    notes
        Further sentences, such as one for each landmass.
    parties
        What to call the votes of the blue and of the red side.
    nations
        What to call the blue and the red nation: each is "the ... nation".
    palettes
        Colours of both sides in the light and in the dark theme; see :func:`maps.colours.palettes`.
    people_year
        Year that the people of the units are of; empty where it is not known.

    Examples
    --------
    >>> MapSummary("Two nations", "63.4 %", "of voters live in the nation they voted for").parties
    ('Blue', 'Red')
    """

    title: str
    headline: str
    headline_text: str
    subtitle: str = ""
    election: str = ""
    table: tuple[tuple[str, str, str], ...] = ()
    status: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    parties: tuple[str, str] = ("Blue", "Red")
    nations: tuple[str, str] = ("Blue", "Red")
    palettes: Palettes = BUILT_IN
    people_year: str = ""
