"""What tells the questions of a study apart: the keys of their scenarios that differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from partition.scenario import Scenario
from partition.scenario.keys import known_keys, short_name
from partition.scenario.variation import value_text

_TOLD = ("election", "title", "description", "limits.", "data.", "sides.")
"""Beginnings of keys that a row says anyway, or that do not change what is asked."""

_ANY_VOTES = ("name", "title", "description", "sides", "limits", "election", "swing")
"""Keys in which scenarios may differ that ask the same of one electorate and another."""


def but_for_votes(scenario: Scenario) -> str:
    """State what is asked whichever votes count, as a text that is equal where that is.

    What it is called does not matter, nor how long was searched: a finished run may have been
    there before.

    Examples
    --------
    >>> counties = Scenario.shipped("counties")
    >>> later = counties.override(election="2020", time_limit=7, gap=0.01)
    >>> but_for_votes(later) == but_for_votes(counties)
    True
    >>> but_for_votes(counties.but(border=5.0)) == but_for_votes(counties)
    False
    """
    return repr({key: one for key, one in scenario.to_table().items() if key not in _ANY_VOTES})


def distinctions(scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """State, for each scenario, every key that not all of them give the same value.

    Parameters
    ----------
    scenarios
        What is asked, at least one.

    Returns
    -------
    list of dict
        Values by the dotted names of the keys, the same keys for each of them in the order of a
        scenario's file; None where a scenario says nothing.

    Examples
    --------
    >>> counties = Scenario.shipped("counties")
    >>> distinctions([counties, counties.but(border=5.0)])
    [{'weights.border': 0.0}, {'weights.border': 5.0}]
    """
    tables = [one.to_table() for one in scenarios]
    keys = [key for key in known_keys(Scenario) if not key.startswith(_TOLD)]
    rows = [{key: _value(table, key) for key in keys} for table in tables]
    differing = [key for key in keys if any(one[key] != rows[0][key] for one in rows)]
    return [{key: one[key] for key in differing} for one in rows]


def short_keys(names: Sequence[str]) -> dict[str, str]:
    """Call keys as a person types them: the shortest end of each that is clear.

    Examples
    --------
    >>> short_keys(["weights.border", "nations.blue.pieces"])
    {'weights.border': 'border', 'nations.blue.pieces': 'blue.pieces'}
    """
    keys = known_keys(Scenario)
    return {name: short_name(name, keys) for name in names}


def written(value: Any) -> str:
    """Write a value as it is typed behind a key; a dash for none.

    Examples
    --------
    >>> written(50.0), written(("CA", "OR")), written(None), written(())
    ('50', '["CA","OR"]', '-', '-')
    """
    return "-" if value is None or value in ((), []) else value_text(value)


def _value(table: Mapping[str, Any], key: str) -> Any:
    found: Any = table
    for word in key.split("."):
        found = found.get(word) if isinstance(found, Mapping) else None
    return tuple(found) if isinstance(found, list) else found
