"""A real browser, and what a person sees and does in it."""

from __future__ import annotations

import functools
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from maps.layout import Sheet, lay_out
from maps.picture import BROWSERS, QUIET
from shapefiles.units import Units

AXE = Path(__file__).parent / "axe-core-4.14.1" / "axe.min.js"
"""Deque's checker of accessibility (npm ``axe-core``, MPL 2.0), as it is published."""

MISSING = "needs Chromium and its driver: apt-get install chromium chromium-driver"


def find_programs() -> tuple[str, str]:
    """Find a browser and its driver.

    Where they are missing the test is skipped; it fails where REQUIRE_BROWSER is set, so that a
    release is not called tested when nobody looked at its pages.
    """
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        give_up = pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip
        give_up(MISSING)
    return str(browser), str(driver)


@contextmanager
def running(profile: Path) -> Iterator[Screen]:
    """Start the browser with an empty profile, and end it."""
    browser, driver = find_programs()
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in (*QUIET, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        started.set_script_timeout(10)
        yield Screen(started)
    finally:
        started.quit()


@functools.cache
def sheet_of(units: Units) -> Sheet:
    """Lay units out once for all the tests that look for them."""
    return lay_out(units)


class Screen:
    """A browser window, and what a person sees and does in it."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def reset(self) -> None:
        """A light desktop window with nothing said yet."""
        self.resize(1400, 900)
        self.set_theme("light")
        self.driver.get("about:blank")
        for log in ("browser", "performance"):
            self.driver.get_log(log)

    def open(self, page: Path, fragment: str = "") -> None:
        """Load a page, also where only the fragment is another one."""
        self.driver.get("about:blank")
        self.driver.get(page.as_uri() + fragment)

    def resize(self, width: int, height: int, is_phone: bool = False) -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone},
        )

    def set_theme(self, theme: str) -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"media": "", "features": [{"name": "prefers-color-scheme", "value": theme}]},
        )

    def errors(self) -> list[str]:
        """What the console says, but for advice on reading pixels, which only tests do."""
        messages = [entry["message"] for entry in self.driver.get_log("browser")]
        return [one for one in messages if "willReadFrequently" not in one]

    def requests(self) -> set[str]:
        """Addresses asked for since the window was reset, but for data inside the page."""
        entries = self.driver.get_log("performance")
        messages = [json.loads(entry["message"])["message"] for entry in entries]
        requested = {
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        }
        return {url for url in requested if not url.startswith(("data:", "about:"))}

    def run(self, script: str, *values: Any) -> Any:
        """Run JavaScript that knows the `page`, its `map`, and of one plan the `nations`."""
        find = (
            "const find = (start) => window[Object.keys(window).find((k) => k.startsWith(start))];"
            "const map = find('map_'), page = find('nations_layer_') || find('explored_layer_'),"
            "nations = page.layer;"
        )
        return self.driver.execute_script(find + script, *values)

    def wait(self, seconds: float = 0.4) -> None:
        self.driver.execute_async_script(f"setTimeout(arguments[0], {1000 * seconds})")

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def place_of(self, units: Units, geoid: str) -> tuple[int, int]:
        """Where in the window a county lies."""
        row = int(np.flatnonzero(units.ids == geoid)[0])
        sheet = sheet_of(units)
        point = shapely.point_on_surface(sheet.polygons[row])
        x, y = point.x / sheet.metres_per_unit, point.y / sheet.metres_per_unit
        at = self.run("return map.latLngToContainerPoint([arguments[1], arguments[0]])", x, y)
        return round(at["x"]), round(at["y"])

    def colour_at(self, x: int, y: int, drawing: str = "nations") -> str:
        """The colour that a canvas has at a point of the window."""
        pixel = self.run(
            f"""
            const canvas = ({drawing}).canvas;
            const box = canvas._container.getBoundingClientRect();
            const [x, y] = [arguments[0] - box.x, arguments[1] - box.y];
            const pixel = canvas._ctx.getImageData(x, y, 1, 1).data;
            return [...pixel.slice(0, 3)];
            """,
            x,
            y,
        )
        return f"#{bytes(pixel).hex()}"

    def colour_of(self, units: Units, geoid: str) -> str:
        """The colour that the canvas has where a county lies."""
        return self.colour_at(*self.place_of(units, geoid))

    def count_pixels(self, colour: str, drawing: str = "nations") -> int:
        """How many pixels of a canvas have a colour exactly."""
        return self.run(
            f"""
            const context = ({drawing}).canvas._ctx;
            const {{ width, height }} = context.canvas;
            const pixels = context.getImageData(0, 0, width, height).data;
            const wanted = arguments[0].match(/[0-9a-f]{{2}}/g).map((text) => parseInt(text, 16));
            let n = 0;
            for (let i = 0; i < pixels.length; i += 4) {{
              n += wanted.every((value, k) => pixels[i + k] === value) && pixels[i + 3] === 255;
            }}
            return n;
            """,
            colour,
        )

    def point_at(self, x: int, y: int) -> None:
        actions = ActionChains(self.driver, duration=0)
        actions.w3c_actions.pointer_action.move_to_location(x, y)
        actions.perform()

    def touch(self, *points: tuple[float, float]) -> None:
        """Put a finger down at the first point, move it over the others, and lift it."""
        steps = ["touchStart", *["touchMove"] * (len(points) - 1)]
        for kind, (x, y) in zip(steps, points, strict=True):
            self.driver.execute_cdp_cmd(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]}
            )
        self.driver.execute_cdp_cmd(
            "Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []}
        )
        self.wait()

    def colours_seen(self, points: Sequence[tuple[float, float]]) -> list[str]:
        """The colours that the screen has at points of the window, all things together."""
        shown = self.driver.execute_async_script(
            """
            const [source, points, done] = arguments;
            const image = new Image();
            image.onload = () => {
              const canvas = document.createElement("canvas");
              [canvas.width, canvas.height] = [image.width, image.height];
              const context = canvas.getContext("2d");
              context.drawImage(image, 0, 0);
              done(points.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)]));
            };
            image.src = source;
            """,
            "data:image/png;base64," + self.driver.get_screenshot_as_base64(),
            [list(point) for point in points],
        )
        return [f"#{bytes(pixel).hex()}" for pixel in shown]

    def violations(self) -> list[str]:
        """What axe-core finds against the page as it is now: rule, weight, and where."""
        found = self.driver.execute_async_script(
            AXE.read_text(encoding="utf-8")
            + """
            ;const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => done(
              violations.flatMap(({ id, impact, nodes }) =>
                nodes.map(({ target, failureSummary }) =>
                  [id, impact, target.flat().join(" "), failureSummary].join(": "))
              )
            ));
            """
        )
        return list(found)

    def tooltip(self) -> str:
        """What the tooltip says, without the narrow spaces before percent signs."""
        return self.one("#tooltip").text.replace("\u202f", " ")

    def choose(self, name: str, value: str) -> None:
        self.one(f"input[name={name}][value={value}]").click()

    def busy_until_painted(self, page: Path) -> float:
        """Load a page, and count the milliseconds its thread computes until it stands there.

        Computing time and not the clock's: other processes of the computer do not lengthen it.
        """
        self.driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
        self.open(page)
        self.driver.execute_async_script(
            "const done = arguments[0]; requestAnimationFrame(() => setTimeout(done))"
        )
        metrics = self.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        self.driver.execute_cdp_cmd("Performance.disable", {})
        return 1000 * next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    def first_paint(self) -> float:
        """Milliseconds from the start of loading the page until something of it was seen."""
        return self.driver.execute_async_script(
            """
            const done = arguments[0];
            new PerformanceObserver((list) => {
              const [paint] = list.getEntriesByName("first-contentful-paint");
              if (paint) done(paint.startTime);
            }).observe({ type: "paint", buffered: true });
            """
        )
