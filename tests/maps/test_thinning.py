"""Maps with too many vertices get fewer, and stay whole."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from maps.thinning import thin
from maps.topology import Topology, build_topology


def cells(n_cells: int, n_bends: int) -> np.ndarray:
    """A coverage of cells whose borders are bent."""
    random = np.random.default_rng(7)
    frame = shapely.box(0, 0, 1000, 1000)
    points = shapely.multipoints(random.uniform(0, 1000, (n_cells, 2)))
    straight = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame))
    straight = shapely.segmentize(shapely.intersection(straight, frame), 1000 / n_bends)
    # Cutting an edge into equal steps from either end gives vertices that differ in the last bit.
    straight = shapely.transform(straight, lambda xy: xy.round(6))
    return shapely.transform(
        straight, lambda xy: xy + 2 * np.sin(xy[:, ::-1] / 3) + 0.8 * np.sin(xy[:, ::-1])
    )


def outlines(topology: Topology) -> list[shapely.Geometry]:
    """The polygons of a topology, put together again without its own reader."""
    ends = np.cumsum(topology.arc_sizes)
    arcs = np.split(topology.points, ends[:-1])
    rings, at = [], 0
    for size in topology.ring_sizes:
        references = topology.references[at : at + size]
        at += size
        rings.append(
            np.concatenate([arcs[r // 2][::-1] if r % 2 else arcs[r // 2] for r in references])
        )
    polygons, at = [], 0
    for size in topology.unit_sizes:
        own = rings[at : at + size]
        at += size
        polygons.append(shapely.build_area(shapely.GeometryCollection(
            [shapely.LineString(ring) for ring in own if len(ring) > 3]
        )))  # fmt: skip
    return polygons


def test_neighbours_stay_neighbours_and_nothing_tears() -> None:
    polygons = cells(40, 500)
    topology = build_topology(polygons, 0.05)
    thinned = thin(topology, 3_000)
    assert len(topology.points) > 7_500
    assert len(thinned.points) <= 3_000
    before, after = outlines(topology), outlines(thinned)
    whole = shapely.union_all(after)
    assert shapely.area(after).sum() == pytest.approx(whole.area, rel=1e-6)
    assert shapely.area(after) == pytest.approx(shapely.area(before), rel=0.1)
    for old, new in zip(before, after, strict=True):
        assert shapely.hausdorff_distance(old, new) < 200  # steps of 0.05, so ten units


def test_a_small_map_is_left_as_it_is() -> None:
    topology = build_topology(cells(5, 50), 0.05)
    assert thin(topology) is topology


def test_islands_that_would_vanish_stay() -> None:
    islands = shapely.buffer(shapely.points(np.arange(30.0) * 100, 0.0), 1, quad_segs=16)
    topology = build_topology(islands, 0.5)
    thinned = thin(topology, 70)
    assert (shapely.area(outlines(thinned)) > 0).all()
    assert len(thinned.points) <= len(topology.points)
