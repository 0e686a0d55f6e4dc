"""Several plans on one page: two maps, one with a divider, or all of them small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import folium
import numpy as np

from maps.alt_text import comparison_in_words
from maps.compared import ComparedPlan, ComparisonSummary
from maps.comparison_elements import ComparisonPanel, PlansLayer
from maps.elements import Permalink, PlaceNames, Search, Theme, Tooltip
from maps.explored import Explored
from maps.explorer import explored_data
from maps.fitting import check_election, check_plan
from maps.interactive import empty_map, inset_labels, notes_on, units_data
from maps.layout import lay_out
from maps.places import places_on
from maps.rendering import number_elements
from maps.shading import has_voteless_units
from maps.sharing import Sharing
from maps.topology import encode_bits
from shapefiles.units import Units


def compare(
    units: Units,
    plans: Sequence[ComparedPlan],
    summary: ComparisonSummary,
    election: str,
    *,
    explored: Explored | None = None,
) -> folium.Map:
    """Draw some plans on the units they divide, any two of them beside each other.

    The page holds the polygons once, and of each plan a bit a unit: 21 plans of the counties of
    the United States take hardly more room than one.

    Parameters
    ----------
    units
        Units with polygons, as for :func:`maps.draw`.
    plans
        Two plans or more, in the order of the table; the page opens with the first two.
    summary
        What the panel says.
    election
        Which of ``units.votes`` shades the maps and fills the tooltips.
    explored
        The same plans in the same order with their figures as numbers, which a chart shows; none
        without.

    Returns
    -------
    folium.Map
        The map of plan A, on a page with all the others; a layer of your own goes on this one.

    Raises
    ------
    ValueError
        When there are fewer than two plans, one of them is for other units or is another one in
        `explored`, or the units have no such election or no polygons.
    """
    if len(plans) < 2:
        raise ValueError(f"A comparison needs two plans or more, and was given {len(plans)}.")
    for one in plans:
        check_plan(units, one.plan, one.label)
    if explored is not None and [one.plan for one in explored.plans] != [one.plan for one in plans]:
        raise ValueError("The chart has other plans than the comparison, or in another order.")
    check_election(units, election)
    sheet = lay_out(units)
    places = places_on(sheet, units.places)
    page = empty_map(sheet, summary.title)
    Theme(("page.css", "chart.css", "comparison.css", "sharing.css"), summary.palettes).add_to(page)
    data = units_data(units, sheet, election, summary)
    data |= {
        "opacity": 1,
        "plans": [plan_data(one) for one in plans],
        "insets": inset_labels(sheet),
        "explored": None if explored is None else explored_data(explored),
    }
    layer = PlansLayer(data)
    layer.add_to(page)
    Tooltip().add_to(page)
    ComparisonPanel(
        replace(
            summary,
            notes=summary.notes + notes_on(sheet, places),
        ),
        plans,
        has_states=len(np.unique(units.states)) > 1,
        has_no_votes=has_voteless_units(units.votes[election]),
        explored=explored,
    ).add_to(page)
    PlaceNames(layer, places).add_to(page)
    Search(layer).add_to(page)
    Permalink(layer).add_to(page)
    Sharing(
        layer,
        title=summary.title,
        description=comparison_in_words(summary, plans, units.n_units),
        source=summary.source,
        nations=summary.nations,
        palettes=summary.palettes,
    ).add_to(page)
    number_elements(page, data)
    return page


def plan_data(one: ComparedPlan) -> dict[str, Any]:
    """Write one plan of a comparison as plain values."""
    return {
        "label": one.label,
        "title": one.title,
        "headline": one.headline,
        "figures": one.figures,
        "status": one.status,
        "bits": encode_bits(one.plan.assignment),
    }
