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
from solvers.rows.around_faces import face_rows
from solvers.rows.chains import chain_rows
from solvers.rows.founders import founder_rows, seeds_row
from solvers.rows.joints import joint_rows
from solvers.rows.row import Row, Values
from solvers.rows.separators import apart_row, separator_row, separator_rows
from solvers.rows.standing import cut_rows, leaf_rows, standing_rows

ROOTED = frozenset({"separator", "joint", "chain", "seeds"})
"""Kinds of rows that hold only under roots."""


def first_rows(model: Model, roots: tuple[Units, Units]) -> Iterator[Row]:
    """Yield the rows that hold from the start."""
    yield from standing_rows(model)
    for part, most in enumerate(model.pieces):
        if most > 1 and len(roots[part]):
            yield seeds_row(model, part)


def holds(model: Model, row: Row, roots: tuple[Units, Units]) -> bool:
    """Whether a row found under other roots holds under these."""
    if row.kind not in ROOTED:
        return True
    named = roots[row.claim[1]]
    if not len(named):
        return False
    if row.kind == "seeds":
        return True
    place = row.claim[2][0] if row.kind == "joint" else row.claim[2]
    return bool(model.landmass[place] == model.landmass[named[0]]) and not any(
        row.zone(model) >> unit & 1 for unit in named.tolist()
    )


def are_among(roots: tuple[Units, Units], others: tuple[Units, Units]) -> bool:
    """Whether each part has roots only among others, so that all rows found under those hold."""
    return all(
        np.isin(mine, theirs).all() if len(mine) else not len(theirs)
        for mine, theirs in zip(roots, others, strict=True)
    )


def violated_rows(
    model: Model, roots: Roots, values: Values, beside: Values, creep: float
) -> list[Row]:
    """Find violated rows; joint separators only where the simple ones run short.

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
    params = model.params.cuts
    rows = [
        *cut_rows(model, values, params.violation),
        *face_rows(model, values[: model.n_units], params.violation),
        *leaf_rows(model, values, params.violation),
    ]
    rooted = [
        (part, units)
        for part, units in enumerate(roots)
        if model.pieces[part] and units is not None and len(units)
    ]
    for part, units in rooted:
        rows += founder_rows(model, values, part, params.violation)
        rows += separator_rows(model, values, part, units, creep, params.violation)
        rows += [
            row
            for row in chain_rows(model, beside, part, units, creep, params.violation)
            if row.excess(values) > params.violation
        ]
    if len(rows) <= params.few:
        for part, units in rooted:
            rows += [
                row
                for row in joint_rows(model, beside, part, units, creep, params.joint_violation)
                if row.excess(values) > params.joint_violation
            ]
    return rows


def broken_rows(
    model: Model, roots_of: Roots, plan: npt.NDArray[np.int8], values: Values
) -> list[Row]:
    """List rows for what a whole point breaks: cuts not counted, pieces it has too many of."""
    labels = model.graph.label(plan)
    exact = model.params.cuts.exact
    rows = list(cut_rows(model, values, exact))
    if model.is_plan(plan):
        return rows
    for part, most in enumerate(model.pieces):
        roots = roots_of[part]
        if not most or roots is None:
            continue
        rows += founder_rows(model, values, part, exact)
        pieces = _pieces(labels, plan, part)
        rooted = set(labels[roots[plan[roots] == part]].tolist())
        if len(roots):
            place = model.landmass[roots[0]]
            rows += [
                separator_row(model, part, members[0], _wall(model, members))
                for piece, members in model.stop.checking(pieces.items())
                if piece not in rooted and model.landmass[members[0]] == place
            ]
        by_landmass: dict[int, list[list[int]]] = {}
        for members in pieces.values():
            by_landmass.setdefault(int(model.landmass[members[0]]), []).append(members)
        for several in model.stop.checking(by_landmass.values()):
            if len(several) > most:
                units = tuple(members[0] for members in several[: most + 1])
                walls = [set(_wall(model, members)) for members in several[: most + 1]]
                wall = tuple(sorted(set().union(*walls)))
                rows.append(apart_row(model, part, units, wall))
    return rows


def _pieces(
    labels: npt.NDArray[np.int32], plan: npt.NDArray[np.int8], part: int
) -> dict[int, list[int]]:
    """List the members of each piece of a part."""
    pieces: dict[int, list[int]] = {}
    for unit in np.flatnonzero(plan == part).tolist():
        pieces.setdefault(int(labels[unit]), []).append(unit)
    return pieces


def _wall(model: Model, members: list[int]) -> tuple[int, ...]:
    """List the units around a piece."""
    around = {int(other) for unit in members for other in model.graph.of(unit)}
    return tuple(sorted(around - set(members)))
