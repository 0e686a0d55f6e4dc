"""What is found out of a run after its search, put into its folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from partition.errors import BundleError
from partition.pages.switchers import told_stability
from partition.question.identity import WORDING
from partition.runs.bundle import rewrite
from partition.runs.bundle_files import DOCUMENT, FIGURES, MAP, REPORT
from partition.runs.locks import claim
from partition.runs.reading import plan_in, read_document
from partition.runs.run import Run
from partition.scenario import Scenario

PATIENCE = 10.0
"""Seconds to wait for another process that writes the same folder."""


def files_of(run: Run) -> tuple[str, ...]:
    """Name the files of a run that tell what is found out of it later, ``run.json`` the last."""
    drawn = (MAP,) if run.dataset.units.has_polygons else ()
    return (REPORT, FIGURES, *drawn, DOCUMENT)


def write_stability(run: Run, folder: Path) -> None:
    """Put who would want to switch into the report, ``run.json`` and map of a run.

    Everything else in its folder stays as it is: trace, certificate, what the search has learned,
    which no run that was read back has, and what the sides are called.

    Parameters
    ----------
    run
        The run of the folder, with what was found.
    folder
        Its folder.

    Raises
    ------
    BundleError
        When the folder holds another plan by now, or cannot be written to.
    IncompleteError
        When one of the files cannot be written.
    """
    with claim(folder, PATIENCE):
        document = read_document(folder)
        if plan_in(folder, run.question.units) != run.plan:
            raise BundleError(
                f"{folder} has another plan by now: ask again who would want to switch."
            )
        told = _in_words_of(document, run)
        rewrite(told, folder, files_of(told)[:-1], {**document, **told_stability(told)})


def _in_words_of(document: Mapping[str, Any], run: Run) -> Run:
    """Call a run and its sides as its ``run.json`` does: a folder has one name for each.

    They may have been asked for by others; those are for what is shown and written elsewhere.
    """
    table = dict(document["scenario"])
    own = Scenario.from_table(table, table.pop("name"))
    words = {key: getattr(own, key) for key in WORDING}
    return run.answering(run.question.asking(replace(run.scenario, **words)))
