"""Plans of several runs as the values of their page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import maps
from partition.answer import wording
from partition.land.ballot import COLOURS, Ballot
from partition.pages.comparing import in_a_sentence, summarize_comparison, titles
from partition.pages.drawing import require_polygons
from partition.studies.explore import known_measures, short_figures, with_pieces
from partition.studies.facts import PRESIDENT, facts_of
from partition.studies.table import Column, Row, share

if TYPE_CHECKING:
    from partition.runs.run import Run

TOLD = ("stranded_voters", "border_km", "split_states")
"""Figures whose changes are told in sentences, as far as they are known."""

YEARS = {"people": "people_year", "gdp_dollars": "gdp_year"}
"""Where a row says of which year a figure is."""


def explored_plans(
    runs: Mapping[str, Run], rows: Sequence[Row], asked: Sequence[Column] = (), note: str = ""
) -> maps.Explored:
    """State the plans of several runs as the values of their page.

    Plans of different questions keep different rules, so nothing is proven of all of them.

    Parameters
    ----------
    runs
        Two finished runs or more of the same land, by the name of their row.
    rows
        Their figures.
    asked
        Columns that say what was asked, and where the run is.
    note
        A sentence for the foot of the page; nothing unless given.

    Raises
    ------
    InputError
        When the units have no polygons.
    ValueError
        When there are fewer than two runs, or they are not of the same land.
    """
    first = _require_one_land(runs)
    points = [with_pieces(one) for one in rows]
    shared = _shared_years(points)
    shown = known_measures(points, (), first.question, shared)
    columns = _columns(first.report.ballot, shared, asked)
    up, *others = keys = [one.key for one in shown]
    return summarize_comparison(runs, note).explored(
        measures=shown,
        plans=_plans(runs, points, set(keys), columns),
        across=others[0] if others else up,
        up=up,
        told=tuple(key for key in TOLD if key in keys),
        headline_text=wording.headline_words(first.report.ballot),
    )


def _plans(
    runs: Mapping[str, Run], rows: Sequence[Row], keys: set[str], columns: Sequence[Column]
) -> tuple[maps.ExploredPlan, ...]:
    """State each plan with its figures and facts."""
    told = facts_of(
        [one | _shares(run) for one, run in zip(rows, runs.values(), strict=True)], columns
    )
    return tuple(
        maps.ExploredPlan(
            plan=run.plan,
            title=title,
            at=(),
            figures=short_figures(row, keys),
            status=str(row["quality"]),
            about=in_a_sentence(run),
            facts=facts,
        )
        for title, run, row, facts in zip(titles(runs), runs.values(), rows, told, strict=True)
    )


def _shares(run: Run) -> Row:
    """State the share of the voters of each nation who voted for it, which a row has together."""
    whole = run.report.whole
    return {
        "blue_self_determination": whole.blue.self_determination,
        "red_self_determination": whole.red.self_determination,
    }


def _shared_years(rows: Sequence[Row]) -> dict[str, str]:
    """Say which year a figure is of, where it is the same one in all rows."""
    years = {key: {one.get(name) for one in rows} for key, name in YEARS.items()}
    return {key: str(*found) for key, found in years.items() if len(found) == 1 and found != {None}}


def _require_one_land(runs: Mapping[str, Run]) -> Run:
    """Refuse runs that cannot be on one page, and return the first of them."""
    if len(runs) < 2:
        raise ValueError(f"A comparison needs two plans or more, and was given {len(runs)}.")
    (name, first), *others = runs.items()
    for label, one in others:
        if one.dataset.hashes != first.dataset.hashes:
            raise ValueError(f"{label!r} is on other units than {name!r}; solve both on the same.")
    require_polygons(first.question.units)
    return first


def _columns(
    ballot: Ballot, shared: Mapping[str, str], asked: Sequence[Column]
) -> tuple[Column, ...]:
    """List what is said beside the measures: the years of figures as well that differ in them."""
    nations = tuple(
        (f"Self-determined in {ballot.nation(side)}", share(f"{side}_self_determination"))
        for side in COLOURS
    )
    years = tuple(
        (name, _known(YEARS[key]))
        for key, name in (("people", "Year of the people"), ("gdp_dollars", "Year of the GDP"))
        if key not in shared
    )
    return (*nations, PRESIDENT, *years, *asked)


def _known(name: str) -> Callable[[Row], str]:
    """Write a value as it is; a dash for none."""
    return lambda one: str(one.get(name) or "-")
