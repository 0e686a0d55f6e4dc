"""Measure one-sided problems: one part in one piece, the other free, on graphs that are not planar.

Run from a checkout of the repository with the package and its dependencies installed::

    python benchmarks/one_sided.py
    python benchmarks/one_sided.py --kinds protein --seeds 0 1 --seconds 20

Where part 0 may be in any number of pieces and part 1 is one, the problem is that of the connected
subgraph of maximum weight. Instances are drawn like those of the 11th DIMACS challenge [1]_:

geometric
    Points of the unit square, joined where they are near, 5 to 13 edges a unit; a quarter to three
    quarters of them weigh -10 to 10, the others nothing (JMPALMK).
protein
    Networks that grew by duplication, with hubs, some 7 to 18 edges a unit; a few units gain, by
    the logarithms of p-values, and most lose (ACTMOD).
metabolic
    The same with little more than one edge a unit (ACTMOD).
image
    Grids whose squares are crossed by both diagonals, with spots that gain, and noise (HANDS).

Counted are seconds of computing of the process until the bound is proven to be the plan's value,
both searches together, the reading of compiled loops not included. A search that is not at its end
after `--seconds` of them is ended and counts as unsolved, with its gap.

References
----------
.. [1] 11th DIMACS implementation challenge, https://dimacs11.zib.de/downloads.html; E.
   Alvarez-Miranda, I. Ljubic, P. Mutzel, "The maximum weight connected subgraph problem", Facets of
   Combinatorial Optimization, Springer 2013, doi:10.1007/978-3-642-38189-8_11
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from solvers.loops import compile_loops
from solvers.problem import ANY, Problem
from solvers.result import Limits, Result
from solvers.solve import solve

Edges = npt.NDArray[np.int64]
Weights = npt.NDArray[np.int64]


def geometric(n_units: int, seed: int, reach: float, share: float, gaining: float) -> Problem:
    """Draw units in the unit square that are joined where they are near.

    Parameters
    ----------
    n_units
        Number of units.
    seed
        Seed of every random choice.
    reach
        How far neighbours may be apart; 0.6 for 5 edges a unit, 1 for 13.
    share
        Share of the units that weigh anything.
    gaining
        Share of these that gain in part 1.
    """
    rng = np.random.default_rng(seed)
    points = rng.random((n_units, 2))
    apart = np.hypot(*(points[:, None] - points[None, :]).T)
    edges = np.argwhere(np.triu(apart <= 2.95 * reach / np.sqrt(n_units), 1))
    weights = rng.integers(1, 11, n_units) * np.where(rng.random(n_units) < gaining, 1, -1)
    return stated(np.where(rng.random(n_units) < share, weights, 0), edges)


def network(n_units: int, seed: int, n_edges: int, n_gaining: int) -> Problem:
    """Draw a network that grew by duplication, a few units of which gain.

    A new unit copies each edge of an old one with some chance, and is joined to it.

    Parameters
    ----------
    n_units, n_edges
        Size of the graph.
    seed
        Seed of every random choice.
    n_gaining
        Number of units that gain in part 1.
    """
    rng = np.random.default_rng(seed)
    neighbours: list[set[int]] = [set() for _ in range(n_units)]
    n_made = 0
    for unit in range(1, n_units):
        model = int(rng.integers(unit))
        wanted = n_edges * unit / (n_units - 1) - n_made  # so that the graph keeps its density
        copied = [other for other in sorted(neighbours[model]) if rng.random() < 0.4]
        others = {model, *copied[: max(0, round(wanted) - 1)]}
        while len(others) < min(unit, wanted):  # by preference, as ends of edges are drawn
            start = int(rng.integers(unit))
            known = sorted(neighbours[start]) or [start]
            others.add(known[int(rng.integers(len(known)))])
        for other in others:
            neighbours[unit].add(other)
            neighbours[other].add(unit)
        n_made += len(others)
    pairs = [(one, other) for one in range(n_units) for other in neighbours[one] if one < other]
    # Logarithms of p-values against a threshold: most lose a little, and few gain much.
    losses = -np.minimum(rng.exponential(1.2, n_units), 6.0) - 0.05
    weights = np.rint(1e5 * losses).astype(np.int64)
    chosen = rng.choice(n_units, n_gaining, replace=False)
    weights[chosen] = np.rint(1e5 * rng.gamma(1.0, 2.5, n_gaining)).astype(np.int64) + 1
    return stated(weights, np.array(sorted(pairs)))


def image(width: int, height: int, seed: int) -> Problem:
    """Draw a grid with both diagonals of every square, bright spots that gain, and noise."""
    rng = np.random.default_rng(seed)
    row, column = np.divmod(np.arange(width * height), width)
    bright = np.zeros(width * height)
    for _ in range(max(3, width * height // 250)):
        centre, size = rng.random(2) * (height, width), rng.uniform(1.0, 4.0)
        apart = (row - centre[0]) ** 2 + (column - centre[1]) ** 2
        bright = np.maximum(bright, rng.uniform(0.4, 1.0) * np.exp(-apart / (2 * size**2)))
    weights = np.rint(1000 * (bright + rng.normal(0, 0.12, len(bright)) - 0.45)).astype(np.int64)
    steps = ((0, 1), (1, -1), (1, 0), (1, 1))
    edges = []
    for down, right in steps:
        is_inside = (row + down < height) & (column + right >= 0) & (column + right < width)
        unit = np.flatnonzero(is_inside)
        edges.append(np.stack([unit, unit + down * width + right], axis=1))
    return stated(weights, np.concatenate(edges))


def stated(weights: Weights, edges: Edges) -> Problem:
    """State that part 1 is in one piece, and part 0 in any number."""
    return Problem(np.stack([np.zeros_like(weights), weights], axis=1), edges, pieces=(ANY, 1))


KINDS: dict[str, list[Callable[[int], Problem]]] = {
    "geometric": [
        lambda seed: geometric(750, seed, 0.6, 0.5, 0.5),
        lambda seed: geometric(1_000, seed, 1.0, 0.25, 0.25),
        lambda seed: geometric(1_500, seed, 0.6, 0.75, 0.25),
        lambda seed: geometric(1_500, seed, 0.6, 0.25, 0.5),
    ],
    "protein": [
        lambda seed: network(2_034, seed, 7_756, 67),
        lambda seed: network(3_863, seed, 29_293, 55),
        lambda seed: network(5_000, seed, 90_000, 72),
        lambda seed: network(5_000, seed, 90_000, 251),
    ],
    "metabolic": [
        lambda seed: network(2_853, seed, 3_335, 115),
        lambda seed: network(3_523, seed, 4_345, 151),
    ],
    "image": [
        lambda seed: image(40, 25, seed),
        lambda seed: image(80, 50, seed),
    ],
}
"""Instances of each kind, each drawn anew for each seed."""


def measure(problem: Problem, seconds: float) -> tuple[Result, float]:
    """Solve a problem with so many seconds of computing at most, and count them."""
    begun = time.process_time()
    result = solve(
        problem,
        Limits(time_limit=20.0 * seconds),
        should_stop=lambda: time.process_time() - begun > seconds,
    )
    return result, time.process_time() - begun


def main() -> None:
    """Measure every instance and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2, 3, 4])
    parser.add_argument("--seconds", type=float, default=60.0, help="of computing, each")
    given = parser.parse_args()
    compile_loops()
    print("| kind | units | edges | gaining | seed | seconds | objective | bound | gap |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for kind in given.kinds:
        for make in KINDS[kind]:
            for seed in given.seeds:
                problem = make(seed)
                result, seconds = measure(problem, given.seconds)
                gap = result.gap
                print(
                    f"| {kind} | {problem.n_units:,} | {len(problem.edges):,} "
                    f"| {(problem.weights > 0).sum():,} | {seed} | {seconds:.2f} "
                    f"| {result.objective:,} | {result.bound:,} "
                    f"| {'-' if gap is None else f'{gap:.3%}'} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
