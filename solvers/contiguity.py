"""Contiguity of a plan, and the check of a whole plan against its problem."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solvers.graphs.graph import Graph
from solvers.problem import ALONE, FREE, Budget, Problem


def count_pieces(graph: Graph, assignment: npt.NDArray[np.int8]) -> npt.NDArray[np.int64]:
    """Count the connected pieces of each part on each landmass.

    Parameters
    ----------
    graph
        Graph of the units.
    assignment
        Part of each unit, shape ``(n_units,)``.

    Returns
    -------
    numpy.ndarray
        Pieces of part 0 and of part 1, shape ``(n_landmasses, 2)``.

    Examples
    --------
    >>> path = Graph.from_edges(4, np.array([[0, 1], [1, 2]]))
    >>> count_pieces(path, np.array([1, 0, 1, 1], np.int8)).tolist()
    [[1, 2], [0, 1]]
    """
    landmass = graph.landmasses()
    _, first = np.unique(graph.label(assignment), return_index=True)
    counts = np.zeros((int(landmass.max()) + 1, 2), np.int64)
    np.add.at(counts, (landmass[first], assignment[first]), 1)
    return counts


def broken_constraint(problem: Problem, assignment: npt.NDArray[np.int8]) -> str | None:
    """Name the first constraint of the problem that an assignment breaks, or None.

    Examples
    --------
    >>> problem = Problem(gains=np.zeros((3, 2), int), edges=np.array([[0, 1], [1, 2]]))
    >>> broken_constraint(problem, np.array([1, 0, 1], np.int8))
    'part 1 has 2 pieces on landmass 0, at most 1 allowed'
    """
    moved = np.flatnonzero((problem.fixed != FREE) & (problem.fixed != assignment))
    if len(moved):
        unit = int(moved[0])
        return f"unit {unit} is fixed to part {problem.fixed[unit]}, not part {assignment[unit]}"
    grouped = np.flatnonzero(problem.groups != ALONE)
    labels, which = np.unique(problem.groups[grouped], return_inverse=True)
    n_ones = np.bincount(which[assignment[grouped] == 1], minlength=len(labels))
    torn = labels[(n_ones > 0) & (n_ones < np.bincount(which, minlength=len(labels)))]
    if len(torn):
        return f"group {torn[0]} is split"
    own, below, above = assignment[problem.spans].reshape(-1, 3).T
    outside = np.flatnonzero((below > own) | (own > above))
    if len(outside):
        return f"unit {problem.spans[outside[0], 0]} is outside its span"
    for number, budget in enumerate(problem.budgets):
        if budget.price is None and budget.excess(assignment):
            return f"budget {number}: {_missed(problem, budget, assignment)}"
    pieces = count_pieces(Graph.from_edges(problem.n_units, problem.edges), assignment)
    for part, most in enumerate(problem.pieces):
        torn = np.flatnonzero(pieces[:, part] > most)
        if most and len(torn):
            return (
                f"part {part} has {pieces[torn[0], part]} pieces on landmass {torn[0]}, "
                f"at most {most} allowed"
            )
    return None


def _missed(problem: Problem, budget: Budget, assignment: npt.NDArray[np.int8]) -> str:
    """Say what a plan has of a budget, and how far that is outside."""
    held, excess = budget.held(assignment), budget.excess(assignment)
    if budget.lower is None and budget.amounts[problem.spans[:, 1:]].any():
        return f"the line between the parts makes {held} {budget.name}, {excess} too many"
    holder = "the line between the parts" if len(budget.pairs) else "part 1"
    return f"{holder} holds {held} of {budget.name}, {excess} outside its limits"
