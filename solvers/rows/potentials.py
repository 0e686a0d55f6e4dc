"""Potentials: what many units owe for being connected to a root, all in one row."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solvers.graphs.ascent import charges
from solvers.integers import MAX_TOTAL_GAIN
from solvers.model import Model
from solvers.rows.claims import ClaimError, arguments, number, set_of, several, units_of
from solvers.rows.family import Needs, Rooted
from solvers.rows.row import Claim, Row, write_row

MOST_READ = 10_000_000
"""Most targets times units of a claim that is read, which takes eight bytes for each."""


class Potentials(Rooted):
    """``sum(p_i[a_i] z[a_i]) <= sum(u_v z[v])`` for potentials *p_i*, 0 on the roots.

    Needs *k* = 1 and at least one of the roots in the part. The part is spanned by a tree that
    grows from a root. On the way to *a_i* the potential *p_i* rises from 0 to ``p_i[a_i]``, and by
    ``max(0, p_i[v] - p_i[t])`` at most on entering *v* from *t*. A unit is entered once, so all
    together rise there by *u_v* at most, the largest sum of these over the neighbours *t* of *v*.

    This is what multipliers of the directed (arborescence) model, of any number of sets around each
    target, prove on the units. With potentials of 0 and 1 it is a joint separator
    (:mod:`solvers.rows.joint_separation`); found by dual ascent, it is a bound of its own
    (:mod:`solvers.graphs.ascent`).
    """

    kind = "potential"
    needs = Needs.ROOTS | Needs.PIECES
    units_at = (2, 3)

    def read(self, model: Model, claim: Claim) -> Row:
        """Read targets on one landmass, and for each of them units and their potentials."""
        given, given_targets, given_zones, given_depths = arguments(claim, 4)
        part = number(given, 2, "part")
        if model.pieces[part] != 1:
            raise ClaimError(
                f"part {part} may have {model.pieces[part]} pieces, 0 for any number; potentials "
                "need one."
            )
        targets = units_of(model, given_targets, "targets", least=1)
        zones = several(given_zones, "zones")
        depths = several(given_depths, "potentials")
        if not len(targets) == len(zones) == len(depths):
            raise ClaimError(
                f"{len(targets)} targets, {len(zones)} zones and potentials for {len(depths)}."
            )
        if len(targets) * model.n_units > MOST_READ:
            raise ClaimError(f"{len(targets)} targets are too many for {model.n_units} units.")
        if len(np.unique(model.landmass[list(targets)])) > 1:
            raise ClaimError(f"targets {targets} lie on several landmasses.")
        potential = np.zeros((len(targets), model.n_units), np.int64)
        for place, (target, zone, values) in enumerate(zip(targets, zones, depths, strict=True)):
            units = set_of(model, zone, "zone")
            if target not in units:
                raise ClaimError(f"target {target} has no potential.")
            potential[place, list(units)] = _read_depths(values, len(units))
        held = potential[np.arange(len(targets)), list(targets)]
        if float(potential.astype(float).max(axis=1).sum()) > MAX_TOTAL_GAIN:
            raise ClaimError(f"potentials of {int(held.max())} and others are too large to add up.")
        return potential_row(model, part, targets, potential, claim)

    def place(self, claim: Claim) -> int:
        """Name the first of the targets, which lie on one landmass."""
        unit: int = claim[2][0]
        return unit

    def zone(self, model: Model, claim: Claim) -> list[int]:
        """List the units with a potential."""
        return [unit for units in claim[3] for unit in units]


def _read_depths(given: object, n_units: int) -> list[int]:
    """Read a potential above 0 for each unit of a zone."""
    values = several(given, "potentials")
    if len(values) != n_units:
        raise ClaimError(f"{len(values)} potentials of {n_units} units.")
    return [number(value, MAX_TOTAL_GAIN + 1, "potential") or _refuse(value) for value in values]


def _refuse(value: object) -> int:
    raise ClaimError(f"potential {value!r} is not above 0: leave the unit out.")


def potential_row(
    model: Model,
    part: int,
    targets: tuple[int, ...],
    potential: npt.NDArray[np.int64],
    claim: Claim | None = None,
) -> Row:
    """Write the row of some targets and their potentials, shape ``(n_targets, n_units)``."""
    most = charges(model.graph.start, model.graph.neighbours, potential)
    terms = {unit: -int(most[unit]) for unit in np.flatnonzero(most).tolist()}
    held = potential[np.arange(len(targets)), list(targets)].tolist()
    for target, depth in zip(targets, held, strict=True):
        terms[target] = terms.get(target, 0) + depth
    return write_row(claim or _claim(part, targets, potential), part, terms, 0, model.n_units)


def _claim(part: int, targets: tuple[int, ...], potential: npt.NDArray[np.int64]) -> Claim:
    """State potentials where they are above 0."""
    zones = [np.flatnonzero(values) for values in potential]
    depths = [values[zone] for values, zone in zip(potential, zones, strict=True)]
    return (
        "potential",
        part,
        targets,
        tuple(tuple(zone.tolist()) for zone in zones),
        tuple(tuple(values.tolist()) for values in depths),
    )
