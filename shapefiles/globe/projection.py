"""A local equal-area projection for whatever part of the world a map shows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from shapefiles.errors import DataError, shown
from shapefiles.globe.longitudes import AROUND
from shapefiles.globe.worldwide import (
    Transform,
    central_meridian,
    degrees_per_unit,
    over_the_end,
    project_world,
)

_WORLD = 180.0
"""Degrees of longitude above which a map is drawn as the whole world is, or a hemisphere."""


class Extent(NamedTuple):
    """Extent of a map, in degrees of longitude and latitude (WGS 84)."""

    middle: float
    """Longitude between -180 and 180."""
    width: float
    """Degrees of longitude, 360 at most."""
    south: float
    north: float


def crs_for(bounds: tuple[float, float, float, float]) -> str:
    """Choose an equal-area projection in metres for a part of the world.

    Areas are exact everywhere; lengths are measured elsewhere (:mod:`shapefiles.globe.lengths`).
    As Snyder advises [1]_: the Lambert azimuthal projection for a region about as wide as it is
    high, or near the equator or a pole; the Albers conic one, with its standard parallels a sixth
    inside the southern and northern limits, for a wide region in between; for more than half of
    the globe Equal Earth, or the azimuthal one around a pole where the map keeps to its hemisphere.

    Parameters
    ----------
    bounds
        West, south, east and north in degrees of longitude and latitude. West above east means
        that the region crosses the antimeridian, as in GeoJSON (RFC 7946, section 5.2).

    Returns
    -------
    str
        A PROJ definition, which pyproj and GeoPandas accept. The same bounds, to a tenth of a
        degree, give the same text.

    Raises
    ------
    ValueError
        When the bounds are not on the globe.

    References
    ----------
    .. [1] J. P. Snyder, "Map Projections: A Working Manual", US Geological Survey Professional
       Paper 1395, 1987, doi:10.3133/pp1395.

    Examples
    --------
    >>> crs_for((-73.98, 45.40, -73.48, 45.70))  # Montreal
    '+proj=laea +lat_0=45.5 +lon_0=-73.7 +datum=WGS84 +units=m +no_defs'
    >>> crs_for((-125.0, 24.5, -66.9, 49.4))  # 48 of the United States
    '+proj=aea +lat_1=28.6 +lat_2=45.2 +lat_0=37 +lon_0=-96 +datum=WGS84 +units=m +no_defs'
    >>> crs_for((177.0, -19.2, -178.5, -16.0))  # Fiji
    '+proj=laea +lat_0=-17.6 +lon_0=179.2 +datum=WGS84 +units=m +no_defs'
    """
    west, south, east, north = (float(one) for one in bounds)
    on_globe = -90 <= south <= north <= 90 and all(-180 <= one <= 180 for one in (west, east))
    if not on_globe:
        raise ValueError(f"bounds = {bounds} are not degrees of longitude and latitude.")
    width = (east - west) % 360 if west > east else east - west
    return _local_crs(Extent((west + width / 2 + 180) % 360 - 180, width, south, north))


def _local_crs(extent: Extent) -> str:
    middle, width, south, north = extent
    centre = (south + north) / 2
    tail = f"+lon_0={_degrees(middle)} +datum=WGS84 +units=m +no_defs"
    if width > _WORLD:
        is_hemisphere = south >= 0 or north <= 0
        if is_hemisphere:
            return f"+proj=laea +lat_0={90 if south >= 0 else -90} {tail}"
        return f"+proj=eqearth {tail}"
    true_width = width * math.cos(math.radians(centre))
    is_conic = true_width > 1.5 * (north - south) and 20 <= abs(centre) <= 70 and width > 5
    if not is_conic:
        return f"+proj=laea +lat_0={_degrees(centre)} {tail}"
    inset = (north - south) / 6
    parallels = f"+lat_1={_degrees(south + inset)} +lat_2={_degrees(north - inset)}"
    return f"+proj=aea {parallels} +lat_0={_degrees(centre)} {tail}"


def lonlat_bounds(longitudes: npt.ArrayLike, latitudes: npt.ArrayLike) -> tuple[float, ...]:
    """Find the smallest box around points on the globe; west is above east across 180 degrees.

    The box leaves out the widest band of longitudes without a point. Clusters of points a few
    degrees apart give the right answer where plain minima and maxima would say the whole world.

    Parameters
    ----------
    longitudes, latitudes
        Degrees, at least one point.

    Examples
    --------
    >>> lonlat_bounds([177.0, 179.9, -179.9, -178.5], [-19, -16, -17, -18])
    (177.0, -19.0, -178.5, -16.0)
    """
    given = np.asarray(longitudes, np.float64)
    wrapped = np.where(np.abs(given) <= 180, given, (given + 180) % 360 - 180)
    around = np.unique(wrapped)
    gaps = np.diff(around, append=around[0] + 360)
    widest = int(np.argmax(gaps))
    south, north = float(np.min(latitudes)), float(np.max(latitudes))
    west = float(around[(widest + 1) % len(around)])
    return west, south, float(around[widest]), north


def is_equal_area(crs: pyproj.CRS) -> bool:
    """Tell whether areas can be measured in a system as it is: equal-area, in metres.

    Not those on a sphere, as Mollweide's is: the areas of an ellipsoid that is taken for one are
    0.7 % too large at the equator, and too small at the poles.

    Examples
    --------
    >>> [is_equal_area(pyproj.CRS(one)) for one in ("EPSG:5070", "EPSG:3857", "ESRI:54009")]
    [True, False, False]
    """
    operation = crs.coordinate_operation if crs.is_projected else None
    method = operation.method_name if operation is not None else ""
    is_metres = all(axis.unit_name in {"metre", "meter"} for axis in crs.axis_info)
    is_sphere = crs.ellipsoid is None or crs.ellipsoid.inverse_flattening == 0
    names = ("Equal Area", "Equal-Area", "Equal Earth", "Sinusoidal")
    on_ellipsoid = not is_sphere and "Spherical" not in method
    return is_metres and on_ellipsoid and any(name in method for name in names)


def project(
    polygons: npt.NDArray[np.object_], crs: str, place: str
) -> tuple[npt.NDArray[np.object_], str]:
    """Bring polygons to an equal-area projection: their own where it is one, else a local one.

    Parameters
    ----------
    polygons
        Geometries in `crs`, shape ``(n_units,)``; None and empty ones stay. Longitudes are best
        without jumps, as :func:`shapefiles.globe.placing.place` makes them.
    crs
        Their reference system, as pyproj takes it.
    place
        What the polygons were read from, for messages.

    Returns
    -------
    tuple
        The geometries, and the name or definition of their system.

    Raises
    ------
    DataError
        When the system is unknown, or coordinates cannot be in it.
    """
    plane = plane_for(polygons, parse_crs(crs, place), place)
    return plane.project(polygons), plane.crs


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """An equal-area system in metres, and the way there.

    Parameters
    ----------
    crs
        Its name or definition.
    system
        Where coordinates come from.
    to_plane
        From coordinates of `system`, shape ``(n, 2)`` each; None where it is the same system.
    is_world
        Whether the map shows more than half of the globe.
    """

    crs: str
    system: pyproj.CRS
    to_plane: Transform | None
    is_world: bool = False

    def project(self, polygons: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        """Bring polygons there, vertex by vertex but for units around a pole."""
        if self.to_plane is None:
            return polygons
        if self.is_world:
            return project_world(polygons, self.system, self.crs)
        moved: npt.NDArray[np.object_] = shapely.transform(polygons, self.to_plane)
        return moved


def plane_for(polygons: npt.NDArray[np.object_], system: pyproj.CRS, place: str) -> Plane:
    """Choose the equal-area system in which a map is measured; as :func:`project` does."""
    if is_equal_area(system):
        return Plane(short_name(system), system, None)
    extent = map_extent(shapely.get_coordinates(polygons), system, place)
    local = _local_crs(extent)
    if system.is_geographic and extent.width > _WORLD:
        return Plane(local, system, over_the_end(system, local), is_world=True)
    transformer = pyproj.Transformer.from_crs(system, local, always_xy=True)

    def to_plane(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    return Plane(local, system, to_plane)


def map_extent(xy: npt.NDArray[np.float64], system: pyproj.CRS, place: str) -> Extent:
    """Find how far a map reaches on the globe.

    Parameters
    ----------
    xy
        Its points in `system`, shape ``(n_points, 2)``; longitudes without jumps.
    system
        Their reference system.
    place
        What they were read from, for messages.

    Raises
    ------
    DataError
        When there is no point, or one cannot be in the system.
    """
    if not len(xy):
        raise DataError(f"{place} has no coordinates at all; every polygon is missing or empty.")
    check_degrees(xy, system, place, 1.5 * AROUND)
    to_degrees = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    longitudes, latitudes = to_degrees.transform(xy[:, 0], xy[:, 1])
    is_finite = np.isfinite(longitudes) & np.isfinite(latitudes)
    if not is_finite.all():
        x, y = xy[int(np.flatnonzero(~is_finite)[0])].tolist()
        raise DataError(
            f"{place} has the point ({x:g}, {y:g}), which lies outside {short_name(system)}. Say "
            "which system its coordinates are in (--crs)."
        )
    south, north = max(float(latitudes.min()), -90.0), min(float(latitudes.max()), 90.0)
    if system.is_geographic:
        given = xy[:, 0] * degrees_per_unit(system)
        width = float(np.ptp(given))
        middle = float(given.min()) + width / 2 + float(longitudes[0] - given[0])
    else:
        west, _, east, _ = lonlat_bounds(longitudes, latitudes)
        width = (east - west) % AROUND
        middle = west + width / 2
        if width > _WORLD:
            middle = central_meridian(system)
    return Extent((middle + AROUND / 2) % AROUND - AROUND / 2, min(width, AROUND), south, north)


def check_degrees(
    xy: npt.NDArray[np.float64], system: pyproj.CRS, place: str, most: float = AROUND
) -> None:
    """Refuse numbers that are no longitudes and latitudes, where they ought to be.

    Parameters
    ----------
    xy
        Points in `system`, shape ``(n_points, 2)``.
    system
        Their reference system; one that is not geographic has nothing to be checked.
    place
        What they were read from, for messages.
    most
        Degrees of longitude that a point may be east or west of the prime meridian.

    Raises
    ------
    DataError
        With the point that is farthest off.
    """
    if not (system.is_geographic and len(xy)):
        return
    degrees = np.abs(xy) * degrees_per_unit(system) / (most, AROUND / 4)
    row, column = np.unravel_index(int(np.argmax(degrees)), degrees.shape)
    if degrees[row, column] > 1 + 1e-5:
        raise DataError(
            f"{place} is said to be in degrees ({short_name(system)}), but has the point "
            f"({xy[row, 0]:g}, {xy[row, 1]:g}). Say which system its coordinates are in (--crs)."
        )


def parse_crs(crs: str, place: str) -> pyproj.CRS:
    """Parse the name of a reference system.

    Raises
    ------
    DataError
        When pyproj does not know it, or it is neither geographic nor projected.
    """
    try:
        system = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        raise DataError(
            f"{place}: {shown(crs)} is not a reference system; give one such as EPSG:4326."
        ) from None
    if not (system.is_geographic or system.is_projected):
        raise DataError(
            f"{place}: {shown(crs)} is a {system.type_name}; give a geographic or projected one, "
            "such as EPSG:4326."
        )
    return system


def is_same_crs(one: pyproj.CRS, other: pyproj.CRS) -> bool:
    """Tell whether two reference systems are one, perhaps written differently.

    Examples
    --------
    >>> crs = pyproj.CRS("EPSG:4269")
    >>> is_same_crs(crs, pyproj.CRS(crs.to_wkt("WKT1_ESRI"))), is_same_crs(crs, "EPSG:4326")
    (True, False)
    """
    code = one.to_epsg()
    return one.equals(other, ignore_axis_order=True) or (
        code is not None and code == pyproj.CRS(other).to_epsg()
    )


def short_name(system: pyproj.CRS) -> str:
    """Name a system by its authority code where it has one, such as ``EPSG:5070``."""
    code = system.to_authority()
    return ":".join(code) if code else str(system.to_string())


def _degrees(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}"
