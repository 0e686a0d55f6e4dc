"""Read tables of votes, and of anything else that units have, from CSV, Excel or Parquet.

Everything is read as text, so that ids keep their leading zeros and a count is what the file says.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from shapefiles.errors import DataError, OptionError, listed, one_line, shown
from shapefiles.files.headers import SAMPLE, Record, check_header
from shapefiles.files.polygons import MAX_ROWS, digest
from shapefiles.files.text_tables import read_text
from shapefiles.screening.archive import only_member
from shapefiles.screening.door import SizeError, opened
from shapefiles.screening.parquet_files import screen_parquet
from shapefiles.screening.table_files import BYTES_PER_CELL, screen_lines, screen_workbook

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".parquet")
"""Endings of tables."""

MISSING = frozenset(
    {"", "na", "n/a", "n.a.", "nan", "null", "none", "#n/a", "#n/v", "k.a.", "-", "--", "\u2013"}
    | {"\u2014", "*", ".", "..", "...", "\u2026"}
)
"""What tables write where there is no figure, in lower case."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table as it stands in a file.

    Parameters
    ----------
    path
        The file.
    rows
        Text in every cell, empty where there is none; of numbers with a fraction, which a file
        holds as numbers, the number. Names of columns may repeat.
    first_line
        Number, in the file, of the line of the row with index 0.
    sha256
        Digest of the file.
    noun
        What a line of it is called.
    """

    path: Path
    rows: pd.DataFrame
    first_line: int
    sha256: str
    noun: str = "line"

    def place(self, row: int) -> str:
        """Say where a row stands."""
        return f"{shown(self.path, 200)}, {self.spot(row)}"

    def spot(self, row: int) -> str:
        """Say where a row stands in its file."""
        return f"{self.noun} {int(self.rows.index[row]) + self.first_line}"


def read_table(
    path: str | Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    skip_rows: int = 0,
    max_gigabytes: float | None = None,
    may_be_empty: bool = False,
) -> Table:
    """Read a table from a CSV, TSV, Excel (``.xlsx``) or Parquet file, or a zip archive of one.

    Parameters
    ----------
    path
        The file, which may be compressed (``.gz``). The separator of a text file is the one of
        comma, semicolon, tab and bar that gives the most rows the same number of cells.
    sheet
        Which file of an archive, or sheet of a workbook; needed where there is more than one.
    encoding
        Encoding of a text file; UTF-8 unless given. A byte order mark goes before it.
    skip_rows
        Lines above the header of a text file or a sheet.
    max_gigabytes
        Size that the file may have, once it is unpacked.
    may_be_empty
        Whether a header without any rows is a table.

    Raises
    ------
    DataError
        When the file cannot be read as a table, or its first line is no header.
    """
    path = Path(path)
    with opened(path, max_gigabytes) as inside:
        file = inside
        if inside.is_dir():
            if path.is_dir():
                raise DataError(f"{shown(path, 200)} is a folder; give a file.")
            file, sheet = _member(inside, path, sheet)
        suffix = file.suffix.lower()
        if suffix == ".xlsx":
            screen_workbook(file, path, max_gigabytes)
            rows, first_line = _read_excel(file, path, sheet, skip_rows), skip_rows + 2
        elif suffix in {".parquet", ".geoparquet"}:
            if skip_rows:
                raise DataError(
                    f"{shown(path, 200)} is a Parquet file, which has no lines above its header "
                    "(--skip-rows)."
                )
            rows, first_line = _read_parquet(file, path, max_gigabytes), 1
        elif suffix in SUFFIXES:
            screen_lines(file, path, max_gigabytes)
            names, cells, first_line = read_text(file, path, encoding, skip_rows)
            rows = _named(names, cells)
        else:
            raise DataError(
                f"{shown(path, 200)} does not end in {', '.join(SUFFIXES)}: save it as one of them."
            )
    if not (len(rows) or may_be_empty):
        raise DataError(f"{shown(path, 200)} has a header but no rows.")
    return Table(path, rows, first_line, digest(path))


def column(rows: pd.DataFrame, name: str, place: str) -> pd.Series:
    """Take a column, or say which ones there are.

    Raises
    ------
    DataError
        When there is no such column, or there are two.
    """
    if name not in rows.columns:
        same = [one for one in rows.columns if str(one).lower() == name.lower()]
        hint = f"Did you mean {shown(same[0])}? " if same else ""
        raise DataError(
            f"{place} has no column {shown(name)}. {hint}It has {listed(rows.columns, 12)}."
        )
    if int((rows.columns == name).sum()) > 1:
        raise DataError(f"{place} has two columns called {shown(name)}: rename one of them.")
    return rows[name]


def check_names(table: Table, names: Sequence[str]) -> None:
    """Refuse a table of which a later row has the names that its header lacks.

    Raises
    ------
    OptionError
        With the line that is the header, and the option that says so.
    """
    lacking = {name for name in names if name not in table.rows.columns}
    if not lacking:
        return
    for number, row in enumerate(table.rows.head(SAMPLE).itertuples(index=False)):
        if lacking <= {str(cell).strip() for cell in row}:
            line = int(table.rows.index[number]) + table.first_line
            raise OptionError(
                f"{shown(table.path, 200)}: its header seems to be line {line}, where "
                f"{listed(sorted(lacking))} can be read.",
                f"--skip-rows {line - 1}",
            )


def single_columns(rows: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """Go through the columns whose name no other column has."""
    for position, name in enumerate(rows.columns):
        if int((rows.columns == name).sum()) == 1:
            yield str(name), rows.iloc[:, position]


def as_text(values: pd.Series) -> npt.NDArray[np.object_]:
    """Turn a column of ids or names into text; whole numbers lose their ``.0``.

    Examples
    --------
    >>> as_text(pd.Series(["01001", " 2 ", None])).tolist()
    ['01001', '2', '']
    >>> as_text(pd.Series([1001.0, 2.5, np.nan])).tolist()
    ['1001', '2.5', '']
    """

    def one(value: object) -> str:
        if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124
            return ""
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value).strip()

    # Objects, not fixed-width text: one cell of a megabyte must not widen all the others.
    texts = np.empty(len(values), np.object_)
    texts[:] = [one(value) for value in values.tolist()]
    return texts


def _member(folder: Path, path: Path, sheet: str | None) -> tuple[Path, str | None]:
    """Choose the file of an archive by name, and the sheet of it if the name is not a file's."""
    try:
        file = only_member(folder, SUFFIXES, path, sheet, option="sheet")
    except DataError:
        if sheet is None:
            raise
        file = only_member(folder, SUFFIXES, path, option="sheet")
        if file.suffix.lower() != ".xlsx":
            raise
        return file, sheet
    return file, None


