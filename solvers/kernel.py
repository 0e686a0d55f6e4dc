"""Compile the hot loops once: numba, without the interpreter lock, cached on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """Compile `function` at its first call and keep the machine code for the next process.

    Where no folder can be written, it is compiled anew in each process instead.
    """
    try:
        compiled: Function = njit(cache=True, nogil=True)(function)
    except RuntimeError:
        compiled = njit(nogil=True)(function)
    return compiled
