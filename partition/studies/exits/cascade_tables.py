"""The rows of a cascade: its rounds, every move, who waits, and how it ends for any threshold."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from partition.metrics import matched_votes
from partition.question.naming import listed, name_state
from partition.studies.exits.rules import fraction_text
from partition.studies.figures import figures
from partition.studies.table import Column, Row, number, share, text

if TYPE_CHECKING:
    from partition.answer import Report
    from partition.studies.exits.cascaded import Cascade
    from shapefiles.units import Units

NAMED = 3
"""Movers of a round that its row names."""


def name_mover(cascade: Cascade, mover: int) -> str:
    """Name a unit with its state, or a state."""
    units, rows = cascade.question.units, cascade.ground.members[mover]
    name, row = cascade.ground.names[mover], rows[0]
    if len(rows) > 1:
        return name_state(units, name) if name == units.states[row] else name
    return name_unit(units, row)


def name_unit(units: Units, row: int) -> str:
    """Name a unit with its state: "Clark (NV)"."""
    name, state = str(units.names[row]) or str(units.ids[row]), str(units.states[row])
    return f"{name} ({state})" if state and state != name else name


def round_rows(cascade: Cascade, reports: Sequence[Report]) -> tuple[Row, ...]:
    """State what happens in each round, and the figures of the line after it."""
    votes, people = _votes(cascade), cascade.question.units.attributes.get("population")
    rows = []
    rounds = [None, *cascade.course.rounds]
    for at, (one, report) in enumerate(zip(rounds, reports, strict=True)):
        joined, returned = (one.joined, one.returned) if one else ((), ())
        waiting = {} if one is None else one.waiting
        moved = [row for mover in (*joined, *returned) for row in cascade.ground.members[mover]]
        rows.append(
            {
                "round": at,
                "label": f"round {at}",
                "joined": len(joined),
                "returned": len(returned),
                "waiting": len(waiting),
                "moved_units": len(moved),
                "moved_people": None if people is None else int(people[moved].sum()),
                "moved_voters": int(votes[moved].sum()),
                "named": _named(cascade, (*joined, *returned)),
                **figures(report),
            }
        )
    return tuple(rows)


def _votes(cascade: Cascade) -> np.ndarray:
    return cascade.question.units.votes[cascade.question.election]


def _named(cascade: Cascade, movers: Sequence[int]) -> str:
    names = [name_mover(cascade, one) for one in movers[:NAMED]]
    more = len(movers) - len(names)
    names += [f"{more:,} more"] if more else []
    return listed(names) if names else ""


def move_rows(cascade: Cascade) -> tuple[Row, ...]:
    """State every move, in its order."""
    rest = {"blue": "red", "red": "blue"}[cascade.side]
    return tuple(
        {"round": at, **_mover_row(cascade, mover), "to_nation": nation}
        for at, one in enumerate(cascade.course.rounds, 1)
        for movers, nation in ((one.joined, cascade.side), (one.returned, rest))
        for mover in movers
    )


def waiting_rows(cascade: Cascade) -> tuple[Row, ...]:
    """State who would move at the end and cannot, and why."""
    waiting = cascade.course.last.waiting
    return tuple({**_mover_row(cascade, mover), "reason": why} for mover, why in waiting.items())


def _mover_row(cascade: Cascade, mover: int) -> Row:
    ground, units = cascade.ground, cascade.question.units
    rows = list(ground.members[mover])
    portion = ground.shares[ground.level[mover]]
    people = units.attributes.get("population")
    return {
        "place": ground.names[mover],
        "name": name_mover(cascade, mover),
        "units": len(rows),
        "side_share": float(portion),
        "side_share_exact": str(portion),
        "voters": int(_votes(cascade)[rows].sum()),
        "people": None if people is None else int(people[rows].sum()),
    }


def threshold_rows(cascade: Cascade) -> tuple[Row, ...]:
    """State the end for each stretch of thresholds."""
    units = cascade.question.units
    votes, people = _votes(cascade), units.attributes.get("population")
    total = int(votes.sum())
    rows = []
    for one in cascade.endings:
        plan = cascade.plan_of(one.leaves)
        at_home = int(matched_votes(votes, plan.assignment).sum())
        has_left = one.leaves[: units.n_units]
        rows.append(
            {
                "above": None if one.above is None else float(one.above),
                "up_to": float(one.up_to),
                "above_exact": None if one.above is None else fraction_text(one.above),
                "up_to_exact": fraction_text(one.up_to),
                "leaving_nation": cascade.side,
                "units": int(has_left.sum()),
                "people": None if people is None else int(people[has_left].sum()),
                "self_determined_voters": at_home,
                "self_determined_share": at_home / total if total else None,
                "stranded_voters": total - at_home,
            }
        )
    return tuple(rows)


MOVES = (
    "round",
    "place",
    "name",
    "units",
    "side_share",
    "side_share_exact",
    "voters",
    "people",
    "to_nation",
)
"""What is known of a move, in order."""


def round_columns(rows: Sequence[Row]) -> tuple[Column, ...]:
    """Say what people read of the rounds; who returns and who waits where anybody does."""
    counts = (("joined", "Join"), ("returned", "Return"), ("waiting", "Wait"))
    shown = [(key, title) for key, title in counts if key == "joined" or any(r[key] for r in rows)]
    return (
        ("Round", text("round")),
        *((title, number(key)) for key, title in shown),
        ("Self-det.", share("self_determined_share", 2)),
        ("Stranded", number("stranded_voters")),
        ("Who moves", text("named")),
    )


WAITING: tuple[Column, ...] = (
    ("Place", text("name")),
    ("Share", share("side_share", 2)),
    ("Voters", number("voters")),
    ("Why it waits", text("reason")),
)

THRESHOLDS: tuple[Column, ...] = (
    ("Above", lambda one: "-" if one["above"] is None else f"{one['above']:.4f}"),
    ("Up to", lambda one: f"{one['up_to']:.4f}"),
    ("Up to, exactly", text("up_to_exact")),
    ("Units", number("units")),
    ("Self-determined", share("self_determined_share", 2)),
    ("Stranded voters", number("stranded_voters")),
)
"""What people read of the end for a stretch of thresholds."""


def around(cascade: Cascade, most: int) -> tuple[Row, ...]:
    """Choose the stretches of thresholds around the one that was asked for."""
    rows = cascade.threshold_rows
    threshold = cascade.rules.threshold
    here = next((at for at, one in enumerate(cascade.endings) if one.holds_for(threshold)), 0)
    first = max(0, min(here - most // 2, len(rows) - most))
    return rows[first : first + most]


def said_share(value: Fraction) -> str:
    """Write a share as a decimal, with the fraction where it is not exact."""
    exact = fraction_text(value)
    return exact if "/" not in exact else f"{float(value):.6f} ({exact})"
