"""The linear relaxation: GLOP solves it, and :mod:`solvers.exact.proof` says what it proves."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np
import numpy.typing as npt
from ortools.glop import parameters_pb2 as glop_parameters
from ortools.math_opt.python import mathopt

from solvers.effort import of_solve
from solvers.exact.basis import BASIC, LETTERS, Basis, letter_of
from solvers.exact.node import Limits
from solvers.exact.proof import Proof, prove
from solvers.model import Model
from solvers.rows.row import Row
from solvers.stop import Halted

log = logging.getLogger(__name__)

PARAMETERS = mathopt.SolveParameters(
    lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX, presolve=mathopt.Emphasis.OFF
)
PARAMETERS.glop.use_dual_simplex = True
PARAMETERS.glop.use_preprocessing = False
# Scales would change with every row, and a solve could not go on from the basis of the last one.
PARAMETERS.glop.use_scaling = False
# Nor could it where GLOP fears for the basis: its estimate exceeds every limit on sound ones.
PARAMETERS.glop.initial_condition_number_threshold = 1e300
# What GLOP calls imprecise is good enough: its multipliers are rounded and checked anyway.
PARAMETERS.glop.change_status_to_imprecise = False

INFEASIBLE = (
    mathopt.TerminationReason.INFEASIBLE,
    mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED,
)
"""How GLOP says that limits and rows exclude each other; every variable has its limits."""

DUAL_PARAMETERS = mathopt.SolveParameters(lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX)
"""For the first of many rows, all of them new: GLOP solves the dual, in half of the time."""
DUAL_PARAMETERS.glop.solve_dual_problem = glop_parameters.GlopParameters.ALWAYS_DO
DUAL_PARAMETERS.glop.change_status_to_imprecise = False

FRESH_PARAMETERS = mathopt.SolveParameters(lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX)
"""For a start from nothing, where preprocessing pays and nothing is lost by it."""
FRESH_PARAMETERS.glop.change_status_to_imprecise = False


TOLD_PARAMETERS = mathopt.SolveParameters(
    lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX, presolve=mathopt.Emphasis.OFF
)
"""For a start from another search's basis, where perturbed gains save up to a third of the time."""
TOLD_PARAMETERS.glop.CopyFrom(PARAMETERS.glop)
TOLD_PARAMETERS.glop.perturb_costs_in_dual_simplex = True


class RelaxationError(RuntimeError):
    """GLOP ended without a solution and without a proof that there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A solution of the relaxation, and what its multipliers prove.

    Parameters
    ----------
    values
        Variables, shape ``(n_columns,)``.
    proof
        A bound on every plan within the variables' limits.
    """

    values: npt.NDArray[np.float64]
    proof: Proof


@dataclass(frozen=True, slots=True, eq=False)
class Underway:
    """A solve that goes on with the next one, and what its multipliers prove so far.

    Parameters
    ----------
    proof
        A bound on every plan within the variables' limits.
    """

    proof: Proof


