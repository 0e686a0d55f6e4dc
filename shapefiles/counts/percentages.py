"""Percentages that pass as votes: whole numbers, but shares of a whole nobody knows."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from shapefiles.errors import DataError, listed, shown
from shapefiles.mapfiles import MapFiles

WHOLES = (100, 1_000, 10_000)
"""What shares of a whole may add up to: percent, per mille, hundredths of a percent."""

MIN_UNITS = 3
"""Units below which equal sums may well be chance."""

NEARLY = 90
"""What percentages of two sides add up to at least, where others have a few percent."""

ENOUGH_UNITS = 4
"""Units of which it would be strange for each to have between 90 and 100 voters."""

_NAMES = re.compile(
    r"(?<![a-z])(pct|pc|percent|percentage|perc|per|share|prozent|anteil|quote|pourcent|porcent\w*"
    r"|procent\w*)(?![a-z])|%",
    re.IGNORECASE,
)
"""Names of columns that hold percentages."""


def refuse_percentages(counts: npt.NDArray[np.int64], files: MapFiles) -> None:
    """Refuse votes that look like percentages, unless they are to be counted.

    Parameters
    ----------
    counts
        Votes of both sides, shape ``(n_units, 2)``.
    files
        What was asked for.

    Raises
    ------
    DataError
        With the reason and the option that settles it.
    """
    if files.percentages != "refuse" or not files.names_votes:
        return
    names = (files.count,) if files.count else (*files.blue, *files.red)
    reason = looks_like_percentages(counts, names, len(files.blue) + len(files.red))
    if reason:
        raise DataError(
            f"{shown(files.votes or files.units, 200)}: {reason}. Give the columns of the counts. "
            "If they are votes, or every unit is to weigh the same: --percentages count."
        )


def looks_like_percentages(
    counts: npt.NDArray[np.int64], names: Sequence[str], n_columns: int
) -> str:
    """Say why votes look like percentages; empty where they do not.

    Parameters
    ----------
    counts
        Votes of both sides, shape ``(n_units, 2)``.
    names
        Columns that they come from.
    n_columns
        How many figures add up to those of a unit: each may be rounded by a half.

    Examples
    --------
    >>> looks_like_percentages(np.array([[51, 49], [40, 60], [33, 66]]), ["yes", "no"], 2)
    'the votes of both sides add up to 100 in every unit, as percentages do'
    >>> thirds = np.array([[55, 42], [33, 64], [20, 77], [60, 38]])
    >>> looks_like_percentages(thirds, ["yes", "no"], 2)
    'the votes of both sides add up to 97 to 98 in every unit, as percentages beside others do'
    >>> looks_like_percentages(np.array([[51, 49], [40, 70], [33, 66]]), ["yes", "no"], 2)
    ''
    """
    sums = counts.sum(axis=1)
    sums = sums[sums > 0]
    slack = max(1, n_columns // 2)
    if len(sums) >= MIN_UNITS:
        for whole in WHOLES:
            if (np.abs(sums - whole) <= slack).all():
                return (
                    f"the votes of both sides add up to {whole:,} in every unit, as percentages do"
                )
    if len(sums) >= ENOUGH_UNITS and sums.min() >= NEARLY and sums.max() <= 100 + slack:
        return (
            f"the votes of both sides add up to {sums.min()} to {sums.max()} in every unit, as "
            "percentages beside others do"
        )
    called = [name for name in names if _NAMES.search(name.replace("_", " "))]
    if called and len(sums) and sums.max() <= 100 + slack:
        which = shown(called[0]) if len(called) == 1 else listed(called)
        return f"{which} and values of no more than 100 speak of percentages"
    return ""
