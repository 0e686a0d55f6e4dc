"""Rows of a long table that sum up others, which must not be added to their parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from shapefiles.errors import DataError, listed, shown, typed
from shapefiles.files.tables import as_text, column
from shapefiles.mapfiles import NO_TOTAL, VoteColumns

TOTALS = frozenset(
    {"total", "totals", "total votes", "total votes cast", "grand total", "grand totals", "all"}
)
"""Modes of a row that sums up the others, in lower case."""

_MOSTLY = 0.9
"""Share of the groups in which a mode has to be the sum of the others; files have slips."""

_ENOUGH = 3
"""Groups from which on a mode is a sum although most groups lack it, or have one other alone."""

_ROUGHLY = 500
"""Votes of which a sum may be off by one, where its parts were rounded."""


class _Found(NamedTuple):
    """A mode that is the sum of the others."""

    label: str
    n_matched: int
    n_groups: int
    group: int
    """A group in which it is, and has votes."""


class Counted(NamedTuple):
    """Rows that count for a side."""

    rows: pd.DataFrame
    """All columns, one row each."""
    ids: npt.NDArray[np.object_]
    choices: npt.NDArray[np.object_]
    numbers: npt.NDArray[np.int64]


def without_parts(
    counted: Counted, columns: VoteColumns, everything: Sequence[str], source: str
) -> npt.NDArray[np.int64]:
    """Count what sums up others, and not its parts.

    Parameters
    ----------
    counted
        The rows.
    columns
        Where the votes are.
    everything
        Names of all columns of the table.
    source
        Name of the table, for messages.

    Returns
    -------
    numpy.ndarray
        Votes of every row, 0 for parts of a sum, shape ``(n_rows,)``.

    Raises
    ------
    DataError
        When a mode that nobody named as the total is the sum of the others, or there are two.
    """
    group, groups = pd.factorize(pd.MultiIndex.from_arrays([counted.ids, counted.choices]))
    name = columns.mode or next((str(one) for one in everything if str(one).lower() == "mode"), "")
    if not name:
        if columns.mode_total is not None:
            raise DataError(
                f"{shown(columns.mode_total)} is the mode of totals (--mode-total), and no column "
                f"of {source} is named as that of the modes: give --mode COLUMN."
            )
        _refuse_other_columns(counted, columns, group, groups, source)
        return counted.numbers
    modes = as_text(column(counted.rows, name, source))
    if columns.mode_total == NO_TOTAL:
        return counted.numbers
    is_total = _totals(modes, group, columns, name, source)
    has_total = np.bincount(group, is_total, minlength=1) > 0
    numbers: npt.NDArray[np.int64] = np.where(has_total[group] & ~is_total, 0, counted.numbers)
    if columns.mode_total is None:
        open_rows = np.flatnonzero(~has_total[group])
        found = _sum_among(group[open_rows], modes[open_rows], numbers[open_rows])
        if found is not None:
            raise DataError(_question(found, name, groups, source))
    return numbers


def _totals(
    modes: npt.NDArray[np.object_],
    group: npt.NDArray[np.intp],
    columns: VoteColumns,
    name: str,
    source: str,
) -> npt.NDArray[np.bool_]:
    """Mark the rows that sum up the others of their group: one mode in each."""
    texts = pd.Series(modes, dtype=object)
    is_total: npt.NDArray[np.bool_] = texts.str.lower().isin(TOTALS).to_numpy(bool)
    if columns.mode_total is not None:
        is_named = np.asarray(modes == columns.mode_total, bool)
        if not is_named.any():
            raise DataError(
                f"{source}: no row that counts has {shown(name)} = {shown(columns.mode_total)} "
                f"(--mode-total); that column holds {listed(pd.unique(texts), 8)}."
            )
        has_named = np.bincount(group, is_named, minlength=1) > 0
        is_total = np.where(has_named[group], is_named, is_total)
    pairs = pd.DataFrame({"group": group[is_total], "mode": modes[is_total]}).drop_duplicates()
    several = pairs[pairs["group"].duplicated(keep=False)]
    if len(several):
        both = several["mode"][several["group"] == several["group"].iloc[0]].tolist()
        raise DataError(
            f"{source}: {listed(both)} in {shown(name)} both sum up the others, and would count "
            f"twice. Say which one counts: --mode-total {typed(both[0], 'MODE')}, say."
        )
    return is_total


def _sum_among(
    group: npt.NDArray[np.intp],
    labels: npt.NDArray[np.object_],
    numbers: npt.NDArray[np.int64],
) -> _Found | None:
    """Find a label that has as many votes as all others together, group by group."""
    label, names = pd.factorize(pd.Series(labels, dtype=object))
    if len(names) < 2:
        return None
    table = pd.DataFrame({"group": group, "label": label, "n": numbers})
    table = table.groupby(["group", "label"], as_index=False)["n"].sum()
    of_group = table.groupby("group")["n"]
    own = table["n"].to_numpy()
    rest = of_group.transform("sum").to_numpy() - own
    n_others = of_group.transform("size").to_numpy() - 1
    n_parts = table["n"].gt(0).groupby(table["group"]).transform("sum").to_numpy() - (own > 0)
    says = (n_others > 0) & (own + rest > 0)
    slack = np.minimum(n_others // 2, np.maximum(own, rest) // _ROUGHLY)
    fits = says & (np.abs(own - rest) <= slack)
    where = table["label"].to_numpy()
    n_says, n_fits, n_firm = (
        np.bincount(where, mask, len(names)).astype(int)
        for mask in (says, fits, fits & (n_parts > 1))
    )
    n_groups = len(np.unique(table["group"].to_numpy()[says]))
    is_common = (2 * n_says >= n_groups) & (n_firm > 0)
    is_sum = (n_says > 0) & (n_fits >= _MOSTLY * n_says) & (is_common | (n_fits >= _ENOUGH))
    if not is_sum.any():
        return None
    best = int(np.argmax(np.where(is_sum, n_firm * len(own) + n_fits, -1)))
    first = np.flatnonzero(fits & (where == best))[0]
    return _Found(
        str(names[best]), int(n_fits[best]), int(n_says[best]), int(table["group"].iloc[first])
    )


def _question(
    found: _Found, name: str, groups: pd.MultiIndex, source: str, *, is_known: bool = True
) -> str:
    """Ask whether a mode is the sum of the others, and which column has the modes."""
    unit, choice = groups[found.group]
    alone = f"--mode-total {typed(found.label, 'MODE')}"
    first = "" if is_known else f"With --mode {typed(name, 'COLUMN')}: "
    counts = f"{alone} counts it without them" if found.label else "name it to count it alone"
    return (
        f"{source}: {shown(name)} = {shown(found.label)} has as many votes as the others "
        f"together in {found.n_matched:,} of {found.n_groups:,} cases ({shown(unit)}, "
        f"{shown(choice)}, say). {first}{counts}, --mode-total {NO_TOTAL} adds all up."
    )


def _refuse_other_columns(
    counted: Counted,
    columns: VoteColumns,
    group: npt.NDArray[np.intp],
    groups: pd.MultiIndex,
    source: str,
) -> None:
    """Ask about sums that a column tells apart which nobody has named as that of the modes."""
    if len(groups) == len(group):
        return
    used = {columns.id, columns.choice, columns.count, columns.total, *columns.where}
    for name in map(str, counted.rows.columns[~counted.rows.columns.duplicated(keep=False)]):
        if name in used:
            continue
        found = _sum_among(group, as_text(counted.rows[name]), counted.numbers)
        if found is not None and found.n_matched >= _ENOUGH:
            raise DataError(_question(found, name, groups, source, is_known=False))
