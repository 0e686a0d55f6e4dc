"""What earlier searches have learned, for one that begins: from the runs in a folder, by file.

Nothing of it is believed: the solver reads every inequality from its claim for the graph, the
roots and the limits at hand (:mod:`solvers.knowledge`), and a plan is counted and checked by the
question.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from partition.errors import BundleError
from partition.question.question import Question
from partition.runs.bundle_files import KNOWLEDGE, PLAN
from partition.runs.known import KnownPlan, newest
from shapefiles.errors import DataError, one_line
from shapefiles.screening.door import read_bytes
from solvers.knowledge import Knowledge, KnowledgeError

log = logging.getLogger(__name__)

MOST_BYTES = 2**26
"""Bytes that a file of knowledge may have; those of the United States have 70,000."""

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


def learned_around(question: Question, *folders: Path) -> list[Learned]:
    """Gather the inequalities that a search may begin with: those of the newest runs that fit.

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
    return list(islice(_fitting(question, newest(files)[:MOST_LOOKED_AT]), MOST_USED))


def _fitting(question: Question, files: Sequence[Path]) -> Iterator[Learned]:
    for file in files:
        try:
            known = read_knowledge(file.parent)
        except BundleError as error:
            log.info("%s", error)
            continue
        if known.n_rows and known.serves(question.formulation.problem):
            yield Learned(known, file.parent.name)


def sources(learned: Iterable[Learned]) -> tuple[str, ...]:
    """Name where inequalities are from, each place once."""
    return tuple(dict.fromkeys(one.source for one in learned if one.knowledge.n_rows))
