"""Compile the inner loops before a search begins, once after an installation.

That takes twenty seconds of computing, in which no clock should tick and Ctrl-C should work at
once. The loops are kept on the disk (:mod:`solvers.graphs.kernel_cache`), so two processes compile
half of them each while this one waits, and looks ahead (:mod:`solvers.lookahead`). It reads what
they have kept, as every later process does, and compiles here what is missing then: all of it where
nothing can be kept or no process can be started.

A helper is ``python -m solvers.loops NAME``, which imports nothing of the program that is running;
a process that is a helper of others itself starts none.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import numba
import numpy as np

from solvers.graphs.ascent import ascend, reach_forward, surround
from solvers.graphs.graph import label_pieces
from solvers.graphs.kernel import is_kept
from solvers.graphs.kernel_cache import NotCompiled, compiled_only
from solvers.graphs.paths import spread_ways
from solvers.model import Model
from solvers.primal.walker import Walker
from solvers.problem import Budget, Problem
from solvers.rows.chains import chain_rows
from solvers.rows.joints import joint_rows
from solvers.rows.potentials import potential_row
from solvers.rows.separators import separator_rows

WIDTH = 5
POLL = 0.1
"""Seconds between two looks at the helpers."""
NICE = 5
"""How much a helper gives way to the process that looks ahead meanwhile."""

MOST_INTERPRETED = 5_000
"""Most units of a graph on which Python finds cheapest ways in less time than it compiles them."""

_is_ready = threading.Event()
"""Set once all loops are there in this process."""
_begun: list[subprocess.Popen[bytes]] = []
"""Helpers that no search waits for yet."""


class Compilation:
    """Helpers that compile, if anything is to be compiled and helpers are of use.

    Parameters
    ----------
    helpers
        The processes.

    Examples
    --------
    >>> compile_loops()
    >>> with Compilation.begin() as compilation:
    ...     compilation.is_under_way
    False
    """

    def __init__(self, helpers: Sequence[subprocess.Popen[bytes]] = ()) -> None:
        self._helpers = helpers

    @classmethod
    def begin(cls) -> Self:
        """Read the loops, or have them compiled: by helpers, or else here and now."""
        helpers = _begun.copy()
        _begun.clear()
        if _is_ready.is_set():
            _end(helpers)
            return cls()
        if not helpers and _are_read():
            return cls()
        if not helpers and _may_have_helpers():
            helpers = _start_helpers()
        if not helpers:
            _call_all()
        return cls(helpers)

    @property
    def is_under_way(self) -> bool:
        """Whether a helper is at work."""
        return any(helper.poll() is None for helper in self._helpers)

    def finish(self) -> None:
        """Wait for the helpers, read what they have kept, and compile here what is missing."""
        for helper in self._helpers:
            helper.wait()
        if self._helpers:
            _call_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _end(self._helpers)


def compile_loops(should_stop: Callable[[], bool] = lambda: False) -> None:
    """See that every loop is compiled before this returns.

    Parameters
    ----------
    should_stop
        Asked several times a second while helpers are at work; True leaves it at what they have.
    """
    with Compilation.begin() as compilation:
        while compilation.is_under_way:
            if should_stop():
                return
            time.sleep(POLL)
        compilation.finish()


def compile_early() -> None:
    """Have helpers begin, if they are of any use, for a search that comes later.

    Where no search comes after all, they are ended with this process.
    """
    if not (_is_ready.is_set() or _begun or _are_read()) and _may_have_helpers():
        _begun.extend(_start_helpers())


def compile_first(n_units: int) -> None:
    """Compile here what every search begins with: half a second of computing.

    The ways to roots are left to Python on a graph on which that is quicker.
    """
    model = _grid()
    if n_units > MOST_INTERPRETED:
        _call_first(model)


def _grid() -> Model:
    """State a small grid in which every loop has something to do."""
    number = np.arange(WIDTH * WIDTH).reshape(WIDTH, WIDTH)
    across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    down = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    edges = np.concatenate([across, down])
    gains = np.stack([number.ravel() % 3, number.ravel() % 4], axis=1)
    problem = Problem(
        gains,
        edges[np.lexsort(edges.T[::-1])],
        edge_costs=np.ones(len(edges), np.int64),
        budgets=(Budget(np.ones(len(gains), np.int64), lower=1, price=1),),
    )
    return Model(problem)


def _call_first(model: Model) -> None:
    """Find cheapest ways; the model has labelled pieces."""
    costs, sources = np.ones(model.n_units, np.int64), np.zeros(1, np.int64)
    spread_ways(model.graph.start, model.graph.neighbours, costs, sources)


def _call_walk(model: Model) -> None:
    """Look for plans: mend one, and walk."""
    Walker(model, 0).run()


def _call_rows(model: Model) -> None:
    """Look for rows, those first that are sought first."""
    column = np.arange(model.n_units) % WIDTH
    values = np.zeros(model.n_columns)
    values[: model.n_units] = np.where(column == WIDTH - 1, 0.9, 0.1)
    roots = np.array([0], np.int32)
    list(separator_rows(model, values, 1, roots, 0.05, 0.01))
    # Chains are sought around what is absent.
    absent = np.where(np.arange(model.n_columns) == 1, 0.0, values)
    list(chain_rows(model, absent, 1, roots, 0.05, 0.01))
    list(joint_rows(model, values, 1, roots, 0.05, 0.01))
    _call_first(model)  # which Python does meanwhile
    _call_ascent(model)


def _call_ascent(model: Model) -> None:
    """Bound by dual ascent."""
    units = np.arange(model.n_units)
    targets = np.array([model.n_units - 1], np.int32)
    graph, may_join = model.graph, units != 1
    left = np.repeat(units.astype(np.int64), graph.degrees)
    potential = ascend(
        graph.start,
        graph.neighbours,
        may_join,
        units == 0,
        left,
        targets,
        np.full(1, 9, np.int64),
        np.ones(1),
        9,
        model.stop.flag,
    )
    reach_forward(graph.start, graph.neighbours, graph.reverse, may_join, units == 0, left)
    surround(graph.start, graph.neighbours, may_join, potential)
    potential_row(model, 1, (model.n_units - 1,), potential)


GROUPS: dict[str, Callable[[Model], None]] = {"walk": _call_walk, "rows": _call_rows}
"""What one helper compiles: halves of the work, that share hardly any loop."""


def _call_all() -> None:
    """Call every loop once: what is kept is read, what is not is compiled."""
    model = _grid()
    for call in GROUPS.values():
        call(model)
    _is_ready.set()


def _are_read() -> bool:
    """Whether all loops were kept; they are ready then."""
    try:
        with compiled_only():
            _call_all()
    except NotCompiled:
        return False
    return True


def _may_have_helpers() -> bool:
    """Whether helpers can be of use: what they compile is kept, and this is Python's own program.

    Workers of a study are many already, and an application that embeds Python names itself as its
    interpreter.
    """
    return (
        is_kept(label_pieces)
        and multiprocessing.parent_process() is None
        and threading.current_thread() is threading.main_thread()
        and Path(sys.executable or "").name.lower().startswith("python")
    )


def _start_helpers() -> list[subprocess.Popen[bytes]]:
    """Start a process for each half, or one for both on a single core; none where none starts."""
    names = list(GROUPS)
    shares = [[name] for name in names] if _n_cores() > 1 else [names]
    room = str(Path(__file__).resolve().parents[1])
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [room, os.environ.get("PYTHONPATH")])),
    }
    if numba.config.CACHE_DIR:
        environment["NUMBA_CACHE_DIR"] = numba.config.CACHE_DIR
    helpers: list[subprocess.Popen[bytes]] = []
    try:
        for share in shares:
            helpers.append(  # noqa: PERF401 - those that have started are ended below
                subprocess.Popen(
                    # The folder that somebody works in is no place to import from.
                    [sys.executable, "-P", "-m", "solvers.loops", *share],
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C is for the program, which ends its helpers
                )
            )
    except OSError:
        _end(helpers)
        return []
    return helpers


def _end(helpers: Sequence[subprocess.Popen[bytes]]) -> None:
    """End helpers that are still at work; what they have kept by now is whole."""
    for helper in helpers:
        helper.kill()
        helper.wait()


@atexit.register
def _end_early() -> None:
    """Leave no helper behind that no search has waited for."""
    _end(_begun)


def _n_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _help(names: Sequence[str]) -> None:
    """Compile some groups, giving way to the process that waits for them."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    model = _grid()
    for name in names:
        GROUPS[name](model)


if __name__ == "__main__":
    _help(sys.argv[1:])
