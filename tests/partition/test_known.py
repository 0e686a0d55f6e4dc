"""Plans that are known serve every question about the same units."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.runs.known import KnownPlan, KnownPlans
from partition.scenario import Scenario
from solvers.plan import Plan
from tests.partition.conftest import build_grid

WIDTH, HEIGHT = 3, 2
VOTES = st.lists(st.integers(0, 99), min_size=6, max_size=6)


def value(plan: list[int], blue: list[int], red: list[int], border: float) -> float | None:
    """Add up what a plan is worth by other code; None where a nation is torn."""
    graph = nx.grid_2d_graph(WIDTH, HEIGHT)
    part = {(unit % WIDTH, unit // WIDTH): side for unit, side in enumerate(plan)}
    for side in (0, 1):
        inside = [node for node, its in part.items() if its == side]
        if inside and not nx.is_connected(graph.subgraph(inside)):
            return None
    cut = sum(part[a] != part[b] for a, b in graph.edges)
    return sum(b if side else r for b, r, side in zip(blue, red, plan, strict=True)) - (
        border * 10 * cut
    )


@settings(max_examples=60)
@given(
    VOTES,
    VOTES,
    st.lists(st.lists(st.integers(0, 1), min_size=6, max_size=6), max_size=12),
    st.integers(0, 5),
)
def test_the_best_known_plan_is_the_best_of_those_that_are_allowed(
    blue: list[int], red: list[int], plans: list[list[int]], border: int
) -> None:
    units = build_grid(WIDTH, HEIGHT, blue=blue, red=red)
    scenario = Scenario.load(f"counties@border={border}")
    question = Question(scenario, Dataset.of(units))
    known = KnownPlans(
        KnownPlan(Plan(np.array(one, np.int8)), str(place)) for place, one in enumerate(plans)
    )
    assert len(known) == len({tuple(one) for one in plans})
    values = [value(one, blue, red, border) for one in plans]
    allowed = [one for one in values if one is not None]
    best = known.best(question)
    if best is None:
        assert not allowed
        return
    assert values[int(best.source)] == max(allowed)
    assert best.plan.assignment.tolist() == plans[int(best.source)]
    steps = question.objective(best.plan)
    assert known.best(question, above=steps) is None
    assert known.best(question, above=steps - 1) == best


def test_plans_of_other_units_and_damaged_ones_are_passed_over(tmp_path: Path) -> None:
    units = build_grid(WIDTH, HEIGHT, blue=[9] * 6, red=[1] * 6)
    lines = [f"{one},{side}" for one, side in zip(units.ids, ["blue", "red"] * 3, strict=True)]
    texts = {
        "good": ["GEOID,nation", *lines],
        "again": ["GEOID,nation", *lines[::-1]],
        "fewer": ["GEOID,nation", *lines[:-1]],
        "other": ["GEOID,nation", *lines[:-1], "99999,blue"],
        "damaged": ["GEOID,nation", *lines[:-1], "00005,gr"],
        "empty": [],
        ".half": ["GEOID,nation", *lines[:3], *(f"{one},red" for one in units.ids[3:])],
    }
    for name, text in texts.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "plan.csv").write_text("\n".join(text))
    (tmp_path / "folder" / "plan.csv").mkdir(parents=True)
    (known,) = KnownPlans.of_runs(units, tmp_path)
    assert known.source in {"good", "again"}
    assert known.plan.assignment.tolist() == [1, 0] * 3
    assert not len(KnownPlans.of_runs(units, tmp_path / "nowhere"))


@pytest.mark.parametrize("n_plans", [1, 3])
def test_of_two_plans_alike_the_first_is_named(n_plans: int) -> None:
    plan = Plan(np.array([1, 1, 0, 1, 1, 0], np.int8))
    known = KnownPlans(KnownPlan(plan, f"run {number}") for number in range(n_plans))
    assert [one.source for one in known] == ["run 0"]
