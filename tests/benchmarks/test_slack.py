"""What a certificate leaves between bound and plan is divided among rows and units, to the vote."""

from __future__ import annotations

import math

import pytest
from slack import shares

from partition.verify.instance import contract, read_instance
from partition.verify.rows import Search
from solvers.result import Limits
from solvers.solve import solve
from tests.solvers.conftest import draw_problem


@pytest.mark.parametrize("rounds", [1, 4, 12])
@pytest.mark.parametrize("seed", [1, 3, 5, 7, 9, 11])
def test_the_shares_add_up_to_what_lies_between_bound_and_plan(seed: int, rounds: int) -> None:
    problem = draw_problem(seed, 120, "holed", "millions")
    result = solve(problem, Limits(rounds=rounds), certify=True)
    instance = read_instance(result.certificate["instance"])
    (given,) = result.certificate["searches"]
    search = Search(given["members"], contract(instance), instance.pieces)
    search.read_rotation(given["rotation"], "rotation")
    missing = sum(share.votes for share in shares(search, given, result.plan.assignment.tolist()))
    assert math.floor(missing) == result.bound - result.objective
