from __future__ import annotations

import csv
import io
import json
import re
import unicodedata

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shapefiles.identifiers import what_is_wrong
from shapefiles.table_writing import (
    Markdown,
    csv_text,
    is_formula,
    json_text,
    markdown_table,
    markdown_text,
    read_csv,
)

WIDE = ("EQUALS SIGN", "PLUS SIGN", "HYPHEN-MINUS", "COMMERCIAL AT")
SIGNS = ("=", "+", "-", "@", *(unicodedata.lookup(f"FULLWIDTH {name}") for name in WIDE))
NASTY = [
    "=cmd|' /C calc'!A0",
    "'=1+1",
    "''=1+1",
    "-2+3",
    "-5",
    "+1.5e-7",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "\u200b=1",
    '"=1',
    "a;=1+1;b",
    "a\t\t=1",
    "a\n=1",
    "a\r\n'=1",
    'say "no"; -- twice',
    "'",
    "",
    "\ufeff",
]
texts = st.text(st.characters(codec="utf-8"), max_size=20)
nasty = (
    texts
    | st.sampled_from(NASTY)
    | st.sampled_from(SIGNS).flatmap(lambda one: texts.map(one.__add__))
    | st.lists(texts | st.sampled_from(SIGNS), max_size=4).map(";".join)
)


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def is_run(cell: str) -> bool:
    """Tell, by itself, what a spreadsheet may run: after all that it may leave out in front."""
    seen = cell
    while seen and (seen[0].isspace() or seen[0] == '"' or not seen[0].isprintable()):
        seen = seen[1:]
    # Where commas part nothing, a number begins a line: a list of them is no formula.
    return seen.startswith(SIGNS) and not is_number(seen.split(",")[0].rstrip('"'))


@given(st.lists(st.tuples(nasty, nasty), max_size=5))
@example([(one, one) for one in NASTY])
def test_no_cell_is_a_formula_wherever_a_spreadsheet_parts_columns(rows) -> None:
    written = csv_text(("id", "name"), rows)
    for separator in ",;\t":
        for line in csv.reader(io.StringIO(written, newline=""), delimiter=separator):
            for cell in line:
                assert not is_run(cell), (separator, cell)


@given(st.lists(st.tuples(nasty, nasty), max_size=5))
@example([(one, one) for one in NASTY])
def test_every_text_reads_back_as_it_was(rows) -> None:
    assert read_csv(csv_text(("id", "=name"), rows)) == [
        ["id", "=name"],
        *(list(row) for row in rows),
    ]


@given(nasty)
def test_an_id_is_written_as_it_is_or_refused(text) -> None:
    if what_is_wrong(text) is None:
        (line,) = csv.reader(io.StringIO(csv_text([text, "x"], [])))
        assert line == [text, "x"]
        assert not is_formula(text)


def test_an_id_that_a_spreadsheet_would_run_is_refused_with_the_reason() -> None:
    for text in ("=1+1", "@x", "'=1", "a;=1"):
        assert what_is_wrong(text) == "would be run as a formula by a spreadsheet"
    for text in ("-7", "+33", "1-2", "a=b", "O'Brien", "a;b", "-1e5"):
        assert what_is_wrong(text) is None


def test_figures_are_figures_and_nothing_is_nothing() -> None:
    written = csv_text(("a", "b", "c", "d"), [(-1.5, None, 7, "x y")])
    assert written == 'a,b,c,d\n-1.5,,7,"x y"\n'
    assert pd.read_csv(io.StringIO(written)).iloc[0].tolist()[2:] == [7, "x y"]


@given(nasty | st.sampled_from(["<script>x</script>", "![a](http://b)", "[a](b)", "a|b", "`x`"]))
def test_no_cell_of_markdown_acts_or_leaves_its_place(text) -> None:
    table = markdown_table(("Plan", "km"), [(text, "1"), (text, "2")])
    lines = table.split("\n")
    assert len(lines) == 4
    for line in lines:
        # Every bar, bracket or sign that acts has a backslash before it, and itself none.
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 3
    cell = lines[2].removeprefix("| ").removesuffix(" | 1 |")
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>\[\]`*_&$#~{}]", cell)


def test_markdown_that_is_meant_stays() -> None:
    assert markdown_table(("", "n"), [(Markdown("[a](#b)"), "5")]).endswith("| [a](#b) | 5 |")


@pytest.mark.parametrize("text", ["- item", "1. item", "--- ", "=====", "# head", "> quote", "+ x"])
def test_no_text_begins_a_list_or_a_heading(text) -> None:
    assert re.match(r"\s*[0-9]*\\", markdown_text(text))
    assert re.sub(r"\\(.)", r"\1", markdown_text(text)) == text


def test_json_is_plain_and_refuses_what_is_no_number() -> None:
    assert json.loads(json_text({"a": "é"})) == {"a": "é"}
    assert json_text({"a": "é"}, is_ascii=True).isascii()
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text(float("nan"))
