"""Names in one line or in several, so that they fit on their land, as in ``name-lines.js``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

_PARTS = re.compile(r"[^\s\-\u2013/]*[\s\-\u2013/]+|[^\s\-\u2013/]+")
"""A line ends behind a space, a hyphen or a stroke."""

_MOST_PARTS = 12
"""Parts of a name that is broken at all."""

_MOST_LINES = 3


def arrangements(name: str, measure: Callable[[str], float]) -> Iterator[list[str]]:
    """Write a name in one line, in two and in three, each time as narrow as its parts allow.

    Parameters
    ----------
    name
        A name, not empty.
    measure
        Tells how wide a text is.

    Examples
    --------
    >>> list(arrangements("La Pointe-aux-Prairies", len))[:2]
    [['La Pointe-aux-Prairies'], ['La Pointe-', 'aux-Prairies']]
    """
    parts = [one for one in _PARTS.findall(name) if one.strip()]
    yield [name]
    if len(parts) <= _MOST_PARTS:
        for count in range(2, min(_MOST_LINES, len(parts)) + 1):
            yield _narrowest(parts, count, measure)


def _narrowest(parts: Sequence[str], count: int, measure: Callable[[str], float]) -> list[str]:
    """Break parts into so many lines of which the widest is as narrow as it can be."""
    if count == 1:
        return ["".join(parts).strip()]
    ways = (
        ["".join(parts[:cut]).strip(), *_narrowest(parts[cut:], count - 1, measure)]
        for cut in range(1, len(parts) - count + 2)
    )
    return min(ways, key=lambda lines: max(map(measure, lines)))
