"""Colours of two sides: read, checked for every reader, and spread into shades.

Whoever names two colours gets the whole palette of both themes, or an error with the nearest two
that everybody can tell apart: without one kind of cones, in grey, and on the sheet of either theme.
"""

from __future__ import annotations

import re
from functools import lru_cache

from maps.colour_search import nearest_pair
from maps.shades import faults, spread
from maps.style import BUILT_IN, Palettes

_NAMED = re.compile(r"[a-z]+")
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")


class ColourError(ValueError):
    """A colour that is none, or two that not everybody can tell apart.

    Parameters
    ----------
    message
        What is wrong.
    nearest
        Two colours near those that were given that can be told apart, where there are any to name.
    """

    def __init__(self, message: str, nearest: tuple[str, str] | None = None) -> None:
        super().__init__(message)
        self.nearest = nearest


def read_colour(text: str) -> str:
    """Bring a colour to six digits.

    Parameters
    ----------
    text
        ``#1d68ab``, ``1d68ab``, ``#abc`` or a name of CSS, such as ``teal``; in any capitals.

    Raises
    ------
    ColourError
        When it is none of these.

    Examples
    --------
    >>> read_colour("1D68AB"), read_colour("#abc"), read_colour("Teal")
    ('#1d68ab', '#aabbcc', '#008080')
    """
    given = text.strip().lower()
    if found := _HEX.fullmatch(given):
        digits = found[1]
        return "#" + (digits if len(digits) == 6 else "".join(2 * one for one in digits))
    if _NAMED.fullmatch(given):
        from matplotlib.colors import CSS4_COLORS  # noqa: PLC0415 - slow to load, seldom needed

        if given in CSS4_COLORS:
            return str(CSS4_COLORS[given]).lower()
    raise ColourError(f"{text!r} is no colour: give six digits, such as 1d68ab, or a name of CSS.")


@lru_cache(maxsize=64)
def palettes(blue: str | None = None, red: str | None = None) -> Palettes:
    """Spread the colours of two sides into the shades of both themes.

    The colours are those of the nations, as they are. The shades have the hue of their colour, and
    the lightness of the shades that come with the program: the darker colour that of the red side.

    Parameters
    ----------
    blue, red
        Colours of the sides, as for :func:`read_colour`; of one that is not given, the program's.

    Returns
    -------
    Palettes
        That of the light and that of the dark theme; everybody can tell apart what must be.

    Raises
    ------
    ColourError
        When one is no colour, or some readers could not tell them apart; it has the nearest two
        that they can.

    Examples
    --------
    >>> palettes() is BUILT_IN, palettes("#3b6fb6", "#d98a1f").light.nations
    (True, ('#d98a1f', '#3b6fb6'))
    """
    if blue is None and red is None:
        return BUILT_IN
    pair = _pair(blue, red)
    made = spread(pair)
    wrong = next(faults(made), None)
    if wrong is None:
        return made
    nearest = nearest_pair(pair)
    raise ColourError(
        f"The colours {pair[0]} and {pair[1]} cannot be told apart by everybody: {wrong}. The "
        f"nearest that can are {nearest[0]} and {nearest[1]}.",
        nearest,
    )


def _pair(blue: str | None, red: str | None) -> tuple[str, str]:
    own_red, own_blue = BUILT_IN.light.nations
    return (
        own_blue if blue is None else read_colour(blue),
        own_red if red is None else read_colour(red),
    )
