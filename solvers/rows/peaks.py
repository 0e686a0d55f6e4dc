"""Peaks: the founder of a piece is the unit that gains most in it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solvers.model import Model
from solvers.rows.claims import ClaimError, arguments, limited_part, unit_of
from solvers.rows.family import Family, Needs, Point, Side
from solvers.rows.row import Claim, Row, Values, shares, write_row


class Peaks(Family):
    """``r[u] + z[v] <= 1`` for neighbours where *v* ranks above *u*."""

    kind = "peak"
    needs = Needs.PIECES | Needs.VOTES
    units_at = (2, 3)
    is_definition = True

    def violated_by(
        self, model: Model, side: Side, point: Point, violation: float
    ) -> Iterator[Row]:
        """Yield the rows of founders beside a present neighbour that ranks above them."""
        return peak_rows(model, point.values, side.part, violation)

    def read(self, model: Model, claim: Claim) -> Row:
        """Read the row of a founder and a neighbour that ranks above it."""
        part, unit, other = arguments(claim, 3)
        part = limited_part(model, part, least=2)
        unit, other = unit_of(model, unit), unit_of(model, other)
        rank = model.ranks[part]
        if other not in model.graph.of(unit) or rank[other] <= rank[unit]:
            raise ClaimError(f"unit {other} is no neighbour of unit {unit} that ranks above it.")
        return peak_row(model, part, unit, other)


def peak_rows(model: Model, values: Values, part: int, violation: float) -> Iterator[Row]:
    """Yield violated rows of founders that are not the highest-ranked of their piece."""
    if model.pieces[part] < 2:
        return
    share, rank = shares(values, model, part), model.ranks[part]
    first = model.seed(part, 0)
    founders = values[first : first + model.n_units]
    for unit in model.stop.checking(np.flatnonzero(founders > violation).tolist()):
        for other in model.graph.of(unit).tolist():
            if rank[other] > rank[unit] and founders[unit] + share[other] > 1.0 + violation:
                yield peak_row(model, part, unit, other)


def peak_row(model: Model, part: int, unit: int, other: int) -> Row:
    """Write that a founder has no neighbour in the part that ranks above it."""
    terms = {model.seed(part, unit): 1, other: 1}
    return write_row(("peak", part, unit, other), part, terms, 1, model.n_units)
