from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapefiles import DataError, MapFiles, VoteColumns
from shapefiles.counts.votes import Votes, extract_votes
from shapefiles.units import MAX_VOTES

WIDE = VoteColumns("id", ("blue",), ("red",))
LONG = VoteColumns("id", ("D",), ("R",), choice="party", count="votes")


def frame(
    *rows: Sequence[str | int], columns: Sequence[str] = ("id", "blue", "red")
) -> pd.DataFrame:
    return pd.DataFrame([[str(cell) for cell in row] for row in rows], columns=list(columns))


def extract(rows: pd.DataFrame, columns: VoteColumns = WIDE) -> Votes:
    return extract_votes(rows, columns, "t.csv", lambda row: f"t.csv, line {row + 2}")


def as_dict(votes: Votes) -> dict[str, list[int]]:
    return dict(zip(votes.ids.tolist(), votes.counts.tolist(), strict=True))


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABCD"),
            st.sampled_from(["D", "R", "Other"]),
            st.sampled_from(["*", "EARLY", "MAIL", "DAY"]),
            st.integers(0, 10**6),
        ),
        min_size=1,
        unique_by=lambda row: row[:3],
    ),
    st.sampled_from(
        ["TOTAL", "TOTAL VOTES", "Total Votes", "total", "All", "Grand Total", "TOTAL VOTES CAST"]
    ),
)
def test_totals_are_never_added_to_their_parts(rows, name) -> None:
    rows = [(*row[:2], name if row[2] == "*" else row[2], row[3]) for row in rows]

    def expect(unit: str, party: str) -> int:
        mine = {mode: count for one, who, mode, count in rows if (one, who) == (unit, party)}
        return mine.get(name, sum(mine.values()))

    expected = {unit: [expect(unit, "D"), expect(unit, "R")] for unit, *_ in rows}
    # Every choice must occur somewhere, or the name of it is taken for a slip.
    padding = [("Z", party, name, 1) for party in "DR"]
    # No way of voting may look like the sum of the others by chance.
    plain = [("Y", party, mode, 10**n) for party in "DR" for n, mode in enumerate(PARTS)]
    table = frame(*rows, *padding, *plain, columns=("id", "party", "mode", "votes"))
    assert as_dict(extract(table, LONG)) == {**expected, "Z": [1, 1], "Y": [111, 111]}


PARTS = ("EARLY", "MAIL", "DAY")


