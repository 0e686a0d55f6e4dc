"""Many plans as neutral values: what is proven of them, how they are written, and the picture."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import maps
from maps.explorer import encode_flips
from maps.reach import HalfPlane, half_planes, reachable
from maps.style import DARK, LIGHT
from maps.trade_off import FIELD
from shapefiles.units import Units
from solvers.plan import Plan
from tests.maps.conftest import make_explored, make_units


def read_flips(text: str) -> list[int]:
    """Read units by the published scheme: seven bits a byte, low first, then zigzag, then sums."""
    numbers, value, shift = [], 0, 0
    for byte in base64.b64decode(text):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value >> 1 ^ -(value & 1))
            value = shift = 0
    assert numbers[0] == len(numbers) - 1
    return np.cumsum(numbers[1:]).tolist()


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=700))
def test_a_plan_is_written_as_what_differs_from_the_one_before(pairs: list) -> None:
    before, after = (np.array(one, np.int8) for one in zip(*pairs, strict=True))
    flips = read_flips(encode_flips(Plan(before), Plan(after)))
    assert flips == np.flatnonzero(before != after).tolist()


PLANE = st.tuples(*[st.integers(-9, 9)] * 2, st.integers(-20, 20)).map(lambda one: HalfPlane(*one))


@given(st.lists(PLANE, max_size=8))
def test_what_is_left_of_the_frame_is_what_no_bound_excludes(planes: list[HalfPlane]) -> None:
    left = reachable(planes, (0, 0), (6, 4))
    shape = shapely.Polygon(left) if len(left) > 2 else shapely.Polygon()
    for x in np.linspace(0.05, 5.95, 24):
        for y in np.linspace(0.05, 3.95, 16):
            worst = max((one.excess((x, y)) for one in planes), default=-1)
            if abs(worst) > 1e-6:  # on the very line either will do
                assert shape.covers(shapely.Point(x, y)) == (worst < 0), (x, y)


def test_a_bound_on_a_third_figure_says_nothing_of_two() -> None:
    bounds = [maps.Bound({"a": 1.0, "b": -2.0, "c": 3.0}, 1), maps.Bound({"b": 1.0}, 5)]
    assert half_planes(bounds, "a", "b") == [(0, 1, 5)]
    assert half_planes(bounds, "b", "b") == [(1, 0, 5)]
    assert half_planes(bounds, "a", "c") == []


def test_what_cannot_be_drawn_is_refused(united_states: Units) -> None:
    explored = make_explored(united_states, 3)
    plan = explored.plans[0]
    keep = {"title": "", "measures": explored.measures, "across": "km", "up": "share"}
    with pytest.raises(ValueError, match="no plan to show"):
        maps.Explored(plans=(), **keep)
    with pytest.raises(ValueError, match="same place"):
        maps.Explored(plans=(plan, plan), dials=explored.dials, **keep)
    with pytest.raises(ValueError, match=r"stands at \(0,\), and the dials have \[\]"):
        maps.Explored(plans=(plan,), **keep)
    with pytest.raises(ValueError, match="3 dials"):
        maps.Explored(plans=(plan,), dials=explored.dials * 3, **keep)
    with pytest.raises(ValueError, match="No measure is called miles"):
        maps.Explored(plans=explored.plans, dials=explored.dials, **keep | {"across": "miles"})
    other = replace(plan, facts=(("Seed", "0"),))
    with pytest.raises(ValueError, match="Facts of all plans"):
        maps.Explored(plans=(explored.plans[1], other), dials=explored.dials, **keep)
    two = make_units(shapely.box([0, 900], 0, [900, 1800], 900))
    with pytest.raises(ValueError, match="'Plans to explore 0' has 3113 units and the map 2"):
        maps.explore(two, explored, "2016")


def test_names_from_files_are_text_on_the_page(
    hostile_units: Units, hostile: str, tmp_path: Path
) -> None:
    explored = make_explored(hostile_units, 2, title=hostile)
    page = maps.save(maps.explore(hostile_units, explored, "2016"), tmp_path / "page.html")
    text = page.read_text()
    assert hostile not in text
    data = text.split('id="plan-data">')[1].split("</script>")[0]
    assert json.loads(data)["names"][0] == hostile


@pytest.fixture(scope="module")
def picture(united_states: Units) -> Figure:
    return maps.draw_explored(united_states, make_explored(united_states, 12))


def test_the_picture_has_the_plans_and_some_of_their_maps(picture: Figure) -> None:
    chart, *small = picture.axes
    assert len(small) == 6
    (line,) = [one for one in chart.lines if len(one.get_xdata()) == 12]
    assert line.get_color() == LIGHT.steps[4]
    used = {patch.get_facecolor() for axes in small for patch in axes.patches}
    assert not used & {line.get_color()}


def test_the_picture_says_which_colour_is_which_nation_and_where_it_is_from(
    united_states: Units,
) -> None:
    explored = replace(
        make_explored(united_states, 2), nations=("Remain", "Leave"), source="Public record"
    )
    figure = maps.draw_explored(united_states, explored)
    swatches = [(one.get_x(), one.get_facecolor()) for one in figure.artists]
    assert [to_hex(colour) for _, colour in swatches] == [*reversed(LIGHT.nations)]
    said = {one.get_text(): one.get_position()[0] for one in figure.texts}
    assert swatches[0][0] < said["Remain"] < swatches[1][0] < said["Leave"]
    assert any(one.startswith("Source: Public record. Made with") for one in said)


def test_the_picture_shades_exactly_what_the_bounds_exclude(
    picture: Figure, united_states: Units
) -> None:
    explored = make_explored(united_states, 12)
    axes = picture.axes[0]
    (ground,) = [one for one in axes.patches if one.get_gid() == "beyond"]
    planes = half_planes(explored.bounds, "km", "share")
    assert len(planes) == 12
    frame, hole = ground.get_path().to_polygons()
    shaded = shapely.Polygon(frame, [hole])
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    inside = 0
    for x in np.linspace(west, east, 40)[1:-1]:
        for y in np.linspace(south, north, 40)[1:-1]:
            is_beyond = any(one.excess((x, y)) > 0 for one in planes)
            assert shaded.contains(shapely.Point(x, y)) == is_beyond
            inside += is_beyond
    assert 50 < inside < 1400
    for one in explored.plans:
        assert all(plane.excess((one.figures["km"], one.figures["share"])) <= 0 for plane in planes)


def test_text_in_the_svg_can_be_edited_and_names_fonts_that_people_have(
    picture: Figure, tmp_path: Path
) -> None:
    path = maps.save_static(picture, tmp_path / "picture.svg", has_outlines=False)
    texts = [one for one in ElementTree.parse(path).iter() if one.tag.endswith("}text")]
    written = {"".join(one.itertext()).strip() for one in texts}
    assert {"Plans to explore", "Frontier, km", "Proven: no plan in here"} <= written
    styles = " ".join(one.get("style", "") for one in texts)
    assert "Newsreader" in styles
    assert "Public Sans" in styles
    assert "two-nations" not in path.read_text()
    again = maps.save_static(picture, tmp_path / "again.svg", has_outlines=False)
    assert path.read_bytes() == again.read_bytes()
    assert path.stat().st_size < 3_000_000


def test_two_dials_are_a_field_of_one_hue(abroad: Units) -> None:
    figure = maps.draw_explored(abroad, make_explored(abroad, 12, n_rows=3))
    (image,) = figure.axes[0].images
    assert image.get_array().shape == (3, 4)
    assert list(image.get_cmap().colors) == list(LIGHT.steps[:FIELD])
    dark = maps.draw_explored(abroad, make_explored(abroad, 3), theme="dark")
    assert dark.axes[0].lines[0].get_color() == DARK.steps[4]
    with pytest.raises(ValueError, match="no theme 'sepia'"):
        maps.draw_explored(abroad, make_explored(abroad, 3), theme="sepia")
