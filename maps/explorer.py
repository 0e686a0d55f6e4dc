"""Many plans on one page: dials that go from one to another, their trade-off, and their maps."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import folium
import numpy as np

from maps.alt_text import explored_in_words
from maps.elements import Permalink, PlaceNames, ScaleBar, Search, Theme, Tooltip
from maps.explored import Explored
from maps.explorer_elements import ExploredLayer, ExplorerPanel
from maps.fitting import check_election, check_plan
from maps.interactive import (
    empty_map,
    inset_labels,
    label_insets,
    metres_in_the_middle,
    notes_on,
    people_of,
    units_data,
)
from maps.layout import lay_out
from maps.places import places_on
from maps.rendering import number_elements
from maps.shading import has_voteless_units
from maps.sharing import Sharing
from maps.topology import varint
from shapefiles.units import Units
from solvers.plan import Plan

STYLES = ("page.css", "chart.css", "explorer.css", "stage.css", "sharing.css")
"""Style sheets of a page of many plans."""


def explore(units: Units, explored: Explored, election: str) -> folium.Map:
    """Draw many plans of the units they divide on one page that goes from one to another.

    The page holds the polygons once, and of each plan the units that differ from the plan before.

    Parameters
    ----------
    units
        Units with polygons, as for :func:`maps.draw`.
    explored
        The plans, with all that is said of them.
    election
        Which of ``units.votes`` shades the map and fills the tooltips.

    Returns
    -------
    folium.Map
        Shows itself in a notebook; :func:`maps.save` writes it to one file.

    Raises
    ------
    ValueError
        When a plan, or what is known of its certainty, is for other units, or the units have no
        such election or no polygons.
    """
    for one in explored.plans:
        check_plan(units, one.plan, one.title)
    check_election(units, election)
    sheet = lay_out(units)
    places = places_on(sheet, units.places)
    page = empty_map(sheet, explored.title)
    Theme(STYLES, explored.palettes).add_to(page)
    data = units_data(units, sheet, election, explored)
    data |= {"opacity": 1, "insets": inset_labels(sheet), "explored": explored_data(explored)}
    legend = None
    if explored.certainty is not None:
        data |= explored.certainty.data(units.n_units, explored.nations)
        people = people_of(units, election)
        legend = explored.certainty.legend(people, data["peopleAre"], explored.nations)
    layer = ExploredLayer(data)
    layer.add_to(page)
    Tooltip().add_to(page)
    notes = explored.notes + notes_on(sheet, places)
    ExplorerPanel(
        replace(explored, notes=notes),
        has_states=len(np.unique(units.states)) > 1,
        has_no_votes=has_voteless_units(units.votes[election]),
        robustness=legend,
    ).add_to(page)
    label_insets(sheet, page)  # before the other names, which keep clear of them
    PlaceNames(layer, places).add_to(page)
    Search(layer).add_to(page)
    ScaleBar(layer, metres_in_the_middle(sheet)).add_to(page)
    Permalink(layer).add_to(page)
    Sharing(
        layer,
        title=explored.title,
        description=explored_in_words(explored, units.n_units, legend),
        headline=" ".join(explored.finding or ()),
        warning=explored.warning,
        source=explored.source,
        nations=explored.nations,
        palettes=explored.palettes,
    ).add_to(page)
    number_elements(page, data)
    return page


def explored_data(explored: Explored) -> dict[str, Any]:
    """Write plans, figures and bounds as plain values, ready for JSON."""
    keys = [one.key for one in explored.measures]
    red = Plan(np.zeros(explored.plans[0].plan.n_units, np.int8))
    plans = [red, *(one.plan for one in explored.plans)]
    return {
        "dials": [
            {
                "name": one.name,
                "unit": one.unit,
                "values": list(one.values),
                "isComplete": one.is_complete,
                "word": one.word,
            }
            for one in explored.dials
        ],
        "measures": [
            {
                "key": one.key,
                "name": one.name,
                "form": one.form,
                "unit": one.unit,
                "decimals": one.decimals,
            }
            for one in explored.measures
        ],
        "plans": [
            {
                "title": one.title,
                "at": list(one.at),
                "until": one.until,
                "figures": _listed(one.figures, keys),
                "status": one.status,
                "headline": one.headline,
                "about": one.about,
                "facts": [text for _, text in one.facts],
                "flips": encode_flips(before, after),
            }
            for one, (before, after) in zip(explored.plans, pairwise(plans), strict=True)
        ],
        "bounds": [
            {
                "terms": [[explored.number(key), value] for key, value in one.coefficients.items()],
                "most": one.most,
            }
            for one in explored.bounds
        ],
        "references": [
            {"title": one.title, "figures": _listed(one.figures, keys)}
            for one in explored.references
        ],
        "showsReferences": explored.shows_references,
        "factNames": [name for name, _ in explored.plans[0].facts],
        "mode": explored.mode if len(explored.plans) > 1 else "one",
        "across": explored.number(explored.across) if keys else -1,
        "up": explored.number(explored.up) if keys else -1,
        "told": [explored.number(key) for key in explored.told],
    }


def _listed(figures: Mapping[str, float | None], keys: list[str]) -> list[float | None]:
    return [figures.get(key) for key in keys]


def encode_flips(before: Plan, after: Plan) -> str:
    """Write the units whose nation differs between two plans as text.

    The numbers, in order: how many units; the steps from unit to unit, the first from 0; as
    :func:`maps.topology.varint` writes them, in base64.

    Examples
    --------
    >>> encode_flips(Plan(np.array([0, 0, 0, 1])), Plan(np.array([0, 1, 0, 0])))
    'BAIE'
    """
    flipped = np.flatnonzero(before.assignment != after.assignment)
    numbers = np.append(len(flipped), np.diff(flipped, prepend=0)).astype(np.int64)
    return base64.b64encode(varint(numbers)).decode("ascii")
