"""Names stand where they belong: units on their own land, moved states beside it, apart."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

import maps
from maps.layout import lay_out
from shapefiles.units import Units
from solvers.plan import Plan
from tests.maps.conftest import make_explored, make_units

# Pixels that letters may reach over the line which a unit shares with another one.
SLACK = 1.0

BOXES = """
const origin = map.getContainer().getBoundingClientRect();
return page.places.placed.map(({ text, left, right, top, bottom }) => {
  const corners = [[left, top], [right, bottom]].map(([x, y]) => {
    const { lat, lng } = map.containerPointToLatLng([x, y]);
    return [lng, lat];
  });
  return [text, ...corners];
});
"""


@pytest.fixture
def districts() -> Units:
    """Bent districts on two islands: what lies around a name is often not the district's."""
    rng = np.random.default_rng(4)
    cells = []
    for x, y, radius, count in ((0, 0, 20_000, 40), (-34_000, -24_000, 9_000, 9)):
        island = shapely.Point(x, y).buffer(radius)
        points = shapely.MultiPoint(rng.uniform(-radius, radius, (count, 2)) + np.array([x, y]))
        parts = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=island))
        cells += [one for one in shapely.intersection(parts, island) if not one.is_empty]
    # Every other pair of neighbours is one district, shaped like an L or a boomerang.
    joined = []
    while cells:
        first = cells.pop()
        near = [k for k, one in enumerate(cells) if first.intersection(one).length > 3_000]
        joined.append(
            shapely.union(first, cells.pop(near[0])) if near and len(joined) % 2 else first
        )
    polygons = np.array([shapely.set_precision(one, 1) for one in joined], object)
    return make_units(polygons, [f"District {k}" for k in range(len(polygons))])


def test_names_of_units_never_leave_their_land(
    screen: Any, districts: Units, tmp_path: Path
) -> None:
    plan = Plan(np.arange(districts.n_units) % 2)
    summary = maps.MapSummary("Two islands", "50 %", "of somebody")
    screen.open(maps.save(maps.draw(districts, plan, summary, "2016"), tmp_path / "map.html"))
    sheet = lay_out(districts)
    polygons = dict(zip(districts.names.tolist(), sheet.polygons, strict=True))
    counts = []
    for _ in range(3):
        named = screen.run(BOXES)
        counts.append(len(named))
        pixel = screen.run(
            "return map.containerPointToLatLng([1, 0]).lng - map.containerPointToLatLng([0, 0]).lng"
        )
        for text, (west, north), (east, south) in named:
            box = np.array([west, south, east, north]) * sheet.metres_per_unit
            margin = SLACK * pixel * sheet.metres_per_unit
            assert shapely.box(*box).buffer(-margin).within(polygons[text]), text
        screen.run("map.setZoom(map.getZoom() + 1, { animate: false })")
    assert counts[0] >= 25


@pytest.fixture
def archipelago() -> Units:
    """Bent districts on two islands, one of them across the line of 180 degrees."""
    rng = np.random.default_rng(5)
    cells = []
    for x, y, radius, count in ((178.0, -17.8, 0.7, 14), (180.0, -16.6, 0.6, 12)):
        island = shapely.Point(x, y).buffer(radius)
        points = shapely.MultiPoint(rng.uniform(-radius, radius, (count, 2)) + np.array([x, y]))
        parts = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=island))
        cells += [one for one in shapely.intersection(parts, island) if not one.is_empty]
    polygons = np.array([shapely.set_precision(one, 1e-6) for one in cells], object)
    names = [f"Tikina {k} & <b>" for k in range(len(polygons))]
    return make_units(polygons, names, crs="EPSG:4326")


