"""Calls of workers, who may die: what is under way, and what has become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from solvers.errors import InternalError
from solvers.workers.messages import unpacked

About = TypeVar("About")

POLL = 0.005
"""Seconds between two looks at what the workers have done."""

ATTEMPTS = 3
"""How often something is lent whose workers die; then it is worked on here."""


class LostWorkerError(Exception):
    """A worker has died, or none can be reached, and what it was at is not done."""


class Pending(Protocol):
    """A call under way."""

    def done(self) -> bool:
        """Whether it has an answer, or will never have one."""

    def result(self) -> bytes:
        """Give the answer.

        Raises
        ------
        LostWorkerError
            When there will never be one.
        """

    def cancel(self) -> object:
        """Forget the call, if it has not begun."""


class Workers(Protocol):
    """Processes that are lent to a search, here or on other machines.

    Attributes
    ----------
    n_workers
        Calls that can go on at a time; it may change.
    """

    @property
    def n_workers(self) -> int: ...  # noqa: D102 - an attribute to those who use it

    def submit(self, call: Callable[[bytes], bytes], message: bytes) -> Pending:
        """Have a function of a module called by one of them.

        Raises
        ------
        LostWorkerError
            When none can be reached any more.
        """


@dataclass(slots=True, eq=False)
class Calls(Generic[About]):
    """What workers are at.

    Parameters
    ----------
    workers
        Who is called.

    Attributes
    ----------
    is_heard
        Whether one has answered, who are a second and more from being there.
    is_deserted
        Whether none is called any more.
    """

    workers: Workers
    is_heard: bool = False
    is_deserted: bool = False
    _under_way: list[tuple[About | None, Pending]] = field(default_factory=list)

    @property
    def n_under_way(self) -> int:
        """Number of calls under way."""
        return len(self._under_way)

    @property
    def n_lent(self) -> int:
        """How many of them are about something."""
        return sum(about is not None for about, _ in self._under_way)

    def submit(self, call: Callable[[bytes], bytes], message: bytes, about: About | None) -> bool:
        """Call a worker about something, or to ask whether it is there; False where nobody is."""
        try:
            self._under_way.append((about, self.workers.submit(call, message)))
        except LostWorkerError:
            self.is_deserted = True
            return False
        return True

    def collect(self) -> list[tuple[About | None, Any]]:
        """Take the replies that have come, None from the dead, each with what it is about.

        Raises
        ------
        InternalError
            When a worker tells of an error.
        """
        before, self._under_way = self._under_way, []
        ended = list[tuple[About | None, Any]]()
        for about, pending in before:
            if not pending.done():
                self._under_way.append((about, pending))
                continue
            try:
                reply = unpacked(pending.result())
            except LostWorkerError:
                ended.append((about, None))
                continue
            if reply.failure:
                raise InternalError(f"A worker has failed. {reply.failure}")
            self.is_heard = True
            ended.append((about, reply))
        return ended

    def forget(self) -> list[About]:
        """Cancel what is under way, and list what that was about."""
        before, self._under_way = self._under_way, []
        for _, pending in before:
            pending.cancel()
        return [about for about, _ in before if about is not None]
