"""The tree of a search: bounds added up in whole numbers, and leaves that cover every plan.

A node is a set of plans: those that respect the parts of its decided units and hold one unit at
least of each root set. What is proven is proven of the optimal plans that are worth more than the
plan at hand: a unit is fixed to a part where none of them has it in the other, and a node that
holds none of them has a bound not above the value of the plan at hand.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from partition.verify.fields import distinct, entries, fail, fields, show, whole, wholes
from partition.verify.rows import Row, Search, bits

FREE = 2
"""Marks a unit of a node that is not decided."""


@dataclass(slots=True)
class Node:
    """What holds in a node of the tree.

    Parameters
    ----------
    sides
        Part of each unit, or :data:`FREE`.
    roots
        For each part, units of which it holds one at least; None while they are not chosen.
    bound
        What no plan of the node is worth more than.
    split
        How its plans are divided among its children; None where it has none.
    missing
        Branches without a node so far.
    """

    sides: bytearray
    roots: list[list[int] | None]
    bound: int
    split: list[Any] | None
    missing: list[int | str]


class Tree:
    """Reads the nodes of a search, parents before children.

    Parameters
    ----------
    search
        What is searched.
    rows
        Rows that hold.
    plan
        The plan at hand, restricted to the search.
    """

    def __init__(self, search: Search, rows: list[Row], plan: Sequence[int]) -> None:
        self.search = search
        self.rows = rows
        self.value = search.value(plan)
        self.nodes: list[Node] = []
        self.n_steps = 0

    @property
    def open_leaves(self) -> list[int]:
        """Bounds of the leaves that may hold a better plan than the one at hand."""
        return [node.bound for node in self.nodes if not node.split and node.bound > self.value]

    @property
    def bound(self) -> int:
        """What no plan of the search is worth more than."""
        return max(self.open_leaves, default=self.value)

    def read(self, value: Any, place: str) -> None:
        """Read every node, and see that no branch is left out."""
        if not entries(value, place):
            fail(place, "there is no node.")
        for index, given in enumerate(value):
            self.nodes.append(self._read_node(given, f"{place}[{index}]"))
        for index, node in enumerate(self.nodes):
            if node.missing:
                fail(f"{place}[{index}].split", f"no node is its branch {show(node.missing[0])}.")

    def _read_node(self, value: Any, place: str) -> Node:
        parent, branch, steps, split = fields(value, place, ("parent", "branch", "steps", "split"))
        node = self._start(parent, branch, place)
        node.bound = min(node.bound, self._sum_of_gains(node.sides))
        for number, step in enumerate(entries(steps, f"{place}.steps")):
            node.bound = min(node.bound, self._take_step(step, f"{place}.steps[{number}]", node))
            self.n_steps += 1
        node.split = split
        if split is not None:
            node.missing = self._branches(split, f"{place}.split", node)
        elif node.bound > self.value and FREE not in node.sides:
            last = self.search.value(node.sides) if self.search.allows(node.sides) else self.value
            node.bound = min(node.bound, max(last, self.value))
        if not node.missing:
            node.sides = bytearray()  # without children to come nobody asks: room for large trees
        return node

    def _start(self, parent: Any, branch: Any, place: str) -> Node:
        """Give a node what follows from its parent and its branch."""
        if not self.nodes:
            whole(parent, f"{place}.parent", -1, -1)
            if branch is not None:
                fail(f"{place}.branch", f"{show(branch)}, expected null at the first node.")
            sides = bytearray(FREE if part < 0 else part for part in self.search.fixed)
            return Node(sides, [None, None], self._sum_of_gains(sides), None, [])
        above = self.nodes[whole(parent, f"{place}.parent", 0, len(self.nodes) - 1)]
        if not any(type(branch) is type(left) and branch == left for left in above.missing):
            fail(f"{place}.branch", f"{show(branch)} is not a branch left at node {parent}.")
        above.missing.remove(branch)
        node = Node(bytearray(above.sides), list(above.roots), above.bound, None, [])
        kind, *what = above.split or fail(f"{place}.parent", f"node {parent} has no split.")
        if not above.missing:
            above.sides = bytearray()
        if branch == "with":
            node.roots[what[0]] = what[1]
            return node
        units, part = ([what[0]], branch) if kind == "unit" else (what[1], 1 - what[0])
        if not all(decide(node, unit, part) for unit in units):
            node.bound = min(node.bound, self.value)
        return node

    def _sum_of_gains(self, sides: bytearray) -> int:
        """Let every free unit join the part that it gains more in."""
        return sum(
            weight
            for weight, side in zip(self.search.weights, sides, strict=True)
            if side == 1 or (side == FREE and weight > 0)
        )

    def _take_step(self, value: Any, place: str, node: Node) -> int:
        """Add up rows, and return the bound that follows from their sum."""
        used, multipliers, scale, excludes, zero, one = fields(
            value, place, ("rows", "multipliers", "scale", "excludes", "zero", "one")
        )
        wholes(used, f"{place}.rows", 0, len(self.rows) - 1)
        wholes(multipliers, f"{place}.multipliers", 0, length=len(used))
        scale = whole(scale, f"{place}.scale", 1)
        if type(excludes) is not bool:
            fail(f"{place}.excludes", f"{show(excludes)}, expected true or false.")
        rest = [0 if excludes else scale * gain for gain in self.search.gains]
        total = self._add_up(used, multipliers, rest, node, place)
        if excludes:
            if total >= 0 or zero != [] or one != []:
                fail(f"{place}.excludes", f"{total} is not negative, or units are fixed as well.")
            return self.value
        # A plan that loses more than this against the total is not better than the one at hand.
        slack = total - scale * (self.value + 1)
        before, roots = bytes(node.sides), list(node.roots)
        reached: dict[int, bytearray] = {}
        has_plans = True
        for units, name, part in ((zero, "zero", 0), (one, "one", 1)):
            for position, unit in enumerate(distinct(units, f"{place}.{name}", len(before))):
                spot = f"{place}.{name}[{position}]"
                if node.sides[unit] != FREE:
                    fail(spot, f"unit {unit} is decided already.")
                has_plans = decide(node, unit, part) and has_plans
                loss = rest[unit] if part == 1 else -rest[unit]  # of joining the other part
                if loss > max(slack, 0):
                    continue
                other = 1 - part
                if not self._grows_from_roots(roots[other], other, unit):
                    fail(spot, f"the sum of the rows does not keep unit {unit} in part {part}.")
                if other not in reached:
                    reached[other] = self._reach(before, roots[other], other, rest, slack)
                if reached[other][unit]:
                    fail(spot, f"neither the sum nor a path keeps unit {unit} in part {part}.")
        return total // scale if has_plans else self.value

    def _grows_from_roots(self, roots: list[int] | None, part: int, unit: int) -> bool:
        """Whether a unit of a part is connected, inside of the part, to one of its roots."""
        is_here = not bits(roots or ()) & self.search.beyond(unit)
        return bool(roots) and is_here and self.search.pieces[part] == 1

    def _reach(
        self,
        sides: bytes,
        roots: list[int] | None,
        part: int,
        rest: list[int],
        slack: int,
    ) -> bytearray:
        """Mark the units that a path from a root reaches for a loss of `slack` at most.

        A path lies in the part with all its units. Each unit of it that would gain more in the
        other part loses what its column has left (Dijkstra's algorithm).
        """
        sign = -1 if part == 1 else 1
        loss = [
            0 if side == part else max(0, sign * slope) if side == FREE else slack + 1
            for slope, side in zip(rest, sides, strict=False)
        ]
        reached = bytearray(len(sides))
        queue = [(loss[root], root) for root in roots or () if loss[root] <= slack]
        heapq.heapify(queue)
        while queue:
            lost, unit = heapq.heappop(queue)
            if reached[unit]:
                continue
            reached[unit] = 1
            for other in self.search.graph[unit]:
                if not reached[other] and lost + loss[other] <= slack:
                    heapq.heappush(queue, (lost + loss[other], other))
        return reached

    def _add_up(
        self, used: list[int], multipliers: list[int], rest: list[int], node: Node, place: str
    ) -> int:
        """Take rows from what each column gains; return what no plan of the node exceeds.

        For a plan ``x`` of the node ``sum(gains * x) <= sum(rest * x) + sum(multipliers * limit)``,
        since the multipliers are not negative; every column then takes its best value.
        """
        held = [bits(units or ()) for units in node.roots]
        total = 0
        for index, multiplier in zip(used, multipliers, strict=True):
            limit, terms, part, behind = self.rows[index]
            if part >= 0 and (held[part] == 0 or held[part] & behind):
                fail(f"{place}.rows", f"row {index} does not hold with the roots of this node.")
            total += multiplier * limit
            for coefficient, columns in terms:
                amount = multiplier * coefficient
                for column in columns:
                    rest[column] -= amount
        n_units = len(node.sides)
        for slope, side in zip(rest[:n_units], node.sides, strict=True):
            if side == 1 or (side == FREE and slope > 0):
                total += slope
        for slope, top in zip(rest[n_units:], self.search.tops, strict=True):
            if slope > 0:
                total += slope * top
        return total

    def _branches(self, split: Any, place: str, node: Node) -> list[int | str]:
        """Check a split, and name the branches that cover the plans of its node."""
        kind = entries(split, place)[0] if split else None
        if kind == "unit":
            entries(split, place, 2)
            whole(split[1], f"{place}[1]", 0, len(node.sides) - 1)
            return [0, 1]
        if kind != "roots":
            fail(place, 'expected null, ["unit", unit] or ["roots", part, units].')
        entries(split, place, 3)
        part = whole(split[1], f"{place}[1]", 0, 1)
        if node.roots[part] is not None or not self.search.pieces[part]:
            fail(f"{place}[1]", f"part {part} has its roots, or may have any number of pieces.")
        if distinct(split[2], f"{place}[2]", len(node.sides)):
            return ["with", "without"]
        if any(side != 1 - part for side in node.sides):
            fail(f"{place}[2]", f"it is empty, but units may join part {part}.")
        return ["with"]


def decide(node: Node, unit: int, part: int) -> bool:
    """Put a unit of a node into a part; say whether a plan may be left."""
    for holder, held in enumerate(node.roots):
        if held is not None and unit in held:
            left = [unit] if holder == part else [other for other in held if other != unit]
            node.roots[holder] = left
            if not left:
                return False
    if node.sides[unit] not in {FREE, part}:
        return False
    node.sides[unit] = part
    return True
