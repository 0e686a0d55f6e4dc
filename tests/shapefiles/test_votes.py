import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapefiles import DataError, VoteColumns
from shapefiles.votes import MAX_VOTES, extract_votes

WIDE = VoteColumns("id", ("blue",), ("red",))
LONG = VoteColumns("id", ("D",), ("R",), choice="party", count="votes")


def frame(*rows, columns=("id", "blue", "red")):
    return pd.DataFrame([[str(cell) for cell in row] for row in rows], columns=list(columns))


def extract(rows, columns=WIDE):
    return extract_votes(rows, columns, "t.csv", lambda row: f"t.csv, line {row + 2}")


def as_dict(votes):
    return dict(zip(votes.ids.tolist(), votes.counts.tolist(), strict=True))


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABCD"),
            st.sampled_from(["D", "R", "Other"]),
            st.sampled_from(["TOTAL", "EARLY", "MAIL", "DAY"]),
            st.integers(0, 10**6),
        ),
        min_size=1,
        unique_by=lambda row: row[:3],
    )
)
def test_totals_are_never_added_to_their_parts(rows):
    def expect(unit, party):
        mine = {mode: count for one, who, mode, count in rows if (one, who) == (unit, party)}
        return mine.get("TOTAL", sum(mine.values()))

    expected = {unit: [expect(unit, "D"), expect(unit, "R")] for unit, *_ in rows}
    # Every choice must occur somewhere, or the name of it is taken for a slip.
    padding = [("Z", party, "TOTAL", 1) for party in "DR"]
    table = frame(*rows, *padding, columns=("id", "party", "mode", "votes"))
    assert as_dict(extract(table, LONG)) == {**expected, "Z": [1, 1]}


@given(st.lists(st.tuples(st.integers(0, MAX_VOTES), st.integers(0, MAX_VOTES)), min_size=1))
def test_wide_votes_are_what_the_table_says(votes):
    table = frame(*((number, *pair) for number, pair in enumerate(votes)))
    found = extract(table)
    assert found.problems == ()
    assert found.counts.tolist() == [list(pair) for pair in votes]


@given(st.text(max_size=8))
def test_a_text_is_either_plain_digits_or_a_problem(text):
    found = extract(frame(("a", text, "1")))
    is_plain = text.strip().isascii() and text.strip().replace(".0", "").isdigit()
    if not found.problems:
        assert is_plain or text.strip().endswith(".")
        assert found.counts[0, 0] == int(float(text))
    else:
        assert found.counts[0, 0] == 0


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "missing"),
        ("N/A", "missing"),
        ("nan", "missing"),
        ("-3", "negative"),
        ("2.5", "fractional"),
        ("1,234", "number"),
        ("1e3", "number"),
        ("twelve", "number"),
        ("99999999999", "impossible"),
        ("1" + "0" * 400, "missing"),
        ("9" * 30, "impossible"),
        ("٣", "number"),
    ],
)
def test_unusable_figure_is_reported_with_its_line_unit_and_kind(text, kind):
    found = extract(frame(("a", 1, 1), ("b", text, 1)))
    assert [(one.kind, one.unit) for one in found.problems] == [(kind, "b")]
    assert found.problems[0].message.startswith("t.csv, line 3: unit 'b' has ")
    with pytest.raises(DataError, match="line 3"):
        found.check()


def test_two_sides_above_the_total_are_impossible():
    columns = VoteColumns("id", ("blue",), ("red",), total="all")
    table = frame(("a", 5, 5, 10), ("b", 5, 6, 10), columns=("id", "blue", "red", "all"))
    assert [one.unit for one in extract(table, columns).problems] == ["b"]


def test_several_columns_of_a_side_add_up():
    columns = VoteColumns("id", ("blue", "green"), ("red",))
    table = frame(("a", 5, 2, 10), columns=("id", "blue", "green", "red"))
    assert as_dict(extract(table, columns)) == {"a": [7, 10]}


def test_unit_in_several_rows_is_reported_and_counted_once():
    found = extract(frame(("a", 1, 2), ("b", 3, 4), ("a", 5, 6)))
    assert as_dict(found) == {"a": [1, 2], "b": [3, 4]}
    assert found.problems[0].message == "t.csv, line 4: unit 'a' was given before, in line 2."


def test_rows_without_an_id_are_reported_with_their_line():
    found = extract(frame(("", 1, 2), ("b", 3, 4)))
    assert [one.kind for one in found.problems] == ["id"]
    assert as_dict(found) == {"b": [3, 4]}


def test_one_row_twice_in_a_long_table_is_not_added_twice_in_silence():
    table = frame(("a", "D", 5), ("a", "D", 5), ("a", "R", 1), columns=("id", "party", "votes"))
    assert [one.kind for one in extract(table, LONG).problems] == ["repeated"]


def test_one_candidate_on_two_tickets_adds_up():
    table = frame(
        ("a", "D", "Dem", 5),
        ("a", "D", "Working", 2),
        ("a", "R", "Rep", 1),
        columns=("id", "party", "ticket", "votes"),
    )
    assert as_dict(extract(table, LONG)) == {"a": [7, 1]}


def test_several_years_are_refused_until_one_is_chosen():
    table = frame(
        ("a", 2016, "D", 5),
        ("a", 2016, "R", 1),
        ("a", 2020, "D", 7),
        ("a", 2020, "R", 2),
        columns=("id", "year", "party", "votes"),
    )
    with pytest.raises(DataError, match=r"2 values of 'year': '2016', '2020'. Choose one"):
        extract(table, LONG)
    one = VoteColumns("id", ("D",), ("R",), choice="party", count="votes", where={"year": "2020"})
    assert as_dict(extract(table, one)) == {"a": [7, 2]}


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (VoteColumns("ID", ("blue",), ("red",)), "no column 'ID'. Did you mean 'id'"),
        (VoteColumns("id", ("blau",), ("red",)), "no column 'blau'"),
        (VoteColumns("id", ("blue",), ("red",), where={"id": "z"}), "no row with 'id' = 'z'"),
        (VoteColumns("id", ("9",), ("2",), choice="blue", count="red"), "no row has 'blue' = '9'"),
    ],
)
def test_names_that_are_not_there_are_refused_with_those_that_are(columns, message):
    with pytest.raises(DataError, match=message):
        extract(frame(("a", 1, 2)), columns)


def test_a_column_cannot_count_for_both_sides():
    with pytest.raises(DataError, match="'x' cannot count for blue and for red"):
        VoteColumns("id", ("x",), ("x",))


def test_choice_without_its_count_is_refused():
    with pytest.raises(DataError, match="both the column of the choices and that of their votes"):
        VoteColumns("id", ("x",), ("y",), choice="party")


def test_sums_stay_exact_beyond_the_precision_of_floats():
    rows = [(number, MAX_VOTES - 1, 1) for number in range(2000)]
    assert int(extract(frame(*rows)).counts[:, 0].sum()) == 2000 * (MAX_VOTES - 1)
    assert np.issubdtype(extract(frame(*rows)).counts.dtype, np.int64)
