"""Measure how soon a run that goes on is no worse than the run that it goes on from.

Run from a checkout with the package installed::

    python benchmarks/resuming.py --seconds 60

Searches the counties cold for so long, writes the run, and goes on with it as ``partition solve
--resume`` does, in a process of its own, until its bound and its plan are no worse than those of
the run that ended. Counted are seconds by the clock and seconds of computing of the process, from
the beginning of the search.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import time
from pathlib import Path

import partition
from partition.runs.known import KnownPlan, KnownPlans
from partition.runs.learned import Learned
from partition.runs.resuming import resume
from partition.runs.solving import solve_question
from partition.scenario import Overrides
from solvers.loops import compile_loops
from solvers.result import Progress


def go_on(folder: Path, most: float) -> tuple[float, float, int, int]:
    """Go on until nothing is worse; return both times, objective and bound."""
    ended = resume(folder, Overrides(time_limit=most, gap=0.0))
    before = ended.before.result
    compile_loops()
    started, computing = time.perf_counter(), time.process_time()
    reached = [most, 0.0]
    is_there = False

    def tell(progress: Progress) -> None:
        nonlocal is_there
        if progress.bound is None or progress.incumbent is None or is_there:
            return
        if progress.bound <= before.bound and progress.incumbent >= before.objective:
            reached[:] = time.perf_counter() - started, time.process_time() - computing
            is_there = True

    run = solve_question(
        ended.question,
        start=KnownPlans([KnownPlan(ended.before.plan, folder.name)]),
        learned=[Learned(ended.knowledge, folder.name)],
        cold=True,
        on_progress=tell,
        should_stop=lambda: is_there,
    )
    return reached[0], reached[1], run.result.objective, run.result.bound


def main() -> None:
    """Search, go on, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--elections", nargs="*", default=["2016"])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--most", type=float, default=600.0, help="seconds after which to give up")
    options = parser.parse_args()
    print("| election | | seconds | of computing | objective (votes) | bound (votes) |")
    print("|---|---|--:|--:|--:|--:|")
    compile_loops()
    for election in options.elections:
        with tempfile.TemporaryDirectory() as place:
            clock = time.process_time()
            run = partition.solve(
                "counties", election=election, time_limit=options.seconds, gap=0, cold=True
            )
            computing = time.process_time() - clock
            result = run.result
            told = f"{result.objective:,} | {result.bound:,} |"
            print(f"| {election} | ended | {result.runtime:.1f} | {computing:.1f} | {told}")
            folder = run.write(Path(place) / "ended")
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                wall, work, objective, bound = pool.apply(go_on, (folder, options.most))
            told = f"{objective:,} | {bound:,} |"
            print(f"| {election} | no worse after | {wall:.1f} | {work:.1f} | {told}", flush=True)
    print(f"\nLoad of the machine at the end: {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()
