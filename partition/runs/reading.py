"""Read a run back from its folder, measured and checked anew."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from maps.plan_table import PLAN_COLUMNS
from partition.answer.steps import StepTaken
from partition.errors import BundleError, InputError, ScenarioError
from partition.metrics import NATION_NAMES
from partition.question.asking import ask
from partition.question.question import Question
from partition.runs.bundle_files import DOCUMENT, PLAN
from partition.runs.run import Run
from partition.runs.switchers import restored_stability
from partition.scenario import Scenario
from partition.version import SCHEMA_VERSION
from shapefiles.errors import DataError, one_line, shown
from shapefiles.own.whereabouts import MissingFileError, located
from shapefiles.screening.door import read_bytes
from shapefiles.table_writing import read_csv
from shapefiles.units import Units
from solvers.plan import Plan
from solvers.result import Result, Status

if TYPE_CHECKING:
    from partition.land.given import Data

MAX_BYTES = 2**28
"""Bytes that a plan or ``run.json`` may have: a hundred times those of the largest map."""


def read(
    folder: str | Path, data: Data = None, *, votes: Any = None, asked: Question | None = None
) -> Run:
    """Read a run back from its folder, measured and checked anew.

    The plan must meet every constraint and have the objective that ``run.json`` says, and the
    bound must allow for it: files that were edited or mixed up are found out.

    Parameters
    ----------
    folder
        A folder that a run wrote.
    data
        Land that the run divides; unless given, the files that its scenario names, looked for from
        the folder and where they were, or the data set that comes with the package. What was held
        in memory, a frame or a graph, is given again.
    votes
        Frame of the votes, where these were held in memory.
    asked
        Question that the run must answer, with its land, where that is known; unless given, the one
        that ``run.json`` states.

    Returns
    -------
    Run
        As it was solved, but for the trace of the search and the certificate of its bound.

    Raises
    ------
    BundleError
        When the folder holds no whole run, one of other data, or one whose files do not agree.
    InputError
        When a file of the data is wrong: one line with the place and what to do.
    """
    folder = Path(folder)
    document = read_document(folder)
    place = folder / DOCUMENT
    try:
        question = _question(document, folder, data, votes, asked)
        return _restored(document, folder, question)
    except ScenarioError as error:
        raise BundleError(f"{place}: {one_line(error, 500)}") from None
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        what = f"{type(error).__name__}: {one_line(error, 500)}"
        raise BundleError(f"{place} is damaged: {what}") from None


def read_document(folder: str | Path) -> dict[str, Any]:
    """Read the ``run.json`` of a run.

    Raises
    ------
    BundleError
        When it is missing, damaged, or of another layout than this program reads.
    """
    folder = Path(folder)
    with _bundle_errors(folder):
        document = json.loads(_read(folder / DOCUMENT))
    version = document.get("schema_version") if isinstance(document, dict) else None
    if version != SCHEMA_VERSION:
        raise BundleError(
            f"{folder / DOCUMENT} has schema_version {shown(version)}; this program reads "
            f"{SCHEMA_VERSION}."
        )
    return dict(document)


def plan_in(folder: Path, units: Units) -> Plan:
    """Read the ``plan.csv`` of a run, in the row order of the units that it divides.

    Raises
    ------
    BundleError
        When there is none, or it is damaged or of other units.
    """
    with _bundle_errors(folder):
        lines = read_csv(_read(folder / PLAN))
    return _match(lines, units, folder / PLAN)


def _question(
    document: dict[str, Any], folder: Path, data: Data, votes: Any, asked: Question | None
) -> Question:
    """Say what a run answers, and refuse one that answers something else than what is asked."""
    table = dict(document["scenario"])
    name = table.pop("name")
    scenario = Scenario.from_table(table, name)
    if asked is not None:
        data = asked.dataset
    elif data is None and votes is None:
        scenario = _found_again(scenario, document, folder)
    stated = ask(scenario, data, votes=votes)
    question = stated if asked is None else asked
    if question.identity != stated.identity:
        raise BundleError(
            f"{folder / DOCUMENT} asks another question than that of {question.scenario.name!r}."
        )
    if document["data"]["sha256"] != dict(question.dataset.hashes):
        raise BundleError(
            f"{folder} divides other data than these; their SHA-256 are in {DOCUMENT}. "
            "Use the data it was made with, or run its scenario again."
        )
    return question


def _found_again(scenario: Scenario, document: dict[str, Any], folder: Path) -> Scenario:
    """Have a scenario name the files of its map where they are now."""
    if scenario.data is None:
        return scenario
    data = document["data"]
    try:
        files = located(scenario.data, data.get("files"), data["sha256"], folder)
    except MissingFileError as error:
        raise BundleError(f"{folder / DOCUMENT}: {error}") from None
    return replace(scenario, data=files)


def _restored(document: dict[str, Any], folder: Path, question: Question) -> Run:
    """Bring back the answer to a question from the plan and ``run.json``."""
    plan = plan_in(folder, question.units)
    result = Result(
        plan=plan,
        status=Status(document["status"]),
        objective=_whole(document["objective"]),
        bound=_whole(document["bound"]),
        runtime=float(document["runtime_seconds"]),
        seed=int(document["seed"]),
        n_windows=int(document.get("windows", 0)),
    )
    _check(result, plan, question, folder)
    steps = tuple(StepTaken(**one) for one in document.get("steps", ()))
    start, taught_by = document.get("start") or "", document.get("inequalities_from") or ()
    taught = tuple(map(str, taught_by))
    stability = restored_stability(document, question, plan)
    report = question.measure(plan)
    return Run(question, result, report, folder, start, steps, taught, stability)


def _check(result: Result, plan: Plan, question: Question, folder: Path) -> None:
    """Refuse a result that its plan does not have."""
    broken = question.broken_constraint(plan)
    if broken is not None:
        raise BundleError(f"{folder / PLAN} is no plan of its scenario: {broken}.")
    objective, bound = question.objective(plan), result.bound
    if objective != result.objective:
        raise BundleError(
            f"{folder / PLAN} has the objective {objective}, and {DOCUMENT} says "
            f"{result.objective}: one of them was changed."
        )
    is_optimal = result.status is Status.OPTIMAL
    if is_optimal if bound is None else bound < objective or (is_optimal and bound > objective):
        raise BundleError(
            f"{folder / DOCUMENT} is damaged: its plan has the objective {objective}, which "
            f"a bound of {bound} and the status {result.status.value} contradict."
        )
    if not (isfinite(result.runtime) and result.runtime >= 0):
        raise ValueError(f"runtime_seconds = {result.runtime}")


def _whole(value: object) -> int | None:
    if value is None or type(value) is int:
        return value
    raise TypeError(f"{value!r} is no whole number of votes")


def _read(path: Path) -> str:
    """Read a file of a bundle, which may be anybody's: no pipe, and no more than memory holds."""
    return read_bytes(path, MAX_BYTES).decode("utf-8")


