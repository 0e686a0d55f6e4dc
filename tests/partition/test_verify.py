"""No certificate confirms a bound that some plan exceeds; every plan of small instances says so."""

from __future__ import annotations

import ast
import copy
import gzip
import json
import random
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import partition
from partition import verify as verify_module
from partition.dataset import Dataset
from partition.errors import BundleError, CertificateError
from partition.scenario import Scenario
from partition.verify import check, verify
from partition.verify_instance import contract, read_instance
from partition.verify_rows import Search
from tests.partition import certificates
from tests.partition.certificates import (
    KINDS,
    Part,
    all_plans,
    draw_instance,
    is_plan,
    worth,
    write_certificate,
)

SEEDS = st.integers(0, 2**32 - 1)
PLACE = re.compile(r"^[\w.\[\], :]+: ")
UNBOUNDED = 2**62
STEP = {"rows": [0], "multipliers": [1], "scale": 1, "excludes": False, "zero": [], "one": []}


def drawn_certificate(seed, *, best=True, max_units=7, max_nodes=60, plain=None, pieces=None):
    """Draw an instance that has plans, one of them, and a certificate."""
    rng = random.Random(seed)
    while True:
        is_plain = rng.random() < 0.3 if plain is None else plain
        instance = draw_instance(rng, max_units, plain=is_plain)
        instance["pieces"] = pieces or instance["pieces"]
        plans = all_plans(instance)
        values = [worth(instance, plan) for plan in plans]
        is_easy = sum(map(max, instance["gains"])) == max(values, default=0)
        if plans and (not is_easy or rng.random() < 0.1):
            break
    plan = plans[values.index(max(values))] if best else rng.choice(plans)
    return write_certificate(rng, instance, plan, max_nodes), list(plan), max(values)


def refusal(certificate, plan):
    """Say why a certificate is refused, None where it is accepted."""
    try:
        check(certificate, plan)
    except CertificateError as error:
        return str(error)
    return None


# -- honest certificates ------------------------------------------------------------------------


@settings(max_examples=60)
@given(SEEDS, st.booleans())
def test_an_honest_certificate_is_confirmed_and_bounds_every_plan(seed, best):
    certificate, plan, optimum = drawn_certificate(seed, best=best)
    confirmation = check(certificate, plan)
    assert confirmation.objective == worth(certificate["instance"], plan)
    assert confirmation.bound >= optimum
    assert confirmation.n_steps == sum(
        len(node["steps"]) for search in certificate["searches"] for node in search["nodes"]
    )


def test_nearly_all_trees_close_at_the_optimum_and_use_every_kind_of_row():
    used, statuses = Counter(), Counter()
    for seed in range(240):
        plain, pieces = [(None, None), (True, [1, 1]), (True, [2, 1]), (True, [2, 2])][seed % 4]
        certificate, plan, optimum = drawn_certificate(seed, plain=plain, pieces=pieces)
        confirmation = check(certificate, plan)
        statuses[confirmation.status] += confirmation.bound == optimum
        used.update(row[0] for search in certificate["searches"] for row in search["rows"])
        nodes = [node for search in certificate["searches"] for node in search["nodes"]]
        used.update(node["split"][0] for node in nodes if node["split"])
        steps = [step for node in nodes for step in node["steps"]]
        used["excludes"] += sum(step["excludes"] for step in steps)
        used["fixed"] += sum(len(step["zero"]) + len(step["one"]) for step in steps)
        used["searches"] += len(certificate["searches"]) > 1
    assert statuses["OPTIMAL"] >= 225, statuses
    for name in [*KINDS, "unit", "roots", "excludes", "fixed", "searches"]:
        assert used[name] >= 3, (name, used)


@settings(max_examples=40)
@given(SEEDS)
def test_a_tree_cut_short_confirms_a_weaker_bound(seed):
    certificate, plan, optimum = drawn_certificate(seed, best=False, max_nodes=2)
    assert check(certificate, plan).bound >= optimum


@settings(max_examples=40)
@given(SEEDS)
def test_a_claim_below_what_is_proven_is_refused(seed):
    certificate, plan, _ = drawn_certificate(seed)
    certificate["bound"] = check(certificate, plan).bound
    assert check(certificate, plan).bound == certificate["bound"]
    certificate["bound"] -= 1
    with pytest.raises(CertificateError, match=r"^bound: .* only prove"):
        check(certificate, plan)


def test_the_confirmation_is_a_paragraph_for_people():
    certificate, plan, _ = drawn_certificate(5)
    confirmation = check(certificate, plan)
    assert "\n" not in confirmation.text
    assert f"{confirmation.objective:,}" in confirmation.text
    certificate["searches"][0]["nodes"][:] = [
        {"parent": -1, "branch": None, "steps": [], "split": None}
    ]
    unproven = check(certificate, plan)
    assert unproven.gap > 0
    assert "; 1 leaf is open. " in unproven.text
    assert "; 2 leaves are open. " in replace(unproven, n_open=2).text


# -- rows ---------------------------------------------------------------------------------------


