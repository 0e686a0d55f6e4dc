"""Circuits: the search for a frontier cheaper than a certificate claims, once more.

Two connected parts of a connected graph in the plane are separated by a closed curve that passes no
face twice. Along it the amounts beyond the edges of a spanning tree add up to what it encloses, on
the side without the root. All walks whose sums could be those of such a curve are followed, and
none that is cheaper may come home with what a part must hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from partition.verify.fields import entries, fail, whole, wholes
from partition.verify.instance import Budget, Edge, components

LARGEST_MODULUS = 2**23
"""Largest number that sums are taken modulo: a claim is to be checked in minutes."""
MOST_STEPS = 64
"""Most steps that edges take on average."""


class Map(NamedTuple):
    """A connected graph with its faces, and what each of its edges costs."""

    graph: Sequence[Iterable[int]]
    edges: list[Edge]
    costs: list[int]
    face_of: dict[Edge, int]
    """The face beside an edge, by the edge's two units in one order and in the other."""


class Terms(NamedTuple):
    """What each unit holds, and from how much to how much the part without the root may."""

    amounts: list[int]
    ranges: list[tuple[int, int]]


def terms_of(budget: Budget, place: str) -> Terms:
    """Read what either part must hold; refuse a budget that leaves a part empty."""
    total = sum(budget.amounts)
    lower, upper = budget.lower, budget.upper
    if lower is None or upper is None or budget.price is not None or len(budget.pairs):
        fail(place, "the budget has no two limits on units that may not be missed.")
    if min(budget.amounts) < 0 or lower < 1 or upper >= total:
        fail(place, "the budget allows an empty part, or has negative amounts.")
    return Terms(budget.amounts, [(lower, upper), (total - upper, total - lower)])


