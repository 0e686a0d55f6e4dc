"""Borders are stored once, rounded once, and come back as they went in."""

from __future__ import annotations

import base64
import itertools
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.topology import build_topology, encode
from shapefiles.units import Units
from solvers.plan import Plan

Point = tuple[int, int]
Ring = list[Point]


class Decoded:
    """An independent reader of the encoded text, one number at a time."""

    def __init__(self, text: str) -> None:
        numbers = self._numbers(base64.b64decode(text))
        sizes = [next(numbers) for _ in range(next(numbers))]
        x = y = 0
        self.arcs: list[Ring] = []
        for size in sizes:
            arc = []
            for _ in range(size):
                x, y = x + next(numbers), y + next(numbers)
                arc.append((x, y))
            self.arcs.append(arc)
        n_rings = [next(numbers) for _ in range(next(numbers))]
        n_arcs = [next(numbers) for _ in range(sum(n_rings))]
        reference = 0
        self.sides: list[list[int]] = [[] for _ in self.arcs]
        self.units: list[list[Ring]] = []
        sizes_of_rings = iter(n_arcs)
        for unit, count in enumerate(n_rings):
            rings = []
            for _ in range(count):
                ring: Ring = []
                for _ in range(next(sizes_of_rings)):
                    reference += next(numbers)
                    arc = self.arcs[reference // 2]
                    ring += arc[::-1] if reference % 2 else arc
                    self.sides[reference // 2].append(unit)
                rings.append(ring)
            self.units.append(rings)
        assert next(numbers, None) is None, "bytes left over"

    @staticmethod
    def _numbers(data: bytes) -> Iterator[int]:
        value = shift = 0
        for byte in data:
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                yield value >> 1 if value % 2 == 0 else -(value >> 1) - 1
                value = shift = 0


def canonical(ring: Ring) -> tuple[Point, ...]:
    """A closed ring whatever its first vertex, its direction and its repeated vertices."""
    ring = [point for i, point in enumerate(ring) if point != ring[i - 1]]
    if not ring:
        return ()
    turns = []
    smallest = min(ring)
    for way in (ring, ring[::-1]):
        first = [i for i, point in enumerate(way) if point == smallest]
        turns += [tuple(way[i:] + way[:i]) for i in first]
    return min(turns)


def rounded_rings(polygon: shapely.Geometry, quantum: float) -> Counter[tuple[Point, ...]]:
    rings = Counter[tuple[Point, ...]]()
    for part in shapely.get_parts(polygon):
        for ring in shapely.get_rings(part):
            points = np.rint(shapely.get_coordinates(ring)[:-1] / quantum).astype(int)
            rings[canonical([(x, y) for x, y in points.tolist()])] += 1
    return rings


def assert_round_trip(polygons: np.ndarray, quantum: float) -> Decoded:
    decoded = Decoded(encode(build_topology(polygons, quantum)))
    assert len(decoded.units) == len(polygons)
    for polygon, rings in zip(polygons, decoded.units, strict=True):
        assert Counter(canonical(ring) for ring in rings) == rounded_rings(polygon, quantum)
    return decoded


def coverage(seed: int) -> np.ndarray:
    """A random coverage with a city inside its county, an island, and counties in two pieces."""
    random = np.random.default_rng(seed)
    frame = shapely.box(0, 0, 100, 100)
    points = shapely.multipoints(random.uniform(0, 100, (int(random.integers(4, 20)), 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame))
    cells = shapely.intersection(cells, frame)
    middle = cells[0].representative_point()
    city = middle.buffer(0.4 * middle.distance(cells[0].boundary), quad_segs=3)
    far, island = shapely.box(150, 0, 160, 10), shapely.box(200, 0, 201, 1)
    cells[0] = cells[0].difference(city)
    cells[1] = shapely.union(cells[1], far)
    return np.array([*cells, city, island], dtype=object)


@given(st.integers(0, 10_000), st.sampled_from([0.01, 1.0, 7.0]))
@settings(max_examples=40)
def test_polygons_come_back_as_they_were_but_for_the_rounding(seed: int, quantum: float) -> None:
    assert_round_trip(coverage(seed), quantum)


def test_the_united_states_come_back_as_they_were_but_for_the_rounding(
    united_states: Units,
) -> None:
    decoded = assert_round_trip(united_states.polygons, 100.0)
    assert {len(sides) for sides in decoded.sides} == {1, 2}


@pytest.mark.parametrize("offset", [-7e12, 0.0, 5e9])
def test_coordinates_far_from_the_origin_survive(offset: float) -> None:
    assert_round_trip(shapely.box([offset, offset + 1], 0, [offset + 1, offset + 2], 1), 0.5)


def test_polygons_that_overlap_come_back_too() -> None:
    assert_round_trip(shapely.box([0, 0.5, 0], 0, [1, 1.5, 1], 1), 0.25)


def test_a_border_is_stored_once(united_states: Units) -> None:
    decoded = Decoded(encode(build_topology(united_states.polygons, 1.0)))
    segments = Counter(
        frozenset(step)
        for arc in decoded.arcs
        for step in itertools.pairwise(arc)
        if step[0] != step[1]
    )
    assert max(segments.values()) == 1
    assert len(segments) == len(distinct_segments(united_states.polygons))


def distinct_segments(polygons: np.ndarray) -> set[frozenset[Point]]:
    """Every segment of every ring, rounded to a metre, once."""
    segments = set()
    for ring in shapely.get_rings(shapely.get_parts(polygons)):
        points = [tuple(p) for p in np.rint(shapely.get_coordinates(ring)).astype(int).tolist()]
        segments |= {frozenset(s) for s in itertools.pairwise(points) if s[0] != s[1]}
    return segments


def test_the_frontier_is_what_the_two_nations_have_in_common(
    united_states: Units, state_plan: Plan
) -> None:
    polygons, part = united_states.polygons, state_plan.assignment
    decoded = Decoded(encode(build_topology(polygons, 1.0)))
    arcs = [
        arc
        for arc, sides in zip(decoded.arcs, decoded.sides, strict=True)
        if len({part[unit] for unit in sides}) == 2
    ]
    frontier = shapely.MultiLineString([arc for arc in arcs if len(arc) > 1])
    nations = [shapely.coverage_union_all(polygons[part == side]) for side in (0, 1)]
    expected = shapely.intersection(nations[0].boundary, nations[1].boundary)
    expected = shapely.MultiLineString(
        [p for p in shapely.get_parts(expected) if p.geom_type == "LineString"]
    )
    assert frontier.length == pytest.approx(expected.length, rel=1e-4)
    assert frontier.buffer(2).covers(expected)
    assert expected.buffer(2).covers(frontier)


@pytest.mark.parametrize("quantum", [0.0, -1.0, float("nan")])
def test_a_step_that_is_no_length_is_refused(quantum: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        build_topology(shapely.box([0], 0, [1], 1), quantum)


def test_a_geometry_without_an_inside_is_refused_by_its_row() -> None:
    shapes = np.array([shapely.box(0, 0, 1, 1), shapely.Point(0, 0)])
    with pytest.raises(ValueError, match=r"polygons\[1\].*POINT"):
        build_topology(shapes, 1.0)
