"""Inequalities travel from run to run, by file, and every run checks what it is handed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import partition
from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.runs.bundle_files import CERTIFICATE, KNOWLEDGE
from partition.runs.known import KnownPlans
from partition.runs.learned import (
    MOST_USED,
    Learned,
    joined,
    learned_around,
    nearest,
    read_knowledge,
    sources,
)
from partition.scenario import Scenario
from partition.studies.running.answered import begin_with
from partition.verify import check
from shapefiles.units import Units
from solvers.knowledge import Knowledge
from solvers.lessons import Lesson
from solvers.plan import Plan
from tests.partition.conftest import build_grid

Invoke = Callable[..., tuple[int, str, str]]
BORDERS = "border=0:20:3"


@pytest.fixture(scope="module")
def country() -> Units:
    rng = np.random.default_rng(5)
    blue, red = rng.integers(1, 999, (2, 64)).tolist()
    return build_grid(8, 8, blue=blue, red=red)


@pytest.fixture(scope="module")
def alone(country: Units) -> dict[float, float]:
    """The best objective at each weight, in votes, each searched for by itself."""
    runs = {
        border: partition.solve("counties", data=country, border=border, gap=0)
        for border in (0.0, 10.0, 20.0)
    }
    return {at: run.result.objective / run.question.scale for at, run in runs.items()}


def sweep(country: Units, runs: Path, **options: Any) -> Any:
    return partition.sweep("counties", BORDERS, data=country, runs=runs, gap=0, **options)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_sweep_hands_inequalities_from_run_to_run_and_says_so(
    country: Units, tmp_path: Path, alone: dict[float, float], n_jobs: int
) -> None:
    swept = sweep(country, tmp_path, n_jobs=n_jobs)
    rows = {one["weights.border"]: one for one in swept.rows}
    assert {at: one["objective_votes"] for at, one in rows.items()} == alone
    folders = {Path(one["folder"]).name for one in swept.rows}
    taught = {at: set(filter(None, (one["inequalities_from"] or "").split(", ")))
              for at, one in rows.items()}  # fmt: skip
    assert taught[10]  # in the middle, after both ends
    assert set().union(*taught.values()) <= folders
    for at, one in rows.items():
        # The proof of a run that began with rows of others stands by itself.
        folder = Path(one["folder"])
        certificate = json.loads(gzip.decompress((folder / CERTIFICATE).read_bytes()))
        run = partition.read(folder, country)
        confirmed = check(certificate, run.plan.assignment.tolist())
        assert confirmed.bound == alone[at] * run.question.scale


def test_fresh_runs_and_those_of_a_number_of_rounds_begin_without_any(
    country: Units, tmp_path: Path
) -> None:
    sweep(country, tmp_path)
    fresh = sweep(country, tmp_path, fresh=True)
    rounds = sweep(country, tmp_path, iterations=2)
    assert [one["inequalities_from"] for one in (*fresh.rows, *rounds.rows)] == [None] * 6
    again = sweep(country, tmp_path / "elsewhere", iterations=2)
    assert [one["bound_votes"] for one in again.rows] == [one["bound_votes"] for one in rounds.rows]
    assert [a.assignment.tolist() for a in again.plans] == [
        b.assignment.tolist() for b in rounds.plans
    ]


def test_the_newest_runs_that_fit_are_asked_and_what_is_damaged_is_passed_over(
    country: Units, squares: Units, tmp_path: Path
) -> None:
    question = Question(Scenario.load("counties"), Dataset.of(country))
    assert learned_around(question, tmp_path) == []
    sweep(country, tmp_path)
    partition.solve("counties", data=squares, gap=0).write(tmp_path / "squares")
    written = [one.parent.name for one in tmp_path.glob(f"*/{KNOWLEDGE}")]
    found = [one.source for one in learned_around(question, tmp_path)]
    assert len(found) == min(MOST_USED, len(written))
    assert "squares" not in found
    (tmp_path / found[0] / KNOWLEDGE).write_bytes(b"no gzip")
    assert found[0] not in [one.source for one in learned_around(question, tmp_path)]
    asked = question.asking(question.scenario.override(iterations=3))
    assert learned_around(asked, tmp_path) == []


def test_runs_of_the_nearest_questions_come_first_and_with_them_their_basis(
    country: Units, tmp_path: Path
) -> None:
    """Whenever they were written; one that does not say what it was asked comes last."""
    asked = ["border=20", "border=4", "border=10", "border=12,blue.pieces=2"]
    runs = {
        one: partition.solve(f"counties@{one}", data=country, gap=0, cold=True) for one in asked
    }
    for one, run in runs.items():
        run.write(tmp_path / one)

    def order(varied: str) -> list[str]:
        question = Question(Scenario.load(f"counties@{varied}"), Dataset.of(country))
        found = learned_around(question, tmp_path)
        known = joined(question.formulation.problem, found[::-1])
        first = found[0].knowledge.lessons[0]
        same = next(one for one in known.lessons if one.graph == first.graph)
        assert same.bases[:1] == first.bases
        return [one.source for one in found]

    assert order("border=11") == ["border=10", "border=4", "border=20"]
    assert order("border=19") == ["border=20", "border=10", "border=4"]
    assert order("border=11,blue.pieces=2")[0] == "border=12,blue.pieces=2"
    document = tmp_path / "border=10" / "run.json"
    document.write_text(document.read_text(encoding="utf-8").replace("scenario", "what"))
    assert order("border=11") == ["border=4", "border=20", "border=12,blue.pieces=2"]


def test_no_more_than_the_nearest_few_teach_and_the_plans_of_all_are_offered() -> None:
    lesson, plan = Lesson("graph", (("leaf", 0, 0),)), Plan(np.zeros(3, np.int8))
    known = {far: Knowledge("graph", (plan,), (lesson,)) for far in range(9)}
    known[1] = Knowledge("graph", (plan,))
    learned = [Learned(one, str(far), far=(far, 0.0)) for far, one in known.items()]
    found = nearest(learned[::-1])
    assert [one.source for one in found] == [str(far) for far in range(9)]
    assert sources(found) == ("0", "2", "3")
    assert all(one.knowledge.plans for one in found)
    assert nearest(found) == found


def test_a_search_says_whose_inequalities_it_begins_with(country: Units, tmp_path: Path) -> None:
    place = partition.solve("counties", data=country, gap=0).write(tmp_path / "mine")
    assert read_knowledge(place).n_rows
    question = Question(Scenario.load("counties@border=3"), Dataset.of(country))
    begin = begin_with(question, [tmp_path, tmp_path], KnownPlans(), (), cold=True)
    assert begin.told == (
        "Begins with the plan of mine.",
        "Inequalities of mine are checked and used as well.",
    )
    assert [one.source for one in begin.learned] == ["mine"]
    rounds = question.asking(question.scenario.override(iterations=2))
    for asked, folders in ((question, []), (rounds, [tmp_path])):
        nothing = begin_with(asked, folders, KnownPlans(), (), cold=False)
        assert (len(nothing.plans), nothing.learned, nothing.told) == (0, (), ())


def test_forged_inequalities_in_a_folder_of_runs_change_no_answer(
    country: Units, tmp_path: Path, alone: dict[float, float]
) -> None:
    run = partition.solve("counties", data=country, gap=0)
    place = run.write(tmp_path / "forged")
    known = read_knowledge(place)
    lesson = known.lessons[0]
    rng = np.random.default_rng(1)
    claims = [*lesson.claims, ("separator", 1, 99, (1,)), ("apart", 0, (0, 63), ()), ("leaf",), ()]
    sides = rng.integers(0, 2, 64).tolist()
    claims += [("separator", side, unit, ((unit + 1) % 64,)) for unit, side in enumerate(sides)]
    forged = Knowledge(known.graph, known.plans, (Lesson(lesson.graph, tuple(claims)),))
    (place / KNOWLEDGE).write_bytes(forged.packed())
    swept = sweep(country, tmp_path)
    found = {one["weights.border"]: one["objective_votes"] for one in swept.rows}
    bounds = {one["weights.border"]: one["bound_votes"] for one in swept.rows}
    assert found == bounds == alone
    assert any("forged" in (one["inequalities_from"] or "") for one in swept.rows)


def test_the_next_goal_begins_with_what_the_search_for_the_first_has_learned(
    country: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its budget makes one domain of all landmasses, whose units have other numbers."""
    islands = country.subset(np.delete(np.arange(64), [8, 9, 10, 11, 12, 13, 14, 15]))
    then = partition.solve("counties", data=islands, gap=0, then=[("border", 0.05)])
    assert then.taught_by == ("counties",)
    assert then.result.n_taught > 0
    cold = partition.solve(
        "counties@self_determination=0,border=1",
        data=islands,
        gap=0,
        at_home=then.scenario.voters.at_home,
    )
    assert then.result.objective == cold.result.objective
    assert cold.taught_by == ()


def test_robustness_is_the_same_with_inequalities_as_without(
    country: Units, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    rows = Knowledge.rows

    def counted(self: Knowledge, model: Any) -> Any:
        found = rows(self, model)
        if model.for_every_plan:
            given.append(len(found))
            assert not any(one.kind == "leaf" for one in found)
        return found

    monkeypatch.setattr(Knowledge, "rows", counted)
    options = {"data": country, "seeds": 1, "gap": 0, "within": 0.01, "survey_time": 600}
    taught = partition.robust("counties", runs=tmp_path, **options)
    assert max(given) > 0
    given.clear()
    fresh = partition.robust("counties", runs=tmp_path, fresh=True, **options)
    assert max(given, default=0) == 0
    assert taught.survey.is_excluded.tolist() == fresh.survey.is_excluded.tolist()
