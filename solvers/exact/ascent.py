"""Bounds of a one-sided problem by dual ascent, before any linear program and often instead of one.

Where one part is in one piece and the other in any number, all that holds the plan together is a
tree, and the potentials of one ascent (:mod:`solvers.graphs.ascent`) prove a bound within a few
thousandths of the best plan in some hundredths of a second. What it leaves of each unit's gain
fixes most of the units; an ascent on what is left then bounds better, and fixes more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.effort import of_ascent
from solvers.exact.growing import grow
from solvers.exact.node import Node, sum_of_best
from solvers.exact.proof import Proof, proof_of
from solvers.graphs.ascent import ascend, reach_forward, surround
from solvers.model import Model
from solvers.problem import ANY
from solvers.rows.potentials import potential_row


class Ascent(NamedTuple):
    """What targets have paid, and what that proves.

    Parameters
    ----------
    targets
        Units that have paid anything.
    potential
        Their potentials, shape ``(n_targets, n_units)``.
    proof
        A bound on every plan of the node.
    is_reached
        Units with a way from a root for which targets have paid, shape ``(n_units,)``.
    effort
        What it has taken (:mod:`solvers.effort`).
    """

    targets: tuple[int, ...]
    potential: npt.NDArray[np.int64]
    proof: Proof
    is_reached: npt.NDArray[np.bool_]
    effort: float


def connected_part(model: Model) -> int | None:
    """Name the part in one piece of a problem that asks for nothing else; None of any other."""
    if sorted(model.pieces) != [ANY, 1] or model.n_columns > model.n_units:
        return None
    if model.budgets or len(model.problem.spans) or len(model.ties) or model.landmass.any():
        return None
    return model.pieces.index(1)


def bound_by_ascent(
    model: Model, part: int, node: Node, value: int | None, attempt: int = 0
) -> Ascent | None:
    """Bound a node by one ascent; None where it has no roots, or is too large.

    Parameters
    ----------
    model
        A problem with `part` as its :func:`connected_part`.
    part
        That part.
    node
        Whose roots are chosen.
    value
        Value of a plan; an ascent ends where its bound comes down to it.
    attempt
        Number of the ascent on this node: targets pay in another order in each.
    """
    roots = node.roots[part]
    if roots is None or not len(roots):
        return None
    targets, potential, is_reached = _ascended(model, part, node, value, attempt)
    used = np.flatnonzero(potential[np.arange(len(targets)), targets])
    if not len(used):
        return None
    chosen, paid = tuple(targets[used].tolist()), potential[used]
    proof = proof_of(model, node, potential_row(model, part, chosen, paid))
    n_entered = int(model.graph.degrees[np.nonzero(paid)[1]].sum())
    return Ascent(chosen, paid, proof, is_reached, of_ascent(n_entered, potential.size))


def _ascended(
    model: Model, part: int, node: Node, value: int | None, attempt: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Let the units that gain, and those that must join, pay for their way to a root."""
    gains = model.weights if part == 1 else -model.weights
    may = may_join(node, part)
    must_join = (node.lower == 1) if part == 1 else (node.upper == 0)
    is_root = np.zeros(model.n_units, np.bool_)
    is_root[node.roots[part]] = True
    targets = np.flatnonzero(may & ~is_root & ((gains > 0) | must_join)).astype(np.int32)
    if len(targets) * model.n_units > model.params.cuts.most_potentials:
        return np.empty(0, np.int32), np.empty((0, model.n_units), np.int64), is_root
    # More than this in debt, no plan is as good as any other.
    everything = 2 * int(np.abs(model.weights).sum()) + 1
    best = sum_of_best(model, node.lower, node.upper)
    costs = np.where(must_join, 0, np.maximum(-gains, 0))
    patience = np.ones(len(targets))
    if attempt:
        patience = np.random.default_rng(attempt).uniform(0.5, 2.0, len(targets))
    graph, left = model.graph, np.repeat(costs, model.graph.degrees)
    potential = ascend(
        graph.start,
        graph.neighbours,
        may,
        is_root,
        left,
        targets,
        np.where(must_join[targets], everything, gains[targets]),
        patience,
        everything if value is None else min(everything, max(0, best - value)),
        model.stop.flag,
    )
    surround(graph.start, graph.neighbours, may, potential)
    is_reached = reach_forward(graph.start, graph.neighbours, graph.reverse, may, is_root, left)
    return targets, potential, is_reached


def may_join(node: Node, part: int) -> npt.NDArray[np.bool_]:
    """Mark the units that may be in a part, shape ``(n_units,)``."""
    may: npt.NDArray[np.bool_] = (node.upper == 1) if part == 1 else (node.lower == 0)
    return may


def grown_plans(
    model: Model, part: int, node: Node, ascent: Ascent, best: npt.NDArray[np.int8] | None
) -> Iterator[npt.NDArray[np.int8]]:
    """Grow plans along the ways for which targets have paid, alone and with the best one known."""
    gains = model.weights if part == 1 else -model.weights
    roots = node.roots[part]
    if roots is None or not ascent.is_reached[roots].any():
        return
    held = roots[ascent.is_reached[roots]]
    root = int(held[np.argmax(gains[held])])
    may = may_join(node, part)
    others = may if best is None else (best == part) & may
    for allowed in (ascent.is_reached, ascent.is_reached | others):
        members = grow(model.graph, gains, allowed, root).astype(np.int8)
        yield members if part == 1 else 1 - members
