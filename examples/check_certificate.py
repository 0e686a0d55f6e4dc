"""Check the proof that ``partition solve --certificate`` wrote, with Python and nothing else.

    python check_certificate.py runs/counties-2016

This is the short way to doubt a bound: one file to read, without the program, without a library,
in whole numbers. It knows one question, two parts in one piece each on every landmass, and takes
votes and edges as the certificate states them. What has more rules (fixed units, borders that cost,
budgets, spans, several pieces) it refuses; ``partition verify`` checks those too, recounts votes
and edges from the data, and names the field of a fault.

Write x = 1 for a unit in the blue part (1), x = 0 in the red part (0). A row, sum(c x) <= limit, is
an inequality that the best plans of a case satisfy; why, each kind of row says below. Then they
satisfy every sum of rows times multipliers >= 0 as well, and what the units may gain beyond such a
sum, each taken by itself, bounds what a plan of the case is worth. It does not matter who chose the
multipliers, or how. A tree of cases makes the bound tighter: a unit is in one part or the other, a
part holds one of some units ("roots") or none of them. Its leaves cover all plans better than the
one at hand.
"""

from __future__ import annotations

import csv
import gzip
import heapq
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

FREE = -1
LARGEST = 2**63


class RefusedError(Exception):
    """The certificate is wrong, or needs more than this file knows."""


def require(is_so: bool, reason: str) -> None:
    """Go on only if something is so."""
    if not is_so:
        raise RefusedError(reason)


def take(given: Any, *names: str) -> list[Any]:
    """Read an object that has exactly these keys."""
    require(type(given) is dict and set(given) == set(names), f"expected the keys {names}")
    return [given[name] for name in names]


def whole(given: Any, low: int, high: int, length: int | None = None) -> list[int]:
    """Read a list of whole numbers from `low` to `high`."""
    require(type(given) is list and length in {None, len(given)}, "expected a list of that length")
    is_fine = all(type(number) is int and low <= number <= high for number in given)
    require(is_fine, f"expected whole numbers from {low} to {high}")
    return list(given)


# -- graphs ---------------------------------------------------------------------------------------


def neighbours(n_units: int, edges: Iterable[Any]) -> list[list[int]]:
    """List the neighbours of each unit."""
    graph: list[list[int]] = [[] for _ in range(n_units)]
    for a, b in edges:
        graph[a].append(b)
        graph[b].append(a)
    return graph


def flood(graph: list[list[int]], start: int, wall: set[int]) -> set[int]:
    """Collect what is connected to a unit without stepping on a wall."""
    reached, stack = {start}, [start]
    while stack:
        for other in graph[stack.pop()]:
            if other not in reached and other not in wall:
                reached.add(other)
                stack.append(other)
    return reached


def components(graph: list[list[int]], colours: list[int]) -> list[int]:
    """Label each unit by the first unit that is connected to it within its colour."""
    walls = {own: {u for u, one in enumerate(colours) if one != own} for own in set(colours)}
    labels = [-1] * len(graph)
    for unit, colour in enumerate(colours):
        if labels[unit] < 0:
            for one in flood(graph, unit, walls[colour]):
                labels[one] = unit
    return labels


def is_torn(graph: list[list[int]], plan: list[int]) -> bool:
    """Whether a part is in more than one piece on some landmass."""
    landmass = components(graph, [0] * len(graph))
    pieces = set(zip(components(graph, plan), landmass, plan, strict=True))
    return len(pieces) > len({(mass, part) for _, mass, part in pieces})


# -- the problem ----------------------------------------------------------------------------------


class Problem(NamedTuple):
    """Units in order: what each adds by moving from part 0 to part 1, and which of them touch."""

    weights: list[int]
    edges: list[list[int]]


