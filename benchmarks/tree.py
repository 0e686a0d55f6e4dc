"""Measure what it costs to share the tree of a search out among workers, and where that ends.

Run from a checkout with the package installed::

    python benchmarks/tree.py block --workers 2
    python benchmarks/tree.py Midwest --workers 2 --seconds 300

An instance that branches (``block``: the counties of Indiana, Kentucky and Ohio, or one of
``scaling.py``) is searched for bounds from one plan, which a short walk has found: alone, and then
from the first split on by workers of this machine. Nothing is timed by the clock: seconds are of
computing, of all processes together, and the search ends when it is done or has had `--seconds` of
them since the first split.

Prints nodes, seconds a node, bytes that travel for a node and what the process that has the tree
computes for it, and from these how many workers it can keep busy.
"""

from __future__ import annotations

import argparse
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np
from scaling import instance

from partition.question.formulate import formulate
from partition.runs.lending import Here
from partition.scenario import Scenario
from shapefiles import load_united_states
from solvers.exact.branch_and_cut import BranchAndCut
from solvers.loops import compile_loops
from solvers.model import Model
from solvers.primal.walker import Walker
from solvers.problem import Problem
from solvers.workers.calls import Pending, Workers
from solvers.workers.supervisor import Supervisor

BLOCK = ("IN", "KY", "OH")
N_WALKS = 60


def metered(message: tuple[Callable[[bytes], bytes], bytes]) -> bytes:
    """Answer in a worker, and say how many seconds of computing that took."""
    call, given = message
    begun = time.process_time()
    answer = call(given)
    return pickle.dumps((answer, time.process_time() - begun))


@dataclass
class Meter:
    """Workers whose messages and seconds are counted."""

    inner: Workers
    n_messages: int = 0
    n_bytes: int = 0
    seconds: float = 0.0

    @property
    def n_workers(self) -> int:
        """As of those that are counted."""
        return self.inner.n_workers

    def submit(self, call: Callable[[bytes], bytes], message: bytes) -> Pending:
        """Have a function called, and count what travels."""
        self.n_messages += 1
        self.n_bytes += len(message)
        return MeteredCall(self.inner.submit(metered, (call, message)), self)


@dataclass
class MeteredCall:
    """A call whose answer is counted."""

    inner: Pending
    meter: Meter
    answer: list[bytes] = field(default_factory=list)

    def done(self) -> bool:
        """Whether it has an answer."""
        return self.inner.done()

    def cancel(self) -> object:
        """Forget the call."""
        return self.inner.cancel()

    def result(self) -> bytes:
        """Give the answer, and count it."""
        answer, seconds = pickle.loads(self.inner.result())
        self.meter.n_bytes += len(answer)
        self.meter.seconds += seconds
        return answer


@dataclass
class Shared:
    """What a search had taken when it first split, and what it took from there."""

    exact: BranchAndCut
    own: float
    meter: Meter | None = None

    @property
    def seconds(self) -> float:
        """Computing of all processes since the first split."""
        return self.own + (0.0 if self.meter is None else self.meter.seconds)


def of_block() -> Problem:
    """State the block of three states."""
    units = load_united_states()
    problem = formulate(units, Scenario.shipped("counties")).problem
    return problem.subproblem(np.flatnonzero(np.isin(units.states, BLOCK)))


def search(problem: Problem, plan: np.ndarray, workers: Workers | None, most: float) -> Shared:
    """Search for bounds, and count from the first split on."""
    exact = BranchAndCut(Model(problem))
    exact.offer(plan)
    while not (exact.is_branching or exact.is_finished):
        exact.step()
    meter = None if workers is None else Meter(workers)
    supervisor = None if meter is None else Supervisor(exact, meter)
    begun = time.process_time()
    shared = Shared(exact, 0.0, meter)
    n_before = exact.n_nodes
    while not exact.is_finished and shared.seconds < most:
        if supervisor is None:
            exact.step()
        else:
            supervisor.run(0.1)
        shared.own = time.process_time() - begun
    exact.n_nodes -= n_before
    return shared


def told(name: str, one: Shared) -> str:
    """Write a row of the table."""
    exact, meter = one.exact, one.meter
    n_nodes = max(1, exact.n_nodes)
    gap = (exact.proven or 0) - (exact.value or 0)
    cells = [name, f"{exact.n_nodes:,}", f"{gap:,}", f"{one.seconds:.1f}"]
    cells.append(f"{1000 * one.seconds / n_nodes:.0f}")
    if meter is None:
        cells += [""] * 4
    else:
        n_most = meter.seconds / one.own
        cells += [
            f"{meter.n_messages:,}",
            f"{meter.n_bytes / n_nodes:,.0f}",
            f"{1000 * one.own / n_nodes:.1f}",
            f"{n_most:.0f}",
        ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Search an instance alone and with workers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("instance", nargs="?", default="block")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=300.0, help="of computing, for each")
    given = parser.parse_args()
    compile_loops()
    problem = of_block() if given.instance == "block" else instance(given.instance)
    walker = Walker(Model(problem), 0)
    for _ in repeat(None, N_WALKS):
        walker.run()
    print(
        "| | nodes | votes left | seconds | ms a node | tasks | bytes a node | ms a node in the "
        "process with the tree | workers it keeps busy |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    )
    alone = search(problem, walker.best, None, given.seconds)
    print(told("alone", alone), flush=True)
    shared = search(problem, walker.best, Here(given.workers), given.seconds)
    print(told(f"{given.workers} workers", shared))


if __name__ == "__main__":
    main()