def wild_rows(rng, part, roots):
    """Draw claims of every kind, true and false ones."""
    units = range(part.n)

    def some(most=part.n):
        return rng.sample(units, rng.randint(0, min(most, part.n)))

    def unit():
        return rng.randrange(part.n)

    def side():
        return rng.randint(0, 1)

    home = sorted(part.landmass[unit()])
    elsewhere = sorted(rng.sample(home, rng.randint(1, len(home))))
    other = [elsewhere if rng.random() < 0.6 else chosen for chosen in roots]
    rows = rng.sample(honest := part.draw_rows(rng, other, 2), min(25, len(honest)))
    rows += [["separator", side(), unit(), some(3)] for _ in range(4)]
    rows += [["joint", side(), [unit(), unit()], [some(), some()]] for _ in range(4)]
    for _ in range(4):
        chains = [part.draw_chain(rng, unit(), ()) for _ in range(rng.randint(0, 3))]
        chains += [some(2)] if rng.random() < 0.2 else []
        rows.append(["chain", side(), unit(), chains])
    rows += [["leaf", side(), unit()] for _ in range(4)]
    for _ in range(4):
        part_of_row = side()
        size = part.pieces[part_of_row] + rng.choice([0, 1, 1, 1, 2])
        rows.append(["apart", part_of_row, some(size), some(3)])
        if part.walks:
            dart = rng.choice(sorted(part.walks))
            walk = part.walks[dart] if rng.random() < 0.7 else list(units)
            around = [rng.choice(walk) for _ in range(rng.choice([2, 4, 4, 6]))]
            rows.append(["face", list(dart), around])
            rows.append(["turn", list(dart), [rng.randint(-1, 1) for _ in walk]])
    rows += [["cut", rng.randrange(9), rng.randrange(4)]]
    rows += [["tie", 0, side()], ["tie", rng.randrange(3), 0]]
    rows += [["budget", rng.randrange(2), side()], ["seeds", side()], ["seed", side(), unit()]]
    rows += [["peak", side(), unit(), unit()] for _ in range(3)]
    return rows


def chain_of_roots(roots, step):
    """Write a tree in which one node has both root sets, and the step is taken there."""
    nodes = [{"parent": -1, "branch": None, "steps": [], "split": None}]
    end = 0
    for side, chosen in enumerate(roots):
        if chosen:
            nodes[end]["split"] = ["roots", side, chosen]
            nodes += [
                {"parent": end, "branch": branch, "steps": [], "split": None}
                for branch in ("with", "without")
            ]
            end = len(nodes) - 2
    nodes[end]["steps"].append(step)
    return nodes


def named_columns(search):
    """Name the verifier's columns as the tests do."""
    names = {unit: ("x", unit) for unit in range(search.n_units)}
    for part, columns in enumerate(search.founders):
        names |= {column: ("r", part, unit) for unit, column in enumerate(columns)}
    names |= {column: ("y", edge) for edge, column in search.cut.items()}
    names |= {column: ("s", number) for number, column in search.missed.items()}
    return names


def draw_claims(seed, pieces=None):
    """Draw an instance in one search, root sets, and claims about them."""
    rng = random.Random(seed)
    while True:
        instance = draw_instance(rng, 6, plain=rng.random() < 0.3)
        instance["pieces"] = pieces or instance["pieces"]
        plans = all_plans(instance)
        if plans:
            break
    blocks = certificates.contract(instance)
    part = Part(instance, blocks, list(range(len(blocks["weights"]))))
    roots = []
    for most in instance["pieces"]:
        home = sorted(part.landmass[rng.randrange(part.n)]) if rng.random() < 0.8 else range(part.n)
        is_given = most and rng.random() < 0.8
        roots.append(sorted(rng.sample(home, rng.randint(1, len(home)))) if is_given else None)
    return instance, plans, part, roots, wild_rows(rng, part, roots)


def test_every_row_that_is_accepted_holds_for_every_plan():
    """Thousands of claims: accepted ones hold for all plans that their roots allow."""
    accepted, refused = Counter(), Counter()
    for seed in range(400):
        instance, plans, part, roots, rows = draw_claims(seed)
        local = part.plans()
        best = max(map(part.value, local))
        points = [(plan, part.point(plan, roots)) for plan in local]
        held = [
            (plan, point)
            for plan, point in points
            if all(
                not chosen or any(plan[root] == side for root in chosen)
                for side, chosen in enumerate(roots)
            )
        ]
        search = Search(part.members, contract(read_instance(instance)), instance["pieces"])
        search.read_rotation(part.rotation, "rotation")
        names = named_columns(search)
        tops = [1] * search.n_units + search.tops
        columns = zip(search.gains, tops, strict=True)
        assert {names[number]: pair for number, pair in enumerate(columns)} == part.columns()
        for _, point in points:
            assert all(0 <= point[name] <= top for name, (_, top) in part.columns().items())
        for row in rows:
            certificate = one_step(instance, part, plans[0], [row], roots, STEP)
            reason = refusal(certificate, list(plans[0]))
            if reason:
                assert PLACE.match(reason), reason
                refused[row[0]] += 1
                continue
            accepted[row[0]] += 1
            terms, limit = part.write(row)
            (read,) = search.read_rows([row], "rows")
            derived = Counter()
            for coefficient, columns in read.terms:
                for column in columns:
                    derived[names[column]] += coefficient
            assert {k: v for k, v in derived.items() if v} == {k: v for k, v in terms.items() if v}
            assert read.limit == limit
            needs_roots = row[0] in {"separator", "joint", "chain", "seeds"}
            for plan, point in held if needs_roots else points:
                if row[0] == "leaf" and part.value(plan) < best:
                    continue
                total = sum(factor * point[column] for column, factor in terms.items())
                assert total <= limit, (seed, row, roots, plan)
    assert sum(accepted.values()) > 5000
    for kind in KINDS:
        assert accepted[kind] >= 20, (kind, accepted)
        assert refused[kind] >= 20, (kind, refused)


def one_step(instance, part, plan, rows, roots, step):
    """Write a certificate whose only step is taken where the root sets are chosen."""
    search = {"members": part.members, "rotation": part.rotation, "rows": rows}
    return {
        "format": "two-nations certificate",
        "version": 1,
        "instance": instance,
        "objective": worth(instance, plan),
        "bound": UNBOUNDED,
        "searches": [{**search, "nodes": chain_of_roots(roots, step)}],
    }


