"""A cascade as the values of its page: rounds on a dial, with the best line beside them."""

from __future__ import annotations

from collections.abc import Iterator

import maps
from partition.answer import wording
from partition.pages.drawing import look
from partition.question.naming import listed
from partition.studies.exits.cascade_words import first_names
from partition.studies.exits.cascaded import Cascade
from partition.studies.explore import (
    known_measures,
    plain_references,
    short_figures,
    with_pieces,
)
from partition.studies.figures import figures
from partition.studies.table import Row

ROUND = maps.Measure("round", "Round")
"""What the chart has across."""


def explored_cascade(cascade: Cascade) -> maps.Explored:
    """State a cascade as the values of its page."""
    question, ballot = cascade.question, cascade.question.ballot
    points = [with_pieces(one) for one in cascade.rows]
    up, *others = known_measures(points, (), question)
    shown = (up, ROUND, *others)
    keys = {one.key for one in shown}
    plans = tuple(
        maps.ExploredPlan(
            plan=plan,
            title=str(row["label"]),
            at=(at,),
            figures=short_figures(row, keys),
            status=_status(row),
        )
        for at, (row, plan) in enumerate(zip(points, cascade.plans, strict=True))
    )
    return maps.Explored(
        title=f"Who follows {first_names(cascade)}?",
        measures=shown,
        plans=plans,
        across=ROUND.key,
        up=up.key,
        dials=(maps.Dial("Round", tuple(float(at) for at in range(len(plans))), word="round"),),
        told=tuple(key for key in ("stranded_voters", "border_km", "split_states") if key in keys),
        references=(
            *_best(cascade, keys),
            *plain_references(question, keys),
        ),
        subtitle=cascade.summary[0],
        election=ballot.title,
        source=question.dataset.source,
        notes=tuple(filter(None, (*cascade.summary[1:], cascade.missing))),
        **look(question),
        headline_text=wording.headline_words(ballot)
        if question.units.votes[question.election].any()
        else "",
    )


def _status(row: Row) -> str:
    """Say what happens in a round."""
    moved = [f"{row['joined']:,} join"] if row["joined"] else []
    moved += [f"{row['returned']:,} return"] if row["returned"] else []
    moved += [f"{row['waiting']:,} wait"] if row["waiting"] else []
    return f" In this round {listed(moved)}." if moved else ""


def _best(cascade: Cascade, keys: set[str]) -> Iterator[maps.Reference]:
    """Measure the best line, where it is known."""
    if cascade.best is not None:
        given = with_pieces(figures(cascade.best.report))
        yield maps.Reference("The best line known", short_figures(given, keys))
