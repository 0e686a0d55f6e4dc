"""The way back from a sheet to the globe, as few numbers, for a page that writes GeoJSON.

A page holds polygons in the plane of its sheet, and no library of projections. The inverse of a
projection is smooth, so that a polynomial for each of the three coordinates of a point on the unit
sphere says it as exactly as the sheet is drawn: unlike longitudes these do not jump at 180 degrees,
nor lose their way at a pole. The polynomials are sums of products of Chebyshev polynomials, which
stay well conditioned at a high degree.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from numpy.polynomial import chebyshev

from maps.layout import Sheet
from maps.systems import Area, way
from shapefiles.units import Units

Points = npt.NDArray[np.float64]

DEGREES = (4, 8, 12, 16)
"""Degrees that are tried, the lowest first."""

MOST_POINTS = 2_000
"""Vertices that a polynomial is fitted to, or held against."""

EARTH = 6_371_008.8
"""Mean radius of the earth, in metres."""


def ways_back(sheet: Sheet, units: Units) -> list[dict[str, Any]]:
    """Fit a polynomial to each part of a sheet.

    Parameters
    ----------
    sheet
        Where the polygons are.
    units
        The units, of which some may have been moved.

    Returns
    -------
    list of dict
        One for each state that was moved, with its code as ``state``, then one for all others:
        ``box`` (west, south, east, north of its land, in coordinates of the page), ``degree``, and
        ``x``, ``y`` and ``z``: the coefficient of each product of a Chebyshev polynomial of degree
        *i* in x and *k* in y, *i* + *k* at most the degree, ordered by *i*, then *k*. Nothing where
        the sheet is so large or so strange that no polynomial is as exact as it is drawn.
    """
    ways = []
    for state, rows, crs, area, away in _parts(sheet, units):
        xy = shapely.get_coordinates(sheet.polygons[rows])
        if not len(xy):
            continue
        box = np.concatenate([xy.min(axis=0), xy.max(axis=0)])
        # Evenly along all lines, so that every polygon has some.
        xy = xy[:: max(1, len(xy) // MOST_POINTS)]
        way = _fitted(xy, _on_sphere(away(xy), crs, area), box, sheet.quantum)
        if way is None:
            return []
        way["box"] = (way["box"] / sheet.metres_per_unit).tolist()
        ways.append(way if state is None else {"state": state, **way})
    return ways


def _parts(sheet: Sheet, units: Units) -> Iterator[tuple[str | None, Any, str, Area | None, Any]]:
    """List state, rows, system, area, and the way from the sheet into the system, of each part."""
    rest = np.ones(units.n_units, np.bool_)
    for inset in sheet.insets:
        rows = units.states == inset.state
        rest &= ~rows

        def away(xy: Points, inset: Any = inset) -> Points:
            moved: Points = (xy - inset.corner) / inset.scale + inset.window[:2]
            return moved

        yield inset.state, rows, inset.crs, inset.area, away
    yield None, rest, sheet.crs, None, lambda xy: xy


def _on_sphere(xy: Points, crs: str, area: Area | None) -> Points:
    """Find points of a system on the unit sphere, by longitude and latitude (WGS 84)."""
    longitude, latitude = np.radians(way(crs, "EPSG:4326", area).transform(*xy.T))
    flat = np.cos(latitude)
    return np.column_stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])


def _fitted(xy: Points, sphere: Points, box: Points, tolerance: float) -> dict[str, Any] | None:
    """Fit polynomials to every other point, of the lowest degree that is near enough to all."""
    found = _fit(xy.tobytes(), sphere.tobytes(), box.tobytes(), tolerance)
    return None if found is None else {"box": box, **found}


# Most of the time of a page goes here, and every page of a map fits the same points.
@lru_cache(maxsize=32)
def _fit(given: bytes, on_sphere: bytes, corners: bytes, tolerance: float) -> dict[str, Any] | None:
    """Fit as :func:`_fitted`, without the box; nobody may change what it returns."""
    xy, sphere = (
        np.frombuffer(one).reshape(-1, size) for one, size in ((given, 2), (on_sphere, 3))
    )
    low, high = np.frombuffer(corners).reshape(2, 2)
    square = 2 * (xy - low) / np.maximum(high - low, 1e-9) - 1
    fitted = slice(None, None, 2) if len(xy) > 1_000 else slice(None)
    for degree in DEGREES:
        kept = np.add.outer(range(degree + 1), range(degree + 1)).ravel() <= degree
        x, y = square.T
        terms = chebyshev.chebvander2d(x, y, [degree, degree])[:, kept]
        found, *_ = np.linalg.lstsq(terms[fitted], sphere[fitted])
        error = float(np.abs(terms @ found - sphere).max())
        if error * EARTH <= tolerance / 4:
            # So many digits that rounding costs less than a fitting does.
            lists = ([float(f"{one:.12g}") for one in column] for column in found.T)
            return {"degree": degree, **dict(zip("xyz", lists, strict=True))}
    return None
