"""Rows that are accepted hold for every plan that their roots allow."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest

from partition.errors import CertificateError
from partition.verify import check
from partition.verify.instance import contract, read_instance
from partition.verify.rows import Search
from tests.partition import certificates
from tests.partition.certificates import KINDS, Column, Part, Roots, all_plans, draw_instance, worth
from tests.partition.verify.drawn import PLACE, STEP, UNBOUNDED, refusal


def wild_rows(rng: random.Random, part: Part, roots: Roots) -> list[list[Any]]:
    """Draw claims of every kind, true and false ones."""
    units = range(part.n)

    def some(most: int = part.n) -> list[int]:
        return rng.sample(units, rng.randint(0, min(most, part.n)))

    def unit() -> int:
        return rng.randrange(part.n)

    def side() -> int:
        return rng.randint(0, 1)

    home = sorted(part.landmass[unit()])
    elsewhere = sorted(rng.sample(home, rng.randint(1, len(home))))
    other = [elsewhere if rng.random() < 0.6 else chosen for chosen in roots]
    rows = rng.sample(honest := part.draw_rows(rng, other, 2), min(25, len(honest)))
    rows += [["separator", side(), unit(), some(3)] for _ in range(4)]
    rows += [["joint", side(), [unit(), unit()], [some(), some()]] for _ in range(4)]
    for _ in range(4):
        zones = [some() for _ in range(rng.randint(1, 2))]
        targets = [rng.choice(zone) if zone else unit() for zone in zones]
        depths = [[rng.randint(0 if rng.random() < 0.1 else 1, 5) for _ in zone] for zone in zones]
        rows.append(["potential", side(), targets, zones, depths])
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
            darts = rng.sample(sorted(part.walks), min(2, len(part.walks)))
            turns = [(one, part.walks[one]) for one in darts]
            halves = [[list(one), turn[: 2 * (len(turn) // 2)]] for one, turn in turns]
            rows.append(["zone", side(), halves, some()])
            rows.append(["turn", list(dart), [rng.randint(-1, 1) for _ in walk]])
    rows += [["cut", rng.randrange(9), rng.randrange(4)]]
    rows += [["tie", 0, side()], ["tie", rng.randrange(3), 0], ["span", rng.randrange(3), side()]]
    rows += [["budget", rng.randrange(2), side()], ["seeds", side()], ["seed", side(), unit()]]
    rows += [["peak", side(), unit(), unit()] for _ in range(3)]
    return rows


def chain_of_roots(roots: Roots, step: dict[str, Any]) -> list[dict[str, Any]]:
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


def named_columns(search: Search) -> dict[int, Column]:
    """Name the verifier's columns as the tests do."""
    names = {unit: ("x", unit) for unit in range(search.n_units)}
    for part, columns in enumerate(search.founders):
        names |= {column: ("r", part, unit) for unit, column in enumerate(columns)}
    names |= {column: ("y", edge) for edge, column in search.cut.items()}
    names |= {column: ("s", number) for number, column in search.missed.items()}
    return names


def draw_claims(
    seed: int, pieces: list[int] | None = None
) -> tuple[dict[str, Any], list[tuple[int, ...]], Part, Roots, list[list[Any]]]:
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


def test_every_row_that_is_accepted_holds_for_every_plan() -> None:
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
            needs_roots = row[0] in {"separator", "joint", "potential", "chain", "zone", "seeds"}
            for plan, point in held if needs_roots else points:
                if row[0] == "leaf" and part.value(plan) < best:
                    continue
                total = sum(factor * point[column] for column, factor in terms.items())
                assert total <= limit, (seed, row, roots, plan)
    assert sum(accepted.values()) > 5000
    for kind in KINDS:
        assert accepted[kind] >= 20, (kind, accepted)
        assert refused[kind] >= 20, (kind, refused)


def one_step(
    instance: dict[str, Any],
    part: Part,
    plan: Sequence[int],
    rows: list[list[Any]],
    roots: Roots,
    step: dict[str, Any],
) -> dict[str, Any]:
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


def test_a_limit_on_pairs_that_may_be_missed_proves_no_more_than_it_can_be_missed_by() -> None:
    """The best plan misses it by 10 and is worth 90; a sum of rows said that none is above 0."""
    budget = {"name": "cut", "amounts": [0, 0], "lower": None, "upper": 0, "price": 1}
    instance = {
        "ids": ["a", "b"],
        "gains": [[0, 0], [100, 0]],
        "edges": [[0, 1]],
        "edge_costs": [],
        "fixed": [1, -1],
        "groups": [-1, -1],
        "pieces": [0, 0],
        "budgets": [budget | {"pairs": [[0, 1]], "pair_amounts": [10]}],
        "links": [],
        "link_costs": [],
    }
    part = Part(instance, certificates.contract(instance), [0, 1])
    rows = [["cut", 0, 0], ["budget", 0, 1]]
    assert worth(instance, [1, 1]) == 0
    assert worth(instance, [1, 0]) == 90
    for multipliers, bound in ([10, 1], 90), ([200, 20], 100):
        step = STEP | {"rows": [0, 1], "multipliers": multipliers}
        certificate = one_step(instance, part, [1, 1], rows, [None, None], step)
        assert refusal({**certificate, "bound": bound}, [1, 1]) is None
        assert refusal({**certificate, "bound": bound - 1}, [1, 1]) is not None


def test_units_are_fixed_only_where_no_better_plan_has_them_otherwise() -> None:
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
        (
            {},
            ["zone", 1, [[[0, 1], [0, 1]], [[1, 2], [0, 1]]], []],
            "this face is among those before",
        ),
        ({}, ["zone", 1, [[[0, 1], [0, 2, 1, 3]]], []], "do not occur in this order"),
        ({}, ["zone", 1, [[[0, 1], [0]]], []], "1 units, expected an even number"),
        ({}, ["zone", 1, [[[0, 2], [0, 1]]], []], "no such dart"),
        ({}, ["zone", 1, [], []], "expected faces of one landmass"),
        ({"pieces": [1, 0]}, ["zone", 1, [[[0, 1], [0, 1]]], []], "any number of pieces"),
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
        ({"edge_costs": [1, 0, 0, 0]}, ["leaf", 0, 0], "edge costs, budgets or spans"),
        ({"fixed": [1, -1, -1, -1]}, ["leaf", 0, 0], "not free to change sides"),
        ({"groups": [4, -1, 4, -1]}, ["leaf", 0, 0], "not free to change sides"),
        ({"edge_costs": [1, 0, 0, 0]}, ["cut", 2, 0], "edge 2 costs nothing"),
        ({"links": [[0, 2]], "link_costs": [1]}, ["leaf", 0, 1], "edge costs, budgets or spans"),
        ({"links": [[0, 2]], "link_costs": [1]}, ["cut", 5, 0], "5, expected .* from 0 to 4"),
    ],
)
def test_a_row_is_refused_where_its_condition_fails(
    change: dict[str, Any], row: list[Any], message: str
) -> None:
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


def test_face_rows_need_an_embedding_in_the_plane() -> None:
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
