"""Leaves, definitions of cut edges, ties and budgets."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solvers.model import Model
from solvers.problem import FREE
from solvers.rows.row import Row, Values, write_row


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
    return write_row(("leaf", part, unit), part, terms, 0, model.n_units)


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
    return write_row(("cut", pair, direction), 1, terms, limit, model.n_units)


def standing_rows(model: Model) -> Iterator[Row]:
    """Yield the rows that are there from the start: ties and budgets."""
    for number, (i, j) in enumerate(model.stop.checking(model.ties.tolist())):
        yield write_row(("tie", number, 0), 1, {i: 1, j: -1}, 0, model.n_units)
        yield write_row(("tie", number, 1), 1, {i: -1, j: 1}, 0, model.n_units)
    for number, budget in enumerate(model.budgets):
        amounts = enumerate(budget.amounts.tolist())
        terms = {unit: amount for unit, amount in amounts if amount}
        over = {} if model.over(number) < 0 else {model.over(number): -1}
        if budget.upper is not None:
            yield write_row(("budget", number, 1), 1, terms | over, budget.upper, model.n_units)
        if budget.lower is not None:
            less = {unit: -amount for unit, amount in terms.items()}
            yield write_row(("budget", number, 0), 1, less | over, -budget.lower, model.n_units)
