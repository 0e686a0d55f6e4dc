"""Workers that are threads of this process, some of which die when they are told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from solvers.workers.calls import LostWorkerError
from solvers.workers.messages import unpacked


class Lost(Future[bytes]):
    """A call whose worker has died."""

    def result(self, timeout: float | None = None) -> bytes:
        raise LostWorkerError("It was killed.")


@dataclass
class Threads:
    """Lends threads to a search, and keeps what they were asked."""

    pool: ThreadPoolExecutor
    n_workers: int = 2
    is_deadly: Callable[[int, Any], bool] = lambda _number, _task: False
    tasks: list[Any] = field(default_factory=list)

    def submit(self, call: Callable[[bytes], bytes], message: bytes) -> Future[bytes]:
        self.tasks.append(unpacked(message))
        if self.is_deadly(len(self.tasks), self.tasks[-1]):
            lost = Lost()
            lost.set_result(b"")
            return lost
        return self.pool.submit(call, message)

    @property
    def n_cases(self) -> int:
        """How many of them were cases of a tree."""
        return sum(getattr(task, "case", None) is not None for task in self.tasks)


class Nobody(Threads):
    """Threads of which none can be reached."""

    def submit(self, call: Callable[[bytes], bytes], message: bytes) -> Future[bytes]:
        super().submit(call, message)
        raise LostWorkerError("Nobody is there.")
