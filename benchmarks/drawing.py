"""Measure how long maps take to draw, how large they are, and when a browser first shows them.

Run from a checkout with the package installed with its extra ``test``, and Chromium with its
driver (on Debian, ``apt-get install chromium chromium-driver``)::

    python benchmarks/drawing.py

The plans are made without a search: every state or county to its majority of an election, and the
country cut along lines of longitude; those of the sweep are all best plans of `archipelago` from 0
to 100 votes a kilometre. A page is opened five times; the first paint is the middle one of the
browser's `first-contentful-paint`, after the start of loading. A step goes from a plan of the sweep
to the next, through all of them, and a jump from any to any other: its time is that of the script,
and that until the frame after it is drawn. Prints a Markdown table, and ends with code 1 where the
page of the sweep is larger or slower than it may be.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import folium
import numpy as np
import shapely
from selenium import webdriver

import maps
import partition
from maps.picture import BROWSERS, QUIET
from shapefiles.embedded.read import load_united_states
from shapefiles.units import Units
from solvers.plan import Plan

ELECTION = "2016"

FIRST_PAINT = """
const done = arguments[0];
new PerformanceObserver((list) => {
  const [paint] = list.getEntriesByName("first-contentful-paint");
  if (paint) done(paint.startTime);
}).observe({ type: "paint", buffered: true });
"""

STEPS = """
const [places, done] = arguments;
const page = window[Object.keys(window).find((key) => key.startsWith("explored_layer_"))];
const times = [];
const step = (k) => {
  if (k === places.length) return done(times);
  const start = performance.now();
  page.go(places[k], false);
  const script = performance.now() - start;
  requestAnimationFrame(() => setTimeout(() => {
    times.push([script, performance.now() - start]);
    step(k + 1);
  }));
};
step(0);
"""

LARGEST, LATEST, SLOWEST = 3_000_000, 1_000, 50
"""Most bytes of the page of a sweep, milliseconds until it is seen, and until a step is drawn."""


def made_plans(units: Units) -> dict[str, Plan]:
    """Make eleven plans that need no search."""
    _, state = np.unique(units.states, return_inverse=True)
    plans = {}
    for year, votes in units.votes.items():
        lead = votes[:, 0].astype(float) - votes[:, 1]
        plans[f"Counties of {year}"] = Plan((lead > 0).astype(np.int8))
        plans[f"States of {year}"] = Plan((np.bincount(state, lead) > 0)[state].astype(np.int8))
    middles = shapely.get_coordinates(shapely.centroid(units.polygons))
    for share in np.linspace(0.1, 0.9, 11 - len(plans)):
        west = np.quantile(middles[:, 0], share)
        plans[f"{share:.0%} in the west"] = Plan((middles[:, 0] < west).astype(np.int8))
    return plans


def one_map(units: Units, plans: dict[str, Plan]) -> folium.Map:
    """Draw the first plan."""
    summary = maps.MapSummary("One plan", "64.8 %", "of two-party voters live at home")
    return maps.draw(units, next(iter(plans.values())), summary, ELECTION)


def comparison(units: Units, plans: dict[str, Plan]) -> folium.Map:
    """Draw all plans."""
    compared = [maps.ComparedPlan(label, plan) for label, plan in plans.items()]
    return maps.compare(units, compared, maps.ComparisonSummary("Eleven plans"), ELECTION)


def swept() -> tuple[folium.Map, int]:
    """Draw every best plan of a sweep, and count them."""
    found = partition.sweep("archipelago", "border=0:100:2")
    return found.map(), len(found.plans)


@contextmanager
def browser() -> Iterator[webdriver.Chrome]:
    """Start a browser with an empty profile, and end it."""
    options = webdriver.ChromeOptions()
    options.binary_location = next(path for name in BROWSERS if (path := shutil.which(name)))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for argument in (*QUIET, "--window-size=1400,900", f"--user-data-dir={profile}"):
            options.add_argument(argument)
        service = webdriver.ChromeService(shutil.which("chromedriver"))
        driver = webdriver.Chrome(options=options, service=service)
        driver.set_script_timeout(120)
        try:
            yield driver
        finally:
            driver.quit()


def first_paint(page: Path, n_times: int) -> float:
    """Open a page some times; return the milliseconds until something of it is seen."""
    times = []
    with browser() as driver:
        for _ in range(n_times):
            driver.get("about:blank")
            driver.get(page.as_uri())
            times.append(float(driver.execute_async_script(FIRST_PAINT)))
    return statistics.median(times)


def step_times(page: Path, places: list[int]) -> np.ndarray:
    """Go from plan to plan; return milliseconds of script and until drawn, ``(n_places, 2)``."""
    with browser() as driver:
        driver.get(page.as_uri())
        return np.array(driver.execute_async_script(STEPS, places))


def measure_sweep(n_times: int, folder: Path) -> bool:
    """Print what the page of a sweep takes; say whether it is as small and quick as it may be."""
    page, n_plans = swept()
    started = time.perf_counter()
    path = maps.save(page, folder / "sweep.html")
    seconds = time.perf_counter() - started
    size, paint = path.stat().st_size, first_paint(path, n_times)
    jumps = np.random.default_rng(0).integers(0, n_plans, 60).tolist()
    print(
        f"| {n_plans} plans of a sweep | 3,113 | {seconds:.2f} | {size / 1e6:.2f} | {paint:.0f} |"
    )
    columns = ["going", "script (ms)", "95 of 100 (ms)", "slowest (ms)", "until drawn (ms)"]
    print("\n| " + " | ".join(columns) + " |")
    print("|---|--:|--:|--:|--:|")
    step = 0.0
    for name, places in (("to the next plan", list(range(1, n_plans))), ("to any plan", jumps)):
        script, drawn = step_times(path, places).T
        figures = [np.median(script), np.quantile(script, 0.95), script.max(), np.median(drawn)]
        print(f"| {name} | " + " | ".join(f"{one:.1f}" for one in figures) + " |", flush=True)
        step = step or float(figures[-1])
    return size <= LARGEST and paint <= LATEST and step <= SLOWEST


def main() -> None:
    """Draw and open the pages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=5, help="how often a page is opened")
    n_times = parser.parse_args().times
    units = load_united_states()
    plans = made_plans(units)
    pages: dict[str, Callable[[Units, dict[str, Plan]], folium.Map]] = {
        "one plan": one_map,
        f"{len(plans)} plans": comparison,
    }
    columns = ["page", "units", "drawing (s)", "file (MB)", "first paint (ms)"]
    print("| " + " | ".join(columns) + " |\n|---|" + "--:|" * (len(columns) - 1))
    with tempfile.TemporaryDirectory() as name:
        for label, make in pages.items():
            started = time.perf_counter()
            path = maps.save(make(units, plans), Path(name) / "page.html")
            seconds = time.perf_counter() - started
            row = [label, f"{units.n_units:,}", f"{seconds:.2f}"]
            row += [f"{path.stat().st_size / 1e6:.2f}", f"{first_paint(path, n_times):.0f}"]
            print("| " + " | ".join(row) + " |", flush=True)
        if not measure_sweep(n_times, Path(name)):
            raise SystemExit(1)


if __name__ == "__main__":
    main()
