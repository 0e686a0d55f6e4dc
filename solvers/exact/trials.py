"""Which unit to split a case on: by what units have brought so far, and by trials at first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.errors import InternalError
from solvers.exact.node import Node
from solvers.exact.proof import Proof
from solvers.exact.pseudocosts import PseudoCosts
from solvers.exact.relaxation import Relaxation, RelaxationError
from solvers.params import TreeParams
from solvers.stop import Halted

Outcome = Proof | None
"""What a trial has proven, None where GLOP gave up."""
Tried = tuple[Outcome, Outcome]
"""Trials of a unit in part 0 and in part 1."""


class Choice(NamedTuple):
    """A unit to split on."""

    unit: int
    tried: Tried | None
    """What its trials have proven; None where there was no need of any."""


def choose_unit(
    costs: PseudoCosts,
    node: Node,
    units: npt.NDArray[np.float64],
    relaxation: Relaxation,
    params: TreeParams,
    value: int | None,
) -> Choice:
    """Choose the unit whose two cases promise to bring the bound down most.

    Parameters
    ----------
    costs
        What splits have brought so far; it learns from the trials.
    node
        The case, where some unit is fractional and free.
    units
        Solution of its relaxation, shape ``(n_units,)``.
    relaxation
        What trials are solved with, its limits changed.
    params
        How many units are looked at and tried.
    value
        Value that plans must exceed; None where every plan is sought.

    Raises
    ------
    InternalError
        When no unit is fractional and free.
    """
    scores = costs.scores(np.where(node.lower == node.upper, 0.0, units))
    candidates = np.argsort(-scores, kind="stable")[: params.n_candidates]
    best, most, n_tried = Choice(-1, None), -1.0, 0
    for unit in candidates[scores[candidates] > 0].tolist():
        tried: Tried | None = None
        if costs.is_reliable(unit):
            score = float(scores[unit])
        elif n_tried < params.n_trials:
            n_tried += 1
            tried = _try(node, unit, 0, relaxation), _try(node, unit, 1, relaxation)
            drops = [_drop(node, outcome, value) for outcome in tried]
            for side, drop in enumerate(drops):
                costs.learn(unit, side, drop, float(abs(side - units[unit])))
            score = max(drops[0], 1e-6) * max(drops[1], 1e-6)
        else:
            continue
        if score > most:
            best, most = Choice(unit, tried), score
    if best.unit < 0:
        raise InternalError(
            f"A point is to be split at a fractional unit and has none: {units}, with scores "
            f"{scores}."
        )
    return best


def _try(node: Node, unit: int, side: int, relaxation: Relaxation) -> Outcome:
    """Bound the case that a unit joins a part; None where nothing new is proven."""
    relaxation.limit(*node.decided(unit, side))
    try:
        outcome = relaxation.solve()
    except (Halted, RelaxationError):
        return None
    return outcome if isinstance(outcome, Proof) else outcome.proof


def _drop(node: Node, outcome: Outcome, value: int | None) -> float:
    """Measure how far a trial brings the bound down, no further than makes it hopeless."""
    deepest = node.bound if value is None else node.bound - value
    if outcome is None:
        return 0.0
    if outcome.is_exclusion:
        return float(deepest)
    return float(min(deepest, max(0, node.bound - outcome.bound)))
