"""Trees cover every plan, and a constraint that is broken is refused with its place."""

from __future__ import annotations

from typing import Any

import pytest

from partition.errors import CertificateError
from partition.verify import check
from tests.partition.certificates import all_plans, worth
from tests.partition.verify.drawn import STEP, UNBOUNDED


def path_certificate() -> dict[str, Any]:
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
        ({"edges": [[0, 1], [0, 1]]}, r"edges\[1\]: \[0, 1\], expected the smaller"),
        ({"edges": [[1, 0]]}, r"edges\[0\]: \[1, 0\], expected the smaller"),
        ({"edges": [[1, 1]]}, r"edges\[0\]: \[1, 1\], expected the smaller"),
        ({"edge_costs": [-1, 0]}, r"edge_costs\[0\]: -1, expected"),
        ({"links": [[0, 2]], "link_costs": [-1]}, r"link_costs\[0\]: -1, expected"),
        ({"fixed": [1, 0, -1], "groups": [3, 3, -1]}, r"plan\[1\]: 0, but unit 0"),
        ({"ids": ["a", "a", "c"]}, "ids: 'a' is given 2 times"),
    ],
)
def test_a_plan_that_breaks_a_constraint_is_refused_whatever_it_is_worth(
    change: dict[str, Any], message: str | None
) -> None:
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
def test_searches_divide_what_nothing_joins(
    change: dict[str, Any], members: list[list[int]], message: str | None
) -> None:
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


def test_a_tree_without_multipliers_proves_by_its_single_plans() -> None:
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
def test_a_node_is_refused_with_its_place(node: int, change: dict[str, Any], message: str) -> None:
    certificate = path_certificate()
    certificate["searches"][0]["nodes"][node] |= change
    with pytest.raises(CertificateError, match=message):
        check(certificate, [1, 0, 0])


def test_roots_are_chosen_once() -> None:
    certificate = path_certificate()
    search = certificate["searches"][0]
    split = ["roots", 1, [0]]
    search["nodes"] = [
        {"parent": -1, "branch": None, "steps": [], "split": split},
        {"parent": 0, "branch": "with", "steps": [], "split": split},
    ]
    with pytest.raises(CertificateError, match=r"nodes\[1\].split\[1\]: part 1 has its roots"):
        check(certificate, [1, 0, 0])
