"""Search for good plans: ruin a small region, rebuild it at random, keep both parts connected.

One iteration frees a ball of units around a random spot of the frontier, or around a stranded unit,
sends each of them to the part it gains in (with noise, and with the relaxation's opinion), and
repairs what that tore: pieces cut off from their part are joined to it by cheapest paths where they
are worth the way, and change sides where not. Single flips then polish the plan, and simulated
annealing decides whether it replaces the current one.

Ruin and recreate is due to [1]_. Plain annealing by single flips gets stuck far below: to reach a
city behind ten counties of the other colour, ten flips have to lose before one gains.

References
----------
.. [1] G. Schrimpf, J. Schneider, H. Stamm-Wilbrandt, G. Dueck, "Record breaking optimization
   results using the ruin and recreate principle", Journal of Computational Physics 159 (2000)
   139-171, doi:10.1006/jcph.1999.6413
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from solvers.graphs.kernel import inner, kernel
from solvers.primal.repair import repair
from solvers.primal.task import Assignment, Task, hold, lack, pull, total


@kernel
def draw_ball(
    task: Task,
    plan: Assignment,
    is_around_stranded: bool,
    largest: int,
    ball: npt.NDArray[np.int32],
) -> int:
    """Draw a ball around a random unit of the frontier, or a stranded one; return its size.

    A city that its nation gave up is surrounded by the other, far from any frontier, so balls on
    the frontier alone never try the way to it again. Where no such unit is met, any unit will do.
    """
    start, neighbours = task.start, task.neighbours
    n_units = len(plan)
    centre = 0
    for _ in range(200):
        centre = np.random.randint(n_units)  # noqa: NPY002 - numba's own generator
        is_wanted = False
        if is_around_stranded:
            is_wanted = (task.weights[centre] > 0) != (plan[centre] == 1)
        else:
            for arc in range(start[centre], start[centre + 1]):
                is_wanted = is_wanted or plan[neighbours[arc]] != plan[centre]
        if is_wanted:
            break
    log_size = np.random.uniform(math.log(8.0), math.log(max(9.0, largest)))  # noqa: NPY002
    size = min(n_units, int(math.exp(log_size)))
    is_in = np.zeros(n_units, np.bool_)
    ball[0] = centre
    is_in[centre] = True
    first, last = 0, 1
    while first < last < size:
        unit = ball[first]
        first += 1
        for arc in range(start[unit], start[unit + 1]):
            other = neighbours[arc]
            if not is_in[other] and last < size:
                is_in[other] = True
                ball[last] = other
                last += 1
    return last


@inner
def replace_plan(plan: Assignment, other: Assignment) -> None:
    """Write one plan over another; an assignment of slices compiles a message for other shapes."""
    for unit in range(len(plan)):
        plan[unit] = other[unit]


@kernel
def walk(
    task: Task,
    bias: npt.NDArray[np.float64],
    current: Assignment,
    best: Assignment,
    seed: int,
    n_iterations: int,
    hot: float,
    cold: float,
    largest_ball: int,
    stranded: float,
) -> None:
    """Run iterations from `current`, cooling from `hot` to `cold`; both plans change in place.

    The search may end between two of them, or in the middle of one, which is then forgotten.

    Parameters
    ----------
    bias
        Added to each unit's weight when it is drawn anew, shape ``(n_units,)``.
    current, best
        Plans whose parts have no more pieces than they may, shape ``(n_units,)``.
    hot, cold
        Annealing temperatures in units of the objective.
    largest_ball
        Most units freed at once.
    stranded
        Share of the balls that lie around a stranded unit, instead of one of the frontier.
    """
    np.random.seed(seed)  # noqa: NPY002 - numba's own generator
    weights = task.weights
    n_units = len(weights)
    plan = current.copy()
    ball = np.empty(n_units, np.int32)
    noise = np.ones(n_units)
    value, best_value = total(task, current), total(task, best)
    for iteration in range(n_iterations):
        temperature = hot * (cold / hot) ** (iteration / n_iterations)
        replace_plan(plan, current)
        is_around_stranded = np.random.random() < stranded  # noqa: NPY002
        size = draw_ball(task, current, is_around_stranded, largest_ball, ball)
        spread = 0.8 * np.random.random()  # noqa: NPY002
        detour = np.random.random()  # noqa: NPY002
        held = hold(task, current)
        for index in range(size):
            unit = ball[index]
            wish = weights[unit] * (1.0 + spread * np.random.normal()) + bias[unit]  # noqa: NPY002
            wish += pull(task, plan, unit) + lack(task, held, unit)
            plan[unit] = 1 if wish > 0 else 0
            noise[unit] = math.exp(detour * np.random.normal())  # noqa: NPY002
        repair(
            task,
            noise,
            plan,
            np.random.randint(2),  # noqa: NPY002
            np.random.random() < 0.5,  # noqa: NPY002
        )
        if task.stop[0]:
            break
        for index in range(size):
            noise[ball[index]] = 1.0
        new = total(task, plan)
        if new >= value or np.random.random() < math.exp((new - value) / temperature):  # noqa: NPY002
            replace_plan(current, plan)
            value = new
            if value > best_value:
                best_value = value
                replace_plan(best, plan)
