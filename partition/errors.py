"""What can go wrong, as exceptions that a person can act on.

::

    PartitionError                 anything below; exit code 1
    ├── InputError                 something given is wrong, nothing was started; exit code 2
    │   ├── ScenarioError          an unknown scenario, key or value
    │   │   └── ClashError         constraints that no plan can meet together
    │   └── BundleError            a folder that cannot be written, or is not a run bundle
    ├── NoPlanError                the search ended without a plan; exit code 1
    │   ├── InfeasibleError        no plan meets the constraints; exit code 3
    │   └── InterruptedSearchError stopped before anything was found; exit code 130
    ├── WriteError                 what was asked for could not be written there; exit code 2
    │   ├── IncompleteError        files are missing, what was found is kept; exit code 1
    │   └── OutputError            standard output cannot be written to; exit code 1
    ├── CertificateError           a certificate does not prove what it claims; exit code 1
    └── InternalError              the program contradicts itself; exit code 1

    IncompleteStudyWarning         a study lacks plans; the command line ends with exit code 1

Errors of input are `ValueError` as well, so that callers who do not know this module can catch
them in the usual way.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar


class PartitionError(Exception):
    """Anything that ends a run with a message instead of a plan."""

    exit_code: ClassVar[int] = 1


class InputError(PartitionError, ValueError):
    """Something given to the program is wrong; nothing was started."""

    exit_code = 2


class ScenarioError(InputError):
    """A scenario is unknown, or has an unknown key or a value that is not allowed."""


class ClashError(ScenarioError):
    """Constraints of a scenario contradict each other, so that there is no plan."""


class BundleError(InputError):
    """A folder cannot take a run bundle, or does not hold a whole one."""


class NoPlanError(PartitionError):
    """The search ended without a plan."""


class InfeasibleError(NoPlanError):
    """No plan meets the constraints, and that is proven."""

    exit_code = 3


class InterruptedSearchError(NoPlanError):
    """The search was stopped before it found a plan."""

    exit_code = 130


class WriteError(PartitionError):
    """A finished run could not be written where it was asked to."""

    exit_code = 2


class IncompleteError(WriteError):
    """Files of a finished run, or of a study, are missing; everything else was written.

    Parameters
    ----------
    message
        What is there, what is missing and why, in one line.
    written, missing
        Names of the files that are there, and of those that are not.
    """

    exit_code = 1

    def __init__(self, message: str, written: tuple[Path, ...], missing: tuple[Path, ...]) -> None:
        super().__init__(message)
        self.written = written
        self.missing = missing

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.written, self.missing)


class OutputError(WriteError):
    """Standard output cannot be written to; files were."""

    exit_code = 1


class CertificateError(PartitionError):
    """A certificate does not prove what it claims; the message names the place."""


class InternalError(PartitionError):
    """The program contradicts itself; the message has both values, and is worth a report."""


class IncompleteStudyWarning(UserWarning):
    """A study lacks plans; its attribute `missing` says which of them, and why."""


class IncompleteRunWarning(UserWarning):
    """A run of a study lacks files; its plan is whole, and so is the study."""


def reason(error: BaseException) -> str:
    """Say in a few words why something could not be drawn or written.

    Examples
    --------
    >>> reason(OSError(28, "No space left on device")), reason(RuntimeError("no such font."))
    ('No space left on device', 'RuntimeError: no such font')
    """
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    # Geography takes a second to load, and the verifier, which rests on errors, needs none of it.
    from shapefiles.errors import one_line  # noqa: PLC0415

    text = one_line(error).rstrip(".")
    return text if isinstance(error, PartitionError) else f"{type(error).__name__}: {text}"


def nearest(given: str, allowed: Iterable[str]) -> str:
    """Say what is allowed, and which of it `given` may have meant.

    Examples
    --------
    >>> nearest("countys", ["archipelago", "counties"])
    'did you mean counties? Choose from archipelago, counties.'
    >>> nearest("x", ["archipelago", "counties"])
    'choose from archipelago, counties.'
    """
    choices = list(allowed)
    listing = f"hoose from {', '.join(choices)}."
    close = difflib.get_close_matches(given.lower(), choices, n=2)
    return f"did you mean {' or '.join(close)}? C{listing}" if close else f"c{listing}"
