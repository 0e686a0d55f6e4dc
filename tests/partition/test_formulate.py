import itertools
from dataclasses import replace

import numpy as np
import pytest

from partition.errors import ScenarioError
from partition.metrics import matched_votes
from partition.question.formulate import formulate
from partition.scenario import EdgeSwitches, NationRules, Nations, Scenario
from shapefiles.units import Units
from solvers.plan import Plan
from solvers.result import Result, Status

COUNTIES = Scenario.shipped("counties")


def test_the_objective_of_every_plan_is_its_matched_votes(squares: Units) -> None:
    problem = formulate(squares, COUNTIES).problem
    for parts in itertools.product([0, 1], repeat=squares.n_units):
        assignment = np.array(parts, np.int8)
        matched = matched_votes(squares.votes["2016"], assignment)
        assert problem.objective(assignment) == matched.sum()


def test_the_pieces_of_each_nation_reaches_its_own_part(squares: Units) -> None:
    only_blue = Nations(blue=NationRules(pieces=3), red=NationRules(pieces="any"))
    # Part 0 is red, part 1 is blue.
    assert formulate(squares, replace(COUNTIES, nations=only_blue)).problem.pieces == (0, 3)


def test_edges_switched_off_are_not_in_the_problem(mainland: Units) -> None:
    without = replace(COUNTIES, edges=EdgeSwitches(off=("bridge", "ferry")))
    kinds = mainland.edges.kind[mainland.edges.is_default]
    edges = formulate(mainland, COUNTIES).problem.edges
    assert len(edges) == 8_757
    assert len(formulate(mainland, without).problem.edges) == np.isin(kinds, ["land"]).sum()


def test_an_election_that_the_units_lack_is_refused(squares: Units) -> None:
    with pytest.raises(ScenarioError, match="'2020' is not in the data"):
        formulate(squares, COUNTIES.override(election="2020"))


def test_seats_of_states_join_the_larger_part(squares: Units) -> None:
    asked = COUNTIES.override(settings={"weights.state_splits": 1, "nations.red.pieces": "any"})
    formulation = formulate(squares, asked)
    assert formulation.ids[6:] == ("SEAT-A", "SEAT-B")
    plan = Plan(np.array([1, 1, 0, 1, 0, 1]))
    # Of A's 400 voters 300 are blue, of B's 200 one half each, which costs 100 in either part.
    rows = formulation.expand(plan)
    assert rows.assignment[6] == 1
    assert formulation.restrict(rows) == plan
    matched = int(matched_votes(squares.votes["2016"], plan.assignment).sum())
    assert formulation.problem.objective(rows.assignment) == matched - 100 - 100
    astray = rows.assignment.copy()
    astray[6] = 0
    objective = formulation.problem.objective(astray)
    ended = Result(Plan(astray), Status.TIME_LIMIT, objective, 600, 1.0, 0, (), {"objective": 0})
    settled = formulation.settled(ended)
    assert settled.plan == rows
    assert settled.objective == objective + 200 == (settled.certificate or {})["objective"]
    assert settled.trace[-1].incumbent == settled.objective
    assert formulation.settled(settled) == settled
