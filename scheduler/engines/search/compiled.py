"""
How kernels are compiled: once, kept on disk, without the interpreter lock.

``kernel`` is an entry called from Python; ``part`` is only called by other kernels and goes
without the wrappers for Python, which would take longer to compile than the part itself.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile an entry point."""
    compiled: F = njit(cache=True, nogil=True)(function)
    return compiled


def part(function: F) -> F:
    """Compile a part of kernels."""
    compiled: F = njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(
        function
    )
    return compiled
