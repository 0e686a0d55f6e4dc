"""A sweep as the values of its page: dials, figures, bounds, and plans to compare with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

import maps
from partition.answer import wording
from partition.land.ballot import COLOURS, Ballot
from partition.metrics import BLUE, RED
from partition.pages.drawing import look
from partition.question.goals import GOALS
from partition.question.question import Question
from partition.studies.facts import facts_of
from partition.studies.figures import Figures, figures
from partition.studies.running.missing import count_missing
from partition.studies.sweeping import sides
from partition.studies.sweeping.axis import Axis
from partition.studies.sweeping.proofs import bounds_of, measure_of
from partition.studies.sweeping.sides import is_between_sides
from partition.studies.table import Row
from solvers.plan import Plan

if TYPE_CHECKING:
    from partition.studies.sweeping.sweep import Sweep

DIALS = {
    "self_determination": "Weight of self-determination",
    "intensity": "Weight of strong majorities",
    "border": "Price of the frontier",
    "cut_edges": "Price of neighbours apart",
    "state_splits": "Price of splitting states",
    "status_quo": "Price of a change of nation",
    "population_balance": "Price of unequal population",
    "gdp_balance": "Price of unequal GDP",
    "area_balance": "Price of unequal area",
    "blue_at_home": "Weight of blue voters at home",
    "red_at_home": "Weight of red voters at home",
    "worse_off": "Weight of the side that is worse off",
}
"""What the weight of a goal is called."""

GOAL_NAMES = {
    "intensity": "Self-determined voters, by margin",
    "state_splits": "Voters cut off from their state",
    "status_quo": "People whose nation changes",
    "population_balance": "People out of balance",
    "gdp_balance": "GDP out of balance",
    "area_balance": "Area out of balance",
    "worse_off": "Voters at home if both sides had the smaller share",
}
"""Goals that are no figure of the report."""


def measures(ballot: Ballot, years: Mapping[str, str]) -> tuple[maps.Measure, ...]:
    """List figures of a report that a page shows, the most important first."""
    first, second = ballot.nation_names
    blue, red = (ballot.nation(one) for one in COLOURS)
    people, gdp = (
        f"{name} of {years[key]}" if years.get(key) else name
        for name, key in (("People", "people"), ("GDP", "gdp_dollars"))
    )
    return (
        maps.Measure("self_determined_share", "Self-determined voters", "share", decimals=2),
        maps.Measure("border_km", "Frontier", unit="km"),
        maps.Measure("split_states", "States split"),
        maps.Measure("pieces", "Pieces of both nations"),
        maps.Measure("stranded_voters", "Stranded voters", "large"),
        maps.Measure("blue_people", f"{people}, {blue}", "large"),
        maps.Measure("red_people", f"{people}, {red}", "large"),
        maps.Measure("blue_stranded_share", f"{first} voters stranded", "share", decimals=2),
        maps.Measure("red_stranded_share", f"{second} voters stranded", "share", decimals=2),
        maps.Measure("blue_at_home_share", f"{first} voters at home", "share", decimals=2),
        maps.Measure("red_at_home_share", f"{second} voters at home", "share", decimals=2),
        maps.Measure("blue_pieces", f"Pieces, {blue}"),
        maps.Measure("red_pieces", f"Pieces, {red}"),
        maps.Measure("cut_edges", "Neighbours apart"),
        maps.Measure("cut_off_people", "People cut off from their state", "large"),
        maps.Measure("blue_gdp_dollars", f"{gdp}, {blue}", "large", "$"),
        maps.Measure("red_gdp_dollars", f"{gdp}, {red}", "large", "$"),
        maps.Measure("blue_electoral_votes", f"Electoral votes, {blue}"),
        maps.Measure("red_electoral_votes", f"Electoral votes, {red}"),
        maps.Measure("leaving_electoral_votes", "Electoral votes leaving"),
        maps.Measure("blue_house_seats", f"House seats, {blue}"),
        maps.Measure("red_house_seats", f"House seats, {red}"),
        maps.Measure("blue_exclaves", f"Exclaves, {blue}"),
        maps.Measure("red_exclaves", f"Exclaves, {red}"),
    )


def explored_sweep(sweep: Sweep) -> maps.Explored:
    """State a sweep as the values of its page.

    Parameters
    ----------
    sweep
        With the plan of every row.
    """
    question = sweep.question
    points = [with_pieces(one) for one in sweep.rows]
    swept = [axis.key.split(".")[1] for axis in sweep.axes if axis.is_weight]
    ballot = question.ballot
    shown = known_measures(points, swept, question)
    keys = {one.key for one in shown}
    dials = tuple(_dial(axis, sweep) for axis in sweep.axes)
    places = [{value: at for at, value in enumerate(dial.values)} for dial in dials]
    plans = tuple(
        maps.ExploredPlan(
            plan=plan,
            title=str(row.get("label", "")),
            at=tuple(place[row[axis.key]] for place, axis in zip(places, sweep.axes, strict=True)),
            figures=short_figures(row, keys),
            status=_quality(row),
            until=row.get(f"{sweep.axes[0].key}_until"),
            facts=facts,
        )
        for row, plan, facts in zip(points, sweep.plans, facts_of(points), strict=True)
    )
    across, up = _opens_with(sweep, swept, [one.key for one in shown])
    note = count_missing(sweep.failures, len(sweep.rows) + len(sweep.failures))
    return maps.Explored(
        title=sweep.scenario.title,
        measures=shown,
        plans=plans,
        across=str(across),
        up=up,
        dials=dials,
        told=tuple(
            key
            for key in dict.fromkeys(("stranded_voters", str(across), "split_states"))
            if key in keys
        ),
        bounds=tuple(bounds_of(sweep, keys)),
        references=(
            *known_references(sweep, keys),
            *(
                maps.Reference(title, short_figures(points[number], keys))
                for title, number in sides.marks(sweep.fair).items()
            ),
        ),
        shows_references=bool(sweep.fair),
        subtitle=" ".join(filter(None, (_subtitle(sweep, dials), note))),
        election=ballot.title,
        source=question.dataset.source,
        notes=tuple(
            filter(
                None,
                (
                    sweep.scenario.description,
                    "" if sweep.region is None else sweep.region.text,
                    *sides.sentences(sweep.fair, sweep.rows),
                    sweep.missing,
                ),
            )
        ),
        **look(question),
        headline_text=_headline_words(up, ballot)
        if question.units.votes[question.election].any()
        else "",
    )


def _headline_words(up: str, ballot: Ballot) -> str:
    """Say whose share the headline is: that of both sides, or of the red one."""
    if up == sides.RED:
        return f"of {ballot.red} voters live in the {ballot.nation('red')} nation"
    return wording.headline_words(ballot)


def _opens_with(sweep: Sweep, swept: Sequence[str], keys: Sequence[str]) -> tuple[str, str]:
    """Choose the two measures that the chart opens with."""
    if is_between_sides(sweep.axes) and {sides.BLUE, sides.RED} <= set(keys):
        return sides.BLUE, sides.RED
    up, *others = keys
    across = next((measure_of(goal) for goal in swept if measure_of(goal) in keys), up)
    return (next(iter(others), up) if across == up else across), up


def with_pieces(row: Row) -> Row:
    """Add what is the sum of both nations."""
    both = [row["blue_pieces"], row["red_pieces"]]
    return row | {"pieces": None if None in both else sum(both)}


def known_measures(
    rows: Sequence[Row],
    swept: Sequence[str],
    question: Question,
    years: Mapping[str, str] | None = None,
) -> tuple[maps.Measure, ...]:
    """List the measures that the rows have: goals that are swept, and figures that are known.

    Figures are of the years of the question, or of other `years`.
    """
    goals = {goal.key: goal for goal in GOALS}
    own = [
        maps.Measure(f"goal_{key}", name, "large", goals[key].measured_in.replace("voters", ""))
        for key, name in GOAL_NAMES.items()
        if key in swept
    ]
    share, *others = measures(question.ballot, question.years if years is None else years)
    listed = [share, *own, *others]
    return tuple(one for one in listed if any(row.get(one.key) is not None for row in rows)) or (
        share,
    )


def short_figures(row: Figures, keys: set[str]) -> dict[str, float | None]:
    """Take the figures that are shown: counts are exact, and measures have nine digits."""

    def short(value: Any) -> float | None:
        return value if value is None or isinstance(value, int) else float(f"{value:.9g}")

    return {key: short(row.get(key)) for key in sorted(keys)}


def _dial(axis: Axis, sweep: Sweep) -> maps.Dial:
    values = sorted({row[axis.key] for row in sweep.rows})
    key = axis.key.split(".")[1]
    goal = next((one for one in GOALS if axis.is_weight and one.key == key), None)
    if goal is None:
        return maps.Dial(f"{axis.short[:1].upper()}{axis.short[1:]}", tuple(values))
    one = {"pairs": "pair", "voters": "voter", "people": "person"}.get(
        goal.measured_in, goal.measured_in
    )
    name = DIALS[goal.key]
    return maps.Dial(name, tuple(values), f"votes per {one}", is_complete=sweep.is_exact)


def _quality(row: Row) -> str:
    if "quality" in row:
        return str(row["quality"])
    return "The best possible, proven"


def _subtitle(sweep: Sweep, dials: Sequence[maps.Dial]) -> str:
    names = " and ".join(f"the {dial.name[:1].lower()}{dial.name[1:]}" for dial in dials)
    if not sweep.is_exact:
        return f"{len(sweep.rows):,} plans, as {names} change{'s' if len(dials) == 1 else ''}."
    low, high = (f"{value:,g}" for value in (sweep.axes[0].values[0], sweep.axes[0].values[-1]))
    return (
        f"Every best plan, {len(sweep.rows):,} of them, as {names} grows from {low} to {high} "
        f"{dials[0].unit}. All are proven."
    )


def known_references(sweep: Sweep, keys: set[str]) -> Iterator[maps.Reference]:
    """Measure plans that need no search, and those of finished runs that are called otherwise."""
    plain = list(plain_references(sweep.question, keys))
    yield from plain
    taken = {one.title for one in plain}
    others = {title: one for title, one in sweep.references.items() if title not in taken}
    yield from finished_references(sweep.question, others, keys)


def finished_references(
    question: Question, plans: Mapping[str, Plan], keys: set[str]
) -> Iterator[maps.Reference]:
    """Measure plans that finished runs have for other scenarios."""
    for title, plan in plans.items():
        row = with_pieces(figures(question.measure(plan)))
        yield maps.Reference(title, short_figures(row, keys))


def plain_references(question: Question, keys: set[str]) -> Iterator[maps.Reference]:
    """Measure plans that need no search: nobody leaves; states, and units, with their majority."""
    units = question.units
    votes = units.votes[question.election]
    if not votes.any():
        return
    lead = votes[:, 0].astype(np.int64) - votes[:, 1]
    codes, state = np.unique(units.states, return_inverse=True)
    leads = np.zeros(len(codes), np.int64)
    np.add.at(leads, state, lead)
    side = BLUE if lead.sum() > 0 else RED
    plans: dict[str, np.ndarray] = {"Everybody stays together": np.full(units.n_units, side)}
    if len(codes) > 1:
        ballot = question.ballot
        title = f"{ballot.nation_names[1]} states and {ballot.nation('blue')} states"
        plans[title] = np.where(leads[state] > 0, BLUE, RED)
    plans["Each to its own majority"] = np.where(lead > 0, BLUE, RED)
    for title, assignment in plans.items():
        report = question.measure(Plan(assignment.astype(np.int8)))
        yield maps.Reference(title, short_figures(with_pieces(figures(report)), keys))
