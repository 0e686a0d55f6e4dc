"""Rules and goals for each of two sides, on random small planar graphs, held against every plan.

    python -m fuzz.fairness 1000
    python -m fuzz.fairness 1000 --seed 3

Each country is a planar graph of up to eight units with votes and states. Its question limits how
many voters of either side may be stranded, of all of them or within each state, and asks for the
most voters at home, of both sides or of one, or for the side that is worse off. The solver's answer
comes with a certificate, which is checked on the way. Then networkx and fractions alone look at
every plan: the plan must keep the rules and be the best, its bound must hold and say how well off
the worse-off side can be, and where no plan keeps the rules that must be what is said.
``tests/partition/test_fairness.py`` runs some dozens.
"""

from __future__ import annotations

import itertools
import random
import re
import sys
from collections import Counter
from fractions import Fraction

import networkx as nx
import numpy as np
import shapely

import partition
from fuzz.counting import count_wrong, countries_parser
from partition.errors import ClashError, InfeasibleError
from partition.scenario import Scenario
from shapefiles.units import Edges, Units

FAIR = "worse_off"
RULES = ("stranded_most", "stranded_most_by_state")


def build(seed: int) -> tuple[Units, Scenario]:
    """Build a random country and a question."""
    draw, rng = random.Random(seed), np.random.default_rng(seed)
    n_units = draw.randint(3, 8)
    pairs = [pair for pair in planar_pairs(rng.random((n_units, 2))) if draw.random() < 0.85]
    size = draw.choice([5, 100, 3000])
    votes = rng.integers(0, size, (n_units, 2))
    votes[0] += 1  # somebody is there on either side
    units = Units(
        ids=np.array([f"u{unit}" for unit in range(n_units)]),
        names=np.array([f"Unit {unit}" for unit in range(n_units)]),
        states=rng.choice(["A", "B"], n_units),
        polygons=np.full(n_units, None),
        crs="EPSG:5070",
        votes={"2016": votes},
        attributes={},
        edges=Edges(
            pairs=np.array(pairs, np.int32).reshape(-1, 2),
            border=np.full(len(pairs), 10_000.0),
            kind=np.full(len(pairs), "land"),
            is_default=np.ones(len(pairs), np.bool_),
        ),
    )  # fmt: skip
    settings: dict[str, object] = {
        "limits.gap": 0.0,
        "weights.self_determination": 0,
        **draw.choice(
            [
                {"weights.self_determination": 1},
                {f"weights.{FAIR}": 1},
                {f"weights.{FAIR}": draw.choice([2, 0.25])},
                {"weights.blue_at_home": draw.choice([1, 0.5]), "weights.red_at_home": 1},
                {f"weights.{FAIR}": 1, "weights.cut_edges": 3},
            ]
        ),
    }
    for nation in ("blue", "red"):
        settings[f"nations.{nation}.pieces"] = draw.choice([1, 1, 2, "any"])
        for rule, chance in zip(RULES, (0.5, 0.2), strict=True):
            if draw.random() < chance:
                settings[f"nations.{nation}.{rule}"] = round(
                    draw.choice([0.3, 0.5, draw.random()]), 3
                )
    return units, Scenario.shipped("counties").override(settings=settings)


def planar_pairs(places: np.ndarray) -> list[tuple[int, int]]:
    """List who is next to whom in a triangulation of points."""
    row = {tuple(place): number for number, place in enumerate(places.tolist())}
    lines = shapely.delaunay_triangles(shapely.multipoints(places), only_edges=True)
    ends = [[row[end] for end in line.coords] for line in shapely.get_parts(lines)]
    return sorted((min(two), max(two)) for two in ends)


