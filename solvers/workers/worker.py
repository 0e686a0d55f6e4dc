"""A worker of an exact search: works on one case after another, and keeps what it can use again.

It holds the model of a problem, which it is sent once, and the relaxation of the last case, so that
the linear program of the next one goes on from there.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from solvers.exact.branch_and_cut import BranchAndCut
from solvers.exact.subtree import Subtree
from solvers.loops import compile_loops
from solvers.model import Model
from solvers.workers.messages import (
    Reader,
    Reply,
    Task,
    pack_subtree,
    packed,
    unpack_case,
    unpacked,
)

MOST_PROBLEMS = 4
"""Problems that a worker holds: landmasses of one search, as a rule, and those of the last one."""


@dataclass(slots=True, eq=False)
class _Held:
    """A search that the next one goes on from."""

    exact: BranchAndCut
    rows: Reader


_problems: dict[str, bytes] = {}
_idle: dict[str, list[_Held]] = {}
"""By problem; several where threads of one worker are at work on it."""
_lock = Lock()


def work(message: bytes) -> bytes:
    """Work on the case of a message, and say what became of it.

    Parameters
    ----------
    message
        A :class:`solvers.workers.messages.Task`.

    Returns
    -------
    bytes
        A :class:`solvers.workers.messages.Reply`; errors are told in it, so that they cannot be
        taken for the death of a worker.
    """
    return answered(message, _answer, lambda failure: Reply(failure=failure))


def answered(
    message: bytes, answer: Callable[[Any], NamedTuple], failed: Callable[[str], NamedTuple]
) -> bytes:
    """Answer a message, or tell what went wrong in an answer as well."""
    try:
        return packed(answer(unpacked(message)))
    except MemoryError:
        raise  # as bad as a death, and another worker may have more
    except Exception:
        return packed(failed(traceback.format_exc()))


def _answer(task: Task) -> Reply:
    held = _take(task)
    if held is None:
        return Reply(lacks_problem=True)
    if task.case is None:
        compile_loops()
        subtree = None
    else:
        subtree = pack_subtree(_search(task, held))
    with _lock:
        _idle.setdefault(task.key, []).append(held)
    return Reply(subtree)


def _take(task: Task) -> _Held | None:
    """Take a search of the problem that nobody is at work on; None where there is no problem."""
    with _lock:
        if task.problem is not None and task.key not in _problems:
            _problems[task.key] = task.problem
            for key in list(_problems)[:-MOST_PROBLEMS]:
                del _problems[key]
                _idle.pop(key, None)
        if _idle.get(task.key):
            return _idle[task.key].pop()
        given = _problems.get(task.key)
    if given is None:
        return None
    problem, params = unpacked(given)
    model = Model(problem, params=params)
    return _Held(BranchAndCut(model), Reader(model))


def _search(task: Task, held: _Held) -> Subtree:
    """Search the case of a task until it is closed, or for the effort that is asked."""
    if task.case is None:
        raise ValueError("A task without a case is no search.")
    model = held.exact.model
    rows = held.rows.read(task.claims)
    node = unpack_case(task.case._replace(number=0), model.n_units, rows)
    exact = held.exact = held.exact.below(node, task.value)
    begun = exact.effort
    while not exact.is_finished and exact.effort - begun < task.effort:
        exact.step()
    cases = tuple(exact.open_cases())
    held.rows.remember(list(exact.record.rows))
    return Subtree(
        exact.record,
        cases,
        exact.incumbent,
        exact.value,
        exact.n_nodes,
        exact.n_rows,
        exact.n_splits,
        exact.effort - begun,
    )
