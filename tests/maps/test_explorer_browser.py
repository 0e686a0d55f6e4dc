"""The page of many plans in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import shapely
from selenium.webdriver.common.keys import Keys

import maps
from maps.reach import half_planes
from maps.style import DARK, LIGHT
from shapefiles.units import Units
from tests.maps.conftest import make_explored

if TYPE_CHECKING:
    from tests.browser import Screen

N_PLANS = 12
COOK, CUMBERLAND, LANE = "17031", "23005", "41039"  # the last in the west, where plans change


@pytest.fixture
def opened(screen: Screen, explorer_of_some: Path) -> Screen:
    screen.open(explorer_of_some)
    return screen


def go(screen, index: int) -> None:
    screen.run("page.go(arguments[0], false)", index)


def place(screen, units: Units, geoid: str) -> tuple[int, int]:
    """Where in the window a county lies: the map begins beside the column."""
    x, y = screen.place_of(units, geoid)
    box = screen.run("const { x, y } = map.getContainer().getBoundingClientRect(); return [x, y]")
    return round(x + box[0]), round(y + box[1])


def parts_of(units: Units, geoid: str) -> list[int]:
    """The nation of a county in every plan."""
    row = int(np.flatnonzero(units.ids == geoid)[0])
    return [int(one.plan.assignment[row]) for one in make_explored(units, N_PLANS).plans]


def fragment(screen) -> dict[str, str]:
    screen.wait(0.35)  # the address is written when the steps are over
    query = parse_qs(urlsplit(screen.driver.current_url).fragment)
    return {key: one[0] for key, one in query.items()}


def test_it_opens_without_an_error_or_a_request(screen, explorer_page: Path) -> None:
    screen.open(explorer_page)
    for view in ("nations", "difference", "change", "margin", "agreement"):
        screen.choose("view", view)
    screen.point_at(900, 300)  # the map tells of a place and knows of the pinned plan still
    go(screen, 1)
    screen.one("#pin").click()
    go(screen, 2)
    screen.one("#open-table").click()
    screen.one("#close-table").click()
    screen.one("#play").click()
    screen.wait(0.2)
    screen.one("#play").click()
    assert screen.errors() == []
    assert screen.requests() == {explorer_page.as_uri()}


def test_it_is_painted_within_two_seconds(screen, explorer_page: Path) -> None:
    assert 50 < screen.busy_until_painted(explorer_page) < 2_000
    assert 0 < screen.first_paint() < 4_000  # by the clock, which other processes make run on


def test_the_slider_shows_each_plan(opened, some_states: Units) -> None:
    explored = make_explored(some_states, N_PLANS)
    opened.choose("view", "nations")
    slider = opened.one("#dial-0")
    for index, one in enumerate(explored.plans):
        assert opened.run("return page.index") == index
        assert opened.run("return page.sequence.parts[page.index].join('')") == "".join(
            map(str, one.plan.assignment.tolist())
        )
        opened.run("page.layer.repaint()")
        for geoid in (COOK, CUMBERLAND, LANE):
            row = int(np.flatnonzero(some_states.ids == geoid)[0])
            colour = LIGHT.nations[one.plan.assignment[row]]
            assert opened.colour_at(*place(opened, some_states, geoid)) == colour, (index, geoid)
        km = f"{one.figures['km']:,.0f} km"
        assert opened.one("#figures tbody tr:nth-child(2) td:last-child").text == km
        shown = opened.one("#now").text.replace("\u202f", " ")
        assert shown == f"{100 * one.figures['share']:.2f} %"
        slider.send_keys(Keys.ARROW_RIGHT)
    slider.send_keys(Keys.HOME)
    assert opened.run("return page.index") == 0
    assert slider.get_attribute("aria-valuetext") == "0 to 1.5 votes per km"


@pytest.mark.parametrize("view", ["agreement", "nations", "difference", "change", "margin"])
def test_a_step_draws_what_a_drawing_of_everything_would(opened, view: str) -> None:
    """Only what changes is drawn again; smoothing along edges depends on a path's length."""
    opened.resize(1000, 600)
    opened.choose("view", view)
    differing = opened.run(
        """
        const seen = () => {
          const { canvas } = nations.canvas._ctx;
          return nations.canvas._ctx.getImageData(0, 0, canvas.width, canvas.height).data;
        };
        let patches = 0;
        const patch = nations.patch;
        nations.patch = (...given) => { patches += 1; patch.apply(nations, given); };
        const found = [];
        for (const index of [1, 2, 5, 4]) {
          page.go(index, false);
          const stepped = seen();
          nations.areas = nations.frontier = null;
          nations.repaint();
          const whole = seen();
          let n = 0;
          for (let i = 0; i < whole.length; i += 4) n += Math.abs(stepped[i] - whole[i]) > 64;
          found.push(n);
        }
        nations.patch = patch;
        return [found, patches];
        """
    )
    counts, n_patches = differing
    assert max(counts) <= 80  # of 400,000; a county has hundreds
    assert n_patches == 4


