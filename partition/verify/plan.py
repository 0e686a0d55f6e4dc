"""The plan of a bundle: ``plan.csv``, read against the units of the certificate."""

from __future__ import annotations

import csv
import io
import re
from itertools import chain

from partition.errors import CertificateError
from partition.verify.counted import Counted
from partition.verify.fields import fail, show
from partition.verify.instance import Instance

PLAN = "plan.csv"
"""Name of the file."""

NATIONS = {"red": 0, "blue": 1}
"""Part of each nation."""

PLAIN = ["GEOID", "nation"]
TOLD = [*PLAIN, "nation_name", "name", "state", "blue_votes", "red_votes", "stranded_voters"]
"""Columns that a plan has: those that say the nation, and with those that are told of the unit."""

LONGEST = 1_000
"""Characters of a name that are written."""

_HALF_PAIR = re.compile("[\ud800-\udfff]")


def read_plan(
    content: bytes, instance: Instance, n_units: int | None = None
) -> tuple[list[int], int]:
    """Read the part of each unit from the columns ``GEOID,nation``, and complete it.

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
        if len(line) != len(lines[0]) or line[0] not in unit_of or line[1] not in NATIONS:
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
    if not lines or lines[0] not in (PLAIN, TOLD):
        fail(f"{PLAN}, line 1", f"expected the header {','.join(TOLD)}.")
    return lines


def check_told(content: bytes, data: Counted, plan: list[int]) -> None:
    """Compare what a plan tells of each unit beside its nation with the data.

    Parameters
    ----------
    content
        Of the file, which :func:`read_plan` has read.
    data
        Units, names and votes.
    plan
        Part of each unit.

    Raises
    ------
    CertificateError
        When a name, a state or a number of voters is another one.
    """
    lines = _lines(content)
    if lines[0] == PLAIN:
        return
    unit_of = {name: unit for unit, name in enumerate(data.ids)}
    names, votes = data.columns["name"], data.votes
    for number, line in enumerate(lines[1:], start=2):
        unit = unit_of[line[0]]
        part, (red, blue) = plan[unit], votes[unit]
        texts = [data.nation_names[1 - part], names[unit], data.states[unit]]
        counts = [blue, red, red if part else blue]
        expected = [*map(_written, texts), *map(str, counts)]
        for column, found, told in zip(TOLD[2:], line[2:], expected, strict=True):
            # Apostrophes keep spreadsheets from running a text.
            if found.replace("'", "") != told.replace("'", ""):
                place = f"{PLAN}, line {number}: {column}"
                fail(place, f"{show(found)}, expected {show(told)}.")


def _written(text: str) -> str:
    return _HALF_PAIR.sub("\ufffd", str(text)[:LONGEST])


def complete(plan: list[int], instance: Instance) -> None:
    """Give a part to what is left out and no unit of land: fixed, or held by links or spans alone.

    The ends of a span go as close to its units as they can.
    """
    pulls = [[0, 0] for _ in plan]
    held = [(one.pairs, one.pair_amounts) for one in instance.budgets]
    for (a, b), cost in chain.from_iterable(
        zip(*both, strict=True) for both in ((instance.links, instance.link_costs), *held)
    ):
        for unit, other in ((a, b), (b, a)):
            if plan[other] >= 0:
                pulls[unit][plan[other]] += cost
    touching = {unit for edge in instance.edges for unit in edge}
    linked = {unit for link in instance.links for unit in link} - touching
    spanned = [(span, plan[span[0]]) for span in instance.spans if plan[span[0]] >= 0]
    least = {below: part for part in (1, 0) for (_, below, _), own in spanned if own == part}
    most = {above: part for part in (0, 1) for (_, _, above), own in spanned if own == part}
    ends = least | most
    for unit, part in enumerate(plan):
        if part < 0 and instance.fixed[unit] >= 0:
            plan[unit] = instance.fixed[unit]
        elif part < 0 and unit in linked:
            plan[unit] = int(pulls[unit][1] > pulls[unit][0])
        elif part < 0 and unit in ends:
            plan[unit] = ends[unit]
