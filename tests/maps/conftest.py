"""Units, plans, pages and a browser that the tests of the maps share."""

from __future__ import annotations

import functools
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from matplotlib.image import imread
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

import maps
from maps.layout import Sheet, lay_out
from maps.picture import BROWSERS, QUIET
from shapefiles.read import load_united_states
from shapefiles.units import Edges, Units
from solvers.plan import Plan

HOSTILE = '<img src=x onerror="window.wasRun=1">\'</script><script>window.wasRun=1</script>{{7*7}}'

BROWSER = next((path for name in BROWSERS if (path := shutil.which(name))), None)
DRIVER = shutil.which("chromedriver")


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
        return [entry["message"] for entry in self.driver.get_log("browser")]

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
            "const map = find('map_'), page = find('nations_layer_') || find('plans_layer_'),"
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

    def shown_at(self, *points: tuple[float, float]) -> list[str]:
        """The colours that a person sees at points of the window, whatever drew them."""
        shot = imread(io.BytesIO(self.driver.get_screenshot_as_png()))
        pixels = np.rint(255 * shot[..., :3]).astype(np.uint8)
        return [f"#{pixels[round(y), round(x)].tobytes().hex()}" for x, y in points]

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


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    if BROWSER is None or DRIVER is None:
        pytest.skip("needs Chromium and its driver: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    profile = tmp_path_factory.mktemp("profile")
    for argument in (*QUIET, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    driver.set_script_timeout(10)
    yield Screen(driver)
    driver.quit()


@pytest.fixture
def screen(chromium: Screen) -> Screen:
    """The browser that all tests share, as it is when a person comes."""
    chromium.reset()
    return chromium


@pytest.fixture(scope="session")
def hostile() -> str:
    """A name that is shown as it is, or the page is broken into."""
    return HOSTILE


@pytest.fixture(scope="session")
def united_states() -> Units:
    return load_united_states()


@pytest.fixture(scope="session")
def state_plan(united_states: Units) -> Plan:
    """Every state goes to its own majority of 2016."""
    _, state = np.unique(united_states.states, return_inverse=True)
    votes = united_states.votes["2016"]
    lead = np.bincount(state, (votes[:, 0] - votes[:, 1]).astype(float))
    return Plan((lead > 0)[state].astype(np.int8))


@pytest.fixture(scope="session")
def blue_shares(united_states: Units) -> npt.NDArray[np.float64]:
    """A share for each county that can pass for its robustness: 0, 1 or in between."""
    votes = united_states.votes["2016"]
    return np.clip(4 * votes[:, 0] / votes.sum(axis=1) - 1.5, 0, 1)


@pytest.fixture(scope="session")
def national_page(
    united_states: Units,
    state_plan: Plan,
    blue_shares: npt.NDArray[np.float64],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    summary = maps.MapSummary(
        title="Red and blue states",
        headline="57.6 %",
        headline_text="of two-party voters live in the nation they voted for",
        subtitle="Every state goes to its own majority.",
        election="Presidential election of 2016",
        table=(("Counties", "1", "2"), ("People", "3", "4")),
        status="No bound",
        source="Public record",
        notes=("Alaska is one unit.",),
        parties=("Clinton", "Trump"),
    )
    page = maps.draw(united_states, state_plan, summary, "2016", robustness=blue_shares)
    return maps.save(page, tmp_path_factory.mktemp("national") / "map.html")


@pytest.fixture(scope="session")
def compared_plans(united_states: Units, state_plan: Plan) -> list[maps.ComparedPlan]:
    """Eleven plans: states, counties and bands of longitude, each with its share at home."""
    votes = united_states.votes["2016"]
    middles = shapely.get_coordinates(shapely.centroid(united_states.polygons))
    assignments = [state_plan.assignment, (votes[:, 0] > votes[:, 1]).astype(np.int8)]
    assignments += [(middles[:, 0] > west).astype(np.int8) for west in np.linspace(-2e6, 2e6, 9)]
    plans = []
    for i, assignment in enumerate(assignments):
        at_home = int(np.where(assignment, votes[:, 0], votes[:, 1]).sum())
        plans.append(
            maps.ComparedPlan(
                label=f"Plan {i + 1}",
                plan=Plan(assignment),
                headline=f"{100 * at_home / votes.sum():.2f} %",
                title=f"The plan with the number {i + 1}",
                figures=(("Voters at home", f"{at_home:,}"),),
                status="No bound",
            )
        )
    return plans


@pytest.fixture(scope="session")
def comparison_page(
    united_states: Units,
    compared_plans: list[maps.ComparedPlan],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    summary = maps.ComparisonSummary("Eleven plans", parties=("Clinton", "Trump"))
    page = maps.compare(united_states, compared_plans, summary, "2016")
    return maps.save(page, tmp_path_factory.mktemp("compared") / "comparison.html")


def make_units(
    polygons: npt.NDArray[np.object_], names: list[str] | None = None, crs: str = "EPSG:5070"
) -> Units:
    """Units without edges, with votes (10, 1), (20, 2), ... and two states."""
    n_units = len(polygons)
    count = np.arange(1, n_units + 1)
    return Units(
        ids=np.array([f"{i:03}" for i in range(n_units)]),
        names=np.array(names or [f"County {i}" for i in range(n_units)]),
        states=np.where(count % 2, "AA", "BB"),
        polygons=polygons,
        crs=crs,
        votes={"2016": np.stack([10 * count, count], axis=1)},
        attributes={},
        edges=Edges(
            pairs=np.empty((0, 2), np.int32),
            border=np.empty(0),
            kind=np.empty(0, "U6"),
            is_default=np.empty(0, np.bool_),
        ),
    )


@pytest.fixture
def hostile_units() -> Units:
    """Two counties, side by side, whose names and state are code."""
    units = make_units(shapely.box([0, 900], 0, [900, 1800], 900), [HOSTILE, "Plain"])
    object.__setattr__(units, "states", np.array([HOSTILE, HOSTILE]))
    return units


@pytest.fixture
def abroad() -> Units:
    """Twelve rectangles around Montreal, in degrees."""
    x, y = np.meshgrid(np.arange(-74.0, -73.4, 0.15), np.arange(45.3, 45.7, 0.15))
    west, south = x.ravel(), y.ravel()
    return make_units(shapely.box(west, south, west + 0.15, south + 0.15), crs="EPSG:4326")


@pytest.fixture
def hostile_page(hostile_units: Units, tmp_path: Path) -> Path:
    summary = maps.MapSummary(
        title=HOSTILE,
        headline=HOSTILE,
        headline_text=HOSTILE,
        subtitle=HOSTILE,
        election=HOSTILE,
        table=((HOSTILE, HOSTILE, HOSTILE),),
        status=HOSTILE,
        source=HOSTILE,
        notes=(HOSTILE,),
        parties=(HOSTILE, HOSTILE),
    )
    page = maps.draw(hostile_units, Plan(np.array([1, 0])), summary, "2016")
    return maps.save(page, tmp_path / "hostile.html")
