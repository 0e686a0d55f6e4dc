"""Founders of further pieces: how many there are, and which unit of a piece it is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solvers.model import Model
from solvers.rows.row import Row, Values, shares, write_row


def founder_rows(model: Model, values: Values, part: int, violation: float) -> Iterator[Row]:
    """Yield violated rows of founders: in the part, and the highest-ranked of their piece."""
    if model.pieces[part] < 2:
        return
    share = shares(values, model, part)
    first = model.seed(part, 0)
    founders = values[first : first + model.n_units]
    for unit in model.stop.checking(np.flatnonzero(founders - share > violation).tolist()):
        terms = {model.seed(part, unit): 1, unit: -1}
        yield write_row(("seed", part, unit), part, terms, 0, model.n_units)
    for unit in model.stop.checking(np.flatnonzero(founders > violation).tolist()):
        for other in model.graph.of(unit).tolist():
            is_above = rank(model, part, other) > rank(model, part, unit)
            if is_above and founders[unit] + share[other] > 1.0 + violation:
                terms = {model.seed(part, unit): 1, other: 1}
                yield write_row(("peak", part, unit, other), part, terms, 1, model.n_units)


def rank(model: Model, part: int, unit: int) -> tuple[int, int]:
    """Rank a unit as founder: by its gain in the part, then by its number."""
    weight = int(model.weights[unit])
    return (weight if part == 1 else -weight), unit


def seeds_row(model: Model, part: int) -> Row:
    """Write that a part with a root has at most *k* - 1 further pieces."""
    terms = {model.seed(part, unit): 1 for unit in range(model.n_units)}
    return write_row(("seeds", part), part, terms, model.pieces[part] - 1, model.n_units)
