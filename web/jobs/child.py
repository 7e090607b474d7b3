"""The solver as its keeper sees it: a child that is given an order and may end at any moment."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from typing import Any, BinaryIO, cast

from web.jobs.wire import Order

Message = dict[str, Any]


class Child:
    """
    A solver process; made by the keeper's main thread, since it dies with the thread that made it.

    Parameters
    ----------
    memory_mb
        Most address space of the solver, MiB.
    """

    def __init__(self, *, memory_mb: int) -> None:
        words = ["-m", "web.jobs.solver", "--keeper", str(os.getpid())]
        self._process = subprocess.Popen(
            [sys.executable, *words, "--memory-mb", str(memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._down = cast(BinaryIO, self._process.stdin)
        self._up = cast(BinaryIO, self._process.stdout)
        self._heard: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._ear = threading.Thread(target=self._listen, name="solver-ear", daemon=True)
        self._ear.start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def order(self, order: Order) -> None:
        """Hand over what to solve; a solver that has died meanwhile is noticed in `hear`."""
        with contextlib.suppress(BrokenPipeError):
            order.write(self._down)

    def hear(self, *, timeout_s: float) -> Message | None:
        """
        Return the next message; None when there was none in time.

        The last message is ``{"kind": "ended", "code": ...}`` with the exit code, negative for a
        signal.
        """
        try:
            message = self._heard.get(timeout=timeout_s)
        except queue.Empty:
            return None
        return message or {"kind": "ended", "code": self._process.wait()}

    def ask_to_stop(self) -> None:
        """SIGTERM: stop the search and give the best plan."""
        self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL, and close the pipes; harmless when it has ended."""
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._down.close()
        self._ear.join()

    def _listen(self) -> None:
        with self._up:
            for line in self._up:
                try:
                    self._heard.put(json.loads(line))
                except ValueError:  # a line cut short by a kill
                    break
        self._heard.put(None)
