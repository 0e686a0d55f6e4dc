"""What comes of a cascade, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from partition.answer import wording
from partition.question.naming import listed, name_state
from partition.studies.exits.cascade_tables import name_mover, name_unit, said_share
from partition.studies.exits.rules import fraction_text
from shapefiles.errors import counted

if TYPE_CHECKING:
    from partition.studies.exits.cascaded import Cascade

MOST_NAMED = 5
"""Waiting places that a sentence names."""


def sentences(cascade: Cascade) -> Iterator[str]:
    """Say who follows, how far that is from the best line, and what the threshold changes."""
    yield asked(cascade)
    yield outcome(cascade)
    if cascade.course.last.waiting:
        yield waiting(cascade)
    if cascade.distance is not None:
        yield cascade.distance.sentence
    yield from thresholds(cascade)


def asked(cascade: Cascade) -> str:
    """Say which rule is followed."""
    ballot, rules = cascade.question.ballot, cascade.rules
    voted = ballot.sides[("blue", "red").index(cascade.side)]
    clauses = f" ({'; '.join(rules.clauses)})" if rules.clauses else ""
    first = first_names(cascade)
    return (
        f"{first[:1].upper()}{first[1:]} {'leave' if len(cascade.places) > 1 else 'leaves'}, and "
        f"who borders on the nation that leaves follows where at least {_percent(cascade)} voted "
        f"{voted}{clauses}."
    )


def _percent(cascade: Cascade) -> str:
    return f"{fraction_text(100 * cascade.rules.threshold)} %"


def first_names(cascade: Cascade) -> str:
    """Name who leaves first."""
    units = cascade.question.units
    rows = {name: row for row, name in enumerate(units.ids.tolist())}
    names = [
        name_unit(units, rows[one]) if one in rows else name_state(units, one)
        for one in cascade.places
    ]
    if len(names) > MOST_NAMED:
        names = [*names[:MOST_NAMED], f"{len(names) - MOST_NAMED:,} more"]
    return listed(names) if names else "the nation that the scenario fixes"


def outcome(cascade: Cascade) -> str:
    """Say who moved, in how many rounds, and what comes of it."""
    rounds = cascade.course.rounds
    at_home = wording.headline(cascade.report)
    if not rounds:
        return f"Nobody follows: {at_home}."
    joined, returned = (
        sum(len(getattr(one, what)) for one in rounds) for what in ("joined", "returned")
    )
    names = [name_mover(cascade, mover) for one in rounds for mover in one.joined]
    moves = [_moved(joined, "joins", "join")] if joined else []
    moves += [_moved(returned, "returns", "return")] if returned else []
    who = f": {listed(names)}" if names and joined <= MOST_NAMED and not returned else ""
    back = "" if cascade.course.end.any() else " The nation that left is no more."
    return (
        f"{' and '.join(moves)} in {counted(len(rounds), 'round')}{who}; then nobody else "
        f"{'moves' if returned else 'leaves'}. {at_home}.{back}"
    )


def _moved(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def waiting(cascade: Cascade) -> str:
    """Name who would move at the end and cannot."""
    last = cascade.course.last.waiting
    names = [f"{name_mover(cascade, one)} ({why})" for one, why in last.items()]
    if len(names) > MOST_NAMED:
        names = [*names[:MOST_NAMED], f"{len(names) - MOST_NAMED:,} more"]
    return f"{counted(len(last), 'place')} would follow and cannot: {listed(names)}."


def thresholds(cascade: Cascade) -> Iterator[str]:
    """Say how far the threshold may be moved, and for which one fewest are stranded."""
    rows, found = cascade.threshold_rows, cascade.endings
    here = next((one for one in found if one.holds_for(cascade.rules.threshold)), None)
    n_changes = len(found) - 1
    if here is not None:
        above = "" if here.above is None else f"above {said_share(here.above)} and "
        yield (
            f"The end is the same for every threshold {above}up to {said_share(here.up_to)}; "
            f"between {said_share(cascade.lowest)} and {said_share(found[-1].up_to)} it changes "
            f"at {counted(n_changes, 'threshold')}."
        )
    if n_changes:
        best = min(range(len(rows)), key=lambda one: rows[one]["stranded_voters"])
        stretch = found[best]
        above = "" if stretch.above is None else f"above {said_share(stretch.above)} and "
        yield (
            f"Fewest are stranded with a threshold {above}up to {said_share(stretch.up_to)}: "
            f"{rows[best]['stranded_voters']:,}, with {counted(rows[best]['units'], 'unit')} in "
            "the nation that leaves."
        )
