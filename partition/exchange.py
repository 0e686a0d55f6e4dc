"""Plans and graphs from and for other programs: GerryChain and its like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from partition.errors import InputError
from partition.outcome import Outcome
from shapefiles.dualgraph import (
    DISTRICTS,
    read_assignment,
    write_assignment,
    write_dual_graph,
)
from shapefiles.errors import DataError
from shapefiles.units import Units
from solvers.plan import Plan


@contextmanager
def data_errors_as_input() -> Iterator[None]:
    """Have errors in files that somebody brought end as errors of input."""
    try:
        yield
    except DataError as error:
        raise InputError(str(error)) from None


def read_plan(path: str | Path, units: Units, blue: str = "") -> Plan:
    """Read a plan from a table of units: ``GEOID,District``, or the ``plan.csv`` of a run.

    Parameters
    ----------
    path
        The table; :func:`shapefiles.read_assignment` says which columns it may have.
    units
        The units that the plan divides.
    blue
        District that is the blue nation; ``1`` or ``blue`` unless given.

    Raises
    ------
    InputError
        When a unit is missing, unknown or given twice, or there are more than two districts.
    """
    with data_errors_as_input():
        return Plan(read_assignment(path, units, blue))


def write_districts(outcome: Outcome, path: Path) -> Path:
    """Write a plan as ``GEOID,District``: district 1 is the blue nation, 2 the red one."""
    write_assignment(outcome.dataset.units, outcome.plan.assignment, path)
    return path


def write_graph(outcome: Outcome, path: Path) -> Path:
    """Write the dual graph that was divided, with the plan as the attribute ``District``."""
    units, edges = outcome.dataset.units, outcome.scenario.edges
    districts = np.array([int(DISTRICTS[part]) for part in outcome.plan.assignment.tolist()])
    planned = replace(units, attributes={**units.attributes, "District": districts})
    write_dual_graph(planned, path, units.edges.select(edges.on, edges.off))
    return path
