"""Where a study is written: never in the place of another one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from partition.question.question import Question
from shapefiles.errors import DataError
from shapefiles.screening.door import read_bytes

COMPARISON, SWEEP = "comparison.json", "sweep.json"
"""Files that say which plans a study has, from which it is drawn again."""

DOCUMENTS = (
    COMPARISON,
    SWEEP,
    "robust.json",
    "stable.json",
    "alternatives.json",
    "cascade.json",
    "swing.json",
)
"""Files that say what a study asks, by its key ``study_sha256``."""

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


def free_place(folder: Path, identity: str) -> Path:
    """Choose a folder for a study: this one, or the first numbered one without another study.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "sweep"
    >>> place.mkdir()
    >>> free_place(place, "b").name
    'sweep'
    >>> _ = (place / "sweep.json").write_text('{"study_sha256": "a"}')
    >>> free_place(place, "a").name, free_place(place, "b").name
    ('sweep', 'sweep-2')
    """
    places = (folder.with_name(f"{folder.name}-{n}") if n > 1 else folder for n in count(1))
    return next(one for one in places if _may_write(one, identity))


def _may_write(folder: Path, identity: str) -> bool:
    for name in DOCUMENTS:
        file = folder / name
        if not file.is_file():
            continue
        asked: object = None
        with suppress(OSError, DataError, ValueError, RecursionError, AttributeError):
            asked = json.loads(read_bytes(file, MAX_BYTES)).get("study_sha256")
        if asked != identity:
            return False
    return True
