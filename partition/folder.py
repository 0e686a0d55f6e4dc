"""Folders that appear whole or not at all.

A folder is filled beside its final place under a hidden name, flushed to disk, and renamed. A
process killed at any moment leaves the old folder, or the new one, or no folder; never a part.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from partition.errors import BundleError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def check_target(target: Path, owned: frozenset[str], *, force: bool) -> None:
    """Refuse a folder that could not be written at the end of a run; leaves no trace.

    Parameters
    ----------
    target
        The folder to write.
    owned
        Names of the files that a run writes. A folder that holds anything else is never replaced.
    force
        Whether a folder that holds only files of a run may be replaced.

    Raises
    ------
    BundleError
        When the folder exists and may not be replaced, or its place cannot be written to.
    """
    if "\0" in str(target):
        raise BundleError(f"{str(target)!r} holds a NUL character; no folder can be called that.")
    try:
        found = _names_in(target)
        _try_writing_near(target)
    except OSError as error:
        raise BundleError(f"Cannot write to {target}: {error.strerror or error}.") from None
    others = sorted(found - owned)
    if others:
        raise BundleError(
            f"{target} holds {others[0]!r}, which no run wrote. Choose another folder."
        )
    if found and not force:
        raise BundleError(
            f"{target} already holds a run. Force its replacement (--force), or choose another "
            "folder (--out)."
        )


@contextmanager
def whole_folder(target: Path, owned: frozenset[str], *, force: bool) -> Iterator[Path]:
    """Fill a folder that takes its place only when the block ends well.

    Parameters
    ----------
    target, owned, force
        As in :func:`check_target`, which is asked again.

    Yields
    ------
    Path
        An empty folder on the same file system, to be filled.

    Raises
    ------
    BundleError
        As in :func:`check_target`.
    OSError
        When writing fails; nothing is left behind then.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "run"
    >>> with whole_folder(place, frozenset({"plan.csv"}), force=False) as filling:
    ...     _ = (filling / "plan.csv").write_text("GEOID,nation")
    ...     place.exists()
    False
    >>> [file.name for file in place.iterdir()]
    ['plan.csv']
    """
    target = target.absolute()
    check_target(target, owned, force=force)
    target.parent.mkdir(parents=True, exist_ok=True)
    filling = target.with_name(f".{target.name}.partial-{secrets.token_hex(4)}")
    filling.mkdir()
    try:
        yield filling
        for path in [*filling.iterdir(), filling]:
            _flush(path)
        check_target(target, owned, force=force)
        _take_place(filling, target)
        _flush(target.parent)
    finally:
        shutil.rmtree(filling, ignore_errors=True)


def _names_in(target: Path) -> set[str]:
    """List what a folder holds, nothing where there is none; a file or a link is refused."""
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        return set()
    if stat.S_ISLNK(mode):
        raise BundleError(f"{target} is a symbolic link; give the folder it points to.")
    if not stat.S_ISDIR(mode):
        raise BundleError(f"{target} is a file, not a folder. Choose another name.")
    return {entry.name for entry in target.iterdir()}


def _try_writing_near(target: Path) -> None:
    """Make and remove a folder in the nearest place that exists.

    Asking the permission bits would not be enough: a mount may be read-only, a quota used up.
    """
    place = target.absolute().parent
    while not place.exists():
        place = place.parent
    Path(tempfile.mkdtemp(prefix=".partition-", dir=place)).rmdir()


def _take_place(filling: Path, target: Path) -> None:
    """Rename the new folder to its place; where an old one stands, both swap names."""
    if not target.exists() or not any(target.iterdir()):
        with suppress(FileNotFoundError):
            target.rmdir()
        filling.rename(target)
    elif not _exchange(filling, target):
        old = target.with_name(f"{filling.name}-replaced")
        target.rename(old)
        try:
            filling.rename(target)
        except OSError:
            old.rename(target)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in a single step, where the system can (Linux)."""
    if sys.platform != "linux":
        return False
    swap = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if swap is None:
        return False
    failed = swap(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return not failed


def _flush(path: Path) -> None:
    """Have the system write a file, or the names in a folder, to disk."""
    if path.is_dir() and sys.platform == "win32":
        return  # Windows opens no folders
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
