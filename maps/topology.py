"""Polygons as shared borders: each border once, in whole numbers, in a few bytes a vertex.

Neighbours in a coverage have the same vertices along their common border. Here every border
becomes one *arc*, a run of vertices with the same polygon on its left and the same on its right
all along, and a polygon becomes the list of arcs around it (the idea of TopoJSON). Rounding then
happens to arcs, so two neighbours cannot come apart; and the frontier, the state lines and the
coast need no geometry of their own, because an arc knows which units it divides.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Topology:
    """Polygons as rings of shared arcs.

    Parameters
    ----------
    points
        Vertices of all arcs one after another, whole multiples of `quantum`, ``(n_points, 2)``.
    arc_sizes
        Number of vertices of each arc, shape ``(n_arcs,)``.
    unit_sizes
        Number of rings of each unit, exterior or hole, shape ``(n_units,)``.
    ring_sizes
        Number of arcs of each ring, shape ``(n_rings,)``.
    references
        Arcs of all rings one after another: twice the number of the arc, plus 1 where the ring
        runs through it backwards.
    quantum
        Step of the coordinates, in the unit of the polygons.
    """

    points: IntArray
    arc_sizes: IntArray
    unit_sizes: IntArray
    ring_sizes: IntArray
    references: IntArray
    quantum: float

    @property
    def n_arcs(self) -> int:
        """Number of arcs."""
        return len(self.arc_sizes)


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Polygons as rings of shared arcs, in the coordinates that they have.

    Parameters
    ----------
    points
        Vertices of all arcs one after another, shape ``(n_points, 2)``.
    sizes
        Number of vertices of each arc, shape ``(n_arcs,)``.
    unit_sizes, ring_sizes, references
        As those of :class:`Topology`.
    """

    points: npt.NDArray[np.float64]
    sizes: IntArray
    unit_sizes: IntArray
    ring_sizes: IntArray
    references: IntArray

    @property
    def n_arcs(self) -> int:
        """Number of arcs."""
        return len(self.sizes)

    def rounded(self, quantum: float) -> Topology:
        """Round the vertices to multiples of `quantum`, the unit of the polygons being 1.

        Raises
        ------
        ValueError
            When `quantum` is not above 0.
        """
        if not quantum > 0:
            raise ValueError(
                f"quantum = {quantum}: give a length above 0 in the unit of the polygons."
            )
        points, arc_sizes = _quantise(self.points, self.sizes, quantum)
        return Topology(
            points, arc_sizes, self.unit_sizes, self.ring_sizes, self.references, quantum
        )


def build_topology(polygons: npt.NDArray[np.object_], quantum: float) -> Topology:
    """Find the arcs of some polygons and round them to multiples of `quantum`.

    Parameters
    ----------
    polygons
        As for :func:`find_arcs`.
    quantum
        Step of the rounded coordinates, in the unit of the polygons, above 0.

    Raises
    ------
    ValueError
        When `quantum` is not above 0, or an element is no polygon.

    Examples
    --------
    Two squares side by side have one border in common and three sides each of their own:

    >>> topology = build_topology(shapely.box([0, 1], 0, [1, 2], 1), quantum=0.5)
    >>> topology.n_arcs, topology.ring_sizes.tolist(), topology.points.max()
    (3, [2, 2], np.int64(4))
    """
    return find_arcs(polygons).rounded(quantum)