def test_units_are_fixed_only_where_no_better_plan_has_them_otherwise():
    """By the sum of the rows or by the cheapest path: what is accepted is true, and no less."""
    fixed, refused = Counter(), 0
    for seed in range(150):
        instance, plans, part, roots, _ = draw_claims(seed, [1, 1] if seed % 4 else None)
        rng = random.Random(seed)
        plan = rng.choice(sorted(plans, key=lambda one: worth(instance, one))[-4:])
        by_block = {b: plan[unit] for unit, b in certificates.contract(instance)["of"].items()}
        value = part.value([by_block[block] for block in part.members])
        better = [
            local
            for local in part.plans()
            if part.value(local) > value
            and all(not r or any(local[u] == side for u in r) for side, r in enumerate(roots))
        ]
        sides = [None if fix < 0 else fix for fix in part.fixed]
        rows = [row for row in part.draw_rows(rng, roots, 3) if row[0] not in {"leaf", "face"}]
        multipliers, scale = part.best_multipliers(rows, sides) or ([0] * len(rows), 1)
        multipliers = [rng.choice([m, m, m // 2]) for m in multipliers]
        rest, total = part.add_up(rows, multipliers, scale, sides)
        for unit, target in product(range(part.n), (0, 1)):
            step = {
                "rows": list(range(len(rows))),
                "multipliers": multipliers,
                "scale": scale,
                "excludes": False,
                "zero": [] if target else [unit],
                "one": [unit] if target else [],
            }
            reason = refusal(one_step(instance, part, plan, rows, roots, step), list(plan))
            slope = rest["x", unit] if target else -rest["x", unit]
            other = roots[1 - target] or []
            by_sum = slope > 0 and (total - slope) // scale <= value
            by_path = False
            if other and part.pieces[1 - target] == 1 and set(other) <= part.landmass[unit]:
                loss = part.paths(rest, sides, other, 1 - target, unit)
                by_path = loss is None or (total - loss) // scale <= value
            is_free = sides[unit] is None
            assert (reason is None) == (is_free and (by_sum or by_path)), (seed, unit, reason)
            if reason is None:
                assert all(local[unit] == target for local in better), (seed, unit)
                fixed["sum" if by_sum else "path"] += 1
            else:
                assert PLACE.match(reason)
                refused += 1
    assert fixed["sum"] > 50
    assert fixed["path"] > 50
    assert refused > 200


@pytest.mark.parametrize(
    ("change", "row", "message"),
    [
        ({}, ["separator", 1, 0, [2]], "does not hold with the roots"),
        ({}, ["chain", 1, 0, [[1], [3]]], "does not hold with the roots"),
        ({}, ["chain", 1, 0, [[1], [0]]], "in its own separator"),
        ({}, ["chain", 1, 0, [[1], []]], "a chain without units"),
        ({}, ["chain", 1, 0, [[1, 2, 3]]], "no edge with a cost between units 1 and 2"),
        (
            {"edge_costs": [1] * 4, "links": [[1, 3]], "link_costs": [1]},
            ["chain", 1, 0, [[1, 3]]],
            "no edge with a cost between units 1 and 3",
        ),
        ({"pieces": [1, 0]}, ["chain", 1, 0, [[1], [3]]], "any number of pieces"),
        ({}, ["face", [0, 1], [0, 2, 1, 3]], "do not occur in this order"),
        ({}, ["face", [0, 2], [0, 1, 2, 3]], "no such dart"),
        ({}, ["turn", [0, 1], [1, 1, 0, 1]], r"edge \d costs nothing"),
        ({}, ["turn", [0, 1], [1, 1, 1]], "4"),
        ({}, ["turn", [0, 2], [1, 1, 1, 1]], "no such dart"),
        ({"pieces": [1, 0]}, ["turn", [0, 1], [1, 1, 1, 1]], "any number of pieces"),
        ({"edge_costs": [1] * 4}, ["cut", 2, 4], "4, expected .* from 0 to 3"),
        ({}, ["leaf", 1, 0], "gains 5"),
        ({}, ["apart", 1, [0, 2], [1]], "connected to a later one"),
        ({}, ["apart", 1, [0, 2, 1], [3]], "3 units, expected 2"),
        ({}, ["peak", 1, 0, 1], "part 1 may have 1 pieces"),
        ({"pieces": [1, 0]}, ["face", [0, 1], [0, 1, 2, 3]], "any number of pieces"),
        ({"pieces": [1, 0]}, ["separator", 1, 0, [1, 3]], "any number of pieces"),
        ({"pieces": [1, 2]}, ["seeds", 1], "does not hold with the roots"),
        ({"pieces": [1, 2]}, ["peak", 1, 0, 1], "ranks below"),
        ({"edge_costs": [1, 0, 0, 0]}, ["leaf", 0, 0], "edge costs or budgets"),
        ({"fixed": [1, -1, -1, -1]}, ["leaf", 0, 0], "not free to change sides"),
        ({"groups": [4, -1, 4, -1]}, ["leaf", 0, 0], "not free to change sides"),
        ({"edge_costs": [1, 0, 0, 0]}, ["cut", 2, 0], "edge 2 costs nothing"),
        ({"links": [[0, 2]], "link_costs": [1]}, ["leaf", 0, 1], "edge costs or budgets"),
        ({"links": [[0, 2]], "link_costs": [1]}, ["cut", 5, 0], "5, expected .* from 0 to 4"),
    ],
)
def test_a_row_is_refused_where_its_condition_fails(change, row, message):
    """A square 0-1-2-3 whose corners 0 and 2 gain in part 1."""
    instance = {
        "ids": ["a", "b", "c", "d"],
        "gains": [[0, 5], [3, 0], [0, 4], [2, 0]],
        "edges": [[0, 1], [0, 3], [1, 2], [2, 3]],
        "edge_costs": [],
        "fixed": [-1] * 4,
        "groups": [-1] * 4,
        "pieces": [1, 1],
        "budgets": [],
        "links": [],
        "link_costs": [],
    } | change
    search = {
        "members": [0, 1, 2, 3],
        "rotation": [[1, 3], [2, 0], [3, 1], [0, 2]],
        "rows": [row],
        "nodes": [{"parent": -1, "branch": None, "steps": [STEP], "split": None}],
    }
    plan = [1, 1, 1, 1]
    certificate = {
        "format": "two-nations certificate",
        "version": 1,
        "instance": instance,
        "objective": worth(instance, plan),
        "bound": UNBOUNDED,
        "searches": [search],
    }
    with pytest.raises(CertificateError, match=message):
        check(certificate, plan)


def path_certificate():
    """Write a tree on the path 0-1-2 whose ends gain in part 1, with an infeasible leaf."""
    instance = {
        "ids": ["a", "b", "c"],
        "gains": [[0, 5], [7, 0], [0, 4]],
        "edges": [[0, 1], [1, 2]],
        "edge_costs": [],
        "fixed": [-1] * 3,
        "groups": [-1] * 3,
        "pieces": [0, 1],
        "budgets": [],
        "links": [],
        "link_costs": [],
    }
    closed = STEP | {"excludes": True}
    nodes = [
        {"parent": -1, "branch": None, "steps": [], "split": ["unit", 1]},
        {"parent": 0, "branch": 1, "steps": [], "split": None},
        {"parent": 0, "branch": 0, "steps": [], "split": ["unit", 0]},
        {"parent": 2, "branch": 0, "steps": [], "split": None},
        {"parent": 2, "branch": 1, "steps": [], "split": ["unit", 2]},
        {"parent": 4, "branch": 0, "steps": [], "split": None},
        {"parent": 4, "branch": 1, "steps": [closed], "split": None},
    ]
    return {
        "format": "two-nations certificate",
        "version": 1,
        "instance": instance,
        "objective": 12,
        "bound": 12,
        "searches": [
            {"members": [0, 1, 2], "rotation": None}
            | {"rows": [["apart", 1, [0, 2], [1]]], "nodes": nodes}
        ],
    }


BUDGET = {"name": "people", "amounts": [1, 1, 1], "lower": None, "upper": None, "price": None}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, None),
        ({"fixed": [-1, 1, -1]}, r"plan\[1\]: 0, but the unit is fixed to 1"),
        ({"groups": [3, 3, -1]}, r"plan\[1\]: 0, but unit 0 of its group is not"),
        ({"groups": [3, -1, 3]}, r"plan\[2\]: 0, but unit 0 of its group is not"),
        ({"pieces": [1, 1], "edges": [[0, 1]]}, None),
        ({"pieces": [1, 1], "edges": [[0, 1], [0, 2]]}, "plan: part 0 has 2 pieces on landmass 0"),
        ({"budgets": [BUDGET | {"upper": 1}]}, None),
        ({"budgets": [BUDGET | {"upper": 0}]}, r"budgets\[0\]: the plan misses it by 1"),
        ({"budgets": [BUDGET | {"lower": 3}]}, r"budgets\[0\]: the plan misses it by 2"),
        ({"budgets": [BUDGET | {"lower": 3, "price": -1}]}, r"price: -1, expected"),
        ({"budgets": [BUDGET | {"amounts": [1, -1, 1]}]}, r"amounts\[1\]: -1, expected"),
        ({"edges": [[0, 1], [0, 1]]}, r"edges\[1\]: \[0, 1\], expected the smaller"),
        ({"edges": [[1, 0]]}, r"edges\[0\]: \[1, 0\], expected the smaller"),
        ({"edges": [[1, 1]]}, r"edges\[0\]: \[1, 1\], expected the smaller"),
        ({"edge_costs": [-1, 0]}, r"edge_costs\[0\]: -1, expected"),
        ({"links": [[0, 2]], "link_costs": [-1]}, r"link_costs\[0\]: -1, expected"),
        ({"fixed": [1, 0, -1], "groups": [3, 3, -1]}, r"plan\[1\]: 0, but unit 0"),
        ({"ids": ["a", "a", "c"]}, "ids: 'a' is given 2 times"),
    ],
)
def test_a_plan_that_breaks_a_constraint_is_refused_whatever_it_is_worth(change, message):
    certificate = path_certificate()
    instance = certificate["instance"]
    instance |= change
    plan = [1, 0, 0]
    certificate["objective"] = worth(instance, plan)
    certificate["bound"] = UNBOUNDED
    search = certificate["searches"][0]
    search |= {"rows": [], "nodes": search["nodes"][:1]}
    search["nodes"][0]["split"] = None
    if message is None:
        assert check(certificate, plan).objective == worth(instance, plan)
    else:
        with pytest.raises(CertificateError, match=message):
            check(certificate, plan)


