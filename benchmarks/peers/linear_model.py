"""A mixed-integer program as plain arrays, for any solver to take over."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from solvers.problem import FREE, Problem

Whole = npt.NDArray[np.int64]


@dataclass(slots=True)
class LinearModel:
    """Maximise ``offset + objective @ v`` over rows ``least <= sum(factor * v[column]) <= most``.

    The first columns are the units of a problem: 1 in part 1, 0 in part 0. Columns are added by
    :meth:`add_columns`, rows by :meth:`add_rows`.

    Parameters
    ----------
    problem
        What to divide; its fixed units become limits of their columns.
    """

    problem: Problem
    lower: list[Whole] = field(default_factory=list)
    upper: list[Whole] = field(default_factory=list)
    is_integer: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    n_columns: int = 0
    n_rows: int = 0
    _rows: list[Whole] = field(default_factory=list)
    _columns: list[Whole] = field(default_factory=list)
    _factors: list[Whole] = field(default_factory=list)
    _least: list[npt.NDArray[np.float64]] = field(default_factory=list)
    _most: list[npt.NDArray[np.float64]] = field(default_factory=list)

    def __post_init__(self) -> None:
        fixed = self.problem.fixed
        self.add_columns(self.problem.n_units, 1)
        self.lower[0] = np.where(fixed == FREE, 0, fixed).astype(np.int64)
        self.upper[0] = np.where(fixed == FREE, 1, fixed).astype(np.int64)

    @property
    def offset(self) -> int:
        """Objective when every unit is in part 0."""
        return int(self.problem.gains[:, 0].sum())

    def add_columns(self, number: int, most: int | Whole, *, is_integer: bool = True) -> Whole:
        """Add variables from 0 to `most` and return their columns, shape ``(number,)``."""
        self.lower.append(np.zeros(number, np.int64))
        self.upper.append(np.broadcast_to(np.asarray(most, np.int64), (number,)).copy())
        self.is_integer.append(np.full(number, is_integer))
        columns = np.arange(self.n_columns, self.n_columns + number, dtype=np.int64)
        self.n_columns += number
        return columns

    def add_rows(
        self,
        number: int,
        *terms: tuple[npt.ArrayLike, npt.ArrayLike, int],
        least: npt.ArrayLike = -np.inf,
        most: npt.ArrayLike = np.inf,
    ) -> None:
        """Add `number` rows; each term puts columns with one factor into rows, counted from 0."""
        for rows, columns, factor in terms:
            pair = np.broadcast_arrays(np.asarray(rows, np.int64), np.asarray(columns, np.int64))
            self._rows.append(self.n_rows + pair[0].ravel())
            self._columns.append(pair[1].ravel())
            self._factors.append(np.full(pair[1].size, factor, np.int64))
        self._least.append(np.broadcast_to(np.asarray(least, float), (number,)))
        self._most.append(np.broadcast_to(np.asarray(most, float), (number,)))
        self.n_rows += number

    def entries(self) -> tuple[Whole, Whole, Whole]:
        """Rows, columns and factors of the matrix, row by row, no entry twice or zero."""
        rows, columns = np.concatenate(self._rows), np.concatenate(self._columns)
        factors = np.concatenate(self._factors)
        order = np.lexsort((columns, rows))
        rows, columns, factors = rows[order], columns[order], factors[order]
        is_new = np.ones(len(rows), bool)
        is_new[1:] = (np.diff(rows) != 0) | (np.diff(columns) != 0)
        summed = np.add.reduceat(factors, np.flatnonzero(is_new))
        kept = summed != 0
        return rows[is_new][kept], columns[is_new][kept], summed[kept]

    def limits(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Least and most of every row, shape ``(n_rows,)`` each."""
        return np.concatenate(self._least), np.concatenate(self._most)
