"""Documents of the contract as they are kept: gzipped JSON, the same bytes for the same content."""

import gzip
import hashlib
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVEL = 1
"""Of compression: the fifth level saves a fifth of the space and takes five times as long."""


def pack(document: Any) -> bytes:
    """Write a document."""
    return _compressed(_text(document))


def pack_problem(document: dict[str, Any], minutes: NDArray[np.float64] | None) -> bytes:
    """
    Write a problem; same bytes as ``pack``, but a large travel matrix takes a third of the time.

    Parameters
    ----------
    document
        ``zoufang-problem/1``.
    minutes
        Its travel matrix as an array, shape (n, n), None for a problem without one.
    """
    if minutes is None:
        return pack(document)
    travel = {
        name: _rows(minutes) if name == "minutes" else _text(value)
        for name, value in document["travel"].items()
    }
    members = {
        name: _object(travel) if name == "travel" else _text(value)
        for name, value in document.items()
    }
    return _compressed(_object(members))


def unpack(packed: bytes) -> Any:
    """Read a document."""
    return json.loads(gzip.decompress(packed))


def content_hash(packed: bytes) -> str:
    """SHA-256 of a packed document: equal inputs are recognised."""
    return hashlib.sha256(packed).hexdigest()


def _text(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _object(members: dict[str, str]) -> str:
    """An object of members that are JSON already."""
    return "{" + ",".join(f"{_text(name)}:{text}" for name, text in members.items()) + "}"


def _compressed(text: str) -> bytes:
    return gzip.compress(text.encode(), LEVEL, mtime=0)


def _rows(minutes: NDArray[np.float64]) -> str:
    """Numbers as JSON; each different one is turned into text once."""
    values, place = np.unique(minutes, return_inverse=True)
    words = np.array([repr(value) for value in values.tolist()], dtype=object)
    rows = words[place].reshape(minutes.shape).tolist()
    return "[" + ",".join(f"[{','.join(row)}]" for row in rows) + "]"
