"""The polygons of a file brought to the ground: in a system that is not in doubt, in one piece."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from shapefiles.errors import DataError, listed, shown
from shapefiles.files.polygons import Layer
from shapefiles.globe.doubts import doubtful, find_doubts
from shapefiles.globe.placing import place
from shapefiles.globe.projection import check_degrees, is_same_crs, parse_crs, short_name
from shapefiles.lines.noding import node
from shapefiles.lines.tolerance import tolerance_in
from shapefiles.own.repair import Repair


class WrongSystemError(DataError):
    """Coordinates that can hardly be in the system that a file declares.

    Parameters
    ----------
    text
        What speaks against it.
    remedy
        What to do.
    """

    def __init__(self, text: str, remedy: str) -> None:
        super().__init__(f"{text} {remedy}")
        self.text = text
        self.remedy = remedy


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Polygons in a plane in which neighbours on the globe lie next to each other.

    Parameters
    ----------
    polygons
        Geometries in `crs`, noded (see :mod:`shapefiles.lines.noding`), shape ``(n_units,)``.
    crs
        Their reference system: the file's own wherever it tears no land apart.
    tolerance
        Distance between two lines below which they are one, in the units of `crs`.
    is_ring
        Whether the map goes all around the globe, so that its western end meets its eastern.
    notes
        What is doubtful about where they are, and how it was read all the same.
    drawn
        The polygons as they were drawn, before they were noded.
    """

    polygons: npt.NDArray[np.object_]
    crs: str
    tolerance: float
    is_ring: bool
    notes: tuple[Repair, ...]
    drawn: npt.NDArray[np.object_]


def find_ground(
    polygons: npt.NDArray[np.object_], layer: Layer, ids: list[str], *, is_asked: bool
) -> Ground:
    """Bring polygons of a file to the ground.

    Parameters
    ----------
    polygons
        Geometries of the units, as they stand in the file, shape ``(n_units,)``.
    layer
        What was read from the file.
    ids
        Id of each unit.
    is_asked
        Whether somebody said which system it is, so that what is surely wrong is a doubt only.

    Raises
    ------
    DataError
        When no system is known, or the coordinates cannot be in it.
    """
    source = shown(layer.path, 200)
    if layer.crs is None:
        raise DataError(
            f"{source} does not say which reference system its coordinates are in. Find out where "
            "it was published, and give it (--crs): EPSG:4326 for longitude and latitude, say."
        )
    system = parse_crs(layer.crs, source)
    xy = shapely.get_coordinates(polygons)
    if not len(xy):
        raise DataError(f"{source} has no coordinates at all; every polygon is missing or empty.")
    check_degrees(xy, system, source)
    notes = [*_contradiction(layer, system), *_doubts(xy, system, layer, is_asked=is_asked)]
    placed = place(polygons, system)
    tolerance = tolerance_in(placed.polygons, placed.system)
    noded = node(placed.polygons, tolerance)
    if len(placed.jumping):
        names = [ids[row] for row in placed.jumping.tolist()]
        message = (
            f"The longitudes of {len(names):,} units jump around the globe within a ring "
            f"({listed(names)}): read as crossing the line of 180 degrees, the short way."
        )
        notes.append(Repair("seam", tuple(names[:100]), message))
    return Ground(
        noded, short_name(placed.system), tolerance, placed.is_ring, tuple(notes), placed.polygons
    )


def _contradiction(layer: Layer, given: pyproj.CRS) -> list[Repair]:
    """Say that coordinates are read in another system than their file declares."""
    if layer.declared_crs in {None, layer.crs}:
        return []
    place = shown(layer.path.name)
    declared = parse_crs(str(layer.declared_crs), place)
    if is_same_crs(given, declared):
        return []
    message = (
        f"The coordinates of {place} are read as {short_name(given)}, as asked, although the file "
        f"declares {short_name(declared)}."
    )
    return [Repair("crs", (), message)]


def _doubts(
    xy: npt.NDArray[np.float64], system: pyproj.CRS, layer: Layer, *, is_asked: bool
) -> list[Repair]:
    """Refuse a system that is surely wrong unless it was asked for, and note what is doubtful."""
    doubts = find_doubts(xy, system)
    if not doubts:
        return []
    text = doubtful(shown(layer.path.name), system, doubts)
    if is_asked or not any(one.is_sure for one in doubts):
        return [Repair("doubt", (), text)]
    hint = " (--crs EPSG:4326 if they are degrees)" if "degrees" in text else ""
    raise WrongSystemError(
        text,
        f"Find out which system they are in, and give it with --crs{hint}; "
        f"{_argument(system)} insists on this one.",
    )


def _argument(system: pyproj.CRS) -> str:
    """Write the option that names a system as the command line takes it."""
    name = short_name(system)
    if len(name) > 100:
        return "the same definition (--crs)"
    return f"--crs {name}" if not set(name) & set(" \"'$`") else f"--crs '{name}'"
