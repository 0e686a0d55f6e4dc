"""A small picture of a plan: its two nations and nothing else, drawn in a moment."""

from __future__ import annotations

import io
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from maps.layout import lay_out
from maps.linework import Linework
from maps.static import simplified
from maps.style import LIGHT, Palette
from shapefiles.once import once
from shapefiles.units import Units
from solvers.plan import Plan

DPI = 100
WIDTH = 480
"""Pixels from left to right unless asked otherwise."""


class _Frame(NamedTuple):
    """What the picture shows, in the unit of the coordinates."""

    left: float
    low: float
    width: float
    height: float


def thumbnail(units: Units, plan: Plan, *, width: int = WIDTH, palette: Palette = LIGHT) -> bytes:
    """Draw the two nations of a plan as a small picture.

    Parameters
    ----------
    units
        Units with polygons.
    plan
        Part 1 is the blue nation, part 0 the red one.
    width
        Pixels from left to right, and at most from top to bottom.
    palette
        Colours of the nations and the page.

    Returns
    -------
    bytes
        A PNG; the same for the same plan.

    Raises
    ------
    ValueError
        When the plan is of other units, or the units are a graph without polygons.
    """
    if plan.n_units != units.n_units:
        raise ValueError(f"The plan is of {plan.n_units} units, and there are {units.n_units}.")
    if not units.has_polygons:
        raise ValueError("These units are a graph without polygons, so they cannot be drawn.")
    sheet = lay_out(units).polygons
    frame = _frame(sheet)
    step = max(frame.width, frame.height) / width
    linework = _usual_linework(units) if width == WIDTH else _linework(sheet, step)
    inches = (frame.width / step / DPI, frame.height / step / DPI)
    figure = Figure(figsize=inches, dpi=DPI, facecolor=palette.page)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(frame.left, frame.left + frame.width)
    axes.set_ylim(frame.low, frame.low + frame.height)
    for part, colour in enumerate(palette.nations):
        area = linework.areas(plan.assignment == part)
        axes.add_artist(PathPatch(area, facecolor=colour, edgecolor=colour, linewidth=0.3))
    target = io.BytesIO()
    FigureCanvasAgg(figure).print_png(target, metadata={"Software": None})
    return target.getvalue()


@once
def _usual_linework(units: Units) -> Linework:
    """Trace the land once, of which a notebook shows one plan after the other."""
    sheet = lay_out(units).polygons
    frame = _frame(sheet)
    return _linework(sheet, max(frame.width, frame.height) / WIDTH)


def _linework(polygons: npt.NDArray[np.object_], step: float) -> Linework:
    # What is finer than a part of a pixel is not seen, and neighbours keep their common borders.
    return Linework(simplified(polygons, step / 2), step / 16)


def _frame(polygons: npt.NDArray[np.object_]) -> _Frame:
    """Leave a margin around the land, and some room where it is a line."""
    left, low, right, high = shapely.total_bounds(polygons).tolist()
    longest = max(right - left, high - low)
    margin, least = longest / 50, longest / 10
    width, height = (max(one, least) + 2 * margin for one in (right - left, high - low))
    return _Frame((left + right - width) / 2, (low + high - height) / 2, width, height)
