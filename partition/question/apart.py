r"""How far a plan is from others: people in units that are in another nation, as budgets.

With ``y`` another plan and ``x`` this one, 1 for the blue nation, and ``p`` the people of a unit,
the people who live in units that changed nation are linear in ``x``, since ``y`` is given:

.. math:: \sum_{y_i = 0} p_i x_i + \sum_{y_i = 1} p_i (1 - x_i)

So at least ``d`` of them are a limit on what the blue nation holds of ``p (1 - 2 y)``: at least
``d - sum of p where y is 1``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from partition.errors import ClashError
from partition.question.gazetteer import Gazetteer
from partition.question.quantities import Ints, amounts
from partition.scenario import Scenario
from shapefiles.units import Units
from solvers.problem import Budget

QUANTITY = {"people": "population", "voters": "votes"}
"""What a distance counts, by the key of ``[apart]``."""


def apart_budgets(units: Units, scenario: Scenario) -> Iterator[Budget]:
    """State how far the plan must be from each of the others.

    Raises
    ------
    ScenarioError
        When a plan names what is no unit, or the data lack what is counted.
    ClashError
        When there are not so many people, or voters, at all.
    """
    rules = scenario.apart
    if not rules.plans:
        return
    gazetteer = Gazetteer(units)
    for key, quantity in QUANTITY.items():
        least = getattr(rules, key)
        if least is None:
            continue
        held = amounts(units, quantity, scenario.election, f"apart.{key}")
        if least > held.sum():
            raise ClashError(
                f"apart.{key} = {least} cannot be met: the units have {int(held.sum())} {key} in "
                "all. Ask for fewer."
            )
        for number, plan in enumerate(rules.plans, 1):
            is_blue = np.zeros(units.n_units, np.bool_)
            for place in plan:
                is_blue[gazetteer.find(place, "apart.plans")] = True
            yield Budget(
                np.where(is_blue, -held, held),
                lower=least - int(held[is_blue].sum()),
                name=f"{key} apart from plan {number}",
            )


def moved(held: Ints, one: npt.NDArray[np.int8], other: npt.NDArray[np.int8]) -> int:
    """Count who lives in units that are in another nation in the other plan.

    Examples
    --------
    >>> moved(np.array([5, 7, 9]), np.array([0, 1, 1]), np.array([1, 1, 0]))
    14
    """
    return int(held[one != other].sum())
