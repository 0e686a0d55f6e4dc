"""Measure a plan: from units and an assignment to a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from partition.answer.figures import Division, Report, Sorting
from partition.answer.land import Ground, divisions, territory
from partition.answer.state_figures import Presidency
from partition.answer.states import house, presidency, state_splits
from partition.land.ballot import Ballot
from partition.metrics import (
    BLUE,
    RED,
    Assignment,
    Ints,
    best_without_contiguity,
    break_even_value,
    dissimilarity_index,
    freed_voters,
    gain_over_status_quo,
    nation_votes,
    price_of_contiguity,
    share,
    status_quo,
    stranded_shares,
    variance_between,
)
from shapefiles.units import Units
from solvers.plan import Plan


def measure(
    units: Units,
    plan: Plan,
    election: str,
    active: npt.NDArray[np.bool_] | None = None,
    electors: Mapping[str, int] | None = None,
    ballot: Ballot | None = None,
    years: Mapping[str, str] | None = None,
) -> Report:
    """Measure a plan: together, nation by nation, landmass by landmass, state by state.

    Parameters
    ----------
    units
        Units of land with votes.
    plan
        Part 1 is the blue nation, part 0 the red one.
    election
        Election whose votes count; a key of ``units.votes``.
    active
        Edges that count, shape ``(n_edges,)``; the default edges unless given.
    electors
        Electoral votes of each state; the presidency and the House are left out unless given.
    ballot
        What the election and its sides are called, if they are not those of the embedded data.
    years
        Year that people and GDP are of (``people``, ``gdp_dollars``), where it is known.

    Returns
    -------
    Report
        All figures, recomputed from the plan. Those that the data do not allow are None.

    Raises
    ------
    ValueError
        When the plan is of other units, the election is not in the data, or a state has no entry
        in `electors`.
    """
    if plan.n_units != units.n_units:
        raise ValueError(
            f"The plan assigns {plan.n_units} units, the data have {units.n_units}. "
            "Measure a plan with the units it was made for."
        )
    if election not in units.votes:
        raise ValueError(f"The data have no election {election!r}, only {sorted(units.votes)}.")
    ground = Ground.of(
        units,
        plan.assignment,
        units.votes[election],
        units.edges.is_default if active is None else active,
    )
    whole, landmasses = divisions(ground)
    president = presidency(ground, electors)
    return Report(
        election=election,
        ballot=Ballot.known(election) if ballot is None else ballot,
        years=dict(years or {}),
        whole=_with_electors(whole, president),
        landmasses=landmasses,
        sorting=_sorting(ground.votes, plan.assignment, whole.both.gdp_dollars),
        territory=territory(ground),
        states=state_splits(ground),
        presidency=president,
        house=house(ground, electors),
    )


def _with_electors(whole: Division, president: Presidency | None) -> Division:
    if president is None:
        return whole
    return replace(
        whole,
        both=replace(whole.both, electoral_votes=president.together.electoral_votes),
        blue=replace(whole.blue, electoral_votes=president.blue.electoral_votes),
        red=replace(whole.red, electoral_votes=president.red.electoral_votes),
    )


def _sorting(votes: Ints, assignment: Assignment, gdp_dollars: int | None) -> Sorting:
    inside = nation_votes(votes, assignment)
    blue_share, red_share = stranded_shares(votes, assignment)
    freed, price = freed_voters(votes, assignment), price_of_contiguity(votes, assignment)
    return Sorting(
        blue_stranded_voters=int(inside[RED, 0]),
        red_stranded_voters=int(inside[BLUE, 1]),
        blue_stranded_share=blue_share,
        red_stranded_share=red_share,
        stranded_share_difference=None
        if blue_share is None or red_share is None
        else blue_share - red_share,
        status_quo_voters=status_quo(votes),
        best_without_contiguity_voters=best_without_contiguity(votes),
        gain_over_status_quo_voters=freed,
        gain_over_status_quo_share=gain_over_status_quo(votes, assignment),
        price_of_contiguity_voters=price,
        price_of_contiguity_share=share(price, int(votes.sum())),
        dissimilarity_index=dissimilarity_index(votes, assignment),
        variance_between_share=variance_between(votes, assignment),
        dollars_per_freed_voter_and_gdp_percent=None
        if gdp_dollars is None
        else break_even_value(gdp_dollars / 100, freed),
    )
