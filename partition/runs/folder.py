"""Folders that appear whole or not at all.

A folder is filled in a workshop beside its final place (:mod:`partition.runs.workshop`), flushed to
disk, and renamed; one that stands there already swaps places with it in one step. A process killed
at any moment leaves the old folder, or the new one, or no folder; never a part. Where the system
cannot swap (network file systems, and systems other than Linux), the old folder is moved away
first, and a reader may find none for a moment.

What somebody else has put beside the files of a run, a picture or what a file manager writes, stays
there: it is linked into the new folder before the two swap places.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from partition.errors import BundleError
from partition.runs.bundle_files import DOCUMENT
from partition.runs.workshop import PROBE, REPLACED, RUN, sweep_leftovers, workshop
from shapefiles.writing import flush

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2

_ATTEMPTS = 100
"""How often a folder is put in its place while others do the same."""


def check_target(target: Path, owned: frozenset[str], *, force: bool) -> None:
    """Refuse a folder that could not be written at the end of a run; leaves no trace.

    Parameters
    ----------
    target
        The folder to write.
    owned
        Names of the files that a run writes. A folder without a run that holds anything else, or
        with a folder or a link of such a name, is never replaced.
    force
        Whether the files of a run may be replaced. What is beside them stays.

    Raises
    ------
    BundleError
        When the folder exists and may not be replaced, or its place cannot be written to.
    """
    if "\0" in str(target):
        raise BundleError(f"{str(target)!r} holds a NUL character; no folder can be called that.")
    try:
        is_taken = _is_taken(target, owned)
        _try_writing_near(target)
    except OSError as error:
        raise BundleError(f"Cannot write to {target}: {error.strerror or error}.") from None
    if is_taken and not force:
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
    sweep_leftovers(target.parent, owned)
    with workshop(target) as place:
        filling = place / RUN
        yield filling
        for path in [*filling.iterdir(), filling]:
            flush(path)
        _take_place(place, target, owned, force=force)
        flush(target.parent)


def _is_taken(target: Path, owned: frozenset[str]) -> bool:
    """Whether a folder holds a run; one that is no folder or holds only other things is refused."""
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISLNK(mode):
        raise BundleError(f"{target} is a symbolic link; give the folder it points to.")
    if not stat.S_ISDIR(mode):
        raise BundleError(f"{target} is a file, not a folder. Choose another name.")
    try:
        found = sorted(target.iterdir())
    except FileNotFoundError:
        return False  # it was there just now
    has_run = any(entry.name == DOCUMENT for entry in found)
    for entry in found:
        # A folder or a link is somebody's, whatever it is called: no run writes one.
        what = "the link " if entry.is_symlink() else "the folder " if entry.is_dir() else ""
        is_in_the_way = what if entry.name in owned else not has_run
        if is_in_the_way:
            raise BundleError(
                f"{target} holds {what}{entry.name!r}, which no run wrote. Choose another folder."
            )
    return bool(found)


def _try_writing_near(target: Path) -> None:
    """Make and remove a folder in the nearest place that exists.

    Asking the permission bits would not be enough: a mount may be read-only, a quota used up.
    """
    place = target.absolute().parent
    while not place.exists():
        place = place.parent
    probe = Path(tempfile.mkdtemp(prefix=PROBE, dir=place))
    with suppress(FileNotFoundError):  # somebody else has swept it up
        probe.rmdir()


def _take_place(place: Path, target: Path, owned: frozenset[str], *, force: bool) -> None:
    """Put the filled folder of a workshop in its place, where others may do the same just now."""
    filling, aside = place / RUN, place / REPLACED
    for _ in range(_ATTEMPTS):
        check_target(target, owned, force=force)
        _carry(target, filling, owned)
        if _move(filling, target):
            return
        if not force:
            continue  # one has appeared since, as the next check says
        if _exchange(filling, target):
            try:
                _is_taken(filling, owned)
                _carry(filling, target, owned)  # what somebody has put there just now
            except (OSError, BundleError):
                _exchange(filling, target)
                raise
            return
        with suppress(FileNotFoundError):
            target.rename(aside)
            if _replaces(filling, target, aside, owned):
                return
    raise BundleError(f"{target} is written by others all the time. Choose another folder.")


def _replaces(filling: Path, target: Path, aside: Path, owned: frozenset[str]) -> bool:
    """Move a folder to where another one was that stands aside now; it goes back on any failure."""
    try:
        _is_taken(aside, owned)
        _carry(aside, filling, owned)
        is_there = _move(filling, target)
    except (OSError, BundleError):
        aside.rename(target)
        raise
    if not is_there:  # somebody else has put theirs there
        _carry(aside, target, owned)
        shutil.rmtree(aside, ignore_errors=True)
    return is_there


def _carry(folder: Path, other: Path, owned: frozenset[str]) -> None:
    """Give all that is in a folder, but for the files of a run, a place in another one as well."""
    try:
        found = list(folder.iterdir())
    except FileNotFoundError:
        return
    for entry in found:
        place = other / entry.name
        if entry.name in owned:
            continue
        if entry.is_dir() and not entry.is_symlink():
            place.mkdir(exist_ok=True)
            _carry(entry, place, frozenset())
        elif not _is_alike(entry, place):
            place.unlink(missing_ok=True)
            link(entry, place)


def _is_alike(file: Path, other: Path) -> bool:
    """Whether a file has a second place already, and was not written anew since."""
    with suppress(FileNotFoundError):
        one, two = file.lstat(), other.lstat()
        return os.path.samestat(one, two) or (
            (one.st_mtime_ns, one.st_size) == (two.st_mtime_ns, two.st_size)
        )
    return False


def link(file: Path, other: Path) -> None:
    """Give a file a second place, which takes no room on a disk that is nearly full.

    Raises
    ------
    OSError
        When it cannot be copied either.
    """
    try:
        os.link(file, other, follow_symlinks=False)
    except (OSError, NotImplementedError):  # not every file system can
        shutil.copy2(file, other, follow_symlinks=False)


def _move(folder: Path, target: Path) -> bool:
    """Rename a folder to a place where nothing stands, or an empty one; False where more does."""
    try:
        if sys.platform == "win32" and target.is_dir():
            target.rmdir()  # POSIX replaces an empty folder in one step, Windows does not
        folder.rename(target)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    return True


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in a single step, where the system can (Linux)."""
    if sys.platform != "linux":
        return False
    swap = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if swap is None:
        return False
    failed = swap(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return not failed
