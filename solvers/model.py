"""One landmass as the exact search sees it, and the families of rows that hold on it.

A unit's variable is 1 in part 1 and 0 in part 0. Every row reads
``sum(coefficients * x[columns]) <= limit``. The families, and when each of them is valid:

separator
    ``x[a] <= sum(x[S])`` where the units *S* separate *a* from every root of part 1: needs part 1
    contiguous and at least one of its roots in it. The mirror holds for part 0. This is the
    node-separator inequality of the maximum-weight connected subgraph polytope [1]_, once for
    each colour.
joint separator
    ``sum(x[a_i]) <= sum(u_v * x[v])`` for several units at once; needs the same as separators, and
    no root in the sets behind it; see :mod:`solvers.joint_separation`.
face
    ``x[a1] - x[b1] + x[a2] - x[b2] + ... <= 1`` for units that alternate around a face: needs a
    planar graph and both parts contiguous. Otherwise two chains, one of each part, would have to
    cross outside the face. (Summed over the best alternation it says that the colours change at
    most twice around the face.)
leaf
    ``2 x[a] <= sum(x[neighbours of a])`` where *a* gains in part 0, and the mirror: needs both
    parts contiguous, *a* free and with two neighbours or more. A unit that loses in part 1 and
    hangs on it by one neighbour only, or by none, would better change sides, which tears nothing.
    The rows hold for every optimal plan, not for every plan.

References
----------
.. [1] E. Alvarez-Miranda, I. Ljubic, P. Mutzel, "The maximum weight connected subgraph problem",
   Facets of Combinatorial Optimization, Springer 2013, doi:10.1007/978-3-642-38189-8_11
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.faces import Faces, find_faces
from solvers.graph import Graph
from solvers.joint_separation import find_joint_separators
from solvers.problem import FREE, Problem
from solvers.separation import find_separators

Values = npt.NDArray[np.float64]


class Row(NamedTuple):
    """One linear inequality, and what makes it valid."""

    kind: str
    columns: tuple[int, ...]
    coefficients: tuple[int, ...]
    limit: int
    part: int = 0
    """Part that the row speaks of; of no meaning for faces."""
    target: int = -1
    """Unit cut off by the separator, or leaf."""
    zone: frozenset[int] = frozenset()
    """Units in the sets of a joint separator: none of them may be a root."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A connected graph with weights: the problem on one landmass.

    Parameters
    ----------
    weights
        What each unit adds when it moves from part 0 to part 1, shape ``(n_units,)``.
    graph
        Graph of the units.
    faces
        Faces with four corners or more; None where the graph is not planar.
    fixed
        Part that a unit must join, or -1, shape ``(n_units,)``.
    is_contiguous
        Whether part 0, and whether part 1, must be connected.
    """

    weights: npt.NDArray[np.int64]
    graph: Graph
    faces: Faces | None
    fixed: npt.NDArray[np.int8]
    is_contiguous: tuple[bool, bool]

    @classmethod
    def from_problem(cls, problem: Problem) -> Model:
        """Take over a problem whose graph is connected."""
        return cls(
            weights=problem.weights,
            graph=Graph.from_edges(problem.n_units, problem.edges),
            faces=find_faces(problem.n_units, problem.edges)
            if all(problem.is_contiguous)
            else None,
            fixed=problem.fixed,
            is_contiguous=problem.is_contiguous,
        )

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.weights)

    def is_plan(self, assignment: npt.NDArray[np.int8]) -> bool:
        """Whether an assignment meets every constraint."""
        if np.any((self.fixed != FREE) & (self.fixed != assignment)):
            return False
        labels = self.graph.label(assignment)
        return all(
            len(np.unique(labels[assignment == part])) <= 1
            for part in (0, 1)
            if self.is_contiguous[part]
        )

    def value(self, assignment: npt.NDArray[np.int8]) -> int:
        """Add up the weights of part 1."""
        return int(self.weights[assignment == 1].sum())


def separator_rows(
    model: Model,
    values: Values,
    part: int,
    roots: npt.NDArray[np.int32],
    creep: float,
    violation: float,
) -> Iterator[Row]:
    """Yield violated separator rows of one part, rooted at units of which it holds one at least."""
    share = values if part == 1 else 1.0 - values
    gains = model.weights if part == 1 else -model.weights
    found = find_separators(model.graph, share, roots, gains, creep=creep, violation=violation)
    for number, unit in enumerate(found.units.tolist()):
        members = found.members[found.start[number] : found.start[number + 1]]
        yield separator_row(part, unit, tuple(sorted(members.tolist())))


def separator_row(part: int, unit: int, separator: tuple[int, ...]) -> Row:
    """Write ``x[unit] <= sum(x[separator])`` for part 1, or its mirror for part 0."""
    sign = 1 if part == 1 else -1
    limit = 0 if part == 1 else len(separator) - 1
    return Row(
        "separator", (unit, *separator), (sign, *[-sign] * len(separator)), limit, part, unit
    )


def joint_rows(
    model: Model,
    values: Values,
    part: int,
    roots: npt.NDArray[np.int32],
    creep: float,
    violation: float,
) -> Iterator[Row]:
    """Yield violated joint separators of one part, rooted as in :func:`separator_rows`."""
    share = values if part == 1 else 1.0 - values
    gains = model.weights if part == 1 else -model.weights
    found = find_joint_separators(
        model.graph, share, roots, gains, creep=creep, violation=violation
    )
    for number in range(len(found.start) - 1):
        terms: dict[int, int] = {}
        for unit in found.targets[found.target_start[number] : found.target_start[number + 1]]:
            terms[int(unit)] = terms.get(int(unit), 0) + 1
        span = slice(found.start[number], found.start[number + 1])
        for unit, factor in zip(
            found.columns[span].tolist(), found.factors[span].tolist(), strict=True
        ):
            terms[unit] = terms.get(unit, 0) - factor
        zone = found.zones[found.zone_start[number] : found.zone_start[number + 1]]
        yield joint_row(part, terms, frozenset(zone.tolist()))


def joint_row(part: int, terms: dict[int, int], zone: frozenset[int]) -> Row:
    """Write ``sum(terms * x) <= 0`` for part 1, or its mirror for part 0."""
    kept = sorted((unit, factor) for unit, factor in terms.items() if factor)
    sign = 1 if part == 1 else -1
    limit = 0 if part == 1 else -sum(factor for _, factor in kept)
    columns = tuple(unit for unit, _ in kept)
    return Row("joint", columns, tuple(sign * factor for _, factor in kept), limit, part, zone=zone)


def face_rows(model: Model, values: Values, violation: float) -> Iterator[Row]:
    """Yield for each face the alternation that `values` violates most."""
    if model.faces is None:
        return
    corners = values[model.faces.corners]
    following = np.empty_like(corners)
    following[:-1] = corners[1:]
    following[model.faces.start[1:] - 1] = corners[model.faces.start[:-1]]
    change = np.add.reduceat(np.abs(corners - following), model.faces.start[:-1])
    for face in np.flatnonzero(change > 2.0 + 2.0 * violation).tolist():
        walk = model.faces.corners[model.faces.start[face] : model.faces.start[face + 1]]
        row = alternation_row(walk, values)
        if row is not None:
            yield row


def alternation_row(walk: npt.NDArray[np.int32], values: Values) -> Row | None:
    """Take the local highs and lows around a walk: no alternation is larger than theirs."""
    heights = values[walk]
    is_new = heights != np.roll(heights, 1)
    walk, heights = walk[is_new], heights[is_new]
    before, after = np.roll(heights, 1), np.roll(heights, -1)
    highs = walk[(heights > before) & (heights > after)]
    lows = walk[(heights < before) & (heights < after)]
    coefficients: dict[int, int] = {}
    for units, sign in ((highs, 1), (lows, -1)):
        for unit in units.tolist():  # a walk passes a cut vertex more than once
            coefficients[unit] = coefficients.get(unit, 0) + sign
    terms = sorted((unit, factor) for unit, factor in coefficients.items() if factor)
    if len(highs) < 2:
        return None
    return Row("face", tuple(unit for unit, _ in terms), tuple(f for _, f in terms), 1)


def leaf_rows(model: Model, values: Values, violation: float) -> Iterator[Row]:
    """Yield the violated leaf rows."""
    if not all(model.is_contiguous):
        return
    degrees = model.graph.degrees
    sums = model.graph.neighbour_sums(values)
    is_leaf = (model.fixed == FREE) & (degrees >= 2)
    hangs = is_leaf & (model.weights < 0) & (2.0 * values - sums > violation)
    for unit in np.flatnonzero(hangs).tolist():
        yield leaf_row(model, unit, 1)
    hangs = is_leaf & (model.weights > 0) & (2.0 * (1.0 - values) - (degrees - sums) > violation)
    for unit in np.flatnonzero(hangs).tolist():
        yield leaf_row(model, unit, 0)


def leaf_row(model: Model, unit: int, part: int) -> Row:
    """Write ``2 x[unit] <= sum(x[neighbours])`` for part 1, or its mirror for part 0."""
    neighbours = tuple(model.graph.of(unit).tolist())
    sign = 1 if part == 1 else -1
    limit = 0 if part == 1 else len(neighbours) - 2
    return Row(
        "leaf", (unit, *neighbours), (2 * sign, *[-sign] * len(neighbours)), limit, part, unit
    )
