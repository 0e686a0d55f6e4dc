"""What one thing costs in terms of another: curves of plans, and what no plan can exceed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from maps.style import LIGHT, Palette
from maps.typeface import SANS, SERIF, Typefaces, clean

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Some plans along a line.

    Parameters
    ----------
    label
        What they have in common; empty for a single curve.
    across, up
        Where each plan stands, shape ``(n_plans,)``; `up` is a share.
    bound
        What is proven of each plan's share: no plan of its kind has more; nan where nothing is
        proven. Shape ``(n_plans,)``.
    """

    label: str
    across: Floats
    up: Floats
    bound: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Ceiling:
    """A line that no plan lies above, shape ``(n_places,)`` each."""

    across: Floats
    up: Floats


def draw_frontier(
    curves: Sequence[Curve],
    *,
    title: str,
    subtitle: str,
    across: str,
    up: str,
    ceiling: Ceiling | None = None,
    palette: Palette = LIGHT,
) -> Figure:
    """Draw curves of plans in the style of the maps.

    Parameters
    ----------
    curves
        One or more, each with one plan or more.
    title, subtitle
        What is shown, and a sentence under it.
    across, up
        What the axes are, with their units of measure.
    ceiling
        What is proven of all plans; the ground above it is shaded.
    palette
        Colours.

    Returns
    -------
    matplotlib.figure.Figure
        1600 by 1000 pixels as PNG; :func:`maps.save_static` writes it. The same input gives the
        same figure.

    Raises
    ------
    ValueError
        When there is no curve, or one without plans.
    """
    if not curves or not all(len(curve.across) for curve in curves):
        raise ValueError("A frontier needs one curve or more, each with one plan or more.")
    title, subtitle, across, up = map(clean, (title, subtitle, across, up))
    typefaces = Typefaces([title, subtitle, across, up, *(curve.label for curve in curves)])
    with mpl.rc_context():
        mpl.rcdefaults()
        figure = Figure(figsize=(8, 5), dpi=200, facecolor=palette.page)
        axes = figure.add_axes((0.1, 0.13, 0.86, 0.67), facecolor=palette.page)
        _draw_axes(axes, across, up, palette, typefaces)
        if ceiling is not None:
            _draw_ceiling(axes, ceiling, curves, palette, typefaces)
        for place, curve in enumerate(curves):
            _draw_curve(axes, curve, _colour(place, len(curves), palette), palette)
        if any(curve.label for curve in curves):
            legend = axes.legend(prop=typefaces.font(SANS, 8), frameon=False, loc="best")
            for one in legend.get_texts():
                one.set_color(palette.ink)
        words = typefaces.drawable
        figure.text(
            0.1, 0.92, words(title), color=palette.ink, fontproperties=typefaces.font(SERIF, 16)
        )
        figure.text(
            0.1, 0.86, words(subtitle), color=palette.muted, fontproperties=typefaces.font(SANS, 8)
        )
    figure.set_label(title)
    return figure


def _draw_axes(axes: Axes, across: str, up: str, palette: Palette, typefaces: Typefaces) -> None:
    font = typefaces.font(SANS, 8.5)
    axes.set_xlabel(typefaces.drawable(across), color=palette.muted, fontproperties=font)
    axes.set_ylabel(typefaces.drawable(up), color=palette.muted, fontproperties=font)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.4g} %"))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    axes.xaxis.set_major_locator(MaxNLocator(7))
    axes.grid(color=palette.rule, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(colors=palette.muted, length=0)
    for one in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        one.set_fontproperties(typefaces.font(SANS, 8))
    for spine in axes.spines.values():
        spine.set_visible(False)


def _draw_ceiling(
    axes: Axes,
    ceiling: Ceiling,
    curves: Sequence[Curve],
    palette: Palette,
    typefaces: Typefaces,
) -> None:
    """Shade what is proven to be out of reach."""
    shares = np.concatenate([curve.up for curve in curves])
    span = max(float(ceiling.up.max() - shares.min()), 1e-4)
    top = float(ceiling.up.max()) + 0.12 * span
    axes.fill_between(ceiling.across, ceiling.up, top, color=palette.land, linewidth=0)
    axes.plot(ceiling.across, ceiling.up, color=palette.muted, linewidth=0.8)
    axes.set_ylim(float(shares.min()) - 0.06 * span, top)
    width = float(ceiling.across[-1] - ceiling.across[0])
    axes.text(
        float(ceiling.across[0]) + 0.012 * width,
        top - 0.03 * span,
        "proven: no plan in here",
        color=palette.muted,
        fontproperties=typefaces.font(SANS, 8),
        verticalalignment="top",
    )


def _draw_curve(axes: Axes, curve: Curve, colour: str, palette: Palette) -> None:
    order = np.argsort(curve.across, kind="stable")
    across, up, bound = curve.across[order], curve.up[order], curve.bound[order]
    marker = "o" if len(across) <= 60 else ""
    axes.vlines(across, up, np.fmax(up, bound), color=palette.muted, linewidth=0.9)
    axes.plot(
        across,
        up,
        color=colour,
        linewidth=1.4,
        marker=marker,
        markersize=4,
        label=curve.label or None,
    )


def _colour(place: int, n_curves: int, palette: Palette) -> str:
    """Choose from red to blue, each curve a shade of its own."""
    if n_curves == 1:
        return palette.nations[1]
    shades = [*palette.red[:1:-1], *palette.blue[2:]]
    return shades[round(place * (len(shades) - 1) / (n_curves - 1))]
