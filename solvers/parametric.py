"""All best plans along a weight, where no nation need be contiguous: parametric minimum cuts.

Without limits on pieces and without budgets, the best plan is a minimum cut [1]_. Let the objective
of a plan be ``value + weight * slope``, both whole numbers. The largest objective is then the upper
envelope of such lines, convex in the weight, and each of its edges is one plan. The envelope is
found as by Eisner and Severance [2]_: take the lines that are best at both ends, solve where they
cross, and go on left and right of it until the crossing itself is on the envelope. A crossing is a
fraction of whole numbers, so capacities are multiplied by its denominator and nothing is rounded.

References
----------
.. [1] J.-C. Picard, "Maximal closure of a graph and applications to combinatorial problems",
   Management Science 22 (1976) 1268-1272, doi:10.1287/mnsc.22.11.1268
.. [2] M. J. Eisner, D. G. Severance, "Mathematical techniques for efficient record segmentation in
   large shared databases", Journal of the ACM 23 (1976) 619-635, doi:10.1145/321978.321982
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from ortools.graph.python.max_flow import SimpleMaxFlow

from solvers.errors import InternalError
from solvers.integers import MAX_TOTAL_GAIN, total_size, whole
from solvers.plan import Plan
from solvers.problem import FREE, Problem
from solvers.reduction import find_ties

MAX_CAPACITY = 2**61
"""Capacities add up to less than this, so that no sum of them leaves 64 bits."""


class CapacityError(ValueError):
    """Capacities at some weight do not fit 64 bits; other ways to find the best plans may do."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A plan that is best over a stretch of weights.

    Parameters
    ----------
    plan
        The plan.
    value, slope
        Its objective is ``value + weight * slope``.
    low, high
        No plan is better at any weight from `low` to `high`.
    """

    plan: Plan
    value: int
    slope: int
    low: Fraction
    high: Fraction

    def objective(self, weight: Fraction | int) -> Fraction:
        """Objective of the plan at a weight."""
        return self.value + Fraction(weight) * self.slope


def times(factor: int, values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Multiply whole numbers by one of at least 0.

    Raises
    ------
    CapacityError
        When what comes out adds up to more than a quarter of what a problem may hold.

    Examples
    --------
    >>> times(3, np.array([2, -1])).tolist()
    [6, -3]
    """
    total, most = factor * total_size(values), MAX_TOTAL_GAIN // 4
    if total > most:
        raise CapacityError(f"Numbers add up to {total}, above the limit of {most}.")
    return factor * values


class _Line(NamedTuple):
    """A plan and its objective as a line."""

    value: int
    slope: int
    assignment: npt.NDArray[np.int8]

    def at(self, weight: Fraction) -> Fraction:
        return self.value + weight * self.slope


def trace_frontier(
    problem: Problem,
    gains: npt.NDArray[np.int64],
    edge_costs: npt.NDArray[np.int64],
    low: Fraction | int,
    high: Fraction | int,
    on_progress: Callable[[int, Fraction], None] | None = None,
) -> tuple[Stretch, ...]:
    """Find the best plans at all weights between two, with every weight at which they change.

    The objective at a weight is that of the problem, with `gains` and `edge_costs` times the weight
    added to its own.

    Parameters
    ----------
    problem
        What to divide at weight 0; neither part may be limited in its pieces, and there may be no
        budgets and no spans.
    gains
        Added for each unit of weight, whole numbers, shape ``(n_units, 2)``. With `edge_costs` they
        add up to :data:`~solvers.integers.MAX_TOTAL_GAIN` at most.
    edge_costs
        Added for each unit of weight, whole numbers, shape ``(n_edges,)``; costs of links stay as
        they are.
    low, high
        The weights.
    on_progress
        Told how many plans are found so far, and up to which weight they are all there are.

    Returns
    -------
    tuple of Stretch
        From `low` to `high` without a gap; where one ends and the next begins both plans are best.
        That no plan is better is proven by a flow of the same value, which is checked.

    Raises
    ------
    ValueError
        When the problem has limits that a minimum cut does not know, what is fixed contradicts the
        groups, a cost would become negative, or gains or costs are no whole numbers.
    CapacityError
        When gains and costs are too large, or a weight at which two plans cross is so fine a
        fraction, that capacities leave 64 bits.

    Examples
    --------
    >>> path = Problem(
    ...     gains=np.array([[0, 9], [4, 0], [0, 9]]),
    ...     edges=np.array([[0, 1], [1, 2]]),
    ...     pieces=(0, 0),
    ... )
    >>> for one in trace_frontier(path, np.zeros((3, 2), int), np.array([1, 1]), 0, 5):
    ...     print(one.low, one.high, one.plan.assignment, one.value, one.slope)
    0 2 [1 0 1] 22 -2
    2 5 [1 1 1] 18 0
    """
    low, high = Fraction(low), Fraction(high)
    cuts = _Cuts(
        problem,
        whole(gains, "gains", np.int64).astype(np.int64),
        whole(edge_costs, "edge_costs", np.int64).astype(np.int64),
    )
    cuts.check(low, high)
    lines = _envelope(cuts, low, high, on_progress or (lambda _number, _weight: None))
    if on_progress is not None:
        on_progress(len(lines), high)
    ends = [low, *(_crossing(*pair) for pair in pairwise(lines)), high]
    return tuple(
        Stretch(Plan(line.assignment), line.value, line.slope, start, end)
        for line, (start, end) in zip(lines, pairwise(ends), strict=True)
    )


