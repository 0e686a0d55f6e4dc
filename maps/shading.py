"""Which colour each unit has, and the legend that says why."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from maps.style import AGREEMENT_BREAKS, MARGIN_BREAKS, Palette

View = Literal["agreement", "nations", "margin"]
VIEWS: tuple[View, ...] = get_args(View)


class Key(NamedTuple):
    """A line of a legend that stands by itself.

    Parameters
    ----------
    label
        What it means.
    mark
        ``line``: a thin line. ``hatched``: an area under lines.
    colour
        Colour of the line or the area.
    """

    label: str
    mark: Literal["line", "hatched"]
    colour: str


class Scale(NamedTuple):
    """A legend: strips of colours over common limits.

    Parameters
    ----------
    title
        What the colours mean.
    strips
        Label and colours of each strip; the strips are of one length.
    limits
        What is written under the limits between the colours.
    ends
        What is written under the two ends; empty for a plain key.
    keys
        What stands below the strips.
    """

    title: str
    strips: tuple[tuple[str, tuple[str, ...]], ...]
    limits: tuple[str, ...] = ()
    ends: tuple[str, str] | None = None
    keys: tuple[Key, ...] = ()


def shade(
    view: View,
    votes: npt.NDArray[np.int64],
    assignment: npt.NDArray[np.int8],
    palette: Palette,
) -> npt.NDArray[np.object_]:
    """Choose the colour of each unit.

    Parameters
    ----------
    view
        ``agreement``: the share of voters who live in the nation of their side, paler the more of
        them are stranded. ``nations``: two flat colours. ``margin``: the lead of a side.
    votes
        Whole votes of the blue and of the red side, shape ``(n_units, 2)``.
    assignment
        Part of each unit: 1 is the blue nation, 0 the red one, shape ``(n_units,)``.
    palette
        Where the colours come from.

    Returns
    -------
    numpy.ndarray
        A colour a unit, as CSS writes it, shape ``(n_units,)``.

    Raises
    ------
    ValueError
        When there is no such view.

    Examples
    --------
    >>> from maps.style import LIGHT
    >>> votes = np.array([[90, 10], [30, 70], [0, 0]])
    >>> at_home, stranded, empty = shade("agreement", votes, np.array([1, 1, 0]), LIGHT)
    >>> at_home == LIGHT.blue[-1], stranded == LIGHT.blue[0], empty == LIGHT.no_votes
    (True, True, True)
    """
    if view not in VIEWS:
        raise ValueError(f"There is no view {view!r}; choose from {', '.join(VIEWS)}.")
    if view == "nations":
        return np.array(palette.nations, object)[assignment]
    blue, red = votes.T
    total = np.maximum(blue + red, 1)
    if view == "agreement":
        side = assignment == 1
        step = np.searchsorted(AGREEMENT_BREAKS, np.where(side, blue, red) / total, side="right")
    else:
        side = blue > red
        step = 1 + np.searchsorted(MARGIN_BREAKS, np.abs(blue - red) / total, side="right")
    colours = np.where(side, np.array(palette.blue, object)[step], np.array(palette.red)[step])
    return np.where(blue + red > 0, colours, palette.no_votes)


def has_voteless_units(votes: npt.NDArray[np.int64]) -> bool:
    """Whether there are units in which nobody voted; shape ``(n_units, 2)``."""
    return bool((votes.sum(axis=1) == 0).any())


def leads(votes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Tell which side is ahead in each unit: 1 blue, 0 red, -1 where nobody voted.

    Parameters
    ----------
    votes
        Whole votes of the blue and of the red side, shape ``(n_units, 2)``. A tie has the colour
        of red, as in :func:`shade`.
    """
    blue, red = votes.T
    return np.where(blue + red > 0, (blue > red).astype(np.int64), -1)


def scale(
    view: View,
    palette: Palette,
    nations: tuple[str, str] = ("Blue", "Red"),
    *,
    has_no_votes: bool = False,
) -> Scale:
    """Describe the colours of a view.

    Parameters
    ----------
    view, palette
        As for :func:`shade`.
    nations
        Names of the blue and of the red nation.
    has_no_votes
        Whether there are units in which nobody voted.

    Examples
    --------
    >>> from maps.style import LIGHT
    >>> scale("margin", LIGHT).limits
    ('60', '40', '20', '10', '0', '10', '20', '40', '60 %')
    """
    if view == "nations":
        red, blue = palette.nations
        return Scale("Nation", ((nations[0], (blue,)), (nations[1], (red,))))
    empty = (Key("Nobody voted", "hatched", palette.no_votes),) if has_no_votes else ()
    if view == "margin":
        points = [f"{100 * limit:.0f}" for limit in MARGIN_BREAKS]
        last = len(MARGIN_BREAKS) + 2
        return Scale(
            "Lead of the stronger side",
            (("", (*palette.blue[last - 1 : 0 : -1], *palette.red[1:last])),),
            (*reversed(points), "0", *points[:-1], f"{points[-1]} %"),
            nations,
            (Key("Where the lead changes", "line", palette.frontier), *empty),
        )
    shares = [f"{100 * limit:.0f}" for limit in AGREEMENT_BREAKS]
    return Scale(
        "Share of voters on the side of their nation",
        ((nations[0], palette.blue), (nations[1], palette.red)),
        (*shares[:-1], f"{shares[-1]} %"),
        ("Most stranded", "Most at home"),
        empty,
    )
