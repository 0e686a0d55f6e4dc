"""Finished runs: where they are, what they answered, and whether their files can be believed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path

from partition.errors import InputError
from partition.question.question import Question
from partition.runs.bundle import ALL_FILES, DOCUMENT
from partition.runs.reading import read, read_document
from partition.runs.run import Run
from solvers.result import Status

log = logging.getLogger(__name__)

FINISHED = (Status.OPTIMAL, Status.GAP_REACHED, Status.TIME_LIMIT)
"""How a run ends that answers its question; one that was interrupted is made anew."""


def find_finished(runs: Path) -> dict[str, list[Path]]:
    """Find every folder that says it holds a finished run, by the hash of its inputs."""
    found: dict[str, list[Path]] = {}
    for path in sorted(runs.glob(f"*/{DOCUMENT}")):
        sha256 = _finished_inputs(path.parent)
        if sha256 is not None and not path.parent.name.startswith("."):
            found.setdefault(sha256, []).append(path.parent)
    return found


def _finished_inputs(folder: Path) -> str | None:
    """Read the hash of the inputs of a finished run; None where there is none."""
    try:
        document = read_document(folder)
        return str(document["inputs_sha256"]) if document["status"] in FINISHED else None
    except (InputError, KeyError, TypeError):
        return None  # not a bundle of this program, or one of an older version of it


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


def recall(places: Sequence[Path], target: Path, question: Question) -> tuple[Path, Run] | None:
    """Bring back a finished run; where damaged ones are all there is, log why it is made anew.

    Parameters
    ----------
    places
        Folders that say they hold the run.
    target
        Folder that the run would be written to.
    question
        Question that the run must answer.

    Returns
    -------
    tuple of Path and Run, or None
        The first folder whose files agree, and the run in it.
    """
    complaint = ""
    for place in places:
        try:
            return place, _restore(place, question)
        except InputError as error:
            complaint = str(error)
    if not places and target.is_dir():
        try:
            read_document(target)
        except InputError as error:
            complaint = str(error)
    if complaint:
        log.warning("%s The run is made anew.", " ".join(complaint.split()))
    return None


def left_behind(folder: Path, question: Question) -> Run | None:
    """Bring back the run of a folder, if there is a whole one that answers the same."""
    try:
        is_same = _finished_inputs(folder) == question.identity
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
