"""Measure how the search fares as the number of units grows.

Run from a checkout with the package installed::

    python benchmarks/scaling.py --seconds 60

States, census regions, the country and synthetic electorates (see ``electorate.py``), each in a
process of its own. Prints a Markdown table; ``--csv FILE`` writes it as well.

Each plan is checked once more when the clock has stopped: "flips" counts the single units that
could change sides, gain by it and leave both parts whole; a plan with none is a local optimum.
"windows" are those that were searched where the problem is too large to be searched at once, one
after the other, or with ``--workers 2`` region by region by two processes besides.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from electorate import electorate

from partition.question.formulate import formulate
from partition.runs.lending import lent
from partition.scenario import Scenario
from shapefiles import load_united_states
from solvers.contiguity import broken_constraint
from solvers.problem import Problem
from solvers.result import Limits, Result
from solvers.solve import solve

NORTHEAST = ("CT", "ME", "MA", "NH", "RI", "VT", "NJ", "NY", "PA")
MIDWEST = ("IL", "IN", "MI", "OH", "WI", "IA", "KS", "MN", "MO", "NE", "ND", "SD")
WEST = ("AZ", "CO", "ID", "MT", "NV", "NM", "UT", "WY", "CA", "OR", "WA")
REGIONS = {"Northeast": NORTHEAST, "Midwest": MIDWEST, "West": WEST}
"""Regions of the Census Bureau; the South is the rest of the 48 states and the District."""
STATES = ("NH", "ID", "IA", "TX")
COLUMNS = (
    "instance",
    "units",
    "edges",
    "seconds",
    "memory_mb",
    "flips",
    "objective",
    "bound",
    "gap",
    "windows",
    "status",
)
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


def count_flips(problem: Problem, plan: npt.NDArray[np.int8]) -> int:
    """Count the single units that gain by changing sides and leave a plan of the problem.

    Raises
    ------
    AssertionError
        When the plan itself breaks a constraint.
    """
    broken = broken_constraint(problem, plan)
    assert broken is None, broken
    gains = problem.gains
    is_stranded = gains[np.arange(len(plan)), 1 - plan] > gains[np.arange(len(plan)), plan]
    ends = problem.edges[plan[problem.edges[:, 0]] != plan[problem.edges[:, 1]]]
    flips = 0
    for unit in np.unique(ends[is_stranded[ends]]).tolist():
        flipped = plan.copy()
        flipped[unit] = 1 - plan[unit]
        flips += broken_constraint(problem, flipped) is None
    return flips


def run(name: str, seconds: float, n_workers: int = 1) -> tuple[list[Any], Result]:
    """Search one instance; return its size, time, peak memory in MB and flips, and the result."""
    problem = instance(name)
    started = time.perf_counter()
    with lent(n_workers) as workers:
        result = solve(problem, Limits(seconds), workers=workers)
    took = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    assert result.plan is not None
    assert result.bound is not None
    flips = count_flips(problem, result.plan.assignment)
    figures = [problem.n_units, len(problem.edges), f"{took:.1f}", memory, flips]
    return figures, replace(result, plan=None, certificate=None, trace=())


def main() -> None:
    """Run the instances, the smallest first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [*STATES, *REGIONS, "South", "country", *map(str, SIZES)]
    parser.add_argument("names", nargs="*", default=names)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=1, help="processes that share each search")
    parser.add_argument("--csv", type=Path)
    options = parser.parse_args()
    print("| " + " | ".join(COLUMNS) + " |\n|---|" + "--:|" * (len(COLUMNS) - 1))
    rows = []
    for name in options.names:
        # Not a process of a pool, which may have no processes of its own.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            figures, result = pool.submit(run, name, options.seconds, options.workers).result()
        found = [result.objective, result.bound, f"{result.gap:.4%}", result.n_windows]
        rows.append([name, *figures, *found, result.status.value])
        print("| " + " | ".join(map(str, rows[-1])) + " |", flush=True)
    if options.csv:
        with options.csv.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main()
