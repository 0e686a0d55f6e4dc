"""A cluster of Dask: whether it can be used, and whether it is still there."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from partition.errors import InputError
from partition.version import installed_version

if TYPE_CHECKING:
    from distributed import Client, Future

PATIENCE = 20.0
"""Seconds to wait for an answer of a cluster's scheduler and of its first worker."""

DESERTED = 60.0
"""Seconds without any worker after which nobody is expected to come back."""

LOOK = 1.0
"""Seconds between two questions whether its scheduler and its workers are there."""

GONE = "The scheduler of the cluster went away."


@contextmanager
def connected(address: str) -> Iterator[Client]:
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


class Watch:
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