def check_circuits(
    land: Map, terms: Terms, root: int, gates: Any, least: int, unit: int, place: str
) -> None:
    """See that no circuit costs less than `least`.

    Parameters
    ----------
    land
        What is divided.
    terms
        What a circuit must enclose.
    root
        Root of the tree.
    gates
        Two units beside each face where walks begin, and the width of shares and the modulus there.
    least
        What no circuit may cost less than.
    unit
        What all costs are multiples of.
    place
        Where the claim stands.
    """
    below = -(-least // unit)  # lengths of cheaper circuits are below this
    if sum(land.costs) > MOST_STEPS * unit * len(land.costs):
        fail(place, "the costs of edges are too far apart.")
    parents = _tree(land.graph, root)
    held = _beyond(parents, terms.amounts)
    for (a, b), cost in zip(land.edges, land.costs, strict=True):
        if land.face_of[a, b] == land.face_of[b, a]:  # it parts the graph alone
            enclosed = held[a] if parents.get(a) == b else held[b]
            if cost < least and any(low <= enclosed <= high for low, high in terms.ranges):
                fail(place, f"edge {a, b} alone separates the parts, for {cost}.")
    done: list[int] = []
    for number, gate in enumerate(entries(gates, f"{place}[3]")):
        spot = f"{place}[3][{number}]"
        tail, head, width, modulus = wholes(gate, spot, 0, LARGEST_MODULUS * 2**40, length=4)
        if (tail, head) not in land.face_of:
            fail(spot, "no face lies beside these units.")
        whole(width, spot, 1, sum(terms.amounts))
        whole(modulus, spot, 1, LARGEST_MODULUS)
        done.append(land.face_of[tail, head])
        shares = [(2 * amount + width) // (2 * width) for amount in terms.amounts]
        steps = _steps(land, parents, _beyond(parents, shares), unit)
        wanted = _wanted(terms, shares, width, modulus)
        if _meets(steps, done, wanted, modulus, below):
            fail(spot, f"a walk from this face may enclose what a part holds for below {least}.")
    _check_passed(land, terms, set(done), place)


def _tree(graph: Sequence[Iterable[int]], root: int) -> dict[int, int]:
    """Give each unit its parent, parents before children; the root has itself."""
    parents = {root: root}
    stack = [root]
    while stack:
        unit = stack.pop()
        for other in graph[unit]:
            if other not in parents:
                parents[other] = unit
                stack.append(other)
    return parents


def _beyond(parents: dict[int, int], amounts: Sequence[int]) -> list[int]:
    """Add up what each unit and all units behind it hold."""
    held = list(amounts)
    for unit in reversed(parents):
        if parents[unit] != unit:
            held[parents[unit]] += held[unit]
    return held


def _steps(
    land: Map, parents: dict[int, int], held: list[int], unit: int
) -> dict[Any, list[tuple[Any, int]]]:
    """List where walks go from each face, and what that adds; long edges have places as well."""
    steps: dict[Any, list[tuple[Any, int]]] = {}
    for (a, b), cost in zip(land.edges, land.costs, strict=True):
        one, other = land.face_of[b, a], land.face_of[a, b]
        if one == other:
            continue
        amount = held[a] if parents[a] == b else -held[b] if parents[b] == a else 0
        places = [one, *(((a, b), n) for n in range(1, cost // unit)), other]
        for n in range(len(places) - 1):
            adds = amount if n == 0 else 0
            steps.setdefault(places[n], []).append((places[n + 1], adds))
            steps.setdefault(places[n + 1], []).append((places[n], -adds))
    return steps


def _wanted(terms: Terms, shares: list[int], width: int, modulus: int) -> int:
    """Mark the sums of shares that a part within its limits may have, as bits."""
    errors = [amount - width * share for amount, share in zip(terms.amounts, shares, strict=True)]
    most, least = sum(e for e in errors if e > 0), sum(e for e in errors if e < 0)
    bits = 0
    for low, high in terms.ranges:
        first, last = -((most - low) // width), (high - least) // width
        if last - first + 1 >= modulus:
            return (1 << modulus) - 1
        if last >= first:
            bits |= _shift((1 << (last - first + 1)) - 1, first, modulus)
    return bits


def _shift(bits: int, amount: int, modulus: int) -> int:
    """Add an amount to all sums, modulo the modulus."""
    moved = bits << (amount % modulus)
    return (moved | moved >> modulus) & ((1 << modulus) - 1)


def _meets(
    steps: dict[Any, list[tuple[Any, int]]], done: list[int], wanted: int, modulus: int, below: int
) -> bool:
    """Whether a walk from the last of some faces comes back to it in time, past none of the others.

    It goes out by one sum and comes home by another, each at most half of the way.
    """
    out = _spread(steps, done, 1, modulus, below // 2)
    home = _spread(steps, done, wanted, modulus, (below - 1) // 2)
    return any(sums & home.get(place, 0) for place, sums in out.items() if place != done[-1])


def _spread(
    steps: dict[Any, list[tuple[Any, int]]], done: list[int], first: int, modulus: int, n_steps: int
) -> dict[Any, int]:
    """Mark the sums that walks from the last of some faces reach, place by place."""
    barred = set(done)
    reached = {done[-1]: first}
    latest = dict(reached)
    for _ in range(n_steps):
        found: dict[Any, int] = {}
        for place, sums in latest.items():
            for to, amount in steps.get(place, ()):
                if to not in barred:
                    moved = _shift(sums, amount, modulus) if amount else sums
                    found[to] = found.get(to, 0) | moved
        latest = {}
        for place, sums in found.items():
            before = reached.get(place, 0)
            reached[place] = before | sums
            if reached[place] != before:
                latest[place] = reached[place] ^ before
    return reached


def _check_passed(land: Map, terms: Terms, faces: set[int], place: str) -> None:
    """See that a curve that passes none of some faces leaves too little on one side.

    It cuts no edge around them, so that what these edges hold together lies on one side; what is on
    the other is connected without it.
    """
    around: list[list[int]] = [[] for _ in land.graph]
    for a, b in land.edges:
        if land.face_of[a, b] in faces or land.face_of[b, a] in faces:
            around[a].append(b)
            around[b].append(a)
    blocks = components(around)
    sizes = [0] * (1 + max(blocks))
    for unit, block in enumerate(blocks):
        sizes[block] += terms.amounts[unit]
    largest = sizes.index(max(sizes))
    inside = {unit for unit, block in enumerate(blocks) if block == largest}
    left = [
        [] if unit in inside else [other for other in near if other not in inside]
        for unit, near in enumerate(land.graph)
    ]
    rest: dict[int, int] = {}
    for unit, piece in enumerate(components(left)):
        if unit not in inside:
            rest[piece] = rest.get(piece, 0) + terms.amounts[unit]
    least = min(low for low, _ in terms.ranges)
    if max(rest.values(), default=0) >= least:
        fail(place, "a circuit that passes none of the faces may enclose enough.")
