"""Polygons of any reference system, brought to one side of the globe."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from shapefiles.globe.longitudes import AROUND, NEAR
from shapefiles.globe.seam import gather
from shapefiles.globe.worldwide import central_meridian, degrees_per_unit

_FAR = 1000.0
"""Metres that a point jumps by where a projection is torn."""

_RIM = 1e-8
"""Share of a map by which a point may be beyond its rim through rounding: less than a metre."""


class Placed(NamedTuple):
    """Polygons in a plane in which what is next to each other on the globe is so, too."""

    polygons: npt.NDArray[np.object_]
    system: pyproj.CRS
    """System of the polygons: the file's own, or its longitudes and latitudes."""
    jumping: npt.NDArray[np.intp]
    """Rows with a ring whose longitudes jumped in the file."""
    is_ring: bool = False
    """Whether the map goes all around the globe, so that its western end meets its eastern."""


def place(polygons: npt.NDArray[np.object_], system: pyproj.CRS) -> Placed:
    """Bring the parts of a map together that the seam of its system keeps apart.

    Parameters
    ----------
    polygons
        Geometries in `system`, finite, shape ``(n_units,)``.
    system
        A geographic system, or a projected one, which may end at 180 degrees or elsewhere.

    Returns
    -------
    Placed
        The same geometries in the same system wherever no land lies on both sides of its seam;
        longitudes and latitudes from a projected system where some does.
    """
    if not shapely.get_num_coordinates(polygons).any():
        return Placed(polygons, system, np.empty(0, np.intp))
    if system.is_geographic:
        return _placed(polygons, system, None)
    seam = _seam(polygons, system)
    if seam is None:
        return Placed(polygons, system, np.empty(0, np.intp))
    globe = system.geodetic_crs
    to_globe = pyproj.Transformer.from_crs(system, globe, always_xy=True)
    degrees = shapely.transform(polygons, lambda xy: _on_globe(xy, to_globe))
    return _placed(degrees, globe, seam)


def _placed(polygons: npt.NDArray[np.object_], system: pyproj.CRS, seam: float | None) -> Placed:
    """Gather polygons in degrees, or in grads."""
    scale = degrees_per_unit(system)
    degrees = polygons if scale == 1 else shapely.transform(polygons, lambda xy: xy * scale)
    if seam is None:
        west, _, east, _ = shapely.total_bounds(degrees).tolist()
        is_eastward = west >= -NEAR and east > AROUND / 2 + NEAR
        seam = 0.0 if is_eastward else AROUND / 2
    found = gather(degrees, seam)
    if found.polygons is degrees:
        return Placed(polygons, system, found.jumping)
    back = found.polygons
    if scale != 1:
        back = shapely.transform(back, lambda xy: xy / scale)
    return Placed(back, system, found.jumping, found.is_ring)


def _on_globe(xy: npt.NDArray[np.float64], to_globe: pyproj.Transformer) -> npt.NDArray[np.float64]:
    """Find longitudes and latitudes, of points on the rim of a projection as well."""
    found = np.column_stack(to_globe.transform(*xy.T))
    is_off = ~np.isfinite(found).all(axis=1)
    if is_off.any():
        # PROJ takes the rim itself, by rounding, for a place off the map.
        inside = xy[is_off] * (1 - _RIM, 1)
        found[is_off] = np.column_stack(to_globe.transform(*inside.T))
    return found


def _seam(polygons: npt.NDArray[np.object_], system: pyproj.CRS) -> float | None:
    """Find the longitude at which a projected map is torn; None where it is not.

    It is where land comes up to it from both sides, where land lies beyond it, and where a side of
    a polygon leads from one end of the map to the other.
    """
    xy, row = shapely.get_coordinates(polygons, return_index=True)
    globe = system.geodetic_crs
    scale = degrees_per_unit(globe)
    to_globe = pyproj.Transformer.from_crs(system, globe, always_xy=True)
    longitude, latitude = (_on_globe(xy, to_globe) * scale).T
    if not np.isfinite(longitude).all():
        return None  # which is refused wherever longitudes are needed
    seam = central_meridian(system) + AROUND / 2
    east_of_it = (longitude - seam) % AROUND
    jumps = (np.abs(np.diff(east_of_it)) > AROUND / 2) & (np.diff(row) == 0)
    begins, ends = east_of_it <= NEAR, east_of_it >= AROUND - NEAR
    is_near = begins | ends
    is_near[:-1] |= jumps
    is_near[1:] |= jumps
    from_globe = pyproj.Transformer.from_crs(globe, system, always_xy=True)

    def there(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(from_globe.transform(x / scale, y / scale))

    moved = np.abs(there(longitude, latitude) - xy)
    if ((moved[:, 0] > _FAR) & (moved[:, 1] < 1)).any():
        return seam
    if not (jumps.any() or (begins.any() and ends.any())):
        return None
    at = latitude[is_near]
    sides = [there(np.full(len(at), one), at) for one in (seam - 2 * NEAR, seam + 2 * NEAR)]
    is_torn = bool((np.hypot(*(sides[0] - sides[1]).T) > _FAR).any())
    return seam if is_torn else None
