"""The palettes that two colours make, and what is wrong with them for some reader."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import numpy as np

from maps.eyesight import SIGHTS, Floats, cielab, contrast, hex_of, is_shown, luminance, seen
from maps.style import BUILT_IN, MARGIN_BREAKS, Palette, Palettes

STRENGTHS = (1.0, 1.3, 1.7, 0.75)
"""Strengths of the shades of a hue beside those of the program: the first that will do."""

LEAST_CONTRAST = 2.0
"""Contrast that a nation's colour must have with the sheet of either theme."""


def spread(pair: tuple[str, str]) -> Palettes:
    """Make the palettes of a blue and a red side: the first without a fault, or the first."""
    made = [_with_strength(pair, STRENGTHS[0])]
    for strength in STRENGTHS[1:]:
        if not has_fault(made[-1]):
            return made[-1]
        made.append(_with_strength(pair, strength))
    return made[0] if has_fault(made[-1]) else made[-1]


def _with_strength(pair: tuple[str, str], strength: float) -> Palettes:
    is_blue_darker = luminance(pair[0]) < luminance(pair[1])
    made = []
    for theme in BUILT_IN:
        models = [(theme.blue, theme.nations[1]), (theme.red, theme.nations[0])]
        if is_blue_darker:
            models.reverse()
        blue, red = (
            _ramp(colour, *model, strength) for colour, model in zip(pair, models, strict=True)
        )
        of_theme = dict(zip(BUILT_IN.light.nations, theme.nations, strict=True))
        nations = (of_theme.get(pair[1], pair[1]), of_theme.get(pair[0], pair[0]))
        made.append(_contested(replace(theme, nations=nations, blue=blue, red=red)))
    return Palettes(*made)


def _contested(palette: Palette) -> Palette:
    """Give contested units the colour nearest to that of the program which is like no other."""
    lightness, a, b = cielab(palette.contested)
    chroma, hue = float(np.hypot(a, b)), float(np.arctan2(b, a))
    for turn in (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6):
        for weaker in (1.0, 0.7):
            colour = _shown(lightness, weaker * chroma, hue + turn * np.pi / 6)
            steps = (
                palette.steps if not turn else tuple(_turned(one, turn) for one in palette.steps)
            )
            turned = replace(palette, contested=colour, steps=steps)
            if not any(_contested_faults(turned)):
                return turned
    return palette


def _turned(colour: str, turn: int) -> str:
    """Turn the hue of a colour by so many twelfths of the circle."""
    lightness, a, b = cielab(colour)
    return _shown(float(lightness), _chroma(colour), float(np.arctan2(b, a)) + turn * np.pi / 6)


def _ramp(colour: str, model: tuple[str, ...], nation: str, strength: float) -> tuple[str, ...]:
    """Make shades of a hue, each as light as that of the model, and as strong for its colour."""
    if colour in (nation, _light(nation)):
        return model
    chroma, hue = _chroma(colour), float(np.arctan2(*cielab(colour)[:0:-1]))
    share = strength * chroma / _chroma(nation)
    return tuple(_shown(float(cielab(one)[0]), share * _chroma(one), hue) for one in model)


def _light(nation: str) -> str:
    """Colour of the light theme of a nation of the program, of whichever theme it is given."""
    return dict(zip(BUILT_IN.dark.nations, BUILT_IN.light.nations, strict=True)).get(nation, nation)


def _chroma(colour: str) -> float:
    return float(np.hypot(*cielab(colour)[1:]))


@lru_cache(maxsize=4096)
def _shown(lightness: float, chroma: float, hue: float) -> str:
    """Write the strongest colour of a lightness and hue, up to a chroma, that a screen shows."""
    low, high = 0.0, 1.0
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)

    def at(share: float) -> tuple[float, float, float]:
        return lightness, share * a, share * b

    if is_shown(at(1.0)):
        return hex_of(at(1.0))
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if is_shown(at(middle)) else (low, middle)
    return hex_of(at(low))


