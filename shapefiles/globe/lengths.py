"""Lengths on the globe, of lines that lie in a plane.

No projection keeps all lengths: one that keeps areas stretches a map in one direction as far as it
squeezes it in the other, at 60 degrees north to 0.5 and 2 times in a cylindrical one. So areas are
measured in the plane, and lengths along the ellipsoid, between points as far apart as this needs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from shapefiles.globe.worldwide import degrees_per_unit

Points = npt.NDArray[np.float64]
Ruler = Callable[[Points, Points], npt.NDArray[np.float64]]
"""Measures the segments between two points each, shape ``(n, 2)``: metres, shape ``(n,)``."""

_LONG = 20_000.0
"""Metres of the plane beyond which a segment is followed in steps: it is straight there, and a
geodesic between its ends may be another way."""

_MOST_STEPS = 1_000


def flat(begin: Points, end: Points) -> npt.NDArray[np.float64]:
    """Measure segments in the plane.

    Examples
    --------
    >>> flat(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0]])).tolist()
    [5.0]
    """
    length: npt.NDArray[np.float64] = np.hypot(*(end - begin).T)
    return length


def ruler_for(crs: str) -> Ruler:
    """Measure segments of a projected system along its ellipsoid (:meth:`pyproj.Geod.inv`).

    Where the plane goes on beyond the globe, its own lengths stand.

    Parameters
    ----------
    crs
        Reference system, as pyproj takes it; its unit is the metre.

    Examples
    --------
    >>> begin, end = np.array([[0.0, 6_000_000.0]]), np.array([[10_000.0, 6_000_000.0]])
    >>> ruler_for("EPSG:6933")(begin, end).round().tolist()  # which widens the north
    [6645.0]
    """
    system = pyproj.CRS(crs)
    globe, geod = system.geodetic_crs or system, system.get_geod()
    if geod is None:
        return flat
    to_globe = pyproj.Transformer.from_crs(system, globe, always_xy=True)
    scale = degrees_per_unit(globe)

    def measure(begin: Points, end: Points) -> npt.NDArray[np.float64]:
        straight = flat(begin, end)
        steps = np.clip(np.ceil(np.nan_to_num(straight) / _LONG), 1, _MOST_STEPS).astype(np.intp)
        segment = np.repeat(np.arange(len(steps)), steps)
        number = np.arange(len(segment)) - (np.cumsum(steps) - steps)[segment]
        way, total = (end - begin)[segment], steps[segment]
        first = begin[segment] + way * (number / total)[:, None]
        last = np.where(
            (number + 1 == total)[:, None],
            end[segment],
            begin[segment] + way * ((number + 1) / total)[:, None],
        )
        here, there = (np.stack(to_globe.transform(*one.T)) * scale for one in (first, last))
        is_known = np.isfinite(here).all(axis=0) & np.isfinite(there).all(axis=0)
        # Whoever goes the other way along a line finds it as long, to the last bit.
        is_back = (here[0] > there[0]) | ((here[0] == there[0]) & (here[1] > there[1]))
        low, high = np.where(is_back, there, here), np.where(is_back, here, there)
        metres = flat(first, last)
        metres[is_known] = geod.inv(*low[:, is_known], *high[:, is_known])[2]
        return np.bincount(segment, metres, len(steps)).astype(np.float64)

    return measure


def lengths_of(geometries: npt.NDArray[np.object_], ruler: Ruler) -> npt.NDArray[np.float64]:
    """Measure lines, or what is around polygons; 0 for anything else, shape ``(n,)``.

    Examples
    --------
    >>> lengths_of(np.array([shapely.box(0, 0, 2, 1), None], object), flat).tolist()
    [6.0, 0.0]
    """
    parts, geometry = shapely.get_parts(geometries, return_index=True)
    is_area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, ring_of = shapely.get_rings(parts[is_area], return_index=True)
    is_line = np.isin(
        shapely.get_type_id(parts),
        (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING),
    )
    lines = np.concatenate([rings, parts[is_line]])
    owner = np.concatenate([geometry[is_area][ring_of], geometry[is_line]])
    xy, line = shapely.get_coordinates(lines, return_index=True)
    starts = np.flatnonzero(line[1:] == line[:-1])
    length = ruler(xy[starts], xy[starts + 1])
    return np.bincount(owner[line[starts]], length, len(geometries)).astype(np.float64)
