"""Unpack single files that were compressed with gzip (``.gz``), within bounds."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path, PurePath
from typing import TypeVar

from shapefiles.errors import DataError, one_line, shown

_Path = TypeVar("_Path", bound=PurePath)

_CHUNK = 2**20
_DAMAGED = (gzip.BadGzipFile, zlib.error, EOFError)


def is_gzip(head: bytes) -> bool:
    """Tell a file compressed with gzip by its first bytes."""
    return head.startswith(b"\x1f\x8b")


def plain_name(path: _Path) -> _Path:
    """Name the file as it is once unpacked.

    Examples
    --------
    >>> plain_name(Path("map.geojson.gz")).name, plain_name(Path("map.geojson")).name
    ('map.geojson', 'map.geojson')
    """
    return path.with_suffix("") if path.suffix.lower() in {".gz", ".gzip"} else path


def unpacked_head(path: Path, head: bytes, n_bytes: int = 4096) -> bytes:
    """Take the first bytes of what a file holds, unpacked where it is compressed.

    Parameters
    ----------
    path
        The file.
    head
        Its first bytes as they stand in it.
    n_bytes
        How many bytes to unpack at most.
    """
    if not is_gzip(head):
        return head
    try:
        with gzip.open(path) as stream:
            return stream.read(n_bytes)
    except (*_DAMAGED, OSError) as error:
        raise _damaged(path, error) from None


def gunzip(path: Path, folder: Path, most: int) -> Path:
    """Unpack a compressed file into a folder.

    Parameters
    ----------
    path
        The file.
    folder
        Folder to unpack into.
    most
        Bytes that it may unpack to.

    Returns
    -------
    pathlib.Path
        The unpacked file, called ``data`` with the ending of its name, so that no library takes
        it for something else.

    Raises
    ------
    DataError
        When the file is damaged, empty, or unpacks to more. Bytes are counted as they are unpacked.
    """
    suffix = plain_name(path).suffix
    target = folder / f"data{suffix if suffix[1:].isalnum() else ''}"
    left = most
    try:
        with gzip.open(path) as source, target.open("xb") as stream:
            while chunk := source.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    break
                stream.write(chunk)
    except (*_DAMAGED, OSError) as error:
        raise _damaged(path, error) from None
    if left < 0:
        raise DataError(
            f"{shown(path, 200)} unpacks to far more than its size. Unpack it yourself if you "
            "trust it."
        )
    if left == most:
        raise DataError(f"{shown(path, 200)} is empty.")
    return target


def _damaged(path: Path, error: BaseException) -> DataError:
    return DataError(f"{shown(path, 200)} is not a readable gzip file: {one_line(error)}")
