"""No network while files are read: neither GDAL nor PROJ may ask a server for anything.

A GeoJSON file may name its reference system by a link, a GML file its schema, a grid of a datum may
be a web address; GDAL and PROJ would fetch them. What the file of a stranger says must not decide
whom this computer talks to, so both are kept from it, by settings that are put back afterwards:
they hold for the whole process, and other code in it may want the network.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pyogrio
import pyproj.network

_NOWHERE = "off://127.0.0.1:9"
"""A proxy of a kind that curl does not know: every request fails before a socket is opened."""

_SETTINGS = {
    "GDAL_HTTP_PROXY": _NOWHERE,
    "GDAL_HTTPS_PROXY": _NOWHERE,
    "GDAL_HTTP_MAX_RETRY": "0",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "/none",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
}
"""Options of GDAL under which it reads local files only."""

_EXCEPTIONS = ("no_proxy", "NO_PROXY")
"""Environment variables that name hosts for which curl passes the proxy by."""


class _Switch:
    """Counts who is offline, so that the first turns the network off and the last on again."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.n_inside = 0
        self.options: dict[str, str | None] = {}
        self.exceptions: dict[str, str] = {}

    def enter(self) -> None:
        with self.lock:
            if self.n_inside == 0:
                self.options = {name: pyogrio.get_gdal_config_option(name) for name in _SETTINGS}
                self.exceptions = {
                    name: os.environ.pop(name) for name in _EXCEPTIONS if name in os.environ
                }
                pyogrio.set_gdal_config_options(_SETTINGS)
            self.n_inside += 1

    def leave(self) -> None:
        with self.lock:
            self.n_inside -= 1
            if self.n_inside == 0:
                pyogrio.set_gdal_config_options(self.options)
                os.environ.update(self.exceptions)


_SWITCH = _Switch()


@contextmanager
def offline() -> Iterator[None]:
    """Keep GDAL and PROJ from the network inside a block, in any number of threads.

    Examples
    --------
    >>> with offline():
    ...     pyproj.network.is_network_enabled()
    False
    """
    may_fetch_grids = pyproj.network.is_network_enabled()
    _SWITCH.enter()
    try:
        pyproj.network.set_network_enabled(active=False)
        yield
    finally:
        pyproj.network.set_network_enabled(active=may_fetch_grids)
        _SWITCH.leave()
