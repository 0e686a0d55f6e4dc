"""The families of rows that hold for every plan, and when each of them is valid.

Every row reads ``sum(coefficients * variables) <= limit`` and states a claim from which anybody
can derive it anew; the claims are what a certificate holds. Below, *z* is a unit's share in the
part that the row speaks of: ``x`` for part 1 and ``1 - x`` for part 0; *k* is the most pieces that
the part may have, and *r* marks the founders of further pieces where *k* is 2 or more.

separator
    ``z[a] <= sum(z[S]) + sum(r[W])`` where the units *S* separate *a*, and all units *W* on its
    side, from every root of the part: needs *k* >= 1 and at least one of the roots in the part. A
    piece that reaches *a* crosses *S*, or has its founder in *W*. For *k* = 1 this is the
    node-separator inequality of the maximum-weight connected subgraph polytope [1]_.
joint
    ``sum(z[a_i]) <= sum(u_v * z[v]) + sum(r[W_i])`` for several units *a_i* in sets *W_i* at once;
    needs the same as separators; see :mod:`solvers.rows.joint_separation`.
chain
    ``2 z[a] <= sum(z[first] + z[last] + sum(y[edges])) + 2 sum(r[W])``, summed over chains: walks
    along edges with a cost whose units together separate *a*, and all units *W* on its side, from
    every root; needs the same as separators; see :mod:`solvers.rows.chain_separation`.
face
    ``x[a1] - x[b1] + x[a2] - x[b2] + ... <= k_0 + k_1 - 1`` for units that alternate around a
    face: needs a planar graph and both parts limited. Pieces of both parts that alternate around a
    face cannot cross outside it. (Summed over the best alternation it says that the colours change
    at most ``2 (k_0 + k_1 - 1)`` times around the face.)
turn
    ``sum(y[edges]) <= 2 (k_0 + k_1 - 1)`` for the edges around a face, with ``x[i] - x[j]`` or its
    negative for an edge without a cost: what all alternations around the face say at once; needs
    the same as they.
leaf
    ``2 z[a] <= sum(z[neighbours of a])`` where *a* loses in the part: needs *a* free, tied to
    nobody and with two neighbours or more, and neither costs nor budgets. Where *a* hangs on
    its part by one neighbour only, or by none, it would better change sides, which tears nothing.
    The rows hold for every optimal plan, not for every plan.
apart
    ``sum(z[a_0], ..., z[a_k]) <= k + sum(z[S])`` for *k* + 1 units of one landmass that *S*
    separates from each other: needs *k* >= 1 and nothing else.
cut
    ``x[i] - x[j] <= y[i, j]`` and its mirror, ``y[i, j] <= x[i] + x[j]`` and its mirror define the
    variable of an edge or link with a cost: 1 where it is cut, otherwise 0.
tie
    ``x[i] <= x[j]`` and its mirror hold for two units of one group.
budget
    ``sum(amounts * x) - s <= upper`` and ``-sum(amounts * x) - s <= -lower``.
seeds
    ``sum(r) <= k - 1``: needs a root in the part, whose own piece has no founder.
seed, peak
    ``r[u] <= z[u]``, and ``r[u] + z[v] <= 1`` for neighbours where *v* ranks above *u*: the founder
    of a piece is the unit that gains most in it.

References
----------
.. [1] E. Alvarez-Miranda, I. Ljubic, P. Mutzel, "The maximum weight connected subgraph problem",
   Facets of Combinatorial Optimization, Springer 2013, doi:10.1007/978-3-642-38189-8_11
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.graphs.graph import Graph
from solvers.model import Model
from solvers.problem import FREE
from solvers.rows.chain_separation import find_chains
from solvers.rows.joint_separation import find_joint_separators, find_targets
from solvers.rows.separation import find_separators

Values = npt.NDArray[np.float64]
Units = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One linear inequality, and the claim that makes it valid.

    Parameters
    ----------
    claim
        Kind and arguments, as a certificate states them: nested tuples of whole numbers.
    columns, coefficients, limit
        The inequality ``sum(coefficients * variables[columns]) <= limit``.
    """

    claim: tuple[Any, ...]
    columns: tuple[int, ...]
    coefficients: tuple[int, ...]
    limit: int
    _hash: int = field(init=False)
    _zone: int | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(self.claim))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and self.claim == other.claim

    def __hash__(self) -> int:
        return self._hash

    @property
    def kind(self) -> str:
        """Family of the row."""
        kind: str = self.claim[0]
        return kind

    def zone(self, model: Model) -> int:
        """Mark, as bits, the units that may not be among the roots: behind a wall, or in a set."""
        if self._zone is None:
            model.stop.check()
            kind, _, place, beyond = self.claim
            is_in = np.zeros(model.n_units, np.bool_)
            if kind == "separator":
                is_in[behind(model, place, beyond)] = True
            elif kind == "chain":
                is_in[behind(model, place, chain.from_iterable(beyond))] = True
            else:
                is_in[[unit for members in beyond for unit in members]] = True
            bits = np.packbits(is_in, bitorder="little").tobytes()
            zone = int.from_bytes(bits, "little")
            object.__setattr__(self, "_zone", zone)
            return zone
        return self._zone

    def excess(self, values: Values) -> float:
        """By how much values of the variables break the row."""
        held = float(values[list(self.columns)] @ np.array(self.coefficients, float))
        return held - self.limit