@pytest.mark.parametrize(
    ("change", "members", "message"),
    [
        ({"edges": [[0, 1]]}, [[0, 1], [2]], None),
        ({"edges": [[0, 1]]}, [[2], [0, 1]], None),
        ({}, [[0, 1], [2]], "blocks 1 and 2 belong together"),
        ({"edges": [[0, 1]], "groups": [-1, 3, 3]}, [[0, 1], [2]], "blocks 1 and 2 belong"),
        (
            {"edges": [[0, 1]], "links": [[0, 2]], "link_costs": [1]},
            [[0, 1], [2]],
            "blocks 0 and 2",
        ),
        ({"edges": [[0, 1]], "budgets": [BUDGET]}, [[0, 1], [2]], "a budget reaches over all"),
        ({"edges": [[0, 1]]}, [[0, 1]], "block 2 is in none of them"),
        ({"edges": [[0, 1]]}, [[0, 1], [1, 2]], r"searches\[1\].members\[0\]: block 1 is in two"),
        ({"edges": [[0, 1]]}, [[0, 1], [2, 2]], r"members\[1\]: 2 is given twice"),
        ({"edges": [[0, 1]]}, [[1, 0], [2]], "expected blocks in ascending order"),
        ({"edges": [[0, 1]]}, [[0, 1], [2], []], "at least one"),
        ({"edges": [[0, 1]]}, [[0, 1], [2, 3]], r"members\[1\]: 3, expected"),
        ({"groups": [3, 3, -1]}, [[0, 1, 2]], r"members\[2\]: 2, expected .* from 0 to 1"),
        ({"groups": [3, 3, -1]}, [[0, 1]], None),
    ],
)
def test_searches_divide_what_nothing_joins(change, members, message):
    certificate = path_certificate()
    instance = certificate["instance"]
    instance |= change
    plan = [0, 0, 0]
    certificate |= {"objective": worth(instance, plan), "bound": UNBOUNDED}
    node = {"parent": -1, "branch": None, "steps": [], "split": None}
    certificate["searches"] = [
        {"members": one, "rotation": None, "rows": [], "nodes": [node]} for one in members
    ]
    if message is None:
        best = max(worth(instance, plan) for plan in all_plans(instance))
        assert check(certificate, plan).bound >= best
    else:
        with pytest.raises(CertificateError, match=message):
            check(certificate, plan)


