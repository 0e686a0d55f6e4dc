"""What an exact search has proven, case by case, so that others can check it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.exact.proof import Proof
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

    def first_rows(self) -> list[Row]:
        """List the rows that the bound of the first case split on a unit rested on, if any is."""
        cases = (case for case in self.cases if case.split is not None and case.split[0] == "unit")
        steps = [step for case in islice(cases, 1) for step in case.steps]
        if not steps:
            return []
        rows = list(self.rows)
        return [rows[number] for number in min(steps, key=lambda step: step.bound).rows.tolist()]

    def open(self, parent: int, branch: Branch) -> int:
        """Begin a case and return its number."""
        self.cases.append(Case(parent, branch))
        return len(self.cases) - 1

    def add(
        self, case: int, proof: Proof, zero: npt.NDArray[np.intp], one: npt.NDArray[np.intp]
    ) -> None:
        """Add a proof to a case, in place of one that it makes superfluous."""
        numbers = np.array([self._number(row) for row in proof.rows], np.int32)
        multipliers = np.array(proof.multipliers, np.int64)
        self._put(
            case,
            Step(numbers, multipliers, proof.scale, proof.is_exclusion, proof.bound, zero, one),
        )

    def graft(self, case: int, other: Record) -> list[int]:
        """Put what is known of a case, as the first one of another record, in its place here.

        Returns
        -------
        list of int
            Number of each case of the other record in this one.
        """
        rows = np.array([self._number(row) for row in other.rows], np.int32)
        numbers = [case]
        for grafted in other.cases[1:]:
            numbers.append(self.open(numbers[grafted.parent], grafted.branch))
        for number, grafted in zip(numbers, other.cases, strict=True):
            for step in grafted.steps:
                self._put(number, step._replace(rows=rows[step.rows]))
            self.cases[number].split = grafted.split
        return numbers

    def _put(self, case: int, step: Step) -> None:
        steps = self.cases[case].steps
        last = steps[-1] if steps else None
        if last is not None and not last.fixes and not last.is_exclusion:
            if not step.fixes and not step.is_exclusion and step.bound > last.bound:
                return
            if step.bound <= last.bound or step.is_exclusion:
                steps.pop()
        steps.append(step)

    def _number(self, row: Row) -> int:
        return self.rows.setdefault(row, len(self.rows))