def _row(claim: tuple[Any, ...], part: int, terms: dict[int, int], limit: int, n_units: int) -> Row:
    """Write a row that is stated in shares of a part; `terms` maps variables to factors."""
    kept = sorted((column, factor) for column, factor in terms.items() if factor)
    if part == 0:
        limit -= sum(factor for column, factor in kept if column < n_units)
        kept = [(column, -factor if column < n_units else factor) for column, factor in kept]
    columns = tuple(column for column, _ in kept)
    return Row(claim, columns, tuple(factor for _, factor in kept), limit)


def _shares(values: Values, model: Model, part: int) -> Values:
    units = values[: model.n_units]
    return units if part == 1 else 1.0 - units


def _worth(model: Model, part: int) -> npt.NDArray[np.int64]:
    """Weigh units as targets: by their gain in a part, or all alike where more than that counts."""
    if not model.is_plain:
        return np.ones(model.n_units, np.int64)
    return model.weights if part == 1 else -model.weights


class Sources(NamedTuple):
    """Where a unit of a part can be connected to, as a flow sees it; arrays by vertex."""

    graph: Graph
    share: Values
    roots: Units
    worth: npt.NDArray[np.int64]
    creep: Values


def _sources(model: Model, values: Values, part: int, roots: Units, creep: float) -> Sources:
    """Lead to the roots of a part and, where it may have several pieces, to their founders."""
    n_units = model.n_units
    on = model.landmass == model.landmass[roots[0]]
    share = np.where(on, _shares(values, model, part), 0.0)
    worth = np.where(on, _worth(model, part), 0)
    if model.pieces[part] == 1:
        return Sources(model.graph, share, roots, worth, np.full(n_units, creep))
    first = model.seed(part, 0)
    return Sources(
        model.drained,
        np.concatenate([share, values[first : first + n_units], [1.0]]),
        np.append(roots, 2 * n_units).astype(np.int32),
        np.concatenate([worth, np.zeros(n_units + 1, np.int64)]),
        # Every unit has a drain, however little comes through it.
        np.repeat([creep, 1e-6, creep], [n_units, n_units, 1]),
    )


def separator_rows(
    model: Model, values: Values, part: int, roots: Units, creep: float, violation: float
) -> Iterator[Row]:
    """Yield violated separator rows of one part, rooted at units of which it holds one at least."""
    graph, share, sources, worth, creeps = _sources(model, values, part, roots, creep)
    found = find_separators(
        graph, share, sources, worth, creep=creeps, violation=violation, stop=model.stop
    )
    for number, unit in enumerate(found.units.tolist()):
        model.stop.check()
        members = found.members[found.start[number] : found.start[number + 1]]
        wall = tuple(sorted(members[members < model.n_units].tolist()))
        if unit < model.n_units:
            yield separator_row(model, part, unit, wall)


def behind(model: Model, unit: int, wall: Iterable[int]) -> npt.NDArray[np.intp]:
    """List the units that a wall leaves connected to a unit, itself included, ascending."""
    is_wall = np.zeros(model.n_units, np.int8)
    is_wall[list(wall)] = 1
    piece = model.graph.label(is_wall)
    return np.flatnonzero((piece == piece[unit]) & (is_wall == 0))


