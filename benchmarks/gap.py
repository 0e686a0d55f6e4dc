"""Measure incumbent, bound and gap over time on the embedded elections.

Run from a checkout with the package installed::

    python benchmarks/gap.py --seconds 60 2016 2020 2024

Every election runs once, one after the other, each in a process of its own, so that the clock
includes everything but the start of Python: reading the data and, on the very first run, compiling
the inner loops. Prints a Markdown table; `--csv FILE` also writes every change of incumbent and
bound.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import platform
import resource
import sys
import time
from pathlib import Path

MARKS = (5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)


def run(election: str, seconds: float, seed: int) -> tuple[list[tuple[float, int, int]], int, str]:
    """Search one election; return the trace, peak memory in kB, and how it ended."""
    started = time.perf_counter()
    from partition.formulate import formulate  # noqa: PLC0415 - the import is part of the run
    from partition.scenario import Scenario  # noqa: PLC0415
    from shapefiles import load_united_states  # noqa: PLC0415
    from solvers.result import Limits  # noqa: PLC0415
    from solvers.solve import solve  # noqa: PLC0415

    scenario = Scenario.shipped("counties").override(election=election)
    problem = formulate(load_united_states(), scenario)
    before = time.perf_counter() - started
    result = solve(problem, Limits(seconds - before), seed=seed)
    trace = [
        (round(before + point.seconds, 2), point.incumbent, point.bound)
        for point in result.trace
        if point.incumbent is not None and point.bound is not None
    ]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return trace, memory, result.status.value


def main() -> None:
    """Run the elections named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("elections", nargs="*", default=["2016", "2020", "2024"])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--csv", type=Path)
    options = parser.parse_args()
    rows: list[tuple[str, float, int, int]] = []
    print(f"Python {platform.python_version()}, {multiprocessing.cpu_count()} cores\n")
    print("| election | seconds | objective (votes) | bound (votes) | gap | peak memory |")
    print("|---|--:|--:|--:|--:|--:|")
    for election in options.elections:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            trace, memory, _ = pool.apply(run, (election, options.seconds, options.seed))
        rows += [(election, *point) for point in trace]
        for mark in [mark for mark in MARKS if mark < options.seconds] + [options.seconds]:
            reached = [point for point in trace if point[0] <= mark + 0.5]
            if reached:
                _, objective, bound = reached[-1]
                print(
                    f"| {election} | {mark:g} | {objective:,} | {bound:,} "
                    f"| {(bound - objective) / objective:.4%} | {memory // 1024} MB |"
                )
        sys.stdout.flush()
    if options.csv:
        with options.csv.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["election", "seconds", "objective", "bound"])
            writer.writerows(rows)


if __name__ == "__main__":
    main()
