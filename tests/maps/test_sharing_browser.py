"""What a page gives away: its data as files, what other programs say of it, and a small form."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

import maps
from maps.plan_table import plan_table
from shapefiles.borders.dissolve import to_lonlat
from shapefiles.units import Units
from solvers.plan import Plan
from tests.maps.conftest import HOSTILE, make_units

PAGES = ("page_of_some", "comparison_of_some", "explorer_of_some")


def taken(screen: Any, button: str) -> tuple[str, str]:
    """Click a download, and catch name and text of the file without a folder."""
    screen.driver.execute_script(
        """
        window.caught = null;
        URL.createObjectURL = (blob) => {
          blob.text().then((text) => (window.caught = text));
          return "#";
        };
        HTMLAnchorElement.prototype.click = function () { window.caughtName = this.download; };
        document.getElementById("details").open = true;
        """
    )
    screen.one(button).click()
    for _ in range(50):
        screen.wait(0.05)
        text = screen.driver.execute_script("return window.caught")
        if text is not None:
            return screen.driver.execute_script("return window.caughtName"), text
    raise AssertionError("nothing was downloaded")


def test_a_page_gives_its_plan_away_as_the_table_of_a_run(
    screen: Any, national_page: Path, united_states: Units, state_plan: Plan
) -> None:
    screen.open(national_page)
    name, text = taken(screen, "#take-table")
    assert name == "plan.csv"
    assert text == plan_table(united_states, state_plan, "2016")
    assert screen.requests() == {national_page.as_uri()}


def test_the_shapes_that_are_given_away_lie_where_the_land_lies(
    screen: Any, national_page: Path, united_states: Units, state_plan: Plan
) -> None:
    screen.open(national_page)
    name, text = taken(screen, "#take-shapes")
    features = json.loads(text)["features"]
    assert name == "plan.geojson"
    assert [one["id"] for one in features] == united_states.ids.tolist()
    assert [one["properties"]["nation"] for one in features] == [
        ("red", "blue")[part] for part in state_plan.assignment
    ]
    rows = [*range(0, united_states.n_units, 97), *np.flatnonzero(united_states.states == "HI")]
    rows += np.flatnonzero(united_states.states == "AK").tolist()
    lonlat = to_lonlat(united_states.polygons[rows], united_states.crs)
    for row, true in zip(rows, lonlat, strict=True):
        shape = shapely.geometry.shape(features[row]["geometry"])
        assert shape.is_valid or united_states.states[row] in {"AK", "HI"}
        largest = max(shape.geoms, key=shapely.area)
        there = max(shapely.get_parts(true), key=shapely.area)
        # A page is drawn in steps of 80 m; Alaska is at a third of the scale.
        step = 0.012 if united_states.states[row] == "AK" else 0.003
        assert shapely.hausdorff_distance(largest.exterior, there.exterior) < step, row
        assert shapely.is_ccw(largest.exterior)


def test_shapes_around_180_degrees_do_not_jump(screen: Any, tmp_path: Path) -> None:
    west = np.array([178.0, 179.0, 180.0, 181.0])
    units = make_units(shapely.box(west, -18, west + 1, -16), crs="EPSG:4326")
    summary = maps.MapSummary("Fiji", "", "")
    page = maps.save(
        maps.draw(units, Plan(np.array([1, 1, 0, 0])), summary, "2016"), tmp_path / "m.html"
    )
    screen.open(page)
    features = json.loads(taken(screen, "#take-shapes")[1])["features"]
    for feature, left in zip(features, west, strict=True):
        found = shapely.geometry.shape(feature["geometry"]).bounds
        turned = found[0] - 360 * round((found[0] - left) / 360)
        assert turned == pytest.approx(left, abs=1e-3)
        assert found[2] - found[0] == pytest.approx(1, abs=1e-3)
        assert (found[1], found[3]) == pytest.approx((-18, -16), abs=1e-3)


def test_names_are_given_away_as_they_are_and_are_not_run(
    screen: Any, hostile_units: Units, tmp_path: Path
) -> None:
    names = np.array(["=1+1", "'-x;@y"])
    object.__setattr__(hostile_units, "names", names)
    summary = maps.MapSummary("T", "", "", nations=("+Up", HOSTILE))
    plan = Plan(np.array([1, 0]))
    screen.open(maps.save(maps.draw(hostile_units, plan, summary, "2016"), tmp_path / "m.html"))
    text = taken(screen, "#take-table")[1]
    assert text == plan_table(hostile_units, plan, "2016", ("+Up", HOSTILE))
    assert list(csv.reader(io.StringIO(text)))[1][2:4] == ["'+Up", "'=1+1"]
    features = json.loads(taken(screen, "#take-shapes")[1])["features"]
    assert features[1]["properties"]["nation_name"] == HOSTILE
    assert screen.driver.execute_script("return window.wasRun") is None


def test_a_plan_called_like_a_column_or_another_plan_has_a_column_of_its_own(
    screen: Any, hostile_units: Units, tmp_path: Path
) -> None:
    plans = [
        maps.ComparedPlan(label, Plan(np.array(part)), "1 %")
        for label, part in (("name", [0, 0]), ("GEOID", [0, 1]), ("A", [1, 0]), ("A", [1, 1]))
    ]
    page = maps.compare(hostile_units, plans, maps.ComparisonSummary("Four"), "2016")
    screen.open(maps.save(page, tmp_path / "m.html"))
    head, first, _ = csv.reader(io.StringIO(taken(screen, "#take-table")[1]))
    assert head[5:] == ["name (2)", "GEOID (2)", "A", "A (2)"]
    assert first[5:] == ["red", "red", "blue", "blue"]
    properties = json.loads(taken(screen, "#take-shapes")[1])["features"][1]["properties"]
    assert list(properties) == head
    assert properties["name"] == "Plain"
    assert [properties[one] for one in head[5:]] == ["red", "blue", "red", "blue"]


@pytest.mark.parametrize("page", ["comparison_of_some", "explorer_of_some"])
def test_pages_of_several_plans_give_all_of_them_away(
    screen: Any, page: str, request: pytest.FixtureRequest, some_states: Units
) -> None:
    screen.open(request.getfixturevalue(page))
    name, text = taken(screen, "#take-table")
    head, *lines = csv.reader(io.StringIO(text))
    assert name == "plans.csv"
    assert [line[0] for line in lines] == some_states.ids.tolist()
    n_plans = 11 if page == "comparison_of_some" else 12
    assert len(head) == 5 + n_plans
    parts = screen.run("return page.sharedPlans().map(({part}) => [...part])")
    assert [[("red", "blue")[one] for one in part] for part in zip(*parts, strict=True)] == [
        line[5:] for line in lines
    ]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_it_shows_to_those_who_do_not_see_it(
    screen: Any, page: str, request: pytest.FixtureRequest, some_states: Units
) -> None:
    screen.open(request.getfixturevalue(page))
    said = screen.driver.execute_script(
        "return [...document.querySelectorAll('meta[content]')].map((one) =>"
        " [one.getAttribute('property') || one.name, one.content])"
    )
    told = dict(said)
    assert told["og:title"] == told["twitter:title"] == screen.driver.title
    assert told["description"] == told["og:description"] == told["twitter:description"]
    assert f"{some_states.n_units} units in two nations, Blue and Red" in told["description"]
    map_ = screen.one(".leaflet-container[role=application]")
    described = screen.one(f"#{map_.get_attribute('aria-describedby')}")
    assert described.get_attribute("textContent") == told["description"]
    icon = screen.one("link[rel=icon]").get_attribute("href")
    assert icon.startswith("data:image/svg+xml;base64,")
    assert screen.errors() == []


def test_what_other_programs_say_of_a_page_cannot_break_out_of_it(
    screen: Any, hostile_page: Path
) -> None:
    screen.open(hostile_page)
    meta = screen.one("meta[property='og:title']")
    assert meta.get_attribute("content") == HOSTILE
    assert screen.all("img") == []
    assert screen.driver.execute_script("return window.wasRun") is None


@pytest.mark.parametrize("page", PAGES)
def test_a_page_inside_another_one_is_its_map_without_a_panel(
    screen: Any, page: str, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(page)
    for width, height in ((1000, 640), (390, 480)):
        screen.resize(width, height)
        screen.driver.get("about:blank")
        screen.driver.get(f"{path.as_uri()}?embed#view=margin")
        screen.wait(0.2)
        assert not screen.one("#details").is_displayed()
        assert screen.one("#embedded strong").text == screen.driver.title
        box = screen.one(".folium-map").rect
        assert (box["x"], round(box["width"])) in {(0, width), (0, width // 2)} or page == PAGES[1]
        if page == PAGES[0]:
            assert round(box["y"] + box["height"]) == height, "the map ends above the frame's end"
        hidden = screen.run(
            "return [...document.querySelectorAll('.leaflet-bar a')].filter((one) => {"
            "const { x, y, width, height } = one.getBoundingClientRect();"
            "const top = document.elementFromPoint(x + width / 2, y + height / 2);"
            "return width && !one.contains(top); }).map((one) => one.title)"
        )
        assert hidden == []
        low = screen.one("#embedded").rect
        land = screen.run(
            "const [w, s, e, n] = page.units.bounds;"
            "const box = map.getContainer().getBoundingClientRect();"
            "const a = map.latLngToContainerPoint([n, w]); return [a.x + box.x, a.y + box.y]"
        )
        assert land[1] >= low["height"] - 1, "the land is under the title"
        assert screen.run("return nations.view") == "margin"
        assert screen.one("#whole").get_attribute("href") == f"{path.as_uri()}#view=margin"
        assert [
            one for one in screen.violations() if ": serious" in one or ": critical" in one
        ] == []
        assert screen.errors() == []
