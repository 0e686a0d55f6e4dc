"""Names of columns for shapefiles, which allow ten characters.

=====================  ===========  ===========================================
column                 field        comment
=====================  ===========  ===========================================
``GEOID``              GEOID
``name``               NAME
``state``              STATE
``nation``             NATION
``agreement``          AGREEMENT
``stranded``           STRANDED
``blue_2016``, ...     BLUE_2016    likewise for red and for the other years
``population``         POPULATION
``borders_canada``     BORDERS_CA
``borders_mexico``     BORDERS_ME
any other              ANY_OTHER    capitals, other signs as ``_``, cut to ten
two of one short name  NAME_1, ...  the second and later ones
=====================  ===========  ===========================================

The table of an export itself is in its ``fields.csv``.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

MAX_CHARACTERS = 10
"""Longest name of a field."""

MAX_BYTES = 254
"""Longest text in a field."""

MAX_NUMBER = 1e18
"""Numbers in a field are below this."""


def short_names(columns: Iterable[str]) -> dict[str, str]:
    """Choose a field name for each column: ASCII, at most ten characters, each once.

    Parameters
    ----------
    columns
        Names, each once.

    Returns
    -------
    dict
        Field of each column, in the order given.

    Examples
    --------
    >>> short_names(["GEOID", "borders_canada", "borders_cats"])
    {'GEOID': 'GEOID', 'borders_canada': 'BORDERS_CA', 'borders_cats': 'BORDERS_1'}
    >>> short_names(["Größe", "区", "2016"])
    {'Größe': 'GR__E', '区': 'FIELD', '2016': 'F2016'}
    """
    fields: dict[str, str] = {}
    for column in columns:
        ascii_only = re.sub(r"[^A-Za-z0-9]", "_", column).upper()
        # Names start with a letter.
        start = ascii_only if ascii_only[:1].isalpha() else f"F{ascii_only}"
        stem = start if re.search(r"[A-Z0-9]", ascii_only) else "FIELD"
        taken = set(fields.values())
        numbered = (f"{stem[: MAX_CHARACTERS - len(tail)].rstrip('_')}{tail}" for tail in _tails())
        fields[column] = next(name for name in numbered if name not in taken)
    return fields


def _tails() -> Iterable[str]:
    yield ""
    for number in itertools.count(1):
        yield f"_{number}"
