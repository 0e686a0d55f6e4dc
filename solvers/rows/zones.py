"""Zones: behind a wall the colours alternate around faces as often as the pieces there allow.

Draw the frontier on the map, as the edges that cross it join the faces beside them: a planar graph,
in which as many edges end at a face as the colours change around it. It divides the plane into as
many regions as there are pieces, and so, by Euler's formula, it has as many edges more than faces
as there are pieces beyond two, or fewer where it falls apart. What the colours change around a face
more often than twice, halved and added up over all faces, is just that.

The pieces of a part that none of the faces at hand needs may as well change sides: that joins
pieces of the other part, and changes no colour around these faces that would count. So only those
pieces count that hold one of the units said to be in the part, and each of them passes a wall
around these, or has its founder behind it. A root is a unit of the wall like others.

They are sought for a part that may have several pieces, of which alternations alone
(:mod:`solvers.rows.alternations`) say hardly anything, since any face may be the one where all of
them meet. Of two pieces they hold as well and were of no use: with them the bound of the United
States (2016) was 0.047 % above the best plan after 100 s, and 0.040 % without.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from solvers.model import Model
from solvers.rows.alternations import add_alternation, read_alternation
from solvers.rows.claims import ClaimError, arguments, limited_part, set_of, several
from solvers.rows.family import Needs, Point, Rooted, Side
from solvers.rows.row import Claim, Row, Units, Values, shares, write_row
from solvers.rows.zone_separation import Alternation, find_zones


class Zones(Rooted):
    """``sum(z[a1] - z[b1] + z[a2] - ...) <= n + k' - 2 + sum(z[S]) + sum(r[W])``.

    The sum is over *n* faces of one landmass. *S* separates the units *a* that are not in it, and
    all of *W*, from all roots. Needs a planar graph, at least one of the roots in the part, and
    both parts limited; *k'* is the limit of the other one. Where *W* is more than half of all,
    ``k - 1 - sum(r[others])`` stands for its founders.
    """

    kind = "zone"
    needs = Needs.ROOTS | Needs.PIECES | Needs.PLANE
    units_at = (2, 3)
    is_late = True

    def violated_by(
        self, model: Model, side: Side, point: Point, violation: float
    ) -> Iterator[Row]:
        """Yield rows around the faces that the colours change most around."""
        return zone_rows(model, point.values, *side, violation)

    def read(self, model: Model, claim: Claim) -> Row:
        """Read faces of one landmass, each once, units that alternate around each, and a wall."""
        given, given_faces, given_wall = arguments(claim, 3)
        part = limited_part(model, given)
        alternations = []
        for one in several(given_faces, "faces", least=1):
            if len(several(one, "face")) != 2:
                raise ClaimError(f"{one!r} is no pair of a dart and of units.")
            alternations.append(read_alternation(model, *one))
        names = {_name(walk) for walk, _ in alternations}
        landmasses = {int(model.landmass[walk[0]]) for walk, _ in alternations}
        if len(names) < len(alternations) or len(landmasses) > 1:
            raise ClaimError("the faces are not different ones of one landmass.")
        return zone_row(model, part, alternations, set_of(model, given_wall, "wall"))

    def place(self, claim: Claim) -> int:
        """Name a corner of the first face."""
        unit: int = claim[2][0][0][0]
        return unit

    def zone(self, model: Model, claim: Claim) -> npt.NDArray[np.intp]:
        """List the units behind the wall."""
        held = [unit for _, sequence in claim[2] for unit in sequence[::2]]
        return _behind(model, held, claim[3])


def zone_rows(
    model: Model, values: Values, part: int, roots: Units, violation: float
) -> Iterator[Row]:
    """Yield violated rows of one part, rooted at units of which it holds one at least."""
    if model.has_cuts or model.pieces[part] < 2:
        return
    first = model.seed(part, 0)
    share, founded = shares(values, model, part), values[first : first + model.n_units]
    most = model.pieces[1 - part] - 2
    for alternations, reached in find_zones(model, share, founded, roots, most, violation):
        row = zone_row(model, part, alternations, _wall(model, alternations, reached))
        if row.excess(values) > violation:
            yield row


def zone_row(
    model: Model, part: int, alternations: list[Alternation], wall: tuple[int, ...]
) -> Row:
    """Write that units alternate no more often around faces than pieces behind a wall allow."""
    terms = dict.fromkeys(wall, -1)
    for _, sequence in alternations:
        add_alternation(terms, sequence)
    limit = len(alternations) + model.pieces[1 - part] - 2
    if model.pieces[part] > 1:
        held = [unit for _, sequence in alternations for unit in sequence[::2]]
        founders = _behind(model, held, wall)
        sign = -1
        if 2 * len(founders) > model.n_units:
            # No more than there may be, less those elsewhere: as good, and of fewer terms, with
            # which linear programs take a third of the time.
            founders, sign = np.setdiff1d(np.arange(model.n_units), founders), 1
            limit += model.pieces[part] - 1
        terms |= {model.seed(part, unit): sign for unit in founders.tolist()}
    faces = tuple(((int(walk[0]), int(walk[1])), sequence) for walk, sequence in alternations)
    claim = ("zone", part, faces, wall)
    return write_row(claim, part, terms, limit, model.n_units)


def _wall(
    model: Model, alternations: list[Alternation], reached: npt.NDArray[np.bool_]
) -> tuple[int, ...]:
    """List the units that a zone needs as its wall: those around it, and corners that it lacks."""
    is_wall = np.zeros(model.n_units, np.bool_)
    for unit in np.flatnonzero(reached).tolist():
        is_wall[model.graph.of(unit)] = True
    for _, sequence in alternations:
        is_wall[list(sequence[::2])] = True
    return tuple(np.flatnonzero(is_wall & ~reached).tolist())


def _behind(model: Model, held: list[int], wall: tuple[int, ...]) -> npt.NDArray[np.intp]:
    """List what units that are not in a wall are connected to without it, themselves included."""
    is_wall = np.zeros(model.n_units, np.int8)
    is_wall[list(wall)] = 1
    piece = model.graph.label(is_wall)
    inner = [unit for unit in held if not is_wall[unit]]
    return np.flatnonzero(np.isin(piece, piece[inner]) & (is_wall == 0))


def _name(walk: Units) -> tuple[int, int]:
    """Name a face by its least dart, which is on no other."""
    return min(zip(walk.tolist(), np.roll(walk, -1).tolist(), strict=True))
