"""The Python interface, as a notebook uses it."""

from __future__ import annotations

import itertools
from pathlib import Path

import folium
import networkx as nx
import numpy as np
import pytest
from rich.console import Console

import partition
from partition.errors import (
    BundleError,
    InfeasibleError,
    InterruptedSearchError,
    NoPlanError,
    ScenarioError,
)
from shapefiles.units import Units
from solvers.plan import Plan
from solvers.problem import Problem
from solvers.result import Limits, Progress, Result, Status


def best_by_brute_force(units: Units) -> int:
    graph, votes = nx.Graph(units.edges.pairs.tolist()), units.votes["2016"]
    best = 0
    for parts in itertools.product([0, 1], repeat=units.n_units):
        nations = [np.flatnonzero(np.array(parts) == side).tolist() for side in (0, 1)]
        if all(not one or nx.is_connected(graph.subgraph(one)) for one in nations):
            matched = votes[np.arange(units.n_units), 1 - np.array(parts)].sum()
            best = max(best, int(matched))
    return best


def test_solving_finds_the_best_contiguous_plan_of_a_small_country(squares: Units) -> None:
    run = partition.solve("counties", data=squares, gap=0, time_limit=20)
    assert run.result.objective == run.report.whole.both.self_determined
    assert run.result.objective == best_by_brute_force(squares)
    assert (run.report.whole.blue.pieces, run.report.whole.red.pieces) == (1, 1)


def test_the_same_seed_gives_the_same_plan(squares: Units) -> None:
    one, two = (partition.solve("counties", data=squares, seed=3, time_limit=20) for _ in range(2))
    assert one.plan == two.plan
    assert one.scenario.limits.seed == one.result.seed == 3


def test_a_run_shows_itself_in_words_a_table_and_a_map(squares: Units) -> None:
    run = partition.solve("archipelago", data=squares)
    # 90, 60, 80, 80, 70 and 90 of 100 voters each.
    assert "78.33 % of two-party voters" in repr(run)
    assert "The best possible, proven" in repr(run)
    console = Console(width=100, record=True, file=None, quiet=False, stderr=True)
    with console.capture() as shown:
        console.print(run)
    assert "Blue nation" in shown.get()
    assert "Self-determined" in shown.get()
    assert "Electoral votes" not in shown.get()  # these units have none
    assert isinstance(run.map(), folium.Map)


def test_writing_twice_needs_force(squares: Units, tmp_path: Path) -> None:
    run = partition.solve("archipelago", data=squares)
    folder = run.write(tmp_path / "run")
    with pytest.raises(BundleError, match="already holds a run"):
        run.write(folder)
    assert run.write(folder, force=True) == folder


def test_a_run_without_a_folder_is_written_under_runs(
    squares: Units, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert partition.solve("archipelago", data=squares).write() == Path("runs/archipelago-2016")
    assert (tmp_path / "runs" / "archipelago-2016" / "map.html").exists()


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (Status.INFEASIBLE, InfeasibleError, 3),
        (Status.INTERRUPTED, InterruptedSearchError, 130),
        (Status.TIME_LIMIT, NoPlanError, 1),
        (Status.UNKNOWN, NoPlanError, 1),
    ],
)
def test_a_search_without_a_plan_raises_what_happened(
    squares: Units,
    monkeypatch: pytest.MonkeyPatch,
    status: Status,
    error: type[NoPlanError],
    code: int,
) -> None:
    def nothing(_problem: Problem, _limits: Limits, **_: object) -> Result:
        return Result(None, status, None, None, 1.0, 0)

    monkeypatch.setattr("solvers.solve.solve", nothing)
    with pytest.raises(NoPlanError) as caught:
        partition.solve("counties", data=squares)
    assert type(caught.value) is error
    assert caught.value.exit_code == code


def test_limits_seed_and_callbacks_reach_the_solver(
    squares: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, object] = {}

    def record(_problem: Problem, limits: Limits, **options: object) -> Result:
        seen.update(options, limits=limits)
        return Result(None, Status.UNKNOWN, None, None, 0.0, 0)

    def watch(_progress: Progress) -> None:
        pass

    def stop() -> bool:
        return False

    monkeypatch.setattr("solvers.solve.solve", record)
    with pytest.raises(NoPlanError):
        partition.solve(
            data=squares,
            time_limit=7,
            gap=0.5,
            seed=9,
            iterations=3,
            start=Plan(np.zeros(6, np.int8)),
            certify=True,
            on_progress=watch,
            should_stop=stop,
        )
    assert seen == {
        "limits": Limits(time_limit=7.0, gap=0.5, rounds=3),
        "seed": 9,
        "start": Plan(np.zeros(6, np.int8)),
        "certify": True,
        "on_progress": watch,
        "should_stop": stop,
    }


def test_wrong_input_is_refused_before_anything_is_read() -> None:
    with pytest.raises(ScenarioError, match="did you mean archipelago"):
        partition.solve("archipelgo")
    with pytest.raises(ValueError, match="election"):
        partition.solve("counties", election=1788)


def test_everything_the_package_promises_is_there() -> None:
    for name in partition.__all__:
        assert getattr(partition, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'sovle'"):
        partition.sovle  # noqa: B018
