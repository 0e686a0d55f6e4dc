"""What is a coverage and what is not, as GEOS finds it by comparing all neighbours."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import shapely

from maps.coverage import DEAR, is_coverage
from maps.topology import find_arcs


def cells(rng: np.random.Generator) -> np.ndarray:
    """Squares of a board put together: with holes, lakes, islands inside others, and far pieces."""
    x, y = (one.ravel() for one in np.mgrid[:10, :10])
    middles = rng.uniform(0, 10, (9, 2))
    label = np.hypot(x[:, None] - middles[:, 0], y[:, None] - middles[:, 1]).argmin(axis=1)
    label[rng.integers(100, size=12)] = rng.integers(10, size=12)
    squares = shapely.box(x, y, x + 1, y + 1)
    return np.array(
        [shapely.coverage_union_all(squares[label == k]) for k in np.unique(label[:-3])]
    )


def spoilt(polygons: np.ndarray, kind: int, rng: np.random.Generator) -> np.ndarray:
    """The same with one thing that may be wrong."""
    changed = polygons.copy()
    k = int(rng.integers(len(changed)))
    if kind == 1:  # overlaps and gaps
        changed[k] = shapely.transform(changed[k], lambda xy: xy + rng.uniform(-0.2, 0.2, 2))
    elif kind == 2:  # a vertex that the neighbour does not have
        changed[k] = shapely.segmentize(changed[k], 0.5)
    elif kind == 3:  # the same land twice
        changed = np.append(changed, changed[k])
    elif kind == 4:  # land inside other land, without a common vertex
        changed = np.append(changed, shapely.point_on_surface(changed[k]).buffer(0.01))
    elif kind == 5:  # land less: still a coverage, with a gap
        changed = np.delete(changed, k)
    elif kind == 6:  # rings the other way around
        changed[k] = changed[k].reverse()
    elif kind == 7:  # land that meets the rest along a part of a side
        changed = np.append(changed, shapely.box(10, 2.3, 11, 2.9))
    elif kind == 8:  # two pieces apart, and one that meets them in a point
        changed = np.append(changed, [shapely.box(20, 20, 21, 21), shapely.box(21, 21, 22, 22)])
    return changed


@pytest.mark.parametrize("dear", [0, DEAR])
def test_coverages_are_told_as_geos_tells_them(monkeypatch: pytest.MonkeyPatch, dear: int) -> None:
    monkeypatch.setattr("maps.coverage.DEAR", dear)  # 0: however long the shore is
    rng = np.random.default_rng(11)
    seen: Counter[tuple[int, bool]] = Counter()
    for k in range(270):
        kind = k % 9
        polygons = spoilt(cells(rng), kind, rng)
        expected = bool(shapely.coverage_is_valid(polygons))
        assert is_coverage(polygons, find_arcs(polygons)) == expected, (k, kind)
        seen[kind, expected] += 1
    assert all(seen[kind, True] > 10 for kind in (0, 5, 6, 8)), seen
    assert all(seen[kind, False] > 10 for kind in (1, 2, 3, 4, 7)), seen


def test_large_coverages_need_no_comparison_of_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    polygons = cells(np.random.default_rng(12))
    arcs = find_arcs(polygons)
    monkeypatch.setattr("maps.coverage.DEAR", 0)  # here there is little else than shore
    monkeypatch.delattr(shapely, "coverage_is_valid")
    assert is_coverage(polygons, arcs)
