"""Figures of matplotlib that a notebook shows as they are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

WIDTH = 800
"""Pixels from left to right in a notebook."""

_STYLE = {
    # As drawn, so that widths are the same in every format.
    "text.hinting": "no_hinting",
    "svg.fonttype": "path",
    # Otherwise the ids in an SVG are random.
    "svg.hashsalt": "two nations",
    "pdf.fonttype": 42,
    "path.simplify": False,
    "hatch.linewidth": 0.6,
}


class ShownFigure(Figure):
    """A figure that is a picture where it is the value of a cell.

    Matplotlib shows figures in a notebook once ``pyplot`` is loaded; these need it not. What they
    show in words, and where their data are from, goes into files.
    """

    alt = ""
    source = ""

    def _repr_png_(self) -> bytes:
        target = io.BytesIO()
        dpi = WIDTH / self.get_size_inches()[0]
        FigureCanvasAgg(self)
        with own_style():
            self.savefig(target, format="png", dpi=dpi, facecolor=self.get_facecolor())
        return target.getvalue()


def tell(figure: Figure, title: str, alt: str, source: str) -> None:
    """Say what a figure shows, for :func:`maps.save_static`."""
    figure.set_label(title)
    if isinstance(figure, ShownFigure):
        figure.alt, figure.source = alt, source


@contextmanager
def own_style() -> Iterator[None]:
    """Draw as the maps do, whatever the reader's settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield
