"""Where a study is written: never in the place of another one."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from partition.question.question import Question
from partition.runs.spared import STUDIES
from shapefiles.errors import DataError
from shapefiles.screening.door import read_bytes

COMPARISON, SWEEP = "comparison.json", "sweep.json"
"""Files that say which plans a study has, from which it is drawn again."""

MAX_BYTES = 2**28
"""Bytes that such a file may have."""


def identify_study(kind: str, questions: Iterable[Question], **parameters: Any) -> str:
    """Hash all that a study asks.

    Parameters
    ----------
    kind
        ``compare``, ``sweep``, ``robust``, ``stable``, ``alternatives``, ``cascade`` or ``swing``.
    questions
        What its runs ask, in order.
    **parameters
        What it asks beside them, as plain values.
    """
    asked = [kind, [one.identity for one in questions], parameters]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def is_drawn_study(folder: Path) -> bool:
    """Whether a folder has a comparison or a sweep, and is no run."""
    return any((folder / name).is_file() for name in (COMPARISON, SWEEP))


def free_place(folder: Path, identity: str, document: str) -> Path:
    """Choose a folder for a study: this one, or the first numbered one that it takes nothing from.

    Parameters
    ----------
    folder
        Where it is to go.
    identity
        Hash of all that it asks.
    document
        Its file that says so, one of those in :data:`~partition.runs.spared.STUDIES`.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "sweep"
    >>> place.mkdir()
    >>> free_place(place, "b", "sweep.json").name
    'sweep'
    >>> _ = (place / "sweep.json").write_text('{"study_sha256": "a"}')
    >>> [free_place(place, one, "sweep.json").name for one in "ab"]
    ['sweep', 'sweep-2']
    """
    if _may_write(folder, identity, document):
        return folder
    # `.` and `..` have no name of their own to which a number could be added.
    whole = folder.resolve() if folder.name in {"", ".."} else folder
    places = (whole.parent / f"{whole.name or document}-{n}" for n in count(2))
    return next(one for one in places if _may_write(one, identity, document))


def _may_write(folder: Path, identity: str, document: str) -> bool:
    """Whether a folder has no other study, nor files of somebody that are called as these."""
    asked = {name: _asked(folder / name) for name in STUDIES if (folder / name).is_file()}
    if any(one != identity for one in asked.values()):
        return False
    names = (document, *STUDIES[document])
    return document in asked or not any(os.path.lexists(folder / one) for one in names)


def _asked(file: Path) -> object:
    with suppress(OSError, DataError, ValueError, RecursionError, AttributeError):
        return json.loads(read_bytes(file, MAX_BYTES)).get("study_sha256")
    return None