def read_instance(given: Any, plan_of: dict[str, int]) -> tuple[Problem, list[int], int]:
    """Read the units, check the plan, and return it with what it is worth."""
    only = "this file knows two parts in one piece each, and no other constraint"
    require(type(given) is not dict or "spans" not in given, only)
    beyond = ("edge_costs", "links", "link_costs", "budgets")
    ids, gains, edges, fixed, groups, pieces, *others = take(
        given, "ids", "gains", "edges", "fixed", "groups", "pieces", *beyond
    )
    n = len(ids)
    is_plain = pieces == [1, 1] and fixed == groups == [-1] * n and all(o == [] for o in others)
    require(is_plain, only)
    require(n > 0 and all(type(one) is str for one in ids) and len(set(ids)) == n, "wrong ids")
    require(len(gains) == n and all(whole(pair, -LARGEST, LARGEST, 2) for pair in gains), "gains")
    require(all(whole(e, 0, n - 1, 2) and e[0] < e[1] for e in edges), "edges are not in order")
    require(len({tuple(edge) for edge in edges}) == len(edges), "an edge is given twice")
    require(set(plan_of) == set(ids), "the plan has other units than the certificate")
    plan = [plan_of[one] for one in ids]
    require(not is_torn(neighbours(n, edges), plan), "a part is not in one piece")
    worth = sum(gain[part] for gain, part in zip(gains, plan, strict=True))
    return Problem([red_blue[1] - red_blue[0] for red_blue in gains], edges), plan, worth


# -- rows: their coefficients are derived from what they claim ------------------------------------


class Row(NamedTuple):
    """``sum(c x) <= limit``; where it needs roots, `part` has some, and none of them `behind`."""

    limit: int
    terms: dict[int, int]
    part: int = -1
    behind: int = 0


