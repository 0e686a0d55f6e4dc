"""Groups of units that would switch to the other nation, marked and named on a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt


class SwitchingGroup(NamedTuple):
    """A group of units that would switch together.

    Parameters
    ----------
    number
        What it is called on the map, from 1.
    name
        Who they are, in words.
    amount
        What they gain, as it is written in the legend.
    rows
        Its units.
    part
        The nation that they would join: 1 is the blue one, 0 the red one.
    way
        Unit that the arrow begins in, and the one of the other nation that it leads to; twice the
        same where there is none.
    """

    number: int
    name: str
    amount: str
    rows: npt.NDArray[np.intp]
    part: int
    way: tuple[int, int]


def switching_data(
    groups: Sequence[SwitchingGroup], n_units: int, nations: tuple[str, str]
) -> dict[str, Any]:
    """Say which group each unit is in, and what to say of it, ready for JSON.

    Parameters
    ----------
    groups
        Disjoint groups.
    n_units
        Number of units of the map.
    nations
        Names of the blue and of the red nation.

    Returns
    -------
    dict
        ``switching``, the place of each unit's group among `groups`, -1 for none; and
        ``switchingGroups``, what is drawn and said of each.

    Raises
    ------
    ValueError
        When a unit is in two groups, or none of the map.

    Examples
    --------
    >>> one = SwitchingGroup(1, "Kern", "+9", np.array([1, 2]), 0, (1, 0))
    >>> data = switching_data([one], 3, ("Blue", "Red"))
    >>> data["switching"], data["switchingGroups"][0]["said"]
    ([-1, 0, 0], 'Would join the red nation with group 1')
    """
    places = np.full(n_units, -1, np.int64)
    for place, group in enumerate(groups):
        outside = [row for row in group.rows.tolist() if not 0 <= row < n_units]
        if outside:
            raise ValueError(f"Group {group.number} has unit {outside[0]}, of {n_units}.")
        twice = group.rows[places[group.rows] >= 0]
        if len(twice):
            raise ValueError(f"Unit {twice[0]} is in group {group.number} and in another one.")
        places[group.rows] = place
    said = ("blue", "red") if nations == ("Blue", "Red") else nations
    return {
        "switching": places.tolist(),
        "switchingGroups": [
            {
                "number": group.number,
                "name": group.name,
                "part": group.part,
                "way": list(group.way),
                "said": f"Would join the {said[1 - group.part]} nation with group {group.number}",
            }
            for group in groups
        ],
    }