def separator_row(model: Model, part: int, unit: int, wall: tuple[int, ...]) -> Row:
    """Write the separator row of a unit behind a wall."""
    terms = dict.fromkeys(wall, -1) | {unit: 1}
    if model.pieces[part] > 1:
        terms |= {model.seed(part, int(one)): -1 for one in behind(model, unit, wall)}
    return _row(("separator", part, unit, wall), part, terms, 0, model.n_units)


def joint_rows(
    model: Model, values: Values, part: int, roots: Units, creep: float, violation: float
) -> Iterator[Row]:
    """Yield violated joint separators of one part, rooted as in :func:`separator_rows`.

    They are sought with the ways to founders, which rows count in another way: of a part that may
    have several pieces, some may turn out to be met.
    """
    graph, share, sources, worth, creeps = _sources(model, values, part, roots, creep)
    n_units = model.n_units
    for found in find_joint_separators(
        graph, share, sources, worth, creep=creeps, violation=violation, stop=model.stop
    ):
        for number in range(len(found.start) - 1):
            model.stop.check()
            span = slice(found.target_start[number], found.target_start[number + 1])
            targets = found.targets[span]
            span = slice(found.zone_start[number], found.zone_start[number + 1])
            is_unit = found.zones[span] < n_units
            zones, masks = found.zones[span][is_unit], found.masks[span][is_unit]
            sets = tuple(
                tuple(sorted(zones[(masks >> index) & 1 == 1].tolist()))
                for index in range(len(targets))
            )
            if model.pieces[part] == 1:
                span = slice(found.start[number], found.start[number + 1])
                columns, factors = found.columns[span].tolist(), found.factors[span].tolist()
                factor_of = dict(zip(columns, factors, strict=True))
            else:  # those found count the ways to founders as well
                factor_of = _entries(model, sets)
            if (targets < n_units).all():
                yield joint_row(model, part, tuple(targets.tolist()), sets, factor_of)


def _entries(model: Model, sets: tuple[tuple[int, ...], ...]) -> dict[int, int]:
    """Count for each unit how many of the sets it can be entered from a neighbour at most."""
    inside: dict[int, int] = {}
    for number, members in enumerate(sets):
        for unit in members:
            inside[unit] = inside.get(unit, 0) | 1 << number
    return {
        unit: max(
            ((own & ~inside.get(other, 0)).bit_count() for other in model.graph.of(unit).tolist()),
            default=0,
        )
        for unit, own in inside.items()
    }


def joint_row(
    model: Model,
    part: int,
    targets: tuple[int, ...],
    sets: tuple[tuple[int, ...], ...],
    factors: dict[int, int],
) -> Row:
    """Write the joint separator of targets in their sets; `factors` are the *u* of its units."""
    terms = {unit: -factor for unit, factor in factors.items()}
    for unit in targets:
        terms[unit] = terms.get(unit, 0) + 1
    if model.pieces[part] > 1:
        for founder in (model.seed(part, unit) for members in sets for unit in members):
            terms[founder] = terms.get(founder, 0) - 1
    return _row(("joint", part, targets, sets), part, terms, 0, model.n_units)


def chain_rows(
    model: Model, values: Values, part: int, roots: Units, creep: float, violation: float
) -> Iterator[Row]:
    """Yield violated chains of one part, rooted as in :func:`separator_rows`."""
    if not model.has_costs or model.plane is None:
        return
    on = model.landmass == model.landmass[roots[0]]
    share = np.where(on, _shares(values, model, part), 0.0)
    first = model.cut(0)
    cuts = np.where(model.costs > 0, values[first : first + len(model.pairs)], np.inf)
    for unit, chains in find_chains(
        model.graph,
        model.plane,
        share,
        cuts[model.edge_of_arc],
        roots,
        find_targets(model.graph, share, roots, np.ones(model.n_units, np.int64)),
        creep=creep,
        violation=violation,
        stop=model.stop,
    ):
        beyond = behind(model, unit, chain.from_iterable(chains))
        if not np.isin(roots, beyond).any():
            row = chain_row(model, part, unit, chains)
            if row.excess(values) > violation:
                yield row


