"""A row: one linear inequality with the claim that makes it valid, and how it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.model import Model

Values = npt.NDArray[np.float64]
Units = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One linear inequality, and the claim that makes it valid.

    Parameters
    ----------
    claim
        Kind and arguments, as a certificate states them: nested tuples of whole numbers.
    columns, coefficients, limit
        The inequality ``sum(coefficients * variables[columns]) <= limit``.
    """

    claim: tuple[Any, ...]
    columns: tuple[int, ...]
    coefficients: tuple[int, ...]
    limit: int
    _hash: int = field(init=False)
    _zone: int | None = field(default=None, init=False)

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

    def zone(self, model: Model) -> int:
        """Mark, as bits, the units that may not be among the roots: behind a wall, or in a set."""
        if self._zone is None:
            model.stop.check()
            kind, _, place, beyond = self.claim
            is_in = np.zeros(model.n_units, np.bool_)
            if kind == "separator":
                is_in[behind(model, place, beyond)] = True
            elif kind == "chain":
                is_in[behind(model, place, chain.from_iterable(beyond))] = True
            else:
                is_in[[unit for members in beyond for unit in members]] = True
            bits = np.packbits(is_in, bitorder="little").tobytes()
            zone = int.from_bytes(bits, "little")
            object.__setattr__(self, "_zone", zone)
            return zone
        return self._zone

    def excess(self, values: Values) -> float:
        """By how much values of the variables break the row."""
        held = float(values[list(self.columns)] @ np.array(self.coefficients, float))
        return held - self.limit


def write_row(
    claim: tuple[Any, ...], part: int, terms: dict[int, int], limit: int, n_units: int
) -> Row:
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
