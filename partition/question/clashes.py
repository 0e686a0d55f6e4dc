"""Constraints that contradict each other, found before anything is solved.

Each check is a condition that every plan must fail, so that no scenario is refused which has a
plan. What they leave, the search finds out (:mod:`partition.question.diagnosis`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from partition.errors import ClashError, InternalError
from partition.metrics import BLUE, NATION_NAMES, RED, components
from partition.question.constraints import SEA, Limit, Pin, Place
from partition.question.naming import SHOWN, name_units
from partition.question.quantities import NAMES
from shapefiles.units import Units
from solvers.problem import ANY, Problem
from solvers.reduction import spread_fixed

Parts = npt.NDArray[np.int8]


def refuse_contradictory_pins(units: Units, given: list[Pin]) -> None:
    """Refuse units that are fixed to both nations.

    Raises
    ------
    ClashError
        With the two keys, and the units by name.
    """
    first = np.full((2, units.n_units), len(given))  # the pin that first fixed a unit to a part
    for number, one in enumerate(given):
        rows = one.place.rows
        against = int(first[1 - one.part][rows].min(initial=len(given)))
        if against < len(given):
            other = given[against]
            both = np.intersect1d(rows, other.place.rows)
            raise ClashError(
                f"{other.place.source} and {one.place.source} contradict each other over "
                f"{name_units(units, both)}: drop one of them."
            )
        first[one.part][rows] = np.minimum(first[one.part][rows], number)


def refuse_torn_places(units: Units, places: list[Place], given: list[Pin], fixed: Parts) -> None:
    """Refuse places that stay whole but are fixed to both nations in part.

    Raises
    ------
    ClashError
        With the keys, and the units by name.
    """
    for place in places:
        inside = fixed[place.rows]
        held = [place.rows[inside == part] for part in (RED, BLUE)]
        if len(held[RED]) and len(held[BLUE]):
            sources = [source_names(given, rows) for rows in (held[BLUE], held[RED])]
            raise ClashError(
                f"{place.source} keeps {name_units(units, place.rows)} whole, but "
                f"{sources[0]} puts {name_units(units, held[BLUE])} into the blue nation and "
                f"{sources[1]} puts {name_units(units, held[RED])} into the red one: drop one "
                "of them."
            )


def refuse_impossible_limits(
    units: Units, limits: list[Limit], given: list[Pin], fixed: Parts
) -> None:
    """Refuse limits that no plan can meet with the units that are fixed.

    Raises
    ------
    ClashError
        With the key, what it asks for, and what is the most possible.
    """
    for limit in limits:
        held = limit.budget.amounts
        total = int(held.sum())
        for low, source, nation, other in (
            (limit.budget.lower, limit.lower_source, "blue", RED),
            (
                None if limit.budget.upper is None else total - limit.budget.upper,
                limit.upper_source,
                "red",
                BLUE,
            ),
        ):
            taken = fixed == other
            most = total - int(held[taken].sum())
            if low is not None and low > most:
                sources = source_names(given, np.flatnonzero(taken & (held > 0)))
                if limit.budget.name == SEA:
                    need = "a unit on the sea"
                    left = f"{sources} leaves it none" if sources else "there is none"
                else:
                    name = NAMES.get(limit.budget.name, limit.budget.name)
                    need = f"{low / total:.2%} of the {name}"
                    left = f"{sources} leaves it {most / total:.2%}"
                raise ClashError(
                    f"{source} cannot be met: the {nation} nation would need {need}, and {left}. "
                    "Relax one of them."
                )


def refuse_torn_nations(
    units: Units, problem: Problem, ids: tuple[str, ...], given: list[Pin]
) -> None:
    """Refuse units fixed to one nation that units fixed to the other keep apart.

    Each connected set of units that are not fixed to the other nation needs a piece of its own
    where one of its units is fixed.

    Parameters
    ----------
    units
        Units of land.
    problem
        What will be solved, its first rows the units.
    ids
        Ids of all rows of the problem.
    given
        What fixes them.

    Raises
    ------
    ClashError
        With the nation, the units by name, and what keeps them apart.
    InternalError
        When units of one group are fixed to both nations, which is refused before.
    """
    fixed = spread_fixed(problem.fixed, problem.groups)
    if fixed is None:
        raise InternalError("A place that stays together is fixed to both nations.")
    landmass = components(problem.edges, problem.n_units)
    for part, most in enumerate(problem.pieces):
        if most == ANY:
            continue
        barred = fixed == 1 - part
        open_edges = problem.edges[~barred[problem.edges].any(axis=1)]
        region = components(open_edges, problem.n_units)
        for mass in np.unique(landmass[fixed == part]).tolist():
            rows = np.flatnonzero((fixed == part) & (landmass == mass))
            regions = np.unique(region[rows])
            if len(regions) > most:
                named = [
                    _name(units, ids, rows[region[rows] == one]) for one in regions[: most + 1]
                ]
                wall = np.flatnonzero(barred & (landmass == mass))
                raise ClashError(
                    f"nations.{NATION_NAMES[part]}.pieces = {most} cannot be met: units fixed to "
                    f"the other nation ({source_names(given, wall) or 'neighbours'}) keep apart "
                    f"{'; '.join(named)}. Allow more pieces, or fix fewer units."
                )


def _name(units: Units, ids: tuple[str, ...], rows: npt.NDArray[np.intp]) -> str:
    real, extra = rows[rows < units.n_units], rows[rows >= units.n_units]
    named = [ids[row].capitalize() for row in extra.tolist()]
    return " and ".join([*named, *([name_units(units, real)] if len(real) else [])])


def source_names(given: list[Pin], rows: npt.NDArray[np.intp]) -> str:
    """Name the keys that fix some units, with what they hold where they are few."""
    is_among = np.zeros(max((int(pin.place.rows.max()) for pin in given), default=0) + 1, bool)
    is_among[rows[rows < len(is_among)]] = True
    found = [pin.place.source for pin in given if is_among[pin.place.rows].any()]
    if len(found) > SHOWN:
        found = [source.split(" = ")[0] for source in found]
    return " and ".join(dict.fromkeys(found))
