"""A question: what is asked of which land, and what follows from the two together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from partition.answer import Report, measure
from partition.land.ballot import Ballot
from partition.land.dataset import Dataset
from partition.metrics import NATION_NAMES
from partition.question.formulate import Formulation, formulate
from partition.question.gazetteer import spelled
from partition.question.goals import active_edges
from partition.question.identity import inputs_sha256
from partition.question.left_out import LeftOut, left_out
from partition.question.missed import missed
from partition.question.naming import name_units
from partition.question.objectives import Contribution, scale_of, weigh
from partition.question.swung import swung
from partition.scenario import Scenario
from shapefiles.errors import shown
from shapefiles.units import Units
from solvers.contiguity import broken_constraint
from solvers.graphs.graph import Graph
from solvers.plan import Plan

_NUMBERED = re.compile(r"\b(unit|part|group|landmass) (\d+)")
"""What the solvers call by a number."""

_BUDGET = re.compile(r"budget (\d+):")
"""A limit, of which the solvers know a number and their own steps."""


@dataclass(frozen=True, eq=False)  # without slots: what is derived is kept
class Question:
    """What is asked, and the land it is asked of.

    Parameters
    ----------
    scenario
        What is asked. Places that it calls by their names get their ids and codes.
    dataset
        Units with their votes, and what is said about them.

    Raises
    ------
    ScenarioError
        When several places have a name that the scenario uses.

    Examples
    --------
    >>> question = Question(Scenario.shipped("cascadia"), Dataset.embedded())
    >>> question
    <Question 'cascadia' on 2016: 3,113 units>
    >>> int(question.edges.sum()), question.formulation.problem.n_units
    (8757, 3113)
    """

    scenario: Scenario
    dataset: Dataset

    def __post_init__(self) -> None:
        asked = spelled(self.scenario, self.dataset.units)
        object.__setattr__(self, "scenario", asked)  # frozen for everybody else

    def __repr__(self) -> str:
        asked = f"{shown(self.scenario.name, 200)} on {self.election}"
        return f"<Question {asked}: {self.units.n_units:,} units>"

    def __reduce__(self) -> tuple[type[Self], tuple[Scenario, Dataset]]:
        """Pickle the fields alone: what is derived from them is derived again."""
        return type(self), (self.scenario, self.dataset)

    @cached_property
    def units(self) -> Units:
        """The units that are divided, with the people of the year nearest to the election.

        Their votes are those that the scenario asks about, swung where it says so.
        """
        units = self.dataset.units_of(self.election)
        return swung(units, self.election, self.scenario.swing)

    @property
    def years(self) -> Mapping[str, str]:
        """The year that people and GDP are of (``people``, ``gdp_dollars``), where it is known."""
        return self.dataset.years.get(self.election, {})

    @property
    def election(self) -> str:
        """Name of the election whose votes count, a key of ``units.votes``."""
        return self.scenario.election

    @property
    def ballot(self) -> Ballot:
        """What the election, its sides and their nations are called and coloured."""
        shown_ballot = self.dataset.ballot(self.election).shown_as(self.scenario.sides)
        return shown_ballot.told(self.scenario.swing.words(shown_ballot.sides))

    @cached_property
    def edges(self) -> npt.NDArray[np.bool_]:
        """The active edges: those that the scenario leaves on, shape ``(n_edges,)``."""
        edges = active_edges(self.units, self.scenario)
        edges.setflags(write=False)
        return edges

    @cached_property
    def formulation(self) -> Formulation:
        """The problem in integers that the solvers see, made when it is first asked for.

        Raises
        ------
        ScenarioError
            When the data lack something that the scenario needs, or its constraints contradict
            each other.
        """
        return formulate(self.units, self.scenario)

    @property
    def scale(self) -> int:
        """Steps of a vote: the solvers' objective is in ``1 / scale`` votes."""
        return scale_of(self.scenario.weights)

    @cached_property
    def identity(self) -> str:
        """SHA-256 of all that the answer depends on: two questions that share it ask the same."""
        return inputs_sha256(self.scenario, self.dataset.hashes)

    @property
    def borders_left_out(self) -> tuple[LeftOut, ...]:
        """Borders between units that do not count, in the order of the edges."""
        return left_out(self.units, self.scenario)

    def asking(self, scenario: Scenario) -> Self:
        """Ask another scenario of the same land."""
        return replace(self, scenario=scenario)

    def measure(self, plan: Plan) -> Report:
        """Measure a plan: every metric, recomputed from the plan.

        Raises
        ------
        ValueError
            When the plan is of other units, or the election is not in the data.
        """
        electors = self.dataset.electors.get(self.election)
        return measure(
            self.units, plan, self.election, self.edges, electors, self.ballot, self.years
        )

    def account(self, plan: Plan) -> tuple[Contribution, ...]:
        """Recount from a plan what each goal adds to the objective."""
        return weigh(self.units, self.scenario).account(plan.assignment)

    def broken_constraint(self, plan: Plan) -> str | None:
        """Say which constraint a plan breaks, the first one found; None where it meets them all."""
        formulation = self.formulation
        problem, parts = formulation.problem, formulation.expand(plan).assignment
        broken = broken_constraint(problem, parts)
        if broken is None:
            return None
        limit = _BUDGET.match(broken)
        if limit is not None:
            number = int(limit[1])
            return missed(self.units, self.scenario, self.ballot, problem.budgets, number, parts)
        return _NUMBERED.sub(self._called, broken)

    def _called(self, numbered: re.Match[str]) -> str:
        """Call by its name what the solvers know by a number."""
        kind, number = numbered[1], int(numbered[2])
        formulation, units = self.formulation, self.units
        if kind == "part":
            return f"the {self.ballot.nation(NATION_NAMES[number])} nation"
        if kind == "unit":
            return f"unit {formulation.ids[number]}"
        problem = formulation.problem
        if kind == "group":
            whole = np.flatnonzero(problem.groups[: units.n_units] == number)
            return f"{name_units(units, whole)}, which stays whole,"
        landmass = Graph.from_edges(problem.n_units, problem.edges).landmasses()
        rows = np.flatnonzero(landmass[: units.n_units] == number)
        largest = rows[np.argmax(units.votes[self.election][rows].sum(axis=1))]
        return f"the landmass of {name_units(units, largest[None])}"

    def objective(self, plan: Plan) -> int:
        """Add up the objective of a plan, in steps of a vote."""
        formulation = self.formulation
        return formulation.problem.objective(formulation.expand(plan).assignment)
