"""Maps of more than half of the globe: beyond the end of a projection, and around a pole."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from shapefiles.globe.longitudes import AROUND, is_area, moved_east

Transform = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]

_SLIT = 1e-6
"""Metres within which the two sides of a cut from the coast to a pole are one."""

_STEPS = 720
"""Pieces of a parallel around a pole."""


def degrees_per_unit(system: pyproj.CRS) -> float:
    """Tell how many degrees one step of a geographic system is: 1, or 0.9 where it is in grads.

    Examples
    --------
    >>> [round(degrees_per_unit(pyproj.CRS(f"EPSG:{code}")), 9) for code in (4326, 4807)]
    [1.0, 0.9]
    """
    factor = math.degrees(system.axis_info[0].unit_conversion_factor)
    return 1.0 if abs(factor - 1) < 1e-9 else factor


def central_meridian(system: pyproj.CRS) -> float:
    """Read the longitude in the middle of a projection, in degrees; 0 where it says none.

    Examples
    --------
    >>> central_meridian(pyproj.CRS("EPSG:3832"))  # Mercator for the Pacific
    150.0
    """
    operation = system.coordinate_operation
    for one in () if operation is None else operation.params:
        if "ongitude" in one.name:
            return math.degrees(one.value * one.unit_conversion_factor)
    return 0.0


def over_the_end(system: pyproj.CRS, local: str) -> Transform:
    """Make a projection for more than half of the globe, which turns no longitude by 360.

    Parameters
    ----------
    system
        A geographic system.
    local
        The projection: Equal Earth, which goes on beyond its ends where a unit crosses them, or an
        azimuthal one around a pole.
    """
    scale = degrees_per_unit(system)
    to_degrees = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    # Else PROJ would bring what lies beyond the end of the map to its other end.
    to_local = pyproj.Transformer.from_crs("EPSG:4326", f"{local} +over", always_xy=True)

    def there(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        longitude, latitude = to_degrees.transform(*xy.T)
        turns = np.round((xy[:, 0] * scale - longitude) / AROUND)
        return np.column_stack(to_local.transform(longitude + AROUND * turns, latitude))

    return there


def project_world(
    polygons: npt.NDArray[np.object_], system: pyproj.CRS, local: str
) -> npt.NDArray[np.object_]:
    """Project a map of more than half of the globe.

    Parameters
    ----------
    polygons
        Geometries in longitude and latitude without jumps, shape ``(n_units,)``.
    system, local
        As for :func:`over_the_end`.
    """
    scale = degrees_per_unit(system)
    there = over_the_end(system, local)
    projected = np.array(shapely.transform(polygons, there), dtype=object)
    if "+proj=laea" in local:
        bounds = shapely.bounds(polygons)
        with np.errstate(invalid="ignore"):
            is_around = (bounds[:, 2] - bounds[:, 0]) * scale >= AROUND - _SLIT
        around = np.flatnonzero(is_around & is_area(polygons))
        for row in around.tolist():
            parts = shapely.get_parts(polygons[row])
            whole = [_around_pole(part, there, AROUND / scale) for part in parts]
            projected[row] = shapely.multipolygons(shapely.get_parts(whole))
    return projected


def _around_pole(
    part: shapely.Geometry,
    there: Transform,
    turn: float,
) -> shapely.Geometry:
    """Project a polygon around a pole, and close the cut that leads there in degrees."""
    west, south, east, north = part.bounds
    if east - west < turn - _SLIT:
        return shapely.transform(part, there)
    # A straight line between two corners of a parallel would cut the sea or the land.
    part = shapely.segmentize(part, turn / _STEPS)
    middle = (west + east) / 2
    halves = [
        shapely.intersection(part, shapely.box(*sides))
        for sides in ((west, south, middle, north), (middle, south, east, north))
    ]
    halves[0] = moved_east(halves[0], turn)
    projected = shapely.transform(np.array(halves, dtype=object), there)
    return shapely.union_all(projected, grid_size=_SLIT)
