"""A problem as the compiled loops take it, and what a plan is worth in it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.graphs.kernel import inner, kernel
from solvers.stop import Flag

Assignment = npt.NDArray[np.int8]


class Task(NamedTuple):
    """A problem as the compiled loops take it."""

    start: npt.NDArray[np.int32]
    neighbours: npt.NDArray[np.int32]
    landmass: npt.NDArray[np.int32]
    weights: npt.NDArray[np.int64]
    """What each unit adds when it moves to part 1; huge where it is fixed."""
    pieces: npt.NDArray[np.int64]
    """Most pieces of each part on a landmass, 0 for any number, shape ``(2,)``."""
    first: npt.NDArray[np.int32]
    partners: npt.NDArray[np.int32]
    costs: npt.NDArray[np.int64]
    """Unit *i* is drawn to ``partners[j]`` by ``costs[j]``, for *j* from ``first[i]`` to
    ``first[i + 1]``: its edges and links that cost something, or count in a budget, which has a
    price for every amount, within its limit as well."""
    own_costs: npt.NDArray[np.int64]
    """What it pays while ``partners[j]`` is in the other part, budgets apart."""
    amounts: npt.NDArray[np.int64]
    """What each unit brings to each budget, shape ``(n_budgets, n_units)``."""
    lower: npt.NDArray[np.int64]
    upper: npt.NDArray[np.int64]
    prices: npt.NDArray[np.float64]
    """What missing each budget by 1 costs, shape ``(n_budgets,)``."""
    cut_amounts: npt.NDArray[np.int64]
    """What being apart from ``partners[j]`` counts in each budget of pairs, shape
    ``(n_cut_budgets, n_partners)``; among the other budgets these have no limits."""
    most_cut: npt.NDArray[np.int64]
    cut_prices: npt.NDArray[np.float64]
    """Limits of these budgets, and what exceeding them by 1 costs, shape ``(n_cut_budgets,)``."""
    stop: Flag
    """True in its one place once the search is to end: what is torn then stays torn."""


@inner
def border(task: Task, plan: Assignment, unit: int) -> float:
    """Add up the costs of a unit's partners in the other part."""
    cost = 0.0
    for place in range(task.first[unit], task.first[unit + 1]):
        if plan[task.partners[place]] != plan[unit]:
            cost += task.costs[place]
    return cost


@inner
def pull(task: Task, plan: Assignment, unit: int) -> float:
    """Measure how its partners draw a unit to part 1, by what it costs to be apart."""
    drawn = 0.0
    for place in range(task.first[unit], task.first[unit + 1]):
        drawn += task.costs[place] * (2 * plan[task.partners[place]] - 1)
    return drawn


@inner
def between(task: Task, unit: int, other: int) -> float:
    """Look up what it costs two units to be apart."""
    for place in range(task.first[unit], task.first[unit + 1]):
        if task.partners[place] == other:
            return float(task.costs[place])
    return 0.0


@inner
def lack(task: Task, held: npt.NDArray[np.int64], unit: int) -> float:
    """Measure how the budgets draw a unit to part 1, when that holds `held` of each."""
    drawn = 0.0
    for budget in range(len(held)):
        if held[budget] < task.lower[budget]:
            drawn += task.prices[budget] * task.amounts[budget, unit]
        elif held[budget] > task.upper[budget]:
            drawn -= task.prices[budget] * task.amounts[budget, unit]
    return drawn


@kernel
def miss(task: Task, held: npt.NDArray[np.int64]) -> float:
    """Price what the budgets are missed by, when part 1 holds `held` of each."""
    price = 0.0
    for budget in range(len(held)):
        if held[budget] < task.lower[budget]:
            price += task.prices[budget] * (task.lower[budget] - held[budget])
        elif held[budget] > task.upper[budget]:
            price += task.prices[budget] * (held[budget] - task.upper[budget])
    return price


@kernel
def hold(task: Task, plan: Assignment) -> npt.NDArray[np.int64]:
    """Add up what part 1 holds of each budget, shape ``(n_budgets,)``."""
    held = np.zeros(len(task.lower), np.int64)
    for budget in range(len(held)):
        for unit in range(len(plan)):
            if plan[unit] == 1:
                held[budget] += task.amounts[budget, unit]
    return held


@kernel
def flip_gain(task: Task, plan: Assignment, unit: int, held: npt.NDArray[np.int64]) -> float:
    """Measure what it adds to the value when one unit changes sides."""
    side = 1 - 2 * plan[unit]
    gain = float(side * task.weights[unit])
    for place in range(task.first[unit], task.first[unit + 1]):
        if plan[task.partners[place]] == plan[unit]:
            gain -= task.costs[place]
        else:
            gain += task.costs[place]
    if len(held) > 0:
        before = miss(task, held)
        for budget in range(len(held)):
            held[budget] += side * task.amounts[budget, unit]
        gain += before - miss(task, held)
        for budget in range(len(held)):
            held[budget] -= side * task.amounts[budget, unit]
    return gain


@kernel
def total(task: Task, plan: Assignment) -> float:
    """Add up the weights of part 1, less the costs of edges and the prices of missed budgets."""
    value = 0
    for unit in range(len(plan)):
        if plan[unit] == 1:
            value += task.weights[unit]
    n_budgets = len(task.most_cut)
    held = np.zeros(n_budgets, np.int64)
    for unit in range(len(plan)):
        if plan[unit] == 1:  # every pair is met twice, once from part 1
            for place in range(task.first[unit], task.first[unit + 1]):
                if plan[task.partners[place]] == 0:
                    value -= task.own_costs[place]
                    for budget in range(n_budgets):
                        held[budget] += task.cut_amounts[budget, place]
    missed = miss(task, hold(task, plan))
    for budget in range(n_budgets):
        missed += task.cut_prices[budget] * max(0, held[budget] - task.most_cut[budget])
    return float(value) - missed
