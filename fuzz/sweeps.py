"""Sweeps that choose their own points, on random small graphs, held against every plan.

    python -m fuzz.sweeps 3000
    python -m fuzz.sweeps 3000 --seed 7 --loose

Each country is a random graph of up to seven units with votes, people, states and borders, and asks
for some of the goals while the weight of one of them changes. Runs are answered from the list of
all plans: exactly, or with a plan that is not the best and a bound above it (``--loose``). Then
networkx and fractions alone say what the best plan is worth at every weight: the region that is
called proven must hold it, and where the answers are exact it must be as narrow as was asked for,
with every weight found at which the best plan changes. ``tests/partition/test_adaptive.py`` runs
some dozens.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections import Counter, defaultdict
from fractions import Fraction
from functools import partial
from typing import NamedTuple

import networkx as nx
import numpy as np

from fuzz.counting import count_wrong, countries_parser
from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.runs.run import Run
from partition.scenario import Scenario
from partition.studies.running.worker import Job
from partition.studies.sweeping.adaptive import Effort, EnvelopeSearch
from partition.studies.sweeping.axis import Axis, parse_axis
from shapefiles.units import Edges, Units
from solvers.plan import Plan
from solvers.result import Result, Status

GOALS = (
    "self_determination", "intensity", "border", "cut_edges", "state_splits", "status_quo",
    "population_balance", "blue_at_home", "red_at_home", "worse_off",
)  # fmt: skip


class Case(NamedTuple):
    """A country, what is asked of it, and the weight that changes."""

    question: Question
    axis: Axis
    within: float


def build(seed: int) -> Case:
    """Build a random country and a question."""
    draw, rng = random.Random(seed), np.random.default_rng(seed)
    n_units = draw.randint(2, 7)
    graph = nx.gnp_random_graph(n_units, draw.choice([0.3, 0.5, 0.8]), seed=seed)
    pairs = sorted((min(pair), max(pair)) for pair in graph.edges)
    size = draw.choice([10, 1000, 10**6])
    units = Units(
        ids=np.array([f"u{unit}" for unit in range(n_units)]),
        names=np.array([f"Unit {unit}" for unit in range(n_units)]),
        states=rng.choice(["A", "B"], n_units),
        polygons=np.full(n_units, None),
        crs="EPSG:5070",
        votes={"2016": rng.integers(0, size, (n_units, 2)) + np.eye(n_units, 2, dtype=int)},
        attributes={"population": rng.integers(0, size, n_units).astype(float)},
        edges=Edges(
            pairs=np.array(pairs, np.int32).reshape(-1, 2),
            border=rng.choice([0.0, 10_000.0, 1.0], len(pairs)) + rng.random(len(pairs)) * 9e4,
            kind=np.full(len(pairs), "land"),
            is_default=np.ones(len(pairs), np.bool_),
        ),
    )
    swept = draw.choice(GOALS)
    if not pairs and swept in ("border", "cut_edges"):
        swept = "status_quo"
    weights = dict.fromkeys(GOALS, 0.0) | {
        key: draw.choice([1.0, 0.25, 7.0]) for key in draw.sample(GOALS, draw.randint(1, 3))
    }
    weights["self_determination"] = 1.0
    if not pairs:
        weights["border"] = 0.0
    low = draw.choice([0, 0, 0.5, 3])
    high = low + draw.choice([0.001, 1, 20, 300])
    settings = {f"weights.{key}": value for key, value in weights.items() if key != swept}
    settings["nations.blue.pieces"] = draw.choice([1, 1, 2, "any"])
    settings["limits.gap"] = 0.0
    if swept == "self_determination" and not any(
        value for key, value in weights.items() if key != swept
    ):
        settings["weights.intensity"] = 1.0
    return Case(
        Question(Scenario.shipped("counties").override(settings=settings), Dataset.of(units)),
        parse_axis(f"weights.{swept}={low}:{high}"),
        draw.choice([0.0, 0.0, 0.001, 0.1]),
    )


def true_lines(case: Case, plans: list[np.ndarray]) -> list[tuple[Fraction, Fraction]]:
    """Count what each plan is worth at weight 0, and what a weight of 1 adds, in fractions."""
    units, weights = case.question.units, case.question.scenario.weights
    swept = case.axis.key.removeprefix("weights.")
    lines = []
    for plan in plans:
        value, slope = Fraction(), Fraction()
        for key in GOALS:
            amount = count(key, units, plan)
            if key == swept:
                slope = amount
            else:
                value += Fraction(repr(getattr(weights, key))) * amount
        lines.append((value, slope))
    return lines


def count(key: str, units: Units, plan: np.ndarray) -> Fraction:
    """Count a goal, with the sign that it has in the objective."""
    votes, parts = units.votes["2016"].tolist(), plan.tolist()
    people = [int(one) for one in units.attributes["population"].tolist()]
    cut = [row for row, (a, b) in enumerate(units.edges.pairs.tolist()) if parts[a] != parts[b]]
    if key in ("blue_at_home", "red_at_home", "worse_off"):
        return of_sides(key, votes, parts)
    if key in ("self_determination", "intensity"):
        total = Fraction()
        for (blue, red), part in zip(votes, parts, strict=True):
            share = Fraction(abs(blue - red), max(1, blue + red)) if key == "intensity" else 1
            total += share * (blue if part else red)
        return total
    if key in ("border", "cut_edges"):
        km = (Fraction(units.edges.border[row]) / 1000 for row in cut)
        return -sum(km if key == "border" else (1 for _ in cut), Fraction())
    leads, apart = Counter[str](), defaultdict[str, list[int]](lambda: [0, 0])
    for (blue, red), part, state in zip(votes, parts, units.states.tolist(), strict=True):
        leads[state] += blue - red
        apart[state][part] += blue + red
    if key == "state_splits":
        return Fraction(-sum(min(sides) for sides in apart.values()))
    if key == "status_quo":
        moved = 0
        for number, part, state in zip(people, parts, units.states.tolist(), strict=True):
            moved += number if leads[state] * (1 if part else -1) < 0 else 0
        return Fraction(-moved)
    blue, half = sum(np.array(people)[plan == 1].tolist()), sum(people) // 2
    return Fraction(-max(0, half - blue, blue - (sum(people) - half)))


def of_sides(key: str, votes: list[list[int]], parts: list[int]) -> Fraction:
    """Count the voters at home of one side, or of the worse-off one as if both were equal."""
    homes = [
        sum(both[side] for both, part in zip(votes, parts, strict=True) if part != side)
        for side in (0, 1)
    ]
    if key != "worse_off":
        return Fraction(homes[key == "red_at_home"])
    sides = [sum(side) for side in zip(*votes, strict=True)]
    return sum(sides) * min(Fraction(home, side) for home, side in zip(homes, sides, strict=True))


def all_plans(question: Question) -> list[np.ndarray]:
    """List every plan that meets the constraints, as networkx finds them."""
    graph = nx.Graph(question.units.edges.pairs.tolist())
    graph.add_nodes_from(range(question.units.n_units))
    rules, plans = question.scenario.nations, []
    for parts in itertools.product([0, 1], repeat=question.units.n_units):
        plan = np.array(parts, np.int8)
        if all(
            most == "any" or pieces_fit(graph, np.flatnonzero(plan == part).tolist(), most)
            for part, most in enumerate((rules.red.pieces, rules.blue.pieces))
        ):
            plans.append(plan)
    return plans


def pieces_fit(graph: nx.Graph, nation: list[int], most: int) -> bool:
    """Whether a nation has no more pieces than allowed on any landmass."""
    pieces = list(nx.connected_components(graph.subgraph(nation)))
    return all(
        sum(bool(piece & mass) for piece in pieces) <= most
        for mass in nx.connected_components(graph)
    )


def answer(job: Job, plans: list[np.ndarray], draw: random.Random | None) -> Run:
    """Answer a run from the list of plans; with a generator, not as well as can be."""
    values = [job.question.objective(Plan(one)) for one in plans]
    best = bound = max(values)
    choice = values.index(best)
    if draw is not None:
        bound += draw.choice([0, 0, max(1, abs(best) // 1000), max(1, abs(best) // 10)])
        choice = draw.choice([choice, *range(len(plans))][: draw.randint(1, len(plans))])
    status = Status.OPTIMAL if values[choice] == bound else Status.TIME_LIMIT
    result = Result(Plan(plans[choice]), status, values[choice], bound, 1.0, 0)
    return Run(job.question, result, None)  # type: ignore[arg-type] - nobody reads the report


def check(seed: int, *, is_loose: bool) -> str:
    """Sweep one country; returns what is wrong, or nothing."""
    case, draw = build(seed), random.Random(seed)
    plans = all_plans(case.question)
    effort = Effort(case.within, draw.choice([5, 40]) if is_loose else 300)
    search = EnvelopeSearch(case.question, case.axis, effort, draw.choice([1, 2, 9]))
    n_points = 0
    while jobs := search.next_jobs():
        n_points += len(jobs)
        if n_points > effort.points:
            return f"{n_points} points"
        search.take(
            {job.label: answer(job, plans, draw if is_loose else None) for job in jobs},
            (),
        )
    found = search.bracket.region()
    if found is None:
        return "nothing is proven"
    lines = true_lines(case, plans)
    low, high = (Fraction(repr(float(one))) for one in case.axis.values)
    kinks = {
        at
        for (v, s), (u, t) in itertools.combinations(set(lines), 2)
        if s != t and low < (at := (v - u) / (t - s)) < high
        and v + at * s == max(w + at * r for w, r in lines)
    }  # fmt: skip
    # Amounts that are measured are counted in billionths.
    fine = (1 + high) * Fraction(case.question.units.n_units**2, 10**9) * 10
    weights = {low, high, *kinks, *(one.weight for one in found.corners)}
    weights |= {low + (high - low) * Fraction(step, 23) for step in range(24)}
    for at in weights:
        best, corner = max(value + at * slope for value, slope in lines), found.at(at)
        if not corner.known - fine <= best <= corner.proven + fine:
            return f"at {float(at)}: {float(corner.known)} {float(best)} {float(corner.proven)}"
        steps = Fraction(2 * len(plans[0]) ** 2, 1000)  # what rounding may leave unproven
        tolerance = Fraction(repr(case.within)) * abs(corner.known) + steps
        steepest = max(slope for _, slope in lines) - min(slope for _, slope in lines)
        tolerance += search.step * steepest
        if not is_loose and corner.unproven > tolerance:
            return f"at {float(at)}: {float(corner.unproven)} unproven, within {float(tolerance)}"
    if not is_loose and not case.within:
        for at in kinks:  # those so close that no step lies between are one
            if not any(abs(one.low - at) <= 3 * search.step for one in found.stretches[1:]):
                left, right = (
                    max(v + w * s for v, s in lines) for w in (at - search.step, at + search.step)
                )
                here = max(v + at * s for v, s in lines)
                if left + right - 2 * here > 4 * (steps + fine):
                    return f"the change at {float(at)} is not found"
    return ""


def main() -> int:
    """Check many countries and count."""
    parser = countries_parser(__doc__)
    parser.add_argument("--loose", action="store_true")
    options = parser.parse_args()
    return count_wrong(options, partial(check, is_loose=options.loose))


if __name__ == "__main__":
    sys.exit(main())
