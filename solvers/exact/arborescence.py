"""The relaxation of a one-sided problem over the arcs of a tree that spans the connected part.

Each unit of the part but the root is entered once, from a neighbour; whoever takes in a unit enters
every set around it that holds no root. It is tighter than all separators of the units together
[1]_, and would be much larger than a relaxation over the units: it is stated for what an ascent
(:mod:`solvers.exact.ascent`) has left free, begins with the sets that the ascent has found, and
finds others by maximum flow. Its multipliers are potentials, and these one row on the units
(:mod:`solvers.rows.potentials`), in whole numbers.

References
----------
.. [1] D. Rehfeldt, T. Koch, "Combining NP-hard reduction techniques and strong heuristics in an
   exact algorithm for the maximum-weight connected subgraph problem", SIAM Journal on Optimization
   29 (2019) 369-398, doi:10.1137/17M1145963
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from ortools.graph.python import max_flow
from ortools.math_opt.python import mathopt

from solvers.effort import of_solve
from solvers.exact.ascent import Ascent
from solvers.exact.node import Node
from solvers.exact.proof import Proof, proof_of
from solvers.exact.relaxation import PARAMETERS
from solvers.graphs.ascent import surround
from solvers.integers import MAX_TOTAL_GAIN
from solvers.model import Model
from solvers.rows.potentials import potential_row
from solvers.stop import Halted

UNIT = 1 << 20
"""Capacity of an arc that is all in."""


class Relaxed(NamedTuple):
    """A solution of the relaxation, and what its multipliers prove.

    Parameters
    ----------
    shares
        Share of each unit in the connected part, shape ``(n_units,)``.
    proof
        A bound on every plan of the node; None where there are no multipliers.
    effort
        What it has taken (:mod:`solvers.effort`).
    """

    shares: npt.NDArray[np.float64]
    proof: Proof | None
    effort: float


@dataclass(slots=True, eq=False)
class Arborescence:
    """The relaxation of one node.

    Parameters
    ----------
    model
        A problem with `part` as its connected part (:func:`solvers.exact.ascent.connected_part`).
    part
        That part.
    node
        Whose roots are chosen.
    """

    model: Model
    part: int
    node: Node
    _may_join: npt.NDArray[np.bool_] = field(init=False)
    _lower: npt.NDArray[np.int8] = field(init=False)
    _is_root: npt.NDArray[np.bool_] = field(init=False)
    _is_target: npt.NDArray[np.bool_] = field(init=False)
    _gains: npt.NDArray[np.int64] = field(init=False)
    _tails: npt.NDArray[np.int64] = field(init=False)
    _heads: npt.NDArray[np.int64] = field(init=False)
    _program: mathopt.Model = field(default_factory=mathopt.Model)
    _shares: dict[int, mathopt.Variable] = field(default_factory=dict)
    _arcs: list[mathopt.Variable] = field(default_factory=list)
    _cuts: list[tuple[int, npt.NDArray[np.bool_], mathopt.LinearConstraint]] = field(
        default_factory=list
    )
    _known: set[tuple[int, bytes]] = field(default_factory=set)

    def __post_init__(self) -> None:
        model, node = self.model, self.node
        lower, upper = node.lower, node.upper
        if self.part == 0:
            lower, upper = 1 - node.upper, 1 - node.lower
        self._gains = model.weights if self.part == 1 else -model.weights
        self._may_join = upper == 1
        self._is_root = np.zeros(model.n_units, np.bool_)
        self._is_root[node.roots[self.part]] = True
        self._is_target = self._may_join & ~self._is_root & ((self._gains > 0) | (lower == 1))
        tails = np.repeat(np.arange(model.n_units), model.graph.degrees)
        heads = model.graph.neighbours.astype(np.int64)
        is_way = self._may_join[tails] & self._may_join[heads] & ~self._is_root[heads]
        self._tails, self._heads = tails[is_way], heads[is_way]
        self._lower = lower

    @property
    def n_arcs(self) -> int:
        """Number of arcs."""
        return len(self._tails)

    def _state(self) -> None:
        """Write the variables, and that a unit is in the part as much as it is entered."""
        program, stop = self._program, self.model.stop
        program.objective.is_maximize = True
        unit = float(np.abs(self._gains).mean()) or 1.0
        entered: dict[int, mathopt.LinearConstraint] = {}
        for one in stop.checking(np.flatnonzero(self._may_join).tolist()):
            share = program.add_variable(lb=float(self._lower[one]), ub=1.0)
            program.objective.set_linear_coefficient(share, float(self._gains[one]) / unit)
            self._shares[one] = share
            if not self._is_root[one]:
                entered[one] = program.add_linear_constraint(lb=0.0, ub=0.0)
                entered[one].set_coefficient(share, -1.0)
        for head in stop.checking(self._heads.tolist()):
            arc = program.add_variable(lb=0.0, ub=1.0)
            entered[head].set_coefficient(arc, 1.0)
            self._arcs.append(arc)

    def begin_with(self, ascent: Ascent) -> None:
        """State the relaxation, with the sets that the potentials of an ascent are made of."""
        self._state()
        for target, depth in zip(ascent.targets, ascent.potential, strict=True):
            if self._may_join[target] and not self._is_root[target]:
                inside = depth[self._may_join]
                for level in np.unique(inside[(inside > 0) & (inside <= depth[target])]).tolist():
                    self.add(target, (depth >= level) & self._may_join)

    def add(self, target: int, zone: npt.NDArray[np.bool_]) -> bool:
        """Add that a target enters a set around it, and say whether that is new."""
        key = (target, np.packbits(zone).tobytes())
        if key in self._known or not zone[target] or (zone & self._is_root).any():
            return False
        self.model.stop.check()
        self._known.add(key)
        cut = self._program.add_linear_constraint(ub=0.0)
        cut.set_coefficient(self._shares[target], 1.0)
        for arc in np.flatnonzero(zone[self._heads] & ~zone[self._tails]).tolist():
            cut.set_coefficient(self._arcs[arc], -1.0)
        self._cuts.append((target, zone, cut))
        return True

    def solve(self, value: int | None) -> Relaxed | None:
        """Solve it, adding sets that a solution breaks, until none is left or no plan is better.

        Returns
        -------
        Relaxed or None
            None where GLOP gave up, or calls it infeasible.

        Raises
        ------
        Halted
            When the search is to end.
        """
        params, effort, n_idle, last = self.model.params.arcs, 0.0, 0, np.inf
        solver = mathopt.IncrementalSolver(self._program, mathopt.SolverType.GLOP)
        unit = float(np.abs(self._gains).mean()) or 1.0
        base = 0.0 if self.part == 1 else float(self.model.weights.sum())
        while True:
            self.model.stop.check()
            try:
                result = solver.solve(params=PARAMETERS, interrupter=self.model.stop.interrupter)
            except (AttributeError, RuntimeError, ValueError):  # as in `Relaxation`
                return None
            if result.termination.limit == mathopt.Limit.INTERRUPTED:
                raise Halted
            if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
                return None
            n_rows = len(self._cuts) + len(self._shares)
            effort += of_solve(
                result.solve_stats.simplex_iterations, n_rows, n_rows + self.n_arcs, 8 * n_rows
            )
            best = result.objective_value() * unit + base
            shares = np.zeros(self.model.n_units)
            shares[list(self._shares)] = result.variable_values(list(self._shares.values()))
            is_hopeless = value is not None and best < value + 0.5
            n_idle = n_idle + 1 if last - best < params.idle * max(1.0, best - (value or 0)) else 0
            last = best
            ways = np.array(result.variable_values(self._arcs))
            if is_hopeless or n_idle > params.patience or not self._separate(shares, ways):
                duals = np.array(result.dual_values([cut for _, _, cut in self._cuts])) * unit
                return Relaxed(shares, self._prove(duals), effort)
            effort += params.effort_of_flow * self.n_arcs

    def _separate(self, shares: npt.NDArray[np.float64], ways: npt.NDArray[np.float64]) -> int:
        """Add sets that are entered less than their targets are in the part; say how many."""
        params = self.model.params.arcs
        n_units = self.model.n_units
        roots = np.flatnonzero(self._is_root & self._may_join)
        capacity = np.rint(np.maximum(ways, 0.0) * UNIT).astype(np.int64) + 1
        flow = max_flow.SimpleMaxFlow()
        flow.add_arcs_with_capacity(
            np.concatenate([self._tails, np.full(len(roots), n_units)]),
            np.concatenate([self._heads, roots]),
            np.concatenate([capacity, np.full(len(roots), 2 * UNIT)]),
        )
        targets = np.flatnonzero(self._is_target & (shares > params.violation))
        n_added = 0
        for target in targets[np.argsort(-shares[targets], kind="stable")].tolist():
            self.model.stop.check()
            if flow.solve(n_units, target) != flow.OPTIMAL:
                continue
            if flow.optimal_flow() >= (shares[target] - params.violation) * UNIT:
                continue
            zone = np.zeros(n_units + 1, np.bool_)
            zone[flow.get_sink_side_min_cut()] = True
            n_added += self.add(target, zone[:n_units] & self._may_join)
            far = self._may_join.copy()
            far[[one for one in flow.get_source_side_min_cut() if one < n_units]] = False
            n_added += self.add(target, self._around(target, far))
            if n_added >= params.most_added:
                break
        return n_added

    def _around(self, target: int, zone: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Keep what of a set is connected to the target within it."""
        piece = self.model.graph.label(zone.astype(np.int8))
        kept: npt.NDArray[np.bool_] = zone & (piece == piece[target])
        return kept

    def _unconnected(self) -> Iterator[tuple[int, npt.NDArray[np.bool_]]]:
        """Yield the targets that have no way to a root, with all that is connected to them."""
        piece = self.model.graph.label(self._may_join.astype(np.int8))
        is_out = self._is_target & ~np.isin(piece, piece[self._is_root & self._may_join])
        for target in np.flatnonzero(is_out & (self._gains > 0)).tolist():
            yield target, self._may_join & (piece == piece[target])

    def _prove(self, duals: npt.NDArray[np.float64]) -> Proof | None:
        """State multipliers as potentials, in whole numbers, whatever GLOP's rounding did."""
        duals = np.where(np.isfinite(duals), np.maximum(duals, 0.0), 0.0)
        everything = 2.0 * float(np.abs(self._gains).astype(float).sum() + duals.sum()) + 1.0
        if everything > MAX_TOTAL_GAIN:
            return None
        scale = 2 ** min(20, int(np.log2(MAX_TOTAL_GAIN / everything)))
        whole = np.floor(duals * scale).astype(np.int64)
        of_target: dict[int, npt.NDArray[np.int64]] = {}
        for (target, zone, _), paid in zip(self._cuts, whole.tolist(), strict=True):
            if paid:
                depth = of_target.setdefault(target, np.zeros(self.model.n_units, np.int64))
                depth[zone] += paid
        for target, zone in self._unconnected():
            of_target[target] = np.where(zone, self._gains[target] * scale, 0)
        if not of_target:
            return None
        potential = np.stack(list(of_target.values()))
        graph = self.model.graph
        surround(graph.start, graph.neighbours, self._may_join, potential)
        row = potential_row(self.model, self.part, tuple(of_target), potential)
        return proof_of(self.model, self.node, row, scale)