def chain_row(model: Model, part: int, unit: int, chains: tuple[tuple[int, ...], ...]) -> Row:
    """Write that whoever passes a wall strung on chains cuts them in two places."""
    terms = {unit: 2}
    for walk in chains:
        for end in (walk[0], walk[-1]):
            terms[end] = terms.get(end, 0) - 1
        for pair in pairwise(walk):
            cut = model.cut(model.pair_of[pair])
            terms[cut] = terms.get(cut, 0) - 1
    if model.pieces[part] > 1:
        for one in behind(model, unit, chain.from_iterable(chains)).tolist():
            terms[model.seed(part, one)] = -2
    return _row(("chain", part, unit, chains), part, terms, 0, model.n_units)


def face_rows(model: Model, values: Values, violation: float) -> Iterator[Row]:
    """Yield for each face the alternation that `values` violates most."""
    faces = model.faces
    if faces is None or not faces.n_faces:
        return
    most = sum(model.pieces) - 1
    corners = values[faces.corners]
    following = np.empty_like(corners)
    following[:-1] = corners[1:]
    following[faces.start[1:] - 1] = corners[faces.start[:-1]]
    change = np.add.reduceat(np.abs(corners - following), faces.start[:-1])
    broken = np.flatnonzero(change > 2.0 * most + 2.0 * violation)
    for face in model.stop.checking(broken.tolist()):
        walk = faces.corners[faces.start[face] : faces.start[face + 1]]
        if model.has_costs:
            yield turn_row(model, walk, values, most)
            continue
        row = alternation_row(walk, values, most)
        if row is not None:
            yield row


def turn_row(model: Model, walk: Units, values: Values, most: int) -> Row:
    """Write that the colours change no more often around a walk, edge by edge."""
    corners = walk.tolist()
    terms: dict[int, int] = {}
    signs = []
    for i, j in pairwise([*corners, corners[0]]):
        pair = model.pair_of[i, j]
        sign = 0 if model.costs[pair] else 1 if values[i] > values[j] else -1
        signs.append(sign)
        if sign:
            terms[i], terms[j] = terms.get(i, 0) + sign, terms.get(j, 0) - sign
        else:
            terms[model.cut(pair)] = terms.get(model.cut(pair), 0) + 1
    claim = ("turn", (corners[0], corners[1]), tuple(signs))
    return _row(claim, 1, terms, 2 * most, model.n_units)


def alternation_row(walk: Units, values: Values, most: int) -> Row | None:
    """Take the local highs and lows around a walk: no alternation is larger than theirs."""
    dart = (int(walk[0]), int(walk[1]))
    heights = values[walk]
    is_new = heights != np.roll(heights, 1)
    walk, heights = walk[is_new], heights[is_new]
    before, after = np.roll(heights, 1), np.roll(heights, -1)
    is_high, is_low = (heights > before) & (heights > after), (heights < before) & (heights < after)
    n_highs = int(is_high.sum())
    if n_highs <= most:
        return None
    ends = np.flatnonzero(is_high | is_low)
    if not is_high[ends[0]]:
        ends = np.roll(ends, -1)
    sequence = tuple(walk[ends].tolist())
    terms: dict[int, int] = {}
    for place, unit in enumerate(sequence):  # a walk passes a cut vertex more than once
        terms[unit] = terms.get(unit, 0) + (1 if place % 2 == 0 else -1)
    return _row(("face", dart, sequence), 1, terms, most, len(values))


def leaf_rows(model: Model, values: Values, violation: float) -> Iterator[Row]:
    """Yield the violated leaf rows."""
    if not model.is_plain:
        return
    units = values[: model.n_units]
    degrees = model.graph.degrees
    sums = model.graph.neighbour_sums(units)
    is_leaf = (model.fixed == FREE) & (degrees >= 2) & ~model.is_tied
    hangs = is_leaf & (model.weights < 0) & (2.0 * units - sums > violation)
    for unit in model.stop.checking(np.flatnonzero(hangs).tolist()):
        yield leaf_row(model, unit, 1)
    hangs = is_leaf & (model.weights > 0) & (2.0 * (1.0 - units) - (degrees - sums) > violation)
    for unit in model.stop.checking(np.flatnonzero(hangs).tolist()):
        yield leaf_row(model, unit, 0)


