"""Search for good plans: ruin a small region, rebuild it at random, keep both parts connected.

One iteration frees a ball of units around a random spot of the frontier, sends each of them to
the part it gains in (with noise, and with the relaxation's opinion), and repairs what that tore:
pieces cut off from their part are joined to it by cheapest paths where they are worth the way, and
change sides where not. Single flips then polish the plan, and simulated annealing decides whether
it replaces the current one.

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

from solvers.graph import label_pieces
from solvers.kernel import kernel

Assignment = npt.NDArray[np.int8]


@kernel
def heap_push(
    keys: npt.NDArray[np.float64], units: npt.NDArray[np.int32], size: int, key: float, unit: int
) -> int:
    """Insert into a binary heap and return its new size."""
    hole = size
    while hole > 0:
        parent = (hole - 1) >> 1
        if keys[parent] <= key:
            break
        keys[hole] = keys[parent]
        units[hole] = units[parent]
        hole = parent
    keys[hole] = key
    units[hole] = unit
    return size + 1


@kernel
def heap_pop(keys: npt.NDArray[np.float64], units: npt.NDArray[np.int32], size: int) -> int:
    """Remove the first entry of a binary heap and return its new size."""
    size -= 1
    key, unit = keys[size], units[size]
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[hole] = keys[child]
        units[hole] = units[child]
        hole = child
    keys[hole] = key
    units[hole] = unit
    return size


@kernel
def main_piece(
    labels: npt.NDArray[np.int32],
    n_pieces: int,
    weights: npt.NDArray[np.int64],
    plan: Assignment,
    part: int,
) -> int:
    """Find the piece of a part with the most absolute weight, or -1 where the part is empty."""
    mass = np.zeros(n_pieces, np.int64)
    main = -1
    for unit in range(len(weights)):
        if plan[unit] == part:
            piece = labels[unit]
            mass[piece] += abs(weights[unit]) + 1
            if main < 0 or mass[piece] > mass[main]:
                main = piece
    return main


@kernel
def absorb_pockets(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    weights: npt.NDArray[np.int64],
    plan: Assignment,
    part: int,
    labels: npt.NDArray[np.int32],
) -> None:
    """Let all pieces of a part but the main one change sides: that tears nothing else."""
    n_pieces = label_pieces(start, neighbours, plan, labels)
    main = main_piece(labels, n_pieces, weights, plan, part)
    for unit in range(len(weights)):
        if plan[unit] == part and labels[unit] != main:
            plan[unit] = 1 - part


@kernel
def join_pieces(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    weights: npt.NDArray[np.int64],
    noise: npt.NDArray[np.float64],
    plan: Assignment,
    part: int,
    labels: npt.NDArray[np.int32],
) -> None:
    """Join the pieces of a part to the main one where that pays, and let the others change sides.

    Dijkstra's search grows from the main piece; a unit of the other part costs what it loses,
    times its noise. A piece reached for less than it gains joins, with the way to it.
    """
    n_units = len(weights)
    n_pieces = label_pieces(start, neighbours, plan, labels)
    main = main_piece(labels, n_pieces, weights, plan, part)
    if main < 0:
        return
    sign = 1 if part == 1 else -1
    gain = np.zeros(n_pieces)
    is_open = np.zeros(n_pieces, np.bool_)
    for unit in range(n_units):
        if plan[unit] == part:
            gain[labels[unit]] += sign * weights[unit]
            is_open[labels[unit]] = True
    is_open[main] = False
    most, n_open = 0.0, 0
    for piece in range(n_pieces):
        is_open[piece] = is_open[piece] and gain[piece] > 0
        if is_open[piece]:
            n_open += 1
            most = max(most, gain[piece])
    distance = np.full(n_units, np.inf)
    origin = np.full(n_units, -1, np.int32)
    keys = np.empty(2 * len(neighbours) + 4 * n_units + 4)
    heap = np.empty(len(keys), np.int32)
    stack = np.empty(n_units, np.int32)
    size = 0
    for unit in range(n_units):
        if plan[unit] == part and labels[unit] == main:
            distance[unit] = 0.0
            size = heap_push(keys, heap, size, 0.0, unit)
    while size > 0 and n_open > 0 and keys[0] <= most:
        reach, unit = keys[0], heap[0]
        size = heap_pop(keys, heap, size)
        if reach > distance[unit]:
            continue
        piece = labels[unit]
        if plan[unit] == part and is_open[piece] and gain[piece] > reach:
            is_open[piece] = False
            n_open -= 1
            step = origin[unit]
            while step >= 0 and distance[step] > 0:
                plan[step] = part
                distance[step] = 0.0
                size = heap_push(keys, heap, size, 0.0, step)
                step = origin[step]
            distance[unit] = 0.0
            stack[0] = unit
            height = 1
            while height > 0:
                height -= 1
                member = stack[height]
                size = heap_push(keys, heap, size, 0.0, member)
                for arc in range(start[member], start[member + 1]):
                    other = neighbours[arc]
                    if labels[other] == piece and distance[other] > 0:
                        distance[other] = 0.0
                        stack[height] = other
                        height += 1
            continue
        for arc in range(start[unit], start[unit + 1]):
            other = neighbours[arc]
            cost = 0.0
            if plan[other] != part:
                cost = max(1.0, -sign * weights[other]) * noise[other]
            if reach + cost < distance[other] and size < len(keys):
                distance[other] = reach + cost
                origin[other] = unit
                size = heap_push(keys, heap, size, distance[other], other)
    absorb_pockets(start, neighbours, weights, plan, part, labels)


@kernel
def is_loose(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    plan: Assignment,
    unit: int,
    mark: npt.NDArray[np.int64],
    stamp: int,
    stack: npt.NDArray[np.int32],
) -> bool:
    """Whether a unit can change sides: its own part hangs together around it, the other awaits.

    The test looks at the neighbours alone, so it may refuse a unit whose part is joined further
    away, and never allows one that tears it.
    """
    part = plan[unit]
    n_own, first = 0, -1
    for arc in range(start[unit], start[unit + 1]):
        other = neighbours[arc]
        if plan[other] == part:
            n_own += 1
            first = other
            mark[other] = stamp
    if n_own == 0 or n_own == start[unit + 1] - start[unit]:
        return False
    mark[first] = -stamp
    stack[0] = first
    height, n_reached = 1, 1
    while height > 0:
        height -= 1
        own = stack[height]
        for arc in range(start[own], start[own + 1]):
            other = neighbours[arc]
            if mark[other] == stamp:
                mark[other] = -stamp
                stack[height] = other
                height += 1
                n_reached += 1
    return n_reached == n_own


@kernel
def polish(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    weights: npt.NDArray[np.int64],
    plan: Assignment,
) -> None:
    """Flip single units that gain and tear nothing, until there is none."""
    n_units = len(weights)
    mark = np.zeros(n_units, np.int64)
    stack = np.empty(n_units, np.int32)
    queue = np.empty(n_units, np.int32)
    is_queued = np.zeros(n_units, np.bool_)
    n_queued, first, stamp = 0, 0, 0
    for unit in range(n_units):
        if weights[unit] * (1 - 2 * plan[unit]) > 0:
            queue[n_queued] = unit
            is_queued[unit] = True
            n_queued += 1
    while n_queued > 0:
        unit = queue[first]
        first = (first + 1) % n_units
        n_queued -= 1
        is_queued[unit] = False
        stamp += 1
        if not is_loose(start, neighbours, plan, unit, mark, stamp, stack):
            continue
        plan[unit] = 1 - plan[unit]
        for arc in range(start[unit], start[unit + 1]):
            other = neighbours[arc]
            if not is_queued[other] and weights[other] * (1 - 2 * plan[other]) > 0:
                queue[(first + n_queued) % n_units] = other
                is_queued[other] = True
                n_queued += 1


@kernel
def repair(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    weights: npt.NDArray[np.int64],
    noise: npt.NDArray[np.float64],
    is_contiguous: npt.NDArray[np.bool_],
    plan: Assignment,
    first_part: int,
    is_joining_both: bool,
) -> None:
    """Make both parts connected again, joining what is worth it, then polish."""
    labels = np.empty(len(weights), np.int32)
    second_part = 1 - first_part
    if is_contiguous[first_part]:
        join_pieces(start, neighbours, weights, noise, plan, first_part, labels)
    if is_contiguous[second_part]:
        if is_joining_both:
            join_pieces(start, neighbours, weights, noise, plan, second_part, labels)
        absorb_pockets(start, neighbours, weights, plan, second_part, labels)
    if is_contiguous[first_part]:
        # Absorbing one part's pockets never tears the other, so this is the last repair needed.
        absorb_pockets(start, neighbours, weights, plan, first_part, labels)
    if is_contiguous[second_part]:
        absorb_pockets(start, neighbours, weights, plan, second_part, labels)
    polish(start, neighbours, weights, plan)


@kernel
def draw_ball(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    plan: Assignment,
    largest: int,
    ball: npt.NDArray[np.int32],
) -> int:
    """Draw a ball around a random unit, on the frontier where there is one; return its size."""
    n_units = len(plan)
    centre = 0
    for _ in range(200):
        centre = np.random.randint(n_units)  # noqa: NPY002 - numba's own generator
        is_frontier = False
        for arc in range(start[centre], start[centre + 1]):
            is_frontier = is_frontier or plan[neighbours[arc]] != plan[centre]
        if is_frontier:
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


@kernel
def total(weights: npt.NDArray[np.int64], plan: Assignment) -> int:
    """Add up the weights of part 1."""
    value = 0
    for unit in range(len(weights)):
        if plan[unit] == 1:
            value += weights[unit]
    return value


@kernel
def walk(
    start: npt.NDArray[np.int32],
    neighbours: npt.NDArray[np.int32],
    weights: npt.NDArray[np.int64],
    bias: npt.NDArray[np.float64],
    is_contiguous: npt.NDArray[np.bool_],
    current: Assignment,
    best: Assignment,
    seed: int,
    n_iterations: int,
    hot: float,
    cold: float,
    largest_ball: int,
) -> None:
    """Run iterations from `current`, cooling from `hot` to `cold`; both plans change in place.

    Parameters
    ----------
    bias
        Added to each unit's weight when it is drawn anew, shape ``(n_units,)``.
    current, best
        Connected plans, shape ``(n_units,)``.
    hot, cold
        Annealing temperatures in units of the objective.
    largest_ball
        Most units freed at once.
    """
    np.random.seed(seed)  # noqa: NPY002 - numba's own generator
    n_units = len(weights)
    plan = current.copy()
    ball = np.empty(n_units, np.int32)
    noise = np.ones(n_units)
    value, best_value = total(weights, current), total(weights, best)
    for iteration in range(n_iterations):
        temperature = hot * (cold / hot) ** (iteration / n_iterations)
        plan[:] = current
        size = draw_ball(start, neighbours, current, largest_ball, ball)
        spread = 0.8 * np.random.random()  # noqa: NPY002
        detour = np.random.random()  # noqa: NPY002
        for index in range(size):
            unit = ball[index]
            wish = weights[unit] * (1.0 + spread * np.random.normal()) + bias[unit]  # noqa: NPY002
            plan[unit] = 1 if wish > 0 else 0
            noise[unit] = math.exp(detour * np.random.normal())  # noqa: NPY002
        repair(
            start,
            neighbours,
            weights,
            noise,
            is_contiguous,
            plan,
            np.random.randint(2),  # noqa: NPY002
            np.random.random() < 0.5,  # noqa: NPY002
        )
        for index in range(size):
            noise[ball[index]] = 1.0
        new = total(weights, plan)
        if new >= value or np.random.random() < math.exp((new - value) / temperature):  # noqa: NPY002
            current[:] = plan
            value = new
            if value > best_value:
                best_value = value
                best[:] = plan