def find_arcs(polygons: npt.NDArray[np.object_]) -> Arcs:
    """Find the arcs of some polygons.

    Parameters
    ----------
    polygons
        Polygons or multipolygons, shape ``(n_units,)``. Where they form no coverage the result
        is right as well, only longer: a border drawn by each side in its own way is two arcs.

    Raises
    ------
    ValueError
        When an element is no polygon.
    """
    wrong = np.flatnonzero(~np.isin(shapely.get_type_id(polygons), (3, 6)))
    if len(wrong):
        raise ValueError(
            f"polygons[{wrong[0]}] is {polygons[wrong[0]]!r:.60}; "
            "expected a polygon or multipolygon."
        )
    coords, ring_sizes, unit_sizes = _open_rings(polygons)
    # Exact coordinates decide what is shared; only then are they rounded.
    vertex = numbered(coords)
    start, end, n_steps = _cut(vertex, ring_sizes)

    ring_first = np.repeat(np.cumsum(ring_sizes) - ring_sizes, ring_sizes)
    ring_size = np.repeat(ring_sizes, ring_sizes)
    # Only ends of runs have neighbours that matter.
    after = vertex[_following(start, ring_first, ring_size, 1)]
    before = vertex[_following(end, ring_first, ring_size, -1)]

    # A run is known by its first step, from whichever end has the smaller one.
    n_vertices = int(vertex.max()) + 1
    forwards = vertex[start] * n_vertices + after
    backwards = vertex[end] * n_vertices + before
    _, chosen, arc = np.unique(
        np.minimum(forwards, backwards), return_index=True, return_inverse=True
    )
    order = np.argsort(chosen)
    chosen, arc = chosen[order], np.argsort(order)[arc]
    flipped = backwards < forwards

    sizes = n_steps[chosen] + 1
    at = _following(np.repeat(start[chosen], sizes), ring_first, ring_size, _ranges(sizes))
    arcs_before = np.append(0, np.cumsum(np.bincount(start, minlength=len(vertex))))
    ring_ends = np.cumsum(ring_sizes)
    return Arcs(
        points=coords[at],
        sizes=sizes,
        unit_sizes=unit_sizes,
        ring_sizes=arcs_before[ring_ends] - arcs_before[ring_ends - ring_sizes],
        references=2 * arc + (flipped != flipped[chosen][arc]),
    )


def _following(
    at: IntArray, ring_first: IntArray, ring_size: IntArray, steps: int | IntArray
) -> IntArray:
    """Find the vertices that come so many steps after some, around their rings."""
    first = ring_first[at]
    return first + (at - first + steps) % ring_size[at]


def encode(topology: Topology) -> str:
    """Write a topology as text: differences, zigzag, seven bits a byte, base64.

    The numbers, in order: how many arcs; the size of each; the steps from vertex to vertex
    (x, y), the first from the origin, going on from arc to arc; how many units; the rings of
    each; the arcs of each ring; the steps from reference to reference. ``topology.js`` reads it.

    Examples
    --------
    >>> len(encode(build_topology(shapely.box([0, 1], 0, [1, 2], 1), quantum=0.5)))
    44
    """
    steps = np.diff(topology.points, axis=0, prepend=np.zeros((1, 2), np.int64))
    numbers = np.concatenate(
        [
            [topology.n_arcs],
            topology.arc_sizes,
            steps.ravel(),
            [len(topology.unit_sizes)],
            topology.unit_sizes,
            topology.ring_sizes,
            np.diff(topology.references, prepend=0),
        ]
    )
    return base64.b64encode(varint(numbers)).decode("ascii")


def encode_numbers(numbers: IntArray) -> str:
    """Write whole numbers as text: zigzag, seven bits a byte, base64.

    Examples
    --------
    >>> encode_numbers(np.array([0, 5936, 18172]))
    'AOBc+JsC'
    """
    return base64.b64encode(varint(np.asarray(numbers, np.int64))).decode("ascii")


def encode_bits(parts: npt.NDArray[np.integer]) -> str:
    """Write 0 and 1 as text: a bit each, the first one highest in its byte, base64.

    Examples
    --------
    >>> encode_bits(np.array([1, 0, 0, 0, 0, 0, 0, 0, 1]))
    'gIA='
    """
    return base64.b64encode(np.packbits(parts.astype(np.uint8)).tobytes()).decode("ascii")


