"""Plans of several runs as the values of their page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import maps
from partition.answer import Report, wording
from partition.land.ballot import COLOURS
from partition.pages.comparing import in_a_sentence, summarize_comparison, titles
from partition.pages.drawing import require_polygons
from partition.studies.explore import known_measures, short_figures, with_pieces
from partition.studies.table import Column, Row

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
    columns = [*_unshared_years(shared, points), *_known(asked, points)]
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
    """State each plan with its figures, and with the same facts as the others."""
    plans = [
        maps.ExploredPlan(
            plan=run.plan,
            title=title,
            at=(),
            figures=short_figures(row, keys),
            status=str(row["quality"]),
            about=in_a_sentence(run),
            facts=(*_facts(run.report), *((name, write(row)) for name, write in columns)),
        )
        for title, run, row in zip(titles(runs), runs.values(), rows, strict=True)
    ]
    return _with_same_facts(plans)


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


def _facts(report: Report) -> tuple[tuple[str, str], ...]:
    """List what a plan amounts to beside its measures; what the data do not know is left out."""
    ballot, whole, president = report.ballot, report.whole, report.presidency
    blue, red = (ballot.nation(one) for one in COLOURS)
    facts = [
        (f"Self-determined in {blue}", wording.percent(whole.blue.self_determination)),
        (f"Self-determined in {red}", wording.percent(whole.red.self_determination)),
    ]
    if president is not None:
        name = wording.winner(president.rest, ballot.sides)
        margin = president.rest.margin_electoral_votes
        facts.append(("President of the rest", wording.won_by(name, margin)))
    return tuple((name, text) for name, text in facts if text is not None)


def _unshared_years(shared: Mapping[str, str | None], rows: Sequence[Row]) -> list[Column]:
    """Say in columns of which years figures are that are not of the same year in all rows."""
    names = {"people": "Year of the people", "gdp_dollars": "Year of the GDP"}
    columns: list[Column] = [
        (names[key], lambda one, name=name: str(one.get(name) or "-"))  # type: ignore[misc]
        for key, name in YEARS.items()
        if key not in shared
    ]
    return _known(columns, rows)


def _known(columns: Sequence[Column], rows: Sequence[Row]) -> list[Column]:
    """Leave out columns that say nothing."""
    return [one for one in columns if any(one[1](row) != "-" for row in rows)]


def _with_same_facts(plans: Sequence[maps.ExploredPlan]) -> tuple[maps.ExploredPlan, ...]:
    """Give plans a dash for what is known of others only."""
    names = tuple(dict.fromkeys(name for one in plans for name, _ in one.facts))
    return tuple(
        replace(one, facts=tuple((name, dict(one.facts).get(name, "-")) for name in names))
        for one in plans
    )


def folder_name(row: Row) -> str:
    """Name the folder of a run, without where it is: pages are given away."""
    return Path(row["folder"]).name if row["folder"] else "-"