def keeps_rules(plan: tuple[int, ...], units: Units, scenario: Scenario) -> bool:
    """Whether a plan meets every constraint, by counting."""
    graph = nx.Graph(units.edges.pairs.tolist())
    graph.add_nodes_from(range(units.n_units))
    masses = list(nx.connected_components(graph))
    for part, rules in enumerate((scenario.nations.red, scenario.nations.blue)):
        nation = graph.subgraph([unit for unit, at in enumerate(plan) if at == part])
        pieces = list(nx.connected_components(nation))
        for mass in masses:
            if rules.pieces != "any" and sum(one <= mass for one in pieces) > rules.pieces:
                return False
        own, lost = Counter[str](), Counter[str]()
        for at, both, state in zip(plan, units.votes["2016"].tolist(), units.states, strict=True):
            voters = both[1 - part]
            for place in ("", state):
                own[place] += voters
                lost[place] += voters if at != part else 0
        for rule, places in zip(
            RULES,
            (
                [
                    "",
                ],
                {*units.states},
            ),
            strict=True,
        ):
            most = getattr(rules, rule)
            if most is not None and any(
                lost[one] > Fraction(repr(most)) * own[one] for one in places
            ):
                return False
    return True


def at_home(plan: tuple[int, ...], units: Units) -> tuple[int, int]:
    """Count the blue and the red voters at home."""
    votes = units.votes["2016"].tolist()
    blue = sum(both[0] for at, both in zip(plan, votes, strict=True) if at)
    return blue, sum(both[1] for at, both in zip(plan, votes, strict=True) if not at)


def worth(plan: tuple[int, ...], units: Units, scenario: Scenario) -> Fraction:
    """Add up what a plan is worth, in votes."""
    (blue, red), (all_blue, all_red) = at_home(plan, units), units.votes["2016"].sum(0).tolist()
    cut = sum(plan[a] != plan[b] for a, b in units.edges.pairs.tolist())
    smaller = min(Fraction(blue, all_blue), Fraction(red, all_red)) * (all_blue + all_red)
    amounts = {
        "self_determination": blue + red, "blue_at_home": blue, "red_at_home": red,
        "cut_edges": -cut, FAIR: smaller,
    }  # fmt: skip
    weights = scenario.weights
    return sum(
        (Fraction(repr(getattr(weights, key))) * one for key, one in amounts.items()), Fraction()
    )


def check(seed: int) -> str:
    """Solve one country; returns what is wrong, or nothing."""
    units, scenario = build(seed)
    plans = [
        plan
        for plan in itertools.product((0, 1), repeat=units.n_units)
        if keeps_rules(plan, units, scenario)
    ]
    try:
        run = partition.solve(scenario, data=units, certify=True)
    except (ClashError, InfeasibleError) as error:
        if plans:
            return f"{len(plans)} plans, but: {error}"
        return _wrong_share(str(error), units)
    plan = tuple(run.plan.assignment.tolist())
    if plan not in plans:
        return f"the plan breaks a rule, and {len(plans)} do not"
    best = max(worth(one, units, scenario) for one in plans)
    # Each unit is counted in whole steps.
    rounding = Fraction(units.n_units, run.question.scale) if scenario.weights.worse_off else 0
    if worth(plan, units, scenario) < best - 2 * rounding:
        return f"worth {float(worth(plan, units, scenario))}, the best {float(best)}"
    bound = Fraction(run.result.bound or 0, run.question.scale)
    if not best - rounding <= bound <= best + rounding:
        return f"bound {float(bound)}, the best {float(best)}"
    return ""


def _wrong_share(message: str, units: Units) -> str:
    """Check what a clash says is stranded at least of the one side, by the best of all plans."""
    found = re.search(
        r"at most ([\d.]+)% of the red voters .* least ([\d.]+)% of the blue", message
    )
    if found is None or "together in" in message:
        return ""
    red, blue = units.votes["2016"].sum(0).tolist()[::-1]
    most_red, least_blue = (Fraction(one) / 100 for one in found.groups())
    for plan in itertools.product((0, 1), repeat=units.n_units):
        own_blue, own_red = at_home(plan, units)
        if red - own_red <= most_red * red and blue - own_blue < least_blue * blue:
            return f"{message} But a plan strands {float(1 - Fraction(own_blue, blue)):.2%}."
    return ""


def main() -> int:
    """Check many countries and count."""
    return count_wrong(countries_parser(__doc__).parse_args(), check)


if __name__ == "__main__":
    sys.exit(main())
