"""The colours can be told apart, by everybody and in grey."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from maps.colour_search import STARTS
from maps.colours import ColourError, palettes, read_colour
from maps.style import AGREEMENT_BREAKS, BUILT_IN, DARK, LIGHT, MARGIN_BREAKS, Palette

# Linear RGB as people without one kind of cone see it: Machado, Oliveira and Fernandes (2009),
# "A physiologically-based model for simulation of color vision deficiency", severity 1.
SIGHT = {
    "trichromacy": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]]
    ),
}  # fmt: skip


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(a: str, b: str) -> float:
    low, high = sorted([luminance(a), luminance(b)])
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, sight: np.ndarray) -> np.ndarray:
    """CIELAB under D65."""
    rgb = np.clip(sight @ linear(colour), 0, 1)
    xyz = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
        @ rgb
        / [0.95047, 1.0, 1.08883]
    )
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(a: str, b: str, sight: str) -> float:
    return float(np.linalg.norm(lab(a, SIGHT[sight]) - lab(b, SIGHT[sight])))


# Pairs that people may well ask for, either side the darker one.
ASKED = (("008837", "7b3294"), ("d98a1f", "3b6fb6"), ("3b6fb6", "d98a1f"), ("0055a4", "ef4135"))

PALETTES = pytest.mark.parametrize(
    "palette",
    [palette for pair in ((None, None), *ASKED) for palette in palettes(*pair)],
    ids=[f"{pair[0]}-{theme}" for pair in (("own",), *ASKED) for theme in ("light", "dark")],
)


def by_lightness(palette: Palette) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The shades of the lighter and of the darker side."""
    both = (palette.blue, palette.red)
    return both if luminance(palette.blue[-1]) > luminance(palette.red[-1]) else both[::-1]


@PALETTES
def test_text_is_readable(palette: Palette) -> None:
    assert contrast(palette.ink, palette.page) >= 7
    assert contrast(palette.muted, palette.page) >= 4.5


@PALETTES
@pytest.mark.parametrize("side", ["red", "blue"])
def test_more_agreement_stands_out_more_from_the_sheet_even_in_grey(
    palette: Palette, side: str
) -> None:
    shades = getattr(palette, side)
    steps = [contrast(shade, palette.page) for shade in shades]
    assert len(shades) == len(AGREEMENT_BREAKS) + 1
    assert all(after > 1.1 * before for before, after in itertools.pairwise(steps))


@PALETTES
def test_the_nations_differ_in_grey(palette: Palette) -> None:
    # Nobody prints a dark sheet, but a screen can be grey too.
    red, blue = palette.nations
    assert contrast(red, blue) > 1.5
    lighter, darker = by_lightness(palette)
    for one, other in zip(lighter, darker, strict=True):
        assert luminance(one) > 1.05 * luminance(other)
    for one, other in zip(lighter[2:], darker[2:], strict=True):
        assert luminance(one) > 1.15 * luminance(other)


@PALETTES
@pytest.mark.parametrize("sight", SIGHT)
def test_contested_units_are_neither_red_nor_blue_for_anybody(palette: Palette, sight: str) -> None:
    for other in (palette.red[2], palette.red[4], palette.blue[2], palette.blue[4]):
        assert distance(palette.contested, other, sight) > 15
        # In grey they are the lightest.
        assert luminance(palette.contested) > 1.15 * luminance(other)


@PALETTES
@pytest.mark.parametrize("sight", SIGHT)
def test_units_where_nobody_voted_look_like_no_others(palette: Palette, sight: str) -> None:
    for other in (*palette.red, *palette.blue, *palette.nations, palette.contested, palette.land):
        assert distance(palette.no_votes, other, sight) > 15
    # Grey has a shade for every colour, so there they are known by their hatching.
    assert contrast(palette.no_votes, palette.page) > 3


@PALETTES
def test_circles_stand_out_from_the_ground(palette: Palette) -> None:
    for rim in (palette.red[-1], palette.blue[-1]):
        assert contrast(rim, palette.land) > 3


