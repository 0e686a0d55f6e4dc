"""From units and a scenario to the integers that the solvers see."""

from __future__ import annotations

import numpy as np

from partition.errors import ScenarioError, nearest
from partition.metrics import BLUE, RED
from partition.scenario import Scenario
from shapefiles.units import Units
from solvers.problem import Problem


def formulate(units: Units, scenario: Scenario) -> Problem:
    """State a scenario as a problem in integers.

    The gain of a unit is the number of two-party voters who get the nation of their vote: its
    blue votes in part 1, the blue nation, and its red votes in part 0, the red one.

    Parameters
    ----------
    units
        Units of land with votes.
    scenario
        What is asked for.

    Returns
    -------
    Problem
        Row *i* is unit *i*; the edges are those that the scenario leaves on.

    Raises
    ------
    ScenarioError
        When the units have no votes of the scenario's election.
    """
    if scenario.election not in units.votes:
        raise ScenarioError(
            f"election = {scenario.election!r} is not in the data: "
            f"{nearest(scenario.election, sorted(units.votes))}"
        )
    votes = units.votes[scenario.election]  # columns: blue, red
    gains = np.empty_like(votes)
    gains[:, BLUE] = votes[:, 0]
    gains[:, RED] = votes[:, 1]
    active = units.edges.select(scenario.edges.on, scenario.edges.off)
    rules = {RED: scenario.nations.red, BLUE: scenario.nations.blue}
    return Problem(
        gains=gains,
        edges=units.edges.pairs[active],
        pieces=(int(rules[0].contiguous), int(rules[1].contiguous)),
    )
