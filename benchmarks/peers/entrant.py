"""The process of one peer: ``python -m peers.entrant PEER TASK TRACE SECONDS``.

Every peer has a process of its own, since some of the libraries cannot be imported together, and
so that none of them takes memory or time from another. The clock starts when the problem is in
memory and the peer's libraries are loaded, which for this package means its compiled loops;
building a model counts.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import warnings
from enum import StrEnum
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.problem import Problem


class Ending(StrEnum):
    """How the run of a peer ended."""

    OPTIMAL = "optimal"
    """It says that it has proven its plan optimal."""
    FINISHED = "finished"
    """A heuristic came to its own end."""
    STOPPED = "stopped"
    """At the time limit."""
    IMPOSSIBLE = "not run"
    """The problem cannot be stated so, or not in this memory."""
    FAILED = "failed"
    """With an error."""


class Task(NamedTuple):
    """What a peer gets."""

    problem: Problem
    start: npt.NDArray[np.int8]
    roots: tuple[int, int] | None
    seed: int


class Reporter:
    """Writes what a peer finds, with the time, one JSON document a line."""

    def __init__(self, file: IO[str], seconds: float) -> None:
        self._file = file
        self._limit = seconds
        self._bound: int | None = None
        self._started = time.perf_counter()
        self._write()

    @property
    def elapsed(self) -> float:
        """Seconds since the clock started."""
        return time.perf_counter() - self._started

    @property
    def limit(self) -> float:
        """Seconds in all."""
        return self._limit

    @property
    def left(self) -> float:
        """Seconds left."""
        return self._limit - self.elapsed

    def plan(self, assignment: npt.NDArray[np.int8]) -> None:
        """Report a plan, shape ``(n_units,)``; the referee judges it."""
        self._write(plan=np.packbits(assignment.astype(bool)).tobytes().hex())

    def bound(self, bound: int) -> None:
        """Report a bound, where it is new."""
        if bound != self._bound:
            self._bound = bound
            self._write(bound=bound)

    def end(self, ending: Ending, note: str = "") -> None:
        """Say how the run ended."""
        self._write(ending=ending.value, note=note, memory=_most_megabytes())

    def _write(self, **what: object) -> None:
        print(json.dumps({"seconds": round(self.elapsed, 3), **what}), file=self._file, flush=True)


def _most_megabytes() -> int:
    """Most memory this process has held; 0 where the system does not tell as Linux does.

    What ``getrusage`` tells goes back to the process that started this one.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    held = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(held[0]) // 1024 if held else 0


def write_task(path: Path, task: Task) -> None:
    """Save what a peer gets, for :func:`read_task` in another process."""
    np.savez(
        path,
        gains=task.problem.gains,
        edges=task.problem.edges,
        fixed=task.problem.fixed,
        start=task.start,
        roots=np.array(task.roots or (), np.int64),
        seed=task.seed,
    )


def read_task(path: Path) -> Task:
    """Load what :func:`write_task` saved."""
    with np.load(path) as file:
        problem = Problem(file["gains"], file["edges"], file["fixed"])
        roots = tuple(file["roots"].tolist())
        given = (roots[0], roots[1]) if roots else None
        return Task(problem, file["start"], given, int(file["seed"]))


def main() -> None:
    """Run one peer."""
    from peers.roster import ROSTER  # noqa: PLC0415 - the roster needs this module

    name, task_path, trace_path, seconds = sys.argv[1:]
    peer, task = ROSTER[name], read_task(Path(task_path))
    with Path(trace_path).open("w") as file:
        warnings.simplefilter("ignore")  # those of other packages about their own future
        module = importlib.import_module(peer.module)
        if hasattr(module, "load"):
            module.load()
        run = getattr(module, peer.function)
        run(*peer.options, task, Reporter(file, float(seconds)))


if __name__ == "__main__":
    main()
