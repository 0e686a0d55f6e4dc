"""The map of an outcome: figures and wording to go with the units and the plan."""

from __future__ import annotations

from typing import Any

import maps
from partition import wording
from partition.outcome import Outcome


def summarize(outcome: Outcome) -> maps.MapSummary:
    """Say what stands beside a map of the plan."""
    return maps.MapSummary(
        title=outcome.scenario.title,
        headline=wording.percent(outcome.report.self_determination, 2),
        headline_text=wording.HEADLINE,
        subtitle=outcome.scenario.description,
        election=wording.election(outcome.scenario.election),
        table=wording.rows(outcome.report),
        status=wording.quality(outcome.result),
        source=outcome.dataset.source,
        notes=tuple(
            filter(
                None, (wording.frontier(outcome.report.whole), wording.by_landmass(outcome.report))
            )
        ),
        parties=wording.parties(outcome.scenario.election),
    )


def draw_outcome(outcome: Outcome) -> Any:
    """Draw the plan with its figures beside it.

    Returns
    -------
    folium.Map
        A notebook shows it; :func:`maps.save` writes it to one file.
    """
    return maps.draw(
        outcome.dataset.units, outcome.plan, summarize(outcome), outcome.scenario.election
    )
