"""Values given one by one, on the command line, in place of a scenario's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from partition.errors import ScenarioError
from partition.scenario.reading import merge

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
    """Read ``KEY=VALUE`` in the syntax of TOML, the key with dots.

    Parameters
    ----------
    given
        Texts such as ``weights.border=0.5``.
    options
        Keys that have an option of their own in the command that asks.

    Returns
    -------
    dict
        Tables of tables, for :meth:`partition.scenario.Scenario.override`.

    Raises
    ------
    ScenarioError
        When a text is not TOML, or its key has an option of its own.

    Examples
    --------
    >>> read_settings(["weights.border=0.5", 'nations.blue.pieces="any"'])
    {'weights': {'border': 0.5}, 'nations': {'blue': {'pieces': 'any'}}}
    """
    settings: dict[str, Any] = {}
    for text in given:
        key = text.partition("=")[0].strip()
        if key in options:
            raise ScenarioError(f"--set {text}: {key} has an option of its own, {options[key]}.")
        try:
            table = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError):
            raise ScenarioError(
                f"--set {text}: give KEY=VALUE as in a scenario's file, such as "
                "weights.border=0.5; texts need quotes, which a shell needs quoted: "
                "'nations.blue.pieces=\"any\"'."
            ) from None
        settings = merge(settings, table)
    return settings
