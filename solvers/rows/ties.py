"""Ties: units of one group lie in one part."""

from __future__ import annotations

from collections.abc import Iterator

from solvers.model import Model
from solvers.rows.claims import arguments, number
from solvers.rows.family import Family, Needs
from solvers.rows.row import Claim, Row, Units, write_row


class Ties(Family):
    """``x[i] <= x[j]`` and its mirror hold for two units of one group."""

    kind = "tie"
    needs = Needs.RULES

    def first(self, model: Model, sides: tuple[Units, Units]) -> Iterator[Row]:
        """Yield both rows of every tie."""
        return tie_rows(model)

    def read(self, model: Model, claim: Claim) -> Row:
        """Read a tie by its number and direction."""
        tie, direction = arguments(claim, 2)
        return tie_row(
            model, number(tie, len(model.ties), "tie"), number(direction, 2, "direction")
        )


def tie_rows(model: Model) -> Iterator[Row]:
    """Yield the rows of all ties."""
    for tie in model.stop.checking(range(len(model.ties))):
        yield tie_row(model, tie, 0)
        yield tie_row(model, tie, 1)


def tie_row(model: Model, tie: int, direction: int) -> Row:
    """Write that one unit of a tie follows the other."""
    i, j = model.ties[tie].tolist()
    terms = {i: -1, j: 1} if direction else {i: 1, j: -1}
    return write_row(("tie", tie, direction), 1, terms, 0, model.n_units)
