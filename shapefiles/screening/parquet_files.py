"""A look at a Parquet file before it is read: how large its columns become when they unfold.

A column that repeats one value is stored once, with the number of rows: five kilobytes may hold
four gigabytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shapefiles.screening.door import max_bytes, refuse_size

_WIDTHS = {"BOOLEAN": 1, "INT32": 4, "FLOAT": 4, "INT64": 8, "DOUBLE": 8, "INT96": 12}
"""Bytes of a value of each type."""

_TEXT = "BYTE_ARRAY"
_BATCH = 2**16


def screen_parquet(
    file: Path, path: Path, max_gigabytes: float | None = None, *, overhead: int = 0
) -> list[str] | None:
    """Refuse a Parquet file that becomes larger than the limit.

    Parameters
    ----------
    file
        The file.
    path
        What it is called, for messages.
    max_gigabytes
        What it may become.
    overhead
        Bytes that whoever reads it needs for every value besides the value itself.

    Returns
    -------
    list of str or None
        Columns to read where there are lists of texts, whose size nobody can tell beforehand and
        which are neither ids nor figures: all others.

    Raises
    ------
    SizeError
        With what it would become, and the limit.
    pyarrow.ArrowException, OSError
        When it is no Parquet file.
    """
    total = 0
    with pq.ParquetFile(file) as source:
        metadata, fields = source.metadata, source.schema_arrow
        for number in range(metadata.num_columns):
            described = metadata.schema.column(number)
            is_text = described.physical_type == _TEXT
            if is_text and described.max_repetition_level:
                continue
            chunks = [
                metadata.row_group(group).column(number) for group in range(metadata.num_row_groups)
            ]
            n_values = sum(one.num_values for one in chunks)
            width = _WIDTHS.get(described.physical_type, described.length)
            total += n_values * ((0 if is_text else width) + overhead)
            if is_text:
                total += _text_bytes(file, described.path, chunks, max_gigabytes)
            refuse_size(path, total, max_gigabytes, "unfolds to")
    plain = [one.name for one in fields if not _is_list_of_texts(one.type)]
    return plain if len(plain) < len(fields) else None


def _text_bytes(file: Path, column: str, chunks: list[Any], max_gigabytes: float | None) -> int:
    """Count the bytes of the texts of a column, exactly where they might be above the limit."""
    stored = sum(int(one.total_uncompressed_size) for one in chunks)
    worst = sum(one.num_values * one.total_uncompressed_size for one in chunks)
    if worst <= max_bytes(max_gigabytes):
        return stored
    total = 0
    with pq.ParquetFile(file, read_dictionary=[column]) as source:
        for batch in source.iter_batches(batch_size=_BATCH, columns=[column], use_threads=False):
            for values in batch.columns:
                total += _unfolded(values)
            if total > max_bytes(max_gigabytes):
                break
    return total


def _unfolded(values: pa.Array) -> int:
    while pa.types.is_struct(values.type):
        values = values.field(0)
    if not pa.types.is_dictionary(values.type):
        return int(values.nbytes)
    lengths = pc.binary_length(values.dictionary)
    return int(pc.sum(lengths.take(values.indices).cast(pa.int64())).as_py() or 0)


def _is_list_of_texts(kind: pa.DataType) -> bool:
    if pa.types.is_nested(kind):
        inner = [kind.field(number) for number in range(kind.num_fields)]
        is_list = not pa.types.is_struct(kind)
        return any(
            (is_list and _has_text(one.type)) or _is_list_of_texts(one.type) for one in inner
        )
    return False


def _has_text(kind: pa.DataType) -> bool:
    if pa.types.is_nested(kind):
        return any(_has_text(kind.field(number).type) for number in range(kind.num_fields))
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
    )
