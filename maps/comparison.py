"""Several plans with finished texts, on the page of many plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import folium

from maps.compared import ComparedPlan, ComparisonSummary
from maps.explored import Explored, ExploredPlan
from maps.explorer import explore
from maps.fitting import check_plan
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

    The page is that of :func:`maps.explore`, and opens with the first two plans on two maps.

    Parameters
    ----------
    units
        Units with polygons, as for :func:`maps.draw`.
    plans
        Two plans or more, in the order of the table.
    summary
        What stands around them.
    election
        Which of ``units.votes`` shades the maps and fills the tooltips.
    explored
        The same plans in the same order with their figures as numbers, which a chart shows; none
        without.

    Returns
    -------
    folium.Map
        The map of the plan that is looked at; a layer of your own goes on this one.

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
    known = explored or Explored("", (), tuple(ExploredPlan(one.plan, "", (), {}) for one in plans))
    names = tuple(dict.fromkeys(name for one in plans for name, _ in one.figures))
    page = summary.explored(
        measures=known.measures,
        plans=tuple(
            replace(
                plan,
                title=one.label,
                headline=one.headline,
                about=one.title,
                status=one.status,
                facts=tuple((name, dict(one.figures).get(name, "-")) for name in names),
            )
            for plan, one in zip(known.plans, plans, strict=True)
        ),
        across=known.across,
        up=known.up,
        told=known.told,
        bounds=known.bounds,
        references=known.references,
        headline_text=summary.headline_name,
    )
    return explore(units, page, election)
