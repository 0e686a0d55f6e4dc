"""How near two questions are, so that what was learned for the nearest one is used first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from partition.scenario import Scenario

_NOT_ASKED = {"name", "title", "description", "limits", "data", "sides"}
"""Keys of a scenario that say nothing about which plan is best."""

Distance = tuple[int, float]
"""Number of keys in which two questions differ, and how far apart the numbers in them are."""

SAME: Distance = (0, 0.0)

UNKNOWN: Distance = (1_000, 0.0)
"""How far a question is that cannot be read."""


def what_is_asked(scenario: Scenario | Mapping[str, Any]) -> dict[str, str]:
    """State what a scenario asks beyond a plain one, key by key, as texts.

    What is as it is unless somebody says otherwise is left out, so that an index stays true when
    scenarios learn to ask for more.

    Parameters
    ----------
    scenario
        A scenario, or the table of one.

    Examples
    --------
    >>> what_is_asked(Scenario.load("counties@border=50,gap=0"))
    {'election': '2016', 'weights.border': '50.0'}
    """
    table = scenario.to_table() if isinstance(scenario, Scenario) else scenario
    asked = {key: one for key, one in table.items() if key not in _NOT_ASKED}
    plain = _plain()
    return {
        key: str(one) for key, one in _flat(asked, "") if key not in plain or str(one) != plain[key]
    }


def distance(one: Mapping[str, str], other: Mapping[str, str]) -> Distance:
    """Tell how far two questions are apart, from what is asked in them.

    Examples
    --------
    >>> asked = [what_is_asked(Scenario.load(f"counties@border={km}")) for km in (0, 50, 60)]
    >>> distance(asked[2], asked[1]), distance(asked[2], asked[0]), distance(asked[1], asked[1])
    ((1, 10.0), (1, 60.0), (0, 0.0))
    """
    plain = _plain()
    differing = [key for key in one.keys() | other.keys() if one.get(key) != other.get(key)]
    far = 0.0
    for key in differing:
        with suppress(ValueError):
            ends = [float(asked.get(key, plain.get(key, ""))) for asked in (one, other)]
            far += abs(ends[0] - ends[1])
    return len(differing), far


@cache
def _plain() -> dict[str, str]:
    """State a scenario in which nothing is said but what must be, and no election is named."""
    plain = Scenario.from_table({"title": "x", "description": "x", "election": "none"}, "x")
    table = {key: one for key, one in plain.to_table().items() if key not in _NOT_ASKED}
    return {key: str(one) for key, one in _flat(table, "")}


def _flat(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield before + key, value
