"""Names on a static map, the most important first; none covers another, as in ``places.js``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patheffects import withStroke

from maps.layout import Sheet
from maps.name_lines import arrangements
from maps.places import Place
from maps.style import Palette
from maps.typeface import ASCENT, SANS, SANS_BOLD, Typefaces

FIRST = 26
"""Places tried on a map :data:`FULL` points wide."""

FULL = 750.0
"""Points; a thousand pixels of a screen."""

FEWEST = 7
"""Places tried on a map however small."""

FEW = 150
"""Units of a map that names them."""

SPOTS = 7
"""Points, in each direction, at which a name of a unit is tried."""

Measure = Callable[[str], float]
"""Tells how wide a text is, in points."""


class Box(NamedTuple):
    """What a text covers, in points from the lower left of the map."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: Box) -> bool:
        """Whether two boxes have some area in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )


class Name(NamedTuple):
    """A name and where it is written.

    Parameters
    ----------
    text
        What is written.
    box
        Where, in points from the lower left of the map.
    dot
        What it names: a point, or nothing where it stands inside what it names.
    """

    text: str
    box: Box
    dot: tuple[float, float] | None = None


class Lettering:
    """A map that fills with names.

    Parameters
    ----------
    width, height
        Size of the map in points; no name leaves it.
    size
        Size of the letters in points.
    taken
        Where other words stand.
    """

    def __init__(self, width: float, height: float, size: float, taken: Iterable[Box] = ()) -> None:
        self.width = width
        self.height = height
        self.size = size
        self.names: list[Name] = []
        self._taken = list(taken)

    @property
    def most(self) -> int:
        """How many places are tried: more on a larger map, by the rule of the page."""
        return round(max(FEWEST, FIRST * math.pow(3.2, math.log2(self.width / FULL))))

    def add_places(self, places: Sequence[tuple[str, float, float]], measure: Measure) -> None:
        """Write names beside dots where there is room: right, left, above or below.

        Parameters
        ----------
        places
            Names and points, the most important first; the first :attr:`most` are tried.
        measure
            Ruler of the font that they are written in.
        """
        gap, high = 0.45 * self.size, 1.15 * self.size
        radius, margin = 0.27 * self.size, 0.27 * self.size
        for text, x, y in places[: self.most]:
            wide = measure(text)
            for left, bottom in (
                (x + gap, y - high / 2),
                (x - gap - wide, y - high / 2),
                (x - wide / 2, y + gap - 0.18 * self.size),
                (x - wide / 2, y - gap - high + 0.18 * self.size),
            ):
                box = Box(left, bottom, left + wide, bottom + high)
                around = Box(
                    min(box.left, x - radius) - margin,
                    min(box.bottom, y - radius) - 0.1 * self.size,
                    max(box.right, x + radius) + margin,
                    max(box.top, y + radius) + 0.1 * self.size,
                )
                if self._is_free(around):
                    self._taken.append(around)
                    self.names.append(Name(text, box, (x, y)))
                    break

    def add_units(
        self, names: Sequence[str], polygons: npt.NDArray[np.object_], measure: Measure
    ) -> None:
        """Write names of units inside them where there is room, in as many lines as that takes.

        Parameters
        ----------
        names
            One a unit; an empty one is left out.
        polygons
            In points from the lower left of the map, shape ``(n_units,)``.
        measure
            Ruler of the font that they are written in.
        """
        for text, polygon in zip(names, polygons, strict=True):
            if not text.strip() or shapely.is_empty(polygon):
                continue
            shapely.prepare(polygon)
            ways = list(arrangements(text, measure))
            spots = _spots(polygon)
            self._add_first(
                (self._stack(lines, measure, x, y) for x, y in spots for lines in ways), polygon
            )

    def _add_first(self, ways: Iterable[list[Name]], polygon: shapely.Geometry) -> None:
        """Write the first of several ways that is free and on the land."""
        for rows in ways:
            left, bottom, right, top = zip(*(row.box for row in rows), strict=True)
            around = Box(min(left), min(bottom), max(right), max(top))
            if self._is_free(around) and shapely.covers(polygon, shapely.box(*around)):
                self._taken.append(around)
                self.names.extend(rows)
                return

    def _stack(self, lines: Sequence[str], measure: Measure, x: float, y: float) -> list[Name]:
        """Set lines one under the other, around a point."""
        high, apart = 1.15 * self.size, 1.1 * self.size
        rows = []
        for number, line in enumerate(lines):
            half, middle = measure(line) / 2, y - (number - (len(lines) - 1) / 2) * apart
            rows.append(Name(line, Box(x - half, middle - high / 2, x + half, middle + high / 2)))
        return rows

    def _is_free(self, box: Box) -> bool:
        is_inside = (
            box.left >= 0 and box.bottom >= 0 and box.right <= self.width and box.top <= self.height
        )
        return is_inside and not any(box.overlaps(other) for other in self._taken)


def _spots(polygon: shapely.Geometry) -> list[tuple[float, float]]:
    """Points inside a unit where a name could stand, the middle first, then those nearest to it."""
    middle = shapely.centroid(polygon)
    west, south, east, north = shapely.bounds(polygon).tolist()
    steps = np.arange(1, SPOTS + 1) / (SPOTS + 1)
    x, y = (
        one.ravel()
        for one in np.meshgrid(west + steps * (east - west), south + steps * (north - south))
    )
    away = np.hypot(x - middle.x, y - middle.y)
    order = np.argsort(away, kind="stable")
    candidates = np.column_stack([np.append(middle.x, x[order]), np.append(middle.y, y[order])])
    inside = shapely.covers(polygon, shapely.points(candidates))
    return [(float(one), float(other)) for one, other in candidates[inside]]


def write_names(
    axes: Axes,
    sheet: Sheet,
    places: Sequence[Place],
    labels: Sequence[str],
    palette: Palette,
    typefaces: Typefaces,
) -> None:
    """Write what moved states are, then places, then units, each where there is room.

    Parameters
    ----------
    axes
        The map, in metres of the sheet.
    sheet
        What it shows.
    places
        Names in the order of importance.
    labels
        Names of the units; none where they stay without.
    palette, typefaces
        Colours and typefaces of the map.
    """
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    metres = (east - west) / (axes.bbox.width * 72 / axes.figure.dpi)  # in a point
    size = 8.5 * max((east - west) / metres / 640, 0.6) ** 0.85
    corner = np.array([west, south])
    taken = []
    for inset in sheet.insets:
        font = typefaces.font(SANS, size)
        axes.annotate(
            inset.label,
            inset.label_at,
            color=palette.muted,
            fontproperties=font,
            horizontalalignment="right" if inset.label_end else "left",
        )
        left, bottom = ((np.array(inset.label_at) - corner) / metres).tolist()
        wide = typefaces.measure(inset.label, SANS, size)
        left -= wide if inset.label_end else 0
        taken.append(Box(left, bottom - 0.3 * size, left + wide, bottom + size))
    lettering = Lettering((east - west) / metres, (north - south) / metres, size, taken)

    def to_points(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        points: npt.NDArray[np.float64] = (xy - corner) / metres
        return points

    lettering.add_places(
        [
            (name, *to_points(np.array([x, y]) * sheet.metres_per_unit).tolist())
            for name, x, y, _ in places
        ],
        lambda text: typefaces.measure(text, SANS_BOLD, size),
    )
    if labels:
        polygons = shapely.transform(sheet.polygons, to_points)
        lettering.add_units(labels, polygons, lambda text: typefaces.measure(text, SANS, size))
    halo = to_rgba(palette.page, 0.85)
    for text, box, dot in lettering.names:
        if dot is not None:
            x, y = corner + np.array(dot) * metres
            rim = {"markeredgecolor": halo, "markeredgewidth": 0.11 * size}
            axes.plot([x], [y], "o", color=palette.ink, markersize=0.53 * size, **rim)
        baseline = (box.bottom + box.top - ASCENT * size) / 2
        axes.text(
            west + box.left * metres,
            south + baseline * metres,
            typefaces.drawable(text),
            color=palette.ink,
            fontproperties=typefaces.font(SANS if dot is None else SANS_BOLD, size),
            path_effects=[withStroke(linewidth=0.34 * size, foreground=halo)],
            # Dollar signs are money here, not formulas.
            parse_math=False,
        )
