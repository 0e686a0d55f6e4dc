"""A plan as a picture: PNG, SVG or PDF for a slide, a column of print or a full page."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from maps.alt_text import map_in_words
from maps.composition import Composition, cleaned, texts_of
from maps.fitting import check_election, check_plan
from maps.interactive import notes_on
from maps.layout import lay_out
from maps.lettering import FEW, write_names
from maps.linework import Linework
from maps.places import places_on
from maps.shading import View, has_voteless_units, leads, scale, shade
from maps.shown import own_style, tell
from maps.style import Palette
from maps.summary import MapSummary
from maps.typeface import Typefaces, clean
from maps.typesetting import HATCHING
from shapefiles.units import Units
from solvers.plan import Plan

Size = Literal["slide", "column", "page", "social"]
FINE = 240
"""Points from which on a map of two flat colours has room for lines between its units."""

SIZES: tuple[Size, ...] = get_args(Size)
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)


def draw_static(
    units: Units,
    plan: Plan,
    summary: MapSummary,
    election: str,
    *,
    size: Size = "slide",
    view: View = "agreement",
    theme: Theme = "light",
    names: bool = True,
) -> Figure:
    """Draw a plan as a picture, with its figures, in the style of the interactive map.

    The figure has one pair of axes in metres of the sheet: ``units.crs``, but for the states that
    :func:`maps.layout.lay_out` moves. Add to it what you like before :func:`save_static`.

    Parameters
    ----------
    units
        Units with polygons in a projected system.
    plan
        Part of each unit: 1 is the blue nation, 0 the red one.
    summary
        What is written beside the map.
    election
        Which of ``units.votes`` shades the map.
    size
        ``slide``: 16 to 9, 13.33 by 7.5 inches, 1920 by 1080 pixels as PNG. ``column``: a column
        of print, 89 mm wide and as high as it needs to be. ``page``: A4 upright, 210 by 297 mm.
        The two for print have a white ground in the light theme, and 300 pixels an inch as PNG.
        ``social``: the card of a link, 1200 by 630 pixels as PNG.
    view
        ``agreement``, ``nations`` or ``margin``, as in the interactive map.
    theme
        ``light`` or ``dark``.
    names
        Whether to write names of places, and of units where they are few: as many as find room.

    Returns
    -------
    matplotlib.figure.Figure
        The same input gives the same figure; it does not depend on the reader's ``matplotlibrc``.

    Raises
    ------
    ValueError
        When the plan is for other units, the units have no such election or no land, or the size,
        view or theme is unknown.
    """
    check_plan(units, plan)
    check_election(units, election)
    palettes = summary.palettes._asdict()
    for what, given, allowed in (("size", size, SIZES), ("theme", theme, palettes)):
        if given not in allowed:
            raise ValueError(f"There is no {what} {given!r}; choose from {', '.join(allowed)}.")
    palette = plain_ground(palettes[theme], size, theme)
    votes = units.votes[election]
    colours = shade(view, votes, plan.assignment, palette)
    sheet = lay_out(units)
    places = places_on(sheet, units.places) if names else []
    labels = [clean(name) for name in units.names] if names and units.n_units <= FEW else []
    notes = summary.notes + notes_on(sheet, places)
    with own_style():
        words = cleaned(replace(summary, notes=notes))
        legend = scale(view, palette, words.nations, has_no_votes=has_voteless_units(votes))
        texts = [*texts_of(words), *(inset.label for inset in sheet.insets), *labels]
        texts += [place.name for place in places]
        composition = Composition(words, palette, sheet, legend, Typefaces(texts))
        figure, axes = {
            "slide": composition.slide,
            "column": composition.column,
            "page": composition.page,
            "social": composition.social,
        }[size]()
        lead = leads(votes) if view == "margin" else None
        metres_per_point = float(np.diff(axes.get_xlim())[0]) / _points_wide(axes)
        linework = Linework(simplified(sheet.polygons, metres_per_point / 4), metres_per_point / 50)
        draw_map(figure, axes, units, plan, linework, colours, lead, palette)
        write_names(axes, sheet, places, labels, palette, composition.typefaces)
    axes.set_gid("map")
    tell(figure, words.title, clean(map_in_words(summary, units.n_units)), words.source)
    return figure


def plain_ground(palette: Palette, size: Size, theme: str) -> Palette:
    """Print on white, in the light theme."""
    is_print = size in {"column", "page"} and theme == "light"
    return replace(palette, page="#ffffff") if is_print else palette


def _points_wide(axes: Axes) -> float:
    return float(axes.bbox.width * 72 / axes.figure.dpi)


def draw_map(
    figure: Figure,
    axes: Axes,
    units: Units,
    plan: Plan,
    linework: Linework,
    colours: npt.NDArray[np.object_],
    lead: npt.NDArray[np.int64] | None,
    palette: Palette,
    suffix: str = "",
) -> None:
    """Draw areas, borders and frontier on axes in metres, each a layer with a name.

    Parameters
    ----------
    figure, axes
        Where.
    units, plan
        What.
    linework
        Borders of the units, as simple as the axes are small.
    colours
        Of each unit.
    lead
        The side that is ahead in each unit, where its changes are drawn; or None.
    palette
        Colours of lines.
    suffix
        What the names of the layers end in, where a figure has several maps.
    """
    # Lines gain weight more slowly than the land.
    weight = (_points_wide(axes) / 640) ** 0.85
    borders = linework.borders(plan.assignment, units.states)

    def stroke(path: Outline, colour: str, width: float, layer: str) -> None:
        line = {"linewidth": width * weight, "capstyle": "round", "joinstyle": "round"}
        rgba = _rgba(colour)
        axes.add_artist(
            PathPatch(path, facecolor="none", edgecolor=rgba, gid=f"{layer}{suffix}", **line)
        )

    # The shore lies under the land, which hides the inner half of it: islands keep their colour.
    stroke(borders.shore, palette.coast_line, 0.9, "coast")
    for number, colour in enumerate(sorted(set(colours)), start=1):
        is_empty = colour == palette.no_votes
        hatched = {"hatch": HATCHING, "edgecolor": palette.page} if is_empty else {}
        area = linework.areas(colours == colour)
        gid = f"units-{number}{suffix}"
        axes.add_artist(PathPatch(area, facecolor=colour, linewidth=0, gid=gid, **hatched))
    if lead is not None or _points_wide(axes) > FINE or len(set(colours)) > len(palette.nations):
        stroke(borders.county, palette.county_line, 0.4, "unit-lines")
    stroke(borders.state, palette.state_line, 0.8, "state-lines")
    if lead is not None:
        stroke(linework.between(lead), palette.frontier, 0.7, "lead-lines")
    stroke(borders.frontier, palette.casing, 3.0, "frontier-casing")
    stroke(borders.frontier, palette.frontier, 1.4, "frontier")


def simplified(polygons: npt.NDArray[np.object_], tolerance: float) -> npt.NDArray[np.object_]:
    """Leave out what is too small to see; neighbours keep their common borders."""
    if not shapely.coverage_is_valid(polygons):
        return polygons
    simplified: npt.NDArray[np.object_] = shapely.coverage_simplify(polygons, tolerance)
    return simplified


def _rgba(colour: str) -> tuple[float, float, float, float]:
    """Read a colour as CSS writes it.

    >>> _rgba("rgba(255, 0, 51, 0.5)")
    (1.0, 0.0, 0.2, 0.5)
    """
    if colour.startswith("rgba("):
        red, green, blue, alpha = map(float, colour[5:-1].split(","))
        return red / 255, green / 255, blue / 255, alpha
    return to_rgba(colour)
