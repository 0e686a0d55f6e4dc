"""Turns: all alternations around a face at once, edge by edge."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from solvers.model import Model
from solvers.rows.alternations import turning_walks, walk_from
from solvers.rows.claims import ClaimError, arguments, several
from solvers.rows.family import Family, Needs, Point
from solvers.rows.row import Claim, Row, Units, Values, write_row


class Turns(Family):
    """``sum(y[edges]) <= 2 (k_0 + k_1 - 1)`` for the edges around a face.

    An edge without a cost counts as ``x[i] - x[j]`` or its negative. Needs the same as
    alternations, and costs: it says what all alternations around the face say at once.
    """

    kind = "turn"
    needs = Needs.PIECES | Needs.PLANE | Needs.COSTS
    units_at = (1,)

    def violated(self, model: Model, point: Point, violation: float) -> Iterator[Row]:
        """Yield the violated row of each face, where edges have costs."""
        return turn_rows(model, point.values[: model.n_units], violation)

    def read(self, model: Model, claim: Claim) -> Row:
        """Read the walk that begins with a dart, and how each of its edges counts."""
        dart, given = arguments(claim, 2)
        walk = walk_from(model, dart)
        signs = several(given, "signs", least=1)
        if len(signs) != len(walk):
            raise ClaimError(f"{len(signs)} signs for {len(walk)} edges around the face.")
        for sign, pair in zip(signs, _pairs(model, walk), strict=True):
            is_sign = type(sign) is int and -1 <= sign <= 1
            if not is_sign or (sign == 0 and not model.is_counted[pair]):
                raise ClaimError(f"sign {sign!r} for edge {pair}: 0 needs a cost, 1 or -1 none.")
        return turn_row(model, walk, signs)


def turn_rows(model: Model, values: Values, violation: float) -> Iterator[Row]:
    """Yield the rows of the faces around which the colours change too often."""
    if not model.has_cuts:
        return
    most = sum(model.pieces) - 1
    for walk in turning_walks(model, values, most, violation):
        ends = pairwise([*walk.tolist(), int(walk[0])])
        signs = tuple(
            0 if model.is_counted[pair] else 1 if values[i] > values[j] else -1
            for (i, j), pair in zip(ends, _pairs(model, walk), strict=True)
        )
        yield turn_row(model, walk, signs)


def turn_row(model: Model, walk: Units, signs: tuple[int, ...]) -> Row:
    """Write that the colours change no more often around a walk, edge by edge."""
    corners = walk.tolist()
    terms: dict[int, int] = {}
    ends = pairwise([*corners, corners[0]])
    for (i, j), pair, sign in zip(ends, _pairs(model, walk), signs, strict=True):
        if sign:
            terms[i], terms[j] = terms.get(i, 0) + sign, terms.get(j, 0) - sign
        else:
            terms[model.cut(pair)] = terms.get(model.cut(pair), 0) + 1
    most = sum(model.pieces) - 1
    return write_row(("turn", (corners[0], corners[1]), signs), 1, terms, 2 * most, model.n_units)


def _pairs(model: Model, walk: Units) -> list[int]:
    """List the edges that a closed walk goes along."""
    corners = walk.tolist()
    return [model.pair_of[ends] for ends in pairwise([*corners, corners[0]])]