class Search:
    """A landmass: units that are connected, and that no edge joins to others, numbered anew."""

    def __init__(self, members: list[int], problem: Problem) -> None:
        row = {unit: number for number, unit in enumerate(members)}
        self.n = len(members)
        self.weights = [problem.weights[unit] for unit in members]
        self.edges = [(row[a], row[b]) for a, b in problem.edges if a in row and b in row]
        self.graph = neighbours(self.n, self.edges)
        require(max(components(self.graph, [0] * self.n)) == 0, "a search that is not connected")
        self.face_of: dict[tuple[int, ...], list[int]] = {}

    def value(self, plan: list[int]) -> int:
        """Add up what a plan gains over all units in part 0."""
        return sum(weight for weight, part in zip(self.weights, plan, strict=True) if part == 1)

    def mask(self, units: Iterable[int]) -> int:
        """Mark units in one number, so that two sets are held against each other at once."""
        marks = bytearray(self.n)
        for unit in units:
            marks[unit] = 1
        return int.from_bytes(marks, "little")

    def read_rotation(self, rotation: Any) -> None:
        """Walk around every face; by Euler's formula, units - edges + faces = 2 in the plane."""
        require(len(rotation) == self.n, "a rotation of other units")
        after = {}
        for unit, turn in enumerate(rotation):
            near = sorted(whole(turn, 0, self.n - 1))
            require(near == sorted(self.graph[unit]), "a rotation without all neighbours")
            after.update({(a, unit): (unit, b) for a, b in pairwise([*turn, *turn[:1]])})
        n_faces = int(self.n == 1)  # around a unit alone
        walk: list[int]
        for start in list(after):
            if start not in self.face_of:
                n_faces, walk, dart = n_faces + 1, [], start
                while dart not in self.face_of:
                    self.face_of[dart] = walk
                    walk.append(dart[0])
                    dart = after[dart]
        require(self.n - len(self.edges) + n_faces == 2, "a rotation that is not in the plane")

    def read_row(self, claim: list[Any]) -> Row:
        """Derive a row from its claim, if the claim holds."""
        if claim[0] == "face":
            return self.face(*claim[1:])
        derive: dict[str, Callable[..., tuple[int, dict[int, int], set[int]]]] = {
            "separator": self.separator,
            "joint": self.joint,
            "apart": self.apart,
            "leaf": self.leaf,
        }
        require(claim[0] in derive, f"{claim[0]} is no row that this file knows")
        part = whole(claim[1:2], 0, 1)[0]
        limit, terms, behind = derive[claim[0]](part, *claim[2:])
        if part == 0:  # so far in z = 1 - x, the membership of part 0
            limit -= sum(terms.values())
            terms = {unit: -coefficient for unit, coefficient in terms.items()}
        return Row(limit, terms, part if behind else -1, self.mask(behind))

    def separator(self, _: int, a: Any, wall: Any) -> tuple[int, dict[int, int], set[int]]:
        """Whoever is in the part, like `a`, is reached from a root: z[a] <= sum(z[wall])."""
        whole([a, *wall], 0, self.n - 1)
        terms = {**dict.fromkeys(wall, -1), a: 1}
        require(a not in wall, "a unit in its own separator")
        return 0, terms, flood(self.graph, a, set(wall))

    def joint(self, _: int, targets: Any, zones: Any) -> tuple[int, dict[int, int], set[int]]:
        """Each target is reached through its zone by a tree that grows from a root.

        A unit has one edge towards the root, and counts for at most the zones which that enters.
        """
        inside: dict[int, set[int]] = {}
        behind: set[int] = set()
        for number, target in enumerate(whole(targets, 0, self.n - 1, len(zones))):
            zone = set(whole(zones[number], 0, self.n - 1))
            require(target in zone, "a target outside of its zone")
            behind |= zone
            for unit in zone:
                inside.setdefault(unit, set()).add(number)
        terms = Counter(targets)
        for unit, own in inside.items():
            entered = [len(own - inside.get(other, set())) for other in self.graph[unit]]
            terms[unit] -= max(entered, default=0)
        return 0, terms, behind

    def apart(self, _: int, pair: Any, wall: Any) -> tuple[int, dict[int, int], set[int]]:
        """Two units that only a wall connects: z[a] + z[b] <= 1 + sum(z[wall])."""
        a, b = whole(pair, 0, self.n - 1, 2)
        zone = flood(self.graph, a, set(whole(wall, 0, self.n - 1)))
        require(a not in wall and b not in {*wall, *zone}, "units that are not kept apart")
        return 1, {**dict.fromkeys(wall, -1), a: 1, b: 1}, set()

    def leaf(self, part: int, a: Any) -> tuple[int, dict[int, int], set[int]]:
        """Where a unit loses, it has two neighbours in an optimal plan, or would change sides."""
        whole([a], 0, self.n - 1)
        loses = self.weights[a] < 0 if part == 1 else self.weights[a] > 0
        require(loses and len(self.graph[a]) >= 2, "a leaf that may well stay")
        return 0, {a: 2, **dict.fromkeys(self.graph[a], -1)}, set()

    def face(self, dart: Any, around: Any) -> Row:
        """Around a face, two parts in one piece each do not take turns twice."""
        walk = self.face_of.get(tuple(whole(dart, 0, self.n - 1, 2)), [])
        whole(around, 0, self.n - 1)
        turns = (iter(walk[start:] + walk[:start]) for start in range(len(walk)))
        is_in_order = any(all(unit in turn for unit in around) for turn in turns)
        is_even = len(around) % 2 == 0 < len(around)
        require(is_in_order and is_even, "units that are not in order around a face")
        terms = Counter(around[::2])
        terms.subtract(around[1::2])
        return Row(1, terms)


# -- the tree -------------------------------------------------------------------------------------


class Node:
    """The plans with the decided units in their parts, and with a unit of each set of roots."""

    def __init__(self, sides: list[int], roots: list[set[int] | None], bound: int) -> None:
        self.sides, self.roots, self.bound = sides, roots, bound
        self.split: Any = None
        self.branches: list[Any] = []  # those without a node so far

    def child(self, branch: Any, value: int) -> Node:
        """Start the node of a branch."""
        require(any(type(b) is type(branch) and b == branch for b in self.branches), "no branch")
        self.branches.remove(branch)
        node = Node(list(self.sides), list(self.roots), self.bound)
        kind, first, *more = self.split
        if branch == "with":
            node.roots[first] = set(*more)
            return node
        units, part = ([first], branch) if kind == "unit" else (more[0], 1 - first)
        if not all(node.has_plans_with(unit, part) for unit in units):
            node.bound = min(node.bound, value)
        return node

    def has_plans_with(self, unit: int, part: int) -> bool:
        """Decide a unit; say whether a plan may be left."""
        for holder, held in enumerate(self.roots):
            if held is not None and unit in held:
                rest = {unit} if holder == part else held - {unit}
                self.roots[holder] = rest
                if not rest:
                    return False
        if self.sides[unit] == 1 - part:
            return False
        self.sides[unit] = part
        return True


