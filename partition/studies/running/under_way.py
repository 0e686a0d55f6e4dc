"""How far the runs of a study are that have not ended yet, wherever they are made.

A worker says it in a hidden file beside the folder of its run, once a second, which every process
and machine sees that the study may use; whoever watches the study reads the files. What a killed
worker has left is removed by the study that had asked for its run.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

from shapefiles.writing import STEM
from solvers.result import Progress

SECONDS = 1.0
"""Seconds between two words of a worker, and between two looks at them."""

MOST_BYTES = 4_096
"""Bytes that are read of a file, which may be anybody's."""

Tracing = Callable[[int, float], None]
"""Told how many best plans are found, and over which share of the range they are all there are."""


class UnderWay(NamedTuple):
    """A run that is being made."""

    label: str
    seconds: float
    """How long it has been searched for."""
    gap: float | None
    """How far its bound is from its plan, as a share of the plan; None before there are both."""


@runtime_checkable
class Follower(Protocol):
    """A watch that is told of runs under way as well."""

    def follow(self, runs: Sequence[UnderWay]) -> None:
        """Take note of the runs that are being made, from another thread."""


def progress_file(folder: Path) -> Path:
    """Name the file in which the worker of a run says how far it is."""
    folder = folder.absolute()
    key = hashlib.sha256(os.fsencode(folder.name)).hexdigest()[:8]
    return folder.with_name(f".{folder.name[:STEM]}.{key}.progress")


@contextmanager
def telling(folder: Path) -> Iterator[Callable[[Progress], None]]:
    """Say how far a run is, as long as it lasts; what cannot be said is left out.

    Yields
    ------
    Callable
        To be told of the progress of the search.
    """
    path, last = progress_file(folder), -SECONDS

    def tell(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS:
            last = time.monotonic()
            with suppress(OSError):
                path.write_text(json.dumps([round(progress.seconds, 1), progress.gap]))

    try:
        yield tell
    finally:
        forget(folder)


@contextmanager
def following(folders: Mapping[str, Path], watch: object) -> Iterator[None]:
    """Tell a watch of the runs under way, if it wants to know, while a study is.

    Parameters
    ----------
    folders
        Folder of each run that is to be made, by its label.
    watch
        Whoever watches the study.
    """
    over = threading.Event()

    def look(follower: Follower) -> None:
        while not over.wait(SECONDS):
            follower.follow([one for label in folders for one in _read(label, folders[label])])

    thread = threading.Thread(target=look, args=(watch,), daemon=True)
    if isinstance(watch, Follower):
        thread.start()
    try:
        yield
    finally:
        over.set()
        if thread.ident is not None:
            thread.join()


def forget(folder: Path) -> None:
    """Remove what a killed worker has said of a run that has ended since."""
    with suppress(OSError):
        progress_file(folder).unlink(missing_ok=True)


def _read(label: str, folder: Path) -> Iterator[UnderWay]:
    try:
        with progress_file(folder).open("rb") as stream:
            seconds, gap = json.loads(stream.read(MOST_BYTES))
        yield UnderWay(label, float(seconds), None if gap is None else float(gap))
    except (OSError, ValueError, TypeError):
        return  # it has not begun, has ended, or is being written
