"""Apart: units that a wall keeps from each other are not all in a part without a unit of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solvers.model import Model
from solvers.rows.claims import ClaimError, arguments, limited_part, set_of, units_of
from solvers.rows.family import Family, Needs, Side, Torn
from solvers.rows.row import Claim, Row, write_row
from solvers.rows.separators import wall_around


class Apart(Family):
    """``sum(z[a_0], ..., z[a_k]) <= k + sum(z[S])`` for units that *S* separates from each other.

    Needs *k* >= 1, *k* + 1 units on one landmass, and no roots.
    """

    kind = "apart"
    needs = Needs.PIECES
    units_at = (2, 3)

    def mending(self, model: Model, side: Side, torn: Torn) -> Iterator[Row]:
        """Yield a row for every landmass with too many pieces."""
        most = model.pieces[side.part]
        by_landmass: dict[int, list[list[int]]] = {}
        for members in torn.pieces:
            by_landmass.setdefault(int(model.landmass[members[0]]), []).append(members)
        for several in model.stop.checking(by_landmass.values()):
            if len(several) > most:
                units = tuple(members[0] for members in several[: most + 1])
                walls = [set(wall_around(model, members)) for members in several[: most + 1]]
                yield apart_row(model, side.part, units, tuple(sorted(set().union(*walls))))

    def read(self, model: Model, claim: Claim) -> Row:
        """Read one unit more than a part may have pieces, and a wall between all of them."""
        given, given_units, given_wall = arguments(claim, 3)
        part = limited_part(model, given)
        units = units_of(model, given_units, "units", least=2)
        wall = set_of(model, given_wall, "wall")
        is_wall = np.zeros(model.n_units, np.int8)
        is_wall[list(wall)] = 1
        pieces = model.graph.label(is_wall)[list(units)]
        if (
            len(units) != model.pieces[part] + 1
            or is_wall[list(units)].any()
            or len(np.unique(pieces)) < len(units)
            or len(np.unique(model.landmass[list(units)])) > 1
        ):
            raise ClaimError(
                f"units {units} are not {model.pieces[part] + 1} of one landmass that a wall keeps "
                "from each other."
            )
        return apart_row(model, part, units, wall)


def apart_row(model: Model, part: int, units: tuple[int, ...], wall: tuple[int, ...]) -> Row:
    """Write that units which a wall separates are one too many without a unit of it."""
    terms = dict.fromkeys(wall, -1) | dict.fromkeys(units, 1)
    return write_row(("apart", part, units, wall), part, terms, len(units) - 1, model.n_units)
