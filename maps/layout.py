"""Where things go on the sheet: Alaska and Hawaii beside the 48 states, one scale for all."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from maps.neat import make_neat
from maps.systems import Area, way
from maps.topology import Arcs, Topology, find_arcs
from shapefiles.globe.placing import place
from shapefiles.globe.projection import parse_crs, project, short_name
from shapefiles.globe.seam import gather
from shapefiles.once import once
from shapefiles.units import Units

WEB_MERCATOR = "EPSG:3857"
"""The system of public map tiles."""

STEPS_PER_UNIT = 64
"""Steps of the rounded coordinates in one map unit, about a pixel when the map opens."""


@dataclass(frozen=True, slots=True)
class Inset:
    """A state moved next to the others, in a projection of its own.

    Parameters
    ----------
    state
        Code of the state, as in ``Units.states``.
    label
        What the map writes beside it.
    label_at, label_end
        Where on the sheet the writing stands, above the point; and whether it ends there instead
        of beginning. Letters stay of a size where the land shrinks, so they grow away from it.
    crs
        Equal-area projection in which the state stands upright.
    area
        Where on the globe the window lies.
    window
        What to draw of it (west, south, east, north), in metres of `crs`; small islands beyond
        it are left out.
    scale
        Size on the sheet, 1 for the size of the other states.
    corner
        Where the south-west corner of the window goes, in metres of the sheet.
    """

    state: str
    label: str
    crs: str
    area: Area
    window: tuple[float, float, float, float]
    scale: float
    corner: tuple[float, float]
    label_at: tuple[float, float]
    label_end: bool = False

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """Where the window lies on the sheet: west, south, east, north, in metres."""
        west, south, east, north = self.window
        x, y = self.corner
        return x, y, x + (east - west) * self.scale, y + (north - south) * self.scale


INSETS = (
    Inset(
        state="AK",
        label="Alaska",
        crs="EPSG:3338",
        area=(172, 51, -129, 72),
        window=(-2_180_000, 405_000, 1_500_000, 2_385_000),
        scale=0.36,
        corner=(-2_380_000, 210_000),
        label_at=(-1_870_000, 690_000),
        label_end=True,
    ),
    Inset(
        state="HI",
        label="Hawaii",
        crs="+proj=aea +lat_1=8 +lat_2=18 +lat_0=13 +lon_0=-157 +datum=NAD83 +units=m",
        area=(-161, 18, -154, 23),
        window=(-365_000, 640_000, 245_000, 1_075_000),
        scale=1.1,
        corner=(-980_000, 210_000),
        label_at=(-500_000, 235_000),
        label_end=True,
    ),
)
"""Where Alaska and Hawaii go, on a sheet in EPSG:5070."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Sheet:
    """The polygons as they are drawn.

    Parameters
    ----------
    polygons
        Geometries in metres of the sheet, shape ``(n_units,)``.
    insets
        The states that were moved.
    metres_per_unit
        Metres of the sheet in one coordinate of the page, which Leaflet calls a degree on a map
        without a background.
    crs
        Reference system of the sheet.
    arcs
        The polygons' arcs, where they are known already.
    """

    polygons: npt.NDArray[np.object_]
    insets: tuple[Inset, ...]
    metres_per_unit: float
    crs: str = "EPSG:5070"
    arcs: Arcs | None = None

    @property
    def topology(self) -> Topology:
        """The polygons as shared arcs, rounded as a page has them."""
        arcs = find_arcs(self.polygons) if self.arcs is None else self.arcs
        return arcs.rounded(self.quantum)

    @property
    def is_web_mercator(self) -> bool:
        """Whether the sheet is drawn for tiles of the web to lie under it."""
        return self.crs == WEB_MERCATOR

    @property
    def unit(self) -> float:
        """About a pixel when the map opens, in coordinates of the page."""
        west, south, east, north = self.bounds
        return _round_up(max(east - west, north - south) / 1000) if self.is_web_mercator else 1.0

    @property
    def quantum(self) -> float:
        """Step of the rounded coordinates, in metres."""
        return self.metres_per_unit * self.unit / STEPS_PER_UNIT

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of everything, in coordinates of the page."""
        boxes = [shapely.total_bounds(self.polygons), *(inset.frame for inset in self.insets)]
        low, high = np.min(boxes, axis=0)[:2], np.max(boxes, axis=0)[2:]
        west, south, east, north = (np.concatenate([low, high]) / self.metres_per_unit).tolist()
        return west, south, east, north

    def locate(self, lonlat: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Find points of the globe on the sheet, in coordinates of the page.

        Parameters
        ----------
        lonlat
            Longitudes and latitudes in degrees (WGS 84), shape ``(n_points, 2)``.

        Returns
        -------
        numpy.ndarray
            x and y, shape ``(n_points, 2)``; not finite where the projection does not reach.
        """
        lonlat = np.asarray(lonlat, np.float64)
        xy = np.column_stack(way("EPSG:4326", self.crs).transform(*lonlat.T))
        for inset in self.insets:
            there = np.column_stack(way("EPSG:4326", inset.crs, inset.area).transform(*lonlat.T))
            west, south, east, north = inset.window
            is_in = ((there >= (west, south)) & (there <= (east, north))).all(axis=1)
            xy[is_in] = (there[is_in] - inset.window[:2]) * inset.scale + inset.corner
        return xy / self.metres_per_unit


