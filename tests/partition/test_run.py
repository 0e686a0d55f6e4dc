"""There is one kind of run: solved, measured or read back, it can do the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import folium
import numpy as np
import pytest
from matplotlib.figure import Figure

import partition
from partition.errors import CertificateError, InputError, InternalError
from partition.question.asking import ask
from partition.runs.exporting import SUFFIXES
from partition.runs.run import Run
from shapefiles.units import Units
from solvers.plan import Plan
from solvers.result import Status

HALVES = Plan(np.arange(16) % 4 < 2)
"""The western half of four rows of four squares is blue."""


def solved(place: Path) -> Run:
    return partition.solve(place / "s0.toml")


def measured(place: Path) -> Run:
    return Run.measured(ask(place / "s0.toml"), HALVES)


def read_back(place: Path) -> Run:
    return partition.read(solved(place).write(place / "kept"))


def measured_and_read_back(place: Path) -> Run:
    return partition.read(measured(place).write(place / "kept"))


@pytest.mark.usefixtures("scenarios")
@pytest.mark.parametrize("make", [solved, measured, read_back, measured_and_read_back])
def test_every_run_is_drawn_written_exported_and_verified(
    make: Callable[[Path], Run], tmp_path: Path
) -> None:
    run = make(tmp_path)
    assert isinstance(run.map(), folium.Map)
    assert isinstance(run.plot(size="column", theme="dark"), Figure)
    for suffix in SUFFIXES:
        assert run.export(tmp_path / f"plan{suffix}").stat().st_size
    again = partition.read(run.write(tmp_path / "again"))
    assert again.folder == tmp_path / "again"
    assert (again.plan, again.report) == (run.plan, run.report)
    assert again.result.status is run.result.status
    assert run.verify().is_recounted
    assert json.loads(json.dumps(run.to_dict()))["objective"] == run.result.objective


def test_a_run_has_its_plan_once(squares: Units) -> None:
    run = partition.solve("archipelago", data=squares)
    assert run.plan is run.result.plan
    with pytest.raises(InternalError, match="without a plan"):
        replace(run, result=replace(run.result, plan=None))


def test_a_measured_run_claims_nothing(squares: Units) -> None:
    run = Run.measured(ask("archipelago", squares), Plan(np.array([1, 1, 0, 1, 0, 0])))
    votes = squares.votes["2016"]
    matched = sum(votes[unit, 1 - part] for unit, part in enumerate(run.plan.assignment.tolist()))
    assert (run.result.objective, run.result.bound, run.result.gap) == (matched, None, None)
    assert run.is_measured
    assert run.verdict == "It meets every constraint of archipelago."
    assert run.verdict in repr(run)


def test_a_plan_that_breaks_a_rule_is_drawn_but_never_kept_as_an_answer(
    squares: Units, tmp_path: Path
) -> None:
    question = ask("counties", squares)
    run = Run.measured(question, Plan(np.array([1, 0, 1, 0, 0, 0])))
    assert isinstance(run.map(), folium.Map)
    assert run.broken_constraint is not None
    with pytest.raises(InputError, match="It breaks a constraint of counties: "):
        run.write(tmp_path / "run")
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("scenarios")
def test_a_run_that_was_read_is_verified_from_its_files(tmp_path: Path) -> None:
    run = read_back(tmp_path)
    path = tmp_path / "kept" / "report.json"
    figures = json.loads(path.read_text("utf-8"))
    figures["country"]["stranded_voters"] += 1
    path.write_text(json.dumps(figures), "utf-8")
    with pytest.raises(CertificateError, match="stranded_voters"):
        run.verify()


def test_a_finished_run_is_never_taken_from_a_measured_one(squares: Units, tmp_path: Path) -> None:
    run = Run.measured(ask("archipelago", squares), Plan(np.array([1, 1, 0, 1, 0, 0])))
    run.write(tmp_path / "runs" / "given")
    comparison = partition.compare(["archipelago"], data=squares, runs=tmp_path / "runs", n_jobs=1)
    (found,) = comparison.runs.values()
    assert found.result.status is Status.OPTIMAL
    assert found.folder == comparison.folders["archipelago"] != tmp_path / "runs" / "given"
