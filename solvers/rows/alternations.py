"""Alternations: units of both parts that alternate around a face cannot cross outside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from solvers.model import Model
from solvers.rows.claims import ClaimError, arguments, units_of
from solvers.rows.family import Family, Needs, Point
from solvers.rows.row import Claim, Row, Units, Values, write_row


class Alternations(Family):
    """``x[a1] - x[b1] + x[a2] - x[b2] + ... <= k_0 + k_1 - 1`` for units around a face.

    Needs a planar graph and both parts limited. Summed over the best alternation it says that the
    colours change at most ``2 (k_0 + k_1 - 1)`` times around the face.
    """

    kind = "face"
    needs = Needs.PIECES | Needs.PLANE
    units_at = (1, 2)

    def violated(self, model: Model, point: Point, violation: float) -> Iterator[Row]:
        """Yield the largest alternation of each face, where no edge has a cost."""
        return alternation_rows(model, point.values[: model.n_units], violation)

    def read(self, model: Model, claim: Claim) -> Row:
        """Read units that must occur in this order around the face beside a dart."""
        walk, sequence = read_alternation(model, *arguments(claim, 2))
        return _row((int(walk[0]), int(walk[1])), sequence, sum(model.pieces) - 1, model.n_units)


def alternation_rows(model: Model, values: Values, violation: float) -> Iterator[Row]:
    """Yield for each face the alternation that `values` violates most."""
    if model.has_cuts:
        return
    most = sum(model.pieces) - 1
    for walk in turning_walks(model, values, most, violation):
        row = alternation_row(walk, values, most)
        if row is not None:
            yield row


def turning_walks(model: Model, values: Values, most: int, violation: float) -> Iterator[Units]:
    """Yield the walks around faces on which the values change more often than `most` times two."""
    faces = model.faces
    if faces is None or not faces.n_faces:
        return
    corners = values[faces.corners]
    following = np.empty_like(corners)
    following[:-1] = corners[1:]
    following[faces.start[1:] - 1] = corners[faces.start[:-1]]
    change = np.add.reduceat(np.abs(corners - following), faces.start[:-1])
    broken = np.flatnonzero(change > 2.0 * most + 2.0 * violation)
    for face in model.stop.checking(broken.tolist()):
        yield faces.corners[faces.start[face] : faces.start[face + 1]]


def alternation_row(walk: Units, values: Values, most: int) -> Row | None:
    """Limit the largest alternation around a walk; None where it is too short to break that."""
    sequence = largest_alternation(walk, values)
    if len(sequence) <= 2 * most:
        return None
    return _row((int(walk[0]), int(walk[1])), sequence, most, len(values))


def largest_alternation(walk: Units, values: Values) -> tuple[int, ...]:
    """Take the local highs and lows around a walk: no alternation is larger than theirs."""
    heights = values[walk]
    is_new = heights != np.roll(heights, 1)
    walk, heights = walk[is_new], heights[is_new]
    before, after = np.roll(heights, 1), np.roll(heights, -1)
    is_high, is_low = (heights > before) & (heights > after), (heights < before) & (heights < after)
    ends = np.flatnonzero(is_high | is_low)
    if len(ends) and not is_high[ends[0]]:
        ends = np.roll(ends, -1)
    highs_and_lows: tuple[int, ...] = tuple(walk[ends].tolist())
    return highs_and_lows


def _row(dart: tuple[int, int], sequence: tuple[int, ...], most: int, n_units: int) -> Row:
    """Write that units do not alternate more often than parts may."""
    terms: dict[int, int] = {}
    add_alternation(terms, sequence)
    return write_row(("face", dart, sequence), 1, terms, most, n_units)


def add_alternation(terms: dict[int, int], sequence: Sequence[int]) -> None:
    """Add the terms of units that alternate, of which a cut vertex may be several."""
    for place, unit in enumerate(sequence):
        terms[unit] = terms.get(unit, 0) + (1 if place % 2 == 0 else -1)


def read_alternation(model: Model, dart: Any, given: Any) -> tuple[Units, tuple[int, ...]]:
    """Read units that occur in this order around the face beside a dart, and the walk there.

    Raises
    ------
    ClaimError
        When they do not, or no walk begins with the dart.
    """
    walk = walk_from(model, dart)
    sequence = units_of(model, given, "units", least=2)
    if len(sequence) % 2 or not occurs_around(sequence, walk.tolist()):
        raise ClaimError(f"units {sequence} do not alternate around the face.")
    return walk, sequence


def walk_from(model: Model, dart: Any) -> Units:
    """Give the walk around a face of four corners or more that begins with two units.

    Raises
    ------
    ClaimError
        When no such walk comes from the one to the other.
    """
    tail, head = units_of(model, dart, "dart", least=2)[:2]
    walk = model.walks.get((tail, head)) if len(dart) == 2 else None
    if walk is None:
        raise ClaimError(f"no walk around a face of four corners or more begins with {dart}.")
    return walk


def occurs_around(sequence: Sequence[int], walk: Sequence[int]) -> bool:
    """Whether units occur in this order on one turn around a walk, from any place of it."""
    starts = [place for place, unit in enumerate(walk) if unit == sequence[0]]
    for start in starts:
        turn = iter([*walk[start:], *walk[:start]])
        if all(unit in turn for unit in sequence):  # each goes on where the last was found
            return True
    return False
