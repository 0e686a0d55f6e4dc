"""Every variable of a whole plan, written out by networkx and by hand."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import numpy as np
import numpy.typing as npt

from solvers.model import Model
from tests.solvers.conftest import as_networkx, costly_pairs, excess, landmasses_of

Roots = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]


def columns_of(
    model: Model,
    plan: npt.NDArray[np.int8] | Sequence[int],
    roots: Sequence[npt.NDArray[np.int32] | Sequence[int] | None] = (None, None),
) -> npt.NDArray[np.int64]:
    """Write a plan as a point of the relaxation.

    A piece of a part that may have several, on the landmass of the part's roots but without any of
    them, is founded by the unit that gains most in it, of equal ones by the last. Everywhere else
    nobody founds anything.
    """
    problem = model.problem
    columns = np.zeros(model.n_columns, np.int64)
    columns[: problem.n_units] = plan
    graph = as_networkx(problem)
    gains = problem.gains.tolist()
    for part, most in enumerate(problem.pieces):
        if most < 2 or roots[part] is None or not len(roots[part]):
            continue
        named = {int(unit) for unit in roots[part]}
        land = next(one for one in landmasses_of(problem) if min(named) in one)
        members = graph.subgraph([unit for unit in land if plan[unit] == part])
        for piece in nx.connected_components(members):
            if not piece & named:
                founder = max(
                    piece, key=lambda unit: (gains[unit][part] - gains[unit][1 - part], unit)
                )
                columns[model.seed(part, founder)] = 1
    if model.has_cuts:
        for pair, (a, b, _) in enumerate(costly_pairs(problem)):
            columns[model.cut(pair)] = int(plan[a] != plan[b])
    for number, budget in enumerate(problem.budgets):
        if budget.price is not None:
            columns[model.over(number)] = excess(budget, plan)
    return columns


def draw_roots(model: Model, rng: np.random.Generator) -> Roots:
    """Draw a few units of one landmass for each part that is limited."""
    roots = []
    for most in model.pieces:
        near = np.flatnonzero(model.landmass == rng.choice(model.landmass))
        some = rng.permutation(near)[: rng.integers(1, 4)]
        roots.append(np.array(some if most else [], np.int32))
    return roots[0], roots[1]
