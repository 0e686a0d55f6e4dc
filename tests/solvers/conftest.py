"""Random problems small enough to look at every plan, and the looking.

Nothing here calls a solver: connectivity is decided by flooding bit masks, held against networkx
in ``test_graph.py``, and values are added up as Python's own integers.
"""

from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import numpy as np
import pytest
from hypothesis import strategies as st
from shapely import MultiPoint, delaunay_triangles, get_coordinates

from solvers.problem import FREE, Problem

PIECES = [(1, 1), (1, 0), (0, 1), (0, 0)]
PLANAR = ["planar", "holed", "grid", "tree", "whiskers", "cycle"]
"""Families whose graphs are planar and connected."""
CONNECTED = [*PLANAR, "crossed", "complete"]
FAMILIES = [*CONNECTED, "dense", "islands"]


def triangulate(points):
    """Join neighbouring points: planar, connected, triangles inside."""
    if len(points) < 4:
        return {(i, i + 1) for i in range(len(points) - 1)}
    number = {tuple(point): unit for unit, point in enumerate(points.tolist())}
    lines = delaunay_triangles(MultiPoint(points), only_edges=True)
    ends = get_coordinates(lines).reshape(-1, 2, 2).tolist()
    return {tuple(sorted(number[tuple(end)] for end in pair)) for pair in ends}


def grow_tree(units, rng):
    """Hang each unit on one before it."""
    return {
        tuple(sorted((unit, units[int(rng.integers(place))])))
        for place, unit in enumerate(units)
        if place
    }