def _envelope(
    cuts: _Cuts, low: Fraction, high: Fraction, tell: Callable[[int, Fraction], None]
) -> list[_Line]:
    """List the lines of the upper envelope from left to right, each best on more than a point."""
    first, last = cuts.best(low), cuts.best(high)
    lines, ahead = [first], [last]
    while ahead:
        left, right = lines[-1], ahead[-1]
        if right.slope > left.slope:
            crossing = _crossing(left, right)
            middle = cuts.best(crossing)
            if middle.at(crossing) > left.at(crossing):
                ahead.append(middle)
                continue
            lines.append(right)
            tell(len(lines), crossing)
        ahead.pop()
    return _without_points(lines, low, high)


def _without_points(lines: list[_Line], low: Fraction, high: Fraction) -> list[_Line]:
    """Leave out the lines that touch the envelope in one point only."""
    kept: list[_Line] = []
    for line in lines:
        while kept and _crossing(kept[-1], line) <= (
            low if len(kept) == 1 else _crossing(kept[-2], kept[-1])
        ):
            kept.pop()
        if not kept or _crossing(kept[-1], line) < high:
            kept.append(line)
    return kept


def _crossing(left: _Line, right: _Line) -> Fraction:
    """Find the weight at which two lines cross, the right one being steeper."""
    return Fraction(left.value - right.value, right.slope - left.slope)


