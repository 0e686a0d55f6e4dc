"""What a search of one case has come to: proofs, cases still open, and a plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solvers.exact.node import Node
from solvers.exact.record import Record


@dataclass(frozen=True, slots=True, eq=False)
class Subtree:
    """What is known below a case that another search has worked on.

    Parameters
    ----------
    record
        What has been proven; its first case is the one that was searched.
    open
        Cases that are still open, with their numbers in the record.
    plan
        Best plan found, shape ``(n_units,)``; None where it has found none that was good enough.
    value
        Value of the plan for which hopeless cases were closed, this one or an earlier one.
    n_nodes, n_rows, n_splits
        Nodes opened, rows added and nodes split on a unit.
    effort
        What it has taken (:mod:`solvers.effort`).
    """

    record: Record
    open: tuple[Node, ...]
    plan: npt.NDArray[np.int8] | None
    value: int | None
    n_nodes: int
    n_rows: int
    n_splits: int
    effort: float
