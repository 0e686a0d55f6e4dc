"""A scenario varied: ``counties@border=50,blue.pieces=4``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from partition.errors import ScenarioError
from partition.scenario.keys import find_keys, short_name
from partition.scenario.toml import load_toml

_PATH = re.compile(r"(?P<base>.*?\.toml)@(?P<rest>.*)", re.DOTALL)
_WORD = re.compile(r"[\w.+:-]+")
_QUOTES = "\"'"


def split_name(text: str) -> tuple[str, str]:
    """Split the name of a scenario, or a path that ends in ``.toml``, from how it is varied.

    Examples
    --------
    >>> split_name("counties@border=50"), split_name("my/a@b.toml@border=5"), split_name("a@b.toml")
    (('counties', 'border=50'), ('my/a@b.toml', 'border=5'), ('a@b.toml', ''))
    """
    if text.endswith(".toml"):
        return text, ""
    match = _PATH.fullmatch(text)
    if match:
        return match["base"], match["rest"]
    base, _, rest = text.partition("@")
    return base, rest


def read_variation(text: str, keys: Iterable[str]) -> dict[str, Any]:
    """Read ``KEY=VALUE,KEY=VALUE``, values in the syntax of TOML or as plain words.

    Parameters
    ----------
    text
        Such as ``border=50,blue.pieces=any``.
    keys
        Dotted names of all keys.

    Returns
    -------
    dict
        Values by dotted names, in the order of the text.

    Raises
    ------
    ScenarioError
        When a part is no setting, a key is unknown, unclear or given twice.

    Examples
    --------
    >>> read_variation("border=50,blue.pieces=any", ["weights.border", "nations.blue.pieces"])
    {'weights.border': 50, 'nations.blue.pieces': 'any'}
    """
    values: dict[str, Any] = {}
    parts = split_parts(text)
    if not parts:
        raise ScenarioError("say after the @ what is varied, as in counties@border=50.")
    for part in parts:
        for key, value in read_setting(part, keys).items():
            if key in values:
                raise ScenarioError(f"{part}: {key} is given twice; give it once.")
            values[key] = value
    return values


def read_setting(text: str, keys: Iterable[str]) -> dict[str, Any]:
    """Read one ``KEY=VALUE``: the key's dotted name, or those of both nations, and its value.

    Raises
    ------
    ScenarioError
        When it is no setting, or the key is unknown or unclear.
    """
    keys = tuple(keys)
    given, sign, value = (one.strip() for one in text.partition("="))
    if not (given and sign and value):
        raise ScenarioError(f"{text}: give KEY=VALUE, such as border=0.5 or blue.pieces=any.")
    read = _value(value, text)
    if isinstance(read, Mapping) and any(key.startswith(f"{given}.") for key in keys):
        return {f"{given}.{key}": one for key, one in read.items()}
    try:
        return dict.fromkeys(find_keys(given, keys), read)
    except ScenarioError as error:
        raise ScenarioError(f"{text}: {error}") from None


def variation_name(base: str, values: Mapping[str, Any], keys: Iterable[str]) -> str:
    """Name a scenario by what it varies and how, as a person can type it again.

    Parameters
    ----------
    base
        Name of the scenario that is varied, or of a variation of it.
    values
        New values by dotted names.
    keys
        Dotted names of all keys.

    Examples
    --------
    >>> keys = ["weights.border", "units.blue"]
    >>> variation_name("counties@border=1", {"weights.border": 50.0, "units.blue": ["VT"]}, keys)
    'counties@border=50,blue=["VT"]'
    """
    keys = tuple(keys)
    stem, before = split_name(base)
    merged = {**(read_variation(before, keys) if before else {}), **values}
    words = (f"{short_name(key, keys)}={value_text(value)}" for key, value in merged.items())
    return f"{stem}@{','.join(words)}" if merged else stem


def value_text(value: Any) -> str:
    """Write a value as :func:`read_variation` reads it.

    Examples
    --------
    >>> [value_text(one) for one in (50.0, 0.001, True, "any", "2020", ["CA"])]
    ['50', '0.001', 'true', 'any', '"2020"', '["CA"]']
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, str) and _WORD.fullmatch(value) and _toml(value) is None:
        return value
    if isinstance(value, tuple | list):
        return json.dumps(list(value), ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def word_for_folder(part: str) -> str:
    """Write a setting in a word: a number follows its key at once, with its sign.

    Examples
    --------
    >>> word_for_folder("border=50"), word_for_folder("pieces=any"), word_for_folder('blue=["VT"]')
    ('border50', 'pieces-any', 'blue-VT')
    >>> word_for_folder("points=-3"), word_for_folder("points=3")
    ('points-3', 'points3')
    """
    key, _, value = part.partition("=")
    words = re.sub(r"[^\w.+-]+", "-", value).strip("-")
    if words[:1].isdigit():
        return f"{key}{'-' if value.startswith('-') else ''}{words}"
    return f"{key}-{words}"


def _value(value: str, text: str) -> Any:
    read = _toml(value)
    if read is not None:
        return read
    if _WORD.fullmatch(value):
        return value
    raise ScenarioError(
        f"{text}: {value} is neither a number nor a word; write it as in a scenario's file, in "
        "quotes where it has spaces."
    )


def _toml(value: str) -> Any:
    """Read a value in the syntax of TOML; None where it is none."""
    try:
        table = load_toml(f"value = {value}")
    except (ValueError, RecursionError):
        return None
    return table["value"] if set(table) == {"value"} else None


def split_parts(text: str) -> list[str]:
    """Split at commas that stand outside of quotes and brackets."""
    parts, depth, quote, is_escaped = [""], 0, "", False
    for one in text:
        if is_escaped:
            is_escaped = False
        elif quote:
            is_escaped = quote == '"' and one == "\\"
            quote = "" if one == quote else quote
        elif one in _QUOTES:
            quote = one
        else:
            depth += (one in "[{") - (one in "]}")
            if one == "," and depth == 0:
                parts.append("")
                continue
        parts[-1] += one
    return [part.strip() for part in parts if part.strip()]
