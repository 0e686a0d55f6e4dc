"""Chains: whoever passes a ring around a unit cuts it in two places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from solvers.model import Model
from solvers.rows.chain_separation import find_chains
from solvers.rows.claims import (
    ClaimError,
    arguments,
    limited_part,
    several,
    unit_of,
    units_of,
)
from solvers.rows.family import Needs, Point, Rooted, Side
from solvers.rows.joint_separation import find_targets
from solvers.rows.row import Claim, Row, Units, Values, behind, shares, write_row
from solvers.rows.separators import founders_for


class Chains(Rooted):
    """``2 z[a] <= sum(z[first] + z[last] + sum(y[edges])) + 2 sum(r[W])``, summed over chains.

    Chains are walks along edges with a cost whose units together separate *a*, and all units on
    its side, from every root. *W* are *a* and those on its side that rank above it. Needs the same
    as separators, and costs; see :mod:`solvers.rows.chain_separation`.
    """

    kind = "chain"
    needs = Needs.ROOTS | Needs.PIECES | Needs.COSTS
    units_at = (2, 3)

    def violated_by(
        self, model: Model, side: Side, point: Point, violation: float
    ) -> Iterator[Row]:
        """Yield rows found beside the point that the point itself violates as well."""
        for row in chain_rows(model, point.beside, *side, point.creep, violation):
            if row.excess(point.values) > violation:
                yield row

    def read(self, model: Model, claim: Claim) -> Row:
        """Read a unit and chains along edges with a cost, none of which it is on."""
        given, given_unit, given_chains = arguments(claim, 3)
        part, unit = limited_part(model, given), unit_of(model, given_unit)
        chains = tuple(
            units_of(model, walk, "chain", least=1) for walk in several(given_chains, "chains")
        )
        for walk in chains:
            if unit in walk:
                raise ClaimError(f"unit {unit} is in its own wall.")
            for ends in pairwise(walk):
                pair = model.pair_of.get(ends)
                if pair is None or not model.is_counted[pair]:
                    raise ClaimError(f"there is no edge with a cost between units {ends}.")
        return chain_row(model, part, unit, chains)

    def place(self, claim: Claim) -> int:
        """Name the unit behind the wall."""
        unit: int = claim[2]
        return unit

    def zone(self, model: Model, claim: Claim) -> npt.NDArray[np.intp]:
        """List what is behind the wall."""
        return behind(model, claim[2], chain.from_iterable(claim[3]))


def chain_rows(
    model: Model, values: Values, part: int, roots: Units, creep: float, violation: float
) -> Iterator[Row]:
    """Yield violated chains of one part, rooted as in :func:`separator_rows`."""
    if not model.has_cuts or model.plane is None:
        return
    on = model.landmass == model.landmass[roots[0]]
    share = np.where(on, shares(values, model, part), 0.0)
    first = model.cut(0)
    cuts = np.where(model.is_counted, values[first : first + len(model.pairs)], np.inf)
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
        beyond = behind(model, unit, chain.from_iterable(chains))
        for one in founders_for(model, part, unit, beyond).tolist():
            terms[model.seed(part, one)] = -2
    return write_row(("chain", part, unit, chains), part, terms, 0, model.n_units)
