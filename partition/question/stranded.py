"""How many voters of either side may be stranded, in the whole country and within each state.

With ``B`` the blue voters of a set of units, at most the share ``s`` of them is stranded where the
blue nation holds at least ``B - floor(s * B)`` of them; with ``R`` the red ones, where it holds at
most ``floor(s * R)``. Both are limits on what one nation holds of something, like those on people
or land.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor

import numpy as np
import numpy.typing as npt

from partition.errors import ClashError, ScenarioError
from partition.metrics import BLUE, NATION_NAMES
from partition.question.constraints import Limit
from partition.question.quantities import Ints
from partition.scenario import Scenario
from shapefiles.units import Units
from solvers.problem import ALONE, FREE, Budget
from solvers.reduction import spread_fixed

Parts = npt.NDArray[np.int8]


def stranded_limits(units: Units, scenario: Scenario) -> Iterator[Limit]:
    """State how many voters of either side may be stranded, as what the blue nation holds.

    Shares are taken as the decimals that were written.

    Raises
    ------
    ScenarioError
        When a limit within states finds units without a state.
    """
    for nation in NATION_NAMES[::-1]:
        rules = getattr(scenario.nations, nation)
        own = units.votes[scenario.election][:, 0 if nation == "blue" else 1]
        if rules.stranded_most is not None:
            key = f"nations.{nation}.stranded_most"
            yield _limit(own, rules.stranded_most, nation, key, "")
        if rules.stranded_most_by_state is not None:
            key = f"nations.{nation}.stranded_most_by_state"
            for state in _states(units, key):
                held = np.where(units.states == state, own, 0)
                yield _limit(held, rules.stranded_most_by_state, nation, key, f" of {state}")


def _states(units: Units, key: str) -> list[str]:
    """List the states; every unit must be in one."""
    without = np.flatnonzero(units.states == "")
    if len(without):
        raise ScenarioError(
            f"{key}: the data do not say which state unit {units.ids[without[0]]} is in; "
            f"{key.removesuffix('_by_state')} needs no states."
        )
    codes: list[str] = np.unique(units.states).tolist()
    return codes


def _limit(own: Ints, share: float, nation: str, key: str, where: str) -> Limit:
    total = int(own.sum())
    most = floor(Fraction(repr(float(share))) * total)
    name = f"{nation} votes{where}"
    if nation == "blue":
        return Limit(Budget(own, lower=total - most, name=name), key, "")
    return Limit(Budget(own, upper=most, name=name), "", key)


def refuse_both_sides(units: Units, limits: list[Limit], fixed: Parts, groups: Ints) -> None:
    """Refuse limits on the stranded of both sides that no plan can meet together.

    If units could be divided, the blue nation would hold the most blue votes for so many red ones
    by taking the units in the order of blue votes for each red one [1]_. What is fixed and what
    stays together is kept; contiguity is left out. So no plan has more, and the smallest share of
    the blue voters that this strands is a proof.

    Parameters
    ----------
    units
        Units of land.
    limits
        As of :func:`stranded_limits`; of all voters or of those in a state.
    fixed, groups
        Part of each unit, and which of them stay together.

    Raises
    ------
    ClashError
        With both keys, and the least share that is stranded of the one side when the other side's
        rule is met.

    References
    ----------
    .. [1] G. B. Dantzig, "Discrete-Variable Extremum Problems", Operations Research 5 (1957)
       266-288, doi:10.1287/opre.5.2.266
    """
    blue = {_place(one): one for one in limits if one.lower_source}
    red = {_place(one): one for one in limits if one.upper_source}
    spread = spread_fixed(fixed, groups)
    if spread is None:
        return  # refused by name elsewhere
    for place in blue.keys() & red.keys():
        gain, cost = blue[place].budget, red[place].budget
        most = _most_held(gain.amounts, cost.amounts, cost.upper or 0, spread, groups)
        if most is None or most >= (gain.lower or 0):
            continue
        n_blue, n_red = int(gain.amounts.sum()), int(cost.amounts.sum())
        least = floor(10_000 * (n_blue - most) / n_blue) / 100
        raise ClashError(
            f"{blue[place].lower_source} and {red[place].upper_source} cannot hold "
            f"together{' in' + place.removeprefix(' of') if place else ''}: with at most "
            f"{(cost.upper or 0) / max(1, n_red):.2%} of the red voters stranded, at least "
            f"{least:.2f}% of the blue ones are, in however many pieces. "
            "Relax one of them."
        )


def _place(limit: Limit) -> str:
    """Say whose voters a limit counts: those of a state, or of all."""
    return limit.budget.name.partition(" votes")[2]


def _most_held(
    gains: Ints, costs: Ints, allowed: int, fixed: Parts, groups: Ints
) -> Fraction | None:
    """Find how much part 1 holds at most if it may divide what is free; None if that is nothing."""
    free = fixed == FREE
    held = Fraction(int(gains[fixed == BLUE].sum()))
    left = allowed - int(costs[fixed == BLUE].sum())
    if left < 0:
        return None  # the limit alone is impossible, and refused by its own name
    label = np.where(groups == ALONE, len(groups) + np.arange(len(groups)), groups)[free]
    _, number = np.unique(label, return_inverse=True)
    both = np.zeros((int(number.max(initial=-1)) + 1, 2), np.int64)
    np.add.at(both, number, np.stack([gains, costs], axis=1)[free])
    is_dear = both[:, 1] > 0
    held += int(both[~is_dear, 0].sum())
    order = sorted(both[is_dear].tolist(), key=lambda one: Fraction(*one), reverse=True)
    for gain, cost in order:
        if cost <= left:
            held, left = held + gain, left - cost
        else:
            return held + Fraction(gain * left, cost)
    return held
