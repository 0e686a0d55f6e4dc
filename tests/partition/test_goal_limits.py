"""Limits on what a plan has of each goal, held against every plan of small maps."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import pytest

import partition
from partition.errors import CertificateError, InfeasibleError, InputError, ScenarioError
from partition.question.asking import ask
from partition.scenario import Scenario
from partition.verify import verify
from shapefiles.units import Units
from tests.partition.conftest import with_millions

Country = Callable[[int], Units]
COSTS = (
    "border",
    "cut_edges",
    "state_splits",
    "status_quo",
    "population_balance",
    "gdp_balance",
    "area_balance",
)


@pytest.fixture
def country(grid: Callable[..., Units]) -> Country:
    def build(seed: int) -> Units:
        rng = np.random.default_rng(seed)
        votes = rng.integers(0, 100, (2, 9))
        return with_millions(grid(3, 3, blue=votes[0].tolist(), red=votes[1].tolist()))

    return build


class Counted(NamedTuple):
    """A plan and what it has of every goal, counted by hand."""

    plan: np.ndarray
    amounts: dict[str, Any]


def every_plan(units: Units) -> Iterator[Counted]:
    """Count every goal of every contiguous plan."""
    graph, votes = nx.Graph(units.edges.pairs.tolist()), units.votes["2016"]
    first, second = units.edges.pairs.T
    states = sorted({state for state in units.states.tolist() if state})
    of_state = {state: units.states == state for state in states}
    leads = {state: int((votes[:, 0] - votes[:, 1])[own].sum()) for state, own in of_state.items()}
    people = np.rint(units.attributes["population"]).astype(int)
    for parts in itertools.product([0, 1], repeat=units.n_units):
        plan = np.array(parts)
        nations = [np.flatnonzero(plan == side).tolist() for side in (0, 1)]
        if any(one and not nx.is_connected(graph.subgraph(one)) for one in nations):
            continue
        is_cut = plan[first] != plan[second]
        matched = np.where(plan, votes[:, 0], votes[:, 1])
        margins = [Fraction(abs(int(b) - int(r)), max(1, int(b + r))) for b, r in votes]
        amounts: dict[str, Any] = {
            "self_determination": int(matched.sum()),
            "intensity": sum(int(m) * one for m, one in zip(matched, margins, strict=True)),
            "border": float(units.edges.border[is_cut].sum() / 1000),
            "cut_edges": int(is_cut.sum()),
            "state_splits": sum(
                int(min(votes[own & (plan == side)].sum() for side in (0, 1)))
                for own in of_state.values()
            ),
            "status_quo": int(
                sum(
                    number
                    for number, side, state in zip(people, plan, units.states, strict=True)
                    if leads[state] and side != int(leads[state] > 0)
                )
            ),
        }
        for goal, column, size in (
            ("population_balance", "population", 1),
            ("gdp_balance", "gdp", 1000.0),
            ("area_balance", "area", 1e6),
        ):
            held = np.rint(units.attributes[column] / size).astype(int)
            half, blue = int(held.sum()) // 2, int(held[plan == 1].sum())
            amounts[goal] = max(0, half - blue, blue - (int(held.sum()) - half))
        yield Counted(plan, amounts)


@pytest.mark.parametrize("goal", COSTS)
def test_the_best_plan_within_a_limit_is_the_best_of_all_within_it(
    goal: str, country: Country
) -> None:
    for seed in range(2):
        units = country(seed)
        plans = list(every_plan(units))
        has = sorted({one.amounts[goal] for one in plans})
        for most in (has[0], has[len(has) // 3]):
            limit = float(most) if goal == "border" else most
            run = partition.solve(
                "counties", data=units, gap=0, time_limit=20, most={goal: limit}, certify=True
            )
            good = [one.amounts["self_determination"] for one in plans if one.amounts[goal] <= most]
            assert run.result.objective == run.result.bound == max(good)


def test_the_best_plan_that_has_so_much_of_a_goal_is_the_best_of_all_that_have(
    country: Country,
) -> None:
    for seed in range(3):
        units = country(seed)
        plans = list(every_plan(units))
        has = sorted(float(one.amounts["intensity"]) for one in plans)
        least = has[-4] - 0.1
        scenario = Scenario.load("counties").but(
            self_determination=0, cut_edges=1, least={"intensity": least}
        )
        run = partition.solve(scenario, data=units, gap=0, time_limit=20)
        good = [o.amounts["cut_edges"] for o in plans if float(o.amounts["intensity"]) >= least]
        assert run.result.objective == run.result.bound == -min(good)


def test_the_verifier_counts_every_limit_anew(
    invoke: Callable[..., tuple[int, str, str]], scenarios: list[str]
) -> None:
    free = partition.solve(Scenario.load(scenarios[0]))
    most_cut = free.report.whole.cut_edges - 1
    km = free.report.whole.border_km
    assert km is not None
    limits = {"cut_edges": most_cut, "border": round(km * 0.95, 3)}
    settings = [f"--set=most.{key}={value}" for key, value in limits.items()]
    code, _, stderr = invoke(
        "solve", scenarios[0], *settings, "--certificate", "--out", "run", "--quiet"
    )
    assert code == 0, stderr
    verdict = verify("run")
    assert verdict.is_confirmed, verdict.text
    text = Path("run/report.md").read_text()
    assert f"At most {most_cut} pairs: neighbouring units in different nations." in text
    document = json.loads(Path("run/run.json").read_text())
    assert document["scenario"]["most"] == limits
    again = partition.read("run")
    assert again.report.whole.cut_edges <= most_cut
    document["scenario"]["most"]["cut_edges"] += 1
    Path("run/run.json").write_text(json.dumps(document))
    with pytest.raises(CertificateError):
        verify("run")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"most": {"border": -1}}, "most.border = -1.0: give a number from 0"),
        ({"most": {"border": float("nan")}}, "most.border = nan: give a number from 0"),
        ({"most": {"cut_edges": 1.5}}, "most.cut_edges = 1.5: give a whole number"),
        ({"most": {"boarder": 1}}, "did you mean border"),
        ({"least": {"border": 1}}, "intensity"),
    ],
)
def test_limits_that_make_no_sense_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        Scenario.load("counties").but(**changes)


def test_a_limit_that_nobody_meets_is_named(country: Country) -> None:
    with pytest.raises(InfeasibleError, match=r"most.cut_edges = 0"):
        partition.solve(
            "counties",
            data=country(0),
            most={"cut_edges": 0},
            voters={"at_home": 1},
            units={"blue": ["00000"], "red": ["00008"]},
        )


def test_scenarios_without_limits_are_written_as_before_and_short_names_stay_clear() -> None:
    table = Scenario.load("counties").to_table()
    assert not {"most", "least"} & set(table)
    limited = Scenario.load("counties@border=2,most.border=9000")
    assert limited.weights.border == 2
    assert limited.to_table()["most"] == {"border": 9000.0}
    assert limited.name == "counties@border=2,most.border=9000"


def test_what_the_data_lack_is_named_by_the_limit(country: Country) -> None:
    units = country(0)
    bare = replace(units, attributes={}, states=np.full(units.n_units, ""))
    for goal in ("state_splits", "population_balance"):
        with pytest.raises(InputError, match=f"most.{goal}"):
            ask("counties", bare, most={goal: 1}).formulation  # noqa: B018 - made when looked at
