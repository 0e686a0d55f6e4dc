"""No change confirms a bound that some plan exceeds; every plan of small instances says so."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from partition.errors import CertificateError
from partition.verify import check
from tests.partition.certificates import all_plans, is_plan, worth
from tests.partition.verify.drawn import PLACE, drawn_certificate, refusal

Place = tuple[str | int, ...]
"""The keys and positions that lead to something in a document."""


def spots(value: Any, path: Place = ()) -> Iterator[Place]:
    """List the path of everything in a document."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from spots(value[key], (*path, key))
    elif isinstance(value, list):
        for position in range(len(value)):
            yield from spots(value[position], (*path, position))


def at(document: Any, path: Place) -> Any:
    """Find what stands at a path."""
    for step in path:
        document = document[step]
    return document


def tampered(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
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

    def __init__(self) -> None:
        self.known = {}

    def optimum(self, instance: dict[str, Any]) -> int:
        key = json.dumps(instance)
        if key not in self.known:
            self.known[key] = max(worth(instance, plan) for plan in all_plans(instance))
        return self.known[key]


def confirm_or_refuse(certificate: dict[str, Any], plan: list[int], truth: Truth) -> bool:
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


@pytest.mark.parametrize("seed", range(8))
def test_any_single_change_is_refused_with_its_place_or_leaves_the_claims_true(seed: int) -> None:
    certificate, plan, _ = drawn_certificate(seed, best=seed % 3 > 0, max_units=5, max_nodes=12)
    truth, accepted, total = Truth(), 0, 0
    for changed in tampered(certificate):
        accepted += confirm_or_refuse(changed, plan, truth)
        total += 1
    assert accepted < 0.2 * total


def test_a_change_of_a_tight_certificate_is_refused_unless_it_proves_the_same() -> None:
    certificate, plan, optimum = drawn_certificate(8, max_units=5)
    certificate["bound"] = optimum
    assert check(certificate, plan).status == "OPTIMAL"
    truth = Truth()
    for changed in tampered(certificate):
        if confirm_or_refuse(changed, plan, truth):
            confirmation = check(changed, plan)
            assert changed["bound"] >= confirmation.bound


def forge_tree(rng: random.Random, search: dict[str, Any]) -> None:
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


def forge_split(rng: random.Random, search: dict[str, Any]) -> None:
    """Choose other roots, or split on another unit."""
    n_units = len(search["members"])
    for node in rng.sample(search["nodes"], len(search["nodes"])):
        if node["split"] and node["split"][0] == "roots":
            node["split"][2] = sorted(rng.sample(range(n_units), rng.randint(0, n_units)))
            return
        if node["split"]:
            node["split"][1] = rng.randrange(n_units)


def forge_step(rng: random.Random, search: dict[str, Any]) -> None:
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


def forge_row(rng: random.Random, search: dict[str, Any]) -> None:
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


def forged(rng: random.Random, certificate: dict[str, Any]) -> dict[str, Any]:
    """Change a certificate the way somebody would who wants a false bound."""
    changed = copy.deepcopy(certificate)
    for _ in range(rng.choice([1, 1, 2, 3])):
        forge = rng.choice([forge_tree, forge_split, forge_step, forge_row, forge_row])
        forge(rng, rng.choice(changed["searches"]))
    return changed


@pytest.mark.parametrize("seed", range(40))
def test_no_forgery_confirms_less_than_the_optimum(seed: int) -> None:
    rng = random.Random(seed)
    certificate, plan, _ = drawn_certificate(1000 + seed, best=False, max_nodes=20)
    truth = Truth()
    accepted = sum(confirm_or_refuse(forged(rng, certificate), plan, truth) for _ in range(150))
    assert accepted < 150


@pytest.mark.parametrize("seed", range(20))
def test_another_plan_is_refused_or_truly_as_good_as_claimed(seed: int) -> None:
    certificate, plan, _ = drawn_certificate(seed)
    truth = Truth()
    for other in product((0, 1), repeat=len(plan)):
        confirm_or_refuse(certificate, list(other), truth)
    for wrong in ([*plan, 0], plan[1:], [2, *plan[1:]], [True, *plan[1:]], tuple(plan)):
        with pytest.raises(CertificateError, match=r"^plan"):
            check(certificate, wrong)
