"""What is found out about land once, and remembered for as long as its units are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy.typing as npt

from shapefiles.units import Units

Found = TypeVar("Found")

_origins: WeakKeyDictionary[Units, Units] = WeakKeyDictionary()
"""Of units with other votes or attributes, those that they were made from."""


def once(find: Callable[[Units], Found]) -> Callable[[Units], Found]:
    """Remember what a function finds out about the land of units, which never changes.

    The runs of a study have the same units, or the same land with other votes, and each draws it.
    What is remembered goes with the units, so it must not hold them itself.

    Parameters
    ----------
    find
        Function of units that looks at neither votes nor attributes; nobody may change what it
        returns.

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
        land = _origins.get(units, units)
        if land not in found:
            found[land] = find(land)
        return found[land]

    return remembered


def with_votes(units: Units, votes: Mapping[str, npt.NDArray[Any]]) -> Units:
    """Give the same land other votes; what is found out about it stays known."""
    return _made_from(units, replace(units, votes=votes))


def with_attributes(units: Units, attributes: Mapping[str, npt.NDArray[Any]]) -> Units:
    """Give the same land other attributes; what is found out about it stays known."""
    return _made_from(units, replace(units, attributes=attributes))


def _made_from(units: Units, others: Units) -> Units:
    _origins[others] = _origins.get(units, units)
    return others
