"""What comes with the package is a start, never an answer, and is left aside where it is asked."""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import partition
from partition.errors import NoPlanError
from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.runs import shipped
from partition.runs.nearness import what_is_asked
from partition.runs.shipped import ENDING, FORMAT, INDEX, PACKAGE, VERSION, ShippedRun
from partition.scenario import Scenario
from partition.verify import check
from shapefiles.units import Units
from solvers.knowledge import Knowledge
from solvers.lessons import Lesson, graph_hash
from solvers.model import Model
from solvers.plan import Plan
from solvers.result import Status
from tests.partition.conftest import build_grid

SHIPPED = Path(partition.__file__).parent / "shipped"


def question_of(run: ShippedRun, dataset: Dataset) -> Question:
    """Find the shipped scenario, the election and the price of a border that a search was for."""
    border = run.asked.get("weights.border", "0")
    for name in partition.scenarios():
        for varied in (name, f"{name}@border={border}"):
            scenario = Scenario.load(varied).override(election=run.asked["election"])
            if what_is_asked(scenario) == run.asked:
                return Question(scenario, dataset)
    pytest.fail(f"{run.name} is for no shipped scenario")


def test_all_of_it_has_a_million_bytes_at_most_and_every_file_is_named() -> None:
    index = shipped.read_index(SHIPPED)
    assert sum(one.stat().st_size for one in SHIPPED.iterdir()) <= 1_000_000
    names = {f"{one.name}{ENDING}" for one in index.runs}
    assert {one.name for one in SHIPPED.iterdir()} == {INDEX, *names}
    for one in index.runs:
        data = (SHIPPED / f"{one.name}{ENDING}").read_bytes()
        assert hashlib.sha256(data).hexdigest() == one.sha256
    assert {"counties-2016", "counties-2020", "counties-2024"} <= {one.name for one in index.runs}


def test_every_shipped_plan_is_worth_what_the_index_says_and_meets_its_constraints(
    dataset: Dataset,
) -> None:
    for one in shipped.read_index(SHIPPED).runs:
        question = question_of(one, dataset)
        (plan,) = (known.plan for known in shipped._plans(one, dataset.units.n_units))
        assert question.broken_constraint(plan) is None
        assert question.objective(plan) == one.objective <= one.bound
        if question.scenario.weights.is_plain:
            votes = dataset.units.votes[question.election]
            home = np.where(plan.assignment == 1, votes[:, 0], votes[:, 1])
            assert int(home.sum()) == one.objective


def test_every_shipped_inequality_for_the_counties_holds_for_every_plan_that_comes_with_it(
    dataset: Dataset,
) -> None:
    """Read by its claim, as by any search; then held against plans it was not made from."""
    question = Question(Scenario.load("counties"), dataset)
    problem = question.formulation.problem
    mainland = max(nx.connected_components(nx.Graph(problem.edges.tolist())), key=len)
    members = np.array(sorted(mainland))
    model = Model(problem.subproblem(members))
    index = shipped.read_index(SHIPPED)
    (run,) = (one for one in index.runs if one.name == "counties-2016")
    known = shipped.read_rows(SHIPPED, run)
    rows = known.rows(model)
    assert len(rows) == known.n_rows > 500
    for one in index.runs:
        (plan,) = (each.plan for each in shipped._plans(one, dataset.units.n_units))
        if question.broken_constraint(plan) is None:
            values = plan.assignment[members].astype(float)
            # A leaf is one of optimal plans; that of 2016 is nearly one and has none.
            kinds = [row for row in rows if row.kind != "leaf" or one is run]
            assert max(row.excess(values) for row in kinds) <= 0


