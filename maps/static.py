"""A plan as a picture: PNG, SVG or PDF for a slide, a column of print or a full page."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from maps.composition import Composition, cleaned, texts_of
from maps.fitting import check_election, check_plan
from maps.interactive import notes_on
from maps.layout import Sheet, lay_out
from maps.lettering import FEW, write_names
from maps.linework import Linework
from maps.places import places_on
from maps.shading import View, has_voteless_units, leads, scale, shade
from maps.shown import own_style
from maps.style import Palette
from maps.summary import MapSummary
from maps.typeface import Typefaces, clean, with_public_names
from maps.typesetting import HATCHING
from shapefiles.units import Units
from shapefiles.writing import whole_file
from solvers.plan import Plan

Size = Literal["slide", "column", "page"]
SIZES: tuple[Size, ...] = get_args(Size)
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)

FORMATS = ("png", "svg", "pdf")
"""What :func:`save_static` writes, by the suffix of the file."""


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
    palette = palettes[theme]
    if size != "slide" and theme == "light":
        palette = replace(palette, page="#ffffff")
    votes = units.votes[election]
    colours = shade(view, votes, plan.assignment, palette)
    legend = scale(view, palette, summary.nations, has_no_votes=has_voteless_units(votes))
    sheet = lay_out(units)
    places = places_on(sheet, units.places) if names else []
    labels = [clean(name) for name in units.names] if names and units.n_units <= FEW else []
    notes = summary.notes + notes_on(sheet, has_places=bool(places) and not units.places)
    with own_style():
        words = cleaned(replace(summary, notes=notes))
        texts = [*texts_of(words), *(inset.label for inset in sheet.insets), *labels]
        texts += [place.name for place in places]
        composition = Composition(words, palette, sheet, legend, Typefaces(texts))
        figure, axes = {
            "slide": composition.slide,
            "column": composition.column,
            "page": composition.page,
        }[size]()
        lead = leads(votes) if view == "margin" else None
        _draw_map(figure, axes, units, plan, sheet, colours, lead, palette)
        write_names(axes, sheet, places, labels, palette, composition.typefaces)
    figure.set_label(words.title)
    return figure


def save_static(figure: Figure, path: str | os.PathLike[str], *, has_outlines: bool = True) -> Path:
    """Write a picture, whole or not at all.

    The same figure gives the same bytes: nothing in the file says when or where it was made.

    Parameters
    ----------
    figure
        What :func:`draw_static` returned.
    path
        File to write, ``.png``, ``.svg`` or ``.pdf``; one that exists is replaced.
    has_outlines
        Whether text in an SVG is drawn as outlines, so that it looks the same without the fonts.
        Otherwise it is text, for a program in which one edits it.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ValueError
        When the suffix is none of these.
    OSError
        When the folder does not exist or cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise ValueError(
            f"{path.name!r} ends in none of {', '.join('.' + one for one in FORMATS)}, "
            "the pictures that can be written."
        )
    dates = {
        "png": {"Software": None},
        "svg": {"Date": None, "Creator": None},
        "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    }
    title = {"Title": figure.get_label()} if figure.get_label() else {}
    with whole_file(path) as draft:
        with own_style(), mpl.rc_context({"svg.fonttype": "path" if has_outlines else "none"}):
            figure.savefig(draft, format=suffix, dpi="figure", metadata=dates[suffix] | title)
        if suffix == "svg":
            draft.write_bytes(with_public_names(_OUTLINE.sub(_rounded, draft.read_bytes())))
    return path


def _draw_map(
    figure: Figure,
    axes: Axes,
    units: Units,
    plan: Plan,
    sheet: Sheet,
    colours: npt.NDArray[np.object_],
    lead: npt.NDArray[np.int64] | None,
    palette: Palette,
) -> None:
    map_width = axes.bbox.width * 72 / figure.dpi
    west, east = axes.get_xlim()
    metres_per_point = (east - west) / map_width
    # Lines gain weight more slowly than the land.
    weight = (map_width / 640) ** 0.85
    polygons = simplified(sheet.polygons, metres_per_point / 4)
    linework = Linework(polygons, metres_per_point / 50)
    borders = linework.borders(plan.assignment, units.states)

    def stroke(path: Outline, colour: str, width: float) -> None:
        line = {"linewidth": width * weight, "capstyle": "round", "joinstyle": "round"}
        axes.add_artist(PathPatch(path, facecolor="none", edgecolor=_rgba(colour), **line))

    # The shore lies under the land, which hides the inner half of it: islands keep their colour.
    stroke(borders.shore, palette.coast_line, 0.9)
    for colour in sorted(set(colours)):
        is_empty = colour == palette.no_votes
        hatched = {"hatch": HATCHING, "edgecolor": palette.page} if is_empty else {}
        area = linework.areas(colours == colour)
        axes.add_artist(PathPatch(area, facecolor=colour, linewidth=0, **hatched))
    stroke(borders.county, palette.county_line, 0.4)
    stroke(borders.state, palette.state_line, 0.8)
    if lead is not None:
        stroke(linework.between(lead), palette.frontier, 0.7)
    stroke(borders.frontier, palette.casing, 3.0)
    stroke(borders.frontier, palette.frontier, 1.4)


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


_OUTLINE = re.compile(rb' d="[^"<>]*"')
_LONG_NUMBER = re.compile(rb"-?\d+\.\d{3,}")


def _rounded(outline: re.Match[bytes]) -> bytes:
    """Round the coordinates of a path in an SVG to hundredths of a point: half the file."""
    return _LONG_NUMBER.sub(lambda number: b"%.2f" % float(number[0]), outline[0])