@dataclass(slots=True, eq=False)
class Relaxation:
    """Maximise the model's gains over limits on its units and a changing set of rows.

    Parameters
    ----------
    model
        What to divide; its stop ends a solve from another thread.

    Attributes
    ----------
    rows
        The rows and what GLOP knows them by.
    trailing
        A point between the latest solution and those before it, None before the first.
    effort
        What its solves have taken so far (:mod:`solvers.effort`).
    """

    model: Model
    rows: dict[Row, mathopt.LinearConstraint] = field(default_factory=dict)
    n_rounds: int = 0
    trailing: npt.NDArray[np.float64] | None = None
    effort: float = 0.0
    _n_entries: int = 0
    _ages: dict[Row, int] = field(default_factory=dict)
    _norms: dict[Row, float] = field(default_factory=dict)
    _sizes: dict[Row, float] = field(default_factory=dict)
    _model: mathopt.Model = field(default_factory=mathopt.Model)
    _lower: Limits = field(init=False)
    _upper: Limits = field(init=False)
    _variables: list[mathopt.Variable] = field(init=False)
    _solver: mathopt.IncrementalSolver = field(init=False)
    _unit: float = field(init=False)
    _width: npt.NDArray[np.float64] = field(init=False)
    _basis: mathopt.Basis | None = None
    _must_tell: bool = False
    _is_told: bool = False
    """Whether the basis is another search's, from which nothing has been solved yet."""
    _n_told: int = 0
    """Pivots from there so far."""
    _values: npt.NDArray[np.float64] = field(init=False)
    """The latest solution, as GLOP has it."""
    _loosened: list[int] = field(default_factory=list)
    """Columns of rows that were tight in it and are dropped since, the last one first."""

    def __post_init__(self) -> None:
        n_units, gains, most = self.model.n_units, self.model.gains, self.model.most
        self._lower, self._upper = np.zeros(n_units, np.int8), np.ones(n_units, np.int8)
        # Votes run into millions beside coefficients of one; powers of two take that apart
        # without rounding anything: one for all gains, one for each row and wide variable.
        self._unit = _power(float(np.abs(self.model.weights).mean()))
        self._width = np.array([_power(float(largest)) for largest in most])
        checking = self.model.stop.checking
        self._variables = [
            self._model.add_variable(lb=0.0, ub=largest)
            for largest in checking((most / self._width).tolist())
        ]
        self._model.objective.is_maximize = True
        scaled = (gains / self._unit * self._width).tolist()
        for gain, variable in checking(zip(scaled, self._variables, strict=True)):
            if gain:
                self._model.objective.set_linear_coefficient(variable, gain)
        self._values = np.zeros(self.model.n_columns)
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)

    @property
    def is_large(self) -> bool:
        """Whether it has so many rows that a solve from nothing takes long."""
        return len(self.rows) >= self.model.params.relaxation.many

    def limit(self, lower: Limits, upper: Limits) -> None:
        """Set the limits, 0 or 1, of every unit, each of shape ``(n_units,)``."""
        for unit in np.flatnonzero(lower != self._lower).tolist():
            self._variables[unit].lower_bound = float(lower[unit])
        for unit in np.flatnonzero(upper != self._upper).tolist():
            self._variables[unit].upper_bound = float(upper[unit])
        self._lower, self._upper = lower.copy(), upper.copy()

    def add(self, row: Row) -> bool:
        """Add a row and say whether it was new.

        Raises
        ------
        Halted
            When the search is to end.
        """
        if row in self.rows:
            return False
        self.model.stop.check()
        size = _power(max(map(abs, row.coefficients), default=1) / 16)
        self.rows[row] = self._write(self._model, self._variables, row, size)
        self._n_entries += len(row.columns)
        self._ages[row] = 0
        self._sizes[row] = size
        self._norms[row] = float(abs(row.limit) + sum(map(abs, row.coefficients)))
        return True

    def _write(
        self,
        model: mathopt.Model,
        variables: list[mathopt.Variable],
        row: Row,
        size: float,
    ) -> mathopt.LinearConstraint:
        """Add a row, divided by its size, to a model of GLOP's."""
        constraint = model.add_linear_constraint(ub=row.limit / size)
        for column, coefficient in zip(row.columns, row.coefficients, strict=True):
            factor = coefficient * self._width[column] / size
            constraint.set_coefficient(variables[column], float(factor))
        return constraint

    def drop(self, rows: list[Row]) -> None:
        """Remove rows; the next solve still starts from the basis of the last."""
        for row in self.model.stop.checking(rows):
            constraint = self.rows.pop(row)
            if self._basis and self._basis.constraint_status.get(constraint) not in (None, BASIC):
                self._loosened[:0] = row.columns
            self._model.delete_linear_constraint(constraint)
            self._n_entries -= len(row.columns)
            del self._ages[row], self._norms[row], self._sizes[row]
        self._must_tell = self._must_tell or bool(rows)

    def purge(self) -> None:
        """Drop rows that have long been slack, once a quarter of all rows are such."""
        old = [
            row for row, age in self._ages.items() if age > self.model.params.relaxation.most_age
        ]
        if 4 * len(old) > len(self.rows):
            self.drop(old)

    def trail(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Move the trailing point towards a solution, and return it."""
        behind = values if self.trailing is None else self.trailing
        self.trailing = behind + self.model.params.relaxation.pace * (values - behind)
        return self.trailing

    def solve(self) -> Point | Proof:
        """Solve, warm from the last solution; :meth:`advance` says what of it can fail.

        Returns
        -------
        Point or Proof
            A proof alone where the limits and rows exclude every plan.
        """
        while isinstance(outcome := self.advance(), Underway):
            continue
        return outcome

    def advance(self) -> Point | Proof | Underway:
        """Solve, or go on for a while with what takes long: from the basis of another search.

        Returns
        -------
        Point, Proof or Underway
            A proof alone where the limits and rows exclude every plan, or what is proven so far.

        Raises
        ------
        RelaxationError
            When GLOP ends without a solution or a proof.
        Halted
            When the search is to end.
        """
        result = self._run()
        n_pivots = result.solve_stats.simplex_iterations
        self._n_told += n_pivots if self._is_told else 0
        self.effort += of_solve(n_pivots, len(self.rows), len(self._variables), self._n_entries)
        if result.termination.limit == mathopt.Limit.INTERRUPTED:
            raise Halted
        if self._is_told and self._may_go_on(result):
            self._basis = result.solutions[0].basis
            return Underway(self._prove(self._duals(result)))
        self.n_rounds += 1
        if result.termination.reason in INFEASIBLE:
            exclusion = self._exclude()
            if exclusion is not None:
                return exclusion
            raise RelaxationError(
                "GLOP calls the relaxation infeasible, but no multipliers prove it."
            )
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            raise RelaxationError(f"GLOP ended with {result.termination}.")
        self._basis, self._is_told = result.solutions[0].basis, False
        self._loosened.clear()
        duals = self._duals(result)
        for row, dual in zip(self.rows, duals.tolist(), strict=True):
            self._ages[row] = 0 if abs(dual) > 1e-7 else self._ages[row] + 1
        values = np.zeros(self.model.n_columns)
        for variable, value in result.variable_values().items():
            values[variable.id] = value
        self._values = values
        held = np.clip(values * self._width, 0.0, self.model.most)
        return Point(held, self._prove(duals))

    def _may_go_on(self, result: mathopt.SolveResult) -> bool:
        """Whether a solve has ended at the limit of one part, with multipliers, and may go on."""
        return (
            result.termination.reason == mathopt.TerminationReason.NO_SOLUTION_FOUND
            and bool(result.solutions)
            and result.solutions[0].basis is not None
            and result.solutions[0].dual_solution is not None
            and self._n_told < self._most_pivots(len(self._variables), len(self.rows))
        )

    def _duals(self, result: mathopt.SolveResult) -> npt.NDArray[np.float64]:
        """Multipliers of the rows in votes, as GLOP has them, shape ``(n_rows,)``."""
        solution = result.solutions[0].dual_solution
        known = {} if solution is None else solution.dual_values
        return np.array([known.get(one, 0.0) for one in self.rows.values()]) * self._unit

    def basis(self) -> Basis | None:
        """State the basis of the latest solution; None where there is none."""
        if self._basis is None or self._is_told:
            return None
        statuses, known = self._basis.variable_status, self._basis.constraint_status
        columns = [
            letter_of(statuses[variable], value)
            for variable, value in zip(self._variables, self._values.tolist(), strict=True)
        ]
        tight = [row.claim for row, one in self.rows.items() if known.get(one, BASIC) != BASIC]
        return Basis("".join(columns), frozenset(tight))

    def begin_from(self, basis: Basis, missing: Iterable[Row] = ()) -> None:
        """Have the next solve begin with the basis of another search.

        Parameters
        ----------
        basis
            What that search came to, with as many variables.
        missing
            Rows of it that are not here.

        Raises
        ------
        ValueError
            When it is of another number of variables.
        """
        letters, at_limit = basis.columns, mathopt.BasisStatus.AT_UPPER_BOUND
        statuses = {
            variable: LETTERS[letter]
            for variable, letter in zip(self._variables, letters, strict=True)
        }
        is_tight = {one: row.claim in basis.tight for row, one in self.rows.items()}
        rows = {one: at_limit if tight else BASIC for one, tight in is_tight.items()}
        self._values = np.array([float(letter in "ub") for letter in letters])
        self._loosened = [
            column for row in missing if row.claim in basis.tight for column in row.columns
        ]
        self._basis = mathopt.Basis(statuses, rows)
        self._must_tell = self._is_told = True

    def _run(self) -> mathopt.SolveResult:
        wanted = mathopt.ModelSolveParameters(
            initial_basis=self._hint() if self._must_tell else None,
            # Reduced costs are computed anew in whole numbers, and most values are zero: what is
            # not asked for need not be turned into objects of Python.
            reduced_costs_filter=mathopt.VariableFilter(filtered_items=()),
            variable_values_filter=mathopt.VariableFilter(skip_zero_values=True),
            dual_values_filter=mathopt.LinearConstraintFilter(skip_zero_values=True),
        )
        stop = self.model.stop
        stop.check()
        most = self._most_pivots(len(self._variables), len(self.rows))
        part = self.model.params.relaxation.n_pivots_told
        # What the dual comes to is not kept in GLOP, and has to be told to it the next time.
        is_dual = self._must_tell = self._basis is None and self.is_large
        params = TOLD_PARAMETERS if self._is_told else DUAL_PARAMETERS if is_dual else PARAMETERS
        try:
            return self._solver.solve(
                params=replace(params, iteration_limit=part if self._is_told else most),
                model_params=wanted,
                interrupter=stop.interrupter,
            )
        except (AttributeError, RuntimeError, ValueError) as error:
            # GLOP gave up on numerical grounds ("ABNORMAL"), which some releases of the Python
            # layer report as an AttributeError of their own. A fresh start has always helped.
            stop.check()
            log.info("GLOP begins a program of %d rows from nothing: %r", len(self.rows), error)
            self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
            self._must_tell = True  # what preprocessing has left is not kept in GLOP either
        try:
            return self._solver.solve(
                params=replace(FRESH_PARAMETERS, iteration_limit=most),
                interrupter=stop.interrupter,
            )
        except (AttributeError, RuntimeError, ValueError) as error:
            raise RelaxationError("GLOP gave up twice, the second time from nothing.") from error

    def _hint(self) -> mathopt.Basis | None:
        """State the last basis for the rows there are now; None where there is none.

        A row that was dropped while it was tight leaves one variable too many in the basis, which
        GLOP refuses: one that is zero takes its place outside, and the solution stays what it was.
        Where there are none any more, another one does, and GLOP has to find its way back.
        """
        if self._basis is None:
            return None
        known, statuses = self._basis.constraint_status, dict(self._basis.variable_status)
        rows = {one: known.get(one, BASIC) for one in self.rows.values()}
        n_basic = sum(one == BASIC for one in chain(rows.values(), statuses.values()))
        n_over = n_basic - len(rows)
        if n_over > 0:
            nearest = dict.fromkeys([*self._loosened, *range(len(self._variables))])
            basic = [column for column in nearest if statuses[self._variables[column]] == BASIC]
            # Of those that are zero, and of the others, the ones beside what was dropped are first.
            basic.sort(key=lambda column: self._values[column] != 0.0)
            for column in basic[:n_over]:
                statuses[self._variables[column]] = mathopt.BasisStatus.AT_LOWER_BOUND
        return None if n_over < 0 else mathopt.Basis(statuses, rows)

    def _most_pivots(self, n_variables: int, n_rows: int) -> int:
        """Limit the pivots of a solve by its size."""
        params = self.model.params.relaxation
        return params.n_pivots + int(params.n_pivots_each * (n_variables + n_rows))

    def _prove(self, duals: npt.NDArray[np.float64], *, is_exclusion: bool = False) -> Proof:
        """State what multipliers of the rows, as GLOP has them, prove within the limits."""
        sizes, norms = (
            np.array([of_row[row] for row in self.rows]) for of_row in (self._sizes, self._norms)
        )
        return prove(
            self.model,
            (self._lower, self._upper),
            list(self.rows),
            duals / sizes,
            norms,
            is_exclusion=is_exclusion,
        )

    def _exclude(self) -> Proof | None:
        """Prove in whole numbers that limits and rows exclude every plan, or return None.

        GLOP's word is not enough, so a second relaxation, which may break every row by a common
        slack, measures how much slack is needed; its multipliers are the proof.
        """
        model = mathopt.Model()
        lower, upper = np.zeros(self.model.n_columns), self.model.most / self._width
        lower[: self.model.n_units], upper[: self.model.n_units] = self._lower, self._upper
        variables = [
            model.add_variable(lb=low, ub=high)
            for low, high in zip(lower.tolist(), upper.tolist(), strict=True)
        ]
        stop = self.model.stop
        slack = model.add_variable(lb=0.0)
        model.maximize(-slack)
        constraints = []
        for row in stop.checking(self.rows):
            constraint = self._write(model, variables, row, self._sizes[row])
            constraint.set_coefficient(slack, -1.0)
            constraints.append(constraint)
        stop.check()
        result = mathopt.solve(
            model,
            mathopt.SolverType.GLOP,
            params=replace(
                FRESH_PARAMETERS,
                iteration_limit=self._most_pivots(len(variables), len(constraints)),
            ),
            interrupter=stop.interrupter,
        )
        stop.check()
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return None
        duals = np.array(result.dual_values(constraints)) * 2.0**30
        proof = self._prove(duals, is_exclusion=True)
        return proof if proof.total < 0 else None


def _power(size: float) -> float:
    """Round down to a power of two, 1 at least."""
    return 2.0 ** math.floor(math.log2(size)) if size >= 1.0 else 1.0
