"""Chains: whoever passes a ring around a unit cuts it in two places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise

import numpy as np

from solvers.model import Model
from solvers.rows.chain_separation import find_chains
from solvers.rows.joint_separation import find_targets
from solvers.rows.row import Row, Units, Values, behind, shares, write_row


def chain_rows(
    model: Model, values: Values, part: int, roots: Units, creep: float, violation: float
) -> Iterator[Row]:
    """Yield violated chains of one part, rooted as in :func:`separator_rows`."""
    if not model.has_costs or model.plane is None:
        return
    on = model.landmass == model.landmass[roots[0]]
    share = np.where(on, shares(values, model, part), 0.0)
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
    return write_row(("chain", part, unit, chains), part, terms, 0, model.n_units)
