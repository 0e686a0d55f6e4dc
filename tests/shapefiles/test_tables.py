from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapefiles import DataError
from shapefiles.errors import OptionError
from shapefiles.files.tables import read_table

ROWS = pd.DataFrame({"geoid": ["01001", "02"], "blue": ["1", "20"], "name": ["Ää, b", 'q"x']})

cells = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=6)


def write(rows: pd.DataFrame, path: Path) -> Path:
    if path.suffix == ".xlsx":
        pytest.importorskip("openpyxl")
        rows.to_excel(path, index=False)
    elif path.suffix == ".parquet":
        rows.to_parquet(path)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as target:
            target.writestr("data/votes.csv", rows.to_csv(index=False))
            target.writestr("readme.pdf", "%PDF")
    else:
        rows.to_csv(
            path, index=False, sep={".tsv": "\t", ".txt": ";", ".tab": "|"}.get(path.suffix, ",")
        )
    return path


@pytest.mark.parametrize("ending", ["csv", "tsv", "txt", "tab", "xlsx", "parquet", "zip"])
def test_every_format_gives_the_same_text(tmp_path: Path, ending) -> None:
    table = read_table(write(ROWS, tmp_path / f"votes.{ending}"))
    assert table.rows.to_dict("list") == ROWS.to_dict("list")
    assert table.place(1).endswith("line 2" if ending == "parquet" else "line 3")


def test_numbers_in_excel_and_parquet_become_the_text_a_person_sees(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    numbers = pd.DataFrame({"id": [1001, 2], "share": [0.5, 3.0], "gap": [7.0, None]})
    numbers.to_excel(tmp_path / "a.xlsx", index=False)
    numbers.to_parquet(tmp_path / "a.parquet")
    for ending in ("xlsx", "parquet"):
        rows = read_table(tmp_path / f"a.{ending}").rows
        assert rows.to_dict("list") == {
            "id": ["1001", "2"],
            "share": [0.5, "3"],  # its point is no separator of thousands, whatever is said
            "gap": ["7", ""],
        }


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=5))
def test_what_pandas_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    written = pd.DataFrame(rows, columns=["a", "b"])
    written.to_csv(path, index=False)
    kept = [[cell.strip() or cell for cell in row] for row in rows]
    if any(any(row) for row in rows):
        found = [
            [cell.strip() or cell for cell in row]
            for row in read_table(path).rows.to_numpy().tolist()
        ]
        assert found == [row for row in kept if any(row)]
    else:
        with pytest.raises(DataError, match="no rows"):
            read_table(path)


def test_blank_lines_do_not_shift_the_numbers_of_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n\n\n3,4\n")
    table = read_table(tmp_path / "a.csv")
    assert (table.rows["a"].tolist(), table.place(1)[-6:]) == (["1", "3"], "line 5")


