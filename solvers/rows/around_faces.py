"""Alternations and turns: how often the colours change around a face."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from solvers.model import Model
from solvers.rows.row import Row, Units, Values, write_row


def face_rows(model: Model, values: Values, violation: float) -> Iterator[Row]:
    """Yield for each face the alternation that `values` violates most."""
    faces = model.faces
    if faces is None or not faces.n_faces:
        return
    most = sum(model.pieces) - 1
    corners = values[faces.corners]
    following = np.empty_like(corners)
    following[:-1] = corners[1:]
    following[faces.start[1:] - 1] = corners[faces.start[:-1]]
    change = np.add.reduceat(np.abs(corners - following), faces.start[:-1])
    broken = np.flatnonzero(change > 2.0 * most + 2.0 * violation)
    for face in model.stop.checking(broken.tolist()):
        walk = faces.corners[faces.start[face] : faces.start[face + 1]]
        if model.has_costs:
            yield turn_row(model, walk, values, most)
            continue
        row = alternation_row(walk, values, most)
        if row is not None:
            yield row


def turn_row(model: Model, walk: Units, values: Values, most: int) -> Row:
    """Write that the colours change no more often around a walk, edge by edge."""
    corners = walk.tolist()
    terms: dict[int, int] = {}
    signs = []
    for i, j in pairwise([*corners, corners[0]]):
        pair = model.pair_of[i, j]
        sign = 0 if model.costs[pair] else 1 if values[i] > values[j] else -1
        signs.append(sign)
        if sign:
            terms[i], terms[j] = terms.get(i, 0) + sign, terms.get(j, 0) - sign
        else:
            terms[model.cut(pair)] = terms.get(model.cut(pair), 0) + 1
    claim = ("turn", (corners[0], corners[1]), tuple(signs))
    return write_row(claim, 1, terms, 2 * most, model.n_units)


def alternation_row(walk: Units, values: Values, most: int) -> Row | None:
    """Take the local highs and lows around a walk: no alternation is larger than theirs."""
    dart = (int(walk[0]), int(walk[1]))
    heights = values[walk]
    is_new = heights != np.roll(heights, 1)
    walk, heights = walk[is_new], heights[is_new]
    before, after = np.roll(heights, 1), np.roll(heights, -1)
    is_high, is_low = (heights > before) & (heights > after), (heights < before) & (heights < after)
    n_highs = int(is_high.sum())
    if n_highs <= most:
        return None
    ends = np.flatnonzero(is_high | is_low)
    if not is_high[ends[0]]:
        ends = np.roll(ends, -1)
    sequence = tuple(walk[ends].tolist())
    terms: dict[int, int] = {}
    for place, unit in enumerate(sequence):  # a walk passes a cut vertex more than once
        terms[unit] = terms.get(unit, 0) + (1 if place % 2 == 0 else -1)
    return write_row(("face", dart, sequence), 1, terms, most, len(values))
