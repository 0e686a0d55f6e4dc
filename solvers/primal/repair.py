"""Bring both parts of a torn plan down to the pieces they may have, and polish the plan.

Pieces cut off from their part are joined to it by cheapest paths where they are worth the way, and
change sides where not. Single flips then take what they gain.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solvers.graphs.graph import label_pieces
from solvers.graphs.heap import heap_pop, heap_push
from solvers.graphs.kernel import inner, kernel
from solvers.primal.hanging import weigh_hanging
from solvers.primal.task import Assignment, Task, between, border, flip_gain, hold, pull


@inner
def keep_pieces(
    task: Task, labels: npt.NDArray[np.int32], n_pieces: int, plan: Assignment, part: int
) -> npt.NDArray[np.bool_]:
    """Choose the pieces that a part keeps on every landmass, shape ``(n_pieces,)``.

    The first is the one with the most absolute weight; further ones, where the part may have them,
    are those that gain most.
    """
    mass, gain = np.zeros(n_pieces), np.zeros(n_pieces)
    place = np.full(n_pieces, -1, np.int32)
    sign = 1.0 if part == 1 else -1.0
    n_landmasses = 0
    for unit in range(len(plan)):
        n_landmasses = max(n_landmasses, task.landmass[unit] + 1)
        if plan[unit] == part:
            piece = labels[unit]
            mass[piece] += abs(task.weights[unit]) + 1.0
            gain[piece] += sign * task.weights[unit]
            place[piece] = task.landmass[unit]
    is_kept = np.zeros(n_pieces, np.bool_)
    for turn in range(task.pieces[part]):
        best = np.full(n_landmasses, -1, np.int32)
        for piece in range(n_pieces):
            if place[piece] < 0 or is_kept[piece]:
                continue
            rival = best[place[piece]]
            if turn == 0:
                if rival < 0 or mass[piece] > mass[rival]:
                    best[place[piece]] = piece
            elif gain[piece] > 0.0 and (rival < 0 or gain[piece] > gain[rival]):
                best[place[piece]] = piece
        is_any = False
        for piece in best:
            if piece >= 0:
                is_kept[piece] = True
                is_any = True
        if not is_any or task.stop[0]:
            break
    return is_kept


@kernel
def absorb_pockets(task: Task, plan: Assignment, part: int, labels: npt.NDArray[np.int32]) -> None:
    """Let all pieces of a part but those it keeps change sides: that tears nothing else."""
    n_pieces = label_pieces(task.start, task.neighbours, plan, labels)
    is_kept = keep_pieces(task, labels, n_pieces, plan, part)
    for unit in range(len(plan)):
        if plan[unit] == part and not is_kept[labels[unit]]:
            plan[unit] = 1 - part


@kernel
def join_pieces(
    task: Task,
    noise: npt.NDArray[np.float64],
    plan: Assignment,
    part: int,
    labels: npt.NDArray[np.int32],
) -> None:
    """Join the pieces of a part to the kept ones where that pays; let the others change sides.

    Dijkstra's search grows from the kept pieces; a unit of the other part costs what it loses and
    what the other part loses that hangs on it, times its noise. A piece reached for less than it
    gains joins, with the way to it.
    """
    start, neighbours, weights = task.start, task.neighbours, task.weights
    n_units = len(weights)
    n_pieces = label_pieces(start, neighbours, plan, labels)
    is_kept = keep_pieces(task, labels, n_pieces, plan, part)
    sign = 1 if part == 1 else -1
    gain = np.zeros(n_pieces)
    is_open = np.zeros(n_pieces, np.bool_)
    for unit in range(n_units):
        if plan[unit] == part and not is_kept[labels[unit]]:
            # The border of a piece goes when the piece does.
            gain[labels[unit]] += sign * weights[unit] - border(task, plan, unit)
            is_open[labels[unit]] = True
    most, n_open = 0.0, 0
    for piece in range(n_pieces):
        is_open[piece] = is_open[piece] and gain[piece] > 0
        if is_open[piece]:
            n_open += 1
            most = max(most, gain[piece])
    if n_open == 0:
        absorb_pockets(task, plan, part, labels)
        return
    hanging = weigh_hanging(task, plan, 1 - part)
    distance = np.full(n_units, np.inf)
    origin = np.full(n_units, -1, np.int32)
    keys = np.empty(2 * len(neighbours) + 4 * n_units + 4)
    heap = np.empty(len(keys), np.int32)
    stack = np.empty(n_units, np.int32)
    size = 0
    for unit in range(n_units):
        if plan[unit] == part and is_kept[labels[unit]]:
            distance[unit] = 0.0
            size = heap_push(keys, heap, size, 0.0, unit)
    while size > 0 and n_open > 0 and keys[0] <= most and not task.stop[0]:
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
                lost = hanging[other] - sign * weights[other]
                if len(task.costs) > 0:
                    lost -= (2 * part - 1) * pull(task, plan, other)
                    if plan[unit] != part:  # the step before will be in the part as well
                        lost -= 2.0 * between(task, unit, other)
                cost = max(1.0, lost) * noise[other]
            if reach + cost < distance[other] and size < len(keys):
                distance[other] = reach + cost
                origin[other] = unit
                size = heap_push(keys, heap, size, distance[other], other)
    absorb_pockets(task, plan, part, labels)


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
    if start[unit] == start[unit + 1]:
        return True
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
def polish(task: Task, plan: Assignment) -> None:
    """Flip single units that gain and tear nothing, until none is left next to another flip."""
    start, neighbours = task.start, task.neighbours
    n_units = len(plan)
    mark = np.zeros(n_units, np.int64)
    stack = np.empty(n_units, np.int32)
    queue = np.empty(n_units, np.int32)
    is_queued = np.zeros(n_units, np.bool_)
    held = hold(task, plan)
    n_queued, first, stamp = 0, 0, 0
    for unit in range(n_units):
        if flip_gain(task, plan, unit, held) > 0:
            queue[n_queued] = unit
            is_queued[unit] = True
            n_queued += 1
    while n_queued > 0 and not task.stop[0]:
        unit = queue[first]
        first = (first + 1) % n_units
        n_queued -= 1
        is_queued[unit] = False
        stamp += 1
        if flip_gain(task, plan, unit, held) <= 0 or not is_loose(
            start, neighbours, plan, unit, mark, stamp, stack
        ):
            continue
        for budget in range(len(held)):
            held[budget] += (1 - 2 * plan[unit]) * task.amounts[budget, unit]
        plan[unit] = 1 - plan[unit]
        for arc in range(start[unit], start[unit + 1]):
            other = neighbours[arc]
            if not is_queued[other] and flip_gain(task, plan, other, held) > 0:
                queue[(first + n_queued) % n_units] = other
                is_queued[other] = True
                n_queued += 1
        for place in range(task.first[unit], task.first[unit + 1]):
            other = task.partners[place]
            if not is_queued[other] and flip_gain(task, plan, other, held) > 0:
                queue[(first + n_queued) % n_units] = other
                is_queued[other] = True
                n_queued += 1


@kernel
def repair(
    task: Task,
    noise: npt.NDArray[np.float64],
    plan: Assignment,
    first_part: int,
    is_joining_both: bool,
) -> None:
    """Bring both parts down to the pieces they may have, joining what is worth it, then polish.

    Once the search is to end, the plan is left as it is.
    """
    labels = np.empty(len(plan), np.int32)
    second_part = 1 - first_part
    if task.pieces[first_part]:
        join_pieces(task, noise, plan, first_part, labels)
    if task.pieces[second_part]:
        if is_joining_both:
            join_pieces(task, noise, plan, second_part, labels)
        absorb_pockets(task, plan, second_part, labels)
    if task.pieces[first_part]:
        # Absorbing one part's pockets never tears the other, so this is the last repair needed.
        absorb_pockets(task, plan, first_part, labels)
    if task.pieces[second_part]:
        absorb_pockets(task, plan, second_part, labels)
    polish(task, plan)
