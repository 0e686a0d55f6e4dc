"""Measure how long it takes to divide states into two parts of equal population, proven best.

Run from a checkout with the package installed::

    python benchmarks/equal_parts.py --seconds 120 --out benchmarks/results/equal-parts.csv

Each problem has no votes at all: two contiguous parts as in [1]_, each with half of the people to
within 0.5 % of that half (a deviation of 1 % in all), and as few cut edges as possible. Takes the
counties of each state with three units or more, and synthetic states of some 300 to 360 census
tracts, one after the other in one process, after a first solve that loads the compiled loops.
Seconds are those of computing, of all threads together. Prints a Markdown table, the slowest
problem first.

References
----------
.. [1] H. Validi, A. Buchanan, "Political districting to minimize cut edges", Mathematical
   Programming Computation 14 (2022) 623-672, doi:10.1007/s12532-022-00221-5
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from electorate import tracts

from partition.question.formulate import formulate
from partition.scenario import Scenario
from shapefiles import load_united_states
from solvers.problem import Budget, Problem
from solvers.result import Limits
from solvers.solve import solve

TRACTS = (300, 320, 340, 360, 360)
"""Units of the synthetic states, whose seeds are 0, 1, 2..."""


class Row(NamedTuple):
    """What came of one problem."""

    seconds: float
    name: str
    n_units: int
    n_edges: int
    status: str
    n_cut: int | None
    n_cut_at_least: int | None
    n_nodes: int
    n_rows: int
    best_after: float
    """Seconds of computing until the last better plan, as far as progress tells."""


def equal_parts(edges: np.ndarray, people: np.ndarray) -> Problem:
    """Ask for the fewest cut edges between two contiguous parts of equal population.

    Parameters
    ----------
    edges
        Pairs of adjacent units, shape ``(n_edges, 2)``.
    people
        Population of each unit, shape ``(n_units,)``.
    """
    total = int(people.sum())
    lower, upper = -(-995 * total // 2000), 1005 * total // 2000
    return Problem(
        np.zeros((len(people), 2), np.int64),
        edges,
        edge_costs=np.ones(len(edges), np.int64),
        budgets=(Budget(people, lower, upper, name="people"),),
    )


def problems(names: list[str] | None) -> Iterator[tuple[str, Problem]]:
    """Yield the counties of each state, then the synthetic states."""
    units = load_united_states()
    whole = formulate(units, Scenario.shipped("counties").override(election="2016")).problem
    for state, size in zip(*np.unique(units.states, return_counts=True), strict=True):
        if size >= 3 and (names is None or state in names):
            members = np.flatnonzero(units.states == state)
            people = np.rint(units.attributes["population"][members]).astype(np.int64)
            yield str(state), equal_parts(whole.subproblem(members).edges, people)
    for seed, n_units in enumerate(TRACTS):
        name = f"tracts {seed}"
        if names is None or name in names:
            yield name, equal_parts(*tracts(n_units, seed))


def measure(name: str, problem: Problem, seconds: float, seed: int) -> Row:
    """Solve one problem."""
    begun, best, best_after, n_nodes, n_rows = time.process_time(), None, 0.0, 0, 0

    def watch(progress: object) -> None:
        nonlocal best, best_after, n_nodes, n_rows
        n_nodes, n_rows = progress.n_nodes, progress.n_rows
        if progress.incumbent != best:
            best, best_after = progress.incumbent, time.process_time() - begun

    result = solve(problem, Limits(seconds), seed=seed, on_progress=watch)
    return Row(
        time.process_time() - begun,
        name,
        problem.n_units,
        len(problem.edges),
        result.status.value,
        None if result.objective is None else -result.objective,
        None if result.bound is None else -result.bound,
        n_nodes,
        n_rows,
        best_after,
    )


def main() -> None:
    """Solve every problem."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help='states, or "tracts 0"; all by default')
    parser.add_argument("--seconds", type=float, default=120.0, help="by the clock, for each")
    parser.add_argument("--seed", type=int, default=0, help="of the search")
    parser.add_argument("--out", type=Path, help="a CSV file for the rows")
    options = parser.parse_args()
    solve(equal_parts(np.array([[0, 1], [1, 2], [2, 3]]), np.array([1, 1, 1, 1])))
    rows = []
    for name, problem in problems(options.names or None):
        rows.append(measure(name, problem, options.seconds, options.seed))
        print(f"{rows[-1].seconds:8.2f}", *rows[-1][1:], flush=True)
    rows.sort(reverse=True)
    if options.out is not None:
        with options.out.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([Row._fields, *rows])
    print("\n| problem | units | edges | seconds | status | cut edges | at least | cases |")
    print("|---|--:|--:|--:|---|--:|--:|--:|")
    for row in rows:
        print(
            f"| {row.name} | {row.n_units} | {row.n_edges} | {row.seconds:.2f} | {row.status} | "
            f"{row.n_cut} | {row.n_cut_at_least} | {row.n_nodes} |"
        )


if __name__ == "__main__":
    main()