def test_a_tree_without_multipliers_proves_by_its_single_plans():
    assert check(path_certificate(), [1, 0, 0]).status == "OPTIMAL"


@pytest.mark.parametrize(
    ("node", "change", "message"),
    [
        (
            6,
            {"steps": [STEP | {"excludes": True, "zero": [1]}]},
            r"excludes: -1 is not negative, or",
        ),
        (6, {"steps": [STEP | {"excludes": True, "multipliers": [0]}]}, "excludes: 0 is not neg"),
        (6, {"steps": [STEP | {"multipliers": [-1]}]}, r"multipliers\[0\]: -1, expected"),
        (6, {"split": ["roots", 0, [1]]}, r"split\[1\]: part 0 has its roots, or may have any"),
        (6, {"split": ["roots", 1, []]}, r"split\[2\]: it is empty"),
        (6, {"split": ["roots", 1, [3]]}, r"split\[2\]\[0\]: 3, expected"),
        (6, {"split": ["units", 1]}, "split: expected null"),
        (6, {"split": []}, "split: expected null"),
        (5, {"parent": 5}, r"nodes\[5\].parent: 5, expected a whole number from 0 to 4"),
        (5, {"parent": 3}, r"nodes\[5\].branch: 0 is not a branch left at node 3"),
        (5, {"branch": 1}, r"nodes\[6\].branch: 1 is not a branch left at node 4"),
        (5, {"branch": False}, r"nodes\[5\].branch: False is not a branch"),
        (5, {"split": ["unit", 2]}, r"nodes\[5\].split: no node is its branch 0"),
        (0, {"branch": 0}, r"nodes\[0\].branch: 0, expected null"),
        (0, {"parent": 0}, r"nodes\[0\].parent: 0, expected"),
    ],
)
def test_a_node_is_refused_with_its_place(node, change, message):
    certificate = path_certificate()
    certificate["searches"][0]["nodes"][node] |= change
    with pytest.raises(CertificateError, match=message):
        check(certificate, [1, 0, 0])


def test_roots_are_chosen_once():
    certificate = path_certificate()
    search = certificate["searches"][0]
    split = ["roots", 1, [0]]
    search["nodes"] = [
        {"parent": -1, "branch": None, "steps": [], "split": split},
        {"parent": 0, "branch": "with", "steps": [], "split": split},
    ]
    with pytest.raises(CertificateError, match=r"nodes\[1\].split\[1\]: part 1 has its roots"):
        check(certificate, [1, 0, 0])


def test_face_rows_need_an_embedding_in_the_plane():
    """Rotations at random, of graphs planar and not, are judged by another count of the faces."""
    refused = 0
    for seed in range(60):
        rng = random.Random(seed)
        instance = draw_instance(rng, 7, plain=True)
        blocks = certificates.contract(instance)
        part = Part(instance, blocks, list(range(len(blocks["weights"]))))
        rotation = [rng.sample(list(part.graph[u]), part.graph.degree(u)) for u in range(part.n)]
        search = Search(part.members, contract(read_instance(instance)), instance["pieces"])
        darts = {(a, b) for a, near in enumerate(rotation) for b in near}
        n_faces = 0
        while darts:
            n_faces += 1
            dart = start = min(darts)
            while True:
                darts.remove(dart)
                near = rotation[dart[1]]
                dart = (dart[1], near[(near.index(dart[0]) + 1) % len(near)])
                if dart == start:
                    break
        n_isolated = sum(not near for near in rotation)
        n_landmasses = len(set(part.landmass.values()))
        euler = part.n - len(part.edges) + n_faces + n_isolated
        if euler == 2 * n_landmasses:
            search.read_rotation(rotation, "rotation")
        else:
            refused += 1
            with pytest.raises(CertificateError, match="not an embedding in the plane"):
                search.read_rotation(rotation, "rotation")
        if part.rotation is None:
            assert euler < 2 * n_landmasses
    assert 10 <= refused <= 50


# -- tampering ----------------------------------------------------------------------------------


