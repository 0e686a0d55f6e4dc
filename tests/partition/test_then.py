"""First self-determination, then another goal: what comes out is the best of nearly the best."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

import partition
from partition.errors import InputError
from partition.runs.steps import Step, next_question
from shapefiles.units import Units

Invoke = Callable[..., tuple[int, str, str]]


@pytest.fixture
def country(grid: Callable[..., Units]) -> Callable[[int], Units]:
    def build(seed: int) -> Units:
        votes = np.random.default_rng(seed).integers(0, 100, (2, 9))
        return grid(3, 3, blue=votes[0].tolist(), red=votes[1].tolist())

    return build


def every_plan(units: Units) -> list[tuple[int, dict[str, float]]]:
    """Voters at home, and what other goals count, of every contiguous plan."""
    graph, votes = nx.Graph(units.edges.pairs.tolist()), units.votes["2016"]
    first, second = units.edges.pairs.T
    found = []
    for parts in itertools.product([0, 1], repeat=units.n_units):
        plan = np.array(parts)
        nations = [np.flatnonzero(plan == side).tolist() for side in (0, 1)]
        if any(one and not nx.is_connected(graph.subgraph(one)) for one in nations):
            continue
        is_cut = plan[first] != plan[second]
        splits = sum(
            min(votes[(units.states == state) & (plan == side)].sum() for side in (0, 1))
            for state in ("A", "B")
        )
        home = int(np.where(plan, votes[:, 0], votes[:, 1]).sum())
        found.append((home, {"border": 10 * int(is_cut.sum()), "state_splits": int(splits)}))
    return found


@pytest.mark.parametrize("goal", ["border", "state_splits"])
@pytest.mark.parametrize("within", [0.0, 0.03, 0.2])
def test_it_is_the_best_in_the_second_goal_of_all_that_are_near_enough(
    goal: str, within: float, country: Callable[[int], Units]
) -> None:
    for seed in range(3):
        units = country(seed)
        run = partition.solve("counties", data=units, gap=0, time_limit=20, then=[(goal, within)])
        plans = every_plan(units)
        most = max(home for home, _ in plans)
        least = (1 - Fraction(repr(within))) * most
        assert run.report.whole.both.self_determined >= least
        wanted = min(other[goal] for home, other in plans if home >= least)
        (account,) = run.question.account(run.plan)
        assert (account.key, account.amount) == (goal, pytest.approx(wanted))
        assert run.result.gap == 0


def test_the_threshold_rests_on_what_is_proven_not_on_the_plan_found(
    country: Callable[[int], Units],
) -> None:
    run = partition.solve("counties", data=country(1), gap=0, time_limit=20)
    best = run.result.objective
    assert best is not None
    loose = replace(run, result=replace(run.result, bound=best + 7))
    asked = next_question(loose, Step("border", 0.25)).scenario
    assert asked.voters.at_home == -(-3 * (best + 7) // 4)
    with pytest.raises(InputError, match="no plan is known to be so near") as caught:
        next_question(loose, Step("border", 0.001))
    possible = float(str(caught.value).partition("--within ")[2].split()[0])
    assert next_question(loose, Step("border", possible)).scenario.voters.at_home <= best
    with pytest.raises(InputError, match="nothing is proven"):
        next_question(replace(run, result=replace(run.result, bound=None)), Step("border", 0.1))


@pytest.mark.parametrize(
    ("then", "message"),
    [
        ([("boarder", 0.1)], r"did you mean border \(votes a km\)"),
        ([("border", -0.1)], "within = -0.1: give a share from 0 to 1"),
        ([("border", 1.5)], "within = 1.5: give a share from 0 to 1"),
        ([("border", float("nan"))], "within = nan: give a share from 0 to 1"),
        ([("self_determination", 0.1)], "it comes first"),
        ([("border", 0.1), ("state_splits", 0.1)], "Give one goal after self-determination"),
    ],
)
def test_steps_that_make_no_sense_are_refused_before_any_search(
    then: list[tuple[str, float]], message: str, country: Callable[[int], Units]
) -> None:
    def never() -> bool:
        raise AssertionError

    with pytest.raises(InputError, match=message) as caught:
        partition.solve("counties", data=country(0), then=then, should_stop=never)
    assert "\n" not in str(caught.value)


def test_a_scenario_that_weighs_more_cannot_come_first(country: Callable[[int], Units]) -> None:
    with pytest.raises(InputError, match="weighs something else than self-determination"):
        partition.solve("counties@border=3", data=country(0), then=[("border", 0.1)])


def test_the_command_makes_both_runs_and_says_the_price(
    invoke: Invoke, scenarios: list[str]
) -> None:
    asked = ["solve", scenarios[0], "--then", "cut_edges", "--within", "0.05"]
    code, stdout, stderr = invoke(*asked, "--certificate")
    assert code == 0, stderr
    assert "First: " in stderr
    assert "Then cut edges: " in stdout
    folders = sorted(Path("runs").iterdir())
    assert len(folders) == 2
    first, second = (json.loads((one / "run.json").read_text()) for one in folders)
    assert second["scenario"]["voters"]["at_home"] == -(-first["bound"] * 95 // 100)
    for one in folders:
        code, stdout, _ = invoke("verify", str(one))
        assert code == 0, stdout
    code, stdout, _ = invoke(*asked, "--json", "--quiet")  # both are found again
    steps = json.loads(stdout)["steps"]
    assert [one["goal"] for one in steps] == ["self_determination", "cut_edges"]
    assert [one["bound"] for one in steps] == [first["bound"], second["bound"]]
    assert [Path(one["folder"]).name for one in steps] == [one.name for one in folders]
    assert len(list(Path("runs").iterdir())) == 2


def test_each_goal_has_its_share(invoke: Invoke, scenarios: list[str]) -> None:
    for options in (["--then", "border"], ["--within", "0.1"]):
        code, _, stderr = invoke("solve", scenarios[0], *options)
        assert (code, stderr.count("\n")) == (2, 1)
        assert "give each goal its share" in stderr
