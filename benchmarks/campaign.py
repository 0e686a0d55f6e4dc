"""Random small problems, each solved in many ways, held against every plan and the verifier.

Run from a checkout with the package and its tests' needs installed::

    python -m benchmarks.campaign 20000
    python -m benchmarks.campaign 2000 --units 14 34 --seed 7

A seed draws a graph of one of ten families and any combination of limits on pieces, fixed units,
groups, costs of edges and links, sets of which only so many may be divided, and up to two budgets,
forbidden or priced to be missed. It is solved

- cold;
- cold, with hardly any search for plans beside that for bounds;
- from a plan that may break any constraint, with another seed of the search;
- cut short, after some rounds or by the caller at any time, and then resumed with what had been
  learned, written to a file and read again;
- with what was learned from the same graph under other votes, pieces, costs, budgets, groups and
  fixed units;
- with forged knowledge: claims drawn at random, true ones changed, plans that are none.

What ends must be the optimum of all ``2 ** n`` assignments, which are enumerated by bit masks
without a line of the solvers, or no plan where there is none; what is cut short must have a plan
that networkx calls one, worth what is stated, and a bound that no assignment exceeds; and the
verifier must confirm each bound from its certificate. Above 13 units nothing is enumerated: then
all ways must end at the same optimum, and each must have been confirmed.

Prints how often each feature and way occurred, and for each broken promise the seed, the way and
the command that repeats it. Ends with 1 where there is one.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import numpy as np

from solvers.knowledge import Knowledge
from solvers.lessons import Lesson, graph_hash
from solvers.model import Model
from solvers.params import RoundParams, SearchParams, WalkParams
from solvers.plan import Plan
from solvers.problem import Problem
from solvers.reduction import find_domains, reduce
from solvers.result import Limits, Result, Status
from solvers.rows.family import nested
from solvers.solve import solve
from tests.solvers.claims import drawn, find_rows, forged, written
from tests.solvers.columns import draw_roots
from tests.solvers.conftest import (
    BUDGETS,
    FAMILIES,
    KINDS,
    PIECES,
    Census,
    confirm,
    draw_problem,
    is_feasible,
    objective,
)

MOST_ENUMERATED = 13
"""Units of which every assignment is looked at: 8,192 of them."""

BOUNDED = [kind for kind in KINDS if kind not in ("huge", "close")]
"""Kinds of gains of which dozens add up to what 64 bits and floats can hold."""

SLOW = SearchParams(rounds=RoundParams(n_iterations=1), walk=WalkParams(n_chunk=1))
"""Rounds of a single step, so that a search of some units can be cut short at all, and hardly any
search for plans, which would leave the search for bounds nothing to find."""

ENDLESS = Limits(time_limit=300.0)


class BrokenPromise(Exception):  # noqa: N818 - it is what the campaign looks for
    """A search said something that is not so."""


@dataclass(frozen=True)
class Drawn:
    """A problem, and what went into it."""

    problem: Problem
    features: dict[str, Any]


def draw(seed: int, fewest: int, most: int) -> Drawn:
    """Draw a problem of so many units."""
    rng = np.random.default_rng([seed, 1])

    def one_of(choices: list[Any]) -> Any:
        return choices[int(rng.integers(len(choices)))]

    n_units = int(rng.integers(fewest, most + 1))
    # Two parts in one piece each are what the project is for, and a third of the problems.
    features = {
        "family": one_of(FAMILIES),
        "kind": one_of(KINDS if most <= MOST_ENUMERATED else BOUNDED),
        "pieces": (1, 1) if rng.random() < 0.33 else one_of(PIECES),
        "n_fixed": one_of([0, 0, 1, 3]),
        "has_costs": bool(rng.random() < 0.4),
        "n_groups": one_of([0, 0, 0, 1, 3]),
        "n_links": one_of([0, 0, 0, 1, 4]),
        "budgets": [one_of(BUDGETS) for _ in range(one_of([0, 0, 0, 1, 2]))],
        "n_sets": one_of([0, 0, 0, 1, 2]),
    }
    return Drawn(draw_problem(seed, n_units, **features), features)


def require(is_so: bool, promise: str) -> None:
    """Fail where a promise is not kept, with optimised Python as well."""
    if not is_so:
        raise BrokenPromise(promise)


@dataclass(eq=False)
class Judge:
    """What results of one problem are held against.

    Above :data:`MOST_ENUMERATED` units the optimum is what the first finished search has proven and
    the verifier has confirmed.
    """

    problem: Problem
    census: Census | None
    is_known: bool = False
    optimum: int | None = None

    @classmethod
    def of(cls, problem: Problem) -> Judge:
        """Look at every plan of a small problem."""
        if problem.n_units > MOST_ENUMERATED:
            return cls(problem, None)
        census = Census(problem)
        return cls(problem, census, True, census.optimum)

    def finished(self, result: Result) -> None:
        """Hold a search that no limit ended against the optimum."""
        if not self.is_known:
            self.is_known, self.optimum = True, result.objective
        ending = Status.INFEASIBLE if self.optimum is None else Status.OPTIMAL
        require(result.status is ending, f"it ends with {ending.value}, not {result.status.value}")
        require(
            result.objective == result.bound == self.optimum,
            f"the optimum is {self.optimum}, not {result.objective} to {result.bound}",
        )
        self.honest(result)

    def honest(self, result: Result) -> None:
        """Hold plan and bound of any search against what is so, and let them be confirmed."""
        optimum, bound = self.optimum, result.bound
        if self.is_known:
            is_bound = bound is None or optimum is None or bound >= optimum
            require(is_bound, f"no plan has more than {bound}, but one has {optimum}")
            require(bound is not None or optimum is None, f"a plan has {optimum}, but none is left")
        if result.plan is None:
            require(result.objective is None, "a value belongs to a plan")
            return
        assignment = result.plan.assignment
        require(is_feasible(self.problem, assignment), "the plan meets every constraint")
        counted = objective(self.problem, assignment)
        require(counted == result.objective, f"the plan has {counted}, not {result.objective}")
        if result.certificate is not None:
            proven = confirm(self.problem, result)
            require(proven <= result.bound, f"the certificate proves {proven}, not {result.bound}")


def relative_of(problem: Problem, rng: np.random.Generator) -> Problem:
    """Ask something else of the same graph."""
    edges, n_units = problem.edges, problem.n_units
    other = draw_problem(
        int(rng.integers(2**32)),
        n_units,
        "tree",
        BOUNDED[int(rng.integers(len(BOUNDED)))],
        n_groups=int(rng.integers(3)),
        n_fixed=int(rng.integers(3)),
    )
    return Problem(
        other.gains,
        edges,
        other.fixed if rng.random() < 0.5 else problem.fixed,
        PIECES[int(rng.integers(len(PIECES)))] if rng.random() < 0.5 else problem.pieces,
        edge_costs=rng.integers(0, 5, len(edges)) * int(rng.random() < 0.5),
        groups=other.groups if rng.random() < 0.5 else problem.groups,
    )


def forgery(problem: Problem, rng: np.random.Generator) -> Knowledge:
    """Claim what is not so: rows by chance, rows changed, plans that are none."""
    reduced, lessons = reduce(problem), []
    for members in [] if reduced is None else find_domains(reduced.problem):
        model = Model(reduced.problem.subproblem(members))
        claims = [drawn(model, rng) for _ in range(20)]
        found = find_rows(model, draw_roots(model, rng), rng)[:10]
        claims += [forged(written(row), model.n_units, rng) for row in found]
        graph = graph_hash(model.n_units, model.edges)
        those = tuple(nested(claim) for claim in claims if isinstance(claim, list))
        lessons.append(Lesson(graph, those))
    plan = Plan(rng.integers(0, 2, problem.n_units).astype(np.int8))
    graph = graph_hash(problem.n_units, problem.edges)
    return Knowledge.unpacked(Knowledge(graph, (plan,), tuple(lessons)).packed())


Way = Callable[[Problem, Judge, np.random.Generator], None]


def cold(problem: Problem, judge: Judge, _rng: np.random.Generator) -> None:
    """Solve with nothing known."""
    judge.finished(solve(problem, ENDLESS, certify=True))


def unaided(problem: Problem, judge: Judge, rng: np.random.Generator) -> None:
    """Let the search for bounds find the plans."""
    seed = int(rng.integers(100))
    judge.finished(solve(problem, ENDLESS, seed=seed, certify=True, params=SLOW))


def started(problem: Problem, judge: Judge, rng: np.random.Generator) -> None:
    """Solve from a plan that may be none, with another seed."""
    start = Plan(rng.integers(0, 2, problem.n_units).astype(np.int8))
    judge.finished(solve(problem, ENDLESS, seed=int(rng.integers(100)), start=start, certify=True))


def resumed(problem: Problem, judge: Judge, rng: np.random.Generator) -> None:
    """Cut a search short, and go on from the file of what it has learned."""
    seen, n_looks = count(), int(rng.integers(0, 8)) if rng.random() < 0.3 else sys.maxsize
    first = solve(
        problem,
        Limits(rounds=int(rng.integers(1, 7))),
        seed=int(rng.integers(100)),
        should_stop=lambda: next(seen) >= n_looks,
        certify=True,
        params=SLOW,
    )
    judge.honest(first)
    known = first.knowledge
    if known is not None:
        known = Knowledge.unpacked(known.packed())
        require(known == first.knowledge, "a file holds what was learned")
    second = solve(problem, ENDLESS, start=first.plan, knowledge=known, certify=True)
    judge.finished(second)
    if first.objective is not None and second.objective is not None:
        require(second.objective >= first.objective, "nothing is lost by going on")


def taught(problem: Problem, judge: Judge, rng: np.random.Generator) -> None:
    """Solve with what was learned from another question about the same graph."""
    teacher = relative_of(problem, rng)
    limits = Limits(rounds=int(rng.integers(1, 8)))
    learned = solve(teacher, limits, params=SLOW).knowledge
    judge.finished(solve(problem, ENDLESS, knowledge=learned, certify=True))


def misled(problem: Problem, judge: Judge, rng: np.random.Generator) -> None:
    """Solve with forged knowledge, beside what is true or alone."""
    known = forgery(problem, rng)
    if rng.random() < 0.5:
        learned = solve(problem, Limits(rounds=2), params=SLOW).knowledge
        if learned is not None:
            known = Knowledge.joined(problem, [known, learned])
    judge.finished(solve(problem, ENDLESS, knowledge=known, certify=True))


WAYS: dict[str, Way] = {
    "cold": cold,
    "unaided": unaided,
    "started": started,
    "resumed": resumed,
    "taught": taught,
    "misled": misled,
}


def told(features: dict[str, Any]) -> Iterator[str]:
    """Name what a problem has, for the tally."""
    yield f"family {features['family']}"
    pieces = features["pieces"]
    yield f"pieces {'any' if 0 in pieces else 'one each' if pieces == (1, 1) else 'several'}"
    for name in ("n_fixed", "has_costs", "n_groups", "n_links", "n_sets"):
        if features[name]:
            yield name.partition("_")[2]
    for sides, is_priced in features["budgets"]:
        yield f"budget {sides}{' at a price' if is_priced else ''}"


def run_seed(seed: int, fewest: int, most: int) -> tuple[int, Counter[str], list[str]]:
    """Solve one problem in every way; returns its seed, a tally, and what was broken."""
    one = draw(seed, fewest, most)
    judge = Judge.of(one.problem)
    tally = Counter(told(one.features))
    broken = []
    for number, (name, way) in enumerate(WAYS.items()):
        try:
            way(one.problem, judge, np.random.default_rng([seed, 2, number]))
        except Exception as error:  # whatever it is, it is looked for
            broken.append(f"{name}: {type(error).__name__}: {error}")
    tally["without a plan" if judge.optimum is None else "with a plan"] += 1
    return seed, tally, broken


def main() -> int:
    """Solve as many problems as were asked for; returns 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("count", type=int, help="problems to draw")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first")
    parser.add_argument("--units", type=int, nargs=2, default=(1, 9), metavar=("FEWEST", "MOST"))
    parser.add_argument("--jobs", type=int, default=1, help="processes to share them out among")
    given = parser.parse_args()
    fewest, most = given.units
    if given.count < 1 or given.jobs < 1 or not 1 <= fewest <= most:
        parser.error("give a count, jobs and units of 1 or more, FEWEST no more than MOST.")
    seeds = range(given.seed, given.seed + given.count)
    one = partial(run_seed, fewest=fewest, most=most)
    tally, n_broken = Counter[str](), 0
    with ProcessPoolExecutor(given.jobs) as pool:
        for seed, those, broken in pool.map(one, seeds, chunksize=min(20, given.count)):
            tally += those
            n_broken += len(broken)
            for line in broken:
                print(f"seed {seed}: {line}")
                again = f"python -m benchmarks.campaign 1 --seed {seed} --units {fewest} {most}"
                print(f"  again: {again}", flush=True)
    for name, n_times in sorted(tally.items()):
        print(f"{n_times:8,}  {name}")
    print(f"{given.count:,} problems, each solved in {len(WAYS)} ways: {n_broken} broken promises")
    return min(n_broken, 1)


if __name__ == "__main__":
    # The pool shares out the cores; threads of the linear algebra would fight for them.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
