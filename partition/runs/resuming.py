"""Go on where a run ended: with its question, its plan, and what its search has learned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from partition.errors import BundleError
from partition.question.question import Question
from partition.runs.learned import read_knowledge
from partition.runs.reading import read
from partition.runs.run import Run
from partition.scenario import Overrides
from solvers.knowledge import Knowledge, KnowledgeError
from solvers.result import Status


@dataclass(frozen=True, slots=True)
class Resumption:
    """A run that ended, and what a search goes on with.

    Parameters
    ----------
    before
        The run as it is in its folder.
    question
        What it answers, with other limits where these were given.
    knowledge
        What its search has learned; all of it is checked anew by the next.
    """

    before: Run
    question: Question
    knowledge: Knowledge

    def target(self, after: Run, folder: Path) -> Path:
        """Say where the run that went on belongs, so that nothing is lost.

        Parameters
        ----------
        after
            The run that went on.
        folder
            The folder of the run that ended.

        Returns
        -------
        Path
            The same folder, unless the later run was ended before it had proven as much: then one
            beside it that is free.
        """
        earlier, later = self.before.result.bound, after.result.bound
        if earlier is None or (later is not None and later <= earlier):
            return folder
        names = (f"{folder.name}-resumed{'' if n == 1 else f'-{n}'}" for n in count(1))
        return next(one for name in names if not (one := folder.with_name(name)).exists())


def resume(folder: Path, overrides: Overrides) -> Resumption:
    """Read what a run asked and what it has learned.

    Parameters
    ----------
    folder
        A folder that ``partition solve`` wrote.
    overrides
        Limits in place of the run's own. A time limit alone puts aside the rounds that it had.

    Raises
    ------
    BundleError
        When the folder holds no whole run, one that is finished, or nothing that was learned.
    """
    before = read(folder)
    if before.result.status is Status.OPTIMAL:
        raise BundleError(f"{folder} is proven to be the best: there is nothing to go on with.")
    limits = before.scenario.limits
    if overrides.time_limit is not None and overrides.iterations is None:
        limits = replace(limits, iterations=None)
    asked = overrides.apply(replace(before.scenario, limits=limits))
    question, known = Question(asked, before.dataset), read_knowledge(folder)
    try:
        known.check(question.formulation.problem)
    except KnowledgeError as error:
        raise BundleError(f"{folder} cannot be gone on with. {error}") from None
    return Resumption(before, question, known)