@pytest.mark.parametrize("limit", ["", ",iterations=3"])
def test_only_the_same_units_begin_with_it_and_only_without_rounds(
    dataset: Dataset, mainland: Units, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Scenario.load("counties").override(iterations=3 if limit else None)
    begun = shipped.shipped_for(Question(asked, dataset))
    assert bool(begun) != bool(limit)
    assert all(one.source.startswith(PACKAGE) and one.plans for one in begun)
    # Nothing is read for other units.
    monkeypatch.setattr(shipped, "read_rows", lambda *_: pytest.fail("a file was read"))
    some = Dataset.of(mainland)
    assert shipped.shipped_for(Question(asked, some)) == []
    turned = Dataset.of(mainland.subset(np.arange(mainland.n_units)[::-1].copy()))
    assert shipped.shipped_for(Question(asked, turned)) == []


def test_the_inequalities_of_the_nearest_questions_are_taken(dataset: Dataset) -> None:
    def taken(name: str, **options: Any) -> list[str]:
        scenario = Scenario.load(name).override(**options)
        begun = shipped.shipped_for(Question(scenario, dataset))
        return [one.source.split(": ")[1] for one in begun if one.knowledge.n_rows]

    assert taken("counties") == ["counties-2016"]
    assert taken("counties", election="2024") == ["counties-2024"]
    assert taken("counties@border=50") == ["counties-2016-border50"]
    assert taken("counties@border=60") == ["counties-2016-border50", "counties-2016-border75"]
    assert taken("counties@border=95") == ["compact-2016", "counties-2016-border75"]
    assert taken("counties@border=2") == ["counties-2016", "counties-2016-border25"]


def test_the_default_scenario_says_at_once_what_long_searches_had_proven(tmp_path: Path) -> None:
    """Measured in relaxations, not in seconds, which say nothing on a busy machine."""
    index = shipped.read_index(SHIPPED)
    (one,) = (one for one in index.runs if one.name == "counties-2016")
    bounds: list[int] = []

    def is_near() -> bool:
        return bool(bounds) and bounds[-1] - one.objective <= 1.5 * (one.bound - one.objective)

    run = partition.solve(
        "counties",
        gap=0,
        time_limit=3600,
        certify=True,
        on_progress=lambda progress: bounds.append(progress.bound or 2**62),
        should_stop=is_near,
    )
    assert run.result.status is Status.INTERRUPTED
    assert run.result.objective >= one.objective
    assert run.result.bound - run.result.objective <= 1.6 * (one.bound - one.objective)
    assert run.result.gap <= 0.0005
    assert (run.start, run.taught_by) == (f"{PACKAGE}: {one.name}", (f"{PACKAGE}: {one.name}",))
    # The proof stands by itself: what it was begun with is no part of it.
    certificate = run.result.certificate
    assert certificate is not None
    assert check(certificate, run.plan.assignment.tolist()).bound <= run.result.bound
    document = run.to_dict()
    assert document["inequalities_from"] == [f"{PACKAGE}: {one.name}"]


@pytest.mark.parametrize(
    ("arguments", "is_warm"),
    [
        ([], True),
        (["--cold"], False),
        (["--fresh"], False),
        (["--iterations", "1"], False),
    ],
)
@pytest.mark.parametrize("command", ["solve", "compare", "sweep", "robust", "swing", "stable"])
def test_every_command_that_solves_begins_with_it_unless_it_is_told_not_to(
    invoke: Any,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    arguments: list[str],
    is_warm: bool,
) -> None:
    if command != "solve" and "--iterations" in arguments:
        arguments = ["--set", "iterations=1"]
    begun: list[int] = []

    def search(*_: Any, knowledge: Knowledge | None, start: Plan | None, **__: Any) -> Any:
        begun.append(0 if knowledge is None else knowledge.n_rows)
        assert (start is not None) == bool(begun[-1])
        raise NoPlanError("What is handed to the search is known.")

    monkeypatch.setattr("solvers.solve.solve", search)
    own = {"sweep": ["--weight", "border=0,5"], "swing": ["--points", "0:1:2"]}
    more = [*own.get(command, []), *(["--jobs", "1"] if command not in ("solve", "stable") else [])]
    code, _, stderr = invoke(command, "counties", *more, *arguments)
    assert code != 0
    assert begun
    assert all((one > 0) == is_warm for one in begun)
    if command == "solve":
        assert (shipped.TOLD in stderr) == is_warm


def write_shipped(folder: Path, units: Units, name: str, plan: str, known: Knowledge) -> None:
    """Write a folder of what comes with the package, for other units, all hashes right."""
    data = known.packed(densely=True)
    asked = what_is_asked(Scenario.load("counties"))
    run = ShippedRun(name, asked, plan, 10**9, 0, 1.0, hashlib.sha256(data).hexdigest())
    document = {
        "format": FORMAT,
        "version": VERSION,
        "units": shipped.units_hash(units),
        "runs": [asdict(run)],
    }
    folder.mkdir(exist_ok=True)
    (folder / f"{name}{ENDING}").write_bytes(data)
    (folder / INDEX).write_text(json.dumps(document), encoding="utf-8")


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_forged_plans_and_inequalities_change_no_answer(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """The best of all plans, by brute force, whatever the package says of bounds and rows."""
    rng = np.random.default_rng(seed)
    blue, red = rng.integers(0, 99, (2, 9)).tolist()
    units = build_grid(3, 3, blue=blue, red=red)
    question = Question(Scenario.load("counties").override(gap=0.0), Dataset.of(units))
    problem = question.formulation.problem
    walls = [
        tuple(sorted(rng.choice(9, rng.integers(1, 4), replace=False).tolist())) for _ in range(9)
    ]
    claims = [("separator", int(rng.integers(2)), int(rng.integers(9)), wall) for wall in walls]
    claims += [("apart", int(rng.integers(2)), wall[:2], wall[2:]) for wall in walls]
    claims += [("leaf", int(rng.integers(2)), int(rng.integers(9))) for _ in walls]
    lesson = Lesson(graph_hash(9, problem.edges), tuple(claims))
    plan = np.packbits(rng.integers(0, 2, 9).astype(np.uint8)).tobytes().hex()
    folder = tmp_path_factory.mktemp("shipped")
    write_shipped(folder, units, "forged", plan, Knowledge("", (), (lesson,)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shipped, "_folder", lambda: folder)
        assert [one.source for one in shipped.shipped_for(question)] == [f"{PACKAGE}: forged"]
        run = partition.solve("counties", data=units, gap=0, time_limit=3600)
    graph, best = nx.Graph(units.edges.pairs.tolist()), 0
    for code in range(2**9):
        parts = np.array([code >> unit & 1 for unit in range(9)])
        nations = [np.flatnonzero(parts == side).tolist() for side in (0, 1)]
        if all(not one or nx.is_connected(graph.subgraph(one)) for one in nations):
            best = max(best, int(np.where(parts, blue, red).sum()))
    assert (run.result.objective, run.result.bound) == (best, best)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / INDEX).write_text("{"), INDEX),
        (lambda folder: (folder / INDEX).write_text('{"format": 1}'), INDEX),
        (lambda folder: (folder / f"one{ENDING}").write_bytes(b"no gzip"), "it was changed"),
        (lambda folder: (folder / f"one{ENDING}").write_bytes(gzip.compress(b"{}")), "changed"),
        (lambda folder: (folder / f"one{ENDING}").unlink(), f"one{ENDING}"),
        (None, ""),
    ],
)
def test_a_damaged_file_is_named_and_left_aside(
    tmp_path: Path,
    squares: Units,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    spoil: Any,
    told: str,
) -> None:
    lesson = Lesson(graph_hash(6, squares.edges.pairs), (("leaf", 0, 0),))
    write_shipped(tmp_path, squares, "one", "e0", Knowledge("", (), (lesson,)))
    if spoil is not None:
        spoil(tmp_path)
    monkeypatch.setattr(shipped, "_folder", lambda: tmp_path)
    question = Question(Scenario.load("counties"), Dataset.of(squares))
    with caplog.at_level(logging.WARNING):
        begun = shipped.shipped_for(question)
        assert sum(one.knowledge.n_rows for one in begun) == (0 if told else 1)
    assert bool(caplog.records) == bool(told)
    assert all(told in one.getMessage() for one in caplog.records)
    assert all("left aside" in one.getMessage() for one in caplog.records)
    warm, cold = (
        partition.solve("counties", data=squares, gap=0, cold=one).result for one in (False, True)
    )
    assert warm.objective == cold.objective


def test_without_the_folder_a_search_is_cold(
    tmp_path: Path, squares: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped, "_folder", lambda: tmp_path / "nowhere")
    question = Question(Scenario.load("counties"), Dataset.of(squares))
    assert shipped.shipped_for(question) == []


def test_a_plan_of_another_number_of_units_is_left_aside(
    tmp_path: Path, squares: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    for plan in ("e0e0", "zz", ""):
        write_shipped(tmp_path, squares, "one", plan, Knowledge(""))
        monkeypatch.setattr(shipped, "_folder", lambda: tmp_path)
        (begun,) = shipped.shipped_for(Question(Scenario.load("counties"), Dataset.of(squares)))
        assert begun.plans == ()
