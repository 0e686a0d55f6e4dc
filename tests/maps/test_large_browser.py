"""Large maps are drawn in parts: what is moved is the same as what is drawn anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

import maps
from maps.style import LIGHT
from maps.topology import numbered
from solvers.plan import Plan
from tests.maps.conftest import make_units

SIDE = 90


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Random squares: frontiers everywhere."""
    return Plan(np.random.default_rng(3).integers(0, 2, SIDE * SIDE).astype(np.int8))


@pytest.fixture(scope="module")
def large_page(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    x, y = (one.ravel() * 1000.0 for one in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
    units = make_units(shapely.box(x, y, x + 1000, y + 1000))
    object.__setattr__(units, "states", np.full(units.n_units, "AA"))
    page = maps.draw(units, plan, maps.MapSummary("Squares", "", ""), "2016")
    return maps.save(page, tmp_path_factory.mktemp("large") / "map.html")


TAKE = """
const context = nations.canvas._ctx, { width, height } = context.canvas;
window.taken = context.getImageData(0, 0, width, height).data;
"""
DIFFERENCES = """
const context = nations.canvas._ctx, { width, height } = context.canvas;
const { data } = context.getImageData(0, 0, width, height);
let [some, clear] = [0, 0];
data.forEach((value, i) => {
  some += value !== taken[i];
  clear += Math.abs(value - taken[i]) > 40;
});
return [some / data.length, clear];
"""


@pytest.mark.parametrize("zoom", [0, 1.5, 4])
def test_a_map_that_was_moved_looks_as_one_that_was_drawn_there(
    screen: Any, large_page: Path, zoom: float
) -> None:
    screen.open(large_page, "#view=nations")
    assert screen.run("return page.units.isLarge")
    zoom_in = "map.setZoom(map.getZoom() + arguments[0], { animate: false })"
    screen.run(f"window.painted = []; {zoom_in}", zoom)
    watch = (
        "const ground = nations.paintGround; window.grounds = [];"
        "nations.paintGround = function (c, g) { grounds.push(g); return ground.call(this, c, g); }"
    )
    screen.run(watch)
    for x, y in ((310, 0), (-120, 77), (13, -240), (0, 51)):
        screen.run("map.panBy([arguments[0], arguments[1]], { animate: false })", x, y)
    area = screen.run("return grounds.map(([l, t, r, b]) => (r - l) * (b - t))")
    whole = screen.run("const { x, y } = map.getSize(); return 1.5 * x * 1.5 * y")
    assert 0 < sum(area) < 1.5 * whole, "four moves drew less than twice the map"
    screen.run(TAKE)
    screen.run("nations.repaint()")
    some, clear = screen.run(DIFFERENCES)
    # Where tiles begin changes how edges are smoothed, and at most a few pixels of corners.
    assert clear < 40
    assert some < 0.1


def test_every_unit_has_its_colour_and_the_frontier_is_crisp(
    screen: Any, large_page: Path, plan: Plan
) -> None:
    screen.open(large_page, "#view=nations")
    screen.run("map.setZoom(map.getZoom() + 1, { animate: false })")
    seen = screen.run(
        """
        const context = nations.canvas._ctx, { a, b, c, d } = nations.transformation();
        const { min } = nations.canvas._bounds, middles = page.units.middles(), found = [];
        const { width, height } = context.canvas;
        for (let unit = 0; unit < page.units.n; unit += 37) {
          const x = a * middles[2 * unit] + b - min.x, y = c * middles[2 * unit + 1] + d - min.y;
          if (x < 0 || y < 0 || x >= width || y >= height) continue;
          found.push([unit, ...context.getImageData(x, y, 1, 1).data.slice(0, 3)]);
        }
        return found;
        """
    )
    assert len(seen) > 50
    for unit, *colour in seen:
        assert f"#{bytes(colour).hex()}" == LIGHT.nations[plan.assignment[unit]], unit
    assert screen.count_pixels(LIGHT.frontier) > 20_000
    assert screen.errors() == []


def test_points_are_told_apart_however_alike_they_are() -> None:
    rng = np.random.default_rng(0)
    values = np.array([0.0, -0.0, 1e-300, 1.0, 1 + 2**-52, -1.0, 7e15, 7e15 + 1])
    coords = rng.choice(values, (400, 2))
    number = numbered(coords)
    same = (coords[:, None] == coords[None]).all(axis=2)
    assert np.array_equal(number[:, None] == number[None], same)
