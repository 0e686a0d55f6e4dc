"""The map of an outcome, and of several: figures and wording to go with units and plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy.typing as npt

import maps
from maps.background import TilesError
from partition.answer import Report, wording
from partition.answer.outcome import Outcome
from partition.errors import InputError
from partition.pages import asked
from shapefiles.units import Units

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


def summarize(outcome: Outcome) -> maps.MapSummary:
    """Say what stands beside a map of the plan."""
    whole = outcome.report.whole
    headline, text = wording.percent(outcome.report.self_determination, 2), wording.HEADLINE
    if not whole.both.voters:
        headline, text = f"{whole.cut_edges:,}", "cut edges between the two nations"
    return maps.MapSummary(
        title=outcome.scenario.title,
        headline=headline,
        headline_text=text,
        subtitle=outcome.scenario.description,
        election=outcome.report.ballot.title,
        table=wording.rows(outcome.report),
        status=wording.quality(outcome.result),
        source=outcome.dataset.source,
        notes=tuple(
            filter(
                None,
                (
                    wording.frontier(outcome.report.whole),
                    wording.by_landmass(outcome.report),
                    *asked.notes(outcome),
                ),
            )
        ),
        parties=outcome.report.ballot.sides,
    )


def draw_outcome(
    outcome: Outcome,
    *,
    robustness: npt.ArrayLike | None = None,
    tiles: Any = None,
    note: str = "",
) -> Any:
    """Draw the plan with its figures beside it.

    Parameters
    ----------
    outcome
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
    require_polygons(outcome.dataset.units)
    summary = summarize(outcome)
    try:
        return maps.draw(
            outcome.dataset.units,
            outcome.plan,
            replace(summary, notes=(note, *summary.notes)) if note else summary,
            outcome.scenario.election,
            robustness=robustness,
            tiles=tiles,
        )
    except TilesError as error:
        raise InputError(str(error)) from None


def summarize_for_comparison(label: str, outcome: Outcome) -> maps.ComparedPlan:
    """Say what stands in the row of a plan, and beside its map in a comparison."""
    return maps.ComparedPlan(
        label=label,
        plan=outcome.plan,
        headline=wording.percent(outcome.report.self_determination, 2),
        title=outcome.scenario.description or outcome.scenario.title,
        figures=_figures(outcome.report),
        status=wording.quality(outcome.result),
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


def draw_comparison(outcomes: Mapping[str, Outcome], *, title: str, subtitle: str = "") -> Any:
    """Draw the plans of several runs on one page, any two of them beside each other.

    Parameters
    ----------
    outcomes
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
    runs = list(outcomes.items())
    if not runs:
        raise ValueError("A comparison needs two plans or more, and was given 0.")
    name, first = runs[0]
    for label, one in runs[1:]:
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
    plans = [summarize_for_comparison(label, one) for label, one in runs]
    return maps.compare(first.dataset.units, plans, summary, election)
