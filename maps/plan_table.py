"""A plan as a table: the nation of every unit, who voted there, and who is stranded.

Programs read the first two columns; the others are for people, and nobody takes a figure from them.
``csv.js`` writes the same table, to the byte, of a plan that a reader of a page has changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from maps.unit_columns import NATIONS
from shapefiles.table_writing import csv_text
from shapefiles.units import Units
from solvers.plan import Plan

PLAN_COLUMNS = (
    "GEOID",
    "nation",
    "nation_name",
    "name",
    "state",
    "blue_votes",
    "red_votes",
    "stranded_voters",
)
"""Columns of the table; a plan from elsewhere needs the first two alone."""

LONGEST = 1_000
"""Characters of a name that are written: tables of longer cells are not read everywhere."""

_HALF_PAIR = re.compile("[\ud800-\udfff]")


def plan_table(
    units: Units, plan: Plan, election: str, nations: tuple[str, str] = ("Blue", "Red")
) -> str:
    """Write a plan as CSV.

    Parameters
    ----------
    units, plan
        What was divided, and how.
    election
        Whose votes are written, and decide who is stranded.
    nations
        Names of the blue and of the red nation.

    Returns
    -------
    str
        A line a unit, in their order: its id; ``blue`` or ``red``; what that nation is called; name
        and state of the unit; votes of the blue and of the red side; and those of the other side
        than its nation's.

    Examples
    --------
    >>> import numpy as np
    >>> from shapefiles.units import Edges
    >>> edges = Edges(np.empty((0, 2), np.int32), np.empty(0), np.empty(0, "U6"), np.empty(0, bool))
    >>> ids, names = np.array(["01", "02"]), np.array(["Up", "=1+1"])
    >>> votes = {"2016": np.array([[5, 2], [3, 4]])}
    >>> units = Units(ids, names, np.array(["", ""]), np.full(2, None), "", votes, {}, edges)
    >>> print(plan_table(units, Plan(np.array([1, 0])), "2016", ("Up", "Down")), end="")
    GEOID,nation,nation_name,name,state,blue_votes,red_votes,stranded_voters
    01,blue,Up,Up,,5,2,2
    02,red,Down,"'=1+1",,3,4,3
    """
    return csv_text(PLAN_COLUMNS, _rows(units, plan, election, nations))


def _rows(
    units: Units, plan: Plan, election: str, nations: tuple[str, str]
) -> Iterator[tuple[object, ...]]:
    texts = zip(units.ids.tolist(), units.names.tolist(), units.states.tolist(), strict=True)
    votes = units.votes[election].tolist()
    for (unit, name, state), part, (blue, red) in zip(
        texts, plan.assignment.tolist(), votes, strict=True
    ):
        nation, stranded = (nations[0], red) if part else (nations[1], blue)
        called = (written(one) for one in (nation, name, state))
        yield unit, NATIONS[part], *called, blue, red, stranded


def written(text: str) -> str:
    """Cut a text to :data:`LONGEST`, and replace what no file can hold."""
    return _HALF_PAIR.sub("\N{REPLACEMENT CHARACTER}", text[:LONGEST])
