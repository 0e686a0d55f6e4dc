"""Why no plan meets the constraints of a scenario: which of them, dropped alone, leaves one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import solvers.solve
from partition.errors import ScenarioError
from partition.formulate import formulate
from partition.scenario import ALL, QUANTITIES, Scenario, Weights
from shapefiles.units import Units
from solvers.result import Limits, Progress

SECONDS = 5.0
"""Longest search without one constraint."""


def advise(units: Units, scenario: Scenario, should_stop: Callable[[], bool] | None = None) -> str:
    """Say which constraint to relax, where no plan of a scenario was found.

    The scenario is tried again without each of its constraints, until any plan is found.

    Parameters
    ----------
    units
        Units of land with votes.
    scenario
        What no plan meets, as far as is known.
    should_stop
        Asked several times a second; True ends the search for reasons.

    Returns
    -------
    str
        One sentence.
    """
    is_stopped = should_stop or (lambda: False)
    constraints = dict(relaxations(scenario))
    enough = [
        source
        for source, settings in constraints.items()
        if not is_stopped() and _has_plan(units, scenario.override(settings=settings), is_stopped)
    ]
    if enough:
        relax = "one of them" if len(enough) > 1 else "that"
        return f"There are plans without {_either(enough)}: relax {relax}."
    if is_stopped() or not constraints:
        return "Which constraint to relax was not found out."
    return (
        "Relax two or more of its constraints: without any single one of them no plan was found "
        f"in {SECONDS:g} s ({', '.join(constraints)})."
    )


def relaxations(scenario: Scenario) -> Iterator[tuple[str, dict[str, Any]]]:
    """List the constraints of a scenario, and what drops each of them.

    Examples
    --------
    >>> list(relaxations(Scenario.shipped("confederation")))[0]
    ('nations.blue.pieces = 4', {'nations.blue.pieces': 'any'})
    """
    table = scenario.to_table()
    for nation in ("blue", "red"):
        rules = table["nations"][nation]
        if rules["pieces"] != "any":
            key = f"nations.{nation}.pieces"
            yield f"{key} = {rules['pieces']}", {key: "any"}
        for side in ("least", "most"):
            for quantity in QUANTITIES:
                if (share := rules[side][quantity]) is not None:
                    key = f"nations.{nation}.{side}.{quantity}"
                    yield f"{key} = {share}", {key: None}
        if rules["sea_access"]:
            yield f"nations.{nation}.sea_access", {f"nations.{nation}.sea_access": False}
    for key, nothing in (("blue", []), ("red", []), ("whole", []), ("only", [ALL])):
        if list(table["units"][key]) != nothing:
            yield f"units.{key}", {f"units.{key}": nothing}
    for country, nation in table["neighbours"].items():
        if nation is not None:
            yield f"neighbours.{country}", {f"neighbours.{country}": None}
    if table["edges"]["off"]:
        yield "edges.off", {"edges.off": []}


def _has_plan(units: Units, scenario: Scenario, is_stopped: Callable[[], bool]) -> bool:
    """Whether any plan is found in a few seconds; which one does not matter."""
    is_found = False

    def watch(progress: Progress) -> None:
        nonlocal is_found
        is_found = is_found or progress.incumbent is not None

    try:
        problem = formulate(
            units, scenario.override(settings={"weights": asdict(Weights())})
        ).problem
    except ScenarioError:  # what is left contradicts itself as well
        return False
    result = solvers.solve.solve(
        problem,
        Limits(time_limit=SECONDS),
        seed=scenario.limits.seed,
        on_progress=watch,
        should_stop=lambda: is_found or is_stopped(),
    )
    return result.plan is not None


def _either(names: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
