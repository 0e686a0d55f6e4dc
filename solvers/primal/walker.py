"""The primal side of a search: annealed ruin and recreate in cycles, guided by the relaxation."""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field, replace
from itertools import product

import numpy as np
import numpy.typing as npt

from solvers.effort import of_walk
from solvers.model import Model
from solvers.params import WalkParams
from solvers.primal.repair import repair
from solvers.primal.ruin_recreate import walk
from solvers.primal.task import Task, total
from solvers.problem import FREE, Budget


@dataclass(slots=True, eq=False)
class Walker:
    """Looks for plans of one model; deterministic for a seed and the advice it is given.

    Parameters
    ----------
    model
        What to divide.
    seed
        Seed of every random choice.
    start
        Plan to begin with; without one, what each unit gains in, mended.
    n_cycle
        Iterations from hot to cold; those of the model's parameters by default.

    Attributes
    ----------
    best
        Best plan found or offered so far, None before the first.
    advice
        Solution of a relaxation to go by, if there is any.
    effort
        What the walk has taken so far (:mod:`solvers.effort`).
    """

    model: Model
    seed: int
    start: InitVar[npt.NDArray[np.int8] | None] = None
    n_cycle: int | None = None
    best: npt.NDArray[np.int8] | None = None
    advice: npt.NDArray[np.float64] | None = None
    effort: float = 0.0
    _current: npt.NDArray[np.int8] = field(init=False)
    _task: Task = field(init=False)
    _scale: float = field(init=False)
    _n_walked: int = 0
    _trust: float = field(init=False)
    _params: WalkParams = field(init=False)

    def __post_init__(self, start: npt.NDArray[np.int8] | None) -> None:
        params = self.model.params.walk
        self._params = params if self.n_cycle is None else replace(params, n_cycle=self.n_cycle)
        self._trust = params.weak
        free = self.model.weights[self.model.fixed == FREE]
        self._scale = float(np.abs(free).sum() or self.model.costs.sum()) + 1.0
        self._task = _task(self.model)
        for number, budget in enumerate(self.model.budgets):
            self._task.prices[number] = _price(self.model, budget)
        wish = (self._task.weights > 0).astype(np.int8)
        if not self.model.weights.any() and len(self._task.amounts):
            wanted = self._task.amounts.sum(axis=0) > 0  # by the limits, where they count both ways
            wish = np.where(self.model.fixed == FREE, wanted, wish).astype(np.int8)
        self._current = self.rebuild(wish) if start is None else start.copy()
        self.offer(self._current)

    def rebuild(self, wish: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
        """Turn any assignment into one with no more pieces than allowed, shape ``(n_units,)``.

        Which part is mended first, and whether the other's pieces are joined as well or change
        sides, decides which valley the search begins in: the best of all four ways is taken, with
        every budget that may be missed at its own price.
        """
        prices = self._task.prices.copy()
        for number, budget in enumerate(self.model.budgets):
            if budget.price is not None:
                prices[number] = budget.price
        task = self._task._replace(prices=prices)
        plans = []
        for first_part, is_joining_both in product((1, 0), (False, True)):
            plan = wish.copy()
            repair(task, np.ones(self.model.n_units), plan, first_part, is_joining_both)
            plans.append(plan)
        return max(plans, key=lambda plan: total(task, plan))

    def offer(self, plan: npt.NDArray[np.int8]) -> bool:
        """Take over a plan where it is feasible and better than the best."""
        if self.best is not None and self.model.value(plan) <= self.model.value(self.best):
            return False
        if not self.model.is_plan(plan):
            return False
        self.best = plan.copy()
        return True

    def follow(self) -> None:
        """Go on from the plan next to the advice where none was better."""
        if self.advice is not None:
            plan = self.rebuild((self.advice > 0.5).astype(np.int8))
            if self.offer(plan):
                self._current = plan

    def go_back(self) -> None:
        """Go on from the best plan, if there is any."""
        if self.best is not None:
            self._current = self.best.copy()

    def run(self) -> None:
        """Walk one chunk further."""
        params = self._params
        position = self._n_walked % params.n_cycle
        if position == 0 and self._n_walked:
            self._restart()
        bias = np.zeros(self.model.n_units)
        if self.advice is not None:
            bias = (self.advice - 0.5) * (self._trust * self._scale)
        cooling = params.cold / params.hot
        found = self._current.copy()
        walk(
            self._task,
            bias,
            self._current,
            found,
            (self.seed * 1_000_003 + self._n_walked) % 2**32,
            params.n_chunk,
            self._scale * params.hot * cooling ** (position / params.n_cycle),
            self._scale * params.hot * cooling ** ((position + params.n_chunk) / params.n_cycle),
            params.largest_ball,
            params.stranded,
        )
        self._n_walked += params.n_chunk
        self.effort += of_walk(params.n_chunk, self.model.n_units)
        self.offer(found)
        self._adjust_prices()

    def _adjust_prices(self) -> None:
        """Raise the prices of budgets that may not be missed but are, and lower the others.

        A price so high that any unit would rather change sides than miss a little more leaves
        nothing to walk on: it is sought from below as well, and missing a little is no matter.
        """
        n_cut = 0
        for number, budget in enumerate(self.model.budgets):
            prices, place = self._task.prices, number
            if len(budget.pairs):
                prices, place, n_cut = self._task.cut_prices, n_cut, n_cut + 1
            first = _price(self.model, budget)
            most, allowed = first * 1e3, 0.0
            if budget.price is not None:
                most = float(budget.price)
                allowed = self.model.params.walk.missed * float(np.abs(budget.amounts).sum())
            if first < most:
                is_missed = budget.excess(self._current) > allowed
                price = prices[place] * (1.3 if is_missed else 0.9)
                prices[place] = np.clip(price, first / 32, most)
        if n_cut:
            self._task.costs[:] = _drawing(self._task)

    def _restart(self) -> None:
        """Start the next cycle from the relaxation's wish, or from the best plan, in turn."""
        if self.advice is not None and (self._n_walked // self._params.n_cycle) % 2:
            self._trust = self._params.strong
            self._current = self.rebuild((self.advice > 0.5).astype(np.int8))
            self.offer(self._current)
        elif self.best is not None:
            self._trust = self._params.weak
            self.go_back()


def _price(model: Model, budget: Budget) -> float:
    """Price a budget, to begin with: what its amounts bring on average, or its price if smaller."""
    weights = float(np.abs(model.weights).sum() or model.costs.sum()) + 1.0
    counted = np.abs(budget.amounts).sum() + budget.pair_amounts.sum()
    average = weights / (float(counted) + 1.0)
    return average if budget.price is None else min(average, float(budget.price))


def _drawing(task: Task) -> npt.NDArray[np.int64]:
    """Say how strongly partners draw each other: by what they cost apart, and by the prices."""
    priced = task.cut_prices @ task.cut_amounts
    return task.own_costs + np.rint(np.minimum(priced, 2.0**52)).astype(np.int64)


def _task(model: Model) -> Task:
    """State a model in the arrays of the compiled loops."""
    graph, fixed, budgets = model.graph, model.fixed, model.budgets
    # A fixed unit is one that loses more than everything when it changes sides; where many are
    # fixed and the weights are huge, as much as 64-bit sums leave room for.
    everything = int(np.abs(model.weights).sum() + model.costs.sum()) + 1
    loss = min(2 * everything, 2**61 // max(1, int((fixed != FREE).sum())))
    drawn = np.where(fixed == FREE, 0, 2 * fixed.astype(np.int64) - 1)
    counted = np.flatnonzero(model.is_counted)
    pairs = model.pairs[counted]
    tails, partners = np.concatenate([pairs, pairs[:, ::-1]]).T
    order = np.argsort(tails, kind="stable")
    place = np.tile(counted, 2)[order]
    amounts = [budget.amounts for budget in budgets]
    of_pairs = [number for number, budget in enumerate(budgets) if len(budget.pairs)]
    cut_amounts = np.zeros((len(of_pairs), len(model.pairs)), np.int64)
    for row, number in enumerate(of_pairs):
        cut_amounts[row, model.budget_pairs(number)] = budgets[number].pair_amounts
    limits = [(None, None) if len(one.pairs) else (one.lower, one.upper) for one in budgets]
    task = Task(
        start=graph.start,
        neighbours=graph.neighbours,
        landmass=model.landmass,
        weights=np.where(fixed == FREE, model.weights, drawn * loss),
        pieces=np.array(model.pieces, np.int64),
        first=np.searchsorted(tails[order], np.arange(model.n_units + 1)).astype(np.int32),
        partners=np.ascontiguousarray(partners[order]),
        costs=model.costs[place],
        own_costs=model.costs[place],
        amounts=np.array(amounts, np.int64).reshape(len(budgets), model.n_units),
        lower=np.array([-(2**62) if low is None else low for low, _ in limits], np.int64),
        upper=np.array([2**62 if high is None else high for _, high in limits], np.int64),
        prices=np.array(
            [_price(model, one) if one.price is None else float(one.price) for one in budgets]
        ),
        cut_amounts=np.ascontiguousarray(cut_amounts[:, place]),
        most_cut=np.array([budgets[number].upper for number in of_pairs], np.int64),
        cut_prices=np.array([_price(model, budgets[number]) for number in of_pairs], np.float64),
        stop=model.stop.flag,
    )
    return task._replace(costs=_drawing(task))
