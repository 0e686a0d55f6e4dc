"""From the tables of a TOML file to dataclasses, checking every key and type on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from partition.errors import ScenarioError, nearest
from shapefiles.errors import DataError

_WORDS = {
    bool: "true or false",
    str: "text",
    int: "a whole number",
    float: "a number",
    tuple[str, ...]: "a list of texts",
    tuple[tuple[str, ...], ...]: "a list of lists of texts",
}
"""How a type of value is called; tables and choices are called by what they hold."""


def build(cls: type[Any], table: Mapping[str, Any], prefix: str = "") -> Any:
    """Build a dataclass from a TOML table.

    Parameters
    ----------
    cls
        A dataclass whose fields are plain values, choices, lists of texts, or dataclasses.
    table
        Its values by the names of its fields.
    prefix
        Where the table stands in the file, for messages: ``"nations.blue."``.

    Raises
    ------
    ScenarioError
        When a key is unknown or a value is not allowed; the message begins with the key.
    """
    hints = get_type_hints(cls)
    known = [one.name for one in fields(cls)]
    for key in table:
        if key not in known:
            shown = [one for one in known if prefix or one != "name"]
            raise ScenarioError(f"{prefix}{key} is not a known key: {nearest(key, shown)}")
    for one in fields(cls):
        if one.name not in table and one.default is MISSING and one.default_factory is MISSING:
            raise ScenarioError(f"{prefix}{one.name} is missing.")
    values = {key: _value(hints[key], value, prefix + key) for key, value in table.items()}
    try:
        return cls(**values)
    except ScenarioError as error:
        raise ScenarioError(f"{prefix}{error}") from None
    except DataError as error:  # of the files of a map, which are checked where they are read
        raise ScenarioError(f"[{prefix.rstrip('.')}]: {error}") from None


def merge(
    table: Mapping[str, Any], settings: Mapping[str, Any], prefix: str = ""
) -> dict[str, Any]:
    """Set values in a table of tables, each by its dotted name or in a table again.

    Examples
    --------
    >>> merge({"limits": {"gap": 0.0, "seed": 1}}, {"limits.gap": 0.5, "title": "New"})
    {'limits': {'gap': 0.5, 'seed': 1}, 'title': 'New'}
    """
    merged = dict(table)
    for name, value in settings.items():
        key, _, rest = name.partition(".")
        inner = {rest: value} if rest else value
        old = merged.get(key, {} if rest else None)
        if rest and not isinstance(old, Mapping):
            raise ScenarioError(f"{prefix}{name}: {prefix}{key} is no table, but {old!r}.")
        if isinstance(old, Mapping) and isinstance(inner, Mapping):
            merged[key] = merge(old, inner, f"{prefix}{key}.")
        else:
            merged[key] = inner
    return merged


def _value(kind: Any, value: Any, key: str) -> Any:
    """Check one value against the type of its field."""
    options = get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)
    for option in options:
        if hasattr(option, "__dataclass_fields__"):
            if isinstance(value, Mapping):
                return build(option, value, f"{key}.")
            raise ScenarioError(f"{key} = {value!r}: give a table, as in [{key}].")
        if get_origin(option) is tuple and isinstance(value, list | tuple):
            kind, _ = get_args(option)
            return tuple(
                _value(kind, one, key if kind is str else f"{key}[{place}]")
                for place, one in enumerate(value)
            )
        if option is float and type(value) in {int, float}:
            return _float(value, key)
        if get_origin(option) is Literal and value in get_args(option):
            return value
        if option in {bool, str, int, type(None)} and type(value) is option:
            return value
    if tuple[str, ...] in options and isinstance(value, str):
        return (value,)  # one place, or one column, as the command line gives it
    wanted = " or ".join(filter(None, map(_words, options)))
    raise ScenarioError(f"{key} = {value!r}: give {wanted}.")


def _words(option: Any) -> str:
    """Say what a type of value is called; nothing for None, which TOML does not have."""
    if get_origin(option) is Literal:
        return " or ".join(f'"{choice}"' for choice in get_args(option))
    if get_origin(option) is tuple and option not in _WORDS:
        return "a list of tables"
    return _WORDS.get(option, "")


def _float(value: float, key: str) -> float:
    try:
        return float(value)
    except OverflowError:
        raise ScenarioError(f"{key} is too large a number.") from None
