"""The run bundle: what a run writes; :mod:`partition.runs.reading` reads it back.

==================  ==============================================================================
``plan.csv``        ``GEOID,nation``: the nation, ``blue`` or ``red``, of every unit, which programs
                    read; then, for people, the name of that nation, name and state of the unit, the
                    votes of both sides and the voters who are stranded
``report.md``       every metric, rounded, as a page to read, with formulas
``report.json``     every metric, exact, with units of measure in the keys
``run.json``        scenario, data hashes, where their files lie, repairs, hash of all inputs,
                    package versions, seed, status, windows searched one by one (0: the whole at
                    once), objective and bound in steps, steps of a vote, what each goal adds to the
                    objective, borders that do not count, gap, trace, main metrics; who would want
                    to switch, where that was asked for
``nations.geojson``  the two nations, dissolved, in EPSG:4326; not where only a graph is known
``map.html``        the map, in one file; not where only a graph is known
``certificate.json.gz``  the proof of the bound, for ``partition verify``; where it was asked for,
                    and wherever the plan is proven to be the best
``knowledge.json.gz``  plans and claims of rows, for ``partition solve --resume`` and for later
                    searches; not where the plan is proven to be the best without any row
==================  ==============================================================================
"""

from __future__ import annotations

import math
import platform
import shlex
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partition.errors import IncompleteError, InputError, reason
from partition.pages.switchers import told_stability
from partition.runs.bundle_files import (
    ALL_FILES,
    CERTIFICATE,
    DOCUMENT,
    DRAWN,
    FILES,
    KNOWLEDGE,
    PLAN,
    WRITERS,
    write_text,
    written_files,
)
from partition.runs.folder import check_target, link, whole_folder
from partition.version import SCHEMA_VERSION, installed_version
from shapefiles.own.whereabouts import whereabouts
from shapefiles.table_writing import json_text

if TYPE_CHECKING:
    from partition.runs.run import Run

__all__ = [
    "ALL_FILES",
    "CERTIFICATE",
    "DOCUMENT",
    "FILES",
    "KNOWLEDGE",
    "PLAN",
    "check_folder",
    "complete",
    "describe",
    "rewrite",
    "write_bundle",
    "written_files",
]

_RECORDED = ("folium", "geopandas", "numba", "numpy", "ortools", "pyogrio", "pyproj", "shapely")


def check_folder(folder: Path, *, force: bool) -> None:
    """Refuse, before a run, a folder that could not be written after it.

    Raises
    ------
    BundleError
        When it holds something that may not be replaced, or cannot be written to.
    """
    check_target(folder, ALL_FILES, force=force)


def write_bundle(run: Run, folder: Path, *, force: bool = False) -> None:
    """Write a run so that a finished search is never lost.

    The plan and ``run.json`` take their place in one step, before anything is drawn, and what is
    drawn joins them in another one. Whatever goes wrong with another file, or kills the process,
    the two are whole, or the folder is as it was before.

    Parameters
    ----------
    run
        What to write.
    folder
        Folder to write to.
    force
        Whether to replace a run that is there already.

    Raises
    ------
    BundleError
        When the folder holds something that may not be replaced, or cannot be written to.
    IncompleteError
        When the plan and ``run.json`` are there and another file is not.
    InputError
        When the plan was given and breaks a constraint of the scenario.
    OSError
        When not even these can be written, on a full disk say; the folder is as it was before.
    """
    if run.is_measured and run.broken_constraint is not None:
        raise InputError(f"The plan is no answer to be kept as a run. {run.verdict}")
    wanted = written_files(run)
    failed: dict[str, BaseException] = {}
    with whole_folder(folder, ALL_FILES, force=force) as filling:
        WRITERS[PLAN](run, filling / PLAN)
        write_text(filling / DOCUMENT, json_text(describe(run, folder)))
        told = [one for one in wanted if one not in (PLAN, DOCUMENT, *DRAWN)]
        failed |= _write_each(run, told, filling)
    failed |= _join(run, [one for one in wanted if one in DRAWN], folder)
    _tell(folder, wanted, failed)


def complete(run: Run, folder: Path) -> tuple[str, ...]:
    """Write the files that a bundle lacks; all but those that a search alone makes.

    Parameters
    ----------
    run
        The run of the bundle, restored.
    folder
        The bundle.

    Returns
    -------
    tuple of str
        Names of the files written.

    Raises
    ------
    IncompleteError
        When one of them cannot be written.
    """
    wanted = written_files(run)
    lacking = [one for one in wanted if one in WRITERS and not (folder / one).is_file()]
    _tell(folder, wanted, _join(run, lacking, folder))
    return tuple(lacking)


