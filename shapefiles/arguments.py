"""Options of the command line, where a message names them, written as arguments of Python."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import fields

from shapefiles.files.numerals import DECIMALS, THOUSANDS
from shapefiles.mapfiles import CHOICES, MapFiles

_VALUES = {**CHOICES, "thousands": tuple(THOUSANDS), "decimal": DECIMALS}
"""Options of which only these words are values."""

_KINDS: dict[str, type] = {one.name: type(one.default) for one in fields(MapFiles)}
_KINDS |= {"time_limit": float, "gap": float, "seed": int, "iterations": int, "election": str}

_QUOTED = r"""(?<![\w'"])(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")(?!\w)"""
"""A value found in the data, which is left as it is."""

_WORD = r"""(?:'[^']*'|"[^"]*"|[^\s'"()])+"""
_OPTION = re.compile(rf"{_QUOTED}|(?<![\w-])--(?P<name>[a-z]+(?:-[a-z]+)*)(?P<rest> {_WORD})?")

_ELSEWHERE = {
    "units": "data",
    "suggest-links": "shapefiles.write_suggestions(found.crossings, 'links.csv')",
}
"""What does in Python what an option does that is no argument of its name."""


def as_arguments(message: str) -> str:
    r"""Write the options in a message as Python has them: ``--crs EPSG:4326`` is an argument.

    Examples
    --------
    >>> as_arguments("Give it (--crs): --crs EPSG:4326, say. --repair mends it.")
    'Give it (crs): crs="EPSG:4326", say. repair=True mends it.'
    >>> as_arguments("--without-votes zero counts nobody there, '--repair' is a name.")
    'without_votes="zero" counts nobody there, \'--repair\' is a name.'
    >>> as_arguments("--thousands . or --decimal . says how. Give --skip-rows 3.")
    'thousands="." or decimal="." says how. Give skip_rows=3.'
    >>> as_arguments("Allow more with --time-limit, or --set blue.pieces=any, say.")
    'Allow more with time_limit, or blue_pieces="any", say.'
    """
    return _OPTION.sub(_argument, message)


def _argument(found: re.Match[str]) -> str:
    if found["name"] is None:
        return found[0]
    if found["name"] == "set":
        return _setting(found["rest"] or "") or found[0]
    if found["name"] in _ELSEWHERE:
        return _ELSEWHERE[found["name"]] + (found["rest"] or "")
    key = found["name"].replace("-", "_")
    if key not in _KINDS:
        return found[0]
    rest = found["rest"] or ""
    if _KINDS[key] is bool:
        is_named = rest.strip() in {"", "out"}
        return f"{key}{'' if is_named else '=True'}{rest}"
    value, tail = _value(key, rest[1:])
    return f"{key}={value}{tail}" if value else f"{key}{rest}"


def _setting(rest: str) -> str:
    """Write a value of a scenario as an argument; nothing where it is none."""
    word = rest.strip().rstrip(".,;:")
    key, sign, value = word.partition("=")
    if not (sign and value and key.replace(".", "").replace("_", "").isalpha()):
        return ""
    is_number = value.replace(".", "", 1).isdigit()
    plain = value if is_number or value[0] in '["' else json.dumps(value)
    return f"{key.replace('.', '_')}={plain}{rest.strip()[len(word) :]}"


def _value(key: str, text: str) -> tuple[str, str]:
    """Split a value, as Python writes it, from the sentence that goes on after it."""
    if text in {"", "and", "or"}:
        return "", ""
    word = text if text in _VALUES.get(key, ()) else text.rstrip(".,;:")
    tail = text[len(word) :]
    if key in _VALUES and word not in _VALUES[key]:
        return "", ""
    if _KINDS[key] in {int, float}:
        return (word, tail) if word.replace(".", "", 1).isdigit() else ("", "")
    try:
        plain = " ".join(shlex.split(word))
    except ValueError:  # a quotation mark that is not closed
        return "", ""
    return json.dumps(plain, ensure_ascii=False), tail
