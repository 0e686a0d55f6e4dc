"""Recheck what a peer reports, and say where it stands after some seconds.

Every plan is checked by the code that checks this package's own plans, and its objective is counted
anew; a plan that is torn counts as none. Bounds cannot be rechecked, but one that lies below a plan
of any peer is refuted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from peers.entrant import Ending
from peers.race import Run
from solvers.contiguity import broken_constraint
from solvers.problem import Problem
from solvers.result import relative_gap

TOLERANCE = 1.0
"""Seconds by which an answer may come late: those who look at the clock now and then are late."""


class Moment(NamedTuple):
    """A checked plan's objective, or a bound, at some time."""

    seconds: float
    objective: int | None = None
    bound: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A checked run.

    Parameters
    ----------
    moments
        In order of time.
    ended
        Seconds when the peer ended, or was ended.
    ending
        How it ended.
    note
        What it said, and what is wrong with its plans.
    megabytes
        Most memory held.
    """

    moments: tuple[Moment, ...]
    ended: float
    ending: Ending
    note: str
    megabytes: int


class Row(NamedTuple):
    """Where a peer stands after some seconds."""

    instance: str
    units: int
    edges: int
    peer: str
    seconds: float
    objective: int | None
    bound: int | None
    gap: float | None
    status: str
    ended: float
    megabytes: int
    note: str


def check(problem: Problem, run: Run, limit: float) -> Course:
    """Recheck every plan of a run that was given so many seconds."""
    moments: list[Moment] = []
    notes = [run.death] if run.death else []
    broken, n_broken = "", 0
    ended, ending, megabytes = run.seconds, Ending.FAILED, run.megabytes
    for line in run.lines:
        try:
            event = json.loads(line)
        except json.JSONDecodeError:  # the last line of a process that was ended
            continue
        if "plan" in event:
            assignment = _unpack(event["plan"], problem.n_units)
            reason = broken_constraint(problem, assignment)
            if reason is None:
                moments.append(Moment(event["seconds"], objective=problem.objective(assignment)))
            else:
                broken, n_broken = reason, n_broken + 1
        elif "bound" in event:
            moments.append(Moment(event["seconds"], bound=event["bound"]))
        elif "ending" in event:
            ended, ending = event["seconds"], Ending(event["ending"])
            megabytes = max(megabytes, event["memory"])
            notes += [event["note"]] if event["note"] else []
    if n_broken:
        notes.append(f"{n_broken} invalid plan{'s' * (n_broken > 1)}: {broken}")
    if ending is Ending.OPTIMAL and not _is_closed(moments):
        notes.append("its plan does not reach its bound")
    if ended > limit + TOLERANCE:
        notes.append(f"ended after {ended:.1f} s instead of {limit:g} s, too late to count")
    return Course(tuple(moments), ended, ending, "; ".join(notes), megabytes)


def _is_closed(moments: list[Moment]) -> bool:
    objectives = [m.objective for m in moments if m.objective is not None]
    bounds = [m.bound for m in moments if m.bound is not None]
    return bool(objectives and bounds) and max(objectives) == min(bounds)


def _unpack(plan: str, n_units: int) -> np.ndarray:
    bits = np.unpackbits(np.frombuffer(bytes.fromhex(plan), np.uint8), count=n_units)
    return bits.astype(np.int8)


def stand(instance: str, problem: Problem, peer: str, course: Course, seconds: float) -> Row:
    """Say where a peer stands after some seconds."""
    reached = [moment for moment in course.moments if moment.seconds <= seconds + TOLERANCE]
    objective = max((m.objective for m in reached if m.objective is not None), default=None)
    bound = min((m.bound for m in reached if m.bound is not None), default=None)
    is_over = course.ended <= seconds + TOLERANCE
    return Row(
        instance,
        problem.n_units,
        len(problem.edges),
        peer,
        seconds,
        objective,
        bound,
        relative_gap(objective, bound),
        course.ending.value if is_over else "searching",
        round(course.ended, 2),
        course.megabytes,
        course.note,
    )
