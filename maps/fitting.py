"""Whether a plan and an election belong to the units they are drawn with."""

from __future__ import annotations

from shapefiles.units import Units
from solvers.plan import Plan


def check_plan(units: Units, plan: Plan, name: str = "") -> None:
    """Refuse a plan of other units.

    Parameters
    ----------
    units
        What is drawn or exported.
    plan
        The plan.
    name
        What the plan is called, where there are several.

    Raises
    ------
    ValueError
        When the plan has another number of units.
    """
    if plan.n_units != units.n_units:
        called = f" {name!r}" if name else ""
        raise ValueError(
            f"The plan{called} has {plan.n_units} units and the map {units.n_units}; "
            "use a plan with the units it was made from."
        )


def check_election(units: Units, election: str) -> None:
    """Refuse an election that the units have no votes of.

    Raises
    ------
    ValueError
        When it is none of ``units.votes``.
    """
    if election not in units.votes:
        raise ValueError(
            f"Unknown election {election!r}; the units have {', '.join(sorted(units.votes))}."
        )