def test_semicolons_of_european_spreadsheets_are_seen(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("﻿id;Ja;Nein\n01;5;6\n", encoding="utf-8")
    assert read_table(tmp_path / "a.csv").rows.to_dict("list") == {
        "id": ["01"],
        "Ja": ["5"],
        "Nein": ["6"],
    }


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.csv.gz"])
def test_what_programs_write_by_themselves_is_read_without_a_word(
    tmp_path: Path, encoding, line_end, name
) -> None:
    lines = ["id;Städte;yes;;", '01;"a;b";5;;', "", '"0""2";"c', 'd";6;;', "03;e;7;;"]
    content = (line_end.join(lines) + line_end).encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    for asked in (None, "latin-1"):  # the mark at the beginning is sure
        table = read_table(tmp_path / name, encoding=asked)
        assert list(table.rows.columns) == ["id", "Städte", "yes"]
        assert table.rows["id"].tolist() == ["01", '0"2', "03"]
        assert [table.spot(row) for row in range(3)] == ["line 2", "line 4", "line 6"]


def test_separators_behind_the_last_cell_are_not_cells_but_figures_are(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2,\n3,4,\n")
    assert read_table(tmp_path / "a.csv").rows.to_numpy().tolist() == [["1", "2"], ["3", "4"]]
    (tmp_path / "a.csv").write_text("a,b\n1,2,\n3,4,5\n")
    with pytest.raises(DataError, match="line 3 has 3 cells, the header in line 1 has 2"):
        read_table(tmp_path / "a.csv")


def test_titles_above_the_header_are_skipped_where_that_is_said(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    rows = [["Results", "", ""], ["", "", ""], ["id", "yes", "no"], ["01", "5", "6"]]
    pd.DataFrame(rows).to_excel(tmp_path / "a.xlsx", index=False, header=False)
    pd.DataFrame(rows).to_csv(tmp_path / "a.csv", index=False, header=False)
    for name in ("a.xlsx", "a.csv"):
        with pytest.raises(OptionError, match=r"line 1 is no header.* Line 3 looks") as caught:
            read_table(tmp_path / name)
        assert caught.value.option == "--skip-rows 2"
        table = read_table(tmp_path / name, skip_rows=2)
        assert table.rows.to_dict("list") == {"id": ["01"], "yes": ["5"], "no": ["6"]}
        assert table.spot(0) == "line 4"
        with pytest.raises(DataError, match=r"has no line 10 \(--skip-rows\)"):
            read_table(tmp_path / name, skip_rows=9)


def test_headers_of_several_lines_are_told_by_their_first_and_any_may_be_taken(
    tmp_path: Path,
) -> None:
    lines = [
        "Election of 2013;;;;;;;;",
        "",
        "Nr;Area;Union;;;;Greens;;;",
        ";;First;;Second;;First;;Second;",
        ";;Final;Before;Final;Before;Final;Before;Final;Before",
        *(f"{row:03};Place {row};1;2;3;4;5;6;7;8" for row in range(1, 9)),
    ]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    with pytest.raises(OptionError, match=r"line 1 is no header.* Line 3 looks like") as caught:
        read_table(tmp_path / "a.csv")
    assert caught.value.option == "--skip-rows 2"
    for skip_rows, names in ((2, ["Nr", "Area", "Union"]), (3, ["column 1", "column 2", "First"])):
        table = read_table(tmp_path / "a.csv", skip_rows=skip_rows)
        assert list(table.rows.columns)[:3] == names


def test_old_encoding_is_refused_until_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("id,Städte\n1,2\n".encode("latin-1"))
    with pytest.raises(DataError, match=r"is not text in utf-8. Save it as UTF-8, or name"):
        read_table(tmp_path / "a.csv")
    assert "Städte" in read_table(tmp_path / "a.csv", encoding="latin-1").rows
    with pytest.raises(DataError, match="'x' is not the name of an encoding"):
        read_table(tmp_path / "a.csv", encoding="x")


def test_sheet_must_be_named_where_there_are_several(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        ROWS.to_excel(book, sheet_name="votes", index=False)
        ROWS.iloc[:1].to_excel(book, sheet_name="notes", index=False)
    with pytest.raises(DataError, match="has the sheets 'votes', 'notes'; say which one"):
        read_table(tmp_path / "a.xlsx")
    assert len(read_table(tmp_path / "a.xlsx", sheet="notes").rows) == 1
    with pytest.raises(DataError, match="has no sheet 'x'"):
        read_table(tmp_path / "a.xlsx", sheet="x")


def test_file_of_an_archive_or_sheet_of_its_workbook_is_chosen_by_name(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        ROWS.to_excel(book, sheet_name="votes", index=False)
        ROWS.iloc[:1].to_excel(book, sheet_name="notes", index=False)
    ROWS.to_excel(tmp_path / "b.xlsx", index=False)
    for name, members in (("one.zip", ["a.xlsx"]), ("two.zip", ["a.xlsx", "b.xlsx"])):
        with zipfile.ZipFile(tmp_path / name, "w") as target:
            for one in members:
                target.write(tmp_path / one, one)
    assert len(read_table(tmp_path / "one.zip", sheet="notes").rows) == 1
    assert len(read_table(tmp_path / "two.zip", sheet="b.xlsx").rows) == 2
    with pytest.raises(DataError, match=r"holds 2 files: 'a.xlsx', 'b.xlsx'. Say .* \(--sheet\)"):
        read_table(tmp_path / "two.zip")
    with pytest.raises(DataError, match="has no sheet 'x'"):
        read_table(tmp_path / "one.zip", sheet="x")


def test_excel_without_its_library_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openpyxl")
    path = write(ROWS, tmp_path / "a.xlsx")
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(DataError, match=r"pip install \"two-nations\[excel\]\""):
        read_table(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "a,b\n", "has a header but no rows"),
        ("a.csv", "a,b\n1,2,3\n", "is not a table"),
        ("a.csv", 'a,b\n"1,2\n3,4\n', "is not a table"),
        ("a.csv", "<html>", "is a web page"),
        ("a.pdf", "%PDF", "does not end in .csv"),
        ("a.xlsx", "hello", "is not a readable zip|is not an Excel workbook"),
        ("a.parquet", "PAR1", "is not a Parquet file"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(tmp_path: Path, name, content, message) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match=message) as caught:
        read_table(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_workbook_that_is_a_bomb_is_refused_before_it_is_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shapefiles.screening.archive.FREE_BYTES", 1000)
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/worksheets/sheet1.xml", b"0" * 5_000_000)
    with pytest.raises(DataError, match="unpacks to far more than its size"):
        read_table(tmp_path / "a.xlsx")


def test_one_huge_cell_does_not_widen_the_others(tmp_path: Path) -> None:
    lines = ["a,b", "x" * 1_000_000 + ",1", *(f"{i},1" for i in range(20_000))]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    rows = read_table(tmp_path / "a.csv").rows
    assert rows["a"].memory_usage(deep=True) < 20_000_000