def _open_rings(
    polygons: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.float64], IntArray, IntArray]:
    """List the vertices ring by ring without the closing one; sizes of rings, rings of units."""
    parts, unit_of_part = shapely.get_parts(polygons, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    unit_sizes = np.bincount(unit_of_part[part_of_ring], minlength=len(polygons))
    coords, ring_of_vertex = shapely.get_coordinates(rings, return_index=True)
    is_closing = np.append(ring_of_vertex[1:] != ring_of_vertex[:-1], True)
    ring_sizes = np.bincount(ring_of_vertex[~is_closing], minlength=len(rings))
    return np.ascontiguousarray(coords[~is_closing]), ring_sizes, unit_sizes


def numbered(coords: npt.NDArray[np.float64]) -> IntArray:
    """Give points numbers, equal ones the same; shape ``(n_points,)``.

    Points are told apart by a mixture of their bits, which sorts ten times as quickly as pairs of
    numbers do. Should two of them be mixed to the same, the pairs are sorted.
    """
    bits = (coords + 0.0).view(np.uint64)  # 0 and -0 are one point
    mixed = bits[:, 0] * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed += bits[:, 1]
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    _, first, number = np.unique(mixed, return_index=True, return_inverse=True)
    if not np.array_equal(coords[first[number]], coords):
        _, number = np.unique(coords.view(np.complex128).ravel(), return_inverse=True)
    vertex: IntArray = number.astype(np.int64)
    return vertex


def _cut(vertex: IntArray, ring_sizes: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Cut the rings where borders meet: where each run starts, where it ends, its steps.

    Borders meet at a vertex where more or fewer than two different segments do. A ring without
    such a vertex (an island, or a city inside its county) is cut at its smallest vertex, which
    the ring and the hole it fills have in common.
    """
    n_vertices = int(vertex.max()) + 1
    ring_ends = np.cumsum(ring_sizes)
    ring_starts = ring_ends - ring_sizes
    ring = np.repeat(np.arange(len(ring_sizes)), ring_sizes)
    following = np.arange(1, len(vertex) + 1)
    following[ring_ends - 1] = ring_starts
    low = np.minimum(vertex, vertex[following])
    segments = np.sort(low * n_vertices + np.maximum(vertex, vertex[following]))
    segments = segments[np.append(True, segments[1:] != segments[:-1])]
    degree = np.bincount(segments // n_vertices, minlength=n_vertices)
    degree += np.bincount(segments % n_vertices, minlength=n_vertices)

    is_cut = degree[vertex] != 2
    is_whole = np.bincount(ring[is_cut], minlength=len(ring_sizes)) == 0
    is_in_whole = np.flatnonzero(is_whole[ring])
    smallest = np.minimum.reduceat(vertex, ring_starts)
    # No vertex of such a ring is in it twice.
    is_cut[is_in_whole[vertex[is_in_whole] == smallest[ring[is_in_whole]]]] = True

    start = np.flatnonzero(is_cut)
    ring_of_start = ring[start]
    is_last = np.append(ring_of_start[1:] != ring_of_start[:-1], True)
    first_of_ring = start[np.append(True, is_last[:-1])]
    end = np.append(start[1:], start[0])
    end[is_last] = first_of_ring
    n_steps = end - start + np.where(is_last, ring_sizes[ring_of_start], 0)
    return start, end, n_steps


def _quantise(
    coords: npt.NDArray[np.float64], sizes: IntArray, quantum: float
) -> tuple[IntArray, IntArray]:
    """Round the vertices of the arcs and drop those that fall on the one before."""
    points = np.rint(coords / quantum).astype(np.int64)
    is_kept = np.append(True, (points[1:] != points[:-1]).any(axis=1))
    is_kept[np.cumsum(sizes) - sizes] = True
    arc = np.repeat(np.arange(len(sizes)), sizes)
    return points[is_kept], np.bincount(arc[is_kept], minlength=len(sizes))


def _ranges(sizes: IntArray) -> IntArray:
    """Count 0, 1, ... up to each size, one after another."""
    return np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)


def varint(numbers: IntArray) -> bytes:
    """Write whole numbers, small ones in one byte: zigzag, then seven bits a byte, low first."""
    zigzag = (numbers << 1) ^ (numbers >> 63)
    n_bytes = np.ones(len(zigzag), np.int64)
    for shift in range(7, 63, 7):
        n_bytes += zigzag >= 1 << shift
    first = np.cumsum(n_bytes) - n_bytes
    out = np.zeros(n_bytes.sum(), np.uint8)
    for k in range(int(n_bytes.max())):
        is_long = n_bytes > k
        more = np.where(n_bytes[is_long] > k + 1, 128, 0)
        out[first[is_long] + k] = (zigzag[is_long] >> 7 * k & 127) | more
    return out.tobytes()