def test_colours_fade_into_the_next_plan_unless_a_person_wants_no_motion(
    screen, explorer_of_some: Path, some_states: Units
) -> None:
    parts = parts_of(some_states, LANE)
    step = next(i for i in range(1, N_PLANS) if parts[i] != parts[i - 1])
    for motion, is_smooth in (("no-preference", True), ("reduce", False)):
        screen.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-reduced-motion", "value": motion}]},
        )
        screen.open(explorer_of_some)
        screen.choose("view", "nations")
        go(screen, step - 1)
        screen.wait(0.3)
        is_fading = screen.run("page.go(arguments[0]); return nations.fading.size > 0", step)
        assert is_fading == is_smooth
        screen.wait(0.6)
        assert screen.colour_at(*place(screen, some_states, LANE)) == LIGHT.nations[parts[step]]


def test_a_link_leads_back_to_plan_view_and_pinned_plan(opened, explorer_of_some: Path) -> None:
    go(opened, 7)
    opened.one("#pin").click()
    opened.run("page.go(3, false)")
    opened.choose("view", "difference")
    opened.run("page.tradeOff.setMeasures(2, 3); page.tradeOff.setReferences(true)")
    said = fragment(opened)
    assert {key: said[key] for key in ("plan", "pin", "view", "across", "up", "others")} == {
        "plan": "3", "pin": "7", "view": "difference", "across": "splits", "up": "votes",
        "others": "1",
    }  # fmt: skip
    opened.open(explorer_of_some, "#" + urlsplit(opened.driver.current_url).fragment)
    assert opened.run("return [page.index, page.reference, page.layer.view]") == [
        3,
        7,
        "difference",
    ]
    assert opened.run("return [page.chart.across, page.chart.up, page.chart.hasReferences]") == [
        2, 3, True,
    ]  # fmt: skip
    # A value between two plans is that of the plan that is the best there; nonsense is nothing.
    for given, index in (("4.7", 4), ("100", 11), ("-3", 0), ("soon", 0), ("1,2", 0), ("", 0)):
        opened.open(explorer_of_some, f"#plan={given}")
        assert opened.run("return page.index") == index, given
    assert opened.errors() == []


def test_a_place_is_told_until_which_price_it_is_red(opened, some_states: Units) -> None:
    parts = parts_of(some_states, LANE)
    step = next(i for i in range(1, N_PLANS) if parts[i] != parts[0])
    assert parts[step:] == [parts[step]] * (N_PLANS - step)
    names = ("red", "blue")
    opened.point_at(*place(opened, some_states, LANE))
    said = f"{names[parts[0]].title()} until {step}, then {names[parts[step]]} (votes per km)"
    assert said in opened.tooltip()
    opened.point_at(*place(opened, some_states, COOK))
    assert "Always blue here" in opened.tooltip()


def test_the_colour_of_a_change_grows_with_its_price_and_is_no_nation(
    opened, some_states: Units
) -> None:
    explored = make_explored(some_states, N_PLANS)
    parts = np.array([one.plan.assignment for one in explored.plans])
    is_new = parts[1:] != parts[:1]
    first = np.where(is_new.any(axis=0), is_new.argmax(axis=0) + 1, -1)
    ranks = np.array(opened.run("return [...page.units.changeRanks]"))
    assert ((ranks < 0) == (first < 0)).all()
    order = np.argsort(first[first > 0], kind="stable")
    assert (np.diff(ranks[first > 0][order]) >= 0).all()
    opened.choose("view", "change")
    assert opened.count_pixels(LIGHT.land) > 10_000
    assert opened.count_pixels(LIGHT.steps[0]) > 100
    for colour in (*LIGHT.nations, *LIGHT.red, *LIGHT.blue):
        assert opened.count_pixels(colour) == 0


