"""Compile the hot loops once: numba, without the interpreter lock, cached on disk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from numba import njit
from numba.core.registry import CPUDispatcher

from solvers.graphs.kernel_cache import KernelCache

Function = TypeVar("Function", bound=Callable[..., object])


class Inner(CPUDispatcher):  # type: ignore[misc]
    """A loop within loops. Called by Python it would end the process, and raises instead."""

    def __call__(self, *_: object, **__: object) -> object:
        """Refuse a call from Python."""
        raise TypeError(f"{self.py_func.__name__} is called by compiled loops alone; see `kernel`.")


def kernel(function: Function) -> Function:
    """Compile `function` at its first call and keep the machine code for the next process.

    Where no folder can be written, or what is kept there is damaged, it is compiled anew instead.
    """
    # No loop is called from C.
    return _kept(function, njit(nogil=True, no_cfunc_wrapper=True)(function))


def inner(function: Function) -> Function:
    """Compile a function that other kernels alone call, not Python.

    What would turn the objects of Python into its arguments, a tuple of seventeen arrays as a rule,
    takes as long to compile as many of the functions themselves.
    """
    compiled: Any = njit(nogil=True, no_cfunc_wrapper=True, no_cpython_wrapper=True)(function)
    if isinstance(compiled, CPUDispatcher):
        compiled.__class__ = Inner
    return _kept(function, compiled)


def _kept(function: Function, compiled: Any) -> Function:
    """Keep the machine code on the disk, where that can be."""
    if hasattr(compiled, "enable_caching"):  # not where numba is switched off
        with suppress(RuntimeError, OSError):
            compiled._cache = KernelCache(function)
    kept: Function = compiled
    return kept


def interpreted(function: Function) -> Function:
    """Return what a kernel was made from, for Python to run: hundreds of times slower."""
    plain: Function = getattr(function, "py_func", function)
    return plain


def is_kept(function: Callable[..., object]) -> bool:
    """Whether the machine code of a kernel is kept on the disk."""
    return isinstance(getattr(function, "_cache", None), KernelCache)
