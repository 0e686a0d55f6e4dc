"""Solve a linear model by CP-SAT, on as many workers as there are cores."""

from __future__ import annotations

import math
import os

import numpy as np
from ortools.sat.python import cp_model

from peers.entrant import Ending, Reporter
from peers.linear_model import LinearModel


def solve(model: LinearModel, report: Reporter, seed: int) -> None:
    """Search until the time is over, reporting every plan and every bound on the way.

    CP-SAT knows whole numbers only, so flows are whole here.
    """
    engine = cp_model.CpModel()
    lower, upper = np.concatenate(model.lower), np.concatenate(model.upper)
    variables = [
        engine.new_int_var(least, most, "")
        for least, most in zip(lower.tolist(), upper.tolist(), strict=True)
    ]
    rows, columns, factors = model.entries()
    least, most = (
        np.where(np.isfinite(limit), limit, np.sign(limit) * 2.0**40).astype(np.int64).tolist()
        for limit in model.limits()
    )
    start = np.searchsorted(rows, np.arange(model.n_rows + 1)).tolist()
    terms, numbers = columns.tolist(), factors.tolist()
    for row in range(model.n_rows):
        span = slice(start[row], start[row + 1])
        engine.add_linear_constraint(
            cp_model.LinearExpr.weighted_sum(
                [variables[column] for column in terms[span]], numbers[span]
            ),
            least[row],
            most[row],
        )
    units = variables[: model.problem.n_units]
    weights = model.problem.weights.tolist()
    engine.maximize(cp_model.LinearExpr.weighted_sum(units, weights) + model.offset)
    if report.left <= 0:
        report.end(Ending.STOPPED, "no time left after building the model")
        return
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = report.left
    solver.parameters.num_workers = os.cpu_count() or 1
    solver.parameters.random_seed = seed
    solver.best_bound_callback = lambda bound: report.bound(math.floor(bound + 0.5))
    status = solver.solve(engine, _Watcher(units, report))
    if status == cp_model.INFEASIBLE:
        report.end(Ending.FAILED, "says that there is no plan")
    elif status == cp_model.MODEL_INVALID:
        report.end(Ending.FAILED, engine.validate())
    else:
        if status != cp_model.UNKNOWN:  # which comes with a bound of 0 that means nothing
            report.plan(np.array([solver.value(unit) for unit in units], np.int8))
            report.bound(math.floor(solver.best_objective_bound + 0.5))
        report.end(Ending.OPTIMAL if status == cp_model.OPTIMAL else Ending.STOPPED)


class _Watcher(cp_model.CpSolverSolutionCallback):
    """Reports every plan that CP-SAT finds."""

    def __init__(self, units: list[cp_model.IntVar], report: Reporter) -> None:
        super().__init__()
        self._units = units
        self._report = report

    def on_solution_callback(self) -> None:
        """Take the values of the units."""
        self._report.plan(np.array([self.value(unit) for unit in self._units], np.int8))