def with_sums(
    sums: Sequence[int], name: str = "Gesamt", column: str = "art", share: float = 1
) -> pd.DataFrame:
    """Make a long table in which one mode sums up two others, in a share of the units."""
    rows = []
    for number, count in enumerate(sums):
        for party, votes in (("D", count), ("R", 2 * count + 1)):
            parts = [("Urne", votes // 3), ("Brief", votes - votes // 3)]
            whole = [(name, votes)] if number < share * len(sums) else []
            rows += [(f"{number:03d}", party, mode, n) for mode, n in (*parts, *whole)]
    return frame(*rows, columns=("id", "party", column, "votes"))


@settings(max_examples=20)
@given(
    st.lists(st.integers(3, 10**6), min_size=3, max_size=30),
    st.sampled_from(["Gesamt", "Summe", "Łącznie", "TOTAL CAST", "it's all"]),
    st.sampled_from([True, False]),
    st.sampled_from([1, 0.7]),
)
def test_a_mode_that_sums_up_the_others_is_asked_about_whatever_it_is_called(
    counts, name, is_named, share
) -> None:
    table = with_sums(counts, name, share=share)
    columns = replace(LONG, mode="art" if is_named else None)
    with pytest.raises(DataError, match="as many votes as the others together") as caught:
        extract(table, columns)
    assert f"--mode-total {shlex.quote(name)}" in str(caught.value)
    assert ("With --mode art: " in str(caught.value)) != is_named
    alone = extract(table, replace(LONG, mode="art", mode_total=name))
    assert alone.counts.tolist() == [[one, 2 * one + 1] for one in counts]
    added = extract(table, replace(LONG, mode="art", mode_total="none"))
    assert added.counts.sum() == table["votes"].astype(int).sum()


def test_a_sum_is_found_although_its_parts_were_rounded_or_some_have_slips() -> None:
    table = with_sums(range(1000, 1030))
    is_sum = table["art"] == "Gesamt"
    for rows, change in ((is_sum, 1), (is_sum & (table["id"] == "003"), 700)):
        wrong = table.assign(votes=(table["votes"].astype(int) + change * rows).astype(str))
        with pytest.raises(DataError, match="'Gesamt' has as many votes"):
            extract(wrong, replace(LONG, mode="art"))


def test_two_modes_that_say_the_same_everywhere_are_asked_about() -> None:
    table = with_sums([4, 5, 6])
    table = table[table["art"] != "Urne"].assign(votes=[str(n // 2) for n in range(4, 16)])
    with pytest.raises(DataError, match="as many votes as the others together in 6 of 6 cases"):
        extract(table, replace(LONG, mode="art"))


@settings(max_examples=20)
@given(st.lists(st.tuples(*[st.integers(1, 400)] * 3), min_size=4, max_size=8))
def test_ways_of_voting_that_are_no_sums_are_added_up_unasked(counts) -> None:
    # None is the sum of the others: 2,501 to 2,900 are above 1,002 to 1,800.
    rows = [
        (f"{number}", party, mode, n)
        for number, three in enumerate(counts)
        for party in "DR"
        for mode, n in zip(PARTS, (three[0], 1000 + three[1], 2500 + three[2]), strict=True)
    ]
    found = extract(frame(*rows, columns=("id", "party", "mode", "votes")), LONG)
    assert found.counts.tolist() == [[3500 + sum(three)] * 2 for three in counts]


def test_two_totals_of_one_unit_are_asked_about_and_one_of_them_counts() -> None:
    table = with_sums([4, 5], "All", "mode")
    twice = table[table["mode"] == "All"].assign(mode="TOTAL")
    both = pd.concat([table, twice], ignore_index=True)
    with pytest.raises(DataError, match=r"'All', 'TOTAL' in 'mode' both sum up.*--mode-total All"):
        extract(both, LONG)
    for name in ("All", "TOTAL"):
        found = extract(both, replace(LONG, mode_total=name))
        assert as_dict(found) == {"000": [4, 9], "001": [5, 11]}


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (replace(LONG, mode="art", mode_total="Summe"), "no row that counts has 'art' = 'Summe'"),
        (replace(LONG, mode_total="Gesamt"), "no column of t.csv is named.*--mode COLUMN"),
    ],
)
def test_a_total_that_is_not_there_is_refused(columns, message) -> None:
    with pytest.raises(DataError, match=message):
        extract(with_sums([4, 5]), columns)


@pytest.mark.parametrize(
    ("label", "other"),
    [("Ja so", "JA  SO"), ("Smith, J", "smith,j"), ("D", "d"), ("Straße", "STRASSE")],
)
def test_other_case_or_spaces_of_a_choice_are_asked_about_for_either_side(label, other) -> None:
    table = frame(("a", label, 5), ("a", other, 7), ("a", "R", 1), columns=("id", "party", "votes"))
    for side, names in (("blue", {"red": ("R",)}), ("red", {"blue": ("R",)})):
        columns = replace(LONG, **{side: (label,)}, **names)
        with pytest.raises(DataError, match=f"would not count.*: --{side} "):
            extract(table, columns)
        extract(table, replace(columns, **{side: (label, other)}))


CANDIDATES = {
    "DEMOCRAT": ["JOSEPH R BIDEN JR"],
    "REPUBLICAN": ["DONALD J TRUMP"],
    "LIBERTARIAN": ["JO JORGENSEN"],
    "OTHER": ["OTHER", "HOWIE HAWKINS"],
}
COUNTIES = {  # which rows each has: the total, ways of voting, or both
    "01001": ["TOTAL"],
    "04013": ["EARLY", "ELECTION DAY", "TOTAL"],
    "13001": ["ABSENTEE", "ELECTION DAY", "PROVISIONAL"],
    "49035": ["TOTAL VOTES", "MAIL"],
}


def mit_rows() -> list[tuple[int, str, str, str, str, int, int, str, str]]:
    """List rows like those of the MIT Election Lab: years, candidates and ways of voting."""
    random = np.random.default_rng(2020)
    rows = []
    for year in (2016, 2020):
        for fips, modes in COUNTIES.items():
            parts = [mode for mode in modes if not mode.startswith("TOTAL")]
            sums = [mode for mode in modes if mode.startswith("TOTAL")]
            mine = []
            for party, names in CANDIDATES.items():
                for name in names:
                    counts = random.integers(0, 5000, len(parts) or 1).tolist()
                    mine += [(party, name, mode, n) for mode, n in zip(parts, counts, strict=False)]
                    mine += [(party, name, mode, sum(counts)) for mode in sums]
            total = sum(n for *_, mode, n in mine if mode in (sums or parts))
            rows += [
                (year, fips, "US PRESIDENT", name, party, n, total, "20250821", mode)
                for party, name, mode, n in mine
            ]
    return rows


def test_returns_of_the_mit_election_lab_are_read_with_their_modes_and_candidates() -> None:
    names = "year county_fips office candidate party candidatevotes totalvotes version mode"
    table = frame(*mit_rows(), columns=names.split())
    columns = VoteColumns(
        "county_fips",
        ("DEMOCRAT",),
        ("REPUBLICAN",),
        total="totalvotes",
        choice="party",
        count="candidatevotes",
        where={"year": "2020"},
    )
    found = extract(table, columns)
    assert found.problems == ()
    # Recounted: the row of the total where there is one, the ways of voting where there is none.
    numbers = table[table["year"] == "2020"].astype({"candidatevotes": int})
    expected = {}
    for fips, rows in numbers.groupby("county_fips"):
        sums = rows[rows["mode"].isin(["TOTAL", "TOTAL VOTES"])]
        by_party = (sums if len(sums) else rows).groupby("party")["candidatevotes"].sum()
        expected[fips] = [by_party["DEMOCRAT"], by_party["REPUBLICAN"]]
        assert by_party.sum() == int(rows["totalvotes"].iloc[0])
    assert as_dict(found) == expected
    # The greens and the rest are two candidates of one party, which add up as well.
    others = replace(columns, blue=("OTHER",), red=("LIBERTARIAN",))
    for fips, (both, _) in as_dict(extract(table, others)).items():
        rows = numbers[(numbers["county_fips"] == fips) & (numbers["party"] == "OTHER")]
        sums = rows[rows["mode"].isin(["TOTAL", "TOTAL VOTES"])]
        assert both == (sums if len(sums) else rows)["candidatevotes"].sum()


@given(st.lists(st.tuples(st.integers(0, MAX_VOTES), st.integers(0, MAX_VOTES)), min_size=1))
def test_wide_votes_are_what_the_table_says(votes) -> None:
    table = frame(*((number, *pair) for number, pair in enumerate(votes)))
    found = extract(table)
    assert found.problems == ()
    assert found.counts.tolist() == [list(pair) for pair in votes]


@given(st.text(max_size=8))
def test_a_text_is_either_plain_digits_or_a_problem(text) -> None:
    found = extract(frame(("a", text, "1")))
    is_plain = text.strip().isascii() and text.strip().replace(".0", "").isdigit()
    if not found.problems:
        assert is_plain or text.strip().endswith(".")
        assert found.counts[0, 0] == int(float(text.strip()))  # float leaves \x1f
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
        ("1,234", "doubt"),
        ("1.234", "doubt"),
        ("1.000", "doubt"),
        ("1 234", "doubt"),
        ("12,5", "fractional"),
        ("51%", "percent"),
        ("1e3", "rounded"),
        ("twelve", "number"),
        ("99999999999", "impossible"),
        ("1" + "0" * 400, "missing"),
        ("9" * 30, "impossible"),
        ("٣", "number"),
    ],
)
def test_unusable_figure_is_reported_with_its_line_unit_and_kind(text, kind) -> None:
    found = extract(frame(("a", 1, 1), ("b", text, 1)))
    assert [(one.kind, one.unit) for one in found.problems] == [(kind, "b")]
    assert found.problems[0].message.startswith("t.csv, line 3: unit 'b' has ")
    with pytest.raises(DataError, match="line 3"):
        found.check()


def test_two_sides_above_the_total_are_impossible() -> None:
    columns = VoteColumns("id", ("blue",), ("red",), total="all")
    table = frame(("a", 5, 5, 10), ("b", 5, 6, 10), columns=("id", "blue", "red", "all"))
    assert [one.unit for one in extract(table, columns).problems] == ["b"]


@pytest.mark.parametrize("long", [True, False])
@pytest.mark.parametrize("cell", ["", "n/a", "-3", "2.5", "twelve", "99999999999"])
def test_a_total_that_is_no_figure_is_one_fault(cell, long) -> None:
    table = frame(("a", 5, 5, 10), ("b", 5, 6, cell), columns=("id", "blue", "red", "all"))
    columns = replace(WIDE, total="all")
    if long:
        table = table.melt(["id", "all"], ["blue", "red"], "party", "votes")
        columns = VoteColumns("id", ("blue",), ("red",), total="all", choice="party", count="votes")
    (problem,) = extract(table, columns).problems
    assert problem.unit == "b"
    assert "above its total" not in problem.message


def test_several_columns_of_a_side_add_up() -> None:
    columns = VoteColumns("id", ("blue", "green"), ("red",))
    table = frame(("a", 5, 2, 10), columns=("id", "blue", "green", "red"))
    assert as_dict(extract(table, columns)) == {"a": [7, 10]}


def test_unit_in_several_rows_is_reported_and_counted_once() -> None:
    found = extract(frame(("a", 1, 2), ("b", 3, 4), ("a", 5, 6)))
    assert as_dict(found) == {"a": [1, 2], "b": [3, 4]}
    assert found.problems[0].message == "t.csv, line 4: unit 'a' was given before, in line 2."


def test_rows_that_say_the_same_are_asked_about_and_counted_once_or_added_up() -> None:
    table = frame(("a", 1, 2), ("b", 3, 4), ("a", 1, 2))
    (problem,) = extract(table).problems
    assert "--repeated-votes once" in problem.remedy
    assert "--repeated-votes add" in problem.remedy
    for repeated, mine in (("once", [1, 2]), ("add", [2, 4])):
        found = extract(table, replace(WIDE, repeated_votes=repeated))
        assert (found.problems, found.again) == ((), ("a",))
        assert as_dict(found) == {"a": mine, "b": [3, 4]}


def test_rows_of_a_unit_that_differ_are_added_up_only_where_that_is_asked_for() -> None:
    table = frame(("a", 1, 2), ("b", 3, 4), ("a", 5, 2), ("b", 3, 4))
    for columns in (WIDE, replace(WIDE, repeated_votes="once")):
        first, *_ = extract(table, columns).problems
        assert first.unit == "a"
        assert "once" not in first.remedy
        assert "--repeated-votes add" in first.remedy
    added = extract(table, replace(WIDE, repeated_votes="add"))
    assert added.problems == ()
    assert as_dict(added) == {"a": [6, 4], "b": [6, 8]}
    huge = frame(("a", MAX_VOTES, 2), ("a", MAX_VOTES, 2))
    (problem,) = extract(huge, replace(WIDE, repeated_votes="add")).problems
    assert problem.kind == "impossible"


def test_rows_without_an_id_are_reported_with_their_line() -> None:
    found = extract(frame(("", 1, 2), ("b", 3, 4)))
    assert [one.kind for one in found.problems] == ["id"]
    assert as_dict(found) == {"b": [3, 4]}


def test_one_row_twice_in_a_long_table_is_not_added_twice_in_silence() -> None:
    table = frame(("a", "D", 5), ("a", "D", 5), ("a", "R", 1), columns=("id", "party", "votes"))
    assert [one.kind for one in extract(table, LONG).problems] == ["repeated"]


def test_one_candidate_on_two_tickets_adds_up() -> None:
    table = frame(
        ("a", "D", "Dem", 5),
        ("a", "D", "Working", 2),
        ("a", "R", "Rep", 1),
        columns=("id", "party", "ticket", "votes"),
    )
    assert as_dict(extract(table, LONG)) == {"a": [7, 1]}


def test_several_years_are_refused_until_one_is_chosen() -> None:
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
def test_names_that_are_not_there_are_refused_with_those_that_are(columns, message) -> None:
    with pytest.raises(DataError, match=message):
        extract(frame(("a", 1, 2)), columns)


def test_a_column_cannot_count_for_both_sides() -> None:
    with pytest.raises(DataError, match="'x' cannot count for blue and for red"):
        VoteColumns("id", ("x",), ("x",))


@pytest.mark.parametrize("side", ["blue", "red"])
@pytest.mark.parametrize("long", [{}, {"choice": "party", "count": "votes"}])
def test_a_column_or_choice_that_a_side_names_twice_is_refused(side, long) -> None:
    sides = {"blue": ("x",), "red": ("y",), side: ("a b", "z", "a b")}
    with pytest.raises(DataError, match=rf"{side} names 'a b' twice.*--{side} 'a b'"):
        VoteColumns("id", **sides, **long)
    named = MapFiles("u", "id", **{**sides, side: ("a b", "z")}, **long)
    assert getattr(named.vote_columns(), side) == ("a b", "z")


@pytest.mark.parametrize(
    ("names", "first", "second"),
    [
        ({"total": "x"}, "total", "blue"),
        ({"total": "y"}, "total", "red"),
        ({"blue": ("id",)}, "id", "blue"),
        ({"total": "id"}, "id", "total"),
        ({"choice": "c", "count": "c"}, "choice", "count"),
        ({"choice": "c", "count": "n", "mode": "c"}, "choice", "mode"),
        ({"choice": "c", "count": "n", "total": "n"}, "total", "count"),
        ({"choice": "id", "count": "n"}, "id", "choice"),
    ],
)
def test_a_column_that_is_named_as_two_things_is_refused(names, first, second) -> None:
    with pytest.raises(DataError, match=rf"is named as {first} and as {second} \(--{first}, --"):
        VoteColumns("id", **{"blue": ("x",), "red": ("y",), **names})
    # A choice is no column: it may be called as one is.
    assert VoteColumns("id", ("id",), ("c",), choice="c", count="n").blue == ("id",)


@pytest.mark.parametrize(
    ("lists", "message"),
    [
        ({"where": ("year=2016", "year=2020")}, "where names 'year' twice.*--where year=2020"),
        ({"attributes": ("gdp=a", "gdp=b")}, "attributes names 'gdp' twice"),
        ({"attributes": ("gdp", "gdp")}, "attributes names 'gdp' twice"),
    ],
)
def test_a_list_in_which_the_last_would_win_is_refused(lists, message) -> None:
    with pytest.raises(DataError, match=message):
        MapFiles("u", "id", ("x",), ("y",), **lists)


def test_choice_without_its_count_is_refused() -> None:
    with pytest.raises(DataError, match=r"choices \(--choice\) .* votes \(--count\)"):
        VoteColumns("id", ("x",), ("y",), choice="party")


def test_sums_stay_exact_beyond_the_precision_of_floats() -> None:
    rows = [(number, MAX_VOTES - 1, 1) for number in range(2000)]
    assert int(extract(frame(*rows)).counts[:, 0].sum()) == 2000 * (MAX_VOTES - 1)
    assert np.issubdtype(extract(frame(*rows)).counts.dtype, np.int64)
