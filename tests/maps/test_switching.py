"""Groups that would switch: coloured, numbered, with an arrow, and told of in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import maps
from maps.style import LIGHT
from maps.switching import SwitchingGroup, switching_data
from shapefiles.units import Units
from solvers.plan import Plan

GROUP = SwitchingGroup(1, "County 5 & co", "+7", np.array([4, 5]), 1, (5, 6))
SUMMARY = maps.MapSummary("Switching", "7", "voters")


def draw(units: Units, groups: list[SwitchingGroup], folder: Path) -> Path:
    # Rectangles in rows of four: the lower two rows red, the third blue.
    plan = Plan((np.arange(units.n_units) >= 6).astype(np.int8))
    page = maps.draw(units, plan, SUMMARY, "2016", switching=groups, opens_with="switching")
    return maps.save(page, folder / "map.html")


def test_no_name_stands_under_a_mark_or_an_arrow(screen, abroad: Units, tmp_path: Path) -> None:
    screen.open(draw(abroad, [GROUP], tmp_path))
    marks = screen.run("return page.overlays[0].boxes()")
    assert len(marks) > 3

    def covered() -> int:
        names = screen.run("return page.places.placed.map((one) => ({ ...one }))")
        assert names
        return sum(
            name["left"] < mark["right"]
            and mark["left"] < name["right"]
            and name["top"] < mark["bottom"]
            and mark["top"] < name["bottom"]
            for name in names
            for mark in marks
        )

    assert covered() == 0
    screen.choose("view", "nations")
    assert screen.run("return page.overlays[0].boxes()") == []
    assert covered() > 0  # where the mark was there is room for a name


def test_a_group_is_marked_in_its_view_alone_and_its_row_leads_there(
    screen, abroad: Units, tmp_path: Path
) -> None:
    screen.open(draw(abroad, [GROUP], tmp_path))
    assert screen.errors() == []
    blue, red = LIGHT.nations[1], LIGHT.red[1]
    colours = [screen.colour_of(abroad, f"{unit:03}") for unit in (4, 0, 9)]
    assert colours == [blue, red, LIGHT.blue[1]]
    assert screen.count_pixels(LIGHT.blue[-1], "page.overlays[0]") > 100  # mark and arrow
    screen.one("[data-group='0']").click()
    screen.wait()
    assert "County 5" in screen.tooltip()
    assert "Would join the blue nation with group 1" in screen.tooltip()
    screen.choose("view", "nations")
    assert screen.count_pixels(LIGHT.blue[-1], "page.overlays[0]") == 0
    assert screen.errors() == []
    assert screen.violations() == []


def test_what_says_a_nation_by_its_colour_does_so_in_colours_of_the_system(
    screen, abroad: Units, tmp_path: Path
) -> None:
    features = [{"name": "forced-colors", "value": "active"}]
    screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": features})
    path = draw(abroad, [GROUP, GROUP._replace(number=2, rows=np.array([6]), part=0)], tmp_path)
    screen.driver.get(f"{path.as_uri()}?embed")
    lost = screen.run(
        "return [...document.querySelectorAll('[style*=background]')].filter((one) =>"
        "getComputedStyle(one).forcedColorAdjust !== 'none')"
        ".map((one) => one.parentElement.outerHTML)"
    )
    assert lost == []
    shades = {one.value_of_css_property("background-color") for one in screen.all("#embedded i")}
    assert len(shades) == 2
    shades = {one.value_of_css_property("background-color") for one in screen.all(".group i")}
    assert len(shades) == 2


@pytest.mark.parametrize("has_groups", [False, True])
def test_however_many_views_there_are_all_can_be_read_and_chosen(
    screen, abroad: Units, tmp_path: Path, has_groups: bool
) -> None:
    plan = Plan((np.arange(12) >= 6).astype(np.int8))
    groups = [GROUP] if has_groups else None
    page = maps.draw(abroad, plan, SUMMARY, "2016", robustness=np.full(12, 1), switching=groups)
    path = maps.save(page, tmp_path / "map.html")
    for width in (1400, 320):
        screen.resize(width, 700, is_phone=width < 500)
        screen.open(path)
        panel = screen.run("return document.getElementById('panel-body').getBoundingClientRect()")
        labels = screen.all(".views label")
        assert len(labels) == (7 if has_groups else 6)
        for label in labels:
            assert label.rect["x"] + label.rect["width"] <= panel["right"] + 0.5, label.text
            assert label.get_property("scrollWidth") <= label.rect["width"] + 1, label.text
        labels[-1].click()
        assert screen.run("return nations.view") == "voters"
        assert screen.violations() == []


def test_names_of_groups_are_text_and_none_is_said_in_words(abroad: Units, tmp_path: Path) -> None:
    page = draw(abroad, [replace_name("<b>&")], tmp_path).read_text(encoding="utf-8")
    assert "<span>&lt;b&gt;&amp;</span>" in page
    page = draw(abroad, [], tmp_path).read_text(encoding="utf-8")
    assert "No group was found that would switch." in page
    plain = maps.draw(abroad, Plan(np.zeros(12, np.int8)), SUMMARY, "2016")
    assert "switching" not in {one.get("value") for one in _inputs(plain.get_root().render())}


def replace_name(name: str) -> SwitchingGroup:
    return GROUP._replace(name=name)


def _inputs(page: str) -> list[dict[str, str]]:
    return [{"value": part.split('"')[0]} for part in page.split('name="view" value="')[1:]]


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ([GROUP, GROUP._replace(number=2)], "Unit 4 is in group 2 and in another one"),
        ([GROUP._replace(rows=np.array([12]))], "has unit 12, of 12"),
    ],
)
def test_groups_of_other_units_are_refused(groups: list[SwitchingGroup], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        switching_data(groups, 12, ("Blue", "Red"))
