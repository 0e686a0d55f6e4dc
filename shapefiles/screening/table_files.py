"""A look at a table before it is read: endless lines, and workbooks that unfold.

Excel keeps only the cells that hold something, each with its place: a few bytes may say that a row
has 16,384 of them, or that a sheet has a million rows.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any
from xml.parsers import expat

from shapefiles.errors import DataError, shown
from shapefiles.screening.archive import unpack
from shapefiles.screening.door import max_bytes

LINES_IN_LIMIT = 128
"""How many of the longest lines would fill the limit of a file."""

BYTES_PER_CELL = 64
"""What a cell of a workbook takes in memory, empty or not."""

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
"""The last row and column that Excel knows."""

_CHUNK = 2**20
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]*")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)


def screen_lines(file: Path, path: Path, max_gigabytes: float | None = None) -> None:
    """Refuse a text file with a line so long that it is no row of a table.

    Raises
    ------
    DataError
        With the limit.
    """
    most, length = max_bytes(max_gigabytes) // LINES_IN_LIMIT, 0
    if file.stat().st_size <= most:
        return
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            first, *others = chunk.replace(b"\r", b"\n").split(b"\n")
            longest = max(length + len(first), *map(len, others), 0)
            if longest > most:
                raise DataError(
                    f"{shown(path, 200)} has a line of more than {most / 2**20:,.0f} MB, so it is "
                    f"no table.{_remedy(max_gigabytes)}"
                )
            length = len(others[-1]) if others else length + len(first)


def screen_workbook(file: Path, path: Path, max_gigabytes: float | None = None) -> None:
    """Refuse a workbook that would fill more than the limit, or never end.

    Raises
    ------
    DataError
        When it is no zip archive, unpacks to far more than its size, declares a document type, or
        has more cells than the limit allows for.
    """
    with tempfile.TemporaryDirectory(prefix="two-nations-") as name:
        folder = Path(name)
        unpack(file, folder, max_bytes(max_gigabytes))
        most = max_bytes(max_gigabytes) // BYTES_PER_CELL
        for part in sorted(folder.rglob("*")):
            if part.is_file() and part.suffix.lower() in {".xml", ".rels"}:
                is_sheet = _SHEET.fullmatch(part.relative_to(folder).as_posix())
                _read_part(part, _Cells(path, most, max_gigabytes) if is_sheet else None, path)


def _read_part(part: Path, cells: _Cells | None, path: Path) -> None:
    parser = expat.ParserCreate()

    def refuse(*_: Any) -> None:
        raise DataError(
            f"{shown(path, 200)} declares a document type (<!DOCTYPE), which no workbook needs. "
            "Save it anew."
        )

    parser.StartDoctypeDeclHandler = refuse
    if cells is not None:
        parser.StartElementHandler = cells.begin
    try:
        with part.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
                if cells is None:
                    break  # a declaration would stand at the beginning
    except expat.ExpatError:
        pass  # what is wrong with it is for the reader to say


class _Cells:
    """Counts the cells of a sheet, those before the last one of a row as well."""

    def __init__(self, path: Path, most: int, max_gigabytes: float | None) -> None:
        self.path, self.most, self.max_gigabytes = path, most, max_gigabytes
        self.total, self.row, self.column = 0, 0, 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "row":
            self.row, self.column = _number(attributes.get("r"), self.row + 1), 0
        elif kind == "c":
            place = _PLACE.match(attributes.get("r", ""))
            column = _column(place[1]) if place else self.column + 1
            self.total += max(column - self.column, 1)
            self.column = column
        if self.row > MAX_ROW or self.column > MAX_COLUMN:
            raise DataError(
                f"{shown(self.path, 200)} has a cell in row {self.row:,}, column "
                f"{self.column:,}; no workbook reaches so far. Save it anew."
            )
        if self.total > self.most:
            raise DataError(
                f"{shown(self.path, 200)} unfolds to more than {self.most:,} cells."
                f"{_remedy(self.max_gigabytes)}"
            )


def _number(text: str | None, following: int) -> int:
    is_number = text is not None and text.isascii() and text.isdigit()
    return int(text[:12]) if is_number and text is not None else following


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _remedy(max_gigabytes: float | None) -> str:
    return "" if max_gigabytes is None else " Allow more if you trust it (max_size)."
