"""Measure how long maps take to draw, how large they are, and when a browser first shows them.

Run from a checkout with the package installed with its extra ``test``, and Chromium with its
driver (on Debian, ``apt-get install chromium chromium-driver``)::

    python benchmarks/drawing.py

The plans are made without a search: every state or county to its majority of an election, and the
country cut along lines of longitude. A page is opened five times; the first paint is the middle one
of the browser's `first-contentful-paint`, after the start of loading. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import folium
import numpy as np
import shapely
from selenium import webdriver

import maps
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


def first_paint(page: Path, n_times: int) -> float:
    """Open a page some times; return the milliseconds until something of it is seen."""
    options = webdriver.ChromeOptions()
    options.binary_location = next(path for name in BROWSERS if (path := shutil.which(name)))
    times = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for argument in (*QUIET, "--window-size=1400,900", f"--user-data-dir={profile}"):
            options.add_argument(argument)
        service = webdriver.ChromeService(shutil.which("chromedriver"))
        driver = webdriver.Chrome(options=options, service=service)
        try:
            for _ in range(n_times):
                driver.get("about:blank")
                driver.get(page.as_uri())
                times.append(float(driver.execute_async_script(FIRST_PAINT)))
        finally:
            driver.quit()
    return statistics.median(times)


def main() -> None:
    """Draw and open the two pages."""
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


if __name__ == "__main__":
    main()
