"""Nodes of the exact search: what is decided, and which units a part must hold one of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from solvers.model import Model
from solvers.rows.row import Row

Limits = npt.NDArray[np.int8]
Units = npt.NDArray[np.int32]
Members = npt.NDArray[np.intp]
Roots = tuple[Units | None, Units | None]
"""Roots of both parts: None where not chosen yet, empty where the part needs or has none."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One case: limits on the variables, roots of both parts, and a proven bound.

    `roots` of a part is None while the part, though contiguous, has none yet.
    """

    bound: int
    lower: Limits
    upper: Limits
    roots: Roots
    stage: int = 0
    depth: int = 0
    n_idle: int = 0
    """Rounds in a row that hardly moved the bound."""
    case: int = 0
    """Its number in the record."""
    rows: tuple[Row, ...] = ()
    """Rows that its bound rests on."""
    reached: int | None = None
    """Bound of its latest relaxation, which may lack rows that its own bound rests on."""

    def decided(self, unit: int, side: int) -> tuple[Limits, Limits]:
        """Limits once a unit has joined a part."""
        lower, upper = self.lower.copy(), self.upper.copy()
        lower[unit] = upper[unit] = side
        return lower, upper

    def narrowed(self, unit: int, side: int) -> Roots | None:
        """Roots once a unit has joined a part; None where that leaves no plan.

        A chosen root stands alone, a lost one leaves the set. A part that must hold one of its
        roots, and has lost the last, holds no plan.
        """
        roots = list(self.roots)
        for part, units in enumerate(self.roots):
            if units is None or unit not in units:
                continue
            roots[part] = np.array([unit], np.int32) if side == part else units[units != unit]
            if side != part and len(units) == 1:
                return None
        return roots[0], roots[1]

    def on_side(self, model: Model, unit: int, side: int) -> Node | None:
        """State the case that a unit joins a part; None where that leaves no plan."""
        roots = self.narrowed(unit, side)
        if roots is None:
            return None
        lower, upper = self.decided(unit, side)
        bound = min(self.bound, sum_of_best(model, lower, upper))
        return self._below(bound, lower, upper, roots)

    def rooted(self, part: int, units: Units) -> Node:
        """State the case that a part holds one of some units at least."""
        first, second = self.roots
        return replace(self, roots=(units, second) if part == 0 else (first, units))

    def without(self, model: Model, part: int, units: Units) -> Node | None:
        """State the case that a part holds none of some units; None where that leaves no plan."""
        nobody = np.empty(0, np.intp)
        left = self.settled(units, nobody) if part == 1 else self.settled(nobody, units)
        if left is None or np.any(left.lower > left.upper):
            return None
        bound = min(self.bound, sum_of_best(model, left.lower, left.upper))
        return self._below(bound, left.lower, left.upper, left.roots)

    def _below(self, bound: int, lower: Limits, upper: Limits, roots: Roots) -> Node:
        depth = self.depth + 1
        return replace(
            self, bound=bound, lower=lower, upper=upper, roots=roots, stage=0, depth=depth
        )

    def settled(self, zero: Members | Units, one: Members | Units) -> Node | None:
        """Join some units to part 0 and some to part 1; None where that leaves no plan."""
        lower, upper = self.lower.copy(), self.upper.copy()
        upper[zero], lower[one] = 0, 1
        node = replace(self, lower=lower, upper=upper)
        nobody = np.empty(0, np.int32)
        known = np.concatenate([nobody, *(units for units in self.roots if units is not None)])
        for side, units in enumerate((zero, one)):
            for unit in units[np.isin(units, known)].tolist():  # others change no roots
                roots = node.narrowed(unit, side)
                if roots is None:
                    return None
                node = replace(node, roots=roots)
        return node


def sum_of_best(model: Model, lower: Limits, upper: Limits) -> int:
    """Bound the value by letting every unit gain what its limits allow."""
    weights = model.weights
    return int(np.maximum(weights * lower, weights * upper).sum())


def whole_of(model: Model) -> Node:
    """State the first case: what is fixed is decided, and parts in few pieces lack their roots."""
    lower = (model.fixed == 1).astype(np.int8)
    upper = (model.fixed != 0).astype(np.int8)
    nobody = np.empty(0, np.int32)
    roots: Roots = (
        None if model.pieces[0] else nobody,
        None if model.pieces[1] else nobody,
    )
    return Node(sum_of_best(model, lower, upper), lower, upper, roots)
