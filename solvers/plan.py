"""A plan: which part every unit joins."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The part, 0 or 1, of every unit.

    Parameters
    ----------
    assignment
        Part of each unit, shape ``(n_units,)``.

    Raises
    ------
    ValueError
        When a value is neither 0 nor 1.

    Examples
    --------
    >>> plan = Plan(np.array([0, 1, 1]))
    >>> len(plan), list(plan)
    (3, [0, 1, 1])
    >>> plan.to_series(["a", "b", "c"]).to_dict()
    {'a': 0, 'b': 1, 'c': 1}
    """

    assignment: npt.NDArray[np.int8]

    def __post_init__(self) -> None:
        given = np.asarray(self.assignment)
        if given.ndim != 1:
            raise ValueError(f"assignment has shape {given.shape}, expected (n_units,).")
        wrong = np.flatnonzero((given != 0) & (given != 1))
        if len(wrong):
            raise ValueError(f"assignment[{wrong[0]}] = {given[wrong[0]]}, expected 0 or 1.")
        assignment = given.astype(np.int8)
        assignment.setflags(write=False)
        object.__setattr__(self, "assignment", assignment)

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """Pickle what it is made from, so that a copy is checked and read-only as well."""
        return type(self), (self.assignment,)

    def __repr__(self) -> str:
        n_ones = int(self.assignment.sum())
        return f"<Plan: {self.n_units - n_ones:,} units in part 0, {n_ones:,} in part 1>"

    def __len__(self) -> int:
        return self.n_units

    def __iter__(self) -> Iterator[int]:
        return iter(self.assignment.tolist())

    def to_series(self, ids: Iterable[Hashable] | None = None) -> pd.Series:
        """State the part of each unit as a series of pandas.

        Parameters
        ----------
        ids
            What the units are called, such as ``run.units.id``; their rows unless given.

        Raises
        ------
        ValueError
            When there are more or fewer of them than units.
        """
        # The solvers need no tables; whoever asks for one has pandas.
        import pandas as pd  # noqa: PLC0415

        index = None if ids is None else pd.Index(list(ids))
        return pd.Series(self.assignment.copy(), index=index, name="part")

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.assignment)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Plan):
            return NotImplemented
        return np.array_equal(self.assignment, other.assignment)

    def __hash__(self) -> int:
        return hash(self.assignment.tobytes())
