"""What nations can hold shares of, in whole numbers a solver can add up."""

from __future__ import annotations

from math import fsum
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

SMALL = 1e10
"""Square metres of land below which they are counted one by one, and not in hectares."""

MOST_ROUNDED = 0.01
"""Share of a total that rounding its units one by one may move, where a balance counts it."""

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

    A town has no square kilometres to speak of, and a balance of them would say nothing.

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
        In units of :data:`FINE`, or square metres on a map of less than :data:`SMALL`; or in those
        of :data:`COARSE`.

    Raises
    ------
    ScenarioError
        As :func:`column` and :func:`total_of` do; or when units are so small that rounding them
        would move more than :data:`MOST_ROUNDED` of what a balance counts.
    """
    held: Ints
    if quantity == "votes":
        held = units.votes[election].sum(axis=1)
    else:
        values = column(units, quantity, wanted_by)
        size = (FINE if measure == "fine" else COARSE)[quantity]
        if quantity == "area" and measure == "fine" and is_small(values):
            size = 1.0
        held = np.rint(values / size).astype(np.int64)
        if measure == "coarse":
            _refuse_coarse(units, quantity, wanted_by, np.abs(held * size - values), size)
    total_of(held, quantity, wanted_by, units.ids)
    return held


def is_small(area: Floats) -> bool:
    """Tell whether land is so small that hard limits count its square metres."""
    return fsum(area.tolist()) < SMALL


def _refuse_coarse(
    units: Units, quantity: str, wanted_by: str, rounded: Floats, size: float
) -> None:
    values = units.attributes[quantity].astype(np.float64)
    share = rounded.sum() / max(values.sum(), size)
    if share <= MOST_ROUNDED:
        return
    unit = int(np.argmax(rounded))
    said = {"area": "square kilometres", "gdp": "million dollars", "population": "people"}[quantity]
    raise ScenarioError(
        f"{wanted_by} counts whole {said}, for which the units are too small: unit "
        f"{units.ids[unit]} has {values[unit] / size:.3g}, and rounding would move {share:.1%} of "
        f"the total. Limit shares in place of it, which are counted finely: "
        f"--set blue.least.{quantity}=0.4 --set red.least.{quantity}=0.4."
    )
