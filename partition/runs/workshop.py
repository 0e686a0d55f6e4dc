"""Hidden folders in which a run is written, and what processes that were killed leave of them.

A workshop lies beside the folder that is to be written. It holds ``lock``, on which its owner has a
lock as long as it lives, the folder ``run``, which is being filled, and ``replaced``, the folder
that stood there before, where the system cannot swap two folders in one step. Its name tells the
machine, because a lock may not be seen from another one: there, what nobody has touched for a day
counts as left behind.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from partition.runs import locks
from shapefiles.writing import STEM, is_draft

LOCK, RUN, REPLACED = "lock", "run", "replaced"

PROBE = ".partition-"
"""What the name of an empty folder begins with that is made only to see whether one can be."""

NO_LOCK = "0" * 8
"""What stands for the machine where the file system has no locks."""

ABANDONED = 86_400.0
"""Seconds after which a workshop of another machine counts as left behind."""

_PROBE = re.compile(re.escape(PROBE) + r"[a-z0-9_]{8}")
_WORKSHOP = re.compile(r"\..{1,24}\.partial-(?P<host>[0-9a-f]{8})-[0-9a-f]{8}", re.DOTALL)


@contextmanager
def workshop(target: Path) -> Iterator[Path]:
    """Make a folder beside another one, to be removed with all that is left in it.

    Parameters
    ----------
    target
        The folder that is to be written; its parent exists.

    Yields
    ------
    Path
        The workshop, with an empty folder :data:`RUN` in it.

    Raises
    ------
    OSError
        When it cannot be made, on a full disk say.
    """
    place, lock = _open_workshop(target)
    try:
        yield place
    finally:
        if lock is not None:
            os.close(lock)
        _remove(place)


def sweep_leftovers(parent: Path, owned: frozenset[str]) -> None:
    """Remove what processes that were killed have left half written, and nothing else.

    Parameters
    ----------
    parent
        The folder in which they were writing folders.
    owned
        Names of the files that they write. A workshop that holds anything else is left alone, but
        that a folder which stood in its place goes back; and so is one whose owner is alive.
    """
    with suppress(OSError):
        for path in list(parent.iterdir()):
            with suppress(OSError, ValueError):  # a name that holds a NUL character, say
                _sweep(path, owned)


def _open_workshop(target: Path) -> tuple[Path, int | None]:
    tag = _host()
    while True:
        place = _name(target.parent, target.name[:STEM], tag)
        place.mkdir()
        try:
            (place / LOCK).write_text(target.name, encoding="utf-8", errors="surrogateescape")
            lock = None if tag == NO_LOCK else locks.take(place / LOCK, create=False)
            (place / RUN).mkdir()
        except FileNotFoundError:
            continue  # somebody who swept up was faster than the lock
        except OSError:
            _remove(place)
            if tag == NO_LOCK:
                raise
            tag = NO_LOCK
            continue
        if lock is not None or tag == NO_LOCK:
            return place, lock


def _name(parent: Path, stem: str, host: str) -> Path:
    return parent / f".{stem}.partial-{host}-{secrets.token_hex(4)}"


def _host() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _sweep(path: Path, owned: frozenset[str]) -> None:
    if _PROBE.fullmatch(path.name):
        path.rmdir()  # which removes nothing that holds anything
        return
    locks.sweep_claim(path)
    match = _WORKSHOP.fullmatch(path.name)
    if match is None or not _is_workshop(path):
        return
    if not (_holds_parts_only(path, owned) or (path / REPLACED).is_dir()):
        return
    with _taken_over(path, match["host"]) as is_abandoned:
        if not is_abandoned:
            return
        # Its owner may live after all, on a machine whose locks are not seen from here. It must
        # not move to its place what is being removed: under the new name, it does not find it.
        dead = _name(path.parent, path.name[1 : path.name.rindex(".partial-")], _host())
        path.rename(dead)
    _put_back(dead)
    if _holds_parts_only(dead, owned):
        _remove(dead)


def _is_workshop(path: Path) -> bool:
    if path.is_symlink() or not path.is_dir():
        return False
    for entry in path.iterdir():
        if entry.name not in (LOCK, RUN, REPLACED) or entry.is_symlink():
            return False
        if entry.is_dir() == (entry.name == LOCK):
            return False
    return True


def _holds_parts_only(path: Path, owned: frozenset[str]) -> bool:
    folders = [path / one for one in (RUN, REPLACED) if (path / one).is_dir()]
    return all(_is_part(one, owned) for folder in folders for one in folder.iterdir())


def _is_part(path: Path, owned: frozenset[str]) -> bool:
    is_file = path.is_file() and not path.is_symlink()
    return is_file and (path.name in owned or is_draft(path.name))


@contextmanager
def _taken_over(path: Path, host: str) -> Iterator[bool]:
    """Tell whether the owner of a workshop is dead, and let nobody become its owner meanwhile."""
    if host != _host():
        yield time.time() - _last_touched(path) > ABANDONED
        return
    try:
        lock = locks.take(path / LOCK, create=False)
    except FileNotFoundError:
        path.rmdir()  # just begun, or all but removed
        yield False
        return
    if lock is None or sys.platform == "win32":  # where no folder moves while a file in it is open
        if lock is not None:
            os.close(lock)
        yield lock is not None
        return
    try:
        yield True
    finally:
        os.close(lock)


def _last_touched(path: Path) -> float:
    return max(one.lstat().st_mtime for one in (path, *path.rglob("*")))


def _put_back(dead: Path) -> None:
    """Give the folder its place again that a process killed between two renames had moved away."""
    if not (dead / REPLACED).is_dir():
        return
    name = (dead / LOCK).read_text(encoding="utf-8", errors="surrogateescape")
    # The file may have been put there by anybody: it names no place but one beside the workshop.
    if Path(name).name != name or not dead.name.startswith(f".{name[:STEM]}.partial-"):
        return
    target = dead.with_name(name)
    if not target.exists():
        (dead / REPLACED).rename(target)


def _remove(place: Path) -> None:
    for name in (RUN, REPLACED):
        shutil.rmtree(place / name, ignore_errors=True)
    # The lock goes last, so that what is left at any moment can be told to be left.
    with suppress(OSError):
        (place / LOCK).unlink()
    with suppress(OSError):
        place.rmdir()
