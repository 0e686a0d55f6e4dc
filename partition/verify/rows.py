"""Rows of a certificate, checked by what they claim.

Part 1 is where ``x = 1``. Every row reads ``sum(coefficients * columns) <= limit``. The columns are
the units' ``x``, then for every part that may have several pieces a column a unit ("this unit
founds a piece without roots"), for every edge that costs or counts in a budget a column ("cut"),
and for every soft budget what misses its limits. The certificate gives no coefficient: they are
derived here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from math import gcd
from typing import Any, NamedTuple

from partition.verify.circuits import Map, check_circuits, terms_of
from partition.verify.fields import distinct, entries, fail, show, whole, wholes
from partition.verify.instance import (
    Blocks,
    Budget,
    Edge,
    components,
    is_inside,
    neighbours,
    too_many_pieces,
)


class Row(NamedTuple):
    """A row that has been checked."""

    limit: int
    terms: list[tuple[int, list[int]]]
    """Coefficients, and the columns of each."""
    part: int = -1
    """Part that must hold a unit of its root set, -1 where the row needs no roots."""
    behind: int = 0
    """Units that must not be roots for the row to hold, as bits."""


class Search:
    """The problem of one search, and the rows that hold for it."""

    def __init__(self, members: list[int], blocks: Blocks, pieces: list[int]) -> None:
        row = {block: unit for unit, block in enumerate(members)}
        self.edges, costs = _within(row, blocks.edges, blocks.costs)
        links, link_costs = _within(row, blocks.links, blocks.link_costs)
        self.pairs, self.costs = self.edges + links, costs + link_costs
        self.ties: list[Edge] = [(row[a], row[b]) for a, b in blocks.ties if a in row and b in row]
        self.spans = [
            (row[unit], row[below], row[above])
            for unit, below, above in blocks.spans
            if unit in row and below in row and above in row
        ]
        self.weights = [blocks.weights[block] for block in members]
        self.fixed = [blocks.fixed[block] for block in members]
        self.budgets = blocks.budgets  # with any budget there is one search: all blocks
        self.pieces = pieces
        self.n_units = len(members)
        self.graph = neighbours(self.n_units, self.edges)
        self.landmass = components(self.graph)
        self.n_landmasses = 1 + max(self.landmass)
        self.elsewhere: dict[int, int] = {}  # landmass -> the units of the others, as bits
        self.tied = {unit for tie in self.ties for unit in tie}
        self.gains = list(self.weights)
        self.tops: list[int] = []  # upper limits of the columns after the units
        self.founders = [self._columns(self.n_units, 0, 1) if k >= 2 else [] for k in pieces]
        number = {pair: edge for edge, pair in reversed([*enumerate(self.pairs)])}
        counted = {number[pair] for budget in self.budgets for pair in budget.pairs}
        self.counted = [
            {number[pair]: amount for pair, amount in zip(b.pairs, b.pair_amounts, strict=True)}
            for b in self.budgets
        ]
        self.cut = {
            edge: self._columns(1, -cost, 1)[0]
            for edge, cost in enumerate(self.costs)
            if cost or edge in counted
        }
        self.missed = {
            number: self._columns(1, -budget.price, budget.most_excess)[0]
            for number, budget in enumerate(self.budgets)
            if budget.price is not None
        }
        self.edge_of = {
            ends: edge for edge, (a, b) in enumerate(self.edges) for ends in ((a, b), (b, a))
        }
        self.walks: list[list[int]] = []
        self.walk_of: dict[Edge, int] = {}

    def _columns(self, count: int, gain: int, top: int) -> list[int]:
        columns = list(range(len(self.gains), len(self.gains) + count))
        self.gains += [gain] * count
        self.tops += [top] * count
        return columns

    def value(self, plan: Sequence[int]) -> int:
        """Add up what a plan of this search gains over all units in part 0."""
        value = sum(weight for weight, part in zip(self.weights, plan, strict=True) if part)
        for (a, b), cost in zip(self.pairs, self.costs, strict=True):
            value -= cost if plan[a] != plan[b] else 0
        return value - sum(
            (budget.price or 0) * budget.excess(plan)
            for budget in self.budgets
            if budget.price is not None
        )

    def allows(self, plan: Sequence[int]) -> bool:
        """Whether a plan that respects what is fixed meets every other constraint."""
        return (
            all(plan[a] == plan[b] for a, b in self.ties)
            and all(is_inside(span, plan) for span in self.spans)
            and not too_many_pieces(self.graph, plan, self.pieces)
            and not any(b.excess(plan) for b in self.budgets if b.price is None)
        )

    def read_rotation(self, value: Any, place: str) -> None:
        """Read a rotation system and walk its faces; Euler's formula says that it is planar."""
        if value is None:
            return
        after: dict[Edge, Edge] = {}
        for unit, turn in enumerate(entries(value, place, self.n_units)):
            if sorted(distinct(turn, f"{place}[{unit}]", self.n_units)) != sorted(self.graph[unit]):
                fail(f"{place}[{unit}]", "these are not the neighbours of the unit, each once.")
            for position, other in enumerate(turn):
                after[other, unit] = (unit, turn[(position + 1) % len(turn)])
        for start in after:
            if start in self.walk_of:
                continue
            walk, dart = [], start
            while dart not in self.walk_of:
                self.walk_of[dart] = len(self.walks)
                walk.append(dart[0])
                dart = after[dart]
            self.walks.append(walk)
        n_faces = len(self.walks) + sum(not near for near in self.graph)
        if self.n_units - len(self.edges) + n_faces != 2 * self.n_landmasses:
            fail(
                place,
                f"{self.n_units} units - {len(self.edges)} edges + {n_faces} faces is not "
                f"2 for each of {self.n_landmasses} landmasses: not an embedding in the plane.",
            )

    def read_rows(self, value: Any, place: str) -> list[Row]:
        """Check every row by what it claims, and derive its coefficients."""
        kinds: dict[str, tuple[int, Callable[..., Row]]] = {
            "separator": (3, self._separator),
            "joint": (3, self._joint),
            "potential": (4, self._potential),
            "chain": (3, self._chain),
            "face": (2, self._face),
            "zone": (3, self._zone),
            "turn": (2, self._turn),
            "circuit": (4, self._circuit),
            "leaf": (2, self._leaf),
            "apart": (3, self._apart),
            "cut": (2, self._cut),
            "tie": (2, self._tie),
            "span": (2, self._span),
            "budget": (2, self._budget),
            "seeds": (1, self._seeds),
            "seed": (2, self._seed),
            "peak": (3, self._peak),
        }
        rows = []
        for number, given in enumerate(entries(value, place)):
            spot = f"{place}[{number}]"
            kind = entries(given, spot)[0] if given else None
            if type(kind) is not str or kind not in kinds:
                fail(spot, f"no row of a known kind; choose from {', '.join(kinds)}.")
            n_arguments, check = kinds[kind]
            entries(given, spot, n_arguments + 1)
            rows.append(check(spot, *given[1:]))
        return rows

    def _unit(self, value: Any, place: str) -> int:
        return whole(value, place, 0, self.n_units - 1)

    def _part(self, value: Any, place: str, least: int) -> int:
        """Read a part that may have a limited number of pieces, `least` or more."""
        part = whole(value, f"{place}[1]", 0, 1)
        if self.pieces[part] < least:
            fail(place, f"part {part} may have {self.pieces[part] or 'any number of'} pieces.")
        return part

    def _write(
        self,
        part: int,
        terms: dict[int, int],
        limit: int,
        others: Iterable[tuple[int, Iterable[int]]] = (),
        behind: int | None = None,
    ) -> Row:
        """Write a row in the membership of a part, ``z = x`` in part 1 and ``1 - x`` in part 0."""
        sign = 1 if part == 1 else -1
        columns: dict[int, list[int]] = {}
        for unit, coefficient in terms.items():
            columns.setdefault(sign * coefficient, []).append(unit)
        limit -= 0 if part == 1 else sum(terms.values())
        written = [(coefficient, units) for coefficient, units in columns.items() if coefficient]
        written += [(coefficient, list(units)) for coefficient, units in others]
        return Row(limit, written, -1 if behind is None else part, behind or 0)

    def beyond(self, unit: int) -> int:
        """Mark the units of other landmasses: a root there says nothing about this one."""
        mass = self.landmass[unit]
        if mass not in self.elsewhere:
            self.elsewhere[mass] = bits(u for u, own in enumerate(self.landmass) if own != mass)
        return self.elsewhere[mass]

    def _flood(self, start: int, wall: Iterable[int]) -> list[int]:
        """List the units that are connected to a unit without stepping on a wall."""
        seen = bytearray(self.n_units)
        for unit in wall:
            seen[unit] = 1
        seen[start] = 1
        reached = [start]
        graph = self.graph
        for unit in reached:
            for other in graph[unit]:
                if not seen[other]:
                    seen[other] = 1
                    reached.append(other)
        return reached

    def _founders(self, part: int, a: int, zone: Iterable[int]) -> list[int]:
        """Name the founders in a zone that may have founded a piece with `a`: none ranks lower."""
        columns = self.founders[part]
        if not columns:
            return []
        least = self._rank(part, a)
        return [columns[unit] for unit in zone if self._rank(part, unit) >= least]

    def _rank(self, part: int, unit: int) -> tuple[int, int]:
        """Rank a unit by what it gains in a part, and equal ones by their number."""
        return self.weights[unit] if part == 1 else -self.weights[unit], unit

    def _separator(self, place: str, part: Any, a: Any, wall: Any) -> Row:
        """In `a`, then in the wall as well: without it, `a` is cut off from every root."""
        part = self._part(part, place, 1)
        a = self._unit(a, f"{place}[2]")
        wall = distinct(wall, f"{place}[3]", self.n_units)
        if a in wall:
            fail(f"{place}[3]", f"unit {a} is in its own separator.")
        zone = self._flood(a, wall)
        others = [(-1, self._founders(part, a, zone))]
        behind = bits(zone) | self.beyond(a)
        return self._write(part, {a: 1, **dict.fromkeys(wall, -1)}, 0, others, behind)

    def _joint(self, place: str, part: Any, targets: Any, zones: Any) -> Row:
        """Several targets: each needs a way into its zone, and a way ends in a unit only once.

        Every piece with a root is spanned by a tree that grows from a root, any other piece by one
        that grows from its founder: a unit has one edge towards it, and counts for at most the
        zones which that edge enters. A founder has none, and counts for the zones it is in itself.
        """
        part = self._part(part, place, 1)
        targets = wholes(targets, f"{place}[2]", 0, self.n_units - 1)
        zones = entries(zones, f"{place}[3]", len(targets))
        inside: dict[int, int] = {}  # unit -> its zones, as bits
        behind = 0
        terms: Counter[int] = Counter()
        founded: Counter[int] = Counter()
        for number, (target, zone) in enumerate(zip(targets, zones, strict=True)):
            zone_place = f"{place}[3][{number}]"
            distinct(zone, zone_place, self.n_units)
            if target not in zone:
                fail(zone_place, f"unit {target} is not in its zone.")
            for unit in zone:
                inside[unit] = inside.get(unit, 0) | 1 << number
            behind |= self.beyond(target)
            terms[target] += 1
            founded.update(self._founders(part, target, zone))
        behind |= bits(inside)
        for unit, own in inside.items():
            entered = ((own & ~inside.get(other, 0)).bit_count() for other in self.graph[unit])
            most = max(entered, default=0)
            terms[unit] -= most
            if self.founders[part]:
                founded[self.founders[part][unit]] -= most
        by_count: dict[int, list[int]] = {}
        for column, count in founded.items():
            by_count.setdefault(-count, []).append(column)
        return self._write(part, terms, 0, by_count.items(), behind)

    def _potential(self, place: str, part: Any, targets: Any, zones: Any, depths: Any) -> Row:
        """On its way from a root to each target a tree climbs to the target's potential.

        It enters a unit once, from a neighbour, and climbs there by what the potentials of all
        targets differ between the two, where they rise.
        """
        part = self._part(part, place, 1)
        if self.pieces[part] != 1:
            fail(place, f"part {part} may have {self.pieces[part]} pieces, expected 1.")
        targets = wholes(targets, f"{place}[2]", 0, self.n_units - 1)
        zones = entries(zones, f"{place}[3]", len(targets))
        depths = entries(depths, f"{place}[4]", len(targets))
        terms: Counter[int] = Counter()
        climbed: Counter[Edge] = Counter()  # by the unit entered, and where from
        behind = 0
        for number, target in enumerate(targets):
            spot = f"{place}[3][{number}]"
            zone = list(distinct(zones[number], spot, self.n_units))
            if target not in zone:
                fail(spot, f"unit {target} is not in its zone.")
            values = wholes(depths[number], f"{place}[4][{number}]", 1, 2**53)
            if len(values) != len(zone):
                fail(f"{place}[4][{number}]", f"{len(values)} potentials of {len(zone)} units.")
            height = dict(zip(zone, values, strict=True))
            for unit, own in height.items():
                for other in self.graph[unit]:
                    if own > height.get(other, 0):
                        climbed[unit, other] += own - height.get(other, 0)
            terms[target] += height[target]
            behind |= bits(zone) | self.beyond(target)
        most: dict[int, int] = {}
        for (unit, _), climb in climbed.items():
            most[unit] = max(climb, most.get(unit, 0))
        terms.subtract(most)
        return self._write(part, terms, 0, behind=behind)

    def _chain(self, place: str, part: Any, a: Any, chains: Any) -> Row:
        """Cut a wall around `a` twice: it is strung on chains, and the part passes it on one.

        Towards each end of that chain the part goes on to the end, or is cut off on an edge.
        """
        part = self._part(part, place, 1)
        a = self._unit(a, f"{place}[2]")
        wall: set[int] = set()
        terms: Counter[int] = Counter({a: 2})
        cuts: Counter[int] = Counter()
        for number, given in enumerate(entries(chains, f"{place}[3]")):
            spot = f"{place}[3][{number}]"
            units = wholes(given, spot, 0, self.n_units - 1)
            if not units:
                fail(spot, "a chain without units.")
            wall.update(units)
            terms.subtract((units[0], units[-1]))
            for i, j in pairwise(units):
                edge = self.edge_of.get((i, j))
                if edge not in self.cut:
                    fail(spot, f"there is no edge with a cost between units {i} and {j}.")
                cuts[self.cut[edge]] += 1
        if a in wall:
            fail(f"{place}[3]", f"unit {a} is in its own separator.")
        zone = self._flood(a, wall)
        others = [(-count, [column]) for column, count in cuts.items()]
        others += [(-2, self._founders(part, a, zone))]
        return self._write(part, terms, 0, others, bits(zone) | self.beyond(a))

    def _around(self, place: str, dart: Any) -> list[int]:
        """Read a face of the plane: the walk that begins with the dart at a place."""
        for part in (0, 1):
            self._part(part, place, 1)
        tail, head = wholes(dart, place, 0, self.n_units - 1, length=2)
        if (tail, head) not in self.walk_of:
            fail(place, "no such dart in the rotation of the search.")
        walk = self.walks[self.walk_of[tail, head]]
        turns = [[*walk[start:], *walk[:start]] for start, unit in enumerate(walk) if unit == tail]
        return next(turn for turn in turns if [*turn[1:], tail][0] == head)

    def _face(self, place: str, dart: Any, around: Any) -> Row:
        """Around a face of the plane, k pieces and l pieces change at most 2 (k + l - 1) times."""
        terms: Counter[int] = Counter()
        self._alternate(terms, dart, around, (f"{place}[1]", f"{place}[2]"))
        return self._write(1, terms, sum(self.pieces) - 1)

    def _zone(self, place: str, part: Any, faces: Any, wall: Any) -> Row:
        """Around faces, changes beyond two are as many as pieces beyond two that a wall lets in.

        The frontier divides the plane into as many regions as there are pieces. As a graph that
        joins faces it has, by Euler's formula, no more edges than faces and those pieces; an edge
        ends where colours change around a face, each of which has two ends at least. A piece of
        the part that has none of the units said to be in it may go to the other part: there are
        no more pieces then, and nothing that counts has changed. The others pass the wall, or
        have their founder behind it.
        """
        part = self._part(part, place, 1)
        terms: Counter[int] = Counter()
        seen: set[int] = set()
        held: list[int] = []
        for number, one in enumerate(entries(faces, f"{place}[2]")):
            spot = f"{place}[2][{number}]"
            dart, around = entries(one, spot, 2)
            face = self._alternate(terms, dart, around, (f"{spot}[0]", f"{spot}[1]"))
            if face in seen:
                fail(spot, "this face is among those before.")
            seen.add(face)
            held += around[::2]
        if len({self.landmass[unit] for unit in held}) != 1:
            fail(f"{place}[2]", "expected faces of one landmass.")
        barred = set(distinct(wall, f"{place}[3]", self.n_units))
        terms.subtract(barred)
        zone: set[int] = set()
        for unit in held:
            if unit not in barred and unit not in zone:
                zone.update(self._flood(unit, barred))
        limit, sign, columns = len(seen) + self.pieces[1 - part] - 2, -1, self.founders[part]
        founded = zone
        if columns and 2 * len(zone) > self.n_units:  # all there may be, less those elsewhere
            limit, sign = limit + self.pieces[part] - 1, 1
            founded = {unit for unit in range(self.n_units) if unit not in zone}
        others = [(sign, [columns[unit] for unit in founded])] if columns else []
        return self._write(part, terms, limit, others, bits(zone) | self.beyond(held[0]))

    def _alternate(
        self, terms: Counter[int], dart: Any, around: Any, places: tuple[str, str]
    ) -> int:
        """Add units that alternate around a face to a row, and name the face."""
        walk = self._around(places[0], dart)
        around = wholes(around, places[1], 0, self.n_units - 1)
        if len(around) < 2 or len(around) % 2:
            fail(places[1], f"{len(around)} units, expected an even number of them.")
        if not occurs_around(around, walk):
            fail(places[1], "the units do not occur in this order around the face.")
        terms.update(around[::2])
        terms.subtract(around[1::2])
        return self.walk_of[dart[0], dart[1]]

    def _turn(self, place: str, dart: Any, signs: Any) -> Row:
        """Limit the same changes edge by edge: it is cut, or else its ends differ one way."""
        walk = self._around(f"{place}[1]", dart)
        signs = wholes(signs, f"{place}[2]", -1, 1, length=len(walk))
        terms: Counter[int] = Counter()
        cuts: Counter[int] = Counter()
        for position, (sign, ends) in enumerate(
            zip(signs, pairwise([*walk, walk[0]]), strict=True)
        ):
            edge = self.edge_of[ends]
            if not sign and edge not in self.cut:
                fail(f"{place}[2][{position}]", f"edge {edge} costs nothing.")
            if not sign:
                cuts[self.cut[edge]] += 1
            terms[ends[0]] += sign
            terms[ends[1]] -= sign
        others = [(count, [column]) for column, count in cuts.items()]
        return self._write(1, terms, 2 * (sum(self.pieces) - 1), others)

    def _circuit(self, place: str, budget: Any, root: Any, gates: Any, least: Any) -> Row:
        """Cut edges cost so much at least: no circuit that encloses enough is cheaper."""
        number = whole(budget, f"{place}[1]", 0, len(self.budgets) - 1)
        if self.pieces != [1, 1] or self.n_landmasses > 1 or not self.walks:
            fail(place, "it needs one piece of either part, of one connected graph in the plane.")
        costs = self.costs[: len(self.edges)]
        if min(costs) < 1:
            fail(place, "not every edge has a cost.")
        least = whole(least, f"{place}[4]", 0, sum(costs))
        check_circuits(
            Map(self.graph, self.edges, costs, self.walk_of),
            terms_of(self.budgets[number], place),
            self._unit(root, f"{place}[2]"),
            gates,
            least,
            gcd(*costs),
            place,
        )
        by_cost: dict[int, list[int]] = {}
        for edge, cost in enumerate(costs):
            by_cost.setdefault(-cost, []).append(self.cut[edge])
        return self._write(1, {}, -least, by_cost.items())

    def _leaf(self, place: str, part: Any, a: Any) -> Row:
        """In an optimal plan no unit hangs by one neighbour on the part that it loses in."""
        part = whole(part, f"{place}[1]", 0, 1)
        a = self._unit(a, f"{place}[2]")
        gain = self.weights[a] if part == 1 else -self.weights[a]
        if self.cut or self.budgets or self.spans:
            fail(place, "leaf rows do not hold with edge costs, budgets or spans.")
        if self.fixed[a] >= 0 or a in self.tied:
            fail(place, f"unit {a} is not free to change sides.")
        if len(self.graph[a]) < 2 or gain >= 0:
            fail(place, f"unit {a} has {len(self.graph[a])} neighbours and gains {gain}.")
        return self._write(part, {a: 2, **dict.fromkeys(self.graph[a], -1)}, 0)

    def _apart(self, place: str, part: Any, apart: Any, wall: Any) -> Row:
        """Of k + 1 units that only a wall connects, one is not in the part, or the wall is."""
        part = self._part(part, place, 1)
        apart = distinct(apart, f"{place}[2]", self.n_units)
        wall = distinct(wall, f"{place}[3]", self.n_units)
        if len(apart) != self.pieces[part] + 1:
            fail(f"{place}[2]", f"{len(apart)} units, expected {self.pieces[part] + 1}.")
        if not set(apart).isdisjoint(wall):
            fail(f"{place}[3]", "a unit is in its own separator.")
        if len({self.landmass[unit] for unit in apart}) > 1:
            fail(f"{place}[2]", "the units lie on several landmasses.")
        for position, unit in enumerate(apart):
            if not set(self._flood(unit, wall)).isdisjoint(apart[position + 1 :]):
                fail(f"{place}[2][{position}]", f"unit {unit} is connected to a later one.")
        terms = {**dict.fromkeys(apart, 1), **dict.fromkeys(wall, -1)}
        return self._write(part, terms, self.pieces[part])

    def _cut(self, place: str, edge: Any, direction: Any) -> Row:
        """Count an edge, or a link, as cut where it is between the parts, and nowhere else."""
        edge = whole(edge, f"{place}[1]", 0, len(self.pairs) - 1)
        if edge not in self.cut:
            fail(f"{place}[1]", f"edge {edge} costs nothing and counts in no budget.")
        direction = whole(direction, f"{place}[2]", 0, 3)
        i, j = self.pairs[edge]
        if direction < 2:
            i, j = (j, i) if direction else (i, j)
            return Row(0, [(1, [i]), (-1, [j, self.cut[edge]])])
        if direction == 2:
            return Row(0, [(1, [self.cut[edge]]), (-1, [i, j])])
        return Row(2, [(1, [self.cut[edge], i, j])])

    def _tie(self, place: str, tie: Any, direction: Any) -> Row:
        """Hold both ends of a tie in one part."""
        tie = whole(tie, f"{place}[1]", 0, len(self.ties) - 1)
        i, j = self.ties[tie][:: -1 if whole(direction, f"{place}[2]", 0, 1) else 1]
        return Row(0, [(1, [i]), (-1, [j])])

    def _span(self, place: str, number: Any, side: Any) -> Row:
        """Hold a unit below the upper end of its span, or above the lower one."""
        number = whole(number, f"{place}[1]", 0, len(self.spans) - 1)
        unit, below, above = self.spans[number]
        low, high = (unit, above) if whole(side, f"{place}[2]", 0, 1) else (below, unit)
        return Row(0, [(1, [low]), (-1, [high])])

    def _budget(self, place: str, number: Any, side: Any) -> Row:
        """Hold a limit of a budget; a soft one is missed by its own column."""
        number = whole(number, f"{place}[1]", 0, len(self.budgets) - 1)
        budget: Budget = self.budgets[number]
        is_upper = whole(side, f"{place}[2]", 0, 1) == 1
        limit = budget.upper if is_upper else budget.lower
        if limit is None:
            fail(f"{place}[2]", f"budget {show(budget.name)} has no such limit.")
        sign = 1 if is_upper else -1
        others = [(-1, [self.missed[number]])] if number in self.missed else []
        others += [(sign * amount, [self.cut[e]]) for e, amount in self.counted[number].items()]
        terms = {unit: sign * amount for unit, amount in enumerate(budget.amounts)}
        return self._write(1, terms, sign * limit, others)

    def _seeds(self, place: str, part: Any) -> Row:
        """One piece holds a root, so that founders found at most k - 1 others."""
        part = self._part(part, place, 2)
        return self._write(part, {}, self.pieces[part] - 1, [(1, self.founders[part])], 0)

    def _seed(self, place: str, part: Any, unit: Any) -> Row:
        """Keep a founder in its piece."""
        part = self._part(part, place, 2)
        unit = self._unit(unit, f"{place}[2]")
        return self._write(part, {unit: -1}, 0, [(1, [self.founders[part][unit]])])

    def _peak(self, place: str, part: Any, unit: Any, other: Any) -> Row:
        """Make the founder the unit of its piece that gains most, of equal ones the last."""
        part = self._part(part, place, 2)
        unit, other = self._unit(unit, f"{place}[2]"), self._unit(other, f"{place}[3]")
        if other not in self.graph[unit]:
            fail(place, f"units {unit} and {other} do not touch.")
        if self._rank(part, other) < self._rank(part, unit):
            fail(place, f"unit {other} ranks below unit {unit}.")
        return self._write(part, {other: 1}, 1, [(1, [self.founders[part][unit]])])


