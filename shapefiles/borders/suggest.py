"""Suggest links: the shortest crossings that would join what water separates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import networkx as nx
import numpy as np
import numpy.typing as npt
import shapely

from shapefiles.table_writing import csv_text
from shapefiles.units import Units
from shapefiles.writing import whole_file


class Crossing(NamedTuple):
    """The shortest way over water from one landmass to another."""

    first: int
    """Row of the unit on the smaller landmass."""
    second: int
    metres: float


def landmasses(pairs: npt.NDArray[np.integer], n_units: int) -> npt.NDArray[np.int64]:
    """Label the connected components of a graph, from 0 for the one with the most units.

    Examples
    --------
    >>> landmasses(np.array([[1, 2], [2, 3]]), 4).tolist()
    [1, 0, 0, 0]
    """
    graph = nx.Graph()
    graph.add_nodes_from(range(n_units))
    graph.add_edges_from(np.asarray(pairs).tolist())
    label = np.empty(n_units, np.int64)
    members = sorted(nx.connected_components(graph), key=lambda one: (-len(one), min(one)))
    for number, component in enumerate(members):
        label[list(component)] = number
    return label


def shortest_crossings(
    polygons: npt.NDArray[np.object_], pairs: npt.NDArray[np.integer]
) -> list[Crossing]:
    """Find the shortest crossings that would make the map one connected graph.

    They are a minimum spanning tree of the landmasses, found in Borůvka's way [1]_: every landmass
    but the largest looks for the nearest unit of another, all of them are joined, and what is
    still separate looks again.

    Parameters
    ----------
    polygons
        Polygons in metres, shape ``(n_units,)``.
    pairs
        Pairs of units that are connected already, shape ``(n_pairs, 2)``.

    Returns
    -------
    list of Crossing
        One fewer than there are landmasses, the shortest first.

    References
    ----------
    .. [1] J. Nešetřil, E. Milková, H. Nešetřilová, "Otakar Borůvka on minimum spanning tree
       problem", Discrete Mathematics 233, 2001, doi:10.1016/S0012-365X(00)00224-7.

    Examples
    --------
    Three islands in a row, a metre and two metres apart:

    >>> islands = shapely.box([0, 2, 5], 0, [1, 3, 6], 1)
    >>> [tuple(one) for one in shortest_crossings(islands, np.empty((0, 2), int))]
    [(1, 0, 1.0), (2, 1, 2.0)]
    """
    tree = shapely.STRtree(polygons)
    joined = [tuple(pair) for pair in np.asarray(pairs).tolist()]
    crossings: dict[tuple[int, int], Crossing] = {}
    at_first = landmasses(pairs, len(polygons))
    while True:
        label = landmasses(np.array(joined, np.int64).reshape(-1, 2), len(polygons))
        if not label.size or label.max() == 0:
            break
        order = np.argsort(label, kind="stable")
        for rows in np.split(order, np.flatnonzero(np.diff(label[order])) + 1)[1:]:
            nearest = _nearest_elsewhere(rows, label, polygons, tree)
            key = (min(nearest[:2]), max(nearest[:2]))
            crossings.setdefault(key, nearest)
            joined.append(key)
    return _spanning(list(crossings.values()), at_first)


def suggest_links(units: Units) -> list[tuple[str, str, float]]:
    """Suggest the shortest crossings that would make one landmass of the units.

    A person decides which of them exist: what is suggested are distances, not ferries.

    Parameters
    ----------
    units
        Units with polygons. Edges that do not count by default count as not there.

    Returns
    -------
    list of tuple
        The ids of two units and the metres between them, the shortest first.
    """
    found = shortest_crossings(units.polygons, units.edges.pairs[units.edges.is_default])
    ids = units.ids.tolist()
    return [(ids[one.first], ids[one.second], one.metres) for one in found]


def write_suggestions(suggestions: Sequence[tuple[str, str, float]], path: str | Path) -> None:
    """Write suggested links as a table to look through: delete rows, correct kinds, read it back.

    The kind is ``ferry``, for a person to change to ``bridge`` or ``sea``; ``km`` is the distance.

    Raises
    ------
    OSError
        When the file cannot be written; it appears whole or not at all.
    """
    rows = ((id_a, id_b, "ferry", f"{metres / 1000:.3f}") for id_a, id_b, metres in suggestions)
    with whole_file(path) as draft:
        text = csv_text(("id_a", "id_b", "kind", "km"), rows)
        draft.write_text(text, encoding="utf-8", newline="\n")


def _nearest_elsewhere(
    rows: npt.NDArray[np.intp],
    label: npt.NDArray[np.int64],
    polygons: npt.NDArray[np.object_],
    tree: shapely.STRtree,
) -> Crossing:
    """Find the unit of another landmass that is nearest to any of `rows`, the first of equals.

    The search radius doubles until it finds one; whatever is nearer has then been found as well.
    """
    west, south, east, north = shapely.total_bounds(polygons[rows])
    radius = max(east - west, north - south, 1.0) / 100
    while True:
        source, other = tree.query(polygons[rows], predicate="dwithin", distance=radius)
        elsewhere = label[other] != label[rows[0]]
        if elsewhere.any():
            break
        radius *= 2
    first, second = rows[source[elsewhere]], other[elsewhere]
    metres = shapely.distance(polygons[first], polygons[second])
    best = np.lexsort((second, first, metres))[0]
    return Crossing(int(first[best]), int(second[best]), float(metres[best]))


def _spanning(crossings: list[Crossing], label: npt.NDArray[np.int64]) -> list[Crossing]:
    """Drop crossings that close a circle, as equal distances may (Kruskal's algorithm)."""
    group = nx.utils.UnionFind()
    kept = []
    for one in sorted(crossings, key=lambda one: (one.metres, one.first, one.second)):
        ends = int(label[one.first]), int(label[one.second])
        if group[ends[0]] != group[ends[1]]:
            group.union(*ends)
            kept.append(one)
    return kept
