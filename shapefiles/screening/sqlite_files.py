"""A look at a SQLite file (GeoPackage, SpatiaLite) before GDAL reads it: what in it would be run.

A view is a query that whoever wrote the file chose: it may never end, and GDAL asks the tables that
describe a file without looking whether they are views. A computed column may make a gigabyte of
each row. Neither is ever run here.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from shapefiles.errors import DataError, listed, shown
from shapefiles.screening.door import refuse_size

_MAGIC = b"SQLite format 3\0"
_LISTS = ("gpkg_contents", "gpkg_geometry_columns", "geometry_columns", "views_geometry_columns")
"""Tables in which layers are listed, by `table_name`, `f_table_name` or `view_name`."""

_MAX_TABLES = 100_000
_LONG_DEFAULT = 1000
"""Characters of the default of a column above which it matters how many rows repeat it."""

_COMPUTED = (2, 3)
_VIRTUAL = re.compile(
    r"\s*create\s+virtual\s+table\b.*?\busing\s+[\"'`\[]?(\w+)", re.IGNORECASE | re.DOTALL
)
_INDICES = frozenset({"rtree", "rtree_i32", "fts3", "fts4", "fts5"})
"""Kinds of virtual tables that are no more than an index."""


def is_sqlite(head: bytes) -> bool:
    """Tell a SQLite file by its first bytes."""
    return head.startswith(_MAGIC)


@contextmanager
def without_queries(
    file: Path, path: Path, layer: str | None, max_gigabytes: float | None = None
) -> Iterator[Path]:
    """Hand over a SQLite file without anything in it that is run when it is read.

    Parameters
    ----------
    file
        The file.
    path
        What it is called, for messages.
    layer
        The layer that will be read; None for the only one.
    max_gigabytes
        What it may ask for.

    Yields
    ------
    pathlib.Path
        The file, or a copy of it without the views, which is removed at the end.

    Raises
    ------
    DataError
        When what will be read is a view, or has a computed column.
    SizeError
        When defaults of columns fill more than the limit.
    """
    try:
        queries = _screened(file, path, layer, max_gigabytes)
    except sqlite3.Error:
        queries = set()  # what is wrong with it is for GDAL to say
    if not queries:
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="two-nations-") as folder:
        copy = Path(folder) / f"data{file.suffix}"
        shutil.copyfile(file, copy)
        try:
            _drop(copy, queries)
        except sqlite3.Error as error:
            raise DataError(
                f"{shown(path, 200)} has views, {listed(queries)}, and cannot be read without "
                f"them: {error}."
            ) from None
        yield copy


def _screened(file: Path, path: Path, layer: str | None, max_gigabytes: float | None) -> set[str]:
    """Name the queries in a file, refusing those that would have to be run."""
    address = f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        select = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view') LIMIT ?"
        kinds = {
            str(name): _is_query(str(kind), str(sql))
            for kind, name, sql in database.execute(select, (_MAX_TABLES,))
        }
        queries = {name for name, is_query in kinds.items() if is_query}
        tables = kinds.keys() - queries
        layers = _layers(database, tables)
        asked = {layer} if layer is not None else layers
        if queries & asked and not asked - queries:
            raise DataError(
                f"{shown(path, 200)}: {listed(queries & asked)} is a view, a query that would run "
                "when it is read. Save it as a layer of its own."
            )
        for table in sorted(tables & asked):
            _screen_columns(database, table, path, max_gigabytes)
    return queries


def _is_query(kind: str, sql: str) -> bool:
    """Tell a view, or a table whose rows a program makes up, from one that has its rows."""
    virtual = _VIRTUAL.match(sql)
    return kind == "view" or (virtual is not None and virtual[1].lower() not in _INDICES)


def _layers(database: sqlite3.Connection, tables: set[str]) -> set[str]:
    found: set[str] = set()
    for name in _LISTS:
        if name in tables:
            columns = {str(one[1]) for one in database.execute(f"PRAGMA table_xinfo({name})")}
            for key in columns & {"table_name", "f_table_name", "view_name"}:
                select = f"SELECT {key} FROM {name} LIMIT ?"
                found |= {str(one) for (one,) in database.execute(select, (_MAX_TABLES,))}
    return found


def _screen_columns(
    database: sqlite3.Connection, table: str, path: Path, max_gigabytes: float | None
) -> None:
    quoted = '"' + table.replace('"', '""') + '"'
    longest = 0
    for _, name, _, _, default, _, hidden in database.execute(f"PRAGMA table_xinfo({quoted})"):
        if hidden in _COMPUTED:
            raise DataError(
                f"{shown(path, 200)}: the column {shown(name)} of {shown(table)} is computed when "
                "it is read. Save it with its values."
            )
        longest = max(longest, len(str(default or "")))
    if longest > _LONG_DEFAULT:
        (n_rows,) = database.execute(f"SELECT count(*) FROM {quoted}").fetchone()
        refuse_size(path, n_rows * longest, max_gigabytes, "has defaults of columns that make up")


def _drop(file: Path, queries: set[str]) -> None:
    """Remove queries from a database, and from its lists of layers."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA writable_schema = ON")
        marks = ", ".join("?" * len(queries))
        names = sorted(queries)
        delete = f"DELETE FROM sqlite_master WHERE tbl_name IN ({marks}) OR type = 'trigger'"
        database.execute(delete, names)
        database.commit()
    with closing(sqlite3.connect(file)) as database:
        select = "SELECT name FROM sqlite_master WHERE type = 'table'"
        tables = {str(name) for (name,) in database.execute(select)}
        for name in set(_LISTS) & tables:
            columns = {str(one[1]) for one in database.execute(f"PRAGMA table_xinfo({name})")}
            for key in columns & {"table_name", "f_table_name", "view_name"}:
                database.executemany(
                    f"DELETE FROM {name} WHERE {key} = ?",
                    [(one,) for one in names],
                )
        database.commit()
