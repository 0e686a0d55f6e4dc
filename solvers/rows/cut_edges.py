"""Cut edges: what the variable of an edge or link that costs, or counts in a budget, means."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solvers.model import Model
from solvers.rows.claims import ClaimError, arguments, number
from solvers.rows.family import Family, Needs, Point
from solvers.rows.row import Claim, Row, Values, write_row


class CutEdges(Family):
    """``x[i] - x[j] <= y[i, j]`` and its mirror, ``y[i, j] <= x[i] + x[j]`` and its mirror.

    They define the variable of an edge or link that counts: 1 where it is cut, otherwise 0.
    """

    kind = "cut"
    needs = Needs.COSTS | Needs.RULES
    is_definition = True

    def violated(self, model: Model, point: Point, violation: float) -> Iterator[Row]:
        """Yield the violated definitions."""
        return cut_rows(model, point.values, violation)

    def read(self, model: Model, claim: Claim) -> Row:
        """Read one quarter of a definition by the number of the pair."""
        given, direction = arguments(claim, 2)
        pair = number(given, len(model.pairs), "pair")
        if not model.is_counted[pair]:
            raise ClaimError(f"pair {pair} costs nothing and counts in no budget.")
        return cut_row(model, pair, number(direction, 4, "direction"))


def cut_rows(model: Model, values: Values, violation: float) -> Iterator[Row]:
    """Yield violated definitions of cut variables."""
    if not model.has_cuts:
        return
    first, second = model.pairs.T
    cuts = values[model.cut(0) : model.cut(0) + len(model.pairs)]
    over, both = values[first] - values[second], values[first] + values[second]
    excesses = np.stack([over - cuts, -over - cuts, cuts - both, cuts + both - 2.0])
    excesses[:, ~model.is_counted] = 0.0
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
