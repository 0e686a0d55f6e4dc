"""Circles of votes: as large as the votes are many, none on another, near where the land is."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

import maps
from maps.layout import lay_out
from maps.style import DARK, LIGHT
from shapefiles.units import Units
from solvers.plan import Plan
from tests.maps.conftest import make_units

SIDES = ("left", "top", "right", "bottom")
CIRCLES = "const c = page.units.circles(); return [[...c.x], [...c.y], [...c.radius]]"


@pytest.fixture
def page_to_paint(united_states: Units, state_plan: Plan, tmp_path: Path) -> Path:
    summary = maps.MapSummary("Red and blue states", "57.6 %", "of voters at home")
    what_if = maps.WhatIf(united_states.edges.select())
    page = maps.draw(united_states, state_plan, summary, "2016", what_if=what_if)
    return maps.save(page, tmp_path / "map.html")


def window_of(screen: Any, unit: int) -> tuple[int, int]:
    """Where in the window a circle is."""
    at = screen.run(
        "const c = page.units.circles(), k = arguments[0];"
        "const p = map.latLngToContainerPoint([c.y[k], c.x[k]]), box ="
        " map.getContainer().getBoundingClientRect(); return [p.x + box.x, p.y + box.y]",
        unit,
    )
    return round(at[0]), round(at[1])


def test_circles_of_the_country_lie_beside_each_other_and_near_their_land(
    screen: Any, national_page: Path, united_states: Units
) -> None:
    screen.open(national_page, "#view=voters")
    x, y, radius = (np.array(one) for one in screen.run(CIRCLES))
    votes = united_states.votes["2016"].sum(axis=1)
    assert radius**2 / radius.max() ** 2 == pytest.approx(votes / votes.max(), rel=1e-9)
    middles = shapely.points(x, y)
    one, other = shapely.STRtree(shapely.buffer(middles, radius)).query(
        shapely.buffer(middles, radius), predicate="intersects"
    )
    pairs = one < other
    one, other = one[pairs], other[pairs]
    overlap = radius[one] + radius[other] - np.hypot(x[one] - x[other], y[one] - y[other])
    assert overlap.max(initial=0) < 1e-9 * (x.max() - x.min())
    sheet = lay_out(united_states)
    west, south, east, north = sheet.bounds
    assert (x - radius).min() >= west - 1e-6 <= east + 1e-6 >= (x + radius).max()
    assert (y - radius).min() >= south - 1e-6 <= north + 1e-6 >= (y + radius).max()
    home = shapely.get_coordinates(shapely.centroid(sheet.polygons)) / sheet.metres_per_unit
    away = np.hypot(x - home[:, 0], y - home[:, 1]) / (east - west)
    assert np.median(away) < 0.06
    assert np.corrcoef(x, home[:, 0])[0, 1] > 0.97
    assert np.corrcoef(y, home[:, 1])[0, 1] > 0.95
    screen.open(national_page, "#view=voters")
    assert [one.tolist() for one in (x, y, radius)] == screen.run(CIRCLES)


def test_a_circle_has_the_colour_of_its_nation_and_is_what_the_map_speaks_of(
    screen: Any, page_to_paint: Path, united_states: Units, state_plan: Plan
) -> None:
    screen.open(page_to_paint, "#view=voters")
    large = np.argsort(-united_states.votes["2016"].sum(axis=1))[:40]
    for unit in large.tolist():
        x, y = window_of(screen, unit)
        seen = {screen.colour_at(x + dx, y + dy) for dx in (-5, 0, 5) for dy in (-6, 6)}
        assert LIGHT.nations[state_plan.assignment[unit]] in seen
        assert LIGHT.nations[1 - state_plan.assignment[unit]] not in seen
    unit = int(large[0])
    screen.point_at(*window_of(screen, unit))
    assert screen.tooltip().startswith(f"{united_states.names[unit]} ")
    assert not screen.one("#scale").is_displayed()
    assert not screen.one("input[value=states]").is_displayed()
    screen.one("#what-if-switch").click()
    screen.driver.execute_script("document.activeElement.blur()")
    screen.point_at(*window_of(screen, unit))
    x, y = window_of(screen, unit)
    screen.driver.execute_cdp_cmd("Input.dispatchMouseEvent", mouse("mousePressed", x, y))
    screen.driver.execute_cdp_cmd("Input.dispatchMouseEvent", mouse("mouseReleased", x, y))
    part = screen.run("return nations.part[arguments[0]]", unit)
    assert part == 1 - state_plan.assignment[unit]
    assert "view=voters" in screen.driver.current_url
    assert "moved=" in screen.driver.current_url
    screen.run("page.showUnit(arguments[0])", int(large[3]))
    assert screen.tooltip().startswith(f"{united_states.names[large[3]]} ")
    screen.choose("view", "nations")
    screen.wait()
    assert screen.run("return page.units.at(...page.units.anchor(arguments[0]))", unit) == unit
    assert screen.run("return page.units.shownCircles") is None


@pytest.mark.parametrize(("size", "least"), [((1400, 900), 15), ((390, 844), 2)])
def test_names_of_circles_touch_no_other_circle_and_no_other_name(
    screen: Any, national_page: Path, united_states: Units, size: tuple[int, int], least: int
) -> None:
    screen.resize(*size, is_phone=size[0] < 500)
    screen.open(national_page, "#view=voters")
    counts = []
    for _ in range(3):
        named = screen.run("return page.places.placed")
        counts.append(len(named))
        drawn = screen.run(
            "const c = page.units.circles(), { a, b, c: d, d: e } = page.places.transformation();"
            "const o = map.containerPointToLayerPoint([0, 0]);"
            "return [...c.x].map((x, unit) =>"
            " [a * x + b - o.x, d * c.y[unit] + e - o.y, a * c.radius[unit]])"
        )
        x, y, radius = np.array(drawn).T
        circles = shapely.buffer(shapely.points(x, y), radius, quad_segs=32)
        near = np.flatnonzero(radius >= 3)
        boxes = []
        for one in named:
            rows = [shapely.box(*map(row.get, SIDES)) for row in one["rows"]]
            assert "".join(row["text"] for row in one["rows"]).replace(" ", "") == "".join(
                one["text"].split()
            )
            boxes.append(shapely.box(*map(one.get, SIDES)))
            own = [
                unit
                for unit in np.flatnonzero(united_states.names == one["text"])
                if shapely.distance(circles[unit], boxes[-1]) < 5
            ]
            assert own, one["text"]
            shrunk = shapely.union_all(rows).buffer(-0.5)
            if not any(shapely.covers(circles[unit], shrunk) for unit in own):
                touched = near[shapely.intersects(circles[near], shrunk)]
                assert set(touched.tolist()) <= set(own), one["text"]
        assert not any(a.intersects(b) for a, b in itertools.combinations(boxes, 2))
        screen.run("map.setZoom(map.getZoom() + 1, { animate: false })")
    assert counts[0] >= least
    assert counts[1] > counts[0]


def mouse(kind: str, x: int, y: int) -> dict[str, Any]:
    return {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}


def test_circles_grow_out_of_the_land_unless_motion_is_unwanted(
    screen: Any, national_page: Path
) -> None:
    watch = (
        "window.seen = []; const paint = nations.paintVotes;"
        "nations.paintVotes = function (...given) {"
        " seen.push(this.unfolded); return paint.apply(this, given); };"
    )
    screen.open(national_page)
    screen.run(watch)
    screen.choose("view", "voters")
    screen.wait(1.5)
    seen = screen.driver.execute_script("return seen")
    assert seen[-1] == 1
    assert any(0 < one < 1 for one in seen)
    features = [{"name": "prefers-reduced-motion", "value": "reduce"}]
    features += [{"name": "prefers-color-scheme", "value": "dark"}]
    screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    screen.open(national_page)
    screen.run(watch)
    screen.choose("view", "voters")
    screen.wait(0.5)
    assert set(screen.driver.execute_script("return seen")) == {1}
    assert screen.count_pixels(DARK.nations[1]) > 10_000


def test_circles_of_a_crowded_city_lie_beside_each_other_and_in_the_order_of_the_land(
    screen: Any, tmp_path: Path
) -> None:
    """Nine tenths of the voters on a hundredth of the land, which all push each other."""
    side = 50
    x, y = (one.ravel() * 1000.0 for one in np.mgrid[:side, :side])
    units = make_units(shapely.box(x, y, x + 1000, y + 1000))
    away = np.hypot(x - 12_000, y - 30_000)
    rng = np.random.default_rng(3)
    votes = (
        rng.integers(1, 60, (side**2, 2))
        + (rng.pareto(2, (side**2, 2)) * 9000).astype(int) * (away < 3_000)[:, None]
    )
    object.__setattr__(units, "votes", {"2016": votes})
    plan = Plan((votes[:, 0] > votes[:, 1]).astype(np.int8))
    page = maps.draw(units, plan, maps.MapSummary("City", "", ""), "2016")
    screen.open(maps.save(page, tmp_path / "map.html"), "#view=voters")
    at_x, at_y, radius = (np.array(one) for one in screen.run(CIRCLES))
    one, other = shapely.STRtree(shapely.buffer(shapely.points(at_x, at_y), radius)).query(
        shapely.buffer(shapely.points(at_x, at_y), radius), predicate="intersects"
    )
    one, other = one[one < other], other[one < other]
    overlap = (
        radius[one] + radius[other] - np.hypot(at_x[one] - at_x[other], at_y[one] - at_y[other])
    )
    assert overlap.max(initial=0) < 1e-9 * (at_x.max() - at_x.min())
    assert (radius**2).sum() * np.pi > 0.2 * np.ptp(at_x) * np.ptp(at_y)
    assert min(np.corrcoef(at_x, x)[0, 1], np.corrcoef(at_y, y)[0, 1]) > 0.85


def test_places_without_votes_and_places_at_one_point_do_no_harm(
    screen: Any, tmp_path: Path
) -> None:
    rings = [shapely.Point(0, 0).buffer(100 * k) for k in range(5, 0, -1)]
    hoops = [a.difference(b) for a, b in zip(rings, [*rings[1:], shapely.Point()], strict=True)]
    units = make_units(np.array(hoops))
    object.__setattr__(
        units, "votes", {"2016": np.array([[5, 5], [0, 0], [7, 3], [10, 0], [0, 10]])}
    )
    summary = maps.MapSummary("Hoops", "", "")
    page = maps.draw(units, Plan(np.array([0, 1, 0, 1, 0])), summary, "2016")
    screen.open(maps.save(page, tmp_path / "map.html"), "#view=voters")
    x, y, radius = (np.array(one) for one in screen.run(CIRCLES))
    assert radius[1] == 0
    assert np.isfinite([x, y]).all()
    apart = np.hypot(np.subtract.outer(x, x), np.subtract.outer(y, y))[
        np.ix_([0, 2, 3, 4], [0, 2, 3, 4])
    ]
    assert apart[np.triu_indices(4, 1)].min() > 1.99 * radius[0]
    assert screen.errors() == []
    object.__setattr__(units, "votes", {"2016": np.zeros((5, 2), np.int64)})
    page = maps.draw(units, Plan(np.array([0, 1, 0, 1, 0])), summary, "2016")
    screen.open(maps.save(page, tmp_path / "none.html"), "#view=voters")
    assert screen.all("input[name=view][value=voters]") == []
    assert screen.run("return nations.view") == "agreement"
