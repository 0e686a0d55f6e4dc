"""Polygons as their file draws them, and the same polygons in the plane where they are measured.

Who borders whom is what the file says, so it is decided in the file's own coordinates: neighbours
are noded there (:mod:`shapefiles.lines.noding`), before any projection. A projection then moves
equal vertices alike, and what fits together still does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.borders.adjacency import Contacts, joined_contacts, noded_contacts, rook_contacts
from shapefiles.globe.curvature import follow_curves
from shapefiles.globe.lengths import Ruler, ruler_for
from shapefiles.globe.longitudes import AROUND
from shapefiles.globe.projection import parse_crs, plane_for
from shapefiles.globe.worldwide import Transform, degrees_per_unit
from shapefiles.lines.noding import node
from shapefiles.lines.tolerance import TOLERANCE
from shapefiles.own.ground import Ground


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Polygons in two systems, vertex by vertex the same.

    Parameters
    ----------
    given
        In the system of the file, noded, shape ``(n_units,)``.
    polygons
        In an equal-area system in metres, shape ``(n_units,)``. A unit around a pole has other
        vertices here.
    crs
        Name or definition of that system.
    tolerance
        Distance between two lines below which they are one, in the units of the file.
    to_plane
        From coordinates of the file to the equal-area system, shape ``(n, 2)`` each.
    is_spoilt
        Which units are valid in the file, and no longer where they are measured, shape
        ``(n_units,)``.
    turn
        Once around the globe, in the units of the file, where the western end of the map meets the
        eastern; else 0.
    """

    given: npt.NDArray[np.object_]
    polygons: npt.NDArray[np.object_]
    crs: str
    tolerance: float
    to_plane: Transform
    is_spoilt: npt.NDArray[np.bool_]
    turn: float = 0.0

    @property
    def ruler(self) -> Ruler:
        """What measures lines of the equal-area system, on the globe."""
        return ruler_for(self.crs)

    def keep(self, rows: npt.NDArray[np.intp]) -> Drawn:
        """Keep some of the units, in the order given."""
        return replace(
            self,
            given=self.given[rows],
            polygons=self.polygons[rows],
            is_spoilt=self.is_spoilt[rows],
        )

    def contacts(self, mended: npt.NDArray[np.object_] | None = None) -> Contacts:
        """Find the borders, in the coordinates of the file wherever a unit is as it was there.

        Parameters
        ----------
        mended
            The polygons after repairs in the equal-area system, shape ``(n_units,)``; units that
            were not mended are the same objects as before. Borders of the others are found where
            they were mended.

        Raises
        ------
        ValueError
            When one of the polygons, as they are now, is none or invalid.
        """
        polygons = self.polygons if mended is None else mended
        is_kept = np.array([a is b for a, b in zip(polygons, self.polygons, strict=True)], bool)
        is_kept &= shapely.is_valid(self.given)
        is_kept &= shapely.get_num_coordinates(polygons) == shapely.get_num_coordinates(self.given)
        rows = np.flatnonzero(is_kept)
        found = [
            noded_contacts(
                self.given[rows], polygons[rows], self.tolerance, self.to_plane, self.ruler
            ).of(rows)
        ]
        if self.turn:
            found.append(self._around(rows))
        if not is_kept.all():
            elsewhere = rook_contacts(polygons, ruler=self.ruler)
            first, second = elsewhere.pairs.T
            found.append(elsewhere.where(~(is_kept[first] & is_kept[second])))
        return joined_contacts(found)

    def _around(self, rows: npt.NDArray[np.intp]) -> Contacts:
        """Find the borders between the two ends of a map that goes around the globe."""
        west, _, east, _ = shapely.total_bounds(self.given[rows])
        bounds = shapely.bounds(self.given[rows])
        # A unit that crosses the end of the map makes it wider than the globe is around.
        near = max(east - west - self.turn, 0.0) + self.tolerance
        begin = np.flatnonzero(bounds[:, 0] <= west + near)
        end = np.flatnonzero(bounds[:, 2] >= east - near)
        turned = shapely.transform(
            self.given[rows[begin]], lambda xy: xy + np.array([self.turn, 0.0])
        )
        both = node(np.concatenate([self.given[rows[end]], turned]), self.tolerance)
        measured = shapely.transform(both, self.to_plane)
        found = noded_contacts(both, measured, self.tolerance, self.to_plane, self.ruler)
        found = found.where((found.pairs < len(end)).sum(axis=1) == 1)
        unit = np.concatenate([rows[end], rows[begin]])
        return found.of(unit).where(unit[found.pairs[:, 0]] != unit[found.pairs[:, 1]])


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """The polygons in which borders were sought, for whoever seeks them another way.

    Parameters
    ----------
    polygons
        As the file draws them, or as they were mended, shape ``(n_units,)``.
    tolerance
        Distance between two lines below which they may be one, in the units of the coordinates.
    turn
        Once around the globe in those units, where the map goes around it; else 0.
    """

    polygons: npt.NDArray[np.object_]
    tolerance: float
    turn: float


def outlines_of(ground: Ground, drawn: Drawn, polygons: npt.NDArray[np.object_]) -> Outlines | None:
    """Say in which polygons the borders were sought, given what they are after repairs.

    None where no plane shows all of them: a map around the globe of which something was mended.
    """
    is_mended = any(a is not b for a, b in zip(polygons, drawn.polygons, strict=True))
    if not is_mended:
        return Outlines(ground.drawn, drawn.tolerance, drawn.turn)
    return None if drawn.turn else Outlines(polygons, TOLERANCE, 0.0)


def draw(ground: Ground, place: str) -> Drawn:
    """Bring polygons to an equal-area projection, with as many vertices as it takes.

    Parameters
    ----------
    ground
        Noded geometries and their system; None and empty ones stay.
    place
        What the polygons were read from, for messages.

    Raises
    ------
    DataError
        As :func:`~shapefiles.globe.projection.project`.
    """
    system = parse_crs(ground.crs, place)
    plane = plane_for(ground.polygons, system, place)
    turn = AROUND / degrees_per_unit(system) if ground.is_ring else 0.0
    moved = plane.project(ground.polygons)
    given = ground.polygons
    to_plane = plane.to_plane
    if to_plane is None:
        to_plane = _as_it_is
    else:
        given, moved = follow_curves(given, moved, to_plane)
    is_spoilt = shapely.is_valid(ground.drawn) & ~shapely.is_valid(moved)
    return Drawn(given, moved, plane.crs, ground.tolerance, to_plane, is_spoilt, turn)


def _as_it_is(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return xy
