"""The families of rows that a search knows: one entry each, in the order in which it asks them."""

from __future__ import annotations

from typing import Any

from solvers.model import Model
from solvers.rows.alternations import Alternations
from solvers.rows.apart import Apart
from solvers.rows.budgets import Budgets
from solvers.rows.chains import Chains
from solvers.rows.circuits import Circuits
from solvers.rows.claims import ClaimError
from solvers.rows.cut_edges import CutEdges
from solvers.rows.family import Family, nested
from solvers.rows.founders import Founders
from solvers.rows.joints import Joints
from solvers.rows.leaves import Leaves
from solvers.rows.peaks import Peaks
from solvers.rows.potentials import Potentials
from solvers.rows.row import Row
from solvers.rows.seeds import Seeds
from solvers.rows.separators import Separators
from solvers.rows.spans import Spans
from solvers.rows.ties import Ties
from solvers.rows.turns import Turns
from solvers.rows.zones import Zones

FAMILIES: tuple[Family, ...] = (
    Ties(),
    Spans(),
    Budgets(),
    Seeds(),
    CutEdges(),
    Alternations(),
    Zones(),
    Turns(),
    Circuits(),
    Leaves(),
    Founders(),
    Peaks(),
    Separators(),
    Apart(),
    Chains(),
    Joints(),
    Potentials(),
)


def family_of(kind: Any) -> Family:
    """Look up the family that a claim begins with.

    Raises
    ------
    ClaimError
        When there is none of this kind.
    """
    for family in FAMILIES:
        if family.kind == kind:
            return family
    kinds = ", ".join(family.kind for family in FAMILIES)
    raise ClaimError(f"There is no family of rows {kind!r}; there are {kinds}.")


def read_row(model: Model, given: Any) -> Row:
    """Read a row back from what a certificate says of it.

    Parameters
    ----------
    model
        What is divided.
    given
        Kind and arguments, as lists or as tuples.

    Raises
    ------
    ClaimError
        When it does not hold for the model, whatever the roots, or is no claim.
    """
    claim = nested(given)
    if not isinstance(claim, tuple) or not claim:
        raise ClaimError(f"{given!r} is no claim.")
    return family_of(claim[0]).read(model, claim)
