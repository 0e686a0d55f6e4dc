"""The plan of a bundle: ``plan.csv``, read against the units of the certificate."""

from __future__ import annotations

import csv
import io

from partition.errors import CertificateError
from partition.verify.fields import fail, show
from partition.verify.instance import Instance

PLAN = "plan.csv"
"""Name of the file."""

NATIONS = {"red": 0, "blue": 1}
"""Part of each nation."""


def read_plan(
    content: bytes, instance: Instance, n_units: int | None = None
) -> tuple[list[int], int]:
    """Read the part of each unit from the lines ``GEOID,nation``, and complete it.

    Parameters
    ----------
    content
        Of the file.
    instance
        The problem; its first rows are the units.
    n_units
        How many of them are units; as many as there are lines unless it is known.

    Returns
    -------
    tuple
        Part of every row, and the number of units.
    """
    ids = instance.ids[:n_units]
    unit_of = {name: unit for unit, name in enumerate(ids)}
    plan = [-1] * len(instance.ids)
    lines = _lines(content)
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != 2 or line[0] not in unit_of or line[1] not in NATIONS:
            fail(f"{PLAN}, line {number}", "expected a unit of the run with blue or red.")
        if plan[unit_of[line[0]]] >= 0:
            fail(f"{PLAN}, line {number}", f"unit {line[0]} is assigned twice.")
        plan[unit_of[line[0]]] = NATIONS[line[1]]
    if n_units is not None and -1 in plan[:n_units]:
        fail(PLAN, f"unit {show(ids[plan.index(-1)])} is left out.")
    complete(plan, instance)
    if -1 in plan:
        fail(PLAN, f"unit {show(instance.ids[plan.index(-1)])} is left out.")
    return plan, len(lines) - 1


def _lines(content: bytes) -> list[list[str]]:
    try:
        stream = io.StringIO(content.decode("utf-8"), newline="")
        lines = list(csv.reader(stream, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise CertificateError(f"{PLAN}: not a table: {error}.") from None
    if not lines or lines[0] != ["GEOID", "nation"]:
        fail(f"{PLAN}, line 1", "expected the header GEOID,nation.")
    return lines


def complete(plan: list[int], instance: Instance) -> None:
    """Give a part to what is left out and no unit of land: fixed, or held by links alone."""
    pulls = [[0, 0] for _ in plan]
    for (a, b), cost in zip(instance.links, instance.link_costs, strict=True):
        for unit, other in ((a, b), (b, a)):
            if plan[other] >= 0:
                pulls[unit][plan[other]] += cost
    touching = {unit for edge in instance.edges for unit in edge}
    linked = {unit for link in instance.links for unit in link} - touching
    for unit, part in enumerate(plan):
        if part < 0 and instance.fixed[unit] >= 0:
            plan[unit] = instance.fixed[unit]
        elif part < 0 and unit in linked:
            plan[unit] = int(pulls[unit][1] > pulls[unit][0])
