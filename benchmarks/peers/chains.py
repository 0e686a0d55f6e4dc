"""GerryChain's optimiser: short bursts, tilted runs and simulated annealing.

The score is the number of voters who live in the nation of their vote. Flips move one unit on the
line between the nations and keep both connected; ReCom redraws the line along an edge of a random
spanning tree of the whole map, since there are two parts only, and its balance of voters is left
as wide open as it goes. GerryChain keeps both parts alive and works on one core.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import partial
from typing import Any

import networkx as nx
import numpy as np
from gerrychain import Graph, Partition
from gerrychain.constraints import contiguous, single_flip_contiguous
from gerrychain.optimization import SingleMetricOptimizer
from gerrychain.proposals import propose_random_flip, recom
from gerrychain.updaters import Tally

from peers.entrant import Ending, Reporter, Task
from solvers.problem import Problem

MANY = 10**12
"""More steps than any run makes: the clock ends it."""
BURST_LENGTH = 10
"""Steps of a burst: better than 50 or 500 on the block and on the country."""
TILT = 0.01
"""Chance to accept a worse plan: better than 0.1 and 0.001 on the block."""
COLDNESS = 2.0
"""Weight of a change of score at the end of an annealing, over the median absolute weight: better
than 0.5, 1 and 4 on the block..."""
LARGEST_EXPONENT = 700.0
"""... and no more than this over the largest, for GerryChain takes ``exp`` of the product."""
BALANCE = 0.95
"""ReCom's tolerance: a part may have 5 % of half of the voters."""
START_BALANCE = 0.5
"""The same for GerryChain's own first plan."""
REPORT_EVERY = 0.1
"""Seconds between two reports of a better plan."""


class Method(StrEnum):
    """What the optimiser does."""

    BURSTS = "bursts"
    TILTED = "tilted"
    ANNEALING = "annealing"
    RECOM = "recom"


def run(method: str, is_own_start: bool, task: Task, report: Reporter) -> None:
    """Optimise until the time is over."""
    start = _first_partition(task, is_own_start)
    steps = _steps(Method(method), start, task, report)
    best, best_score, reported, last = start, start["score"], None, -REPORT_EVERY
    for state in steps:
        score = state["score"]
        if score > best_score:
            best, best_score = state, score
        if best is not reported and report.elapsed >= last + REPORT_EVERY:
            report.plan(best.assignment_vector)
            reported, last = best, report.elapsed
        if report.left <= 0:
            break
    if best is not reported:
        report.plan(best.assignment_vector)
    report.end(Ending.STOPPED)


def _first_partition(task: Task, is_own_start: bool) -> Partition:
    problem = task.problem
    graph = nx.Graph()
    for unit, (red, blue) in enumerate(problem.gains.tolist()):
        graph.add_node(unit, red=red, blue=blue, voters=red + blue)
    graph.add_edges_from(problem.edges.tolist())
    updaters: dict[str, Callable[[Partition], Any]] = {
        "red": Tally("red"),
        "blue": Tally("blue"),
        "score": lambda state: state["red"].get(0, 0) + state["blue"].get(1, 0),
    }
    dual = Graph.from_networkx(graph)
    if not is_own_start:
        return Partition(dual, dict(enumerate(task.start.tolist())), updaters)
    drawn = Partition.from_random_assignment(
        dual, 2, START_BALANCE, "voters", updaters, rng=task.seed
    ).assignment_vector
    better = max(
        (drawn, 1 - drawn), key=lambda plan: problem.objective(plan.astype(np.int8))
    )  # whichever nation is whichever
    return Partition(dual, dict(enumerate(better.tolist())), updaters)


def _steps(method: Method, start: Partition, task: Task, report: Reporter) -> Iterator[Partition]:
    proposal, constraint = propose_random_flip, single_flip_contiguous
    if method is Method.RECOM:
        half = int(task.problem.gains.sum()) / 2
        proposal = partial(recom, pop_col="voters", pop_target=half, epsilon=BALANCE)
        constraint = contiguous
    optimizer = SingleMetricOptimizer(
        proposal, [constraint], start, lambda state: state["score"], rng=task.seed
    )
    if method is Method.TILTED:
        return optimizer.tilted_run(MANY, TILT)
    if method is Method.ANNEALING:
        return optimizer.simulated_annealing(MANY, lambda _: _beta(report), _coldness(task.problem))
    return optimizer.short_bursts(BURST_LENGTH, MANY)


def _beta(report: Reporter) -> float:
    """Cool down over nine tenths of the time and stay cold."""
    return min(1.0, report.elapsed / (0.9 * report.limit))


def _coldness(problem: Problem) -> float:
    weights = np.abs(problem.weights)
    return float(
        min(
            COLDNESS / max(1.0, float(np.median(weights))),
            LARGEST_EXPONENT / max(1, int(weights.max())),
        )
    )
