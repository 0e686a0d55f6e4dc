"""Check a certificate against a plan: instance, searches, rows, trees."""

from __future__ import annotations

import time
from typing import Any

from partition.verify.confirmation import Confirmation
from partition.verify.fields import distinct, entries, fail, fields, show, text, whole, wholes
from partition.verify.instance import Blocks, contract, read_instance
from partition.verify.rows import Search
from partition.verify.tree import Tree


def check(certificate: dict[str, Any], assignment: list[int]) -> Confirmation:
    """Check a certificate against a plan.

    Parameters
    ----------
    certificate
        The content of ``certificate.json.gz``, as JSON gives it.
    assignment
        Part of each unit, 0 or 1, in the order of the certificate's units.

    Returns
    -------
    Confirmation
        What is proven, at least what the certificate claims.

    Raises
    ------
    CertificateError
        When anything is not as claimed; the message names the place.
    """
    started = time.perf_counter()
    names = ("format", "version", "instance", "objective", "bound", "searches")
    kind, version, given, objective, bound, searches = fields(certificate, "certificate", names)
    if text(kind, "format") != "two-nations certificate" or whole(version, "version") != 1:
        fail("format", f"{show(kind)}, version {show(version)}; this program reads version 1.")
    instance = read_instance(given)
    plan = wholes(assignment, "plan", 0, 1, length=len(instance.ids))
    instance.check_plan(plan)
    worth = instance.objective(plan)
    if whole(objective, "objective") != worth:
        fail("objective", f"{objective}, but the plan is worth {worth}.")
    blocks = contract(instance)
    part_of = dict(zip(blocks.block_of, plan, strict=True))
    base = sum(gain[0] for gain in instance.gains)
    proven, value = base, base
    n_rows = n_nodes = n_steps = n_open = 0
    for number, (members, rest) in enumerate(divide(searches, blocks)):
        place = f"searches[{number}]"
        rotation, rows, nodes = rest
        search = Search(members, blocks, instance.pieces)
        search.read_rotation(rotation, f"{place}.rotation")
        local = [part_of[block] for block in members]
        tree = Tree(search, search.read_rows(rows, f"{place}.rows"), local)
        tree.read(nodes, f"{place}.nodes")
        value, proven = value + tree.value, proven + tree.bound
        n_rows, n_nodes = n_rows + len(tree.rows), n_nodes + len(tree.nodes)
        n_steps, n_open = n_steps + tree.n_steps, n_open + len(tree.open_leaves)
    if value != worth:  # of the verifier itself: contraction changed the value of a plan
        fail("objective", f"{worth} by units, but {value} by blocks.")
    if whole(bound, "bound") < proven:
        fail("bound", f"{bound}, but the searches only prove {proven}.")
    return Confirmation(
        worth,
        proven,
        len(plan),
        len(searches),
        n_rows,
        n_nodes,
        n_steps,
        n_open,
        time.perf_counter() - started,
    )


def divide(searches: Any, blocks: Blocks) -> list[tuple[list[int], list[Any]]]:
    """Read which blocks each search is about, and that no constraint reaches over two of them."""
    divided = []
    home: dict[int, int] = {}
    for number, given in enumerate(entries(searches, "searches")):
        place = f"searches[{number}]"
        members, *rest = fields(given, place, ("members", "rotation", "rows", "nodes"))
        if not distinct(members, f"{place}.members", blocks.n_blocks) or members != sorted(members):
            fail(f"{place}.members", "expected blocks in ascending order, at least one.")
        for position, block in enumerate(members):
            if home.setdefault(block, number) != number:
                fail(f"{place}.members[{position}]", f"block {block} is in two searches.")
        divided.append((members, rest))
    for block in range(blocks.n_blocks):
        if block not in home:
            fail("searches", f"block {block} is in none of them.")
    ends = [(unit, end) for unit, *both in blocks.spans for end in both]
    for a, b in (*blocks.edges, *blocks.ties, *blocks.links, *ends):
        if home[a] != home[b]:
            fail("searches", f"blocks {a} and {b} belong together but are in two searches.")
    if blocks.budgets and len(divided) > 1:
        fail("searches", "a budget reaches over all units; expected one search.")
    return divided