def _named(names: list[str], rows: pd.DataFrame) -> pd.DataFrame:
    """Name the columns, number the nameless, and leave out those without name and cells."""
    clean = [name.strip() for name in names]
    kept = [
        place
        for place, name in enumerate(clean)
        if name or not len(rows) or (rows.iloc[:, place] != "").any()
    ]
    rows = rows.iloc[:, kept]
    rows.columns = pd.Index([clean[place] or f"column {place + 1}" for place in kept])
    return rows


def as_cells(values: pd.Series) -> npt.NDArray[np.object_]:
    """Turn cells into text, but for numbers with a fraction: their point is no separator."""
    cells = as_text(values)
    for row, value in enumerate(values.tolist()):
        if isinstance(value, float) and np.isfinite(value) and not value.is_integer():
            cells[row] = value
    return cells


def _read_excel(file: Path, path: Path, sheet: str | None, skip_rows: int) -> pd.DataFrame:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and validations that no table needs
            # Every sheet is read where one is asked for by name: opening a workbook costs more.
            sheets = pd.read_excel(
                file,
                sheet_name=None,
                header=None,
                engine="openpyxl",
                dtype=object,
                keep_default_na=False,
            )
    except ImportError:
        raise DataError(
            'Excel files need openpyxl: pip install "two-nations[excel]", or save as CSV.'
        ) from None
    except Exception as error:  # openpyxl lets out whatever its XML parser meets
        raise DataError(f"{shown(path, 200)} is not an Excel workbook: {one_line(error)}") from None
    if sheet is None and len(sheets) > 1:
        raise DataError(
            f"{shown(path, 200)} has the sheets {listed(sheets, 8)}; say which one (--sheet)."
        )
    if sheet is not None and sheet not in sheets:
        raise DataError(
            f"{shown(path, 200)} has no sheet {shown(sheet)}, only {listed(sheets, 8)}."
        )
    cells = sheets[sheet] if sheet is not None else next(iter(sheets.values()))
    texts = pd.DataFrame({place: as_cells(cells[place]) for place in cells}, dtype=object)
    head = texts.iloc[skip_rows : skip_rows + SAMPLE]
    records = [
        Record(skip_rows + number, tuple(map(str, row)))
        for number, row in enumerate(head.itertuples(index=False), start=1)
    ]
    check_header(records, shown(path, 200), skip_rows)
    rows = texts.iloc[skip_rows + 1 :].reset_index(drop=True)
    return _named(list(records[0].cells), rows[(rows != "").any(axis=1)])


def _read_parquet(file: Path, path: Path, max_gigabytes: float | None) -> pd.DataFrame:
    try:
        n_rows = pq.read_metadata(file).num_rows
        wanted = screen_parquet(file, path, max_gigabytes, overhead=BYTES_PER_CELL)
        table = pq.read_table(file, columns=wanted) if n_rows <= MAX_ROWS else None
    except SizeError:
        raise
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{shown(path, 200)} is not a Parquet file: {one_line(error)}") from None
    if table is None:
        raise DataError(f"{shown(path, 200)} has {n_rows:,} rows, above {MAX_ROWS:,}.")
    places = [
        place for place, field in enumerate(table.schema) if not pa.types.is_binary(field.type)
    ]
    columns = {
        place: as_cells(pd.Series(table.column(place).to_pylist(), dtype=object))
        for place in places
    }
    rows = pd.DataFrame(columns, dtype=object)
    return _named([table.column_names[place] for place in places], rows)
