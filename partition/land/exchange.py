"""Plans from other programs, and what is wrong with files that somebody brought."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from partition.errors import InputError
from shapefiles.errors import DataError
from shapefiles.files.dualgraph import read_assignment
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
