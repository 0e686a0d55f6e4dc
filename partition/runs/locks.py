"""Locks on files, which the system lets go of when their process ends, however it ends.

They hold between processes of one machine, and between machines on a network file system whose
server keeps locks (NFS 4, and NFS 3 unless it is mounted with ``nolock``). Nothing that must not be
lost depends on that: a folder takes its place in one step with or without them
(:mod:`partition.runs.folder`). They save work, and tell what a living process is still writing from
what a dead one has left.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shapefiles.writing import STEM

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_HELD = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}

_CLAIM = re.compile(r"\..{1,24}\.[0-9a-f]{8}\.claim", re.DOTALL)

POLL = 0.1
"""Seconds between two looks at whether a lock is free."""

SILENCE = 2.0
"""Seconds to wait for a lock before anybody is told."""


def take(path: Path, *, create: bool = True) -> int | None:
    """Take the lock on a file, if nobody has it.

    Parameters
    ----------
    path
        The file.
    create
        Whether to make it where it does not exist.

    Returns
    -------
    int or None
        Descriptor that holds the lock until it is closed; None where somebody else has it.

    Raises
    ------
    OSError
        When there is no such file, it cannot be made, or the file system has no locks.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | (os.O_CREAT if create else 0), 0o666)
        try:
            _lock(descriptor)
            if _is_at(descriptor, path):
                return descriptor
        except OSError as error:
            os.close(descriptor)
            if error.errno in _HELD:
                return None
            raise
        os.close(descriptor)  # whoever had it before has removed the file: this is another one


def let_go(descriptor: int, path: Path) -> None:
    """Remove the file of a lock that is held, and let go of it."""
    if sys.platform == "win32":  # removes no open file
        os.close(descriptor)
        with suppress(OSError):
            path.unlink()
        return
    with suppress(OSError):
        path.unlink()
    os.close(descriptor)


@contextmanager
def claim(
    folder: Path, patience: float | None = None, on_wait: Callable[[], None] | None = None
) -> Iterator[bool]:
    """Be the only one who makes a folder; whoever else claims it waits.

    Parameters
    ----------
    folder
        What is to be made. The claim is a hidden empty file beside it.
    patience
        Seconds to wait for another one that claims it; no end unless given. After that the block
        runs all the same, as it does where the file system has no locks: the work is done twice
        then, and nothing is lost.
    on_wait
        Called once when the wait turns out to be long.

    Yields
    ------
    bool
        Whether nobody else is at it.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "run"
    >>> with claim(place) as first, claim(place, patience=0.0) as second:
    ...     first, second
    (True, False)
    """
    path = _claim_of(folder)
    descriptor = None
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = _wait_for(path, patience, on_wait)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            let_go(descriptor, path)


def sweep_claim(path: Path) -> None:
    """Remove a claim that nobody holds any more; anything else is left alone.

    Raises
    ------
    OSError
        When it is gone already, or belongs to somebody else.
    """
    if _CLAIM.fullmatch(path.name) and path.is_file() and not path.stat().st_size:
        descriptor = take(path, create=False)
        if descriptor is not None:
            let_go(descriptor, path)


def _claim_of(folder: Path) -> Path:
    folder = folder.absolute()
    key = hashlib.sha256(os.fsencode(folder.name)).hexdigest()[:8]
    return folder.with_name(f".{folder.name[:STEM]}.{key}.claim")


def _wait_for(path: Path, patience: float | None, on_wait: Callable[[], None] | None) -> int | None:
    start, told = time.monotonic(), False
    while (descriptor := take(path)) is None:
        seconds = time.monotonic() - start
        if patience is not None and seconds >= patience:
            return None
        if seconds >= SILENCE and not told and on_wait is not None:
            told = True
            on_wait()
        time.sleep(POLL)
    return descriptor


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
