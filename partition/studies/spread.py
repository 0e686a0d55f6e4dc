"""Independent tasks on the processes of this machine, or on a cluster, through joblib."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import partition
from partition.errors import InputError, PartitionError

if TYPE_CHECKING:
    from distributed import Client

Task = TypeVar("Task")
Done = TypeVar("Done")

THREADS_PER_RUN = 2
"""A search looks for bounds on one core and for plans on another."""

PATIENCE = 20.0
"""Seconds to wait for an answer of a cluster's scheduler and of its first worker."""

DESERTED = 60.0
"""Seconds without any worker after which nobody is expected to come back."""

POLL = 0.5
"""Seconds between two looks at whether the cluster has given a task up."""


class LostTaskError(PartitionError):
    """A cluster gave a task up; what is finished is kept."""


def default_n_jobs() -> int:
    """Say how many runs go on at a time on this machine: one for every two cores."""
    import joblib  # noqa: PLC0415 - half a second, which `partition --help` need not wait for

    n_cores: int = joblib.cpu_count()
    return max(1, n_cores // THREADS_PER_RUN)


def spread(
    work: Callable[[Task], Done],
    tasks: Sequence[Task],
    *,
    n_jobs: int | None = None,
    cluster: str | None = None,
) -> Iterator[tuple[int, Done]]:
    """Do tasks side by side and hand back what they give, as they finish.

    Parameters
    ----------
    work
        A function of a module, which does one task. It is to hand its errors back as values.
    tasks
        What to do; each must be picklable.
    n_jobs
        How many at a time on this machine; one for every two cores unless given. A single one runs
        in this process.
    cluster
        Address of a Dask scheduler, such as ``tcp://host:8786``, whose workers do the tasks
        instead. A task whose worker dies is done again by another one.

    Yields
    ------
    tuple of int and Done
        Number of the task and what `work` returned for it, each task exactly once.

    Raises
    ------
    InputError
        When `n_jobs` makes no sense, or the cluster cannot be used.
    LostTaskError
        When the cluster gives a task up, which it does after several of its workers have died.
    """
    if n_jobs is not None and n_jobs < 1:
        raise InputError(f"jobs = {n_jobs}: give at least 1.")
    if not tasks:
        return
    if cluster is not None:
        with _client(cluster) as client:
            yield from _on_cluster(client, work, tasks)
        return
    import joblib  # noqa: PLC0415

    n_jobs = min(len(tasks), n_jobs or default_n_jobs())
    parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator_unordered", batch_size=1)
    yield from parallel(joblib.delayed(_numbered)(work, *pair) for pair in enumerate(tasks))


def _numbered(work: Callable[[Task], Done], number: int, task: Task) -> tuple[int, Done]:
    return number, work(task)


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
    with client:
        _check_workers(client, address)
        yield client


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
        if version != partition.__version__:
            raise InputError(
                f"The worker {worker} has two-nations {version}, and this is "
                f"{partition.__version__}. Install the same version on every worker."
            )


def _version() -> str:
    return partition.__version__


def _on_cluster(
    client: Client, work: Callable[[Task], Done], tasks: Sequence[Task]
) -> Iterator[tuple[int, Done]]:
    """Do tasks through joblib's Dask backend.

    joblib waits for ever for a task that the scheduler has given up, so it waits in a thread of its
    own, and this one looks for such tasks meanwhile.
    """
    import joblib  # noqa: PLC0415

    done: queue.SimpleQueue[tuple[int, Done] | BaseException | None] = queue.SimpleQueue()

    def collect() -> None:
        try:
            with joblib.parallel_config(backend=_backend(client)):
                parallel = joblib.Parallel(
                    n_jobs=-1, return_as="generator_unordered", batch_size=1, pre_dispatch="all"
                )
                calls = (joblib.delayed(_numbered)(work, *pair) for pair in enumerate(tasks))
                for one in parallel(calls):
                    done.put(one)
            done.put(None)
        except BaseException as error:  # raised again in the caller's thread
            done.put(error)

    threading.Thread(target=collect, name="cluster", daemon=True).start()
    last_seen = time.monotonic()
    while True:
        try:
            one = done.get(timeout=POLL)
        except queue.Empty:
            last_seen = time.monotonic() if client.ncores() else last_seen
            _refuse_lost(client, time.monotonic() - last_seen)
            continue
        if one is None:
            return
        if isinstance(one, BaseException):
            raise one
        yield one


def _backend(client: Client) -> Any:
    """Have joblib use the cluster, also where it has a single core: joblib stays at home then."""
    from joblib._dask import DaskDistributedBackend  # noqa: PLC0415

    class Remote(DaskDistributedBackend):  # type: ignore[misc]
        def effective_n_jobs(self, n_jobs: int) -> int:
            n_cores: int = super().effective_n_jobs(n_jobs)
            return max(2, n_cores)

    return Remote(client=client)


def _refuse_lost(client: Client, seconds_alone: float) -> None:
    """Raise what the scheduler gave up; `work` returns its errors, so that none of them shows."""
    states: list[Any] = list(client.futures.values())
    failed = [state for state in states if state.status == "error"]
    if failed:
        raise LostTaskError(
            f"The cluster gave a run up: {failed[0].exception}. What is finished is kept; the same "
            "command goes on from there."
        )
    if seconds_alone > DESERTED:
        raise LostTaskError(
            "The cluster has no worker left. What is finished is kept; start workers, and the same "
            "command goes on from there."
        )
