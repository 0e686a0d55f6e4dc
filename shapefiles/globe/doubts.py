"""Whether coordinates can be in the reference system that they are said to be in.

Nothing in a file ties its numbers to its system: degrees that were given the name of a projection,
or feet with the ``.prj`` of metres, are read without an error and come out somewhere else. Two
things tell: where the map would be, against the area that the system is made for, and how large.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyproj

from shapefiles.globe.projection import short_name

TINY = 1.0
"""Metres below which no map is wide."""


class Doubt(NamedTuple):
    """A reason against the reference system of a map."""

    text: str
    """What speaks against it, in a sentence."""
    is_sure: bool
    """Whether it is surely wrong."""


def find_doubts(xy: npt.NDArray[np.float64], system: pyproj.CRS) -> list[Doubt]:
    """Say what speaks against points being in a reference system.

    Parameters
    ----------
    xy
        Points, shape ``(n_points, 2)``, at least one.
    system
        The system they are said to be in.

    Examples
    --------
    >>> near_hanover = np.array([[9.7, 52.3], [9.8, 52.4]])
    >>> [doubt.text for doubt in find_doubts(near_hanover, pyproj.CRS("EPSG:25832"))][0]
    'they would make a map of 10 cm from end to end, and look like degrees'
    >>> find_doubts(near_hanover, pyproj.CRS("EPSG:4326"))
    []
    """
    size = _size(xy, system)
    if size is not None and size.is_sure:
        return [size]  # Where such a map would be tells nothing more.
    return [one for one in (size, _distance(xy, system)) if one is not None]


def _size(xy: npt.NDArray[np.float64], system: pyproj.CRS) -> Doubt | None:
    """Doubt a map that is too small for one."""
    width, height = np.ptp(xy, axis=0).tolist()
    farthest = np.abs(xy).max(axis=0)
    if system.is_geographic:
        metres = 111_000 * max(width, height)
        looks_like_degrees = False
    else:
        metres = max(width, height) * system.axis_info[0].unit_conversion_factor
        looks_like_degrees = bool(farthest[0] <= 360 and farthest[1] <= 90)
    if looks_like_degrees:
        return Doubt(
            f"they would make a map of {_said(metres)}, and look like degrees", is_sure=True
        )
    if metres < TINY:
        return Doubt(f"they would make a map of {_said(metres)}", is_sure=False)
    return None


def _distance(xy: npt.NDArray[np.float64], system: pyproj.CRS) -> Doubt | None:
    """Doubt a map of which no point is where the system is used."""
    area = system.area_of_use
    if area is None:
        return None
    to_degrees = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    longitude, latitude = to_degrees.transform(*xy.T)
    is_known = np.isfinite(longitude) & np.isfinite(latitude)
    if not is_known.any():
        return None
    longitude, latitude = longitude[is_known], latitude[is_known]
    width = (area.east - area.west) % 360 or 360.0
    east_of_it = (longitude - area.west) % 360
    beside = np.where(east_of_it <= width, 0, np.minimum(east_of_it - width, 360 - east_of_it))
    beside = beside * np.cos(np.radians(latitude))
    above = np.maximum(np.maximum(area.south - latitude, latitude - area.north), 0)
    distance = np.hypot(beside, above)
    nearest = int(np.argmin(distance))
    if distance[nearest] == 0:
        return None
    at = _place(float(longitude[nearest]), float(latitude[nearest]))
    corners = f"{_place(area.west, area.south)} and {_place(area.east, area.north)}"
    return Doubt(
        f"the nearest of them would be at {at}, outside the area where that system is used, which "
        f"lies between {corners}",
        # A drawing that begins at (0, 0), or the zone next to one's own, may be meant.
        is_sure=False,
    )


def doubtful(place: str, system: pyproj.CRS, doubts: list[Doubt]) -> str:
    """Put doubts into a sentence.

    Examples
    --------
    >>> doubtful("'a.shp'", pyproj.CRS("EPSG:3748"), [Doubt("they would be in the sea", False)])
    "The coordinates of 'a.shp' are perhaps not in EPSG:3748: they would be in the sea."
    """
    can = "can hardly be" if any(one.is_sure for one in doubts) else "are perhaps not"
    said = "; ".join(one.text for one in doubts)
    return f"The coordinates of {place} {can} in {_named(system)}: {said}."


def _named(system: pyproj.CRS) -> str:
    """Name a system in a sentence, however long its definition is."""
    name = short_name(system)
    return name if len(name) <= 100 else f"{system.name[:100]!r}"


def _place(longitude: float, latitude: float) -> str:
    """Write a place as people do.

    >>> _place(-71.2, 11.3)
    '11.3° N 71.2° W'
    """
    east = "E" if longitude >= 0 else "W"
    north = "N" if latitude >= 0 else "S"
    return f"{abs(latitude):.1f}° {north} {abs(longitude):.1f}° {east}"


def _said(metres: float) -> str:
    """Write a length for people.

    >>> [_said(metres) for metres in (0.034, 0.0002, 58.3)]
    ['3.4 cm from end to end', '0.2 mm from end to end', '58 m from end to end']
    """
    for unit, size in (("m", 1.0), ("cm", 0.01), ("mm", 0.001)):
        if metres >= size or unit == "mm":
            break
    return f"{metres / size:.2g} {unit} from end to end"
