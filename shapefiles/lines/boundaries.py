"""The boundaries of polygons as arrays of vertices, to edit them and put them back together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """The rings of polygons, one row a vertex.

    Parameters
    ----------
    xy
        Coordinates, shape ``(n_vertices, 2)``; the first vertex of each ring is repeated at its
        end.
    ring
        Ring of each vertex, in ascending order, shape ``(n_vertices,)``.
    part
        Polygon of each ring, shape ``(n_rings,)``; the first ring of each is its shell.
    unit
        Unit of each polygon, shape ``(n_parts,)``.
    """

    xy: npt.NDArray[np.float64]
    ring: npt.NDArray[np.intp]
    part: npt.NDArray[np.intp]
    unit: npt.NDArray[np.intp]

    @classmethod
    def of(cls, polygons: npt.NDArray[np.object_]) -> Boundaries:
        """Take polygons and multipolygons apart; anything else has no boundary here."""
        areas = polygons.copy()
        areas[~np.isin(shapely.get_type_id(polygons), (3, 6))] = None
        parts, unit = shapely.get_parts(areas, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        return cls(xy, ring, part, unit)

    @property
    def starts(self) -> npt.NDArray[np.intp]:
        """First vertex of every segment, shape ``(n_segments,)``; the next row is its end."""
        return np.flatnonzero(self.ring[1:] == self.ring[:-1])

    @property
    def owner(self) -> npt.NDArray[np.intp]:
        """Unit of every vertex, shape ``(n_vertices,)``."""
        owner: npt.NDArray[np.intp] = self.unit[self.part[self.ring]]
        return owner

    def insert(self, starts: npt.NDArray[np.intp], points: npt.NDArray[np.float64]) -> Boundaries:
        """Insert points into segments, those of one segment in the order given.

        Parameters
        ----------
        starts
            First vertex of the segment of each point, in ascending order, shape ``(n_points,)``.
        points
            Coordinates, shape ``(n_points, 2)``.
        """
        return replace(
            self,
            xy=np.insert(self.xy, starts + 1, points, axis=0),
            ring=np.insert(self.ring, starts + 1, self.ring[starts]),
        )

    def rebuild(
        self, polygons: npt.NDArray[np.object_], units: npt.NDArray[np.intp]
    ) -> npt.NDArray[np.object_]:
        """Put some units together again.

        Parameters
        ----------
        polygons
            All units as they were taken apart, shape ``(n_units,)``.
        units
            Units whose vertices are others now.

        Returns
        -------
        numpy.ndarray
            All units; those that are not rebuilt stay the same objects.
        """
        rebuilt = polygons.copy()
        if not len(units):
            return rebuilt
        is_wanted = np.isin(self.unit, units)
        part = self.part[self.ring]
        kept = is_wanted[part]
        xy, ring = self.xy[kept], self.ring[kept]
        ring_starts = np.flatnonzero(np.diff(ring, prepend=-1))
        part_starts = np.flatnonzero(np.diff(part[kept][ring_starts], prepend=-1))
        offsets = (np.append(ring_starts, len(xy)), np.append(part_starts, len(ring_starts)))
        parts = shapely.from_ragged_array(shapely.GeometryType.POLYGON, xy, offsets)
        owner = self.unit[is_wanted]
        is_single = shapely.get_type_id(polygons[owner]) == 3
        rebuilt[owner[is_single]] = parts[is_single]
        several, row = np.unique(owner[~is_single], return_inverse=True)
        if len(several):
            rebuilt[several] = shapely.multipolygons(parts[~is_single], indices=row)
        return rebuilt
