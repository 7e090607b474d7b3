"""A Dask cluster on this computer, of real processes that can be killed."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 60.0


class LocalDask:
    """A scheduler, and workers as they are needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.address = self._said_address()

    @contextmanager
    def workers(self, count: int) -> Iterator[list["subprocess.Popen[bytes]"]]:
        """So many workers of one thread each; they are gone afterwards."""
        from distributed import Client

        words = ["worker", self.address, "--nthreads", "1", "--no-nanny"]
        words += ["--local-directory", str(self._folder)]
        started = [self._start(*words) for _ in range(count)]
        try:
            with Client(self.address, set_as_default=False) as client:
                client.wait_for_workers(count, timeout=PATIENCE_S)
            yield started
        finally:
            for worker in started:
                worker.kill()
                worker.wait()
            self.wait_until_empty()

    def wait_until_empty(self) -> None:
        """Wait until the scheduler has noticed that its workers are gone."""
        from distributed import Client

        until = time.monotonic() + PATIENCE_S
        with Client(self.address, set_as_default=False) as client:
            while client.nthreads() and time.monotonic() < until:
                time.sleep(0.05)

    def end(self) -> None:
        """Kill the scheduler."""
        self._scheduler.kill()
        self._scheduler.wait()

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        with (self._folder / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--no-dashboard"],
                cwd=self._folder,
                env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
                stdout=log,
                stderr=log,
            )

    def _said_address(self) -> str:
        log = self._folder / "scheduler.log"
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            for line in log.read_text("utf-8").splitlines():
                if "Scheduler at:" in line:
                    return line.split()[-1]
            time.sleep(0.05)
        raise TimeoutError(log.read_text("utf-8"))


@pytest.fixture(scope="module")
def local_dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalDask]:
    """A Dask scheduler of this module's own."""
    dask = LocalDask(tmp_path_factory.mktemp("dask"))
    try:
        yield dask
    finally:
        dask.end()
