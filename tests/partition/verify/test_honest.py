"""What is confirmed of honest certificates bounds every plan of small instances."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partition.errors import CertificateError
from partition.verify import check
from tests.partition.certificates import KINDS, worth
from tests.partition.verify.drawn import drawn_certificate

SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=40)
@given(SEEDS, st.booleans())
def test_an_honest_certificate_is_confirmed_and_bounds_every_plan(seed, best) -> None:
    certificate, plan, optimum = drawn_certificate(seed, best=best)
    confirmation = check(certificate, plan)
    assert confirmation.objective == worth(certificate["instance"], plan)
    assert confirmation.bound >= optimum
    assert confirmation.n_steps == sum(
        len(node["steps"]) for search in certificate["searches"] for node in search["nodes"]
    )


def test_nearly_all_trees_close_at_the_optimum_and_use_every_kind_of_row() -> None:
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
def test_a_tree_cut_short_confirms_a_weaker_bound(seed) -> None:
    certificate, plan, optimum = drawn_certificate(seed, best=False, max_nodes=2)
    assert check(certificate, plan).bound >= optimum


@settings(max_examples=40)
@given(SEEDS)
def test_a_claim_below_what_is_proven_is_refused(seed) -> None:
    certificate, plan, _ = drawn_certificate(seed)
    certificate["bound"] = check(certificate, plan).bound
    assert check(certificate, plan).bound == certificate["bound"]
    certificate["bound"] -= 1
    with pytest.raises(CertificateError, match=r"^bound: .* only prove"):
        check(certificate, plan)


def test_the_confirmation_is_a_paragraph_for_people() -> None:
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
