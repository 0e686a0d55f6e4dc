"""A stated model handed to a solver, or the reason why there is no such model."""

from __future__ import annotations

import importlib

from peers.entrant import Ending, Reporter, Task
from peers.flow_models import TooLargeError, multi_commodity, single_commodity
from peers.linear_model import LinearModel
from peers.tree_model import NotPlanarError, primal_dual_tree


def run(engine: str, model: str, task: Task, report: Reporter) -> None:
    """Build one of the models and let one of the solvers search.

    Parameters
    ----------
    engine
        Module with a function ``solve``: ``peers.cp_sat`` or ``peers.scip``.
    model
        ``flow``, ``multiflow`` or ``tree``; ``flow-rooted`` and ``multiflow-rooted`` take the
        task's roots.
    task, report
        As for every peer.
    """
    if model.endswith("-rooted") and task.roots is None:
        report.end(Ending.IMPOSSIBLE, "no roots were proven")
        return
    try:
        stated = build(model, task)
    except (TooLargeError, NotPlanarError) as reason:
        report.end(Ending.IMPOSSIBLE, str(reason))
        return
    importlib.import_module(engine).solve(stated, report, task.seed)


def build(model: str, task: Task) -> LinearModel:
    """Build one of the models named in :func:`run`."""
    if model == "tree":
        return primal_dual_tree(task.problem)
    name, _, is_rooted = model.partition("-")
    state = {"flow": single_commodity, "multiflow": multi_commodity}[name]
    return state(task.problem, task.roots if is_rooted else None)
