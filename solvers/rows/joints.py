"""Joint separators: several cities at once, one connection each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solvers.model import Model
from solvers.rows.claims import (
    ClaimError,
    arguments,
    limited_part,
    set_of,
    several,
    units_of,
)
from solvers.rows.family import Needs, Point, Rooted, Side
from solvers.rows.joint_separation import MOST_SETS, JointSeparators, find_joint_separators
from solvers.rows.row import Claim, Row, Units, Values, write_row
from solvers.rows.separators import founders_for, lead_to_roots

MOST_READ = 8 * MOST_SETS
"""Most targets of a claim that is read; the search writes an eighth of them."""


class Joints(Rooted):
    """``sum(z[a_i]) <= sum(u_v * (z[v] - r[v])) + sum(m_v * r[v])`` for units *a_i* in sets *W_i*.

    A founder *v* is entered from nowhere, and is a way into *m_v* sets: those that hold it and have
    a target that it may have founded the piece of, which ranks no higher. Needs the same as
    separators; see :mod:`solvers.rows.joint_separation`.
    """

    kind = "joint"
    needs = Needs.ROOTS | Needs.PIECES
    units_at = (2, 3)
    is_late = True

    def violated_by(
        self, model: Model, side: Side, point: Point, violation: float
    ) -> Iterator[Row]:
        """Yield rows found beside the point that the point itself violates as well."""
        for row in joint_rows(model, point.beside, *side, point.creep, violation):
            if row.excess(point.values) > violation:
                yield row

    def read(self, model: Model, claim: Claim) -> Row:
        """Read targets on one landmass and a set around each of them."""
        given, given_targets, given_sets = arguments(claim, 3)
        part = limited_part(model, given)
        targets = units_of(model, given_targets, "targets", least=1)
        if len(targets) > MOST_READ:  # reading takes a step for each target, set and unit
            raise ClaimError(f"{len(targets)} targets, expected {MOST_READ} at most.")
        sets = tuple(set_of(model, one, "set") for one in several(given_sets, "sets"))
        if len(sets) != len(targets) or any(
            unit not in members for unit, members in zip(targets, sets, strict=True)
        ):
            raise ClaimError(f"targets {targets} do not lie in a set each.")
        if len(np.unique(model.landmass[list(targets)])) > 1:
            raise ClaimError(f"targets {targets} lie on several landmasses.")
        return joint_row(model, part, targets, sets, entries(model, sets))

    def place(self, claim: Claim) -> int:
        """Name the first of the targets, which lie on one landmass."""
        unit: int = claim[2][0]
        return unit

    def zone(self, model: Model, claim: Claim) -> list[int]:
        """List the members of all sets."""
        return [unit for members in claim[3] for unit in members]


def joint_rows(
    model: Model, values: Values, part: int, roots: Units, creep: float, violation: float
) -> Iterator[Row]:
    """Yield violated joint separators of one part, rooted as in :func:`separator_rows`.

    They are sought with the ways to founders, which rows count in another way: of a part that may
    have several pieces, some may turn out to be met.
    """
    n_units = model.n_units
    for found in _found(model, values, part, roots, creep, violation):
        for number in range(len(found.start) - 1):
            model.stop.check()
            span = slice(found.target_start[number], found.target_start[number + 1])
            targets = found.targets[span]
            span = slice(found.zone_start[number], found.zone_start[number + 1])
            is_unit = found.zones[span] < n_units
            zones, masks = found.zones[span][is_unit], found.masks[span][is_unit]
            sets = tuple(
                tuple(sorted(zones[(masks >> index) & 1 == 1].tolist()))
                for index in range(len(targets))
            )
            if model.pieces[part] == 1:
                span = slice(found.start[number], found.start[number + 1])
                columns, factors = found.columns[span].tolist(), found.factors[span].tolist()
                factor_of = dict(zip(columns, factors, strict=True))
            else:  # those found count the ways to founders as well
                factor_of = entries(model, sets)
            if (targets < n_units).all():
                yield joint_row(model, part, tuple(targets.tolist()), sets, factor_of)


def _found(
    model: Model, values: Values, part: int, roots: Units, creep: float, violation: float
) -> Iterator[JointSeparators]:
    """Yield what is found with the ways to the founders that may stand for each target."""
    for sources in lead_to_roots(model, values, part, roots, creep):
        yield from find_joint_separators(
            sources.graph,
            sources.share,
            sources.roots,
            sources.worth,
            creep=sources.creep,
            violation=violation,
            worth_threads=model.params.cuts.worth_threads,
            stop=model.stop,
        )


def entries(model: Model, sets: tuple[tuple[int, ...], ...]) -> dict[int, int]:
    """Count for each unit how many of the sets it can be entered from a neighbour at most."""
    inside: dict[int, int] = {}
    for number, members in enumerate(sets):
        for unit in members:
            inside[unit] = inside.get(unit, 0) | 1 << number
    return {
        unit: max(
            ((own & ~inside.get(other, 0)).bit_count() for other in model.graph.of(unit).tolist()),
            default=0,
        )
        for unit, own in inside.items()
    }


def joint_row(
    model: Model,
    part: int,
    targets: tuple[int, ...],
    sets: tuple[tuple[int, ...], ...],
    factors: dict[int, int],
) -> Row:
    """Write the joint separator of targets in their sets; `factors` are the *u* of its units."""
    terms = {unit: -factor for unit, factor in factors.items()}
    for unit in targets:
        terms[unit] = terms.get(unit, 0) + 1
    if model.pieces[part] > 1:
        terms |= _of_founders(model, part, targets, sets, factors)
    return write_row(("joint", part, targets, sets), part, terms, 0, model.n_units)


def _of_founders(
    model: Model,
    part: int,
    targets: tuple[int, ...],
    sets: tuple[tuple[int, ...], ...],
    factors: dict[int, int],
) -> dict[int, int]:
    """Count what founders do for targets: instead of being entered, each stands for some sets.

    A founder ranks highest in its piece, so that it is none of the piece of a target above it.
    """
    counts = dict.fromkeys(factors, 0)
    for target, members in zip(targets, sets, strict=True):
        for unit in founders_for(model, part, target, np.array(members)).tolist():
            counts[unit] = counts.get(unit, 0) + 1
    return {model.seed(part, unit): factors.get(unit, 0) - one for unit, one in counts.items()}
