"""The page of several plans in a real browser."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import maps
from maps.style import LIGHT
from shapefiles.units import Units
from solvers.plan import Plan

ELKO, AROOSTOOK = "32007", "23003"  # far in the west, far in the east


@pytest.fixture
def opened(screen, comparison_page: Path):
    screen.open(comparison_page)
    return screen


def colour(screen, units: Units, geoid: str, drawing: str, owner: str) -> str:
    """The colour of a county on one of the drawings, in the coordinates of its own map."""
    x, y = screen.place_of(units, geoid)
    box = screen.run(f"const {{ x, y }} = {owner}.getContainer().getBoundingClientRect();"
                     "return [x, y]")  # fmt: skip
    return screen.colour_at(x + box[0], y + box[1], drawing)


def test_it_opens_without_an_error_or_a_request(screen, comparison_page: Path) -> None:
    screen.open(comparison_page)
    for mode in ("swipe", "all", "two"):
        screen.choose("mode", mode)
        screen.wait(0.1)
    for view in ("nations", "difference", "margin"):
        screen.choose("view", view)
    assert screen.errors() == []
    assert screen.requests() == {comparison_page.as_uri()}


def test_it_is_painted_within_two_seconds(screen, comparison_page: Path) -> None:
    assert 50 < screen.busy_until_painted(comparison_page) < 2_000
    # By the clock, which other processes make run on.
    assert 0 < screen.first_paint() < 4_000


def test_the_table_chooses_what_the_two_maps_show(
    opened, united_states: Units, compared_plans: list[maps.ComparedPlan]
) -> None:
    opened.choose("view", "nations")
    rows = {
        geoid: int(np.flatnonzero(united_states.ids == geoid)[0]) for geoid in (ELKO, AROOSTOOK)
    }
    for a, b in ((0, 1), (4, 10)):
        opened.choose("plan-A", f'"{a}"')
        opened.all("#plans tbody th")[b].click()
        assert opened.one(f'input[name=plan-B][value="{b}"]').is_selected()
        for index, drawing, owner in ((a, "page.layer", "map"), (b, "page.second", "page.other")):
            plan = compared_plans[index].plan.assignment
            for geoid, row in rows.items():
                found = colour(opened, united_states, geoid, drawing, owner)
                assert (index, geoid, found) == (index, geoid, LIGHT.nations[plan[row]])
        assert opened.one("#caption-A").text.split("\n") == [
            "A", compared_plans[a].label, compared_plans[a].headline,
        ]  # fmt: skip
        figures = [cell.text for cell in opened.all("#figures tbody td")]
        assert figures == [compared_plans[a].figures[0][1], compared_plans[b].figures[0][1]]


def test_the_difference_is_counted_and_drawn(
    opened, united_states: Units, compared_plans: list[maps.ComparedPlan]
) -> None:
    opened.choose("view", "difference")
    a, b = (one.plan.assignment for one in compared_plans[:2])
    differs = a != b
    people = united_states.attributes["population"][differs].sum()
    said = opened.one("#difference").text
    assert said.startswith(f"{differs.sum():,} of {united_states.n_units:,} places, with")
    assert f"{people / 1e6:.3g}M people" in said
    drawn = opened.run(
        "return [...Array(page.units.n).keys()].map((u) => page.layer.colouring.difference(u))"
    )
    expected = np.where(differs, np.where(a, "--nation-blue", "--nation-red"), "--land")
    assert drawn == expected.tolist()
    opened.choose("plan-B", '"0"')
    assert opened.one("#difference").text == "A and B are the same plan."


def test_the_maps_follow_each_other(opened) -> None:
    def centres() -> list[list[float]]:
        return opened.run(
            "return [map, page.other].map((m) => "
            "[m.getCenter().lng, m.getCenter().lat, m.getZoom()])"
        )

    stage = opened.one("#stage").rect
    for share in (0.25, 0.75):  # the upper map, then the lower one
        before = centres()
        x, y = stage["x"] + stage["width"] / 2, stage["y"] + share * stage["height"]
        actions = ActionChains(opened.driver, duration=0)
        pointer = actions.w3c_actions.pointer_action
        pointer.move_to_location(x, y)
        pointer.pointer_down()
        for step in (10, 40, 80):
            pointer.move_to_location(x + step, y + step / 2)
        actions.perform()
        ActionChains(opened.driver).pause(0.3).release().perform()
        opened.wait(0.6)  # a map that is let go glides on a little
        first, second = centres()
        assert first == pytest.approx(second)
        assert first != pytest.approx(before[0])
    opened.run("page.other.setZoom(2, { animate: false })")
    first, second = centres()
    assert first == pytest.approx(second)
    assert first[2] == 2


def test_the_divider_cuts_vectors_where_it_is_dragged(
    opened, united_states: Units, compared_plans: list[maps.ComparedPlan]
) -> None:
    opened.choose("mode", "swipe")
    stage = opened.one("#stage").rect
    handle = opened.one("#divider")

    def seen(x: float) -> str:
        """Which of the two drawings the browser shows at a height of the map."""
        return opened.run(
            """
            const [x, y] = arguments;
            const shows = ({ pane }) => {
              const corners = pane.style.clipPath.match(/-?[0-9.]+px/g).map(parseFloat);
              const at = map.containerPointToLayerPoint([x, y]);
              const xs = corners.filter((_, i) => i % 2 === 0);
              return Math.min(...xs) <= at.x && at.x < Math.max(...xs);
            };
            return [page.layer, page.overlay].map(shows).map(Number).join("");
            """,
            x - stage["x"],
            300,
        )

    middle = stage["x"] + stage["width"] / 2
    assert handle.rect["x"] + handle.rect["width"] / 2 == pytest.approx(middle, abs=2)
    target = stage["x"] + 0.8 * stage["width"]
    actions = ActionChains(opened.driver, duration=0)
    pointer = actions.w3c_actions.pointer_action
    pointer.move_to_location(middle, 600)
    pointer.pointer_down()
    pointer.move_to_location(target, 600)
    pointer.pointer_up()
    actions.perform()
    assert handle.rect["x"] == pytest.approx(target, abs=3)
    assert int(handle.get_attribute("aria-valuenow")) == 80
    assert seen(target - 20) == "10"
    assert seen(target + 20) == "01"
    opened.run("map.panBy([90, 10], { animate: false })")
    assert seen(target - 20) == "10"
    assert seen(target + 20) == "01"
    handle.send_keys(Keys.HOME)
    assert seen(middle) == "01"
    # Both drawings are there in full: cutting them is what the browser does with them.
    opened.choose("view", "nations")
    for index, drawing in ((0, "page.layer"), (1, "page.overlay")):
        plan = compared_plans[index].plan.assignment
        row = int(np.flatnonzero(united_states.ids == ELKO)[0])
        assert colour(opened, united_states, ELKO, drawing, "map") == LIGHT.nations[plan[row]]


def test_the_screen_shows_each_plan_on_its_side_of_the_divider(
    opened, united_states: Units
) -> None:
    # 10 is all red but for the coast of New England, 2 all blue but for that of California.
    opened.choose("mode", "swipe")
    opened.choose("view", "nations")
    opened.choose("plan-A", '"2"')
    opened.choose("plan-B", '"10"')
    _, y = opened.place_of(united_states, "20051")  # Ellis, Kansas: near the middle
    left = opened.one("#stage").rect["x"]
    shown = opened.shown_at((left + 350, y), (left + 650, y))
    assert shown == [LIGHT.nations[1], LIGHT.nations[0]]


def test_all_plans_are_drawn_small_and_chosen_by_a_click(
    opened, compared_plans: list[maps.ComparedPlan]
) -> None:
    opened.choose("mode", "all")
    opened.choose("view", "nations")
    opened.wait(0.8)
    shares = opened.run(
        """
        return page.multiples.cells.map(({ canvas }) => {
          const context = canvas.getContext("2d");
          const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
          let [red, blue] = [0, 0];
          for (let i = 0; i < pixels.length; i += 4) {
            if (pixels[i + 3] < 255) continue;
            if (pixels[i] > pixels[i + 2] + 40) red += 1;
            if (pixels[i + 2] > pixels[i] + 40) blue += 1;
          }
          return blue / (blue + red);
        });
        """
    )
    assert len(shares) == len(compared_plans)
    assert shares[2:] == sorted(shares[2:], reverse=True)
    assert shares[2] > 0.8
    assert shares[10] < 0.2
    opened.all("#multiples button")[6].click()
    assert opened.one("html").get_attribute("data-mode") == "two"
    assert compared_plans[6].label in opened.one("#caption-B").text


def test_a_tooltip_tells_of_both_plans(opened, united_states: Units) -> None:
    x, y = opened.place_of(united_states, ELKO)
    stage = opened.one("#stage").rect
    opened.point_at(round(stage["x"] + x), y)
    assert "Elko NV" in opened.tooltip()
    assert "Blue nation in A" in opened.tooltip()
    assert "Red nation in B" in opened.tooltip()
    opened.point_at(round(stage["x"] + x), round(stage["y"] + stage["height"] / 2 + y))
    assert "Elko NV" in opened.tooltip()


def test_a_link_leads_back_to_the_comparison(screen, comparison_page: Path) -> None:
    screen.open(comparison_page)
    screen.choose("plan-A", '"3"')
    screen.choose("plan-B", '"8"')
    screen.choose("view", "nations")
    screen.choose("mode", "swipe")
    screen.one("#divider").send_keys(Keys.ARROW_LEFT)
    fragment = urlsplit(screen.driver.current_url).fragment
    said = {key: value[0] for key, value in parse_qs(fragment).items()}
    assert said == {"a": "4", "b": "9", "view": "nations", "mode": "swipe", "divider": "0.480"}
    screen.open(comparison_page, f"#{fragment}")
    assert screen.one('input[name=plan-A][value="3"]').is_selected()
    assert screen.one('input[name=plan-B][value="8"]').is_selected()
    assert screen.one("#divider").get_attribute("aria-valuenow") == "48"
    screen.open(comparison_page, "#a=99&b=x&mode=%22%5D&divider=z")
    assert screen.errors() == []
    assert screen.one("html").get_attribute("data-mode") == "two"


def test_a_phone_has_room_for_both_maps(screen, comparison_page: Path) -> None:
    screen.resize(390, 844, is_phone=True)
    screen.open(comparison_page)
    assert screen.driver.execute_script("return document.documentElement.scrollWidth") <= 390
    head, body = screen.one("#panel-head").rect, screen.one("#panel-body").rect
    boxes = [screen.one(".folium-map").rect, screen.one("#second").rect]
    assert head["y"] + head["height"] <= boxes[0]["y"] + 1
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"] + 1
    assert boxes[1]["y"] + boxes[1]["height"] <= body["y"] + 1
    for box in boxes:
        assert box["width"] == 390
        assert box["height"] > 200
    assert not screen.one("#plans").is_displayed()
    screen.one("#details > summary").click()
    for label in screen.all("#plans label"):
        assert label.rect["height"] >= 28


def test_names_are_shown_and_not_run(
    screen, hostile_units: Units, hostile: str, tmp_path: Path
) -> None:
    plans = [
        maps.ComparedPlan(hostile, Plan(np.array(parts)), hostile, hostile,
                          ((hostile, hostile),), hostile)
        for parts in ([1, 0], [0, 1])
    ]  # fmt: skip
    summary = maps.ComparisonSummary(
        hostile, hostile, hostile, hostile, hostile, (hostile,), (hostile, hostile)
    )
    page = maps.compare(hostile_units, plans, summary, "2016")
    screen.open(maps.save(page, tmp_path / "hostile.html"))
    assert hostile in screen.one("#caption-A").text
    assert hostile in screen.one("#figures").text
    assert hostile in screen.one("#plans").text
    screen.choose("mode", "all")
    screen.wait(0.2)
    assert screen.all("img") == []
    assert screen.driver.execute_script("return window.wasRun") is None
    assert screen.errors() == []
