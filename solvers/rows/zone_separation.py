"""Find walls around faces that let fewer pieces through than the colours there need.

A unit of the wall costs what it holds of the part, a unit behind it what founds a piece there, and
each face whose units are behind the wall, or in it, brings what the colours change around it more
often than twice. The best wall around one face, with whatever other faces pay for being taken
along, is a minimum cut (the closure of a project selection problem [1]_), which OR-Tools finds.

References
----------
.. [1] J.-C. Picard, "Maximal closure of a graph and applications to combinatorial problems",
   Management Science 22 (1976) 1268-1272, doi:10.1287/mnsc.22.11.1268
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from ortools.graph.python.max_flow import SimpleMaxFlow

from solvers.errors import InternalError
from solvers.model import Model
from solvers.rows.alternations import largest_alternation, turning_walks
from solvers.rows.row import Units, Values

Alternation = tuple[Units, tuple[int, ...]]
"""The walk around a face, and units that alternate on it."""

HARDLY = 1e-6
"""What an alternation must exceed one by to be worth a place beside others."""
LEAST = 0.5
"""Least alternation around a face that a wall is sought for."""
MOST_FACES = 8
"""Most faces at one point that a wall is sought for, those with the largest alternation."""
SCALE = 2**24
"""What capacities are whole parts of a unit of."""
ENDLESS = 2**40
"""A capacity that no cut has room for."""
CREEP_OF_UNIT, CREEP_OF_FOUNDER = 0.01, 1e-5
"""What a unit costs more in a wall and behind it, so that walls and zones are small."""


def find_zones(
    model: Model,
    share: Values,
    founded: Values,
    roots: Units,
    most: int,
    violation: float,
) -> Iterator[tuple[list[Alternation], npt.NDArray[np.bool_]]]:
    """Yield faces with the units that alternate around them, and the units behind their wall.

    Parameters
    ----------
    model
        What is divided; its graph is planar.
    share
        Share of each unit in the part, shape ``(n_units,)``.
    founded
        What each unit founds of a piece of its own, same shape.
    roots
        Units of which the part holds one at least, none of which may be behind a wall.
    most
        What alternations behind a wall that lets nothing through exceed one each by at most.
    violation
        Least violation of a row worth having.
    """
    faces = [
        (walk, sequence)
        for walk in turning_walks(model, share, 0, LEAST)
        if model.landmass[walk[0]] == model.landmass[roots[0]]
        if len(sequence := largest_alternation(walk, share)) >= 4
    ]
    excess = np.array([_alternation(sequence, share) - 1.0 for _, sequence in faces])
    order = np.argsort(-excess, kind="stable")[:MOST_FACES].tolist()
    if not order:
        return
    cut, taken = _Cut(model, share, founded, roots, faces, excess), set[int]()
    for face in order:
        model.stop.check()
        if face in taken:
            continue
        reached, is_near = cut.around(face)
        within = [
            number
            for number, (_, sequence) in enumerate(faces)
            if number == face or (excess[number] > HARDLY and is_near[list(sequence[::2])].all())
        ]
        wall = share[is_near & ~reached].sum() + founded[reached].sum()
        if excess[within].sum() > most + wall + violation:
            taken.update(within)
            yield [faces[number] for number in within], reached


def _alternation(sequence: tuple[int, ...], share: Values) -> float:
    heights = share[list(sequence)]
    return float(heights[::2].sum() - heights[1::2].sum())


class _Cut:
    """The network of a point: from a source to faces, their units, and through these to a sink.

    Every unit is an entrance, number *u*, and an exit, ``n_units + u``: it is in the wall where the
    cut passes between the two.
    """

    def __init__(
        self,
        model: Model,
        share: Values,
        founded: Values,
        roots: Units,
        faces: list[Alternation],
        excess: Values,
    ) -> None:
        n_units, units = model.n_units, np.arange(model.n_units)
        self._n_units, numbers = n_units, 2 * n_units + np.arange(len(faces))
        self._source, self._sink = 2 * n_units + len(faces), 2 * n_units + len(faces) + 1
        held = [list(set(sequence[::2])) for _, sequence in faces]
        n_held = [len(one) for one in held]
        tails = [np.full(len(faces), self._source), np.repeat(numbers, n_held), units]
        heads = [numbers, np.concatenate(held), n_units + units]
        self._prices = np.rint(SCALE * np.maximum(excess, 0.0)).astype(np.int64)
        endless = np.full(sum(n_held), ENDLESS)
        capacities = [self._prices, endless, np.rint(SCALE * (share + CREEP_OF_UNIT))]
        tails += [n_units + np.repeat(units, model.graph.degrees), n_units + units]
        heads += [model.graph.neighbours, np.full(n_units, self._sink)]
        capacities += [np.full(len(model.graph.neighbours), ENDLESS)]
        behind = np.rint(SCALE * (np.maximum(founded, 0.0) + CREEP_OF_FOUNDER))
        behind[roots] = ENDLESS
        capacities += [behind]
        self._flow = SimpleMaxFlow()
        self._arcs = self._flow.add_arcs_with_capacity(
            np.concatenate(tails).astype(np.int32),
            np.concatenate(heads).astype(np.int32),
            np.maximum(np.concatenate(capacities), 0).astype(np.int64),
        )

    def around(self, face: int) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Find the best wall around a face: mark the units behind it, and these or in it."""
        arc = int(self._arcs[face])
        self._flow.set_arc_capacity(arc, ENDLESS)
        status = self._flow.solve(self._source, self._sink)
        if status != SimpleMaxFlow.OPTIMAL:
            raise InternalError(f"The flow around a face ended with {status}.")
        side = self._flow.get_source_side_min_cut()
        self._flow.set_arc_capacity(arc, int(self._prices[face]))
        is_near = np.zeros(self._sink + 1, np.bool_)
        is_near[side] = True
        reached = is_near[self._n_units : 2 * self._n_units]
        return reached, is_near[: self._n_units] | reached
