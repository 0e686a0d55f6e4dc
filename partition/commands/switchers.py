"""Who would want to switch, told by the files of a run."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from partition.commands.console import complain
from partition.errors import IncompleteError, InputError

if TYPE_CHECKING:
    from partition.runs.run import Run
    from partition.studies.nearby.stability import Stability


def check_reportable(run: Run) -> None:
    """Refuse, before a search, a plan of which no report can tell what will be found.

    Raises
    ------
    BundleError
        When the folder of the run cannot be written to.
    InputError
        When there is no such folder, or the run in it asks something else.
    """
    from partition.runs.bundle import check_folder

    if run.folder is None:
        raise InputError(
            "--in-report: this plan is not that of a run in a folder, held against the run's own "
            "question. Give the folder of one, without --set and --election, or leave the option "
            "out."
        )
    check_folder(run.folder, force=True)


def retell(found: Stability, notes: list[str]) -> tuple[Path, ...]:
    """Have the files of the run tell what was found; notes say which of them could not be written.

    Returns
    -------
    tuple of Path
        The files that tell it.
    """
    from partition.runs.retelling import files_of

    lost = _written(found)
    notes += [] if lost is None else [str(lost)]
    folder = found.run.folder
    paths = () if folder is None else tuple(folder / one for one in files_of(found.run))
    return tuple(one for one in paths if lost is None or one not in lost.missing)


class Asked(NamedTuple):
    """Who would want to switch, and which files could not be written that were to tell it."""

    stability: Stability
    lost: IncompleteError | None


def ask_who_switches(
    run: Run, folder: Path, is_interrupted: Callable[[], bool], tell: Callable[[str], None]
) -> Asked | None:
    """Ask of a run in a folder who would want to switch, and put that into its report.

    Returns
    -------
    Asked or None
        What was found; None where the search of the run itself was interrupted already, which
        standard error is told.
    """
    from partition.studies.nearby.stable import stable

    if is_interrupted():
        complain(
            "Interrupted before anybody was asked who would want to switch: partition stable "
            f"{shlex.quote(str(folder))} --in-report does."
        )
        return None
    found = stable(replace(run, folder=folder), should_stop=is_interrupted, on_search=tell)
    return Asked(found, _written(found))


def _written(found: Stability) -> IncompleteError | None:
    try:
        found.write_report()
    except IncompleteError as error:
        return error
    return None
