"""Rows of a study on a terminal."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from partition.studies.table import Column, Row

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST_SHOWN = 20
"""Rows that a terminal shows."""


def spaced(rows: Sequence[Row], most: int = MOST_SHOWN) -> list[Row]:
    """Choose some rows, the first and the last among them, where there are too many.

    Examples
    --------
    >>> [one["label"] for one in spaced([{"label": at} for at in range(101)], 5)]
    [0, 25, 50, 75, 100]
    """
    places = np.linspace(0, len(rows) - 1, min(most, len(rows))).round().astype(int)
    return [rows[place] for place in places]


def shown_rows(
    columns: Sequence[Column], rows: Sequence[Row], left: Container[int] = (0,)
) -> Iterator[RenderableType]:
    """Show rows as a table, and say how many there are where these are not all.

    Parameters
    ----------
    columns
        What is shown of each.
    rows
        Of which some are shown where they are many.
    left
        Places of the columns that are words, not numbers.
    """
    from rich.table import Table  # noqa: PLC0415 - only where somebody looks at it
    from rich.text import Text  # noqa: PLC0415

    table = Table()
    for place, (title, _) in enumerate(columns):
        table.add_column(Text(title), justify="left" if place in left else "right")
    for one in spaced(rows):
        table.add_row(*(Text(write(one)) for _, write in columns))
    yield table
    if len(rows) > MOST_SHOWN:
        yield Text(f"{MOST_SHOWN} of {len(rows):,} rows; the CSV has all of them.")
