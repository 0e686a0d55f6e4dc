from importlib.resources import files

import pyarrow.parquet as pq
import pytest

from shapefiles import data_card
from shapefiles.embedded.read import FILES


@pytest.mark.parametrize("table", FILES)
def test_card_describes_every_column_of_the_files_in_their_order(table) -> None:
    columns = pq.read_schema(files("shapefiles") / "data" / FILES[table]).names
    assert [entry.column for entry in data_card() if entry.table == table] == columns


def test_card_leaves_no_field_but_the_deviations_empty() -> None:
    for entry in data_card():
        assert all((entry.meaning, entry.measure, entry.source, entry.vintage, entry.licence)), (
            entry
        )


def test_card_knows_no_table_that_is_not_there() -> None:
    assert {entry.table for entry in data_card()} == set(FILES)
