"""Two plans beside each other, on a divider and among all of them, in a real browser."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import shapely
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import maps
from maps.layout import lay_out
from maps.style import AGREEMENT_BREAKS, DARK, LIGHT, MARGIN_BREAKS, Palette
from shapefiles.units import Units
from solvers.plan import Plan
from tests.maps.conftest import make_units

if TYPE_CHECKING:
    from tests.browser import Screen

ELKO, AROOSTOOK = "32007", "23003"  # far in the west, far in the east
LOS_ANGELES, COOK = "06037", "17031"
# What is drawn for the pinned plan, and for the one that is looked at.
BOTH = (("page.stage.second", "page.stage.other"), ("page.layer", "map"))


@pytest.fixture
def opened(screen: Screen, comparison_of_some: Path) -> Screen:
    screen.open(comparison_of_some)
    return screen


@pytest.fixture
def whole(screen: Screen, comparison_page: Path) -> Screen:
    """The country, which has land wherever somebody looks, and frontiers from border to border."""
    screen.open(comparison_page)
    return screen


def place(screen, units: Units, geoid: str, owner: str) -> tuple[float, float]:
    """Where in the window a county lies on one of the maps."""
    x, y = screen.place_of(units, geoid)
    box = screen.run(f"const {{ x, y }} = {owner}.getContainer().getBoundingClientRect();"
                     "return [x, y]")  # fmt: skip
    return x + box[0], y + box[1]


def colour(screen, units: Units, geoid: str, drawing: str, owner: str) -> str:
    """The colour of a county on one of the drawings, in the coordinates of its own map."""
    return screen.colour_at(*place(screen, units, geoid, owner), drawing)


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
    opened, some_states: Units, compared_of_some: list[maps.ComparedPlan]
) -> None:
    opened.choose("view", "nations")
    rows = {geoid: int(np.flatnonzero(some_states.ids == geoid)[0]) for geoid in (ELKO, AROOSTOOK)}
    for a, b in ((0, 1), (4, 10)):
        opened.choose("pinned", f'"{a}"')
        opened.all("#plans tbody th")[b].click()
        assert opened.one(f'input[name=here][value="{b}"]').is_selected()
        opened.wait()  # until the colours have faded
        for index, (drawing, owner) in zip((a, b), BOTH, strict=True):
            plan = compared_of_some[index].plan.assignment
            for geoid, row in rows.items():
                found = colour(opened, some_states, geoid, drawing, owner)
                assert (index, geoid, found) == (index, geoid, LIGHT.nations[plan[row]])
        assert opened.one("#caption-pinned").text.split("\n") == [
            "Pinned", compared_of_some[a].label, compared_of_some[a].headline,
        ]  # fmt: skip
        figures = [cell.text for cell in opened.all("#figures tbody td")]
        assert figures == [compared_of_some[a].figures[0][1], compared_of_some[b].figures[0][1]]


def expected_colours(palette: Palette, votes: np.ndarray, part: int, other: int) -> dict[str, str]:
    """What a unit with these votes is coloured by in each view, in this nation here and there."""
    blue, red = votes / votes.sum()
    shades = (palette.red, palette.blue)
    return {
        "nations": palette.nations[part],
        "agreement": shades[part][np.digitize((red, blue)[part], AGREEMENT_BREAKS)],
        "difference": palette.land if part == other else palette.nations[part],
        "margin": shades[int(blue > red)][1 + np.digitize(abs(blue - red), MARGIN_BREAKS)],
    }


def test_each_view_and_theme_colours_both_maps_as_the_palette_says(
    opened, some_states: Units, compared_of_some: list[maps.ComparedPlan]
) -> None:
    parts = [one.plan.assignment for one in compared_of_some[:2]]
    rows = {
        geoid: int(np.flatnonzero(some_states.ids == geoid)[0])
        for geoid in (ELKO, LOS_ANGELES, AROOSTOOK)
    }
    is_moved = [bool(parts[0][row] != parts[1][row]) for row in rows.values()]
    assert is_moved == [True, False, True]
    places = [[place(opened, some_states, geoid, owner) for geoid in rows] for _, owner in BOTH]
    shown = {"light": ("difference", "margin", "agreement"), "dark": ("agreement", "nations")}
    for theme, palette in (("light", LIGHT), ("dark", DARK)):
        opened.set_theme(theme)
        for view in shown[theme]:
            opened.choose("view", view)
            for (drawing, _), at, part, other in zip(BOTH, places, parts, parts[::-1], strict=True):
                expected = [
                    expected_colours(palette, some_states.votes["2016"][row], *nations)[view]
                    for row in rows.values()
                    for nations in [(part[row], other[row])]
                ]
                found = [opened.colour_at(x, y, drawing) for x, y in at]
                assert (theme, view, drawing, found) == (theme, view, drawing, expected)
    # The small maps follow the theme, which the button changes as the system does.
    opened.choose("mode", "all")
    for palette in (DARK, LIGHT):
        opened.wait(0.8)
        for colour_ in palette.nations:
            assert small_pixels(opened, 0, colour_) > 200
        opened.one("#theme").click()


def small_pixels(screen, index: int, colour_: str) -> int:
    """How many pixels of a small map have a colour exactly."""
    return screen.count_pixels(
        colour_,
        f"{{ canvas: {{ _ctx: page.stage.multiples.cells[{index}].canvas.getContext('2d') }} }}",
    )


def test_a_layer_that_is_switched_off_is_on_neither_map(whole) -> None:
    whole.choose("pinned", '"5"')  # the first plan's frontier covers state lines
    whole.choose("here", '"7"')
    whole.run("map.setZoom(map.getZoom() + 1.5, { animate: false })")  # lines of whole pixels
    drawings = [drawing for drawing, _ in BOTH]

    def lines(name: str) -> list[int]:
        return [whole.count_pixels(getattr(LIGHT, name), one) for one in drawings]

    def n_names() -> list[int]:
        return whole.run("return page.names.map((names) => names.placed.length)")

    assert min(lines("frontier")) > 100
    assert min(lines("state_line")) > 100
    assert min(n_names()) > 5
    whole.choose("show", "frontier")
    assert lines("frontier") == [0, 0]
    whole.choose("show", "states")
    assert max(lines("state_line")) < 50
    whole.choose("show", "places")
    assert n_names() == [0, 0]
    # On the map that comes into sight later it is off as well.
    whole.choose("mode", "swipe")
    assert whole.count_pixels(LIGHT.frontier, "page.stage.overlay") == 0
    whole.choose("show", "frontier")
    assert whole.count_pixels(LIGHT.frontier, "page.stage.overlay") > 100


def test_the_keyboard_walks_over_both_maps(whole) -> None:
    for selector, owner, arrow in (
        ("#second", "page.stage.other", Keys.ARROW_RIGHT),
        (".folium-map", "map", Keys.ARROW_LEFT),
    ):
        container = whole.one(selector)
        for _ in range(60):
            if whole.driver.switch_to.active_element == container:
                break
            whole.driver.switch_to.active_element.send_keys(Keys.TAB)
        assert whole.driver.switch_to.active_element == container
        box, mark = container.rect, whole.one("#mark").rect
        middle = whole.run(f"return page.middle({owner})")  # of what captions leave free
        assert mark["x"] + 6 == pytest.approx(box["x"] + middle["x"], abs=2)
        assert mark["y"] + 6 == pytest.approx(box["y"] + middle["y"], abs=2)
        assert middle["x"] == pytest.approx(box["width"] / 2, abs=2)
        assert middle["y"] == pytest.approx(box["height"] / 2, abs=24)
        seen = [whole.tooltip()]
        for _ in range(2):
            container.send_keys(arrow)
            whole.wait()
            seen.append(whole.tooltip())
        assert all("nation in the pinned plan" in one and "nation here" in one for one in seen)
        assert len(set(seen)) == 3
        container.send_keys(Keys.ESCAPE)
        assert whole.tooltip() == ""


def test_search_goes_there_on_a_map_that_shows_it(opened, some_states: Units) -> None:
    def nation_here() -> str:
        return next(line for line in opened.tooltip().split("\n") if line.endswith("here"))

    opened.choose("mode", "all")
    opened.one("#search").send_keys("cook il", Keys.ENTER)
    assert opened.one("html").get_attribute("data-mode") == "two"
    assert "Cook IL" in opened.tooltip()
    x, y = opened.place_of(some_states, COOK)
    stage = opened.one("#stage").rect
    assert 0 < x < stage["width"]
    assert 0 < y < stage["height"] / 2
    centres = opened.run(
        "return [map, page.stage.other].map((m) => [m.getCenter().lng, m.getZoom()])"
    )
    assert centres[0] == pytest.approx(centres[1])
    # What is said of it is true of the plans that are chosen now, and gone where the map moves.
    opened.all("#plans tbody th")[10].click()
    assert nation_here() == "Red nation here"
    opened.all("#plans tbody th")[2].click()
    assert nation_here() == "Blue nation here"
    opened.choose("mode", "swipe")
    assert opened.tooltip() == ""


def test_the_difference_is_counted_and_drawn(
    opened, some_states: Units, compared_of_some: list[maps.ComparedPlan]
) -> None:
    opened.choose("view", "difference")
    a, b = (one.plan.assignment for one in compared_of_some[:2])
    differs = a != b
    people = some_states.attributes["population"][differs].sum()
    said = opened.one("#next").text
    assert said.startswith(
        f"{differs.sum():,} of {some_states.n_units:,} places with {people / 1e6:.3g}M people"
    )
    drawn = opened.run(
        "return [...Array(page.units.n).keys()].map((u) => page.layer.colouring.difference(u))"
    )
    expected = np.where(differs, np.where(b, "--nation-blue", "--nation-red"), "--land")
    assert drawn == expected.tolist()
    drawn = opened.run(
        "return [...Array(page.units.n).keys()]"
        ".map((u) => page.stage.second.colouring.difference(u))"
    )
    expected = np.where(differs, np.where(a, "--nation-blue", "--nation-red"), "--land")
    assert drawn == expected.tolist()
    legend = opened.one(".legend.difference")
    said = "Places that are not in the same nation here and in the pinned plan\n"
    assert legend.text.startswith(said)
    opened.choose("mode", "all")  # where each plan is compared with the pinned one
    assert legend.text.startswith("Places that are not in the same nation as in the pinned plan\n")
    opened.choose("here", '"0"')
    said = opened.one("#next").text
    assert said == "This plan is pinned: others are compared with it."


def test_the_maps_follow_each_other(opened) -> None:
    def centres() -> list[list[float]]:
        return opened.run(
            "return [map, page.stage.other].map((m) => "
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
    opened.run("page.stage.other.setZoom(2, { animate: false })")
    first, second = centres()
    assert first == pytest.approx(second)
    assert first[2] == 2


def test_the_divider_cuts_vectors_where_it_is_dragged(
    opened, some_states: Units, compared_of_some: list[maps.ComparedPlan]
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
            return [page.stage.overlay, page.layer].map(shows).map(Number).join("");
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
    for index, drawing in ((0, "page.stage.overlay"), (1, "page.layer")):
        plan = compared_of_some[index].plan.assignment
        row = int(np.flatnonzero(some_states.ids == ELKO)[0])
        assert colour(opened, some_states, ELKO, drawing, "map") == LIGHT.nations[plan[row]]


def test_the_screen_shows_each_plan_on_its_side_of_the_divider(whole, united_states: Units) -> None:
    # 10 is all red but for the coast of New England, 2 all blue but for that of California.
    whole.choose("mode", "swipe")
    whole.choose("view", "nations")
    whole.choose("pinned", '"2"')
    whole.choose("here", '"10"')
    _, y = whole.place_of(united_states, "20051")  # Ellis, Kansas: near the middle
    left = whole.one("#stage").rect["x"]
    whole.wait()  # until the colours have faded
    middle = left + whole.one("#stage").rect["width"] / 2
    shown = whole.colours_seen([(middle - 150, y), (middle + 150, y)])
    assert shown == [LIGHT.nations[1], LIGHT.nations[0]]


def test_all_plans_are_drawn_small_and_chosen_by_a_click(
    opened, compared_of_some: list[maps.ComparedPlan]
) -> None:
    opened.choose("mode", "all")
    opened.choose("view", "nations")
    opened.wait(0.8)
    shares = opened.run(
        """
        return page.stage.multiples.cells.map(({ canvas }) => {
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
    assert len(shares) == len(compared_of_some)
    assert shares[2:] == sorted(shares[2:], reverse=True)
    assert shares[2] > 0.8
    assert shares[10] < 0.2
    opened.all("#multiples button")[6].click()
    assert opened.one("html").get_attribute("data-mode") == "two"
    assert compared_of_some[6].label in opened.one("#caption-here").text


def test_a_tooltip_tells_of_both_plans(opened, some_states: Units) -> None:
    x, y = opened.place_of(some_states, ELKO)
    stage = opened.one("#stage").rect
    opened.point_at(round(stage["x"] + x), y)
    assert "Elko NV" in opened.tooltip()
    assert "Blue nation in the pinned plan" in opened.tooltip()
    assert "Red nation here" in opened.tooltip()
    opened.point_at(round(stage["x"] + x), round(stage["y"] + stage["height"] / 2 + y))
    assert "Elko NV" in opened.tooltip()


def test_a_link_leads_back_to_the_comparison(screen, comparison_of_some: Path) -> None:
    screen.open(comparison_of_some)
    screen.choose("pinned", '"3"')
    screen.choose("here", '"8"')
    screen.choose("view", "nations")
    screen.choose("mode", "swipe")
    screen.one("#divider").send_keys(Keys.ARROW_LEFT)
    fragment = urlsplit(screen.driver.current_url).fragment
    said = {key: value[0] for key, value in parse_qs(fragment).items()}
    assert said == {
        "pin": "4", "plan": "9", "view": "nations", "mode": "swipe", "divider": "0.480",
    }  # fmt: skip
    screen.open(comparison_of_some, f"#{fragment}")
    assert screen.one('input[name=pinned][value="3"]').is_selected()
    assert screen.one('input[name=here][value="8"]').is_selected()
    assert screen.one("#divider").get_attribute("aria-valuenow") == "48"


def test_a_link_that_makes_no_sense_shows_the_comparison_as_it_is(screen, tmp_path: Path) -> None:
    # A page of few units reads a link as that of the country does, and is there at once.
    units = make_units(shapely.box([0, 1e5, 2e5], 0, [1e5, 2e5, 3e5], 1e5))
    plans = [
        maps.ComparedPlan(f"Plan {i}", Plan((np.arange(3) <= i).astype(np.int8)), f"{i} %")
        for i in range(3)
    ]
    page = maps.compare(units, plans, maps.ComparisonSummary("Three plans"), "2016")
    maps.save(page, tmp_path / "map.html")
    for fragment in (
        "pin=99&plan=x&mode=%22%5D&divider=z",
        "pin=1e308&plan=NaN&mode=__proto__&divider=Infinity",
        "pin=-1&plan=0.5&mode=constructor&at=1e308,1&zoom=1e9",
        "pin=1&plan=2&at=NaN,0&zoom=1e308&unit=constructor",
        "pin=length&plan=1,2&mode=two,all&divider=0x9",
    ):
        screen.open(tmp_path / "map.html", f"#{fragment}")
        assert screen.errors() == [], fragment
        assert screen.one("html").get_attribute("data-mode") == "two"
        assert screen.run("return page.isAtHome()"), fragment


def test_a_phone_has_room_for_both_maps(screen, comparison_of_some: Path) -> None:
    screen.resize(390, 844, is_phone=True)
    screen.open(comparison_of_some)
    assert screen.driver.execute_script("return document.documentElement.scrollWidth") <= 390
    head, body = screen.one("#explorer-head").rect, screen.one("#explorer-body").rect
    boxes = [screen.one(one).rect for one in ("#second", ".folium-map")]
    below = [*boxes, screen.one("#dials").rect, body]
    for upper, lower in itertools.pairwise([head, *below]):
        assert upper["y"] + upper["height"] <= lower["y"] + 1
    for box in boxes:
        assert box["width"] == 390
        assert box["height"] > 200
    assert body["y"] + 120 < 844  # the choice of maps and colours is to be seen
    screen.run("document.getElementById('plans').scrollIntoView()")
    for label in screen.all("#plans label"):
        assert label.rect["height"] >= 28


@pytest.mark.parametrize("width", [1400, 390])
def test_a_figure_takes_one_line_and_no_more_than_the_panel(
    screen, hostile_units: Units, tmp_path: Path, width: int
) -> None:
    figures = (
        ("Stranded voters", "131,583,538"),
        ("Self-determined in blue", "100.0 %"),
        ("People, blue + red", "139 + 184 M"),
        ("GDP, 2012 $", "11.4 + 16.1 T"),
        ("Pieces, blue + red", "1,136 + 115"),
        ("Electoral votes leaving", "252"),
        ("President of the rest", "Clinton +286"),
    )
    plans = [
        maps.ComparedPlan(label, Plan(np.array([0, 1])), "64.78 %", figures=figures)
        for label in ("one", "two")
    ]
    page = maps.compare(hostile_units, plans, maps.ComparisonSummary("Figures"), "2016")
    screen.resize(width, 844, is_phone=width < 760)
    screen.open(maps.save(page, tmp_path / "figures.html"))
    heights = {row.rect["height"] for row in screen.all("#figures tbody tr")}
    assert max(heights) < 1.5 * min(heights)
    table, panel = screen.one("#figures").rect, screen.one("#explorer-body").rect
    assert panel["x"] <= table["x"]
    assert table["x"] + table["width"] <= panel["x"] + panel["width"] + 1


def test_captions_lie_on_nothing_however_plans_are_called(
    screen, hostile_units: Units, tmp_path: Path
) -> None:
    titles = ("Two nations, fifty votes a kilometre of frontier, blue in four pieces", "W" * 60)
    plans = [maps.ComparedPlan(one, Plan(np.array([0, 1])), "64.78 %") for one in titles]
    page = maps.save(
        maps.compare(hostile_units, plans, maps.ComparisonSummary("Long titles"), "2016"),
        tmp_path / "long.html",
    )
    for size in ((1400, 900), (1000, 700), (768, 1024), (390, 844)):
        screen.resize(*size, is_phone=size[0] < 500)
        for mode in ("two", "swipe"):
            screen.open(page, f"#mode={mode}")
            boxes, land = screen.run(
                """
                const shown = document.querySelectorAll(
                  ".caption, #tools > *, .leaflet-control-zoom, #explorer-head, #dials");
                const box = (one) => {
                  const { left, top, right, bottom } = one.getBoundingClientRect();
                  return [left, top, right, bottom];
                };
                const north = page.units.bounds[3];
                const tops = [map, ...(arguments[0] === "two" ? [page.stage.other] : [])].map(
                  (one) => box(one.getContainer())[1] + one.latLngToContainerPoint([north, 0]).y);
                const boxes = [...shown].map((one) => [one.id || one.className, box(one)]);
                const seen = boxes.filter(([, [left, , right]]) => right > left);
                return [seen, tops.sort((a, b) => a - b)];
                """,
                mode,
            )
            where = (size, mode)
            for (name, one), (other_name, other) in itertools.combinations(boxes, 2):
                if "caption" not in name + other_name:
                    continue
                is_beside = one[2] <= other[0] + 1 or other[2] <= one[0] + 1
                is_apart = is_beside or one[3] <= other[1] + 1 or other[3] <= one[1] + 1
                assert is_apart, (where, name, other_name)
            captions = dict(boxes)
            assert captions["caption-pinned"][3] <= land[0] + 1, where
            assert captions["caption-here"][3] <= land[-1] + 1, where


def test_a_finger_taps_swipes_and_chooses_on_a_phone(
    screen, united_states: Units, comparison_page: Path
) -> None:
    screen.resize(390, 844, is_phone=True)
    # 10 is all red but for the coast of New England, 2 all blue but for that of California.
    screen.open(comparison_page, "#pin=3&plan=11&view=nations")

    def fits(selector: str) -> bool:
        boxes = [one.rect for one in screen.all(selector) if one.is_displayed()]
        return bool(boxes) and all(
            box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes
        )

    for selector in ("#second", ".folium-map"):
        box = screen.one(selector).rect
        x, y = screen.place_of(united_states, ELKO)
        screen.touch((box["x"] + x, box["y"] + y))
        assert "Elko NV" in screen.tooltip()
        assert "Blue nation in the pinned plan" in screen.tooltip()
        assert "Red nation here" in screen.tooltip()
        assert fits("#tooltip")

    screen.choose("mode", "swipe")
    captions = [screen.one(f"#caption-{which}").rect for which in ("pinned", "here")]
    assert fits(".caption")
    assert captions[0]["y"] + captions[0]["height"] <= captions[1]["y"]
    north = lay_out(united_states).bounds[3]
    top = screen.run("return map.latLngToContainerPoint([arguments[0], 0]).y", north)
    assert captions[1]["y"] + captions[1]["height"] <= screen.one(".folium-map").rect["y"] + top
    _, y = screen.place_of(united_states, "20051")  # Ellis, Kansas: near the middle
    y += screen.one(".folium-map").rect["y"]
    for start, end in ((195, 240), (240, 100)):
        handle = screen.one("#divider i").rect["y"] + 10
        screen.touch((start, handle), ((start + end) / 2, handle), (end, handle))
        assert screen.one("#divider").rect["x"] == pytest.approx(end, abs=3)
        for side, colour_ in ((-25, LIGHT.nations[1]), (25, LIGHT.nations[0])):
            seen = screen.colours_seen([(end + side, y + down) for down in range(-6, 7, 3)])
            assert seen.count(colour_) > 2, (end, side)  # but for lines between states
    assert screen.run("return page.isAtHome()")  # the map did not come along

    screen.choose("mode", "all")
    screen.wait(0.8)
    assert fits("#multiples button")
    lefts = {round(one.rect["x"]) for one in screen.all("#multiples button")}
    assert len(lefts) == 2
    assert [one.text for one in screen.all("#multiples .marks")][2] == "Pinned"
    cell = screen.all("#multiples button")[1].rect
    screen.touch((cell["x"] + cell["width"] / 2, cell["y"] + cell["height"] / 2))
    assert screen.one("html").get_attribute("data-mode") == "swipe"
    assert "Plan 2" in screen.one("#caption-here").text
    assert screen.errors() == []


def test_plans_of_another_country_are_compared_where_they_lie(
    screen, abroad: Units, tmp_path: Path
) -> None:
    parts = [np.arange(abroad.n_units) % 2, (np.arange(abroad.n_units) < 6).astype(int)]
    plans = [maps.ComparedPlan(f"Way {i}", Plan(part)) for i, part in enumerate(parts)]
    page = maps.save(
        maps.compare(abroad, plans, maps.ComparisonSummary("Around Montreal"), "2016"),
        tmp_path / "comparison.html",
    )
    screen.open(page, "#view=nations")
    at = lay_out(abroad).locate(shapely.get_coordinates(shapely.centroid(abroad.polygons)))
    found = screen.run("return arguments[0].map(([x, y]) => page.units.at(x, y))", at.tolist())
    assert found == list(range(abroad.n_units))
    for (drawing, owner), part in zip(BOTH, parts, strict=True):
        for unit, geoid in enumerate(abroad.ids):
            seen = colour(screen, abroad, geoid, drawing, owner)
            assert (drawing, geoid, seen) == (drawing, geoid, LIGHT.nations[part[unit]])
    moved = int((parts[0] != parts[1]).sum())
    voters = int(abroad.votes["2016"][parts[0] != parts[1]].sum())
    assert f"{moved} of 12 places with {voters} voters" in screen.one("#next").text
    screen.choose("mode", "all")
    screen.wait(0.3)
    west, south, east, north = lay_out(abroad).bounds
    box = screen.one("#multiples canvas").rect
    assert box["width"] / box["height"] == pytest.approx((east - west) / (north - south), rel=0.01)
    # Half of the rectangles are blue in both plans, and all are as large on the sheet.
    for index in (0, 1):
        red, blue = (small_pixels(screen, index, one) for one in LIGHT.nations)
        assert 0.8 < red / blue < 1.25
    assert screen.requests() == {page.as_uri()}
    assert screen.errors() == []


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
    assert hostile in screen.one("#caption-pinned").text
    assert hostile in screen.one("#figures").text
    assert hostile in screen.one("#plans").text
    screen.choose("mode", "all")
    screen.wait(0.2)
    assert screen.all("img") == []
    assert screen.driver.execute_script("return window.wasRun") is None
    assert screen.errors() == []


def test_a_point_of_the_chart_becomes_the_plan_beside_the_pinned_one(
    screen, some_states: Units, compared_of_some: list[maps.ComparedPlan], tmp_path: Path
) -> None:
    shares = [float(one.headline[:-2]) / 100 for one in compared_of_some]
    explored = maps.Explored(
        title="",
        measures=(
            maps.Measure("share", "Self-determined voters", "share", decimals=2),
            maps.Measure("order", "Number in the table"),
        ),
        plans=tuple(
            maps.ExploredPlan(one.plan, one.label, (), {"share": shares[i], "order": i + 1})
            for i, one in enumerate(compared_of_some)
        ),
        across="order",
        up="share",
    )
    summary = maps.ComparisonSummary("Eleven plans")
    page = maps.compare(some_states, compared_of_some, summary, "2016", explored=explored)
    screen.open(maps.save(page, tmp_path / "comparison.html"))
    screen.run("document.getElementById('chart').scrollIntoView()")
    x, y = screen.run(
        "const { chart } = page, box = chart.host.getBoundingClientRect();"
        "const at = chart.at(chart.plans[7]);"
        "return [Math.round(box.x + at[0]), Math.round(box.y + at[1])]"
    )
    screen.point_at(x, y)
    assert "Plan 8" in screen.one("#chart-tip").text
    ActionChains(screen.driver).click().perform()
    assert screen.run("return [page.reference, page.index]") == [0, 7]
    screen.one("#chart").send_keys(Keys.ARROW_RIGHT)
    assert screen.run("return [page.reference, page.index]") == [0, 8]
    assert screen.errors() == []
    other = list(reversed(compared_of_some))
    with pytest.raises(ValueError, match="other plans than the comparison"):
        maps.compare(some_states, other, summary, "2016", explored=explored)
