"""Plans and inequalities that come with the package, for the map that comes with it.

``partition/shipped/index.json`` has the best plan of each search and says what it was for; a file
beside it has the inequalities. ``python benchmarks/ship.py`` makes them. They hold no answer: a
plan is counted and checked by the question that begins with it, and an inequality is read from its
claim for the graph, the roots and the limits at hand. So a changed file costs time and no more.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np

from partition.question.question import Question
from partition.runs.known import KnownPlan
from partition.runs.learned import Learned
from partition.runs.nearness import SAME, distance, what_is_asked
from shapefiles.errors import one_line
from shapefiles.units import Units
from solvers.knowledge import Knowledge
from solvers.plan import Plan

log = logging.getLogger(__name__)

FOLDER, INDEX, ENDING = "shipped", "index.json", ".json.xz"

PACKAGE = "the package"
"""What the source of a plan begins with that comes with the package."""

FORMAT, VERSION = "two-nations shipped knowledge", 1

TOLD = (
    "Starts from plans and inequalities that come with the package, each checked here; --cold "
    "leaves them aside."
)
"""What a person is told whose search begins with them."""

NEAREST = 2
"""Searches whose inequalities serve a question that none of them was for."""

NOTHING = Knowledge("")


@dataclass(frozen=True, slots=True)
class ShippedRun:
    """A search that comes with the package.

    Parameters
    ----------
    name
        Name of its file, without the ending.
    asked
        What it was for: see :func:`partition.runs.nearness.what_is_asked`.
    plan
        The best plan it found, as the digits of :func:`digits_of`.
    objective, bound
        What its plan is worth, and what is proven within seconds from there, in steps of a vote.
        Nobody believes them: whoever begins with the plan and the inequalities counts and proves
        anew.
    seconds
        How long was searched, by all searches for the same question that handed it on.
    sha256
        Hash of its file of inequalities.
    """

    name: str
    asked: Mapping[str, str]
    plan: str
    objective: int
    bound: int
    seconds: float
    sha256: str


@dataclass(frozen=True, slots=True)
class Index:
    """Which searches come with the package, and for which units.

    Parameters
    ----------
    units
        Hash of the units' ids, in their order; see :func:`units_hash`.
    runs
        The searches.
    """

    units: str = ""
    runs: tuple[ShippedRun, ...] = ()


def shipped_for(question: Question) -> list[Learned]:
    """Gather what comes with the package for a question; nothing for other units.

    Every plan is offered, and the inequalities of the searches whose questions are nearest, where
    these are of the graph that is searched. A search that ends after a number of rounds is to be
    the same for all time, and begins with nothing; one that limits no nation in its pieces takes no
    time, and needs nothing.
    """
    problem = question.formulation.problem
    if question.scenario.limits.iterations is not None or not any(problem.pieces):
        return []
    folder = _folder()
    index = read_index(folder)
    if not index.runs or index.units != units_hash(question.units):
        return []
    asked = what_is_asked(question.scenario)
    nearest = sorted(index.runs, key=lambda run: distance(run.asked, asked))
    n_files = 1 if distance(nearest[0].asked, asked) == SAME else NEAREST
    files = (read_rows(folder, run) for run in nearest[:n_files])
    rows = [one if one.serves(problem) else NOTHING for one in files]
    rows += [NOTHING] * (len(nearest) - n_files)
    return [
        Learned(
            known,
            f"{PACKAGE}: {run.name}",
            tuple(_plans(run, question.units.n_units)),
            distance(run.asked, asked),
        )
        for known, run in zip(rows, nearest, strict=False)
    ]


def units_hash(units: Units) -> str:
    """Hash the ids of units in their order."""
    return hashlib.sha256("\n".join(units.ids.tolist()).encode()).hexdigest()


def digits_of(plan: Plan) -> str:
    """Write a plan as hexadecimal digits, four units a digit.

    Examples
    --------
    >>> digits_of(Plan(np.array([1, 0, 1, 1, 0, 0, 0, 0, 1])))
    'b080'
    """
    return np.packbits(plan.assignment.astype(np.uint8)).tobytes().hex()


def read_index(folder: Traversable) -> Index:
    """Read which searches there are; none where the file is missing or damaged, which is logged."""
    path = folder / INDEX
    try:
        document = json.loads(path.read_bytes())
        _require((document["format"], document["version"]) == (FORMAT, VERSION), "another format")
        return Index(str(document["units"]), tuple(_run(one) for one in document["runs"]))
    except FileNotFoundError:
        return Index()
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        _complain(path, error)
        return Index()


def read_rows(folder: Traversable, run: ShippedRun) -> Knowledge:
    """Read the inequalities of a search; nothing where the file is damaged, which is logged."""
    path = folder / f"{run.name}{ENDING}"
    try:
        data = path.read_bytes()
        _require(hashlib.sha256(data).hexdigest() == run.sha256, "it was changed")
        return Knowledge.unpacked(data)
    except (OSError, ValueError) as error:
        _complain(path, error)
        return NOTHING


def _plans(run: ShippedRun, n_units: int) -> Iterator[KnownPlan]:
    try:
        bits = np.unpackbits(np.frombuffer(bytes.fromhex(run.plan), np.uint8))
        _require(len(bits) == -(-n_units // 8) * 8, f"{run.name} has a plan of other units")
        yield KnownPlan(Plan(bits[:n_units].astype(np.int8)), f"{PACKAGE}: {run.name}")
    except ValueError as error:
        _complain(_folder() / INDEX, error)


def _run(given: Mapping[str, Any]) -> ShippedRun:
    """Read an entry of the index, whose fields and their types must be those it has."""
    run = ShippedRun(**given)
    texts = (run.name, run.plan, run.sha256, *run.asked, *run.asked.values())
    _require(all(type(one) is str for one in texts), "what should be a text is none")
    _require(Path(run.name).name == run.name, f"{run.name} is no name of a file")
    return run


def _require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise ValueError(otherwise)


def _complain(path: Traversable, error: Exception) -> None:
    log.warning("%s, which comes with the package, is left aside: %s", path, one_line(error, 300))


def _folder() -> Traversable:
    return resources.files("partition") / FOLDER