def test_the_chart_shades_what_the_bounds_exclude_and_no_plan(opened, some_states: Units) -> None:
    explored = make_explored(some_states, N_PLANS)
    planes = half_planes(explored.bounds, "km", "share")
    free = shapely.Polygon(opened.run("return page.chart.free"))
    west, south, east, north = free.bounds
    for x in np.linspace(west, east, 30)[1:-1]:
        for y in np.linspace(south, north, 30)[1:-1]:
            worst = max(one.excess((x, y)) for one in planes)
            assert free.contains(shapely.Point(x, y)) == (worst <= 0)
    for one in explored.plans:
        assert free.buffer(1e-9).covers(shapely.Point(one.figures["km"], one.figures["share"]))
    assert opened.one("#chart .said").text == "Proven: no plan in here"
    opened.run("page.tradeOff.setMeasures(2, 1)")  # nothing is proven of these two
    assert opened.all("#chart .beyond") == []
    assert not opened.one("#proof-key").is_displayed()


def test_points_of_the_chart_can_be_taken_and_asked(opened) -> None:
    x, y = opened.run(
        "const box = page.chart.host.getBoundingClientRect(), at = page.chart.at(page.plans[5]);"
        "return [Math.round(box.x + at[0]), Math.round(box.y + at[1])]"
    )
    opened.point_at(x, y)
    tip = opened.one("#chart-tip").text
    assert "Price: 5 to 6.5 votes per km" in tip
    assert "The best possible, proven" in tip
    opened.run("page.chart.host.focus()")
    opened.one("#chart").click()  # in the middle: the plan nearest to it
    taken = opened.run("return page.index")
    assert 0 < taken < N_PLANS - 1
    opened.one("#chart").send_keys(Keys.ARROW_RIGHT)
    assert opened.run("return page.index") == taken + 1


def test_a_point_has_one_label_and_none_lies_on_another(opened) -> None:
    labels = opened.run(
        """
        return [...document.querySelectorAll("#chart .value")].map((one) => {
          const { x, y, right, bottom } = one.getBoundingClientRect();
          return [one.textContent, x, y, right, bottom];
        });
        """
    )
    texts = [one[0] for one in labels]
    assert {"0", "12.5"} <= set(texts)  # both ends
    assert len(set(texts)) == len(texts) <= N_PLANS
    for number, (_, left, top, right, bottom) in enumerate(labels):
        for _, other_left, other_top, other_right, other_bottom in labels[number + 1 :]:
            is_beside = right <= other_left + 1 or other_right <= left + 1
            assert is_beside or bottom <= other_top + 3 or other_bottom <= top + 3


def test_what_changes_is_said_with_places_people_and_figures(opened, some_states: Units) -> None:
    explored = make_explored(some_states, N_PLANS)
    go(opened, 4)
    parts = [one.plan.assignment for one in explored.plans]
    changed = np.flatnonzero(parts[4] != parts[5])
    people = some_states.attributes["population"][changed].sum()
    said = opened.one("#next").text
    assert said.startswith(f"{len(changed)} places with {people / 1e6:.3g}")
    largest = changed[parts[5][changed] == 1]
    largest = largest[np.argmax(some_states.attributes["population"][largest])]
    assert f"{some_states.names[largest]} ({some_states.states[largest]})" in said
    assert "Frontier \u22121,000" in opened.one("#next").text.replace("frontier", "Frontier")
    assert opened.one("#changes-title").text == "What changes at 5 votes per km"
    go(opened, N_PLANS - 1)
    assert opened.one("#changes-title").text == "The last plan"


def test_the_table_has_every_plan_and_leads_to_it(opened, some_states: Units) -> None:
    explored = make_explored(some_states, N_PLANS)
    opened.one("#open-table").click()
    rows = [
        [
            cell.text.replace("\u202f", " ").replace("\u00a0", " ")
            for cell in row.find_elements("css selector", "th, td")
        ]
        for row in opened.all("#table tbody tr")
    ]
    assert len(rows) == N_PLANS
    for number, (row, one) in enumerate(zip(rows, explored.plans, strict=True)):
        assert row[:4] == [
            f"{number} to {number + 1.5:g}",
            f"{100 * one.figures['share']:.2f} %",
            f"{one.figures['km']:,.0f} km",
            str(one.figures["splits"]),
        ]
        assert row[-1] == one.status
    opened.all("#table tbody button")[8].click()
    assert opened.run("return page.index") == 8
    assert not opened.one("#table").is_displayed()


