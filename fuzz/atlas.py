"""Every claim of every study, on every small planar graph.

    python -m fuzz.atlas 5
    python -m fuzz.atlas 6 --rounds 3

Each connected planar graph of up to so many units (one of each shape, from the atlas of networkx:
29 of up to five, 128 of up to six) has votes and people drawn, and what each study says of it is
held against every plan, group and threshold there is, by plain loops and networkx: the groups that
would switch and the alternatives (``fuzz/neighbours.py``), the rounds of a cascade and each
threshold at which its end changes, the best plan of each swing, and the frontier between the two
sides. ``tests/partition/test_small_maps.py`` takes those of up to four units.
"""

from __future__ import annotations

import argparse
import itertools
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import networkx as nx
import numpy as np

import partition
from fuzz.neighbours import check_alternatives, check_groups, pieces
from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.scenario import Scenario
from shapefiles.units import Edges, Units
from solvers.result import Limits
from solvers.solve import solve

WEIGHTS = ((1, 0), (3, 1), (1, 1), (1, 2), (0, 1))
"""What a blue and a red voter at home are worth, along the frontier between the sides."""


def shapes(most_units: int) -> Iterator[nx.Graph]:
    """Yield the connected planar graphs of two units or more, one of each shape."""
    for graph in nx.graph_atlas_g():
        if 2 <= len(graph) <= most_units and nx.is_connected(graph) and nx.is_planar(graph):
            yield graph


def settle(graph: nx.Graph, rng: np.random.Generator) -> Units:
    """Draw who lives in a graph, and how they vote; ties are frequent."""
    n_units, edges = len(graph), np.array(sorted(map(sorted, graph.edges)), np.int32)
    return Units(
        ids=np.array([f"u{unit}" for unit in range(n_units)]),
        names=np.array([f"Unit {unit}" for unit in range(n_units)]),
        states=np.full(n_units, "A"),
        polygons=np.full(n_units, None),
        crs="",
        votes={"2016": rng.integers(1, int(rng.choice([4, 100])), (n_units, 2))},
        attributes={"population": rng.integers(1, 9, n_units)},
        edges=Edges(
            edges, np.ones(len(edges)), np.full(len(edges), "land"), np.ones(len(edges), np.bool_)
        ),
    )


def whole_plans(graph: nx.Graph) -> list[np.ndarray]:
    """List every plan whose nations are in one piece each."""
    every = (np.array(one, np.int8) for one in itertools.product((0, 1), repeat=len(graph)))
    return [one for one in every if max(pieces(graph, one)) <= 1]


def at_home(plan: np.ndarray, votes: np.ndarray) -> tuple[int, int]:
    """Count the voters of both sides who live in the nation of their vote."""
    return int(votes[plan == 1, 0].sum()), int(votes[plan == 0, 1].sum())


def check_cascade(units: Units, graph: nx.Graph, rng: np.random.Generator) -> str:
    """Replay a cascade, and find every threshold at which its end changes by trying all."""
    first, side = int(rng.integers(len(graph))), int(rng.integers(2))
    votes = units.votes["2016"].tolist()
    share = [Fraction(pair[side], sum(pair)) for pair in votes]

    def rounds(threshold: Fraction) -> list[set[int]]:
        out, found = {first}, []
        while True:
            near = {two for one in out for two in graph[one]} - out
            joining = {one for one in near if share[one] >= threshold}
            if not joining:
                return found
            found.append(joining)
            out |= joining

    asked = Fraction(int(rng.integers(0, 101)), 100)
    found = partition.cascade(
        "archipelago",
        f"u{first}",
        threshold=asked,
        side=("blue", "red")[side],
        data=units,
        with_best=False,
    )
    moves = found.moves.reset_index()
    told = [set(moves["place"][moves["round"] == at]) for at in sorted(set(moves["round"]))]
    assert told == [{f"u{one}" for one in some} for some in rounds(asked)]
    # The end is the same for all thresholds above one share and up to the next one.
    ends: list[tuple[Fraction, int]] = []
    for at in sorted({*share, Fraction(1)}):
        size = 1 + sum(map(len, rounds(at)))
        if ends and ends[-1][1] == size:
            ends.pop()
        ends.append((at, size))
    table = found.thresholds
    assert [(Fraction(row.up_to_exact), row.units) for row in table.itertuples()] == ends
    return f"{len(told)} rounds"


def check_swing(units: Units, graph: nx.Graph, rng: np.random.Generator) -> str:
    """Hold the best plan of a swing against every plan, with voters moved by fractions."""
    points = int(rng.integers(-30, 31))
    votes = []
    for blue, red in units.votes["2016"].tolist():
        moved = blue + Fraction(points * (blue + red), 100) + Fraction(1, 2)
        swung = min(blue + red, max(0, moved.numerator // moved.denominator))
        votes.append((swung, blue + red - swung))
    base = Question(Scenario.shipped("counties"), Dataset.of(units))
    asked = base.asking(base.scenario.varied({"swing.points": float(points)}))
    result = solve(asked.formulation.problem, Limits(20.0))
    best = max(sum(at_home(one, np.array(votes))) for one in whole_plans(graph))
    assert result.objective == result.bound == best
    return "swings"


def check_frontier(units: Units, graph: nx.Graph, rng: np.random.Generator) -> str:
    """Hold the frontier between the two sides, and the worse-off side, against every plan."""
    votes, plans = units.votes["2016"], whole_plans(graph)
    homes = [at_home(one, votes) for one in plans]
    base = Question(Scenario.shipped("counties"), Dataset.of(units))
    for blue, red in WEIGHTS:
        weights = {"weights.self_determination": 0.0, "weights.blue_at_home": float(blue)}
        weights["weights.red_at_home"] = float(red)
        asked = base.asking(base.scenario.varied(weights))
        result = solve(asked.formulation.problem, Limits(20.0))
        assert result.objective == result.bound
        best = max(blue * one + red * two for one, two in homes)
        assert result.objective == best * asked.scale
    # A limit on one side binds every plan, and the best of those that keep it is found.
    limit = float(rng.choice([0.2, 0.5, 0.8]))
    asked = base.asking(base.scenario.varied({"nations.blue.stranded_most": limit}))
    sides = votes.sum(axis=0).tolist()
    kept = [sum(one) for one in homes if sides[0] - one[0] <= Fraction(repr(limit)) * sides[0]]
    result = solve(asked.formulation.problem, Limits(20.0))
    assert (result.objective, result.bound) == (max(kept), max(kept))
    return "frontiers"


CHECKS = (check_groups, check_alternatives, check_cascade, check_swing, check_frontier)
"""A check for each study."""


def check_shape(graph: nx.Graph, seed: int) -> Counter[str]:
    """Hold every study on a graph against all there is; says what occurred."""
    rng = np.random.default_rng(seed)
    units = settle(graph, rng)
    try:
        return Counter(check(units, graph, rng) for check in CHECKS)
    except AssertionError as error:
        error.add_note(f"graph {sorted(graph.edges)}, seed {seed}")
        raise


def main() -> None:
    """Check every graph, and print what occurred."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("units", type=int, choices=range(2, 8), help="most units of a graph")
    parser.add_argument("--rounds", type=int, default=1, help="countries drawn for each graph")
    given = parser.parse_args()
    graphs, seen = list(shapes(given.units)), Counter[str]()
    for seed, (_, graph) in enumerate(itertools.product(range(given.rounds), graphs)):
        seen += check_shape(graph, seed)
    print(f"{len(graphs)} graphs, none broke a promise: {dict(seen.most_common())}")


if __name__ == "__main__":
    main()
