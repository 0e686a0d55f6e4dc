"""Measure pages of large maps: how large they are, when they stand there, and how they pan.

Run from a checkout with the package installed with its extra ``test``, and Chromium with its
driver (on Debian, ``apt-get install chromium chromium-driver``)::

    python benchmarks/large_maps.py

The maps are Voronoi cells of ``electorate.py`` whose borders wind, eight vertices each, as those of
real maps do; each unit goes to the nation of its majority. Every page has everything that
``partition solve`` puts on it. It is opened three times in Chromium without a window and without
graphics hardware; times are the middle ones, in milliseconds. "drawn" is when the first frame after
loading stands there, from the start of loading. A "pan" moves the map by a quarter of the window
and a "zoom" goes in by three quarters of a level, both until the frame after it is drawn. Prints a
Markdown table, and ends with code 1 where a page is larger or slower than it may be.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import shapely
from drawing import browser
from electorate import cells

import maps
from shapefiles.borders.adjacency import rook_contacts
from shapefiles.units import Edges, Units
from solvers.plan import Plan

SIZES = (4_000, 20_000, 100_000)
LARGEST = {4_000: 3.0, 20_000: 6.0, 100_000: 12.0}
"""Most megabytes of a page."""
LATEST = {4_000: 1_000, 20_000: 2_000, 100_000: 4_000}
"""Most milliseconds until it stands there."""

DRAWN = """
const done = arguments[0];
requestAnimationFrame(() => setTimeout(() => done(performance.now())));
"""

MOVES = """
const [kind, done] = arguments;
const map = window[Object.keys(window).find((key) => key.startsWith("map_"))];
const times = [];
const acts = {
  pan: (k) => map.panBy([k % 4 < 2 ? 350 : -350, 0], { animate: false }),
  zoom: (k) => map.setZoom(map.getZoom() + (k < 6 ? 0.75 : -0.75), { animate: false }),
};
const step = (k) => {
  if (k === 12) return done(times);
  const start = performance.now();
  acts[kind](k);
  requestAnimationFrame(() => setTimeout(() => {
    times.push(performance.now() - start);
    step(k + 1);
  }));
};
step(0);
"""


def winding(polygons: np.ndarray) -> np.ndarray:
    """Bend the borders of cells, neighbours alike, with eight vertices from corner to corner."""
    length = float(np.median(shapely.length(polygons))) / 6
    straight = shapely.segmentize(polygons, length / 7)
    # Cutting an edge into equal steps from either end gives vertices that differ in the last bits.
    straight = shapely.transform(straight, lambda xy: xy.round(3))
    wave, height = length / 5, length / 60
    return np.asarray(
        shapely.transform(straight, lambda xy: xy + height * np.sin(xy[:, ::-1] / wave))
    )


def country(n_units: int) -> tuple[Units, Plan]:
    """Make units with everything that a page speaks of, and a plan of their majorities."""
    polygons, votes = cells(n_units)
    polygons = winding(polygons)
    contacts = rook_contacts(polygons)
    votes = votes[:, ::-1]
    number = np.arange(n_units)
    units = Units(
        ids=np.array([f"{one:06}" for one in number]),
        names=np.array([f"Precinct {one}, Ward {one % 97}" for one in number]),
        states=np.full(n_units, ""),
        polygons=polygons,
        crs="EPSG:5070",
        votes={"2024": votes},
        attributes={},
        edges=Edges(
            pairs=contacts.pairs,
            border=contacts.border,
            kind=np.full(len(contacts.pairs), "land", "U6"),
            is_default=np.ones(len(contacts.pairs), np.bool_),
        ),
    )
    return units, Plan((votes[:, 0] > votes[:, 1]).astype(np.int8))


def moves(page: Path, kind: str, n_times: int) -> list[float]:
    """Pan or zoom; milliseconds of each move."""
    times: list[float] = []
    with browser() as driver:
        for _ in range(n_times):
            driver.get(page.as_uri())
            times += driver.execute_async_script(MOVES, kind)
    return times


def drawn(page: Path, n_times: int) -> float:
    """Open a page some times; return the milliseconds until its map stands there."""
    times = []
    with browser() as driver:
        for _ in range(n_times):
            driver.get("about:blank")
            driver.get(page.as_uri())
            times.append(float(driver.execute_async_script(DRAWN)))
    return statistics.median(times)


def main() -> None:
    """Draw and open the pages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES, help="numbers of units")
    parser.add_argument("--times", type=int, default=3, help="how often a page is opened")
    options = parser.parse_args()
    columns = ["units", "drawing (s)", "file (MB)", "drawn (ms)"]
    columns += ["pan (ms)", "slowest pan", "zoom (ms)", "slowest zoom"]
    print("| " + " | ".join(columns) + " |\n|" + "--:|" * len(columns), flush=True)
    is_within = True
    with tempfile.TemporaryDirectory() as name:
        for n_units in options.sizes:
            units, plan = country(n_units)
            summary = maps.MapSummary("One plan", "64.8 %", "of two-party voters live at home")
            started = time.perf_counter()
            what_if = maps.WhatIf(np.ones(len(units.edges.pairs), np.bool_))
            page = maps.draw(units, plan, summary, "2024", what_if=what_if)
            path = maps.save(page, Path(name) / "page.html")
            seconds = time.perf_counter() - started
            size, until = path.stat().st_size / 1e6, drawn(path, options.times)
            row = [f"{n_units:,}", f"{seconds:.1f}", f"{size:.2f}", f"{until:.0f}"]
            for kind in ("pan", "zoom"):
                times = moves(path, kind, options.times)
                row += [f"{statistics.median(times):.0f}", f"{max(times):.0f}"]
            print("| " + " | ".join(row) + " |", flush=True)
            is_within &= size <= LARGEST.get(n_units, np.inf)
            is_within &= until <= LATEST.get(n_units, np.inf)
    if not is_within:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
