"""Measure how the search fares as the number of units grows.

Run from a checkout with the package installed::

    python benchmarks/scaling.py --seconds 60

States, census regions, the country and synthetic electorates (see ``electorate.py``), each in a
process of its own. Prints a Markdown table; ``--csv FILE`` writes it as well.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import resource
import time
from pathlib import Path

import numpy as np
from electorate import electorate

from partition.formulate import formulate
from partition.scenario import Scenario
from shapefiles import load_united_states
from solvers.problem import Problem
from solvers.result import Limits
from solvers.solve import solve

NORTHEAST = ("CT", "ME", "MA", "NH", "RI", "VT", "NJ", "NY", "PA")
MIDWEST = ("IL", "IN", "MI", "OH", "WI", "IA", "KS", "MN", "MO", "NE", "ND", "SD")
WEST = ("AZ", "CO", "ID", "MT", "NV", "NM", "UT", "WY", "CA", "OR", "WA")
REGIONS = {"Northeast": NORTHEAST, "Midwest": MIDWEST, "West": WEST}
"""Regions of the Census Bureau; the South is the rest of the 48 states and the District."""
STATES = ("NH", "ID", "IA", "TX")
SIZES = (1_000, 3_000, 5_000, 10_000, 20_000, 100_000)


def instance(name: str) -> Problem:
    """Build an instance by its name."""
    if name.isdigit():
        return electorate(int(name))
    units = load_united_states()
    problem = formulate(units, Scenario.shipped("counties")).problem
    others = {"AK", "HI", *NORTHEAST, *MIDWEST, *WEST}
    if name in STATES:
        chosen = units.states == name
    elif name in REGIONS:
        chosen = np.isin(units.states, REGIONS[name])
    elif name == "South":
        chosen = ~np.isin(units.states, list(others))
    else:
        chosen = np.ones(units.n_units, bool)
    return problem.subproblem(np.flatnonzero(chosen))


def run(name: str, seconds: float) -> tuple[int, int, int | None, int | None, str, float, int]:
    """Search one instance; return its size, what came out, the time and peak memory in kB."""
    problem = instance(name)
    started = time.perf_counter()
    result = solve(problem, Limits(seconds))
    took = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = problem.n_units, len(problem.edges)
    return *size, result.objective, result.bound, result.status.value, took, memory


def main() -> None:
    """Run the instances, the smallest first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [*STATES, *REGIONS, "South", "country", *map(str, SIZES)]
    parser.add_argument("names", nargs="*", default=names)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--csv", type=Path)
    options = parser.parse_args()
    columns = [
        "instance",
        "units",
        "edges",
        "objective",
        "bound",
        "gap",
        "status",
        "seconds",
        "memory_mb",
    ]
    print("| " + " | ".join(columns) + " |\n|---|" + "--:|" * (len(columns) - 1))
    rows = []
    for name in options.names:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            *size, objective, bound, status, took, memory = pool.apply(run, (name, options.seconds))
        gap = (bound - objective) / objective if objective and bound is not None else None
        shown = "" if gap is None else f"{gap:.4%}"
        row = [name, *size, objective, bound, shown, status, f"{took:.1f}", memory // 1024]
        rows.append(row)
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
    if options.csv:
        with options.csv.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([columns, *rows])


if __name__ == "__main__":
    main()
