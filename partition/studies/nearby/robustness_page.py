"""What good plans agree on, as the values of its page: classes of units, and plans that differ."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import maps
from partition.answer import wording
from partition.pages.drawing import look
from partition.question.question import Question
from partition.studies.explore import known_measures, short_figures, with_pieces
from partition.studies.facts import PRESIDENT, facts_of
from partition.studies.nearby.robustness import MEANINGS, Robustness, exact_votes
from partition.studies.table import Column, Row, in_votes

TOLD = ("stranded_voters", "border_km", "split_states")
"""Figures whose changes are told in sentences, as far as they are known."""

OBJECTIVE = maps.Measure("objective_votes", "Objective", unit="votes")
"""By what plans are compared."""

MOVED = "Its run, {}, has a map of this plan on which a reader moves the line."
"""Where else there is something to do with the best plan."""


def explored_robustness(found: Robustness) -> maps.Explored:
    """State what good plans agree on as the values of its page."""
    question, ballot = found.best.question, found.best.question.ballot
    points = [with_pieces(one) for one in found.plan_rows]
    shown = (OBJECTIVE, *known_measures(points, (), question))
    keys = {one.key for one in shown}
    across = next((key for key in ("border_km", "cut_edges") if key in keys), OBJECTIVE.key)
    known = found.settled
    return maps.Explored(
        title=f"{found.best.scenario.title}: how sure is the line?",
        measures=shown,
        plans=_plans(found, points, keys),
        across=across,
        up=OBJECTIVE.key,
        bounds=tuple(_bounds(found)),
        told=tuple(key for key in TOLD if key in keys),
        subtitle="Which places all good plans put into the same nation, and which they do not.",
        election=ballot.title,
        source=question.dataset.source,
        notes=tuple(filter(None, (found.missing, found.best.scenario.description))),
        **look(question),
        headline_text="of the objective",
        certainty=_certainty(found),
        opens_with="robustness",
        finding=None
        if known is None
        else (
            wording.percent(known),
            f"of the {found.counted} live where every good plan agrees, proven",
        ),
        warning=found.caution,
    )


def _bounds(found: Robustness) -> Iterator[maps.Bound]:
    """State what is proven of the objective, and of the share at home where it is that."""
    bound, voters = found.best.result.bound, found.best.report.whole.both.voters
    most = in_votes(bound, found.best.question.scale)
    if most is not None:
        yield maps.Bound({OBJECTIVE.key: 1.0}, float(most))
        if found.best.scenario.weights.is_plain and voters:
            yield maps.Bound({"self_determined_share": 1.0}, most / voters)


def _certainty(found: Robustness) -> maps.Certainty:
    n_plans = found.survey.n_plans
    return maps.Certainty(
        found.categories,
        rule=found.rule,
        meanings=MEANINGS,
        n_plans=n_plans,
        n_blue=np.rint(found.survey.share_of_1 * n_plans).astype(np.int64),
    )


def _plans(found: Robustness, rows: list[Row], keys: set[str]) -> tuple[maps.ExploredPlan, ...]:
    """State each plan: the best one, and the others by what they show."""
    return tuple(
        maps.ExploredPlan(
            plan=plan,
            title=title,
            at=(),
            figures=short_figures(row, keys),
            status=_quality(found, row) if number else wording.quality(found.best.result),
            about=MOVED.format(found.best.folder.name) if found.best.folder and not number else "",
            facts=facts,
        )
        for number, (plan, row, title, facts) in enumerate(
            zip(
                found.plans,
                rows,
                titles(found),
                facts_of(rows, _columns(found)),
                strict=True,
            )
        )
    )


def _columns(found: Robustness) -> tuple[Column, ...]:
    """List what is said of a plan beside its measures."""
    return (
        ("Votes below the best plan known", lambda one: exact_votes(one["below_best_votes"])),
        ("Units in another nation than there", lambda one: f"{one['units_elsewhere']:,}"),
        PRESIDENT,
    )


def titles(found: Robustness) -> list[str]:
    """Call each plan by a place that it is the first to have in its nation, no two the same."""
    question = found.best.question
    is_best = all(one["below_best_votes"] >= 0 for one in found.plan_rows)
    first = "The best plan known" if is_best else "The best plan of a run"
    names = [first, *(_title(question, one) for one in found.plan_rows[1:])]
    return [
        f"{name}, {number}" if names.count(name) > 1 else name
        for number, name in enumerate(names, 1)
    ]


def _title(question: Question, row: Row) -> str:
    units, nation = question.units, question.ballot.nation(str(row["shows_in"]))
    place = int(np.flatnonzero(units.ids == row["shows"])[0])
    state = f" ({units.states[place]})" if units.states[place] else ""
    return f"{units.names[place]}{state} in {nation}"


def _quality(found: Robustness, row: Row) -> str:
    """Say how good a plan is against the best one known."""
    below = row["below_best_votes"]
    if not below:
        return "As good as the best plan known"
    word = "fewer" if below > 0 else "more"
    return f"A good plan: {exact_votes(abs(below))} votes {word} than the best one of a run"
