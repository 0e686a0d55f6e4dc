"""Keys of a scenario by their dotted names, and by as much of their end as is clear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from partition.errors import ScenarioError, nearest
from partition.scenario.weights import UNITS

TABLES = (
    "nations",
    "units",
    "states",
    "voters",
    "swing",
    "neighbours",
    "weights",
    "edges",
    "limits",
    "sides",
)
"""Tables whose keys may be called by their end; those of ``[data]`` have options of their own."""

_NATIONS = ("nations.blue.", "nations.red.")


@cache
def known_keys(cls: type[Any]) -> tuple[str, ...]:
    """List the dotted names of everything that a scenario can say, in the order of its file.

    Parameters
    ----------
    cls
        The dataclass of scenarios.
    """
    return tuple(key for key in _leaves(cls, "") if key != "name")


def find_keys(given: str, keys: Iterable[str]) -> tuple[str, ...]:
    """Find the keys that a short name stands for.

    Parameters
    ----------
    given
        A dotted name or the end of one: ``border``, ``blue.pieces``. What both nations have, such
        as ``pieces``, stands for both of them.
    keys
        All names.

    Returns
    -------
    tuple of str
        One key, or the same of both nations.

    Raises
    ------
    ScenarioError
        When nothing is called so, or several things that are not the same of both nations.

    Examples
    --------
    >>> from partition.scenario import Scenario
    >>> keys = known_keys(Scenario)
    >>> find_keys("border", keys), find_keys("pieces", keys)
    (('weights.border',), ('nations.blue.pieces', 'nations.red.pieces'))
    """
    keys = tuple(keys)
    if given in keys:
        return (given,)
    found = tuple(
        key for key in keys if key.endswith(f".{given}") and key.split(".", 1)[0] in TABLES
    )
    if len(found) == 1 or tuple(f"{nation}{given}" for nation in _NATIONS) == found:
        return found
    if found:
        raise ScenarioError(f"{given} can be {_either(found)}; say which.")
    raise ScenarioError(f"{given} is not a known key: {_suggestion(given, keys)}")


def short_name(key: str, keys: Iterable[str]) -> str:
    """Name a key by the shortest end that is clear.

    Examples
    --------
    >>> from partition.scenario import Scenario
    >>> keys = known_keys(Scenario)
    >>> short_name("weights.border", keys), short_name("nations.blue.pieces", keys)
    ('border', 'blue.pieces')
    """
    keys = tuple(keys)
    words = key.split(".")
    for n_words in range(1, len(words)):
        short = ".".join(words[-n_words:])
        try:
            if find_keys(short, keys) == (key,):
                return short
        except ScenarioError:
            continue
    return key


def spelled_out(given: str, keys: Iterable[str]) -> str:
    """Turn a name of Python's into a dotted one: ``blue_pieces`` is ``blue.pieces``.

    Examples
    --------
    >>> spelled_out("blue_pieces", ["nations.blue.pieces"])
    'blue.pieces'
    """
    for key in keys:
        words = key.split(".")
        for start in range(len(words)):
            if given == "_".join(words[start:]):
                return ".".join(words[start:])
    return given


def leaves(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Go through tables within tables: every value with its dotted name.

    Examples
    --------
    >>> dict(leaves({"border": 5, "blue": {"pieces": 4, "least": {"area": 0.1}}}))
    {'border': 5, 'blue.pieces': 4, 'blue.least.area': 0.1}
    """
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _either(found: tuple[str, ...]) -> str:
    return f"{', '.join(found[:-1])} or {found[-1]}"


def _suggestion(given: str, keys: tuple[str, ...]) -> str:
    """Name what may have been meant; of a weight, what it is counted in."""
    table, _, last = given.rpartition(".")
    inside = [key.removeprefix(f"{table}.") for key in keys if key.startswith(f"{table}.")]
    if table and inside:
        return _with_unit(nearest(last, inside))
    ends = dict.fromkeys(key.rsplit(".", 1)[-1] for key in keys if not key.startswith("data."))
    return _with_unit(nearest(last, ends))


def suggest_weight(given: str) -> str:
    """Name the goals that may have been meant, with what their weights are counted in."""
    return _with_unit(nearest(given, list(UNITS)))


def _with_unit(sentence: str) -> str:
    """Say what the weight that is suggested is counted in."""
    start, mark, rest = sentence.partition("?")
    names = start.removeprefix("did you mean ").split(" or ")
    if not mark or names[0] not in UNITS:
        return sentence
    named = " or ".join(f"{one} ({UNITS[one]})" if one in UNITS else one for one in names)
    return f"did you mean {named}?{rest}"


def _leaves(cls: type[Any], prefix: str) -> Iterator[str]:
    hints = get_type_hints(cls)
    for one in fields(cls):
        kind = hints[one.name]
        kinds = get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)
        table = next((part for part in kinds if hasattr(part, "__dataclass_fields__")), None)
        if table is None:
            yield prefix + one.name
        else:
            yield from _leaves(table, f"{prefix}{one.name}.")
