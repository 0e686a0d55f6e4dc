"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STEM = 24
"""Characters of a name that the hidden name of its draft begins with: at most 96 bytes, so that
what is added stays below the 255 bytes of most file systems, however long the name is."""

_DRAFT = re.compile(r"\..{1,24}\.[0-9a-f]{8}\.tmp", re.DOTALL)


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Write a file under a hidden name beside its place, and move it there when it is done.

    Parameters
    ----------
    path
        Where the file goes; replaced if it is there. Its name may be as long as the file system
        allows, and any number of processes may write it at the same time: the last one wins.

    Yields
    ------
    pathlib.Path
        File to write.

    Raises
    ------
    OSError
        When writing fails, on a full disk say, or the place is a folder or a device. It is as it
        was before, and no part is left.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "map.html"
    >>> with whole_file(place) as draft:
    ...     _ = draft.write_text("<html>")
    ...     place.exists()
    False
    >>> [file.name for file in place.parent.iterdir()]
    ['map.html']
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "It is no file but a folder or a device", str(path))
    draft = path.with_name(f".{path.name[:STEM]}.{secrets.token_hex(4)}.tmp")
    try:
        yield draft
        flush(draft)
        draft.replace(path)
        flush(path.parent)
    finally:
        with suppress(OSError):  # what went wrong before is what is told
            draft.unlink()


def is_draft(name: str) -> bool:
    """Whether a file of this name is what a process that was killed had not finished writing.

    Examples
    --------
    >>> is_draft(".map.html.0a1b2c3d.tmp"), is_draft("map.html")
    (True, False)
    """
    return _DRAFT.fullmatch(name) is not None


def flush(path: Path) -> None:
    """Have the system write a file, or the names in a folder, to disk.

    Raises
    ------
    OSError
        When it cannot, on a full disk say.
    """
    if path.is_dir() and sys.platform == "win32":
        return  # Windows opens no folders
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
