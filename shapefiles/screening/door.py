"""The door through which every file comes in: regular, local, of a bounded size, plainly named.

Every reader of files goes through :func:`opened`, which hands it a plain local path, or through
:func:`read_bytes`. What GDAL or a spreadsheet library would do with a pipe that never ends, an
archive that unpacks to a terabyte, a member called ``../../etc/passwd``, or a file name with a line
break in it, is never found out.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shapefiles.errors import DataError, shown
from shapefiles.screening.archive import allowed_bytes, is_archive, unpack
from shapefiles.screening.gzipped import gunzip, is_gzip

GIGABYTE = 2**30
"""Bytes of the unit in which limits are given."""

MAX_GIGABYTES = 2.0
"""Size that a file may have, once it is unpacked, unless somebody allows more."""

_SAFE_NAME = re.compile(r"[\w.\- ()/\\:~+,@]+")
_PAGES = (b"<!doctype html", b"<html")


class SizeError(DataError):
    """A file is larger, or would become larger, than allowed."""


@contextmanager
def opened(path: str | Path, max_gigabytes: float | None = None) -> Iterator[Path]:
    """Make a local file, or a zip archive's content, safe to hand to a reading library.

    Parameters
    ----------
    path
        A file, or a folder that is one data set (``.gdb``).
    max_gigabytes
        Size that it may have, once it is unpacked; :data:`MAX_GIGABYTES` unless given.

    Yields
    ------
    pathlib.Path
        The file itself; what a compressed file (``.gz``) was unpacked to; the folder an archive was
        unpacked to; or a link of a plain name, where the name has characters that libraries take
        for something else, or the file is XML, beside which GDAL would write what it learned.
        Temporary folders are removed at the end.

    Raises
    ------
    DataError
        When the file is missing, may not be read, is empty, is a web page, or is an archive that
        escapes its folder or unpacks to far more than its size.
    SizeError
        When it is too large.
    """
    path = Path(path)
    head = read_head(path)
    refuse_page(head, path)
    check_size(path, max_gigabytes)
    with tempfile.TemporaryDirectory(prefix="two-nations-") as folder:
        if is_archive(head) and path.suffix.lower() != ".xlsx":
            unpack(path, Path(folder), max_bytes(max_gigabytes))
            yield Path(folder)
        elif is_gzip(head):
            file = gunzip(path, Path(folder), allowed_bytes(path, max_bytes(max_gigabytes)))
            inside = read_head(file)
            refuse_page(inside, path)
            if is_archive(inside) or is_gzip(inside):
                raise DataError(f"{shown(path, 200)} is an archive in an archive. Unpack it first.")
            yield file
        elif (
            _SAFE_NAME.fullmatch(str(path))
            and not str(path).startswith("/vsi")
            and not head.lstrip().startswith(b"<")
        ):
            # GDAL tells URLs and drivers by their prefix; an absolute path has none.
            yield path.absolute()
        else:
            yield _linked(path, Path(folder))


def read_head(path: Path, n_bytes: int = 4096) -> bytes:
    """Read the first bytes of a file; none of a folder.

    Raises
    ------
    DataError
        When there is no such file, it may not be read, is no regular file, or is empty.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            os.listdir(path)  # noqa: PTH208 - only whether it may be listed
            return b""
        if not stat.S_ISREG(mode):
            raise DataError(f"{shown(path, 200)} is a device or a pipe; give a file.")
        with path.open("rb") as stream:
            head = stream.read(n_bytes)
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(f"Cannot read {shown(path, 200)}: {reason}.") from None
    if not head:
        raise DataError(f"{shown(path, 200)} is empty.")
    return head


def read_bytes(path: Path, most: int) -> bytes:
    """Read a small file whole.

    Parameters
    ----------
    path
        The file.
    most
        Bytes that it may have.

    Raises
    ------
    DataError
        As :func:`read_head` does, and for a folder.
    SizeError
        When the file has more bytes, of which no more are read.
    """
    content = read_head(path, most + 1)
    if not content:
        raise DataError(f"{shown(path, 200)} is a folder; give a file.")
    if len(content) > most:
        raise SizeError(f"{shown(path, 200)} is larger than {most:,} bytes.")
    return content


def max_bytes(max_gigabytes: float | None = None) -> int:
    """Express a limit in bytes."""
    return int((MAX_GIGABYTES if max_gigabytes is None else max_gigabytes) * GIGABYTE)


def check_size(path: Path, max_gigabytes: float | None = None) -> None:
    """Refuse a file, or a folder, that is too large, before any of it is read.

    Raises
    ------
    SizeError
        With the size and the limit.
    """
    files = [one for one in path.iterdir() if one.is_file()] if path.is_dir() else [path]
    if path.suffix.lower() == ".shp":
        files += [one for one in companions(path) if one.is_file()]
    refuse_size(path, sum(one.stat().st_size for one in files), max_gigabytes)


def refuse_size(
    path: Path, n_bytes: int, max_gigabytes: float | None = None, what: str = "has"
) -> None:
    """Refuse so many bytes, where they are above the limit.

    Parameters
    ----------
    path
        The file, for the message.
    n_bytes
        Bytes that it has, or asks for.
    max_gigabytes
        The limit, where somebody can raise it.
    what
        How the file comes by them.

    Raises
    ------
    SizeError
        With both numbers, and what raises the limit.
    """
    if n_bytes > max_bytes(max_gigabytes):
        allowed = MAX_GIGABYTES if max_gigabytes is None else max_gigabytes
        remedy = "" if max_gigabytes is None else " Allow more if you trust it (max_size)."
        raise SizeError(
            f"{shown(path, 200)} {what} {n_bytes / GIGABYTE:,.3g} GB, above the limit of "
            f"{allowed:g} GB.{remedy}"
        )


def refuse_page(head: bytes, path: Path) -> None:
    """Refuse a web page, which is what a server sends in place of a file that is not there."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if start.startswith(_PAGES):
        raise DataError(
            f"{shown(path, 200)} is a web page, not a data file. Open it in a browser: it may say "
            "why the download failed."
        )


def companions(path: Path) -> list[Path]:
    """List what lies beside a shapefile under its name: ``.dbf``, ``.prj`` and the like."""
    beside = path.absolute().parent.iterdir()
    return sorted(one for one in beside if one.stem == path.stem and one.name != path.name)


def _linked(path: Path, folder: Path) -> Path:
    """Link a file, and its companions such as ``.dbf`` and ``.prj``, under a plain name."""
    files = [path, *companions(path)] if path.suffix.lower() == ".shp" else [path]
    for one in files:
        suffix = one.suffix if _SAFE_NAME.fullmatch(one.suffix) else ""
        link = folder / f"data{suffix}"
        try:
            link.symlink_to(one.absolute())
        except OSError:  # some systems let only administrators make links
            shutil.copyfile(one, link)
    return folder / f"data{path.suffix if _SAFE_NAME.fullmatch(path.suffix) else ''}"