def test_the_pinned_plan_stays_beside_the_one_that_the_slider_shows(
    opened, some_states: Units
) -> None:
    parts = np.array([one.plan.assignment for one in make_explored(some_states, N_PLANS).plans])
    go(opened, 2)
    opened.one("#pin").click()
    opened.choose("view", "difference")
    opened.choose("mode", "two")
    for _ in range(3):
        opened.one("#dial-0").send_keys(Keys.ARROW_RIGHT)
    opened.wait()
    assert opened.one("#caption-pinned").text.split("\n")[:2] == ["Pinned", "2 votes per km"]
    assert opened.one("#caption-here").text.split("\n")[:2] == ["Here", "5 votes per km"]
    # What has been drawn step by step is what a drawing of everything would be.
    for drawing, part in (("page.stage.second", parts[2]), ("page.layer", parts[5])):
        colours = opened.run(
            f"return [...Array(page.units.n).keys()].map(u => {drawing}.colouring.difference(u))"
        )
        differing = np.where(part, "--nation-blue", "--nation-red")
        assert colours == np.where(parts[2] != parts[5], differing, "--land").tolist()
        differing = opened.run(
            f"""
            const drawing = {drawing}, {{ canvas }} = drawing.canvas._ctx;
            const {{ width, height }} = canvas;
            const seen = () => drawing.canvas._ctx.getImageData(0, 0, width, height).data;
            const stepped = seen();
            drawing.areas = drawing.frontier = null;
            drawing.repaint();
            const whole = seen();
            let n = 0;
            for (let i = 0; i < whole.length; i += 4) n += Math.abs(stepped[i] - whole[i]) > 64;
            return n;
            """
        )
        assert differing <= 80, drawing
    opened.one("#search").send_keys("cook il", Keys.ENTER)
    assert "Cook IL" in opened.tooltip()
    assert "Blue nation in the pinned plan" in opened.tooltip()
    opened.choose("mode", "all")
    opened.wait()
    assert len(opened.all("#multiples button")) == N_PLANS
    opened.all("#multiples button")[8].click()
    assert opened.run("return [page.reference, page.index]") == [2, 8]
    assert opened.one("html").get_attribute("data-mode") == "two"
    said = fragment(opened)
    assert (said["plan"], said["pin"], said["mode"]) == ("8", "2", "two")
    assert opened.errors() == []


def test_play_goes_through_the_plans_and_stops_at_the_last(opened) -> None:
    go(opened, N_PLANS - 3)
    opened.one("#play").click()
    assert opened.one("#play").get_attribute("aria-label") == "Pause"
    opened.wait(3.5)
    assert opened.run("return page.index") == N_PLANS - 1
    opened.wait(1)
    assert opened.one("#play").get_attribute("aria-label") == "Play"


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (768, 1024), (390, 844)])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_has_room_on_every_screen(
    screen, explorer_of_some: Path, width: int, height: int, theme: str
) -> None:
    screen.resize(width, height, is_phone=width < 500)
    screen.set_theme(theme)
    screen.open(explorer_of_some)
    boxes = screen.run(
        """
        const box = (selector) => {
          const { x, y, right, bottom } = document.querySelector(selector).getBoundingClientRect();
          return [x, y, right, bottom];
        };
        return [".folium-map", "#dials", "#explorer-body", "#explorer-head"].map(box);
        """
    )
    for index, one in enumerate(boxes):
        assert -1 <= one[0] < one[2] <= width + 1
        for other in boxes[index + 1 :]:  # nothing lies on anything else
            apart = one[2] <= other[0] + 1 or other[2] <= one[0] + 1
            assert apart or one[3] <= other[1] + 1 or other[3] <= one[1] + 1, (one, other)
    assert screen.run("return document.documentElement.scrollWidth") <= width
    thumb = screen.one("#play").size
    if width < 500:
        assert min(thumb["width"], thumb["height"]) >= 44
        assert boxes[0][3] - boxes[0][1] > 200  # of the map
    palette = DARK if theme == "dark" else LIGHT
    ground = screen.colours_seen([(width - 3, height - 3)])[0]
    assert ground == palette.page


