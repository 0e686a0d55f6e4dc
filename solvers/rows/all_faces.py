"""Alternations around many faces at once: all of them together are as few as there are pieces.

Draw the frontier on the map, as the edges that cross it join the faces beside them: a planar graph,
in which as many edges end at a face as the colours change around it. It divides the plane into as
many regions as there are pieces, and so, by Euler's formula, it has as many edges more than faces
as there are pieces beyond two, or fewer where it falls apart. What the colours change around a face
more often than twice, halved and added up over all faces, is just that.

Of two pieces it is what alternations say of each face alone. Of more pieces these say hardly
anything, since any face may be the one where all of them meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from solvers.model import Model
from solvers.rows.alternations import (
    add_alternation,
    largest_alternation,
    read_alternation,
    turning_walks,
)
from solvers.rows.claims import ClaimError, arguments, several
from solvers.rows.family import Family, Needs, Point
from solvers.rows.row import Claim, Row, Units, Values, write_row

Alternation = tuple[Units, tuple[int, ...]]
"""The walk around a face, and units that alternate on it."""

HARDLY = 1e-6
"""What an alternation must exceed one by to be worth a place in a sum."""


class AllFaces(Family):
    """``sum(x[a1] - x[b1] + x[a2] - x[b2] + ...) <= n + k_0 + k_1 - 2`` over *n* faces.

    Needs a planar graph and both parts limited, and three pieces or more to say more than single
    alternations. All faces lie on one landmass.
    """

    kind = "faces"
    needs = Needs.PIECES | Needs.PLANE
    units_at = (1,)

    def violated(self, model: Model, point: Point, violation: float) -> Iterator[Row]:
        """Yield the largest sum of each landmass, where no edge has a cost."""
        return all_faces_rows(model, point.values[: model.n_units], violation)

    def read(self, model: Model, claim: Claim) -> Row:
        """Read faces of one landmass, each once, and units that alternate around each."""
        (given,) = arguments(claim, 1)
        alternations = []
        for one in several(given, "faces", least=1):
            if len(several(one, "face")) != 2:
                raise ClaimError(f"{one!r} is no pair of a dart and of units.")
            alternations.append(read_alternation(model, *one))
        names = {_name(walk) for walk, _ in alternations}
        landmasses = {int(model.landmass[walk[0]]) for walk, _ in alternations}
        if len(names) < len(alternations) or len(landmasses) > 1:
            raise ClaimError("the faces are not different ones of one landmass.")
        return all_faces_row(model, alternations)


def all_faces_rows(model: Model, values: Values, violation: float) -> Iterator[Row]:
    """Yield for each landmass the sum of alternations that `values` violate most."""
    most = sum(model.pieces) - 2
    if model.has_cuts or most < 1:
        return
    found: dict[int, list[Alternation]] = {}
    excess: dict[int, float] = {}
    for walk in turning_walks(model, values, 1, HARDLY):
        sequence = largest_alternation(walk, values)
        heights = values[list(sequence)]
        beyond = float(heights[::2].sum() - heights[1::2].sum()) - 1.0
        if beyond > HARDLY:
            land = int(model.landmass[walk[0]])
            found.setdefault(land, []).append((walk, sequence))
            excess[land] = excess.get(land, 0.0) + beyond
    for land, alternations in found.items():
        if excess[land] > most + violation:
            yield all_faces_row(model, alternations)


def all_faces_row(model: Model, alternations: Sequence[Alternation]) -> Row:
    """Write that units alternate no more often around some faces than pieces allow."""
    terms: dict[int, int] = {}
    for _, sequence in alternations:
        add_alternation(terms, sequence)
    faces = tuple(((int(walk[0]), int(walk[1])), sequence) for walk, sequence in alternations)
    limit = len(faces) + sum(model.pieces) - 2
    return write_row(("faces", faces), 1, terms, limit, model.n_units)


def _name(walk: Units) -> tuple[int, int]:
    """Name a face by its least dart, which is on no other."""
    return min(zip(walk.tolist(), np.roll(walk, -1).tolist(), strict=True))
