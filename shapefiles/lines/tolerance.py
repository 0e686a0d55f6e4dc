"""The distance up to which two lines of a file are one line."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

TOLERANCE = 0.01
"""Metres below which two borders that should match count as the same line."""

_COARSEST = 0.1
"""Metres: however coarse the grid of a file's coordinates, no wider gap is closed."""

_NARROWEST = 1e-4
"""Share of the side of a unit of median size above which no tolerance is."""

_EARTH_RADIUS = 6_371_000.0
_MOST_DECIMALS = 9
_N_SAMPLE = 10_000


def tolerance_in(polygons: npt.NDArray[np.object_], system: pyproj.CRS) -> float:
    """Say how near two lines of a file must be to be one, in the units of its coordinates.

    That is a centimetre, or up to a decimetre where the file's decimals put a vertex so far beside
    the line it lies on; but a small share of the size of the units where they are tiny.

    Parameters
    ----------
    polygons
        Geometries in `system`, shape ``(n_units,)``.
    system
        A geographic or projected system.

    Examples
    --------
    >>> block = np.array([shapely.box(-100.1234567, 40, -100, 40.1)])
    >>> tolerance_in(block, pyproj.CRS("EPSG:4326"))  # seven decimals of a degree
    8.993216059187305e-08
    >>> tolerance_in(shapely.transform(block, lambda xy: xy.round(6)), pyproj.CRS("EPSG:4326"))
    7.5e-07
    """
    metres = system.axis_info[0].unit_conversion_factor
    if system.is_geographic:
        metres *= _EARTH_RADIUS
    areas = shapely.area(polygons)
    areas = areas[areas > 0]
    if not len(areas):
        return 0.0
    beside = 0.75 * _grid(shapely.get_coordinates(polygons))  # half a diagonal, rounded up
    near = min(max(beside * metres, TOLERANCE), _COARSEST) / metres
    return float(min(near, _NARROWEST * np.sqrt(np.median(areas))))


def _grid(xy: npt.NDArray[np.float64]) -> float:
    """Find the power of ten that all coordinates are multiples of; 0 where they have none."""
    sample = xy[:: max(1, len(xy) // _N_SAMPLE)]
    for decimals in range(_MOST_DECIMALS + 1):
        if (np.round(sample, decimals) == sample).all():
            return float(10.0**-decimals)
    return 0.0
