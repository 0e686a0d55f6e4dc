"""Independent tasks on the processes of this machine through joblib, or on a cluster of Dask."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from partition.errors import InputError, PartitionError
from partition.version import installed_version
from shapefiles.errors import one_line

if TYPE_CHECKING:
    from distributed import Client, Future

TaskT = TypeVar("TaskT")
DoneT = TypeVar("DoneT")
SharedT = TypeVar("SharedT")

THREADS_PER_RUN = 2
"""A search looks for bounds on one core and for plans on another."""

ATTEMPTS = 3
"""How often tasks are begun whose processes on this machine die; Dask does the same by default."""

PATIENCE = 20.0
"""Seconds to wait for an answer of a cluster's scheduler and of its first worker."""

DESERTED = 60.0
"""Seconds without any worker after which nobody is expected to come back."""

POLL = 0.1
"""Seconds between two looks at what the workers of a cluster have done."""

LOOK = 1.0
"""Seconds between two questions whether its scheduler and its workers are there."""

GONE = "The scheduler of the cluster went away."


class LostTaskError(PartitionError):
    """A task that nobody could do, because processes or machines died."""


def default_n_jobs() -> int:
    """Say how many runs go on at a time on this machine: one for every two cores."""
    import joblib  # noqa: PLC0415 - half a second, which `partition --help` need not wait for

    n_cores: int = joblib.cpu_count()
    return max(1, n_cores // THREADS_PER_RUN)


def spread(
    work: Callable[[TaskT, SharedT], DoneT],
    tasks: Sequence[TaskT],
    shared: SharedT,
    *,
    n_jobs: int | None = None,
    cluster: str | None = None,
) -> Iterator[tuple[int, DoneT | LostTaskError]]:
    """Do tasks side by side and hand back what they give, as they finish.

    Parameters
    ----------
    work
        A function of a module, which does one task. It is to hand its errors back as values.
    tasks
        What to do; each must be picklable.
    shared
        What all of them need, picklable as well.
    n_jobs
        Number of tasks at a time on this machine; one for every two cores unless given. A single
        one runs in this process.
    cluster
        Address of a Dask scheduler, such as ``tcp://host:8786``, whose workers do the tasks
        instead.

    Yields
    ------
    tuple of int and result or LostTaskError
        Number of the task and what `work` returned for it, each task exactly once. A task whose
        process dies is done again by another one; after several deaths, or when the scheduler or
        all workers are gone, the error stands for what is lost.

    Raises
    ------
    InputError
        When `n_jobs` makes no sense, or the cluster cannot be used.
    """
    if n_jobs is not None and n_jobs < 1:
        raise InputError(f"jobs = {n_jobs}: give at least 1.")
    if not tasks:
        return
    if cluster is not None:
        with _client(cluster) as client:
            yield from _on_cluster(client, work, tasks, shared)
        return
    yield from _here(work, tasks, shared, min(len(tasks), n_jobs or default_n_jobs()))


def _here(
    work: Callable[[TaskT, SharedT], DoneT], tasks: Sequence[TaskT], shared: SharedT, n_jobs: int
) -> Iterator[tuple[int, DoneT | LostTaskError]]:
    import joblib  # noqa: PLC0415

    waiting = dict(enumerate(tasks))
    for _ in range(ATTEMPTS):
        parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator_unordered", batch_size=1)
        calls = [joblib.delayed(_numbered)(work, *pair, shared) for pair in waiting.items()]
        try:
            for number, done in parallel(calls):
                del waiting[number]
                yield number, done
        except BrokenExecutor:
            continue  # a process was killed, and those beside it end with it
        return
    killed = "Its process was killed again and again; memory may be short."
    yield from ((number, LostTaskError(killed)) for number in waiting)


def _numbered(
    work: Callable[[TaskT, SharedT], DoneT], number: int, task: TaskT, shared: SharedT
) -> tuple[int, DoneT]:
    return number, work(task, shared)


@contextmanager
def _client(address: str) -> Iterator[Client]:
    """Connect to a cluster and see that its workers run the same program."""
    try:
        from distributed import Client  # noqa: PLC0415
    except ImportError:
        raise InputError(
            "A cluster needs Dask, which is not installed: pip install 'two-nations[cluster]'."
        ) from None
    try:
        # A client that finds nobody goes on looking while the program ends.
        place = urlsplit(address if "://" in address else f"tcp://{address}")
        socket.create_connection((place.hostname or "", place.port or 0), PATIENCE).close()
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"No Dask scheduler answers at {address!r} ({error}). Give the address that it printed "
            "when it was started, such as tcp://127.0.0.1:8786."
        ) from None
    with _silent_client(), client:
        _check_workers(client, address)
        yield client


