"""The map of a run, and of several: figures and wording to go with units and plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

import maps
from maps.background import TilesError
from partition.answer import Report, wording
from partition.errors import InputError
from partition.pages import asked
from shapefiles.units import Units

if TYPE_CHECKING:
    from maps.shading import View
    from maps.static import Size, Theme
    from partition.runs.run import Run

_SIZES = ((1e12, " T"), (1e9, " bn"), (1e6, " M"), (1e3, " k"))


def require_polygons(units: Units) -> None:
    """Refuse to draw a graph.

    Raises
    ------
    InputError
        When units have no polygons.
    """
    if not units.has_polygons:
        raise InputError("These units are a graph without polygons: it cannot be drawn.")


def summarize(run: Run) -> maps.MapSummary:
    """Say what stands beside a map of the plan."""
    whole = run.report.whole
    headline, text = wording.percent(run.report.self_determination, 2), wording.HEADLINE
    if not whole.both.voters:
        headline, text = f"{whole.cut_edges:,}", "cut edges between the two nations"
    return maps.MapSummary(
        title=run.scenario.title,
        headline=headline,
        headline_text=text,
        subtitle=run.scenario.description,
        election=run.report.ballot.title,
        table=wording.rows(run.report),
        status=wording.quality(run.result),
        source=run.dataset.source,
        notes=tuple(
            filter(
                None,
                (
                    wording.frontier(run.report.whole),
                    wording.by_landmass(run.report),
                    *asked.notes(run),
                ),
            )
        ),
        parties=run.report.ballot.sides,
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
    robustness: npt.ArrayLike | None = None,
    tiles: Any = None,
    note: str = "",
) -> Any:
    """Draw the plan with its figures beside it.

    Parameters
    ----------
    run
        A finished run.
    robustness
        For each unit the share of good plans that put it into the blue nation, or what
        :data:`maps.robustness.CATEGORIES` calls it; adds a view to the map.
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
    summary = summarize(run)
    try:
        return maps.draw(
            run.question.units,
            run.plan,
            replace(summary, notes=(note, *summary.notes)) if note else summary,
            run.question.election,
            robustness=robustness,
            tiles=tiles,
            what_if=recountable(run),
        )
    except TilesError as error:
        raise InputError(str(error)) from None


def plot_run(run: Run, *, size: Size, view: View, theme: Theme) -> Any:
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


def summarize_for_comparison(label: str, run: Run) -> maps.ComparedPlan:
    """Say what stands in the row of a plan, and beside its map in a comparison."""
    return maps.ComparedPlan(
        label=label,
        plan=run.plan,
        headline=wording.percent(run.report.self_determination, 2),
        title=run.scenario.description or run.scenario.title,
        figures=_figures(run.report),
        status=wording.quality(run.result),
    )


def _figures(report: Report) -> tuple[tuple[str, str], ...]:
    """List what a plan amounts to; what the data do not know is left out."""
    whole, sorting, states = report.whole, report.sorting, report.states
    president, house = report.presidency, report.house
    lines: list[tuple[str, str | None]] = [
        ("Stranded voters", f"{whole.both.stranded:,}"),
        ("Blue voters stranded", wording.percent(sorting.blue_stranded_share)),
        ("Red voters stranded", wording.percent(sorting.red_stranded_share)),
        ("Self-determined in blue", wording.percent(whole.blue.self_determination)),
        ("Self-determined in red", wording.percent(whole.red.self_determination)),
        ("People, blue + red", _pair(whole.blue.people, whole.red.people)),
        ("GDP, 2012 $", _pair(whole.blue.gdp_dollars, whole.red.gdp_dollars)),
        ("Frontier", None if whole.border_km is None else f"{whole.border_km:,.0f} km"),
        ("Cut edges", f"{whole.cut_edges:,}"),
        ("Pieces, blue + red", _pair(whole.blue.pieces, whole.red.pieces)),
        ("States split", None if states is None else f"{len(states.split_states):,}"),
    ]
    if president is not None:
        name = wording.winner(president.rest, report.ballot.sides)
        margin = president.rest.margin_electoral_votes
        lines += [
            ("Electoral votes leaving", f"{president.leaving_electoral_votes:,}"),
            ("President of the rest", wording.won_by(name, margin)),
        ]
    if house is not None:
        lines.append(("House, blue + red", _pair(house.blue_seats, house.red_seats)))
    return tuple((measure, value) for measure, value in lines if value is not None)


def _pair(blue: int | None, red: int | None) -> str | None:
    """Write a figure of both nations, the blue one first; None where it is not known.

    Examples
    --------
    >>> _pair(39_167_117, 283_774_194), _pair(2_501_333_824_000, 15_003_690_275_000), _pair(1, 6)
    ('39 + 284 M', '2.5 + 15.0 T', '1 + 6')
    """
    if blue is None or red is None:
        return None
    # Both in one unit of measure, of which there are ten at least.
    unit, sign = next((one for one in _SIZES if blue + red >= 10 * one[0]), (1, ""))
    decimals = 1 if sign and blue + red < 100 * unit else 0
    return f"{blue / unit:,.{decimals}f} + {red / unit:,.{decimals}f}{sign}"


def draw_comparison(runs: Mapping[str, Run], *, title: str, subtitle: str = "") -> Any:
    """Draw the plans of several runs on one page, any two of them beside each other.

    Parameters
    ----------
    runs
        Two finished runs or more on the same units and election, by the name of their row.
    title, subtitle
        Headline of the page, and a sentence under it.

    Returns
    -------
    folium.Map
        A notebook shows it; :func:`maps.save` writes it to one file.

    Raises
    ------
    ValueError
        When there are fewer than two runs, or they are not on the same units and election.
    """
    labelled = list(runs.items())
    if not labelled:
        raise ValueError("A comparison needs two plans or more, and was given 0.")
    name, first = labelled[0]
    for label, one in labelled[1:]:
        is_same = one.dataset.hashes == first.dataset.hashes
        if not is_same or one.scenario.election != first.scenario.election:
            raise ValueError(
                f"{label!r} is on other units or another election than {name!r}; "
                "solve both on the same data and election."
            )
    require_polygons(first.dataset.units)
    election = first.scenario.election
    summary = maps.ComparisonSummary(
        title=title,
        headline_name="Self-determined",
        subtitle=subtitle,
        election=first.report.ballot.title,
        source=first.dataset.source,
        parties=first.report.ballot.sides,
    )
    plans = [summarize_for_comparison(label, one) for label, one in labelled]
    return maps.compare(first.dataset.units, plans, summary, election)
