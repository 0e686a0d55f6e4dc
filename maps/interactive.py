"""A plan as one web page: a Folium map that opens from a file, without a network."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import folium
import numpy as np
from markupsafe import escape

from maps.elements import InlinedLeaflet, NationsLayer, Panel
from maps.layout import Sheet, lay_out
from maps.style import AGREEMENT_BREAKS, MARGIN_BREAKS
from maps.summary import MapSummary
from maps.topology import build_topology, encode
from shapefiles.units import Units
from solvers.plan import Plan


def draw(units: Units, plan: Plan, summary: MapSummary, election: str) -> folium.Map:
    """Draw a plan on the units it divides.

    The map is in metres of an equal-area projection, not in degrees: add layers of your own at
    ``location = (y / step, x / step)`` with x and y in ``units.crs`` and ``step`` the metres of a
    map unit (5,000 for the United States). Folium's popups need jQuery, which the page leaves
    out; tooltips work.

    Parameters
    ----------
    units
        Units with polygons in a projected system; Alaska and Hawaii where they are.
    plan
        Part of each unit: 1 is the blue nation, 0 the red one.
    summary
        What the panel says.
    election
        Which of ``units.votes`` shades the map and fills the tooltips.

    Returns
    -------
    folium.Map
        Shows itself in a notebook; its ``save`` writes one self-contained HTML file.

    Raises
    ------
    ValueError
        When the plan is for other units, or the units have no such election.
    """
    if plan.n_units != units.n_units:
        raise ValueError(
            f"The plan has {plan.n_units} units and the map {units.n_units}; "
            "draw a plan on the units it was made from."
        )
    if election not in units.votes:
        raise ValueError(
            f"Unknown election {election!r}; the units have {', '.join(sorted(units.votes))}."
        )
    sheet = lay_out(units)
    west, south, east, north = sheet.bounds
    page = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        crs="Simple",
        zoom_start=0,
        zoom_control="topright",
        attribution_control=False,
        zoom_snap=0,
        zoom_delta=0.75,
        max_zoom=7,
    )
    page.default_js, page.default_css = [], []
    page.get_root().title = escape(summary.title)
    InlinedLeaflet().add_to(page)
    moved = " and ".join(inset.label for inset in sheet.insets)
    scale_note = (f"{moved}: moved, and not to scale.",) if moved else ()
    Panel(replace(summary, notes=summary.notes + scale_note)).add_to(page)
    NationsLayer(plan_data(units, plan, sheet, election, summary.parties)).add_to(page)
    for inset in sheet.insets:
        x, y = inset.label_at
        folium.Marker(
            (y / sheet.metres_per_unit, x / sheet.metres_per_unit),
            icon=folium.DivIcon(html=inset.label, class_name="inset-label"),
            interactive=False,
            keyboard=False,
        ).add_to(page)
    return page


def save(page: folium.Map, path: str | os.PathLike[str]) -> Path:
    """Write a map as one file, whole or not at all.

    Parameters
    ----------
    page
        What :func:`draw` returned, with or without further layers.
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
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        unfinished.write_text(page.get_root().render(), encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def plan_data(
    units: Units, plan: Plan, sheet: Sheet, election: str, parties: tuple[str, str]
) -> dict[str, Any]:
    """Collect what the page draws and says about each unit, ready for JSON.

    Parameters
    ----------
    units, plan, election
        As for :func:`draw`.
    sheet
        Where the polygons go.
    parties
        Names of the votes of the blue and of the red side.

    Returns
    -------
    dict
        Columns with one entry a unit, the polygons as a topology, and what is needed to read
        them. ``parties`` is in the order of the parts: red, then blue.
    """
    states, state = np.unique(units.states, return_inverse=True)
    votes = units.votes[election]
    return {
        "topology": encode(build_topology(sheet.polygons, sheet.quantum)),
        "step": sheet.quantum / sheet.metres_per_unit,
        "bounds": sheet.bounds,
        "names": units.names.tolist(),
        "states": states.tolist(),
        "state": state.tolist(),
        "part": plan.assignment.tolist(),
        "blue": votes[:, 0].tolist(),
        "red": votes[:, 1].tolist(),
        "parties": parties[::-1],
        "agreementBreaks": AGREEMENT_BREAKS,
        "marginBreaks": MARGIN_BREAKS,
    }
