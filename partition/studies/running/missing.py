"""What a study lacks, in words: runs that were lost, or ended without a plan for no good reason."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Sequence
from typing import NamedTuple

from partition.errors import (
    IncompleteStudyWarning,
    InfeasibleError,
    InputError,
    InterruptedSearchError,
    NoPlanError,
)

MOST_NAMED = 6
"""Runs that are named one by one."""


class Failure(NamedTuple):
    """A run that ended without a plan."""

    label: str
    message: str
    exit_code: int
    """Exit code of the command line, had the run been made alone."""
    is_answer: bool = False
    """Whether it is known that there is no plan; otherwise the study lacks one."""


def what_is_missing(failures: Sequence[Failure], n_runs: int) -> str:
    """Say which plans a study lacks, and why.

    Parameters
    ----------
    failures
        Runs without a plan. Where it is known that there is none, it is not missing.
    n_runs
        Number of runs that were asked for.

    Returns
    -------
    str
        A line; nothing where no plan is missing.

    Examples
    --------
    >>> full = "No space left on device."
    >>> what_is_missing([Failure("a", full, 1), Failure("b", full, 1)], 9)
    '2 of 9 plans are missing. a, b: No space left on device. What is finished is kept, and the same study goes on from there.'
    >>> what_is_missing([Failure("c", "No plan meets the constraints.", 3, is_answer=True)], 9)
    ''
    """  # noqa: E501 - a line is what it is
    lacking = [one for one in failures if not one.is_answer]
    if not lacking:
        return ""
    sentences = [count_missing(lacking, n_runs)]
    for message in dict.fromkeys(one.message for one in lacking):
        labels = [one.label for one in lacking if one.message == message]
        sentences.append(f"{_named(labels)}: {message}")
    if any(one.exit_code != 2 for one in lacking):  # what is wrong stays wrong
        sentences.append("What is finished is kept, and the same study goes on from there.")
    return " ".join(sentences)


def count_missing(failures: Sequence[Failure], n_runs: int) -> str:
    """Say how many plans a study lacks; nothing where none is missing."""
    n_lacking = sum(not one.is_answer for one in failures)
    if not n_lacking:
        return ""
    return f"{n_lacking:,} of {n_runs:,} plans {'is' if n_lacking == 1 else 'are'} missing."


def warn_of_missing(missing: str) -> None:
    """Warn whoever called a study that it lacks plans."""
    if missing:
        warnings.warn(missing, IncompleteStudyWarning, stacklevel=3)


def require_plans(runs: Collection[object], failures: Sequence[Failure]) -> None:
    """Raise the first failure of a study in which nothing was found.

    Raises
    ------
    PartitionError
        What became of the runs; of the first, where all failed for the same reason.
    """
    if runs:
        return
    first = next((one for one in failures if not one.is_answer), failures[0])
    kinds = (InputError, InfeasibleError, InterruptedSearchError)
    kind = next((one for one in kinds if one.exit_code == first.exit_code), NoPlanError)
    missing = what_is_missing(failures, len(failures)) if len(failures) > 1 else ""
    raise kind(missing or f"{first.label}: {first.message}")


def _named(labels: Sequence[str]) -> str:
    more = len(labels) - MOST_NAMED
    return ", ".join(labels[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
