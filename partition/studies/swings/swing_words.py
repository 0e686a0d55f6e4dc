"""Best plans under votes that swing, or from election to election, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partition.answer import wording
from partition.question.naming import listed
from partition.scenario.swing import said_points
from shapefiles.errors import counted

if TYPE_CHECKING:
    from partition.studies.swings.swings import Swings


def sentences(swings: Swings) -> list[str]:
    """Say what was asked, who decides, and what the kept plan gives up."""
    deciding, rows = swings.deciding, swings.unit_rows
    voters, total = (sum(one["voters"] for one in some) for some in (deciding, rows))
    known, of = _known(swings), "election" if swings.is_of_elections else "swing"
    found = (
        f"{counted(len(deciding), 'unit')} of {len(rows):,}, with "
        f"{wording.percent(voters / total if total else None)} of the voters, "
        f"{'is' if len(deciding) == 1 else 'are'} in either nation, depending on the {of}; "
        f"all others are in the same one in every best plan{known}."
    )
    return [f"{_asked(swings)} {_proven(swings)}", found, _given_up(swings)]


def _asked(swings: Swings) -> str:
    plans = f"{counted(len(swings.runs), 'best plan')}{_known(swings)}"
    if swings.is_of_elections:
        return f"{plans}, for the elections of {listed([one.election for one in swings.runs])}."
    points = [one.points for one in swings.runs]
    names = swings.question.ballot.sides
    how = "in proportion" if swings.in_proportion else "everywhere alike"
    errors = f", with errors of {said_points(swings.error)} in each unit" if swings.error else ""
    ends = f"from {_said(min(points), names)} to {_said(max(points), names)}"
    return f"{plans}, as the vote swings {how} {ends}{errors}."


def _known(swings: Swings) -> str:
    """Say behind "best plan" where not all of them are proven to be the best."""
    return "" if all(one.result.gap == 0 for one in swings.runs.values()) else " known"


def _proven(swings: Swings) -> str:
    """Say what is proven of the plans."""
    gaps = [one.result.gap for one in swings.runs.values()]
    known = [one for one in gaps if one is not None]
    if not _known(swings):
        return "All are proven to be the best possible."
    if len(known) < len(gaps):
        return "Nothing is proven of some of them."
    return f"Each is proven to be within {wording.gap_percent(max(known))} of the best possible."


def _given_up(swings: Swings) -> str:
    """Say what the kept plan gives up where it is allowed, and where it is not."""
    at = swings.kept[0].label(swings.error)
    broken = [one for one in swings.rows if one["kept_plan_breaks"] is not None]
    allowed = [one for one in swings.rows if one["kept_plan_breaks"] is None]
    worst = max(allowed, key=lambda one: one["kept_plan_least_votes"])
    least, most = worst["kept_plan_least_votes"], worst["kept_plan_most_votes"]
    every = "election" if swings.is_of_elections else "swing"
    if least <= 0:
        which = " that allows it" if broken else ""
        said = f"The plan of {at} is the best one known for every {every}{which}."
    else:
        ends = "" if most is None else ", proven" if most == least else f", {most:,} at most"
        when = "in" if swings.is_of_elections else "at"
        said = (
            f"Whoever keeps the plan of {at} gives up the most {when} {worst['label']}: "
            f"{least:,} votes of the objective against the best plan known there{ends}."
        )
    if not broken:
        return said
    rule = f"{broken[0]['label']}: {broken[0]['kept_plan_breaks']}"
    return f"{said} It breaks a rule at {len(broken):,} of {len(swings.rows):,}, first at {rule}."


def _said(points: float, sides: tuple[str, str]) -> str:
    """Say how far the vote swings, and to whom."""
    if not points:
        return "no points"
    return f"{said_points(points)} to {sides[0] if points > 0 else sides[1]}"
