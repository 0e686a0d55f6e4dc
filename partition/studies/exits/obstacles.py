"""What a move would tear, or shut in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from partition.studies.exits.ground import Ground

TEARS, SHUTS_IN = "it would tear the nation", "it would leave an enclave"
"""Why a mover has to wait."""

Rows = npt.NDArray[np.intp]

_GOING = 2
"""Colour of rows that are in neither nation for the moment."""


class Finding(NamedTuple):
    """Whether a mover has to wait."""

    why: str
    """Why it has to; empty where it need not."""
    apart: tuple[Rows, ...] = ()
    """It has to as long as nobody joins its nation and, of each of these, one row is left: what it
    alone holds together, or connects to a coast, is so when others leave as well, since none of
    them may tear anything, or shut it in."""

    def still_holds(self, leaves: npt.NDArray[np.bool_]) -> bool:
        """Whether it has to wait for the same reason after others have left, and none returned."""
        # The first row tells in most cases.
        return all(not (leaves[rows[0]] and leaves[rows].all()) for rows in self.apart)


def obstacle(
    ground: Ground,
    leaves: npt.NDArray[np.bool_],
    mover: int,
    *,
    in_one_piece: bool,
    no_enclaves: bool,
) -> Finding:
    """Find out whether a mover has to wait.

    Parameters
    ----------
    ground
        The land.
    leaves
        Whether each row belongs to the leaving nation at this moment, shape ``(n_rows,)``.
    mover
        What would change its nation.
    in_one_piece
        Whether it has to wait where two rows of the nation that it leaves would not hang together
        any more.
    no_enclaves
        Whether it has to wait where of a piece with a coast, or a border with another country, it
        would leave one that has neither.
    """
    rows = ground.members[mover]
    bits = [(bit, _beside(ground, leaves, rows, bit)) for bit in _connected(ground, rows)]
    is_coastal = no_enclaves and any(ground.is_open[row] for row in rows)
    if not is_coastal and all(_is_ring(ground, beside) for _, beside in bits):
        return Finding("")
    colours = leaves.astype(np.int8)
    colours[list(rows)] = _GOING
    labels = ground.graph.label(colours)
    around = [np.unique(labels[beside]) for _, beside in bits]
    for pieces in around:
        if in_one_piece and len(pieces) > 1:
            return Finding(TEARS, tuple(np.flatnonzero(labels == one) for one in pieces[:2]))
    if no_enclaves:
        is_open = np.array(ground.is_open)
        for (bit, _), pieces in zip(bits, around, strict=True):
            reaches = np.isin(pieces, labels[is_open])
            if (reaches.any() or is_open[bit].any()) and not reaches.all():
                return Finding(SHUTS_IN, (np.flatnonzero(labels == pieces[~reaches][0]),))
    return Finding("")


def _connected(ground: Ground, rows: Sequence[int]) -> Iterator[list[int]]:
    """Split a mover into what hangs together: a state may lie on both sides of a lake."""
    left = set(rows)
    for start in rows:
        if start in left:
            left.remove(start)
            bit = [start]
            for row in bit:
                for near in ground.neighbours[row]:
                    if near in left:
                        left.remove(near)
                        bit.append(near)
            yield bit


def _beside(
    ground: Ground, leaves: npt.NDArray[np.bool_], rows: Sequence[int], bit: Sequence[int]
) -> list[int]:
    """List the rows that a part of a mover leaves beside it in its nation."""
    own, gone = leaves[rows[0]], set(rows)
    near = {other for row in bit for other in ground.neighbours[row]}
    return sorted(row for row in near - gone if leaves[row] == own)


def _is_ring(ground: Ground, beside: Sequence[int]) -> bool:
    """Whether rows hang together by themselves, as those around a unit do as a rule."""
    if len(beside) < 2:
        return True
    left = set(beside[1:])
    found = [beside[0]]
    for row in found:
        for near in ground.neighbours[row]:
            if near in left:
                left.remove(near)
                found.append(near)
    return not left
