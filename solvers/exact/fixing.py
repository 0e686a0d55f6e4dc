"""Fix units whose other side would cost too much."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solvers.exact.node import Node
from solvers.exact.proof import Proof
from solvers.graphs.paths import BARRED, cheapest_ways
from solvers.model import Model

Members = npt.NDArray[np.intp]


def find_fixed(model: Model, node: Node, proof: Proof, value: int) -> tuple[Members, Members]:
    """List the free units that every plan better than `value` has in part 0, and in part 1.

    A unit on its other side deviates from the bound by what the multipliers leave of its gain, and
    so does every unit that must come with it: a part in one piece holds a whole way from its root
    to the unit.

    Parameters
    ----------
    model
        What is divided.
    node
        The case that the proof is about.
    proof
        A bound on its plans.
    value
        Value of a plan.
    """
    is_free = node.lower != node.upper
    rest = proof.rest
    # What may be lost without falling to the incumbent's value.
    room = proof.total - (value + 1) * proof.scale
    lost = [np.where(rest > 0, rest, 0), np.where(rest < 0, -rest, 0)]
    for part, roots in enumerate(node.roots):
        if model.pieces[part] == 1 and roots is not None and len(roots):
            is_barred = (node.upper == 0) if part == 1 else (node.lower == 1)
            costs = np.where(is_free, lost[part], 0)
            ways = cheapest_ways(
                model.graph.start,
                model.graph.neighbours,
                np.where(is_barred, BARRED, costs),
                roots.astype(np.int64),
            )
            on = model.landmass == model.landmass[roots[0]]
            lost[part] = np.where(on, ways, lost[part])
    zero = np.flatnonzero(is_free & (lost[1] > room))
    one = np.flatnonzero(is_free & (lost[0] > room) & ~(lost[1] > room))
    return zero, one
