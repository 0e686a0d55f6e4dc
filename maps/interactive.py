"""A plan as one web page: a Folium map that opens from a file, without a network."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

import folium
import numpy as np
import numpy.typing as npt
from markupsafe import escape

from maps.alt_text import map_in_words
from maps.background import background
from maps.compared import ComparisonSummary
from maps.elements import (
    InlinedLeaflet,
    NationsLayer,
    Panel,
    Permalink,
    PlaceNames,
    ScaleBar,
    Search,
    SwitchingArrows,
    Theme,
    Tooltip,
    UnitTable,
    WhatIfElement,
)
from maps.explored import Explored
from maps.fitting import check_election, check_plan
from maps.layout import Sheet, lay_out
from maps.places import Place, places_on
from maps.rendering import ZoomableMap, make_repeatable, number_elements
from maps.robustness import Certainty
from maps.shading import has_voteless_units
from maps.sharing import Sharing, globe_data
from maps.style import AGREEMENT_BREAKS, MARGIN_BREAKS
from maps.summary import MapSummary
from maps.switching import SwitchingGroup, switching_data
from maps.thinning import thin
from maps.topology import encode, encode_bits, encode_numbers
from maps.what_if import WhatIf, what_if_data
from shapefiles.units import Units
from shapefiles.writing import whole_file
from solvers.plan import Plan

ONE_MAP = ("page.css", "unit-table.css", "what-if.css", "sharing.css", "scrolling.css")
"""Style sheets of a page with one map."""


def draw(
    units: Units,
    plan: Plan,
    summary: MapSummary,
    election: str,
    *,
    robustness: npt.ArrayLike | None = None,
    switching: Sequence[SwitchingGroup] | None = None,
    tiles: str | folium.TileLayer | None = None,
    what_if: WhatIf | None = None,
    opens_with: str = "agreement",
) -> folium.Map:
    """Draw a plan on the units it divides.

    Without a background the map is in metres of an equal-area projection, not in degrees: place
    layers of your own with :func:`locate`, which gives y and x for a marker; GeoJSON has x and y.
    Markers, GeoJSON, groups, tooltips, popups and a layer control ask no server for anything.
    :class:`folium.Icon` would, and is refused when the page is written.

    Parameters
    ----------
    units
        Units with polygons; Alaska and Hawaii where they are. Polygons in a system that is not
        equal-area are drawn in a local one that is.
    plan
        Part of each unit: 1 is the blue nation, 0 the red one.
    summary
        What the panel says.
    election
        Which of ``units.votes`` shades the map and fills the tooltips.
    robustness
        For each unit the share of good plans that put it into the blue nation, or one of
        :data:`maps.robustness.CATEGORIES`, such as ``"always blue"``; adds a view of it.
    switching
        Groups of units that would switch to the other nation; adds a view of them, with arrows.
    tiles
        A background, such as ``"Esri WorldGrayCanvas"``, the address of tiles with their
        attribution in a :class:`folium.TileLayer`, or none. With one the map is in Web Mercator and
        the page asks a server for pictures of where it is looked at; without one it asks nobody for
        anything.
    what_if
        What counts when a reader moves units to the other nation; without it nobody can.
    opens_with
        Which view is shown first: ``agreement``, ``nations``, ``margin``, ``people``, ``voters``
        where there are any, or, where there is one, ``robustness`` or ``switching``.

    Returns
    -------
    folium.Map
        Shows itself in a notebook; its ``save`` writes one self-contained HTML file.

    Raises
    ------
    ValueError
        When the plan, the robustness or a group is for other units, the units have no such
        election, or none of them has a polygon; as :class:`~maps.background.TilesError`, when the
        background is not known or needs a key, or there is no such view.
    """
    check_plan(units, plan)
    check_election(units, election)
    sheet = lay_out(units, is_web_mercator=tiles is not None)
    places = places_on(sheet, units.places)
    page = empty_map(sheet, summary.title)
    if tiles is not None:
        background(tiles).add_to(page)
    Theme(ONE_MAP, summary.palettes).add_to(page)
    data = units_data(units, sheet, election, summary)
    data |= {"part": encode_bits(plan.assignment), "opacity": 0.72 if tiles is not None else 1}
    certainty = None if robustness is None else Certainty(robustness)
    if certainty is not None:
        data |= certainty.data(units.n_units, summary.nations)
    if switching is not None:
        data |= switching_data(switching, units.n_units, summary.nations)
    # Code in the order in which it builds on what came before.
    layer = NationsLayer(data)
    layer.add_to(page)
    Tooltip().add_to(page)
    views = ["agreement", "nations", "margin", *(["robustness"] if certainty else [])]
    views += [*([] if switching is None else ["switching"]), "people"]
    views += ["voters"] if units.votes[election].any() else []
    if opens_with not in views:
        raise ValueError(f"There is no view {opens_with!r}; choose from {', '.join(views)}.")
    views.sort(key=lambda view: view != opens_with)
    has_states = len(np.unique(units.states)) > 1
    Panel(
        replace(
            summary,
            notes=summary.notes + notes_on(sheet, places),
        ),
        views,
        has_states=has_states,
        people=", ".join(filter(None, (data["peopleAre"], data["peopleYear"]))),
        robustness=certainty.legend(people_of(units, election), data["peopleAre"], summary.nations)
        if certainty
        else None,
        switching=switching,
        has_no_votes=has_voteless_units(units.votes[election]),
        has_what_if=what_if is not None,
    ).add_to(page)
    if what_if is not None:
        WhatIfElement(layer, what_if_data(units, what_if)).add_to(page)
    label_insets(sheet, page)  # before the other names, which keep clear of them
    PlaceNames(layer, places).add_to(page)
    if switching is not None:
        SwitchingArrows(layer).add_to(page)
    Search(layer).add_to(page)
    UnitTable(layer, summary.nations, has_states=has_states).add_to(page)
    ScaleBar(layer, metres_in_the_middle(sheet)).add_to(page)
    Permalink(layer).add_to(page)
    Sharing(
        layer,
        title=summary.title,
        description=map_in_words(summary, units.n_units),
        headline=f"{summary.headline} {summary.headline_text}",
        source=summary.source,
        nations=summary.nations,
        palettes=summary.palettes,
    ).add_to(page)
    number_elements(page, data)
    return page


def locate(units: Units, longitude: float, latitude: float) -> tuple[float, float]:
    """Find a point of the globe on a map of some units without a background.

    Parameters
    ----------
    units
        The units that :func:`draw` was given.
    longitude, latitude
        Degrees (WGS 84).

    Returns
    -------
    tuple
        The ``location`` for a marker or another layer of Folium's.
    """
    x, y = lay_out(units).locate([[longitude, latitude]])[0].tolist()
    return y, x


def save(page: folium.Map, path: str | os.PathLike[str]) -> Path:
    """Write a map as one file, whole or not at all.

    Parameters
    ----------
    page
        What :func:`draw` or :func:`maps.compare` returned, with or without further layers.
    path
        File to write; one that exists is replaced.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    OSError
        When the folder does not exist or cannot be written.
    """
    path = Path(path)
    with whole_file(path) as draft:
        draft.write_text(page.get_root().render(), encoding="utf-8")
    return path


def empty_map(sheet: Sheet, title: str) -> folium.Map:
    """Make a page with nothing but Leaflet on it."""
    west, south, east, north = sheet.bounds
    is_web = sheet.is_web_mercator
    page = ZoomableMap(
        location=[0, 0] if is_web else [(south + north) / 2, (west + east) / 2],
        tiles=None,
        crs="EPSG3857" if is_web else "Simple",
        zoom_start=0,
        zoom_control="topright",
        attribution_control=is_web,
        zoom_snap=0,
        zoom_delta=0.75,
    )
    make_repeatable(page)
    page.default_js, page.default_css = [], []
    page.get_root().title = escape(title)
    InlinedLeaflet().add_to(page)
    return page


class InsetLabel(NamedTuple):
    """What a moved state is, where that stands in coordinates of the page, and on which side."""

    text: str
    x: float
    y: float
    side: Literal["begins", "ends"]


def inset_labels(sheet: Sheet) -> list[InsetLabel]:
    """Say beside each moved state what it is."""
    labels = []
    for inset in sheet.insets:
        x, y = (value / sheet.metres_per_unit for value in inset.label_at)
        labels.append(InsetLabel(inset.label, x, y, "ends" if inset.label_end else "begins"))
    return labels


def label_insets(sheet: Sheet, page: folium.Map) -> None:
    """Write the labels of the moved states on a map."""
    for label, x, y, side in inset_labels(sheet):
        folium.Marker(
            (y, x),
            icon=folium.DivIcon(
                html=f"<span>{label}</span>",
                icon_size=(0, 0),
                class_name=f"inset-label {side}",
            ),
            interactive=False,
            keyboard=False,
        ).add_to(page)


def notes_on(sheet: Sheet, places: Sequence[Place] = ()) -> tuple[str, ...]:
    """Say what moved, and whom names of places are from that ask for it."""
    moved = " and ".join(inset.label for inset in sheet.insets)
    notes = (f"{moved}: moved, and not to scale.",) if moved else ()
    return (*notes, *dict.fromkeys(place.credit for place in places if place.credit))


def metres_in_the_middle(sheet: Sheet) -> float:
    """Measure one coordinate of the page in metres; Web Mercator stretches away from the equator.

    Its scale factor is the secant of the latitude: J. P. Snyder, "Map Projections: A Working
    Manual", 1987, equation 7-3, on the sphere that web maps use.
    """
    if not sheet.is_web_mercator:
        return sheet.metres_per_unit
    _, south, _, north = sheet.bounds
    return float(1 / np.cosh((south + north) / 2 / 6_378_137))


def people_of(units: Units, election: str) -> npt.NDArray[np.int64]:
    """Count the people of each unit in whole numbers, or its voters where people are not known."""
    people = units.attributes.get("population", units.votes[election].sum(axis=1))
    whole: npt.NDArray[np.int64] = np.nan_to_num(people.astype(np.float64)).astype(np.int64)
    return whole


def units_data(
    units: Units,
    sheet: Sheet,
    election: str,
    named: MapSummary | ComparisonSummary | Explored,
) -> dict[str, Any]:
    """Collect what a page draws and says about each unit whatever the plan, ready for JSON.

    Parameters
    ----------
    units, election
        As for :func:`draw`.
    sheet
        Where the polygons go.
    named
        What says how the sides and their nations are called, and of which year the people are.

    Returns
    -------
    dict
        Columns with one entry a unit, those of numbers as :func:`maps.topology.encode_numbers`
        writes them, the polygons as a topology, and what is needed to read them. ``parties``,
        ``nations`` and ``nationsSaid``, their names within a sentence, are in the order of the
        parts: red, then blue.
    """
    states, state = np.unique(units.states, return_inverse=True)
    votes, nations = units.votes[election], named.nations[::-1]
    has_people = "population" in units.attributes
    return {
        "topology": encode(thin(sheet.topology)),
        "step": sheet.quantum / sheet.metres_per_unit,
        "bounds": sheet.bounds,
        "ids": units.ids.tolist(),
        "names": units.names.tolist(),
        "states": states.tolist(),
        "state": encode_numbers(state),
        "blue": encode_numbers(votes[:, 0]),
        "red": encode_numbers(votes[:, 1]),
        # Voters are the sum of both.
        "people": encode_numbers(people_of(units, election)) if has_people else None,
        "peopleAre": "people" if has_people else "voters",
        "peopleYear": named.people_year if has_people else "",
        "parties": named.parties[::-1],
        "nations": nations,
        "nationsSaid": ("red", "blue") if nations == ("Red", "Blue") else nations,
        **globe_data(sheet, units),
        "agreementBreaks": AGREEMENT_BREAKS,
        "marginBreaks": MARGIN_BREAKS,
    }
