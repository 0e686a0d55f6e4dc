"""Goals that come one after another, on random small graphs, held against every plan.

    python -m fuzz.chains 500
    python -m fuzz.chains 500 --seed 7

Each country is one of ``fuzz/sweeps.py``: a random graph of up to seven units with votes, people,
states and borders. Two to four goals in any order are asked one after another, each within a share
of the best of those before. Networkx and fractions alone say which plans are left after each goal
and what the best of them has: every step must have found that and proven it, and what it says its
plan has of every goal must be what is counted. ``tests/partition/test_then.py`` runs some dozens.
"""

from __future__ import annotations

import argparse
import random
import sys
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

import numpy as np

import partition
from fuzz import sweeps
from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.runs.run import Run
from partition.scenario import Scenario, Step
from shapefiles.units import Units

GAINS = ("self_determination", "intensity", "blue_at_home", "red_at_home", "worse_off")
STEPS = {"intensity": 1000, "border": 1000, "worse_off": 100_000}


class Chain(NamedTuple):
    """A country and the goals that are asked of it, one after another."""

    units: Units
    scenario: Scenario
    first: str
    steps: tuple[Step, ...]


def build(seed: int) -> Chain:
    """Build a random country and a chain."""
    draw = random.Random(seed)
    units = sweeps.build(seed).question.units
    goals = [
        key for key in sweeps.GOALS if len(units.edges.pairs) or key not in ("border", "cut_edges")
    ]
    first, *others = draw.sample(goals, draw.randint(2, min(4, len(goals))))
    shares = [0.0, 0.001, 0.02, 0.1, 0.5, 1.0]
    weights = {f"weights.{key}": float(key == first) for key in sweeps.GOALS}
    rules = {"nations.blue.pieces": draw.choice([1, 1, 2, "any"]), "limits.gap": 0.0}
    scenario = Scenario.shipped("counties").override(settings=weights | rules)
    return Chain(units, scenario, first, tuple(Step(key, draw.choice(shares)) for key in others))


def worth(key: str, units: Units, plan: np.ndarray) -> int:
    """Count a goal in the steps that it is counted in; costs are below 0."""
    if key == "border":
        parts = plan.tolist()
        pairs = zip(units.edges.pairs.tolist(), units.edges.border.tolist(), strict=True)
        return -sum(
            round(Fraction(metres / 1000) * 1000)
            for (a, b), metres in pairs
            if parts[a] != parts[b]
        )
    if key == "intensity":
        total = 0
        for (blue, red), part in zip(units.votes["2016"].tolist(), plan.tolist(), strict=True):
            own = blue if part else red
            total += round(Fraction(own * abs(blue - red), max(1, blue + red)) * 1000)
        return total
    if key == "worse_off":  # half of both sides' voters, as if they were equally many
        votes = units.votes["2016"].tolist()
        sides = [sum(side) for side in zip(*votes, strict=True)]
        homes = [0, 0]
        for both, part in zip(votes, plan.tolist(), strict=True):
            side = 1 - part
            homes[side] += round(Fraction(both[side] * sum(sides), sides[side]) * 50_000)
        return 2 * min(homes)
    return int(sweeps.count(key, units, plan))


def is_left(key: str, units: Units, plan: np.ndarray, least: int) -> bool:
    """Whether a plan is among those that the next goal may choose from."""
    if key == "worse_off":  # by exact shares, less what each unit was rounded by
        limit = Fraction(max(0, least - units.n_units), STEPS[key])
        return sweeps.count(key, units, plan) >= limit
    return worth(key, units, plan) >= least


def check(chain: Chain) -> Run:
    """Solve a chain, and hold every step against all plans."""
    units = chain.units
    run = partition.solve(chain.scenario, data=units, then=chain.steps, time_limit=30)
    left = sweeps.all_plans(Question(chain.scenario, Dataset.of(units)))
    goals = [chain.first, *(one.goal for one in chain.steps)]
    shares = [*(one.within for one in chain.steps), 0.0]
    for taken, goal, within in zip(run.steps, goals, shares, strict=True):
        values = [worth(goal, units, plan) for plan in left]
        best, share = max(values), Fraction(repr(within))
        require(taken.goal == goal, "the goals are those that were asked for, in order")
        require(taken.objective == taken.bound == best, f"{goal}: the best of the plans left")
        scale = STEPS.get(goal, 1)
        least = ceil((1 - share) * best) if goal in GAINS else -floor((1 + share) * -best)
        left = [plan for plan in left if is_left(goal, units, plan, least)]
        amounts = run.steps[-1].amounts
        counted = abs(worth(goal, units, run.plan.assignment))
        require(abs(amounts[goal] * scale - counted) < 10, f"{goal}: what the last plan has")
        require(
            any(np.array_equal(run.plan.assignment, plan) for plan in left),
            f"{goal}: the last plan is near enough to the best",
        )
    return run


def require(is_so: bool, promise: str) -> None:
    """Fail where a promise is not kept, with optimised Python as well."""
    if not is_so:
        raise AssertionError(promise)


def main() -> int:
    """Check as many chains as were asked for; returns how many failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    failed = 0
    for seed in range(given.seed, given.seed + given.count):
        try:
            check(build(seed))
        except AssertionError as error:
            failed += 1
            sys.stdout.write(f"seed {seed}: {error}\n")
    sys.stdout.write(f"{given.count} chains, {failed} of which broke a promise\n")
    return failed


if __name__ == "__main__":
    sys.exit(min(main(), 1))
