"""The families of rows: they hold where they claim to, and would not hold elsewhere.

A plan is a point of the relaxation in all its variables (:mod:`tests.solvers.columns`), so that
what holds for every plan here holds for the relaxation as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations, pairwise, product
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solvers.model import Model
from solvers.problem import FREE, Budget, Problem
from solvers.rows.alternations import alternation_row, alternation_rows, largest_alternation
from solvers.rows.apart import apart_row
from solvers.rows.budgets import budget_rows
from solvers.rows.chains import chain_row, chain_rows
from solvers.rows.claims import ClaimError
from solvers.rows.cut_edges import cut_row, cut_rows
from solvers.rows.families import family_of, read_row
from solvers.rows.founders import founder_rows
from solvers.rows.joints import entries, joint_row, joint_rows
from solvers.rows.leaves import leaf_row, leaf_rows
from solvers.rows.peaks import peak_rows
from solvers.rows.row import Row, behind, shares
from solvers.rows.seeds import seeds_row
from solvers.rows.separators import HARDLY, separator_row, separator_rows
from solvers.rows.ties import tie_rows
from solvers.rows.turns import turn_row, turn_rows
from solvers.rows.zone_separation import LEAST, MOST_FACES
from solvers.rows.zones import zone_row, zone_rows
from tests.solvers.columns import columns_of
from tests.solvers.conftest import (
    COSTLY,
    PIECES,
    PLAIN,
    PLANAR,
    Census,
    as_networkx,
    costly_pairs,
    excess,
    problems,
)

SEEDS = st.integers(0, 2**32 - 1)
PARTS = st.sampled_from([0, 1])
VIOLATION = 0.02


def found_rows(model: Model, values: npt.NDArray[np.float64], part: int) -> list[Row]:
    """List the violated rows of founders: in the part, and gaining most in their piece."""
    of_founders = founder_rows(model, values, part, VIOLATION)
    return [*of_founders, *peak_rows(model, values, part, VIOLATION)]


def around_faces(model: Model, units: npt.NDArray[np.float64]) -> list[Row]:
    """List the violated rows around faces, of the family that fits the model."""
    return [*alternation_rows(model, units, VIOLATION), *turn_rows(model, units, VIOLATION)]


ROUNDING = 1e-9
LIMITED = [pieces for pieces in PIECES if all(pieces)]
"""Both parts limited."""
MANY = [pieces for pieces in LIMITED if sum(pieces) > 2]
"""More pieces than one of each part."""
NOBODY = (None, None)


def draw_point(n_units: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Draw a fractional point: anything, a blend of whole points, or cities on weak ways."""
    kind = rng.integers(3)
    if kind == 0:
        return rng.random(n_units)
    if kind == 1:
        return rng.dirichlet(np.ones(3)) @ rng.integers(0, 2, (3, n_units))
    values = rng.choice([0.0, 0.1, 0.3, 0.5, 1.0], n_units, p=[0.1, 0.2, 0.3, 0.2, 0.2])
    return 1.0 - values if rng.random() < 0.5 else values


