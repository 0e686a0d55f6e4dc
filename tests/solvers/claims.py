"""Claims of rows: found by a search, drawn at random, and forged."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from solvers.exact.branch_and_cut import BranchAndCut
from solvers.exact.cuts import first_rows, violated_rows
from solvers.model import Model
from solvers.rows.family import plain
from solvers.rows.row import Row
from tests.solvers.columns import Roots


def find_rows(model: Model, roots: Roots, rng: np.random.Generator) -> list[Row]:
    """Find rows that random points violate, and those of a search to its end."""
    rows = [*first_rows(model, roots)]
    for _ in range(4):
        values = rng.choice([0.0, 0.3, 0.5, 0.7, 1.0], model.n_columns) * model.most
        rows += violated_rows(model, roots, values, values, 0.05)
    exact = BranchAndCut(model)
    for _ in range(30):
        exact.step()
    return [*rows, *exact.record.rows]


def written(row: Row) -> Any:
    """Write a row's claim and read it from JSON, as from a file."""
    return json.loads(json.dumps(plain(row.claim)))


def forged(claim: Any, n_units: int, rng: np.random.Generator) -> Any:
    """Change something in a claim: a number, a list, how many there are of either."""
    if not isinstance(claim, list):
        return int(rng.integers(-1, n_units + 1)) if isinstance(claim, int) else claim
    places = np.flatnonzero([not isinstance(one, str) for one in claim])
    if not len(places) or rng.random() < 0.2:
        units = sorted(rng.permutation(n_units)[: rng.integers(1, n_units + 1)].tolist())
        return units if rng.random() < 0.5 else [*claim, int(rng.integers(n_units))]
    place = int(rng.choice(places))
    if rng.random() < 0.2:
        return [*claim[:place], *claim[place + 1 :]]
    return [*claim[:place], forged(claim[place], n_units, rng), *claim[place + 1 :]]


def drawn(model: Model, rng: np.random.Generator) -> list[Any]:
    """Draw a claim of any kind that looks like one, true or not."""
    n_units = model.n_units

    def some(least: int, most: int) -> list[int]:
        units = rng.permutation(n_units)[: rng.integers(least, most + 1)]
        return [int(unit) for unit in np.sort(units)]

    def walk(n_steps: int) -> list[int]:
        steps = [int(rng.integers(n_units))]
        while len(steps) < n_steps and model.graph.degrees[steps[-1]]:
            steps.append(int(rng.choice(model.graph.of(steps[-1]))))
        return steps

    part, unit, other = int(rng.integers(2)), *rng.integers(0, n_units, 2).tolist()
    faces = list(model.walks.values())
    around = faces[rng.integers(len(faces))].tolist() if faces else [0, 1, 2, 3]
    corners = np.sort(rng.permutation(len(around))[: 2 * int(rng.integers(1, 4))]).tolist()
    turns = [faces[number].tolist() for number in rng.integers(0, len(faces), 3)] if faces else []
    units = rng.permutation(n_units)[: rng.integers(1, 4)].tolist()
    sets = [sorted({*some(0, 4), *([unit] if rng.random() < 0.9 else [])}) for unit in units]
    several = rng.permutation(n_units)[: model.pieces[part] + (rng.random() < 0.8)].tolist()
    claims: list[list[Any]] = [
        ["separator", part, unit, some(0, 3)],
        ["joint", part, units, sets],
        ["potential", part, units, sets, [rng.integers(1, 9, len(one)).tolist() for one in sets]],
        ["chain", part, unit, [walk(int(rng.integers(1, 5))) for _ in range(rng.integers(1, 4))]],
        ["face", around[:2], [around[corner] for corner in corners]],
        ["face", around[:2], rng.permutation(around)[: len(corners)].tolist()],
        [
            "zone",
            part,
            [[turn[:2], turn[: 2 * (len(turn) // 2)]] for turn in turns[: len(corners) // 2]],
            some(0, 3),
        ],
        ["turn", around[:2], rng.integers(-1 - (rng.random() < 0.1), 2, len(around)).tolist()],
        ["turn", around[:2], [0] * len(around)],
        ["leaf", part, unit],
        ["apart", part, several, some(0, max(0, n_units - 2))],
        ["cut", int(rng.integers(len(model.pairs) + 1)), int(rng.integers(4))],
        ["tie", int(rng.integers(3)), part],
        ["span", int(rng.integers(len(model.problem.spans) + 1)), part],
        ["budget", int(rng.integers(2)), part],
        ["seeds", part],
        ["seed", part, unit],
        ["peak", part, unit, other],
    ]
    odds = np.array([4, 5, 6, 8, 1, 2, 2, 1, 1, 10, 16, *[0.8] * 7])
    return claims[rng.choice(len(claims), p=odds / odds.sum())]