def faults(given: Palettes) -> Iterator[str]:
    """Say for whom the colours of two sides are too much alike, or too pale; often nothing."""
    for check in (plain_faults, _pale, _grey, _alike):
        for theme, palette in zip(("light", "dark"), given, strict=True):
            yield from check(palette, theme)


def has_fault(given: Palettes) -> bool:
    """Whether some reader cannot tell apart what must be."""
    return next(faults(given), None) is not None


def plain_faults(palette: Palette, theme: str) -> Iterator[str]:
    """Say what is wrong with the colours of the nations themselves."""
    for colour in palette.nations:
        if contrast(colour, palette.page) < LEAST_CONTRAST:
            yield f"{colour} hardly stands out from the sheet of the {theme} theme"
    if contrast(*palette.nations) <= 1.5:
        yield "they are as dark as each other, and the same in grey"
    for sight in SIGHTS:
        red, blue = nations = seen(palette.nations, sight)
        where = f"{sight}, in the {theme} theme"
        if np.linalg.norm(red - blue) <= 30:
            yield f"they are too much alike {where}"
        if _least(seen((palette.no_votes,), sight), nations) <= 15:
            yield f"one is too much like the grey of units without votes {where}"


def _pale(palette: Palette, theme: str) -> Iterator[str]:
    for colour in (palette.red[-1], palette.blue[-1]):
        if contrast(colour, palette.land) <= 3:
            yield f"the rim {colour} hardly stands out from the land of the {theme} theme"
    for shades in (palette.red, palette.blue):
        steps = [contrast(one, palette.page) for one in shades]
        if any(after <= 1.1 * before for before, after in pairwise(steps)):
            yield f"the shades of {shades[-1]} run together in the {theme} theme"


def _grey(palette: Palette, theme: str) -> Iterator[str]:
    red, blue = palette.nations
    lighter, darker = palette.blue, palette.red
    if luminance(blue) < luminance(red):
        lighter, darker = darker, lighter
    for rank, (one, other) in enumerate(zip(lighter, darker, strict=True)):
        if luminance(one) <= (1.15 if rank >= 2 else 1.05) * luminance(other):
            yield f"their shades are the same in grey in the {theme} theme"
            return


def _alike(palette: Palette, theme: str) -> Iterator[str]:
    for sight in SIGHTS:
        where = f"{sight}, in the {theme} theme"
        red, blue = seen(palette.red, sight), seen(palette.blue, sight)
        apart = np.linalg.norm(red - blue, axis=1)
        if (apart[2:] <= 30).any():
            yield f"they are too much alike {where}"
        elif apart[0] <= 14:
            yield f"their palest shades are too much alike {where}"
        shades = slice(1, len(MARGIN_BREAKS) + 2)
        if _least(red[shades], blue[shades]) <= 24:
            yield f"a shade of one is too much like a shade of the other {where}"
        empty = seen((palette.no_votes,), sight)
        if min(_least(empty, one) for one in (red, blue)) <= 15:
            yield f"one is too much like the grey of units without votes {where}"
    if any(_contested_faults(palette)):
        yield f"no colour is left for contested units in the {theme} theme"


def _contested_faults(palette: Palette) -> Iterator[str]:
    shades = (palette.red[2], palette.red[4], palette.blue[2], palette.blue[4])
    for one in shades:
        if luminance(palette.contested) <= 1.15 * luminance(one):
            yield one
    for sight in SIGHTS:
        contested = seen((palette.contested,), sight)
        if _least(contested, seen(shades, sight)) <= 15:
            yield sight
        if _least(contested, seen((palette.no_votes,), sight)) <= 15:
            yield sight


def _least(some: Floats, others: Floats) -> float:
    """Distance of the two nearest in CIELAB."""
    return float(np.linalg.norm(some[:, None] - others[None], axis=2).min())
