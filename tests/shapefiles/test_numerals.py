"""Counts are read as they were meant, or asked for: never as another number."""

from __future__ import annotations

import contextlib

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shapefiles import DataError
from shapefiles.counts.votes import extract_votes
from shapefiles.files.numerals import DoubtError, Notation
from shapefiles.mapfiles import VoteColumns

SIGNS = {
    ".": ".",
    ",": ",",
    "space": " \u00a0\u2007\u2009\u202f",
    "apostrophe": "'\u2019",
    "_": "_",
}
counts = st.integers(0, 10**9) | st.integers(0, 2000).map(lambda one: 1000 * one)


def grouped(number: int, sign: str) -> str:
    return f"{number:,}".replace(",", sign)


def written(draw: st.DrawFn, number: int, thousands: str, decimal: str) -> str:
    """Write a whole number as a person or a program of some country does."""
    sign = draw(st.sampled_from(SIGNS[thousands])) if thousands else ""
    text = grouped(number, sign) if thousands else str(number)
    zeros = draw(st.integers(0, 4)) if decimal else 0
    return text + (decimal + "0" * zeros if zeros else "")


@st.composite
def notations(draw: st.DrawFn) -> tuple[str, str, list[int], list[str]]:
    thousands = draw(st.sampled_from(["", *SIGNS]))
    decimal = draw(st.sampled_from([one for one in ("", ".", ",") if one != thousands]))
    numbers = draw(st.lists(counts, min_size=1, max_size=5))
    return thousands, decimal, numbers, [written(draw, n, thousands, decimal) for n in numbers]


def read(texts: list[str], notation: Notation) -> list[int]:
    table = pd.DataFrame({"id": [f"u{row}" for row in range(len(texts))], "a": texts, "b": "7"})
    columns = VoteColumns("id", ("a",), ("b",), notation=notation)
    votes = extract_votes(table, columns, "t.csv", lambda row: f"t.csv, line {row + 2}")
    votes.check()
    found: list[int] = votes.counts[:, 0].tolist()
    return found


@given(notations())
def test_counts_are_read_as_meant_with_the_marks_named_and_never_otherwise_without(
    case: tuple[str, str, list[int], list[str]],
) -> None:
    thousands, decimal, numbers, texts = case
    assert read(texts, Notation(thousands, decimal)) == numbers
    with contextlib.suppress(DataError):  # asked for
        assert read(texts, Notation()) == numbers


@given(notations())
@example(("space", ".", [0, 0, 1], ["0", "0.0", "1.000"]))
def test_what_a_doubt_proposes_makes_counts_of_the_column(
    case: tuple[str, str, list[int], list[str]],
) -> None:
    texts = case[3]
    table = pd.DataFrame({"id": [f"u{row}" for row in range(len(texts))], "a": texts, "b": "7"})
    columns = VoteColumns("id", ("a",), ("b",))
    for problem in extract_votes(table, columns, "t.csv", str).problems:
        if problem.kind == "doubt" and problem.settled:
            for way in problem.settled.removesuffix(" says how figures are written.").split(" or "):
                words = way.split()
                marks = dict(zip(words[::2], words[1::2], strict=True))
                notation = Notation(marks.get("--thousands", ""), marks.get("--decimal", ""))
                read(texts, notation)


@given(st.text("0123456789.,' \u00a0_-", max_size=12))
def test_a_figure_is_plain_digits_or_a_doubt_or_left_alone(text: str) -> None:
    for notation in (Notation(), Notation("."), Notation(","), Notation("space", ",")):
        try:
            plain = notation.plain(text)
        except DoubtError:
            continue
        digits = "".join(one for one in text if one.isdecimal())
        assert plain == text or "".join(one for one in plain if one.isdecimal()) == digits


@pytest.mark.parametrize(
    ("thousands", "decimal"), [("x", ""), ("", "x"), (".", "."), (",", ","), ("", "space")]
)
def test_marks_that_are_none_are_refused(thousands: str, decimal: str) -> None:
    with pytest.raises(DataError):
        Notation(thousands, decimal)
