"""What nations can hold shares of, in whole numbers a solver can add up."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from partition.errors import ScenarioError
from shapefiles.units import Units
from solvers.integers import MAX_TOTAL_GAIN

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FINE = {"population": 1.0, "gdp": 1.0, "area": 1e4}
"""Units of measure of hard limits, in those of the data: people, thousand dollars, hectares."""

COARSE = {"population": 1.0, "gdp": 1e3, "area": 1e6}
"""Units of measure of weights: people, million dollars, square kilometres."""

NAMES = {
    "population": "people",
    "gdp": "GDP",
    "votes": "two-party votes",
    "area": "land",
    "sea_coast": "sea coast",
}
"""What people call a quantity."""


MOST = MAX_TOTAL_GAIN // 4
"""Largest total of a quantity that can be held: limits on it are as large again, and both must be
added up exactly."""


def column(units: Units, name: str, wanted_by: str) -> Floats:
    """Look up a column of amounts, shape ``(n_units,)``.

    Raises
    ------
    ScenarioError
        When it is missing, incomplete, negative or too large to be counted in whole numbers; the
        message says which key wanted it.
    """
    given = units.attributes.get(name)
    if given is None or given.dtype.kind not in "biuf":
        raise ScenarioError(
            f"{wanted_by} needs the {NAMES[name]} of every unit, which the data do not have."
        )
    values = given.astype(np.float64)
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if len(wrong):
        raise ScenarioError(
            f"{wanted_by} needs the {NAMES[name]} of every unit, which for unit "
            f"{units.ids[wrong[0]]} is {given[wrong[0]]}."
        )
    too_large = np.flatnonzero(values > MAX_TOTAL_GAIN - 1)  # floats round what is larger
    if len(too_large):
        unit = int(too_large[0])
        raise ScenarioError(
            f"{wanted_by}: the {NAMES[name]} of unit {units.ids[unit]} is {given[unit]}, above the "
            f"limit of {MAX_TOTAL_GAIN - 1}: give it in a coarser unit of measure."
        )
    return values


def total_of(values: Ints, quantity: str, wanted_by: str, ids: npt.NDArray[np.str_]) -> int:
    """Add up what units hold, in Python's own integers.

    Raises
    ------
    ScenarioError
        When that is more than can be added up exactly; the message names the largest.
    """
    total: int = sum(values.tolist())
    if total > MOST:
        unit = int(np.argmax(values))
        raise ScenarioError(
            f"{wanted_by}: the {NAMES[quantity]} of all units comes to {total}, above the limit of "
            f"{MOST}; the largest is {values[unit]} of unit {ids[unit]}."
        )
    return total


def amounts(
    units: Units,
    quantity: str,
    election: str,
    wanted_by: str,
    measure: Literal["fine", "coarse"] = "fine",
) -> Ints:
    """Count a quantity in whole numbers, each unit rounded, shape ``(n_units,)``.

    Parameters
    ----------
    units
        Units of land.
    quantity
        ``population``, ``gdp``, ``votes`` or ``area``.
    election
        Election whose votes count.
    wanted_by
        Key of the scenario, for messages.
    measure
        In units of :data:`FINE` or of :data:`COARSE`.

    Raises
    ------
    ScenarioError
        As :func:`column` and :func:`total_of` do.
    """
    held: Ints
    if quantity == "votes":
        held = units.votes[election].sum(axis=1)
    else:
        size = (FINE if measure == "fine" else COARSE)[quantity]
        held = np.rint(column(units, quantity, wanted_by) / size).astype(np.int64)
    total_of(held, quantity, wanted_by, units.ids)
    return held
