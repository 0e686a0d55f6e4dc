"""The pages for everybody: by keyboard, enlarged, without motion, in colours of the system."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import maps
from maps.what_if import WhatIf
from shapefiles.units import Units
from solvers.plan import Plan

ELKO = "32007"


def make_page(units: Units, plan: Plan, folder: Path) -> Path:
    summary = maps.MapSummary(
        "Red and blue states",
        "57.6 %",
        "of two-party voters live in the nation they voted for",
        subtitle="Every state goes to its own majority.",
        election="Presidential election of 2016",
        table=(("Counties", "1", "2"), ("People", "3", "4")),
        status="No bound proven",
        parties=("Clinton", "Trump"),
    )
    what_if = WhatIf(units.edges.is_default)
    drawn = maps.draw(units, plan, summary, "2016", what_if=what_if)
    return maps.save(drawn, folder / "map.html")


@pytest.fixture(scope="module")
def page(united_states: Units, state_plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_page(united_states, state_plan, tmp_path_factory.mktemp("everybody"))


@pytest.fixture(scope="module")
def small_page(
    some_states: Units, plan_of_some: Plan, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return make_page(some_states, plan_of_some, tmp_path_factory.mktemp("some"))


def emulate(screen, **features: str) -> None:
    given = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
    screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": given})


@pytest.mark.parametrize(("theme", "land"), [("light", "page"), ("dark", "small_page")])
@pytest.mark.parametrize("size", [(1400, 900), (390, 844), (640, 450)])
def test_axe_finds_nothing_against_the_map(
    screen, request: pytest.FixtureRequest, size: tuple[int, int], theme: str, land: str
) -> None:
    screen.resize(*size, is_phone=size[0] < 500)
    screen.set_theme(theme)
    screen.open(request.getfixturevalue(land))
    assert screen.violations() == []
    screen.one("#what-if-switch").click()
    screen.run("page.whatIf.move([0, 1, 400])")
    screen.run("document.getElementById('details').open = true")
    assert screen.violations() == []
    screen.one("#unit-table-switch").click()
    assert screen.violations() == []


def test_axe_finds_nothing_against_a_comparison(screen, comparison_page: Path) -> None:
    screen.open(comparison_page)
    for mode in ("swipe", "all", "one", "two"):
        screen.choose("mode", mode)
        screen.wait()
        assert [one[:150] for one in screen.violations()] == []


def test_whoever_needs_larger_letters_may_zoom_in(
    small_page: Path, comparison_of_some: Path
) -> None:
    for one in (small_page, comparison_of_some):
        html = one.read_text(encoding="utf-8")
        assert 'name="viewport"' in html
        assert "maximum-scale" not in html
        assert "user-scalable" not in html


@pytest.mark.parametrize("size", [(700, 450), (640, 450), (320, 450), (320, 256)])
def test_a_small_window_scrolls_and_its_map_is_usable(
    screen, small_page: Path, some_states: Units, size: tuple[int, int]
) -> None:
    screen.resize(*size)
    screen.open(small_page)
    height, width = screen.run(
        "const { scrollHeight, scrollWidth } = document.documentElement;"
        "return [scrollHeight, scrollWidth]"
    )
    assert height > size[1] + 100
    assert width <= size[0]
    container = screen.one(".folium-map")
    head, body = screen.one("#panel-head").rect, screen.one("#panel-body").rect
    assert container.rect["height"] >= 240
    assert head["y"] + head["height"] <= container.rect["y"] + 1
    assert container.rect["y"] + container.rect["height"] <= body["y"]
    screen.driver.execute_script("scrollTo(0, arguments[0])", container.rect["y"])
    seen = screen.run("return scrollY")
    assert seen > 0
    at = [screen.run("return map.latLngToContainerPoint([...arguments])", *corner)
          for corner in screen.run(
              "const [w, s, e, n] = page.units.bounds; return [[n, w], [s, e]]")]  # fmt: skip
    assert 0 <= at[0]["x"] < at[1]["x"] <= container.rect["width"]
    assert 0 <= at[0]["y"] < at[1]["y"] <= container.rect["height"]
    assert at[1]["x"] - at[0]["x"] > 0.5 * min(size[0], 380)
    top = screen.run("return map.getContainer().getBoundingClientRect().top")
    x, y = screen.place_of(some_states, ELKO)
    screen.point_at(x, round(y + top))
    assert "Elko NV" in screen.tooltip()
    before = screen.run("return map.getZoom()")
    ActionChains(screen.driver).scroll_by_amount(0, 80).perform()
    screen.wait()
    assert screen.run("return map.getZoom()") == before, "the wheel is the page's"
    screen.one("#unit-table-switch").click()
    table = screen.one("#unit-table").rect
    assert (table["width"], table["height"]) == size


@pytest.mark.parametrize(("size", "least"), [((640, 450), 280), ((320, 450), 120)])
def test_maps_of_a_comparison_keep_most_of_a_small_window(
    screen, comparison_of_some: Path, size: tuple[int, int], least: float
) -> None:
    screen.resize(*size)
    screen.open(comparison_of_some)
    stage = screen.one("#stage").rect
    assert stage["height"] >= 0.6 * size[1]
    wide = screen.run(
        "const [w, s, e, n] = page.units.bounds, at = (x, y) => map.latLngToContainerPoint([y, x]);"
        "return [at(e, s).x - at(w, n).x, at(e, s).y - at(w, n).y]"
    )
    assert wide[0] > least
    body = screen.one("#explorer-body")
    assert body.rect["y"] >= stage["y"] + stage["height"] - 1
    # What is below is there for the keyboard and the wheel.
    screen.run("document.querySelector('#plans input').focus()")
    top, bottom = screen.run(
        "const { top, bottom } = document.querySelector('#plans input').getBoundingClientRect();"
        "return [top, bottom]"
    )
    assert 0 <= top < bottom <= size[1]


@pytest.mark.parametrize("width", [320, 390, 700])
def test_nothing_overlaps_on_a_narrow_screen(screen, page: Path, width: int) -> None:
    screen.resize(width, 700, is_phone=True)
    screen.open(page)
    screen.one("#what-if-switch").click()
    boxes = screen.run(
        """
        const text = (node) => {
          const range = document.createRange();
          range.selectNodeContents(node);
          return [...range.getClientRects()].map(({ left, right, top, bottom }) =>
            ({ name: node.textContent.trim(), left, right, top, bottom }));
        };
        const shown = [...document.querySelectorAll(
          "#panel-head p, #panel-head h1, #what-if-switch, .choices label, .actions button, "
          + ".views label, #tools > *")].filter((one) => one.offsetParent || one.offsetWidth);
        return shown.flatMap((one, i) => {
          const own = one.matches("#tools > *") ? [one.getBoundingClientRect()].map(
            ({ left, right, top, bottom }) => ({ name: "tool", left, right, top, bottom }))
            : text(one);
          return own.map((box) => ({ ...box, from: i }));
        }).filter(({ left, right }) => right - left > 1);
        """
    )
    assert len(boxes) > 15
    for box in boxes:
        assert 0 <= box["left"] < box["right"] <= width, box
    for a, b in itertools.combinations(boxes, 2):
        is_apart = (
            a["right"] <= b["left"] + 1
            or b["right"] <= a["left"] + 1
            or a["bottom"] <= b["top"] + 2
            or b["bottom"] <= a["top"] + 2
        )
        assert is_apart or a["from"] == b["from"], (a, b)
    head, body = screen.one("#panel-head").rect, screen.one("#panel-body").rect
    assert screen.run("return page.isAtHome()")
    corner = screen.run(
        "const [w, s] = page.units.bounds; return map.latLngToContainerPoint([s, w])"
    )
    assert head["y"] + head["height"] < corner["y"] <= body["y"]


def test_the_focus_is_never_lost(screen, small_page: Path) -> None:
    def focused() -> str:
        return screen.run(
            "const { activeElement: one } = document;return one.id || one.className || one.tagName"
        )

    screen.open(small_page)
    search = screen.one("#search")
    search.send_keys("elko", Keys.ENTER)
    assert "folium-map" in screen.driver.switch_to.active_element.get_attribute("class")
    assert "Elko NV" in screen.tooltip()
    search.click()
    search.send_keys("jefferson")
    screen.all("#found li")[2].click()
    assert "folium-map" in screen.driver.switch_to.active_element.get_attribute("class")
    switch = screen.one("#what-if-switch")
    switch.click()
    assert focused() == "what-if-switch"
    screen.run("page.whatIf.move([5])")
    for name in ("undo", "redo", "reset", "undo", "theme"):
        screen.one(f"#{name}").click()
        assert focused() == name
    screen.one("#unit-table-switch").click()
    assert focused() == "unit-filter"
    screen.driver.switch_to.active_element.send_keys("jefferson")
    screen.one("#unit-table thead th:nth-child(2) button").click()
    assert focused() != "BODY"
    screen.one("#unit-table tbody button").click()
    assert focused() != "BODY"
    screen.one("#unit-filter").clear()
    screen.one("#unit-filter").send_keys("il")  # of which there are a hundred and two
    more = screen.one("#unit-more")
    screen.driver.execute_script("arguments[0].click()", more)
    assert screen.run("return document.activeElement.closest('tbody') !== null")
    screen.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert focused() == "unit-table-switch"
    switch.click()
    assert focused() == "what-if-switch"
    # By the keyboard alone, once around.
    names = set()
    for _ in range(40):
        ActionChains(screen.driver).send_keys(Keys.TAB).perform()
        names.add(focused())
    assert {"what-if-switch", "search", "theme", "unit-table-switch"} <= names
    assert any(name.startswith("map_") for name in names)


def test_less_motion_is_less_motion_and_nothing_is_lost(screen, small_page: Path) -> None:
    emulate(screen, prefers_reduced_motion="reduce")
    screen.open(small_page)
    container = screen.one(".folium-map")
    before = screen.run("return map.getCenter()")
    screen.driver.execute_script("arguments[0].focus()", container)
    screen.run("map.panBy([80, 0]); window.seen = map.getCenter()")
    assert screen.run("return window.seen") != before, "at once"
    screen.run("map.zoomIn(); window.seen = map.getZoom()")
    assert screen.run("return window.seen === map.getZoom() && !map._animatingZoom")
    screen.one("#what-if-switch").click()
    screen.run("page.whatIf.move([page.units.ids.indexOf('04019')])")
    pane = screen.one(".leaflet-flash-pane")
    assert pane.value_of_css_property("animation-name") == "flash-still"
    assert float(pane.value_of_css_property("opacity")) > 0.9
    assert "04019" not in screen.one("#cut-off").text
    assert "Pima, AZ" in screen.one("#cut-off").text


def test_colours_of_the_system_keep_legends_and_pressed_tabs(screen, small_page: Path) -> None:
    emulate(screen, forced_colors="active")
    screen.open(small_page)

    def colour(selector: str) -> str:
        return screen.one(selector).value_of_css_property("background-color")

    shades = {
        one.value_of_css_property("background-color") for one in screen.all(".legend.agreement i")
    }
    assert len(shades) == 12
    assert colour(".views label:has(:checked)") != colour(".views label:not(:has(:checked))")
    screen.one("#what-if-switch").click()
    off = screen.one(".choices label:not(:has(:checked))")
    assert colour(".choices label:has(:checked)") != off.value_of_css_property("background-color")
    swatches = {
        one.value_of_css_property("background-color")
        for one in screen.all("#what-if-table thead i")
    }
    assert len(swatches) == 2


def test_the_map_says_what_it_is(screen, small_page: Path, comparison_of_some: Path) -> None:
    screen.open(small_page)
    container = screen.one(".folium-map")
    assert container.get_attribute("role") == "application"
    assert container.aria_role == "application"
    assert container.accessible_name.startswith("Map: Red and blue states.")
    screen.open(comparison_of_some)
    names = [one.accessible_name.partition(":")[0] for one in screen.all(".leaflet-container")]
    assert names == ["Map of the pinned plan", "Map of the plan here"]


def table_rows(screen) -> list[list[str]]:
    return screen.run(
        "return [...document.querySelectorAll('#unit-table tbody tr')].map((row) =>"
        "[...row.cells].map((cell) => cell.textContent))"
    )


def test_the_table_has_every_unit_sorted_filtered_and_linked_to_the_map(
    screen, small_page: Path, some_states: Units, plan_of_some: Plan
) -> None:
    votes = some_states.votes["2016"]
    part = plan_of_some.assignment
    screen.open(small_page)
    screen.one("#unit-table-switch").click()
    heads = [one.text.split(" ↓")[0] for one in screen.all("#unit-table thead th")]
    assert heads == [
        "Name", "State", "Nation", "Clinton votes", "Trump votes", "Stranded", "Voters", "People",
    ]  # fmt: skip
    order = np.argsort(-votes.sum(axis=1), kind="stable")

    def expected(row: int) -> list[str]:
        own = votes[row, 1 - part[row]]
        numbers = (*votes[row], votes[row].sum() - own, votes[row].sum(),
                   some_states.attributes["population"][row])  # fmt: skip
        nation = ("Red", "Blue")[part[row]]
        return [str(some_states.names[row]), str(some_states.states[row]), nation,
                *(f"{value:,}" for value in numbers)]  # fmt: skip

    assert table_rows(screen) == [expected(row) for row in order[:100].tolist()]
    screen.one("#unit-more").click()
    assert len(table_rows(screen)) == 200
    stranded = screen.one('[data-key="stranded"] button')
    stranded.click()
    own = np.where(part == 1, votes[:, 1], votes[:, 0])
    order = np.argsort(-own, kind="stable")
    assert table_rows(screen) == [expected(row) for row in order[:100].tolist()]
    assert screen.one('[data-key="stranded"]').get_attribute("aria-sort") == "descending"
    stranded.click()
    order = np.argsort(own, kind="stable")
    assert table_rows(screen) == [expected(row) for row in order[:100].tolist()]
    screen.one("#unit-filter").send_keys("jefferson")
    named = [row for row in order.tolist() if some_states.names[row].startswith("Jefferson")]
    found = table_rows(screen)
    assert [row for row in found if row[0] == "Jefferson"] == [
        expected(row) for row in named if some_states.names[row] == "Jefferson"
    ]
    assert all("Jefferson" in row[0] for row in found)
    screen.one("#unit-nation option[value='1']").click()
    assert {row[2] for row in table_rows(screen)} == {"Blue"}
    assert screen.one("#unit-count").text.endswith(f" of {some_states.n_units}")

    # A row leads to the map, and the map to its row.
    name, state = table_rows(screen)[0][:2]
    screen.one("#unit-table tbody button").click()
    assert screen.tooltip().startswith(f"{name} {state}")
    assert screen.one("#unit-table tr[data-spoken-of]").text.startswith(f"{name} {state}")

    # With "What if", what is found moves together: the lasso of whoever has no pointer.
    n_found = len(table_rows(screen))
    screen.one("#what-if-switch").click()
    screen.one("#move-0").click()
    assert len(screen.run("return page.whatIf.changes.moved")) == n_found
    assert table_rows(screen) == []


def test_the_table_of_names_from_anybodys_file_runs_nothing(
    screen, hostile_units: Units, hostile: str, tmp_path: Path
) -> None:
    units = replace(hostile_units, states=np.array([hostile, "B"]))
    drawn = maps.draw(units, Plan(np.array([1, 0])), maps.MapSummary("T", "1 %", "of"), "2016")
    screen.open(maps.save(drawn, tmp_path / "map.html"))
    screen.one("#unit-table-switch").click()
    assert sorted(row[:2] for row in table_rows(screen)) == sorted(
        [[hostile, hostile], ["Plain", "B"]]
    )
    assert screen.driver.execute_script("return window.wasRun") is None
    assert screen.all("img") == []


@pytest.mark.parametrize("size", [(1400, 900), (390, 844)])
def test_axe_finds_nothing_against_an_explorer(
    screen, explorer_page: Path, size: tuple[int, int]
) -> None:
    screen.resize(*size, is_phone=size[0] < 500)
    screen.open(explorer_page)
    assert screen.violations() == []


CIRCLES = """
    window.radii = [];
    const { arc } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.arc = function (x, y, radius) {
      window.radii.push(radius);
      arc.apply(this, arguments);
    };
    """


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_land_turns_into_circles_of_people_unless_motion_is_unwanted(
    screen, page: Path, united_states: Units, motion: str
) -> None:
    emulate(screen, prefers_reduced_motion=motion)
    screen.open(page)
    screen.run("page.setShown('places', false);" + CIRCLES)
    screen.choose("view", "people")
    screen.wait(1.6)
    radii = np.array(screen.run("return window.radii")).reshape(-1, united_states.n_units)
    people = np.sort(united_states.attributes["population"])[::-1]
    assert radii[-1] ** 2 / radii[-1, 0] ** 2 == pytest.approx(people / people[0], rel=1e-6)
    if motion == "reduce":
        assert (radii == radii[-1]).all()
        return
    # It begins, or after a jump of the clock goes on, from circles as large as the land.
    assert len(radii) > 2
    largest = int(np.argmax(radii[1]))
    assert largest != 0, "Alaska, not Los Angeles"
    assert (np.diff(radii[1:, 0]) >= 0).all()
    assert (np.diff(radii[1:, largest]) <= 0).all()
