"""Where a run goes, and whether what it asks has been answered there already."""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path
from typing import NamedTuple

from partition.question.question import Question
from partition.runs.bundle import CERTIFICATE, check_folder
from partition.runs.known import KnownPlans
from partition.runs.run import Run
from partition.studies.finished import finished_in, recall


class Place(NamedTuple):
    """Where a run goes."""

    folder: Path
    answer: Run | None
    """What stands there already and is as good as what is asked; None where a search is due."""


def find_place(
    question: Question, target: Path, *, is_named: bool, force: bool, fresh: bool, certified: bool
) -> Place:
    """Choose the folder of a run, where a run that asks something else is never replaced.

    Parameters
    ----------
    question
        What is asked.
    target
        The folder; numbers are added to its name, where that may be, until nothing else is there.
    is_named
        Whether a person has named this folder, so that no other will do.
    force
        Whether what is there is to be replaced.
    fresh
        Whether an answer that is there already will not do.
    certified
        Whether an answer must have the proof of its bound beside it.

    Raises
    ------
    BundleError
        When the folder that was named holds another run or anything else, or cannot be written to.
    """
    if force:
        check_folder(target, force=True)
        return Place(target, None)
    numbered = (target.with_name(f"{target.name}-{number}") for number in count(2))
    for folder in chain([target], numbered):
        finished = None if fresh else finished_in(folder)
        found = None if finished is None else recall([finished], folder, question)
        if found is not None and ((folder / CERTIFICATE).is_file() or not certified):
            return Place(*found)
        if is_named or not _is_taken(folder):
            break
    check_folder(folder, force=False)
    return Place(folder, None)


def _is_taken(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def plans_around(question: Question, *folders: Path) -> KnownPlans:
    """Gather the plans that a search may begin with: those of the runs in some folders.

    A search that ends after a number of rounds is to be the same wherever it runs, and begins with
    nothing.
    """
    if question.scenario.limits.iterations is not None:
        return KnownPlans()
    places = dict.fromkeys(one.resolve() for one in folders)
    return KnownPlans.of_runs(question.units, *places)