@contextmanager
def _silent_client() -> Iterator[None]:
    """Keep Dask from printing tracebacks of a lost scheduler, which is told in words."""
    log = logging.getLogger("distributed.client")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


def _check_workers(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise InputError(
            f"The cluster at {address} has no worker after {PATIENCE:.0f} s; start some with "
            f"dask worker {address}."
        ) from None
    versions = client.run(_version, on_error="return")
    for worker, version in versions.items():
        if version != installed_version():
            raise InputError(
                f"The worker {worker} has two-nations {version}, and this is "
                f"{installed_version()}. Install the same version on every worker."
            )


def _version() -> str:
    return installed_version()


def _on_cluster(
    client: Client, work: Callable[[TaskT, SharedT], DoneT], tasks: Sequence[TaskT], shared: SharedT
) -> Iterator[tuple[int, DoneT | LostTaskError]]:
    # Sent once, and as a task: what is scattered is lost with the worker that holds it.
    shipment = client.submit(_same, shared, pure=False)
    waiting = list(enumerate(tasks))[::-1]
    under_way: dict[int, Future] = {}
    watch = _Watch(client)
    while waiting or under_way:
        # No more than can be done at once: Dask blames a death on all that its worker was given.
        while waiting and len(under_way) < max(1, watch.n_threads):
            number, task = waiting.pop()
            under_way[number] = client.submit(work, task, shipment, pure=False)
        for number, future in list(under_way.items()):
            answer = _answer(future)
            if answer is not None:
                del under_way[number]
                yield number, answer[0]
        watch.look(under_way.values())
        if watch.loss:
            for number in sorted([*under_way, *(number for number, _ in waiting)]):
                yield number, LostTaskError(watch.loss)
            return
        time.sleep(POLL)


def _same(shared: SharedT) -> SharedT:
    return shared


def _answer(future: Future) -> tuple[Any] | None:
    """Fetch what a task gave, or what became of it; None while it is under way."""
    if future.status == "error":
        return (LostTaskError(_why(future.exception())),)
    if future.status != "finished":
        return None
    try:
        return (future.result(timeout=PATIENCE),)
    except (OSError, CancelledError):
        return None  # whoever held it has died just now


def _why(error: BaseException) -> str:
    if type(error).__name__ == "KilledWorker":
        return "Every worker that began it was killed; memory may be short."
    return f"The cluster gave it up. {type(error).__name__}: {one_line(error, 300)}"


class _Watch:
    """Whether a cluster still is there."""

    def __init__(self, client: Client) -> None:
        self.loss = ""
        self.n_threads = 0
        self._client = client
        self._last_seen = time.monotonic()
        self._next_look = 0.0
        self.look(())

    def look(self, under_way: Iterable[Future]) -> None:
        """Say what is lost, if the scheduler is gone, or all workers are for a while."""
        # Whoever reconnects to a scheduler finds that it has forgotten what it was asked.
        if self._client.status != "running" or any(one.cancelled() for one in under_way):
            self.loss = GONE
            return
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + LOOK
        try:
            self.n_threads = sum(self._client.nthreads().values())
        except (OSError, CancelledError):
            self.loss = GONE
            return
        if self.n_threads:
            self._last_seen = now
        elif now - self._last_seen > DESERTED:
            self.loss = "The cluster has no worker left."
