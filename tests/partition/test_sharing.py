"""A good plan is never forgotten: studies, seen from what their plans are worth."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import partition
from partition.errors import InternalError
from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.runs.known import KnownPlan, KnownPlans
from partition.runs.run import Run
from partition.runs.solving import solve_question
from partition.scenario import Scenario
from partition.studies.running.finished import choose_folder
from partition.studies.running.sharing import adopt, share
from partition.verify import verify
from shapefiles.units import Units
from solvers.plan import Plan
from solvers.result import Status
from tests.partition.conftest import build_grid

Search = Callable[..., Run]


@pytest.fixture
def country() -> Units:
    rng = np.random.default_rng(3)
    blue, red = rng.integers(1, 99, (2, 20)).tolist()
    return build_grid(5, 4, blue=blue, red=red)


@pytest.fixture
def lazy(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make searches that find nothing better than what they begin with, or than two halves."""
    begun: list[str] = []

    def search(question: Question, *, start: KnownPlans, **_: object) -> Run:
        known = start.best(question)
        begun.append("" if known is None else known.source)
        run = solve_question(question)
        halves = Plan((np.arange(question.units.n_units) % 5 < 2).astype(np.int8))
        plan = halves if known is None else known.plan
        result = replace(
            run.result,
            plan=plan,
            objective=question.objective(plan),
            status=Status.TIME_LIMIT,
        )
        return replace(run, result=result, report=question.measure(plan), start=begun[-1])

    monkeypatch.setattr("partition.studies.running.worker.solve_question", search)
    return begun


def worth(folder: Path, units: Units, border: float) -> float:
    """Count from ``plan.csv`` what a plan is worth, by other code."""
    lines = (folder / "plan.csv").read_text(encoding="utf-8").splitlines()[1:]
    side = dict(line.split(",")[:2] for line in lines)
    votes = units.votes["2016"]
    at_home = sum(
        int(votes[row, 0 if side[one] == "blue" else 1]) for row, one in enumerate(units.ids)
    )
    cut = sum(side[units.ids[a]] != side[units.ids[b]] for a, b in units.edges.pairs)
    return at_home - border * 10 * cut


def test_a_frontier_never_lies_below_a_plan_that_is_known(
    country: Units, tmp_path: Path, lazy: list[str]
) -> None:
    partition.solve("counties@border=1", data=country).write(tmp_path / "mine")
    lazy.clear()
    swept = partition.sweep("counties", ["border=0:3:4"], data=country, runs=tmp_path)
    assert set(lazy) == {"mine"}
    folders = [tmp_path / "mine", *(Path(one["folder"]) for one in swept.rows)]
    for one in swept.rows:
        border = one["weights.border"]
        best = max(worth(folder, country, border) for folder in folders)
        assert one["objective_votes"] == worth(Path(one["folder"]), country, border) == best
        assert "mine" in {one["start"], Path(one["folder"]).name}