@contextmanager
def _bundle_errors(folder: Path) -> Iterator[None]:
    """Say which bundle it is that cannot be read."""
    try:
        yield
    except (OSError, DataError) as error:
        raise BundleError(f"{folder} is not a whole run bundle: {one_line(error, 500)}") from None
    except (ValueError, csv.Error, RecursionError) as error:
        raise BundleError(f"{folder} holds a damaged file: {one_line(error, 500)}") from None


def _match(lines: list[list[str]], units: Units, path: Path) -> Plan:
    """Bring the lines of a plan into the row order of the units."""
    # What follows the nation is for people: nothing is taken from it.
    if not lines or tuple(lines[0]) not in (PLAN_COLUMNS[:2], PLAN_COLUMNS):
        raise BundleError(f"{path}, line 1: expected the header {','.join(PLAN_COLUMNS)}.")
    n_cells = len(lines[0])
    row = {unit: index for index, unit in enumerate(units.ids.tolist())}
    part = {name: part for part, name in enumerate(NATION_NAMES)}
    assignment = np.full(units.n_units, -1, np.int8)
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != n_cells or line[0] not in row or line[1] not in part:
            what = shown(",".join(line[:2]))
            raise BundleError(
                f"{path}, line {number}: {what} is not a known unit with blue or red."
            )
        if assignment[row[line[0]]] >= 0:
            raise BundleError(f"{path}, line {number}: unit {line[0]} is assigned twice.")
        assignment[row[line[0]]] = part[line[1]]
    missing = np.flatnonzero(assignment < 0)
    if len(missing):
        raise BundleError(
            f"{path} leaves out {len(missing)} units, the first {units.ids[missing[0]]}."
        )
    return Plan(assignment)
