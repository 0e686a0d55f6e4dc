"""Measure how much the search for plans depends on its seed where units are precincts.

Run from a checkout with the package installed::

    python benchmarks/precincts.py --seconds 60
    python benchmarks/precincts.py --map mn_08_16.zip --id VTD --blue PRES16D --red PRES16R

Without a map: synthetic states (see ``precincts`` in ``electorate.py``), three of 4,000 units by
default. Each is searched once with each seed, in a process of its own; the worst one counts.
``--rounds 60`` counts work instead of seconds, so that machines and busy hours compare. ``--walk
4500`` leaves out bounds and advice: so many iterations of the walker alone, in about 4 s.

Prints a Markdown table and, for each state, the worst gap. A walk has no bound: its gap is to the
best plan of all seeds.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from pathlib import Path

from electorate import precincts

from partition.question.formulate import formulate
from partition.scenario import Scenario
from shapefiles import read_units
from solvers.loops import compile_loops
from solvers.model import Model
from solvers.primal.walker import Walker
from solvers.problem import Problem
from solvers.result import Limits
from solvers.solve import solve


def problem_of(name: str, options: argparse.Namespace) -> Problem:
    """Read the map, or draw the synthetic state of that number."""
    if options.map is None:
        return precincts(options.units, int(name))
    units = read_units(options.map, id=options.id, blue=options.blue, red=options.red)
    return formulate(units, Scenario.shipped("counties").override(election="votes")).problem


def run(name: str, seed: int, options: argparse.Namespace) -> tuple[float, int, int | None]:
    """Search once; return seconds, objective and bound (None where only the walker went)."""
    problem = problem_of(name, options)
    compile_loops()
    if options.walk:
        started = time.process_time()
        walker = Walker(Model(problem), seed)
        for _ in range(0, options.walk, walker.model.params.walk.n_chunk):
            walker.run()
        assert walker.best is not None
        return time.process_time() - started, problem.objective(walker.best), None
    result = solve(problem, Limits(options.seconds, rounds=options.rounds), seed=seed)
    assert result.objective is not None
    return result.runtime, result.objective, result.bound


def main() -> None:
    """Search every state with every seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("states", nargs="*", default=["0", "1", "2"], help="synthetic states")
    parser.add_argument("--units", type=int, default=4000, help="of a synthetic state")
    parser.add_argument("--map", type=Path, help="a map of precincts instead")
    parser.add_argument("--id", default="VTD")
    parser.add_argument("--blue", default="PRES16D")
    parser.add_argument("--red", default="PRES16R")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--walk", type=int, default=0, metavar="ITERATIONS")
    parser.add_argument("--seeds", nargs="*", type=int, default=[0, 1, 2, 3, 4])
    options = parser.parse_args()
    print("| state | seed | seconds | objective | bound | gap |\n|---|--:|--:|--:|--:|--:|")
    worst = []
    for name in options.states if options.map is None else [options.map.stem]:
        found = []
        for seed in options.seeds:
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                found.append(pool.apply(run, (name, seed, options)))
        best = max(objective for _, objective, _ in found)
        gaps = [((best if b is None else b) - o) / o for _, o, b in found]
        worst.append(f"{name}: {max(gaps):.4%}")
        for seed, (seconds, objective, bound), gap in zip(options.seeds, found, gaps, strict=True):
            told = "" if bound is None else f"{bound:,}"
            print(f"| {name} | {seed} | {seconds:.1f} | {objective:,} | {told} | {gap:.4%} |")
    print("\nworst: " + ", ".join(worst))


if __name__ == "__main__":
    main()
