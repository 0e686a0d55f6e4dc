"""Synthetic electorates: planar, with cities, and with votes that resemble those next door."""

from __future__ import annotations

import numpy as np
import shapely

from solvers.problem import Problem


def electorate(n_units: int, seed: int = 0) -> Problem:
    """Draw the problem of two contiguous parts on a synthetic country.

    Units lie at random points of a square and touch where their Voronoi cells do; one edge in
    twenty is missing, as where rivers and corners keep counties apart. Cities of heavy-tailed size
    attract voters, and lean to part 1 the more the larger they are; the country between them leans
    by a smooth random field, with noise of its own for every unit.

    Parameters
    ----------
    n_units
        Number of units, at least 4.
    seed
        Seed of every random choice.
    """
    rng = np.random.default_rng(seed)
    points = rng.random((n_units, 2))
    pairs = _neighbours(points)
    pairs = pairs[_is_kept(n_units, pairs, rng)]
    return Problem(_votes(points, rng), pairs)


def precincts(n_units: int, seed: int = 0) -> Problem:
    """Draw the problem of two contiguous parts on a synthetic state, precinct by precinct.

    Precincts have about as many voters each, so that most of them are small ones of one colour in
    cities of heavy-tailed size, far from one another. A city leans to part 1, the ring around it
    and the country between to part 0, so that every way from city to city loses votes, and cuts off
    what lies between it and the border of the state.

    Parameters
    ----------
    n_units
        Number of units, at least 100.
    seed
        Seed of every random choice.
    """
    rng = np.random.default_rng(seed)
    n_cities = max(4, n_units // 100)
    sizes = rng.pareto(1.1, n_cities) + 1.0
    sizes = np.sort(np.minimum(sizes, 30.0))
    homes = rng.random((n_cities, 2)) * 0.96 + 0.02
    home = rng.choice(n_cities, n_units, p=sizes / sizes.sum())
    radius = 0.012 * np.sqrt(sizes)
    points = homes[home] + rng.normal(size=(n_units, 2)) * radius[home, None]
    is_rural = rng.random(n_units) < 0.4
    outside = ((points <= 0) | (points >= 1)).any(axis=1)
    points[is_rural | outside] = rng.random((int((is_rural | outside).sum()), 2))
    lean = rng.normal(-0.5, 0.25, n_units)
    for place, size, reach in zip(homes, sizes.tolist(), radius.tolist(), strict=True):
        steps = np.hypot(*(points - place).T) / reach
        lean += (0.5 + 0.25 * np.log(size)) * np.exp(-((steps / 1.2) ** 2))
        lean -= 0.3 * np.exp(-((steps - 3.0) ** 2))
    voters = 650.0 * rng.lognormal(0.0, 0.6, n_units)
    blue = voters / (1.0 + np.exp(-lean))
    pairs = _neighbours(points)
    return Problem(np.stack([voters - blue, blue], axis=1).astype(np.int64), pairs)


def tracts(n_units: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw the census tracts of a synthetic state: small ones in cities, large ones between.

    Parameters
    ----------
    n_units
        Number of units, at least 4.
    seed
        Seed of every random choice.

    Returns
    -------
    tuple
        Pairs of adjacent tracts, shape ``(n_edges, 2)``, and people, 1,000 to 8,000 in each, shape
        ``(n_units,)``.
    """
    rng = np.random.default_rng(seed)
    n_cities = max(3, n_units // 40)
    sizes = rng.pareto(1.1, n_cities) + 1.0
    homes = rng.random((n_cities, 2)) * 0.9 + 0.05
    home = rng.choice(n_cities, n_units, p=sizes / sizes.sum())
    radius = 0.03 * np.sqrt(np.minimum(sizes, 30.0))
    points = homes[home] + rng.normal(size=(n_units, 2)) * radius[home, None]
    is_rural = (rng.random(n_units) < 0.4) | ((points <= 0) | (points >= 1)).any(axis=1)
    points[is_rural] = rng.random((int(is_rural.sum()), 2))
    pairs = _neighbours(points)
    people = np.clip(4000.0 * rng.lognormal(0.0, 0.4, n_units), 1000.0, 8000.0)
    return pairs[_is_kept(n_units, pairs, rng)], people.astype(np.int64)


def cells(n_units: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw the polygons of a synthetic country and their votes, as :func:`electorate` draws them.

    Parameters
    ----------
    n_units
        Number of units, at least 4.
    seed
        Seed of every random choice.

    Returns
    -------
    tuple
        Voronoi cells in a square of 1,000 km, in metres, shape ``(n_units,)``, and votes of both
        sides, shape ``(n_units, 2)``.
    """
    rng = np.random.default_rng(seed)
    points = rng.random((n_units, 2))
    drawn = shapely.voronoi_polygons(
        shapely.multipoints(points * 1e6), extend_to=shapely.box(0, 0, 1e6, 1e6), ordered=True
    )
    return shapely.get_parts(drawn), _votes(points, rng)


def _votes(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw the votes of both sides at each point, shape ``(n_units, 2)``."""
    n_units = len(points)
    waves = rng.normal(size=(12, 2)) * 9.0
    field = np.cos(points @ waves.T + rng.random(12) * 2 * np.pi).sum(axis=1) / np.sqrt(6)
    n_cities = max(3, n_units // 40)
    homes, sizes = rng.integers(0, n_units, n_cities), rng.pareto(1.1, n_cities) + 1.0
    reach = 0.35 / np.sqrt(n_units)
    density, urban = np.ones(n_units), np.zeros(n_units)
    for home, size in zip(homes.tolist(), sizes.tolist(), strict=True):
        distance = np.hypot(*(points - points[home]).T)
        near = np.exp(-distance / (reach * (1.0 + np.log(size))))
        density += size * near
        urban += np.log1p(size) * near
    voters = 4000.0 * density * rng.lognormal(0.0, 0.5, n_units)
    lean = 0.45 * urban - 0.9 + 0.7 * field + 0.4 * rng.normal(size=n_units)
    blue = voters / (1.0 + np.exp(-lean))
    return np.stack([voters - blue, blue], axis=1).astype(np.int64)


def _neighbours(points: np.ndarray) -> np.ndarray:
    """List the pairs of points whose Voronoi cells touch."""
    lines = shapely.delaunay_triangles(shapely.multipoints(points), only_edges=True)
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    order = np.lexsort(points.T[::-1])
    keys = points[order]

    def number(coordinates: np.ndarray) -> np.ndarray:
        names = np.ascontiguousarray(coordinates).view([("x", float), ("y", float)]).ravel()
        known = np.ascontiguousarray(keys).view([("x", float), ("y", float)]).ravel()
        return order[np.searchsorted(known, names)]

    pairs = np.stack([number(ends[:, 0]), number(ends[:, 1])], axis=1)
    return np.unique(np.sort(pairs, axis=1), axis=0)


def _is_kept(n_units: int, pairs: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Drop one edge in twenty, but none of a random spanning tree."""
    parent = np.arange(n_units)

    def find(unit: int) -> int:
        while parent[unit] != unit:
            parent[unit] = parent[parent[unit]]
            unit = int(parent[unit])
        return unit

    is_kept = rng.random(len(pairs)) >= 0.05
    for edge in rng.permutation(len(pairs)).tolist():
        a, b = find(int(pairs[edge, 0])), find(int(pairs[edge, 1]))
        if a != b:
            parent[a] = b
            is_kept[edge] = True
    return is_kept
