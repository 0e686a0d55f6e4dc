"""Separators: whoever is behind a wall holds a unit of it, or has a founder behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.graphs.graph import Graph
from solvers.model import Model
from solvers.rows.claims import ClaimError, arguments, limited_part, set_of, unit_of
from solvers.rows.family import Needs, Point, Rooted, Side, Torn
from solvers.rows.row import Claim, Row, Units, Values, behind, shares, write_row
from solvers.rows.separation import find_separators

HARDLY = 0.01
"""Founders up to which each may stand for anybody, so that few flows are sought."""


class Separators(Rooted):
    """``z[a] <= sum(z[S]) + sum(r[W])`` where *S* separates *a* and all of *W* from the roots.

    Needs *k* >= 1 and at least one of the roots in the part. A piece that reaches *a* crosses *S*,
    or has its founder behind *S*. As its founder ranks highest in it, *W* need only hold *a* and
    the units behind *S* that rank above *a*. For *k* = 1 this is the node-separator inequality of
    the maximum-weight connected subgraph polytope [1]_.

    References
    ----------
    .. [1] E. Alvarez-Miranda, I. Ljubic, P. Mutzel, "The maximum weight connected subgraph
       problem", Facets of Combinatorial Optimization, Springer 2013,
       doi:10.1007/978-3-642-38189-8_11
    """

    kind = "separator"
    needs = Needs.ROOTS | Needs.PIECES
    units_at = (2, 3)

    def violated_by(
        self, model: Model, side: Side, point: Point, violation: float
    ) -> Iterator[Row]:
        """Yield the walls of minimum cuts."""
        return separator_rows(model, point.values, *side, point.creep, violation)

    def mending(self, model: Model, side: Side, torn: Torn) -> Iterator[Row]:
        """Yield a row for every piece that its surroundings keep from the roots."""
        if not len(side.roots):
            return
        place = model.landmass[side.roots[0]]
        pieces = zip(torn.pieces, torn.is_rooted, strict=True)
        for members, is_rooted in model.stop.checking(pieces):
            if not is_rooted and model.landmass[members[0]] == place:
                wall = wall_around(model, members)
                yield separator_row(model, side.part, members[0], wall)

    def read(self, model: Model, claim: Claim) -> Row:
        """Read a unit and a wall that it is not in."""
        given, given_unit, given_wall = arguments(claim, 3)
        part, unit = limited_part(model, given), unit_of(model, given_unit)
        wall = set_of(model, given_wall, "wall")
        if unit in wall:
            raise ClaimError(f"unit {unit} is in its own wall.")
        return separator_row(model, part, unit, wall)

    def place(self, claim: Claim) -> int:
        """Name the unit behind the wall."""
        unit: int = claim[2]
        return unit

    def zone(self, model: Model, claim: Claim) -> npt.NDArray[np.intp]:
        """List what is behind the wall."""
        return behind(model, claim[2], claim[3])


class Sources(NamedTuple):
    """What units of a part can be connected to, as a flow sees it; arrays by vertex."""

    graph: Graph
    share: Values
    roots: Units
    worth: npt.NDArray[np.int64]
    """What each unit is worth as a target: 0 where it is to be none."""
    creep: Values


def lead_to_roots(
    model: Model, values: Values, part: int, roots: Units, creep: float
) -> Iterator[Sources]:
    """Lead to the roots of a part and, where it may have several pieces, to their founders.

    Founders stand for nobody who ranks above them, so that there are other ways for units that
    rank between other founders; of those that hardly are founders each may stand for anybody.
    """
    n_units = model.n_units
    on = model.landmass == model.landmass[roots[0]]
    share = np.where(on, shares(values, model, part), 0.0)
    worth = np.where(on, _worth(model, part), 0)
    if model.pieces[part] == 1:
        yield Sources(model.graph, share, roots, worth, np.full(n_units, creep))
        return
    first, rank = model.seed(part, 0), model.ranks[part]
    founded = np.where(on, values[first : first + n_units], 0.0)
    is_low = np.searchsorted(np.sort(rank[founded > HARDLY]), rank)
    for n_below in np.unique(is_low[worth * share > 0]).tolist():
        may_found = (founded <= HARDLY) | (is_low >= n_below)
        yield Sources(
            model.drained,
            np.concatenate([share, np.where(may_found, founded, 0.0), [1.0]]),
            np.append(roots, 2 * n_units).astype(np.int32),
            np.concatenate([np.where(is_low == n_below, worth, 0), np.zeros(n_units + 1, int)]),
            # Every unit has a drain, however little comes through it.
            np.repeat([creep, 1e-6, creep], [n_units, n_units, 1]),
        )


def _worth(model: Model, part: int) -> npt.NDArray[np.int64]:
    """Weigh units as targets: by their gain in a part, or by rank where more than that counts."""
    if not model.is_plain:
        return 1 + model.ranks[part]
    return model.weights if part == 1 else -model.weights


def separator_rows(
    model: Model, values: Values, part: int, roots: Units, creep: float, violation: float
) -> Iterator[Row]:
    """Yield violated separator rows of one part, rooted at units of which it holds one at least."""
    for sources in lead_to_roots(model, values, part, roots, creep):
        found = find_separators(
            sources.graph,
            sources.share,
            sources.roots,
            sources.worth,
            creep=sources.creep,
            violation=violation,
            n_nested=model.params.cuts.n_nested,
            n_more=model.params.cuts.n_more,
            stop=model.stop,
        )
        for number, unit in enumerate(found.units.tolist()):
            model.stop.check()
            members = found.members[found.start[number] : found.start[number + 1]]
            wall = tuple(sorted(members[members < model.n_units].tolist()))
            if unit < model.n_units:
                yield separator_row(model, part, unit, wall)


def separator_row(model: Model, part: int, unit: int, wall: tuple[int, ...]) -> Row:
    """Write the separator row of a unit behind a wall."""
    terms = dict.fromkeys(wall, -1) | {unit: 1}
    if model.pieces[part] > 1:
        founders = founders_for(model, part, unit, behind(model, unit, wall))
        terms |= {model.seed(part, int(one)): -1 for one in founders}
    return write_row(("separator", part, unit, wall), part, terms, 0, model.n_units)


def founders_for(
    model: Model, part: int, unit: int, among: npt.NDArray[np.intp]
) -> npt.NDArray[np.intp]:
    """List the units that may be founders of a piece that a unit is in: no others rank as high."""
    rank = model.ranks[part]
    above: npt.NDArray[np.intp] = among[rank[among] >= rank[unit]]
    return above


def wall_around(model: Model, members: list[int]) -> tuple[int, ...]:
    """List the units around a piece."""
    around = {int(other) for unit in members for other in model.graph.of(unit)}
    return tuple(sorted(around - set(members)))
