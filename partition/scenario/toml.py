"""TOML of strangers: what would take the parser for ever is refused first."""

from __future__ import annotations

import re
import tomllib
from typing import Any

MAX_PARTS = 100
"""Parts of a key, as in ``nations.blue.pieces``; the parser's time grows with their square."""

_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''.*?'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|\.|[ \t]+"
    r"|[\w-]+"
    r"|.",
    re.DOTALL,
)
_BREAKS = frozenset("=,[]{}\n\r#")


def load_toml(text: str) -> dict[str, Any]:
    """Read TOML.

    Raises
    ------
    ValueError
        When it is no TOML, or a key has more than :data:`MAX_PARTS` parts.
    RecursionError
        When it is nested too deep.

    Examples
    --------
    >>> load_toml("nations.blue.pieces = 2")
    {'nations': {'blue': {'pieces': 2}}}
    """
    n_dots = 0
    for token in _TOKEN.finditer(text):
        first = token[0][0]
        n_dots = 0 if first in _BREAKS else n_dots + (token[0] == ".")
        if n_dots >= MAX_PARTS:
            line = text.count("\n", 0, token.start()) + 1
            raise ValueError(f"a key of more than {MAX_PARTS} parts (at line {line})")
    return tomllib.loads(text)
