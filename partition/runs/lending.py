"""Processes of this machine, or of a cluster, that are lent to one search."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from partition.errors import InputError
from partition.runs.cluster import PATIENCE, Watch, connected

if TYPE_CHECKING:
    from distributed import Client, Future

    from partition.question.question import Question
    from solvers.workers.calls import Workers

log = logging.getLogger(__name__)


def check_jobs(n_jobs: int | None) -> None:
    """Refuse a number of processes that makes no sense.

    Raises
    ------
    InputError
        When it is below 1.
    """
    if n_jobs is not None and n_jobs < 1:
        raise InputError(f"jobs = {n_jobs}: give at least 1.")


def check_lending(question: Question, n_jobs: int | None, cluster: str | None) -> None:
    """Refuse to have others work on a search that cannot have them.

    Raises
    ------
    InputError
        When `n_jobs` makes no sense, or the scenario limits the search by iterations, so that it is
        to be the same twice.
    """
    check_jobs(n_jobs)
    n_iterations = question.scenario.limits.iterations
    if n_iterations is not None and (cluster is not None or (n_jobs or 1) > 1):
        asked = "a cluster" if cluster is not None else f"jobs = {n_jobs}"
        raise InputError(
            f"iterations = {n_iterations}, and {asked}: a search by iterations is the same "
            "wherever it runs, and one that others work on never is. Leave out one of them."
        )


@contextmanager
def lent(n_jobs: int | None = None, cluster: str | None = None) -> Iterator[Workers | None]:
    """Lend workers to a search.

    Parameters
    ----------
    n_jobs
        Processes on this machine that share the search for bounds once it branches, and search
        regions of a very large map. A single one, or none given, is the search itself.
    cluster
        Address of a Dask scheduler, such as ``tcp://host:8786``, whose workers share it instead.

    Yields
    ------
    Workers or None
        None where the search is alone. Processes are started when it first calls them.

    Raises
    ------
    InputError
        When the cluster cannot be used.
    """
    if cluster is not None:
        with connected(cluster) as client:
            yield _OnCluster(client)
        return
    if (n_jobs or 1) == 1:
        yield None
        return
    here = Here(n_jobs or 1)
    try:
        yield here
    finally:
        here.close()


class Here:
    """Processes of this machine, which joblib's loky starts at the first call.

    They are not those that loky keeps for everybody: joblib takes these for its own, and a study
    after the search would fail.
    """

    def __init__(self, n_workers: int) -> None:
        self.n_workers = n_workers
        self._pool: Any = None

    def submit(self, call: Callable[[bytes], bytes], message: bytes) -> _CallHere:
        """Have a function called by one of them."""
        try:
            return _CallHere(self._started().submit(call, message))
        except BrokenExecutor:  # one of them was killed, and all of them are started again
            self.close()
        except OSError as error:
            raise _unable(error) from error
        try:
            return _CallHere(self._started().submit(call, message))
        except (BrokenExecutor, OSError) as error:
            raise _unable(error) from error

    def close(self) -> None:
        """End them, whatever they are doing."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, kill_workers=True)

    def _started(self) -> Any:
        from joblib.externals.loky import ProcessPoolExecutor  # noqa: PLC0415

        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.n_workers, initializer=_leave_ctrl_c)
        return self._pool


def _unable(error: Exception) -> Exception:
    """Say that no process can be started, to the log and to the search."""
    from solvers.workers.calls import LostWorkerError  # noqa: PLC0415

    log.warning("No process can be started (%s); the search goes on in this one.", error)
    return LostWorkerError(str(error))


class _CallHere:
    """A call of a process of this machine."""

    def __init__(self, future: Any) -> None:
        self._future = future

    def done(self) -> bool:
        return bool(self._future.done())

    def cancel(self) -> None:
        self._future.cancel()

    def result(self) -> bytes:
        from solvers.workers.calls import LostWorkerError  # noqa: PLC0415

        try:
            answer: bytes = self._future.result()
        except (BrokenExecutor, CancelledError, MemoryError) as error:
            raise LostWorkerError(str(error)) from error
        return answer


def _leave_ctrl_c() -> None:
    """Leave Ctrl-C, which a terminal sends to all processes, to the one that has the search."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class _OnCluster:
    """Workers of a cluster; each of their threads counts as one."""

    def __init__(self, client: Client) -> None:
        self._client, self._watch = client, Watch(client)
        self._futures: list[Future] = []

    @property
    def n_workers(self) -> int:
        self.look()
        return self._watch.n_threads

    @property
    def loss(self) -> str:
        """Why nobody is there any more; empty where somebody is."""
        return self._watch.loss

    def look(self) -> None:
        self._futures = [one for one in self._futures if not one.done()]
        self._watch.look(self._futures)

    def submit(self, call: Callable[[bytes], bytes], message: bytes) -> _CallOnCluster:
        from solvers.workers.calls import LostWorkerError  # noqa: PLC0415

        self.look()
        if self.loss:
            log.warning("%s The search goes on in this process.", self.loss)
            raise LostWorkerError(self.loss)
        future = self._client.submit(call, message, pure=False)
        self._futures.append(future)
        return _CallOnCluster(future, self)


class _CallOnCluster:
    """A call of a worker of a cluster."""

    def __init__(self, future: Future, workers: _OnCluster) -> None:
        self._future, self._workers = future, workers

    def done(self) -> bool:
        self._workers.look()
        return bool(self._future.done()) or bool(self._workers.loss)

    def cancel(self) -> None:
        if not self._workers.loss:
            self._future.cancel()

    def result(self) -> bytes:
        from solvers.workers.calls import LostWorkerError  # noqa: PLC0415

        if not self._future.done():
            raise LostWorkerError(self._workers.loss)
        try:
            answer: bytes = self._future.result(timeout=PATIENCE)
        except Exception as error:  # whatever a cluster says: what a worker says is an answer
            raise LostWorkerError(str(error)) from error
        return answer