def spots(value, path=()):
    """List the path of everything in a document."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from spots(value[key], (*path, key))
    elif isinstance(value, list):
        for position in range(len(value)):
            yield from spots(value[position], (*path, position))


def at(document, path):
    """Find what stands at a path."""
    for step in path:
        document = document[step]
    return document


def tampered(document):
    """Yield copies of a document with one change each."""
    for path in list(spots(document))[1:]:
        here = at(document, path)
        swaps = [None, True, 1.5, "x", [], {}, float("nan"), 10**30, -1]
        if type(here) is int:
            swaps += [here + 1, here - 1, -here, float(here)]
        elif type(here) is bool:
            swaps += [not here, int(here)]
        for swap in swaps:
            copied = copy.deepcopy(document)
            at(copied, path[:-1])[path[-1]] = swap
            yield copied
        copied = copy.deepcopy(document)
        del at(copied, path[:-1])[path[-1]]
        yield copied
        copied = copy.deepcopy(document)
        holder = at(copied, path[:-1])
        if isinstance(holder, list):
            holder.insert(path[-1], copy.deepcopy(here))
        else:
            holder["more"] = here
        yield copied


class Truth:
    """The optimum of an instance, looked up among all its plans once."""

    def __init__(self):
        self.known = {}

    def optimum(self, instance):
        key = json.dumps(instance)
        if key not in self.known:
            self.known[key] = max(worth(instance, plan) for plan in all_plans(instance))
        return self.known[key]


def confirm_or_refuse(certificate, plan, truth):
    """Say whether a certificate is accepted, and see that what it confirms is true."""
    reason = refusal(certificate, plan)
    if reason:
        assert PLACE.match(reason), reason
        return False
    confirmation = check(certificate, plan)
    instance = certificate["instance"]
    assert is_plan(instance, plan)
    assert confirmation.objective == worth(instance, plan)
    assert confirmation.bound >= truth.optimum(instance)
    return True


@pytest.mark.parametrize("seed", range(12))
def test_any_single_change_is_refused_with_its_place_or_leaves_the_claims_true(seed):
    certificate, plan, _ = drawn_certificate(seed, best=seed % 3 > 0, max_units=5, max_nodes=12)
    truth, accepted, total = Truth(), 0, 0
    for changed in tampered(certificate):
        accepted += confirm_or_refuse(changed, plan, truth)
        total += 1
    assert accepted < 0.2 * total


def test_a_change_of_a_tight_certificate_is_refused_unless_it_proves_the_same():
    certificate, plan, optimum = drawn_certificate(8, max_units=5)
    certificate["bound"] = optimum
    assert check(certificate, plan).status == "OPTIMAL"
    truth = Truth()
    for changed in tampered(certificate):
        if confirm_or_refuse(changed, plan, truth):
            confirmation = check(changed, plan)
            assert changed["bound"] >= confirmation.bound


def forge_tree(rng, search):
    """Leave out, move or rename a node, or swap the steps of two."""
    nodes = search["nodes"]
    node, other = rng.choice(nodes), rng.choice(nodes)
    trick = rng.choice(["leave out", "move", "rename", "cut off", "swap", "reorder"])
    if trick == "leave out" and len(nodes) > 1:
        nodes.remove(node)
    elif trick == "move":
        node["parent"] = rng.randrange(-1, len(nodes))
    elif trick == "rename":
        node["branch"] = rng.choice([0, 1, "with", "without", None])
    elif trick == "cut off":
        node["split"] = None
    elif trick == "swap":
        node["steps"], other["steps"] = other["steps"], node["steps"]
    elif trick == "reorder":
        rng.shuffle(nodes)


def forge_split(rng, search):
    """Choose other roots, or split on another unit."""
    n_units = len(search["members"])
    for node in rng.sample(search["nodes"], len(search["nodes"])):
        if node["split"] and node["split"][0] == "roots":
            node["split"][2] = sorted(rng.sample(range(n_units), rng.randint(0, n_units)))
            return
        if node["split"]:
            node["split"][1] = rng.randrange(n_units)


def forge_step(rng, search):
    """Fix a unit more, or add up other rows, by other multipliers, to another scale."""
    steps = [step for node in search["nodes"] for step in node["steps"]]
    step = rng.choice(steps or [{}])
    tricks = ["fix", "rows", "multipliers", "subtract", "scale", "excludes"]
    trick = rng.choice(tricks) if step else ""
    if trick == "fix":
        step[rng.choice(["zero", "one"])].append(rng.randrange(len(search["members"])))
    elif trick == "rows":
        step["rows"] = [rng.randrange(len(search["rows"])) for _ in step["rows"]]
    elif trick == "multipliers":
        step["multipliers"] = [m * rng.choice([1, 1, 2, -1]) for m in step["multipliers"]]
    elif trick == "subtract" and search["rows"]:
        step["rows"].append(rng.randrange(len(search["rows"])))
        step["multipliers"].append(-step["scale"] * rng.choice([1, 5, 1000]))
    elif trick == "scale":
        step["scale"] = rng.choice([1, 2 * step["scale"], step["scale"] // 2])
    elif trick == "excludes":
        step["excludes"] = not step["excludes"]


def forge_row(rng, search):
    """Change a unit that a row claims something about, or give it one more or less."""
    rows, n_units = search["rows"], len(search["members"])
    paths = [path for path in spots(rows) if type(at(rows, path)) is int]
    if paths:
        path = rng.choice(paths)
        claim = at(rows, path[:-1])
        trick = rng.choice(["change", "change", "drop", "add"])
        if trick == "change":
            claim[path[-1]] = rng.randrange(n_units)
        elif trick == "drop":
            del claim[path[-1]]
        else:
            claim.append(rng.randrange(n_units))


def forged(rng, certificate):
    """Change a certificate the way somebody would who wants a false bound."""
    changed = copy.deepcopy(certificate)
    for _ in range(rng.choice([1, 1, 2, 3])):
        forge = rng.choice([forge_tree, forge_split, forge_step, forge_row, forge_row])
        forge(rng, rng.choice(changed["searches"]))
    return changed


@pytest.mark.parametrize("seed", range(40))
def test_no_forgery_confirms_less_than_the_optimum(seed):
    rng = random.Random(seed)
    certificate, plan, _ = drawn_certificate(1000 + seed, best=False, max_nodes=20)
    truth = Truth()
    accepted = sum(confirm_or_refuse(forged(rng, certificate), plan, truth) for _ in range(150))
    assert accepted < 150


@pytest.mark.parametrize("seed", range(20))
def test_another_plan_is_refused_or_truly_as_good_as_claimed(seed):
    certificate, plan, _ = drawn_certificate(seed)
    truth = Truth()
    for other in product((0, 1), repeat=len(plan)):
        confirm_or_refuse(certificate, list(other), truth)
    for wrong in ([*plan, 0], plan[1:], [2, *plan[1:]], [True, *plan[1:]], tuple(plan)):
        with pytest.raises(CertificateError, match=r"^plan"):
            check(certificate, wrong)


# -- bundles ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def archipelago():
    """The country without contiguity, whose optimum every unit decides for itself."""
    data = Dataset.embedded()
    scenario = Scenario.shipped("archipelago")
    votes = data.units.votes["2016"].tolist()
    gains = [[red, blue] for blue, red in votes]
    active = data.units.edges.select()
    edges = data.units.edges.pairs[active].tolist()
    plan = [int(blue > red) for red, blue in gains]
    objective = sum(map(max, gains))
    instance = {
        "ids": data.units.ids.tolist(),
        "gains": gains,
        "edges": edges,
        "edge_costs": [],
        "fixed": [-1] * len(plan),
        "groups": [-1] * len(plan),
        "pieces": [0, 0],
        "budgets": [],
        "links": [],
        "link_costs": [],
    }
    node = {"parent": -1, "branch": None, "steps": [], "split": None}
    certificate = {
        "format": "two-nations certificate",
        "version": 1,
        "instance": instance,
        "objective": objective,
        "bound": objective,
        "searches": [
            {"members": list(range(len(plan))), "rotation": None, "rows": [], "nodes": [node]}
        ],
    }
    document = {
        "scenario": scenario.to_table(),
        "data": {"source": data.source, "sha256": dict(data.hashes)},
        "status": "OPTIMAL",
        "objective": objective,
        "bound": objective,
    }
    return certificate, plan, document


def write_bundle(folder, certificate, plan, document):
    """Write the three files that are verified."""
    names = ("red", "blue")
    lines = [
        f"{unit},{names[part]}"
        for unit, part in zip(certificate["instance"]["ids"], plan, strict=True)
    ]
    (folder / "plan.csv").write_text("\n".join(["GEOID,nation", *lines, ""]))
    (folder / "run.json").write_text(json.dumps(document))
    packed = gzip.compress(json.dumps(certificate).encode(), compresslevel=1)
    (folder / "certificate.json.gz").write_bytes(packed)
    return folder


def test_a_run_on_the_embedded_data_is_recounted(tmp_path, archipelago):
    confirmation = verify(write_bundle(tmp_path, *archipelago))
    assert confirmation.is_recounted
    assert confirmation.status == "OPTIMAL"
    assert confirmation.n_units == 3113
    assert "2016" in confirmation.text
    # 64.78 % of two-party voters, as the README says, here without any of the program's metrics
    total = sum(map(sum, archipelago[0]["instance"]["gains"]))
    assert round(100 * confirmation.objective / total, 2) == 64.78


def swap_votes(certificate, plan, document):
    gains = certificate["instance"]["gains"]
    gains[7] = gains[7][::-1]
    plan[7] = 1 - plan[7]
    assert document["objective"] == sum(map(max, gains))


def fix_unit(certificate, plan, _document):
    certificate["instance"]["fixed"][0] = plan[0]


def one_piece(_certificate, _plan, document):
    document["scenario"]["nations"]["blue"]["pieces"] = 1


def drop_edge(certificate, _plan, _document):
    del certificate["instance"]["edges"][100]


def add_edge(certificate, _plan, _document):
    certificate["instance"]["edges"].append([0, 3000])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (swap_votes, r"instance.gains\[7\]: .* but by the data"),
        (drop_edge, r"instance.edges: the edge \[\d+, \d+\] of the data is missing"),
        (add_edge, r"instance.edges\[8757|instance.edges\[\d+\]: \[0, 3000\] is not an edge"),
        (lambda c, _p, _d: c["instance"]["ids"].__setitem__(0, "x"), "instance.ids: "),
        (fix_unit, r"instance.fixed\[0\]: "),
        (lambda _c, p, _d: p.__setitem__(3, 1 - p[3]), "objective: "),
        (lambda _c, _p, d: d.update(objective=d["objective"] + 1), "run.json: objective: "),
        (lambda _c, _p, d: d.update(bound=d["bound"] - 1), "run.json: bound: "),
        (lambda _c, _p, d: d.update(status="INFEASIBLE"), "run.json: status: "),
        (lambda _c, _p, d: d.update(status="SURE"), "run.json: status: "),
        (lambda _c, _p, d: d.pop("bound"), "run.json: bound: is missing"),
        (lambda _c, _p, d: d["scenario"].update(election="2020"), r"instance.gains\[0\]: "),
        (lambda _c, _p, d: d["scenario"].update(election="1789"), "run.json: scenario.election: "),
        (one_piece, "run.json: scenario.nations.blue.pieces: "),
        (lambda _c, _p, d: d["scenario"]["edges"].update(off=["bridge"]), "is not an edge that"),
        (lambda _c, _p, d: d["scenario"]["edges"].update(on=["ferry"]), "of the data is missing"),
        (lambda _c, _p, d: d["scenario"]["edges"].update(on=[3]), r"scenario.edges.on\[0\]: "),
    ],
)
def test_what_differs_from_the_data_or_the_run_is_refused(tmp_path, archipelago, change, message):
    certificate, plan, document = copy.deepcopy(archipelago)
    change(certificate, plan, document)
    certificate["instance"]["edges"].sort()
    folder = write_bundle(tmp_path, certificate, plan, document)
    with pytest.raises(CertificateError, match=message):
        verify(folder)


def test_status_optimal_needs_the_bound(tmp_path):
    certificate, plan, optimum = drawn_certificate(8)
    certificate["bound"] = optimum + 1
    document = {"objective": certificate["objective"], "bound": optimum + 1, "status": "OPTIMAL"}
    with pytest.raises(CertificateError, match="status: 'OPTIMAL' is not what"):
        verify(write_bundle(tmp_path, certificate, plan, document))
    document["status"] = "GAP_REACHED"
    assert verify(write_bundle(tmp_path, certificate, plan, document)).bound == optimum


def test_what_could_not_be_recounted_is_said(tmp_path, archipelago):
    certificate, plan, document = copy.deepcopy(archipelago)
    document["scenario"]["more"] = 1
    confirmation = verify(write_bundle(tmp_path, certificate, plan, document))
    assert "not of the kind that this program reads" in confirmation.text
    document["data"]["sha256"]["units.parquet"] = "0" * 64
    confirmation = verify(write_bundle(tmp_path, certificate, plan, document))
    assert "the certificate states: the run used other data" in confirmation.text


@pytest.fixture
def bundle(tmp_path):
    """A small bundle that is confirmed, and its folder."""
    certificate, plan, optimum = drawn_certificate(8)
    certificate["bound"] = optimum
    document = {"objective": optimum, "bound": optimum, "status": "OPTIMAL"}
    folder = write_bundle(tmp_path, certificate, plan, document)
    assert verify(folder).status == "OPTIMAL"
    return folder


@pytest.mark.parametrize("name", ["plan.csv", "run.json", "certificate.json.gz"])
def test_a_missing_file_is_no_bundle(bundle, name):
    (bundle / name).unlink()
    with pytest.raises(BundleError, match=re.escape(name)):
        verify(bundle)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a whole gzip file|not JSON"),
        (b"plain text", "not a whole gzip file"),
        (gzip.compress(b"{}")[:-9], "not a whole gzip file"),
        (gzip.compress(b"{}")[:12] + b"\xff" * 20, "not a whole gzip file"),
        (gzip.compress(b"[" * 200_000), "nested too deeply"),
        (gzip.compress(b'{"a":' * 200_000), "nested too deeply"),
        (gzip.compress(b"[" * 5_000_001), "more than 5000000 lists"),
        (gzip.compress(b"[1, 2"), "not JSON"),
        (gzip.compress(b"\xff\xfe"), "not JSON"),
        (gzip.compress(b"1" * 5000), "not JSON"),
        (gzip.compress(b"NaN"), "instance: is missing"),
        (gzip.compress(b"[]"), "instance: is missing"),
        (gzip.compress(b'{"bound": 1, "bound": 2}'), "the key 'bound' is given twice"),
        (gzip.compress(b'{"instance": 1e999}'), "instance: inf, expected an object"),
        (gzip.compress(b'{"instance": {"ids": []}}'), "instance: gains is missing"),
    ],
    ids=range(15),
)
def test_a_damaged_certificate_is_refused_in_one_line(bundle, content, message):
    (bundle / "certificate.json.gz").write_bytes(content)
    with pytest.raises(CertificateError, match=message) as raised:
        verify(bundle)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400


def test_a_file_that_unpacks_to_too_much_is_refused(bundle, monkeypatch):
    monkeypatch.setattr(verify_module, "MAX_BYTES", 100_000)
    (bundle / "certificate.json.gz").write_bytes(gzip.compress(b" " * 10_000_000))
    with pytest.raises(CertificateError, match="more than 100000 bytes"):
        verify(bundle)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("GEOID", "geoid", "plan.csv, line 1: "),
        ("u1,", "u99,", "plan.csv, line 3: "),
        ("u1,", "u0,", "plan.csv, line 3: unit u0 is assigned twice"),
        ("u1,", "u1,x,", "plan.csv, line 3: "),
        ("u1,", '"u1,', "plan.csv"),
    ],
)
def test_a_damaged_plan_is_refused(bundle, old, new, message):
    text = (bundle / "plan.csv").read_text()
    (bundle / "plan.csv").write_text(text.replace(old, new, 1))
    with pytest.raises(CertificateError, match=message):
        verify(bundle)
    (bundle / "plan.csv").write_text("GEOID,nation\n")
    with pytest.raises(CertificateError, match=r"unit 'u0' is left out"):
        verify(bundle)


# -- independence -------------------------------------------------------------------------------


def test_the_verifier_shares_no_routine_with_the_program():
    folder = Path(partition.__file__).parent
    verifier = {"partition.errors"} | {f"partition.{p.stem}" for p in folder.glob("verify*.py")}
    # Maps of one's own are read by those who can read them, who know nothing of the search.
    readers = {"shapefiles.errors", "shapefiles.mapfiles", "shapefiles.own"}
    for path in folder.glob("verify*.py"):
        allowed = verifier | (readers if path.stem == "verify_own" else set())
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                names = {node.module}
            elif isinstance(node, ast.Import):
                names = {alias.name for alias in node.names}
            else:
                continue
            assert all(
                name in allowed
                or name.split(".")[0] in sys.stdlib_module_names
                or name == "pyarrow.parquet"
                for name in names
            ), (path, names)


def test_the_verifier_runs_without_the_solver_in_memory():
    code = (
        "import sys, partition.verify; "
        "print(*(m for m in ('ortools', 'networkx', 'solvers', 'shapefiles') if m in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not ran.stdout.strip()
