"""Random problems small enough to look at every plan, and the looking.

Nothing here calls a solver: connectivity is decided by flooding bit masks, held against networkx
in ``test_graph.py``, and values are added up as Python's own integers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import strategies as st
from shapely import MultiPoint, delaunay_triangles, get_coordinates

from partition.verify import check
from solvers.problem import ALONE, FREE, Budget, Problem
from solvers.result import Result

ONE_OR_ANY = [(1, 1), (1, 0), (0, 1), (0, 0)]
PIECES = [*ONE_OR_ANY, *(pair for pair in product(range(4), repeat=2) if max(pair) > 1)]
"""Most pieces of part 0 and of part 1; 0 is any number."""
PLANAR = ["planar", "holed", "grid", "tree", "whiskers", "cycle"]
"""Families whose graphs are planar and connected."""
CONNECTED = [*PLANAR, "crossed", "complete"]
FAMILIES = [*CONNECTED, "dense", "islands"]


def triangulate(points: npt.NDArray[np.float64]) -> set[tuple[int, int]]:
    """Join neighbouring points: planar, connected, triangles inside."""
    if len(points) < 4:
        return {(i, i + 1) for i in range(len(points) - 1)}
    number = {tuple(point): unit for unit, point in enumerate(points.tolist())}
    lines = delaunay_triangles(MultiPoint(points), only_edges=True)
    ends = get_coordinates(lines).reshape(-1, 2, 2).tolist()
    return {tuple(sorted(number[tuple(end)] for end in pair)) for pair in ends}


def grow_tree(units: list[int], rng: np.random.Generator) -> set[tuple[int, int]]:
    """Hang each unit on one before it."""
    return {
        tuple(sorted((unit, units[int(rng.integers(place))])))
        for place, unit in enumerate(units)
        if place
    }


def draw_edges(family: str, n_units: int, rng: np.random.Generator) -> list[tuple[int, int]]:
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


def draw_gains(kind: str, n_units: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
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


def draw_costs(n_edges: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw what edges cost: little, much, or more than most gains; many cost nothing."""
    largest = int(rng.choice([3, 30, 2_000_000]))
    return rng.integers(0, largest, n_edges) * (rng.random(n_edges) < 0.7)


