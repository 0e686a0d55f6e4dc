"""Seeds: how many further pieces a part has."""

from __future__ import annotations

from collections.abc import Iterator

from solvers.model import Model
from solvers.rows.claims import arguments, limited_part
from solvers.rows.family import Family, Needs
from solvers.rows.row import Claim, Row, Units, write_row


class Seeds(Family):
    """``sum(r) <= k - 1``: needs a root in the part, whose own piece has no founder."""

    kind = "seeds"
    needs = Needs.ROOTS | Needs.PIECES

    def first(self, model: Model, sides: tuple[Units, Units]) -> Iterator[Row]:
        """Yield the limit of every part that may have further pieces, and has a root."""
        for part, most in enumerate(model.pieces):
            if most > 1 and len(sides[part]):
                yield seeds_row(model, part)

    def read(self, model: Model, claim: Claim) -> Row:
        """Read the limit of a part."""
        (part,) = arguments(claim, 1)
        return seeds_row(model, limited_part(model, part, least=2))

    def holds(self, model: Model, row: Row, roots: tuple[Units, Units]) -> bool:
        """Whether the part has any root."""
        return len(roots[row.claim[1]]) > 0


def seeds_row(model: Model, part: int) -> Row:
    """Write that a part with a root has at most *k* - 1 further pieces."""
    terms = {model.seed(part, unit): 1 for unit in range(model.n_units)}
    return write_row(("seeds", part), part, terms, model.pieces[part] - 1, model.n_units)
