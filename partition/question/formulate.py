"""From units and a scenario to the integers that the solvers see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from partition.errors import ScenarioError, nearest
from partition.metrics import components
from partition.question import clashes
from partition.question.apart import apart_budgets
from partition.question.constraints import (
    PARTS,
    fixed_parts,
    groups,
    home_budget,
    limits,
    pins,
    whole_places,
)
from partition.question.goal_limits import goal_budgets, limited_goals
from partition.question.objectives import weigh
from partition.question.quantities import Ints
from partition.question.splits import divisible_states, refuse_split_states, split_budgets
from partition.question.stranded import refuse_both_sides, stranded_limits
from partition.scenario import ALL, STRANDED, NationRules, Scenario
from partition.scenario.then import refuse_several
from partition.scenario.weights import OF_SIDES
from shapefiles.units import Units
from solvers.plan import Plan
from solvers.problem import ALONE, ANY, FREE, Budget, Problem
from solvers.reduction import spread_fixed
from solvers.result import Result, TracePoint


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Formulation:
    """A scenario on units, as a problem in integers, and the way back.

    Parameters
    ----------
    problem
        Its first rows are the units; further rows stand for what is no unit, such as a neighbour
        that connects them.
    ids
        Ids of all rows of the problem: of the units, then of what is no unit.
    n_units
        Number of units.
    scale
        The objective is in ``1 / scale`` votes.
    """

    problem: Problem
    ids: tuple[str, ...]
    n_units: int
    scale: int

    def __repr__(self) -> str:
        more = self.problem.n_units - self.n_units
        rows = f"{self.n_units:,} units{f' and {more:,} further rows' if more else ''}"
        return f"<Formulation of {rows}, {len(self.problem.edges):,} edges>"

    def settled(self, result: Result) -> Result:
        """Move every seat to the larger part of its state, where a search left one elsewhere.

        A search that was ended may hold a seat that costs more than it must; the units are worth
        what the report says, with the best seats.
        """
        if result.plan is None or result.objective is None:
            return result
        plan = self.expand(self.restrict(result.plan))
        objective = self.problem.objective(plan.assignment)
        if objective <= result.objective:
            return result
        point = TracePoint(round(result.runtime, 3), objective, result.bound)
        proof = result.certificate and {**result.certificate, "objective": objective}
        return replace(
            result,
            plan=plan,
            objective=objective,
            trace=(*result.trace, point),
            certificate=proof,
        )

    def restrict(self, plan: Plan) -> Plan:
        """Express a plan of all rows of the problem as one of the units alone."""
        return Plan(plan.assignment[: self.n_units])

    def expand(self, plan: Plan) -> Plan:
        """Express a plan of the units in all rows.

        Seats of states join the larger part, and ends of spans come as close as they can.
        """
        parts = np.concatenate([plan.assignment, self.problem.fixed[self.n_units :]])
        units, seats = self.problem.links.T
        weight = np.zeros((self.problem.n_units, 2), np.int64)
        np.add.at(weight, (seats, plan.assignment[units]), self.problem.link_costs)
        for budget in self.problem.budgets:
            is_linked = budget.pairs[:, 1] >= self.n_units  # of units of land are only edges
            units, seats = budget.pairs[is_linked].T
            amounts = budget.pair_amounts[is_linked]
            np.add.at(weight, (seats, plan.assignment[units]), amounts)
        is_open = parts == FREE
        is_open[: self.n_units] = False
        parts[is_open] = weight[is_open].argmax(axis=1)
        return Plan(self.problem.tight(parts))


class _Beyond(NamedTuple):
    """Rows that are no units: neighbours with edges, seats of states with links, ends of spans."""

    ids: list[str]
    parts: list[int]
    edges: list[tuple[int, int]]
    links: list[tuple[int, int]]
    link_costs: list[int]
    spans: list[tuple[int, int, int]]


def formulate(units: Units, scenario: Scenario) -> Formulation:
    """State a scenario as a problem in integers.

    Part 1 is the blue nation and part 0 the red one. What each of them gains is in
    :mod:`partition.question.objectives`.

    Parameters
    ----------
    units
        Units of land with votes.
    scenario
        What is asked for.

    Returns
    -------
    Formulation
        The problem; its edges are those that the scenario leaves on.

    Raises
    ------
    ScenarioError
        When the data lack something that the scenario needs, or its constraints contradict each
        other.
    """
    check_election(units, scenario.election)
    refuse_several(scenario.name, scenario.then)
    _refuse_unnamed_votes(scenario)
    objective = weigh(units, scenario)
    given, places = list(pins(units, scenario)), list(whole_places(units, scenario))
    stranded = list(stranded_limits(units, scenario))
    held = [*limits(units, scenario), *stranded]
    home = home_budget(units, scenario)
    homes = [] if home is None else [home]
    fixed, labels = fixed_parts(units, given), groups(units, places)
    clashes.refuse_contradictory_pins(units, given)
    clashes.refuse_torn_places(units, places, given, fixed)
    refuse_split_states(units, scenario, given, spread_fixed(fixed, labels))
    clashes.refuse_impossible_limits(units, held, given, fixed)
    refuse_both_sides(units, stranded, fixed, labels)
    beyond = _Beyond([], [], [], [], [], [])
    _add_neighbours(beyond, units, scenario, objective.pairs)
    seats = objective.seats
    if seats is not None or scenario.most.state_splits is not None:
        costs = np.zeros(units.n_units, np.int64) if seats is None else seats.coefficients
        _add_seats(beyond, units, costs)
    ends = _add_spans(beyond, units, scenario)
    n_more = len(beyond.ids)
    links = np.array(beyond.links, np.int32).reshape(-1, 2)
    problem = Problem(
        gains=np.pad(objective.gains, ((0, n_more), (0, 0))),
        edges=np.concatenate([objective.pairs, np.array(beyond.edges, np.int32).reshape(-1, 2)]),
        fixed=np.concatenate([fixed, np.array(beyond.parts, np.int8)]),
        pieces=(_pieces(scenario.nations.red), _pieces(scenario.nations.blue)),
        edge_costs=np.pad(objective.edge_costs, (0, len(beyond.edges))),
        groups=np.pad(labels, (0, n_more), constant_values=ALONE),
        budgets=tuple(
            _padded(budget, n_more)
            for budget in (
                *(limit.budget for limit in held),
                *homes,
                *apart_budgets(units, scenario),
                *objective.budgets,
            )
        )
        + goal_budgets(units, scenario, objective.pairs, links, units.n_units + n_more)
        + split_budgets(scenario, ends, units.n_units + n_more),
        links=links,
        link_costs=np.array(beyond.link_costs, np.int64),
        spans=np.array(beyond.spans, np.int32).reshape(-1, 3),
    )
    ids = (*units.ids.tolist(), *beyond.ids)
    clashes.refuse_torn_nations(units, problem, ids, given)
    return Formulation(problem, ids, units.n_units, objective.scale)


def check_election(units: Units, election: str) -> None:
    """Refuse an election that the data do not have.

    Raises
    ------
    ScenarioError
        When it is none of theirs.
    """
    if election not in units.votes:
        raise ScenarioError(
            f"election = {election!r} is not in the data: {nearest(election, sorted(units.votes))}"
        )


def _refuse_unnamed_votes(scenario: Scenario) -> None:
    """Refuse to count the votes of a map of which nobody said where they are."""
    if scenario.data is None or scenario.data.names_votes:
        return
    weights = ["self_determination", "intensity", "state_splits", *OF_SIDES]
    weights += ["status_quo"] if ALL in scenario.units.only else []
    wanted = [f"weights.{key}" for key in weights if getattr(scenario.weights, key)]
    wanted += [
        f"nations.{side}.{bound}.votes"
        for side, rules in (("blue", scenario.nations.blue), ("red", scenario.nations.red))
        for bound, shares in (("least", rules.least), ("most", rules.most))
        if shares.votes is not None
    ]
    wanted += [
        f"nations.{side}.{key}"
        for side in ("blue", "red")
        for key in STRANDED
        if getattr(getattr(scenario.nations, side), key) is not None
    ]
    wanted += [] if scenario.voters.at_home is None else ["voters.at_home"]
    counting = {
        f"{table}.{key}"
        for table in ("most", "least")
        for key in ("state_splits", "intensity", *OF_SIDES)
    }
    counting |= {"most.status_quo"} if ALL in scenario.units.only else set()
    wanted += sorted(counting & set(limited_goals(scenario)))
    if wanted:
        instead = ""
        if wanted[0].startswith("weights"):
            instead = f" (--set {wanted[0]}=0 --set weights.cut_edges=1, say)"
        raise ScenarioError(
            f"{wanted[0]} counts votes, and the map names none: give the columns of both sides "
            f"(--blue, --red), or ask without it{instead}."
        )


def _pieces(rules: NationRules) -> int:
    return ANY if rules.pieces == "any" else rules.pieces


def _padded(budget: Budget, n_more: int) -> Budget:
    return replace(budget, amounts=np.pad(budget.amounts, (0, n_more)))


def _add_neighbours(
    beyond: _Beyond, units: Units, scenario: Scenario, pairs: npt.NDArray[np.int32]
) -> None:
    """Add the countries that connect the units of a nation.

    A country stands once on every landmass that borders on it: beside one unit alone there is
    nothing to connect, and the landmasses themselves stay apart, so that a nation which the
    country does not connect may still have its pieces on each of them.
    """
    for country in ("canada", "mexico"):
        nation = getattr(scenario.neighbours, country)
        if nation is None:
            continue
        key = f'neighbours.{country} = "{nation}"'
        borders = units.attributes.get(f"borders_{country}")
        if borders is None:
            raise ScenarioError(
                f"{key}: the data do not say which units border on {country.capitalize()}."
            )
        landmass = components(pairs, units.n_units)
        rows = np.flatnonzero(borders.astype(np.bool_))
        rows = rows[np.bincount(landmass)[landmass[rows]] > 1]
        if not len(rows):
            raise ScenarioError(
                f"{key}: no unit with any neighbour borders on {country.capitalize()}."
            )
        for mass in np.unique(landmass[rows]).tolist():
            row = _add_row(beyond, units, country.upper(), PARTS[nation])
            beyond.edges.extend((unit, row) for unit in rows[landmass[rows] == mass].tolist())


def _add_seats(beyond: _Beyond, units: Units, costs: Ints) -> None:
    """Add the seat of every state of more than one unit, and what it costs to be apart from it."""
    for state in np.unique(units.states[units.states != ""]).tolist():
        rows = np.flatnonzero(units.states == state)
        if len(rows) > 1:
            row = _add_row(beyond, units, f"SEAT-{state}", FREE)
            beyond.links.extend((unit, row) for unit in rows.tolist())
            beyond.link_costs.extend(costs[rows].tolist())


def _add_spans(beyond: _Beyond, units: Units, scenario: Scenario) -> list[tuple[int, int]]:
    """Add the two ends of every state that may be split, and list their rows, lower ends first."""
    ends = []
    for state, rows in divisible_states(units, scenario).items():
        below = _add_row(beyond, units, f"ALL-{state}", FREE)
        above = _add_row(beyond, units, f"ANY-{state}", FREE)
        beyond.spans.extend((unit, below, above) for unit in rows.tolist())
        ends.append((below, above))
    return ends


def _add_row(beyond: _Beyond, units: Units, name: str, part: int) -> int:
    """Add a row under a name that nothing else has."""
    given, count = name, 1
    while name in beyond.ids or (units.ids == name).any():
        count += 1
        name = f"{given}-{count}"
    beyond.ids.append(name)
    beyond.parts.append(part)
    return units.n_units + len(beyond.ids) - 1
