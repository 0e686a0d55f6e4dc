"""Separators, and units that a wall keeps apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.graphs.graph import Graph
from solvers.model import Model
from solvers.rows.row import Row, Units, Values, behind, shares, write_row
from solvers.rows.separation import find_separators


class Sources(NamedTuple):
    """Where a unit of a part can be connected to, as a flow sees it; arrays by vertex."""

    graph: Graph
    share: Values
    roots: Units
    worth: npt.NDArray[np.int64]
    creep: Values


def lead_to_roots(model: Model, values: Values, part: int, roots: Units, creep: float) -> Sources:
    """Lead to the roots of a part and, where it may have several pieces, to their founders."""
    n_units = model.n_units
    on = model.landmass == model.landmass[roots[0]]
    share = np.where(on, shares(values, model, part), 0.0)
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


def _worth(model: Model, part: int) -> npt.NDArray[np.int64]:
    """Weigh units as targets: by their gain in a part, or all alike where more than that counts."""
    if not model.is_plain:
        return np.ones(model.n_units, np.int64)
    return model.weights if part == 1 else -model.weights


def separator_rows(
    model: Model, values: Values, part: int, roots: Units, creep: float, violation: float
) -> Iterator[Row]:
    """Yield violated separator rows of one part, rooted at units of which it holds one at least."""
    graph, share, sources, worth, creeps = lead_to_roots(model, values, part, roots, creep)
    found = find_separators(
        graph,
        share,
        sources,
        worth,
        creep=creeps,
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
        terms |= {model.seed(part, int(one)): -1 for one in behind(model, unit, wall)}
    return write_row(("separator", part, unit, wall), part, terms, 0, model.n_units)


def apart_row(model: Model, part: int, units: tuple[int, ...], wall: tuple[int, ...]) -> Row:
    """Write that units which a wall separates are one too many without a unit of it."""
    terms = dict.fromkeys(wall, -1) | dict.fromkeys(units, 1)
    return write_row(("apart", part, units, wall), part, terms, len(units) - 1, model.n_units)
