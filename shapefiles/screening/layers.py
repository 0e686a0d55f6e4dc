"""A look at a file of polygons before GDAL opens it: does it hold them, or point elsewhere.

GDAL knows many kinds of file by their content that name other files, web services or commands, and
it believes what an index says of the sizes of records. None of that gets past this look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from shapefiles.errors import DataError, shown
from shapefiles.screening.archive import is_archive
from shapefiles.screening.door import read_head, refuse_size
from shapefiles.screening.json_files import MARKS, is_json, screen_json
from shapefiles.screening.sqlite_files import is_sqlite, without_queries

_HEAD = 2**16
"""Bytes of the beginning that are looked at; GDAL tells what a file is by fewer."""

_ELSEWHERE = (
    b"<ogr[a-z]*datasource",  # virtual layers, and services of features and catalogues
    b"<ogrvrt",
    rb"<(\w+:)?\w+_capabilities",
    b"<ogcapi",
    b"<mapml",
    b"<gdal",
    b"<wms",
    b"gdal_streamed_alg",
)
_SENDS_ELSEWHERE = re.compile(b"|".join(_ELSEWHERE), re.IGNORECASE)
"""What only files have that make GDAL read other files, ask servers or run its commands."""

_DECLARATION = re.compile(rb"<!(doctype|entity)", re.IGNORECASE)
_SHX_HEADER, _SHX_RECORD = 100, 8


@contextmanager
def screened(
    file: Path, path: Path, layer: str | None = None, max_gigabytes: float | None = None
) -> Iterator[Path]:
    """Refuse a file that would make GDAL look elsewhere, or use memory out of all proportion.

    Parameters
    ----------
    file
        The file, or a folder that is one data set.
    path
        What it is called, for messages: the archive that it is from, say.
    layer
        The layer that will be read; None for the only one.
    max_gigabytes
        What it may ask for.

    Yields
    ------
    pathlib.Path
        What GDAL may open: the file, or a copy without what is dangerous and not needed.

    Raises
    ------
    DataError
        When it is refused.
    SizeError
        When it asks for more than the limit.
    """
    head = read_head(file, _HEAD)
    if is_sqlite(head):
        with without_queries(file, path, layer, max_gigabytes) as harmless:
            yield harmless
        return
    if not file.is_dir():
        _screen(file, head, path, max_gigabytes)
    yield file


def _screen(file: Path, head: bytes, path: Path, max_gigabytes: float | None) -> None:
    if is_archive(head):
        raise DataError(f"{shown(path, 200)} is an archive in an archive. Unpack it first.")
    # Without zeros, text of two bytes a character reads the same.
    plain = head.replace(b"\0", b"").lstrip(MARKS)
    is_markup = plain.startswith(b"<")
    is_ours = b"<kml" in plain or b"gml" in plain.lower()
    is_command = file.name.lower().endswith(".gdalg.json")
    if (is_markup and not is_ours) or is_command or _SENDS_ELSEWHERE.search(plain):
        raise DataError(
            f"{shown(path, 200)} holds no polygons itself but {shown(plain[:40].decode('latin-1'))}"
            ". Give the file with the polygons."
        )
    if is_markup and _DECLARATION.search(plain):
        raise DataError(
            f"{shown(path, 200)} declares a document type of its own (<!DOCTYPE), which no file of "
            "polygons needs. Remove the declaration if you trust the file."
        )
    if is_json(head):
        screen_json(file, path, max_gigabytes)
    elif file.suffix.lower() == ".shp":
        _screen_index(file, path, max_gigabytes)


def _screen_index(file: Path, path: Path, max_gigabytes: float | None) -> None:
    """Add up what the index of a shapefile says of its records, which may all be the same one."""
    index = next((one for one in _indices(file) if one.is_file()), None)
    if index is None:
        return
    content = np.fromfile(index, ">i4", offset=_SHX_HEADER)
    lengths = content[1::2].astype(np.int64)  # in words of two bytes
    total = 2 * int(lengths[lengths > 0].sum()) + _SHX_RECORD * len(lengths)
    if total > file.stat().st_size:
        refuse_size(path, total, max_gigabytes, "has an index of records that make up")


def _indices(file: Path) -> tuple[Path, Path]:
    return file.with_suffix(".shx"), file.with_suffix(".SHX")