def test_a_window_that_is_too_small_scrolls_to_everything(screen, explorer_of_some: Path) -> None:
    screen.resize(640, 400)  # 1280 by 800 at 200 % zoom
    screen.open(explorer_of_some)
    for selector in ("#dial-0", "#chart", "#open-table"):
        shown = screen.run(
            "const one = document.querySelector(arguments[0]);"
            "one.scrollIntoView({ block: 'nearest' });"
            "const { y, bottom } = one.getBoundingClientRect();"
            "const top = document.elementFromPoint(320, (y + Math.min(bottom, innerHeight)) / 2);"
            "return [y, bottom, one.contains(top) || top.contains(one)]",
            selector,
        )
        assert -1 <= shown[0] < shown[1] <= 401, selector
        assert shown[2], selector


def test_a_finger_drags_the_slider_and_the_chart(screen, explorer_of_some: Path) -> None:
    screen.resize(390, 844, is_phone=True)
    screen.open(explorer_of_some)
    x, y, width = screen.run(
        "const box = document.getElementById('dial-0').getBoundingClientRect();"
        "return [box.x, box.y + box.height / 2, box.width]"
    )
    screen.touch((x + 9, y), (x + width / 2, y))
    assert 4 <= screen.run("return page.index") <= 7
    screen.run("document.getElementById('chart').scrollIntoView({ block: 'end' })")
    points = [
        screen.run(
            "const box = page.chart.host.getBoundingClientRect();"
            "const at = page.chart.at(page.plans[arguments[0]]);"
            "return [box.x + at[0], box.y + at[1]]",
            index,
        )
        for index in (2, 9)
    ]
    screen.touch(tuple(points[0]), tuple(points[1]))
    assert screen.run("return page.index") == 9


def test_every_control_has_a_name_and_shows_its_focus(opened) -> None:
    nameless = opened.run(
        """
        const controls = document.querySelectorAll("button, input, select, [role=application]");
        const name = (one) => one.getAttribute("aria-label") || one.textContent.trim()
          || (one.labels && [...one.labels].map((label) => label.textContent.trim()).join(""));
        const nameless = [...controls].filter((one) => !name(one) && one.id !== "heat");
        return nameless.map((one) => one.outerHTML);
        """
    )
    assert nameless == []
    ids = opened.run("return [...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))
    for selector in ("#play", "#pin", "#chart", "#dial-0", "#chart-up", "#open-table"):
        opened.run("document.querySelector(arguments[0]).focus({ focusVisible: true })", selector)
        style = opened.run(
            "return getComputedStyle(document.querySelector(arguments[0])).outlineStyle", selector
        )
        assert style == "solid", selector
    assert len(opened.all("h1")) == 1
    assert opened.one("html").get_attribute("lang") == "en"


def test_names_from_files_run_nothing(
    screen, hostile_units: Units, hostile: str, tmp_path: Path
) -> None:
    for n_rows in (1, 2):
        explored = make_explored(hostile_units, 4, title=hostile, n_rows=n_rows)
        page = maps.save(maps.explore(hostile_units, explored, "2016"), tmp_path / "page.html")
        screen.open(page)
        screen.run("page.tradeOff.setReferences(true); page.go(1, false)")
        screen.one("#open-table").click()
        screen.one("#close-table").click()
        screen.run("page.tooltip.show(0, { x: 5, y: 5 }); page.chart.show(1)")
        assert screen.one("h1").text == hostile
        assert screen.driver.execute_script("return window.wasRun") is None
        assert screen.errors() == []


def test_two_dials_have_a_field_of_one_hue(screen, some_states: Units, tmp_path: Path) -> None:
    explored = make_explored(some_states, 12, n_rows=3)
    page = maps.save(maps.explore(some_states, explored, "2016"), tmp_path / "page.html")
    screen.open(page)
    screen.choose("figure", "heat")
    assert len(screen.all("#heat rect.cell")) == 12
    fills = {one.get_attribute("fill") for one in screen.all("#heat rect.cell")}
    assert fills <= {f"var(--step-{k})" for k in range(5)}
    assert screen.all("#heat .contour")
    screen.one("#heat").send_keys(Keys.ARROW_RIGHT, Keys.ARROW_UP, Keys.ARROW_UP)
    assert screen.run("return page.plans[page.index].at") == [1, 2]
    assert [one.get_attribute("value") for one in screen.all("#dials input")] == ["1", "2"]
    screen.one("#dial-0").send_keys(Keys.END)
    assert screen.run("return page.plans[page.index].at") == [3, 2]
    assert fragment(screen)["plan"] == "3,2"
    assert screen.errors() == []