def lay_out(units: Units, *, is_web_mercator: bool = False) -> Sheet:
    """Arrange the units on one sheet.

    In EPSG:5070 the states of :data:`INSETS` move below the south-west of the others. In any other
    equal-area system everything stays where it is, and polygons in a system that is not
    equal-area are drawn in a local one. Where polygons overlap or leave narrow gaps, neighbours get
    a common border. Moving and projecting treat equal vertices equally, so
    neighbours keep their common borders.

    Parameters
    ----------
    units
        Units with polygons in any reference system.
    is_web_mercator
        Whether to draw in Web Mercator instead, which is the only system that public map tiles
        have; nothing moves then.

    Returns
    -------
    Sheet
        Polygons on a sheet about a thousand map units wide: 5,000 m each for the United States.

    Raises
    ------
    ValueError
        When no unit has a polygon, or the reference system is unknown.
    """
    has_polygon = ~(shapely.is_missing(units.polygons) | shapely.is_empty(units.polygons))
    if not has_polygon.any():
        raise ValueError("The units have no polygons, so there is nothing to draw them as.")
    return _web_sheet(units) if is_web_mercator else _sheet(units)


@once
def _web_sheet(units: Units) -> Sheet:
    """Lay out in Web Mercator."""
    polygons = _to_web_mercator(units)
    west, south, east, north = shapely.total_bounds(polygons)
    gap = _round_up(max(east - west, north - south) / 1000)
    polygons, arcs = make_neat(polygons, gap)
    return Sheet(_read_only(polygons), (), 1.0, WEB_MERCATOR, arcs)


@once
def _sheet(units: Units) -> Sheet:
    """Lay out in an equal-area system."""
    placed = place(units.polygons, parse_crs(units.crs, "the map"))
    projected, crs = project(placed.polygons, short_name(placed.system), "the map")
    polygons = np.array(projected, dtype=object)
    insets: list[Inset] = []
    for inset in INSETS if crs.upper() == "EPSG:5070" else ():
        rows = np.flatnonzero(units.states == inset.state)
        # A set of Alaska or Hawaii alone needs no inset: there is nothing to stand beside.
        if len(rows) and len(rows) < units.n_units:
            polygons[rows] = _move(polygons[rows], inset, crs)
            insets.append(inset)
    west, south, east, north = shapely.total_bounds(polygons)
    unit = _round_up(max(east - west, north - south) / 1000)
    polygons, arcs = make_neat(polygons, unit)
    return Sheet(_read_only(polygons), tuple(insets), unit, crs, arcs)


def _read_only(polygons: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Let nobody change what others are given as well."""
    polygons.setflags(write=False)
    return polygons


def _to_web_mercator(units: Units) -> npt.NDArray[np.object_]:
    """Project to Web Mercator; what lies beyond the antimeridian goes on instead of jumping."""
    to_degrees = way(units.crs, "EPSG:4326")
    degrees = shapely.transform(units.polygons, to_degrees.transform, interleaved=False)
    radius = 6_378_137.0

    def onward(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        # A straight line to the pole has no end in this projection; tiles stop at 85 degrees.
        there = np.column_stack([np.zeros(len(xy)), np.clip(xy[:, 1], -85.05, 85.05)])
        _, y = way("EPSG:4326", WEB_MERCATOR).transform(*there.T)
        return np.column_stack([radius * np.radians(xy[:, 0]), y])

    return np.array(shapely.transform(gather(degrees).polygons, onward), dtype=object)


def _move(polygons: npt.NDArray[np.object_], inset: Inset, crs: str) -> npt.NDArray[np.object_]:
    """Project polygons as the inset says, drop what lies outside its window, and place them."""
    to_inset = way(crs, inset.crs, inset.area)
    there = shapely.transform(polygons, to_inset.transform, interleaved=False)
    window = shapely.box(*inset.window)
    parts, row = shapely.get_parts(there, return_index=True)
    is_inside = shapely.intersects(window, parts)
    placed = shapely.transform(
        parts[is_inside],
        lambda xy: (xy - inset.window[:2]) * inset.scale + inset.corner,
    )
    return np.array(shapely.multipolygons(placed, indices=row[is_inside], out=_empty(len(there))))


def _empty(n_units: int) -> npt.NDArray[np.object_]:
    return np.array([shapely.MultiPolygon() for _ in range(n_units)], dtype=object)


def _round_up(length: float) -> float:
    """Round up to 1, 2 or 5 times a power of ten.

    >>> [_round_up(length) for length in (4_600, 1_900, 5_000, 0.3)]
    [5000.0, 2000.0, 5000.0, 0.5]
    """
    magnitude = 10.0 ** math.floor(math.log10(length))
    return magnitude * next(step for step in (1, 2, 5, 10) if step * magnitude >= length)