def leaf_row(model: Model, unit: int, part: int) -> Row:
    """Write the leaf row of a unit that loses in a part."""
    terms = dict.fromkeys(model.graph.of(unit).tolist(), -1) | {unit: 2}
    return _row(("leaf", part, unit), part, terms, 0, model.n_units)


def apart_row(model: Model, part: int, units: tuple[int, ...], wall: tuple[int, ...]) -> Row:
    """Write that units which a wall separates are one too many without a unit of it."""
    terms = dict.fromkeys(wall, -1) | dict.fromkeys(units, 1)
    return _row(("apart", part, units, wall), part, terms, len(units) - 1, model.n_units)


def cut_rows(model: Model, values: Values, violation: float) -> Iterator[Row]:
    """Yield violated definitions of cut variables."""
    if not model.has_costs:
        return
    first, second = model.pairs.T
    cuts = values[model.cut(0) : model.cut(0) + len(model.pairs)]
    over, both = values[first] - values[second], values[first] + values[second]
    excesses = np.stack([over - cuts, -over - cuts, cuts - both, cuts + both - 2.0])
    excesses[:, model.costs == 0] = 0.0
    for direction, pair in model.stop.checking(np.argwhere(excesses > violation).tolist()):
        yield cut_row(model, pair, direction)


def cut_row(model: Model, pair: int, direction: int) -> Row:
    """Write one quarter of the definition of a cut variable."""
    i, j = model.pairs[pair].tolist()
    terms, limit = (
        ({i: 1, j: -1, model.cut(pair): -1}, 0),
        ({i: -1, j: 1, model.cut(pair): -1}, 0),
        ({i: -1, j: -1, model.cut(pair): 1}, 0),
        ({i: 1, j: 1, model.cut(pair): 1}, 2),
    )[direction]
    return _row(("cut", pair, direction), 1, terms, limit, model.n_units)


def founder_rows(model: Model, values: Values, part: int, violation: float) -> Iterator[Row]:
    """Yield violated rows of founders: in the part, and the highest-ranked of their piece."""
    if model.pieces[part] < 2:
        return
    share = _shares(values, model, part)
    first = model.seed(part, 0)
    founders = values[first : first + model.n_units]
    for unit in model.stop.checking(np.flatnonzero(founders - share > violation).tolist()):
        terms = {model.seed(part, unit): 1, unit: -1}
        yield _row(("seed", part, unit), part, terms, 0, model.n_units)
    for unit in model.stop.checking(np.flatnonzero(founders > violation).tolist()):
        for other in model.graph.of(unit).tolist():
            is_above = rank(model, part, other) > rank(model, part, unit)
            if is_above and founders[unit] + share[other] > 1.0 + violation:
                terms = {model.seed(part, unit): 1, other: 1}
                yield _row(("peak", part, unit, other), part, terms, 1, model.n_units)


def rank(model: Model, part: int, unit: int) -> tuple[int, int]:
    """Rank a unit as founder: by its gain in the part, then by its number."""
    weight = int(model.weights[unit])
    return (weight if part == 1 else -weight), unit


def seeds_row(model: Model, part: int) -> Row:
    """Write that a part with a root has at most *k* - 1 further pieces."""
    terms = {model.seed(part, unit): 1 for unit in range(model.n_units)}
    return _row(("seeds", part), part, terms, model.pieces[part] - 1, model.n_units)


def standing_rows(model: Model) -> Iterator[Row]:
    """Yield the rows that are there from the start: ties and budgets."""
    for number, (i, j) in enumerate(model.stop.checking(model.ties.tolist())):
        yield _row(("tie", number, 0), 1, {i: 1, j: -1}, 0, model.n_units)
        yield _row(("tie", number, 1), 1, {i: -1, j: 1}, 0, model.n_units)
    for number, budget in enumerate(model.budgets):
        amounts = enumerate(budget.amounts.tolist())
        terms = {unit: amount for unit, amount in amounts if amount}
        over = {} if model.over(number) < 0 else {model.over(number): -1}
        if budget.upper is not None:
            yield _row(("budget", number, 1), 1, terms | over, budget.upper, model.n_units)
        if budget.lower is not None:
            less = {unit: -amount for unit, amount in terms.items()}
            yield _row(("budget", number, 0), 1, less | over, -budget.lower, model.n_units)
