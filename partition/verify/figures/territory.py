"""The shape of each nation: coasts, outline, what is cut off, what holds it together."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from typing import Any

from partition.verify.agreement import EPSILON, Near, total
from partition.verify.figures.ground import Ground, group

SHOWN_KEYSTONES = 5
"""How many of the gravest keystones a report names."""

OPEN = Fraction(1, 10**6)
"""Share of the outline of an enclave that may be open."""


def territories(ground: Ground) -> list[dict[str, Any]]:
    """Describe the shape of the red and of the blue nation."""
    exclaves, enclaves = _exclaves(ground), _enclaves(ground)
    cut_off = keystones(ground.inside, ground.size)
    return [_territory(ground, part, exclaves, enclaves, cut_off) for part in (0, 1)]


def _territory(
    ground: Ground,
    part: int,
    exclaves: set[int],
    enclaves: set[int] | None,
    cut_off: dict[int, int],
) -> dict[str, Any]:
    units = ground.of(part)
    sea, lake = (_km(ground, name, units) for name in ("sea_coast", "lake_coast"))
    outline = _outline(ground, units)
    pieces = {ground.piece[unit] for unit in units}
    gravest = sorted((unit for unit in units if unit in cut_off), key=lambda u: (-cut_off[u], u))
    return {
        "has_sea_access": None if sea is None else sea.value > 0,
        "sea_coast_km": sea,
        "lake_coast_km": lake,
        "outline_km": outline,
        "polsby_popper": _compactness(ground, units, outline),
        "exclaves": len(pieces & exclaves),
        "exclave_people": _people(ground, units, exclaves),
        "enclaves": None if enclaves is None else len(pieces & enclaves),
        "enclave_people": None if enclaves is None else _people(ground, units, enclaves),
        "keystones": len(gravest),
        "gravest_keystones": [
            _keystone(ground, unit, cut_off[unit]) for unit in gravest[:SHOWN_KEYSTONES]
        ],
    }


def _km(ground: Ground, name: str, units: list[int]) -> Near | None:
    column = ground.data.known(name)
    return None if column is None else total([column[unit] for unit in units], 0.001)


def _people(ground: Ground, units: list[int], pieces: set[int]) -> int | None:
    people = ground.people
    if people is None:
        return None
    return sum(people[unit] for unit in units if ground.piece[unit] in pieces)


def _keystone(ground: Ground, unit: int, cut_off: int) -> dict[str, Any]:
    columns, has_people = ground.data.columns, ground.people is not None
    return {
        "id": columns["geoid"][unit],
        "name": columns["name"][unit],
        "state": columns["state"][unit],
        "cut_off_people": cut_off if has_people else None,
        "cut_off_voters": None if has_people else cut_off,
    }


def _outline(ground: Ground, units: list[int]) -> Near | None:
    """Measure the outline of some units: their perimeters without what they share, twice."""
    perimeter = ground.data.known("perimeter")
    if perimeter is None:
        return None
    here = set(units)
    shared = [metres for (a, b), metres in ground.data.shared.items() if a in here and b in here]
    whole, inner = total([perimeter[unit] for unit in units]), total(shared)
    slack = Fraction(whole.slack) + 2 * Fraction(inner.slack) + Fraction(whole.value) * EPSILON
    metres = max(Fraction(whole.value) - 2 * Fraction(inner.value), Fraction())
    return Near(metres, slack).times(Fraction(1, 1000))


def _compactness(ground: Ground, units: list[int], outline: Near | None) -> Near | None:
    """Compare with a circle: 4 pi times the area over the square of the outline."""
    area = ground.data.known("area")
    if outline is None or area is None or not outline.value:
        return None
    land = total([area[unit] for unit in units], 1e-6)
    length = Fraction(outline.value)
    value = 4 * Fraction(math.pi) * Fraction(land.value) / length**2
    off = Fraction(land.slack) / (Fraction(land.value) or 1) + 3 * Fraction(outline.slack) / length
    return Near(value, value * (off + 8 * EPSILON))


def _exclaves(ground: Ground) -> set[int]:
    """List the pieces that are not the largest of their nation on their landmass."""
    main: dict[tuple[int, int], tuple[int, int]] = {}
    for piece, units in ground.by_piece().items():
        home = (ground.landmass[units[0]], ground.plan[units[0]])
        size = sum(ground.size[unit] for unit in units)
        if home not in main or size > main[home][0]:  # of equal ones the first
            main[home] = (size, piece)
    return set(ground.piece) - {piece for _, piece in main.values()}


def _enclaves(ground: Ground) -> set[int] | None:
    """List the pieces whose outline is border with the other nation, all but a hair of it."""
    perimeter = ground.data.known("perimeter")
    if perimeter is None:
        return None
    outline: dict[int, Fraction] = defaultdict(Fraction)
    facing: dict[int, Fraction] = defaultdict(Fraction)
    for piece, units in ground.by_piece().items():
        outline[piece] = sum((Fraction(perimeter[unit]) for unit in units), Fraction())
    for (a, b), metres in ground.data.shared.items():
        if ground.cut((a, b)):
            facing[ground.piece[a]] += Fraction(metres)
            facing[ground.piece[b]] += Fraction(metres)
        elif ground.piece[a] == ground.piece[b]:
            outline[ground.piece[a]] -= 2 * Fraction(metres)
    return {
        piece
        for piece, length in outline.items()
        if facing[piece] > 0 and length - facing[piece] <= OPEN * max(length, Fraction())
    }


def keystones(graph: list[list[int]], size: list[int]) -> dict[int, int]:
    """Find the units without which their piece falls apart, and what each would cut off.

    Each unit is taken away in turn, and what its neighbours still reach grows from all of them at
    once, until they are one again or nothing but one part is left to grow.

    Parameters
    ----------
    graph
        Neighbours of each unit in its own piece.
    size
        What each unit counts.

    Returns
    -------
    dict
        For each such unit, what is cut off from the largest part that is left.
    """
    label = _components(graph)
    weight = {one: sum(size[unit] for unit in units) for one, units in label.items()}
    piece_of = {unit: one for one, units in label.items() for unit in units}
    found = {}
    for unit, near in enumerate(graph):
        if len(near) > 1:
            parts = fall_apart(graph, size, unit, weight[piece_of[unit]])
            if len(parts) > 1:
                found[unit] = sum(parts) - max(parts)
    return found


def _components(graph: list[list[int]]) -> dict[int, list[int]]:
    from_first = [-1] * len(graph)
    for start in range(len(graph)):
        stack = [start] if from_first[start] < 0 else []
        while stack:
            unit = stack.pop()
            if from_first[unit] < 0:
                from_first[unit] = start
                stack += graph[unit]
    return group(range(len(graph)), from_first)


def fall_apart(graph: list[list[int]], size: list[int], gone: int, weight: int) -> list[int]:
    """Weigh the parts that are left of a piece of some weight without one of its units."""
    part_of = {unit: unit for unit in graph[gone]}  # unit -> the neighbour that it was reached from
    leader = {unit: unit for unit in graph[gone]}  # neighbour -> another of its part
    growing = {unit: [unit] for unit in graph[gone]}
    held = {unit: size[unit] for unit in graph[gone]}

    def find(start: int) -> int:
        while leader[start] != start:
            start = leader[start]
        return start

    while sum(bool(edge) for edge in growing.values()) > 1:
        for start in list(growing):
            front = growing.get(start, [])
            if not front:
                continue
            growing[start] = []
            for unit in front:
                for other in graph[unit]:
                    if other == gone:
                        continue
                    own = find(start)
                    if other not in part_of:
                        part_of[other] = own
                        held[own] += size[other]
                        growing[own].append(other)
                    elif (theirs := find(part_of[other])) != own:
                        leader[own] = theirs
                        held[theirs] += held.pop(own)
                        growing[theirs] += growing.pop(own)
            if len(growing) == 1:
                return [weight - size[gone]]
    closed = [held[start] for start, front in growing.items() if not front]
    rest = weight - size[gone] - sum(closed)
    return [*closed, rest] if len(closed) < len(growing) else closed
