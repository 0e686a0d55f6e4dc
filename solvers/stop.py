"""How a search is told to end, wherever it is: in Python, in compiled loops, or in a library.

One :class:`Stop` belongs to one search, and all its models carry it. Whoever ends the search sets
it, from any thread, and whatever takes long looks at it:

- Python calls :meth:`Stop.check` between two steps, which raises :class:`Halted`; what holds the
  state of the search catches that, so that what is proven and found by then stands;
- compiled loops look at :attr:`Stop.flag` once a round, and leave what they did unfinished: their
  caller checks before it uses it;
- linear programs are solved with :attr:`Stop.interrupter`;
- what can be ended in none of these ways runs in a thread of its own, by :func:`abandoning`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import Event, Thread
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from ortools.util.python.solve_interrupter import SolveInterrupter

POLL = 0.05
"""Seconds between two looks at a call that may have to be abandoned."""
EVERY = 256
"""Items of a loop between two looks at the flag."""

Flag = npt.NDArray[np.bool_]
Item = TypeVar("Item")
Value = TypeVar("Value")


class Halted(Exception):  # noqa: N818 - nothing went wrong
    """The search was told to end while something was under way."""


class Stop:
    """Tells every step of a search, in whatever thread, that it is to end.

    Attributes
    ----------
    flag
        For compiled loops: true in its one place once the search is to end, shape ``(1,)``.
    interrupter
        For linear programs.
    """

    __slots__ = ("flag", "interrupter")

    def __init__(self) -> None:
        self.flag: Flag = np.zeros(1, np.bool_)
        self.interrupter = SolveInterrupter()

    def set(self) -> None:
        """End the search; there is no way back."""
        self.flag[0] = True
        self.interrupter.interrupt()

    def is_set(self) -> bool:
        """Whether the search is to end."""
        return bool(self.flag[0])

    def check(self) -> None:
        """Raise :class:`Halted` once the search is to end."""
        if self.flag[0]:
            raise Halted

    def checking(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield items, and raise :class:`Halted` between two of them once the search is to end.

        Examples
        --------
        >>> list(Stop().checking("ab"))
        ['a', 'b']
        """
        for number, item in enumerate(items):
            if number % EVERY == 0:
                self.check()
            yield item


def abandoning(call: Callable[[], Value], stop: Stop) -> Value:
    """Make a call that cannot be ended, and leave it to itself once the search is to end.

    Its thread then runs on until it is done, keeps no process from ending, and what it returns is
    forgotten: only for calls that change nothing and come to an end.

    Raises
    ------
    Halted
        When the search is to end before the call is done.

    Examples
    --------
    >>> abandoning(lambda: 6 * 7, Stop())
    42
    """
    outcome: list[Value] = []
    errors: list[BaseException] = []
    is_done = Event()

    def run() -> None:
        try:
            outcome.append(call())
        except BaseException as error:
            errors.append(error)
        finally:
            is_done.set()

    Thread(target=run, daemon=True).start()
    while not is_done.wait(POLL):
        stop.check()
    if errors:
        raise errors[0]
    return outcome[0]
