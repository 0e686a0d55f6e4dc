"""Figures of the families of rows: a claim on a small country, and the row that is read from it.

Nothing is drawn that is not so: the factors in a figure are those of the row that the family itself
reads from the claim, and a claim that does not hold ends the build.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from sphinx.application import Sphinx

from solvers.model import Model
from solvers.problem import Problem
from solvers.rows.families import read_row
from solvers.rows.row import Claim, Row, behind

WIDTH, HEIGHT = 7, 5

PAPER, LAND, LINE, INK = "#fbfaf8", "#eeece7", "#c9c6bf", "#1b1c1e"
TARGET, WALL, BEHIND, ROOT = "#1d68ab", "#dfbd6d", "#cfe0f2", "#1b1c1e"


def at(column: int, row: int) -> int:
    """Give the number of a square of the country."""
    return row * WIDTH + column


@dataclass(frozen=True)
class Picture:
    """What a figure shows."""

    claim: Claim
    roots: tuple[int, ...] = ()
    zone: tuple[int, ...] = ()
    """Units behind a wall, shaded."""
    has_costs: bool = False
    losers: tuple[int, ...] = field(default=())
    """Units that lose in part 1; all others gain there."""

    def read(self) -> tuple[Model, Row]:
        """Have the family read the claim on this country."""
        units = np.arange(WIDTH * HEIGHT)
        beside = [(u, u + 1) for u in units if u % WIDTH < WIDTH - 1]
        below = [(u, u + WIDTH) for u in units if u < WIDTH * (HEIGHT - 1)]
        edges = np.array(sorted(beside + below), np.int32)
        gains = np.zeros((len(units), 2), np.int64)
        gains[:, 1] = 1
        gains[list(self.losers)] = (1, 0)
        costs = np.ones(len(edges), np.int64) if self.has_costs else None
        given = {} if costs is None else {"edge_costs": costs}
        model = Model(Problem(gains, edges, **given))
        return model, read_row(model, self.claim)


def _pictures() -> dict[str, Picture]:
    corner = at(1, 1)
    chains = ((at(0, 3), at(1, 3)), (at(2, 2),), (at(3, 1), at(3, 0)))
    wall = tuple(sorted(unit for chain in chains for unit in chain))
    first, second = at(2, 1), at(4, 1)
    left = tuple(at(c, r) for r in (0, 1, 2) for c in (1, 2, 3))
    right = tuple(at(c, r) for r in (0, 1, 2) for c in (3, 4, 5))
    around = (at(2, 1), at(3, 1), at(3, 2), at(2, 2))
    return {
        "separator": Picture(("separator", 1, corner, wall), roots=(at(5, 4),)),
        "joint": Picture(
            ("joint", 1, (first, second), (left, right)), roots=(at(3, 4),), zone=left + right
        ),
        "chain": Picture(("chain", 1, corner, chains), roots=(at(5, 4),), has_costs=True),
        "face": Picture(("face", around[:2], around)),
        "turn": Picture(("turn", around[:2], (0, 0, 0, 0)), has_costs=True),
        "leaf": Picture(("leaf", 1, at(3, 2)), losers=(at(3, 2),)),
        "apart": Picture(
            ("apart", 1, (at(1, 2), at(5, 2)), tuple(at(3, row) for row in range(HEIGHT)))
        ),
    }


def draw(picture: Picture) -> str:
    """Draw a figure as SVG."""
    model, row = picture.read()
    factors = dict(zip(row.columns, row.coefficients, strict=True))
    zone = set(picture.zone)
    if picture.roots and not zone:
        walls = [unit for unit, factor in factors.items() if unit < model.n_units and factor < 0]
        zone = set(behind(model, row.claim[2], walls).tolist())
        if zone & set(picture.roots):
            raise ValueError(f"a root is behind the wall of {row.claim}.")
    figure = Figure(figsize=(WIDTH * 0.62, HEIGHT * 0.62), facecolor=PAPER)
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.98))
    for unit in range(model.n_units):
        x, y = unit % WIDTH, HEIGHT - 1 - unit // WIDTH
        factor = factors.get(unit, 0)
        fill = TARGET if factor > 0 else WALL if factor < 0 else BEHIND if unit in zone else LAND
        axes.add_patch(Rectangle((x, y), 1, 1, facecolor=fill, edgecolor=PAPER, linewidth=2))
        if factor:
            axes.text(x + 0.5, y + 0.5, f"{factor:+d}".replace("-", "\N{MINUS SIGN}"),
                      ha="center", va="center", fontsize=11,
                      color=PAPER if factor > 0 else INK)  # fmt: skip
        if unit in picture.roots:
            axes.plot(x + 0.5, y + 0.5, "o", color=ROOT, markersize=9)
    for column in factors:
        if column >= model.n_units:
            _draw_edge(axes, model, column)
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(0, HEIGHT)
    axes.axis("off")
    FigureCanvasSVG(figure)
    stream = StringIO()
    figure.savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()


def _draw_edge(axes: Axes, model: Model, column: int) -> None:
    pair = next(p for p in range(len(model.pairs)) if model.cut(p) == column)
    (x0, y0), (x1, y1) = (
        (unit % WIDTH + 0.5, HEIGHT - 0.5 - unit // WIDTH) for unit in model.pairs[pair].tolist()
    )
    # A short bar across the border that is cut, clear of the factors of the units.
    x, y, dx, dy = (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) * 0.18, (y1 - y0) * 0.18
    axes.plot([x - dx, x + dx], [y - dy, y + dy], "-o", color=INK, lw=2, markersize=3, zorder=3)


def write_figures(app: Sphinx) -> None:
    """Write all figures."""
    folder = Path(app.confdir, "explanation", "generated")
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in _pictures().items():
        (folder / f"{name}.svg").write_text(draw(picture), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Draw the figures before Sphinx looks for them."""
    app.connect("builder-inited", write_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
