"""Look for plans where only so many sets of units may be divided: one choice of them at a time.

Moving single units between plans that divide few sets hardly works, since dividing one more set
costs too much at once and whole sets are far apart. So a walk chooses which sets may be divided,
and keeps every other one whole: what is left is a problem without spans, and small where few sets
may be divided, in which the walker is at home. The choices follow the relaxation and the best plan.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field, replace

import numpy as np
import numpy.typing as npt

from solvers.effort import of_choice
from solvers.graphs.graph import Graph
from solvers.model import Model
from solvers.primal.walker import Walker
from solvers.problem import ALONE, Budget, Problem
from solvers.reduction import Reduction, find_ties, reduce

Assignment = npt.NDArray[np.int8]


@dataclass(slots=True, eq=False)
class Spanned:
    """The sets of a problem that its spans hold together.

    Parameters
    ----------
    problem
        What is divided.

    Attributes
    ----------
    below, above
        The two ends of each set, shape ``(n_sets,)``.
    number
        The set of each span, shape ``(n_spans,)``.
    """

    problem: Problem
    below: npt.NDArray[np.int32] = field(init=False)
    above: npt.NDArray[np.int32] = field(init=False)
    number: npt.NDArray[np.intp] = field(init=False)

    def __post_init__(self) -> None:
        ends, number = np.unique(self.problem.spans[:, 1:], axis=0, return_inverse=True)
        self.below, self.above = ends.T
        self.number = number.ravel()

    @property
    def n_sets(self) -> int:
        """Number of sets."""
        return len(self.below)

    def gains(self) -> npt.NDArray[np.float64]:
        """Say what dividing each set could bring at most, shape ``(n_sets,)``."""
        weights = self.problem.weights[self.problem.spans[:, 0]].astype(np.float64)
        both = np.zeros((self.n_sets, 2))
        np.add.at(both[:, 0], self.number, np.maximum(0.0, weights))
        np.add.at(both[:, 1], self.number, np.maximum(0.0, -weights))
        gains: npt.NDArray[np.float64] = both.min(axis=1)
        return gains

    def torn(self) -> npt.NDArray[np.bool_]:
        """Mark the sets that are divided in every plan, shape ``(n_sets,)``."""
        fixed = self.problem.fixed[self.problem.spans[:, 0]]
        sides = np.zeros((self.n_sets, 2), np.bool_)
        for part in (0, 1):
            sides[self.number[fixed == part], part] = True
        return sides[:, 0] & sides[:, 1]

    def choose(self, order: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
        """Choose sets to divide, in an order, as many as the budgets on their ends allow.

        A budget may be missed for a price, and what other units bring to it is not looked at.
        """
        limits = [one for one in self.problem.budgets if one.upper is not None]
        costs = [one.amounts[self.above] for one in limits]
        room = np.array([one.upper for one in limits if one.upper is not None], np.int64)
        is_divided = np.zeros(self.n_sets, np.bool_)
        torn = np.flatnonzero(self.torn())
        for one in dict.fromkeys([*torn.tolist(), *order.tolist()]):
            cost = np.array([amounts[one] for amounts in costs], np.int64)
            if is_divided[one] or np.any((cost > 0) & (cost > room)):
                continue
            room = room - cost
            is_divided[one] = True
        return is_divided

    def without(self, is_divided: npt.NDArray[np.bool_]) -> Reduction | None:
        """State the problem with no sets divided but some; None where that is contradictory.

        The ends, and what budgets count of them, are left out: whoever takes over a plan looks at
        them again.
        """
        problem = self.problem
        ends = np.unique(problem.spans[:, 1:])
        whole = problem.spans[~is_divided[self.number], :2]
        chains = np.concatenate([whole, find_ties(problem)])
        label = Graph.from_edges(problem.n_units, chains).landmasses().astype(np.int64)
        label[ends] = problem.n_units + ends
        sizes = np.bincount(label)
        fixed, gains = problem.fixed.copy(), problem.gains.copy()
        fixed[ends], gains[ends] = 0, 0
        budgets = [_without(one, ends) for one in problem.budgets]
        alone = replace(
            problem,
            fixed=fixed,
            gains=gains,
            groups=np.where(sizes[label] > 1, label, ALONE),
            budgets=tuple(one for one in budgets if one.amounts.any() or len(one.pairs)),
            spans=np.empty((0, 3), np.int32),
        )
        return reduce(alone)


def _without(budget: Budget, ends: npt.NDArray[np.integer]) -> Budget:
    """Leave the ends of spans out of what a budget counts."""
    if not budget.amounts[ends].any():
        return budget
    amounts = budget.amounts.copy()
    amounts[ends] = 0
    return replace(budget, amounts=amounts)


@dataclass(slots=True, eq=False)
class SpanWalker:
    """Looks for plans of a model with spans; deterministic for a seed and the advice it is given.

    Parameters
    ----------
    model
        What to divide.
    seed
        Seed of every random choice.
    start
        Plan to begin with.
    n_cycle
        Iterations from hot to cold within one choice.
    """

    model: Model
    seed: int
    start: InitVar[Assignment | None] = None
    n_cycle: int | None = None
    best: Assignment | None = None
    advice: npt.NDArray[np.float64] | None = None
    effort: float = 0.0
    _sets: Spanned = field(init=False)
    _random: np.random.Generator = field(init=False)
    _inner: tuple[Reduction, Walker] | None = None
    _n_choices: int = 0
    _n_walked: int = 0

    def __post_init__(self, start: Assignment | None) -> None:
        self._sets = Spanned(self.model.problem)
        self._random = np.random.default_rng(self.seed)
        if start is not None:
            self.offer(start)

    def offer(self, plan: Assignment) -> bool:
        """Take over a plan where it is feasible and better, its ends moved close if they may be."""
        is_better = False
        for one in (self.model.problem.tight(plan), plan):
            is_worth_it = self.best is None or self.model.value(one) > self.model.value(self.best)
            if is_worth_it and self.model.is_plan(one):
                self.best, is_better = one.copy(), True
        return is_better

    def follow(self) -> None:
        """Leave the advice for when sets are chosen anew."""

    def run(self) -> None:
        """Walk one chunk further, or choose anew which sets may be divided."""
        params = self.model.params
        if self._inner is None or self._n_walked >= (self.n_cycle or params.windows.n_cycle):
            self._choose()
        if self._inner is None:
            return
        around, walker = self._inner
        before = walker.effort
        walker.run()
        self.effort += walker.effort - before
        self._n_walked += params.walk.n_chunk
        if walker.best is not None:
            self.offer(around.expand(walker.best))

    def _choose(self) -> None:
        """Choose which sets may be divided, and begin a walk there."""
        around = self._sets.without(self._sets.choose(self._order()))
        self._n_choices += 1
        self.effort += of_choice(self.model.n_units)
        self._n_walked = 0
        self._inner = None if around is None else (around, self._begun(around))

    def _order(self) -> npt.NDArray[np.intp]:
        """Rank the sets: by the relaxation or the best plan in turn, with noise after the first."""
        sets = self._sets
        gains = sets.gains() + 1.0
        worth = gains / gains.max()
        if self.advice is not None:
            apart = self.advice[sets.above] - self.advice[sets.below]
            worth = worth * 1e-3 + np.maximum(0.0, apart)
        if self._n_choices > 1:
            worth = worth * np.exp(self._random.normal(0.0, 1.0, len(worth)))
        if self.best is not None and self._n_choices % 2:
            is_divided = self.best[sets.above] > self.best[sets.below]
            n_kept = max(0, int(is_divided.sum()) - int(self._random.integers(0, 4)))
            worth[self._random.permutation(np.flatnonzero(is_divided))[:n_kept]] += 1e6
        return np.argsort(-worth, kind="stable")

    def _begun(self, around: Reduction) -> Walker:
        """Begin to walk in a smaller problem, from what is known or from nothing."""
        model = self.model.smaller(_drawn_together(around.problem))
        n_cycle = self.n_cycle or self.model.params.windows.n_cycle
        walker = Walker(model, int(self._random.integers(2**31)), n_cycle=n_cycle)
        if self.best is not None:
            walker.offer(walker.rebuild((_mean(around, self.best) > 0.5).astype(np.int8)))
        if self.advice is not None:
            walker.advice = _mean(around, self.advice)
            walker.follow()
        walker.go_back()
        return walker


def _mean(around: Reduction, values: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    """Average values over the units of each block."""
    n_blocks = around.problem.n_units
    sums = np.bincount(around.block, values.astype(np.float64), n_blocks)
    return sums / np.bincount(around.block, minlength=n_blocks)


def _drawn_together(problem: Problem) -> Problem:
    """Let tied units draw each other, as far as numbers allow: a walk knows costs, but no ties."""
    ties = find_ties(problem)
    if len(ties):
        known = {(a, b) for a, b in problem.links.tolist()}
        ties = np.array([tie for tie in ties.tolist() if tuple(tie) not in known], np.int32)
    if not len(ties):
        return problem
    costs = np.abs(problem.weights)[ties].min(axis=1) + 1
    try:
        return replace(
            problem,
            links=np.concatenate([problem.links, ties]),
            link_costs=np.concatenate([problem.link_costs, costs]),
        )
    except ValueError:  # more than can be added up exactly
        return problem


def walker_of(
    model: Model, seed: int, start: Assignment | None = None, n_cycle: int | None = None
) -> Walker | SpanWalker:
    """Make the walker that a model needs."""
    kind = SpanWalker if len(model.problem.spans) else Walker
    return kind(model, seed, start=start, n_cycle=n_cycle)
