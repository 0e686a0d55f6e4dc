"""The page in a real browser: what a person sees, points at, taps and types."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from maps.layout import lay_out
from maps.picture import BROWSERS, QUIET
from maps.style import DARK, LIGHT, Palette
from shapefiles.units import Units
from solvers.plan import Plan

BROWSER = next((path for name in BROWSERS if (path := shutil.which(name))), None)
DRIVER = shutil.which("chromedriver")

pytestmark = pytest.mark.skipif(
    BROWSER is None or DRIVER is None,
    reason="needs Chromium and its driver: apt-get install chromium chromium-driver",
)

ELKO, CLARK_IDAHO, PIMA, COOK = "32007", "16033", "04019", "17031"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    profile = tmp_path_factory.mktemp("profile")
    for argument in (*QUIET, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    driver.set_script_timeout(10)
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium: webdriver.Chrome) -> webdriver.Chrome:
    """The shared browser as a light desktop window, with nothing said yet."""
    resize(chromium, 1400, 900)
    set_theme(chromium, "light")
    chromium.get("about:blank")
    for log in ("browser", "performance"):
        chromium.get_log(log)
    return chromium


def resize(browser: webdriver.Chrome, width: int, height: int, is_phone: bool = False) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone},
    )


def set_theme(browser: webdriver.Chrome, theme: str) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": theme}]},
    )


def run(browser: webdriver.Chrome, script: str, *values: Any) -> Any:
    """Run JavaScript that finds the map and the layer of nations as `map` and `nations`."""
    find = (
        "const find = (start) => window[Object.keys(window).find((k) => k.startsWith(start))];"
        "const map = find('map_'), nations = find('nations_layer_');"
    )
    return browser.execute_script(find + script, *values)


def place_of(browser: webdriver.Chrome, units: Units, geoid: str) -> tuple[int, int]:
    """Where in the window a county lies."""
    row = int(np.flatnonzero(units.ids == geoid)[0])
    sheet = lay_out(units)
    point = shapely.point_on_surface(sheet.polygons[row])
    x, y = point.x / sheet.metres_per_unit, point.y / sheet.metres_per_unit
    at = run(browser, "return map.latLngToContainerPoint([arguments[1], arguments[0]])", x, y)
    return round(at["x"]), round(at["y"])


def colour_of(browser: webdriver.Chrome, units: Units, geoid: str) -> str:
    """The colour that the canvas has where a county lies."""
    return run(
        browser,
        """
        const box = nations.canvas._container.getBoundingClientRect();
        const [x, y] = [arguments[0] - box.x, arguments[1] - box.y];
        const pixel = nations.canvas._ctx.getImageData(x, y, 1, 1).data;
        return "#" + [...pixel.slice(0, 3)].map((c) => c.toString(16).padStart(2, "0")).join("");
        """,
        *place_of(browser, units, geoid),
    )


def point_at(browser: webdriver.Chrome, units: Units, geoid: str) -> None:
    x, y = place_of(browser, units, geoid)
    actions = ActionChains(browser, duration=0)
    actions.w3c_actions.pointer_action.move_to_location(x, y)
    actions.perform()


def tooltip(browser: webdriver.Chrome) -> str:
    """What the tooltip says, without the narrow spaces before percent signs."""
    return browser.find_element(By.ID, "tooltip").text.replace("\u202f", " ")


def choose(browser: webdriver.Chrome, view: str) -> None:
    browser.find_element(By.CSS_SELECTOR, f"input[value={view}]").click()


def test_the_page_opens_without_an_error_or_a_request(
    browser: webdriver.Chrome, national_page: Path
) -> None:
    browser.get(national_page.as_uri())
    assert browser.get_log("browser") == []
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    requested = {
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    }
    assert {url for url in requested if not url.startswith("data:")} == {national_page.as_uri()}


def test_the_map_is_painted_within_two_seconds(
    browser: webdriver.Chrome, national_page: Path, united_states: Units
) -> None:
    browser.get(national_page.as_uri())
    colour_of(browser, united_states, ELKO)
    painted = browser.execute_async_script(
        "const done = arguments[0];"
        "requestAnimationFrame(() => setTimeout(() => done("
        "  Math.max(performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd,"
        "           ...performance.getEntriesByType('paint').map((e) => e.startTime)))))"
    )
    assert 0 < painted < 2_000


def test_each_view_and_theme_colours_the_counties_as_the_palette_says(
    browser: webdriver.Chrome, national_page: Path, united_states: Units
) -> None:
    # 2016, of two: Elko 20.1 % Clinton in blue Nevada; Cook 78.1 % in blue Illinois;
    # Pima 57.4 % in red Arizona; Clark, Idaho, 17.8 % in red Idaho.
    def expected(palette: Palette) -> dict[str, list[str]]:
        red, blue = palette.red, palette.blue
        return {
            "agreement": [blue[0], blue[4], red[1], red[5]],
            "nations": [palette.nations[part] for part in (1, 1, 0, 0)],
            "margin": [red[4], blue[4], blue[2], red[5]],
        }

    browser.get(national_page.as_uri())
    run(browser, "map.setZoom(map.getZoom() + 2, { animate: false })")
    for theme, palette in (("light", LIGHT), ("dark", DARK)):
        set_theme(browser, theme)
        for view, colours in expected(palette).items():
            choose(browser, view)
            for geoid, colour in zip((ELKO, COOK, PIMA, CLARK_IDAHO), colours, strict=True):
                look_at(browser, united_states, geoid)
                assert (view, geoid, colour_of(browser, united_states, geoid)) == (
                    view,
                    geoid,
                    colour,
                )


def look_at(browser: webdriver.Chrome, units: Units, geoid: str) -> None:
    """Bring a county to the middle of the window."""
    x, y = place_of(browser, units, geoid)
    run(browser, "map.setView(map.containerPointToLatLng([...arguments]), map.getZoom(), "
        "{ animate: false })", x, y)  # fmt: skip


def test_the_browser_draws_the_frontier_that_the_polygons_have(
    browser: webdriver.Chrome, national_page: Path, united_states: Units, state_plan: Plan
) -> None:
    browser.get(national_page.as_uri())
    lines = run(
        browser,
        """
        const lines = [];
        const Original = window.Path2D;
        window.Path2D = class {
          constructor() { this.lines = []; }
          moveTo(x, y) { this.lines.push([[x, y]]); }
          lineTo(x, y) { this.lines[this.lines.length - 1].push([x, y]); }
        };
        const { frontier } = nations.findLines();
        window.Path2D = Original;
        return frontier.lines;
        """,
    )
    sheet = lay_out(united_states)
    drawn = shapely.MultiLineString([line for line in lines if len(line) > 1])
    drawn = shapely.transform(drawn, lambda xy: xy * sheet.metres_per_unit)
    nations = [
        shapely.coverage_union_all(sheet.polygons[state_plan.assignment == part]) for part in (0, 1)
    ]
    expected = shapely.union_all(
        [
            part
            for part in shapely.get_parts(
                shapely.intersection(nations[0].boundary, nations[1].boundary)
            )
            if part.geom_type == "LineString"
        ]
    )
    tolerance = 1.01 * sheet.quantum
    assert drawn.buffer(tolerance).covers(expected)
    assert expected.buffer(tolerance).covers(drawn)


def test_pointing_at_a_county_tells_its_votes(
    browser: webdriver.Chrome, national_page: Path, united_states: Units
) -> None:
    browser.get(national_page.as_uri())
    point_at(browser, united_states, COOK)
    dem, rep = united_states.votes["2016"][united_states.ids == COOK][0]
    said = tooltip(browser)
    for fact in (
        "Cook IL",
        "Blue nation",
        f"Clinton {dem:,} {100 * dem / (dem + rep):.1f} %",
        f"Trump {rep:,} {100 * rep / (dem + rep):.1f} %",
        f"Margin: Clinton +{100 * (dem - rep) / (dem + rep):.1f} points",
        f"Stranded: {rep:,} voters ({100 * rep / (dem + rep):.1f} %)",
    ):
        assert fact in said
    point_at(browser, united_states, PIMA)
    assert "Pima AZ" in tooltip(browser)
    assert "Red nation" in tooltip(browser)


def test_every_county_is_found_under_a_point_inside_it(
    browser: webdriver.Chrome, national_page: Path, united_states: Units
) -> None:
    browser.get(national_page.as_uri())
    sheet = lay_out(united_states)
    inside = shapely.get_coordinates(shapely.point_on_surface(sheet.polygons))
    inside /= sheet.metres_per_unit
    found = run(
        browser,
        "return arguments[0].map(([lng, lat]) => nations.unitAt({ lng, lat }))",
        inside.tolist(),
    )
    assert found == list(range(united_states.n_units))
    assert run(browser, "return nations.unitAt({ lng: 400, lat: 60 })") == -1


def test_the_keyboard_walks_over_the_map(browser: webdriver.Chrome, national_page: Path) -> None:
    browser.get(national_page.as_uri())
    container = browser.find_element(By.CLASS_NAME, "folium-map")
    assert tooltip(browser) == ""
    container.send_keys(Keys.ARROW_LEFT)
    browser.execute_async_script("setTimeout(arguments[0], 400)")
    here = tooltip(browser)
    assert "nation" in here
    container.send_keys(Keys.ARROW_LEFT)
    browser.execute_async_script("setTimeout(arguments[0], 400)")
    assert tooltip(browser) not in {"", here}
    container.send_keys(Keys.ESCAPE)
    assert tooltip(browser) == ""


def test_a_phone_shows_the_whole_map_and_folds_the_figures(
    browser: webdriver.Chrome, national_page: Path, united_states: Units
) -> None:
    resize(browser, 390, 844, is_phone=True)
    browser.get(national_page.as_uri())
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
    west, south, east, north = lay_out(united_states).bounds
    top_left = run(browser, "return map.latLngToContainerPoint([...arguments])", north, west)
    low_right = run(browser, "return map.latLngToContainerPoint([...arguments])", south, east)
    head = browser.find_element(By.ID, "panel-head").rect
    body = browser.find_element(By.ID, "panel-body").rect
    assert top_left["x"] >= 0
    assert low_right["x"] <= 390
    assert head["y"] + head["height"] <= top_left["y"]
    assert low_right["y"] <= body["y"]
    assert low_right["x"] - top_left["x"] > 360

    table = browser.find_element(By.CSS_SELECTOR, "#details table")
    assert not table.is_displayed()
    browser.find_element(By.CSS_SELECTOR, "#details > summary").click()
    assert table.is_displayed()
    browser.find_element(By.CSS_SELECTOR, "#details > summary").click()

    for label in browser.find_elements(By.CSS_SELECTOR, ".views label"):
        assert label.rect["height"] >= 32
    x, y = place_of(browser, united_states, ELKO)
    for kind, points in (("touchStart", [{"x": x, "y": y}]), ("touchEnd", [])):
        browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    browser.execute_async_script("setTimeout(arguments[0], 400)")
    assert "Elko NV" in tooltip(browser)
    box = browser.find_element(By.ID, "tooltip").rect
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_names_are_shown_and_not_run(
    browser: webdriver.Chrome, hostile_page: Path, hostile_units: Units, hostile: str
) -> None:
    browser.get(hostile_page.as_uri())
    point_at(browser, hostile_units, "000")
    assert hostile in tooltip(browser)
    assert browser.title == hostile
    assert browser.find_element(By.TAG_NAME, "h1").text == hostile
    assert browser.find_elements(By.TAG_NAME, "img") == []
    assert browser.execute_script("return window.wasRun") is None
    assert browser.get_log("browser") == []
