"""Compile the hot loops once: numba, without the interpreter lock, cached on disk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from numba import njit

from solvers.graphs.kernel_cache import KernelCache

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """Compile `function` at its first call and keep the machine code for the next process.

    Where no folder can be written, or what is kept there is damaged, it is compiled anew instead.
    """
    compiled: Any = njit(nogil=True)(function)
    if hasattr(compiled, "enable_caching"):  # not where numba is switched off
        with suppress(RuntimeError, OSError):
            compiled._cache = KernelCache(function)
    kept: Function = compiled
    return kept
