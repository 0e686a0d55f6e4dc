"""Measure incumbent, bound and gap over time on the embedded elections, and on variants of one.

Run from a checkout with the package installed::

    python benchmarks/gap.py --seconds 60 2016 2020 2024
    python benchmarks/gap.py --seconds 600 2016 --variants four border balanced states

``plain`` is one piece for each nation; ``four`` allows the blue nation four pieces; ``border``
takes 200 votes for each kilometre of frontier, ``border-5`` to ``border-50`` as many as they say;
``splits`` takes a tenth of a vote for each voter cut off from the larger part of their state;
``balanced`` gives each nation 45 % of the people at least; ``states`` keeps every state whole.

Every search is cold: it begins without the plans and inequalities that come with the package.
``--warm`` searches once more with them, and shows that beside, in columns of its own::

    python benchmarks/gap.py --seconds 20 2016 --warm

Every election runs once, one after the other, each in a process of its own, so that the clock
includes everything but the start of Python: reading the data and, on the very first run, compiling
the inner loops. Prints a Markdown table; `--csv FILE` also writes every change of incumbent and
bound; `--confirm` lets the verifier check a certificate of the last ones, off the clock.
"""

from __future__ import annotations

import argparse
import csv
import math
import multiprocessing
import platform
import resource
import sys
import time
from dataclasses import replace
from itertools import product
from pathlib import Path

STARTED = time.perf_counter()

import numpy as np  # noqa: E402 - the imports are part of the run

from partition.land.dataset import Dataset  # noqa: E402
from partition.question.formulate import formulate  # noqa: E402
from partition.question.question import Question  # noqa: E402
from partition.runs.learned import joined  # noqa: E402
from partition.runs.shipped import shipped_for  # noqa: E402
from partition.scenario import Scenario  # noqa: E402
from partition.verify import check  # noqa: E402
from shapefiles import load_united_states  # noqa: E402
from solvers.contiguity import broken_constraint  # noqa: E402
from solvers.knowledge import Knowledge  # noqa: E402
from solvers.plan import Plan  # noqa: E402
from solvers.problem import Budget, Problem  # noqa: E402
from solvers.result import Limits, Progress  # noqa: E402
from solvers.solve import solve  # noqa: E402

WEIGHTS = {
    "border-5": {"weights.border": 5.0},
    "border-10": {"weights.border": 10.0},
    "border-20": {"weights.border": 20.0},
    "border-50": {"weights.border": 50.0},
    "splits": {"weights.state_splits": 0.1},
}
VARIANTS = ("plain", "four", "border", "balanced", "states", *WEIGHTS)
MARKS = (5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)


def formulated(election: str, variant: str) -> tuple[Problem, int]:
    """State a variant of the problem of two contiguous nations, in what share of a vote."""
    scenario = Scenario.shipped("counties").override(
        election=election, settings=WEIGHTS.get(variant, {})
    )
    formulation = formulate(load_united_states(), scenario)
    return varied(formulation.problem, variant), formulation.scale


def varied(problem: Problem, variant: str) -> Problem:
    """Vary the problem itself."""
    units = load_united_states()
    if variant == "four":
        return replace(problem, pieces=(1, 4))
    if variant == "border":
        active = units.edges.select()
        costs = np.rint(units.edges.border[active] / 1000 * 200).astype(np.int64)
        return replace(problem, edge_costs=costs)
    if variant == "balanced":
        people = units.attributes["population"].astype(np.int64)
        least = int(0.45 * people.sum())
        budget = Budget(people, least, int(people.sum()) - least, name="population")
        return replace(problem, budgets=(budget,))
    if variant == "states":
        return replace(problem, groups=np.unique(units.states, return_inverse=True)[1])
    return problem


def taught(election: str, problem: Problem) -> tuple[Plan | None, Knowledge]:
    """Give what comes with the package for the counties of an election, as a search begins."""
    scenario = Scenario.shipped("counties").override(election=election)
    shipped = shipped_for(Question(scenario, Dataset.embedded()))
    plans = [one.plan.assignment for each in shipped for one in each.plans]
    plans = [one for one in plans if broken_constraint(problem, one) is None]
    best = max(plans, key=problem.objective, default=None)
    known = joined(problem, shipped)
    return None if best is None else Plan(best), known


