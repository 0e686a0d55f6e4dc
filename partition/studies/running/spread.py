"""Independent tasks on the processes of this machine through joblib, or on a cluster of Dask."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError
from typing import TYPE_CHECKING, Any, TypeVar

from partition.errors import PartitionError
from partition.runs.cluster import PATIENCE, Watch, connected
from partition.runs.lending import check_jobs
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

POLL = 0.1
"""Seconds between two looks at what the workers of a cluster have done."""


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
    check_jobs(n_jobs)
    if not tasks:
        return
    if cluster is not None:
        with connected(cluster) as client:
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


def _on_cluster(
    client: Client, work: Callable[[TaskT, SharedT], DoneT], tasks: Sequence[TaskT], shared: SharedT
) -> Iterator[tuple[int, DoneT | LostTaskError]]:
    # Sent once, and as a task: what is scattered is lost with the worker that holds it.
    shipment = client.submit(_same, shared, pure=False)
    waiting = list(enumerate(tasks))[::-1]
    under_way: dict[int, Future] = {}
    watch = Watch(client)
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
