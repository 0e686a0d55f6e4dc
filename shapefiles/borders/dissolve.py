"""Dissolve units into nations, and bring geometries to longitude and latitude."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from shapefiles.globe.longitudes import unroll
from shapefiles.globe.seam import cut
from shapefiles.once import once
from shapefiles.units import Units

LONLAT_DECIMALS = 7
"""Decimals of longitude and latitude: about a centimetre, finer than any boundary in use."""

MOST_DECIMALS = 13
"""Decimals beyond which longitudes are not known."""


def dissolve(
    units: Units, assignment: npt.NDArray[np.integer], n_parts: int = 2
) -> npt.NDArray[np.object_]:
    """Merge the polygons of the units of each part.

    Parameters
    ----------
    units
        Units with polygons.
    assignment
        Part of each unit, from 0 to ``n_parts - 1``, shape ``(n_units,)``.
    n_parts
        Number of parts.

    Returns
    -------
    numpy.ndarray
        A valid multipolygon a part in the system of the units, empty for a part without units,
        shape ``(n_parts,)``.

    Raises
    ------
    ValueError
        When the assignment does not fit the units or names another part, or the units are a graph
        without polygons.

    Examples
    --------
    >>> from shapefiles import load_united_states
    >>> units = load_united_states()
    >>> california, rest = dissolve(units, units.states != "CA")
    >>> float(california.area / shapely.area(units.polygons[units.states == "CA"]).sum())
    1.0
    """
    assignment = np.asarray(assignment)
    if assignment.shape != (units.n_units,):
        raise ValueError(f"assignment has shape {assignment.shape}, expected ({units.n_units},).")
    wrong = np.flatnonzero((assignment < 0) | (assignment >= n_parts))
    if len(wrong):
        raise ValueError(
            f"assignment[{wrong[0]}] = {assignment[wrong[0]]}, expected 0 to {n_parts - 1}."
        )
    if not units.has_polygons:
        raise ValueError("These units are a graph without polygons, so they cannot be drawn.")
    # Dropping the segments that two polygons share is exact, but right for a coverage only.
    union = shapely.coverage_union_all if _is_coverage(units) else shapely.union_all
    merged = [union(units.polygons[assignment == part]) for part in range(n_parts)]
    return np.array([shapely.multipolygons(_polygons(one)) for one in merged], dtype=object)


def to_lonlat(geometries: npt.NDArray[np.object_], crs: str) -> npt.NDArray[np.object_]:
    """Bring polygons to longitude and latitude, as RFC 7946 (GeoJSON) wants them.

    Coordinates are EPSG:4326, longitude first, rounded to :data:`LONLAT_DECIMALS`, or to more where
    a map is less than a hundred metres wide; exterior rings run counter-clockwise and holes
    clockwise; what crosses the line of 180 degrees is cut there, and what lies around a pole has
    it among its corners (section 3.1.9). Neighbours with the same corners keep them the same, but
    for polygons that would cross or touch themselves.

    Parameters
    ----------
    geometries
        Polygons or multipolygons in `crs`, shape ``(n,)``.
    crs
        Their reference system, such as ``"EPSG:5070"``.

    Returns
    -------
    numpy.ndarray
        Valid geometries, in the shape given.

    Examples
    --------
    >>> square = shapely.box(-1000, -1000, 1000, 1000)  # around 0 N, 0 E, in web Mercator
    >>> to_lonlat(np.array([square]), "EPSG:3857")[0].bounds
    (-0.0089832, -0.0089832, 0.0089832, 0.0089832)
    """
    transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)

    def project(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(transformer.transform(*xy.T))

    whole, _ = unroll(shapely.transform(geometries, project))
    decimals = _decimals(whole)
    cut_at_180 = _rounded(cut(_rounded(whole, decimals)), decimals)
    oriented: npt.NDArray[np.object_] = shapely.orient_polygons(cut_at_180)
    return oriented


def _rounded(geometries: npt.NDArray[np.object_], decimals: int) -> npt.NDArray[np.object_]:
    """Round coordinates, and make valid what is not."""

    def plain(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.round(xy, decimals)

    rounded = np.array(shapely.transform(geometries, plain), dtype=object)
    # The same corners stay the same for all neighbours, unless a ring then touches itself. A side
    # is straight in the plane and in degrees, but not the same line: a narrow polygon may cross
    # itself in degrees, and set_precision takes none that does.
    spoilt = np.flatnonzero(~shapely.is_valid(rounded))
    if len(spoilt):
        valid = shapely.make_valid(rounded[spoilt], method="structure", keep_collapsed=False)
        rounded[spoilt] = shapely.transform(shapely.set_precision(valid, 10.0**-decimals), plain)
    return rounded


def _decimals(geometries: npt.NDArray[np.object_]) -> int:
    """Choose as many decimals as show a map, which may be no wider than a hand."""
    west, south, east, north = shapely.total_bounds(geometries).tolist()
    size = max(east - west, north - south)
    if not size > 0:
        return LONLAT_DECIMALS
    return min(max(LONLAT_DECIMALS, math.ceil(4 - math.log10(size))), MOST_DECIMALS)


@once
def _is_coverage(units: Units) -> bool:
    """Whether neighbours have the same vertices along their common borders."""
    return bool(shapely.coverage_is_valid(units.polygons))


def _polygons(geometry: shapely.Geometry) -> npt.NDArray[np.object_]:
    """List the polygons of a geometry; none of an empty one."""
    parts: npt.NDArray[np.object_] = shapely.get_parts(geometry)
    is_area: npt.NDArray[np.bool_] = (shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)
    return parts[is_area]
