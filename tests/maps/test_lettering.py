"""Names on static maps: where they belong, the important ones first, none on another."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import maps
from maps.lettering import Box, Lettering, Name
from maps.places import places_on
from maps.saving import save_static
from maps.static import SIZES, Size, draw_static
from shapefiles.own.geonames import CREDIT
from shapefiles.units import Units
from solvers.plan import Plan
from tests.browser import sheet_of
from tests.maps.conftest import make_units

SUMMARY = maps.MapSummary("Title", "1 %", "of voters")
HUNDREDS = st.integers(-20, 220)


def extents(figure: Figure) -> dict[str, tuple[float, float, float, float]]:
    """Name and ink of every text on the map, in pixels, as the renderer measures it."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    return {
        text.get_text(): text.get_window_extent(renderer).extents for text in figure.axes[0].texts
    }


@pytest.fixture(scope="module")
def drawn(united_states: Units, state_plan: Plan) -> dict[Size, Figure]:
    return {
        size: draw_static(united_states, state_plan, SUMMARY, "2016", size=size) for size in SIZES
    }


@pytest.mark.parametrize("size", SIZES)
def test_names_cover_neither_each_other_nor_the_rim(size: Size, drawn: dict[Size, Figure]) -> None:
    figure = drawn[size]
    found = extents(figure)
    assert {"Alaska", "Hawaii", "New York", "Los Angeles"} <= set(found)
    assert len(found) >= {"slide": 16, "page": 14, "column": 8, "social": 8}[size]
    land = shapely.box(*figure.axes[0].get_window_extent().extents).buffer(1)
    inks = [shapely.box(*one) for one in found.values()]
    assert all(land.covers(ink) for ink in inks)
    assert not any(a.intersects(b) for a, b in itertools.combinations(inks, 2))


def test_a_dot_lies_where_its_place_is(united_states: Units, drawn: dict[Size, Figure]) -> None:
    figure = drawn["slide"]
    sheet = sheet_of(united_states)
    at = {place.name: (place.x, place.y) for place in places_on(sheet)}
    names = [text for text in figure.axes[0].texts if text.get_text() in at]
    lines = figure.axes[0].lines
    assert len(lines) == len(names)
    for text, line in zip(names, lines, strict=True):
        dot = line.get_xydata()[0]
        expected = np.array(at[text.get_text()]) * sheet.metres_per_unit
        assert dot == pytest.approx(expected, abs=1)
        chicago = sheet.polygons[united_states.ids == "17031"][0]
        if text.get_text() == "Chicago":
            assert chicago.distance(shapely.Point(dot)) < 3_000
        # Beside the dot, not somewhere else.
        box = shapely.box(*text.get_window_extent().extents)
        pixel = figure.axes[0].transData.transform(dot)
        assert box.distance(shapely.Point(pixel)) < 0.02 * figure.bbox.width


def test_few_units_are_named_inside_them_whatever_they_are_called(
    hostile: str, tmp_path: Path
) -> None:
    names = ["$x_1$ & <b>", "wide\nname", hostile, ""]
    units = make_units(shapely.box(1000 * np.arange(4), 0, 1000 * np.arange(1, 5), 1000), names)
    plan = Plan(np.array([1, 1, 0, 0]))
    figure = draw_static(units, plan, SUMMARY, "2016")
    found = extents(figure)
    # The third has no room for its name, the fourth has none.
    assert set(found) == {"$x_1$ & <b>", "wide name"}
    for unit, name in enumerate(found):
        corners = figure.axes[0].transData.transform([[1000 * unit, 0], [1000 * unit + 1000, 1000]])
        assert shapely.box(*corners.ravel()).contains(shapely.box(*found[name]))
    for suffix in ("png", "svg", "pdf"):
        assert save_static(figure, tmp_path / f"map.{suffix}").stat().st_size > 1000
    many = np.arange(200)
    units = make_units(shapely.box(1000 * many, 0, 1000 * many + 1000, 90_000))
    figure = draw_static(units, Plan(many % 2), SUMMARY, "2016")
    assert extents(figure) == {}


def test_names_are_left_out_on_request_and_their_source_is_told(
    united_states: Units, state_plan: Plan, drawn: dict[Size, Figure]
) -> None:
    def told(figure: Figure) -> str:
        return " ".join(one.get_text() for one in figure.findobj() if hasattr(one, "get_text"))

    figure = draw_static(united_states, state_plan, SUMMARY, "2016", names=False)
    assert set(extents(figure)) == {"Alaska", "Hawaii"}
    assert CREDIT not in told(figure)
    assert CREDIT in told(drawn["slide"])


@given(st.lists(st.tuples(st.sampled_from(["A", "Mm", "Los Angeles"]), HUNDREDS, HUNDREDS)))
def test_a_name_gives_way_to_those_before_it_only(places: list[tuple[str, int, int]]) -> None:
    taken = Box(80, 80, 120, 100)
    lettering = Lettering(200, 150, 8, [taken])
    lettering.add_places(places, lambda text: 5.0 * len(text))
    boxes = [taken, *(name.box for name in lettering.names)]
    for a, b in itertools.combinations(boxes, 2):
        assert not shapely.box(*a).relate_pattern(shapely.box(*b), "T********"), (a, b)
    # The first ones alone get the same room.
    fewer = Lettering(200, 150, 8, [taken])
    fewer.add_places(places[:3], lambda text: 5.0 * len(text))
    assert lettering.names[: len(fewer.names)] == fewer.names


@given(st.integers(0, 10_000))
def test_names_of_units_are_whole_and_on_their_land_in_as_many_lines_as_it_takes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    land = shapely.box(0, 0, 300, 200)
    points = shapely.multipoints(rng.uniform((0, 0), (300, 200), (12, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=land))
    cells = np.array([one.intersection(land) for one in cells])
    names = [f"{k}-La Pointe {k}-aux/{k}-Prairies" for k in range(len(cells))]
    lettering = Lettering(300, 200, 8)
    lettering.add_units(names, cells, lambda text: 4.0 * len(text))
    rows: dict[str, list[Name]] = {}
    for one in lettering.names:
        (owner,) = [k for k, cell in enumerate(cells) if cell.covers(shapely.box(*one.box))]
        rows.setdefault(names[owner], []).append(one)
    for name, lines in rows.items():
        assert "".join(one.text for one in lines).replace(" ", "") == name.replace(" ", "")
        assert [one.box.top for one in lines] == sorted(one.box.top for one in lines)[::-1]
    # A cell that is as wide and high as a name in three lines around its middle has its name.
    for name, cell in zip(names, cells, strict=True):
        wide, high = 4.0 * max(map(len, re.split("[ /]", name))) + 8, 3 * 1.15 * 8
        x, y = cell.centroid.coords[0]
        if cell.covers(shapely.box(x - wide, y - high / 2, x + wide, y + high / 2)):
            assert name in rows
