"""Which rows to add to a relaxation, and which to carry over from another one.

Joint separators are sought beside the solution of the relaxation, not at it. The relaxation has
many solutions of equal value, and a row that cuts off one of them often leaves the next one as it
was; rows that a point between this solution and the earlier ones breaks are broken by more of them.
Steadying the choice of rows in this way is due to [1]_. Going on from one relaxation of the United
States (2016), a trial took 55 s for what took 400 s at the solution itself: from 48,200 votes above
the best plan to 42,500.

References
----------
.. [1] W. Ben-Ameur, J. Neto, "Acceleration of cutting-plane and column generation algorithms:
   applications to network design", Networks 49 (2007) 3-17, doi:10.1002/net.20137
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from solvers.exact.node import Roots, Units
from solvers.model import Model
from solvers.rows import families
from solvers.rows.family import Family, Point, Side, Torn
from solvers.rows.row import Row, Values


def first_rows(model: Model, roots: tuple[Units, Units]) -> Iterator[Row]:
    """Yield the rows that hold from the start."""
    for family in families.FAMILIES:
        yield from family.first(model, roots)


def holds(model: Model, row: Row, roots: tuple[Units, Units]) -> bool:
    """Whether a row found under other roots holds under these."""
    return families.family_of(row.kind).holds(model, row, roots)


def are_among(roots: tuple[Units, Units], others: tuple[Units, Units]) -> bool:
    """Whether each part has roots only among others, so that all rows found under those hold."""
    return all(
        np.isin(mine, theirs).all() if len(mine) else not len(theirs)
        for mine, theirs in zip(roots, others, strict=True)
    )


def violated_rows(
    model: Model, roots: Roots, values: Values, beside: Values, creep: float
) -> list[Row]:
    """Find violated rows; those of late families only where the others run short.

    Parameters
    ----------
    model
        What to divide.
    roots
        Roots of both parts.
    values
        Solution of the relaxation, shape ``(n_columns,)``.
    beside
        The point near it at which joint separators are sought, of the same shape.
    creep
        Creep flow of the separation.
    """
    params, point = model.params.cuts, Point(values, beside, creep)
    sides = [
        Side(part, units)
        for part, units in enumerate(roots)
        if model.pieces[part] and units is not None and len(units)
    ]
    early = [family for family in families.FAMILIES if not family.is_late]
    late = [family for family in families.FAMILIES if family.is_late]
    rows = _violated(model, early, sides, point, params.violation)
    # Definitions of cut variables are always short of some, and would keep the others out for good.
    if sum(not families.family_of(row.kind).is_definition for row in rows) <= params.few:
        rows += _violated(model, late, sides, point, params.joint_violation)
    return rows


def _violated(
    model: Model, asked: list[Family], sides: list[Side], point: Point, violation: float
) -> list[Row]:
    """Ask families for the rows of no part, then for those of each part."""
    rows = [row for family in asked for row in family.violated(model, point, violation)]
    for side in sides:
        for family in asked:
            rows += family.violated_by(model, side, point, violation)
    return rows


def broken_rows(
    model: Model, roots_of: Roots, plan: npt.NDArray[np.int8], values: Values
) -> list[Row]:
    """List rows for what a whole point breaks: cuts not counted, pieces it has too many of."""
    labels = model.graph.label(plan)
    exact, point = model.params.cuts.exact, Point(values, values, 0.0)
    definitions = [family for family in families.FAMILIES if family.is_definition]
    rows = [row for family in definitions for row in family.violated(model, point, exact)]
    if model.is_plan(plan):
        return rows
    for part, most in enumerate(model.pieces):
        roots = roots_of[part]
        if not most or roots is None:
            continue
        side = Side(part, roots)
        for family in definitions:
            rows += family.violated_by(model, side, point, exact)
        pieces = _pieces(labels, plan, part)
        rooted = set(labels[roots[plan[roots] == part]].tolist())
        torn = Torn(list(pieces.values()), [piece in rooted for piece in pieces])
        for family in families.FAMILIES:
            rows += family.mending(model, side, torn)
    return rows


def _pieces(
    labels: npt.NDArray[np.int32], plan: npt.NDArray[np.int8], part: int
) -> dict[int, list[int]]:
    """List the members of each piece of a part."""
    pieces: dict[int, list[int]] = {}
    for unit in np.flatnonzero(plan == part).tolist():
        pieces.setdefault(int(labels[unit]), []).append(unit)
    return pieces
