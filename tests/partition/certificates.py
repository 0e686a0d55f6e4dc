"""Small instances, a look at every plan of them, and certificates written by another hand.

Nothing here uses the verifier: graphs are networkx's, rows are written out from their definition
as dictionaries of named columns, and multipliers come from GLOP.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product
from typing import Any

import networkx as nx
from ortools.linear_solver import pywraplp

KINDS = [
    "separator",
    "joint",
    "potential",
    "chain",
    "face",
    "zone",
    "turn",
    "leaf",
    "apart",
    "cut",
    "tie",
    "span",
    "budget",
    "seeds",
    "seed",
    "peak",
]

Column = tuple[str, int] | tuple[str, int, int]
"""What a row has coefficients of: x, y or s with its number, or r with its part and unit."""
Sides = list[int | None]
"""The part of each unit, None where it is free."""
Roots = list[list[int] | None]
"""The roots of each part, None where they are not chosen."""


def draw_edges(rng: random.Random, n_units: int) -> list[list[int]]:
    """Draw a graph of one of several families: planar or not, in one piece or in several."""
    pairs = list(combinations(range(n_units), 2))
    family = rng.choice(["grid", "tree", "cycle", "planar", "planar", "dense", "islands", "wheel"])
    if family == "grid":
        edges = {(i, i + 1) for i in range(n_units - 1) if (i + 1) % 3}
        edges |= {(i, i + 3) for i in range(n_units - 3)}
    elif family == "tree":
        edges = {(rng.randrange(i), i) for i in range(1, n_units)}
    elif family == "cycle":
        edges = set(pairwise(range(n_units))) | ({(0, n_units - 1)} if n_units > 2 else set())
    elif family == "wheel":
        edges = {(0, i) for i in range(1, n_units)} | set(pairwise(range(1, n_units)))
    elif family == "planar":
        graph = nx.empty_graph(n_units)
        for pair in rng.sample(pairs, len(pairs)):
            graph.add_edge(*pair)
            if not nx.check_planarity(graph)[0] or rng.random() < 0.2:
                graph.remove_edge(*pair)
        edges = set(graph.edges)
    else:
        share = 0.7 if family == "dense" else 0.3
        edges = {pair for pair in pairs if rng.random() < share}
    edges = [sorted(edge) for edge in edges]
    name = rng.sample(range(n_units), n_units)
    return sorted(sorted((name[a], name[b])) for a, b in edges)


def draw_instance(rng: random.Random, max_units: int = 7, *, plain: bool = False) -> dict[str, Any]:
    """Draw an instance with any combination of constraints, feasible or not."""
    n_units = max(rng.randint(1, max_units), rng.randint(1, max_units))
    size = rng.choice([1, 3, 9, 9, 1000])
    gains = [[rng.randint(0, size), rng.randint(0, size)] for _ in range(n_units)]
    if rng.random() < 0.5:  # one colour each: contiguity costs most
        gains = [rng.choice([[0, max(pair) + 1], [max(pair) + 1, 0]]) for pair in gains]
    edges = draw_edges(rng, n_units)
    costs, budgets, links = [], [], []
    fixed, groups = [-1] * n_units, [-1] * n_units
    if not plain:
        if rng.random() < 0.3:
            costs = [rng.choice([0, 1, 2, size]) for _ in edges]
        if rng.random() < 0.3:
            pairs = [list(pair) for pair in combinations(range(n_units), 2)]
            links = rng.sample(pairs, min(len(pairs), rng.randint(1, 3)))
        if rng.random() < 0.3:
            fixed = [rng.choice([-1, -1, -1, 0, 1]) for _ in range(n_units)]
        if rng.random() < 0.3:
            groups = [rng.choice([-1, -1, 0, 7]) for _ in range(n_units)]
        for number in range(rng.choice([0, 0, 0, 1, 2])):
            amounts = [rng.randint(0, 5) for _ in range(n_units)]
            lower = rng.choice([None, sum(amounts) // 3])
            upper = rng.choice([None, 2 * sum(amounts) // 3])
            price = rng.choice([None, 0, 1, 2])
            budgets.append(
                {"name": f"{number}", "amounts": amounts, "lower": lower, "upper": upper}
                | {"price": price}
            )
            known = sorted({(a, b) for a, b in (*edges, *links)})
            if known and rng.random() < 0.5:
                counted = rng.sample(known, rng.randint(1, len(known)))
                budgets[-1]["pairs"] = [list(pair) for pair in counted]
                budgets[-1]["pair_amounts"] = [rng.randint(0, 5) for _ in counted]
    spans: list[list[int]] = []
    if not plain and n_units > 1 and rng.random() < 0.3:
        spans = draw_spans(rng, n_units)
        for column, what in ((gains, [0, 0]), (fixed, -1), (groups, -1)):
            column.extend([what] * 2)
        for budget in budgets:
            budget["amounts"] += [0, 0]
        split = {"name": "split", "amounts": [0] * n_units + [-1, 1]}
        limits = {"lower": None, "upper": rng.choice([0, 0, 1])}
        budgets.append(split | limits | {"price": rng.choice([None, None, 3])})
        n_units += 2
    return {
        "ids": [f"u{unit}" for unit in range(n_units)],
        "gains": gains,
        "edges": edges,
        "edge_costs": costs,
        "fixed": fixed,
        "groups": groups,
        "pieces": rng.choice(
            [[1, 1], [1, 1], [1, 1], [2, 1], [2, 1], [1, 2], [2, 2], [0, 1], [0, 0], [3, 1], [0, 2]]
        ),
        "budgets": budgets,
        "links": links,
        "link_costs": [rng.choice([0, 1, size]) for _ in links],
        **({"spans": spans} if spans else {}),
    }


def draw_spans(rng: random.Random, n_units: int) -> list[list[int]]:
    """Put some units between two more, which come after all of them."""
    between = sorted(rng.sample(range(n_units), rng.randint(1, n_units)))
    return [[unit, n_units, n_units + 1] for unit in between]


def graph_of(n_units: int, edges: Iterable[Sequence[int]]) -> nx.Graph:
    """Build the graph of some units."""
    graph = nx.empty_graph(n_units)
    graph.add_edges_from(edges)
    return graph


def between(budget: dict[str, Any]) -> dict[tuple[int, int], int]:
    """Say what a budget counts of pairs that lie in different parts."""
    pairs = map(tuple, budget.get("pairs", []))
    return dict(zip(pairs, budget.get("pair_amounts", []), strict=True))


def excess(budget: dict[str, Any], plan: Sequence[int]) -> int:
    """Say by how much a plan misses the limits of a budget."""
    total = sum(amount * part for amount, part in zip(budget["amounts"], plan, strict=True))
    total += sum(amount for (a, b), amount in between(budget).items() if plan[a] != plan[b])
    misses = [0]
    if budget["lower"] is not None:
        misses.append(budget["lower"] - total)
    if budget["upper"] is not None:
        misses.append(total - budget["upper"])
    return max(misses)


def is_plan(instance: dict[str, Any], plan: Sequence[int]) -> bool:
    """Whether a plan meets every constraint."""
    if any(fix not in {-1, part} for fix, part in zip(instance["fixed"], plan, strict=True)):
        return False
    for a, b in combinations(range(len(plan)), 2):
        if instance["groups"][a] == instance["groups"][b] >= 0 and plan[a] != plan[b]:
            return False
    for unit, below, above in instance.get("spans", []):
        if plan[below] > plan[unit] or plan[unit] > plan[above]:
            return False
    graph = graph_of(len(plan), instance["edges"])
    for landmass in nx.connected_components(graph):
        for part, most in enumerate(instance["pieces"]):
            own = graph.subgraph([unit for unit in landmass if plan[unit] == part])
            if most and nx.number_connected_components(own) > most:
                return False
    return not any(
        excess(budget, plan) for budget in instance["budgets"] if budget["price"] is None
    )


def worth(instance: dict[str, Any], plan: Sequence[int]) -> int:
    """Add up the objective of a plan."""
    costs = instance["edge_costs"] or [0] * len(instance["edges"])
    pairs = [*instance["edges"], *instance["links"]]
    return (
        sum(gains[part] for gains, part in zip(instance["gains"], plan, strict=True))
        - sum(
            cost
            for (a, b), cost in zip(pairs, [*costs, *instance["link_costs"]], strict=True)
            if plan[a] != plan[b]
        )
        - sum(b["price"] * excess(b, plan) for b in instance["budgets"] if b["price"])
    )


def all_plans(instance: dict[str, Any]) -> list[tuple[int, ...]]:
    """List every plan that meets the constraints."""
    n_units = len(instance["ids"])
    return [plan for plan in product((0, 1), repeat=n_units) if is_plan(instance, plan)]


def contract(instance: dict[str, Any]) -> dict[str, Any] | None:
    """Contract what stays together, by networkx; None where two fixes of a group clash."""
    n_units = len(instance["ids"])
    fixed, groups = list(instance["fixed"]), instance["groups"]
    for a, b in product(range(n_units), repeat=2):
        if groups[a] == groups[b] >= 0 and instance["fixed"][b] >= 0:
            if fixed[a] not in {-1, instance["fixed"][b]}:
                return None
            fixed[a] = instance["fixed"][b]
    inside = [
        (a, b)
        for a, b in instance["edges"]
        if groups[a] == groups[b] >= 0 or fixed[a] == fixed[b] >= 0
    ]
    blocks = sorted(sorted(b) for b in nx.connected_components(graph_of(n_units, inside)))
    of = {unit: number for number, block in enumerate(blocks) for unit in block}
    edge_costs = instance["edge_costs"] or [0] * len(instance["edges"])
    costs, link_costs = {}, {}
    budgets = [
        budget
        | {"amounts": [sum(budget["amounts"][u] for u in block) for block in blocks]}
        | {"pairs": (counted := {}), "pair_amounts": counted.values()}
        for budget in instance["budgets"]
    ]
    for table, pairs, prices in (
        (costs, instance["edges"], edge_costs),
        (link_costs, instance["links"], instance["link_costs"]),
        *(
            (small["pairs"], between(budget).keys(), between(budget).values())
            for small, budget in zip(budgets, instance["budgets"], strict=True)
        ),
    ):
        for pair, price in zip(pairs, prices, strict=True):
            a, b = sorted(of[unit] for unit in pair)
            if a != b:
                table[a, b] = table.get((a, b), 0) + price
    ties = []
    for label in sorted(set(groups) - {-1}):
        held = sorted({of[u] for u in range(n_units) if groups[u] == label and fixed[u] < 0})
        ties += list(pairwise(held))
    gains = instance["gains"]
    return {
        "of": of,
        "weights": [sum(gains[u][1] - gains[u][0] for u in block) for block in blocks],
        "fixed": [fixed[block[0]] for block in blocks],
        "edges": sorted(costs),
        "costs": costs,
        "links": sorted(link_costs),
        "link_costs": link_costs,
        "ties": ties,
        "budgets": budgets,
        "spans": sorted({tuple(of[unit] for unit in one) for one in instance.get("spans", [])}),
    }


class Part:
    """One search of an instance: what its rows mean, and the columns a plan has."""

    def __init__(
        self, instance: dict[str, Any], blocks: dict[str, Any], members: list[int]
    ) -> None:
        row = {block: unit for unit, block in enumerate(members)}
        self.instance = instance
        self.members = members
        self.n = len(members)
        self.weights = [blocks["weights"][b] for b in members]
        self.fixed = [blocks["fixed"][b] for b in members]
        self.edges = [(row[a], row[b]) for a, b in blocks["edges"] if a in row]
        links = [pair for pair in blocks["links"] if pair[0] in row]
        self.pairs = self.edges + [(row[a], row[b]) for a, b in links]
        self.costs = [blocks["costs"][edge] for edge in blocks["edges"] if edge[0] in row]
        self.costs += [blocks["link_costs"][pair] for pair in links]
        self.ties = [(row[a], row[b]) for a, b in blocks["ties"] if a in row]
        self.spans = [tuple(row[b] for b in one) for one in blocks["spans"] if one[0] in row]
        self.budgets = blocks["budgets"]
        counted = {self.pairs.index(pair) for one in self.budgets for pair in between(one)}
        self.has_column = [bool(cost) or e in counted for e, cost in enumerate(self.costs)]
        self.pieces = instance["pieces"]
        self.graph = graph_of(self.n, self.edges)
        self.landmass = {
            unit: frozenset(mass) for mass in nx.connected_components(self.graph) for unit in mass
        }
        is_planar, embedding = nx.check_planarity(self.graph)
        self.rotation = None
        self.walks = {}
        if is_planar:
            self.rotation = [list(embedding.neighbors_cw_order(unit)) for unit in range(self.n)]
            for tail, head in embedding.edges():
                walk, dart = [], (tail, head)
                while not walk or dart != (tail, head):
                    walk.append(dart[0])
                    near = self.rotation[dart[1]]
                    dart = (dart[1], near[(near.index(dart[0]) + 1) % len(near)])
                self.walks[tail, head] = walk

    def columns(self) -> dict[Column, tuple[int, int]]:
        """Give every column its gain and its upper limit."""
        table = {("x", u): (w, 1) for u, w in enumerate(self.weights)}
        for part in (0, 1):
            if self.pieces[part] >= 2:
                table |= {("r", part, u): (0, 1) for u in range(self.n)}
        table |= {("y", e): (-cost, 1) for e, cost in enumerate(self.costs) if self.has_column[e]}
        for b, budget in enumerate(self.budgets):
            if budget["price"] is not None:
                top = sum(map(abs, budget["amounts"])) + sum(budget["pair_amounts"])
                top += sum(abs(budget[k] or 0) for k in ("lower", "upper"))
                table["s", b] = (-budget["price"], top)
        return table

    def rank(self, part: int, unit: int) -> tuple[int, int]:
        """Order the units of a part: the highest of a piece founds it."""
        return (self.weights[unit] if part else -self.weights[unit], unit)

    def point(self, plan: Sequence[int], roots: Roots) -> dict[Column, int]:
        """Give every column the value that it has for a plan and root sets."""
        values = {("x", u): part for u, part in enumerate(plan)}
        for part in (0, 1):
            own = self.graph.subgraph([u for u in range(self.n) if plan[u] == part])
            values |= {("r", part, u): 0 for u in range(self.n)}
            chosen = set(roots[part] or ())
            for piece in nx.connected_components(own):
                near = {root for root in chosen if self.landmass[root] & piece}
                if near and not piece & chosen:
                    values["r", part, max(piece, key=lambda u: self.rank(part, u))] = 1
        values |= {("y", e): plan[a] != plan[b] for e, (a, b) in enumerate(self.pairs)}
        for b, budget in enumerate(self.budgets):
            values["s", b] = excess(budget, plan)
        return values

    def value(self, plan: Sequence[int]) -> int:
        """Add up what a plan of the search is worth over all units in part 0."""
        return (
            sum(w * part for w, part in zip(self.weights, plan, strict=True))
            - sum(c for (a, b), c in zip(self.pairs, self.costs, strict=True) if plan[a] != plan[b])
            - sum(b["price"] * excess(b, plan) for b in self.budgets if b["price"])
        )

    def is_plan(self, plan: Sequence[int]) -> bool:
        """Whether a plan of the search meets its constraints."""
        if any(fix not in {-1, part} for fix, part in zip(self.fixed, plan, strict=True)):
            return False
        if any(plan[a] != plan[b] for a, b in self.ties):
            return False
        if any(not plan[low] <= plan[unit] <= plan[high] for unit, low, high in self.spans):
            return False
        for landmass in set(self.landmass.values()):
            for part, most in enumerate(self.pieces):
                own = self.graph.subgraph([u for u in landmass if plan[u] == part])
                if most and nx.number_connected_components(own) > most:
                    return False
        return not any(excess(b, plan) for b in self.budgets if b["price"] is None)

    def plans(self) -> list[tuple[int, ...]]:
        """List every plan of the search."""
        return [plan for plan in product((0, 1), repeat=self.n) if self.is_plan(plan)]

    # -- rows: from a claim to coefficients, and claims at random ---------------------------------

    def write(self, row: list[Any]) -> tuple[dict[Column, int], int]:
        """Write out a row as columns with coefficients, and its limit."""
        kind, *what = row
        if kind in {"cut", "tie", "span"}:
            number, direction = what
            pair = self.pair(kind, number, direction)
            if direction >= 2:
                sign = -1 if direction == 2 else 1
                ends = {("x", unit): sign for unit in pair}
                return {("y", number): 1} | ends, 2 if direction == 3 else 0
            i, j = reversed(pair) if direction else pair
            return {("x", i): 1, ("x", j): -1} | ({("y", number): -1} if kind == "cut" else {}), 0
        if kind == "budget":
            b, side = what
            sign = 1 if side else -1
            budget = self.budgets[b]
            terms = {("x", u): sign * amount for u, amount in enumerate(budget["amounts"])}
            for pair, amount in between(budget).items():
                terms["y", self.pairs.index(pair)] = sign * amount
            if budget["price"] is not None:
                terms["s", b] = -1
            return terms, sign * budget["upper" if side else "lower"]
        if kind == "face":
            around = what[1]
            limit = sum(self.pieces) - 1
            return self.in_x(1, Counter(around[::2]), Counter(around[1::2]), limit)
        if kind == "turn":
            walk, terms = self.walks[tuple(what[0])], Counter()
            for sign, pair in zip(what[1], pairwise([*walk, walk[0]]), strict=True):
                if sign:
                    terms["x", pair[0]] += sign
                    terms["x", pair[1]] -= sign
                else:
                    terms["y", self.edges.index(tuple(sorted(pair)))] += 1
            return {name: n for name, n in terms.items() if n}, 2 * sum(self.pieces) - 2
        part, *what = what
        left, right, limit = self.in_z(kind, part, *what)
        terms, limit = self.in_x(part, Counter(left), Counter(right), limit)
        if self.pieces[part] >= 2:
            terms |= {("r", part, unit): n for unit, n in self.founding(kind, part, *what).items()}
        if kind == "chain":
            crossed = Counter(tuple(sorted(pair)) for walk in what[1] for pair in pairwise(walk))
            terms |= {("y", self.edges.index(pair)): -n for pair, n in crossed.items()}
        return terms, limit

    def pair(self, kind: str, number: int, direction: int) -> tuple[int, ...]:
        """Look up the two units that a row compares, the first of which is not above the second."""
        if kind == "span":  # of which either end has its own two
            unit, below, above = self.spans[number]
            return (above, unit) if direction else (below, unit)
        return (self.pairs if kind == "cut" else self.ties)[number]

    def climbs(
        self, targets: list[int], zones: list[list[int]], depths: list[list[int]]
    ) -> tuple[list[int], list[int]]:
        """List each target as often as its potential, and each unit as often as these climb."""
        height = [dict(zip(*pair, strict=True)) for pair in zip(zones, depths, strict=True)]
        owed = [a for a, own in zip(targets, height, strict=True) for _ in range(own[a])]
        ways = []
        for v in range(self.n):
            steps = [
                sum(max(0, own.get(v, 0) - own.get(t, 0)) for own in height) for t in self.graph[v]
            ]
            ways += [v] * max(steps, default=0)
        return owed, ways

    def in_z(self, kind: str, part: int, *what: Any) -> tuple[Sequence[int], Sequence[int], int]:
        """Write a row of a part as units on both sides, and its limit."""
        if kind == "separator":
            return what[:1], what[1], 0
        if kind in {"joint", "potential"}:
            targets, zones, *depths = what
            ones = [[1] * len(zone) for zone in zones]
            return *self.climbs(targets, zones, *depths or [ones]), 0
        if kind == "apart":
            return what[0], what[1], self.pieces[part]
        if kind in {"leaf", "chain"}:
            near = self.graph[what[0]]
            ends = [end for walk in what[1] for end in (walk[0], walk[-1])] if what[1:] else near
            return 2 * what[:1], list(ends), 0
        if kind == "zone":
            faces, wall = what
            highs = [unit for _, around in faces for unit in around[::2]]
            lows = [unit for _, around in faces for unit in around[1::2]]
            is_most = self.pieces[part] > 1 and 2 * len(self.zone(faces, wall)) > self.n
            most = self.pieces[1 - part] - 2 + (self.pieces[part] - 1 if is_most else 0)
            return highs, [*lows, *wall], len(faces) + most
        founders = {"seed": ([], what, 0), "peak": (what[1:], [], 1)}
        return founders.get(kind, ([], [], self.pieces[part] - 1))

    def founding(self, kind: str, part: int, *what: Any) -> Counter[int]:
        """Count the founders' columns of a row."""
        count = Counter()
        if kind == "separator":
            count.subtract(self.may_found(part, what[0], self.behind(*what)))
        elif kind == "joint":
            for target, zone in zip(*what, strict=True):
                count.subtract(self.may_found(part, target, zone))
            count.update(self.climbs(*what, [[1] * len(zone) for zone in what[1]])[1])
        elif kind == "chain":
            zone = self.behind(what[0], {u for walk in what[1] for u in walk})
            count.subtract(2 * self.may_found(part, what[0], zone))
        elif kind == "zone":
            zone = self.zone(*what)
            count.subtract(zone if 2 * len(zone) <= self.n else ())
            count.update(() if 2 * len(zone) <= self.n else {*range(self.n)} - zone)
        elif kind in {"seed", "peak"}:
            count.update(what[:1])
        elif kind == "seeds":
            count.update(range(self.n))
        return count

    def zone(self, faces: list[Any], wall: Sequence[int]) -> set[int]:
        """List what a wall leaves connected to the units that alternate with others."""
        held = {unit for _, around in faces for unit in around[::2]} - {*wall}
        return set().union(*(self.behind(unit, wall) for unit in held))

    def may_found(self, part: int, unit: int, among: Iterable[int]) -> list[int]:
        """List those among units that rank as high as a unit, which may found its piece."""
        return [one for one in among if self.rank(part, one) >= self.rank(part, unit)]

    def in_x(
        self, part: int, left: Counter[int], right: Counter[int], limit: int
    ) -> tuple[dict[Column, int], int]:
        """Write ``sum(left * z) - sum(right * z) <= limit`` for the membership z of a part."""
        z = {u: left[u] - right[u] for u in {*left, *right}}
        if part:
            return {("x", u): factor for u, factor in z.items()}, limit
        return {("x", u): -factor for u, factor in z.items()}, limit - sum(z.values())

    def behind(self, a: int, wall: Iterable[int]) -> set[int]:
        """List the units that a wall leaves connected to a unit."""
        left = self.graph.subgraph(set(range(self.n)) - set(wall))
        return nx.node_connected_component(left, a)

    def draw_zone(
        self, rng: random.Random, forbidden: Collection[int]
    ) -> tuple[int, set[int]] | None:
        """Draw a connected set without forbidden units, and the unit it grew from."""
        free = sorted(set(range(self.n)) - set(forbidden))
        if not free:
            return None
        start = rng.choice(free)
        zone, size = {start}, rng.randint(1, self.n)
        while len(zone) < size:
            near = sorted({v for u in zone for v in self.graph[u]} - zone - set(forbidden))
            if not near:
                break
            zone.add(rng.choice(near))
        return start, zone

    def draw_chain(self, rng: random.Random, first: int, forbidden: Collection[int]) -> list[int]:
        """Walk at random along edges with a column, around forbidden units."""
        has_column = dict(zip(self.edges, self.has_column, strict=False))
        walk = [first]
        for _ in range(rng.randint(0, 5)):
            ways = [
                unit
                for unit in self.graph[walk[-1]]
                if unit not in forbidden and has_column[tuple(sorted((unit, walk[-1])))]
            ]
            walk += [rng.choice(sorted(ways))] if ways else []
        return walk

    def draw_rows(self, rng: random.Random, roots: Roots, count: int) -> list[list[Any]]:
        """Draw rows that hold for some root sets; duplicates are dropped."""
        rows = []
        for part in (0, 1):
            chosen = roots[part]
            k = self.pieces[part]
            homes = {self.landmass[root] for root in chosen or ()}
            if k >= 2:
                rows += [["seeds", part]] if chosen else []
                rows += [["seed", part, u] for u in range(self.n)]
                rows += [
                    ["peak", part, u, v]
                    for u in range(self.n)
                    for v in self.graph[u]
                    if self.rank(part, v) > self.rank(part, u)
                ]
            for _ in range(count if k >= 1 and len(homes) == 1 else 0):
                drawn = [self.draw_zone(rng, chosen) for _ in range(rng.randint(1, 3))]
                drawn = [one for one in drawn if one and self.landmass[one[0]] in homes]
                if drawn:
                    zone = drawn[0][1]
                    wall = {v for u in zone for v in self.graph[u]} - zone
                    rows.append(["separator", part, rng.choice(sorted(zone)), sorted(wall)])
                    targets = [rng.choice(sorted(zone)) for _, zone in drawn]
                    rows.append(["joint", part, targets, [sorted(zone) for _, zone in drawn]])
                    zones = [sorted(zone) for _, zone in drawn]
                    depths = [[rng.randint(1, 4) for _ in zone] for zone in zones]
                    rows += [["potential", part, targets, zones, depths]] * (k == 1)
                    chains = [self.draw_chain(rng, unit, zone) for unit in sorted(wall)]
                    rows.append(["chain", part, rng.choice(sorted(zone)), chains])
            for _ in range(count if k >= 1 else 0):
                wall = rng.sample(range(self.n), rng.randint(0, self.n))
                left = self.graph.subgraph(set(range(self.n)) - set(wall))
                pieces = [sorted(piece) for piece in nx.connected_components(left)]
                if len(pieces) > k:
                    apart = [rng.choice(piece) for piece in rng.sample(pieces, k + 1)]
                    if len({self.landmass[unit] for unit in apart}) == 1:
                        rows.append(["apart", part, apart, wall])
            if not any(self.costs) and not self.budgets and not self.spans:
                tied = {unit for tie in self.ties for unit in tie}
                rows += [
                    ["leaf", part, u]
                    for u in range(self.n)
                    if self.fixed[u] < 0
                    and u not in tied
                    and self.graph.degree(u) >= 2
                    and self.rank(part, u)[0] < 0
                ]
        rows += self.draw_around(rng, roots, 2 * count) if all(self.pieces) and self.walks else []
        rows += [["cut", e, d] for e, has in enumerate(self.has_column) if has for d in range(4)]
        rows += [["tie", t, d] for t in range(len(self.ties)) for d in (0, 1)]
        rows += [["span", s, d] for s in range(len(self.spans)) for d in (0, 1)]
        for b, budget in enumerate(self.budgets):
            rows += [["budget", b, 0]] if budget["lower"] is not None else []
            rows += [["budget", b, 1]] if budget["upper"] is not None else []
        return [row for place, row in enumerate(rows) if row not in rows[:place]]

    def draw_around(self, rng: random.Random, roots: Roots, count: int) -> list[list[Any]]:
        """Draw rows around faces: of one, edge by edge, and of some of a landmass in a wall."""
        rows = list[list[Any]]()
        around: dict[frozenset[int], dict[frozenset[Any], list[Any]]] = {}
        for dart in rng.choices(sorted(self.walks), k=count):
            walk = self.walks[dart]
            size = min(len(walk) // 2 * 2, 2 * rng.randint(1, sum(self.pieces)))
            if size:
                places = sorted(rng.sample(range(len(walk)), size))
                turn = rng.randrange(size)
                places = places[turn:] + places[:turn]
                rows.append(["face", list(dart), [walk[place] for place in places]])
                around.setdefault(self.landmass[walk[0]], {})[
                    frozenset(pairwise([*walk, walk[0]]))
                ] = [list(dart), [walk[place] for place in places]]
            has_column = dict(zip(self.edges, self.has_column, strict=False))
            signs = [
                rng.choice([-1, 1, 0, 0, 0] if has_column[tuple(sorted(pair))] else [-1, 1])
                for pair in pairwise([*walk, walk[0]])
            ]
            rows.append(["turn", list(dart), signs])
        for land, of_face in around.items():
            for part, chosen in enumerate(roots):
                is_here = chosen and {self.landmass[unit] for unit in chosen} == {land}
                for _ in range(2 if is_here else 0):
                    wall = {*chosen, *rng.sample(range(self.n), rng.randint(0, self.n // 2))}
                    rows.append(["zone", part, list(of_face.values()), sorted(wall)])
        return rows

    # -- the tree -------------------------------------------------------------------------------

    def best_multipliers(
        self, rows: list[list[Any]], sides: Sides, *, excludes: bool = False
    ) -> tuple[list[int], int] | None:
        """Let GLOP weigh rows; return whole multipliers and their scale."""
        solver = pywraplp.Solver.CreateSolver("GLOP")
        solver.SetSolverSpecificParametersAsString("use_preprocessing: false")
        variables = {}
        for column, (gain, top) in self.columns().items():
            low, high = 0, top
            if column[0] == "x" and sides[column[1]] is not None:
                low = high = sides[column[1]]
            variables[column] = solver.NumVar(low, high, "")
            solver.Objective().SetCoefficient(variables[column], 0 if excludes else gain)
        slack = solver.NumVar(0, solver.infinity(), "")
        solver.Objective().SetCoefficient(slack, -1)
        constraints = []
        for row in rows:
            terms, limit = self.write(row)
            constraint = solver.Constraint(-solver.infinity(), limit)
            for column, factor in terms.items():
                constraint.SetCoefficient(variables[column], factor)
            if excludes:
                constraint.SetCoefficient(slack, -1)
            constraints.append(constraint)
        solver.Objective().SetMaximization()
        if solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        scale = 2520  # simple fractions stay exact
        return [max(0, round(constraint.dual_value() * scale)) for constraint in constraints], scale

    def add_up(
        self,
        rows: list[list[Any]],
        multipliers: list[int],
        scale: int,
        sides: Sides,
        *,
        excludes: bool = False,
    ) -> tuple[dict[Column, int], int]:
        """Add up rows: what is left of each column's gain, and the total."""
        columns = self.columns()
        rest = {c: 0 if excludes else scale * gain for c, (gain, _) in columns.items()}
        total = 0
        for row, multiplier in zip(rows, multipliers, strict=True):
            terms, limit = self.write(row)
            total += multiplier * limit
            for column, factor in terms.items():
                rest[column] -= multiplier * factor
        for column, slope in rest.items():
            side = sides[column[1]] if column[0] == "x" else None
            total += slope * side if side is not None else max(0, slope) * columns[column][1]
        return rest, total

    def paths(
        self, rest: dict[Column, int], sides: Sides, roots: list[int], part: int, unit: int
    ) -> int | None:
        """Find the cheapest loss of a path from a root to a unit inside of a part, or None."""
        graph = nx.DiGraph()
        for u in range(self.n):
            if sides[u] in {None, part}:
                slope = rest["x", u] if part else -rest["x", u]
                loss = max(0, -slope) if sides[u] is None else 0
                for v in self.graph[u]:
                    graph.add_edge(v, u, weight=loss)
                if u in roots:
                    graph.add_edge("root", u, weight=loss)
        for u in range(self.n):
            if sides[u] not in {None, part} and u in graph:
                graph.remove_node(u)
        if "root" not in graph or unit not in graph or not nx.has_path(graph, "root", unit):
            return None
        return nx.dijkstra_path_length(graph, "root", unit)

    def search(
        self,
        rng: random.Random,
        plan: Sequence[int],
        kinds: Collection[str],
        max_nodes: int = 60,
        count: int = 12,
    ) -> dict[str, Any]:
        """Write the search of a certificate, as far as `max_nodes` go."""
        best = self.value(plan)
        few = [[], ["face"], ["face", "apart"], ["face", "apart", "leaf"]]
        left_out = rng.choice([*few, ["face", "apart", "leaf", "separator", "joint", "chain"]])
        self.kinds = set(kinds) - set(left_out)
        rows, nodes = [], []
        start = [None if fix < 0 else fix for fix in self.fixed]
        waiting = [(-1, None, start, [None, None])]
        while waiting:
            parent, branch, sides, roots = waiting.pop()
            node = {"parent": parent, "branch": branch, "steps": [], "split": None}
            nodes.append(node)
            if sides is None:  # closed by its branch
                continue
            bound = sum(
                w if side else 0
                for w, side in zip(self.weights, sides, strict=True)
                if side is not None
            ) + sum(max(0, w) for w, side in zip(self.weights, sides, strict=True) if side is None)
            for _ in range(rng.choice([1, 1, 2])):
                if bound > best:
                    bound = min(bound, self.take_step(rng, node, rows, sides, roots, best, count))
            if bound <= best or None not in sides or len(nodes) + len(waiting) >= max_nodes:
                continue
            waiting += self.split(rng, node, len(nodes) - 1, sides, roots)
        return {"members": self.members, "rotation": self.rotation, "rows": rows, "nodes": nodes}

    def take_step(
        self,
        rng: random.Random,
        node: dict[str, Any],
        rows: list[list[Any]],
        sides: Sides,
        roots: Roots,
        best: int,
        count: int,
    ) -> int:
        """Add a step to a node, fix what it fixes, and return its bound."""
        drawn = [row for row in self.draw_rows(rng, roots, count) if row[0] in self.kinds]
        weighed = self.best_multipliers(drawn, sides)
        excludes = weighed is None
        if excludes:
            weighed = self.best_multipliers(drawn, sides, excludes=True)
        multipliers, scale = weighed
        pairs = [(row, m) for row, m in zip(drawn, multipliers, strict=True) if m]
        used, multipliers = [row for row, _ in pairs], [m for _, m in pairs]
        rest, total = self.add_up(used, multipliers, scale, sides, excludes=excludes)
        if excludes and total >= 0:
            return best + 10**6  # floats disagree: no proof here
        for row in used:
            if row not in rows:
                rows.append(row)
        step = {
            "rows": [rows.index(row) for row in used],
            "multipliers": multipliers,
            "scale": scale,
            "excludes": excludes,
            "zero": [],
            "one": [],
        }
        node["steps"].append(step)
        if excludes:
            return best
        before = list(sides)
        for unit in range(self.n):
            for part, name in ((0, "zero"), (1, "one")):
                if before[unit] is None and sides[unit] is None:
                    slope = rest["x", unit] if part else -rest["x", unit]
                    is_fixed = slope > 0 and Fraction(total - slope, scale) < best + 1
                    other = roots[1 - part]
                    grows = other and self.pieces[1 - part] == 1
                    if not is_fixed and grows and set(other) <= self.landmass[unit]:
                        loss = self.paths(rest, before, other, 1 - part, unit)
                        is_fixed = loss is None or (total - loss) // scale <= best
                    if is_fixed:
                        step[name].append(unit)
                        sides[unit] = part
        for part, name in ((0, "zero"), (1, "one")):
            _, left = self.decide(sides, roots, step[name], part)
            if left is None:
                return best
            roots[:] = left
        return total // scale

    def split(
        self, rng: random.Random, node: dict[str, Any], index: int, sides: Sides, roots: Roots
    ) -> list[tuple[int, int | str, Sides | None, Roots | None]]:
        """Split a node; return its children."""
        parts = [part for part in (0, 1) if roots[part] is None and self.pieces[part]]
        if parts and rng.random() < 0.8:
            part = rng.choice(parts)
            able = [unit for unit in range(self.n) if sides[unit] in {None, part}]
            home = self.landmass[rng.choice(able)] if able else ()
            able = [unit for unit in able if unit in home]
            chosen = sorted(rng.sample(able, rng.randint(1, len(able)))) if able else []
            node["split"] = ["roots", part, chosen]
            given = [chosen if p == part else roots[p] for p in (0, 1)]
            children = [(index, "with", list(sides), given)]
            if chosen:
                children.append((index, "without", *self.decide(sides, roots, chosen, 1 - part)))
            return children
        unit = rng.choice([unit for unit in range(self.n) if sides[unit] is None])
        node["split"] = ["unit", unit]
        return [(index, side, *self.decide(sides, roots, [unit], side)) for side in (0, 1)]

    @staticmethod
    def decide(
        sides: Sides, roots: Roots, units: list[int], part: int
    ) -> tuple[Sides, Roots] | tuple[None, None]:
        """Put units into a part; (None, None) where that leaves nothing."""
        sides, roots = list(sides), list(roots)
        for unit in units:
            for holder in (0, 1):
                if roots[holder] and unit in roots[holder]:
                    left = [unit] if holder == part else [u for u in roots[holder] if u != unit]
                    if not left:
                        return None, None
                    roots[holder] = left
            if sides[unit] not in {None, part}:
                return None, None
            sides[unit] = part
        return sides, roots


def draw_parts(rng: random.Random, instance: dict[str, Any]) -> tuple[dict[str, Any], list[Part]]:
    """Divide an instance into searches at random, as coarse as it has to be."""
    blocks = contract(instance)
    ends = [(unit, end) for unit, *both in blocks["spans"] for end in both]
    joined = blocks["edges"] + blocks["ties"] + blocks["links"] + ends
    graph = graph_of(len(blocks["weights"]), joined)
    sets = [sorted(part) for part in nx.connected_components(graph)]
    rng.shuffle(sets)
    while len(sets) > 1 and (instance["budgets"] or rng.random() < 0.5):
        sets.append(sorted(sets.pop() + sets.pop()))
    return blocks, [Part(instance, blocks, members) for members in sets]


def write_certificate(
    rng: random.Random,
    instance: dict[str, Any],
    plan: Sequence[int],
    max_nodes: int = 60,
    kinds: Collection[str] = KINDS,
) -> dict[str, Any]:
    """Write a certificate for a plan, which need not be the best, with rows of some kinds."""
    blocks, parts = draw_parts(rng, instance)
    by_block = {block: plan[unit] for unit, block in blocks["of"].items()}
    searches = [
        part.search(rng, [by_block[block] for block in part.members], kinds, max_nodes)
        for part in parts
    ]
    return {
        "format": "two-nations certificate",
        "version": 1,
        "instance": instance,
        "objective": worth(instance, plan),
        "bound": 2**62,  # what is proven is for the verifier to say
        "searches": searches,
    }
