"""Where a run goes, and whether what it asks has been answered there already."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple

from partition.question.question import Question
from partition.runs.bundle import ALL_FILES, CERTIFICATE, check_folder
from partition.runs.known import KnownPlans
from partition.runs.learned import Learned, learned_around, nearest, sources
from partition.runs.run import Run
from partition.runs.shipped import PACKAGE, TOLD, shipped_for
from partition.runs.spared import spare_inputs
from partition.studies.running.finished import finished_in, recall


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
        When the folder that was named holds another run, or no run and anything else, or cannot be
        written to.
    InputError
        When what is to be replaced is a file of the map.
    """
    if force:
        check_folder(target, force=True)
        spare_inputs([target / name for name in ALL_FILES], [question.scenario])
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


class Beginning(NamedTuple):
    """What a search begins with."""

    plans: KnownPlans
    """The best plan that is known, if any is."""
    learned: tuple[Learned, ...]
    """Inequalities of other searches, each checked by the one that begins."""
    told: tuple[str, ...]
    """Where the two are from, in words."""


def begin_with(
    question: Question,
    folders: Sequence[Path],
    known: KnownPlans,
    learned: Sequence[Learned],
    *,
    cold: bool,
) -> Beginning:
    """Gather what a search may begin with.

    A search that ends after a number of rounds is to be the same wherever it runs, and begins with
    nothing but what it is given.

    Parameters
    ----------
    question
        What is asked.
    folders
        Folders of runs whose plans and inequalities may serve.
    known, learned
        Plans and inequalities that are given.
    cold
        Whether what comes with the package is left aside.
    """
    places = list(dict.fromkeys(one.resolve() for one in folders))
    has_rounds = question.scenario.limits.iterations is not None
    plans = KnownPlans() if has_rounds else KnownPlans.of_runs(question.units, *places)
    for one in known:
        plans.add(one.plan, one.source)
    shipped = [] if cold else shipped_for(question)
    for each in chain.from_iterable(one.plans for one in shipped):
        plans.add(each.plan, each.source)
    best = plans.best(question)
    given = sources(learned)
    around = (one for one in learned_around(question, *places) if one.source not in given)
    taught = nearest([*learned, *around, *shipped])
    mine = [one for one in taught if not one.source.startswith(PACKAGE)]
    is_shipped = best is not None and best.source.startswith(PACKAGE)
    has_shipped = sources(taught) != sources(mine)
    told = [TOLD] if is_shipped or has_shipped else []
    if best is not None and not is_shipped:
        told.append(f"Begins with the plan of {best.source}.")
    if sources(mine):
        told.append(f"Inequalities of {', '.join(sources(mine))} are checked and used as well.")
    return Beginning(KnownPlans([] if best is None else [best]), tuple(taught), tuple(told))
