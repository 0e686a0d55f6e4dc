"""Who would switch, and which other plans there are, on random small graphs.

    python fuzz/neighbours.py 500
    python fuzz/neighbours.py 500 --seed 7

Each country is a random planar graph of up to eight units with votes, people and a plan, which is
held against every connected group of units and every plan there is, by networkx alone: the groups
that are said to be the strongest must be, one after the other, and so must the best plans that are
apart from all before them, with the end that is called proven. ``tests/partition/test_stable.py``
and ``test_alternatives.py`` beside it run some dozens through the whole program.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections import Counter

import networkx as nx
import numpy as np
import shapely

from partition.land.dataset import Dataset
from partition.question.apart import moved
from partition.question.question import Question
from partition.runs.run import Run
from partition.scenario import Scenario
from partition.studies.nearby.stable import stable
from shapefiles.units import Edges, Units
from solvers.plan import Plan
from solvers.result import Limits, Status
from solvers.solve import solve


def build(rng: np.random.Generator) -> Units:
    """Build a country: a triangulation with some of its edges left out."""
    n_units = int(rng.integers(3, 9))
    points = shapely.MultiPoint(rng.random((n_units, 2)))
    triangles = shapely.delaunay_triangles(points, only_edges=True)
    number = {tuple(one): unit for unit, one in enumerate(shapely.get_coordinates(points).tolist())}
    ends = shapely.get_coordinates(triangles).reshape(-1, 2, 2).tolist()
    pairs = sorted({tuple(sorted(number[tuple(end)] for end in pair)) for pair in ends})
    kept = [pair for pair in pairs if rng.random() < rng.choice([0.7, 1.0])]
    edges = np.array(kept, np.int32).reshape(-1, 2)
    return Units(
        ids=np.array([f"u{unit}" for unit in range(n_units)]),
        names=np.array([f"Unit {unit}" for unit in range(n_units)]),
        states=np.full(n_units, "A"),
        polygons=np.full(n_units, None),
        crs="",
        votes={"2016": rng.integers(0, int(rng.choice([3, 20, 10**6])), (n_units, 2))},
        attributes={"population": rng.integers(0, 9, n_units)},
        edges=Edges(
            edges, np.ones(len(edges)), np.full(len(edges), "land"), np.ones(len(edges), np.bool_)
        ),
    )


def pieces(graph: nx.Graph, plan: np.ndarray) -> list[int]:
    """Count the pieces of each part on each landmass, in one order for one graph."""
    return [
        nx.number_connected_components(
            graph.subgraph([unit for unit in land if plan[unit] == part])
        )
        for land in map(sorted, nx.connected_components(graph))
        for part in (0, 1)
    ]


def groups(graph: nx.Graph, plan: np.ndarray, most: int) -> list[frozenset[int]]:
    """List every group that could switch."""
    found, before = [], pieces(graph, plan)
    for part in (0, 1):
        own = np.flatnonzero(plan == part).tolist()
        for size in range(1, len(own) + 1):
            for group in itertools.combinations(own, size):
                after = plan.copy()
                after[list(group)] = 1 - part
                if (
                    nx.is_connected(graph.subgraph(group))
                    and any(plan[other] != part for unit in group for other in graph[unit])
                    and all(
                        now <= max(most, was)
                        for now, was in zip(pieces(graph, after), before, strict=True)
                    )
                ):
                    found.append(frozenset(group))
    return found


def check_groups(units: Units, graph: nx.Graph, rng: np.random.Generator) -> str:
    """Hold the groups that would switch against all there are; says what was found."""
    most = int(rng.integers(1, 3))
    scenario = Scenario.shipped("counties").but(pieces=most)
    plan = rng.integers(0, 2, units.n_units).astype(np.int8)
    run = Run.measured(Question(scenario, Dataset.of(units)), Plan(plan))
    found = stable(run, groups=3)
    blue, red = units.votes["2016"].T
    gains = np.where(plan == 1, red - blue, blue - red)
    every, taken = groups(graph, plan, most), set[int]()
    for group in found.groups:
        left = [int(gains[list(one)].sum()) for one in every if not one & taken]
        assert frozenset(group.rows.tolist()) in every
        assert group.gain == gains[group.rows].sum() == max(left) == group.bound > 0
        taken |= set(group.rows.tolist())
    best = max((int(gains[list(one)].sum()) for one in every if not one & taken), default=0)
    assert found.bound >= best
    assert len(found.groups) == 3 or max(0, best) == found.bound == 0
    return f"{len(found.groups)} groups"


def check_alternatives(units: Units, graph: nx.Graph, rng: np.random.Generator) -> str:
    """Hold the chain of best plans that are apart against all plans; says how it ended."""
    question = Question(Scenario.shipped("counties"), Dataset.of(units))
    people = units.attributes["population"].astype(np.int64)
    votes = units.votes["2016"]
    plans = [np.array(one, np.int8) for one in itertools.product((0, 1), repeat=units.n_units)]
    plans = [one for one in plans if max(pieces(graph, one)) <= 1]
    worth = [int(np.where(one == 1, votes[:, 0], votes[:, 1]).sum()) for one in plans]
    least = max(1, int(people.sum() * rng.uniform(0.05, 0.6)))
    if least > people.sum():
        return "nobody lives there"
    known: list[np.ndarray] = []
    for _ in range(4):
        left = [
            value
            for value, plan in zip(worth, plans, strict=True)
            if all(moved(people, plan, other) >= least for other in known)
        ]
        asked = question
        if known:
            blue = [units.ids[one == 1].tolist() for one in known]
            apart = {"people": least, "plans": blue}
            asked = question.asking(question.scenario.override(settings={"apart": apart}))
        result = solve(asked.formulation.problem, Limits(20.0))
        if not left:
            assert result.status is Status.INFEASIBLE
            return f"none apart after {len(known)}"
        assert result.plan is not None
        assert result.objective == result.bound == max(left)
        known.append(result.plan.assignment)
    return "enough"


def main() -> None:
    """Check random countries, and print what occurred."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("countries", type=int)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    seen = Counter[str]()
    for seed in range(given.seed, given.seed + given.countries):
        rng = np.random.default_rng(seed)
        units = build(rng)
        graph = nx.Graph(units.edges.pairs.tolist())
        graph.add_nodes_from(range(units.n_units))
        try:
            seen[check_groups(units, graph, rng)] += 1
            seen[check_alternatives(units, graph, rng)] += 1
        except AssertionError:
            print(f"seed {seed} breaks a promise", file=sys.stderr)
            raise
    print(f"{given.countries} countries, none broke a promise: {dict(seen.most_common())}")


if __name__ == "__main__":
    main()
