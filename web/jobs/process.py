"""The launcher of one machine: each keeper is a process of its own session."""

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO, cast

from data.store.jobs import Claim
from web.config import Settings

log = logging.getLogger("zoufang.jobs")

Keeper = subprocess.Popen[bytes]


class ProcessLauncher:
    """
    Starts keepers as processes that outlive the server, and holds one ready.

    The ready one has imported everything and waits on a pipe: the first plan comes seconds
    sooner. When the server goes, its pipe ends and so does it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._running: dict[Claim, Keeper] = {}
        self._ready: Keeper | None = None
        self._closed = False
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Start the ready keeper if there is none."""
        with self._lock:
            if self._closed or not self._settings.job_standby:
                return
            if self._ready is not None and self._ready.poll() is not None:
                self._let_go(self._ready)
                self._ready = None
            if self._ready is None:
                self._ready = self._spawn()

    def start(self, claim: Claim) -> None:
        """Give the claim to the ready keeper, or to a new one if that has died."""
        with self._lock:
            keeper, self._ready = self._ready, None
            if keeper is not None and not self._tell(keeper, claim):
                self._let_go(keeper)
                keeper = None
            if keeper is None:
                keeper = self._spawn()
                self._tell(keeper, claim)
            self._running[claim] = keeper
        log.info("job=%s attempt=%s keeper=%s", claim.job_id, claim.attempt, keeper.pid)

    def alive(self, claim: Claim) -> bool:
        """Whether the keeper still runs; one that has ended is forgotten."""
        with self._lock:
            keeper = self._running.get(claim)
            if keeper is None or keeper.poll() is not None:
                self._running.pop(claim, None)
                return False
            return True

    @property
    def running(self) -> list[Claim]:
        """Claims whose keepers were started here and still run."""
        with self._lock:
            claims = list(self._running)
        return [claim for claim in claims if self.alive(claim)]

    def stop(self, claim: Claim, *, force: bool = False) -> None:
        """End the keeper of a claim; its solver dies with it."""
        with self._lock:
            keeper = self._running.get(claim)
        if keeper is not None and keeper.poll() is None:
            keeper.send_signal(signal.SIGKILL if force else signal.SIGTERM)

    def close(self) -> None:
        """Let the ready keeper go and make no new one; those with a claim go on by themselves."""
        with self._lock:
            self._closed = True
            keeper, self._ready = self._ready, None
        if keeper is not None:
            self._let_go(keeper)

    @staticmethod
    def _let_go(keeper: Keeper) -> None:
        """Close the pipe of a keeper without a claim and wait until it is gone."""
        pipe = cast(BinaryIO, keeper.stdin)
        with contextlib.suppress(BrokenPipeError):
            pipe.close()
        try:
            keeper.wait(timeout=5)
        except subprocess.TimeoutExpired:
            keeper.kill()
            keeper.wait()

    def _spawn(self) -> Keeper:
        folder = self._settings.instance
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "jobs.log").open("ab") as journal:
            keeper = subprocess.Popen(
                [sys.executable, "-m", "web.jobs.keeper"],
                stdin=subprocess.PIPE,
                stdout=journal,
                stderr=journal,
                start_new_session=True,
                env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            )
        self._write(keeper, self._settings.model_dump_json(exclude={"secret_key"}))
        return keeper

    def _tell(self, keeper: Keeper, claim: Claim) -> bool:
        if keeper.poll() is not None:
            return False
        told = self._write(keeper, json.dumps(claim.to_json()))
        if told:
            cast(BinaryIO, keeper.stdin).close()
        return told

    @staticmethod
    def _write(keeper: Keeper, line: str) -> bool:
        pipe = cast(BinaryIO, keeper.stdin)
        try:
            pipe.write(line.encode() + b"\n")
            pipe.flush()
        except BrokenPipeError:
            return False
        return True
