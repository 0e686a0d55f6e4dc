"""Borders that do not count in a question: how many and which, since bounds hold without them."""

from __future__ import annotations

from typing import Any, NamedTuple

from partition.question.goals import active_edges
from partition.scenario import Scenario
from shapefiles.units import Units

_SHOWN = 3


class LeftOut(NamedTuple):
    """A border between two units that does not count."""

    units: tuple[str, str]
    """Ids."""
    names: tuple[str, str]
    kind: str
    km: float

    def to_dict(self) -> dict[str, Any]:
        """State it as plain values."""
        return {"units": list(self.units), "kind": self.kind, "km": self.km}


def left_out(units: Units, scenario: Scenario) -> tuple[LeftOut, ...]:
    """List the borders that the data or ``edges.off`` leave out, in the order of the edges.

    Links over water are no borders: they are there for whoever switches them on.
    """
    edges = units.edges
    rows = (edges.is_border & ~active_edges(units, scenario)).nonzero()[0]
    return tuple(
        LeftOut(
            tuple(units.ids[pair].tolist()),
            (_named(units, pair[0]), _named(units, pair[1])),
            kind,
            border / 1000,
        )
        for pair, kind, border in zip(
            edges.pairs[rows].tolist(),
            edges.kind[rows].tolist(),
            edges.border[rows].tolist(),
            strict=True,
        )
    )


def sentences(units: Units, scenario: Scenario) -> tuple[str, ...]:
    """Say how many borders do not count, the longest of them, and what that means for the bound.

    There is no sentence where all of them count. ``run.json`` lists all that do not.
    """
    found = sorted(left_out(units, scenario), key=lambda one: -one.km)
    if not found:
        return ()
    shown = [f"{one.names[0]} and {one.names[1]} ({one.km:,.1f} km)" for one in found[:_SHOWN]]
    rest = len(found) - len(shown)
    more = [f"{rest:,} more, all of them in run.json"] if rest else []
    which = "; ".join([*shown, *more])
    is_crumb = all(one.kind == "crumb" for one in found)
    what = "through detached parts of units " if is_crumb else ""
    how = (
        "edges.off leaves them out"
        if set(scenario.edges.off) & {one.kind for one in found}
        else 'edges.on = ["crumb"] counts them'
    )
    count = "1 border" if len(found) == 1 else f"{len(found):,} borders"
    verb = "does" if len(found) == 1 else "do"
    return (f"{count} {what}{verb} not count, and bounds hold without: {which} ({how}).",)


def _named(units: Units, row: int) -> str:
    name, state = str(units.names[row]), str(units.states[row])
    return f"{name}, {state}" if state else name
