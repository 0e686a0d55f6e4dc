"""Measure how long it takes to divide each state alone into two contiguous parts, proven optimal.

Run from a checkout with the package installed::

    python benchmarks/states.py --election 2016 --seconds 60

Takes the states with three units or more, one after the other in one process, after a first solve
that loads the compiled loops. Prints a Markdown table, the slowest state first.
"""

from __future__ import annotations

import argparse

import numpy as np

from partition.question.formulate import formulate
from partition.scenario import Scenario
from shapefiles import load_united_states
from solvers.result import Limits, Status
from solvers.solve import solve


def main() -> None:
    """Solve every state."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--election", default="2016")
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    units = load_united_states()
    problem = formulate(
        units, Scenario.shipped("counties").override(election=options.election)
    ).problem
    states = [
        state
        for state, size in zip(*np.unique(units.states, return_counts=True), strict=True)
        if size >= 3
    ]
    solve(problem.subproblem(np.flatnonzero(units.states == "ID")), Limits(options.seconds))
    rows = []
    for state in states:
        part = problem.subproblem(np.flatnonzero(units.states == state))
        result = solve(part, Limits(options.seconds))
        rows.append((result.runtime, state, part.n_units, result.status, result.gap))
    solved = [row for row in rows if row[3] is Status.OPTIMAL]
    print(f"{len(solved)} of {len(rows)} states optimal within {options.seconds:g} s each,")
    for most in (2, 10):
        print(f"{sum(row[0] <= most for row in solved)} of them within {most} s")
    print("\n| state | units | seconds | status | gap |\n|---|--:|--:|---|--:|")
    for seconds, state, n_units, status, gap in sorted(rows, reverse=True):
        print(f"| {state} | {n_units} | {seconds:.2f} | {status} | {gap:.4%} |")


if __name__ == "__main__":
    main()
