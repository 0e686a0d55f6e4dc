"""What a scenario asks for, in sentences, and what each goal adds to the objective of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from partition.question import left_out
from partition.question.goal_limits import limited_goals
from partition.question.goals import GOALS
from partition.question.naming import listed, name_state
from partition.question.quantities import NAMES
from partition.question.question import Question
from partition.scenario import ALL, QUANTITIES, STATES, STRANDED, NationRules, Scenario
from shapefiles.units import Units

if TYPE_CHECKING:
    from partition.runs.run import Run

GOAL_NAMES = {
    "self_determination": "voters who live in the nation of their vote",
    "intensity": "the same voters, each times the margin of the unit",
    "border": "length of the frontier",
    "cut_edges": "neighbouring units in different nations",
    "state_splits": "voters cut off from the larger part of their state",
    "status_quo": "people whose nation is not that of their state today",
    "population_balance": "people who would have to move to make the nations equal",
    "gdp_balance": "GDP that would have to move to make the nations equal",
    "area_balance": "land that would have to move to make the nations equal",
    "blue_at_home": "blue voters who live in the blue nation",
    "red_at_home": "red voters who live in the red nation",
    "worse_off": "voters at home if both sides had the smaller of their shares",
}
"""What each goal counts, as people read it."""


def notes(run: Run) -> tuple[str, ...]:
    """Say what a reader must know of the question to understand the figures; often nothing."""
    borders = left_out.sentences(run.question.units, run.scenario)
    return (*_weighed(run), *_neighbours(run.question), *borders)


def _weighed(run: Run) -> Iterator[str]:
    if run.scenario.weights.is_plain:
        return
    given = run.question.account(run.plan)
    terms = [f"{one.votes:+,.0f} for {GOAL_NAMES[one.key]}" for one in given]
    total = sum(one.votes for one in given)
    yield f"Best is what adds up to the most votes, here {total:,.0f}: {'; '.join(terms)}."


def constraints(question: Question) -> tuple[str, ...]:
    """Say in a sentence each what every plan has to meet.

    Examples
    --------
    >>> from partition.question.asking import ask
    >>> constraints(ask("cascadia-counties"))[-2]
    'Only California, Oregon and Washington may choose; the rest stays in the red nation.'
    """
    scenario, units = question.scenario, question.units
    return (
        *_nation(question.ballot.nation("blue"), scenario.nations.blue),
        *_nation(question.ballot.nation("red"), scenario.nations.red),
        *_voters(scenario),
        *_neighbours(question),
        *_places(question),
        *_edges(scenario),
        *left_out.sentences(units, scenario),
    )


def _nation(name: str, rules: NationRules) -> Iterator[str]:
    if rules.pieces == "any":
        yield f"The {name} nation may be in any number of pieces."
    elif rules.pieces == 1:
        yield f"The {name} nation is in one piece on every landmass."
    else:
        yield f"The {name} nation is in at most {rules.pieces} pieces on every landmass."
    if rules.sea_access:
        yield f"The {name} nation has access to the sea."
    for word, shares in (("at least", rules.least), ("at most", rules.most)):
        for quantity in QUANTITIES:
            share = getattr(shares, quantity)
            if share is not None:
                yield f"The {name} nation has {word} {100 * share:g} % of the {NAMES[quantity]}."
    for limit, where in zip(STRANDED, ("", " of every state"), strict=True):
        share = getattr(rules, limit)
        if share is not None:
            whose = f"the voters of its side{where}"
            yield f"The {name} nation leaves at most {100 * share:g} % of {whose} in the other one."


def _voters(scenario: Scenario) -> Iterator[str]:
    if scenario.voters.at_home is not None:
        yield f"At least {scenario.voters.at_home:,} voters live in the nation of their vote."
    split = scenario.states.split_most
    if split is not None:
        yield f"At most {split:,} {'state is' if split == 1 else 'states are'} split."
    for key in ("people", "voters"):
        least, plans = getattr(scenario.apart, key), len(scenario.apart.plans)
        if least is not None:
            others = "another plan" if plans == 1 else f"each of {plans:,} other plans"
            yield f"At least {least:,} {key} live where the nation is not that of {others}."
    units = {one.key: one.measured_in for one in GOALS}
    for name, amount in limited_goals(scenario).items():
        table, _, key = name.partition(".")
        words = GOAL_NAMES[key]
        yield f"At {table} {amount:,.15g} {units[key]}: {words}."


def _neighbours(question: Question) -> Iterator[str]:
    for country in ("canada", "mexico"):
        nation = getattr(question.scenario.neighbours, country)
        if nation is not None:
            land, name = country.capitalize(), question.ballot.nation(nation)
            yield (
                f"{land} counts as a part of the {name} nation when it comes to being in one "
                f"piece. Everywhere else in these figures, pieces that only {land} connects count "
                "apart."
            )


def _places(question: Question) -> Iterator[str]:
    rules, units, ballot = question.scenario.units, question.units, question.ballot
    for nation, places in (("blue", rules.blue), ("red", rules.red)):
        if places:
            yield f"Fixed to the {ballot.nation(nation)} nation: {_named(places, units)}."
    if STATES in rules.whole:
        yield "Every state goes to one nation as a whole."
    elif ALL in rules.whole:
        yield "All units go to the same nation."
    elif rules.whole:
        yield f"Kept whole: {_named(rules.whole, units)}."
    if ALL not in rules.only:
        whom = f"Only {_named(rules.only, units)} may" if rules.only else "Nobody may"
        yield f"{whom} choose; the rest stays in the {ballot.nation(rules.rest)} nation."


def _edges(scenario: Scenario) -> Iterator[str]:
    if scenario.edges.on:
        yield f"Edges of these kinds connect as well: {', '.join(scenario.edges.on)}."
    if scenario.edges.off:
        yield f"Edges of these kinds do not connect: {', '.join(scenario.edges.off)}."


def _named(places: tuple[str, ...], units: Units) -> str:
    codes = set(units.states.tolist())
    return listed([name_state(units, place) if place in codes else place for place in places])