@PALETTES
@pytest.mark.parametrize("sight", SIGHT)
def test_the_nations_differ_for_everybody(palette: Palette, sight: str) -> None:
    pairs = [palette.nations, *zip(palette.red[2:], palette.blue[2:], strict=True)]
    for red, blue in pairs:
        assert distance(red, blue, sight) > 30
    # The frontier runs between the palest ones.
    assert distance(palette.red[0], palette.blue[0], sight) > 14


@PALETTES
@pytest.mark.parametrize("sight", SIGHT)
def test_no_shade_of_a_lead_passes_for_one_of_the_other_side(palette: Palette, sight: str) -> None:
    shades = slice(1, len(MARGIN_BREAKS) + 2)
    for red, blue in itertools.product(palette.red[shades], palette.blue[shades]):
        assert distance(red, blue, sight) > 24


@PALETTES
def test_a_nation_stands_out_from_the_sheet(palette: Palette) -> None:
    for nation in palette.nations:
        assert contrast(nation, palette.page) >= 2


@PALETTES
def test_the_frontier_stands_out_from_every_shade_or_from_its_casing(palette: Palette) -> None:
    assert contrast(palette.frontier, palette.casing) > 12


def test_there_is_a_shade_for_every_margin() -> None:
    assert len(MARGIN_BREAKS) + 2 <= len(LIGHT.red) == len(LIGHT.blue)


def test_the_colours_asked_for_are_those_of_the_nations() -> None:
    for blue, red in ASKED:
        for palette in palettes(f"#{blue.upper()}", red):
            assert palette.nations == (f"#{red}", f"#{blue}")
    assert palettes() is BUILT_IN
    assert palettes(blue=LIGHT.nations[1]) == palettes(*LIGHT.nations[::-1]) == BUILT_IN
    assert palettes(red="7a3a1f").dark.nations == ("#7a3a1f", DARK.nations[1])


# Alike for the colour-blind, in grey, for everybody; too pale, too dark; no colours at all.
REFUSED = (
    ("green", "red"), ("#2a9d8f", "#8c3b2e"), ("00aa00", "00bb00"), ("ffff00", "0000ff"),
    ("black", "white"), ("808080", "808080"),
)  # fmt: skip


@pytest.mark.parametrize("pair", REFUSED)
def test_colours_that_somebody_cannot_tell_apart_are_refused_with_some_that_can(
    pair: tuple[str, str],
) -> None:
    with pytest.raises(ColourError) as caught:
        palettes(*pair)
    nearest = caught.value.nearest
    assert nearest is not None
    assert all(one in str(caught.value) for one in nearest)
    for palette in palettes(*nearest):  # which is not refused, and passes:
        test_the_nations_differ_in_grey(palette)
        test_circles_stand_out_from_the_ground(palette)
        test_a_nation_stands_out_from_the_sheet(palette)
        for side in ("red", "blue"):
            test_more_agreement_stands_out_more_from_the_sheet_even_in_grey(palette, side)
        for sight in SIGHT:
            test_the_nations_differ_for_everybody(palette, sight)
            test_no_shade_of_a_lead_passes_for_one_of_the_other_side(palette, sight)
            test_units_where_nobody_voted_look_like_no_others(palette, sight)
            test_contested_units_are_neither_red_nor_blue_for_anybody(palette, sight)


def test_what_is_proposed_is_nearer_than_any_pair_the_search_began_with() -> None:
    def far(some: tuple[str, str], others: tuple[str, str]) -> float:
        apart = [distance(*one, "trichromacy") for one in zip(some, others, strict=True)]
        return float(np.linalg.norm(apart))

    wanted = ("#1b9e77", "#7b3294")
    with pytest.raises(ColourError) as caught:
        palettes(*wanted)
    assert caught.value.nearest is not None
    near = far(caught.value.nearest, wanted)
    assert 0 < near < 10
    assert near < min(far(one, wanted) for pair in STARTS for one in (pair, pair[::-1]))


@pytest.mark.parametrize(
    "text", ["", "#12345", "bleu", "rgb(0,0,0)", "#12345g", "none", "#1234567"]
)
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ColourError, match="no colour"):
        read_colour(text)
