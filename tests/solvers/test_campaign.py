"""The random campaign keeps its promises here in small, and sees where a search breaks one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks import campaign
from solvers.plan import Plan


@pytest.mark.parametrize(("fewest", "most", "seeds"), [(1, 10, range(30)), (14, 24, range(4))])
def test_every_way_to_ask_gives_the_optimum_of_every_plan(
    fewest: int, most: int, seeds: range
) -> None:
    tally: set[str] = set()
    for seed in seeds:
        _, those, broken = campaign.run_seed(seed, fewest, most)
        assert broken == [], (
            f"python -m benchmarks.campaign 1 --seed {seed} --units {fewest} {most}"
        )
        tally |= set(those)
    if most <= campaign.MOST_ENUMERATED:
        assert tally >= {
            "with a plan", "without a plan", "pieces any", "pieces one each", "pieces several",
            "fixed", "costs", "groups", "links", "sets", "budget cut", "budget both",
        }  # fmt: skip


def one_less(result: Any) -> Any:
    return replace(result, bound=result.bound - 1, objective=result.objective - 1)


def torn(result: Any) -> Any:
    rng = np.random.default_rng(0)
    plan = rng.integers(0, 2, result.plan.n_units).astype(np.int8)
    return replace(result, plan=Plan(plan))


def unproven(result: Any) -> Any:
    certificate = result.certificate
    cases = [part | {"nodes": []} for part in certificate["domains"]]
    return replace(result, certificate=certificate | {"domains": cases})


@pytest.mark.parametrize("fault", [one_less, torn, unproven])
def test_a_search_that_breaks_a_promise_is_seen(
    fault: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = campaign.solve

    def faulty(*args: Any, **options: Any) -> Any:
        result = real(*args, **options)
        return result if result.certificate is None or result.plan is None else fault(result)

    monkeypatch.setattr(campaign, "solve", faulty)
    broken = [line for seed in range(100, 106) for line in campaign.run_seed(seed, 5, 8)[2]]
    assert {line.partition(":")[0] for line in broken} == set(campaign.WAYS)
