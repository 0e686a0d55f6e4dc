"""The problems of the comparison, from the embedded votes of 2016 with the default edges."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from partition.question.formulate import formulate
from partition.scenario import Scenario
from shapefiles import load_united_states
from solvers.graphs.graph import Graph
from solvers.model import Model
from solvers.primal.walker import Walker
from solvers.problem import Problem

STATES = {"idaho": ("ID",), "block": ("IN", "KY", "OH")}
"""Instances made of whole states. Indiana, Kentucky and Ohio have 92 + 120 + 88 counties."""
INSTANCES = ("country", "idaho", "block")
"""The country is its main landmass: everything that the default edges join to it."""


class Instance(NamedTuple):
    """One problem and the plan that those peers start from that want one."""

    name: str
    problem: Problem
    start: np.ndarray
    """The majority of every unit, made contiguous once, before any search; shape ``(n_units,)``."""


def load_instance(name: str) -> Instance:
    """Make one of :data:`INSTANCES`."""
    units = load_united_states()
    problem = formulate(units, Scenario.shipped("counties").override(election="2016")).problem
    if name == "country":
        labels = Graph.from_edges(problem.n_units, problem.edges).landmasses()
        members = np.flatnonzero(labels == np.argmax(np.bincount(labels)))
    else:
        members = np.flatnonzero(np.isin(units.states, STATES[name]))
    problem = problem.subproblem(members)
    return Instance(name, problem, starting_plan(problem))


def starting_plan(problem: Problem) -> np.ndarray:
    """Make a first plan of a connected problem, shape ``(n_units,)``."""
    plan = Walker(Model(problem), seed=0).best
    assert plan is not None, "the majority plan could not be made contiguous"
    return plan
