"""Which columns are the ids, and whether what they join belongs together.

Row numbers (``objectid``, ``fid``, 1 to n) fit any other table of as many rows. A map that is
joined by them looks whole and may be false: nothing but the order of the rows says whose votes are
whose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from shapefiles.errors import DataError, listed, shown, typed
from shapefiles.files.tables import as_text, single_columns
from shapefiles.mapfiles import MapFiles

ROW_NUMBERS = frozenset(
    {"objectid", "object_id", "fid", "ogc_fid", "gid", "index", "rowid", "row_id", "unnamed: 0"}
)
"""Names of columns, in lower case, that number the rows of some earlier file."""

_ENOUGH = 0.5
"""Share of the units that a pair of columns must have in common to be guessed."""

_SURE = 0.9
"""Share of the units from which a pair of columns tells whether rows belong together."""

_MEASURE = re.compile(r"[+-]?[0-9]*[.,][0-9]+(?:[eE][+-]?[0-9]+)?")
"""A number with decimals: a coordinate or an area, which differs in every row as an id does."""

MIN_ROWS = 3
"""Rows below which numbers in order say nothing."""


class IdColumns(NamedTuple):
    """The columns of ids of polygons and of votes."""

    units: str
    votes: str
    others: tuple[tuple[str, str], ...] = ()
    """Further pairs that match as well, the better first."""


class JoinDoubt(NamedTuple):
    """Why a join is doubtful."""

    text: str
    is_wrong: bool
    """Whether other columns of both files contradict it."""
    others: tuple[str, str] | None = None
    """Columns of the units and of the votes that match as well."""


def is_numbering(texts: Sequence[str]) -> bool:
    """Tell whether texts are whole numbers in a row, in any order, without zeros before them.

    Examples
    --------
    >>> is_numbering(["1", "2", "3"]), is_numbering(["2", "0", "1"]), is_numbering(["1", "3"])
    (True, True, False)
    >>> is_numbering(["01", "02", "03"])
    False
    """
    if len(texts) < 2 or not all(one.isascii() and one.isdecimal() for one in texts):
        return False
    if any(len(one) > 1 and one[0] == "0" for one in texts) or max(map(len, texts)) > 9:
        return False
    numbers = np.sort(np.array(texts, np.int64))
    return bool(numbers[0] in {0, 1} and (np.diff(numbers) == 1).all())


def guess_ids(units: pd.DataFrame, votes: pd.DataFrame | None) -> IdColumns | None:
    """Find the pair of columns that most probably are the ids.

    In the units the column has a different text in every row. Where there is a table of votes, it
    is the pair of columns with the most texts in common, where most of the units are. Columns that
    only number the rows come last, however well they fit.
    """
    mine = _distinct(units)
    if votes is None:
        names = sorted(mine, key=lambda one: (_is_weak(one, mine[one]), not _is_code(mine[one])))
        return IdColumns(names[0], "") if names else None
    theirs = {name: as_text(values).tolist() for name, values in single_columns(votes)}
    sets = {name: set(texts) - {""} for name, texts in theirs.items()}
    found: list[tuple[bool, float, bool, int, str, str]] = []
    for number, (name, texts) in enumerate(mine.items()):
        for other, values in sets.items():
            score = len(values.intersection(texts)) / len(texts)
            if score > _ENOUGH:
                is_weak = _is_weak(name, texts) or _is_weak(other, list(values))
                found.append((not is_weak, score, _is_code(texts), -number, name, other))
    if not found:
        return None
    found.sort(key=lambda one: one[:4], reverse=True)
    pairs = [one[4:] for one in found]
    return IdColumns(*pairs[0], tuple(pairs[1:]))


def doubt_join(
    units: pd.DataFrame, votes: pd.DataFrame | None, files: MapFiles
) -> JoinDoubt | None:
    """Ask whether ids of units and votes that only number the rows belong together.

    Parameters
    ----------
    units, votes
        Columns of both files; no votes of their own join nothing.
    files
        Which columns are joined.

    Returns
    -------
    JoinDoubt or None
        None where the ids say more than the order of rows, or other columns confirm the join.
    """
    name, other = files.id, files.votes_id or files.id
    ours = dict(single_columns(units))
    rows = {} if votes is None else dict(single_columns(votes))
    if name not in ours or other not in rows:
        return None
    left, right = as_text(ours[name]).tolist(), as_text(rows[other]).tolist()
    first = {text: row for row, text in reversed(list(enumerate(right)))}
    common = [row for row, text in enumerate(left) if text in first]
    are_numbers = is_numbering(left) and is_numbering([one for one in first if one])
    if not are_numbers or len(common) < MIN_ROWS:
        return None
    here = {key: as_text(one)[common] for key, one in ours.items() if key != name}
    there = [first[left[row]] for row in common]
    beyond = {key: as_text(one)[there] for key, one in rows.items() if key != other}
    return _judged(left, (name, other), here, beyond)


def check_votes_id(
    units: pd.DataFrame, votes: pd.DataFrame | None, files: MapFiles, source: str
) -> None:
    """Refuse a table of votes that has no column of the name that the ids of the units have.

    Parameters
    ----------
    units, votes
        Columns of both files.
    files
        Which columns are joined.
    source
        Name of the table, for messages.

    Raises
    ------
    DataError
        With the columns there are, and the one that holds the most ids of the units.
    """
    if votes is None or files.votes_id or not files.id or files.id in votes.columns:
        return
    wanted = set(as_text(dict(single_columns(units)).get(files.id, pd.Series(dtype=object))))
    found = {
        name: len(wanted.intersection(as_text(values))) for name, values in single_columns(votes)
    }
    best = max(found, key=lambda name: found[name], default="")
    is_sure = 2 * found.get(best, 0) > len(wanted)
    which = typed(best, "COLUMN") if best and is_sure else "COLUMN"
    raise DataError(
        f"{source} has no column {shown(files.id)}. It has {listed(votes.columns, 12)}. Say which "
        f"one has the ids (--votes-id {which})."
    )


def refuse_doubtful(doubt: JoinDoubt | None) -> None:
    """Refuse a join that other columns contradict.

    Raises
    ------
    DataError
        With the columns to join by.
    """
    if doubt is not None and doubt.is_wrong:
        raise DataError(doubt.text)


def _judged(
    ids: Sequence[str],
    joined: tuple[str, str],
    here: dict[str, np.ndarray[tuple[int], np.dtype[np.object_]]],
    beyond: dict[str, np.ndarray[tuple[int], np.dtype[np.object_]]],
) -> JoinDoubt | None:
    """Look for columns of both files that confirm or contradict what row numbers join."""
    numbers = [int(one) for one in ids]
    span = f"{min(numbers)} to {max(numbers)}"
    by = (
        f"{shown(joined[0])} and {shown(joined[1])}" if joined[0] != joined[1] else shown(joined[0])
    )
    contradicted: tuple[str, str] | None = None
    for name, texts in here.items():
        if len(set(texts) - {""}) < len(texts) or is_numbering(list(texts)):
            continue
        for other, values in beyond.items():
            common = set(texts) & set(values)
            if len(common - {""}) < _SURE * len(texts):
                continue
            if float(np.mean(texts == values)) >= _SURE:
                return None
            contradicted = contradicted or (name, other)
    if contradicted is not None:
        text = (
            f"{by} only number the rows, {span}, and join rows of which {shown(contradicted[0])} "
            f"and {shown(contradicted[1])} differ: take those instead "
            f"(--id {typed(contradicted[0], 'COLUMN')} "
            f"--votes-id {typed(contradicted[1], 'COLUMN')})."
        )
        return JoinDoubt(text, is_wrong=True, others=contradicted)
    text = (
        f"The ids {by} only number the rows, {span}: nothing but their order says whose votes are "
        "whose. Look whether they are official numbers; if not, join by a code or a name."
    )
    return JoinDoubt(text, is_wrong=False)


def _distinct(rows: pd.DataFrame) -> dict[str, list[str]]:
    """Take the columns with a different text in every row."""
    found = {}
    for name, values in single_columns(rows):
        texts = as_text(values).tolist()
        if len(set(texts) - {""}) == len(texts):
            found[name] = texts
    return found


def _is_code(texts: Sequence[str]) -> bool:
    """Tell codes from names, counts and measures: digits in each, and letters or one length."""
    if all(_MEASURE.fullmatch(one) for one in texts):
        return False
    has_digits = all(any(letter.isdecimal() for letter in one) for one in texts)
    is_even = len(set(map(len, texts))) == 1
    return has_digits and (is_even or all(any(letter.isalpha() for letter in one) for one in texts))


def _is_weak(name: str, texts: Sequence[str]) -> bool:
    """Tell whether a column only numbers rows, by its texts or, for numbers, by its name."""
    named = name.lower() in ROW_NUMBERS and all(one.isdecimal() for one in texts)
    return named or is_numbering(texts)
