"""Founders: a unit that founds a further piece of a part belongs to the part."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solvers.model import Model
from solvers.rows.claims import arguments, limited_part, unit_of
from solvers.rows.family import Family, Needs, Point, Side
from solvers.rows.row import Claim, Row, Values, shares, write_row


class Founders(Family):
    """``r[u] <= z[u]`` for every unit, where a part may have several pieces."""

    kind = "seed"
    needs = Needs.PIECES
    units_at = (2,)
    is_definition = True

    def violated_by(
        self, model: Model, side: Side, point: Point, violation: float
    ) -> Iterator[Row]:
        """Yield the rows of founders that are in the part less than they found."""
        return founder_rows(model, point.values, side.part, violation)

    def read(self, model: Model, claim: Claim) -> Row:
        """Read the row of a founder."""
        part, unit = arguments(claim, 2)
        return founder_row(model, limited_part(model, part, least=2), unit_of(model, unit))


def founder_rows(model: Model, values: Values, part: int, violation: float) -> Iterator[Row]:
    """Yield violated rows of founders that are not in the part."""
    if model.pieces[part] < 2:
        return
    first = model.seed(part, 0)
    missing = values[first : first + model.n_units] - shares(values, model, part)
    for unit in model.stop.checking(np.flatnonzero(missing > violation).tolist()):
        yield founder_row(model, part, unit)


def founder_row(model: Model, part: int, unit: int) -> Row:
    """Write that a founder is in the part."""
    terms = {model.seed(part, unit): 1, unit: -1}
    return write_row(("seed", part, unit), part, terms, 0, model.n_units)
