"""Finished runs: where they are, what they answered, and whether their files can be believed."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import Any, NamedTuple

from partition.errors import InputError
from partition.question.identity import inputs_sha256
from partition.question.question import Question
from partition.runs.bundle import ALL_FILES, DOCUMENT
from partition.runs.reading import read, read_document
from partition.runs.run import Run
from partition.scenario import Scenario
from partition.scenario.limits import SearchLimits
from partition.version import installed_version
from solvers.result import Status, relative_gap

log = logging.getLogger(__name__)

FINISHED = (Status.OPTIMAL, Status.GAP_REACHED, Status.TIME_LIMIT)
"""How a run ends that answers its question; one that was interrupted is made anew."""


class FinishedRun(NamedTuple):
    """What a folder says about the run in it, before anything of that is checked."""

    folder: Path
    identity: str
    """Hash of what it answers."""
    objective: int
    gap: float | None
    limits: SearchLimits | None
    """When the search was to stop; None where that cannot be read."""
    unlimited: str
    """Hash of what it answers but for the limits; empty where another version has made it."""

    def is_as_good(self, limits: SearchLimits) -> bool:
        """Whether a search with some limits is asked for no more than has been proven here.

        One with another seed, or after a number of rounds, is asked for the sake of just these.
        """
        return (
            self.limits is not None
            and self.gap is not None
            and self.gap <= limits.gap
            and limits.iterations is None
            and self.limits.seed == limits.seed
        )


def find_finished(runs: Path) -> list[FinishedRun]:
    """Find every folder that says it holds a finished run."""
    found = []
    for path in sorted(runs.glob(f"*/{DOCUMENT}")):
        finished = None if path.parent.name.startswith(".") else finished_in(path.parent)
        if finished is not None:
            found.append(finished)
    return found


def finished_in(folder: Path) -> FinishedRun | None:
    """Read what a folder says about the finished run in it; None where there is none."""
    try:
        document = read_document(folder)
        if document["status"] not in FINISHED:
            return None
        objective = int(document["objective"])
        bound = document["bound"] if isinstance(document["bound"], int) else None
        limits, unlimited = _without_limits(document)
        gap = relative_gap(objective, bound)
        return FinishedRun(
            folder, str(document["inputs_sha256"]), objective, gap, limits, unlimited
        )
    except (InputError, KeyError, TypeError, ValueError, AttributeError):
        return None  # not a bundle of this program, or one of an older version of it


def _without_limits(document: Mapping[str, Any]) -> tuple[SearchLimits | None, str]:
    """Read what a run answers: its limits, and the hash of all else."""
    try:
        table = dict(document["scenario"])
        scenario = Scenario.from_table(table, table.pop("name"))
        if document["packages"]["two-nations"] != installed_version():
            return scenario.limits, ""
        return scenario.limits, _unlimited(scenario, document["data"]["sha256"])
    except (InputError, KeyError, TypeError, ValueError, AttributeError):
        return None, ""  # it may still be what is asked, by the hash that it states


def _unlimited(scenario: Scenario, data_hashes: Mapping[str, str]) -> str:
    """Hash what is asked, whenever the search may stop."""
    return inputs_sha256(replace(scenario, limits=SearchLimits()), data_hashes)


def choose_folder(runs: Path, question: Question) -> Path:
    """Choose where a run is written: beside a folder into which somebody has put other files."""
    name = f"{question.scenario.slug}-{question.identity[:8]}"
    places = (runs / f"{name}{end}" for end in chain([""], (f"-{n}" for n in count(2))))
    return next(one for one in places if not _holds_other_files(one))


def _holds_other_files(folder: Path) -> bool:
    try:
        return bool({one.name for one in folder.iterdir()} - ALL_FILES)
    except OSError:
        return False  # nothing is there, or what is wrong is said when it is to be written


def recall(
    finished: Sequence[FinishedRun], target: Path, question: Question
) -> tuple[Path, Run] | None:
    """Bring back a finished run; where damaged ones are all there is, log why it is made anew.

    Parameters
    ----------
    finished
        Runs that are known to be finished.
    target
        Folder that the run would be written to.
    question
        Question that the run must answer.

    Returns
    -------
    tuple of Path and Run, or None
        Of the folders whose files agree, the one with the best plan, and the run in it.
    """
    complaint = ""
    scenario = question.scenario
    unlimited = _unlimited(scenario, question.dataset.hashes)
    answers = [
        one
        for one in finished
        if one.identity == question.identity
        or (one.unlimited == unlimited and one.is_as_good(scenario.limits))
    ]
    for one in sorted(answers, key=lambda one: -one.objective):
        limits = scenario.limits if one.limits is None else one.limits
        is_same = one.identity == question.identity
        own = question if is_same else question.asking(replace(scenario, limits=limits))
        try:
            return one.folder, _restore(one.folder, own)
        except InputError as error:
            complaint = str(error)
    if not answers and target.is_dir():
        try:
            read_document(target)
        except InputError as error:
            complaint = str(error)
    if complaint:
        log.warning("%s The run is made anew.", " ".join(complaint.split()))
    return None


def left_behind(folder: Path, question: Question) -> Run | None:
    """Bring back the run of a folder, if there is a whole one that answers the same."""
    found = finished_in(folder)
    try:
        is_same = found is not None and found.identity == question.identity
        return _restore(folder, question) if is_same else None
    except InputError:
        return None  # damaged


def _restore(folder: Path, question: Question) -> Run:
    """Bring a run back; again, if another one took its place while its files were being read."""
    fresh = question.asking(question.scenario)  # whose formulation need not be kept
    while True:
        before = _inode(folder)
        try:
            return read(folder, asked=fresh).answering(question)
        except InputError:
            if _inode(folder) == before:
                raise


def _inode(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