def bound_of(search: Search, rows: list[Row], nodes: Any, plan: list[int]) -> int:
    """Follow the tree; return the largest bound of its leaves, or else the value of the plan."""
    value = search.value(plan)
    done: list[Node] = []
    for given in nodes:
        parent, branch, steps, split = take(given, "parent", "branch", "steps", "split")
        if done:
            node = done[whole([parent], 0, len(done) - 1)[0]].child(branch, value)
        else:
            require(parent == -1 and branch is None, "a first node with a parent")
            node = Node([FREE] * search.n, [None, None], LARGEST)
        node.bound = min(node.bound, add_up(search, node, [], 1)[0])
        for step in steps:
            node.bound = min(node.bound, take_step(search, rows, node, step, value))
        if split is None:
            if FREE not in node.sides:
                last = value if is_torn(search.graph, node.sides) else search.value(node.sides)
                node.bound = min(node.bound, max(value, last))
        elif split[0] == "unit":
            whole(split[1:], 0, search.n - 1, 1)
            node.branches = [0, 1]
        else:
            require(split[0] == "roots" and len(split) == 3, "a split of unknown kind")
            part = whole(split[1:2], 0, 1)[0]
            has_none = all(side == 1 - part for side in node.sides)
            roots = whole(split[2], 0, search.n - 1)
            require(node.roots[part] is None and (has_none or roots != []), "a split on roots")
            node.branches = ["with", "without"] if roots else ["with"]
        node.split = split
        done.append(node)
    require(bool(done) and not any(node.branches for node in done), "a branch without a node")
    return max([value, *(node.bound for node in done if node.split is None)])


def add_up(
    search: Search, node: Node, used: list[tuple[Row, int]], scale: int
) -> tuple[int, list[int]]:
    """Bound ``scale * value`` in a node by rows times multipliers; return what is left, too."""
    total, rest = 0, [scale * weight for weight in search.weights]
    held = [search.mask(roots or ()) for roots in node.roots]
    for row, multiplier in used:
        holds = row.part < 0 or (held[row.part] != 0 and held[row.part] & row.behind == 0)
        require(holds, "a row that does not hold with the roots of its node")
        total += multiplier * row.limit
        for unit, coefficient in row.terms.items():
            rest[unit] -= multiplier * coefficient
    for left, side in zip(rest, node.sides, strict=True):
        total += left if side == 1 or (side == FREE and left > 0) else 0
    return total, rest


def take_step(search: Search, rows: list[Row], node: Node, step: Any, value: int) -> int:
    """Bound a node, and fix units that no better plan has on the other side."""
    numbers, multipliers, scale, excludes, zero, one = take(
        step, "rows", "multipliers", "scale", "excludes", "zero", "one"
    )
    whole(numbers, 0, len(rows) - 1), whole(multipliers, 0, LARGEST), whole([scale], 1, LARGEST)
    used = [(rows[number], times) for number, times in zip(numbers, multipliers, strict=True)]
    require(type(excludes) is bool, "expected true or false")
    if excludes:  # 0 <= total for every plan of the node
        is_empty = add_up(search, node, used, 0)[0] < 0 and zero == one == []
        require(is_empty, "a node that may have plans")
        return value
    total, rest = add_up(search, node, used, scale)
    slack = total - scale * (value + 1)  # who loses more is not better than the plan at hand
    reached = [reach(search, node, part, rest, slack) for part in (0, 1)]
    has_roots, has_plans = [bool(roots) for roots in node.roots], True
    for part, units in ((0, zero), (1, one)):
        for unit in whole(units, 0, search.n - 1):
            require(node.sides[unit] == FREE, "a unit decided twice")
            has_plans = node.has_plans_with(unit, part) and has_plans
            loss = rest[unit] if part == 1 else -rest[unit]
            is_cut_off = has_roots[1 - part] and unit not in reached[1 - part]
            require(loss > max(slack, 0) or is_cut_off, "a unit fixed that may be on either side")
    return total // int(scale) if has_plans else value


