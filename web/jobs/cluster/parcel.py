"""
What travels to a worker and back: values that arrive as they were sent.

A worker runs ``perform``; it needs this project installed, nothing else of it started.
"""

import hashlib
import pickle
import platform
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Generic, TypeVar

import scheduler

V = TypeVar("V")


def pack(value: object) -> bytes:
    """
    Make bytes of a value.

    States are mostly zeros: the fastest compression makes them some 16 times smaller, at 2 ms
    for each MB. Dask hands bytes on as they are; of anything else its scheduler, which serves
    everybody, would make objects and bytes again.
    """
    return zlib.compress(pickle.dumps(value, protocol=5), level=1)


def unpack(content: bytes) -> Any:
    """Make the value again; its arrays are writable, as the compiled kernels want them."""
    return pickle.loads(zlib.decompress(content))  # noqa: S301 -- Dask trusts its peers, too


class Parcel(Generic[V]):
    """
    A value that a worker holds, packed by itself on the way there.

    Dask would deliver its arrays as views of its own read-only buffers: for numba that is
    another type, and a worker would compile every kernel once more.

    Parameters
    ----------
    value
        Anything that can be pickled.
    """

    def __init__(self, value: V) -> None:
        self.value = value

    def __reduce__(self) -> tuple[Any, ...]:
        return _arrived, (pack(self.value),)


def _arrived(content: bytes) -> Parcel[Any]:
    return Parcel(unpack(content))


def perform(
    expected: str, work: Callable[..., Any], held: Sequence[Parcel[Any]], task: bytes
) -> bytes:
    """Do one packed task here, if this computer has the same code as the one that asks."""
    if fingerprint() != expected:
        raise OtherVersion("This worker's zoufang differs from the one that asks.")
    return pack(work([parcel.value for parcel in held], unpack(task)))


class OtherVersion(Exception):
    """A worker's code or libraries are not those of whoever asks; its results might differ."""


@cache
def fingerprint() -> str:
    """
    Tell this code and the libraries that compute from any other.

    Examples
    --------
    >>> fingerprint().startswith("zoufang ")
    True
    """
    room = Path(scheduler.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(room.rglob("*.py")):
        digest.update(path.relative_to(room).as_posix().encode() + b"\0" + path.read_bytes())
    parts = {name: version(name) for name in ("zoufang", "numba", "numpy")}
    parts |= {"Python": platform.python_version(), "code": digest.hexdigest()[:12]}
    return ", ".join(f"{name} {value}" for name, value in parts.items())
