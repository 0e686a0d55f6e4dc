"""Groups that would switch to the other nation, in words, figures and arrows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from maps.switching import SwitchingGroup
from partition.answer.stability import PROOF, RULES, GroupsFound
from partition.metrics import NATION_NAMES
from partition.question.naming import name_first
from shapefiles.table_writing import markdown_table, markdown_text

if TYPE_CHECKING:
    from partition.question.question import Question
    from partition.runs.run import Run
    from solvers.plan import Plan
    from solvers.switched import Group

Row = dict[str, Any]

HEADING = "Who would want to switch"
"""What the report calls its section."""

GROUP_NAMES = (
    "group", "name", "leaves", "joins", "units", "people", "voters", "would_be_home_voters",
    "would_be_stranded_voters", "gain_voters", "no_stronger_than_voters", "is_strongest_proven",
    "states", "ids",
)  # fmt: skip
"""Columns of the table of groups, which has them without any group as well."""


def unit_gains(question: Question, plan: Plan) -> npt.NDArray[np.int64]:
    """Count what each unit would gain by switching alone: voters at home less those stranded.

    Returns
    -------
    numpy.ndarray
        Whole votes, shape ``(n_units,)``; negative where the unit is in the nation of its majority.
    """
    blue, red = question.units.votes[question.election].T
    gains: npt.NDArray[np.int64] = np.where(plan.assignment == 1, red - blue, blue - red)
    return gains


def name_group(question: Question, plan: Plan, group: Group) -> str:
    """Name a group by the units that gain most, and how many there are besides.

    Returns
    -------
    str
        ``"Kern, CA; Shasta, CA; Placer, CA and 25 more units"``.
    """
    order = group.rows[np.argsort(-unit_gains(question, plan)[group.rows], kind="stable")]
    return name_first(question.units, order)


def group_rows(question: Question, found: GroupsFound) -> tuple[Row, ...]:
    """State a row a group: who they are, where they would go, and what that brings."""
    groups = found.switching.groups
    return tuple(_row(question, found.plan, place, one) for place, one in enumerate(groups, 1))


def _row(question: Question, plan: Plan, place: int, group: Group) -> Row:
    units = question.units
    votes, people = units.votes[question.election], units.attributes.get("population")
    blue, red = votes[group.rows].sum(axis=0).tolist()
    home, stranded = (red, blue) if group.part else (blue, red)
    states = np.unique(units.states[group.rows]).tolist()
    return {
        "group": place,
        "name": name_group(question, plan, group),
        "leaves": NATION_NAMES[group.part],
        "joins": NATION_NAMES[1 - group.part],
        "units": len(group.rows),
        "people": None if people is None else round(float(people[group.rows].sum())),
        "voters": blue + red,
        "would_be_home_voters": home,
        "would_be_stranded_voters": stranded,
        "gain_voters": group.gain,
        "no_stronger_than_voters": group.bound,
        "is_strongest_proven": group.gain == group.bound,
        "states": " ".join(filter(None, states)),
        "ids": " ".join(units.ids[group.rows].tolist()),
    }


def stability_document(question: Question, found: GroupsFound) -> dict[str, Any]:
    """State who would want to switch as plain values, ready for JSON."""
    groups = found.switching.groups
    return {
        "is_stable": found.is_stable,
        "most_groups": found.most_groups,
        "most_units": found.most_units,
        "is_interrupted": found.switching.is_interrupted,
        "no_other_stronger_than_voters": found.switching.bound,
        "groups": [
            {**row, "ids": question.units.ids[group.rows].tolist()}
            for row, group in zip(group_rows(question, found), groups, strict=True)
        ],
    }


def told_stability(run: Run) -> dict[str, Any]:
    """State who would want to switch under its key; nothing where nobody asked."""
    found = run.stability
    return {} if found is None else {"stability": stability_document(run.question, found)}


def stability_section(run: Run) -> list[str]:
    """Write the section of the report; nothing where nobody asked."""
    found = run.stability
    if found is None:
        return []
    table = groups_table(run.question, group_rows(run.question, found))
    proof = [] if found.is_one_nation else [PROOF]
    return [f"## {HEADING}", markdown_text(found.verdict), RULES, *proof, *table]


def groups_table(question: Question, rows: Sequence[Row]) -> list[str]:
    """Write the groups as a table of Markdown; nothing where there are none."""
    if not rows:
        return []
    ballot, has_people = question.ballot, "population" in question.units.attributes
    columns: tuple[tuple[str, Callable[[Row], str]], ...] = (
        ("Group", lambda one: f"{one['group']}"),
        ("Who", lambda one: markdown_text(one["name"])),
        (
            "From, to",
            lambda one: f"{ballot.nation(one['leaves'])} to {ballot.nation(one['joins'])}",
        ),
        ("Units", lambda one: f"{one['units']:,}"),
        *((("People", lambda one: f"{one['people']:,}"),) if has_people else ()),
        ("Voters gained", lambda one: f"{one['gain_voters']:,}"),
        ("None stronger, or at most", _proof),
    )
    lines = [tuple(write(one) for _, write in columns) for one in rows]
    return [markdown_table(tuple(title for title, _ in columns), lines)]


def _proof(row: Row) -> str:
    return "yes" if row["is_strongest_proven"] else f"{row['no_stronger_than_voters']:,}"


def drawn_groups(question: Question, found: GroupsFound) -> list[SwitchingGroup]:
    """State the groups as a map draws them, each with an arrow into the nation it would join."""
    return [
        SwitchingGroup(
            number=place,
            name=name_group(question, found.plan, group),
            amount=f"+{group.gain:,}",
            rows=group.rows,
            part=1 - group.part,
            way=_way(question, found.plan, group),
        )
        for place, group in enumerate(found.switching.groups, 1)
    ]


def _way(question: Question, plan: Plan, group: Group) -> tuple[int, int]:
    """Choose two units that an arrow leads over the border between, of the group and beyond it.

    They are the nearest to where most is gained. Where only a neighbouring country connects
    the group with the other nation, it stays in one unit.
    """
    part, gains = plan.assignment, np.maximum(0, unit_gains(question, plan)[group.rows])
    is_in = np.zeros(len(part), np.bool_)
    is_in[group.rows] = True
    pairs = question.units.edges.pairs[question.edges]
    pairs = pairs[is_in[pairs].any(axis=1) & (part[pairs[:, 0]] != part[pairs[:, 1]])]
    if not len(pairs):
        largest = int(group.rows[np.argmax(gains)])
        return largest, largest
    middles = shapely.get_coordinates(shapely.centroid(question.units.polygons))
    heart = np.average(middles[group.rows], axis=0, weights=gains)
    away = np.hypot(*(middles[pairs].mean(axis=1) - heart).T)
    first, second = pairs[np.argmin(away)].tolist()
    return (first, second) if is_in[first] else (second, first)
