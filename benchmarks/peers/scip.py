"""Solve a linear model by SCIP through MathOpt, on one core."""

from __future__ import annotations

import datetime
import math

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from peers.entrant import Ending, Reporter
from peers.linear_model import LinearModel


def solve(model: LinearModel, report: Reporter, seed: int) -> None:
    """Search until the time is over; SCIP hands over its plan and its bound only then."""
    engine = mathopt.Model.from_model_proto(_to_proto(model))
    if report.left <= 0:
        report.end(Ending.STOPPED, "no time left after building the model")
        return
    result = mathopt.solve(
        engine,
        mathopt.SolverType.GSCIP,
        params=mathopt.SolveParameters(
            time_limit=datetime.timedelta(seconds=report.left), random_seed=seed
        ),
    )
    reason = result.termination.reason
    if reason in {
        mathopt.TerminationReason.INFEASIBLE,
        mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED,
        mathopt.TerminationReason.NUMERICAL_ERROR,
        mathopt.TerminationReason.OTHER_ERROR,
    }:
        report.end(Ending.FAILED, f"{reason.name}: {result.termination.detail}")
        return
    if result.has_primal_feasible_solution():
        values = result.variable_values()
        units = sorted(values, key=lambda variable: variable.id)[: model.problem.n_units]
        report.plan(np.array([round(values[unit]) for unit in units], np.int8))
    bound = result.best_objective_bound()
    if math.isfinite(bound):
        # SCIP computes in floating point: a hundredth of a vote counts as noise.
        report.bound(math.floor(bound + 0.01))
    is_optimal = reason == mathopt.TerminationReason.OPTIMAL
    report.end(Ending.OPTIMAL if is_optimal else Ending.STOPPED)


def _to_proto(model: LinearModel) -> model_pb2.ModelProto:
    """Hand the arrays over whole: a call an entry would take a minute on the largest models."""
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(model.n_columns))
    proto.variables.lower_bounds.extend(np.concatenate(model.lower).astype(float).tolist())
    proto.variables.upper_bounds.extend(np.concatenate(model.upper).astype(float).tolist())
    proto.variables.integers.extend(np.concatenate(model.is_integer).tolist())
    weights = model.problem.weights
    paid = np.flatnonzero(weights)
    proto.objective.maximize = True
    proto.objective.offset = model.offset
    proto.objective.linear_coefficients.ids.extend(paid.tolist())
    proto.objective.linear_coefficients.values.extend(weights[paid].astype(float).tolist())
    least, most = model.limits()
    proto.linear_constraints.ids.extend(range(model.n_rows))
    proto.linear_constraints.lower_bounds.extend(least.tolist())
    proto.linear_constraints.upper_bounds.extend(most.tolist())
    rows, columns, factors = model.entries()
    proto.linear_constraint_matrix.row_ids.extend(rows.tolist())
    proto.linear_constraint_matrix.column_ids.extend(columns.tolist())
    proto.linear_constraint_matrix.coefficients.extend(factors.astype(float).tolist())
    return proto
