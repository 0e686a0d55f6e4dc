"""Measure what the runs of a sweep save by what they hand to each other.

Run from a checkout with the package installed::

    python benchmarks/neighbours.py --weight border=0:200:9 --gap 0.001

A contiguous sweep over the country, each point to the same gap, against one cold run of the
scenario to that gap, both in this process, one search at a time, with all files that are written
of a run, and without what comes with the package: with ``--warm`` the sweep takes that as well, as
it does for whoever asks for one. The sweep hands plans and inequalities from run to run by its
folder, which is new. Counted are seconds by the clock and seconds of computing of the process, and
how many times one cold run either of them is: on a busy machine only the latter, and only ratios
within one run, say anything. ``--alone`` searches for every point by itself besides, for
comparison.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import partition
from partition.studies.running.jobs import Done
from solvers.loops import compile_loops


class Clock:
    """Seconds by the clock, and seconds of computing."""

    def __init__(self) -> None:
        self.wall, self.work = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        """Give both since the start."""
        return time.perf_counter() - self.wall, time.process_time() - self.work


def main() -> None:
    """Run the two, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenario", default="counties")
    parser.add_argument("--weight", default="border=0:200:9")
    parser.add_argument("--gap", type=float, default=0.001)
    parser.add_argument("--seconds", type=float, default=1800.0, help="most of each search")
    parser.add_argument("--warm", action="store_true", help="with what comes with the package")
    parser.add_argument("--alone", action="store_true", help="each point by itself besides")
    options = parser.parse_args()
    limits = {"gap": options.gap, "time_limit": options.seconds}
    is_cold = not options.warm
    compile_loops()
    rows: list[tuple[str, float, float, str]] = []

    def note(name: str, clock: Clock, gap: float | None) -> None:
        wall, work = clock.read()
        rows.append((name, wall, work, "" if gap is None else f"{gap:.4%}"))
        print(f"{name}: {wall:.1f} s, {work:.1f} s of computing", file=sys.stderr, flush=True)

    load = os.getloadavg()[0]
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        run = partition.solve(options.scenario, cold=True, **limits)
        run.write(Path(folder) / "run")
    note("one cold run", clock, run.result.gap)
    with tempfile.TemporaryDirectory() as folder:
        clock, each = Clock(), Clock()

        def watch(done: Done) -> None:
            nonlocal each
            note(f"sweep, {done.label}", each, getattr(done.outcome.result, "gap", None))
            each = Clock()

        swept = partition.sweep(
            options.scenario,
            options.weight,
            runs=Path(folder),
            n_jobs=1,
            watch=watch,
            cold=is_cold,
            **limits,
        )
        note(f"{'cold' if is_cold else 'warm'} sweep of {len(swept.rows)}", clock, None)
    if options.alone:
        key, clock = swept.axes[0].key, Clock()
        for value in swept.axes[0].values:
            asked = {key.rpartition(".")[2]: value}
            partition.solve(options.scenario, cold=is_cold, **asked, **limits)
        note("the same, each by itself", clock, None)
    print("| | seconds | times one run | of computing | times one run | gap |")
    print("|---|--:|--:|--:|--:|--:|")
    (_, one, its_work, _), *_ = rows
    for name, wall, work, gap in rows:
        times = f"{wall:.1f} | {wall / one:.2f} | {work:.1f} | {work / its_work:.2f}"
        print(f"| {name} | {times} | {gap} |")
    print(f"\nLoad of the machine: {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end.")


if __name__ == "__main__":
    main()
