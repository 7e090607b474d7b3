"""
What keeper and solver say to each other.

Down the solver's standard input goes one :class:`Order`; up its standard output come lines of
JSON: ``ready``, ``progress`` (with a ``plan`` when it improved), ``plan`` at the end, ``error``.
"""

import json
from dataclasses import dataclass
from typing import Any, BinaryIO, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """
    What to solve, and within which limits.

    Parameters
    ----------
    problem
        ``zoufang-problem/1``, gzipped JSON.
    start
        An earlier plan of the same problem to begin from, gzipped JSON; may be empty.
    time_limit_s
        Seconds of search.
    prove_s
        Seconds after it for a better bound.
    grace_s
        Seconds beyond both for reading, bounding and explaining, before the system ends it.
    seed, workers
        As for ``scheduler.planner``.
    """

    problem: bytes
    start: bytes = b""
    time_limit_s: float
    prove_s: float = 0.0
    grace_s: float
    seed: int = 0
    workers: int = 1

    def write(self, stream: BinaryIO) -> None:
        """Send: one line of figures, then the two documents."""
        head = {
            "problem": len(self.problem),
            "start": len(self.start),
            "time_limit_s": self.time_limit_s,
            "prove_s": self.prove_s,
            "grace_s": self.grace_s,
            "seed": self.seed,
            "workers": self.workers,
        }
        stream.write(json.dumps(head).encode() + b"\n" + self.problem + self.start)
        stream.flush()

    @classmethod
    def read(cls, stream: BinaryIO) -> Self | None:
        """Receive; None when the keeper closed the pipe instead."""
        line = stream.readline()
        if not line:
            return None
        head: dict[str, Any] = json.loads(line)
        problem = stream.read(head.pop("problem"))
        start = stream.read(head.pop("start"))
        return cls(problem=problem, start=start, **head)


def say(stream: BinaryIO, kind: str, **facts: Any) -> None:
    """Send one line up."""
    stream.write(json.dumps({"kind": kind, **facts}, separators=(",", ":")).encode() + b"\n")
    stream.flush()
