"""Values given one by one, on the command line, in place of a scenario's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from partition.errors import ScenarioError
from partition.scenario.keys import known_keys
from partition.scenario.page import Scenario
from partition.scenario.variation import read_setting

OPTIONS = {
    "election": "--election",
    "limits.time_limit": "--time-limit",
    "limits.gap": "--gap",
    "limits.seed": "--seed",
    "limits.iterations": "--iterations",
}
"""Keys that have an option of their own."""


def read_settings(
    given: Iterable[str], options: Mapping[str, str] = MappingProxyType(OPTIONS)
) -> dict[str, Any]:
    """Read ``KEY=VALUE``: the key or as much of its end as is clear, the value as in a file.

    Parameters
    ----------
    given
        Texts such as ``border=0.5``, of each key one.
    options
        Keys that have an option of their own in the command that asks.

    Returns
    -------
    dict
        Values by dotted names, for :meth:`partition.scenario.Scenario.varied`.

    Raises
    ------
    ScenarioError
        When a text is no setting, its key is unknown, unclear or given twice, or has an option of
        its own.

    Examples
    --------
    >>> read_settings(["border=0.5", "blue.pieces=any"])
    {'weights.border': 0.5, 'nations.blue.pieces': 'any'}
    """
    settings: dict[str, Any] = {}
    for text in given:
        try:
            values = read_setting(text, known_keys(Scenario))
        except ScenarioError as error:
            raise ScenarioError(f"--set {error}") from None
        for key in values:
            if key in options:
                raise ScenarioError(
                    f"--set {text}: {key} has an option of its own, {options[key]}."
                )
            if key in settings:
                raise ScenarioError(f"--set {text}: {key} is given twice; give it once.")
        settings |= values
    return settings
