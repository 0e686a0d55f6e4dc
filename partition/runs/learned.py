"""What earlier searches have learned, for one that begins: from the runs in a folder, by file.

Nothing of it is believed: the solver reads every inequality from its claim for the graph, the
roots and the limits at hand (:mod:`solvers.knowledge`), and a plan is counted and checked by the
question.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from partition.errors import BundleError
from partition.question.question import Question
from partition.runs.bundle_files import DOCUMENT, KNOWLEDGE, PLAN
from partition.runs.known import KnownPlan, newest
from partition.runs.nearness import SAME, UNKNOWN, Distance, distance, what_is_asked
from partition.runs.reading import read_document
from shapefiles.errors import DataError, one_line
from shapefiles.screening.door import read_bytes
from solvers.knowledge import Knowledge, KnowledgeError
from solvers.problem import Problem

log = logging.getLogger(__name__)

MOST_BYTES = 2**26
"""Bytes that a file of knowledge may have; those of the United States have 0.1 to 0.8 million."""

MOST_LOOKED_AT = 40
"""Files that are looked at for one search, the newest first: some 20 ms each."""

MOST_USED = 3
"""Files whose inequalities one search begins with: each has a thousand of them or more, and all
that was of use in one run it hands on itself."""


class Learned(NamedTuple):
    """What a search has learned, and where it is from."""

    knowledge: Knowledge
    source: str
    """Name of the folder of its run, or what it is called."""
    plans: tuple[KnownPlan, ...] = ()
    """Plans of the units that are to be offered besides."""
    far: Distance = SAME
    """How far what was asked there is from what is asked here."""


def read_knowledge(folder: Path) -> Knowledge:
    """Read what the search of a run has learned.

    Raises
    ------
    BundleError
        When the file is missing or damaged.
    """
    path = folder / KNOWLEDGE
    instead = f"Begin with its plan instead: --start {folder / PLAN}"
    if not path.is_file():
        raise BundleError(f"{folder} has no {KNOWLEDGE} to go on with. {instead}")
    try:
        return _unpacked(read_bytes(path, MOST_BYTES))
    except (OSError, DataError, KnowledgeError) as error:
        raise BundleError(f"{path} cannot be used: {one_line(error, 500)} {instead}") from None


# The runs of a study begin with the same few files, and each takes 0.1 s to unpack.
_unpacked = lru_cache(maxsize=2 * MOST_USED)(Knowledge.unpacked)


def nearest(learned: Iterable[Learned]) -> list[Learned]:
    """Put what was learned for the nearest questions first, and leave the inequalities of others.

    Their plans stay.
    """
    found, n_used = [], 0
    for one in sorted(learned, key=lambda one: one.far):
        n_used += bool(one.knowledge.n_rows)
        is_used = n_used <= MOST_USED
        found.append(one if is_used else one._replace(knowledge=replace(one.knowledge, lessons=())))
    return found


def joined(problem: Problem, learned: Iterable[Learned]) -> Knowledge:
    """Put together what may serve a problem, what was learned for the nearest questions first."""
    return Knowledge.joined(problem, (one.knowledge for one in nearest(learned)))


def learned_around(question: Question, *folders: Path) -> list[Learned]:
    """Gather the inequalities that a search may begin with: those of the nearest runs that fit.

    Of runs whose questions are as near, the newest ones come first.

    A search that ends after a number of rounds is to be the same wherever it runs, and begins with
    nothing.

    Parameters
    ----------
    question
        What is asked.
    folders
        Folders of bundles; what is in them and has no inequality for the question's graph, or is
        damaged, is passed over.
    """
    if question.scenario.limits.iterations is not None:
        return []
    places = dict.fromkeys(one.resolve() for one in folders)
    files = chain.from_iterable(one.glob(f"*/{KNOWLEDGE}") for one in places)
    asked = what_is_asked(question.scenario)
    far = {one: _distance(one.parent, asked) for one in newest(files)[:MOST_LOOKED_AT]}
    return list(islice(_fitting(question, far), MOST_USED))


@lru_cache(maxsize=4 * MOST_LOOKED_AT)
def _stated(folder: Path, _: int) -> Mapping[str, str] | None:
    """State what the run in a folder was asked; None where it does not say so."""
    try:
        return what_is_asked(read_document(folder)["scenario"])
    except (BundleError, KeyError, TypeError, AttributeError):
        return None


def _distance(folder: Path, asked: Mapping[str, str]) -> Distance:
    try:
        stated = _stated(folder, (folder / DOCUMENT).stat().st_mtime_ns)
    except OSError:
        stated = None
    return UNKNOWN if stated is None else distance(stated, asked)


def _fitting(question: Question, far: Mapping[Path, Distance]) -> Iterator[Learned]:
    for file in sorted(far, key=far.__getitem__):
        try:
            known = read_knowledge(file.parent)
        except BundleError as error:
            log.info("%s", error)
            continue
        if known.n_rows and known.serves(question.formulation.problem):
            yield Learned(known, file.parent.name, far=far[file])


def sources(learned: Iterable[Learned]) -> tuple[str, ...]:
    """Name where inequalities are from, each place once."""
    return tuple(dict.fromkeys(one.source for one in learned if one.knowledge.n_rows))
