"""Many plans as one picture: their trade-off, or two dials as a field, and some of them as maps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from maps.alt_text import explored_in_words
from maps.explored import Explored, ExploredPlan
from maps.layout import lay_out
from maps.linework import Linework
from maps.plan_texts import dial_text, write_figure
from maps.shown import ShownFigure, own_style, tell
from maps.static import simplified
from maps.style import Palette
from maps.summary import CREDIT
from maps.trade_off import draw_field, draw_trade_off
from maps.typeface import SANS, SANS_BOLD, SERIF_BOLD, Typefaces, clean
from shapefiles.units import Units

WIDTH, HEIGHT = 13.333, 7.5
"""Inches: a slide of 16 to 9."""

MOST_MAPS = 6

CAPTION = 9.5
"""Points of the captions of maps, unless they need more room."""


def draw_explored(
    units: Units, explored: Explored, *, theme: str = "light", across: str = "", up: str = ""
) -> Figure:
    """Draw many plans as one picture in the style of the maps.

    Parameters
    ----------
    units
        Units that the plans divide. Without polygons the picture is the trade-off alone.
    explored
        The plans, with all that is said of them.
    theme
        ``light`` or ``dark``.
    across, up
        Keys of the measures of the trade-off; those of `explored` unless given.

    Returns
    -------
    matplotlib.figure.Figure
        1920 by 1080 pixels as PNG; :func:`maps.save_static` writes it. The trade-off, or the field
        of two dials, is the first of its axes; six maps at most follow. The same input gives the
        same figure.

    Raises
    ------
    ValueError
        When there is no such theme or measure.
    """
    palettes = explored.palettes._asdict()
    if theme not in palettes:
        raise ValueError(f"There is no theme {theme!r}; choose from {', '.join(palettes)}.")
    palette = palettes[theme]
    across, up = across or explored.across, up or explored.up
    chosen = choose(explored.plans, MOST_MAPS if units.has_polygons else 0)
    captions = [clean(caption(explored, one)) for one in chosen]
    headline = explored.measures[explored.number(up)]
    headlines = [write_figure(headline, one.figures.get(up)) for one in chosen]
    texts = [explored.title, explored.subtitle, explored.election, explored.source, *captions]
    texts += [one.title for one in explored.measures]
    texts += explored.nations
    texts += [one.title for one in explored.references]
    texts += [dial.name + dial.unit for dial in explored.dials]
    with own_style():
        typefaces = Typefaces([clean(text) for text in texts])
        figure = ShownFigure(figsize=(WIDTH, HEIGHT), dpi=144, facecolor=palette.page)
        _write_head(figure, explored, palette, typefaces)
        right = 0.5 if chosen else 0.965
        axes = figure.add_axes((0.075, 0.13, right - 0.075, 0.62), facecolor=palette.page)
        if len(explored.dials) > 1:
            draw_field(axes, explored, up, palette, typefaces)
        else:
            draw_trade_off(axes, explored, across, up, palette, typefaces)
        if chosen:
            _write_nations(figure, explored, palette, typefaces)
            _draw_maps(figure, units, chosen, captions, headlines, palette, typefaces)
    alt = explored_in_words(explored, units.n_units)
    tell(figure, clean(explored.title), clean(alt), clean(explored.source))
    return figure


def choose(plans: Sequence[ExploredPlan], most: int) -> list[ExploredPlan]:
    """Choose plans that are evenly spread over a sequence, its ends among them.

    Examples
    --------
    >>> choose("abcdefghijk", 3)
    ['a', 'f', 'k']
    """
    n_shown = min(most, len(plans))
    places = np.linspace(0, len(plans) - 1, n_shown).round().astype(int)
    return [plans[place] for place in places.tolist()]


def caption(explored: Explored, plan: ExploredPlan) -> str:
    """Say where a plan stands."""
    if not explored.dials:
        return plan.title
    return ", ".join(dial_text(explored, plan, number) for number in range(len(explored.dials)))


def _write_head(figure: Figure, explored: Explored, palette: Palette, typefaces: Typefaces) -> None:
    words = typefaces.drawable
    election = explored.election and f"{explored.election}."
    subtitle = " ".join(filter(None, (explored.subtitle, election)))
    source = (
        explored.source
        and f"Source: {explored.source}{'' if explored.source.endswith('.') else '.'}"
    )
    for text, top, colour, family, size in (
        (explored.title, 0.915, palette.ink, SERIF_BOLD, 24),
        (subtitle, 0.865, palette.muted, SANS, 11),
        (" ".join(filter(None, (source, CREDIT))), 0.03, palette.muted, SANS, 7.5),
    ):
        figure.text(
            0.034,
            top,
            words(clean(text)),
            color=colour,
            fontproperties=typefaces.font(family, size),
            parse_math=False,
        )


def _write_nations(
    figure: Figure, explored: Explored, palette: Palette, typefaces: Typefaces
) -> None:
    """Say above the small maps which colour is which nation."""
    left, bottom, point = 0.55, 0.826, 1 / (72 * WIDTH)
    for name, colour in zip(explored.nations, reversed(palette.nations), strict=True):
        words = typefaces.drawable(clean(name))
        figure.add_artist(
            Rectangle((left, bottom - 1 / 540), 12 * point, 8 / 540, facecolor=colour)
        )
        figure.text(
            left + 17 * point,
            bottom,
            words,
            color=palette.ink,
            fontproperties=typefaces.font(SANS, CAPTION),
            parse_math=False,
        )
        left += (17 + typefaces.measure(words, SANS, CAPTION) + 18) * point


def _draw_maps(
    figure: Figure,
    units: Units,
    plans: Sequence[ExploredPlan],
    captions: Sequence[str],
    headlines: Sequence[str],
    palette: Palette,
    typefaces: Typefaces,
) -> None:
    """Draw small maps of some plans in two columns."""
    sheet = lay_out(units)
    west, south, east, north = (one * sheet.metres_per_unit for one in sheet.bounds)
    columns, rows = 2, -(-len(plans) // 2)
    left, right, bottom, top = 0.55, 0.975, 0.075, 0.8
    width, height = (right - left) / columns, (top - bottom) / rows
    points = width * WIDTH * 72
    scale = max((east - west) / points, (north - south) / (0.82 * height * HEIGHT * 72))
    polygons = simplified(sheet.polygons, scale / 2)
    is_coverage = shapely.coverage_is_valid(polygons)
    union = shapely.coverage_union_all if is_coverage else shapely.union_all
    for number, (one, text, headline) in enumerate(zip(plans, captions, headlines, strict=True)):
        x = left + number % columns * width
        y = top - (number // columns + 1) * height
        axes = figure.add_axes((x, y, width * 0.96, height * 0.82))
        axes.set_axis_off()
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        axes.set_aspect("equal", anchor="NW")
        _draw_plan(axes, polygons, union, one, units, scale, palette)
        room = points * 0.94
        free = room - typefaces.measure(headline, SANS, CAPTION) - CAPTION
        size = CAPTION * min(1, free / typefaces.measure(text, SANS_BOLD, CAPTION))
        for words, at, family, points_high, colour, align in (
            (text, x, SANS_BOLD, size, palette.ink, "left"),
            (headline, x + width * 0.94, SANS, CAPTION, palette.muted, "right"),
        ):
            figure.text(
                at,
                y + height * 0.87,
                typefaces.drawable(words),
                color=colour,
                fontproperties=typefaces.font(family, points_high),
                horizontalalignment=align,
                parse_math=False,
            )


def _draw_plan(
    axes: Axes,
    polygons: npt.NDArray[np.object_],
    union: Callable[[npt.NDArray[np.object_]], shapely.Geometry],
    one: ExploredPlan,
    units: Units,
    scale: float,
    palette: Palette,
) -> None:
    """Draw the nations as two areas, and the lines between states on them."""
    assignment = one.plan.assignment
    work = Linework(polygons, scale / 20)
    borders = work.borders(assignment, units.states)

    def stroke(path: Path, colour: str, width: float) -> None:
        axes.add_artist(PathPatch(path, facecolor="none", edgecolor=colour, linewidth=width))

    stroke(borders.shore, palette.coast_line, 0.6)
    for part, colour in enumerate(palette.nations):
        nation = union(polygons[assignment == part])
        if not nation.is_empty:
            area = Linework(np.array([nation]), scale / 20).areas(np.array([True]))
            axes.add_artist(PathPatch(area, facecolor=colour, linewidth=0))
    stroke(borders.state, palette.state_line, 0.3)
    stroke(borders.frontier, palette.frontier, 0.7)