def draw_links(n_links: int, n_units: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw pairs of units, adjacent or not, each pair once, shape ``(n_links, 2)`` at most."""
    pairs = {tuple(sorted(rng.permutation(n_units)[:2].tolist())) for _ in range(n_links)}
    return np.array(sorted(pair for pair in pairs if len(pair) == 2), int).reshape(-1, 2)


SIDES = ["lower", "upper", "both"]
BUDGETS = [(sides, is_priced) for is_priced in (False, True) for sides in SIDES]
BUDGETS.append(("cut", False))
"""What is limited, and whether missing it has a price or is forbidden."""


def draw_budget(
    kind: tuple[str, bool], n_units: int, rng: np.random.Generator, pairs: npt.NDArray[np.int64]
) -> Budget:
    """Draw a budget of one of the kinds; now and then no plan meets it, or every plan does."""
    sides, is_priced = kind
    if sides == "cut":
        pairs = pairs[rng.random(len(pairs)) < 0.8]
        amounts = rng.integers(0, int(rng.choice([2, 4, 1000, 10**6])), len(pairs))
        most = int(amounts.sum() * rng.uniform(0, 1.1) * rng.random())
        none = np.zeros(n_units, int)
        return Budget(none, upper=most, name="cut", pairs=pairs, pair_amounts=amounts)
    amounts = rng.integers(0, int(rng.choice([2, 4, 1000, 10**6])), n_units)
    total = int(amounts.sum())
    low = int(total * rng.uniform(-0.1, 0.7) + (total + 1) * (rng.random() < 0.05))
    high = low + int(max(total - low, 0) * rng.random())
    return Budget(
        amounts,
        lower=None if sides == "upper" else low,
        upper=None if sides == "lower" else high,
        price=int(rng.integers(0, int(rng.choice([3, 20, 1000])))) if is_priced else None,
        name=f"{sides} of {'a price' if is_priced else 'force'}",
    )


def draw_problem(
    seed: int,
    n_units: int,
    family: str,
    kind: str = "small",
    pieces: tuple[int, int] = (1, 1),
    n_fixed: int = 0,
    has_costs: bool = False,
    n_groups: int = 0,
    budgets: Sequence[tuple[str, bool]] = (),
    n_links: int = 0,
    n_sets: int = 0,
) -> Problem:
    """Draw a problem; one seed always draws the same. Sets with ends take two units each."""
    n_all, n_units = n_units, max(1, n_units - 2 * n_sets)
    n_sets = min(n_sets, (n_all - n_units) // 2)
    rng = np.random.default_rng(seed)
    edges = np.array(draw_edges(family, n_units, rng), int).reshape(-1, 2)
    fixed = np.full(n_units, FREE)
    fixed[rng.permutation(n_units)[:n_fixed]] = rng.integers(0, 2, min(n_fixed, n_units))
    gains = draw_gains(kind, n_units, rng)
    labels = rng.integers(0, n_groups, n_units) if n_groups else np.full(n_units, ALONE)
    labels[rng.random(n_units) < 0.5] = ALONE
    edge_costs = draw_costs(len(edges), rng) if has_costs else np.empty(0, int)
    links = draw_links(n_links, n_units, rng)
    pairs = np.array([*{tuple(sorted(one)): 0 for one in (*edges.tolist(), *links.tolist())}], int)
    pairs = pairs.reshape(-1, 2)
    limits = tuple(draw_budget(one, n_units, rng, pairs) for one in budgets)
    problem = Problem(
        gains,
        edges,
        fixed,
        pieces,
        edge_costs=edge_costs,
        groups=labels,
        budgets=limits,
        links=links,
        link_costs=draw_costs(len(links), rng),
    )
    return with_sets(problem, n_sets, rng) if n_sets else problem


def with_sets(problem: Problem, n_sets: int, rng: np.random.Generator) -> Problem:
    """Add two ends for each of some sets of units, and limit how many sets are divided."""
    n_units, more = problem.n_units, (0, 2 * n_sets)
    number = rng.integers(0, n_sets + 1, n_units)
    spans = [
        (unit, n_units + 2 * one, n_units + 2 * one + 1)
        for unit, one in enumerate(number.tolist())
        if one < n_sets
    ]
    split = np.zeros(n_units + 2 * n_sets, int)
    split[n_units:] = np.tile([-1, 1], n_sets)
    price = int(rng.integers(0, 20)) if rng.random() < 0.2 else None
    limit = Budget(split, upper=int(rng.integers(0, n_sets + 1)), price=price, name="split")
    return replace(
        problem,
        gains=np.pad(problem.gains, (more, (0, 0))),
        fixed=np.pad(problem.fixed, more, constant_values=FREE),
        groups=np.pad(problem.groups, more, constant_values=ALONE),
        budgets=(
            *(replace(one, amounts=np.pad(one.amounts, more)) for one in problem.budgets),
            *([limit] if rng.random() < 0.9 else []),
        ),
        spans=np.array(spans, int).reshape(-1, 3),
    )


EXTRAS = frozenset({"costs", "groups", "budgets", "links", "sets"})


def problems(
    families: Sequence[str] = FAMILIES,
    kinds: Sequence[str] = KINDS,
    pieces_of_both: Sequence[tuple[int, int]] = PIECES,
    min_units: int = 1,
    max_units: int = 9,
    max_fixed: int = 3,
    extras: AbstractSet[str] = EXTRAS,
    budgets: Sequence[tuple[str, bool]] = BUDGETS,
) -> st.SearchStrategy[Problem]:
    """Strategy for problems that shrinks to few units, simple families, no extras, the seed 0."""
    if not extras <= EXTRAS:
        raise ValueError(f"no such extras: {extras - EXTRAS}")
    return st.builds(
        draw_problem,
        seed=st.integers(0, 2**32 - 1),
        n_units=st.integers(min_units, max_units),
        family=st.sampled_from(families),
        kind=st.sampled_from(kinds),
        pieces=st.sampled_from(pieces_of_both),
        n_fixed=st.integers(0, max_fixed),
        n_links=st.sampled_from([0, 0, 1, 4]) if "links" in extras else st.just(0),
        has_costs=st.booleans() if "costs" in extras else st.just(False),
        n_sets=st.sampled_from([0, 0, 0, 1, 2]) if "sets" in extras else st.just(0),
        n_groups=st.sampled_from([0, 0, 1, 2, 3]) if "groups" in extras else st.just(0),
        budgets=st.lists(st.sampled_from(budgets), max_size=2)
        if "budgets" in extras
        else st.just(()),
    )


PLAIN = frozenset()
"""No extras: gains, fixed units and pieces alone."""
COSTLY = frozenset({"costs"})
"""Edges that cost something to cut, and nothing else."""


# Some hundred plans of one problem after the other are looked at, each on the same graph.
@lru_cache(maxsize=4)
def as_networkx(problem: Problem) -> nx.Graph:
    """Build the same graph in networkx, which nobody can change."""
    graph = nx.Graph()
    graph.add_nodes_from(range(problem.n_units))
    graph.add_edges_from(problem.edges.tolist())
    return nx.freeze(graph)


@lru_cache(maxsize=4)
def landmasses_of(problem: Problem) -> tuple[frozenset[int], ...]:
    """Find the landmasses by networkx."""
    return tuple(map(frozenset, nx.connected_components(as_networkx(problem))))


def count_torn(problem: Problem, assignment: npt.NDArray[np.int8] | Sequence[int]) -> int:
    """Count by networkx the pieces that each part has too many, over all landmasses."""
    graph, too_many = as_networkx(problem), 0
    for landmass in landmasses_of(problem):
        for part, most in enumerate(problem.pieces):
            members = [unit for unit in landmass if assignment[unit] == part]
            n_pieces = nx.number_connected_components(graph.subgraph(members))
            too_many += max(0, n_pieces - most) if most else 0
    return too_many


def excess(budget: Budget, assignment: Sequence[int]) -> int:
    """Say by how much part 1 misses a budget."""
    pairs = zip(budget.amounts.tolist(), assignment, strict=True)
    held = sum(amount for amount, part in pairs if part == 1)
    counted = zip(budget.pairs.tolist(), budget.pair_amounts.tolist(), strict=True)
    held += sum(amount for (a, b), amount in counted if assignment[a] != assignment[b])
    if budget.lower is not None and held < budget.lower:
        return budget.lower - held
    return held - budget.upper if budget.upper is not None and held > budget.upper else 0


def is_feasible(problem: Problem, assignment: npt.NDArray[np.int8] | Sequence[int]) -> bool:
    """Decide by networkx and by hand whether an assignment is a plan."""
    if any(fix not in (FREE, part) for fix, part in zip(problem.fixed, assignment, strict=True)):
        return False
    first = {}
    for label, part in zip(problem.groups.tolist(), assignment, strict=True):
        if label != ALONE and first.setdefault(label, part) != part:
            return False
    if any(budget.price is None and excess(budget, assignment) for budget in problem.budgets):
        return False
    for unit, below, above in problem.spans.tolist():
        if not assignment[below] <= assignment[unit] <= assignment[above]:
            return False
    return count_torn(problem, assignment) == 0


@lru_cache(maxsize=4)
def costly_pairs(problem: Problem) -> tuple[tuple[int, int, int], ...]:
    """List edges and then links as tuples of two units and a cost."""
    edges = zip(problem.edges.tolist(), problem.edge_costs.tolist(), strict=True)
    links = zip(problem.links.tolist(), problem.link_costs.tolist(), strict=True)
    return tuple((a, b, cost) for (a, b), cost in (*edges, *links))


def objective(problem: Problem, assignment: Iterable[int]) -> int:
    """Add up what an assignment is worth, in Python's own integers."""
    parts = [int(part) for part in assignment]
    value = sum(gain[part] for gain, part in zip(problem.gains.tolist(), parts, strict=True))
    value -= sum(cost for a, b, cost in costly_pairs(problem) if parts[a] != parts[b])
    priced = [budget for budget in problem.budgets if budget.price is not None]
    return value - sum(budget.price * excess(budget, parts) for budget in priced)


def base(problem: Problem) -> int:
    """Add up the gains of all units in part 0, from which the searches count."""
    return sum(int(gain) for gain in problem.gains[:, 0])


def confirm(problem: Problem, result: Result) -> int:
    """Let the verifier check the certificate of a result, and return the bound it confirms."""
    certificate = json.loads(json.dumps(result.certificate))
    instance = certificate["instance"]
    assert instance["gains"] == problem.gains.tolist()
    assert instance["edges"] == problem.edges.tolist()
    assert instance["fixed"] == problem.fixed.tolist()
    assert instance["groups"] == problem.groups.tolist()
    assert instance["pieces"] == list(problem.pieces)
    assert (instance["edge_costs"] or [0] * len(problem.edges)) == problem.edge_costs.tolist()
    assert instance["links"] == problem.links.tolist()
    assert instance["link_costs"] == problem.link_costs.tolist()
    assert instance.get("spans", []) == problem.spans.tolist()
    for stated, budget in zip(instance["budgets"], problem.budgets, strict=True):
        assert stated["amounts"] == budget.amounts.tolist()
        assert stated.get("pairs", []) == budget.pairs.tolist()
        assert stated.get("pair_amounts", []) == budget.pair_amounts.tolist()
        for name in ("lower", "upper", "price"):
            assert stated[name] == getattr(budget, name)
    assert certificate["bound"] == result.bound
    confirmation = check(certificate, result.plan.assignment.tolist())
    assert confirmation.objective == result.objective
    return confirmation.bound


@dataclass(frozen=True)
class Census:
    """All ``2 ** n_units`` assignments of a problem as bit masks: bit *i* is unit *i*'s part."""

    problem: Problem

    @cached_property
    def masks(self) -> npt.NDArray[np.int64]:
        return np.arange(1 << self.problem.n_units)

    @property
    def units(self) -> npt.NDArray[np.int64]:
        return np.arange(self.problem.n_units)

    @cached_property
    def neighbours(self) -> list[int]:
        """The neighbours of each unit as a mask."""
        masks = [0] * self.problem.n_units
        for a, b in self.problem.edges.tolist():
            masks[a] |= 1 << b
            masks[b] |= 1 << a
        return masks

    def reach(self, subsets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Flood each subset from its lowest unit and return what is reached."""
        reached = subsets & -subsets
        while True:
            before = reached.copy()
            for unit, around in enumerate(self.neighbours):
                reached |= np.where((reached >> unit) & 1, around, 0) & subsets
            if np.array_equal(before, reached):
                return reached

    @cached_property
    def landmasses(self) -> list[int]:
        """The connected components as masks."""
        left, found = (1 << self.problem.n_units) - 1, []
        while left:
            found.append(int(self.reach(np.array([left]))[0]))
            left &= ~found[-1]
        return found

    @cached_property
    def bits(self) -> npt.NDArray[np.int8]:
        """The part of each unit in every assignment, shape ``(2 ** n_units, n_units)``."""
        return ((self.masks[:, None] >> self.units) & 1).astype(np.int8)

    @cached_property
    def is_plan(self) -> npt.NDArray[np.bool_]:
        """Whether each assignment meets every constraint."""
        problem, masks = self.problem, self.masks
        fixed = problem.fixed.tolist()
        ones = sum(1 << unit for unit, part in enumerate(fixed) if part == 1)
        zeros = sum(1 << unit for unit, part in enumerate(fixed) if part == 0)
        good = (masks & ones == ones) & (masks & zeros == 0)
        for label in set(problem.groups.tolist()) - {ALONE}:
            group = sum(1 << int(unit) for unit in np.flatnonzero(problem.groups == label))
            good &= (masks & group == 0) | (masks & group == group)
        for unit, below, above in problem.spans.tolist():
            own = masks >> unit & 1
            good &= (masks >> below & 1 <= own) & (own <= masks >> above & 1)
        for budget in problem.budgets:
            if budget.price is None:
                good &= self.excess(budget) == 0
        for most, members in zip(problem.pieces, (~masks, masks), strict=True):
            for landmass in self.landmasses if most else []:
                left = members & landmass
                for _ in range(most):
                    left &= ~self.reach(left)
                good &= left == 0
        return good

    def excess(self, budget: Budget) -> npt.NDArray[np.int64]:
        """By how much each assignment misses a budget."""
        held = self.bits.astype(np.int64) @ budget.amounts  # far below 64 bits
        first, second = budget.pairs.T
        held += (self.bits[:, first] != self.bits[:, second]) @ budget.pair_amounts
        missing = 0 if budget.lower is None else budget.lower - held
        return np.maximum(
            0, np.maximum(missing, 0 if budget.upper is None else held - budget.upper)
        )

    @cached_property
    def plans(self) -> npt.NDArray[np.int8]:
        """Every plan, shape ``(n_plans, n_units)``."""
        return self.bits[self.is_plan]

    @cached_property
    def values(self) -> list[int]:
        """The objective of every plan, as Python's own integers."""
        problem, plans = self.problem, self.plans.astype(object)
        weights = [g1 - g0 for g0, g1 in problem.gains.tolist()]
        values = base(problem) + plans @ np.array(weights, object)
        for a, b, cost in costly_pairs(problem):
            values = values - cost * (plans[:, a] != plans[:, b])
        for budget in problem.budgets:
            if budget.price is not None:
                values = values - budget.price * self.excess(budget)[self.is_plan].astype(object)
        return values.tolist()

    @cached_property
    def optimum(self) -> int | None:
        """The largest objective of any plan, or None where there is no plan."""
        return max(self.values, default=None)

    @cached_property
    def optimal_plans(self) -> npt.NDArray[np.int8]:
        """The plans that reach it, shape ``(n_optimal, n_units)``."""
        return self.plans[[value == self.optimum for value in self.values]]


@pytest.fixture(scope="session", autouse=True)
def _compile(compiled_loops) -> None:
    """No test waits for the compiler."""


@pytest.fixture(scope="session")
def country() -> Callable[..., Problem]:
    """Build an electorate in which each colour clusters: planar, connected, one number a size."""

    def build(n_units: int, *, n_holes: int = 0, pieces: tuple[int, int] = (1, 1)) -> Problem:
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