def rewrite(run: Run, folder: Path, names: Sequence[str], document: Mapping[str, Any]) -> None:
    """Write some files of a bundle and its ``run.json`` anew, all in one step; the others stay.

    Parameters
    ----------
    run
        The run of the bundle, as the files are to tell it.
    folder
        The bundle.
    names
        Files that tell of it.
    document
        Content of ``run.json``.

    Raises
    ------
    BundleError
        When the folder holds something else, or cannot be written to.
    IncompleteError
        When one of the files cannot be written; the others are.
    OSError
        When not even ``run.json`` can be written; the folder is as it was before.
    """
    with whole_folder(folder, ALL_FILES, force=True) as filling:
        for one in folder.iterdir():
            if one.name in ALL_FILES - {*names, DOCUMENT}:
                link(one, filling / one.name)
        write_text(filling / DOCUMENT, json_text(document))
        failed = _write_each(run, names, filling)
    _tell(folder, written_files(run), failed)


def _join(run: Run, names: Sequence[str], folder: Path) -> dict[str, BaseException]:
    """Write files into a bundle that is there, all in one step; returns what went wrong, by name.

    A run that has taken the place of this one in the meantime is replaced by it, never mixed with
    it.
    """
    if not names:
        return {}
    failed: dict[str, BaseException] = {}
    try:
        kept = [one for one in folder.iterdir() if one.name in ALL_FILES]
        with whole_folder(folder, ALL_FILES, force=True) as filling:
            for one in kept:
                link(one, filling / one.name)
            failed = _write_each(run, names, filling)
    except (OSError, InputError, KeyboardInterrupt) as error:
        failed = dict.fromkeys(names, error)
    return failed


def _write_each(run: Run, names: Sequence[str], folder: Path) -> dict[str, BaseException]:
    """Write some files, each whole or not at all; returns what went wrong, by name."""
    failed: dict[str, BaseException] = {}
    for name in names:
        try:
            WRITERS[name](run, folder / name)
        except Exception as error:  # whatever it is, the others are not to be lost
            with suppress(OSError):
                (folder / name).unlink()
            failed[name] = error
    return failed


def _tell(folder: Path, wanted: Sequence[str], failed: Mapping[str, BaseException]) -> None:
    """Raise what went wrong, if anything did."""
    if not failed:
        return
    missing = tuple(folder / one for one in wanted if one in failed)
    first = next(iter(failed.values()))
    remedies = []
    of_search = [name for name in (CERTIFICATE, KNOWLEDGE) if name in failed]
    if len(of_search) < len(failed):
        remedies.append(f"partition export {shlex.quote(str(folder))} writes what is missing")
    if of_search:
        verb = "is" if len(of_search) == 1 else "are"
        remedies.append(f"{' and '.join(of_search)} {verb} written by a search only")
    raise IncompleteError(
        f"The run is in {folder}, but without {', '.join(one.name for one in missing)} "
        f"({reason(first)}). {', and '.join(remedies)}.",
        tuple(folder / one for one in wanted if one not in failed),
        missing,
    ) from first


def describe(run: Run, folder: Path | None = None) -> dict[str, Any]:
    """State a run as the plain values of ``run.json``.

    Parameters
    ----------
    run
        The run.
    folder
        Where the bundle lies, from which its data are found again; nowhere unless given.
    """
    result = run.result
    files = run.scenario.data
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": run.scenario.to_table(),
        "data": {
            "source": run.dataset.source,
            "sha256": dict(run.dataset.hashes),
            "files": {} if files is None else whereabouts(files, folder),
            "repairs": [dict(one) for one in run.dataset.repairs],
        },
        "inputs_sha256": run.question.identity,
        "packages": _versions(),
        "seed": result.seed,
        "start": run.start or None,
        "inequalities_from": list(run.taught_by),
        "status": result.status.value,
        "windows": result.n_windows,
        "objective": result.objective,
        "bound": result.bound,
        "gap": _finite(result.gap),
        "steps_per_vote": run.question.scale,
        "goals": [one.to_dict() for one in run.question.account(run.plan)],
        "borders_left_out": [one.to_dict() for one in run.question.borders_left_out],
        "runtime_seconds": round(result.runtime, 3),
        "trace": [
            {"seconds": round(point.seconds, 3), "incumbent": point.incumbent, "bound": point.bound}
            for point in result.trace
        ],
        "metrics": run.report.to_dict(),
        **({"steps": [one.to_dict() for one in run.steps]} if run.steps else {}),
        **told_stability(run),
    }


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version(), "two-nations": installed_version()}
    for name in _RECORDED:
        with suppress(metadata.PackageNotFoundError):  # packed without what is said about it
            versions[name] = metadata.version(name)
    return versions


def _finite(gap: float | None) -> float | None:
    return gap if gap is not None and math.isfinite(gap) else None
