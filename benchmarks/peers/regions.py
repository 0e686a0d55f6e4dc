"""spopt's regionalisation heuristics, asked for two regions.

AZP moves single units between regions that stay connected and takes an objective of one's own, so
it can be told the votes themselves, as can the cut of Skater. The others look for regions that are
alike inside: they get the blue share of the votes, and then each region gets the nation that gains
more there.
"""

from __future__ import annotations

import itertools
import random

import geopandas
import libpysal
import numpy as np
import numpy.typing as npt
from shapely import Point
from spopt.region import AZP, RegionKMeansHeuristic, Skater, Spenc, WardSpatial
from spopt.region.azp_util import AllowMoveAZPSimulatedAnnealing
from spopt.region.objective_function import ObjectiveFunction

from peers.entrant import Ending, Reporter, Task
from solvers.problem import Problem

COOLING = 0.85
"""Factor from one temperature of AZP's annealing to the next, as in spopt."""
HOT = 0.1
"""First temperature, over the mean absolute weight."""
COLD = 1e-3
"""Last temperature, over the same."""


class _TimeIsOver(Exception):  # noqa: N818 - it is no error
    """Leaves a local search that has no time limit of its own."""


class StrandedVotes(ObjectiveFunction):
    """Votes lost, which spopt minimises; label 1 is part 1. Reports each better plan on the way."""

    def __init__(self, problem: Problem, report: Reporter) -> None:
        super().__init__()
        self._gains = problem.gains.astype(float)
        self._problem = problem
        self._report = report
        self._best: int | None = None

    def __call__(self, labels: npt.NDArray[np.floating], attr: object) -> float:
        """Votes lost by a plan."""
        self.look(labels)
        return -float(self._problem.objective(labels.astype(np.int8)))

    def update(
        self,
        moving_area: int,
        recipient_region: int,
        labels: npt.NDArray[np.floating],
        attr: object,
    ) -> float:
        """Votes lost by moving one unit."""
        self.look(labels)
        gains = self._gains[moving_area]
        return float(gains[int(labels[moving_area])] - gains[int(recipient_region)])

    def look(self, labels: npt.NDArray[np.floating]) -> None:
        """Report the plan as it is now where it is the best; stop where the time is over."""
        plan = labels.astype(np.int8)
        value = self._problem.objective(plan)
        if self._best is None or value > self._best:
            self._best = value
            self._report.plan(plan)
        if self._report.left <= 0:
            raise _TimeIsOver


def run_azp(is_annealing: bool, is_own_start: bool, task: Task, report: Reporter) -> None:
    """Repeat AZP with new random choices until the time is over."""
    table, weights = _table(task.problem), _weights(task.problem)
    votes = StrandedVotes(task.problem, report)
    try:
        for attempt in itertools.count():
            seed = task.seed + attempt
            labels = None if is_own_start else task.start.astype(float)
            for temperature in _temperatures(task.problem) if is_annealing else [None]:
                strategy = None
                if temperature is not None:
                    strategy = AllowMoveAZPSimulatedAnnealing(temperature, task.problem.n_units)
                # spopt draws from the one generator of Python's module `random`.
                search = AZP(table, weights, ["share"], 2, strategy, seed, labels, votes)
                search.solve()
                labels = search.labels_
                votes.look(labels)
    except _TimeIsOver:
        report.end(Ending.STOPPED, f"{attempt + 1} start{'s' * (attempt > 0)}")


def run_skater(task: Task, report: Reporter) -> None:
    """Cut the spanning tree of the most similar neighbours where the fewest votes are lost."""
    forest = {"dissimilarity": _lost_votes, "center": _better_nation, "reduction": np.sum}
    table = _table(task.problem)
    search = Skater(table, _weights(task.problem), ["red", "blue"], 2, spanning_forest_kwds=forest)
    _finish(search, task, report)


def run_alike(name: str, task: Task, report: Reporter) -> None:
    """Look for two regions that are alike inside, once."""
    table, weights = _table(task.problem), _weights(task.problem)
    random.seed(task.seed)
    if name == "ward":
        search = WardSpatial(table, weights, ["share"], 2)
    elif name == "kmeans":
        search = RegionKMeansHeuristic(table[["share"]].to_numpy(), 2, weights, seed=task.seed)
    else:
        search = Spenc(table, weights, ["share"], 2, random_state=task.seed)
    _finish(search, task, report)


def _finish(
    search: Skater | WardSpatial | RegionKMeansHeuristic | Spenc, task: Task, report: Reporter
) -> None:
    """Solve, and give each region the nation that gains more in it."""
    search.solve()
    labels = np.asarray(search.labels_)
    plan = np.zeros(task.problem.n_units, np.int8)
    for label in np.unique(labels):
        members = labels == label
        plan[members] = int(task.problem.weights[members].sum() > 0)
    report.plan(plan)
    is_one_nation = len(np.unique(plan)) == 1
    report.end(Ending.FINISHED, "one nation gains more in every region" * is_one_nation)


def _table(problem: Problem) -> geopandas.GeoDataFrame:
    """Put votes and blue share in a table as spopt wants it; its geometry is of no account."""
    red, blue = problem.gains.T.astype(float)
    share = blue / np.maximum(red + blue, 1.0)
    points = [Point(0.0, 0.0)] * problem.n_units
    return geopandas.GeoDataFrame({"red": red, "blue": blue, "share": share}, geometry=points)


def _weights(problem: Problem) -> libpysal.weights.W:
    neighbours: dict[int, list[int]] = {unit: [] for unit in range(problem.n_units)}
    for a, b in problem.edges.tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    return libpysal.weights.W(neighbours, silence_warnings=True)


def _temperatures(problem: Problem) -> list[float]:
    mean = max(1.0, float(np.abs(problem.weights).mean()))
    steps = int(np.ceil(np.log(COLD / HOT) / np.log(COOLING)))
    return [mean * HOT * COOLING**step for step in range(steps + 1)]


def _better_nation(votes: npt.NDArray[np.float64], axis: int) -> npt.NDArray[np.float64]:
    """Mark the nation that gains more: what Skater calls the centre of a region."""
    total = votes.sum(axis=axis)
    return np.array([total[0] >= total[1], total[0] < total[1]], float)


def _lost_votes(
    votes: npt.NDArray[np.float64], nation: npt.NDArray[np.float64] | None
) -> npt.NDArray[np.float64]:
    """Votes lost in the region's nation; between units, when None is given, how unlike they are."""
    if nation is None:
        share = votes[:, 1] / np.maximum(votes.sum(axis=1), 1.0)
        # Skater drops neighbours at distance 0 from its tree.
        return np.abs(share[:, None] - share[None, :]) + 1e-9
    lost: npt.NDArray[np.float64] = votes @ (1.0 - nation.T)
    return lost
