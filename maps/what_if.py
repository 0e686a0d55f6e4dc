"""What a page needs to recount a plan that its reader changes."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from maps.topology import varint
from shapefiles.units import Units

STEPS, COARSE_STEPS = 1000, 10
"""Steps of a metre in which borders travel, and those of many edges: a frontier of thousands of the
first is right to a metre, and one of 100,000 of the others to some ten metres."""

MANY_EDGES = 50_000
"""Edges from which on their borders travel in decimetres, which takes a byte less each."""


@dataclass(frozen=True, slots=True, eq=False)
class WhatIf:
    """What counts when a reader moves units to the other nation.

    Parameters
    ----------
    active
        Edges that connect and whose borders count, shape ``(n_edges,)``.
    electors
        Electoral votes of each state; the presidency is left out without them.
    bound
        Voters at home that no plan under the rules of the question exceeds, where that is proven.
    """

    active: npt.NDArray[np.bool_]
    electors: Mapping[str, int] | None = None
    bound: int | None = None


def what_if_data(units: Units, what_if: WhatIf) -> dict[str, Any]:
    """Collect what the code of the page recounts a plan from, ready for JSON.

    Parameters
    ----------
    units
        What is divided.
    what_if
        What counts.

    Returns
    -------
    dict
        ``edges`` as :func:`encode_edges` writes them, ``stepsPerKm``, ``hasLengths``,
        ``electors`` in the order of the codes of the states or None, ``people`` or None where
        they are not known of every unit, and ``bound`` or None.

    Raises
    ------
    ValueError
        When a state has no electoral votes although others have.
    """
    states = np.unique(units.states).tolist()
    electors = what_if.electors
    missing = [] if electors is None else [state for state in states if state not in electors]
    if missing:
        raise ValueError(f"State {missing[0]!r} has no electoral votes, and others have.")
    steps = STEPS if what_if.active.sum() < MANY_EDGES else COARSE_STEPS
    return {
        "edges": encode_edges(
            units.edges.pairs[what_if.active], units.edges.border[what_if.active], steps
        ),
        "stepsPerKm": 1000 * steps,
        "hasLengths": units.has_lengths,
        "electors": None if electors is None else [electors[state] for state in states],
        "people": _people(units),
        "bound": what_if.bound,
    }


def encode_edges(
    pairs: npt.NDArray[np.int32], border: npt.NDArray[np.float64], steps: int = STEPS
) -> str:
    """Write edges as text, in the numbers of :func:`maps.topology.encode`.

    They are, in order: how many edges; the step from one smaller unit to the next; from the
    smaller to the larger unit of each edge; the border of each, in whole steps.
    ``recount.js`` reads it.

    Parameters
    ----------
    pairs
        Units of each edge, the smaller first, in order, shape ``(n_edges, 2)``.
    border
        Metres, shape ``(n_edges,)``.
    steps
        Steps of a metre.

    Examples
    --------
    >>> len(encode_edges(np.array([[0, 1], [1, 2]], np.int32), np.array([1.0, 20_000.0])))
    16
    """
    first, second = pairs.astype(np.int64).T
    numbers = [
        [len(pairs)],
        np.diff(first, prepend=0),
        second - first,
        np.rint(border * steps).astype(np.int64),
    ]
    return base64.b64encode(varint(np.concatenate(numbers))).decode("ascii")


def _people(units: Units) -> list[float] | bool | None:
    """List people only where the page does not have them: it draws them in whole numbers."""
    people = units.attributes.get("population")
    if people is None or people.dtype.kind not in "biuf" or not np.isfinite(people).all():
        return None
    exact = people.astype(np.float64)
    return bool((exact == np.trunc(exact)).all()) or exact.tolist()