@dataclass(slots=True, eq=False)
class _Cuts:
    """Minimum cuts of one graph at many weights."""

    problem: Problem
    gains: npt.NDArray[np.int64]
    edge_costs: npt.NDArray[np.int64]
    _flow: SimpleMaxFlow = field(init=False)
    _tails: npt.NDArray[np.int32] = field(init=False)
    _heads: npt.NDArray[np.int32] = field(init=False)
    _ties: npt.NDArray[np.int32] = field(init=False)
    _factor: Fraction = field(init=False)
    _numbers: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] = field(init=False)

    def __post_init__(self) -> None:
        problem = self.problem
        if any(problem.pieces) or problem.budgets:
            raise ValueError("A minimum cut knows no contiguity and no budgets; drop these limits.")
        if len(problem.spans):
            raise ValueError("A minimum cut here knows no spans; drop them.")
        for name, given, wanted in (
            ("gains", self.gains, problem.gains),
            ("edge_costs", self.edge_costs, problem.edge_costs),
        ):
            if given.shape != wanted.shape:
                raise ValueError(f"{name} has shape {given.shape}, expected {wanted.shape}.")
        total = total_size(self.gains) + total_size(self.edge_costs)
        if total > MAX_TOTAL_GAIN:
            raise CapacityError(
                f"What a weight of 1 adds comes to {total}, above the limit of {MAX_TOTAL_GAIN}. "
                "Use coarser gains and costs."
            )
        # Source, the side of part 1, and sink follow the units.
        n_units, units = problem.n_units, np.arange(problem.n_units)
        source, sink = np.full(n_units, n_units), np.full(n_units, n_units + 1)
        self._ties = find_ties(problem)
        first, second = np.vstack([problem.edges, problem.links, self._ties]).T
        self._tails = np.concatenate([source, units, first, second]).astype(np.int32)
        self._heads = np.concatenate([units, sink, second, first]).astype(np.int32)
        slopes = self.gains[:, 1] - self.gains[:, 0]
        own = np.concatenate([problem.weights, problem.edge_costs, problem.link_costs])
        added = np.concatenate([slopes, self.edge_costs, np.zeros_like(problem.link_costs)])
        # What all numbers have in common would only bring the limit of 64 bits nearer.
        common, other = (int(np.gcd.reduce(numbers)) or 1 for numbers in (own, added))
        self._factor, self._numbers = Fraction(other, common), (own // common, added // other)
        self._flow = SimpleMaxFlow()
        self._flow.add_arcs_with_capacity(
            self._tails, self._heads, np.zeros(len(self._tails), np.int64)
        )

    def check(self, low: Fraction, high: Fraction) -> None:
        """Refuse weights between which a cost is negative."""
        if low >= high:
            raise ValueError(f"The weights go from {low} to {high}; the second must be larger.")
        for weight in (low, high):
            costs, slopes = self.problem.edge_costs.tolist(), self.edge_costs.tolist()
            for edge, (cost, slope) in enumerate(zip(costs, slopes, strict=True)):
                if cost + weight * slope < 0:
                    raise ValueError(
                        f"At weight {weight} edge {edge} costs {float(cost + weight * slope):g}, "
                        "less than 0; no minimum cut is the best plan then."
                    )

    def best(self, weight: Fraction) -> _Line:
        """Find a best plan at a weight, by a maximum flow."""
        capacities = self._capacities(weight)
        self._flow.set_arcs_capacity(np.arange(len(capacities)), capacities)
        n_units = self.problem.n_units
        status = self._flow.solve(n_units, n_units + 1)
        if status != SimpleMaxFlow.OPTIMAL:
            raise ArithmeticError(f"The maximum flow ended with {status}.")
        assignment = np.zeros(n_units + 2, np.int8)
        assignment[self._flow.get_source_side_min_cut()] = 1
        self._confirm(capacities, assignment)
        line = self._line(assignment[:n_units])
        fixed = self.problem.fixed
        is_broken = (fixed != FREE) & (fixed != line.assignment)
        first, second = self._ties.T
        is_torn = line.assignment[first] != line.assignment[second]
        if is_broken.any() or is_torn.any():
            raise ValueError("No plan meets the constraints: what is fixed contradicts the groups.")
        return line

    def _line(self, assignment: npt.NDArray[np.int8]) -> _Line:
        problem, rows = self.problem, np.arange(self.problem.n_units)
        is_cut = assignment[problem.edges[:, 0]] != assignment[problem.edges[:, 1]]
        slope = int(self.gains[rows, assignment].sum()) - int(self.edge_costs[is_cut].sum())
        return _Line(problem.objective(assignment), slope, assignment)

    def _capacities(self, weight: Fraction) -> npt.NDArray[np.int64]:
        """State the problem at a weight as capacities, in whole numbers of a common measure."""
        problem = self.problem
        factor, (own, added) = weight * self._factor, self._numbers
        largest = factor.denominator * int(np.abs(own).sum()) + abs(factor.numerator) * int(
            np.abs(added).sum()
        )
        if 4 * largest >= MAX_CAPACITY:
            raise CapacityError(
                f"At weight {weight} the capacities add up to {largest}, above the limit of "
                f"{MAX_CAPACITY // 4}. Use coarser gains and costs."
            )
        exact = factor.denominator * own + factor.numerator * added
        weights, costs = exact[: problem.n_units], exact[problem.n_units :]
        unlimited = largest + 1
        into = np.where(problem.fixed == FREE, np.maximum(weights, 0), 0)
        out = np.where(problem.fixed == FREE, np.maximum(-weights, 0), 0)
        into[problem.fixed == 1], out[problem.fixed == 0] = unlimited, unlimited
        ties = np.full(len(self._ties), unlimited)
        return np.concatenate([into, out, costs, ties, costs, ties]).astype(np.int64)

    def _confirm(self, capacities: npt.NDArray[np.int64], assignment: npt.NDArray[np.int8]) -> None:
        """Prove the cut minimal: no cut is smaller than a flow, and this flow is as large."""
        flows = np.asarray(self._flow.flows(np.arange(len(capacities))), np.int64)
        n_units = self.problem.n_units
        balance = np.zeros(n_units + 2, np.int64)
        np.add.at(balance, self._heads, flows)
        np.subtract.at(balance, self._tails, flows)
        side = np.concatenate([assignment[:n_units], [1, 0]])
        is_cut = (side[self._tails] == 1) & (side[self._heads] == 0)
        is_flow = (flows >= 0).all() and (flows <= capacities).all() and not balance[:n_units].any()
        if not is_flow:
            lost = np.flatnonzero(balance[:n_units])
            wrong = np.flatnonzero((flows < 0) | (flows > capacities))
            raise InternalError(
                f"The maximum flow is no flow: units {lost} keep or lose some of it, arcs {wrong} "
                "carry less than 0 or more than they can."
            )
        sent, cut = int(balance[n_units + 1]), int(capacities[is_cut].sum())
        if sent != cut:
            raise InternalError(f"The cut is not minimal: it is {cut}, and the flow {sent}.")
