"""Measure how reading, the graph and the report grow with the number of polygons.

Run from a checkout with the package installed::

    python benchmarks/reading.py

Every size runs once, in a process of its own: Voronoi cells in a GeoPackage and their votes in a
CSV table (see ``electorate.py``) are read and checked, made into a graph, and a plan that gives
each unit to its majority is measured, all as ``partition measure`` does it. Making the files does
not count. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path

import geopandas
import pandas as pd
from electorate import cells

from partition.answer import measure
from partition.land.dataset import Dataset
from partition.land.exchange import read_plan
from partition.land.own_map import with_map
from partition.scenario import Scenario
from shapefiles.mapfiles import MapFiles

SIZES = (3_000, 10_000, 30_000, 100_000, 200_000)
CELLS, VOTES, PLAN = "cells.gpkg", "votes.csv", "plan.csv"


def write(folder: Path, n_units: int) -> None:
    """Write polygons, votes and a plan."""
    polygons, votes = cells(n_units)
    ids = [f"{number:06}" for number in range(n_units)]
    geopandas.GeoDataFrame({"id": ids}, geometry=polygons, crs="EPSG:5070").to_file(folder / CELLS)
    red, blue = votes.T
    pd.DataFrame({"id": ids, "blue": blue, "red": red}).to_csv(folder / VOTES, index=False)
    nations = pd.Series(blue > red).map({True: "blue", False: "red"})
    pd.DataFrame({"GEOID": ids, "nation": nations}).to_csv(folder / PLAN, index=False)


def run(folder: Path) -> tuple[int, float, float, int]:
    """Read and measure; return edges, seconds of reading and of measuring, and memory in kB."""
    columns = MapFiles(
        units=str(folder / CELLS), votes=str(folder / VOTES), id="id", blue=("blue",), red=("red",)
    )
    started = time.perf_counter()
    scenario = with_map(Scenario.shipped("archipelago"), columns)
    dataset = Dataset.asked_for(scenario.data)
    units, election = dataset.units, scenario.election
    read = time.perf_counter()
    plan = read_plan(folder / PLAN, units)
    measure(units, plan, election, units.edges.select(), None, dataset.ballot(election))
    measured = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return units.edges.n_edges, read - started, measured - read, memory


def main() -> None:
    """Run the sizes, the smallest first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    columns = ["polygons", "edges", "file MB", "read, graph (s)", "report (s)", "memory MB"]
    print("| " + " | ".join(columns) + " |\n|" + "--:|" * len(columns))
    for n_units in parser.parse_args().sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write(folder, n_units)
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                edges, reading, measuring, memory = pool.apply(run, (folder,))
            size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
        row = [f"{n_units:,}", f"{edges:,}", f"{size:.0f}", f"{reading:.1f}", f"{measuring:.1f}"]
        print("| " + " | ".join([*row, f"{memory // 1024:,}"]) + " |", flush=True)


if __name__ == "__main__":
    main()