@pytest.mark.parametrize("land", ["united_states", "archipelago"])
def test_names_never_collide_and_units_keep_theirs_on_their_land(
    screen: Any, land: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    units = request.getfixturevalue(land)
    plan = Plan((np.arange(units.n_units) % 2).astype(np.int8))
    page = maps.draw(units, plan, maps.MapSummary("Names", "50 %", "of somebody"), "2016")
    screen.open(maps.save(page, tmp_path / "map.html"))
    sheet = lay_out(units)
    rows = {name: np.flatnonzero(units.names == name) for name in units.names.tolist()}
    cities = {name for name, *_ in screen.run("return page.places.places")}
    counts = []
    for _ in range(3):
        named = screen.run(BOXES)
        boxes = [
            shapely.box(*np.array([west, south, east, north]) * sheet.metres_per_unit)
            for _, (west, north), (east, south) in named
        ]
        one, other = shapely.STRtree(boxes).query(boxes, predicate="overlaps")
        assert not len(one), [(named[a][0], named[b][0]) for a, b in zip(one, other, strict=True)]
        pixel = screen.run(
            "return map.containerPointToLatLng([1, 0]).lng - map.containerPointToLatLng([0, 0]).lng"
        )
        of_units = [
            (text, box.buffer(-SLACK * pixel * sheet.metres_per_unit))
            for (text, *_), box in zip(named, boxes, strict=True)
            if text not in cities
        ]
        counts.append(len(of_units))
        for text, box in of_units:
            assert any(box.within(sheet.polygons[row]) for row in rows[text]), text
        screen.run("map.setZoom(map.getZoom() + 1, { animate: false })")
    assert max(counts) >= 8
    assert land != "united_states" or len(cities) > 100


def rects_of_labels(screen: Any) -> list[dict[str, float]]:
    return screen.driver.execute_script(
        """return [...document.querySelectorAll(".inset-label span")].map((one) => {
          const { left, right, top, bottom } = one.getBoundingClientRect();
          return { left, right, top, bottom, text: one.textContent };
        }).filter(({ right, left }) => right > left);"""
    )


@pytest.mark.parametrize("size", [(1400, 900), (390, 844), (320, 700)])
@pytest.mark.parametrize("page_name", ["national_page", "comparison_page"])
def test_what_a_moved_state_is_stands_beside_it_and_apart_from_all_names(
    screen: Any,
    united_states: Units,
    request: pytest.FixtureRequest,
    page_name: str,
    size: tuple[int, int],
) -> None:
    screen.resize(*size, is_phone=size[0] < 500)
    screen.open(request.getfixturevalue(page_name))
    sheet = lay_out(united_states)
    land = shapely.union_all(sheet.polygons)
    for _ in range(3):
        labels = rects_of_labels(screen)
        assert {one["text"] for one in labels} == {"Alaska", "Hawaii"}
        found = screen.run(
            """return page.names.map((names) => {
              const one = names.map;
              const { left, top } = one.getContainer().getBoundingClientRect();
              return [...one.getContainer().querySelectorAll(".inset-label span")].map((label) => {
                const box = label.getBoundingClientRect();
                const [a, b] = [[box.left, box.top], [box.right, box.bottom]].map(([x, y]) =>
                  one.containerPointToLatLng([x - left, y - top]));
                return {
                  text: label.textContent,
                  land: [a.lng, b.lat, b.lng, a.lat],
                  box: [box.left - left, box.top - top, box.right - left, box.bottom - top],
                  names: names.placed.map((n) => [n.left, n.top, n.right, n.bottom, n.text]),
                };
              });
            });"""
        )
        for label in itertools.chain(*found):
            box = shapely.box(*(np.array(label["land"]) * sheet.metres_per_unit))
            assert not box.intersects(land), label["text"]
            for left, top, right, bottom, text in label["names"]:
                other = shapely.box(left, top, right, bottom)
                assert not shapely.box(*label["box"]).intersects(other), (label["text"], text)
        screen.run("map.setZoom(map.getZoom() + 1, { animate: false })")


def test_who_leaves_is_not_who_stays_where_one_plan_has_one_nation(
    screen: Any, some_states: Units, tmp_path: Path
) -> None:
    california = some_states.states == "CA"
    leaves = int(some_states.attributes["population"][california].sum())
    together = {
        "blue": np.ones(some_states.n_units, np.int8),
        "red": np.zeros(some_states.n_units, np.int8),
    }
    plans = [
        maps.ComparedPlan(f"Nobody leaves, all {name}", Plan(one)) for name, one in together.items()
    ]
    plans += [maps.ComparedPlan("Calexit", Plan(california.astype(np.int8)))]
    page = maps.compare(some_states, plans, maps.ComparisonSummary("Who leaves"), "2016")
    screen.open(maps.save(page, tmp_path / "comparison.html"))
    assert screen.one("#next").text == "Everybody stays together in both plans."
    for a, b in ((0, 2), (1, 2), (2, 0)):
        screen.run("page.pin(arguments[0]); page.go(arguments[1], false)", a, b)
        said = screen.one("#next").text
        assert said.startswith(
            f"{california.sum()} of {some_states.n_units} places with {leaves / 1e6:.3g}M people"
        )
        drawn = screen.run(
            "return [...Array(page.units.n).keys()].map((u) => page.layer.colouring.difference(u))"
        )
        assert [one != "--land" for one in drawn] == california.tolist()


LONG = ("Mouvement démocratique WWM&Cie", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW")


def test_long_names_of_nations_push_nothing_out_of_sight(screen: Any, tmp_path: Path) -> None:
    x, y = (one.ravel() * 1e5 for one in np.mgrid[:4, :3])
    units = make_units(shapely.box(x, y, x + 1e5, y + 1e5))
    summary = maps.MapSummary(
        "Long names",
        "50 %",
        f"of {LONG[0]} and {LONG[1]} voters live at home",
        table=((f"{LONG[1]} votes", "212,440,443", "119,008,838"), ("People, 2020", "1", "2")),
        parties=LONG,
        nations=LONG,
    )
    plan = Plan((np.arange(units.n_units) % 2).astype(np.int8))
    page = maps.save(maps.draw(units, plan, summary, "2016"), tmp_path / "map.html")
    for width in (1400, 768, 390, 320):
        screen.resize(width, 900, is_phone=width < 500)
        screen.open(page)
        screen.driver.execute_script("document.querySelector('#details').open = true")
        for element in ("#panel-head", "#panel-body", "#panel table"):
            room = "const one = document.querySelector(arguments[0]);"
            room += "return [one.scrollWidth, one.clientWidth]"
            needed, given = screen.driver.execute_script(room, element)
            assert needed <= given, (width, element)
        cells = screen.all("#panel td")
        assert [one.rect["width"] > 70 for one in cells] == [True] * 4
    explored = make_explored(units, 3)
    dial = replace(explored.dials[0], name=f"Swing to {LONG[1]}")
    explored = replace(explored, dials=(dial,), nations=LONG, parties=LONG)
    page = maps.save(maps.explore(units, explored, "2016"), tmp_path / "sweep.html")
    for width in (768, 390, 320):
        screen.resize(width, 640, is_phone=width < 500)
        screen.open(page)
        for element in ("#pin", "#value-0", "#play"):
            box = screen.one(element).rect
            assert 0 <= box["x"] < box["x"] + box["width"] <= width, (width, element)
