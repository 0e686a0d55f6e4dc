"""The report works for any units, and its page and its exact values say the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import partition
from partition import metrics
from partition.answer import Report, measure
from partition.answer.document import report_document
from partition.land.dataset import Dataset
from partition.pages.formulas import formula
from partition.pages.text import FORMULAS, report_text
from partition.question.question import Question
from partition.runs.run import Run
from shapefiles.units import Edges, Units
from solvers.plan import Plan
from solvers.result import Result, Status

Grid = Callable[[int, int, list[int], list[int]], Units]


def rebuilt(units: Units, **changes: Any) -> Units:
    """Build the same units again with some columns changed."""
    given = {one.name: getattr(units, one.name) for one in fields(Units)}
    return Units(**{**given, **changes})


def page(units: Units, plan: Plan, report: Report, title: str = "Two nations") -> str:
    matched = report.whole.both.self_determined
    result = Result(plan, Status.OPTIMAL, matched, matched, 1.0, 0)
    scenario = replace(partition.Scenario.shipped("counties"), title=title)
    return report_text(Run(Question(scenario, Dataset.of(units)), result, report))


def check_writable(units: Units, plan: Plan, **options: Any) -> tuple[Report, str]:
    """Measure a plan, write both documents, and follow every link of the page."""
    report = measure(units, plan, "2016", **options)
    json.dumps(report_document(report), allow_nan=False)
    text = page(units, plan, report)
    headings = {
        re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-")
        for one in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= headings
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1
    assert "None" not in text.replace("None where", "").replace("None for", "")
    assert "nan" not in text.split()
    return report, text


COLUMNS = ("population", "gdp", "area", "perimeter", "sea_coast", "lake_coast")


@settings(max_examples=40)
@given(
    width=st.integers(1, 4),
    height=st.integers(1, 3),
    known=st.sets(st.sampled_from(COLUMNS)),
    has_states=st.booleans(),
    has_electors=st.booleans(),
    has_edges=st.booleans(),
    data=st.data(),
)
def test_any_units_get_a_report_with_what_their_data_allow(
    grid: Grid,
    width: int,
    height: int,
    known: set[str],
    has_states: bool,
    has_electors: bool,
    has_edges: bool,
    data: st.DataObject,
) -> None:
    n_units = width * height
    votes = st.lists(st.sampled_from([0, 0, 1, 50, 10_000]), min_size=n_units, max_size=n_units)
    units = grid(width, height, data.draw(votes), data.draw(votes))
    columns = {
        **units.attributes,
        "perimeter": shapely.length(units.polygons),
        "sea_coast": np.zeros(n_units),
        "lake_coast": np.ones(n_units),
    }
    units = rebuilt(
        units,
        attributes={name: columns[name] for name in known},
        states=units.states if has_states else np.full(n_units, ""),
    )
    parts = data.draw(st.lists(st.integers(0, 1), min_size=n_units, max_size=n_units))
    active = np.full(units.edges.n_edges, has_edges)
    electors = {"A": 5, "B": 3, "": 4} if has_electors else None
    report, _ = check_writable(units, Plan(np.array(parts)), active=active, electors=electors)
    both, land = report.whole.both, report.territory.blue
    assert (both.people is None) == ("population" not in known)
    assert (both.gdp_dollars is None) == ("gdp" not in known)
    assert (both.land_km2 is None) == ("area" not in known)
    assert (land.outline_km is None) == ("perimeter" not in known)
    assert (land.enclaves is None) == ("perimeter" not in known)
    assert (land.has_sea_access is None) == ("sea_coast" not in known)
    assert (land.lake_coast_km is None) == ("lake_coast" not in known)
    assert (report.states is None) == (not has_states)
    for measured in (report.presidency, report.house):
        assert (measured is None) == (not has_electors or "population" not in known)


def test_one_unit_where_nobody_votes_or_lives(grid: Grid) -> None:
    units = grid(1, 1, [0], [0])
    units = rebuilt(units, attributes={"population": np.array([0])})
    for part in (0, 1):
        report, text = check_writable(units, Plan(np.array([part])), electors={"A": 3})
        assert report.self_determination is None
        assert report.sorting.blue_stranded_share is None
        assert report.presidency.together.tied_electoral_votes == 3
        assert report.presidency.together.winner is None
        assert report.house.blue_seats == report.house.red_seats == 0
        assert "Nobody's vote is counted." in text


def test_no_units_at_all() -> None:
    nothing = np.empty(0)
    edges = Edges(np.empty((0, 2), np.int32), nothing, np.empty(0, np.str_), np.empty(0, np.bool_))
    names = np.empty(0, np.str_)
    units = Units(
        names, names, names, nothing, "EPSG:5070", {"2016": np.empty((0, 2), int)}, {}, edges
    )
    report, _ = check_writable(units, Plan(np.empty(0, np.int8)), electors={})
    assert report.whole.both.units == 0
    assert report.landmasses == ()


def test_a_column_with_a_gap_is_left_out(squares: Units) -> None:
    gap = np.array([1.0, 2.0, np.nan, 4.0, 5.0, 6.0])
    units = rebuilt(squares, attributes={"population": gap, "area": np.full(6, "large")})
    report, _ = check_writable(units, Plan(np.array([1, 1, 0, 1, 0, 0])))
    assert report.whole.both.people is None
    assert report.whole.both.land_km2 is None


def test_a_country_worked_out_by_hand(squares: Units) -> None:
    # Two rows of three; blue: 0, 1 and 3. The sea lies west of 0 and 3, a lake east of 2.
    units = rebuilt(
        squares,
        attributes={
            **squares.attributes,
            "perimeter": np.full(6, 40_000.0),
            "sea_coast": np.array([10_000.0, 0, 0, 10_000.0, 0, 0]),
            "lake_coast": np.array([0, 0, 10_000.0, 0, 0, 0]),
        },
    )
    plan = Plan(np.array([1, 1, 0, 1, 0, 0]))
    report, text = check_writable(units, plan, electors={"A": 5, "B": 3})
    assert repr(report) == "<Report on '2016': 130 of 600 voters stranded, 2 pieces>"
    sorting = report.sorting
    # Blue votes 90 60 20 80 30 10, red votes 10 40 80 20 70 90.
    assert (sorting.blue_stranded_voters, sorting.red_stranded_voters) == (60, 70)
    assert sorting.stranded_share_difference == pytest.approx(60 / 290 - 70 / 310)
    assert (sorting.status_quo_voters, sorting.best_without_contiguity_voters) == (310, 470)
    assert sorting.gain_over_status_quo_share == 1.0
    assert sorting.price_of_contiguity_voters == 0
    # GDP 1 8 15 22 29 36 thousand dollars; 160 voters freed.
    assert sorting.dollars_per_freed_voter_and_gdp_percent == 1110 / 160
    blue, red = report.territory.blue, report.territory.red
    assert (blue.has_sea_access, red.has_sea_access) == (True, False)
    assert (blue.sea_coast_km, red.lake_coast_km) == (20.0, 10.0)
    assert (blue.outline_km, red.outline_km) == (80.0, 80.0)
    assert blue.polsby_popper == pytest.approx(4 * np.pi * 300 / 80**2)
    # 0 joins 1 and 3; 5 joins 2 and 4, of which 4 has more people (450) than 2 (250).
    assert (blue.keystones, red.keystones) == (1, 1)
    [first], [second] = blue.gravest_keystones, red.gravest_keystones
    assert (first.name, first.cut_off_people) == ("Square 0", 150)
    assert (second.name, second.cut_off_people) == ("Square 5", 250)
    # A holds 0, 1, 3 and 4 with 50, 150, 350 and 450 people; B holds 2 and 5.
    assert report.states.red_states == ("B",)
    [torn] = report.states.split_states
    assert (torn.state, torn.blue_people, torn.red_people) == ("A", 550, 450)
    assert (report.states.blue_cut_off_people, report.states.red_cut_off_people) == (0, 450)
    # Blue keeps 3 of A's electors; red the other 2, and B's 3.
    president = report.presidency
    assert president.leaving == "blue"  # 550 people against 1,250
    assert president.leaving_electoral_votes == 3
    assert (president.rest.red_electoral_votes, president.rest.winner) == (5, "red")
    # A voted 260 to 140 for blue, B 30 to 170: together 5 electors against 3.
    assert president.together.winner == "blue"
    assert "3 electoral votes would leave" in text
    assert "Trump would have won by 5 to 0; in votes: Trump +60.0 %" in text
    assert "| [Self-determined voters](#self-determination) | 230 (76.7 %) | 240 (80.0 %) |" in text


def test_names_from_a_file_do_nothing_on_the_page(squares: Units) -> None:
    odd = "a|b\n# <script>[x](y)*"
    units = rebuilt(squares, names=np.full(6, odd), states=np.full(6, "S|T"))
    plan = Plan(np.array([1, 1, 0, 1, 0, 0]))
    check_writable(units, plan, electors={"S|T": 8})
    text = page(units, plan, measure(units, plan, "2016", electors={"S|T": 8}), title="Red | <b>")
    assert text.startswith("# Red \\| \\<b\\>\n")
    assert "<script>" not in text
    assert "\n# \\<" not in text
    assert "[x](y)" not in text


def test_every_formula_of_the_page_is_that_of_its_function() -> None:
    for label, function in FORMULAS.items():
        found = formula(function)
        assert found is not None, label
        assert found.math in " ".join((function.__doc__ or "").split())
        assert found.summary.endswith(".")
    polsby = formula(metrics.polsby_popper)
    assert polsby is not None
    assert polsby.math == r"\frac{4 \pi A}{P^2}"
    assert polsby.explanation.startswith("with area *A* and perimeter *P*: 1 for a circle")
    assert polsby.sources[0].startswith("D. D. Polsby, R. D. Popper")
    assert formula(metrics.share) is None


def test_every_metric_states_its_formula() -> None:
    helpers = {"electors_of", "share"}
    for name in metrics.__all__:
        one = getattr(metrics, name)
        if type(one) is type(formula) and name not in helpers:
            assert formula(one) is not None, name


def test_a_word_of_caution_on_the_count_of_congress_is_for_the_whole_country_only(
    dataset: Dataset, squares: Units
) -> None:
    units = dataset.units
    plan = Plan(units.states == "CA")
    report = measure(units, plan, "2016", electors=dataset.electors["2016"])
    assert "Congress counted 304 for Trump and 227 for Clinton" in page(units, plan, report)
    small = Plan(np.zeros(6, int))
    _, text = check_writable(squares, small, electors={"A": 5, "B": 3})
    assert "Congress counted" not in text
