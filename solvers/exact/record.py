"""What an exact search has proven, case by case, so that others can check it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.exact.relaxation import Proof
from solvers.rows.row import Row

Branch = int | str | None
"""Which side of a split a case is: a unit's part, "with" or "without" roots; None at first."""


class Step(NamedTuple):
    """One proof within a case, and the units whose other side it excludes."""

    rows: npt.NDArray[np.int32]
    multipliers: npt.NDArray[np.int64]
    scale: int
    is_exclusion: bool
    bound: int
    zero: npt.NDArray[np.intp]
    one: npt.NDArray[np.intp]

    @property
    def fixes(self) -> bool:
        """Whether later steps rely on it."""
        return len(self.zero) + len(self.one) > 0


@dataclass(slots=True, eq=False)
class Case:
    """One node of the tree: how it differs from its parent, what is proven, how it splits.

    Parameters
    ----------
    parent
        Number of the parent, -1 for the first case.
    branch
        Which side of the parent's split it is.
    steps
        Proofs in the order in which they hold.
    split
        ``("unit", unit)``, ``("roots", part, units)``, or None for a leaf.
    """

    parent: int
    branch: Branch
    steps: list[Step] = field(default_factory=list)
    split: tuple[str, int] | tuple[str, int, tuple[int, ...]] | None = None


@dataclass(slots=True, eq=False)
class Record:
    """The tree of cases, and the rows that their proofs use.

    Attributes
    ----------
    cases
        Parents before children.
    rows
        Number of each row.
    """

    cases: list[Case] = field(default_factory=lambda: [Case(-1, None)])
    rows: dict[Row, int] = field(default_factory=dict)

    def open(self, parent: int, branch: Branch) -> int:
        """Begin a case and return its number."""
        self.cases.append(Case(parent, branch))
        return len(self.cases) - 1

    def add(
        self, case: int, proof: Proof, zero: npt.NDArray[np.intp], one: npt.NDArray[np.intp]
    ) -> None:
        """Add a proof to a case, in place of one that it makes superfluous."""
        steps = self.cases[case].steps
        last = steps[-1] if steps else None
        is_fixing = len(zero) + len(one) > 0
        if last is not None and not last.fixes and not last.is_exclusion:
            if not is_fixing and not proof.is_exclusion and proof.bound > last.bound:
                return
            if proof.bound <= last.bound or proof.is_exclusion:
                steps.pop()
        steps.append(
            Step(
                np.array([self._number(row) for row in proof.rows], np.int32),
                np.array(proof.multipliers, np.int64),
                proof.scale,
                proof.is_exclusion,
                proof.bound,
                zero,
                one,
            )
        )

    def _number(self, row: Row) -> int:
        return self.rows.setdefault(row, len(self.rows))
