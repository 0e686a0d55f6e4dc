"""The problem that a certificate is about: its parts, its plans, and its contracted form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from partition.verify.fields import entries, fail, fields, show, text, whole, wholes

Edge = tuple[int, int]
Span = tuple[int, int, int]
"""A unit, the unit below it and the unit above it."""


class Budget(NamedTuple):
    """Limits on what the units of part 1, or pairs in different parts, add up to.

    A price makes them soft.
    """

    name: str
    amounts: list[int]
    lower: int | None
    upper: int | None
    price: int | None
    pairs: Sequence[Edge] = ()
    """Edges and links that count where their units are in different parts."""
    pair_amounts: Sequence[int] = ()

    def excess(self, plan: Sequence[int]) -> int:
        """Say by how much a plan misses the limits."""
        total = sum(amount for amount, part in zip(self.amounts, plan, strict=True) if part)
        counted = zip(self.pairs, self.pair_amounts, strict=True)
        total += sum(amount for (a, b), amount in counted if plan[a] != plan[b])
        above = 0 if self.upper is None else total - self.upper
        return max(0, above, 0 if self.lower is None else self.lower - total)

    @property
    def most_excess(self) -> int:
        """What no plan misses the limits by more than."""
        sizes = map(abs, (*self.amounts, self.lower or 0, self.upper or 0))
        return sum(sizes) + sum(self.pair_amounts)


class Instance(NamedTuple):
    """What is divided: a graph of units with gains, and what every plan has to meet."""

    ids: list[str]
    gains: list[list[int]]
    edges: list[Edge]
    edge_costs: list[int]
    fixed: list[int]
    groups: list[int]
    pieces: list[int]
    budgets: list[Budget]
    links: list[Edge]
    """Pairs that cost something in different parts but are not adjacent."""
    link_costs: list[int]
    spans: Sequence[Span] = ()
    """Where the unit below lies in part 1 so does the unit, and where that does so the one above.
    """

    def objective(self, plan: Sequence[int]) -> int:
        """Add up the gains of a plan; cut edges and soft budgets cost."""
        value = sum(gain[part] for gain, part in zip(self.gains, plan, strict=True))
        pairs = zip(self.edges + self.links, self.edge_costs + self.link_costs, strict=True)
        value -= sum(cost for (a, b), cost in pairs if plan[a] != plan[b])
        soft = [budget for budget in self.budgets if budget.price is not None]
        return value - sum(budget.excess(plan) * (budget.price or 0) for budget in soft)

    def check_plan(self, plan: Sequence[int]) -> None:
        """Refuse a plan that breaks a constraint."""
        first: dict[int, int] = {}
        for unit, part in enumerate(plan):
            if self.fixed[unit] not in {-1, part}:
                fail(f"plan[{unit}]", f"{part}, but the unit is fixed to {self.fixed[unit]}.")
            label = self.groups[unit]
            if label >= 0 and plan[first.setdefault(label, unit)] != part:
                fail(f"plan[{unit}]", f"{part}, but unit {first[label]} of its group is not.")
        for number, span in enumerate(self.spans):
            if not is_inside(span, plan):
                fail(f"instance.spans[{number}]", "the plan has the unit outside of it.")
        torn = too_many_pieces(neighbours(len(plan), self.edges), plan, self.pieces)
        if torn:
            fail("plan", torn)
        for number, budget in enumerate(self.budgets):
            if budget.price is None and budget.excess(plan):
                fail(f"instance.budgets[{number}]", f"the plan misses it by {budget.excess(plan)}.")


def read_instance(value: Any) -> Instance:
    """Read the instance of a certificate."""
    given = {"spans": [], **value} if type(value) is dict else value
    ids, gains, edges, costs, fixed, groups, pieces, budgets, links, link_costs, spans = fields(
        given, "instance", Instance._fields
    )
    n_units = len(entries(ids, "instance.ids"))
    if not n_units:
        fail("instance.ids", "there is no unit.")
    for unit, name in enumerate(ids):
        text(name, f"instance.ids[{unit}]")
    for name, count in Counter(ids).items():
        if count > 1:
            fail("instance.ids", f"{show(name)} is given {count} times.")
    for unit, pair in enumerate(entries(gains, "instance.gains", n_units)):
        wholes(pair, f"instance.gains[{unit}]", length=2)
    pairs = _read_pairs(edges, "instance.edges", n_units)
    linked = _read_pairs(links, "instance.links", n_units)
    wholes(link_costs, "instance.link_costs", 0, length=len(linked))
    if costs != []:
        wholes(costs, "instance.edge_costs", 0, length=len(edges))
    return Instance(
        ids,
        gains,
        pairs,
        costs or [0] * len(edges),
        wholes(fixed, "instance.fixed", -1, 1, length=n_units),
        wholes(groups, "instance.groups", -1, length=n_units),
        wholes(pieces, "instance.pieces", 0, length=2),
        [
            _read_budget(budget, f"instance.budgets[{number}]", n_units, {*pairs, *linked})
            for number, budget in enumerate(entries(budgets, "instance.budgets"))
        ],
        linked,
        link_costs,
        _read_spans(spans, "instance.spans", n_units, {unit for edge in pairs for unit in edge}),
    )


def is_inside(span: Span, plan: Sequence[int]) -> bool:
    """Whether a plan has a unit inside its span."""
    unit, below, above = span
    return plan[below] <= plan[unit] <= plan[above]


def _read_spans(value: Any, place: str, n_units: int, adjacent: set[int]) -> list[Span]:
    """Read spans, each once and in ascending order; their ends are adjacent to nothing."""
    spans: list[Span] = []
    for number, given in enumerate(entries(value, place)):
        spot = f"{place}[{number}]"
        unit, below, above = wholes(given, spot, 0, n_units - 1, length=3)
        if len({unit, below, above}) < 3 or not adjacent.isdisjoint((below, above)):
            fail(spot, f"{given}, expected three units, the last two of them without edges.")
        if spans and spans[-1] >= (unit, below, above):
            fail(spot, f"{given}, expected ascending order.")
        spans.append((unit, below, above))
    return spans


def _read_pairs(value: Any, place: str, n_units: int) -> list[Edge]:
    """Read pairs of units, each once."""
    pairs: dict[Edge, None] = {}
    for number, pair in enumerate(entries(value, place)):
        a, b = wholes(pair, f"{place}[{number}]", 0, n_units - 1, length=2)
        if a >= b or (a, b) in pairs:
            fail(
                f"{place}[{number}]",
                f"[{a}, {b}], expected the smaller unit first and each pair once.",
            )
        pairs[a, b] = None
    return list(pairs)


def _read_budget(value: Any, place: str, n_units: int, known: set[Edge]) -> Budget:
    given = {"pairs": [], "pair_amounts": [], **value} if type(value) is dict else value
    name, amounts, lower, upper, price, counted, pair_amounts = fields(given, place, Budget._fields)
    pairs = _read_pairs(counted, f"{place}.pairs", n_units)
    for number, pair in enumerate(pairs):
        if pair not in known:
            fail(f"{place}.pairs[{number}]", f"{list(pair)} is no edge and no link.")
    return Budget(
        text(name, f"{place}.name"),
        wholes(amounts, f"{place}.amounts", length=n_units),
        None if lower is None else whole(lower, f"{place}.lower"),
        None if upper is None else whole(upper, f"{place}.upper"),
        None if price is None else whole(price, f"{place}.price", 0),
        pairs,
        wholes(pair_amounts, f"{place}.pair_amounts", 0, length=len(pairs)),
    )


class Blocks(NamedTuple):
    """The instance with every connected set that must stay in one part as one unit, a block."""

    block_of: list[int]
    weights: list[int]
    """What each block adds when it moves from part 0 to part 1."""
    fixed: list[int]
    edges: list[Edge]
    costs: list[int]
    ties: list[Edge]
    """Blocks of one free group that do not touch."""
    budgets: list[Budget]
    links: list[Edge]
    link_costs: list[int]
    spans: list[Span]
    """In ascending order, each once."""

    @property
    def n_blocks(self) -> int:
        """Number of blocks."""
        return len(self.weights)


def contract(instance: Instance) -> Blocks:
    """Contract what stays together, which leaves plans, pieces and values as they are.

    A connected set of units of one part lies in one piece, so that pieces are counted as before;
    an edge inside of it is never cut, and edges to the same neighbour are cut together.
    """
    n_units = len(instance.ids)
    group_fixed: dict[int, int] = {}
    for unit, (label, part) in enumerate(zip(instance.groups, instance.fixed, strict=True)):
        if label >= 0 and part >= 0 and group_fixed.setdefault(label, part) != part:
            fail(f"instance.fixed[{unit}]", f"group {label} is fixed to both parts.")
    fixed = [
        group_fixed.get(label, part)
        for label, part in zip(instance.groups, instance.fixed, strict=True)
    ]
    inside = [
        (a, b)
        for a, b in instance.edges
        if 0 <= instance.groups[a] == instance.groups[b] or 0 <= fixed[a] == fixed[b]
    ]
    block_of = components(neighbours(n_units, inside))
    n_blocks = 1 + max(block_of)
    weights = [0] * n_blocks
    block_fixed = [-1] * n_blocks
    amounts = [[0] * n_blocks for _ in instance.budgets]
    blocks_of_group: dict[int, set[int]] = {}
    for unit, block in enumerate(block_of):
        weights[block] += instance.gains[unit][1] - instance.gains[unit][0]
        block_fixed[block] = fixed[unit]
        for total, budget in zip(amounts, instance.budgets, strict=True):
            total[block] += budget.amounts[unit]
        if instance.groups[unit] >= 0 and fixed[unit] < 0:
            blocks_of_group.setdefault(instance.groups[unit], set()).add(block)
    costs = _between(block_of, instance.edges, instance.edge_costs)
    link_costs = _between(block_of, instance.links, instance.link_costs)
    ties = []
    for _, together in sorted(blocks_of_group.items()):
        order = sorted(together)
        ties += list(pairwise(order))
    return Blocks(
        block_of,
        weights,
        block_fixed,
        list(costs),
        list(costs.values()),
        ties,
        [
            _contract_budget(budget, total, block_of)
            for total, budget in zip(amounts, instance.budgets, strict=True)
        ],
        list(link_costs),
        list(link_costs.values()),
        sorted(
            {(block_of[u], block_of[below], block_of[above]) for u, below, above in instance.spans}
        ),
    )


def _contract_budget(budget: Budget, amounts: list[int], block_of: Sequence[int]) -> Budget:
    """Count the same of blocks, and between them."""
    between = _between(block_of, budget.pairs, budget.pair_amounts)
    pairs, pair_amounts = list(between), list(between.values())
    return budget._replace(amounts=amounts, pairs=pairs, pair_amounts=pair_amounts)


def _between(
    block_of: Sequence[int], pairs: Sequence[Edge], costs: Sequence[int]
) -> dict[Edge, int]:
    """Add up the costs of pairs between the same two blocks, in ascending order."""
    total: Counter[Edge] = Counter()
    for (a, b), cost in zip(pairs, costs, strict=True):
        if block_of[a] != block_of[b]:
            total[min(block_of[a], block_of[b]), max(block_of[a], block_of[b])] += cost
    return dict(sorted(total.items()))


def neighbours(n_units: int, edges: Sequence[Edge]) -> list[list[int]]:
    """List the neighbours of every unit."""
    lists: list[list[int]] = [[] for _ in range(n_units)]
    for a, b in edges:
        lists[a].append(b)
        lists[b].append(a)
    return lists


def components(graph: list[list[int]], colours: Sequence[int] | None = None) -> list[int]:
    """Give connected components (of one colour each) numbers in the order of their first units."""
    label = [-1] * len(graph)
    count = 0
    for start in range(len(graph)):
        if label[start] >= 0:
            continue
        label[start] = count
        stack = [start]
        while stack:
            unit = stack.pop()
            for other in graph[unit]:
                if label[other] < 0 and (colours is None or colours[other] == colours[unit]):
                    label[other] = count
                    stack.append(other)
        count += 1
    return label


def too_many_pieces(graph: list[list[int]], plan: Sequence[int], pieces: Sequence[int]) -> str:
    """Say which part has more pieces on a landmass than it may have; empty where none has."""
    landmass = components(graph)
    piece = components(graph, plan)
    apart = set(zip(landmass, plan, piece, strict=True))
    for (mass, part), found in sorted(Counter((mass, part) for mass, part, _ in apart).items()):
        if 0 < pieces[part] < found:
            return f"part {part} has {found} pieces on landmass {mass}, at most {pieces[part]}."
    return ""