def bits(units: Iterable[int]) -> int:
    """Mark units as the bits of a number."""
    chosen = set(units)
    digits = bytearray(b"0") * (max(chosen, default=0) + 1)
    for unit in chosen:
        digits[~unit] = ord("1")  # the last digit is unit 0
    return int(digits, 2)


def occurs_around(sequence: Sequence[int], walk: Sequence[int]) -> bool:
    """Whether a sequence occurs in a closed walk, in this order and within one turn."""
    places: dict[int, list[int]] = {unit: [] for unit in sequence}
    for place, unit in enumerate([*walk, *walk]):
        if unit in places:
            places[unit].append(place)
    for start in places[sequence[0]]:
        if start >= len(walk):
            return False
        at = start
        for unit in sequence[1:]:
            found = bisect_left(places[unit], at + 1)
            if found == len(places[unit]):
                return False
            at = places[unit][found]
        if at < start + len(walk):
            return True
    return False


def _within(
    row: dict[int, int], pairs: Sequence[Edge], costs: Sequence[int]
) -> tuple[list[Edge], list[int]]:
    """Keep the pairs within a search, in its own numbers, and their costs."""
    kept = [
        (a, b, cost) for (a, b), cost in zip(pairs, costs, strict=True) if a in row and b in row
    ]
    return [(row[a], row[b]) for a, b, _ in kept], [cost for _, _, cost in kept]
