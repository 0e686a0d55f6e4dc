"""The cache of compiled loops: what is damaged or of other code in it is never run.

Numba keeps the machine code of a function beside an index, and believes both. A file that was cut
short ends in any of a dozen errors there, and changed bytes in another result or none; a full disk
ends the call that wanted to save; and code of one file that is compiled into a function of another
is not missed when it changes. Here each file ends with a digest of what it holds and of all code
of this folder; what does not match is compiled anew and written again, where it can be.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import local
from typing import Any

from numba.core.caching import FunctionCache, IndexDataCacheFile

from solvers.stop import Halted

log = logging.getLogger(__name__)

_DIGEST_BYTES = 32


class DamagedCacheError(Exception):
    """A file of the cache is not as it was written, or of other code."""


class NotCompiled(Halted):
    """A loop is called that is not kept, where none is to be compiled."""


_thread = local()


@contextmanager
def compiled_only() -> Iterator[None]:
    """Compile nothing in this block, in this thread.

    Raises
    ------
    NotCompiled
        When a loop is called that is not kept.
    """
    _thread.is_waiting = True
    try:
        yield
    finally:
        _thread.is_waiting = False


class SealedFile(IndexDataCacheFile):  # type: ignore[misc]
    """Index and data of one function, each with a digest at its end."""

    def _seal(self, content: bytes) -> bytes:
        stamp = repr((self._version, self._source_stamp, _sources())).encode()
        return hashlib.sha256(stamp + content).digest()

    def _check(self, content: bytes, path: str) -> None:
        if self._seal(content[:-_DIGEST_BYTES]) != content[-_DIGEST_BYTES:]:
            raise DamagedCacheError(path)

    def _dump(self, obj: Any) -> bytes:
        # What follows the end of a pickle is not read.
        content = bytes(super()._dump(obj))
        return content + self._seal(content)

    def _load_index(self) -> Any:
        try:
            with Path(self._index_path).open("rb") as stream:
                pickle.load(stream)
                self._check(stream.read(), self._index_path)
        except FileNotFoundError:
            return {}
        return super()._load_index()

    def _load_data(self, name: str) -> Any:
        path = self._data_path(name)
        self._check(Path(path).read_bytes(), path)
        return super()._load_data(name)


class KernelCache(FunctionCache):  # type: ignore[misc]
    """A cache that can be damaged, full or unwritable, and then does without.

    Parameters
    ----------
    function
        What is compiled.

    Raises
    ------
    RuntimeError, OSError
        When there is no folder for it.
    """

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        self._cache_file = SealedFile(
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=self._impl.locator.get_source_stamp(),
        )

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Load the machine code for a signature; None where there is none that is whole.

        Raises
        ------
        NotCompiled
            When there is none within :func:`compiled_only`.
        """
        kept = self._load(sig, target_context)
        if kept is None and getattr(_thread, "is_waiting", False):
            raise NotCompiled(self._name)
        return kept

    def _load(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except Exception as error:  # damaged bytes can raise anything
            log.debug("%s is compiled anew: %r", self._name, error)
        try:
            self.flush()
        except OSError as error:
            log.debug("%s cannot be kept: %s", self._name, error)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Save the machine code for a signature, where that is possible."""
        try:
            super().save_overload(sig, data)
        except (OSError, DamagedCacheError, pickle.UnpicklingError, EOFError) as error:
            log.debug("%s cannot be kept: %r", self._name, error)


@cache
def _sources() -> str:
    """Hash the code of this folder, functions of which are compiled into each other."""
    total = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()
