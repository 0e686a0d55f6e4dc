"""Files that nothing is written over: what was read, and what belongs to a run or a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from partition.errors import InputError
from partition.runs.bundle_files import ALL_FILES, DOCUMENT
from partition.scenario import Scenario

STUDIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "comparison.json": (
            "comparison.csv",
            "comparison.md",
            "comparison.html",
            "elections.html",
        ),
        "sweep.json": (
            "sweep.csv",
            "sweep.md",
            "sweep.png",
            "sweep.svg",
            "sweep.pdf",
            "sweep.html",
        ),
        "robust.json": ("robust.csv", "robust.md", "robust.html"),
        "stable.json": ("stable.csv", "stable-units.csv", "stable.md", "stable.html"),
        "alternatives.json": ("alternatives.csv", "alternatives.md", "alternatives.html"),
        "cascade.json": (
            "cascade.csv",
            "moves.csv",
            "thresholds.csv",
            "cascade.md",
            "cascade.html",
        ),
        "swing.json": ("swing.csv", "units.csv", "swing.md", "swing.html", "shares.html"),
    }
)
"""Names of the files of every kind of study, by the one that says what it asks, which has the key
``study_sha256``."""


def spare_inputs(
    paths: Iterable[Path], scenarios: Iterable[Scenario], others: Iterable[Path] = ()
) -> None:
    """Refuse to write over a file that was read, under whatever name or link it is called.

    Parameters
    ----------
    paths
        Files to write.
    scenarios
        Whose maps were read.
    others
        Further files that were read.

    Raises
    ------
    InputError
        When one of them is a file that was read.
    """
    read = [*others]
    for one in scenarios:
        read += [] if one.data is None else map(Path, one.data.paths().values())
    for path in paths:
        if any(_is_same(path, one) for one in read):
            raise InputError(
                f"{path} is what the run was made from, and would be lost: choose another name."
            )


def spare(path: Path, scenarios: Iterable[Scenario] = (), others: Iterable[Path] = ()) -> None:
    """Refuse to export to a file that was read, or that is one of a run or a study.

    Any other file is replaced, so that the same one can be exported again.

    Parameters
    ----------
    path
        File to write.
    scenarios, others
        What was read, as for :func:`spare_inputs`.

    Raises
    ------
    InputError
        When it is such a file.
    """
    spare_inputs([path], scenarios, others)
    place = path.parent
    if path.name in ALL_FILES and (place / DOCUMENT).is_file() and path.exists():
        raise InputError(f"{path} is a file of the run in that folder: choose another name.")
    for document, names in STUDIES.items():
        if path.name in (document, *names) and (place / document).is_file() and path.exists():
            raise InputError(f"{path} is a file of the study in that folder: choose another name.")


def refuse_run(folder: Path) -> None:
    """Refuse to write a study among the files of a run.

    Raises
    ------
    InputError
        When the folder holds a run.
    """
    if (folder / DOCUMENT).is_file():
        raise InputError(f"{folder} holds a run: choose another folder for the study (--out).")


def _is_same(path: Path, other: Path) -> bool:
    with suppress(OSError, ValueError):
        return path.samefile(other)
    return False
