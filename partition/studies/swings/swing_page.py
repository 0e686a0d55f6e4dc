"""Best plans under votes that swing, as the values of their page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import maps
from partition.answer import wording
from partition.pages.drawing import look
from partition.question.naming import listed
from partition.studies.explore import known_measures, short_figures, with_pieces
from partition.studies.facts import facts_of
from partition.studies.swings.electorate import Electorate
from partition.studies.swings.swings import Swings
from partition.studies.table import Row

SWING = maps.Measure("swing_points", "Swing", unit="points", decimals=1)
"""What the chart has across."""

YEAR = maps.Measure("election", "Election", "year")
"""The same, from election to election."""

CHANGED = maps.Measure("changed_units", "Units in another nation than in the kept plan")
GIVEN_UP = maps.Measure("kept_plan_least_votes", "What the kept plan gives up", "large")

SHADED = (
    "Colours and tooltips have the votes as they were counted; figures have those of each swing."
)
"""What the map is shaded by."""


ELECTIONS = (
    "Colours and tooltips have the votes of {}; the figures of each plan are those of its own."
)
"""What the map is shaded by from election to election."""

GOOD = "The plans that are called good here are the best ones known, one for each electorate."
"""What the legend of the shares speaks of."""


def explored_swings(swings: Swings) -> maps.Explored:
    """State a study of swings or elections as the values of its page."""
    question, ballot = swings.question, swings.question.ballot
    points = [with_pieces(one) for one in swings.rows]
    up, *others = known_measures(points, (), question)
    dials = _dials(swings)
    across = SWING if not swings.is_of_elections else YEAR if dials else GIVEN_UP
    shown = (up, *((across,) if across is not GIVEN_UP else ()), GIVEN_UP, CHANGED, *others)
    keys = {one.key for one in shown}
    plans = [
        maps.ExploredPlan(
            plan=run.plan,
            title=str(row["label"]),
            at=_place(point, dials),
            figures=short_figures(_dated(row) if dials and point.election else row, keys),
            status=str(row["quality"]),
            facts=facts,
        )
        for (point, run), row, facts in zip(
            swings.runs.items(), points, facts_of(points), strict=True
        )
    ]
    shaded = ELECTIONS.format(question.election) if swings.is_of_elections else SHADED
    return maps.Explored(
        title=f"{question.scenario.title}: {swings.title}",
        measures=shown,
        plans=tuple(sorted(plans, key=lambda one: one.at)),
        across=across.key,
        up=up.key,
        dials=dials,
        told=("stranded_voters", GIVEN_UP.key),
        subtitle=swings.sentences[0],
        election=_called(swings),
        source=question.dataset.source,
        notes=tuple(filter(None, (*swings.sentences[1:], shaded, swings.missing))),
        **look(question),
        headline_text=wording.headline_words(ballot),
        certainty=_certainty(swings),
    )


def _certainty(swings: Swings) -> maps.Certainty:
    """State the share of the best plans in which each unit is blue."""
    blue, n_plans = swings.blue_shares, len(swings.runs)
    return maps.Certainty(
        blue, rule=GOOD, n_plans=n_plans, n_blue=np.rint(blue * n_plans).astype(np.int64)
    )


def _dated(row: Row) -> Row:
    return row | {"election": int(row["election"])}


def _called(swings: Swings) -> str:
    """Name whose votes count: the election that swings, or all that were held."""
    if not swings.is_of_elections:
        return swings.question.ballot.title
    return f"Elections of {listed([one.election for one in swings.runs])}"


def _dials(swings: Swings) -> tuple[maps.Dial, ...]:
    """Say what a reader turns: elections where they are years, else swings and draws."""
    if swings.is_of_elections:
        names = [one.election for one in swings.runs]
        years = tuple(sorted(map(float, names))) if all(map(str.isdecimal, names)) else ()
        is_told_apart = 0 < len(names) == len(set(years))
        return (maps.Dial("Election", years, word="election"),) if is_told_apart else ()
    values = sorted({one.points for one in swings.runs})
    draws = sorted({float(one.draw) for one in swings.runs})
    swing = maps.Dial(f"Swing to {swings.question.ballot.sides[0]}", tuple(values), "points")
    more = (maps.Dial("Draw of errors", tuple(draws), word="draw"),) if len(draws) > 1 else ()
    return (swing, *more)


def _place(point: Electorate, dials: Sequence[maps.Dial]) -> tuple[int, ...]:
    """Say where a plan stands on each dial."""
    if point.election:
        return tuple(one.values.index(float(point.election)) for one in dials)
    values = (point.points, float(point.draw))
    return tuple(dial.values.index(one) for dial, one in zip(dials, values, strict=False))
