"""Polygons of which every border is the border of two: only then can a frontier be drawn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from maps.coverage import is_coverage
from maps.topology import Arcs, find_arcs

MOST_CHANGE = 0.25
"""Share of its area that a polygon may gain or lose."""


def make_neat(
    polygons: npt.NDArray[np.object_], gap: float
) -> tuple[npt.NDArray[np.object_], Arcs | None]:
    """Take the overlaps and the narrow gaps from between neighbours, for drawing only.

    Borders that two neighbours draw each in its own way have no common vertices, so the page could
    not know that they divide them.

    Parameters
    ----------
    polygons
        Polygons or multipolygons, shape ``(n_units,)``.
    gap
        Distance that two drawings of one border may have, in the unit of the polygons. Less where
        some polygon is so small that it would not survive it.

    Returns
    -------
    polygons : numpy.ndarray
        The array itself where the polygons form a coverage already, and with a Shapely before 2.2,
        which cannot clean one.
    arcs : Arcs or None
        Their arcs, where they had to be found.

    Examples
    --------
    >>> overlapping = shapely.box([0, 9], 0, [10, 20], 10)
    >>> neat, _ = make_neat(overlapping, 1)
    >>> shapely.area(neat).sum()
    np.float64(200.0)
    """
    clean = getattr(shapely, "coverage_clean", None)
    if clean is None or shapely.is_missing(polygons).any():
        return polygons, None
    arcs = find_arcs(polygons)
    if is_coverage(polygons, arcs):
        return polygons, arcs
    is_broken = ~shapely.is_valid(polygons)
    mended = np.where(is_broken, shapely.buffer(polygons, 0), polygons)
    area = shapely.area(mended)
    for distance in (gap, gap / 4, gap / 16):
        neat = np.asarray(clean(mended, gap_width=distance, snapping_distance=distance), object)
        if (np.abs(shapely.area(neat) - area) <= MOST_CHANGE * area).all():
            return neat, None
    return polygons, arcs
