"""What one figure costs in terms of another: plans as points, and what no plan can reach."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter, MaxNLocator

from maps.explored import Explored, ExploredPlan, Measure
from maps.plan_texts import landmarks, write_figure, write_value
from maps.reach import Point, half_planes, reachable
from maps.style import Palette
from maps.typeface import SANS, Typefaces

MANY = 60
"""Plans above which points are small."""

FIELD = 5
"""Shades of a field: lines and figures are to be read on the darkest of them."""

Floats = npt.NDArray[np.float64]


def draw_trade_off(
    axes: Axes,
    explored: Explored,
    across: str,
    up: str,
    palette: Palette,
    typefaces: Typefaces,
) -> None:
    """Draw plans between two measures, with the ground shaded that is proven to hold none.

    Parameters
    ----------
    axes
        Axes to draw on.
    explored
        The plans.
    across, up
        Keys of the measures.
    palette, typefaces
        Colours and fonts.
    """
    shown = [one for one in explored.plans if _place(one, across, up) is not None]
    points = np.array([_place(one, across, up) for one in shown], np.float64).reshape(-1, 2)
    low, high = _frame(points)
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    measures = {one.key: one for one in explored.measures}
    _draw_axes(axes, measures[across], measures[up], palette, typefaces)
    planes = half_planes(explored.bounds, across, up)
    if planes:
        _shade(axes, reachable(planes, low, high), low, high, palette, typefaces)
    for line in _lines(explored, shown):
        axes.plot(
            *points[line].T,
            color=palette.steps[4] if explored.dials else "none",
            linewidth=1.4,
            marker="o",
            markersize=2.4 if len(points) > MANY else 5,
            markerfacecolor=palette.steps[5],
            markeredgewidth=0,
        )
    if len(explored.dials) == 1:
        _name_values(axes, explored, shown, points, palette, typefaces)
    _draw_references(axes, explored, across, up, palette, typefaces)


def _place(one: ExploredPlan, across: str, up: str) -> Point | None:
    x, y = one.figures.get(across), one.figures.get(up)
    return None if x is None or y is None else (x, y)


def _frame(points: Floats) -> tuple[Point, Point]:
    """Leave some air around points; nothing is below 0 that need not be."""
    if not len(points):
        return (0.0, 0.0), (1.0, 1.0)
    least, most = points.min(axis=0), points.max(axis=0)
    span = np.where(most > least, most - least, np.maximum(np.abs(most) / 50, 1e-9))
    low = np.where(least >= 0, np.maximum(0, least - 0.08 * span), least - 0.08 * span)
    high = most + 0.08 * span
    return (float(low[0]), float(low[1])), (float(high[0]), float(high[1]))


def _lines(explored: Explored, shown: list[ExploredPlan]) -> Iterator[list[int]]:
    """Group the plans that are joined: those along the first dial."""
    lines: dict[tuple[int, ...], list[int]] = {}
    for number, one in enumerate(shown):
        lines.setdefault(one.at[1:], []).append(number)
    yield from lines.values()


def _draw_axes(
    axes: Axes, across: Measure, up: Measure, palette: Palette, typefaces: Typefaces
) -> None:
    font = typefaces.font(SANS, 10)
    axes.set_xlabel(typefaces.drawable(across.title), color=palette.ink, fontproperties=font)
    axes.set_ylabel(typefaces.drawable(up.title), color=palette.ink, fontproperties=font)
    for axis, measure in ((axes.xaxis, across), (axes.yaxis, up)):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(_formatter(measure))
    axes.grid(axis="y", color=palette.rule, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(colors=palette.muted, length=0)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(typefaces.font(SANS, 9))
    for name, spine in axes.spines.items():
        spine.set_visible(name == "bottom")
        spine.set_color(palette.muted)


def _formatter(measure: Measure) -> FuncFormatter:
    if measure.form == "share":
        return FuncFormatter(lambda value, _: f"{100 * value:.6g} %")
    if measure.form in ("large", "year"):
        return FuncFormatter(lambda value, _: write_figure(measure, value))
    return FuncFormatter(lambda value, _: f"{value:,.6g}")


def _shade(
    axes: Axes,
    free: list[Point],
    low: Point,
    high: Point,
    palette: Palette,
    typefaces: Typefaces,
) -> None:
    """Shade what is proven to be out of reach: the frame without the part that is free."""
    frame = [low, (high[0], low[1]), high, (low[0], high[1])]
    # The hole runs against the frame, so that it is one.
    rings = [frame, free[::-1]] if free else [frame]
    codes = [
        code
        for ring in rings
        for code in (Path.MOVETO, *[Path.LINETO] * (len(ring) - 1), Path.CLOSEPOLY)
    ]
    vertices = [point for ring in rings for point in (*ring, ring[0])]
    ground = PathPatch(Path(vertices, codes), facecolor=palette.land, linewidth=0, zorder=0.5)
    ground.set_gid("beyond")
    axes.add_patch(ground)
    axes.annotate(
        typefaces.drawable("Proven: no plan in here"),
        (0, 1),
        (8, -8),
        xycoords="axes fraction",
        textcoords="offset points",
        color=palette.muted,
        fontproperties=typefaces.font(SANS, 9),
        verticalalignment="top",
    )


def _name_values(
    axes: Axes,
    explored: Explored,
    shown: list[ExploredPlan],
    points: Floats,
    palette: Palette,
    typefaces: Typefaces,
) -> None:
    """Write values of the dial beside some of the plans, none over another."""
    spots = axes.transData.transform(points)
    by_place = {one.at[0]: number for number, one in enumerate(shown)}
    taken: list[tuple[float, float]] = []
    dots = axes.figure.dpi / 72
    for place, value in landmarks(explored.dials[0], explored.plans[-1].until):
        number = by_place.get(place)
        if number is None:
            continue
        x, y = spots[number]
        if any(abs(x - u) < 30 * dots and abs(y - v) < 15 * dots for u, v in taken):
            continue
        taken.append((x, y))
        axes.plot(*points[number], marker="o", markersize=5, color=palette.steps[6], linewidth=0)
        axes.annotate(
            write_value(value),
            points[number],
            (7, -11),
            textcoords="offset points",
            color=palette.ink,
            fontproperties=typefaces.font(SANS, 9),
        )


def _draw_references(
    axes: Axes,
    explored: Explored,
    across: str,
    up: str,
    palette: Palette,
    typefaces: Typefaces,
) -> None:
    """Mark plans for comparison that lie in the frame."""
    for one in explored.references:
        x, y = one.figures.get(across), one.figures.get(up)
        if x is None or y is None or not axes.viewLim.contains(x, y):
            continue
        axes.plot(x, y, marker="D", markersize=6, color=palette.muted, linewidth=0)
        is_right = x > sum(axes.get_xlim()) / 2
        axes.annotate(
            typefaces.drawable(one.title),
            (x, y),
            (-8 if is_right else 8, 8),
            textcoords="offset points",
            horizontalalignment="right" if is_right else "left",
            color=palette.ink,
            fontproperties=typefaces.font(SANS, 9),
        )


def draw_field(
    axes: Axes, explored: Explored, measure: str, palette: Palette, typefaces: Typefaces
) -> None:
    """Draw a measure over two dials in one hue, with lines of equal values.

    Parameters
    ----------
    axes
        Axes to draw on.
    explored
        The plans.
    measure
        Key of the measure.
    palette, typefaces
        Colours and fonts.
    """
    across, up = explored.dials[:2]
    field = np.full((len(up.values), len(across.values)), np.nan)
    for one in explored.plans:
        value = one.figures.get(measure)
        field[one.at[1], one.at[0]] = np.nan if value is None else value
    axes.imshow(
        field,
        origin="lower",
        aspect="auto",
        cmap=ListedColormap(list(palette.steps[:FIELD])),
        interpolation="nearest",
    )
    named = explored.measures[explored.number(measure)]
    if min(field.shape) > 1 and np.nanmax(field) > np.nanmin(field):
        lines = axes.contour(
            np.ma.masked_invalid(field), levels=6, colors=palette.ink, linewidths=0.9
        )
        labels = axes.clabel(lines, fmt=lambda level: write_figure(named, level))
        for label in labels:
            label.set_fontproperties(typefaces.font(SANS, 9))
    for axis, dial in ((axes.xaxis, across), (axes.yaxis, up)):
        every = max(1, -(-len(dial.values) // 9))
        axis.set_ticks(
            range(0, len(dial.values), every), [write_value(one) for one in dial.values[::every]]
        )
        name = f"{dial.name}, {dial.unit}" if dial.unit else dial.name
        axis.set_label_text(
            typefaces.drawable(name), color=palette.ink, fontproperties=typefaces.font(SANS, 10)
        )
    axes.set_title(
        typefaces.drawable(named.title),
        loc="left",
        color=palette.ink,
        fontproperties=typefaces.font(SANS, 10),
    )
    axes.tick_params(colors=palette.muted, length=0)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(typefaces.font(SANS, 9))
    for spine in axes.spines.values():
        spine.set_visible(False)
