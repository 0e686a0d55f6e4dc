"""The figures of a plan that a row of a study holds: exact, flat, each with its unit in its name.

The names are those of ``report.json``, with the nation in front where there are two of a kind.
"""

from __future__ import annotations

from typing import Any

from partition.answer import Report, wording

Figures = dict[str, Any]
"""Exact values by name, each with its unit of measure in the name; None where there is none."""


def figures(report: Report) -> Figures:
    """State the figures by which plans are compared; all names are there for any data."""
    return _voters(report) | _nations(report) | _line(report) | _country(report)


def _voters(report: Report) -> Figures:
    both, sorting = report.whole.both, report.sorting
    return {
        "self_determined_voters": both.self_determined,
        "self_determined_share": both.self_determination,
        "stranded_voters": both.stranded,
        "blue_stranded_voters": sorting.blue_stranded_voters,
        "red_stranded_voters": sorting.red_stranded_voters,
        "blue_stranded_share": sorting.blue_stranded_share,
        "red_stranded_share": sorting.red_stranded_share,
        "blue_at_home_share": _rest(sorting.blue_stranded_share),
        "red_at_home_share": _rest(sorting.red_stranded_share),
        "stranded_share_difference": sorting.stranded_share_difference,
        "gain_over_status_quo_voters": sorting.gain_over_status_quo_voters,
        "gain_over_status_quo_share": sorting.gain_over_status_quo_share,
        "price_of_contiguity_voters": sorting.price_of_contiguity_voters,
        "dissimilarity_index": sorting.dissimilarity_index,
        "variance_between_share": sorting.variance_between_share,
        "dollars_per_freed_voter_and_gdp_percent": sorting.dollars_per_freed_voter_and_gdp_percent,
    }


def _rest(share: float | None) -> float | None:
    return None if share is None else 1 - share


def _nations(report: Report) -> Figures:
    """State what each nation has, the same figure of both beside each other."""
    whole, land = report.whole, report.territory
    sides = {
        name: {
            "people": tally.people,
            "gdp_dollars": tally.gdp_dollars,
            "electoral_votes": tally.electoral_votes,
            "pieces": tally.pieces,
            "exclaves": shape.exclaves,
            "exclave_people": shape.exclave_people,
            "enclaves": shape.enclaves,
            "enclave_people": shape.enclave_people,
            "polsby_popper": shape.polsby_popper,
            "has_sea_access": shape.has_sea_access,
        }
        for name, tally, shape in (
            ("blue", whole.blue, land.blue),
            ("red", whole.red, land.red),
        )
    }
    both = {f"{side}_{name}": sides[side][name] for name in sides["blue"] for side in sides}
    years = {"people_year": "people", "gdp_year": "gdp_dollars"}
    return both | {name: report.years.get(figure) for name, figure in years.items()}


def _line(report: Report) -> Figures:
    states = report.states
    return {
        "border_km": report.whole.border_km,
        "cut_edges": report.whole.cut_edges,
        "split_states": None if states is None else len(states.split_states),
        "cut_off_people": None if states is None else states.cut_off_people,
    }


def _country(report: Report) -> Figures:
    """State what becomes of the presidency and the House."""
    presidency, house = report.presidency, report.house
    rest = None if presidency is None else presidency.rest
    return {
        "leaving_nation": None if presidency is None else presidency.leaving,
        "leaving_electoral_votes": None
        if presidency is None
        else presidency.leaving_electoral_votes,
        "rest_winner": None if rest is None else rest.winner,
        "rest_winner_name": None if rest is None else wording.winner(rest, report.ballot.sides),
        "rest_blue_electoral_votes": None if rest is None else rest.blue_electoral_votes,
        "rest_red_electoral_votes": None if rest is None else rest.red_electoral_votes,
        "rest_margin_electoral_votes": None if rest is None else rest.margin_electoral_votes,
        "rest_blue_lead_votes_share": None if rest is None else rest.blue_lead_votes_share,
        "house_seats": None if house is None else house.seats,
        "blue_house_seats": None if house is None else house.blue_seats,
        "red_house_seats": None if house is None else house.red_seats,
    }
