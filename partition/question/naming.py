"""What units and states are called, in messages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from shapefiles.embedded.read import load_states
from shapefiles.errors import counted
from shapefiles.units import Units

SHOWN = 3
"""How many units or states a message names."""


def name_state(units: Units, code: str) -> str:
    """Name a state: in full where it is one of the United States, else by its code.

    Examples
    --------
    >>> from shapefiles.embedded.read import load_united_states
    >>> name_state(load_united_states(), "CA")
    'California'
    """
    state = load_states().get(code)
    rows = np.flatnonzero(units.states == code)
    if state is None or not all(unit.startswith(state.fips) for unit in units.ids[rows].tolist()):
        return code
    return state.name


def name_units(units: Units, rows: npt.NDArray[np.intp]) -> str:
    """Name some units, those of a whole state by the state.

    Parameters
    ----------
    units
        Units of land.
    rows
        Rows to name, at least one.

    Examples
    --------
    >>> from shapefiles.embedded.read import load_united_states
    >>> units = load_united_states()
    >>> name_units(units, np.flatnonzero(units.states == "VT"))
    'Vermont'
    >>> name_units(units, np.array([0, 1, 2, 3, 4]))
    'Autauga, AL (01001), Baldwin, AL (01003), Barbour, AL (01005) and 2 more units'
    """
    is_named = np.zeros(units.n_units, np.bool_)
    is_named[rows] = True
    names, singles = [], []
    for code in np.unique(units.states[is_named]).tolist():
        inside = units.states == code
        if code and inside.sum() > 1 and is_named[inside].all():
            names.append(name_state(units, code))
        else:
            singles += np.flatnonzero(inside & is_named).tolist()
    for row in sorted(singles):
        parts = filter(None, (str(units.names[row]), str(units.states[row])))
        names.append(f"{', '.join(parts)} ({units.ids[row]})")
    kind = "states" if not singles else "units" if len(singles) == len(names) else "places"
    if len(names) > SHOWN:
        return f"{', '.join(names[:SHOWN])} and {len(names) - SHOWN} more {kind}"
    return listed(names)


def name_first(units: Units, rows: npt.NDArray[np.intp]) -> str:
    """Name the first of some units, each with its state, and count the others.

    Parameters
    ----------
    units
        Units of land.
    rows
        Rows in the order of what they weigh, at least one.

    Examples
    --------
    >>> from shapefiles.embedded.read import load_united_states
    >>> units = load_united_states()
    >>> name_first(units, np.array([2, 0])), name_first(units, np.array([2, 0, 1, 3]))
    ('Barbour, AL and Autauga, AL', 'Barbour, AL; Autauga, AL; Baldwin, AL and 1 more unit')
    """
    names = [
        ", ".join(filter(None, (str(units.names[row]), str(units.states[row]))))
        for row in rows[:SHOWN].tolist()
    ]
    more = len(rows) - SHOWN
    if more <= 0:
        return listed(names)
    return f"{'; '.join(names)} and {counted(more, 'more unit')}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """Join names with commas, the last one by a word.

    Examples
    --------
    >>> listed(["Maine"]), listed(["Maine", "Vermont", "Ohio"]), listed(["Maine", "Ohio"], "or")
    ('Maine', 'Maine, Vermont and Ohio', 'Maine or Ohio')
    """
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1])))
