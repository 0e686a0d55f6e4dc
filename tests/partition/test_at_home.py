"""A plan may have to bring so many voters home while something else is best, held against all."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

import partition
from partition.errors import CertificateError, ClashError, InfeasibleError, ScenarioError
from partition.scenario import Scenario
from partition.verify import verify
from shapefiles.units import Units
from solvers.problem import Budget, Problem
from solvers.solve import solve

Country = Callable[[int], Units]


@pytest.fixture
def country(grid: Callable[..., Units]) -> Country:
    def build(seed: int) -> Units:
        rng = np.random.default_rng(seed)
        votes = rng.integers(0, 100, (2, 9))
        return grid(3, 3, blue=votes[0].tolist(), red=votes[1].tolist())

    return build


def every_plan(units: Units) -> list[tuple[int, int]]:
    """Voters at home and cut edges of every contiguous plan."""
    graph, votes = nx.Graph(units.edges.pairs.tolist()), units.votes["2016"]
    first, second = units.edges.pairs.T
    found = []
    for parts in itertools.product([0, 1], repeat=units.n_units):
        plan = np.array(parts)
        nations = [np.flatnonzero(plan == side).tolist() for side in (0, 1)]
        if all(not one or nx.is_connected(graph.subgraph(one)) for one in nations):
            cut = int((plan[first] != plan[second]).sum())
            found.append((int(np.where(plan, votes[:, 0], votes[:, 1]).sum()), cut))
    return found


def asked(least: int) -> Scenario:
    name = f"counties@self_determination=0,cut_edges=1,at_home={least}"
    return Scenario.load(name).override(gap=0, time_limit=20)


@pytest.mark.parametrize("seed", range(6))
def test_the_plan_is_the_best_of_those_that_bring_so_many_home(
    seed: int, country: Country, tmp_path: Path
) -> None:
    units = country(seed)
    plans = every_plan(units)
    most = max(home for home, _ in plans)
    least = most - most * (seed + 1) // 100
    run = partition.solve(asked(least), data=units, certify=True)
    assert run.report.whole.both.self_determined >= least
    wanted = min(cut for home, cut in plans if home >= least)
    assert run.report.whole.cut_edges == wanted
    assert run.result.objective == run.result.bound == -wanted


def test_problems_with_amounts_of_both_signs_are_solved_like_by_trying_all_plans() -> None:
    rng = np.random.default_rng(7)
    for _ in range(25):
        n_units = int(rng.integers(3, 8))
        graph = nx.path_graph(n_units)
        graph.add_edges_from(nx.gnp_random_graph(n_units, 0.3, seed=int(rng.integers(9**9))).edges)
        pairs = np.array(sorted((min(e), max(e)) for e in graph.edges), np.int32)
        amounts = rng.integers(-9, 10, n_units)
        low = int(rng.integers(-9, 9))
        problem = Problem(
            gains=rng.integers(-9, 10, (n_units, 2)),
            edges=pairs,
            edge_costs=rng.integers(0, 5, len(pairs)),
            budgets=(Budget(amounts, lower=low, upper=low + 8),),
        )
        best = None
        for parts in itertools.product([0, 1], repeat=n_units):
            plan = np.array(parts, np.int8)
            nations = [np.flatnonzero(plan == side).tolist() for side in (0, 1)]
            held = int(amounts[plan == 1].sum())
            if low <= held <= low + 8 and all(
                not one or nx.is_connected(graph.subgraph(one)) for one in nations
            ):
                value = problem.objective(plan)
                best = value if best is None else max(best, value)
        result = solve(problem)
        assert result.objective == best
        assert result.status.value == ("INFEASIBLE" if best is None else "OPTIMAL")


def test_the_verifier_counts_the_voters_and_refuses_another_number(
    invoke: Callable[..., tuple[int, str, str]], scenarios: list[str]
) -> None:
    """Of a map of one's own: its votes, the number and the proof are recounted from the files."""
    free = Scenario.load(scenarios[0])
    most = partition.solve(free).report.whole.both.self_determined
    least = most * 99 // 100
    name = f"{scenarios[0]}@self_determination=0,cut_edges=1,at_home={least}"
    code, _, stderr = invoke("solve", name, "--certificate", "--out", "run", "--quiet")
    assert code == 0, stderr
    verdict = verify("run")
    assert verdict.is_confirmed, verdict.text
    assert f"At least {least:,} voters live" in Path("run/report.md").read_text()
    document = json.loads(Path("run/run.json").read_text())
    assert document["scenario"]["voters"] == {"at_home": least}
    again = partition.read("run")
    assert again.report.whole.both.self_determined >= least
    document["scenario"]["voters"]["at_home"] = least - 1
    Path("run/run.json").write_text(json.dumps(document))
    with pytest.raises(CertificateError):
        verify("run")


def test_more_than_there_are_is_refused_and_what_nobody_meets_is_named(country: Country) -> None:
    units = country(0)
    votes = units.votes["2016"]
    with pytest.raises(ClashError, match=r"voters.at_home = \d+ cannot be met: no more than"):
        partition.solve(asked(int(votes.max(axis=1).sum()) + 1), data=units)
    most = max(home for home, _ in every_plan(units))
    if most < votes.max(axis=1).sum():
        with pytest.raises(InfeasibleError, match="at_home"):
            partition.solve(asked(most + 1), data=units)
    with pytest.raises(ScenarioError, match="at_home = -1"):
        asked(-1)


def test_scenarios_without_it_are_written_as_before() -> None:
    assert "voters" not in Scenario.load("counties").to_table()
    assert Scenario.load("counties@at_home=5").to_table()["voters"] == {"at_home": 5}
