"""A row: one linear inequality with the claim that makes it valid, and how it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.model import Model

Values = npt.NDArray[np.float64]
Units = npt.NDArray[np.int32]
Claim = tuple[Any, ...]
"""Kind and arguments of a row: nested tuples of whole numbers after the kind."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One linear inequality, and the claim that makes it valid.

    Parameters
    ----------
    claim
        Kind and arguments, as a certificate states them.
    columns, coefficients, limit
        The inequality ``sum(coefficients * variables[columns]) <= limit``.
    """

    claim: Claim
    columns: tuple[int, ...]
    coefficients: tuple[int, ...]
    limit: int
    _hash: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(self.claim))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and self.claim == other.claim

    def __hash__(self) -> int:
        return self._hash

    @property
    def kind(self) -> str:
        """Family of the row."""
        kind: str = self.claim[0]
        return kind

    def excess(self, values: Values) -> float:
        """By how much values of the variables break the row."""
        held = float(values[list(self.columns)] @ np.array(self.coefficients, float))
        return held - self.limit


def write_row(claim: Claim, part: int, terms: dict[int, int], limit: int, n_units: int) -> Row:
    """Write a row that is stated in shares of a part; `terms` maps variables to factors."""
    kept = sorted((column, factor) for column, factor in terms.items() if factor)
    if part == 0:
        limit -= sum(factor for column, factor in kept if column < n_units)
        kept = [(column, -factor if column < n_units else factor) for column, factor in kept]
    columns = tuple(column for column, _ in kept)
    return Row(claim, columns, tuple(factor for _, factor in kept), limit)


def shares(values: Values, model: Model, part: int) -> Values:
    """Give the share of every unit in a part."""
    units = values[: model.n_units]
    return units if part == 1 else 1.0 - units


def behind(model: Model, unit: int, wall: Iterable[int]) -> npt.NDArray[np.intp]:
    """List the units that a wall leaves connected to a unit, itself included, ascending."""
    is_wall = np.zeros(model.n_units, np.int8)
    is_wall[list(wall)] = 1
    piece = model.graph.label(is_wall)
    return np.flatnonzero((piece == piece[unit]) & (is_wall == 0))