def draw_values(model: Model, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Draw a point of the relaxation: units as above, the other variables small or large."""
    values = rng.random(model.n_columns) * model.most * rng.choice([0.0, 0.1, 0.5, 1.0])
    values[: model.n_units] = draw_point(model.n_units, rng)
    return values


def draw_all_values(
    model: Model, seed: int
) -> list[tuple[npt.NDArray[np.float64], np.random.Generator]]:
    """Draw a few points, each with the generator to draw more from."""
    rng = np.random.default_rng(seed)
    return [(draw_values(model, rng), rng) for _ in range(5)]


def draw_roots(model: Model, rng: np.random.Generator, most: int = 3) -> npt.NDArray[np.int32]:
    """Draw a few units of one landmass."""
    near = np.flatnonzero(model.landmass == rng.choice(model.landmass))
    return rng.permutation(near)[: rng.integers(1, most + 1)].astype(np.int32)


def over(row: Row, points: npt.ArrayLike) -> npt.NDArray[np.number]:
    """How far each point lies beyond a row; 0 or less where it satisfies it."""
    points = np.atleast_2d(points)[:, list(row.columns)]
    return points @ np.array(row.coefficients) - row.limit


def rooted_points(
    model: Model, plans: npt.NDArray[np.int8], part: int, roots: npt.NDArray[np.integer] | list[int]
) -> npt.NDArray[np.int64]:
    """Write every plan that holds a root of a part as a point, with founders of that part."""
    named = [None, None]
    named[part] = roots
    held = plans[(plans[:, roots] == part).any(axis=1)]
    points = [columns_of(model, plan, named) for plan in held]
    return np.array(points).reshape(-1, model.n_columns)


def points_of(model: Model, plans: npt.NDArray[np.int8]) -> npt.NDArray[np.int64]:
    """Write every plan as a point without founders."""
    return np.array([columns_of(model, plan, NOBODY) for plan in plans]).reshape(
        -1, model.n_columns
    )


def ones(n_units: int, edges: list[list[int]], **more: Any) -> Problem:
    """Build a problem in which every unit gains 1 in part 1."""
    return Problem(np.array([[0, 1]] * n_units), np.array(edges), **more)


PATH = [[0, 1], [1, 2]]


def assert_minimal_wall(graph, target, wall, roots) -> None:
    """Check by networkx that a wall parts a target from all roots and no smaller one in it does."""
    for left_out in (None, *wall):
        rest = graph.subgraph(set(graph) - (set(wall) - {left_out}))
        reached = nx.node_connected_component(rest, target)
        assert (not reached & roots) == (left_out is None)


# Separators


@given(
    problem=problems(min_units=3, max_units=9),
    part=PARTS,
    creep=st.sampled_from([1e-9, 0.005, 0.05, 0.3]),
    seed=SEEDS,
)
@settings(max_examples=300)
def test_separators_hold_for_every_rooted_plan(problem, part, creep, seed) -> None:
    assume(problem.pieces[part])
    model, plans = Model(problem), Census(problem).plans
    for values, rng in draw_all_values(model, seed):
        roots = draw_roots(model, rng)
        points = rooted_points(model, plans, part, roots)
        for row in separator_rows(model, values, part, roots, creep, VIOLATION):
            kind, of, target, wall = row.claim
            assert (kind, of) == ("separator", part)
            assert row == separator_row(model, part, target, wall)
            assert target not in wall
            assert model.landmass[target] == model.landmass[roots[0]]
            if model.is_plain:
                assert problem.weights[target] * (1 if part == 1 else -1) > 0
            assert over(row, values) >= VIOLATION - ROUNDING
            assert (over(row, points) <= 0).all()
            zone = set(behind(model, target, wall).tolist())
            assert zone.isdisjoint(roots.tolist())
            rest = as_networkx(problem).subgraph(set(range(problem.n_units)) - set(wall))
            assert zone == nx.node_connected_component(rest, target)
            if problem.pieces[part] == 1:
                assert_minimal_wall(as_networkx(problem), target, wall, set(roots.tolist()))


def test_a_separator_does_not_hold_for_a_part_without_its_root() -> None:
    path = ones(3, PATH)
    row = separator_row(Model(path), 1, 2, (1,))  # rooted at unit 0
    plan = [0, 0, 1]
    assert plan in Census(path).plans.tolist()
    assert over(row, plan) == 1


def test_a_separator_does_not_hold_for_a_part_that_may_be_torn() -> None:
    path = ones(3, PATH, pieces=(1, 0))
    row = separator_row(Model(path), 1, 2, (1,))
    plan = [1, 0, 1]
    assert plan in Census(path).plans.tolist()
    assert over(row, plan) == 1


@pytest.mark.parametrize("part", [0, 1])
def test_a_separator_without_founders_does_not_hold_for_a_part_in_two_pieces(part) -> None:
    """Rooted at one end of a path, the other end of it is a second piece, with a founder."""
    path = ones(3, PATH, pieces=(2, 2))
    plan = [1, 0, 1] if part == 1 else [0, 1, 0]
    assert plan in Census(path).plans.tolist()
    without = separator_row(Model(replace(path, pieces=(1, 1))), part, 2, (1,))
    assert over(without, plan) == 1
    model = Model(path)
    founded = columns_of(model, plan, [[0], [0]])
    assert founded[model.seed(part, 2)] == 1
    assert over(separator_row(model, part, 2, (1,)), founded) == 0


@pytest.mark.parametrize("part", [0, 1])
def test_a_founder_stands_for_nobody_who_ranks_above_it(part) -> None:
    """Of the two units behind the wall only the one that gains more may found a piece of both."""
    gains = np.zeros((4, 2), int)
    gains[:, part] = 9, 1, 3, 5
    path = Problem(gains, np.array([[0, 1], [1, 2], [2, 3]]), pieces=(2, 2))
    model, seed = Model(path), Model(path).seed
    rows = [
        separator_row(model, part, 3, (1,)),
        joint_row(model, part, (3,), ((2, 3),), entries(model, ((2, 3),))),
    ]
    both, alone = ([part, 1 - part, *last] for last in ((part, part), (1 - part, part)))
    for plan in (both, alone):
        assert plan in Census(path).plans.tolist()
        assert all(over(row, columns_of(model, plan, [[0], [0]])) <= 0 for row in rows)
    # With the lower one as founder both are broken.
    for row in rows:
        founded = columns_of(model, both, [[0], [0]])
        founded[[seed(part, 2), seed(part, 3)]] = 1, 0
        assert over(row, founded) == 1
    # For the lower one, either may be: that it is in a piece does not say who founded it.
    lower = separator_row(model, part, 2, (1,))
    assert {seed(part, 2), seed(part, 3)} <= set(lower.columns)


@given(
    problem=problems(["grid", "holed", "tree"], pieces_of_both=MANY, max_units=8),
    part=PARTS,
    seed=SEEDS,
)
@settings(max_examples=60)
def test_a_wall_is_found_wherever_one_lets_too_little_through_for_founders_of_some_rank(
    problem, part, seed
) -> None:
    """Of all walls around single units, written out one by one, none is broken by more."""
    assume(problem.pieces[part] > 1)
    model, graph = Model(problem), as_networkx(problem)
    gains = (1 if part == 1 else -1) * model.weights
    for values, rng in draw_all_values(model, seed)[:2]:
        roots = draw_roots(model, rng, 1)
        if list(separator_rows(model, values, part, roots, 0.005, VIOLATION)):
            continue
        # What creeps through, and small founders who may stand for anybody, may hide as much.
        most = VIOLATION + (0.005 + HARDLY) * problem.n_units + 0.001
        land = model.landmass == model.landmass[roots[0]]
        may_be_target = land & ((gains > 0) | (not model.is_plain))
        others = sorted(set(graph) - {*roots.tolist()})
        for zone in chain.from_iterable(combinations(others, size) for size in range(1, 8)):
            wall = set().union(*(graph[unit] for unit in zone)) - {*zone}
            if wall.isdisjoint(roots.tolist()):  # a root itself lets through whatever comes
                for unit in zone:
                    row = separator_row(model, part, unit, tuple(sorted(wall)))
                    assert not may_be_target[unit] or over(row, values)[0] <= most, row


@pytest.mark.parametrize("part", [0, 1])
def test_a_founder_within_a_wall_counts_once(part) -> None:
    """Founded in the middle of a star, one piece reaches two ends, and a third from outside."""
    gains = np.zeros((5, 2), int)
    gains[:, part] = 1, 1, 9, 1, 1
    star = Problem(gains, np.array([[0, 1], [1, 2], [2, 3], [2, 4]]), pieces=(2, 2))
    model, sets = Model(star), ((2, 3), (2, 4))
    row = joint_row(model, part, (3, 4), sets, entries(model, sets))
    terms = dict(zip(row.columns, row.coefficients, strict=True))
    # Entered from unit 1 it counts for both sets, and as a founder for no more than that.
    assert abs(terms[2]) == 2
    assert model.seed(part, 2) not in terms
    for plan in Census(star).plans.tolist():
        if plan[0] == part:
            assert over(row, columns_of(model, plan, [[0], [0]])) <= 0


def test_a_separator_does_not_hold_on_another_landmass_than_its_roots() -> None:
    problem = ones(3, [[0, 1]])
    row = separator_row(Model(problem), 1, 2, ())  # nothing parts unit 2 from the root but the sea
    plan = [1, 1, 1]
    assert plan in Census(problem).plans.tolist()
    assert over(row, plan) == 1


# Joint separators


@given(
    problem=problems(
        ["grid", "holed", "crossed", "islands"],
        ["small"],
        min_units=9,
        max_units=12,
    ),
    part=PARTS,
    creep=st.sampled_from([0.005, 0.05]),
    seed=SEEDS,
)
@settings(max_examples=200)
def test_joint_separators_hold_for_every_rooted_plan(problem, part, creep, seed) -> None:
    assume(problem.pieces[part])
    model, plans = Model(problem), Census(problem).plans
    graph = as_networkx(problem)
    for values, rng in draw_all_values(model, seed):
        roots = draw_roots(model, rng, 2)
        for row in joint_rows(model, values, part, roots, creep, 0.1):
            kind, of, targets, sets = row.claim
            assert (kind, of) == ("joint", part)
            if problem.pieces[part] == 1:
                assert over(row, values) >= 0.1 - ROUNDING
            zone = set().union(*sets)
            assert zone.isdisjoint(roots.tolist())
            assert all(target in members for target, members in zip(targets, sets, strict=True))
            assert {model.landmass[unit] for unit in targets} == {model.landmass[roots[0]]}
            # The factors follow from the sets: how many of them a unit can be entered from.
            factors = dict.fromkeys(range(problem.n_units), 0)
            for a, b in (*graph.edges, *((b, a) for a, b in graph.edges)):
                n_entered = sum(b in members and a not in members for members in sets)
                factors[b] = max(factors[b], n_entered)
            sign = 1 if part == 1 else -1
            terms = {unit: -factor for unit, factor in factors.items()}
            for target in targets:
                terms[target] += 1
            expected = {unit: sign * factor for unit, factor in terms.items() if factor}
            if problem.pieces[part] > 1:
                # Founders are entered from nowhere, and count for the sets they are in whose target
                # gains no more.
                signed = (1 if part == 1 else -1) * model.weights
                rank = list(zip(signed.tolist(), range(problem.n_units), strict=True))
                founders = Counter(factors)
                for target, members in zip(targets, sets, strict=True):
                    founders.subtract(unit for unit in members if rank[unit] >= rank[target])
                expected |= {model.seed(part, unit): n for unit, n in founders.items() if n}
            assert dict(zip(row.columns, row.coefficients, strict=True)) == expected
            # It holds for every root outside its sets, not for these alone.
            land = model.landmass == model.landmass[roots[0]]
            outside = [u for u in range(problem.n_units) if u not in zone and land[u]]
            for near in (outside, roots.tolist()):
                assert (over(row, rooted_points(model, plans, part, near)) <= 0).all()


def two_cities(part: int, pieces: tuple[int, int] = (1, 1)) -> Problem:
    """Two cities, 1 and 2, a root, 0, and between each two of them a way."""
    ways = [(0, 3), (3, 1), (0, 4), (4, 2), (1, 5), (5, 2)]
    gains = np.full((6, 2), 2)
    gains[1:3, part] = 9
    return Problem(gains, np.array(ways), pieces=pieces)


def joint_row_between(
    part: int, pieces: tuple[int, int] = (1, 1)
) -> tuple[npt.NDArray[np.float64], list[Row], list[Row]]:
    """Find joint separators where every way carries half a nation."""
    model, roots = Model(two_cities(part, pieces)), np.array([0], np.int32)
    share = np.array([1, 1, 1, 0.5, 0.5, 0.5])
    values = np.zeros(model.n_columns)
    values[:6] = share if part == 1 else 1 - share
    separators = list(separator_rows(model, values, part, roots, 1e-6, VIOLATION))
    return values, separators, list(joint_rows(model, values, part, roots, 0.05, 0.1))


@pytest.mark.parametrize("part", [0, 1])
def test_a_joint_separator_sees_what_separators_do_not(part) -> None:
    values, separators, rows = joint_row_between(part)
    assert separators == []
    assert rows
    assert max(over(row, values)[0] for row in rows) == pytest.approx(0.5)
    plans = Census(two_cities(part)).plans
    for row in rows:
        assert (over(row, plans[plans[:, 0] == part]) <= 0).all()
        assert (over(row, plans[plans[:, 0] != part]) > 0).any(), "needs the root"


@pytest.mark.parametrize("part", [0, 1])
def test_a_joint_separator_without_founders_does_not_hold_for_a_part_in_two_pieces(part) -> None:
    pieces = (0, 2) if part == 1 else (2, 0)
    problem = two_cities(part, pieces)
    plans = Census(problem).plans
    without = joint_row_between(part)[2]
    assert all((over(row, plans[plans[:, 0] == part]) > 0).any() for row in without)
    values, _, rows = joint_row_between(part, pieces)
    assert max(over(row, values)[0] for row in rows) == pytest.approx(0.5)
    for row in rows:
        points = rooted_points(Model(problem), plans, part, [0])
        assert (over(row, points) <= 0).all()
        assert (over(row, points) == 0).any(), "a founder makes up for the way that is missing"


# Chains


@given(
    problem=problems(PLANAR, pieces_of_both=LIMITED, min_units=4, max_units=10, extras=COSTLY),
    part=PARTS,
    creep=st.sampled_from([1e-9, 0.005, 0.05]),
    seed=SEEDS,
)
@settings(max_examples=300)
def test_chains_hold_for_every_rooted_plan(problem, part, creep, seed) -> None:
    model, plans = Model(problem), Census(problem).plans
    for values, rng in draw_all_values(model, seed):
        roots = draw_roots(model, rng, 2)
        points = rooted_points(model, plans, part, roots)
        for row in chain_rows(model, values, part, roots, creep, VIOLATION):
            kind, of, target, chains = row.claim
            assert (kind, of) == ("chain", part)
            assert row == chain_row(model, part, target, chains)
            assert target not in {unit for walk in chains for unit in walk}
            assert over(row, values) >= VIOLATION - ROUNDING
            assert (over(row, points) <= 0).all()


@given(
    problem=problems(min_units=3, max_units=9, extras=COSTLY),
    part=PARTS,
    seed=SEEDS,
)
@settings(max_examples=150)
def test_a_wall_may_be_strung_on_any_walks_along_edges_with_a_cost(problem, part, seed) -> None:
    """Whatever wall, however it is strung: once, twice over, or on units alone."""
    assume(problem.pieces[part])
    model, plans = Model(problem), Census(problem).plans
    rng = np.random.default_rng(seed)
    costly = {
        ends
        for (a, b), cost in zip(problem.edges.tolist(), problem.edge_costs, strict=True)
        for ends in ((a, b), (b, a))
        if cost
    }
    assume(costly)
    for _ in range(10):
        target = int(rng.integers(problem.n_units))
        chains = []
        for _ in range(rng.integers(1, 4)):
            walk = [int(rng.integers(problem.n_units))]
            for _ in range(rng.integers(6)):
                ways = sorted(b for a, b in costly if a == walk[-1] and b != target)
                if ways:
                    walk.append(int(rng.choice(ways)))
            chains.append(tuple(walk))
        wall = {unit for walk in chains for unit in walk}
        if target in wall:
            continue
        row = chain_row(model, part, target, tuple(chains))
        near = set(behind(model, target, wall).tolist())
        land = model.landmass == model.landmass[target]
        roots = [unit for unit in np.flatnonzero(land).tolist() if unit not in near]
        points = rooted_points(model, plans, part, np.array(roots, np.int32))
        assert (over(row, points) <= 0).all()


def band(part: int, cost: int, width: int = 3) -> Problem:
    """A city, 0, a root, 1, and ways of one unit each between them, all side by side."""
    ways = range(2, 2 + width + 2)
    edges = [(end, way) for way in ways for end in (0, 1)]
    edges += list(pairwise(ways))
    gains = np.zeros((len(ways) + 2, 2), int)
    gains[0, part], gains[2:, 1 - part] = 100, 1
    costs = np.full(len(edges), cost)
    return Problem(gains, np.array(sorted(edges)), pieces=(1, 1), edge_costs=costs)


@pytest.mark.parametrize("part", [0, 1])
def test_a_chain_sees_what_separators_and_cuts_do_not(part) -> None:
    """A city joined by a band: its border costs no more than a share unless chains say so."""
    problem = band(part, 5)
    model, plans = Model(problem), Census(problem).plans
    values = np.zeros(model.n_columns)
    shares = np.array([1, 1, 0, *[1 / 3] * 3, 0])
    values[:7] = shares if part == 1 else 1 - shares
    for pair, (a, b) in enumerate(problem.edges.tolist()):
        values[model.cut(pair)] = abs(values[a] - values[b])
    roots = np.array([1], np.int32)
    assert list(separator_rows(model, values, part, roots, 1e-6, VIOLATION)) == []
    assert list(cut_rows(model, values, VIOLATION)) == []
    rows = list(chain_rows(model, values, part, roots, 1e-6, VIOLATION))
    # The walk across the band is cut by a third at either end, where it should be cut twice.
    assert max(over(row, values)[0] for row in rows) == pytest.approx(2 - 2 / 3)
    for row in rows:
        held = plans[plans[:, 1] == part]
        assert (over(row, points_of(model, held)) <= 0).all()
        others = plans[plans[:, 1] != part]
        assert (over(row, points_of(model, others)) > 0).any(), "needs the root"


@pytest.mark.parametrize("part", [0, 1])
def test_a_chain_without_founders_does_not_hold_for_a_part_in_two_pieces(part) -> None:
    pieces = (1, 2) if part == 1 else (2, 1)
    one, two = band(part, 5), replace(band(part, 5), pieces=pieces)
    plans = Census(two).plans
    held = plans[plans[:, 1] == part]
    walk = ((2, 3, 4, 5, 6),)
    without, row = chain_row(Model(one), part, 0, walk), chain_row(Model(two), part, 0, walk)
    assert (over(without, points_of(Model(one), held)) > 0).any()
    points = rooted_points(Model(two), plans, part, np.array([1]))
    assert (over(row, points) <= 0).all()
    assert (over(row, points) == 0).any()


# Faces


@given(problem=problems(PLANAR, pieces_of_both=LIMITED, max_units=10, extras=PLAIN), seed=SEEDS)
@settings(max_examples=200)
def test_face_rows_hold_for_every_plan_and_take_the_widest_alternation(problem, seed) -> None:
    model, plans = Model(problem), Census(problem).plans
    most = sum(problem.pieces) - 1
    walks = [model.faces.corners[a:b] for a, b in pairwise(model.faces.start)]
    for values, _ in draw_all_values(model, seed):
        units = values[: problem.n_units]
        rows = around_faces(model, units)
        # Ups and downs around a closed walk are equal: highs exceed lows by half of both.
        ups = [np.abs(units[walk] - np.roll(units[walk], 1)).sum() / 2 for walk in walks]
        expected = [up - most for up in ups if up - most > VIOLATION]
        assert [over(row, units)[0] for row in rows] == pytest.approx(expected)
        for row in rows:
            assert row.limit == most
            assert (over(row, plans) <= 0).all()


@given(
    problem=problems(
        [*PLANAR, "islands"], pieces_of_both=LIMITED, min_units=4, max_units=11, extras=PLAIN
    ),
    part=PARTS,
    seed=SEEDS,
)
@settings(max_examples=300)
def test_no_plan_alternates_more_often_around_faces_than_pieces_behind_a_wall_allow(
    problem, part, seed
) -> None:
    """Around any of the faces, whatever units are chosen around each, and whatever the wall."""
    model, plans = Model(problem), Census(problem).plans
    rng = np.random.default_rng(seed)
    if model.faces is None or not len(plans):
        return
    walks = [model.faces.corners[a:b] for a, b in pairwise(model.faces.start)]
    graph = as_networkx(problem)
    for draw in range(8):
        # Plans themselves alternate around the faces where their pieces meet.
        whole = plans[rng.integers(len(plans))] if draw % 2 else rng.integers(0, 2, model.n_units)
        share = whole.astype(float) if part == 1 else 1.0 - whole
        roots = draw_roots(model, rng, 2)
        land = model.landmass[roots[0]]
        taken = [
            (walk, sequence)
            for walk in walks
            if model.landmass[walk[0]] == land and rng.random() < 0.8
            if len(sequence := largest_alternation(walk, share)) >= 2
        ]
        if taken:
            some = rng.permutation(model.n_units)[: rng.integers(0, model.n_units)]
            wall = tuple(sorted({*some.tolist(), *roots.tolist()}))
            row = zone_row(model, part, taken, wall)
            assert (over(row, rooted_points(model, plans, part, roots)) <= 0).all()
            assert read_row(model, row.claim) == row
            sides = [np.array([], np.int32)] * 2
            sides[part] = roots
            assert family_of("zone").holds(model, row, tuple(sides))
            # Where a root is behind the wall, its piece need neither pass it nor have a founder.
            held = {unit for _, sequence in taken for unit in sequence[::2]} - {*wall}
            open_ = graph.subgraph(set(graph) - {*wall})
            behind = set().union(*(nx.node_connected_component(open_, unit) for unit in held))
            for unit in behind:
                sides[part] = np.array([*roots, unit], np.int32)
                assert not family_of("zone").holds(model, row, tuple(sides))


@given(
    problem=problems(PLANAR, pieces_of_both=MANY, min_units=5, max_units=8, extras=PLAIN),
    part=PARTS,
    seed=SEEDS,
)
@settings(max_examples=100)
def test_a_wall_around_a_face_is_found_wherever_one_lets_too_little_through(
    problem, part, seed
) -> None:
    """Of all zones around single faces, written out one by one, none is broken by more."""
    assume(problem.pieces[part] > 1)
    model = Model(problem)
    rng = np.random.default_rng(seed)
    walks = [model.faces.corners[a:b] for a, b in pairwise(model.faces.start)]
    graph = as_networkx(problem)
    for values, _ in draw_all_values(model, seed)[:2]:
        roots = draw_roots(model, rng, 1)
        share, first = shares(values, model, part), model.seed(part, 0)
        # As many founders as there may be, so that others than those behind a wall say as much.
        founders = values[first : first + problem.n_units]
        founders += 1e-6
        founders *= (problem.pieces[part] - 1) / founders.sum()
        rows = list(zone_rows(model, values, part, roots, VIOLATION))
        assert all(over(row, values)[0] > VIOLATION for row in rows)
        around = [
            (walk, sequence)
            for walk in walks
            if model.landmass[walk[0]] == model.landmass[roots[0]]
            if len(sequence := largest_alternation(walk, share)) >= 4
            if share[list(sequence[::2])].sum() - share[list(sequence[1::2])].sum() > LEAST
        ]
        if rows or len(around) > MOST_FACES:
            continue
        # What walls and zones cost more, so that they are small, may hide as much.
        most = VIOLATION + 0.01 * problem.n_units + 0.001
        for one in around:
            for wall in walls(graph, roots.tolist()):
                assert over(zone_row(model, part, [one], wall), values)[0] <= most


def walls(graph: nx.Graph, roots: list[int]) -> Iterator[tuple[int, ...]]:
    """List all walls that no root is behind."""
    others = sorted(set(graph) - {*roots})
    for size in range(len(others) + 1):
        for zone in combinations(others, size):
            yield tuple(sorted(set(graph) - {*zone}))


def test_pieces_meet_at_as_many_corners_as_there_are_pieces_beyond_two() -> None:
    """A row of squares, two high and blue at every second place, each beside the next one."""
    n_pieces, width = 4, 8
    plan = np.array([[(x + y) % 2 for x in range(width)] for y in range(2)])
    number = np.arange(2 * width).reshape(2, width)
    edges = [*zip(number[0], number[1], strict=True)]
    edges += [pair for line in number for pair in pairwise(line)]
    gains = np.ones((2 * width, 2), int)
    problem = Problem(gains, np.array(edges), pieces=(n_pieces, n_pieces))
    model = Model(problem)
    walks = [model.faces.corners[a:b] for a, b in pairwise(model.faces.start)]
    assert len(walks) == width  # between squares, and around all of them
    units = plan.ravel().astype(float)
    taken = [(walk, largest_alternation(walk, units)) for walk in walks]
    wall = tuple(np.flatnonzero(units == 1).tolist())  # nothing but the pieces themselves
    row = zone_row(model, 1, taken, wall)
    # So many pieces of part 1 pass it; no two squares of a colour touch, but for their corners.
    point = np.zeros(model.n_columns)
    point[: 2 * width] = units
    assert over(row, point)[0] == width - n_pieces
    one = zone_row(model, 1, taken, ())  # where all of part 1 has one founder
    point[model.seed(1, int(units.argmax()))] = 1
    n_regions = 2 * width
    # Nothing lies outside, so that all pieces that there may be may have their founders here.
    assert over(one, point)[0] == n_regions - 2 - (n_pieces - 1 + n_pieces - 2)
    halves = np.repeat([[1, 0], [1, 0]], width // 2, axis=1).ravel().astype(float)
    assert over(one, columns_of(model, halves.astype(int)))[0] <= 0
    dart = row.claim[2][0][0]
    for wrong in (
        (),
        (((0, 1), (0, 1)), ((0, 1), (0, 1))),
        (((0, 1), (0,)),),
        (((0, width - 1), (0, 1)),),
        ((dart,),),
        5,
    ):
        with pytest.raises(ClaimError):
            read_row(model, ("zone", 1, wrong, ()))


@given(problem=problems(PLANAR, pieces_of_both=LIMITED, max_units=10), seed=SEEDS)
@settings(max_examples=300)
def test_turns_hold_for_every_plan_and_say_what_all_alternations_say(problem, seed) -> None:
    model, points = Model(problem), points_of(Model(problem), Census(problem).plans)
    assume(model.has_cuts)
    most = sum(problem.pieces) - 1
    walks = [model.faces.corners[a:b] for a, b in pairwise(model.faces.start)]
    for values, _ in draw_all_values(model, seed):
        units = values[: problem.n_units]
        for pair, (a, b, _) in enumerate(costly_pairs(problem)):
            values[model.cut(pair)] = abs(units[a] - units[b])
        rows = around_faces(model, units)
        changes = [np.abs(units[walk] - np.roll(units[walk], 1)).sum() for walk in walks]
        expected = [one - 2 * most for one in changes if one - 2 * most > 2 * VIOLATION]
        assert [over(row, values)[0] for row in rows] == pytest.approx(expected)
        for row in rows:
            assert row.kind == "turn"
            assert (over(row, points) <= 0).all()


@given(
    problem=problems(PLANAR, pieces_of_both=LIMITED, min_units=4, max_units=10, extras=PLAIN),
    seed=SEEDS,
)
@settings(max_examples=200)
def test_no_plan_alternates_around_a_face_more_often_than_its_pieces_allow(problem, seed) -> None:
    """Whatever is chosen around the walk, not only what a point violates."""
    model, plans = Model(problem), Census(problem).plans
    rng, most = np.random.default_rng(seed), sum(problem.pieces) - 1
    for a, b in pairwise(model.faces.start):
        walk = model.faces.corners[a:b]
        for _ in range(4):
            row = alternation_row(walk, rng.integers(0, 2, problem.n_units).astype(float), most)
            if row is not None:
                assert (over(row, plans) <= 0).all()


@given(heights=st.lists(st.integers(0, 4), min_size=4, max_size=9), most=st.integers(1, 3))
def test_no_alternation_around_a_walk_exceeds_the_one_taken(heights, most) -> None:
    walk, values = np.arange(len(heights), dtype=np.int32), np.array(heights) / 4
    row = alternation_row(walk, values, most)
    widest = 0.0  # by dynamic programming over alternating choices, the first of them a high
    for first in range(len(heights)):
        turned = np.roll(values, -first)
        after_high, after_low = turned[0], -np.inf
        for value in turned[1:]:
            after_high, after_low = (
                max(after_high, after_low + value),
                max(after_low, after_high - value),
            )
        widest = max(widest, after_low)
    if row is None:
        assert widest <= most
    else:
        assert over(row, values)[0] == widest - most


def wheel(pieces: tuple[int, int] = (1, 1)) -> Problem:
    """A hub, unit 4, inside a square: planar, the square is a face."""
    square = [[0, 1], [1, 2], [2, 3], [0, 3]]
    spokes = [[unit, 4] for unit in range(4)]
    return Problem(np.ones((5, 2), int), np.array(square + spokes), pieces=pieces)


CROSSING = np.array([1, 0, 1, 0, 1])
"""Alternates around the square 0, 1, 2, 3; part 0 is in two pieces, 1 and 3."""


def inequality(row: Row) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """Tell a row without where on the face its claim begins."""
    return row.columns, row.coefficients, row.limit


def crossing_row(most: int) -> Row | None:
    return alternation_row(np.arange(4, dtype=np.int32), CROSSING.astype(float), most)


@pytest.mark.parametrize("pieces", [(0, 1), (0, 0), (2, 1), (3, 1)])
def test_a_face_row_would_cut_off_a_plan_with_a_part_that_may_be_torn(pieces) -> None:
    problem = wheel(pieces)
    assert CROSSING.tolist() in Census(problem).plans.tolist()
    assert over(crossing_row(1), CROSSING) == 1
    assert list(alternation_rows(Model(problem), CROSSING.astype(float), VIOLATION)) == []


def test_the_same_face_row_holds_where_both_parts_are_contiguous() -> None:
    row = crossing_row(1)
    assert CROSSING.tolist() not in Census(wheel()).plans.tolist()
    assert (over(row, Census(wheel()).plans) <= 0).all()
    found = list(alternation_rows(Model(wheel()), CROSSING.astype(float), VIOLATION))
    assert [inequality(one) for one in found] == [inequality(row)]


def test_a_turn_would_cut_off_a_plan_with_a_part_that_may_be_torn() -> None:
    broken_by = []
    for pieces in ((1, 1), (2, 1)):
        model = Model(replace(wheel(pieces), edge_costs=np.ones(8, np.int64)))
        row = turn_row(model, np.arange(4, dtype=np.int32), (0, 0, 0, 0))
        broken_by.append(over(row, columns_of(model, CROSSING, NOBODY))[0])
    assert broken_by == [2, 0]
    assert around_faces(model, CROSSING.astype(float)) == []


def test_two_and_one_pieces_cross_a_face_twice_but_never_thrice() -> None:
    """A hub inside a hexagon: three pieces at its corners and one inside cross it thrice."""
    rim = [[unit, (unit + 1) % 6] for unit in range(6)]
    edges = np.array([*rim, *([unit, 6] for unit in range(6))])
    crossing = np.array([0, 1, 0, 1, 0, 1, 1])
    row = alternation_row(np.arange(6, dtype=np.int32), crossing.astype(float), 2)
    for pieces, is_plan in (((2, 1), False), ((3, 1), True)):
        problem = Problem(np.ones((7, 2), int), edges, pieces=pieces)
        plans = Census(problem).plans
        assert (crossing.tolist() in plans.tolist()) == is_plan
        assert (over(row, plans) <= 0).all() != is_plan
        found = list(alternation_rows(Model(problem), crossing.astype(float), VIOLATION))
        assert [inequality(one) for one in found] == ([] if is_plan else [inequality(row)])
    problem = Problem(np.ones((7, 2), int), edges, pieces=(2, 1))
    assert (over(row, Census(problem).plans) == 0).any(), "and the limit is met"


@pytest.mark.parametrize(
    ("graph", "walk"),
    [
        (nx.complete_graph(5), [0, 1, 2, 3]),
        (nx.complete_bipartite_graph(3, 3), [0, 3, 1, 4]),  # 0, 1 meet at 5 and 3, 4 meet at 2
    ],
)
def test_a_face_row_would_cut_off_a_plan_of_a_graph_that_is_not_planar(graph, walk) -> None:
    problem = Problem(np.ones((len(graph), 2), int), np.array(graph.edges))
    crossing = np.zeros(len(graph))
    crossing[walk[::2]] = 1.0
    row = alternation_row(np.array(walk, np.int32), crossing, 1)
    plans = Census(problem).plans
    crossed = plans[over(row, plans) > 0]
    assert len(crossed) > 0
    for plan in crossed:
        assert list(alternation_rows(Model(problem), plan.astype(float), VIOLATION)) == []


# Leaves


@given(problem=problems(max_units=9, extras={"groups"}), seed=SEEDS)
@settings(max_examples=300)
def test_leaf_rows_hold_for_every_optimal_plan(problem, seed) -> None:
    model, best = Model(problem), Census(problem).optimal_plans
    for values, _ in draw_all_values(model, seed):
        for row in leaf_rows(model, values, VIOLATION):
            _, part, unit = row.claim
            assert part == (1 if problem.weights[unit] < 0 else 0)
            assert row == leaf_row(model, unit, part)
            assert over(row, values) > VIOLATION - ROUNDING
            assert (over(row, best) <= 0).all()


@given(problem=problems(max_units=9), seed=SEEDS)
@settings(max_examples=200)
def test_leaf_rows_are_sought_exactly_where_they_hold(problem, seed) -> None:
    model = Model(problem)
    values = draw_values(model, np.random.default_rng(seed))
    found = {row.claim[2] for row in leaf_rows(model, values, VIOLATION)}
    if problem.edge_costs.any() or problem.link_costs.any() or problem.budgets:
        assert not found
        return
    graph, least, most = as_networkx(problem), set(), set()
    labels = problem.groups.tolist()
    for unit, weight in enumerate(problem.weights.tolist()):
        if problem.fixed[unit] != FREE or graph.degree[unit] < 2 or weight == 0:
            continue
        if labels[unit] >= 0:
            continue
        share = values if weight < 0 else 1 - values  # of the part in which the unit loses
        beyond = 2 * share[unit] - sum(share[near] for near in graph[unit]) - VIOLATION
        most |= {unit} if beyond > -ROUNDING else set()
        least |= {unit} if beyond > ROUNDING else set()
    assert least <= found <= most


def leaf(**more: Any) -> Problem:
    """A path: unit 1 loses a little in part 1; unit 0 gains there, unit 2 does not."""
    return Problem(np.array([[0, 5], [1, 0], [9, 0]]), np.array(PATH), **more)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"edge_costs": np.array([8, 2])}, "an edge of cost 8 is saved"),
        ({"links": np.array([[0, 1]]), "link_costs": np.array([2])}, "or a link of cost 2"),
        ({"budgets": (Budget(np.array([1, 1, 1]), lower=2),)}, "part 1 must hold two units"),
        ({"budgets": (Budget(np.ones(3, int), lower=2, price=2),)}, "or pay for it"),
        ({"fixed": np.array([FREE, 1, FREE])}, "fixed: it may not change sides"),
        ({"groups": np.array([4, 4, -1])}, "tied to a unit that gains more"),
    ],
)
def test_a_leaf_row_would_cut_off_every_optimal_plan(change, why) -> None:
    plain, problem = Model(leaf()), leaf(**change)
    row = leaf_row(plain, 1, 1)
    assert (over(row, Census(leaf()).optimal_plans) <= 0).all()
    best = Census(problem).optimal_plans
    assert best.tolist() == [[1, 1, 0]], why
    assert (over(row, best) > 0).all(), why
    model = Model(problem)
    for plan in best:
        values = columns_of(model, plan, NOBODY).astype(float)
        assert 1 not in {row.claim[2] for row in leaf_rows(model, values, VIOLATION)}


def test_a_leaf_row_of_a_unit_with_one_neighbour_would_cut_off_every_optimal_plan() -> None:
    """Its part has no other way: it is the end of the path."""
    problem = Problem(np.array([[0, -1], [0, 5], [0, -9]]), np.array(PATH))
    model, best = Model(problem), Census(problem).optimal_plans
    assert best.tolist() == [[1, 1, 0]]
    assert (over(leaf_row(model, 0, 1), best) > 0).all()
    assert 0 not in {row.claim[2] for row in leaf_rows(model, best[0].astype(float), VIOLATION)}


def test_a_leaf_row_of_a_unit_that_gains_would_cut_off_every_optimal_plan() -> None:
    problem = Problem(np.array([[0, 5], [0, 1], [9, 0]]), np.array(PATH))
    model, best = Model(problem), Census(problem).optimal_plans
    assert best.tolist() == [[1, 1, 0]]
    assert (over(leaf_row(model, 1, 1), best) > 0).all()
    assert list(leaf_rows(model, best[0].astype(float), VIOLATION)) == []


def test_a_leaf_row_cuts_off_plans_that_are_not_optimal() -> None:
    row = leaf_row(Model(leaf()), 1, 1)
    plan = [1, 1, 0]
    assert plan in Census(leaf()).plans.tolist()
    assert over(row, plan) > 0


def test_a_unit_that_gains_nothing_has_no_leaf_row() -> None:
    problem = Problem(np.array([[0, 5], [0, 0], [9, 0]]), np.array(PATH))
    model = Model(problem)
    for values in ([1, 1, 0], [1, 0, 0]):
        rows = leaf_rows(model, np.array(values, float), VIOLATION)
        assert 1 not in {row.claim[2] for row in rows}


# Apart


@given(problem=problems(min_units=3, max_units=9), part=PARTS, seed=SEEDS)
@settings(max_examples=300)
def test_apart_rows_hold_for_every_plan(problem, part, seed) -> None:
    most = problem.pieces[part]
    assume(most)
    model, points = Model(problem), points_of(Model(problem), Census(problem).plans)
    rng, graph = np.random.default_rng(seed), as_networkx(problem)
    for land in nx.connected_components(graph):
        for _ in range(6):
            wall = {unit for unit in land if rng.random() < 0.4}
            parts = list(nx.connected_components(graph.subgraph(land - wall)))
            if len(parts) <= most:
                continue
            chosen = rng.permutation(len(parts))[: most + 1].tolist()
            units = tuple(int(rng.choice(sorted(parts[number]))) for number in chosen)
            row = apart_row(model, part, units, tuple(sorted(wall)))
            assert (over(row, points) <= 0).all()


def test_an_apart_row_of_two_units_does_not_hold_for_two_pieces() -> None:
    row = apart_row(Model(ones(3, PATH)), 1, (0, 2), (1,))
    plan = [1, 0, 1]
    assert plan not in Census(ones(3, PATH)).plans.tolist()
    assert plan in Census(ones(3, PATH, pieces=(1, 2))).plans.tolist()
    assert over(row, plan) == 1


def test_an_apart_row_does_not_hold_across_landmasses() -> None:
    problem = ones(3, [[0, 1]])
    assert [1, 1, 1] in Census(problem).plans.tolist()
    assert over(apart_row(Model(problem), 1, (0, 2), ()), [1, 1, 1]) == 1


def test_an_apart_row_does_not_hold_for_units_that_are_joined_around_the_wall() -> None:
    square = ones(4, [[0, 1], [1, 2], [2, 3], [0, 3]])
    row = apart_row(Model(square), 1, (0, 2), (1,))  # unit 3 is missing in the wall
    assert [1, 0, 1, 1] in Census(square).plans.tolist()
    assert over(row, [1, 0, 1, 1]) == 1


# Founders


@given(problem=problems(min_units=2, max_units=9), part=PARTS, seed=SEEDS)
@settings(max_examples=300)
def test_rows_of_founders_hold_for_every_rooted_plan(problem, part, seed) -> None:
    model, plans = Model(problem), Census(problem).plans
    rng = np.random.default_rng(seed)
    values = draw_values(model, rng)
    if problem.pieces[part] < 2:
        assert found_rows(model, values, part) == []
        return
    roots = draw_roots(model, rng)
    points = rooted_points(model, plans, part, roots)
    rows = found_rows(model, values, part)
    for row in rows:
        assert over(row, values) > VIOLATION - ROUNDING
        assert (over(row, points) <= 0).all()
    assert (over(seeds_row(model, part), points) <= 0).all()
    # None is missed: a founder outside its part, or beside a unit of it that ranks higher.
    share = values if part == 1 else 1 - values
    graph, gains = as_networkx(problem), problem.gains[:, part] - problem.gains[:, 1 - part]
    expected = set()
    for unit in range(problem.n_units):
        founder = values[model.seed(part, unit)]
        if founder - share[unit] > VIOLATION:
            expected.add(("seed", part, unit))
        for near in graph[unit]:
            is_above = (gains[near], near) > (gains[unit], unit)
            if is_above and founder > VIOLATION and founder + share[near] - 1 > VIOLATION:
                expected.add(("peak", part, unit, near))
    assert {row.claim for row in rows} == expected


def test_a_row_of_seeds_does_not_hold_for_a_part_without_a_root() -> None:
    """Two pieces, neither with a root: both have founders, but one is all the row allows."""
    problem = ones(3, PATH, pieces=(1, 2))
    model, plan = Model(problem), [1, 0, 1]
    assert plan in Census(problem).plans.tolist()
    row = seeds_row(model, 1)
    assert over(row, columns_of(model, plan, [None, [0]])) == 0
    assert over(row, columns_of(model, plan, [None, [1]])) == 1


def test_a_row_of_seeds_does_not_hold_for_a_part_of_one_piece_more() -> None:
    edges = [[i, i + 1] for i in range(4)]
    plan = [1, 0, 1, 0, 1]
    assert plan in Census(ones(5, edges, pieces=(0, 3))).plans.tolist()
    model = Model(ones(5, edges, pieces=(0, 2)))
    assert plan not in Census(model.problem).plans.tolist()
    assert over(seeds_row(model, 1), columns_of(model, plan, [None, [0]])) == 1


@pytest.mark.parametrize("part", [0, 1])
def test_a_peak_row_does_not_hold_for_a_neighbour_that_ranks_below(part) -> None:
    """The founder of a piece may have neighbours in it: those that gain less."""
    gains = np.zeros((4, 2), int)
    gains[:, part] = 9, 1, 3, 5
    path = Problem(gains, np.array([[0, 1], [1, 2], [2, 3]]), pieces=(2, 2))
    model = Model(path)
    plan = [part, 1 - part, part, part]
    assert plan in Census(path).plans.tolist()
    assert model.ranks[part][3] > model.ranks[part][2]
    point = columns_of(model, plan, [[0], [0]])
    values = point.astype(float)
    assert values[model.seed(part, 3)] == 1
    assert found_rows(model, values, part) == []
    # Named the other way round, it would forbid the founder its piece.
    share = point[2] if part == 1 else 1 - point[2]
    assert point[model.seed(part, 3)] + share == 2
    # And founded by the wrong unit of the piece, the point is cut off.
    values[[model.seed(part, 3), model.seed(part, 2)]] = 0, 1
    assert [row.claim for row in found_rows(model, values, part)] == [("peak", part, 2, 3)]


# Cuts, ties and budgets


@given(problem=problems(max_units=9), seed=SEEDS)
@settings(max_examples=200)
def test_cut_rows_hold_for_every_plan_and_none_is_missed(problem, seed) -> None:
    model, points = Model(problem), points_of(Model(problem), Census(problem).plans)
    values = draw_values(model, np.random.default_rng(seed))
    rows = list(cut_rows(model, values, VIOLATION))
    expected = set()
    limited = {(a, b) for one in problem.budgets for a, b in one.pairs.tolist()}
    for pair, (a, b, cost) in enumerate(costly_pairs(problem)):
        is_first = (a, b) not in [one[:2] for one in costly_pairs(problem)[:pair]]
        if cost or ((a, b) in limited and is_first):
            over_it, cut = values[a] - values[b], values[model.cut(pair)]
            if abs(over_it) - cut > VIOLATION:
                expected.add(("cut", pair, 0 if over_it > 0 else 1))
            if cut - (values[a] + values[b]) > VIOLATION:
                expected.add(("cut", pair, 2))
            if cut - (2 - values[a] - values[b]) > VIOLATION:
                expected.add(("cut", pair, 3))
    assert {row.claim for row in rows} == expected
    for row in rows:
        assert row == cut_row(model, *row.claim[1:])
        assert over(row, values) > VIOLATION - ROUNDING
        assert (over(row, points) <= 0).all()


def test_cut_rows_leave_a_cut_no_other_value_than_its_own() -> None:
    model = Model(ones(2, [[0, 1]], edge_costs=np.array([1])))
    for first, second, cut in product((0, 1), repeat=3):
        point = np.array([first, second, cut])
        is_broken = any(over(cut_row(model, 0, way), point) > 0 for way in range(4))
        assert is_broken == (cut != abs(first - second))


def test_a_cut_row_does_not_hold_for_another_edge_than_its_variables() -> None:
    problem = ones(3, PATH, edge_costs=np.array([1, 1]))
    model = Model(problem)
    point = columns_of(model, [1, 1, 0], NOBODY)
    assert over(cut_row(model, 1, 0), point) == 0
    point[[model.cut(0), model.cut(1)]] = point[[model.cut(1), model.cut(0)]]
    assert over(cut_row(model, 1, 0), point) == 1


@given(problem=problems(max_units=7))
@settings(max_examples=300)
def test_ties_and_budgets_say_exactly_what_the_problem_says(problem) -> None:
    """Every whole point that meets the rows keeps groups together and pays for what it misses."""
    model, census = Model(problem), Census(problem)
    rows = [*tie_rows(model), *budget_rows(model)]
    groups = {}
    for unit, label in enumerate(problem.groups.tolist()):
        groups.setdefault(label, []).append(unit)
    groups.pop(-1, None)
    for assignment in census.bits:
        point = columns_of(model, assignment, NOBODY)
        is_whole = all(len(set(assignment[members].tolist())) == 1 for members in groups.values())
        is_met = not any(
            excess(budget, assignment.tolist())
            for budget in problem.budgets
            if budget.price is None
        )
        assert all(over(row, point)[0] <= 0 for row in rows) == (is_whole and is_met)
        for number, budget in enumerate(problem.budgets):
            missed = excess(budget, assignment.tolist())
            if budget.price is not None and missed:
                point[model.over(number)] = missed - 1
                assert any(
                    over(row, point)[0] > 0 for row in rows if row.claim[:2] == ("budget", number)
                )
                point[model.over(number)] = missed


def test_a_tie_does_not_hold_for_units_of_two_groups() -> None:
    tied = Model(ones(3, PATH, groups=np.array([1, -1, 1])))
    apart = ones(3, PATH, groups=np.array([1, -1, 2]))
    row = next(tie_rows(tied))
    assert row.claim == ("tie", 0, 0)
    assert [1, 1, 0] in Census(apart).plans.tolist()
    assert over(row, [1, 1, 0]) == 1


def test_a_budget_that_may_not_be_missed_does_not_hold_for_one_with_a_price() -> None:
    budget = Budget(np.array([1, 1, 1]), upper=1)
    row = next(budget_rows(Model(ones(3, PATH, budgets=(budget,)))))
    assert row.claim == ("budget", 0, 1)
    priced = ones(3, PATH, budgets=(replace(budget, price=0),))
    assert Census(priced).optimal_plans.tolist() == [[1, 1, 1]]
    assert over(row, [1, 1, 1]) == 2
    model = Model(priced)
    assert over(next(budget_rows(model)), columns_of(model, [1, 1, 1], NOBODY)) == 0
