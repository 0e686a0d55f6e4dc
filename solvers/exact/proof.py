"""What multipliers of rows prove in whole numbers, whatever solved the linear program."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.exact.node import Limits, Node
from solvers.model import Model
from solvers.rows.row import Row


class Proof(NamedTuple):
    """Multipliers of rows, and what they prove in whole numbers.

    With multipliers ``m / scale`` of at least 0, no plan within the limits has a larger value than
    ``total / scale`` (weak duality), whatever the multipliers are.
    """

    rows: list[Row]
    multipliers: list[int]
    """Above 0, one for each row."""
    scale: int
    is_exclusion: bool
    """Whether gains count as nothing: a total below 0 then excludes every plan."""
    total: int
    rest: npt.NDArray[np.int64]
    """What is left of each unit's gain, times the scale, shape ``(n_units,)``."""

    @property
    def bound(self) -> int:
        """The largest value that any plan within the limits can have."""
        return self.total // self.scale


def prove(
    model: Model,
    limits: tuple[Limits, Limits],
    rows: Sequence[Row],
    duals: npt.NDArray[np.float64],
    norms: npt.NDArray[np.float64],
    *,
    is_exclusion: bool = False,
) -> Proof:
    """Compute what multipliers prove, whatever rounding did to them.

    They are rounded down, which costs sharpness, never validity.

    Parameters
    ----------
    model
        What to divide.
    limits
        Least and largest value of each unit, 0 or 1, each of shape ``(n_units,)``.
    rows, duals
        Rows and their multipliers, of any sign and size, in votes; those below 0 count as 0.
    norms
        Sum of the absolute values of each row's limit and coefficients.
    is_exclusion
        Whether gains are to count as nothing.
    """
    gains = np.zeros_like(model.gains) if is_exclusion else model.gains
    scale, multipliers = _scaled(duals, norms, gains)
    rest = gains * scale
    total = 0
    used = [
        (row, multiplier)
        for row, multiplier in zip(rows, multipliers.tolist(), strict=True)
        if multiplier
    ]
    for row, multiplier in used:
        total += multiplier * row.limit
        for column, coefficient in zip(row.columns, row.coefficients, strict=True):
            rest[column] -= multiplier * coefficient
    n_units, (lower, upper) = model.n_units, limits
    units = rest[:n_units]
    total += int(np.maximum(units * lower, units * upper).sum())
    # Few of the others have anything left; a wide one may exceed 64 bits.
    for column in (n_units + np.flatnonzero(rest[n_units:] > 0)).tolist():
        total += int(rest[column]) * int(model.most[column])
    return Proof(
        [row for row, _ in used],
        [multiplier for _, multiplier in used],
        scale,
        is_exclusion,
        total,
        units.copy(),
    )


def proof_of(model: Model, node: Node, row: Row, scale: int = 1) -> Proof:
    """State what one row proves within a node's limits, once and at a scale of all gains."""
    rest = scale * model.gains
    rest[list(row.columns)] -= np.array(row.coefficients, np.int64)
    best = np.maximum(rest * node.lower, rest * node.upper)
    return Proof([row], [1], scale, False, row.limit + int(best.sum()), rest)


def _scaled(
    duals: npt.NDArray[np.float64],
    norms: npt.NDArray[np.float64],
    weights: npt.NDArray[np.int64],
) -> tuple[int, npt.NDArray[np.int64]]:
    """Round multipliers down to multiples of 1 / scale, so that no sum of a proof exceeds 2**62.

    Every sum adds at most each weight, and each row's limit and entries times its multiplier.
    Multipliers too large even for whole units count as 0: they bound nothing, but prove nothing
    wrong.
    """
    duals = np.where(np.isfinite(duals), np.maximum(duals, 0.0), 0.0)
    largest = float(np.abs(weights).astype(np.float64).sum()) + float(duals @ (norms + 1.0)) + 1.0
    bits = 61 - int(np.ceil(np.log2(largest)))
    if bits < 0:
        duals, bits = np.zeros_like(duals), 0
    # Fine enough for the widest row: amounts of a budget run into billions.
    fine = max(20, math.ceil(math.log2(float(norms.max(initial=1.0)))) + 4)
    scale = 2 ** min(fine, bits)
    return scale, np.floor(duals * scale).astype(np.int64)