def test_what_a_later_run_finds_serves_those_before_it(
    country: Units, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def search(question: Question, *, start: KnownPlans, **_: object) -> Run:
        if question.scenario.weights.border == 2:
            return solve_question(question, start=start)
        run = solve_question(question)
        nothing = Plan(np.zeros(question.units.n_units, np.int8))
        result = replace(
            run.result,
            plan=nothing,
            objective=question.objective(nothing),
            status=Status.TIME_LIMIT,
        )
        return replace(run, result=result, report=question.measure(nothing))

    monkeypatch.setattr("partition.studies.running.worker.solve_question", search)
    swept = partition.sweep("counties", ["border=0:2:3"], data=country, runs=tmp_path)
    worths = [worth(Path(one["folder"]), country, one["weights.border"]) for one in swept.rows]
    last = Path(swept.rows[2]["folder"])
    assert worths == [worth(last, country, border) for border in (0, 1, 2)]
    assert [one["objective_votes"] for one in swept.rows] == worths
    for one in swept.rows:
        document = json.loads((Path(one["folder"]) / "run.json").read_text(encoding="utf-8"))
        assert document["objective"] <= document["bound"]
        assert document["trace"][-1]["incumbent"] == document["objective"]
    assert {one["start"] for one in swept.rows[:2]} == {last.name}
    again = partition.sweep("counties", ["border=0:2:3"], data=country, runs=tmp_path)
    assert [one["folder"] for one in again.rows] == [one["folder"] for one in swept.rows]


@pytest.mark.parametrize("fresh", [False, True])
def test_a_comparison_after_a_longer_search_is_at_least_as_good_unless_it_is_fresh(
    country: Units, tmp_path: Path, lazy: list[str], *, fresh: bool
) -> None:
    longer = partition.solve("counties", data=country, gap=0)
    longer.write(tmp_path / "longer")
    compared = partition.compare(["counties@border=0.5"], data=country, runs=tmp_path, fresh=fresh)
    (row,) = compared.rows
    known = worth(tmp_path / "longer", country, 0.5)
    assert row["objective_votes"] >= known if not fresh else row["objective_votes"] < known
    assert lazy == ([""] if fresh else ["longer"])


def test_a_run_that_has_proven_enough_answers_a_looser_request_and_no_other(
    country: Units, tmp_path: Path, lazy: list[str]
) -> None:
    partition.solve("counties", data=country, gap=0, time_limit=50).write(tmp_path / "exact")

    def folder(**options: object) -> str:
        found = partition.compare("counties", data=country, runs=tmp_path, **options)
        return next(iter(found.folders.values())).name

    assert folder(gap=0.01, time_limit=7) == "exact"
    assert not lazy
    assert folder(gap=0.01, seed=1) != "exact"
    assert folder(gap=0.01, iterations=2) != "exact"
    assert folder(gap=0.01, fresh=True) != "exact"
    assert len(lazy) == 3
    assert lazy[1:] == ["", ""]


def test_a_number_of_rounds_begins_with_nothing_that_lies_about(
    country: Units, tmp_path: Path, lazy: list[str]
) -> None:
    partition.solve("counties", data=country).write(tmp_path / "mine")
    partition.compare("counties@border=1", data=country, runs=tmp_path, iterations=3)
    assert lazy == [""]


def test_a_better_plan_that_another_study_has_written_meanwhile_stays(
    country: Units, tmp_path: Path
) -> None:
    best = partition.solve("counties", data=country, gap=0)
    folder = choose_folder(tmp_path, best.question)
    best.write(folder)
    rng = np.random.default_rng(5)
    plans = [Plan(rng.integers(0, 2, 20).astype(np.int8)) for _ in range(4000)]
    allowed = [one for one in plans if best.question.broken_constraint(one) is None]
    low, *_, high = sorted(allowed, key=best.question.objective)
    assert best.question.objective(low) < best.question.objective(high)
    poor = replace(
        best,
        result=replace(
            best.result,
            plan=low,
            objective=best.question.objective(low),
            status=Status.TIME_LIMIT,
        ),
    )
    before = (folder / "plan.csv").read_bytes()
    shared = share({"one": poor}, KnownPlans([KnownPlan(high, "a study")]), tmp_path)
    assert (folder / "plan.csv").read_bytes() == before
    assert shared["one"].plan == best.plan


def test_a_plan_that_is_worth_more_than_a_bound_is_an_error_and_no_answer(country: Units) -> None:
    run = partition.solve("counties", data=country, gap=0)
    low = replace(run, result=replace(run.result, bound=(run.result.objective or 0) - 1))
    with pytest.raises(InternalError, match="had proven that none exceeds"):
        adopt(low, KnownPlan(run.plan, "elsewhere"))


def test_a_run_that_adopts_a_plan_is_one_that_the_verifier_confirms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(Scenario.load("cascadia-counties"), Dataset.embedded())
    run = solve_question(question.asking(question.scenario.override(iterations=1)))
    plan = Plan(np.where(np.isin(question.units.states, ["CA", "OR", "WA"]), 1, 0).astype(np.int8))
    poor = replace(
        run,
        question=question,
        result=replace(run.result, plan=plan, objective=question.objective(plan)),
        report=question.measure(plan),
    )
    adopt(poor, KnownPlan(run.plan, "better")).write(tmp_path / "adopted")
    verify(tmp_path / "adopted")
    document = json.loads((tmp_path / "adopted" / "run.json").read_text(encoding="utf-8"))
    assert document["start"] == "better"
    assert document["objective"] == question.objective(run.plan)
