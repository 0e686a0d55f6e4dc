"""Row numbers join anything: codes go first, and a join by row numbers is doubted or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from shapefiles import DataError, MapFiles, read_map
from shapefiles.inspecting.inspection import inspect_files
from shapefiles.own.id_columns import IdColumns, guess_ids, is_numbering

CODES = ["E06", "E07", "E08", "W01", "W02"]
NAMES = ["Ash", "Birch", "Cedar", "Dogwood", "Elm"]
SIDES = {"blue": ("leave",), "red": ("remain",)}


def write(
    folder: Path, units: Mapping[str, Sequence[str | int]], votes: Mapping[str, Sequence[str | int]]
) -> list[Path]:
    """Write squares in a row with these columns, and a table of votes."""
    shapes = [shapely.box(x, 0, x + 1, 1) for x in range(len(CODES))]
    frame = gpd.GeoDataFrame(units, geometry=shapes, crs="EPSG:4326")
    frame.to_file(folder / "map.geojson")
    pd.DataFrame({**votes, "leave": range(5, 10), "remain": range(15, 20)}).to_csv(
        folder / "votes.csv", index=False
    )
    return [folder / "map.geojson", folder / "votes.csv"]


def files(folder: Path, **ids: str) -> MapFiles:
    return MapFiles(
        units=str(folder / "map.geojson"), votes=str(folder / "votes.csv"), **SIDES, **ids
    )


@pytest.mark.parametrize("numbers", ["objectid", "id", "fid", "NUMMER"])
@pytest.mark.parametrize("start", [0, 1])
def test_codes_are_guessed_before_numbers_of_rows_which_are_named_as_well(
    tmp_path: Path, numbers, start
) -> None:
    count = list(range(start, start + 5))
    write(
        tmp_path,
        {numbers: count, "lad16cd": CODES, "lad16nm": NAMES},
        {"id": count, "Area": NAMES[::-1], "Area_Code": CODES[::-1]},
    )
    found = inspect_files([tmp_path / "map.geojson", tmp_path / "votes.csv"], **SIDES)
    assert (found.asked.id, found.asked.votes_id) == ("lad16cd", "Area_Code")
    (note,) = [one for one in found.findings if one.kind == "id column"]
    assert any("'lad16nm' and 'Area'" in one for one in note.examples)
    assert any(f"'{numbers}' and 'id'" in one for one in note.examples)
    assert not found.has_errors


def test_row_numbers_that_contradict_a_code_are_refused_with_the_code(tmp_path: Path) -> None:
    count = list(range(1, 6))
    write(
        tmp_path,
        {"objectid": count, "lad16cd": CODES},
        {"id": count, "Area_Code": [*CODES[1:], CODES[0]]},
    )
    wrong = files(tmp_path, id="objectid", votes_id="id")
    with pytest.raises(DataError, match=r"--id lad16cd --votes-id Area_Code") as caught:
        read_map(wrong)
    found = inspect_files(
        [tmp_path / "map.geojson", tmp_path / "votes.csv"], **SIDES, id="objectid", votes_id="id"
    )
    assert [one.text for one in found.findings if one.severity == "error"] == [str(caught.value)]
    right = read_map(files(tmp_path, id="lad16cd", votes_id="Area_Code"))
    assert right.units.votes["votes"][:, 0].tolist() == [9, 5, 6, 7, 8]
    assert right.repairs == ()


def test_row_numbers_that_nothing_confirms_are_doubted_wherever_the_map_is_shown(
    tmp_path: Path,
) -> None:
    count = list(range(1, 6))
    paths = write(tmp_path, {"objectid": count, "name": NAMES}, {"id": count})
    found = inspect_files(paths, **SIDES)
    (warning,) = [one for one in found.findings if one.severity == "warning"]
    assert "'objectid' and 'id' only number the rows, 1 to 5" in warning.text
    read = read_map(files(tmp_path, id="objectid", votes_id="id"))
    assert [one.message for one in read.repairs] == [warning.text]


@pytest.mark.parametrize("order", [CODES, CODES[::-1]])
def test_row_numbers_that_a_name_confirms_are_believed(tmp_path: Path, order) -> None:
    count = [CODES.index(one) + 1 for one in order]
    write(
        tmp_path,
        {"district": [1, 2, 3, 4, 5], "name": NAMES},
        {"no": count, "called": [NAMES[one - 1] for one in count]},
    )
    assert read_map(files(tmp_path, id="district", votes_id="no")).repairs == ()


def test_official_numbers_with_zeros_or_gaps_are_no_numbers_of_rows(tmp_path: Path) -> None:
    for ids in (["01", "02", "03", "04", "05"], [1, 2, 3, 5, 8], [101, 102, 103, 104, 105]):
        write(tmp_path, {"no": ids}, {"no": ids})
        assert read_map(files(tmp_path, id="no")).repairs == ()


@given(st.permutations(range(1, 8)), st.integers(0, 3))
def test_numbering_is_that_of_a_range_in_any_order(numbers, start) -> None:
    texts = [str(one - 1 + start) for one in numbers]
    assert is_numbering(texts) == (start in {0, 1})
    assert not is_numbering([*texts, texts[0]])


def test_a_file_alone_is_known_by_its_code() -> None:
    rows = pd.DataFrame({"fid": [1, 2], "name": ["a", "b"], "GEOID": ["01", "02"]})
    assert guess_ids(rows, None).units == "GEOID"
    assert guess_ids(rows[["fid", "name"]], None).units == "name"
    assert guess_ids(rows[["fid"]], None).units == "fid"


@pytest.mark.parametrize("measure", ["{:.4f}", "-{:.2f}", "{:.3e}", "{:.1f}"])
@pytest.mark.parametrize("code", ["{:05d}", "GA-{}", "{}A"])
def test_a_coordinate_is_not_taken_for_a_code(measure, code) -> None:
    rows = range(3, 9)
    table = pd.DataFrame(
        {"Y": [measure.format(32 + row / 9) for row in rows], "key": map(code.format, rows)}
    )
    assert guess_ids(table, None) == IdColumns("key", "")
