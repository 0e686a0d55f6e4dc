"""Say where bound and plan part: what a certificate counts as possible and its plan does not do.

Run from a checkout with the package installed, on a bundle::

    partition solve counties --gap 0 --time-limit 120 --certificate --out runs/slack
    python benchmarks/slack.py runs/slack

A bound is a sum of rows times multipliers, and of what is left of each unit's gain. The plan
reaches less by the slack of each row times its multiplier, and by what is left of each unit that it
has on the other side; together, in votes, that is all of the difference. Where one place has a
large share, the relaxation or the plan misses something there.

Knows two contiguous nations and nothing else, like ``examples/check_certificate.py``. Prints a
Markdown table for each kind of row, one for each state, and the largest shares.
"""

from __future__ import annotations

import argparse
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from partition.verify.bundle import CERTIFICATE
from partition.verify.checking import divide
from partition.verify.files import parse, read
from partition.verify.instance import contract, read_instance
from partition.verify.plan import PLAN, read_plan
from partition.verify.rows import Row, Search
from partition.verify.tree import Tree
from shapefiles import load_united_states


class Share(NamedTuple):
    """Part of the difference between the bound of a node and the value of a plan."""

    kind: str
    """Family of the row, or "unit"."""
    unit: int
    """Unit that the row is about: its first."""
    votes: Fraction


class Sum(NamedTuple):
    """The step that gives a node its bound, and the parts decided before it, -1 for none."""

    step: dict[str, Any]
    sides: list[int]

    def bound(self, search: Search, rows: Sequence[Row]) -> Fraction:
        """Bound the plans of the node."""
        total = sum(m * rows[row].limit for row, m in self.rows)
        left = zip(self.rest(search, rows), self.sides, strict=True)
        total += sum(rest if side == 1 else max(rest, 0) for rest, side in left if side)
        return Fraction(total, self.step["scale"])

    @property
    def rows(self) -> list[tuple[int, int]]:
        """Rows and their multipliers."""
        return list(zip(self.step["rows"], self.step["multipliers"], strict=True))

    def rest(self, search: Search, rows: Sequence[Row]) -> list[int]:
        """Take the rows from each unit's gain."""
        rest = [self.step["scale"] * gain for gain in search.gains]
        for row, multiplier in self.rows:
            for coefficient, columns in rows[row].terms:
                for column in columns:
                    rest[column] -= multiplier * coefficient
        return rest


NO_ROWS = {"rows": [], "multipliers": [], "scale": 1}
"""The step that lets every free unit gain what it can."""


def sums_of_nodes(search: Search, nodes: Sequence[dict[str, Any]]) -> Iterator[list[Sum]]:
    """Yield for each node the sums of its own steps and of those of the nodes above it."""
    reached: list[tuple[list[Sum], list[int]]] = []
    for node in nodes:
        sums, sides = [], list(search.fixed)
        if node["parent"] >= 0:
            sums, sides = (list(above) for above in reached[node["parent"]])
            kind, *split = nodes[node["parent"]]["split"]
            if kind == "unit":
                sides[split[0]] = node["branch"]
            elif node["branch"] == "without":
                for unit in split[1]:
                    sides[unit] = 1 - split[0]
        sums.append(Sum(NO_ROWS, list(sides)))
        for step in node["steps"]:
            if not step["excludes"]:
                sums.append(Sum(step, list(sides)))
            for part, units in enumerate((step["zero"], step["one"])):
                for unit in units:
                    sides[unit] = part
        reached.append((sums, sides))
        yield sums


def shares(search: Search, given: dict[str, Any], plan: Sequence[int]) -> list[Share]:
    """Divide the difference between a search's bound and the value of a plan among its places."""
    rows = search.read_rows(given["rows"], "rows")
    tree = Tree(search, rows, plan)
    tree.read(given["nodes"], "nodes")
    if not tree.open_leaves:
        return []
    # The checker knows which leaves are closed, and by what; the worst of the others is explained.
    leaves = [number for number, node in enumerate(tree.nodes) if not node.split]
    worst = max(leaves, key=lambda number: tree.nodes[number].bound)
    sums = list(sums_of_nodes(search, given["nodes"]))[worst]
    bound, found = min(((one.bound(search, rows), one) for one in sums), key=lambda pair: pair[0])
    assert math.floor(bound) == tree.bound, "another bound than the checker's"
    scale = found.step["scale"]
    missing = []
    for number, multiplier in found.rows:
        held = sum(c * sum(plan[unit] for unit in units) for c, units in rows[number].terms)
        kind, *claim = given["rows"][number]
        first = claim[1][0] if kind in {"joint", "potential", "face"} else claim[1]
        votes = Fraction(multiplier * (rows[number].limit - held), scale)
        missing.append(Share(kind, first, votes))
    for unit, (rest, side) in enumerate(zip(found.rest(search, rows), found.sides, strict=True)):
        best = side if side >= 0 else int(rest > 0)
        missing.append(Share("unit", unit, Fraction(rest * (best - plan[unit]), scale)))
    assert sum(share.votes for share in missing) == bound - search.value(plan)
    return [share for share in missing if share.votes]


def main() -> None:
    """Print the shares of a bundle."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--top", type=int, default=20, help="largest shares to list")
    options = parser.parse_args()
    certificate = parse(read(options.bundle / CERTIFICATE), CERTIFICATE)
    instance = read_instance(certificate["instance"])
    if instance.pieces != [1, 1] or instance.budgets or any(instance.edge_costs):
        parser.error(f"{options.bundle} is about more than two contiguous nations")
    plan, _ = read_plan(read(options.bundle / PLAN), instance)
    blocks = contract(instance)
    block_parts = dict(zip(blocks.block_of, plan, strict=True))
    names = dict(zip(blocks.block_of, instance.ids, strict=True))
    country = load_united_states()
    known = dict(zip(country.ids, zip(country.names, country.states, strict=True), strict=True))
    found: list[tuple[Share, str, str]] = []
    for given, (members, _) in zip(
        certificate["searches"], divide(certificate["searches"], blocks), strict=True
    ):
        search = Search(members, blocks, instance.pieces)
        search.read_rotation(given["rotation"], "rotation")
        for share in shares(search, given, [block_parts[block] for block in members]):
            identifier = names[members[share.unit]]
            found.append((share, *known.get(identifier, (identifier, ""))))
    total = sum((share.votes for share, _, _ in found), Fraction(0))
    print(f"{float(total):,.0f} votes between plan and bound\n")
    kinds: dict[str, Fraction] = defaultdict(Fraction)
    states: dict[str, Fraction] = defaultdict(Fraction)
    for share, _, state in found:
        kinds[share.kind] += share.votes
        states[state] += share.votes
    for title, table in (("row", kinds), ("state", states)):
        print(f"| {title} | votes |\n|---|--:|")
        for name, votes in sorted(table.items(), key=lambda one: -one[1]):
            if votes >= 1:
                print(f"| {name} | {float(votes):,.0f} |")
        print()
    print("| row | about | votes |\n|---|---|--:|")
    for share, name, state in sorted(found, key=lambda one: -one[0].votes)[: options.top]:
        print(f"| {share.kind} | {name}, {state} | {float(share.votes):,.0f} |")


if __name__ == "__main__":
    main()