def draw_edges(family, n_units, rng):
    """Draw the edges of a graph of one of the families, as a sorted list of pairs."""
    units = list(range(n_units))
    edges = triangulate(rng.random((n_units, 2)))
    if family == "holed":  # long faces, still in one piece
        graph = nx.Graph(list(edges))
        for edge in rng.permutation(sorted(edges)).tolist()[: n_units // 2]:
            graph.remove_edge(*edge)
            if not nx.is_connected(graph):
                graph.add_edge(*edge)
        edges = {tuple(sorted(edge)) for edge in graph.edges}
    elif family == "grid":
        width = max(1, int(n_units**0.5))
        edges = {(i, i + 1) for i in units[:-1] if (i + 1) % width}
        edges |= {(i, i + width) for i in units[:-width]}
    elif family == "crossed":  # sparse, and seldom planar
        edges |= {tuple(sorted(rng.permutation(n_units)[:2].tolist())) for _ in units[::4]}
        edges = {edge for edge in edges if len(edge) == 2}
    elif family == "dense":  # rarely planar, sometimes in several pieces
        edges = {(i, j) for i in units for j in units[i + 1 :] if rng.random() < 0.5}
    elif family == "tree":
        edges = grow_tree(units, rng)
    elif family == "whiskers":  # a triangulation with units that have one neighbour each
        inner = max(1, 2 * n_units // 3)
        edges = triangulate(rng.random((inner, 2)))
        edges |= {(int(rng.integers(inner)), unit) for unit in units[inner:]}
    elif family == "islands":
        edges = {edge for edge in edges if rng.random() < 0.5}
    elif family == "complete":
        edges = {(i, j) for i in units for j in units[i + 1 :]}
    elif family == "cycle":
        edges = {(i, i + 1) for i in units[:-1]} | ({(0, n_units - 1)} if n_units > 2 else set())
    return sorted(edges)


def draw_gains(kind, n_units, rng):
    """Draw gains of one of the kinds, shape ``(n_units, 2)``."""
    if kind == "one colour":
        return np.stack([np.zeros(n_units, int), rng.integers(1, 9, n_units)], axis=1)
    if kind == "close":  # large, and apart by little: rounding in floats shows here first
        gains = np.zeros((n_units, 2), int)
        size = 2 ** int(rng.integers(30, 49))
        gains[np.arange(n_units), rng.integers(0, 2, n_units)] = size + rng.integers(0, 5, n_units)
        return gains
    largest = {"none": 1, "ties": 2, "small": 20, "millions": 5_000_000, "huge": 2**48}[kind]
    return rng.integers(0, largest, (n_units, 2))


KINDS = ["one colour", "none", "ties", "small", "small", "millions", "huge", "close"]


def draw_problem(seed, n_units, family, kind="small", pieces=(1, 1), n_fixed=0):
    """Draw a problem; one seed always draws the same."""
    rng = np.random.default_rng(seed)
    edges = np.array(draw_edges(family, n_units, rng), int).reshape(-1, 2)
    fixed = np.full(n_units, FREE)
    fixed[rng.permutation(n_units)[:n_fixed]] = rng.integers(0, 2, min(n_fixed, n_units))
    return Problem(draw_gains(kind, n_units, rng), edges, fixed, pieces)


def problems(
    families=FAMILIES,
    kinds=KINDS,
    pieces_of_both=PIECES,
    min_units=1,
    max_units=9,
    max_fixed=3,
):
    """Strategy for problems that shrinks to few units, simple families and the seed 0."""
    return st.builds(
        draw_problem,
        seed=st.integers(0, 2**32 - 1),
        n_units=st.integers(min_units, max_units),
        family=st.sampled_from(families),
        kind=st.sampled_from(kinds),
        pieces=st.sampled_from(pieces_of_both),
        n_fixed=st.integers(0, max_fixed),
    )


def as_networkx(problem):
    """Build the same graph in networkx."""
    graph = nx.Graph()
    graph.add_nodes_from(range(problem.n_units))
    graph.add_edges_from(problem.edges.tolist())
    return graph


def is_feasible(problem, assignment):
    """Decide by networkx whether an assignment is a plan."""
    if any(fix not in (FREE, part) for fix, part in zip(problem.fixed, assignment, strict=True)):
        return False
    graph = as_networkx(problem)
    for landmass in nx.connected_components(graph):
        for part in (0, 1):
            members = [unit for unit in landmass if assignment[unit] == part]
            is_torn = len(members) > 1 and not nx.is_connected(graph.subgraph(members))
            if problem.pieces[part] and is_torn:
                return False
    return True


@dataclass(frozen=True)
class Census:
    """All ``2 ** n_units`` assignments of a problem as bit masks: bit *i* is unit *i*'s part."""

    problem: Problem

    @cached_property
    def masks(self):
        return np.arange(1 << self.problem.n_units)

    @property
    def units(self):
        return np.arange(self.problem.n_units)

    @cached_property
    def neighbours(self):
        """The neighbours of each unit as a mask."""
        masks = [0] * self.problem.n_units
        for a, b in self.problem.edges.tolist():
            masks[a] |= 1 << b
            masks[b] |= 1 << a
        return masks

    def reach(self, subsets):
        """Flood each subset from its lowest unit and return what is reached."""
        reached = subsets & -subsets
        while True:
            before = reached.copy()
            for unit, around in enumerate(self.neighbours):
                reached |= np.where((reached >> unit) & 1, around, 0) & subsets
            if np.array_equal(before, reached):
                return reached

    @cached_property
    def landmasses(self):
        """The connected components as masks."""
        left, found = (1 << self.problem.n_units) - 1, []
        while left:
            found.append(int(self.reach(np.array([left]))[0]))
            left &= ~found[-1]
        return found

    @cached_property
    def is_plan(self):
        """Whether each assignment meets every constraint."""
        fixed = self.problem.fixed.tolist()
        ones = sum(1 << unit for unit, part in enumerate(fixed) if part == 1)
        zeros = sum(1 << unit for unit, part in enumerate(fixed) if part == 0)
        good = (self.masks & ones == ones) & (self.masks & zeros == 0)
        for part, members in ((0, ~self.masks), (1, self.masks)):
            for landmass in self.landmasses if self.problem.pieces[part] else []:
                good &= self.reach(members & landmass) == members & landmass
        return good

    @cached_property
    def plans(self):
        """Every plan, shape ``(n_plans, n_units)``."""
        masks = self.masks[self.is_plan]
        return ((masks[:, None] >> self.units) & 1).astype(np.int8)

    @cached_property
    def values(self):
        """The objective of every plan, as Python's own integers."""
        gains = self.problem.gains.tolist()
        return [
            sum(gain[part] for gain, part in zip(gains, plan, strict=True))
            for plan in self.plans.tolist()
        ]

    @cached_property
    def optimum(self):
        """The largest objective of any plan, or None where there is no plan."""
        return max(self.values, default=None)

    @cached_property
    def optimal_plans(self):
        """The plans that reach it, shape ``(n_optimal, n_units)``."""
        return self.plans[[value == self.optimum for value in self.values]]


@pytest.fixture(scope="session")
def country():
    """Build an electorate in which each colour clusters: planar, connected, one number a size."""

    def build(n_units, *, n_holes=0, pieces=(1, 1)):
        rng = np.random.default_rng(n_units)
        points = rng.random((n_units, 2))
        edges = sorted(triangulate(points))
        graph = nx.Graph(edges)
        for edge in rng.permutation(edges).tolist()[:n_holes]:
            graph.remove_edge(*edge)
            if not nx.is_connected(graph):
                graph.add_edge(*edge)
        lean = np.sin(9 * points[:, 0]) + np.cos(7 * points[:, 1]) + rng.normal(size=n_units)
        voters = rng.lognormal(10, 1.4, n_units)
        shares = 1 / (1 + np.exp(lean))
        gains = np.stack([voters * (1 - shares), voters * shares], axis=1).astype(int)
        return Problem(gains, np.array(sorted(graph.edges)), pieces=pieces)

    return build
