r"""How many states may be split: ends of spans, and a budget on them.

A state is split where some of its units are blue and some are red. With ``a`` the largest and ``b``
the smallest ``x`` of its units, 1 for the blue nation, it is where ``a - b`` is 1, so that at most
``n`` split states are

.. math:: \sum_s (a_s - b_s) \le n

Each state that could be split has a row for either end (:attr:`solvers.problem.Problem.spans`):
``ANY-CA`` is blue where any unit of California is, ``ALL-CA`` only where all of them are. With 0,
every state stays whole instead, as with ``units.whole``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from partition.errors import ClashError
from partition.metrics import BLUE, RED
from partition.question.clashes import source_names
from partition.question.constraints import Pin, several_units
from partition.question.gazetteer import Rows
from partition.question.naming import SHOWN, listed, name_state
from partition.scenario import Scenario
from shapefiles.units import Units
from solvers.problem import FREE, Budget

KEY = "states.split_most"

SPLIT = "split states"
"""Name of the budget."""


def divisible_states(units: Units, scenario: Scenario) -> dict[str, Rows]:
    """List the states whose splits count, with their units; none where no limit needs them.

    Raises
    ------
    ScenarioError
        When the data do not say which state any unit is in.
    """
    most = scenario.states.split_most
    if most is None:
        return {}
    states = several_units(units, KEY)
    return states if 0 < most < len(states) else {}


def refuse_split_states(
    units: Units, scenario: Scenario, given: list[Pin], fixed: npt.NDArray[np.int8] | None
) -> None:
    """Refuse units fixed to both nations in more states than may be split.

    Parameters
    ----------
    units
        Units of land.
    scenario
        What is asked.
    given
        What fixes units.
    fixed
        Part of each unit that is fixed, or kept with one that is, shape ``(n_units,)``; None where
        that is contradictory, which is refused by its own name.

    Raises
    ------
    ClashError
        With the keys, and the states.
    """
    if fixed is None:
        return
    split = {
        code: rows
        for code, rows in divisible_states(units, scenario).items()
        if {RED, BLUE} <= set(fixed[rows].tolist())
    }
    most = scenario.states.split_most
    if most is None or len(split) <= most:
        return
    rows = np.concatenate(list(split.values()))
    sources = source_names(given, rows[fixed[rows] != FREE])
    names = [name_state(units, code) for code in split]
    named = listed(names[:SHOWN] + ([f"{len(names) - SHOWN} more"] if names[SHOWN:] else []))
    by = f" ({sources})" if sources else ""
    raise ClashError(
        f"{KEY} = {most} cannot be met: units fixed to both nations{by} split {named}. Let at "
        f"least {len(split)} be split, or fix fewer units."
    )


def split_budgets(
    scenario: Scenario, ends: list[tuple[int, int]], n_rows: int
) -> tuple[Budget, ...]:
    """State how many states may be split.

    Parameters
    ----------
    scenario
        What is asked.
    ends
        Rows of the lower and of the upper end of each state.
    n_rows
        Rows of the problem: units, then what is no unit.
    """
    if not ends:
        return ()
    amounts = np.zeros(n_rows, np.int64)
    below, above = np.array(ends).T
    amounts[below], amounts[above] = -1, 1
    return (Budget(amounts, upper=scenario.states.split_most, name=SPLIT),)
