"""Limits on how many states are split, on random small planar graphs, held against every plan.

    python -m fuzz.splits 1000
    python -m fuzz.splits 1000 --seed 3

Each country is a planar graph of up to nine units with votes and states, some of which have no
state. Its question limits how many states are split, together with pieces, fixed units, places
that stay whole, a neighbour that connects, other limits and other goals. The solver's answer comes
with a certificate, which is checked on the way. Then networkx alone looks at every plan: the plan
must keep the rules and be the best, its bound must be as much, and where no plan keeps the rules
that must be what is said. ``tests/partition/test_splits.py`` runs some dozens.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
from collections import Counter

import networkx as nx
import numpy as np

import partition
from fuzz.counting import count_wrong, countries_parser
from fuzz.fairness import planar_pairs
from partition.errors import ClashError, InfeasibleError
from partition.question.question import Question
from partition.runs.run import Run
from partition.scenario import Scenario
from partition.verify import check as check_certificate
from shapefiles.units import Edges, Units
from solvers.plan import Plan


def build(seed: int) -> tuple[Units, Scenario]:
    """Build a random country and a question."""
    draw, rng = random.Random(seed), np.random.default_rng(seed)
    n_units = draw.randint(3, 9)
    pairs = [pair for pair in planar_pairs(rng.random((n_units, 2))) if draw.random() < 0.9]
    states = rng.choice(draw.choice([["A", "B"], ["A", "B", "C"], ["", "A", "B", "C"]]), n_units)
    states[0] = "A"  # there is a state at least
    votes = rng.integers(0, draw.choice([3, 100, 3000]), (n_units, 2))
    units = Units(
        ids=np.array([f"u{unit}" for unit in range(n_units)]),
        names=np.array([f"Unit {unit}" for unit in range(n_units)]),
        states=states,
        polygons=np.full(n_units, None),
        crs="EPSG:5070",
        votes={"2016": votes},
        attributes={
            "population": rng.integers(1, 50, n_units),
            "borders_canada": rng.random(n_units) < 0.3,
        },
        edges=Edges(
            pairs=np.array(pairs, np.int32).reshape(-1, 2),
            border=np.full(len(pairs), 10_000.0),
            kind=np.full(len(pairs), "land"),
            is_default=np.ones(len(pairs), np.bool_),
        ),
    )  # fmt: skip
    settings: dict[str, object] = {
        "limits.gap": 0.0,
        "states.split_most": draw.choice([0, 1, 1, 1, 2, 2, 3]),
        "units.blue": [f"u{unit}" for unit in range(n_units) if draw.random() < 0.05],
        "units.red": [f"u{unit}" for unit in range(n_units) if draw.random() < 0.05],
        "units.whole": draw.choice([[], [], [], ["A"], ["states"]]),
        "weights.cut_edges": draw.choice([0, 0, 3]),
        "weights.state_splits": draw.choice([0, 0, 0, 1]),
    }
    if draw.random() < 0.2:
        settings["nations.blue.least.population"] = 0.4
    if draw.random() < 0.2:
        settings["most.cut_edges"] = draw.randint(1, 5)
    touching = np.flatnonzero(units.attributes["borders_canada"]).tolist()
    if draw.random() < 0.3 and any(unit in pair for unit in touching for pair in pairs):
        settings["neighbours.canada"] = draw.choice(["blue", "red"])
    for nation in ("blue", "red"):
        settings[f"nations.{nation}.pieces"] = draw.choice([1, 1, 2, "any"])
    return units, Scenario.shipped("counties").override(settings=settings)


def keeps_rules(plan: tuple[int, ...], units: Units, scenario: Scenario) -> bool:
    """Whether a plan meets every constraint, by counting."""
    rules, ids = scenario.units, units.ids.tolist()
    for part, names in enumerate((rules.red, rules.blue)):
        if any(plan[ids.index(name)] != part for name in names):
            return False
    split = _split_states(plan, units)
    if len(split) > scenario.states.split_most:
        return False
    if split & {*rules.whole} or (split and "states" in rules.whole):
        return False
    cut = sum(plan[a] != plan[b] for a, b in units.edges.pairs.tolist())
    if scenario.most.cut_edges is not None and cut > scenario.most.cut_edges:
        return False
    people = units.attributes["population"].tolist()
    least = scenario.nations.blue.least.population
    blue = sum(one for one, part in zip(people, plan, strict=True) if part)
    if least is not None and 10 * blue < 4 * sum(people):
        return False
    return _hangs_together(plan, units, scenario)


def _split_states(plan: tuple[int, ...], units: Units) -> set[str]:
    """List the states that lie in both nations."""
    parts: dict[str, set[int]] = {}
    for state, part in zip(units.states.tolist(), plan, strict=True):
        if state:
            parts.setdefault(state, set()).add(part)
    return {state for state, both in parts.items() if len(both) > 1}


def _hangs_together(plan: tuple[int, ...], units: Units, scenario: Scenario) -> bool:
    """Whether no nation has more pieces on a landmass than it may have."""
    graph = nx.Graph(units.edges.pairs.tolist())
    graph.add_nodes_from(range(units.n_units))
    parts = dict(enumerate(plan))
    masses = [set(mass) for mass in nx.connected_components(graph)]
    country = scenario.neighbours.canada
    for number, mass in enumerate(masses if country else []):
        near = [unit for unit in mass if units.attributes["borders_canada"][unit]]
        if near and len(mass) > 1:
            beyond = f"canada {number}"
            graph.add_edges_from((beyond, unit) for unit in near)
            parts[beyond] = int(country == "blue")
            mass.add(beyond)
    for part, rules in enumerate((scenario.nations.red, scenario.nations.blue)):
        nation = graph.subgraph([unit for unit, own in parts.items() if own == part])
        pieces = list(nx.connected_components(nation))
        most = rules.pieces
        if most != "any" and any(sum(one <= mass for one in pieces) > most for mass in masses):
            return False
    return True


def worth(plan: tuple[int, ...], units: Units, scenario: Scenario) -> int:
    """Add up what a plan is worth, in votes."""
    votes, weights = units.votes["2016"].tolist(), scenario.weights
    value = sum(both[0] if part else both[1] for both, part in zip(votes, plan, strict=True))
    cut = sum(plan[a] != plan[b] for a, b in units.edges.pairs.tolist())
    lost = 0
    for state in _split_states(plan, units):
        voters = Counter[int]()
        for own, part, both in zip(units.states.tolist(), plan, votes, strict=True):
            voters[part] += sum(both) if own == state else 0
        lost += min(voters[0], voters[1])
    return value - int(weights.cut_edges) * cut - int(weights.state_splits) * lost


def check(seed: int) -> str:
    """Solve one country; returns what is wrong, or nothing."""
    units, scenario = build(seed)
    every = itertools.product((0, 1), repeat=units.n_units)
    plans = [plan for plan in every if keeps_rules(plan, units, scenario)]
    try:
        run = partition.solve(scenario, data=units, certify=True)
    except (ClashError, InfeasibleError) as error:
        return f"{len(plans)} plans, but: {error}" if plans else ""
    plan = tuple(run.plan.assignment.tolist())
    if plan not in plans:
        return f"the plan breaks a rule, and {len(plans)} do not"
    best = max(worth(one, units, scenario) for one in plans)
    scale, bound = run.question.scale, run.result.bound
    if worth(plan, units, scenario) != best or bound != best * scale:
        return f"worth {worth(plan, units, scenario)}, bound {bound} / {scale}, the best {best}"
    return _wrong_proof(run) or _wrong_verdict(run.question, seed, plans)


def _wrong_proof(run: Run) -> str:
    """Check the certificate."""
    whole = run.question.formulation.expand(run.plan).assignment.tolist()
    proven = check_certificate(json.loads(json.dumps(run.result.certificate)), whole).bound
    return "" if proven == run.result.bound else f"the certificate proves {proven}"


def _wrong_verdict(question: Question, seed: int, plans: list[tuple[int, ...]]) -> str:
    """Check what is said of some plans from elsewhere."""
    every = list(itertools.product((0, 1), repeat=question.units.n_units))
    for other in random.Random(seed).sample(every, 4):
        broken = question.broken_constraint(Plan(np.array(other, np.int8)))
        if (broken is None) != (other in plans):
            return f"of {other} it says {broken}"
    return ""


def main() -> int:
    """Check many countries and count."""
    return count_wrong(countries_parser(__doc__).parse_args(), check)


if __name__ == "__main__":
    sys.exit(main())
