"""A run of a study, made by whatever process there is, with another study at work or not."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from partition.answer import Report
from partition.answer.steps import StepTaken
from partition.errors import (
    BundleError,
    ClashError,
    IncompleteError,
    InfeasibleError,
    InterruptedSearchError,
    PartitionError,
)
from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.runs.bundle import write_bundle
from partition.runs.known import KnownPlan, KnownPlans
from partition.runs.learned import learned_around
from partition.runs.locks import claim
from partition.runs.run import Run
from partition.runs.solving import solve_question
from partition.runs.steps import following
from partition.scenario import Scenario, Step
from partition.studies.running.finished import left_behind
from partition.studies.running.missing import Failure
from partition.studies.running.spread import LostTaskError
from partition.studies.running.stopping import leave_ctrl_c_to_the_file
from partition.studies.running.under_way import telling
from solvers.result import Result

log = logging.getLogger(__name__)

INTERRUPTED = "Interrupted before it was begun."
"""What is said of a run that is left out since the study is to end."""

GRACE = 60.0
"""Seconds that a run may take on top of its time limit, to be measured, drawn and written."""


@dataclass(frozen=True, slots=True)
class Job:
    """A run of a study.

    Parameters
    ----------
    label
        What it is called in the study.
    question
        What is asked.
    told, steps
        What the goals before have come to, and all goals of the chain after the first one; none
        where it is no step of one.
    """

    label: str
    question: Question
    told: tuple[StepTaken, ...] = ()
    steps: tuple[Step, ...] = ()


class Request(NamedTuple):
    """A run to make, as it travels to a worker: without the land, which all runs share."""

    label: str
    scenario: Scenario
    start: KnownPlan | None
    """A plan to begin with. It changes how soon a good plan is found, not what a good plan is, and
    so is no part of what identifies a run."""
    folder: str
    is_fresh: bool = False
    """Whether a run that is there already is made anew, from nothing."""
    told: tuple[StepTaken, ...] = ()
    steps: tuple[Step, ...] = ()
    """As of a :class:`Job`."""
    is_cold: bool = False
    """Whether what comes with the package is left aside."""
    stop: str = ""
    """File that is there once the study is to end; empty where none is looked at."""


class Reply(NamedTuple):
    """A run without its data and its proof, which stay where it was made."""

    result: Result
    report: Report
    start: str
    """Where the plan is from that the search began with."""
    note: str
    """Which of its files are missing, and why."""
    taught_by: tuple[str, ...] = ()
    """Where inequalities are from that it began with."""


def perform(request: Request, data: dict[str, Any] | None) -> Reply | Failure:
    """Make one run and write its bundle, in whatever process; errors are handed back.

    Parameters
    ----------
    request
        What to run.
    data
        Fields of the data; None for those of the package, which every worker has.
    """
    is_over = None
    if request.stop:
        leave_ctrl_c_to_the_file()
        is_over = Path(request.stop).exists
        if is_over():
            return Failure(request.label, INTERRUPTED, InterruptedSearchError.exit_code)
    folder, question = Path(request.folder), Question(request.scenario, _unpack(data))

    def tell() -> None:
        log.warning("%s: another study makes the same run; waiting for it.", request.label)

    # The same run of another study may take as long as this one, but no longer: it may be asleep.
    limits = request.scenario.limits
    patience = None if limits.iterations else limits.time_limit + GRACE
    try:
        with claim(folder, patience, tell):
            # Another study may have made it, or a worker that died after it had written.
            run, note = None if request.is_fresh else left_behind(folder, question), ""
            if run is None:
                plans = KnownPlans(() if request.start is None else [request.start])
                # By file, so that it reaches every process and machine that sees the folder, and
                # each run has it from all that have ended before it begins.
                learned = [] if request.is_fresh else learned_around(question, folder.parent)
                is_cold = request.is_cold or request.is_fresh
                with telling(folder) as watch:
                    run = solve_question(
                        question,
                        start=plans,
                        learned=learned,
                        cold=is_cold,
                        on_progress=watch,
                        should_stop=is_over,
                    )
                run = following(run, request.told, request.steps)
                note = _write(run, folder)
    except PartitionError as error:
        is_answer = isinstance(error, (InfeasibleError, ClashError))
        return Failure(request.label, str(error), error.exit_code, is_answer)
    except MemoryError:
        return Failure(request.label, "There was too little memory.", 1)
    except OSError as error:
        return Failure(request.label, f"{error.strerror or error}.", 1)
    # Its proof and what it has learned are in its folder.
    result = replace(run.result, certificate=None, knowledge=None)
    return Reply(result, run.report, run.start, note, run.taught_by)


def _write(run: Run, folder: Path) -> str:
    """Write the bundle of a run; returns which files are missing in it."""
    try:
        write_bundle(run, folder, force=True)
    except IncompleteError as error:
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise KeyboardInterrupt from None
        return str(error)
    except (OSError, BundleError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LostTaskError(f"It could not be written to {folder.parent}: {reason}.") from None
    return ""


def pack(dataset: Dataset) -> dict[str, Any] | None:
    """Pack the data for another process; those that come with the package stay at home."""
    if dataset.hashes == _embedded_hashes():
        return None
    names = [one.name for one in fields(dataset) if one.name != "held"]  # read already
    packed = {name: getattr(dataset, name) for name in names}
    # Read-only views of mappings cannot travel.
    return {name: dict(one) if isinstance(one, Mapping) else one for name, one in packed.items()}


def _unpack(data: dict[str, Any] | None) -> Dataset:
    return _embedded() if data is None else Dataset(**data)


def _embedded_hashes() -> Mapping[str, str]:
    from shapefiles.embedded.read import data_hashes  # noqa: PLC0415

    return data_hashes()


@cache
def _embedded() -> Dataset:
    return Dataset.embedded()