def reach(search: Search, node: Node, part: int, rest: list[int], slack: int) -> set[int]:
    """Collect what a path in a part reaches from a root without losing more than the slack."""
    loss = [
        0 if side == part else slack + 1 if side != FREE else max(0, left if part == 0 else -left)
        for left, side in zip(rest, node.sides, strict=True)
    ]
    reached: set[int] = set()
    queue = sorted((loss[root], root) for root in node.roots[part] or () if loss[root] <= slack)
    while queue:
        lost, unit = heapq.heappop(queue)
        if unit not in reached:
            reached.add(unit)
            for other in search.graph[unit]:
                if lost + loss[other] <= slack:
                    heapq.heappush(queue, (lost + loss[other], other))
    return reached


# -- a folder -------------------------------------------------------------------------------------


def check(certificate: Any, plan_of: dict[str, int]) -> tuple[int, int]:
    """Check a certificate for the parts of units; return what the plan is worth, and its bound."""
    kind, version, given, objective, bound, searches = take(
        certificate, "format", "version", "instance", "objective", "bound", "searches"
    )
    require(kind == "two-nations certificate" and version == 1, "unknown format")
    problem, plan, worth = read_instance(given, plan_of)
    proven = worth
    home: dict[int, int] = {}
    for number, one in enumerate(searches):
        members, rotation, claims, nodes = take(one, "members", "rotation", "rows", "nodes")
        require(members != [] and sorted(set(members)) == members, "units that are not in order")
        home.update(dict.fromkeys(whole(members, 0, len(plan) - 1), number))
        search = Search(members, problem)
        if rotation is not None:
            search.read_rotation(rotation)
        local = [plan[unit] for unit in members]
        rows = [search.read_row(claim) for claim in claims]
        proven += bound_of(search, rows, nodes, local) - search.value(local)
    sizes = [len(one["members"]) for one in searches]
    require(len(home) == len(plan) == sum(sizes), "a unit in no search, or in two of them")
    require(all(home[a] == home[b] for a, b in problem.edges), "an edge between two searches")
    require(objective == worth, f"the plan is worth {worth:,}, not {objective!r}")
    require(type(bound) is int and bound >= proven, f"only {proven:,} is proven, not {bound!r}")
    return worth, proven


def main() -> None:
    """Check the folder that is named on the command line."""
    if len(sys.argv) != 2:
        sys.exit("Usage: python check_certificate.py FOLDER")
    folder = Path(sys.argv[1])
    try:
        with gzip.open(folder / "certificate.json.gz", "rt", encoding="utf-8") as stream:
            certificate = json.load(stream)
        with (folder / "plan.csv").open(encoding="utf-8", newline="") as stream:
            lines = list(csv.DictReader(stream))
        plan_of = {line["GEOID"]: {"red": 0, "blue": 1}[line["nation"]] for line in lines}
        require(len(plan_of) == len(lines), "plan.csv has a unit twice")
        worth, proven = check(certificate, plan_of)
    except OSError as error:
        sys.exit(f"Cannot read {error.filename or folder}: {error.strerror or error}.")
    except (RefusedError, EOFError, LookupError, TypeError, ValueError) as error:
        sys.exit(f"REFUSED: {error}.")
    sys.stdout.write(f"The plan is worth {worth:,}; no plan is worth more than {proven:,}.\n")


if __name__ == "__main__":
    main()
