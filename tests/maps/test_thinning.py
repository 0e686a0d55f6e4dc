"""Maps with too many vertices get fewer, and stay whole."""

from __future__ import annotations

import itertools
from collections import Counter

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


def rings(topology: Topology) -> list[np.ndarray]:
    """The rings of a topology, put together again without its own reader."""
    arcs = np.split(topology.points, np.cumsum(topology.arc_sizes)[:-1])
    around = np.split(topology.references, np.cumsum(topology.ring_sizes)[:-1])
    return [
        np.concatenate([arcs[r // 2][::-1] if r % 2 else arcs[r // 2] for r in references])
        for references in around
    ]


def areas(topology: Topology) -> np.ndarray:
    """Twice the signed areas of rings, by the shoelace formula, in square steps."""
    x, y = (([ring[:, k] for ring in rings(topology)]) for k in (0, 1))
    return np.array([a @ np.roll(b, -1) - b @ np.roll(a, -1) for a, b in zip(x, y, strict=True)])


def test_neighbours_stay_neighbours_and_nothing_tears() -> None:
    topology = build_topology(cells(40, 500), 0.05)
    thinned = thin(topology, 3_000)
    assert len(topology.points) > 7_500
    assert len(thinned.points) <= 3_000
    assert areas(thinned) == pytest.approx(areas(topology), rel=0.1)

    walked = Counter(
        step
        for ring in rings(thinned)
        for step in itertools.pairwise(map(tuple, ring.tolist()))
        if step[0] != step[1]
    )
    # Neighbours walk along their border in opposite directions; what is left over is the shore,
    # one closed walk around everything.
    shore = [step for step in walked if step[::-1] not in walked]
    assert Counter(start for start, _ in shore) == Counter(end for _, end in shore)
    assert abs(areas(thinned).sum()) / 2 == pytest.approx(20_000**2, rel=1e-2)


def test_a_small_map_is_left_as_it_is() -> None:
    topology = build_topology(cells(5, 50), 0.05)
    assert thin(topology) is topology


def test_islands_that_would_vanish_stay() -> None:
    islands = shapely.buffer(shapely.points(np.arange(30.0) * 100, 0.0), 1, quad_segs=16)
    topology = build_topology(islands, 0.5)
    thinned = thin(topology, 70)
    assert (np.abs(areas(thinned)) > 0).all()
    assert len(thinned.points) <= len(topology.points)
