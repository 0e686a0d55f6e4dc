"""What is found out about units once, and remembered for as long as they are there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from shapefiles.units import Units

Found = TypeVar("Found")


def once(find: Callable[[Units], Found]) -> Callable[[Units], Found]:
    """Remember what a function finds out about units, which never change.

    The runs of a study have the same units and each draws them. What is remembered goes with the
    units, so it must not hold them itself.

    Parameters
    ----------
    find
        Function of units alone; nobody may change what it returns.

    Examples
    --------
    >>> from shapefiles import load_united_states
    >>> asked = []
    >>> count = once(lambda units: asked.append(1) or units.n_units)
    >>> land = load_united_states()
    >>> count(land), count(land), len(asked)
    (3113, 3113, 1)
    """
    found: WeakKeyDictionary[Units, Found] = WeakKeyDictionary()

    @wraps(find)
    def remembered(units: Units) -> Found:
        if units not in found:
            found[units] = find(units)
        return found[units]

    return remembered
