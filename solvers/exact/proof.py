"""What multipliers of rows prove in whole numbers, whatever solved the linear program."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.exact.node import Limits, Node
from solvers.model import Model
from solvers.rows.row import Row

MOST = 2**62
"""What no sum of a proof may come to; half of what fits, so that floats may tell."""


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
    used = np.flatnonzero(multipliers)
    kept = [rows[number] for number in used.tolist()]
    terms, left = Terms.of(kept), multipliers[used]
    return add_up(model, limits, kept, terms, left, scale, is_exclusion=is_exclusion)


class Terms(NamedTuple):
    """Rows as arrays: the terms of one after the other."""

    columns: npt.NDArray[np.intp]
    coefficients: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.intp]
    """Number of terms of each row."""
    limits: npt.NDArray[np.int64]
    norms: npt.NDArray[np.float64]
    """Sum of the absolute values of each row's limit and coefficients."""

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Terms:
        """State rows as arrays."""
        columns = chain.from_iterable(row.columns for row in rows)
        coefficients = chain.from_iterable(row.coefficients for row in rows)
        sizes = np.fromiter((len(row.columns) for row in rows), np.intp, len(rows))
        n_terms = int(sizes.sum())
        factors = np.fromiter(coefficients, np.int64, n_terms)
        limits = np.fromiter((row.limit for row in rows), np.int64, len(rows))
        norms = np.abs(limits).astype(np.float64)
        np.add.at(norms, np.repeat(np.arange(len(rows)), sizes), np.abs(factors))
        return cls(np.fromiter(columns, np.intp, n_terms), factors, sizes, limits, norms)

    def take(self, numbers: npt.NDArray[np.integer]) -> Terms:
        """State some of the rows."""
        ends, sizes = np.cumsum(self.sizes), self.sizes[numbers]
        starts = (ends - self.sizes)[numbers]
        behind = np.cumsum(sizes) - sizes
        places = np.repeat(starts - behind, sizes) + np.arange(int(sizes.sum()))
        columns, coefficients = self.columns[places], self.coefficients[places]
        return Terms(columns, coefficients, sizes, self.limits[numbers], self.norms[numbers])


def add_up(
    model: Model,
    limits: tuple[Limits, Limits],
    rows: list[Row],
    terms: Terms,
    multipliers: npt.NDArray[np.int64],
    scale: int,
    *,
    is_exclusion: bool = False,
) -> Proof:
    """State what whole multipliers prove of rows, given with their terms.

    No sum may exceed 64 bits: :func:`prove` chooses scales that keep to it, and :func:`are_small`
    says whether others do.
    """
    rest = np.zeros_like(model.gains) if is_exclusion else model.gains * scale
    np.subtract.at(rest, terms.columns, np.repeat(multipliers, terms.sizes) * terms.coefficients)
    n_units, (lower, upper) = model.n_units, limits
    units = rest[:n_units]
    total = int((multipliers * terms.limits).sum())
    total += int(np.maximum(units * lower, units * upper).sum())
    # Few of the others have anything left; a wide one may exceed 64 bits.
    for column in (n_units + np.flatnonzero(rest[n_units:] > 0)).tolist():
        total += int(rest[column]) * int(model.most[column])
    return Proof(rows, multipliers.tolist(), scale, is_exclusion, total, units.copy())


def are_small(
    model: Model,
    terms: Terms,
    multipliers: npt.NDArray[np.int64],
    scale: int,
    *,
    is_exclusion: bool = False,
) -> bool:
    """Whether no sum of a proof comes near 64 bits."""
    gains = 0.0 if is_exclusion else float(np.abs(model.gains).astype(np.float64).sum())
    largest = float(scale) * gains + float(multipliers.astype(np.float64) @ terms.norms)
    return scale < MOST and largest < MOST


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
