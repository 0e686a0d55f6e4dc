"""Compile the inner loops before a search begins.

On the first run after an installation that takes half a minute, in which no clock should tick and
Ctrl-C should work at once: so it is done in the calling thread, before anything else. Later
processes read the machine code from the disk.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from solvers.exact.roots import rank_roots
from solvers.model import Model
from solvers.primal.walker import Walker
from solvers.problem import Budget, Problem
from solvers.rows.chains import chain_rows
from solvers.rows.joints import joint_rows
from solvers.rows.separators import separator_rows

WIDTH = 5


@cache
def compile_loops() -> None:
    """Call every compiled loop once, on a small grid in which all of them have something to do."""
    number = np.arange(WIDTH * WIDTH).reshape(WIDTH, WIDTH)
    across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    down = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    edges = np.concatenate([across, down])
    gains = np.stack([number.ravel() % 3, number.ravel() % 4], axis=1)
    model = Model(
        Problem(
            gains,
            edges[np.lexsort(edges.T[::-1])],
            edge_costs=np.ones(len(edges), np.int64),
            budgets=(Budget(np.ones(len(gains), np.int64), lower=1, price=1),),
        )
    )
    Walker(model, 0).run()
    n_units = model.n_units
    rank_roots(model, 1, np.zeros(n_units, np.int8), np.ones(n_units, np.int8))
    values = np.zeros(model.n_columns)
    values[:n_units] = np.where(number.ravel() % WIDTH == WIDTH - 1, 0.9, 0.1)
    roots = np.array([0], np.int32)
    for rows in (separator_rows, chain_rows, joint_rows):
        list(rows(model, values, 1, roots, 0.05, 0.01))
