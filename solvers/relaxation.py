"""The linear relaxation: GLOP solves it, whole numbers say what it proves."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from ortools.math_opt.python import mathopt

from solvers.model import Row

MAX_AGE = 8
"""Rows that were slack in more rounds than this may be dropped."""

PARAMETERS = mathopt.SolveParameters(
    lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX, presolve=mathopt.Emphasis.OFF
)
PARAMETERS.glop.use_dual_simplex = True
PARAMETERS.glop.use_preprocessing = False
# What GLOP calls imprecise is good enough: its multipliers are rounded and checked anyway.
PARAMETERS.glop.change_status_to_imprecise = False

FRESH_PARAMETERS = mathopt.SolveParameters(lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX)
"""For a start from nothing, where preprocessing pays and nothing is lost by it."""
FRESH_PARAMETERS.glop.change_status_to_imprecise = False


class RelaxationError(RuntimeError):
    """GLOP ended without a solution and without a proof that there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A solution of the relaxation, and what its multipliers prove.

    Parameters
    ----------
    values
        Variables, shape ``(n_units,)``.
    bound
        Proven: no plan within the variables' limits has a larger value.
    reduced
        Reduced costs in whole numbers. Proven: a plan with unit *i* in part 0 where it is above 0,
        or in part 1 where it is below, has a value of at most ``bound - abs(reduced[i])``; shape
        ``(n_units,)``.
    """

    values: npt.NDArray[np.float64]
    bound: int
    reduced: npt.NDArray[np.int64]


@dataclass(slots=True, eq=False)
class Relaxation:
    """Maximise ``weights @ x`` over limits on the variables and a changing set of rows.

    Parameters
    ----------
    weights
        Objective, whole numbers, shape ``(n_units,)``.
    """

    weights: npt.NDArray[np.int64]
    rows: dict[Row, mathopt.LinearConstraint] = field(default_factory=dict)
    n_rounds: int = 0
    _ages: dict[Row, int] = field(default_factory=dict)
    _norms: dict[Row, float] = field(default_factory=dict)
    _model: mathopt.Model = field(default_factory=mathopt.Model)
    _lower: npt.NDArray[np.int64] = field(init=False)
    _upper: npt.NDArray[np.int64] = field(init=False)
    _variables: list[mathopt.Variable] = field(init=False)
    _solver: mathopt.IncrementalSolver = field(init=False)
    _unit: float = field(init=False)
    _basis: mathopt.Basis | None = None
    _is_purged: bool = False

    def __post_init__(self) -> None:
        n_units = len(self.weights)
        self._lower, self._upper = np.zeros(n_units, np.int64), np.ones(n_units, np.int64)
        self._variables = [self._model.add_variable(lb=0.0, ub=1.0) for _ in range(n_units)]
        # Votes run into millions beside coefficients of one; a power of two takes that apart
        # without rounding anything.
        typical = float(np.abs(self.weights).mean())
        self._unit = 2.0 ** np.floor(np.log2(typical)) if typical >= 1.0 else 1.0
        scaled = (self.weights / self._unit).tolist()
        self._model.maximize(
            mathopt.LinearSum(
                weight * variable for weight, variable in zip(scaled, self._variables, strict=True)
            )
        )
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)

    def limit(self, lower: npt.NDArray[np.int8], upper: npt.NDArray[np.int8]) -> None:
        """Set the limits, 0 or 1, of every variable, each of shape ``(n_units,)``."""
        for unit in np.flatnonzero(lower != self._lower).tolist():
            self._variables[unit].lower_bound = float(lower[unit])
        for unit in np.flatnonzero(upper != self._upper).tolist():
            self._variables[unit].upper_bound = float(upper[unit])
        self._lower, self._upper = lower.astype(np.int64), upper.astype(np.int64)

    def add(self, row: Row) -> bool:
        """Add a row and say whether it was new."""
        if row in self.rows:
            return False
        constraint = self._model.add_linear_constraint(ub=float(row.limit))
        for column, coefficient in zip(row.columns, row.coefficients, strict=True):
            constraint.set_coefficient(self._variables[column], float(coefficient))
        self.rows[row] = constraint
        self._ages[row] = 0
        self._norms[row] = float(abs(row.limit) + sum(map(abs, row.coefficients)))
        return True

    def drop(self, rows: list[Row]) -> None:
        """Remove rows; the next solve still starts from the basis of the last."""
        for row in rows:
            self._model.delete_linear_constraint(self.rows.pop(row))
            del self._ages[row], self._norms[row]
        self._is_purged = self._is_purged or bool(rows)

    def purge(self) -> None:
        """Drop rows that have long been slack, once a quarter of all rows are such."""
        old = [row for row, age in self._ages.items() if age > MAX_AGE]
        if 4 * len(old) > len(self.rows):
            self.drop(old)

    def solve(self) -> Point | None:
        """Solve, warm from the last solution.

        Returns
        -------
        Point or None
            None where the limits and rows exclude every plan; that is proven as well.

        Raises
        ------
        RelaxationError
            When GLOP ends without a solution or a proof.
        """
        result = self._run()
        self.n_rounds += 1
        if result.termination.reason == mathopt.TerminationReason.INFEASIBLE:
            if self._is_excluded():
                return None
            raise RelaxationError(
                "GLOP calls the relaxation infeasible, but no multipliers prove it."
            )
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            raise RelaxationError(f"GLOP ended with {result.termination}.")
        self._basis = result.solutions[0].basis
        duals = np.array(result.dual_values(list(self.rows.values()))) * self._unit
        for row, dual in zip(self.rows, duals.tolist(), strict=True):
            self._ages[row] = 0 if abs(dual) > 1e-7 else self._ages[row] + 1
        values = np.clip(np.array(result.variable_values(self._variables)), 0.0, 1.0)
        return Point(values, *self._prove(duals, self.weights))

    def _run(self) -> mathopt.SolveResult:
        hint = None
        if self._is_purged and self._basis is not None:
            known = self._basis.constraint_status
            hint = mathopt.Basis(
                variable_status=self._basis.variable_status,
                constraint_status={
                    constraint: known.get(constraint, mathopt.BasisStatus.BASIC)
                    for constraint in self.rows.values()
                },
            )
        self._is_purged = False
        start = mathopt.ModelSolveParameters(initial_basis=hint) if hint else None
        try:
            return self._solver.solve(params=PARAMETERS, model_params=start)
        except (AttributeError, RuntimeError, ValueError):
            # GLOP gave up on numerical grounds ("ABNORMAL"), which some releases of the Python
            # layer report as an AttributeError of their own. A fresh start has always helped.
            self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
        try:
            return self._solver.solve(params=FRESH_PARAMETERS)
        except (AttributeError, RuntimeError, ValueError) as error:
            raise RelaxationError("GLOP gave up twice, the second time from nothing.") from error

    def _prove(
        self, duals: npt.NDArray[np.float64], weights: npt.NDArray[np.int64]
    ) -> tuple[int, npt.NDArray[np.int64]]:
        """Compute in whole numbers what the multipliers prove, whatever GLOP's rounding did.

        Any multipliers of at least 0 bound the objective (weak duality): rounding them costs
        sharpness, never validity.
        """
        norms = np.array([self._norms[row] for row in self.rows])
        scale, multipliers = _scaled(duals, norms, weights)
        rest = weights * scale
        total = 0
        for row, multiplier in zip(self.rows, multipliers.tolist(), strict=True):
            if multiplier:
                total += multiplier * row.limit
                for column, coefficient in zip(row.columns, row.coefficients, strict=True):
                    rest[column] -= multiplier * coefficient
        best = np.maximum(rest * self._lower, rest * self._upper)
        total += int(best.sum())
        reduced = np.sign(rest) * (np.abs(rest) * (self._upper - self._lower) // scale)
        return total // scale, reduced

    def _is_excluded(self) -> bool:
        """Whether multipliers prove in whole numbers that limits and rows exclude every plan.

        GLOP's word is not enough, so a second relaxation, which may break every row by a common
        slack, measures how much slack is needed; its multipliers are the proof.
        """
        model = mathopt.Model()
        variables = [
            model.add_variable(lb=float(lower), ub=float(upper))
            for lower, upper in zip(self._lower.tolist(), self._upper.tolist(), strict=True)
        ]
        slack = model.add_variable(lb=0.0)
        model.maximize(-slack)
        constraints = []
        for row in self.rows:
            constraint = model.add_linear_constraint(ub=float(row.limit))
            constraint.set_coefficient(slack, -1.0)
            for column, coefficient in zip(row.columns, row.coefficients, strict=True):
                constraint.set_coefficient(variables[column], float(coefficient))
            constraints.append(constraint)
        result = mathopt.solve(model, mathopt.SolverType.GLOP, params=FRESH_PARAMETERS)
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return False
        duals = np.array(result.dual_values(constraints))
        return self._prove(duals * 2.0**30, np.zeros_like(self.weights))[0] < 0


def _scaled(
    duals: npt.NDArray[np.float64],
    norms: npt.NDArray[np.float64],
    weights: npt.NDArray[np.int64],
) -> tuple[int, npt.NDArray[np.int64]]:
    """Round multipliers down to multiples of 1 / scale, so that no sum of a proof exceeds 2**62.

    Every sum adds at most each weight, and each row's limit and entries times its multiplier.
    Multipliers too large even for whole units count as 0: they bound nothing, but prove nothing
    wrong.
    """
    duals = np.maximum(duals, 0.0)
    largest = float(np.abs(weights).astype(np.float64).sum()) + float(duals @ norms) + 1.0
    bits = 61 - int(np.ceil(np.log2(largest)))
    if bits < 0:
        duals, bits = np.zeros_like(duals), 0
    scale = 2 ** min(20, bits)
    return scale, np.floor(duals * scale).astype(np.int64)
