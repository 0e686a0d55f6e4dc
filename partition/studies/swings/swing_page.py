"""Best plans under votes that swing, as the values of their page."""

from __future__ import annotations

import maps
from partition.answer import wording
from partition.pages.drawing import look
from partition.studies.explore import known_measures, short_figures, with_pieces
from partition.studies.swings.swings import Swings

SWING = maps.Measure("swing_points", "Swing", unit="points", decimals=1)
"""What the chart has across."""

CHANGED = maps.Measure("changed_units", "Units in another nation than in the kept plan")
GIVEN_UP = maps.Measure("kept_plan_least_votes", "What the kept plan gives up", "large")

SHADED = (
    "Colours and tooltips have the votes as they were counted; figures have those of each swing."
)
"""What the map is shaded by."""


def explored_swings(swings: Swings) -> maps.Explored:
    """State a study of swings as the values of its page."""
    question, ballot = swings.question, swings.question.ballot
    points = [with_pieces(one) for one in swings.rows]
    up, *others = known_measures(points, (), question)
    shown = (up, SWING, GIVEN_UP, CHANGED, *others)
    keys = {one.key for one in shown}
    values = sorted({one.points for one in swings.runs})
    draws = sorted({one.draw for one in swings.runs})
    dials = (
        maps.Dial(f"Swing to {ballot.sides[0]}", tuple(values), "points"),
        *(
            [maps.Dial("Draw of errors", tuple(map(float, draws)), word="draw")]
            if len(draws) > 1
            else []
        ),
    )
    plans = tuple(
        maps.ExploredPlan(
            plan=run.plan,
            title=str(row["label"]),
            at=(values.index(point.points), draws.index(point.draw))[: len(dials)],
            figures=short_figures(row, keys),
            status=str(row["quality"]),
        )
        for (point, run), row in zip(swings.runs.items(), points, strict=True)
    )
    return maps.Explored(
        title=f"{question.scenario.title}: if the vote swings",
        measures=shown,
        plans=plans,
        across=SWING.key,
        up=up.key,
        dials=dials,
        told=("stranded_voters", GIVEN_UP.key),
        subtitle=swings.sentences[0],
        election=ballot.title,
        source=question.dataset.source,
        notes=tuple(filter(None, (*swings.sentences[1:], SHADED, swings.missing))),
        **look(question),
        headline_text=wording.headline_words(ballot),
    )
