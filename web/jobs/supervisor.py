"""
The supervisor: a thread of the server that claims queued jobs and starts their keepers.

It holds no state that matters. When it dies, running keepers go on; a job whose keeper is gone
too is put back by whoever looks next, once its lease has run out.
"""

import logging
import secrets
import socket
import threading
import time

from sqlalchemy.exc import SQLAlchemyError

from data.db import Database
from data.store import jobs
from data.store.jobs import Claim, ClaimLost
from web.config import Settings
from web.jobs.launcher import Launcher

log = logging.getLogger("zoufang.jobs")

LOOK_S = 0.5
SWEEP_S = 1.0
PAUSE_AFTER_ERROR_S = 2.0
STARTING_LEASES = 2
"""A keeper that is only starting cannot speak yet, and on a busy machine that takes its time."""


class Supervisor:
    """
    Claims, starts, and puts back what was lost.

    Parameters
    ----------
    launcher
        Where keepers run.
    """

    def __init__(self, db: Database, launcher: Launcher, settings: Settings) -> None:
        self._db, self._launcher, self._settings = db, launcher, settings
        self._claims: set[Claim] = set()
        self._wanted = threading.Event()
        self._stop_asked = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._swept_at = float("-inf")

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Claim no more; running keepers finish by themselves."""
        self._stop_asked.set()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._launcher.close()

    def wake(self) -> None:
        """Look at once: a job has just been queued."""
        self._wanted.set()

    def _run(self) -> None:
        while not self._stop_asked.is_set():
            try:
                self.look()
            except SQLAlchemyError as error:  # locked, or PostgreSQL went away: it comes back
                log.warning("supervisor: %s", type(error).__name__)
                self._stop_asked.wait(PAUSE_AFTER_ERROR_S)
            except OSError:  # no memory or no process to be had; the claim is put back next time
                log.exception("supervisor: no keeper could be started")
                self._stop_asked.wait(PAUSE_AFTER_ERROR_S)
            self._wanted.wait(LOOK_S)
            self._wanted.clear()

    def look(self) -> None:
        """Put back what is lost, start what may run, and hold a keeper ready when idle."""
        self._bury()
        if time.monotonic() - self._swept_at >= SWEEP_S:
            self._sweep()
        while self._claim_one():
            pass
        if not self._claims:
            self._launcher.warm()

    def _bury(self) -> None:
        """Put back at once the job of a keeper from here that died; no need to await the lease."""
        for claim in [c for c in self._claims if not self._launcher.alive(c)]:
            try:
                with self._db.write.begin() as session:
                    jobs.give_back(session, claim, reason="keeper-killed")
                log.warning("job=%s its keeper was killed", claim.job_id)
            except ClaimLost:
                pass  # it had ended its job before it ended itself
            self._claims.discard(claim)

    def _sweep(self) -> None:
        self._swept_at = time.monotonic()
        with self._db.read() as session:
            if not jobs.any_expired(session):
                return
        with self._db.write.begin() as session:
            lost = jobs.put_back_expired(session)
        log.warning("jobs %s: lease ran out", lost)

    def _claim_one(self) -> bool:
        with self._db.read() as session:
            if not jobs.any_queued(session):
                return False
        with self._db.write.begin() as session:
            claim = jobs.claim_next(
                session,
                owner=f"{socket.gethostname()[:60]}:{secrets.token_hex(6)}",
                lease_s=self._settings.job_lease_s * STARTING_LEASES,
                at_once=self._settings.jobs_at_once,
            )
        if claim is None:
            return False
        self._claims.add(claim)
        self._launcher.start(claim)
        return True
