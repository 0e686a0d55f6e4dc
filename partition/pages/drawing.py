"""The map and the picture of a run: figures and wording to go with units and a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypedDict

import maps
from maps.background import TilesError
from maps.colours import palettes
from maps.style import Palettes
from partition.answer import wording
from partition.errors import InputError
from partition.pages import asked
from partition.pages.switchers import drawn_groups
from partition.question.question import Question
from shapefiles.units import Units

if TYPE_CHECKING:
    import folium
    from matplotlib.figure import Figure

    from maps.shading import View
    from maps.static import Size, Theme
    from maps.switching import SwitchingGroup
    from partition.runs.run import Run


def require_polygons(units: Units) -> None:
    """Refuse to draw a graph.

    Raises
    ------
    InputError
        When units have no polygons.
    """
    if not units.has_polygons:
        raise InputError("These units are a graph without polygons: it cannot be drawn.")


class Look(TypedDict):
    """Names and colours of the sides, as every summary of :mod:`maps` takes them."""

    parties: tuple[str, str]
    nations: tuple[str, str]
    palettes: Palettes
    people_year: str


def look(question: Question) -> Look:
    """Say what the sides and their nations are called and coloured on a page."""
    ballot = question.ballot
    return Look(
        parties=ballot.sides,
        nations=ballot.nation_names,
        palettes=palettes(*ballot.colours),
        people_year=question.years.get("people", ""),
    )


def summarize(run: Run) -> maps.MapSummary:
    """Say what stands beside a map of the plan."""
    whole = run.report.whole
    ballot, headline = run.report.ballot, wording.percent(run.report.self_determination, 2)
    text = wording.headline_words(ballot)
    if not whole.both.voters:
        headline, text = f"{whole.cut_edges:,}", "cut edges between the two nations"
    return maps.MapSummary(
        title=run.scenario.title,
        headline=headline,
        headline_text=text,
        subtitle=run.scenario.description,
        election=ballot.title,
        table=wording.rows(run.report),
        status=wording.quality(run.result),
        source=run.dataset.source,
        notes=tuple(
            filter(
                None,
                (
                    wording.frontier(run.report.whole),
                    wording.by_landmass(run.report),
                    wording.by_piece(run.report),
                    *asked.notes(run),
                    run.stability.verdict if run.stability else "",
                ),
            )
        ),
        **look(run.question),
    )


def recountable(run: Run) -> maps.WhatIf:
    """Say what counts when a reader of the map moves units to the other nation."""
    question = run.question
    return maps.WhatIf(
        active=question.edges,
        electors=question.dataset.electors.get(question.election),
        # A bound on anything else than voters is none on the voters at home.
        bound=run.result.bound if question.scenario.weights.is_plain else None,
    )


def draw_run(
    run: Run,
    *,
    tiles: Any = None,
    note: str = "",
) -> folium.Map:
    """Draw the plan with its figures beside it.

    Parameters
    ----------
    run
        A finished run.
    tiles
        A background from a server, as for :func:`maps.draw`; none unless asked for.
    note
        A sentence for the foot of the page that is not about this run alone.

    Returns
    -------
    folium.Map
        A notebook shows it; :func:`maps.save` writes it to one file.

    Raises
    ------
    InputError
        When the units have no polygons, or the background is not known or needs a key.
    """
    require_polygons(run.question.units)
    summary, found = summarize(run), run.stability
    try:
        return maps.draw(
            run.question.units,
            run.plan,
            replace(summary, notes=(note, *summary.notes)) if note else summary,
            run.question.election,
            tiles=tiles,
            what_if=recountable(run),
            switching=drawn_groups(run.question, found)
            if found and found.switching.groups
            else None,
        )
    except TilesError as error:
        raise InputError(str(error)) from None


def draw_switching(
    run: Run, summary: maps.MapSummary, switching: Sequence[SwitchingGroup]
) -> folium.Map:
    """Draw who would switch to the other nation, on a map of the plan that opens with it.

    Parameters
    ----------
    run
        The plan.
    summary
        What stands beside the map.
    switching
        Disjoint groups of units that would switch.

    Returns
    -------
    folium.Map
        A notebook shows it; :func:`maps.save` writes it to one file.

    Raises
    ------
    InputError
        When the units have no polygons.
    """
    require_polygons(run.question.units)
    return maps.draw(
        run.question.units,
        run.plan,
        summary,
        run.question.election,
        switching=switching,
        opens_with="switching",
    )


def plot_run(run: Run, *, size: Size, view: View, theme: Theme) -> Figure:
    """Draw the plan with its figures as a picture.

    Parameters
    ----------
    run
        A finished run.
    size, view, theme
        How it looks; see :func:`maps.draw_static`.

    Returns
    -------
    matplotlib.figure.Figure
        :func:`maps.save_static` writes it.

    Raises
    ------
    InputError
        When the units have no polygons, or there is no such size, view or theme.
    """
    from maps.shading import VIEWS  # noqa: PLC0415 - loads matplotlib
    from maps.static import SIZES, THEMES  # noqa: PLC0415

    require_polygons(run.question.units)
    looks = (("size", size, SIZES), ("view", view, VIEWS), ("theme", theme, THEMES))
    for what, given, allowed in looks:
        if given not in allowed:
            raise InputError(f"There is no {what} {given!r}; choose from {', '.join(allowed)}.")
    return maps.draw_static(
        run.question.units,
        run.plan,
        summarize(run),
        run.question.election,
        size=size,
        view=view,
        theme=theme,
    )
