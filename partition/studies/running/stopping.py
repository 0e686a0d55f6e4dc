"""Ctrl-C while a study is under way: every run ends its search, and keeps the best plan it has.

Runs are made in other processes, and perhaps on other machines, so what tells them to end is a file
beside the runs, which all of them see. A process of this machine hears of Ctrl-C as well, since a
terminal sends it to all of them, and leaves it to the file.
"""

from __future__ import annotations

import os
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

ONE_PRESS = 0.25
"""Seconds within which a second signal is the same Ctrl-C."""


class Stop:
    """What tells the runs of a study that it is to end.

    Parameters
    ----------
    runs
        Folder of the bundles.
    """

    def __init__(self, runs: Path) -> None:
        self.file = runs / f".stop-{os.getpid()}-{uuid.uuid4().hex[:12]}"
        self.is_searching = False
        self._pressed: float | None = None

    @property
    def is_pressed(self) -> bool:
        """Whether the study is to end."""
        return self._pressed is not None

    def press(self, _signal: int, _frame: object) -> None:
        """End the searches that are under way; before them, and pressed again, everything.

        Raises
        ------
        KeyboardInterrupt
            Where no search is under way, or for the second time.
        """
        if self._pressed is not None and time.monotonic() - self._pressed <= ONE_PRESS:
            return
        if not self.is_searching or self._pressed is not None:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            raise KeyboardInterrupt
        self._pressed = time.monotonic()
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.touch()


_CURRENT: ContextVar[Stop | None] = ContextVar("stop", default=None)


def current() -> Stop | None:
    """Give what ends the study under way; None where Ctrl-C ends the program at once."""
    return _CURRENT.get()


@contextmanager
def ctrl_c_ends_the_runs(runs: Path) -> Iterator[Stop]:
    """Have Ctrl-C end the runs of a study in good order, and a second one the program."""
    stop = Stop(runs)
    token = _CURRENT.set(stop)
    previous = signal.signal(signal.SIGINT, stop.press)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, previous)
        _CURRENT.reset(token)
        with suppress(OSError):
            stop.file.unlink(missing_ok=True)


@contextmanager
def searching() -> Iterator[Stop | None]:
    """Mark that runs are under way, and end the study after them where it is to end.

    Raises
    ------
    KeyboardInterrupt
        When Ctrl-C was pressed meanwhile.
    """
    stop = current()
    if stop is None:
        yield None
        return
    stop.is_searching = True
    try:
        yield stop
    finally:
        stop.is_searching = False
    if stop.is_pressed:
        raise KeyboardInterrupt


def leave_ctrl_c_to_the_file() -> None:
    """Have a process that makes runs for another one not end by Ctrl-C itself."""
    is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_ours and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
