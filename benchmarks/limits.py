"""Measure how far searches go beyond their limit, and how soon Ctrl-C ends them.

Run from a checkout with the package installed::

    python benchmarks/limits.py
    python benchmarks/limits.py --sizes 2000 --kinds crossings --rules one --limits 5 30
    python benchmarks/limits.py --sigint 100

Every graph is searched with every set of rules: from nothing, from a plan, and until the caller
ends it. The overrun is the time from the limit, or from the caller's wish, to the result; each
result is checked: its plan meets the constraints and its bound is no smaller. Prints a Markdown
table with the worst overrun of each graph; the exit code is 1 where one is above 2 s.

``planar`` is a Delaunay triangulation of random points, ``crumbs`` the same with one unit in fifty
joined to a neighbour's neighbour, ``crossings`` a grid with a long link for every twentieth unit,
and ``geometric`` joins all points that are near each other, about eight to each. ``one`` is one
piece for each nation, ``several`` two and three, ``border`` costs on all edges, ``budget`` 45 % of
the people at least, ``all`` the last three together.

``--sigint N`` sends SIGINT to N processes of ``partition solve`` at random moments within their
first ``--within`` seconds, reading, preparing, searching or writing, and to every other of them a
second one a second later: it reports how many ended within two seconds of the last, and how.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from solvers.contiguity import broken_constraint
from solvers.loops import compile_loops
from solvers.plan import Plan
from solvers.problem import Budget, Problem
from solvers.result import Limits
from solvers.solve import solve

KINDS = ("planar", "crumbs", "crossings", "geometric")
RULES = ("one", "several", "border", "budget", "all")
SIZES = (2_000, 10_000, 30_000, 100_000)
ALLOWED = 2.0
"""Seconds that a search may go on once it is to end."""


def graph(
    kind: str, n_units: int, seed: int
) -> tuple[npt.NDArray[np.float64], set[tuple[int, int]]]:
    """Place units at random and join those that are near; return places and edges."""
    rng = np.random.default_rng(seed)
    if kind == "crossings":
        width = math.isqrt(n_units)
        number = np.arange(width * width).reshape(width, width)
        places = np.stack(np.divmod(number.ravel(), width), axis=1) / width
        across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
        down = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
        far = np.sort(rng.integers(0, width * width, (n_units // 20, 2)), axis=1)
        pairs = np.concatenate([across, down, far[far[:, 0] < far[:, 1]]])
        return places, set(map(tuple, pairs.tolist()))
    places = rng.random((n_units, 2))
    points = shapely.points(places)
    if kind == "geometric":
        radius = math.sqrt(8.0 / math.pi / n_units)
        pairs = shapely.STRtree(points).query(points, predicate="dwithin", distance=radius).T
        edges = set(map(tuple, pairs[pairs[:, 0] < pairs[:, 1]].tolist()))
        return places, edges
    number = {tuple(place): unit for unit, place in enumerate(places.tolist())}
    lines = shapely.delaunay_triangles(shapely.multipoints(places), only_edges=True)
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2).tolist()
    edges = {tuple(sorted(number[tuple(end)] for end in pair)) for pair in ends}
    if kind == "crumbs":
        near: list[list[int]] = [[] for _ in range(n_units)]
        for a, b in sorted(edges):
            near[a].append(b)
            near[b].append(a)
        for unit in rng.permutation(n_units)[: n_units // 50].tolist():
            other = int(rng.choice(near[int(rng.choice(near[unit]))]))
            if other != unit:
                edges.add((min(unit, other), max(unit, other)))
    return places, edges


def build(kind: str, n_units: int, rules: str, seed: int = 0) -> Problem:
    """State a country whose votes change slowly from place to place, with some noise."""
    places, edges = graph(kind, n_units, seed)
    rng = np.random.default_rng(seed + 1)
    field = sum(
        np.cos(places @ rng.normal(0.0, 8.0, 2) + rng.uniform(0.0, 2 * math.pi)) for _ in range(12)
    )
    share = 1.0 / (1.0 + np.exp(-field / 4.0 + rng.normal(0.0, 0.6, len(places))))
    voters = rng.lognormal(8.0, 1.2, len(places))
    pairs = np.array(sorted(edges))
    with_costs, with_budget = rules in {"border", "all"}, rules in {"budget", "all"}
    people = np.rint(voters * rng.uniform(1.5, 2.5, len(places))).astype(np.int64)
    total = int(people.sum())
    return Problem(
        np.rint(voters[:, None] * np.stack([1.0 - share, share], axis=1)).astype(np.int64),
        pairs,
        pieces=(2, 3) if rules in {"several", "all"} else (1, 1),
        edge_costs=np.rint(rng.uniform(0, 2000, len(pairs))).astype(np.int64)
        if with_costs
        else np.empty(0, np.int64),
        budgets=(Budget(people, total * 45 // 100, total * 55 // 100, name="people"),)
        if with_budget
        else (),
    )


class Trial(NamedTuple):
    """How one search ended."""

    overrun: float
    limit: float
    rules: str
    ended_by: str


def end(problem: Problem, rules: str, limit: float, ended_by: str, start: Plan | None) -> Trial:
    """Search until the clock or the caller ends it; measure by how much later there is a result."""
    began = time.perf_counter()
    if ended_by == "caller":
        result = solve(
            problem,
            Limits(time_limit=3600),
            should_stop=lambda: time.perf_counter() - began >= limit,
        )
    else:
        result = solve(problem, Limits(time_limit=limit), start=start)
    overrun = time.perf_counter() - began - limit
    if result.plan is not None:
        broken = broken_constraint(problem, result.plan.assignment)
        if broken is not None or result.bound is None or result.bound < result.objective:
            raise SystemExit(f"a wrong result: {broken}, {result.objective}, {result.bound}")
    return Trial(overrun, limit, rules, ended_by)


def measure(kind: str, n_units: int, rules: list[str], limits: list[float]) -> None:
    """Search one graph with every set of rules in every way, and print a row."""
    trials: list[Trial] = []
    for name in rules:
        problem = build(kind, n_units, name)
        plain = solve(problem, Limits(time_limit=2.0)).plan
        for limit in limits:
            ways = [
                ("limit", None),
                ("caller", None),
                *([("limit from a plan", plain)] if plain else []),
            ]
            trials += [end(problem, name, limit, by, start) for by, start in ways]
    worst = max(trials)
    over = sum(trial.overrun > ALLOWED for trial in trials)
    median = np.median([one.overrun for one in trials])
    print(
        f"| {kind} | {n_units:,} | {len(trials)} | {median:.2f} s "
        f"| {worst.overrun:.2f} s | {worst.rules}, {worst.limit:g} s, {worst.ended_by} | {over} |",
        flush=True,
    )
    if over:
        FAILED.append((kind, n_units))


FAILED: list[tuple[str, int]] = []


def interrupt(n_trials: int, within: float, seed: int) -> None:
    """Send Ctrl-C to processes at random moments, and count how they end."""
    rng, counts, slowest = np.random.default_rng(seed), Counter[str](), 0.0
    # A shell ignores the signal for what it runs in the background, and so would the processes.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as folder:
        graphs = [write_graph(Path(folder), kind) for kind in KINDS]
        for number in range(n_trials):
            options = ["--out", f"{folder}/{number}", "--time-limit", str(rng.choice([2, 4, 60]))]
            files = ["--units", str(graphs[number % len(graphs)]), "--id", "id"]
            process = subprocess.Popen(
                [sys.executable, "-m", "partition", "solve", "counties", *files,
                 "--blue", "B", "--red", "R", *options],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
            )  # fmt: skip
            time.sleep(float(rng.uniform(0.1, within)))
            for _ in range(1 + number % 2):
                process.send_signal(signal.SIGINT)
                sent = time.perf_counter()
                if number % 2:
                    time.sleep(1.0)
            code = process.wait(60)
            took = time.perf_counter() - sent
            slowest = max(slowest, took)
            counts[f"exit code {code}"] += 1
            counts["later than 2 s"] += took > ALLOWED + number % 2
    print(
        f"{n_trials} processes, {dict(counts)}, the slowest {slowest:.2f} s after the last signal"
    )


def write_graph(folder: Path, kind: str) -> Path:
    """Write one of the graphs as the JSON of a dual graph."""
    problem = build(kind, 2_000, "one")
    near: list[list[dict[str, int]]] = [[] for _ in range(problem.n_units)]
    for a, b in problem.edges.tolist():
        near[a].append({"id": b})
        near[b].append({"id": a})
    nodes = [
        {"id": unit, "B": blue, "R": red} for unit, (red, blue) in enumerate(problem.gains.tolist())
    ]
    path = folder / f"{kind}.json"
    document = {
        "directed": False,
        "multigraph": False,
        "graph": [],
        "nodes": nodes,
        "adjacency": near,
    }
    path.write_text(json.dumps(document))
    return path


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--rules", nargs="+", choices=RULES, default=list(RULES))
    parser.add_argument("--limits", type=float, nargs="+", default=[1.0, 4.0])
    parser.add_argument("--sigint", type=int, metavar="N")
    parser.add_argument("--within", type=float, default=6.0, metavar="S")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    if asked.sigint:
        interrupt(asked.sigint, asked.within, asked.seed)
        return
    compile_loops()
    print("| graph | units | searches | median overrun | worst | in | above 2 s |")
    print("|---|--:|--:|--:|--:|---|--:|")
    for kind, n_units in product(asked.kinds, asked.sizes):
        measure(kind, n_units, asked.rules, asked.limits)
    sys.exit(1 if FAILED else 0)


if __name__ == "__main__":
    main()
