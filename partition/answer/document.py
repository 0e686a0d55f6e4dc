"""``report.json``: every metric of a plan as exact values, with units of measure in the keys.

Shares are fractions of 1, not percentages. What the data do not allow is null.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from partition.answer.figures import Division, Report, Tally, Territory
from partition.answer.state_figures import Contest, House, Presidency, StateSplits
from partition.answer.steps import StepTaken, prices
from partition.land.ballot import COLOURS, Ballot

SCHEMA_VERSION = 1
"""Version of the layout; raised when a reader of the old one would go wrong."""

_LONG_NAMES = {
    "self_determined": "self_determined_voters",
    "stranded": "stranded_voters",
    "self_determination": "self_determined_share",
}


def report_document(report: Report, steps: Sequence[StepTaken] = ()) -> dict[str, Any]:
    """State every figure of a report as plain values, and what the steps up to it have cost.

    Examples
    --------
    >>> from partition.land.dataset import Dataset
    >>> from partition.answer import measure
    >>> from solvers.plan import Plan
    >>> units = Dataset.embedded().units
    >>> document = report_document(measure(units, Plan(units.states == "CA"), "2016"))
    >>> document["nations"]["blue"]["people"], document["nations"]["blue"]["has_sea_access"]
    (39167117, True)
    """
    whole = report.whole
    return {
        "schema_version": SCHEMA_VERSION,
        "election": report.election,
        **_sides(report.ballot),
        **({"years": dict(report.years)} if report.years else {}),
        "country": _tally(whole.both) | asdict(report.sorting) | _line(whole),
        "nations": {
            "blue": _tally(whole.blue) | _territory(report.territory.blue),
            "red": _tally(whole.red) | _territory(report.territory.red),
        },
        "states": None if report.states is None else _states(report.states),
        "presidency": None if report.presidency is None else _presidency(report.presidency),
        "house": None if report.house is None else _house(report.house),
        "landmasses": [
            {
                "title": one.title,
                "both": _tally(one.both),
                "blue": _tally(one.blue),
                "red": _tally(one.red),
                **_line(one),
            }
            for one in report.landmasses
        ],
        **({"steps": [one.to_dict() for one in prices(steps)]} if steps else {}),
    }


def _sides(ballot: Ballot) -> dict[str, Any]:
    """State what a person calls the sides, which are blue and red in all keys."""
    return {"sides": dict(zip(COLOURS, ballot.nations, strict=True))} if ballot.nations else {}


def _tally(tally: Tally) -> dict[str, Any]:
    return {_LONG_NAMES.get(name, name): value for name, value in tally.to_dict().items()}


def _line(division: Division) -> dict[str, Any]:
    return {"cut_edges": division.cut_edges, "border_km": division.border_km}


def _territory(territory: Territory) -> dict[str, Any]:
    figures = asdict(territory)
    figures["gravest_keystones"] = list(figures["gravest_keystones"])
    return figures


def _states(states: StateSplits) -> dict[str, Any]:
    return {
        "blue_states": list(states.blue_states),
        "red_states": list(states.red_states),
        "split_states": [
            asdict(one) | {"cut_off_people": one.cut_off_people} for one in states.split_states
        ],
        "blue_cut_off_people": states.blue_cut_off_people,
        "red_cut_off_people": states.red_cut_off_people,
        "cut_off_people": states.cut_off_people,
    }


def _presidency(presidency: Presidency) -> dict[str, Any]:
    return {
        "leaving_nation": presidency.leaving,
        "leaving_electoral_votes": presidency.leaving_electoral_votes,
        "rest_of_the_country": _contest(presidency.rest),
        "together": _contest(presidency.together),
        "blue_nation": _contest(presidency.blue),
        "red_nation": _contest(presidency.red),
    }


def _contest(contest: Contest) -> dict[str, Any]:
    return asdict(contest) | {
        "margin_electoral_votes": contest.margin_electoral_votes,
        "blue_lead_votes_share": contest.blue_lead_votes_share,
    }


def _house(house: House) -> dict[str, Any]:
    return {
        "seats": house.seats,
        "blue_seats": house.blue_seats,
        "red_seats": house.red_seats,
        "delegations": [asdict(one) for one in house.delegations],
    }
