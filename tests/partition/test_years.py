"""Every figure has its year: people and GDP are those nearest to the election, and pages say so."""

from __future__ import annotations

import csv
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import partition
from maps.layout import lay_out
from partition.land.dataset import Dataset
from partition.pages.comparing import compared_plans
from partition.question.asking import ask
from partition.question.question import Question
from partition.runs.run import Run
from partition.scenario import Overrides, Scenario
from partition.studies.table import narrow_columns, narrow_sides_columns
from shapefiles import load_united_states
from solvers.plan import Plan
from tests.packed import unpacked

PEOPLE = {"2016": "2016", "2020": "2020", "2024": "2020"}


def people_of(year: str) -> dict[str, int]:
    """Read the table of a year as it is in the package."""
    name, column = {
        "2016": ("counties.csv", "population_2016"),
        "2020": ("population-2020.csv", "population"),
    }[year]
    with (files("shapefiles") / "figures" / name).open(encoding="utf-8", newline="") as stream:
        return {row["geoid"]: int(row[column]) for row in csv.DictReader(stream)}


@pytest.fixture(scope="module", params=sorted(PEOPLE))
def california(request: pytest.FixtureRequest) -> tuple[str, Run]:
    """California alone, measured under each election."""
    question = ask("calexit", None, Overrides(election=request.param))
    return request.param, Run.measured(question, Plan(question.units.states == "CA"))


def test_people_are_those_of_the_nearest_year(california: tuple[str, Run]) -> None:
    election, run = california
    people = people_of(PEOPLE[election])
    inside = sum(count for unit, count in people.items() if unit.startswith("06"))
    whole = run.report.whole
    assert (whole.blue.people, whole.both.people) == (inside, sum(people.values()))
    assert run.report.years == {"people": PEOPLE[election], "gdp_dollars": "2016"}
    assert whole.both.gdp_dollars == 1000 * int(load_united_states().attributes["gdp"].sum())


def test_a_comparison_names_a_year_once_where_all_plans_share_it() -> None:
    runs = {}
    for year in PEOPLE:
        question = ask("calexit", None, Overrides(election=year))
        runs[year] = Run.measured(question, Plan(question.units.states == "CA"))
    both = [dict(one.figures) for one in compared_plans({y: runs[y] for y in ("2020", "2024")})]
    assert [one["People 2020, blue + red"] for one in both] == ["40 + 292 M"] * 2
    assert all("GDP 2016, 2012 $" in one for one in both)
    every = [dict(one.figures) for one in compared_plans(runs)]
    said = ["39 + 284 M (2016)", "40 + 292 M (2020)", "40 + 292 M (2020)"]
    assert [one["People, blue + red"] for one in every] == said
    assert all("GDP 2016, 2012 $" in one for one in every)


def test_tables_of_studies_say_the_years_of_their_rows(tmp_path: Path) -> None:
    some = partition.compare("calexit", elections=["2016", "2024"], runs=tmp_path)
    titles = {one.replace("\n", " ") for one, _ in narrow_columns(some.ballot, some.rows)}
    assert "Blue 2016 / 2020 people" in titles
    assert "Blue 2016 GDP" in {
        one.replace("\n", " ") for one, _ in narrow_sides_columns(some.ballot, some.rows)
    }
    assert "| People, 2016 / 2020, blue |" in some.markdown()
    assert "| GDP, 2016, blue (billion 2012 \\$) |" in some.markdown()
    alone = partition.compare("calexit", elections="2024", runs=tmp_path)
    assert "| People, 2020, blue |" in alone.markdown()


def test_the_year_stands_beside_the_figure(california: tuple[str, Run], tmp_path: Path) -> None:
    election, run = california
    year = PEOPLE[election]
    run.write(tmp_path / "run")
    report = (tmp_path / "run" / "report.md").read_text(encoding="utf-8")
    page = (tmp_path / "run" / "map.html").read_text(encoding="utf-8")
    assert re.search(rf"^\| People, {year} \|", report, re.MULTILINE)
    assert re.search(r"^\| GDP, 2016 \(2012 dollars\) \|", report, re.MULTILINE)
    mixed = "GDP per person, 2016" if year == "2016" else f"GDP of 2016 per person of {year}"
    assert f"| {mixed} |" in report
    figures = json.loads((tmp_path / "run" / "report.json").read_text(encoding="utf-8"))
    assert figures["years"] == {"people": year, "gdp_dollars": "2016"}
    assert f">People, {year}</th>" in page
    assert ">GDP, 2016 (billion 2012 $)</th>" in page
    data: dict[str, Any] = json.loads(
        re.search(r'id="plan-data">(.*?)</script>', page)[1]  # type: ignore[index]
    )
    assert data["peopleYear"] == year
    people = people_of(year)
    assert unpacked(data["people"]) == [people[unit] for unit in data["ids"]]
    assert run.verify().is_recounted


def test_a_comparison_says_of_which_year_the_people_of_each_plan_are(tmp_path: Path) -> None:
    found = partition.compare(
        "status-quo", elections=[2016, 2024], time_limit=20, runs=tmp_path, n_jobs=1
    )
    for row, year in zip(found.rows, ("2016", "2020"), strict=True):
        assert row["people_year"] == year
        assert row["gdp_year"] == "2016"
        assert row["blue_people"] + row["red_people"] == sum(people_of(year).values())
    plans = re.search(r'id="plan-data">(.*?)</script>', found.map().get_root().render())
    assert plans is not None
    page = json.loads(plans[1])["explored"]
    names = {one["name"] for one in page["measures"]}
    assert {"People, blue", "People, red", "GDP of 2016, blue", "GDP of 2016, red"} <= names
    for one, year in zip(page["plans"], ("2016", "2020"), strict=True):
        said = dict(zip(page["factNames"], one["facts"], strict=True))
        assert said["Year of the people"] == year
        assert "Year of the GDP" not in said


def test_units_that_somebody_brings_keep_their_people_and_have_no_year() -> None:
    units = load_united_states()
    question = ask("calexit", units, Overrides(election="2024"))
    assert question.units is units
    assert not question.years
    dataset = Dataset.embedded()
    assert dataset.units_of("2016") is dataset.units
    # All runs share what is drawn, whoever lives there and however they vote.
    swung = Question(
        Scenario.load("counties@swing.points=3").override(election="2024"), dataset
    ).units
    assert swung.votes["2024"].tolist() != units.votes["2024"].tolist()
    sheet = lay_out(dataset.units)
    assert lay_out(swung) is lay_out(dataset.units_of("2020")) is sheet
    moved = dataset.units_of("2024").attributes["population"] != units.attributes["population"]
    assert np.count_nonzero(moved) > 3000
