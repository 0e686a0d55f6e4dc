"""Leaves: no unit hangs by one neighbour on a part that it loses in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solvers.model import Model
from solvers.problem import FREE
from solvers.rows.claims import ClaimError, arguments, number, unit_of
from solvers.rows.family import Family, Needs, Point
from solvers.rows.row import Claim, Row, Values, write_row


class Leaves(Family):
    """``2 z[a] <= sum(z[neighbours of a])`` where *a* loses in the part.

    Needs *a* free, tied to nobody and with two neighbours or more, and neither costs nor budgets.
    Where *a* hangs on its part by one neighbour only, or by none, it would better change sides,
    which tears nothing. The rows hold for every optimal plan, not for every plan.
    """

    kind = "leaf"
    needs = Needs.VOTES | Needs.RULES | Needs.COSTS
    units_at = (2,)

    def violated(self, model: Model, point: Point, violation: float) -> Iterator[Row]:
        """Yield the violated rows of both parts."""
        return leaf_rows(model, point.values, violation)

    def read(self, model: Model, claim: Claim) -> Row:
        """Read the row of a unit that may change sides and loses in a part."""
        part, unit = arguments(claim, 2)
        part, unit = number(part, 2, "part"), unit_of(model, unit)
        loss = -model.weights[unit] if part == 1 else model.weights[unit]
        if not model.is_plain or not _may_leave(model)[unit] or loss <= 0:
            raise ClaimError(f"unit {unit} need not leave part {part} where it hangs on it.")
        return leaf_row(model, unit, part)


def leaf_rows(model: Model, values: Values, violation: float) -> Iterator[Row]:
    """Yield the violated leaf rows."""
    if not model.is_plain:
        return
    units = values[: model.n_units]
    degrees = model.graph.degrees
    sums = model.graph.neighbour_sums(units)
    is_leaf = _may_leave(model)
    hangs = is_leaf & (model.weights < 0) & (2.0 * units - sums > violation)
    for unit in model.stop.checking(np.flatnonzero(hangs).tolist()):
        yield leaf_row(model, unit, 1)
    hangs = is_leaf & (model.weights > 0) & (2.0 * (1.0 - units) - (degrees - sums) > violation)
    for unit in model.stop.checking(np.flatnonzero(hangs).tolist()):
        yield leaf_row(model, unit, 0)


def _may_leave(model: Model) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark the units that are free, tied to nobody, and have two neighbours or more."""
    may: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        (model.fixed == FREE) & (model.graph.degrees >= 2) & ~model.is_tied
    )
    return may


def leaf_row(model: Model, unit: int, part: int) -> Row:
    """Write the leaf row of a unit that loses in a part."""
    terms = dict.fromkeys(model.graph.of(unit).tolist(), -1) | {unit: 2}
    return write_row(("leaf", part, unit), part, terms, 0, model.n_units)
