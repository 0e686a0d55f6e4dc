"""Read tables of votes, and of anything else that units have, from CSV, Excel or Parquet.

Everything is read as text, so that ids keep their leading zeros and a count is what the file says.
"""

from __future__ import annotations

import csv
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from shapefiles.archive import only_member
from shapefiles.door import SizeError, opened
from shapefiles.errors import DataError, listed, one_line, shown
from shapefiles.polygons import MAX_ROWS, digest
from shapefiles.screening_parquet import screen_parquet
from shapefiles.screening_tables import BYTES_PER_CELL, screen_lines, screen_workbook

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".parquet")
"""Endings of tables."""

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "*", "..."})
"""What tables write where there is no figure, in lower case."""

_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table as it stands in a file.

    Parameters
    ----------
    path
        The file.
    rows
        Text in every cell, empty where there is none.
    first_line
        Number, in the file, of the line of the row with index 0.
    sha256
        Digest of the file.
    """

    path: Path
    rows: pd.DataFrame
    first_line: int
    sha256: str

    def place(self, row: int) -> str:
        """Say where a row stands."""
        return f"{shown(self.path, 200)}, {self.spot(row)}"

    def spot(self, row: int) -> str:
        """Say where a row stands in its file."""
        return f"line {int(self.rows.index[row]) + self.first_line}"


def read_table(
    path: str | Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    max_gigabytes: float | None = None,
) -> Table:
    """Read a table from a CSV, TSV, Excel (``.xlsx``) or Parquet file, or a zip archive of one.

    Parameters
    ----------
    path
        The file. The separator of a text file is the most frequent of comma, semicolon, tab and
        bar in its first line.
    sheet
        Which file of an archive, or sheet of a workbook; needed where there is more than one.
    encoding
        Of a text file; UTF-8 unless given.
    max_gigabytes
        Size that the file may have, once it is unpacked.

    Raises
    ------
    DataError
        When the file cannot be read as a table, or two columns have one name.
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
            rows = _read_excel(file, path, sheet)
        elif suffix in {".parquet", ".geoparquet"}:
            rows = _read_parquet(file, path, max_gigabytes)
        elif suffix in SUFFIXES:
            screen_lines(file, path, max_gigabytes)
            rows = _read_text(file, path, encoding)
        else:
            raise DataError(
                f"{shown(path, 200)} does not end in {', '.join(SUFFIXES)}: save it as one of them."
            )
    if not len(rows):
        raise DataError(f"{shown(path, 200)} has a header but no rows.")
    return Table(path, rows, 1 if suffix == ".parquet" else 2, digest(path))


def column(rows: pd.DataFrame, name: str, place: str) -> pd.Series:
    """Take a column, or say which ones there are.

    Raises
    ------
    DataError
        When there is no such column.
    """
    if name not in rows.columns:
        same = [one for one in rows.columns if str(one).lower() == name.lower()]
        hint = f"Did you mean {shown(same[0])}? " if same else ""
        raise DataError(
            f"{place} has no column {shown(name)}. {hint}It has {listed(rows.columns, 12)}."
        )
    return rows[name]


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


def _read_text(file: Path, path: Path, encoding: str | None) -> pd.DataFrame:
    encoding = encoding or "utf-8-sig"
    try:
        with file.open(encoding=encoding, newline="") as stream:
            line = stream.readline(2**20)
        separator = "\t" if file.suffix.lower() == ".tsv" else max(_DELIMITERS, key=line.count)
        header = next(csv.reader([line], delimiter=separator))
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # pandas warns where it would drop cells
            rows = pd.read_csv(
                file,
                sep=separator,
                names=_once(header, path),
                header=0,
                dtype=str,
                keep_default_na=False,
                skip_blank_lines=False,
                index_col=False,
                encoding=encoding,
                low_memory=False,
                nrows=MAX_ROWS + 1,
            )
    except DataError:
        raise
    except UnicodeError:
        raise DataError(
            f"{shown(path, 200)} is not text in {encoding}. Save it as UTF-8, or give its "
            "encoding, latin-1 say."
        ) from None
    except LookupError:
        raise DataError(f"{shown(encoding)} is not the name of an encoding.") from None
    except (ValueError, csv.Error, OSError, OverflowError, pd.errors.ParserWarning) as error:
        raise DataError(f"{shown(path, 200)} is not a table: {one_line(error)}") from None
    rows = rows.fillna("")
    if len(rows) > MAX_ROWS:
        raise DataError(f"{shown(path, 200)} has more than {MAX_ROWS:,} rows.")
    # Blank lines keep their numbers, so that messages name the right ones.
    return rows[(rows != "").any(axis=1)]


def _once(names: list[str], path: Path) -> list[str]:
    """Check that no two columns have one name, and number the nameless."""
    clean = [name.strip() or f"column {number}" for number, name in enumerate(names, start=1)]
    seen: set[str] = set()
    for name in clean:
        if name in seen:
            raise DataError(f"{shown(path, 200)} has two columns called {shown(name)}.")
        seen.add(name)
    return clean


def _read_excel(file: Path, path: Path, sheet: str | None) -> pd.DataFrame:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and validations that no table needs
            # Every sheet is read where one is asked for by name: opening a workbook costs more.
            sheets = pd.read_excel(
                file, sheet_name=None, engine="openpyxl", dtype=object, keep_default_na=False
            )
    except ImportError:
        raise DataError(
            'Excel files need openpyxl: pip install "two-nations[excel]", or save as CSV.'
        ) from None
    except Exception as error:  # openpyxl lets out whatever its XML parser meets
        raise DataError(f"{shown(path, 200)} is not an Excel workbook: {one_line(error)}") from None
    if sheet is None and len(sheets) > 1:
        raise DataError(f"{shown(path, 200)} has the sheets {listed(sheets, 8)}; say which one.")
    if sheet is not None and sheet not in sheets:
        raise DataError(
            f"{shown(path, 200)} has no sheet {shown(sheet)}, only {listed(sheets, 8)}."
        )
    cells = sheets[sheet] if sheet is not None else next(iter(sheets.values()))
    cells.columns = _once([str(name) for name in cells.columns], path)
    rows = pd.DataFrame({name: as_text(cells[name]) for name in cells}, dtype=object)
    return rows[(rows != "").any(axis=1)]


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
    _once(table.column_names, path)
    columns = {
        name: as_text(pd.Series(table[name].to_pylist(), dtype=object))
        for name in table.column_names
        if not pa.types.is_binary(table.schema.field(name).type)
    }
    return pd.DataFrame(columns, dtype=object)
