"""A page can be shown, saved and added to in any order, and is the same page each time."""

from __future__ import annotations

import copy
import itertools
import pickle
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path

import folium
import numpy as np
import pytest
import shapely

import maps
from shapefiles.units import Edges, Units
from solvers.plan import Plan

SUMMARY = maps.MapSummary("Two", "50 %", "live there", table=(("People", "1", "2"),))
CODE = Path(maps.__file__).parents[1]


def make_units() -> Units:
    """Two counties side by side."""
    return Units(
        ids=np.array(["1", "2"]),
        names=np.array(["One", "Two"]),
        states=np.array(["AA", "BB"]),
        polygons=shapely.box([0, 900], 0, [900, 1800], 900),
        crs="EPSG:5070",
        votes={"2016": np.array([[10, 1], [2, 20]])},
        attributes={},
        edges=Edges(np.array([[0, 1]]), np.array([900.0]), np.array(["land"]), np.array([True])),
    )


def one_map() -> folium.Map:
    return maps.draw(make_units(), Plan(np.array([1, 0])), SUMMARY, "2016")


def robust_map() -> folium.Map:
    words = np.array(["always blue", "contested"])
    plan = Plan(np.array([1, 0]))
    return maps.draw(make_units(), plan, SUMMARY, "2016", robustness=words)


def several_maps() -> folium.Map:
    plans = [
        maps.ComparedPlan(name, Plan(np.array(parts)), "50 %")
        for name, parts in (("A", [1, 0]), ("B", [0, 1]))
    ]
    return maps.compare(make_units(), plans, maps.ComparisonSummary("Both"), "2016")


PAGES = (one_map, robust_map, several_maps)


def saved(page: folium.Map, tmp_path: Path) -> str:
    return maps.save(page, tmp_path / "page.html").read_bytes().decode()


def shown(page: folium.Map, _tmp_path: Path) -> str:
    """The page in what a notebook shows: the source of a frame."""
    html = page._repr_html_()
    source = html[html.index('srcdoc="') + 8 :]
    return unescape(source[: source.index('"')])


def folium_saved(page: folium.Map, tmp_path: Path) -> str:
    page.save(tmp_path / "other.html")
    return (tmp_path / "other.html").read_bytes().decode()


WAYS = (saved, shown, folium_saved)


@pytest.mark.parametrize("make", PAGES)
def test_a_page_is_the_same_in_any_order_of_showing_and_saving(
    make: Callable[[], folium.Map], tmp_path: Path
) -> None:
    expected = saved(make(), tmp_path)
    assert "One" in expected
    for order in itertools.product(WAYS, repeat=3):
        page = make()
        for way in order:
            assert way(page, tmp_path) == expected


def additions() -> list[folium.map.Element]:
    """Layers of all kinds that a page may have, with the same ids each time."""
    with pytest.MonkeyPatch.context() as patch:
        numbers = itertools.count()
        patch.setattr("branca.element.urandom", lambda size: next(numbers).to_bytes(size, "big"))
        return _layers()


def _layers() -> list[folium.map.Element]:
    points = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": "Here"},
                "geometry": {"type": "Point", "coordinates": [1, 2]},
            }
        ],
    }
    group = folium.FeatureGroup("Group")
    folium.Marker((1, 1), icon=folium.DivIcon(html="in a group")).add_to(group)
    return [
        folium.Marker((0, 0), popup="Plain"),
        folium.Marker((0, 1), icon=folium.DivIcon(html="an icon"), tooltip="Words"),
        folium.GeoJson(points, marker=folium.Marker(icon=folium.DivIcon(html="a point"))),
        folium.GeoJson(points, tooltip=folium.GeoJsonTooltip(fields=["name"])),
        folium.Circle((1, 1), radius=2),
        group,
        folium.LayerControl(),
    ]


@pytest.mark.parametrize("make", PAGES)
@pytest.mark.parametrize("first", WAYS)
def test_what_is_added_after_a_page_was_shown_or_saved_is_on_it(
    make: Callable[[], folium.Map], first: Callable[..., str], tmp_path: Path
) -> None:
    fresh, used = make(), make()
    for one in additions():
        one.add_to(fresh)
    first(used, tmp_path)
    for one in additions():
        one.add_to(used)
        first(used, tmp_path)
    expected = saved(fresh, tmp_path)
    assert expected.count("an icon") == 1
    assert expected.count(".setIcon(") >= 2
    for way in WAYS:
        assert way(used, tmp_path) == expected


def test_an_icon_that_needs_a_server_is_refused_each_time(tmp_path: Path) -> None:
    page = one_map()
    saved(page, tmp_path)
    folium.Marker((0, 0), icon=folium.Icon()).add_to(page)
    for way in (saved, shown, saved, shown):
        with pytest.raises(ValueError, match="Font Awesome"):
            way(page, tmp_path)


@pytest.mark.parametrize("make", PAGES)
def test_the_same_page_is_the_same_file_in_another_process(
    make: Callable[[], folium.Map], tmp_path: Path
) -> None:
    code = (
        f"import sys; sys.path[:0] = [{str(CODE)!r}]\n"
        f"import maps; from tests.maps.test_rendering import {make.__name__} as make\n"
        "maps.save(make(), sys.argv[1])\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "other.html")], check=True)
    assert (tmp_path / "other.html").read_text(encoding="utf-8") == saved(make(), tmp_path)


def test_another_plan_has_other_ids() -> None:
    names = {one_map().get_name(), one_map().get_name()}
    other = maps.draw(make_units(), Plan(np.array([0, 1])), SUMMARY, "2016")
    assert len(names) == 1
    assert other.get_name() not in names


@pytest.mark.parametrize("make", PAGES)
def test_a_copy_of_a_page_is_the_same_page(make: Callable[[], folium.Map], tmp_path: Path) -> None:
    expected = saved(make(), tmp_path)
    assert saved(copy.deepcopy(make()), tmp_path) == expected
    assert saved(pickle.loads(pickle.dumps(make())), tmp_path) == expected
