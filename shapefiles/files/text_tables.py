"""Read tables of text: CSV and its kin, whatever their separators, encodings and line ends are."""

from __future__ import annotations

import codecs
import csv
import warnings
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from shapefiles.errors import DataError, OptionError, one_line, shown
from shapefiles.files.headers import SAMPLE, Record, check_header, guess_delimiter, split
from shapefiles.files.polygons import MAX_ROWS
from shapefiles.screening.door import read_head

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, which say for sure what a text is encoded in."""

_LINE_END = r"\r\n|\r|\n"
"""However lines end within a cell."""

_LINE = 2**20
"""Characters of a line of the sample."""


def read_text(
    file: Path, path: Path, encoding: str | None, skip_rows: int
) -> tuple[list[str], pd.DataFrame, int]:
    """Read a table of text.

    Parameters
    ----------
    file
        The file itself.
    path
        What it is called in messages.
    encoding
        What was asked for; a byte order mark goes before it.
    skip_rows
        Lines above the header.

    Returns
    -------
    tuple
        Names of the columns, all cells as text (row *i* of the index is *i* lines below the first
        row), and the number of the line of the first row.

    Raises
    ------
    DataError
        When it is not text in that encoding, no table, or begins with something else than a header.
    """
    source = shown(path, 200)
    encoding = _encoding(file, source, encoding)
    try:
        records, separator = _sample(file, encoding, skip_rows)
        check_header(records, source, skip_rows)
        return _parse(file, source, encoding, separator, records)
    except DataError:
        raise
    except UnicodeError:
        raise OptionError(
            f"{source} is not text in {encoding.removesuffix('-sig')}. Save it as UTF-8, or name "
            "its encoding.",
            "--votes-encoding latin-1, say",
        ) from None
    except LookupError:
        raise DataError(f"{shown(encoding)} is not the name of an encoding.") from None
    except (ValueError, csv.Error, OSError, OverflowError, pd.errors.ParserWarning) as error:
        raise DataError(f"{source} is not a table: {one_line(error)}") from None


def _encoding(file: Path, source: str, given: str | None) -> str:
    head = read_head(file)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if given is None and b"\x00" in head:
        guess = "utf-16-le" if head[1:2] == b"\x00" else "utf-16-be"
        raise OptionError(f"{source} has zero bytes, as UTF-16 has.", f"--votes-encoding {guess}")
    return given or "utf-8-sig"


def _sample(file: Path, encoding: str, skip_rows: int) -> tuple[list[Record], str]:
    """Split the first lines into cells, and find out by what."""
    with file.open(encoding=encoding, newline="") as stream:
        lines = [stream.readline(_LINE) for _ in range(skip_rows + SAMPLE)][skip_rows:]
    lines = [line for line in lines if line]
    separator = "\t" if file.suffix.lower() == ".tsv" else guess_delimiter(lines)
    return split(lines, separator, skip_rows + 1), separator


def _parse(
    file: Path, source: str, encoding: str, separator: str, records: list[Record]
) -> tuple[list[str], pd.DataFrame, int]:
    header = records[0]
    n_cells = max(len(one.cells) for one in records)
    n_above = header.line - 1
    with file.open(encoding=encoding, newline="") as stream:
        for _ in islice(stream, n_above):
            pass
        reader = csv.reader(stream, delimiter=separator)
        names = next(reader)
        first_line = n_above + reader.line_num + 1
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # pandas warns where it would drop cells
            try:
                rows = pd.read_csv(
                    stream,
                    sep=separator,
                    names=range(n_cells),
                    header=None,
                    dtype=str,
                    keep_default_na=False,
                    skip_blank_lines=False,
                    index_col=False,
                    low_memory=False,
                    nrows=MAX_ROWS + 1,
                )
            except pd.errors.EmptyDataError:
                rows = pd.DataFrame(columns=range(n_cells), dtype=object)
    rows = rows.fillna("")
    if len(rows) > MAX_ROWS:
        raise DataError(f"{source} has more than {MAX_ROWS:,} rows.")
    rows.index = pd.Index(_lines(rows))
    # Blank lines keep their numbers, so that messages name the right ones.
    rows = rows[(rows != "").any(axis=1)]
    _refuse_cells_beyond(rows, len(names), source, first_line, header.line)
    return names, rows.iloc[:, : len(names)], first_line


def _lines(rows: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Say how many lines below the first row each row begins: a cell may have several."""
    extra = np.zeros(len(rows), np.intp)
    for name in rows.columns:
        cells = rows[name].astype(str)
        if cells.str.contains(_LINE_END).any():
            extra += cells.str.count(_LINE_END).to_numpy(np.intp)
    begin: np.ndarray[tuple[int], np.dtype[np.intp]] = np.arange(len(rows), dtype=np.intp)
    begin[1:] += np.cumsum(extra)[:-1]
    return begin


def _refuse_cells_beyond(
    rows: pd.DataFrame, n_names: int, source: str, first_line: int, header_line: int
) -> None:
    """Refuse cells that no column names; empty ones, of separators at the end of lines, may be."""
    beyond = (rows.iloc[:, n_names:] != "").any(axis=1).to_numpy(bool)
    if beyond.any():
        number = int(np.flatnonzero(beyond)[0])
        filled = np.flatnonzero((rows.iloc[number] != "").to_numpy(bool))
        raise DataError(
            f"{source} is not a table: line {int(rows.index[number]) + first_line} has "
            f"{int(filled[-1]) + 1} cells, the header in line {header_line} has {n_names}."
        )