def run(
    election: str, variant: str, seconds: float, seed: int, *, confirm: bool, warm: bool = False
) -> tuple[list[tuple[float, int, int]], int, str]:
    """Search one variant; return the trace, peak memory in kB, and how it ended."""
    problem, scale = formulated(election, variant)
    start, known = taught(election, problem) if warm else (None, None)
    before = time.perf_counter() - STARTED
    marks = iter(MARKS)
    mark: float = next(marks)

    def tell(progress: Progress) -> None:
        """Say what is reached at each mark, so that a long run that is cut short has told it."""
        nonlocal mark
        if before + progress.seconds >= mark:
            least, most = ((one or 0) / scale for one in (progress.incumbent, progress.bound))
            told = f"{least:,.0f} votes, at most {most:,.0f}, {progress.phase}"
            print(f"{election}, {variant}, {mark} s: {told}", file=sys.stderr, flush=True)
            mark = next(marks, math.inf)

    limits = Limits(seconds - before)
    result = solve(
        problem,
        limits,
        seed=seed,
        start=start,
        knowledge=known,
        on_progress=tell,
        certify=confirm,
    )
    trace = [
        (
            round(before + point.seconds, 2),
            round(point.incumbent / scale),
            round(point.bound / scale),
        )
        for point in result.trace
        if point.incumbent is not None and point.bound is not None
    ]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if confirm:
        begun = time.perf_counter()
        confirmed = check(result.certificate, result.plan.assignment.tolist())
        assert (confirmed.objective, confirmed.bound) == (result.objective, result.bound)
        told = f"{confirmed.bound} confirmed in {time.perf_counter() - begun:.1f} s"
        print(f"{election}, {variant}: {told}", file=sys.stderr)
    return trace, memory, result.status.value


def cells(trace: list[tuple[float, int, int]], memory: int, mark: float) -> str:
    """Write what a search had reached after some seconds."""
    reached = [point for point in trace if point[0] <= mark + 0.5]
    if not reached:
        return " | | | |"
    _, objective, bound = reached[-1]
    gap = (bound - objective) / objective
    return f" {objective:,} | {bound:,} | {gap:.4%} | {memory // 1024} MB |"


def main() -> None:
    """Run the elections named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("elections", nargs="*", default=["2016", "2020", "2024"])
    parser.add_argument("--variants", nargs="*", choices=VARIANTS, default=["plain"])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--warm", action="store_true", help="show a warm search beside")
    parser.add_argument("--confirm", action="store_true", help="check a certificate at the end")
    options = parser.parse_args()
    rows: list[tuple[str, str, float, int, int]] = []
    print(f"Python {platform.python_version()}, {multiprocessing.cpu_count()} cores\n")
    columns = "objective (votes) | bound (votes) | gap | memory |"
    warm = " warm: " + columns.replace(" | ", " | warm: ") if options.warm else ""
    print(f"| election | variant | seconds | {columns}{warm}")
    print("|---|---|--:|--:|--:|--:|--:|" + "--:|--:|--:|--:|" * options.warm)
    for election, variant in product(options.elections, options.variants):
        found = []
        for is_warm in (False, True)[: 1 + options.warm]:
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                trace, memory, status = pool.apply(
                    run,
                    (election, variant, options.seconds, options.seed),
                    {"confirm": options.confirm, "warm": is_warm},
                )
            found.append((trace, memory))
            if not is_warm:  # the table of every change is of cold searches alone
                rows += [(election, variant, *point) for point in trace]
            print(f"\n{election}, {variant}: {status}{', warm' * is_warm}\n", file=sys.stderr)
        for mark in [mark for mark in MARKS if mark < options.seconds] + [options.seconds]:
            reached = "".join(cells(trace, memory, mark) for trace, memory in found)
            print(f"| {election} | {variant} | {mark:g} |{reached}")
        sys.stdout.flush()
    if options.csv:
        with options.csv.open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["election", "variant", "seconds", "objective", "bound"])
            writer.writerows(rows)


if __name__ == "__main__":
    main()
