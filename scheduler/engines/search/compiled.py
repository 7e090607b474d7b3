"""
How kernels are compiled: once, kept on disk, without the interpreter lock.

``kernel`` is an entry called from Python; ``part`` is only called by other kernels and goes
without the wrappers for Python, which would take longer to compile than the part itself.
Kernels allocate nothing, so numba's reference counting is off; with tuples of some fifty
arrays it cost ten times the work itself.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core.caching import FunctionCache

njit: Any = numba.njit  # its published types lack the options used here
F = TypeVar("F", bound=Callable[..., Any])


@cache
def source_hash(room: Path) -> str:
    """Hash of the kernels in a folder and in this one, whose parts the others call."""
    folders = sorted({room, Path(__file__).parent})
    texts = [path.read_bytes() for folder in folders for path in sorted(folder.glob("*.py"))]
    kernels = [t for t in texts if b"search.compiled import" in t or b"FORBIDDEN =" in t]
    return hashlib.sha256(b"".join(kernels)).hexdigest()


SOURCE_HASH = source_hash(Path(__file__).parent)


class _Cache(FunctionCache):
    """Numba's cache on disk, which alone would not notice a change in another file."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]
        self._sources = source_hash(Path(function.__code__.co_filename).parent)

    def _index_key(self, sig: Any, codegen: Any) -> Any:
        key: Any = super()._index_key(sig, codegen)  # type: ignore[no-untyped-call]
        return (*key, self._sources)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Load a compiled kernel; none where the file on disk names types that are gone."""
        try:
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except (ImportError, AttributeError):
            self.flush()  # type: ignore[no-untyped-call]
            return None


def kernel(function: F) -> F:
    """Compile an entry point."""
    compiled = njit(nogil=True, _nrt=False)(function)
    compiled._cache = _Cache(function)
    entry: F = compiled
    return entry


def part(function: F) -> F:
    """Compile a part of kernels."""
    compiled: F = njit(nogil=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)(
        function
    )
    return compiled


def inlined(function: F) -> F:
    """Compile a part into whatever calls it: handing over tuples of arrays costs microseconds."""
    compiled: F = njit(
        nogil=True,
        _nrt=False,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        forceinline=True,
    )(function)
    return compiled
