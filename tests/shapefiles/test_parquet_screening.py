"""A Parquet file is let in by what it unfolds to, counted to the byte, wherever its texts lie."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shapefiles.screening.door import GIGABYTE, SizeError
from shapefiles.screening.parquet_files import screen_parquet

ROWS = 2_000
TEXTS = ["x" * 500, "", "ä" * 100]
COLUMN = pa.array([TEXTS[row % 3] for row in range(ROWS)])
BYTES = sum(len(TEXTS[row % 3].encode()) for row in range(ROWS))


def write(path: Path, **columns: pa.Array) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_repeated_texts_count_as_often_as_they_stand_there(tmp_path: Path, depth: int) -> None:
    column = COLUMN
    for _ in range(depth):
        column = pa.StructArray.from_arrays([column], names=["inner"])
    path = write(tmp_path / "texts.parquet", texts=column)
    assert path.stat().st_size < BYTES / 50
    assert screen_parquet(path, path, (BYTES + 0.5) / GIGABYTE) is None
    with pytest.raises(SizeError, match="unfolds to"):
        screen_parquet(path, path, (BYTES - 0.5) / GIGABYTE)


TEXT, NUMBER = pa.string(), pa.int64()
LEFT_OUT = [
    pa.list_(TEXT),
    pa.large_list(pa.binary()),
    pa.list_(pa.list_(pa.large_string())),
    pa.list_(pa.struct({"number": NUMBER, "text": TEXT})),
    pa.struct({"number": NUMBER, "texts": pa.list_(pa.large_binary())}),
    pa.map_(NUMBER, TEXT),
]
KEPT = [TEXT, NUMBER, pa.list_(NUMBER), pa.struct({"text": TEXT}), pa.map_(NUMBER, pa.float64())]


@pytest.mark.parametrize("kind", LEFT_OUT, ids=str)
def test_lists_with_texts_are_left_out_and_the_other_columns_read(
    tmp_path: Path, kind: pa.DataType
) -> None:
    path = write(tmp_path / "a.parquet", id=COLUMN, odd=pa.nulls(ROWS, kind), votes=COLUMN)
    assert screen_parquet(path, path) == ["id", "votes"]


@pytest.mark.parametrize("kind", KEPT, ids=str)
def test_columns_whose_size_can_be_told_are_read(tmp_path: Path, kind: pa.DataType) -> None:
    path = write(tmp_path / "a.parquet", id=COLUMN, even=pa.nulls(ROWS, kind))
    assert screen_parquet(path, path) is None
