"""Areas and borders as paths, each border once, as the most important thing it is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.path import Path

from maps.topology import IntArray, Topology, build_topology

OUTSIDE = -1
"""Stands for the unit on the other side of a shore."""


class Borders(NamedTuple):
    """Lines by what they divide."""

    county: Path
    shore: Path
    state: Path
    frontier: Path


class Linework:
    """The polygons of some units as paths in the unit of their coordinates.

    Parameters
    ----------
    polygons
        Polygons or multipolygons, shape ``(n_units,)``.
    quantum
        Step of the rounded coordinates, in the unit of the polygons.
    """

    def __init__(self, polygons: npt.NDArray[np.object_], quantum: float) -> None:
        # Fills follow the winding of rings: holes must run against what they are cut out of.
        self._topology = build_topology(shapely.orient_polygons(polygons), quantum)
        self._points = self._topology.points * quantum
        self._ends = np.cumsum(self._topology.arc_sizes)
        ring_sizes, unit_sizes = self._topology.ring_sizes, self._topology.unit_sizes
        self._unit_of_ring = np.repeat(np.arange(len(unit_sizes)), unit_sizes)
        self._ring_of_reference = np.repeat(np.arange(len(ring_sizes)), ring_sizes)
        self._sides = _sides(self._topology, self._unit_of_ring[self._ring_of_reference])

    def areas(self, is_in: npt.NDArray[np.bool_]) -> Path:
        """Trace the rings of some units as one path, without a seam where two of them meet.

        Parameters
        ----------
        is_in
            Which units, shape ``(n_units,)``.
        """
        references = self._topology.references[is_in[self._unit_of_ring][self._ring_of_reference]]
        ring = self._ring_of_reference[is_in[self._unit_of_ring][self._ring_of_reference]]
        at, reference = self._walk(references)
        points = self._points[at]
        ring_of_point = ring[reference]
        is_first = np.append(True, ring_of_point[1:] != ring_of_point[:-1])[: len(ring_of_point)]
        codes = np.where(is_first, Path.MOVETO, Path.LINETO).astype(Path.code_type)
        # A ring's last point is its first one again.
        codes[np.append(is_first[1:], True)[: len(codes)]] = Path.CLOSEPOLY
        return Path(points.reshape(-1, 2), codes)

    def borders(self, assignment: npt.NDArray[np.int8], states: npt.NDArray[np.str_]) -> Borders:
        """Sort the borders: between nations, else between states, else between units; and shores.

        Parameters
        ----------
        assignment, states
            Part and state of each unit, shape ``(n_units,)``.
        """
        one, other = self._sides.T
        is_shore = other == OUTSIDE
        is_frontier = ~is_shore & (assignment[one] != assignment[other])
        is_state = ~is_shore & ~is_frontier & (states[one] != states[other])
        is_county = ~is_shore & ~is_frontier & ~is_state
        return Borders(*map(self._lines, (is_county, is_shore, is_state, is_frontier)))

    def between(self, side: npt.NDArray[np.int64]) -> Path:
        """Trace the borders between units of two sides.

        Parameters
        ----------
        side
            0 or 1, or -1 for units of neither, shape ``(n_units,)``.
        """
        one, other = side[self._sides].T
        is_inner = (self._sides != OUTSIDE).all(axis=1)
        return self._lines(is_inner & (one >= 0) & (other >= 0) & (one != other))

    def _lines(self, is_in: npt.NDArray[np.bool_]) -> Path:
        arcs = np.flatnonzero(is_in)
        at, arc = self._walk(2 * arcs)
        is_first = np.append(True, arc[1:] != arc[:-1])[: len(arc)]
        codes = np.where(is_first, Path.MOVETO, Path.LINETO).astype(Path.code_type)
        return Path(self._points[at].reshape(-1, 2), codes)

    def _walk(self, references: IntArray) -> tuple[IntArray, IntArray]:
        """List the rows of the points along some arcs, and of which reference each one is."""
        arc, is_backwards = references >> 1, (references & 1).astype(bool)
        sizes = self._topology.arc_sizes[arc]
        reference = np.repeat(np.arange(len(references)), sizes)
        offset = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        last = self._ends[arc] - 1
        first = self._ends[arc] - sizes
        at = np.where(is_backwards[reference], last[reference] - offset, first[reference] + offset)
        return at, reference


def _sides(topology: Topology, unit_of_reference: IntArray) -> IntArray:
    """Find the units on the two sides of each arc, :data:`OUTSIDE` where there is one only."""
    arc = topology.references >> 1
    order = np.argsort(arc, kind="stable")
    arc, unit = arc[order], unit_of_reference[order]
    is_first = np.append(True, arc[1:] != arc[:-1])[: len(arc)]
    sides = np.full((topology.n_arcs, 2), OUTSIDE)
    sides[arc[is_first], 0] = unit[is_first]
    is_second = ~is_first & np.append(False, is_first[:-1])[: len(arc)]
    sides[arc[is_second], 1] = unit[is_second]
    return sides
