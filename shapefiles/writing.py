"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Write a file under a hidden name beside its place, and move it there when it is done.

    Parameters
    ----------
    path
        Where the file goes; replaced if it is there.

    Yields
    ------
    pathlib.Path
        Where to write.

    Raises
    ------
    OSError
        When writing fails, on a full disk say, or the place is a folder or a device. It is as it
        was before, and no part is left.
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "It is no file but a folder or a device", str(path))
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        yield draft
        with draft.open("rb") as stream:
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
