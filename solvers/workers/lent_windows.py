"""Regions of a large map on many processes: who searches which, and what comes of it.

A region is lent with what lies around it as it is in the best plan. What a worker changes there is
taken over into the best plan as it is by then, where the whole is a plan and better: regions that
touch may spoil each other, and cost no more than their time. So does a worker that dies, since
nothing waits for an answer, and nothing that is proven rests on one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from solvers.loops import compile_loops
from solvers.model import Model
from solvers.params import SearchParams
from solvers.primal.windows import Drawn, Window, Windows, search_region
from solvers.workers.calls import ATTEMPTS, POLL, Calls, Workers
from solvers.workers.messages import packed
from solvers.workers.worker import answered


class RegionTask(NamedTuple):
    """A region on its way to a worker; None for one who is asked whether it is there."""

    window: Window | None
    params: SearchParams


class RegionReply(NamedTuple):
    """What a worker says of a region.

    Parameters
    ----------
    found
        Best plan of its problem, a bit for each unit.
    n_windows, effort
        Windows that were searched, and what they took.
    failure
        What went wrong that must not: a traceback; empty where nothing has.
    """

    found: bytes = b""
    n_windows: int = 0
    effort: float = 0.0
    failure: str = ""


def search(message: bytes) -> bytes:
    """Search the region of a message, a :class:`RegionTask`, and say what came of it."""
    return answered(message, _answer, lambda failure: RegionReply(failure=failure))


def _answer(task: RegionTask) -> RegionReply:
    compile_loops()
    if task.window is None:
        return RegionReply()
    searched = search_region(task.window, Model(task.window.problem, params=task.params))
    return RegionReply(np.packbits(searched.found).tobytes(), searched.n_windows, searched.effort)


@dataclass(slots=True, eq=False)
class LentWindows:
    """Has workers search regions of a large model.

    Parameters
    ----------
    windows
        The search, which holds the best plan. It goes on here until the first worker answers, who
        are a second and more from being there, and where none is left.
    workers
        Who searches regions.

    Attributes
    ----------
    n_lost
        Regions whose worker died.
    """

    windows: Windows
    workers: Workers
    n_lost: int = 0
    _n_deaths: int = 0
    """Since the last answer."""
    _is_greeted: bool = False
    _calls: Calls[Drawn] = field(init=False)

    def __post_init__(self) -> None:
        self._calls = Calls(self.workers)

    def run(self, effort: float) -> None:
        """Go on until every worker has made an effort on average, or the search is to end.

        Raises
        ------
        InternalError
            When a worker fails.
        """
        windows, stop = self.windows, self.windows.whole.model.stop
        left = effort
        while left > 0 and not stop.is_set():
            before = windows.effort
            has_answer = self._collect()
            self._lend()
            n_lent = self._calls.n_lent
            if not n_lent:
                windows.run()
            elif not has_answer:
                time.sleep(POLL)
            left -= (windows.effort - before) / max(1, n_lent)

    def finish(self) -> None:
        """Take what has been answered by now, and forget the rest."""
        self._collect()
        self._calls.forget()

    def _lend(self) -> None:
        """Lend a region to every worker, and one more for the first that is done."""
        calls = self._calls
        if calls.is_deserted or not self.windows.has_choice:
            return
        n_workers = self.workers.n_workers
        if not self._is_greeted:
            self._is_greeted = True
            for _ in range(n_workers):
                self._submit(None)
        while calls.is_heard and not calls.is_deserted and calls.n_under_way <= n_workers:
            self._submit(self.windows.draw())

    def _submit(self, drawn: Drawn | None) -> None:
        params = self.windows.whole.model.params
        task = RegionTask(None if drawn is None else drawn.window, params)
        self._calls.submit(search, packed(task), drawn)

    def _collect(self) -> bool:
        """Take over what has been answered; say whether anything was."""
        ended = self._calls.collect()
        is_loss = False
        for drawn, reply in ended:
            if reply is None:
                self.n_lost += drawn is not None
                is_loss = True
                continue
            self._n_deaths = 0
            if drawn is not None:
                bits = np.frombuffer(reply.found, np.uint8)
                found = np.unpackbits(bits, count=drawn.window.problem.n_units)
                self.windows.take(drawn, found.astype(np.int8), reply.n_windows, reply.effort)
        # Where all die with one of them, that is one death; regions that kill whoever takes them
        # would be lent for ever.
        self._n_deaths += is_loss
        if self._n_deaths >= ATTEMPTS:
            self._calls.is_deserted = True
        return bool(ended)
