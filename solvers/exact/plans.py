"""What the exact search does with the plans it comes to: keep the best, or note every good one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from solvers.model import Model

Assignment = npt.NDArray[np.int8]


class Plans(ABC):
    """The plans of one exact search, and the value that cases must exceed to stay open."""

    @property
    @abstractmethod
    def best(self) -> Assignment | None:
        """Best plan kept, shape ``(n_units,)``; None where none is."""

    @property
    @abstractmethod
    def value(self) -> int | None:
        """Value that a plan must exceed to be sought any further; None where every plan is."""

    @abstractmethod
    def take(self, model: Model, plan: Assignment) -> bool:
        """Look at an assignment, a plan or not; say whether `value` has risen by it."""


@dataclass(slots=True, eq=False)
class BestPlan(Plans):
    """Keeps the best plan, so that only better ones are sought."""

    _best: Assignment | None = None
    _value: int | None = None

    @classmethod
    def above(cls, value: int | None) -> BestPlan:
        """Keep only plans better than one that somebody else has."""
        return cls(None, value)

    @property
    def best(self) -> Assignment | None:
        """Best plan so far, shape ``(n_units,)``; None where there is none, or others have it."""
        return self._best

    @property
    def value(self) -> int | None:
        """Value of the best plan."""
        return self._value

    def take(self, model: Model, plan: Assignment) -> bool:
        """Keep a plan where it is one and better than the best."""
        value = model.value(plan)
        if (self._value is not None and value <= self._value) or not model.is_plan(plan):
            return False
        self._best, self._value = plan.copy(), value
        return True


@dataclass(slots=True, eq=False)
class EveryPlan(Plans):
    """Keeps none, so that every plan from a threshold on is sought.

    Parameters
    ----------
    threshold
        Least value of a plan that counts.
    n_units
        Number of units.
    witness
        Told of every such plan.

    Attributes
    ----------
    sides
        Whether any of them has the unit in part 0, and in part 1, shape ``(n_units, 2)``: such a
        plan is in no open case any more.
    """

    threshold: int
    n_units: int
    witness: Callable[[Assignment], object]
    sides: npt.NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.sides = np.zeros((self.n_units, 2), np.bool_)

    @property
    def best(self) -> None:
        """None: no plan ends the search."""
        return

    @property
    def value(self) -> int:
        """Value just below the threshold, of a plan that does not exist."""
        return self.threshold - 1

    def take(self, model: Model, plan: Assignment) -> bool:
        """Tell the witness of a plan where it is one and good enough."""
        if model.value(plan) >= self.threshold and model.is_plan(plan):
            self.sides[np.arange(len(plan)), plan] = True
            self.witness(plan)
        return False
